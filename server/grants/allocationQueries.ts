/** Allocations as rows: a run, a plan for each agreement, and the week's planned hours they put in force. */
import type { Knex } from 'knex';
import { replacePlannedHours } from '../patrols/dosageQueries.ts';
import type { AllocationInput, PlannedVisit } from '../patrols/allocation.ts';
import type { HorizonRun } from './allocationContract.ts';
import type { AgreementPlanOut, AllocationRun } from './contract.ts';
import { plannedRows, totalsOf } from './planOut.ts';

export interface KeptRun {
  readonly id: string;
  readonly week: string;
  readonly hash: string;
  readonly parameters: RunParameters;
  readonly createdBy: string | null;
}

export interface RunParameters {
  readonly months: { readonly from: string; readonly to: string };
  readonly notes: readonly string[];
  readonly settings: unknown;
}

/** Keeps a run, its plans with what each was asked, and its planned hours. */
export async function saveRun(db: Knex, run: KeptRun, plans: readonly AgreementPlanOut[], { visits, input }: { visits: ReadonlyMap<string, readonly PlannedVisit[]>; input: AllocationInput }): Promise<void> {
  await db('allocation_run').insert({ id: run.id, week: run.week, hash: run.hash, parameters: JSON.stringify(run.parameters), created_by: run.createdBy });
  for (const plan of plans) {
    await db('allocation_plan').insert({
      run_id: run.id, agreement_id: plan.agreementId, council_code: plan.councilCode, plan: JSON.stringify(plan), visits: JSON.stringify(visits.get(plan.agreementId) ?? []),
      question: JSON.stringify(onlyOf(input, plan.agreementId)),
    });
  }
  await replacePlannedHours(db, { week: run.week, agreementIds: plans.map((plan) => plan.agreementId), allocationId: run.id, rows: plannedRows(plans) });
}

/** What one agreement of a week is asked. */
function onlyOf(input: AllocationInput, agreementId: string): AllocationInput {
  return { ...input, agreements: input.agreements.filter(({ id }) => id === agreementId), hotspots: input.hotspots.filter((hotspot) => hotspot.agreementId === agreementId) };
}

export interface PlanAsked {
  readonly agreementId: string;
  readonly question: AllocationInput;
  /** Hotspots' names by id. */
  readonly names: ReadonlyMap<string, string>;
}

/** What a run asked about one agreement of the scope; undefined when it is not seen, or was made before questions were kept. */
export async function findPlanAsked(db: Knex, councils: readonly string[], of: { runId: string; agreementId: string }): Promise<PlanAsked | undefined> {
  const row = await db('allocation_plan').select('question').where({ run_id: of.runId, agreement_id: of.agreementId }).whereIn('council_code', [...councils]).whereNotNull('question').first();
  if (!row) return undefined;
  const question = row.question as AllocationInput;
  const names: { id: string; name: string }[] = await db('hotspot').select('id', 'name').whereIn('id', question.hotspots.map(({ id }) => id));
  return { agreementId: of.agreementId, question, names: new Map(names.map(({ id, name }) => [id, name])) };
}

export interface HorizonRow {
  readonly id: string;
  readonly agreementId: string;
  readonly councilCode: string;
  readonly fromWeek: string;
  readonly moneyPence: number;
  readonly hash: string;
  readonly seed: number;
  readonly result: HorizonResult;
  readonly createdBy: string | null;
}
export type HorizonResult = Pick<HorizonRun, 'leftPence' | 'prevented' | 'bound' | 'gap' | 'evenly' | 'betterBy'> & { readonly weeks: readonly HorizonRun['weeks'][number][] };

export async function saveHorizon(db: Knex, row: HorizonRow): Promise<void> {
  await db('allocation_horizon').insert({
    id: row.id, agreement_id: row.agreementId, council_code: row.councilCode, from_week: row.fromWeek, money_pence: row.moneyPence, hash: row.hash, seed: row.seed,
    result: JSON.stringify(row.result), created_by: row.createdBy,
  });
}

