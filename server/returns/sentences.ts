/** What the database says when it refuses a step of a return. */
export const returnSentences: Record<string, string> = {
  return_preparer_is_not_certifier: 'Who prepared this return cannot certify it: neither who asked for the sign-off nor who kept the version. Ask a colleague.',
  return_step_in_order: 'The return is not at that step. Reload the page to see where it stands.',
  return_step_version_is_new: 'This version went out before. Keep the corrected figures as a new version, then ask for its sign-off.',
  return_step_of_version: 'There is no such version of this return. Keep the figures as a version first.',
  return_step_reason_given: 'Say why.',
  return_step_append_only: 'The steps of a return are never changed; the next step corrects the last.',
};
