/** Excluded geocodes: the list with its dates and reasons, and the forms that add and end one. */
import { addExclusion, endExclusion, type Exclusion } from '../../server/incidents/qualityContract.ts';
import { listSources } from '../../server/incidents/contract.ts';
import { getJob } from '../../server/work/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { count, month } from '../format.ts';
import { button } from '../frame.ts';
import { html, nothing, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { note, tag } from '../states.ts';
import { createTable } from '../table.ts';

export interface Exclusions {
  view(exclusions: readonly Exclusion[]): Content;
  leave(): void;
}

const pause = 700;

/** The last month of an exclusion, from the first day it no longer counts. */
function lastMonthOf(validTo: string): string {
  const day = new Date(`${validTo}T00:00:00Z`);
  day.setUTCDate(0);
  return day.toISOString().slice(0, 7);
}

export function createExclusions({ redraw, changed }: { redraw(): void; changed(): void }): Exclusions {
  let sources: readonly { code: string; name: string }[] = [];
  let ending: Exclusion | undefined;
  let said = '';
  let left = false;
  /** Shown once the months are counted again, so that every figure on the page has it. */
  const done = async (words: string, jobId: string | null): Promise<void> => {
    said = jobId ? `${words} The months it touches are being counted again.` : words;
    ending = undefined;
    changed();
    for (let tries = 0; jobId !== null && !left && tries < 400; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const { state } = await call(getJob, { id: jobId });
      if (state === 'queued' || state === 'running') continue;
      said = state === 'done' ? `${words} The months it touches have been counted again.` : `${words} Counting again failed; any import does it.`;
      return changed();
    }
  };
  void call(listSources, {}).then((found) => {
    sources = found.sources;
    redraw();
  }, () => undefined);
  const nameOf = (code: string | null): string => (code === null ? 'every source' : (sources.find((one) => one.code === code)?.name ?? code));
  const adding = createForm({
    submit: 'Leave the point out', redraw, layout: 'grid', fields: () => [
      { kind: 'text', name: 'name', label: 'What stands there', required: true, hint: 'A police station, a council office, a hospital' },
      { kind: 'number', name: 'lat', label: 'Latitude', required: true, whole: false },
      { kind: 'number', name: 'lng', label: 'Longitude', required: true, whole: false, hint: 'West of Greenwich with a minus' },
      { kind: 'number', name: 'radiusMetres', label: 'Reach', unit: 'm', value: 0, hint: '0 is the point alone; at most 250' },
      { kind: 'select', name: 'source', label: 'Source', blank: 'Every source', options: sources.map(({ code, name }) => ({ value: code, label: name })) },
      { kind: 'month', name: 'fromMonth', label: 'First month', required: true },
      { kind: 'month', name: 'toMonth', label: 'Last month', hint: 'Left out: from then on' },
      { kind: 'textarea', name: 'reason', label: 'Reason', required: true },
    ],
    action: async (values) => {
      const { exclusion, jobId } = await call(addExclusion, addExclusion.input.parse(values));
      adding.reset();
      void done(`${exclusion.name} is left out: ${count(exclusion.rows)} rows at ${count(exclusion.points)} points.`, jobId);
    },
  });
  const endForm = createForm({
    submit: 'End the exclusion', redraw, fields: [
      { kind: 'month', name: 'lastMonth', label: 'Last month left out', hint: 'Left blank: withdrawn, and no month is left out any more' },
      { kind: 'text', name: 'reason', label: 'Reason', required: true },
    ],
    action: async (values) => {
      const { exclusion, jobId } = await call(endExclusion, endExclusion.input.parse({ id: ending?.id, ...values }));
      void done(exclusion.withdrawnAt ? `${exclusion.name} is no longer left out.` : `${exclusion.name} is left out until ${exclusion.validTo ? month(lastMonthOf(exclusion.validTo)) : ''}.`, jobId);
    },
  });
  const table = createTable<Exclusion>({
    caption: 'Excluded geocodes', rowId: (row) => row.id, redraw, tools: false, empty: 'No point is left out.', columns: [
      { key: 'name', label: 'Place', value: (row) => row.name, show: (row) => html`<b>${row.name}</b> ${row.withdrawnAt ? tag('withdrawn', 'warning') : nothing}<br><small>${row.lat.toFixed(5)}, ${row.lng.toFixed(5)}${row.radiusMetres > 0 ? `, within ${row.radiusMetres} m` : ', the point alone'}</small>` },
      { key: 'source', label: 'Source', value: (row) => nameOf(row.source) },
      { key: 'months', label: 'Months', value: (row) => `from ${month(row.validFrom)}${row.validTo ? ` to ${month(lastMonthOf(row.validTo))}` : ' on'}` },
      { key: 'rows', label: 'Rows', hint: 'Of the period shown', kind: 'count', value: (row) => row.rows, sum: true },
      { key: 'reason', label: 'Reason', value: (row) => row.reason, show: (row) => html`${row.reason}${row.withdrawnReason ? html`<br><small>Withdrawn: ${row.withdrawnReason}</small>` : nothing}` },
      ...(mayDo('keepDataNotes') ? [{
        key: 'act', label: 'Change', bare: true, value: () => null,
        show: (row: Exclusion) => (row.withdrawnAt ? nothing : button('End', () => {
          ending = row;
          redraw();
        })),
      }] : []),
    ],
  });
  return {
    view: (exclusions) => html`${said ? note('good', said, { live: true }) : nothing}${table.view(exclusions)}
      ${ending ? html`<div class="state"><p class="state__title">End the exclusion of ${ending.name}</p>${endForm.view()}</div>` : nothing}
      ${mayDo('keepDataNotes') ? html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Leave a point out</span></summary><div class="govuk-details__text">${adding.view()}</div></details>` : nothing}`,
    leave: () => void (left = true),
  };
}
