/** A GPX file -> visits: read, judged, laid beside what was recorded before, kept. And the nightly end of its points. */
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { AppError, conflict, invalid, notFound } from '../errors.ts';
import { localTime } from '../patrols/calendar.ts';
import type { StaffCategory } from '../patrols/contract.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import { readLocalTime } from '../patrols/localClock.ts';
import { listWardenFacts } from '../patrols/visitQueries.ts';
import { saveVisits, type VisitContext } from '../patrols/visitWork.ts';
import type { NewVisit } from '../patrols/visits.ts';
import { settingsOn } from '../settings/queries.ts';
import type { FoundVisit, TrackPreview } from './trackContract.ts';
import { readGpx, refuseTrack, type TrackFix } from './trackGpx.ts';
import { groundOf, onGrid, outsideMetres, type TrackHotspot } from './trackGround.ts';
import { deletePointsBefore, findOwnWarden, findShiftNear, findTrackOf, insertTrack, listStaysRecorded, listTrackHotspots, type NearShift, positionsKeepDays, type StayRecorded } from './trackQueries.ts';
import { type Span, trackFault, type TrackRules, trackSettings, usableFixes } from './trackRules.ts';
import { type TrackVisit, visitsOfTrack } from './trackVisits.ts';

export interface TrackGiven {
  readonly fileName: string;
  readonly wardens: readonly string[];
  readonly persons?: number | undefined;
  readonly staffCategory: StaffCategory;
  readonly onFoot: boolean;
  readonly jointWithPolice: boolean;
  readonly patrolReference?: string | undefined;
  readonly shiftStartedAt?: string | undefined;
  readonly shiftEndedAt?: string | undefined;
}

interface Stay extends TrackVisit {
  readonly hotspot: string;
  readonly recordedBefore: string | null;
}

export interface LookedThrough {
  readonly councilCode: string;
  readonly sha256: string;
  readonly wardens: readonly string[];
  readonly fixes: readonly TrackFix[];
  readonly used: number;
  readonly shift: NearShift;
  readonly stays: readonly Stay[];
  readonly inside: readonly { readonly hotspotId: string; readonly fix: TrackFix }[];
  readonly known: { readonly id: string } | undefined;
}

/** Reads a file and finds its visits; throws in words for one that cannot be used. Nothing is kept. */
export async function lookThrough(db: Knex, { councils, now }: VisitContext, given: TrackGiven, bytes: Uint8Array): Promise<LookedThrough> {
  const rules = await rulesOn(db, localTime(now.getTime()).date);
  const fixes = readGpx(given.fileName, bytes, rules);
  const span: Span = { fromMs: fixes[0]!.atMs, toMs: fixes.at(-1)!.atMs };
  const [councilCode, ...more] = await councilCodes(db, councils);
  if (!councilCode || more.length > 0) throw new AppError(403, 'no_council', 'Tracks belong to a council. Sign in as one of its people.');
  const wardens = await whoWalked(db, councilCode, given);
  const shift = await shiftOf(db, given, wardens.map(({ id }) => id), span);
  const usable = usableFixes(fixes, rules);
  const fault = trackFault(fixes, usable, { shift, onFoot: given.onFoot }, rules);
  if (fault) throw refuseTrack(given.fileName, fault);
  const hotspots = await listTrackHotspots(db, [councilCode], localTime(span.fromMs).date);
  const recorded = await listStaysRecorded(db, wardens.map(({ id }) => id), span);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    councilCode, sha256, wardens: wardens.map(({ reference }) => reference), fixes, used: usable.length, shift,
    stays: visitsOfTrack(usable, hotspots, rules).map((stay) => ({ ...stay, hotspot: hotspots.find(({ id }) => id === stay.hotspotId)?.name ?? '', recordedBefore: sameStay(stay, recorded) })),
    inside: pointsInside(usable, hotspots), known: await findTrackOf(db, councilCode, sha256),
  };
}

/** The rules in force on a day. */
async function rulesOn(db: Knex, day: string): Promise<TrackRules> {
  const values = await settingsOn(db, day);
  const read = Object.entries(trackSettings).map(([name, [key, unit]]): [string, number] => {
    const value = values.get(name);
    if (typeof value !== 'number') throw new AppError(422, 'no_setting', `The setting ${name} has no number in force on ${day}. Enter the setting for it.`);
    return [key, value * unit];
  });
  return Object.fromEntries(read) as unknown as TrackRules;
}

