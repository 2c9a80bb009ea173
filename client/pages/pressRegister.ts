/** Figures given to the press, with the definition, period and source they stood on; what contradicts another is said. */
import { addPressFigure, listPressFigures, type PressFigure } from '../../server/publication/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { decimal, period, shortDate } from '../format.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, shown, tag, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';

const number = (value: number): string => decimal(value, Number.isInteger(value) ? 0 : 1);

export const pressRegisterPage: Page = (root) => {
  let state: Loadable<readonly PressFigure[]> = loading;
  const draw = (): void => render(frame({
    title: 'Press register', width: 'wide', breadcrumbs: [{ label: 'Publication', href: '/publications' }],
    lead: 'What was told, to whom and on which definition, so that the next figure can be laid beside it. A figure copied from a kept return brings its definition, period and hash.',
  }, shown(state, body, { what: 'the register', retry: () => void start() })), root);
  const table = createTable<PressFigure>({
    caption: 'Figures given', rowId: (row) => row.id, redraw: draw,
    columns: [
      { key: 'told', label: 'Told', value: (row) => row.toldOn, kind: 'date' }, { key: 'to', label: 'To', value: (row) => row.toldTo },
      { key: 'measure', label: 'What', value: (row) => row.measure }, { key: 'value', label: 'Figure', value: (row) => `${number(row.value)} ${row.unit}`.trim() },
      { key: 'period', label: 'Period', value: (row) => period(row.periodFrom, row.periodTo) }, { key: 'definition', label: 'Definition', value: (row) => row.definition },
      { key: 'source', label: 'Source', value: (row) => `${row.source}${row.snapshotSha256 ? `, SHA-256 ${row.snapshotSha256.slice(0, 12)}…` : ''}` },
      { key: 'conflicts', label: 'Contradicted by', value: (row) => row.conflicts.join(' '), show: (row) => (row.conflicts.length > 0 ? html`${tag('not one series', 'warning')} ${row.conflicts.join(' ')}` : nothing), missing: '' },
    ],
  });
  const add = async (values: Record<string, unknown>, part: object): Promise<void> => {
    const { toldOn, toldTo, said } = values;
    await call(addPressFigure, addPressFigure.input.parse({ figureId: crypto.randomUUID(), toldOn, toldTo, said, ...part }));
    state = { at: 'ready', value: (await call(listPressFigures, {})).figures };
    draw();
  };
  const told = [
    { kind: 'date', name: 'toldOn', label: 'Told on', required: true }, { kind: 'text', name: 'toldTo', label: 'Told to', hint: 'The paper or station, no person’s name', required: true },
    { kind: 'text', name: 'said', label: 'In these words', required: true },
  ] as const;
  const copying = createForm({
    layout: 'grid', submit: 'Copy and keep', redraw: draw,
    fields: [...told, { kind: 'month', name: 'month', label: 'Return of', required: true }, { kind: 'number', name: 'version', label: 'Version', required: true, min: 1 }, { kind: 'text', name: 'field', label: 'Field of the return', hint: 'Its code, for example visits or person_minutes', required: true }],
    action: async (values) => {
      await add(values, { copied: { month: values['month'], version: values['version'], field: values['field'] } });
      copying.reset();
    },
  });
  const typing = createForm({
    layout: 'grid', submit: 'Keep', redraw: draw,
    fields: [...told, { kind: 'text', name: 'measure', label: 'What is counted', required: true }, { kind: 'number', name: 'value', label: 'Figure', required: true, whole: false }, { kind: 'text', name: 'unit', label: 'Unit', required: true },
      { kind: 'text', name: 'definition', label: 'How it was counted', required: true }, { kind: 'date', name: 'periodFrom', label: 'First day', required: true }, { kind: 'date', name: 'periodTo', label: 'Last day', required: true }, { kind: 'text', name: 'source', label: 'Source', required: true }],
    action: async (values) => {
      const { toldOn: _on, toldTo: _to, said: _said, ...typed } = values;
      await add(values, { typed });
      typing.reset();
    },
  });
  const body = (figures: readonly PressFigure[]): Content => html`
    ${figures.length > 0 ? table.view(figures) : emptyView('No figure was given yet', `Keep each one on ${shortDate(new Date().toISOString().slice(0, 10))} or later, when it is told.`)}
    ${when(mayDo('keepPressFigures'), () => html`${section('Copy a figure from a kept return', copying.view())}${section('Type a figure from elsewhere', typing.view())}`)}`;
  const start = (): (() => void) => load(call(listPressFigures, {}).then(({ figures }) => figures), (next) => {
    state = next;
    draw();
  });
  return start();
};
