/** What consolidating needs beside the councils' months. */
import type { Knex } from 'knex';
import type { CollectedWords } from './contract.ts';

/** Person-minutes that stand on claims of a month's days, by council. */
export async function claimedMinutes(db: Knex, month: string, councils: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.raw(
    `select a.council_code as code, sum(floor(extract(epoch from h.to_at - h.from_at) / 60))::integer as minutes
     from claim_hours h join agreement a on a.id = h.agreement_id
     where h.day >= cast(:first as date) and h.day < cast(:first as date) + interval '1 month' and (:all or a.council_code = any(:councils)) group by a.council_code`,
    { first: `${month}-01`, all: councils.includes('*'), councils: [...councils] });
  return new Map((rows as { code: string; minutes: number }[]).map(({ code, minutes }) => [code, minutes]));
}

/** A council's claims of a month beside the ledger, in pence. */
export interface ClaimedMoney {
  /** Of claims whose last day is in the month: claimed, or what was approved of it and not recovered. */
  readonly claimsPence: number;
  /** The same from the ledger: the journals of those claims, and those booked as a claim in the month without one. */
  readonly ledgerPence: number;
  /** Of claims for days of this month alone; null where there is none. */
  readonly monthPence: number | null;
}

export async function claimedMoney(db: Knex, month: string, councils: readonly string[]): Promise<Map<string, ClaimedMoney>> {
  const { rows } = await db.raw(
    `with due as (
       select a.council_code as code, c.id, c.starts_on, case when c.state in ('submitted', 'query') then c.claimed_pence else c.approved_pence - c.recovered_pence end as pence
       from claim c join agreement a on a.id = c.agreement_id
       where c.state not in ('draft', 'withdrawn', 'refused') and c.ends_on >= cast(:first as date) and c.ends_on < cast(:first as date) + interval '1 month' and (:all or a.council_code = any(:councils))
     ), booked as (
       select a.council_code as code, sum(e.amount_pence) as pence from journal j join agreement a on a.id = j.agreement_id
         join journal_entry e on e.journal_id = j.id join ledger_account l on l.id = e.account_id and l.kind in ('pending', 'approved', 'paid')
       where (:all or a.council_code = any(:councils)) and (exists (select from claim_journal cj join due on due.id = cj.claim_id where cj.journal_id = j.id)
         or (j.kind = 'claim' and j.effective_on >= cast(:first as date) and j.effective_on < cast(:first as date) + interval '1 month'
           and not exists (select from claim_journal cj where cj.journal_id = j.id) and not exists (select from journal r where r.reverses = j.id)))
       group by 1
     ), claimed as (select code, sum(pence) as pence, sum(pence) filter (where starts_on >= cast(:first as date)) as month from due group by 1)
     select coalesce(claimed.code, booked.code) as code, coalesce(claimed.pence, 0)::bigint as "claimsPence", coalesce(booked.pence, 0)::bigint as "ledgerPence", claimed.month::bigint as "monthPence"
     from claimed full join booked on booked.code = claimed.code`,
    { first: `${month}-01`, all: councils.includes('*'), councils: [...councils] });
  return new Map((rows as (ClaimedMoney & { code: string })[]).map(({ code, ...money }) => [code, money]));
}

/**
 * What was said of a month beside its counted figures: corrections, explanations and words, as a version keeps them. Undefined where nothing
 * was said, so that a month nobody spoke of has the figures it always had.
 */
export async function findCollected(db: Knex, month: string, councils: readonly string[]): Promise<CollectedWords | undefined> {
  const scope = { first: `${month}-01`, all: councils.includes('*'), councils: [...councils] };
  const rowsOf = async <T>(sql: string): Promise<T[]> => (await db.raw(sql, scope)).rows as T[];
  const figures = await rowsOf<CollectedWords['figures'][number]>(
    `select * from (select distinct on (council_code, field, part) council_code as "councilCode", field, part, counted::float8 as counted, value::float8 as value, hotspots, reason, explanation
       from collected_figure where month = :first and (:all or council_code = any(:councils)) order by council_code, field, part, position desc) last
     where value is distinct from counted or hotspots <> '{}' or explanation <> '' order by "councilCode", field collate "C", part collate "C"`);
  const texts = await rowsOf<CollectedWords['texts'][number]>(
    `select * from (select distinct on (council_code, kind) council_code as "councilCode", kind, text
       from collected_text where month = :first and (:all or council_code = any(:councils)) order by council_code, kind, position desc) last
     where text <> '' order by "councilCode" nulls first, kind`);
  const flags = await rowsOf<CollectedWords['flags'][number]>(
    `select * from (select distinct on (flag) flag, explanation from flag_explanation where month = :first and (:all or council_code = any(:councils)) order by flag, position desc) last order by flag collate "C"`);
  return figures.length + texts.length + flags.length === 0 ? undefined : { figures, texts, flags };
}
