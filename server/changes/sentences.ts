/** Constraint of the agreed set's history -> the sentence shown when the database refuses for it. */
export const changesSentences: Record<string, string> = {
  hotspot_outline_one_a_day: 'A hotspot has one outline a day. Move it from a day after its last move.',
  hotspot_outline_shape_is_sound: 'The outline crosses itself or is empty. Draw it again.',
  hotspot_outline_days_in_order: 'An outline must hold at least a day. Give a later day.',
  hotspot_outline_append_only: 'An outline that held is never changed or removed. Move the hotspot from a day on.',
  hotspot_outline_changes_by_move: 'An outline is changed by moving the hotspot from a day on.',
  hotspot_outline_baseline_append_only: 'The baseline of a moved outline is frozen.',
  hotspot_pause_days_in_order: 'A pause must last at least a day. Give a later day.',
  hotspot_pause_one_at_a_time: 'The hotspot is paused on some of these days already. Take it up again first, or give other days.',
  hotspot_pause_append_only: 'A pause that was is never removed.',
  hotspot_succession_pkey: 'This hotspot takes that one’s place already.',
  hotspot_succession_not_itself: 'A hotspot cannot take its own place.',
  hotspot_succession_append_only: 'What took a hotspot’s place is never changed.',
  hotspot_refresh_append_only: 'A confirmed refresh is never changed. Decide again with a later one.',
  hotspot_refresh_decision_append_only: 'A decision of a refresh is never changed. Decide again with a later one.',
};