/** Divisions of money over weeks that a scope sees, newest first. */
export async function listHorizons(db: Knex, councils: readonly string[], filter: { agreementId?: string | undefined } = {}): Promise<HorizonRun[]> {
  const { rows } = await db.raw(
    `select h.id, h.agreement_id as "agreementId", a.reference, o.name as council, h.from_week as "fromWeek", h.created_at as "createdAt", h.hash, h.seed, h.money_pence as "moneyPence", h.result
     from allocation_horizon h join agreement a on a.id = h.agreement_id join organisation o on o.council_code = h.council_code
     where h.council_code = any(cast(:councils as text[])) and (cast(:agreement as uuid) is null or h.agreement_id = cast(:agreement as uuid)) order by h.created_at desc, h.id limit 50`,
    { councils: [...councils], agreement: filter.agreementId ?? null });
  return (rows as (Omit<HorizonRun, 'createdAt'> & { createdAt: Date; result: HorizonResult })[]).map(({ result, ...row }) => ({ ...row, ...result, weeks: [...result.weeks], createdAt: row.createdAt.toISOString() }));
}

export type FoundRun = AllocationRun & { readonly settings: unknown; readonly agreements: readonly AgreementPlanOut[] };

/** Runs with at least one plan of the scope, newest first; figures are over the plans of the scope only. */
export async function listRuns(db: Knex, councils: readonly string[], filter: { id?: string; week?: string | undefined; limit?: number } = {}): Promise<FoundRun[]> {
  const { rows } = await db.raw(
    `select r.id, r.week, r.created_at as "createdAt", r.hash, r.parameters, jsonb_agg(p.plan order by p.council_code) as plans
     from allocation_run r join allocation_plan p on p.run_id = r.id
     where p.council_code = any(cast(:councils as text[]))
       and (cast(:id as uuid) is null or r.id = cast(:id as uuid)) and (cast(:week as date) is null or r.week = cast(:week as date))
     group by r.id order by r.created_at desc, r.id limit :limit`,
    { councils: [...councils], id: filter.id ?? null, week: filter.week ?? null, limit: filter.limit ?? 100 },
  );
  return (rows as { id: string; week: string; createdAt: Date; hash: string; parameters: RunParameters; plans: AgreementPlanOut[] }[]).map((row) => ({
    id: row.id, week: row.week, createdAt: row.createdAt.toISOString(), hash: row.hash,
    months: row.parameters.months, notes: [...row.parameters.notes], settings: row.parameters.settings, ...totalsOf(row.plans), agreements: row.plans,
  }));
}

export interface AllocatedVisit extends PlannedVisit {
  readonly agreementId: string;
  readonly hotspot: string;
}

/** The visits of a run's plans of the scope, in the order of day and band. */
export async function listRunVisits(db: Knex, councils: readonly string[], filter: { id: string; agreement?: string | undefined; hotspot?: string | undefined; limit: number }): Promise<AllocatedVisit[]> {
  const { rows } = await db.raw(
    `select p.agreement_id as "agreementId", h.name as hotspot, v.visit
     from allocation_plan p cross join lateral jsonb_array_elements(p.visits) as v(visit) join hotspot h on h.id = cast(v.visit ->> 'hotspotId' as uuid)
     where p.run_id = :id and p.council_code = any(cast(:councils as text[]))
       and (cast(:agreement as uuid) is null or p.agreement_id = cast(:agreement as uuid)) and (cast(:hotspot as uuid) is null or h.id = cast(:hotspot as uuid))
     order by v.visit ->> 'date', cast(v.visit ->> 'band' as int), h.name, cast(v.visit ->> 'ordinal' as int) limit :limit`,
    { councils: [...councils], id: filter.id, agreement: filter.agreement ?? null, hotspot: filter.hotspot ?? null, limit: filter.limit },
  );
  return (rows as { agreementId: string; hotspot: string; visit: PlannedVisit }[]).map(({ visit, ...row }) => ({ ...visit, ...row }));
}

/** What is left of some agreements, locked until the caller's transaction ends. */
export async function lockAvailable(db: Knex, agreementIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await db('agreement').select('id', db.raw('ceiling_pence - committed_pence as available')).whereIn('id', [...agreementIds]).orderBy('id').forUpdate();
  return new Map((rows as { id: string; available: number }[]).map((row) => [row.id, row.available]));
}
