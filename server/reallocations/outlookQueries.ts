/** What stands beside each agreement of a fund when money is moved: room, what is spent by head, and the latest allocation. */
import type { Knex } from 'knex';
import type { ValuePoint } from '../patrols/allocationMoves.ts';
import type { OutlookAgreement } from './contract.ts';

export type Room = Omit<OutlookAgreement, 'figures' | 'limitPercent' | 'mostGivesPence' | 'mostTakesPence'>;

/** Agreements of a fund in a scope with what is spent, committed, last signed or varied, and their heads. */
export async function listRoom(db: Knex, councils: readonly string[], fundId: string): Promise<Room[]> {
  const { rows } = await db.raw(
    `select a.id as "agreementId", a.reference, a.council_code as "councilCode", o.name as council, a.state, a.ceiling_pence as "ceilingPence", a.committed_pence as "committedPence",
       spent_under(a.id) as "spentPence", signed_value(a.id) as "valuePence",
       coalesce((select jsonb_agg(jsonb_build_object('head', h.head, 'budgetPence', head_budget(a.id, h.head), 'spentPence', spent_under(a.id, h.head)) order by h.head)
         from (select head from ledger_account where agreement_id = a.id and kind = 'available'
           union select head from budget_line where version_id = (select id from agreement_version where agreement_id = a.id order by number desc limit 1)
           union select '' where a.ceiling_pence > 0 and head_budget(a.id, '') <> 0) h where head_budget(a.id, h.head) <> 0 or spent_under(a.id, h.head) <> 0), '[]') as heads
     from agreement a join organisation o on o.council_code = a.council_code
     where a.fund_id = cast(:fundId as uuid) and a.state not in ('closing', 'closed') and (:all or a.council_code = any(cast(:councils as text[]))) order by a.council_code, a.starts_on`,
    { fundId, all: councils.includes('*'), councils: [...councils] });
  return rows as Room[];
}

export interface Allocated {
  readonly agreementId: string;
  readonly week: string;
  readonly shadowPricePerThousandPounds: number;
  readonly personMinutes: number;
  readonly spentPence: number;
  /** Why no hours are planned; null where some are. */
  readonly reason: string | null;
  readonly weekPence: number;
  readonly daysLeft: number;
  /** What other sums for the week would prevent; empty for plans made before curves were kept. */
  readonly curve: readonly ValuePoint[];
}

/** The latest allocation of each agreement. */
export async function listAllocated(db: Knex, agreementIds: readonly string[]): Promise<Allocated[]> {
  const { rows } = await db.raw(
    `select distinct on (p.agreement_id) p.agreement_id as "agreementId", r.week, (p.plan ->> 'shadowPricePerThousandPounds')::float8 as "shadowPricePerThousandPounds",
       (p.plan ->> 'personMinutes')::int as "personMinutes", (p.plan -> 'money' ->> 'spentPence')::bigint as "spentPence", p.plan -> 'reason' ->> 'text' as reason,
       (p.plan -> 'money' ->> 'weekPence')::bigint as "weekPence", (p.plan -> 'money' ->> 'daysLeft')::int as "daysLeft", coalesce(p.plan -> 'curve', '[]') as curve
     from allocation_plan p join allocation_run r on r.id = p.run_id where p.agreement_id = any(cast(:ids as uuid[])) and p.plan -> 'money' is not null order by p.agreement_id, r.created_at desc`,
    { ids: [...agreementIds] });
  return rows as Allocated[];
}

export async function listHeadNames(db: Knex, on: string): Promise<string[]> {
  return db('budget_head').whereRaw('daterange(valid_from, valid_to) @> ?::date', [on]).orderBy(['valid_from', 'name']).pluck('name');
}
