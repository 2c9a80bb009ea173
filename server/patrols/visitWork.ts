/** Keeping visits: load what they are judged by, decide, save all or none. For one visit, a file, and the demonstration. */
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import type { Visit } from './contract.ts';
import { listCouncils } from './councilQueries.ts';
import { insertVisits, listBusySpans, listHotspotFacts, listVisits, listWardenFacts, lockCouncils, type VisitRow } from './visitQueries.ts';
import { checkVisits, type NewVisit, sameVisit, type VisitFacts, type VisitProblem, wardenKey } from './visits.ts';
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
  /** When there is any, nothing was kept. */
  readonly problems: readonly VisitProblem[];
  /** Ids under which something else was recorded, by place in the batch. */
  readonly conflicts: readonly { readonly index: number; readonly id: string }[];
}

const rowsPerStatement = 2000;

/** Keeps a batch of visits in the caller's transaction, or nothing of it and every reason why not. */
export async function saveVisits(trx: Knex.Transaction, context: VisitContext, visits: readonly NewVisit[]): Promise<VisitsKept> {
  const councils = (await listCouncils(trx, context.councils)).map(({ code }) => code);
  const hotspots = new Map((await listHotspotFacts(trx, councils)).map((fact) => [fact.id, fact]));
  const touched = new Set(visits.flatMap((visit) => hotspots.get(visit.hotspotId)?.councilCode ?? []));
  await lockCouncils(trx, [...touched]);

  const before = new Map((await listVisits(trx, { councils, ids: visits.map((visit) => visit.id) })).map((visit) => [visit.id, visit]));
  const conflicts = visits.flatMap((visit, index) => (differs(before.get(visit.id), visit) ? [{ index, id: visit.id }] : []));
  const fresh = visits.map((visit, index) => ({ visit, index })).filter(({ visit }) => !before.has(visit.id));
  const facts = await loadFacts(trx, context, { councils, hotspots, visits: fresh.map(({ visit }) => visit) });
  const problems = checkVisits(fresh.map(({ visit }) => visit), facts).map((problem) => ({ ...problem, index: fresh[problem.index]?.index ?? 0 }));
  if (problems.length > 0 || conflicts.length > 0) return { recorded: 0, alreadyRecorded: 0, problems, conflicts };

  const rows = fresh.map(({ visit }) => toRow(visit, facts));
  for (let start = 0; start < rows.length; start += rowsPerStatement) await insertVisits(trx, rows.slice(start, start + rowsPerStatement), context.actor.personId);
  await recordKept(trx, context.actor, rows);
  return { recorded: rows.length, alreadyRecorded: visits.length - rows.length, problems, conflicts };
}

function differs(kept: Visit | undefined, visit: NewVisit): boolean {
  return kept !== undefined && !sameVisit(kept, visit);
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
  return { hotspots, wardens, kinds, starts: new Map(starts), busy, nowMs: context.now.getTime() };
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