async function whoWalked(db: Knex, councilCode: string, { wardens }: TrackGiven): Promise<{ id: string; reference: string }[]> {
  const own = wardens.length === 0 ? await findOwnWarden(db) : undefined;
  const wanted = own ? [own.reference] : wardens;
  if (wanted.length === 0) throw invalid([{ field: 'wardens', message: 'Choose who walked the track: its visits are recorded for them.' }]);
  const known = await listWardenFacts(db, [councilCode]);
  return wanted.map((reference) => {
    const found = known.find((warden) => warden.reference.toLowerCase() === reference.toLowerCase());
    if (!found) throw invalid([{ field: 'wardens', message: `${reference} is not a warden of this council. Add the reference on the wardens page, or correct it.` }]);
    return { id: found.id, reference: found.reference };
  });
}

/** The published shift; where there is none near the track, the one that is typed. */
async function shiftOf(db: Knex, given: TrackGiven, wardenIds: readonly string[], span: Span): Promise<NearShift> {
  const published = await findShiftNear(db, wardenIds, span);
  if (published) return published;
  if (!given.shiftStartedAt || !given.shiftEndedAt) {
    throw invalid([{ field: 'shiftStartedAt', message: 'No published rota has these wardens on a shift near the track. Give the shift’s start and end.' }]);
  }
  const [from, to] = [readLocalTime(given.shiftStartedAt), readLocalTime(given.shiftEndedAt)];
  const problems = [...(from.ok ? [] : [{ field: 'shiftStartedAt', message: from.why }]), ...(to.ok ? [] : [{ field: 'shiftEndedAt', message: to.why }])];
  if (!from.ok || !to.ok) throw invalid(problems);
  if (to.instantMs <= from.instantMs || to.instantMs - from.instantMs > 24 * 3_600_000) throw invalid([{ field: 'shiftEndedAt', message: 'A shift ends after it starts and within 24 hours. Correct both times.' }]);
  return { name: 'as entered', fromMs: from.instantMs, toMs: to.instantMs };
}

/** A visit of the same wardens to the same hotspot that shares time with a stay is that stay. */
const sameStay = (stay: TrackVisit, recorded: readonly StayRecorded[]): string | null =>
  recorded.find((one) => one.hotspotId === stay.hotspotId && one.fromMs < stay.toMs && one.toMs > stay.fromMs)?.id ?? null;

function pointsInside(fixes: readonly TrackFix[], hotspots: readonly TrackHotspot[]): LookedThrough['inside'] {
  const grounds = hotspots.map(({ id, rings }) => ({ hotspotId: id, ground: groundOf(rings) }));
  return fixes.flatMap((fix) => {
    const [x, y] = onGrid(fix);
    const found = grounds.find(({ ground }) => outsideMetres(ground, x, y) <= 0);
    return found ? [{ hotspotId: found.hotspotId, fix }] : [];
  });
}

const iso = (ms: number): string => new Date(ms).toISOString();
const wholeMinutes = ({ fromMs, toMs }: Span): number => Math.floor((toMs - fromMs) / 60_000);
const mostShown = 200;

/** What a person is shown before anything is kept. */
export function previewOf({ sha256, fixes, used, shift, stays, inside, known }: LookedThrough): TrackPreview {
  return {
    sha256, startedAt: iso(fixes[0]!.atMs), endedAt: iso(fixes.at(-1)!.atMs), points: fixes.length, pointsUsed: used, pointsInside: inside.length,
    shift: shift.name, shiftStartedAt: iso(shift.fromMs), shiftEndedAt: iso(shift.toMs), alreadyRecorded: known !== undefined,
    visits: stays.map((stay): FoundVisit => {
      const own = inside.filter(({ hotspotId, fix }) => hotspotId === stay.hotspotId && fix.atMs >= stay.fromMs && fix.atMs <= stay.toMs);
      const step = Math.ceil(own.length / mostShown);
      return {
        hotspotId: stay.hotspotId, hotspot: stay.hotspot, startedAt: iso(stay.fromMs), endedAt: iso(stay.toMs), minutes: wholeMinutes(stay), recordedBefore: stay.recordedBefore,
        points: own.filter((_, at) => at % step === 0).map(({ fix }): [number, number] => [fix.lng, fix.lat]),
      };
    }),
  };
}

