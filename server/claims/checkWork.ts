/** The nightly check of claims: what must never be, counted; where something is, it is an alert beside the ledger's. */
import type { Knex } from 'knex';
import type { LedgerCheck } from '../ledger/contract.ts';
import { insertAlerts } from '../ledger/reportQueries.ts';

/** What must never be -> the claims that are it. */
const faults: Record<string, string> = {
  'Claims that do not say what their journals say': `select c.id from claim c left join lateral (
    select coalesce(sum(e.amount_pence) filter (where a.kind = 'pending'), 0) as pending, coalesce(sum(e.amount_pence) filter (where a.kind = 'approved'), 0) as approved, coalesce(sum(e.amount_pence) filter (where a.kind = 'paid'), 0) as paid
    from claim_journal j join journal_entry e on e.journal_id = j.journal_id join ledger_account a on a.id = e.account_id where j.claim_id = c.id) own on true
    where own.pending <> (case when c.state in ('submitted', 'query') then c.claimed_pence else 0 end) or own.approved <> c.approved_pence - c.paid_pence or own.paid <> c.paid_pence - c.recovered_pence`,
  'Claims whose totals are not those of their lines': `select c.id from claim c left join claim_line l on l.claim_id = c.id group by c.id
    having c.claimed_pence <> coalesce(sum(l.claimed_pence), 0) or c.approved_pence <> coalesce(sum(l.approved_pence), 0)`,
  'Claims paid or recovered by other amounts than are recorded': `select c.id from claim c
    where c.paid_pence <> (select coalesce(sum(amount_pence), 0) from payment where claim_id = c.id) + (select coalesce(sum(amount_pence), 0) from claim_adjustment where claim_id = c.id and what = 'payment')
      or c.recovered_pence <> (select coalesce(sum(amount_pence), 0) from recovery where claim_id = c.id) + (select coalesce(sum(amount_pence), 0) from claim_adjustment where claim_id = c.id and what = 'recovery')`,
  'Claims approved by who prepared or submitted them': 'select id from claim where approved_by in (prepared_by, submitted_by) or approved_by = any (preparers)',
  'Claims whose events are not numbered without gaps': 'select claim_id from claim_event group by claim_id having max(number) <> count(*)',
};

/** Each fault with the number of claims that are it; every count must be 0. */
export async function countClaimFaults(db: Knex): Promise<LedgerCheck[]> {
  const found: LedgerCheck[] = [];
  for (const [fault, rows] of Object.entries(faults)) found.push({ fault, found: (await db.raw(`select count(*)::int as n from (${rows}) as broken`)).rows[0].n as number });
  return found;
}

/** Counts what must never be in all claims; where something is, it is kept as an alert and thrown, so that the log says it too. */
export async function checkClaims(db: Knex): Promise<void> {
  const broken = await db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(7204535)');
    const found = (await countClaimFaults(trx)).filter((check) => check.found > 0);
    if (found.length > 0) await insertAlerts(trx, found);
    return found;
  });
  if (broken.length > 0) throw new Error(`Claims are not as they must be. ${broken.map(({ fault, found }) => `${fault}: ${found}.`).join(' ')} Pay nothing, and compare with the last backup.`);
}
