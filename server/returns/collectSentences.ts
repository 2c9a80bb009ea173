/** What the database says when it refuses something of a council's month. */
export const collectSentences: Record<string, string> = {
  section_step_in_order: 'The section is not at that step. Reload the page to see where it stands.',
  section_step_reason_given: 'Say why.',
  section_step_submitter_is_not_accepter: 'Who submitted this section cannot accept it. Ask a colleague.',
  section_step_append_only: 'The steps of a section are never changed; the next step corrects the last.',
  collected_figure_correction_has_reason: 'A figure that differs from what was counted needs a reason.',
  collected_figure_append_only: 'What was said of a figure is never changed; say it anew.',
  collected_text_append_only: 'What was written is never changed; write it anew.',
  flag_explanation_append_only: 'An explanation is never changed; give another.',
  reminder_append_only: 'A reminder that was made is never changed.',
  reminder_once: 'This reminder was made before.',
  reminder_rule_one_a_day: 'Another form of this reminder is in force then. Choose a later day.',
};
