/** Constraint of interventions -> the sentence shown when the database refuses for it. */
export const placeSentences: Record<string, string> = {
  intervention_area_known: 'An intervention is everywhere, in a council, in a ward or in a circle.',
  intervention_radius_sound: 'A circle reaches from 10 m to 20 km.',
  intervention_dates_in_order: 'The intervention must not end before it starts.',
  intervention_area_given: 'Say where it is: a council, a ward, or a point and a radius inside a council.',
  intervention_withdrawn_with_reason: 'Say why the intervention is withdrawn.',
  intervention_append_only: 'An intervention is never removed. Withdraw it, with a reason.',
};
