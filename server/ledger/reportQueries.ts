/** What a ledger says: balances as at any moment, journals with their entries, and the counts of what must never be. */
import type { Knex } from 'knex';
import type { Account, Journal, LedgerCheck } from './contract.ts';

export interface AsAt {
  /** What was recorded by then. */
  readonly asAt?: string | undefined;
  /** What was effective on or before this day. */
  readonly on?: string | undefined;
}

/**
 * Balances of an agreement's accounts as at a moment and a day. Each entry keeps the running sum of its account's day, so the balance
 * is the last entry by then of each day up to `on`: look-ups by day and account, however many entries there are.
 */
export async function listAccounts(db: Knex, agreementId: string, { asAt, on }: AsAt = {}): Promise<Account[]> {
  const balance = asAt === undefined && on === undefined ? 'a.balance_pence' : `(
    select coalesce(sum(latest.pence), 0)::bigint
    from (select min(starts_on) as first, least(max(ends_on), cast(:on as date)) as last from ledger_period where agreement_id = :agreementId) span
    cross join lateral generate_series(0, span.last - span.first) as n
    cross join lateral (
      select e.day_balance_pence as pence from journal_entry e
      where e.account_id = a.id and e.effective_on = span.first + n and e.recorded_at <= coalesce(cast(:asAt as timestamptz), 'infinity')
      order by e.recorded_at desc limit 1) latest)`;
  const { rows } = await db.raw(
    `select a.id, a.kind, a.head, a.name, a.tolerance_pence as "tolerancePence", ${balance} as "balancePence"
     from ledger_account a where a.agreement_id = :agreementId
     order by array_position(array['award', 'available', 'pending', 'approved', 'paid', 'accrued', 'at risk'], a.kind), a.head`,
    { agreementId, asAt: asAt ?? null, on: on ?? null });
  return rows as Account[];
}

/** The number of the last journal recorded by a moment: the high-water mark. */
export async function markAt(db: Knex, agreementId: string, { asAt }: AsAt = {}): Promise<number> {
  const row = await db('journal').max('number as mark').where({ agreement_id: agreementId }).modify((query) => asAt && query.where('recorded_at', '<=', asAt)).first<{ mark: number | null }>();
  return row.mark ?? 0;
}

export interface JournalFilter extends AsAt {
  readonly id?: string | undefined;
  readonly account?: string | undefined;
  readonly period?: string | undefined;
  readonly before?: number | undefined;
  readonly limit?: number;
}

/** Journals of an agreement with their entries, newest first. */
export async function listJournals(db: Knex, agreementId: string, filter: JournalFilter = {}): Promise<Journal[]> {
  const { rows } = await db.raw(
    `select j.id, j.number, j.kind, j.reason, j.effective_on as "effectiveOn", j.recorded_at as "recordedAt", j.period_id as "periodId", j.made_by as "madeBy",
       j.reverses, (select r.id from journal r where r.reverses = j.id) as "reversedBy", j.corrects, legs.entries
     from journal j cross join lateral (
       select jsonb_agg(jsonb_build_object('accountId', a.id, 'kind', a.kind, 'head', a.head, 'version', e.version, 'amountPence', e.amount_pence, 'balancePence', e.balance_pence) order by e.amount_pence) as entries
       from journal_entry e join ledger_account a on a.id = e.account_id where e.journal_id = j.id) legs
     where j.agreement_id = :agreementId and (cast(:id as uuid) is null or j.id = cast(:id as uuid)) and (cast(:period as uuid) is null or j.period_id = cast(:period as uuid))
       and j.number < coalesce(cast(:before as bigint), 9223372036854775807) and j.recorded_at <= coalesce(cast(:asAt as timestamptz), 'infinity') and j.effective_on <= coalesce(cast(:on as date), 'infinity')
       and (cast(:account as uuid) is null or exists (select from journal_entry e where e.journal_id = j.id and e.account_id = cast(:account as uuid)))
     order by j.number desc limit :limit`,
    {
      agreementId, id: filter.id ?? null, period: filter.period ?? null, account: filter.account ?? null, before: filter.before ?? null,
      asAt: filter.asAt ?? null, on: filter.on ?? null, limit: filter.limit ?? 200,
    });
  return (rows as (Omit<Journal, 'recordedAt'> & { recordedAt: Date })[]).map((row) => ({ ...row, recordedAt: row.recordedAt.toISOString() }));
}

