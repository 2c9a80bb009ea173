/** Constraint of what is recorded beside visits -> the sentence shown when the database refuses for it. */
export const recordingSentences: Record<string, string> = {
  missed_visit_pkey: 'This id stands for another missed visit. Enter this one anew.',
  missed_visit_once_a_band: 'Visits of this hotspot, day and band are recorded as missed already. Ask the lead to correct what is there.',
  missed_reason_pkey: 'Another reason has this code. Give a different one.',
  missed_reason_dates_in_order: 'A reason must end after it starts.',
  handover_note_pkey: 'This id stands for another note. Write this one anew.',
  handover_note_within_two_weeks: 'A note for the next shift is kept for two weeks at most.',
  phone_prompt_pkey: 'This id stands for another prompt. Enter this one anew.',
  phone_prompt_dates_in_order: 'A prompt must end after it starts.',
  lone_worker_device_pkey: 'This id stands for another device. Enter this one anew.',
  lone_worker_device_once_a_day: 'This device is entered for some of these days already. End that entry first.',
  lone_worker_device_dates_in_order: 'A device must be given back after the day it was handed out.',
  visit_joint_force_of_joint_patrol: 'A police force is named and the visit is not joint with the police. Mark it as joint, or take the force out.',
  visit_change_has_reason: 'Say why.',
  visit_change_append_only: 'What was corrected or withdrawn is kept for good.',
  hours_decision_visit_id_fkey: 'Hours of this visit were explained or decided on, so it stays in the record. Correct it instead.',
};
