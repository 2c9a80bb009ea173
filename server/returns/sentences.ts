/** What the database says when it refuses a step of a return. */
export const returnSentences: Record<string, string> = {
  return_preparer_is_not_certifier: 'Who prepared this return cannot certify it: neither who asked for the sign-off nor who kept the version. Ask a colleague.',
  return_step_in_order: 'The return is not at that step. Reload the page to see where it stands.',
  return_step_version_is_new: 'This version went out before. Keep the corrected figures as a new version, then ask for its sign-off.',
  return_step_of_version: 'There is no such version of this return. Keep the figures as a version first.',
  return_step_reason_given: 'Say why.',
  return_definition_versions_in_order: 'Somebody made another version of this definition meanwhile. Reload the page and make yours from that one.',
  return_definition_from_later_day: 'A new version starts after the one before it. Give a later first day.',
  return_definition_never_edited: 'A definition is never edited. Make a new version from a day on.',
  return_definition_append_only: 'A definition is never taken out: returns were made by it.',
  return_definition_one_a_day: 'Another version of this definition is in force on some of these days. Give a later first day.',
  return_definition_code_plain: 'A code is small letters, digits and _, with a letter first.',
  return_template_append_only: 'A template is kept as it came. Add the new one and map it in a new version of the definition.',
  return_version_rows_append_only: 'What a kept version was counted from is never changed.',
  return_step_append_only: 'The steps of a return are never changed; the next step corrects the last.',
};
