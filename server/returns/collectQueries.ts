/** What councils said of a month: sections, steps, figures, words, explanations; and the money of a month from the ledgers. */
import type { Knex } from 'knex';
import type { Given, ReturnSection, SectionStep, SectionStepKind, TextKind } from './collectContract.ts';

/** The sections in force on the first day of a month, in their order. */
export async function listSections(db: Knex, month: string): Promise<ReturnSection[]> {
  return db('return_section').select('code', 'name', 'kind', 'fields', 'about').whereRaw('daterange(valid_from, valid_to) @> ?::date', [`${month}-01`]).orderBy('position');
}

export interface StepRow extends SectionStep {
  readonly councilCode: string;
  readonly section: string;
}

export async function listSteps(db: Knex, month: string, councils: readonly string[]): Promise<StepRow[]> {
  const { rows } = await db.raw(
    `select s.council_code as "councilCode", s.section, s.step, s.reason, p.name as by, to_json(s.taken_at) #>> '{}' as at
     from section_step s left join person p on p.id = s.taken_by
     where s.month = :first and (:all or s.council_code = any(:councils)) order by s.position`, scopeOf(month, councils));
  return rows as StepRow[];
}

const scopeOf = (month: string, councils: readonly string[]) => ({ first: `${month}-01`, all: councils.includes('*'), councils: [...councils] });

export interface GivenRow extends Given {
  readonly councilCode: string;
  readonly field: string;
  readonly part: string;
}

/** The last word on each figure. */
export async function listGiven(db: Knex, month: string, councils: readonly string[]): Promise<GivenRow[]> {
  const { rows } = await db.raw(
    `select distinct on (g.council_code, g.field, g.part) g.council_code as "councilCode", g.field, g.part, g.value::float8 as value, g.counted::float8 as counted, g.hotspots, g.reason, g.explanation, g.origin,
       p.name as by, to_json(g.recorded_at) #>> '{}' as at
     from collected_figure g left join person p on p.id = g.recorded_by
     where g.month = :first and (:all or g.council_code = any(:councils)) order by g.council_code, g.field, g.part, g.position desc`, scopeOf(month, councils));
  return rows as GivenRow[];
}

export interface TextRow {
  /** Null for the office's own. */
  readonly councilCode: string | null;
  readonly kind: TextKind;
  readonly text: string;
  readonly by: string | null;
  readonly at: string;
}

export async function listTexts(db: Knex, month: string, councils: readonly string[]): Promise<TextRow[]> {
  const { rows } = await db.raw(
    `select distinct on (t.council_code, t.kind) t.council_code as "councilCode", t.kind, t.text, p.name as by, to_json(t.recorded_at) #>> '{}' as at
     from collected_text t left join person p on p.id = t.recorded_by
     where t.month = :first and (:all or t.council_code = any(:councils)) order by t.council_code, t.kind, t.position desc`, scopeOf(month, councils));
  return rows as TextRow[];
}

export interface NewFigure {
  readonly month: string;
  readonly councilCode: string;
  readonly field: string;
  readonly part: string;
  readonly counted: number | null;
  readonly value: number | null;
  readonly hotspots: Readonly<Record<string, number>>;
  readonly reason: string;
  readonly explanation: string;
  readonly origin: Given['origin'];
  readonly uploadId?: string;
  readonly by: string | null;
  readonly at: Date;
}

export async function insertFigures(trx: Knex.Transaction, rows: readonly NewFigure[]): Promise<void> {
  if (rows.length === 0) return;
  await trx('collected_figure').insert(rows.map((row) => ({
    month: `${row.month}-01`, council_code: row.councilCode, field: row.field, part: row.part, counted: row.counted, value: row.value, hotspots: JSON.stringify(row.hotspots),
    reason: row.reason, explanation: row.explanation, origin: row.origin, upload_id: row.uploadId ?? null, recorded_by: row.by, recorded_at: row.at,
  })));
}

export async function insertText(trx: Knex.Transaction, row: { month: string; councilCode: string | null; kind: TextKind; text: string; by: string | null; at: Date }): Promise<void> {
  await trx('collected_text').insert({ month: `${row.month}-01`, council_code: row.councilCode, kind: row.kind, text: row.text, recorded_by: row.by, recorded_at: row.at });
}

export async function insertStep(trx: Knex.Transaction, row: { month: string; councilCode: string; section: string; step: SectionStepKind; reason: string; by: string | null; at: Date }): Promise<void> {
  await trx('section_step').insert({ month: `${row.month}-01`, council_code: row.councilCode, section: row.section, step: row.step, reason: row.reason, taken_by: row.by, taken_at: row.at });
}

export interface Explanation {
  readonly flag: string;
  readonly explanation: string;
  /** The two figures it was given for; null in rows from before they were kept. */
  readonly pair: string | null;
  readonly by: string | null;
  readonly at: string;
}

export async function listExplanations(db: Knex, month: string): Promise<Explanation[]> {
  const { rows } = await db.raw(
    `select distinct on (e.flag) e.flag, e.explanation, e.pair, p.name as by, to_json(e.recorded_at) #>> '{}' as at from flag_explanation e left join person p on p.id = e.recorded_by
     where e.month = :first order by e.flag, e.position desc`, { first: `${month}-01` });
  return rows as Explanation[];
}

