/** The tables of a closure pack as rows, each value in the order of its columns. */
import type { Knex } from 'knex';
import type { PackTable } from './pack.ts';

type Source = Omit<PackTable, 'rows'> & { readonly sql: string };
const text = (label: string) => ({ label, kind: 'text' }) as const;
const money = (label: string) => ({ label, kind: 'money' }) as const;
const count = (label: string) => ({ label, kind: 'count' }) as const;
const day = (label: string) => ({ label, kind: 'date' }) as const;
const hours = (label: string) => ({ label, kind: 'hours' }) as const;

/** Every query gives a JSON array a row; instants are text in UTC. */
const sources: readonly Source[] = [
  {
    name: 'Versions', title: 'What the agreement said, version by version', about: ['A version is never edited; each says what made it.'],
    columns: [count('Version'), day('Effective from'), money('Value, up to'), day('Ends on'), text('Paid on'), text('Made by'), text('Reason')],
    sql: `select jsonb_build_array(number, effective_from, ceiling_pence, ends_on, payment_basis, source_kind, reason) as row from agreement_version where agreement_id = :id order by number`,
  },
  {
    name: 'Budgets', title: 'Budget by head in each version', about: ['Budgets of a version add up to its value.'],
    columns: [count('Version'), text('Budget head'), money('Budget'), money('Tolerance')],
    sql: `select jsonb_build_array(v.number, coalesce(nullif(l.head, ''), 'no head'), l.budget_pence, l.tolerance_pence) as row from budget_line l join agreement_version v on v.id = l.version_id where l.agreement_id = :id order by v.number, l.head`,
  },
  {
    name: 'Accounts', title: 'Balances of the ledger', about: ['All accounts together are £0.00; the award is below zero by what was awarded.'],
    columns: [text('Account'), text('Budget head'), money('Balance'), count('Entries')],
    sql: `select jsonb_build_array(kind, coalesce(nullif(head, ''), 'no head'), balance_pence, version) as row from ledger_account where agreement_id = :id order by kind, head`,
  },
  {
    name: 'Entries', title: 'Every entry of the ledger', about: ['A journal is never changed: it is reversed once, and a new one is posted.'],
    columns: [count('Journal'), text('Kind'), day('Effective on'), text('Recorded at'), text('Reason'), text('Account'), text('Budget head'), money('Amount'), money('Balance after')],
    sql: `select jsonb_build_array(j.number, j.kind, j.effective_on, to_char(j.recorded_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), j.reason, a.kind, coalesce(nullif(a.head, ''), 'no head'), e.amount_pence, e.balance_pence) as row
      from journal j join journal_entry e on e.journal_id = j.id join ledger_account a on a.id = e.account_id where j.agreement_id = :id order by j.number, a.kind, a.head`,
  },
  {
    name: 'Claims', title: 'Claims and what became of them', about: ['Approved is at most claimed, paid at most approved, recovered at most paid.'],
    columns: [count('Claim'), text('Basis'), day('From'), day('To'), text('State'), money('Claimed'), money('Approved'), money('Paid'), money('Recovered')],
    sql: `select jsonb_build_array(number, basis, starts_on, ends_on, state, claimed_pence, approved_pence, paid_pence, recovered_pence) as row from claim where agreement_id = :id order by number`,
  },
  {
    name: 'Claim lines', title: 'Lines of claims', about: ['A line of hours is its minutes at its rate, rounded once, half a penny up.'],
    columns: [count('Claim'), text('Budget head'), text('What'), hours('Hours'), money('An hour'), money('Claimed'), money('Approved'), text('Why cut')],
    sql: `select jsonb_build_array(c.number, coalesce(nullif(l.head, ''), 'no head'), l.what, l.minutes, l.pence_per_hour, l.claimed_pence, l.approved_pence, l.cut_reason) as row from claim_line l join claim c on c.id = l.claim_id where l.agreement_id = :id order by c.number, l.entered_at, l.id`,
  },
  {
    name: 'Payments', title: 'Payments and recoveries', about: ['Each with its day and its reference.'],
    columns: [count('Claim'), text('What'), day('On'), text('Reference'), money('Amount')],
    sql: `select jsonb_build_array(number, what, happened_on, reference, pence) as row from (
      select c.number, 'payment' as what, p.paid_on as happened_on, p.reference, p.amount_pence as pence from payment p join claim c on c.id = p.claim_id where p.agreement_id = :id
      union all select c.number, 'recovery, ' || r.how, r.recovered_on, r.reference, r.amount_pence from recovery r join claim c on c.id = r.claim_id where r.agreement_id = :id) both_ways order by number, happened_on, what`,
  },
  {
    name: 'Hours paid', title: 'Minutes that stand behind claims on verified hours', about: ['One row a visit, person and rate. Wardens by reference of their council, never by name.'],
    columns: [count('Claim'), day('Day'), text('Hotspot'), text('Who'), text('Patrol'), text('Visit'), text('Rate band'), money('An hour'), hours('Hours')],
    sql: `select jsonb_build_array(c.number, h.day, s.name, coalesce(w.reference, 'not named'), v.patrol_reference, v.id, h.band, h.pence_per_hour, sum(h.minutes)) as row
      from claim_hours h join claim c on c.id = h.claim_id join visit v on v.id = h.visit_id join hotspot s on s.id = v.hotspot_id left join warden w on h.person = 'warden ' || w.id
      where h.agreement_id = :id and h.held group by c.number, h.day, s.name, w.reference, h.person, v.patrol_reference, v.id, h.band, h.pence_per_hour, v.started_at order by c.number, h.day, v.started_at, h.person`,
  },
  {
    name: 'Hours decided', title: 'Refused hours that were explained or corrected', about: ['Accepted by a second person, they are among the hours paid.'],
    columns: [day('Day'), text('Refused as'), hours('Hours'), text('Explanation'), text('Decision'), text('Why')],
    sql: `select jsonb_build_array(day, reason, minutes, explanation, state, decided_why) as row from hours_decision where agreement_id = :id order by day, explained_at`,
  },
  {
    name: 'Conditions', title: 'Conditions and milestones', about: ['Met by one person and accepted by another.'],
    columns: [text('Kind'), text('What'), day('Due on'), day('Met on'), text('Accepted'), text('Evidence')],
    sql: `select jsonb_build_array(kind, what, due_on, done_on, case when accepted_by is null then 'no' else 'yes' end, evidence) as row from agreement_condition where agreement_id = :id order by due_on, what`,
  },
  {
    name: 'Documents', title: 'Documents and evidence, with their hashes', about: ['The files themselves are in the service; a file is the one meant when its SHA-256 is the one here.'],
    columns: [text('Title'), text('File'), text('About'), count('Bytes'), text('Withdrawn'), text('SHA-256')],
    sql: `select jsonb_build_array(title, file_name, subject_kind, bytes, case when withdrawn_at is null then 'no' else 'yes' end, sha256) as row from document where agreement_id = :id order by added_at, id`,
  },
];

/** Every table that is read from the database as it is. */
export async function listPackTables(db: Knex, agreementId: string): Promise<PackTable[]> {
  const tables: PackTable[] = [];
  for (const { sql, ...table } of sources) {
    const { rows } = await db.raw(sql, { id: agreementId });
    tables.push({ ...table, rows: (rows as { row: PackTable['rows'][number] }[]).map(({ row }) => row) });
  }
  return tables;
}
