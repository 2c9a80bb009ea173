/** Swaps and cover: asked for by a warden, granted by the lead as a new version of the rota, checked like any other change. */
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { AppError, conflict, notFound } from '../errors.ts';
import { sayDate } from '../patrols/calendar.ts';
import { breachKey } from './draftView.ts';
import { cellsOf, loadDraft, lockDraft } from './draftWork.ts';
import { listPublished, listShiftsOfVersion, listVersions, type PublishedRow } from './publishedQueries.ts';
import { publishRoster } from './publishWork.ts';
import { addCells, countDraft, removeCell, saveException } from './queries.ts';
import type { RotaRequest } from './publishedContract.ts';
import { decideRequestRow, insertRequest, listRequestRows, type OwnWarden, type RequestRow } from './requestQueries.ts';
import { checkRota, type RotaBreach } from './rotaCheck.ts';
import type { Assignment, RotaProblem } from './rotaProblem.ts';
import type { Rota } from './rows.ts';

/** Requests with the shifts they are about, as those are published now. */
export async function showRequests(db: Knex, councils: readonly string[], rows: readonly RequestRow[]): Promise<RotaRequest[]> {
  const ids = rows.flatMap(({ shiftKey, returnShiftKey }) => (returnShiftKey ? [shiftKey, returnShiftKey] : [shiftKey]));
  const shifts = new Map((await listPublished(db, { councils, ids })).map((shift) => [shift.id, shift]));
  return rows.map((row) => ({ ...row, shift: shifts.get(row.shiftKey) ?? null, returnShift: (row.returnShiftKey && shifts.get(row.returnShiftKey)) || null }));
}

export async function getRequest(db: Knex, councils: readonly string[], id: string): Promise<RequestRow> {
  const [found] = await listRequestRows(db, councils, id);
  if (!found) throw notFound('request');
  return found;
}

/** Throws by name where a shift has begun: who was on it is then a matter of what was recorded. */
function refuseBegun(shifts: readonly Pick<PublishedRow, 'name' | 'day' | 'startsAt'>[], now: Date, cure: string): void {
  const begun = shifts.find(({ startsAt }) => Date.parse(startsAt) <= now.getTime());
  if (begun) throw conflict('rota_request_shift_begun', `${begun.name} on ${sayDate(begun.day)} has begun: nobody can be put on it or taken off it any more. ${cure}`);
}

/** A warden asks to be off an own shift, for another one or for none. */
export async function ask(db: Knex.Transaction, actor: Actor, warden: OwnWarden, asked: { requestId: string; shiftId: string; returnShiftId: string | null; reason: string }, now: Date): Promise<RequestRow> {
  const councils = [warden.councilCode];
  const [known] = await listRequestRows(db, councils, asked.requestId);
  if (known) return known;
  const [own] = await listPublished(db, { councils, ids: [asked.shiftId] });
  const [wanted] = asked.returnShiftId === null ? [] : await listPublished(db, { councils, ids: [asked.returnShiftId] });
  if (!own?.wardenIds.includes(warden.id)) throw notFound('shift of your own');
  if (asked.returnShiftId !== null && (!wanted || wanted.rotaId !== own.rotaId)) throw notFound('shift of the same rota');
  if (wanted?.wardenIds.includes(warden.id)) throw conflict('rota_request_own_shift', 'You are on the shift you ask for already. Choose another one.');
  refuseBegun([own, ...(wanted ? [wanted] : [])], now, 'Ask the lead to correct the record of who was there.');
  await insertRequest(db, { id: asked.requestId, rotaId: own.rotaId, councilCode: warden.councilCode, wardenId: warden.id, shiftKey: asked.shiftId, returnShiftKey: asked.returnShiftId, reason: asked.reason }, actor.personId ?? '');
  await recordEvent(db, actor, { action: 'rotaRequestAsked', subjectKind: 'rota', subjectId: own.rotaId, councilCode: warden.councilCode, after: asked, reason: asked.reason });
  return getRequest(db, councils, asked.requestId);
}

export async function withdraw(db: Knex.Transaction, actor: Actor, row: RequestRow): Promise<void> {
  await decideRequestRow(db, row.id, { state: 'withdrawn', decidedBy: null, why: null });
  await recordEvent(db, actor, { action: 'rotaRequestWithdrawn', subjectKind: 'rota', subjectId: row.rotaId, councilCode: row.councilCode, before: { requestId: row.id } });
}

export async function refuse(db: Knex.Transaction, actor: Actor, row: RequestRow, why: string): Promise<void> {
  await decideRequestRow(db, row.id, { state: 'refused', decidedBy: actor.personId, why });
  await recordEvent(db, actor, { action: 'rotaRequestRefused', subjectKind: 'rota', subjectId: row.rotaId, councilCode: row.councilCode, before: { requestId: row.id }, reason: why });
}

interface Judged {
  readonly rota: Rota;
  readonly problem: RotaProblem;
  readonly inputSha256: string;
  /** What is published now. */
  readonly assignments: readonly Assignment[];
  readonly shiftId: string;
  readonly returnShiftId: string | null;
}

