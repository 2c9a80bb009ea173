/** Entering a fund, entering an agreement, and the list of bank holidays: the grant manager's forms. */
import { addAgreement, addFund, listBankHolidays, listBodies, listFunds, removeBankHoliday, setBankHoliday, type BankHoliday, type Body, type Fund } from '../../server/grants/contract.ts';
import { call } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { money } from '../format.ts';
import { frame } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { navigate, type Page } from '../router.ts';
import { emptyView, failureText, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { agreementFields } from './agreement.ts';

const back = [{ label: 'Agreements', href: '/agreements' }];
const cancel = html`<a href="/agreements">Cancel</a>`;

export const newAgreementPage: Page = (root) => {
  let state: Loadable<{ funds: readonly Fund[]; bodies: readonly Body[] }> = loading;
  const draw = (): void => render(frame({ title: 'New agreement', width: 'narrow', breadcrumbs: back }, shown(state, ({ funds }) => (funds.length > 0 ? form.view() : emptyView('Enter the fund first', html`<a href="/funds/new">New fund</a>`)), { what: 'the form' })), root);
  const form = createForm({
    submit: 'Keep agreement', redraw: draw, beside: cancel,
    fields: () => (state.at === 'ready' ? [
      { kind: 'select', name: 'fundId', label: 'Fund', required: true, options: state.value.funds.map((fund) => ({ value: fund.id, label: `${fund.name}: ${money(fund.unagreedPence ?? 0)} not yet agreed` })) },
      { kind: 'select', name: 'councilCode', label: 'With', hint: 'A council, or the police force for patrols with its support', required: true, blank: 'Choose', requiredMessage: 'Choose whom the agreement is with', options: state.value.bodies.map((one) => ({ value: one.code, label: one.name })) },
      ...agreementFields(),
    ] : []),
    action: async (values) => {
      const { id } = await call(addAgreement, addAgreement.input.parse(values));
      await navigate(`/agreements/${id}`);
    },
  });
  const question = Promise.all([call(listFunds, {}), call(listBodies, {})]).then(([{ funds }, { bodies }]) => ({ funds, bodies }));
  return load(question, (next) => {
    state = next;
    draw();
  });
};

/** A fund as fields. */
export function fundFields(fund?: Fund): Field[] {
  return [
    { kind: 'text', name: 'name', label: 'Name', value: fund?.name, required: true },
    { kind: 'text', name: 'funder', label: 'Paid by', value: fund?.funder, required: true, size: 'medium' },
    { kind: 'money', name: 'awardPence', label: 'Award', value: fund?.awardPence, required: true },
    { kind: 'date', name: 'startsOn', label: 'First day', value: fund?.startsOn, required: true },
    { kind: 'date', name: 'endsOn', label: 'Last day', value: fund?.endsOn, required: true },
    { kind: 'textarea', name: 'purpose', label: 'Purpose', value: fund?.purpose, required: true },
  ];
}

export const newFundPage: Page = (root) => {
  const draw = (): void => render(frame({ title: 'New fund', width: 'narrow', breadcrumbs: back }, form.view()), root);
  const form = createForm({
    submit: 'Keep fund', redraw: draw, beside: cancel, fields: fundFields(),
    action: async (values) => {
      await call(addFund, addFund.input.parse(values));
      await navigate('/agreements');
    },
  });
  draw();
};

export const bankHolidaysPage: Page = (root) => {
  let state: Loadable<readonly BankHoliday[]> = loading;
  let refusal = '';
  const draw = (): void => render(frame({ title: 'Bank holidays', width: 'narrow', breadcrumbs: back, lead: 'Days paid at the bank holiday rate.' },
    html`${refusal ? note('danger', refusal, { live: true }) : nothing}${shown(state, body, { what: 'bank holidays' })}`), root);
  const body = (days: readonly BankHoliday[]): Content => html`${table.view(days)}${form.view()}`;
  const ask = (): Promise<readonly BankHoliday[]> => call(listBankHolidays, {}).then((answer) => answer.bankHolidays);
  const refresh = async (): Promise<void> => {
    state = { at: 'ready', value: await ask() };
    draw();
  };
  const remove = async (heldOn: string): Promise<void> => {
    refusal = '';
    await call(removeBankHoliday, { heldOn }).catch((error: unknown) => (refusal = failureText(error)));
    await refresh();
  };
  const table = createTable<BankHoliday>({ caption: 'Bank holidays', rowId: (day) => day.heldOn, redraw: draw, tools: false, columns: [
    { key: 'name', label: 'Holiday', value: (day) => day.name },
    { key: 'day', label: 'Day', kind: 'date', value: (day) => day.heldOn },
    { key: 'remove', label: 'Take out', bare: true, value: () => '', show: (day) => html`<button type="button" class="table__choose" aria-label="Take out ${day.name}" @click=${() => void remove(day.heldOn)}>Take out</button>` },
  ] });
  const form = createForm({
    layout: 'row', submit: 'Keep day', redraw: draw,
    fields: [{ kind: 'date', name: 'heldOn', label: 'Day', required: true }, { kind: 'text', name: 'name', label: 'Holiday', required: true, size: 'medium' }],
    action: async (values) => {
      await call(setBankHoliday, setBankHoliday.input.parse(values));
      await refresh();
      form.reset();
    },
  });
  return load(ask(), (next) => {
    state = next;
    draw();
  });
};
