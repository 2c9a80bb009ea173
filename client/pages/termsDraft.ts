/** Terms that nobody signed yet: basis, budgets by head and period, targets, purpose and schedules, hotspots; kept as often as one likes. */
import { paymentBases, paymentBasisNames, saveTerms, type BudgetHead, type DraftTerms, type HeadTerms, type ScheduleTerms, type Terms } from '../../server/terms/contract.ts';
import { call } from '../api.ts';
import { createForm, type Field, type Form } from '../form.ts';
import { shortDate } from '../format.ts';
import { html, type Content } from '../html.ts';
import { note } from '../states.ts';
import { amountText, createRows, hoursText, type ReadRow, type Rows } from './termsRows.ts';

export interface DraftEditor {
  readonly view: (missing: Terms['missing']) => Content;
}

/** The editor of a draft; `kept` gets what the server has afterwards. */
export function draftEditor({ terms, draft, heads, redraw, kept }: { terms: Terms; draft: DraftTerms; heads: readonly BudgetHead[]; redraw: () => void; kept: (terms: Terms) => void }): DraftEditor {
  const budgets = headRows({ heads, start: draft.heads, periods: terms.periods, redraw });
  const targets = targetRows(draft.targets, redraw);
  const form: Form = createForm({
    submit: 'Keep the draft', redraw, fields: [...basisFields(draft), ...wordFields(draft), ...hotspotFields(terms, draft.hotspotIds)],
    action: async (values) => {
      const [budget, target] = [budgets.read(), targets.read()];
      const problems = [...budget.problems, ...target.problems];
      if (problems.length > 0) return form.refuse(problems);
      kept(await call(saveTerms, saveTerms.input.parse({ id: terms.agreementId, ...termsOf(values), heads: headsOf(budget.rows, terms.periods), targets: targetsOf(target.rows) })));
    },
  });
  return {
    view: (missing) => html`${missing.length > 0 ? note('warning', html`Before these terms can be signed: <ul>${missing.map(({ message }) => html`<li>${message}</li>`)}</ul>`) : note('info', 'These terms can be signed. They become version 1 when the agreement is signed or its ledger is opened.')}
      <p class="section__lead">A head’s periods add up to its budget; left blank, the budget is spread over the days of the agreement. No cap on overheads is published: a percentage holds only where this agreement states one.</p>
      ${budgets.view()}${targets.view()}${form.view()}`,
  };
}

/** Rows of budgets: head, budget, tolerance, and an amount for each period where periods are given. */
export function headRows({ heads, start, periods, redraw }: { heads: readonly BudgetHead[]; start: readonly HeadTerms[]; periods: Terms['periods']; redraw: () => void }): Rows {
  const names = [...new Set([...heads.filter(({ validTo }) => validTo === null).map(({ name }) => name), ...start.map(({ head }) => head)])];
  return createRows({
    caption: periods.length > 0 ? 'Budgets by head and period, in pounds' : 'Budgets by head, in pounds', field: 'heads', add: 'Add a head', redraw, empty: 'The whole amount stands under no head.',
    columns: [
      { key: 'head', label: 'Head', kind: 'select', options: names.map((name) => ({ value: name, label: name || 'Not under a head' })) },
      { key: 'budget', label: 'Budget', kind: 'money', sum: true },
      { key: 'tolerance', label: 'Tolerance', kind: 'money', optional: true },
      ...periods.map(({ startsOn }) => ({ key: startsOn, label: `From ${shortDate(startsOn)}`, kind: 'money' as const, optional: true, sum: true })),
    ],
    start: start.map(({ head, budgetPence, tolerancePence, profile }) => ({
      head, budget: amountText(budgetPence), tolerance: tolerancePence === 0 ? '' : amountText(tolerancePence),
      ...Object.fromEntries(profile.map(({ startsOn, amountPence }) => [startsOn, amountText(amountPence)])),
    })),
  });
}

export function headsOf(rows: readonly ReadRow[], periods: Terms['periods']): unknown[] {
  return rows.map((row) => ({
    head: row['head'], budgetPence: row['budget'], tolerancePence: row['tolerance'] ?? 0,
    profile: periods.flatMap(({ startsOn }) => (row[startsOn] === undefined ? [] : [{ startsOn, amountPence: row[startsOn] }])),
  }));
}

export function targetRows(start: DraftTerms['targets'], redraw: () => void): Rows {
  return createRows({
    caption: 'Targets in person-hours', field: 'targets', add: 'Add a target', redraw, empty: 'No target is agreed.',
    columns: [{ key: 'startsOn', label: 'First day', kind: 'date' }, { key: 'endsOn', label: 'Last day', kind: 'date' }, { key: 'hours', label: 'Person-hours', kind: 'hours' }],
    start: start.map(({ startsOn, endsOn, personMinutes }) => ({ startsOn, endsOn, hours: hoursText(personMinutes) })),
  });
}

export const targetsOf = (rows: readonly ReadRow[]): unknown[] => rows.map(({ startsOn, endsOn, hours }) => ({ startsOn, endsOn, personMinutes: hours }));

type Basis = Pick<DraftTerms, 'paymentBasis' | 'overheadsAgreed' | 'overheadsPercent'>;

export function basisFields({ paymentBasis, overheadsAgreed, overheadsPercent }: Basis): Field[] {
  return [
    { kind: 'radios', name: 'paymentBasis', label: 'Paid on', value: paymentBasis, required: true, options: paymentBases.map((value) => ({ value, label: paymentBasisNames[value] })) },
    { kind: 'checkbox', name: 'overheadsAgreed', label: 'Overheads are agreed', value: overheadsAgreed },
    { kind: 'number', name: 'overheadsPercent', label: 'Overheads at most', hint: 'Of the other heads; blank where the agreement states no percentage', unit: '%', whole: false, min: 0.01, max: 100, ...(overheadsPercent === null ? {} : { value: overheadsPercent }) },
  ];
}

export function wordFields({ purpose, schedules }: Pick<DraftTerms, 'purpose' | 'schedules'>): Field[] {
  return [
    { kind: 'textarea', name: 'purpose', label: 'Purpose', value: purpose },
    { kind: 'textarea', name: 'schedules', label: 'Schedules', hint: 'One a line: its title, a colon, what it says', value: schedules.map(({ title, says }) => `${title}: ${says}`).join('\n') },
  ];
}

export function hotspotFields({ hotspots }: Pick<Terms, 'hotspots'>, chosen: readonly string[]): Field[] {
  return hotspots.length === 0 ? [] : [{ kind: 'checkboxes', name: 'hotspotIds', label: 'Hotspots it names', hint: 'None: every live hotspot of the council', value: chosen, options: hotspots.map(({ id, name }) => ({ value: id, label: name })) }];
}

/** "Schedule 2: paid in arrears" -> its title and what it says. */
export function schedulesOf(text: unknown): ScheduleTerms[] {
  return String(text ?? '').split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? { title: line, says: '' } : { title: line.slice(0, colon).trim(), says: line.slice(colon + 1).trim() };
  });
}

/** The form's own values as terms. */
export function termsOf(values: Record<string, unknown>): Record<string, unknown> {
  return {
    paymentBasis: values['paymentBasis'], overheadsAgreed: values['overheadsAgreed'] === true, overheadsPercent: values['overheadsPercent'] ?? null,
    purpose: values['purpose'] ?? '', schedules: schedulesOf(values['schedules']), hotspotIds: values['hotspotIds'] ?? [],
  };
}
