/** What people enter beside a forecast, and what is kept of it: plans of posts, causes, councils' own forecasts, ratings, runs and alerts. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { canonicalJson } from '../canonical.ts';
import type { CouncilForecast, ForecastAlert, ForecastRun, RatedOut, UnderspendCause } from './contract.ts';
import type { Known } from './queries.ts';

type Stored<Row, Dates extends keyof Row> = Omit<Row, Dates> & Record<Dates, Date>;

export async function savePlan(db: Knex, row: { agreementId: string; startsOn: string; posts: number; contractMinutesPerWeek: number; filledOn: string | null; reason: string; madeBy: string | null }): Promise<string> {
  const [kept] = await db('staff_plan').insert({
    id: randomUUID(), agreement_id: row.agreementId, starts_on: row.startsOn, posts: row.posts, contract_minutes_per_week: row.contractMinutesPerWeek, filled_on: row.filledOn, reason: row.reason, made_by: row.madeBy,
  }).returning('recorded_at as recordedAt');
  return (kept as { recordedAt: Date }).recordedAt.toISOString();
}

/** The causes that stand as known: neither replaced by then nor taken back. */
export async function listCauses(db: Knex, agreementId: string, { at, knowledge }: Known): Promise<UnderspendCause[]> {
  const { rows } = await db.raw(
    `select c.id, c.cause, c.from_on as "fromOn", c.to_on as "toOn", c.amount_pence as "amountPence", c.reason, p.name as "madeBy", c.recorded_at as "recordedAt"
     from underspend_cause c left join person p on p.id = c.made_by
     where c.agreement_id = :agreementId and c.amount_pence > 0 and (:all or c.recorded_at <= :at)
       and not exists (select from underspend_cause r where r.replaces = c.id and (:all or r.recorded_at <= :at))
     order by c.amount_pence desc, c.recorded_at`, { agreementId, at, all: knowledge === 'happened' });
  return (rows as Stored<UnderspendCause, 'recordedAt'>[]).map((row) => ({ ...row, recordedAt: row.recordedAt.toISOString() }));
}

export interface CauseRow extends Omit<UnderspendCause, 'madeBy' | 'recordedAt'> {
  readonly agreementId: string;
  readonly replaces: string | null;
  readonly madeBy: string | null;
}

export async function saveCause(db: Knex, row: CauseRow): Promise<string> {
  const [kept] = await db('underspend_cause').insert({
    id: row.id, agreement_id: row.agreementId, cause: row.cause, from_on: row.fromOn, to_on: row.toOn, amount_pence: row.amountPence, reason: row.reason, replaces: row.replaces, made_by: row.madeBy,
  }).returning('recorded_at as recordedAt');
  return (kept as { recordedAt: Date }).recordedAt.toISOString();
}

export type KeptCouncilForecast = Omit<CouncilForecast, 'ours'>;

/** The latest version of each quarter a council sent, newest quarter first. */
export async function listCouncilForecasts(db: Knex, agreementId: string, { at, knowledge, on }: Known): Promise<KeptCouncilForecast[]> {
  const { rows } = await db.raw(
    `select distinct on (quarter_ends_on) id, quarter_ends_on as "quarterEndsOn", version, actual_pence as "actualPence", outturn_pence as "outturnPence", signed_by as "signedBy",
       received_on as "receivedOn", reason, recorded_at as "recordedAt"
     from council_forecast where agreement_id = :agreementId and (case when :all then received_on <= :on::date else recorded_at <= :at end) order by quarter_ends_on desc, version desc`,
    { agreementId, at, on, all: knowledge === 'happened' });
  return (rows as Stored<KeptCouncilForecast, 'recordedAt'>[]).map((row) => ({ ...row, recordedAt: row.recordedAt.toISOString() }));
}

