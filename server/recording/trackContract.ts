/** Tracks: a GPX file looked through for visits, then recorded. */
import { z } from 'zod';
import { commaList, endpoint, id, isoDate, lngLat, wholeNumber } from '../endpoint.ts';
import { staffCategories } from '../patrols/contract.ts';

const reference = z.string().trim().regex(/^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$/, 'Give a reference of letters, digits and dashes, at most 40 characters; never a name.');
const clock = z.string().trim().min(1).max(40).describe('A local time such as 2023-10-02 18:05 (Europe/London), or an instant with its offset');

export const trackFileInput = {
  fileName: z.string().max(255),
  wardens: commaList.pipe(z.array(reference).max(20)).default([]).describe('References of who was there; left out, the warden who is signed in'),
  persons: wholeNumber.min(1).max(20).optional().describe('Left out, as many as wardens are given'),
  staffCategory: z.enum(staffCategories).default('warden'),
  onFoot: z.stringbool().default(true),
  jointWithPolice: z.stringbool().default(false),
  patrolReference: reference.optional(),
  shiftStartedAt: clock.optional().describe('Asked for where no published rota has the wardens on a shift near the track'),
  shiftEndedAt: clock.optional(),
};

export const foundVisit = z.object({
  hotspotId: id, hotspot: z.string(), startedAt: z.string(), endedAt: z.string(), minutes: z.number().int(),
  /** The visit somebody recorded before for the same stay: it is not recorded again. */
  recordedBefore: id.nullable(),
  /** Points of the track inside, thinned out for a map; empty once they were deleted. */
  points: z.array(lngLat),
});
export type FoundVisit = z.infer<typeof foundVisit>;

const facts = { startedAt: z.string(), endedAt: z.string(), points: z.number().int(), pointsInside: z.number().int(), shiftStartedAt: z.string(), shiftEndedAt: z.string(), shift: z.string() };

export const previewTrack = endpoint({
  method: 'POST', path: '/api/tracks/preview', allow: 'recordVisits',
  summary: 'Look through a GPX 1.1 file for visits without keeping anything of it',
  input: z.strictObject(trackFileInput),
  output: z.object({ sha256: z.string(), ...facts, pointsUsed: z.number().int(), alreadyRecorded: z.boolean(), visits: z.array(foundVisit) }),
  receivesFile: true,
});
export type TrackPreview = z.infer<typeof previewTrack.output>;

const shownTrack = z.object({ id, councilCode: z.string(), sha256: z.string(), ...facts, uploadedAt: z.string(), pointsDeletedAt: z.string().nullable(), visits: z.array(foundVisit.omit({ points: true })) });
export type Track = z.infer<typeof shownTrack>;

export const recordTrack = endpoint({
  method: 'POST', path: '/api/tracks', allow: 'recordVisits',
  summary: 'Record the visits of a GPX 1.1 file; the same file sent again is answered the same and counted once',
  input: z.strictObject(trackFileInput),
  output: z.object({ id, sha256: z.string(), alreadyRecorded: z.boolean(), recorded: z.number().int(), recordedBefore: z.number().int(), personMinutes: z.number().int() }),
  receivesFile: true,
});

export const listTracks = endpoint({
  method: 'GET', path: '/api/tracks', allow: 'recordVisits',
  summary: 'Tracks that were recorded, newest first: a warden’s own, a lead’s council',
  input: z.strictObject({ from: isoDate.optional(), to: isoDate.optional(), limit: wholeNumber.min(1).max(500).default(100) }),
  output: z.object({ tracks: z.array(shownTrack), keepDays: z.number().int() }),
});
