import type { Knex } from 'knex';

/**
 * The other returns of a hotspot patrol grant, each rebuilt from public pages: no copy of the Home Office's forms is public.
 * What a page says is marked published, the rest inferred; an office edits them to what its grant agreement asks for.
 */
export async function up(db: Knex): Promise<void> {
  await db('return_definition').insert(definitions.map(({ fields, deadline, signatories, sources, ...row }) => ({
    ...row, version: 1, valid_from: '2023-04-01', basis: `Rebuilt from public pages: no copy of the form is public. ${row.basis}`,
    fields: JSON.stringify(fields.map(toField)), deadline: JSON.stringify(deadline), signatories: JSON.stringify(signatories), sources: JSON.stringify(sources),
  })));
}

/** Code, name, unit, breakdown, measure or `=formula` or nothing, definition, basis. */
type Row = readonly [code: string, name: string, unit: string, breakdown: string, from: string | null, definition: string, basis: string];

function toField([code, name, unit, breakdown, from, definition, basis]: Row): object {
  const source = from?.startsWith('=') ? { measure: null, formula: from.slice(1).trim() } : { measure: from };
  return { code, name, unit, breakdown, ...source, definition, basis };
}

interface Definition {
  readonly code: string;
  readonly name: string;
  readonly basis: string;
  readonly frequency: string;
  readonly deadline: object;
  readonly signatories: readonly { readonly title: string; readonly role: string | null }[];
  readonly sources: readonly { readonly title: string; readonly address: string }[];
  readonly fields: readonly Row[];
}

const inferred = 'Inferred';
const clauses = 'Published: managing-the-grant clauses of Home Office agreements';
const accruals = 'Published: eligible-expenditure clauses, accruals basis';
const budgetReturn = 'Published: Cleveland Grant Budget Return Form';

const byDecision2025 = 'Published: Cleveland decision notice 2025-26-001';
const byDecision2023 = 'Published: Cleveland decision notice 2023-24-0043';

const financeOfficer = { title: 'Chief Finance Officer (section 151)', role: 'finance_approver' };
const managing = { title: 'Clause: managing the grant', address: 'https://lawinsider.com/clause/managing-the-grant/_1' };
const timing = { title: 'Timing of the grant', address: 'https://lawinsider.com/dictionary/timing-of-the-grant' };
const expenditure = { title: 'Clause: expenditure breakdown', address: 'https://lawinsider.com/clause/expenditure-breakdown' };
const eligible = { title: 'Clause: eligible expenditure', address: 'https://lawinsider.com/clause/eligible-expenditure' };
const decision2025 = { title: 'Cleveland decision notice 2025-26-001', address: 'https://www.cleveland.pcc.police.uk/working-for-you/decisions/decision-notices/decision-2025-26-001-hotspot-action-patrols/' };
const decision2023 = { title: 'Cleveland decision notice 2023-24-0043', address: 'https://www.cleveland.pcc.police.uk/working-for-you/decisions/decision-notices/decision-2023-24-0043-antisocial-behaviour-hotspot-uniformed-patrols-funding/' };
const monitoring = { title: 'Grants standard 8: performance and monitoring', address: 'https://gov.uk/government/publications/grants-standards/8-performance-and-monitoring-html' };
const reconciliation = { title: 'Grants standard 9: annual review and reconciliation', address: 'https://fly1.wordsworth.site/government/publications/grants-standards/9-annual-review-and-reconciliation-html' };
const budgetForm = { title: 'Cleveland: Grant Budget Return Form', address: 'https://clevelandpcc.mixd.co.uk/publications/grant-budget-return-form/' };
const agreementShape = { title: 'Home Office agreement with its schedules, North Yorkshire', address: 'https://edemocracy.northyorks.gov.uk/documents/s6325/Appendix%25203.html?CT=2' };

const awarded: Row = ['awarded', 'Awarded', 'pence', 'none', 'awardedToDate', 'Awarded to the agreement up to the end of the period, variations included.', clauses];
const paidToDate: Row = ['paid_to_date', 'Paid to date', 'pence', 'none', 'paidToDate', 'Paid up to the end of the period, less what was recovered.', clauses];
const forecast: Row = ['forecast', 'Forecast outturn', 'pence', 'none', 'forecastOutturn', 'The central forecast of what will have been spent when the agreement ends, the latest made.', clauses];
const underspend: Row = ['underspend', 'Forecast underspend', 'pence', 'none', '= awarded - forecast', 'Awarded less the forecast outturn; below zero is an overspend.', clauses];
const underspendShare: Row = ['underspend_share', 'Forecast underspend as a share', 'per cent', 'none', '= percent(underspend, awarded)', 'The forecast underspend as a percentage of what was awarded.', inferred];

