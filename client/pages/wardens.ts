/** Wardens by reference, and the day each council's patrols start. */
import { addWarden, changePatrolStart, changeWarden, listPatrolStarts, listWardens, staffCategories, staffCategoryNames, type PatrolStart, type Warden } from '../../server/patrols/contract.ts';
import { call } from '../api.ts';
import { createForm, type Field, type Values } from '../form.ts';
import { notStarted } from '../format.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { clearancesOf } from './wardenClearances.ts';

interface Answer {
  wardens: readonly Warden[];
  councils: readonly PatrolStart[];
}

export const wardensPage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  let changing: Warden | undefined;
  let said = '';

  const councilName = (code: string): string => (state.at === 'ready' ? (state.value.councils.find((one) => one.councilCode === code)?.council ?? code) : code);
  const draw = (): void => render(frame({ title: 'Wardens', lead: 'Wardens are kept by a reference of their council, never by name.' },
    html`${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'wardens', retry: () => void start() })}`), root);
  const body = (answer: Answer): Content => html`
    ${answer.wardens.length > 0 ? table.view(answer.wardens) : emptyView('No wardens are entered yet', mayDo('manageWardens') ? 'Add the first below.' : 'The council’s lead enters them.')}
    ${when(mayDo('manageWardens') && answer.wardens.length > 0, () => html`<p>Contracts over time, powers, leave, wishes, pairs and limits stand on each warden’s own page: choose a reference.</p>`)}
    ${when(mayDo('manageWardens'), () => section(changing ? `Change ${changing.reference}` : 'Add a warden', wardenForm.view()))}
    ${clearances.view()}
    ${section('First day of patrols', html`${starts.view(answer.councils)}${when(mayDo('setPatrolStart'), () => startForm.view())}`,
      { lead: 'Until a council’s patrols start its figures are “not started”, never 0.' })}`;
  const clearances = clearancesOf({
    redraw: () => draw(), councilName, wardens: () => (state.at === 'ready' ? state.value.wardens : []), say: (words) => {
      said = words;
    },
  });
  const refresh = async (words: string): Promise<void> => {
    said = words;
    changing = undefined;
    state = { at: 'ready', value: await ask() };
    draw();
  };
  const change = (warden: Warden): void => {
    changing = warden;
    draw();
    wardenForm.reset();
  };
  const table = createTable<Warden>({ caption: 'Wardens', rowId: (warden) => warden.id, redraw: draw, columns: wardenColumns(councilName, change), source: 'council lists' });
  const starts = createTable<PatrolStart>({
    caption: 'First day of patrols', rowId: (row) => row.councilCode, redraw: draw, tools: false,
    columns: [{ key: 'council', label: 'Council', value: (row) => row.council }, { key: 'start', label: 'First day', kind: 'date', value: (row) => row.startedOn, missing: notStarted }],
  });
  const wardenForm = createForm({
    layout: 'grid', submit: 'Keep warden', redraw: draw, fields: () => wardenFields(changing),
    action: async (values) => {
      const { reference } = changing ? await call(changeWarden, { id: changing.id, ...toWarden(values) }) : await call(addWarden, toWarden(values));
      await refresh(`Kept ${reference}.`);
      wardenForm.reset();
    },
  });
  const startForm = createForm({
    layout: 'row', submit: 'Keep first day', redraw: draw,
    fields: () => [
      { kind: 'select', name: 'councilCode', label: 'Council', required: true, options: state.at === 'ready' ? state.value.councils.map((one) => ({ value: one.councilCode, label: one.council })) : [] },
      { kind: 'date', name: 'startedOn', label: 'First day of patrols', required: true },
    ],
    action: async ({ councilCode, startedOn }) => {
      const { council } = await call(changePatrolStart, { councilCode: String(councilCode), startedOn: String(startedOn) });
      await refresh(`Kept the first day of patrols of ${council}.`);
    },
  });
  const start = (): (() => void) => load(ask(), (next) => {
    state = next;
    draw();
  });
  void clearances.load();
  return start();
};

async function ask(): Promise<Answer> {
  const [{ wardens }, { councils }] = await Promise.all([call(listWardens, {}), call(listPatrolStarts, {})]);
  return { wardens, councils };
}

function wardenColumns(councilName: (code: string) => string, change: (warden: Warden) => void): readonly Column<Warden>[] {
  return [
    { key: 'reference', label: 'Reference', value: (warden) => warden.reference, ...(mayDo('manageWardens') ? { show: (warden: Warden) => html`<a href="/wardens/${warden.id}">${warden.reference}</a>` } : {}) },
    { key: 'council', label: 'Council', value: (warden) => councilName(warden.councilCode) },
    { key: 'staff', label: 'Staff', value: (warden) => staffCategoryNames[warden.staffCategory] },
    { key: 'from', label: 'Employed from', kind: 'date', value: (warden) => warden.employedFrom },
    { key: 'to', label: 'Employed until', kind: 'date', value: (warden) => warden.employedTo, missing: 'no end set' },
    { key: 'contract', label: 'Contract a week', kind: 'minutes', value: (warden) => warden.contractMinutesPerWeek, sum: true },
    ...(mayDo('manageWardens') ? [{ key: 'change', label: 'Change', bare: true, value: () => '', show: (warden: Warden) => html`<button type="button" class="table__choose" aria-label="Change ${warden.reference}" @click=${() => change(warden)}>Change</button>` }] : []),
  ];
}

function wardenFields(changing: Warden | undefined): Field[] {
  const hours = changing ? changing.contractMinutesPerWeek / 60 : 37;
  return [
    { kind: 'text', name: 'reference', label: 'Reference', hint: 'Never a name', value: changing?.reference, required: true, size: 'short' },
    { kind: 'select', name: 'staffCategory', label: 'Staff', value: changing?.staffCategory ?? 'warden', required: true, options: staffCategories.map((value) => ({ value, label: staffCategoryNames[value] })) },
    { kind: 'date', name: 'employedFrom', label: 'Employed from', value: changing?.employedFrom, required: true },
    { kind: 'date', name: 'employedTo', label: 'First day no longer employed', value: changing?.employedTo ?? undefined },
    { kind: 'number', name: 'hours', label: 'Contract', value: hours, unit: 'hours a week', min: 0, max: 168, whole: false, required: true },
  ];
}

function toWarden(values: Values): typeof addWarden.input['_zod']['input'] {
  return {
    reference: String(values['reference']), staffCategory: staffCategories.find((one) => one === values['staffCategory']) ?? 'warden',
    employedFrom: String(values['employedFrom']), employedTo: values['employedTo'] === undefined ? null : String(values['employedTo']),
    contractMinutesPerWeek: Math.round(Number(values['hours']) * 60),
  };
}
