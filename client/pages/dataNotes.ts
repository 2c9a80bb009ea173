/** Recording changes, periods recorded otherwise, and gaps: the list, and the form that adds one. */
import { addNote, type RecordingNote, withdrawNote } from '../../server/incidents/qualityContract.ts';
import { listSources } from '../../server/incidents/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { date } from '../format.ts';
import { button } from '../frame.ts';
import { html, nothing, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { note, tag } from '../states.ts';
import { createTable } from '../table.ts';

export interface Notes {
  view(notes: readonly RecordingNote[]): Content;
}

const kinds = { change: 'Change', period: 'Recorded otherwise', gap: 'Gap' } as const;

export function createNotes({ redraw, changed }: { redraw(): void; changed(): void }): Notes {
  let sources: readonly { code: string; name: string }[] = [];
  let withdrawing: RecordingNote | undefined;
  let said = '';
  const done = (words: string): void => {
    said = words;
    withdrawing = undefined;
    changed();
  };
  void call(listSources, {}).then((found) => {
    sources = found.sources;
    redraw();
  }, () => undefined);
  const adding = createForm({
    submit: 'Add the note', redraw, layout: 'grid', fields: () => [
      { kind: 'select', name: 'kind', label: 'What it is', required: true, value: 'change', options: [{ value: 'change', label: 'Recording change, from a day on' }, { value: 'period', label: 'Recorded otherwise, between two days' }, { value: 'gap', label: 'Gap, between two days' }] },
      { kind: 'select', name: 'source', label: 'Source', blank: 'Every source', options: sources.map(({ code, name }) => ({ value: code, label: name })) },
      { kind: 'date', name: 'startsOn', label: 'First day', required: true },
      { kind: 'date', name: 'endsOn', label: 'First day it is over', hint: 'Only for a period or a gap' },
      { kind: 'textarea', name: 'what', label: 'What changed or is missing', required: true, hint: 'Shown on every comparison that crosses it' },
      { kind: 'text', name: 'knownFrom', label: 'Known from', hint: 'A letter, a release note, the counts themselves' },
    ],
    action: async (values) => {
      await call(addNote, addNote.input.parse(values));
      adding.reset();
      done('The note is added. Comparisons that cross it say so from now on.');
    },
  });
  const ending = createForm({
    submit: 'Withdraw the note', redraw, fields: [{ kind: 'text', name: 'reason', label: 'Reason', required: true }],
    action: async (values) => {
      await call(withdrawNote, withdrawNote.input.parse({ id: withdrawing?.id, ...values }));
      done('The note is withdrawn and stays in the list.');
    },
  });
  const table = createTable<RecordingNote>({
    caption: 'Recording changes and gaps', rowId: (row) => row.id, redraw, tools: false, empty: 'None is noted.', columns: [
      { key: 'kind', label: 'Kind', value: (row) => kinds[row.kind], show: (row) => html`${kinds[row.kind]} ${row.withdrawnAt ? tag('withdrawn', 'warning') : nothing}` },
      { key: 'from', label: 'First day', kind: 'date', value: (row) => row.startsOn },
      { key: 'to', label: 'Over from', kind: 'date', value: (row) => row.endsOn, missing: (row) => (row.kind === 'change' ? 'stays' : '–') },
      { key: 'source', label: 'Source', value: (row) => (row.source === null ? 'every source' : (sources.find((one) => one.code === row.source)?.name ?? row.source)) },
      { key: 'what', label: 'What', value: (row) => row.what, show: (row) => html`${row.what}${row.knownFrom ? html`<br><small>Known from: ${row.knownFrom}</small>` : nothing}${row.withdrawnReason ? html`<br><small>Withdrawn on ${date(row.withdrawnAt?.slice(0, 10) ?? '')}: ${row.withdrawnReason}</small>` : nothing}` },
      ...(mayDo('keepDataNotes') ? [{
        key: 'act', label: 'Change', bare: true, value: () => null,
        show: (row: RecordingNote) => (row.withdrawnAt ? nothing : button('Withdraw', () => {
          withdrawing = row;
          redraw();
        })),
      }] : []),
    ],
  });
  return {
    view: (notes) => html`${said ? note('good', said, { live: true }) : nothing}${table.view(notes)}
      ${withdrawing ? html`<div class="state"><p class="state__title">Withdraw: ${withdrawing.what}</p>${ending.view()}</div>` : nothing}
      ${mayDo('keepDataNotes') ? html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Add a recording change or a gap</span></summary><div class="govuk-details__text">${adding.view()}</div></details>` : nothing}`,
  };
}