export async function insertExplanation(trx: Knex.Transaction, row: { month: string; councilCode: string | null; flag: string; explanation: string; pair: string; by: string | null; at: Date }): Promise<void> {
  await trx('flag_explanation').insert({ month: `${row.month}-01`, council_code: row.councilCode, flag: row.flag, explanation: row.explanation, pair: row.pair, recorded_by: row.by, recorded_at: row.at });
}

/** One budget head of a council's agreements that run in a month, in pence. */
export interface MoneyRow {
  readonly councilCode: string;
  readonly head: string;
  readonly budgetPence: number;
  readonly tolerancePence: number;
  readonly beforePence: number;
  readonly monthPence: number;
  /** Spent in the month before. */
  readonly lastMonthPence: number;
  readonly accruedPence: number;
  readonly atRiskPence: number;
  /** The last day of the last agreement with this head. */
  readonly endsOn: string;
}

/** Spent is what stands as claimed, approved, paid or accrued; what is at risk is beside it. Days by when entries take effect. */
export async function listMoney(db: Knex, month: string, councils: readonly string[]): Promise<MoneyRow[]> {
  const { rows } = await db.raw(
    `with span as (select cast(:first as date) as first, (cast(:first as date) + interval '1 month')::date as next, (cast(:first as date) - interval '1 month')::date as before)
     select a.council_code as "councilCode", l.head, max(a.ends_on)::text as "endsOn",
       coalesce(sum(e.amount_pence) filter (where l.kind <> 'award' and e.effective_on < span.next), 0)::bigint as "budgetPence",
       (select coalesce(sum(t.tolerance_pence), 0)::bigint from ledger_account t join agreement ta on ta.id = t.agreement_id, span s
         where t.kind = 'available' and t.head = l.head and ta.council_code = a.council_code and ta.starts_on < s.next and ta.ends_on >= s.first) as "tolerancePence",
       coalesce(sum(e.amount_pence) filter (where l.kind in ('pending', 'approved', 'paid', 'accrued') and e.effective_on < span.first), 0)::bigint as "beforePence",
       coalesce(sum(e.amount_pence) filter (where l.kind in ('pending', 'approved', 'paid', 'accrued') and e.effective_on >= span.first and e.effective_on < span.next), 0)::bigint as "monthPence",
       coalesce(sum(e.amount_pence) filter (where l.kind in ('pending', 'approved', 'paid', 'accrued') and e.effective_on >= span.before and e.effective_on < span.first), 0)::bigint as "lastMonthPence",
       coalesce(sum(e.amount_pence) filter (where l.kind = 'accrued' and e.effective_on < span.next), 0)::bigint as "accruedPence",
       coalesce(sum(e.amount_pence) filter (where l.kind = 'at risk' and e.effective_on < span.next), 0)::bigint as "atRiskPence"
     from span join agreement a on a.starts_on < span.next and a.ends_on >= span.first
     join ledger_account l on l.agreement_id = a.id and l.kind <> 'award'
     left join journal_entry e on e.account_id = l.id
     where (:all or a.council_code = any(:councils))
     group by a.council_code, l.head having bool_or(e.amount_pence is not null)
     order by a.council_code, l.head collate "C"`, scopeOf(month, councils));
  return rows as MoneyRow[];
}

/** Councils whose agreement runs in a month, or that have a hotspot in it, by code. */
export async function listCouncilsOf(db: Knex, month: string, councils: readonly string[]): Promise<{ code: string; name: string }[]> {
  const { rows } = await db.raw(
    `select o.council_code as code, o.name from organisation o
     where o.kind = 'council' and (:all or o.council_code = any(:councils)) and (
       exists (select from hotspot h where h.council_code = o.council_code and h.state <> 'proposed' and daterange(h.live_from, h.live_to) && daterange(cast(:first as date), (cast(:first as date) + interval '1 month')::date))
       or exists (select from agreement a where a.council_code = o.council_code and a.starts_on < cast(:first as date) + interval '1 month' and a.ends_on >= cast(:first as date)))
     order by o.council_code`, scopeOf(month, councils));
  return rows as { code: string; name: string }[];
}

/** Errors in each council's newest upload when it was not taken; and how many reminders went out. */
export async function listBoardCounts(db: Knex, month: string, councils: readonly string[]): Promise<{ councilCode: string; uploadErrors: number; reminders: number }[]> {
  const { rows } = await db.raw(
    `select o.council_code as "councilCode",
       coalesce((select case when u.state = 'imported' then 0 else (u.report ->> 'errors')::integer end from return_upload u where u.month = :first and u.council_code = o.council_code order by u.uploaded_at desc, u.id limit 1), 0) as "uploadErrors",
       (select count(distinct r.rule)::integer from reminder r where r.month = :first and r.council_code = o.council_code) as reminders
     from organisation o where o.kind = 'council' and (:all or o.council_code = any(:councils))`, scopeOf(month, councils));
  return rows as { councilCode: string; uploadErrors: number; reminders: number }[];
}