async function judged(db: Knex.Transaction, row: RequestRow, now: Date): Promise<Judged> {
  const rota = await lockDraft(db, [row.councilCode], row.rotaId);
  const { problem, inputSha256 } = await loadDraft(db, rota);
  const shifts = await listShiftsOfVersion(db, rota.id, rota.version ?? 0);
  const idOf = (key: string): string => {
    const shift = shifts.find(({ id }) => id === key);
    if (!shift) throw conflict('rota_request_shift_gone', 'The shift is no longer in the published rota. Refuse the request, and say so.');
    return `${shift.day}-${shift.code}`;
  };
  refuseBegun(shifts.filter(({ id }) => id === row.shiftKey || id === row.returnShiftKey), now, 'Refuse the request, and say so.');
  const known = new Set(problem.wardens.map(({ id }) => id));
  const days = new Set(problem.shifts.map(({ id }) => id));
  const assignments = shifts.flatMap((shift) => shift.wardenIds.map((wardenId) => ({ wardenId, shiftId: `${shift.day}-${shift.code}` }))).filter(({ wardenId, shiftId }) => known.has(wardenId) && days.has(shiftId));
  return { rota, problem, inputSha256, assignments, shiftId: idOf(row.shiftKey), returnShiftId: row.returnShiftKey === null ? null : idOf(row.returnShiftKey) };
}

interface Exchange {
  readonly off: readonly Assignment[];
  readonly on: readonly Assignment[];
}

/** Who goes off and comes on when `takenBy` takes the shift of `wardenId`, and gives the other one for it. */
function exchangeOf({ shiftId, returnShiftId }: Judged, wardenId: string, takenBy: string): Exchange {
  const back = returnShiftId === null ? { off: [], on: [] } : { off: [{ wardenId: takenBy, shiftId: returnShiftId }], on: [{ wardenId, shiftId: returnShiftId }] };
  return { off: [{ wardenId, shiftId }, ...back.off], on: [{ wardenId: takenBy, shiftId }, ...back.on] };
}

const same = (a: Assignment, b: Assignment): boolean => a.wardenId === b.wardenId && a.shiftId === b.shiftId;
const after = (assignments: readonly Assignment[], { off, on }: Exchange): Assignment[] => [...assignments.filter((each) => !off.some((gone) => same(gone, each))), ...on];

/** Who could take the shift: everybody free of it, or on the shift wanted in return; with what each would newly break, the fewest first. */
export async function choicesFor(db: Knex.Transaction, row: RequestRow, now: Date): Promise<{ wardenId: string; reference: string; breaches: RotaBreach[] }[]> {
  const facts = await judged(db, row, now);
  const { problem, assignments, shiftId, returnShiftId } = facts;
  const before = new Set(checkRota(problem, { assignments }).breaches.map(breachKey));
  const on = (id: string, shift: string): boolean => assignments.some((each) => same(each, { wardenId: id, shiftId: shift }));
  return problem.wardens.filter(({ id }) => id !== row.wardenId && !on(id, shiftId) && (returnShiftId === null || on(id, returnShiftId)))
    .map(({ id, reference }) => ({ wardenId: id, reference, breaches: checkRota(problem, { assignments: after(assignments, exchangeOf(facts, row.wardenId, id)) }).breaches.filter((breach) => !before.has(breachKey(breach))) }))
    .toSorted((a, b) => a.breaches.length - b.breaches.length);
}

/** Grants a request: the next version is what is published with the exchange made; the reason given stands beside whatever it newly breaks. */
export async function grant(db: Knex.Transaction, actor: Actor, row: RequestRow, { takenBy, why, now }: { readonly takenBy: string; readonly why: string; readonly now: Date }): Promise<void> {
  const facts = await judged(db, row, now);
  const { rota, problem, assignments, inputSha256 } = facts;
  const choices = await choicesFor(db, row, now);
  if (!choices.some(({ wardenId }) => wardenId === takenBy)) throw new AppError(404, 'not_found', 'There is no such warden who could take this shift. Choose one of the list.');
  const exchange = exchangeOf(facts, row.wardenId, takenBy);
  const next = after(assignments, exchange);
  const check = checkRota(problem, { assignments: next });
  const reasons = new Map((await listVersions(db, rota.id))[0]?.breaches.map(({ key, reason }) => [key, reason]));
  const breaches = [...new Map(check.breaches.map((breach) => [breachKey(breach), breach]))].map(([key, { regulation, sentence }]) => ({ key, regulation, sentence, reason: reasons.get(key) ?? why }));
  const { versionId } = await publishRoster(db, actor, rota, { problem, assignments: next, check, inputSha256, breaches, note: `${row.kind === 'swap' ? 'Swap' : 'Cover'} granted: ${why}` });
  await decideRequestRow(db, row.id, { state: 'granted', decidedBy: actor.personId, why, takenBy, versionId });
  await recordEvent(db, actor, { action: 'rotaRequestGranted', subjectKind: 'rota', subjectId: rota.id, councilCode: rota.councilCode, before: { requestId: row.id }, after: { takenBy, versionId }, reason: why });
  // The draft goes along, whatever else was changed in it.
  for (const cell of cellsOf(exchange.off)) await removeCell(db, rota.id, cell);
  await addCells(db, rota.id, cellsOf(exchange.on));
  await countDraft(db, rota.id, 'hand');
  for (const { key, reason } of breaches) await saveException(db, rota.id, key, reason, actor.personId);
}
