/** Constraint of tracks -> the sentence shown when the database refuses for it. */
export const trackSentences: Record<string, string> = {
  track_file_once: 'This file was recorded already, and its visits count once. Send another file.',
  track_times_in_order: 'A track must end after it starts.',
  track_append_only: 'What was recorded of a track stays; only its points are deleted.',
};
