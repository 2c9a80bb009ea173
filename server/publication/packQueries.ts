/** Everything an information pack is made from. Names of officers are left out: an event says in which role somebody acted. */
import type { Knex } from 'knex';
import { monthlyDefinition } from '../returns/contract.ts';
import type { PackSubject } from './contract.ts';
import type { PackEvent, PackRow } from './pack.ts';

export async function listPackEvents(db: Knex, subjectKind: PackSubject, subjectId: string): Promise<PackEvent[]> {
  const { rows } = await db.raw(`
    select to_json(e.happened_at) #>> '{}' as at, e.role, e.action, e.reason, e.before, e.after from audit_event e
    where e.subject_kind = :kind and (e.subject_id = :subjectId
      -- What was said of a month before it was a return stands under the month.
      or exists (select from monitoring_return m where :kind = 'monitoring_return' and m.id::text = :subjectId and m.definition_code = :monthly and split_part(e.subject_id, ' ', 1) = to_char(m.month, 'YYYY-MM')))
    order by e.id limit 20000`, { kind: subjectKind === 'return' ? 'monitoring_return' : subjectKind, subjectId, monthly: monthlyDefinition });
  return rows as PackEvent[];
}

/** Returns with a kept version, newest first. */
export async function listPackReturns(db: Knex): Promise<{ code: string; name: string }[]> {
  const { rows } = await db.raw(`select m.id as code, ${returnName} as name from monitoring_return m where exists (select from return_version v where v.return_id = m.id) order by m.month desc, 2 limit 500`);
  return rows as { code: string; name: string }[];
}

const returnName = `(select d.name from return_definition d where d.code = m.definition_code order by d.version desc limit 1) || ', ' || to_char(m.month, 'YYYY-MM')`;

/** The rows of one kind that belong to an agreement, a hotspot or a return, by the name of their file. */
export async function listPackTables(db: Knex, subjectKind: PackSubject, id: string): Promise<Readonly<Record<string, readonly PackRow[]>>> {
  const found: Record<string, readonly PackRow[]> = {};
  for (const [name, statement] of Object.entries(statements[subjectKind])) found[name] = ((await db.raw(statement, { id })) as { rows: PackRow[] }).rows;
  return found;
}

const statements: Record<PackSubject, Record<string, string>> = {
  agreement: {
    agreement: `select a.reference, o.name as council, f.name as fund, a.ceiling_pence, a.starts_on, a.ends_on, a.state from agreement a join fund f on f.id = a.fund_id join organisation o on o.council_code = a.council_code where a.id = :id`,
    versions: `select number, effective_from, ends_on, ceiling_pence, payment_basis, productive_ratio, purpose, source_kind, reason, difference from agreement_version where agreement_id = :id order by number`,
    budget: `select v.number as version, l.head, l.budget_pence, l.tolerance_pence from budget_line l join agreement_version v on v.id = l.version_id where v.agreement_id = :id order by 1, 2`,
    variations: `select number, state, effective_from, reason, difference, decision_reference, withdrawn_reason from variation where agreement_id = :id order by number`,
    conditions: `select kind, what, owed_by, due_on, done_on, evidence from agreement_condition where agreement_id = :id order by due_on, what`,
    claims: `select number, basis, starts_on, ends_on, state, claimed_pence, approved_pence, paid_pence, recovered_pence, due_on, late_days, late_reason from claim where agreement_id = :id order by number`,
    payments: `select c.number as claim, p.paid_on, p.reference, p.amount_pence from payment p join claim c on c.id = p.claim_id where p.agreement_id = :id order by p.paid_on`,
    documents: `select title, subject_kind, file_name, media_type, bytes, sha256, to_char(added_at, 'YYYY-MM-DD') as added_on, withdrawn_reason from document where agreement_id = :id order by added_at`,
  },
  hotspot: {
    hotspot: `select h.name, o.name as council, h.ward_code, h.state, h.live_from, h.live_to, h.reason, h.retired_reason from hotspot h join organisation o on o.council_code = h.council_code where h.id = :id`,
    baseline: `select month, source_code, n from hotspot_baseline where hotspot_id = :id order by 1, 2`,
    outlines: `select valid_from, valid_to, reason from hotspot_outline where hotspot_id = :id order by 1`,
    patrols: `select to_char(visited_on, 'YYYY-MM') as month, count(*)::int as visits, sum(person_minutes)::int as person_minutes from visit where hotspot_id = :id group by 1 order by 1`,
    actions: `select to_char(v.visited_on, 'YYYY') as year, k.name as action, sum(a.n)::int as n from visit v join visit_action a on a.visit_id = v.id join action_kind k on k.code = a.action_code where v.hotspot_id = :id group by 1, 2 order by 1, 2`,
  },
  return: {
    return: `select ${returnName} as name, m.definition_code, to_char(m.month, 'YYYY-MM') as month, m.state from monitoring_return m where m.id = :id`,
    versions: `select version, definition_version, sha256, to_char(made_at, 'YYYY-MM-DD') as made_on from return_version where return_id = :id order by version`,
    steps: `select version, step, to_char(taken_at, 'YYYY-MM-DD') as taken_on, reason, array_to_string(sections, '; ') as sections from return_step where return_id = :id order by position`,
    // All hotspots together, without parts: nothing here can be subtracted from anything.
    figures: `select v.version, f ->> 'field' as figure, (f ->> 'value')::float8 as n, f ->> 'status' as status from return_version v cross join jsonb_array_elements(v.figures -> 'areas') a cross join jsonb_array_elements(a -> 'figures') f
      where v.return_id = :id and a ->> 'councilCode' is null and f ->> 'breakdown' is null order by v.version, 2`,
  },
};
