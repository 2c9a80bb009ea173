/** Keeping visits: load what they are judged by, decide, save all or none. For one visit, a file, and the demonstration. */
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { listCouncils } from './councilQueries.ts';
import { insertVisits, listBusySpans, listForceCodes, listHotspotFacts, listPowerFacts, listSimultaneous, listVisits, listWardenFacts, lockCouncils, type VisitRow } from './visitQueries.ts';
import { type FormerVisit, listFormer } from './visitCorrectionQueries.ts';
import { type KnownVisit, repeatOf, outingKey, type RepeatRules, sameOuting } from './visitRepeats.ts';
import { checkVisits, type NewVisit, type VisitFacts, type VisitProblem, wardenKey } from './visits.ts';
import { listActionKinds, listPatrolStarts } from './wardenQueries.ts';

export interface VisitContext {
  readonly actor: Actor;
  /** Whose visits may be kept: council codes, or `*`. */
  readonly councils: readonly string[];
  readonly now: Date;
}

export interface VisitsKept {
  readonly recorded: number;
  /** Sent before with the same content: counted once. */
  readonly alreadyRecorded: number;
  /** Of those, the ones that were withdrawn since: they stay withdrawn. */
  readonly withdrawnBefore: number;
  /** When there is any, nothing was kept. */
  readonly problems: readonly VisitProblem[];
  /** Ids under which something else was recorded, by place in the batch. */
  readonly conflicts: readonly { readonly index: number; readonly id: string }[];
}

const rowsPerStatement = 2000;

export interface BatchRules extends RepeatRules {
  /** Ids that were made from what a row says: such a row may tell of a visit kept under another id. */
  readonly madeIds?: ReadonlySet<string>;
}

/** Keeps a batch of visits in the caller's transaction, or nothing of it and every reason why not. */
export async function saveVisits(trx: Knex.Transaction, context: VisitContext, visits: readonly NewVisit[], rules: BatchRules = {}): Promise<VisitsKept> {
  const councils = (await listCouncils(trx, context.councils)).map(({ code }) => code);
  const hotspots = new Map((await listHotspotFacts(trx, councils)).map((fact) => [fact.id, fact]));
  const touched = new Set(visits.flatMap((visit) => hotspots.get(visit.hotspotId)?.councilCode ?? []));
  await lockCouncils(trx, [...touched]);

  const repeats = await findRepeats(trx, councils, visits, rules);
  const conflicts = repeats.flatMap((repeat, index) => (repeat === 'other' ? [{ index, id: visits[index]?.id ?? '' }] : []));
  const fresh = visits.map((visit, index) => ({ visit, index })).filter(({ index }) => repeats[index] === 'new');
  const facts = await loadFacts(trx, context, { councils, hotspots, visits: fresh.map(({ visit }) => visit) });
  const problems = checkVisits(fresh.map(({ visit }) => visit), facts).map((problem) => ({ ...problem, index: fresh[problem.index]?.index ?? 0 }));
  if (problems.length > 0 || conflicts.length > 0) return { recorded: 0, alreadyRecorded: 0, withdrawnBefore: 0, problems, conflicts };

  const rows = fresh.map(({ visit }) => toRow(visit, facts));
  for (let start = 0; start < rows.length; start += rowsPerStatement) await insertVisits(trx, rows.slice(start, start + rowsPerStatement), context.actor.personId);
  await recordKept(trx, context.actor, rows);
  return { recorded: rows.length, alreadyRecorded: visits.length - rows.length, withdrawnBefore: repeats.filter((repeat) => repeat === 'withdrawn').length, problems, conflicts };
}

