/** Sources: what an incident of each counts in weighted figures, and which categories belong to which subtypes. */
import { type CategorySubtypes, listSubtypes, listWeights, setSubtypes, setWeight, type SourceWeight } from '../../server/incidents/qualityContract.ts';
import { listSources, type SourceSummary } from '../../server/incidents/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { month } from '../format.ts';
import { button, frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { sourceColumns } from './dataTables.ts';

interface Held {
  readonly sources: readonly SourceSummary[];
  readonly weights: readonly SourceWeight[];
  readonly subtypes: readonly { code: string; name: string; about: string }[];
  readonly categories: readonly CategorySubtypes[];
}

async function ask(): Promise<Held> {
  const [{ sources }, { weights }, subtypes] = await Promise.all([call(listSources, {}), call(listWeights, {}), call(listSubtypes, {})]);
  return { sources, weights, ...subtypes };
}

export const dataSourcesPage: Page = (root) => {
  let state: Loadable<Held> = loading;
  let chosen: CategorySubtypes | undefined;
  let said = '';
  const draw = (): void => render(frame({
    title: 'Sources', width: 'wide', breadcrumbs: [{ label: 'Data', href: '/data' }],
    lead: 'Where incidents come from, what each source counts in weighted figures, and which categories are personal, nuisance or environmental.',
  }, html`${said ? note('good', said, { live: true }) : nothing}${shown(state, view, { what: 'the sources', retry: () => start() })}`), root);
  const held = (): Held | undefined => (state.at === 'ready' ? state.value : undefined);
  const refresh = async (words: string): Promise<void> => {
    state = { at: 'ready', value: await ask() };
    said = words;
    draw();
  };
  const weighing = createForm({
    submit: 'Set the weight', redraw: draw, layout: 'grid', fields: () => [
      { kind: 'select', name: 'source', label: 'Source', required: true, options: (held()?.sources ?? []).map(({ code, name }) => ({ value: code, label: name })) },
      { kind: 'number', name: 'weight', label: 'Weight', required: true, whole: false, min: 0, max: 100, hint: 'What one incident counts; 1 as it is, 0.5 half' },
      { kind: 'month', name: 'fromMonth', label: 'First month', required: true, hint: 'By the month of the incident' },
      { kind: 'textarea', name: 'reason', label: 'Reason', required: true },
    ],
    action: async (values) => {
      const saved = await call(setWeight, setWeight.input.parse(values));
      weighing.reset();
      await refresh(`From ${month(saved.validFrom)} on an incident of ${saved.sourceName} counts ${saved.weight} in weighted figures.`);
    },
  });
  const mapping = createForm({
    submit: 'Set the subtypes', redraw: draw, fields: () => [
      { kind: 'checkboxes', name: 'subtypes', label: 'Subtypes', value: chosen?.subtypes, options: (held()?.subtypes ?? []).map(({ code, name, about }) => ({ value: code, label: name, hint: about })) },
      { kind: 'text', name: 'reason', label: 'Reason', required: true },
    ],
    action: async (values) => {
      const saved = await call(setSubtypes, setSubtypes.input.parse({ category: chosen?.code, ...values }));
      chosen = undefined;
      await refresh(`${saved.name}: ${saved.subtypes.join(', ') || 'no subtype'}.`);
    },
  });
  const tables = {
    sources: createTable<SourceSummary>({ caption: 'Sources', rowId: (row) => row.code, redraw: draw, tools: false, sort: { key: 'rows', down: true }, columns: [...sourceColumns.slice(0, 1), weightColumn(held), ...sourceColumns.slice(1)] }),
    weights: createTable<SourceWeight>({ caption: 'Weights over time', rowId: (row) => row.id, redraw: draw, tools: false, columns: weightColumns, empty: 'No weight has been set: every source counts 1.' }),
    categories: createTable<CategorySubtypes>({ caption: 'Categories and their subtypes', rowId: (row) => row.code, redraw: draw, limit: 40, columns: [
      { key: 'name', label: 'Category', value: (row) => row.name },
      { key: 'asb', label: 'Anti-social behaviour', value: (row) => (row.asb ? 'yes' : 'no') },
      { key: 'subtypes', label: 'Subtypes', value: (row) => row.subtypes.map((code) => held()?.subtypes.find((one) => one.code === code)?.name ?? code).join(', ') || null, missing: 'none' },
      ...(mayDo('keepDataNotes') ? [{ key: 'act', label: 'Change', bare: true, value: () => null, show: (row: CategorySubtypes) => button('Change', () => {
        chosen = row;
        mapping.reset();
        document.getElementById('mapping')?.scrollIntoView({ block: 'nearest' });
      }) }] : []),
    ] }),
  };
  const view = (value: Held): Content => html`
    ${section('Sources', tables.sources.view(value.sources))}
    ${section('Weights', html`${tables.weights.view(value.weights)}
      ${mayDo('keepDataNotes') ? html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Set a weight</span></summary><div class="govuk-details__text">${weighing.view()}</div></details>` : nothing}`,
      { lead: 'A weight is a judgement, so it has a date and a reason, and the plain count always stands beside the weighted one. Ranks, intervals, Gi* and the candidate rule go by plain counts.' })}
    ${section('Subtypes', html`<div id="mapping">${chosen ? html`<div class="state"><p class="state__title">${chosen.name}</p>${mapping.view()}</div>` : nothing}</div>${tables.categories.view(value.categories)}`,
      { lead: 'A category may have several. A file with a subtype column brings categories of its own; published police files tell no subtype.' })}`;
  const start = (): (() => void) => load(ask(), (next) => {
    state = next;
    draw();
  });
  return start();
};

function weightColumn(held: () => Held | undefined): Column<SourceSummary> {
  return {
    key: 'weight', label: 'Weight', hint: 'In force in its last month', kind: 'decimal', digits: 2, value: (row) => {
      const last = `${row.lastMonth ?? '2099-12'}-01`;
      return held()?.weights.find((one) => one.source === row.code && one.validFrom <= last && (one.validTo === null || one.validTo > last))?.weight ?? 1;
    },
  };
}

const weightColumns: readonly Column<SourceWeight>[] = [
  { key: 'source', label: 'Source', value: (row) => row.sourceName },
  { key: 'weight', label: 'Weight', kind: 'decimal', digits: 2, value: (row) => row.weight },
  { key: 'from', label: 'From month', kind: 'month', value: (row) => row.validFrom.slice(0, 7) },
  { key: 'to', label: 'Until before', kind: 'month', value: (row) => row.validTo?.slice(0, 7) ?? null, missing: 'no end set' },
  { key: 'reason', label: 'Reason', value: (row) => row.reason },
  { key: 'at', label: 'Set', kind: 'instant', value: (row) => row.setAt },
];