/** What must never be -> the rows that are it. */
const faults: Record<string, string> = {
  'Journals that do not sum to zero': 'select journal_id from journal_entry group by journal_id having sum(amount_pence) <> 0',
  'Journals with fewer than two legs': 'select j.id from journal j left join journal_entry e on e.journal_id = j.id group by j.id having count(e.journal_id) < 2',
  'Journals whose entries are of another agreement': `select e.journal_id from journal_entry e join ledger_account a on a.id = e.account_id join journal j on j.id = e.journal_id
    where e.agreement_id <> a.agreement_id or e.agreement_id <> j.agreement_id`,
  'Entries of £0.00': 'select account_id from journal_entry where amount_pence = 0',
  'Entries whose running balance is not the one before and the entry': `select from (select balance_pence, amount_pence, version, lag(balance_pence, 1, 0::bigint) over own as before, row_number() over own as nth
    from journal_entry window own as (partition by account_id order by version)) e where balance_pence <> before + amount_pence or version <> nth`,
  'Entries whose balance of the day is not added up': `select from (select day_balance_pence, sum(amount_pence) over (partition by account_id, effective_on order by version) as added from journal_entry) e where day_balance_pence <> added`,
  'Entries recorded before an earlier one of the account': 'select from (select recorded_at, lag(recorded_at) over (partition by account_id order by version) as before from journal_entry) e where recorded_at <= before',
  'Entries with another day or time than their journal': 'select from journal_entry e join journal j on j.id = e.journal_id where e.effective_on <> j.effective_on or e.recorded_at <> j.recorded_at',
  'Accounts whose balance is not the sum of their entries': `select a.id from ledger_account a left join (select account_id, sum(amount_pence) as pence, count(*) as n from journal_entry group by account_id) e on e.account_id = a.id
    where a.balance_pence <> coalesce(e.pence, 0) or a.version <> coalesce(e.n, 0)`,
  'Ledgers whose accounts do not sum to zero': 'select agreement_id from ledger_account group by agreement_id having sum(balance_pence) <> 0',
  'Ledgers whose award or available money is not that of their accounts': `select l.agreement_id from ledger l join ledger_account a using (agreement_id) group by l.agreement_id
    having l.available_pence <> coalesce(sum(a.balance_pence) filter (where a.kind = 'available'), 0) or l.awarded_pence <> coalesce(-sum(a.balance_pence) filter (where a.kind = 'award'), 0)`,
  'Ledgers whose journals are not numbered without gaps': `select l.agreement_id from ledger l left join journal j using (agreement_id) group by l.agreement_id
    having count(j.id) <> l.journals or coalesce(max(j.number), 0) <> l.journals`,
  'Ledgers whose ceiling is not their agreement’s': 'select l.agreement_id from ledger l join agreement a on a.id = l.agreement_id where l.ceiling_pence <> a.ceiling_pence or l.awarded_pence > a.ceiling_pence',
  'Journals outside their period': 'select j.id from journal j join ledger_period p on p.id = j.period_id where j.effective_on not between p.starts_on and p.ends_on',
  'Journals in a period that never opened': `select j.id from journal j join ledger_period p on p.id = j.period_id where p.state = 'scheduled'`,
  'Agreements whose periods leave gaps': `select a.id from agreement a join ledger_period p on p.agreement_id = a.id group by a.id
    having min(p.starts_on) <> a.starts_on or max(p.ends_on) <> a.ends_on or sum(p.ends_on - p.starts_on + 1) <> a.ends_on - a.starts_on + 1`,
  'Reversals that do not mirror their journal': `select r.id from journal r join journal_entry e on e.journal_id = r.id left join journal_entry o on o.journal_id = r.reverses and o.account_id = e.account_id
    where r.reverses is not null and e.amount_pence <> -coalesce(o.amount_pence, 0)`,
  'Accruals that should have reversed themselves': `select journal_id from open_accrual where next_state = 'open'`,
  'Periods opened again by one person alone': 'select id from period_unlock where approved_by = proposed_by',
};

/** The invariant query: each fault with the number of rows that are it; every count must be 0. */
export async function countFaults(db: Knex): Promise<LedgerCheck[]> {
  const parts = Object.values(faults).map((rows, nth) => `select ${nth} as nth, (select count(*) from (${rows}) as broken)::int as found`);
  const { rows } = await db.raw(`${parts.join(' union all ')} order by nth`);
  const names = Object.keys(faults);
  return (rows as { nth: number; found: number }[]).map(({ nth, found }) => ({ fault: names[nth] ?? '', found }));
}

export async function insertAlerts(db: Knex, checks: readonly LedgerCheck[]): Promise<void> {
  await db('ledger_alert').insert(checks.map(({ fault, found }) => ({ fault, found })));
}

/** The latest alerts, newest first. */
export async function listAlerts(db: Knex): Promise<(LedgerCheck & { raisedAt: string })[]> {
  const rows: { fault: string; found: number; raisedAt: Date }[] = await db('ledger_alert').select('fault', 'found', 'raised_at as raisedAt').orderBy('raised_at', 'desc').limit(100);
  return rows.map((row) => ({ ...row, raisedAt: row.raisedAt.toISOString() }));
}