/** What each visit of a batch is beside what is kept, was corrected and was withdrawn. */
async function findRepeats(trx: Knex.Transaction, councils: readonly string[], visits: readonly NewVisit[], rules: BatchRules): Promise<ReturnType<typeof repeatOf>[]> {
  const ids = visits.map((visit) => visit.id);
  const known = new Map<string, KnownVisit[]>();
  const add = (id: string, one: KnownVisit): void => void known.set(id, [...(known.get(id) ?? []), one]);
  const former: FormerVisit<NewVisit>[] = await listFormer(trx, ids);
  for (const { id, kind, before } of former) add(id, { visit: before, withdrawn: kind === 'withdrawn' });
  for (const visit of await listVisits(trx, { councils, ids })) add(visit.id, { visit, withdrawn: false });
  const repeats = visits.map((visit) => repeatOf(visit, known.get(visit.id) ?? [], rules));
  const madeIds = rules.madeIds ?? new Set<string>();
  const asked = visits.filter((visit, index) => repeats[index] === 'new' && madeIds.has(visit.id));
  if (asked.length === 0) return repeats;
  const atOnce = new Map<string, NewVisit[]>();
  for (const kept of await listVisits(trx, { councils, ids: await listSimultaneous(trx, asked) })) atOnce.set(outingKey(kept), [...(atOnce.get(outingKey(kept)) ?? []), kept]);
  const isKept = (visit: NewVisit): boolean => atOnce.get(outingKey(visit))?.some((kept) => sameOuting(visit, kept)) ?? false;
  return visits.map((visit, index) => (repeats[index] === 'new' && madeIds.has(visit.id) && isKept(visit) ? 'recorded' : (repeats[index] ?? 'new')));
}

export interface Loaded {
  readonly councils: readonly string[];
  readonly hotspots: VisitFacts['hotspots'];
  readonly visits: readonly NewVisit[];
}

/** What visits are judged by. */
export async function loadFacts(trx: Knex.Transaction, context: VisitContext, { councils, hotspots, visits }: Loaded): Promise<VisitFacts> {
  const wardens = new Map((await listWardenFacts(trx, councils)).map((fact) => [wardenKey(fact.councilCode, fact.reference), fact]));
  const named = new Set(visits.flatMap((visit) => visit.wardens.map((reference) => reference.toLowerCase())));
  const times = visits.flatMap((visit) => [visit.startedAt, visit.endedAt]).sort();
  const busy = visits.length === 0 ? [] : await listBusySpans(trx, {
    councils,
    wardenIds: [...wardens.values()].filter((warden) => named.has(warden.reference.toLowerCase())).map((warden) => warden.id),
    patrols: [...new Set(visits.map((visit) => visit.patrolReference))],
    from: times[0] ?? '', to: times.at(-1) ?? '',
  });
  const starts = (await listPatrolStarts(trx, councils)).flatMap((row): [string, string][] => (row.startedOn ? [[row.councilCode, row.startedOn]] : []));
  const kinds = new Map((await listActionKinds(trx)).map((kind) => [kind.code, kind]));
  const forces = visits.some(({ jointForce }) => jointForce) ? new Set(await listForceCodes(trx)) : new Set<string>();
  const powers = visits.some(({ actions }) => actions.length > 0) ? await listPowerFacts(trx, councils) : [];
  return { hotspots, wardens, kinds, starts: new Map(starts), forces, powers, busy, nowMs: context.now.getTime() };
}

/** A visit as it is kept. */
export function toRow(visit: NewVisit, facts: VisitFacts): VisitRow {
  const councilCode = facts.hotspots.get(visit.hotspotId)?.councilCode ?? '';
  return { ...visit, councilCode, wardenIds: visit.wardens.flatMap((reference) => facts.wardens.get(wardenKey(councilCode, reference))?.id ?? []) };
}

/** One event for a single visit; for a batch one event a council, since each visit keeps its own row. */
async function recordKept(trx: Knex.Transaction, actor: Actor, rows: readonly VisitRow[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  if (rows.length === 1) {
    return recordEvent(trx, actor, { action: 'visitRecorded', subjectKind: 'visit', subjectId: first.id, councilCode: first.councilCode, after: first });
  }
  for (const councilCode of new Set(rows.map((row) => row.councilCode))) {
    const own = rows.filter((row) => row.councilCode === councilCode);
    await recordEvent(trx, actor, { action: 'visitsRecorded', subjectKind: 'visits', subjectId: own[0]?.id ?? '', councilCode, after: { visits: own.length, ids: own.map((row) => row.id) } });
  }
}
