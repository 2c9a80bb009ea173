/** Constraint of a report's entries -> the sentence shown when the database refuses for it. */
export const evaluationSentences: Record<string, string> = {
  tasking_entry_append_only: 'What was entered is never changed; enter it anew, and the latest holds.',
  tasking_entry_pkey: 'This id stands for another entry. Enter this one under a new id.',
};