const definitions: readonly Definition[] = [
  {
    code: 'quarterly_claim', name: 'Quarterly financial claim', frequency: 'quarterly',
    basis: 'Actual and forecast with a breakdown, signed by the Chief Finance Officer. Quarterly in arrears is inferred for the Home Office and published for commissioners’ own agreements.',
    deadline: { days: 30, basis: 'Published example of a timetable: a half-year to 30 September is claimed by 31 October. Set it to what the agreement says.' },
    signatories: [financeOfficer], sources: [managing, timing, expenditure, eligible],
    fields: [
      awarded,
      ['budget', 'Budget', 'pence', 'budget head', 'budget', 'Budget by head of the version in force at the end of the quarter.', clauses],
      ['claimed', 'Claimed', 'pence', 'budget head', 'claimed', 'Eligible cost claimed in the quarter, net of recoverable VAT.', accruals],
      ['accrued', 'Accrued', 'pence', 'budget head', 'accrued', 'Cost received and not yet claimed, less accruals of before that came to an end.', accruals],
      ['actual', 'Actual', 'pence', 'budget head', '= claimed + accrued', 'Claimed and accrued: a cost counts when it is received.', accruals],
      ['approved', 'Approved', 'pence', 'budget head', 'approved', 'Approved in the quarter.', inferred],
      ['paid', 'Paid', 'pence', 'budget head', 'paid', 'Paid in the quarter.', inferred],
      ['recovered', 'Recovered', 'pence', 'none', 'recovered', 'Overpayment recovered in the quarter.', clauses],
      ['at_risk', 'Spent at risk', 'pence', 'none', 'atRisk', 'Spent before the agreement was signed: recorded and not claimable.', byDecision2025],
      forecast,
      ['council_outturn', 'Forecast by the council', 'pence', 'none', 'councilOutturn', 'What the council’s chief finance officer signed for the quarter.', budgetReturn],
      underspend, underspendShare,
      ['person_minutes', 'Person-hours', 'person-minutes', 'none', 'personMinutes', 'Whole minutes of each visit times the persons on it.', 'Published: pilot evaluation, gov.uk'],
      ['cost_per_hour', 'Actual cost of a person-hour', 'pence', 'none', '= actual * 60 / person_minutes', 'Actual divided by person-hours delivered in the same quarter. Never to be compared with an hour counted otherwise.', inferred],
      ['progress', 'Progress report', 'text', 'none', null, 'Written with the claim.', clauses],
    ],
  },
  {
    code: 'underspend_notice', name: 'Underspend notice', frequency: 'on event',
    basis: 'Forecast underspend is told “as soon as reasonably practicable”; it cannot be carried over without approval.',
    deadline: { basis: 'Published: as soon as reasonably practicable once it is forecast.' },
    signatories: [financeOfficer], sources: [managing, decision2023],
    fields: [
      awarded, paidToDate, forecast, underspend, underspendShare,
      ['causes', 'Causes', 'text', 'none', null, 'Vacancy, vetting, abstraction, late start, weather or other, each with its money; see the forecast.', byDecision2023],
      ['proposal', 'What is proposed', 'text', 'none', null, 'Moving money to where it can be spent, or giving it back.', inferred],
    ],
  },
  {
    code: 'delivery_plan', name: 'Delivery plan', frequency: 'yearly',
    basis: 'Once a grant year; who signs is inferred.',
    deadline: { daysFromStart: -1, basis: 'Published for 2025/26: guidance on 4 March, plans due by 31 March.' },
    signatories: [{ title: 'Police and Crime Commissioner or Chief Executive (inferred)', role: null }], sources: [decision2025],
    fields: [
      ['budget', 'Budget', 'pence', 'budget head', 'budget', 'Budget by head of the version in force at the end of the year.', inferred],
      ['target', 'Person-hours planned', 'person-minutes', 'none', 'target', 'Person-minutes agreed as targets that begin in the year.', 'Published: Cleveland decision notice 2025-26-001, a target of 13,000 patrol hours'],
      ['cost_per_hour', 'Budget of a person-hour', 'pence', 'none', '= budget * 60 / target', 'Budget divided by planned person-hours.', inferred],
      ['hotspots', 'Hotspots and how they were chosen', 'text', 'none', null, 'Method, sources, years looked back, rank.', byDecision2025],
      ['partners', 'Partners and their part', 'text', 'none', null, 'Which body patrols where.', inferred],
      ['risks', 'Risks', 'text', 'none', null, 'Risks of delivery and what is done about them.', inferred],
    ],
  },
  {
    code: 'year_end_reconciliation', name: 'Year-end reconciliation', frequency: 'yearly',
    basis: 'A yearly statement and a decision to continue, discontinue or amend.',
    deadline: { days: 30, basis: 'Published example of a timetable: a half-year to 31 March is claimed by 30 April. Set it to what the agreement says.' },
    signatories: [financeOfficer], sources: [monitoring, reconciliation, managing],
    fields: [
      awarded,
      ['claimed_to_date', 'Claimed to date', 'pence', 'none', 'claimedToDate', 'Claimed up to the end of the year.', clauses],
      paidToDate,
      ['recovered', 'Recovered in the year', 'pence', 'none', 'recovered', 'Overpayment recovered in the year.', clauses],
      ['at_risk', 'Spent at risk in the year', 'pence', 'none', 'atRisk', 'Spent before an agreement was signed.', byDecision2025],
      ['unspent', 'Unspent', 'pence', 'none', '= awarded - paid_to_date', 'Awarded less paid: given back unless an approved variation carries it.', clauses],
      ['unspent_share', 'Unspent as a share', 'per cent', 'none', '= percent(unspent, awarded)', 'Unspent as a percentage of what was awarded.', inferred],
      ['asset_cost', 'Assets', 'pence', 'none', 'assetCost', 'Cost of things bought with the grant by the end of the year.', inferred],
      ['decision', 'Decision', 'text', 'none', null, 'Continue, discontinue or amend, with the reason.', 'Published: Grants standard 9'],
    ],
  },
  {
    code: 'cleveland_budget_return', name: 'Cleveland Grant Budget Return, mid-year', frequency: 'half-yearly',
    basis: 'Actual against planned with reasons, from the council’s finance team to the commissioner, by 30 October for the half-year to September.',
    deadline: { days: 30, basis: 'Published: by 30 October for the half-year to 30 September.' },
    signatories: [{ title: 'Council finance', role: null }], sources: [budgetForm],
    fields: [
      ['planned', 'Planned', 'pence', 'budget head', 'planned', 'What the budget’s profile plans for the half-year.', budgetReturn],
      ['claimed', 'Claimed', 'pence', 'budget head', 'claimed', 'Claimed in the half-year.', budgetReturn],
      ['accrued', 'Accrued', 'pence', 'budget head', 'accrued', 'Received and not yet claimed.', budgetReturn],
      ['actual', 'Actual', 'pence', 'budget head', '= claimed + accrued', 'Claimed and accrued.', budgetReturn],
      ['difference', 'Actual less planned', 'pence', 'budget head', '= actual - planned', 'Below zero is less than planned.', budgetReturn],
      ['difference_share', 'Difference as a share', 'per cent', 'none', '= percent(difference, planned)', 'The difference as a percentage of what was planned.', inferred],
      forecast,
      ['reasons', 'Reasons for differences', 'text', 'none', null, 'Written by the council.', budgetReturn],
    ],
  },
  {
    code: 'closure_pack', name: 'Closure pack', frequency: 'on event',
    basis: 'The closure plan is schedule 4 of the agreement; the items are inferred. The pack itself, with the hash of every table, is made on the agreement’s closure page.',
    deadline: { basis: 'As the closure plan of the agreement says.' },
    signatories: [financeOfficer], sources: [agreementShape, reconciliation],
    fields: [
      awarded, paidToDate,
      ['unspent', 'Unspent', 'pence', 'none', '= awarded - paid_to_date', 'Awarded less paid.', clauses],
      ['assets', 'Things bought', 'count', 'none', 'assets', 'Things in the asset register.', inferred],
      ['asset_cost', 'Their cost', 'pence', 'none', 'assetCost', 'What they cost.', inferred],
      ['retention', 'Retention', 'text', 'none', null, 'How long which records are kept; see the closure page.', inferred],
      ['handover', 'Handover', 'text', 'none', null, 'Who carries on with what.', inferred],
    ],
  },
];
