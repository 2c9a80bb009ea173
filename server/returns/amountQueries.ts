/** Money, targets and assets of a period, row by row, each under the measure it counts in. */
import type { Knex } from 'knex';
import type { LoadedAgreement, LoadedAmount } from './month.ts';

interface Span {
  readonly first: string;
  readonly last: string;
  readonly next: string;
  readonly all: boolean;
  readonly councils: string[];
}

/** Agreements that bind somebody on a day of the period. */
const inPeriod = `a.state not in ('draft', 'in legal', 'sent') and daterange(a.starts_on, a.ends_on, '[]') && daterange(:first, :next) and (:all or a.council_code = any(:councils))`;

export async function listAgreements(db: Knex, span: Span): Promise<LoadedAgreement[]> {
  const { rows } = await db.raw(`
    select a.id, a.reference, a.council_code as "councilCode", coalesce(o.name, a.council_code) as name
    from agreement a left join organisation o on o.council_code = a.council_code
    where ${inPeriod} order by a.council_code, a.reference collate "C", a.id`, { ...span });
  return rows as LoadedAgreement[];
}

/** A journal's reversal or adjustment counts under what it corrects, so that what was taken back is taken off. */
const flow = (measure: string, account: string, journal: string | null, sign: 1 | -1, toDate = false): string => `
  select '${measure}' as measure, j.id::text as id, 'journal' as kind, a.id as "agreementId", a.council_code as "councilCode", acc.head, e.effective_on as "on", ${sign} * e.amount_pence as amount,
    a.reference || ', ' || j.kind || ' ' || j.number || ': ' || j.reason as about, j.number as nth
  from journal_entry e join ledger_account acc on acc.id = e.account_id and acc.kind = '${account}' join journal j on j.id = e.journal_id join agreement a on a.id = e.agreement_id
  left join journal was on was.id = coalesce(j.reverses, j.corrects)
  where ${inPeriod} and e.effective_on ${toDate ? '<= :last::date' : 'between :first::date and :last::date'}${journal ? ` and coalesce(was.kind, j.kind) = '${journal}'` : ''}`;

const inForce = `join lateral (select v.id, v.number from agreement_version v where v.agreement_id = a.id and v.effective_from <= :last::date order by v.number desc limit 1) v on true`;

const amounts = [
  flow('claimed', 'pending', 'claim', 1), flow('approved', 'approved', 'approval', 1), flow('paid', 'paid', 'payment', 1), flow('recovered', 'paid', 'recovery', -1),
  flow('accrued', 'accrued', null, 1), flow('atRisk', 'at risk', null, 1),
  flow('awardedToDate', 'award', null, -1, true), flow('claimedToDate', 'pending', 'claim', 1, true), flow('paidToDate', 'paid', null, 1, true), flow('availableToDate', 'available', null, 1, true),
  `select 'budget', v.id || ' ' || b.head, 'budget', a.id, a.council_code, b.head, :last::date, b.budget_pence, a.reference || ', budget of version ' || v.number, 0
   from agreement a ${inForce} join budget_line b on b.version_id = v.id where ${inPeriod}`,
  `select 'planned', v.id || ' ' || p.head || ' ' || p.starts_on, 'budget', a.id, a.council_code, p.head, p.starts_on, p.amount_pence, a.reference || ', profile of version ' || v.number, 0
   from agreement a ${inForce} join budget_profile p on p.version_id = v.id and p.starts_on between :first::date and :last::date where ${inPeriod}`,
  `select 'target', v.id || ' ' || t.starts_on, 'target', a.id, a.council_code, '', t.starts_on, t.person_minutes, a.reference || ', target to ' || t.ends_on, 0
   from agreement a ${inForce} join target t on t.version_id = v.id and t.starts_on between :first::date and :last::date where ${inPeriod}`,
  `select 'forecastOutturn', f.id::text, 'forecast', a.id, a.council_code, '', f.known_on, f.central_pence, a.reference || ', central forecast as known on ' || f.known_on, 0
   from agreement a join lateral (select * from forecast_run r where r.agreement_id = a.id order by r.known_on desc, r.made_at desc, r.id limit 1) f on true where ${inPeriod}`,
  ...['actual', 'outturn'].map((what) => `select '${what === 'actual' ? 'councilActual' : 'councilOutturn'}', f.id::text, 'forecast', a.id, a.council_code, '', f.quarter_ends_on, f.${what}_pence, a.reference || ', signed by ' || f.signed_by || ', version ' || f.version, 0
   from agreement a join lateral (select * from council_forecast r where r.agreement_id = a.id and r.quarter_ends_on between :first::date and :last::date order by r.quarter_ends_on desc, r.version desc limit 1) f on true where ${inPeriod}`),
  `select 'assets', s.id::text, 'asset', a.id, a.council_code, s.head, s.bought_on, s.quantity, a.reference || ': ' || s.what, 0 from asset s join agreement a on a.id = s.agreement_id where ${inPeriod} and s.bought_on <= :last::date`,
  `select 'assetCost', s.id::text, 'asset', a.id, a.council_code, s.head, s.bought_on, s.cost_pence, a.reference || ': ' || s.what, 0 from asset s join agreement a on a.id = s.agreement_id where ${inPeriod} and s.bought_on <= :last::date`,
];

/** Every row of money of the period, in an order that does not depend on how they were stored. */
export async function listAmounts(db: Knex, span: Span): Promise<LoadedAmount[]> {
  const { rows } = await db.raw(
    `select measure, id, kind, "agreementId", "councilCode", head, "on", amount, about from (${amounts.join(' union all ')}) found
     order by measure, "councilCode", "agreementId", "on", nth, id collate "C", head collate "C"`, { ...span });
  return rows as LoadedAmount[];
}