/** An id made of the file and the place of the visit in it, so that the same file can never make another visit. */
function visitIdOf(sha256: string, nth: number): string {
  const hex = createHash('sha256').update(`${sha256} ${nth}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Keeps a track and its visits in the caller's transaction; the same file again is answered and counted once. */
export async function keepTrack(trx: Knex.Transaction, context: VisitContext, given: TrackGiven, looked: LookedThrough): Promise<{ id: string; alreadyRecorded: boolean; recorded: number; recordedBefore: number; personMinutes: number }> {
  const { councilCode, sha256, stays, known } = looked;
  if (known) return { id: known.id, alreadyRecorded: true, recorded: 0, recordedBefore: stays.length, personMinutes: 0 };
  if (stays.length === 0) throw refuseTrack(given.fileName, 'it shows no stay long enough in a hotspot that was live that day. If there was one, record the visit by hand.', 'track_without_visits');
  const persons = given.persons ?? looked.wardens.length;
  const patrolReference = given.patrolReference ?? `GPX-${localTime(looked.fixes[0]!.atMs).date}-${sha256.slice(0, 8)}`;
  const made = stays.map((stay, nth) => ({ stay, visitId: stay.recordedBefore ?? visitIdOf(sha256, nth) }));
  const fresh = made.filter(({ stay }) => stay.recordedBefore === null).map(({ stay, visitId }): NewVisit => ({
    id: visitId, hotspotId: stay.hotspotId, startedAt: iso(stay.fromMs), endedAt: iso(stay.toMs), staffCategory: given.staffCategory, persons, onFoot: given.onFoot, extended: false,
    jointWithPolice: given.jointWithPolice, recordedHow: 'gpx', patrolReference, note: '', wardens: looked.wardens, actions: [],
  }));
  const kept = await saveVisits(trx, context, fresh);
  if (kept.conflicts.length > 0) throw conflict('visit_id_taken', 'These visits were recorded with other details. Correct them on the visits page instead of sending the track again.');
  if (kept.problems.length > 0) throw invalid(kept.problems.map(({ field, message }) => ({ field, message })));
  const id = visitIdOf(`track ${councilCode} ${sha256}`, 0);
  await insertTrack(trx, {
    id, councilCode, sha256, fromMs: looked.fixes[0]!.atMs, toMs: looked.fixes.at(-1)!.atMs, shift: looked.shift, onFoot: given.onFoot, points: looked.fixes.length, uploadedBy: context.actor.personId,
    visits: made.map(({ stay, visitId }) => ({ visitId, hotspotId: stay.hotspotId, fromMs: stay.fromMs, toMs: stay.toMs, recordedBefore: stay.recordedBefore !== null })), inside: looked.inside,
  });
  await recordEvent(trx, context.actor, { action: 'trackRecorded', subjectKind: 'track', subjectId: id, councilCode, after: { sha256, visits: made.map(({ visitId }) => visitId), points: looked.fixes.length, pointsInside: looked.inside.length } });
  return { id, alreadyRecorded: false, recorded: kept.recorded, recordedBefore: stays.length - fresh.length, personMinutes: fresh.reduce((sum, visit) => sum + Math.floor((Date.parse(visit.endedAt) - Date.parse(visit.startedAt)) / 60_000) * persons, 0) };
}

/** Deletes points whose time is up, as the retention rule for positions has it. Safe to run again. */
export async function forgetPoints(db: Knex, _config: unknown, now: Date): Promise<void> {
  await db.transaction(async (trx) => {
    const days = await positionsKeepDays(trx, localTime(now.getTime()).date);
    if (days === undefined) throw notFound('retention rule for positions');
    for (const { councilCode, tracks } of await deletePointsBefore(trx, new Date(now.getTime() - days * 86_400_000), now)) {
      await recordEvent(trx, { personId: null, role: 'schedule' }, { action: 'trackPointsDeleted', subjectKind: 'council', subjectId: councilCode, councilCode, after: { tracks, keptDays: days } });
    }
  });
}
