/** Publishing a rota: a version that never changes, with its breaches and their reasons, and who was told. */
import { createHash, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { canonicalHash } from '../canonical.ts';
import { AppError, conflict } from '../errors.ts';
import { breachesOut, coverOf } from './draftView.ts';
import { loadDraft, lockDraft } from './draftWork.ts';
import { insertVersion, type KeptBreach, listReachable, listShiftsOfVersion, type NewShift, saveTold } from './publishedQueries.ts';
import { listExceptions, listRuns } from './queries.ts';
import type { Assignment, RotaProblem } from './rotaProblem.ts';
import type { Rota } from './rows.ts';
import { changesBetween } from './versionChanges.ts';

export interface Published {
  readonly versionId: string;
  readonly number: number;
}

/** Publishes the draft that was seen; refused while a breach has no reason, or when nothing differs from what is published. */
export async function publishDraft(db: Knex.Transaction, actor: Actor, seen: { councils: readonly string[]; id: string; draftNumber: number; note: string }): Promise<Published> {
  const rota = await lockDraft(db, seen.councils, seen.id, seen.draftNumber);
  const draft = await loadDraft(db, rota);
  const breaches = breachesOut(draft.check, await listExceptions(db, rota.id));
  const unexplained = breaches.filter(({ reason }) => reason === null);
  const [first] = unexplained;
  if (first) throw conflict('rota_breach_unexplained', `${unexplained.length === 1 ? 'One breach has' : `${unexplained.length} breaches have`} no reason yet. Change the rota, or say why it stands: ${first.sentence} (${first.regulation})`);
  return publishRoster(db, actor, rota, { ...draft, breaches: breaches.map(({ key, regulation, sentence, reason }) => ({ key, regulation, sentence, reason: reason ?? '' })), note: seen.note });
}

interface Roster {
  readonly problem: RotaProblem;
  readonly assignments: readonly Assignment[];
  readonly check: { readonly cost: number };
  readonly inputSha256: string;
  readonly breaches: readonly KeptBreach[];
  readonly note: string;
}

/** Keeps a roster as the rota's next version and notes who sees it by itself: accounts and calendars. */
export async function publishRoster(db: Knex.Transaction, actor: Actor, rota: Rota, roster: Roster): Promise<Published> {
  const shifts = newShifts(rota.councilCode, roster);
  if (shifts.length === 0) throw new AppError(422, 'rota_without_shifts', 'The rota has no shifts. Enter the shifts the council works on these days first.');
  const contentSha256 = canonicalHash(shifts.map(({ key, day, code, name, startsAt, endsAt, coverWanted, wardenIds }) => ({ key, day, code, name, startsAt, endsAt, coverWanted, wardenIds })));
  const before = rota.version === null ? null : await listShiftsOfVersion(db, rota.id, rota.version);
  const changes = changesBetween(before, shifts);
  if (before !== null && changes.size === 0 && before.length === shifts.length) throw conflict('rota_unchanged', 'Nothing differs from what is published. Change the draft first.');
  const runs = await listRuns(db, rota.id);
  const bounds = runs.flatMap(({ bound, inputSha256 }) => (bound !== null && inputSha256 === roster.inputSha256 ? [bound] : []));
  const version = {
    id: randomUUID(), number: (rota.version ?? 0) + 1, note: roster.note, cost: roster.check.cost, bound: bounds.length > 0 ? Math.max(...bounds) : null,
    inputSha256: roster.inputSha256, contentSha256, breaches: roster.breaches, publishedBy: actor.personId,
  };
  await insertVersion(db, rota, version, shifts);
  const reachable = await listReachable(db, [...changes.keys()]);
  await saveTold(db, version.id, reachable.service, 'service', actor.personId);
  await saveTold(db, version.id, reachable.calendar, 'calendar', actor.personId);
  await recordEvent(db, actor, {
    action: 'rotaPublished', subjectKind: 'rota', subjectId: rota.id, councilCode: rota.councilCode,
    after: { version: version.number, contentSha256, breaches: roster.breaches, changed: Object.fromEntries(changes) },
  });
  return { versionId: version.id, number: version.number };
}

function newShifts(councilCode: string, { problem, assignments }: Roster): NewShift[] {
  return problem.shifts.map((shift) => ({
    id: randomUUID(), key: shiftKey(councilCode, shift.date, shift.type), day: shift.date, code: shift.type, name: shift.name,
    startsAt: new Date(shift.startsAt).toISOString(), endsAt: new Date(shift.endsAt).toISOString(), coverWanted: coverOf(shift), crewSize: shift.cover.crewSize,
    wardenIds: assignments.filter(({ shiftId }) => shiftId === shift.id).map(({ wardenId }) => wardenId).sort(),
  }));
}

/** The identifier of a council's shift on a day, the same in every version (UUID version 8 of its own words). */
export function shiftKey(councilCode: string, day: string, code: string): string {
  const hex = createHash('sha256').update(`${councilCode} ${day} ${code}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
