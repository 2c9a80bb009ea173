/** A rota's draft: loaded with all it is judged by, changed, worked out, and shown. */
import { randomInt, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { canonicalHash } from '../canonical.ts';
import { AppError, conflict, notFound } from '../errors.ts';
import { addDays } from '../patrols/calendar.ts';
import type { DraftPreview, RotaDraft } from './draftContract.ts';
import { breachesOut, breachKey, gapOf, holidaysWithin, previewOf, runsOut, shiftsOut, wardensOut } from './draftView.ts';
import { loadRotaRows } from './problemQueries.ts';
import { problemOf, type RotaRows } from './problemRows.ts';
import { listShiftsOfVersion } from './publishedQueries.ts';
import { addCells, type Cell, countDraft, findRota, keepExceptions, listCells, listExceptions, listRuns, lockRota, removeCell, replaceCells, saveRun } from './queries.ts';
import { checkRota, type RotaCheck } from './rotaCheck.ts';
import type { Assignment, RotaProblem } from './rotaProblem.ts';
import type { DraftRota } from './rotaPool.ts';
import { greedyRota } from './rotaSolve.ts';
import type { Rota, RotaRunRow } from './rows.ts';

export interface LoadedDraft {
  readonly rota: Rota;
  readonly rows: RotaRows;
  readonly problem: RotaProblem;
  readonly assignments: readonly Assignment[];
  readonly check: RotaCheck;
  readonly inputSha256: string;
}

export const newSeed = (): string => String(randomInt(1, 2 ** 31));
export const cellsOf = (assignments: readonly Assignment[]): Cell[] => assignments.map(({ wardenId, shiftId }) => ({ wardenId, day: shiftId.slice(0, 10), code: shiftId.slice(11) }));
const shiftIdOf = ({ day, code }: Cell): string => `${day}-${code}`;

export async function getRota(db: Knex, councils: readonly string[], id: string): Promise<Rota> {
  const found = await findRota(db, councils, id);
  if (!found) throw notFound('rota');
  return found;
}

/** The draft with its check. Cells of wardens or shifts that the rota no longer has are left out, and gone with the next change. */
export async function loadDraft(db: Knex, rota: Rota): Promise<LoadedDraft> {
  const rows = await loadRotaRows(db, rota);
  const problem = problemOf(rows);
  const assignments = known(problem, (await listCells(db, rota.id)).map((cell) => ({ wardenId: cell.wardenId, shiftId: shiftIdOf(cell) })));
  return { rota, rows, problem, assignments, check: checkRota(problem, { assignments }), inputSha256: canonicalHash(problem) };
}

function known(problem: RotaProblem, assignments: readonly Assignment[]): Assignment[] {
  const wardens = new Set(problem.wardens.map(({ id }) => id));
  const shifts = new Set(problem.shifts.map(({ id }) => id));
  return assignments.filter(({ wardenId, shiftId }) => wardens.has(wardenId) && shifts.has(shiftId));
}

export async function showDraft(db: Knex, draft: LoadedDraft): Promise<RotaDraft> {
  const { rota, rows, problem, assignments, check, inputSha256 } = draft;
  const runs = await listRuns(db, rota.id);
  // A bound is of the same input only: with other wardens or shifts it says nothing.
  const bounds = runs.flatMap((run) => (run.inputSha256 === inputSha256 && run.bound !== null ? [run.bound] : []));
  const bound = bounds.length > 0 ? Math.max(...bounds) : null;
  const published = rota.version === null ? [] : await listShiftsOfVersion(db, rota.id, rota.version);
  const publishedCells = new Set(published.flatMap((shift) => shift.wardenIds.map((wardenId) => `${wardenId} ${shift.day}-${shift.code}`)));
  return {
    rota, draftNumber: rota.draftNumber, draftFrom: rota.draftFrom, jobId: rota.jobId,
    asPublished: rota.version !== null && publishedCells.size === assignments.length && assignments.every(({ wardenId, shiftId }) => publishedCells.has(`${wardenId} ${shiftId}`)),
    bankHolidays: holidaysWithin(problem, rows.bankHolidays), shifts: shiftsOut(problem), wardens: wardensOut(problem, assignments), cells: [...assignments],
    breaches: breachesOut(check, await listExceptions(db, rota.id)), penalties: check.penalties.map(({ kind, sentence, cost }) => ({ kind, sentence, cost })),
    notes: check.notes.map(({ regulation, sentence }) => ({ regulation, sentence })), cost: check.cost, bound, gap: gapOf(check.cost, bound), inputSha256, seed: rota.seed, runs: runsOut(runs),
  };
}

/** The rota, held for a change, when the draft is still the one that was seen. */
export async function lockDraft(db: Knex, councils: readonly string[], id: string, draftNumber?: number): Promise<Rota> {
  await getRota(db, councils, id);
  await lockRota(db, id);
  const rota = await getRota(db, councils, id);
  if (draftNumber !== undefined && rota.draftNumber !== draftNumber) throw conflict('rota_draft_moved', 'The draft was changed meanwhile. Look at it as it is now, and make your change again.');
  return rota;
}

export interface Change {
  readonly wardenId: string;
  readonly shiftId: string;
  readonly on: boolean;
}

/** What changes would break, mend and cost, by the same check as the draft's own; nothing is kept. */
export function previewDraft({ problem, assignments, check }: LoadedDraft, changes: readonly Change[]): DraftPreview {
  if (changes.some((change) => change.on && known(problem, [change]).length === 0)) throw new AppError(404, 'not_found', 'There is no such shift or warden in this rota. Reload the page.');
  const cell = ({ wardenId, shiftId }: Assignment): string => `${wardenId} ${shiftId}`;
  const cells = new Map(assignments.map((each) => [cell(each), each]));
  for (const { wardenId, shiftId, on } of changes) {
    if (on) cells.set(cell({ wardenId, shiftId }), { wardenId, shiftId });
    else cells.delete(cell({ wardenId, shiftId }));
  }
  return previewOf(check, checkRota(problem, { assignments: [...cells.values()] }));
}

/** Puts wardens on shifts and takes them off; what that breaks is told, and stands in the way of publishing until somebody says why. */
export async function changeDraft(db: Knex.Transaction, actor: Actor, rota: Rota, changes: readonly Change[]): Promise<LoadedDraft> {
  const { problem } = await loadDraft(db, rota);
  for (const change of changes) {
    if (change.on && known(problem, [change]).length === 0) throw new AppError(404, 'not_found', 'There is no such shift or warden in this rota. Reload the page.');
    const [cell] = cellsOf([change]);
    if (cell && change.on) await addCells(db, rota.id, [cell]);
    else if (cell) await removeCell(db, rota.id, cell);
  }
  await countDraft(db, rota.id, 'hand');
  await recordEvent(db, actor, { action: 'rotaDraftChanged', subjectKind: 'rota', subjectId: rota.id, councilCode: rota.councilCode, after: { changes } });
  return afterChange(db, rota);
}

/** The draft as it is now; reasons of breaches that are gone go with them. */
export async function afterChange(db: Knex.Transaction, rota: Rota): Promise<LoadedDraft> {
  const draft = await loadDraft(db, await getRota(db, [rota.councilCode], rota.id));
  await keepExceptions(db, rota.id, draft.check.breaches.map(breachKey));
  return draft;
}

/** A first draft at once: each shift to whoever fits best, without a breach. */
export async function draftGreedily(db: Knex.Transaction, rota: Rota, make: DraftRota = async (given) => greedyRota(given)): Promise<void> {
  const { problem, inputSha256 } = await loadDraft(db, rota);
  const { method, roster: { assignments }, check: { cost }, bound } = await make(problem);
  await replaceCells(db, rota.id, cellsOf(assignments));
  await countDraft(db, rota.id, 'greedy');
  await saveRun(db, rota.id, { id: randomUUID(), method, seed: rota.seed, inputSha256, cost, bound, roster: assignments, used: true });
}

/** Makes a kept roster the draft. */
export async function takeRoster(db: Knex.Transaction, actor: Actor, rota: Rota, run: RotaRunRow): Promise<LoadedDraft> {
  await replaceCells(db, rota.id, cellsOf(run.roster));
  await countDraft(db, rota.id, run.method === 'greedy' ? 'greedy' : 'solver');
  await recordEvent(db, actor, { action: 'rotaRunTaken', subjectKind: 'rota', subjectId: rota.id, councilCode: rota.councilCode, after: { runId: run.id } });
  return afterChange(db, rota);
}

/** The last day of a rota that begins on a day: as many days later as the setting says. */
export const lastDayOf = (startsOn: string, days: number): string => addDays(startsOn, days - 1);
