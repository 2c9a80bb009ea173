/** The lists that money is kept by: budget heads, costs never claimed, and how long records are kept; each row with its dates and its source. */
import { addIneligibleCost, endIneligibleCost, listIneligibleCosts, type IneligibleCost } from '../../server/claims/ineligibleContract.ts';
import { changeRetentionRule, listRetentionRules, retentionBases, type KeptRule } from '../../server/closure/retentionContract.ts';
import { listBudgetHeads, saveBudgetHead, type BudgetHead } from '../../server/terms/contract.ts';
import { call } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { today } from '../weeks.ts';

interface Lists {
  heads: readonly BudgetHead[];
  costs: readonly IneligibleCost[];
  rules: readonly KeptRule[];
}

const dated = <Row extends { validFrom: string; validTo: string | null }>(): readonly Column<Row>[] => [
  { key: 'from', label: 'From', kind: 'date', value: (row) => row.validFrom },
  { key: 'to', label: 'Until the day before', kind: 'date', value: (row) => row.validTo, missing: 'no end set' },
];
const reason: Field = { kind: 'text', name: 'reason', label: 'Why', required: true };
const fromDay: Field = { kind: 'date', name: 'validFrom', label: 'From', required: true, value: today() };
const source: Field = { kind: 'text', name: 'source', label: 'Source', hint: 'The rule, agreement or paper it comes from', required: true };

export const moneyListsPage: Page = (root) => {
  let state: Loadable<Lists> = loading;
  let said = '';
  let costId = crypto.randomUUID();
  const draw = (): void => render(frame({ title: 'Lists that money is kept by', breadcrumbs: [{ label: 'Agreements', href: '/agreements' }], lead: 'A change holds from its day on; what was decided before stands on the row that was in force then.' },
    html`${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'the lists' })}`), root);
  const ask = async (): Promise<Lists> => {
    const [{ heads }, { costs }, { rules }] = await Promise.all([call(listBudgetHeads, {}), call(listIneligibleCosts, {}), call(listRetentionRules, {})]);
    return { heads, costs, rules };
  };
  const done = async (words: string): Promise<void> => {
    said = words;
    state = { at: 'ready', value: await ask() };
    draw();
  };

  const heads = createTable<BudgetHead>({ caption: 'Budget heads', rowId: (row) => row.name, redraw: draw, tools: false, columns: [
    { key: 'name', label: 'Head', value: (row) => row.name }, { key: 'what', label: 'Pays for', value: (row) => row.describes },
    { key: 'agreed', label: 'Only if agreed', value: (row) => (row.needsAgreement ? 'yes' : 'no') }, { key: 'source', label: 'Source', value: (row) => row.source }, ...dated<BudgetHead>(),
  ] });
  const headForm = createForm({
    layout: 'grid', submit: 'Keep head', redraw: draw,
    fields: [
      { kind: 'text', name: 'name', label: 'Head', hint: 'A name that is there already is changed', required: true }, { kind: 'text', name: 'describes', label: 'Pays for', required: true },
      { kind: 'radios', name: 'needsAgreement', label: 'Only if agreed', required: true, inline: true, options: [{ value: 'yes', label: 'Yes' }, { value: 'no', label: 'No' }] },
      source, fromDay, { kind: 'date', name: 'validTo', label: 'Until the day before', hint: 'Blank while no end is set' },
    ],
    action: async (values) => {
      await call(saveBudgetHead, saveBudgetHead.input.parse({ ...values, needsAgreement: values['needsAgreement'] === 'yes', validTo: values['validTo'] ?? null }));
      headForm.reset();
      await done('The budget head is kept.');
    },
  });

  const costs = createTable<IneligibleCost>({ caption: 'Costs never claimed', rowId: (row) => row.code, redraw: draw, tools: false, columns: [
    { key: 'what', label: 'Cost', value: (row) => row.what }, { key: 'source', label: 'Source', value: (row) => row.source }, ...dated<IneligibleCost>(),
  ] });
  const costForm = createForm({
    layout: 'grid', submit: 'Add cost', redraw: draw, fields: [{ kind: 'text', name: 'what', label: 'Cost', required: true }, source, fromDay],
    action: async (values) => {
      await call(addIneligibleCost, addIneligibleCost.input.parse({ ...values, costId }));
      costId = crypto.randomUUID();
      costForm.reset();
      await done('The cost is on the list.');
    },
  });
  const endForm = createForm({
    layout: 'grid', submit: 'Take it off', redraw: draw,
    fields: () => [
      { kind: 'select', name: 'code', label: 'Cost to take off', required: true, options: state.at === 'ready' ? state.value.costs.filter(({ validTo }) => validTo === null).map(({ code, what }) => ({ value: code, label: what })) : [] },
      { kind: 'date', name: 'validTo', label: 'From this day', required: true, value: today() }, reason,
    ],
    action: async (values) => {
      await call(endIneligibleCost, endIneligibleCost.input.parse(values));
      endForm.reset();
      await done('The cost comes off the list that day.');
    },
  });

  const rules = createTable<KeptRule>({ caption: 'How long records are kept', rowId: (row) => `${row.kind} ${row.validFrom}`, redraw: draw, tools: false, columns: [
    { key: 'name', label: 'Records', value: (row) => row.name }, { key: 'length', label: 'Kept for', value: lengthWords }, { key: 'base', label: 'Counted from', value: (row) => row.base },
    { key: 'source', label: 'Source', value: (row) => row.source }, ...dated<KeptRule>(),
  ] });
  const ruleForm = createForm({
    layout: 'grid', submit: 'Change the rule', redraw: draw,
    fields: () => [
      { kind: 'select', name: 'kind', label: 'Records', required: true, options: state.at === 'ready' ? [...new Map(state.value.rules.map(({ kind, name }) => [kind, name]))].map(([value, label]) => ({ value, label })) : [] },
      { kind: 'number', name: 'length', label: 'Kept for', required: true, min: 1 }, { kind: 'select', name: 'unit', label: 'Unit', required: true, options: ['years', 'days'].map((value) => ({ value, label: value })) },
      { kind: 'select', name: 'base', label: 'Counted from', required: true, options: retentionBases.map((value) => ({ value, label: value })) }, source, fromDay, reason,
    ],
    action: async (values) => {
      await call(changeRetentionRule, changeRetentionRule.input.parse(values));
      ruleForm.reset();
      await done('The rule holds from that day.');
    },
  });

  const body = (lists: Lists): Content => html`
    ${section('Budget heads', html`${heads.view(lists.heads)}${when(mayDo('keepTerms'), () => headForm.view())}`, { lead: 'Overheads are no head of an agreement unless they are agreed; no cap is published, so none is assumed.' })}
    ${section('Costs never claimed', html`${costs.view(lists.costs)}${when(mayDo('keepTerms'), () => html`${costForm.view()}${endForm.view()}`)}`, { lead: 'Shown before a claim is submitted; who submits confirms that none of it is claimed.' })}
    ${section('How long records are kept', html`${rules.view(lists.rules)}${when(mayDo('closeAgreements'), () => ruleForm.view())}`, { lead: 'What the closure of an agreement says about its records.' })}`;

  return load(ask(), (next) => {
    state = next;
    draw();
  });
};

const lengthWords = ({ keepYears, keepDays }: KeptRule): string => (keepYears === null ? `${keepDays} days` : `${keepYears} ${keepYears === 1 ? 'year' : 'years'}`);
