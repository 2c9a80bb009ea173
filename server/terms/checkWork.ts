/** The nightly check of terms: what must never be, counted; where something is, it is an alert beside the ledger's. */
import type { Knex } from 'knex';
import type { LedgerCheck } from '../ledger/contract.ts';
import { insertAlerts } from '../ledger/reportQueries.ts';

const latest = '(select distinct on (agreement_id) * from agreement_version order by agreement_id, number desc)';

/** What must never be -> the rows that are it. */
const faults: Record<string, string> = {
  'Agreements that are not what their last version says': `select a.id from agreement a join ${latest} v on v.agreement_id = a.id where (a.ceiling_pence, a.ends_on, a.productive_ratio) <> (v.ceiling_pence, v.ends_on, v.productive_ratio)`,
  'Versions whose budgets do not add up to their value': 'select v.id from agreement_version v left join budget_line l on l.version_id = v.id group by v.id having v.ceiling_pence <> coalesce(sum(l.budget_pence), 0)',
  'Budgets whose periods do not add up': 'select l.version_id from budget_line l join budget_profile p using (version_id, head) group by l.version_id, l.head, l.budget_pence having sum(p.amount_pence) <> l.budget_pence',
  'Ledgers whose award is not the value of the last version': `select l.agreement_id from ledger l join ${latest} v using (agreement_id) where l.awarded_pence <> v.ceiling_pence`,
  'Versions not numbered without gaps': 'select agreement_id from agreement_version group by agreement_id having max(number) <> count(*)',
  'Variations in effect without a version, or with one and not in effect': `select v.id from variation v left join agreement_version n on n.variation_id = v.id where (v.state = 'effective') <> (n.id is not null)`,
  'Variations approved by who proposed them': 'select id from variation where approved_by = proposed_by',
};

/** Each fault with the number of rows that are it; every count must be 0. */
export async function countTermsFaults(db: Knex): Promise<LedgerCheck[]> {
  const found: LedgerCheck[] = [];
  for (const [fault, rows] of Object.entries(faults)) found.push({ fault, found: (await db.raw(`select count(*)::int as n from (${rows}) as broken`)).rows[0].n as number });
  return found;
}

/** Counts what must never be in all terms; where something is, it is kept as an alert and thrown, so that the log says it too. */
export async function checkTerms(db: Knex): Promise<void> {
  const broken = await db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(7204537)');
    const found = (await countTermsFaults(trx)).filter((check) => check.found > 0);
    if (found.length > 0) await insertAlerts(trx, found);
    return found;
  });
  if (broken.length > 0) throw new Error(`Terms are not as they must be. ${broken.map(({ fault, found }) => `${fault}: ${found}.`).join(' ')} Vary nothing, and compare with the last backup.`);
}
