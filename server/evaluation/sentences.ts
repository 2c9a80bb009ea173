/** Constraint of a report's entries -> the sentence shown when the database refuses for it. */
export const evaluationSentences: Record<string, string> = {
  tasking_entry_append_only: 'What was entered is never changed; enter it anew, and the latest holds.',
  equality_action_append_only: 'An action is never changed; enter a step, and the latest holds.',
  equality_step_append_only: 'A step is never changed; enter the next one, and the latest holds.',
  equality_step_done_has_evidence: 'Say what shows that it is done.',
  equality_step_not_needed_has_reason: 'Say why it is not needed.',
  equality_action_pkey: 'This id stands for another action. Enter this one under a new id.',
  equality_step_id_once: 'This id stands for another step. Enter this one under a new id.',
  warden_training_append_only: 'Training is never changed; record it anew, and the latest holds.',
  warden_training_id_once: 'This id stands for another entry. Enter this one under a new id.',
  warden_training_topic_fkey: 'There is no such topic. Choose one from the list.',
  tasking_entry_pkey: 'This id stands for another entry. Enter this one under a new id.',
};