export async function saveCouncilForecast(db: Knex, row: Omit<KeptCouncilForecast, 'version' | 'recordedAt'> & { agreementId: string; madeBy: string | null }): Promise<KeptCouncilForecast> {
  const { rows } = await db.raw(
    `insert into council_forecast (id, agreement_id, quarter_ends_on, version, actual_pence, outturn_pence, signed_by, received_on, reason, made_by)
     select :id, :agreementId, :quarterEndsOn, (select coalesce(max(version), 0) + 1 from council_forecast where agreement_id = :agreementId and quarter_ends_on = :quarterEndsOn), :actualPence, :outturnPence, :signedBy, :receivedOn, :reason, :madeBy
     returning version, recorded_at as "recordedAt"`, { ...row });
  const { agreementId: _, madeBy: __, ...kept } = row;
  return { ...kept, version: rows[0].version as number, recordedAt: (rows[0].recordedAt as Date).toISOString() };
}

/** The override that stands on a day, or null. */
export async function findOverride(db: Knex, agreementId: string, { on, at, knowledge }: Known): Promise<RatedOut['override']> {
  const { rows } = await db.raw(
    `select o.rating, o.until_on as "untilOn", o.reason, p.name as "madeBy", o.recorded_at as "recordedAt" from rating_override o left join person p on p.id = o.made_by
     where o.agreement_id = :agreementId and (case when :all then o.recorded_at::date <= :on::date else o.recorded_at <= :at end) order by o.recorded_at desc limit 1`, { agreementId, on, at, all: knowledge === 'happened' });
  const row = rows[0] as { rating: 'red' | 'amber' | 'green' | null; untilOn: string; reason: string; madeBy: string | null; recordedAt: Date } | undefined;
  return row && row.rating !== null && row.untilOn >= on ? { ...row, rating: row.rating, recordedAt: row.recordedAt.toISOString() } : null;
}

export async function saveOverride(db: Knex, row: { agreementId: string; rating: string | null; computed: string; untilOn: string; reason: string; madeBy: string | null }): Promise<void> {
  await db('rating_override').insert({ id: randomUUID(), agreement_id: row.agreementId, rating: row.rating, computed: row.computed, until_on: row.untilOn, reason: row.reason, made_by: row.madeBy });
}

const runSelect = `
  select r.id, r.agreement_id as "agreementId", r.known_on as "knownOn", r.knowledge, r.low_pence as "lowPence", r.central_pence as "centralPence", r.high_pence as "highPence",
    r.ceiling_pence as "ceilingPence", r.sha256, r.made_at as "madeAt", p.name as "madeBy"`;
const toRun = <R extends { madeAt: Date }>(row: R) => ({ ...row, madeAt: row.madeAt.toISOString() });

export interface RunRow {
  readonly agreementId: string;
  readonly knownOn: string;
  readonly knowledge: Known['knowledge'];
  readonly low: number;
  readonly central: number;
  readonly high: number;
  readonly ceilingPence: number;
  readonly inputs: unknown;
  readonly result: unknown;
  readonly sha256: string;
  readonly madeBy: string | null;
}

/** Keeps a run unless the same inputs of the same day are kept already; gives the kept one. */
export async function saveRun(db: Knex, row: RunRow): Promise<{ run: ForecastRun; fresh: boolean }> {
  const id = randomUUID();
  await db('forecast_run').insert({
    id, agreement_id: row.agreementId, known_on: row.knownOn, knowledge: row.knowledge, low_pence: row.low, central_pence: row.central, high_pence: row.high, ceiling_pence: row.ceilingPence,
    inputs: canonicalJson(row.inputs), result: canonicalJson(row.result), sha256: row.sha256, made_by: row.madeBy,
  }).onConflict(['agreement_id', 'known_on', 'knowledge', 'sha256']).ignore();
  const { rows } = await db.raw(`${runSelect} from forecast_run r left join person p on p.id = r.made_by
    where r.agreement_id = :agreementId and r.known_on = :knownOn and r.knowledge = :knowledge and r.sha256 = :sha256`, { agreementId: row.agreementId, knownOn: row.knownOn, knowledge: row.knowledge, sha256: row.sha256 });
  const run = toRun(rows[0] as Stored<ForecastRun, 'madeAt'>);
  return { run, fresh: run.id === id };
}

