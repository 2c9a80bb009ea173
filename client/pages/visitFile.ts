/** A patrol log sent as a CSV file: kept whole, or refused with every error by row and column. */
import { importVisits, listActionKinds, type ActionKind } from '../../server/patrols/contract.ts';
import { call, upload } from '../api.ts';
import { createForm } from '../form.ts';
import { count, hoursMinutes } from '../format.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';
import { templateAddress } from './visits.ts';

export const visitFilePage: Page = (root) => {
  let kept = '';
  let kinds: Loadable<readonly ActionKind[]> = loading;
  const form = createForm({
    submit: 'Send the log', redraw: () => draw(), beside: html`<a href="/visits">Cancel</a>`,
    fields: [{ kind: 'file', name: 'file', label: 'Patrol log', hint: 'CSV, at most 20 MB', accept: '.csv,text/csv', required: true }],
    action: async ({ file }) => {
      kept = '';
      if (!(file instanceof File)) return;
      const answer = await upload(importVisits, {}, file);
      kept = `${answer.fileName}: ${answer.says} ${count(answer.rows)} rows, ${hoursMinutes(answer.personMinutes)} person-hours in all.`;
      form.reset();
    },
  });
  const draw = (): void => render(frame({
    title: 'Send a patrol log', breadcrumbs: [{ label: 'Visits', href: '/visits' }],
    lead: 'A file is recorded whole, or not at all with every error named. Sending the same file twice counts it once.',
    actions: [html`<a class="govuk-button govuk-button--secondary" href=${templateAddress} download>Empty log (CSV)</a>`],
  }, html`
    ${kept ? note('good', html`${kept} <a href="/visits">See the visits</a>`, { live: true }) : nothing}
    ${form.view()}
    ${section('What each column holds', html`${columnsTable()}${shown(kinds, kindsList, { what: 'kinds of action' })}`)}`), root);
  return load(call(listActionKinds, {}).then((answer) => answer.kinds), (next) => {
    kinds = next;
    draw();
  });
};

const columns: readonly (readonly [string, string, string])[] = [
  ['hotspot', 'Its name or id', 'York Road'],
  ['date', 'The day the visit starts', '2023-10-02 or 02/10/2023'],
  ['start, end', 'Local times; an end before the start is on the next day. In the hour the clock shows twice, add BST or GMT', '18:05, or 01:30 BST'],
  ['persons', 'How many were there', '2'],
  ['staff category', 'warden, pcso, police_officer, special or other; blank is warden', 'warden'],
  ['recorded how', 'gps, gpx, nfc, qr or self_report; blank is self_report', 'nfc'],
  ['patrol reference', 'One for each outing of a crew; blank makes the visit its own patrol', 'P-2023-1002-A'],
  ['wardens', 'References, parted by semicolons', 'H-01;H-02'],
  ['on foot, joint with police, extended', 'yes or no; blank is yes, no, no', 'no'],
  ['note', 'Nothing about a person', 'Youth centre closed'],
];

function columnsTable(): Content {
  return html`<div class="table__scroll" role="region" tabindex="0" aria-label="Columns of a patrol log"><table class="table__grid">
    <thead><tr><th scope="col" class="plain-head">Column</th><th scope="col" class="plain-head">What it holds</th><th scope="col" class="plain-head">For example</th></tr></thead>
    <tbody>${columns.map(([name, about, example]) => html`<tr><th scope="row">${name}</th><td>${about}</td><td>${example}</td></tr>`)}</tbody></table></div>`;
}

function kindsList(kinds: readonly ActionKind[]): Content {
  return html`<p>Then a column for each kind of action with how many, by its code:</p>
    <ul class="kinds">${kinds.map((kind) => html`<li><code>${kind.code}</code> ${kind.name}${kind.policeOnly ? ' (police only)' : ''}</li>`)}</ul>`;
}