/** The latest kept runs of an agreement, newest first. */
export async function listRuns(db: Knex, agreementId: string): Promise<ForecastRun[]> {
  const { rows } = await db.raw(`${runSelect} from forecast_run r left join person p on p.id = r.made_by where r.agreement_id = :agreementId order by r.known_on desc, r.made_at desc limit 60`, { agreementId });
  return (rows as Stored<ForecastRun, 'madeAt'>[]).map(toRun);
}

export async function findRun(db: Knex, id: string): Promise<(ForecastRun & { inputs: unknown; result: unknown }) | undefined> {
  const { rows } = await db.raw(`${runSelect}, r.inputs, r.result from forecast_run r left join person p on p.id = r.made_by where r.id = cast(:id as uuid)`, { id });
  return rows[0] && toRun(rows[0] as Stored<ForecastRun, 'madeAt'> & { inputs: unknown; result: unknown });
}

type AlertRow = Omit<ForecastAlert, 'acknowledged'> & { by: string | null; at: Date | null; reason: string | null };
const toAlert = ({ by, at, reason, ...row }: AlertRow): ForecastAlert => ({ ...row, acknowledged: at ? { by, at: at.toISOString(), reason: reason ?? '' } : null });

export interface AlertFilter {
  readonly agreementId?: string;
  readonly id?: string;
  /** Those raised by then, ended or not; without it those that stand. */
  readonly known?: Known;
}

/** Alerts a person sees, the fund's first, then by day. */
export async function listAlerts(db: Knex, filter: AlertFilter = {}): Promise<ForecastAlert[]> {
  const { rows } = await db.raw(
    `select a.id, a.fund_id as "fundId", f.name as fund, a.agreement_id as "agreementId", o.name as council, a.raised_on as "raisedOn", a.ceiling_pence as "ceilingPence", a.outturn_pence as "outturnPence",
       a.underspend_pence as "underspendPence", a.threshold_share as "thresholdShare", a.ended_on as "endedOn", p.name as by, a.acknowledged_at as at, a.acknowledged_reason as reason
     from forecast_alert a join fund f on f.id = a.fund_id left join agreement g on g.id = a.agreement_id left join organisation o on o.council_code = g.council_code left join person p on p.id = a.acknowledged_by
     where (cast(:agreementId as uuid) is null or a.agreement_id = cast(:agreementId as uuid)) and (cast(:id as uuid) is null or a.id = cast(:id as uuid)) and (cast(:on as date) is null or a.raised_on <= cast(:on as date))
     order by a.ended_on is not null, a.agreement_id is not null, a.raised_on desc, o.name limit 100`,
    { agreementId: filter.agreementId ?? null, id: filter.id ?? null, on: filter.known?.on ?? null });
  return (rows as AlertRow[]).map(toAlert);
}

export interface AlertToRaise {
  readonly fundId: string;
  readonly agreementId: string | null;
  readonly raisedOn: string;
  readonly ceilingPence: number;
  readonly outturnPence: number;
  readonly thresholdShare: number;
}

/** Raises an alert unless one stands; true when it is new. */
export async function raiseAlert(db: Knex, row: AlertToRaise): Promise<boolean> {
  const { rows } = await db.raw(
    `insert into forecast_alert (id, fund_id, agreement_id, raised_on, ceiling_pence, outturn_pence, underspend_pence, threshold_share)
     values (gen_random_uuid(), :fundId, :agreementId, :raisedOn, :ceilingPence, :outturnPence, :ceilingPence::bigint - :outturnPence::bigint, :thresholdShare) on conflict do nothing returning id`, { ...row });
  return rows.length > 0;
}

/** Ends the alert that stands, if one does; true when it did. */
export async function endAlert(db: Knex, of: { fundId: string; agreementId: string | null; on: string }): Promise<boolean> {
  const changed = await db('forecast_alert').where({ fund_id: of.fundId, agreement_id: of.agreementId }).whereNull('ended_on').update({ ended_on: of.on });
  return changed > 0;
}

export async function acknowledge(db: Knex, id: string, personId: string, reason: string): Promise<void> {
  await db('forecast_alert').where({ id }).update({ acknowledged_by: personId, acknowledged_reason: reason });
}
