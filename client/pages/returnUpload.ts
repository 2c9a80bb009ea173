/** A council's workbook out, and its workbook or patrol log in: three tiers, one at a time. */
import { getMarkedCopy, getUploadForm, giveReasons, listUploads, sendUpload, type Upload } from '../../server/returns/uploadContract.ts';
import { call, fileAddress, upload } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { instant, month as sayMonth } from '../format.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, loading, shown, tag, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { issuesTable, tiersView, uploadNote } from './returnUploadIssues.ts';

const stateKinds = { refused: 'danger', 'needs reasons': 'warning', imported: 'good' } as const;

export const returnUploadPage: Page = (root, { month = '', council = '' }) => {
  let uploads: Loadable<readonly Upload[]> = loading;
  const where = { month, councilCode: council };
  const issues = issuesTable(() => draw());
  const history = createTable<Upload>({
    caption: 'Files sent', rowId: (row) => row.id, redraw: () => draw(), tools: false,
    columns: [
      { key: 'at', label: 'Sent', kind: 'instant', value: (row) => row.uploadedAt }, { key: 'name', label: 'File', value: (row) => row.fileName }, { key: 'kind', label: 'What', value: (row) => row.report.kind },
      { key: 'by', label: 'By', value: (row) => row.uploadedBy }, { key: 'state', label: 'State', value: (row) => row.state, show: (row) => tag(row.state, stateKinds[row.state]) },
      { key: 'errors', label: 'Errors', kind: 'count', value: (row) => row.report.errors },
    ],
  });
  const form = createForm({
    submit: 'Check and take in', redraw: () => draw(), beside: html`<a href="/month-board/${month}/${council}">Back to the month</a>`,
    fields: [
      { kind: 'radios', name: 'kind', label: 'What is in the file', required: true, value: 'return', inline: true, options: [{ value: 'return', label: 'The month’s workbook' }, { value: 'patrol log', label: 'A patrol log' }] },
      { kind: 'file', name: 'file', label: 'File', hint: 'A workbook (.xlsx) or a CSV file, at most 20 MB, without macros', accept: '.xlsx,.csv,text/csv', required: true },
    ],
    action: async ({ kind, file }) => {
      if (!(file instanceof File)) return;
      await upload(sendUpload, { ...where, kind: kind === 'patrol log' ? 'patrol log' : 'return' }, file);
      form.reset();
      start();
    },
  });
  let reasons: { id: string; form: Form } | undefined;
  const reasonsForm = (one: Upload): Form => {
    if (reasons?.id === one.id) return reasons.form;
    const asked = one.report.issues.filter(({ needsReason }) => needsReason);
    const made = createForm({
      submit: 'Take in with these reasons', redraw: () => draw(),
      fields: asked.map((issue, index) => ({ kind: 'text' as const, name: `reason-${index}`, label: `${issue.sheet}, ${issue.places}: ${issue.message}`, hint: 'Reason', required: true, requiredMessage: `Say why, for ${issue.places} of ${issue.sheet}`, size: 'long' as const })),
      action: async (values) => {
        await call(giveReasons, { ...where, uploadId: one.id, reasons: asked.map(({ key }, index) => ({ key, reason: String(values[`reason-${index}`]) })) });
        start();
      },
    });
    reasons = { id: one.id, form: made };
    return made;
  };

  const last = (one: Upload | undefined): Content => {
    if (!one) return nothing;
    return section('The file sent last', html`${uploadNote(one)}${one.report.kind === 'return' || one.state !== 'imported' ? tiersView(one) : nothing}
      ${one.state !== 'imported' && one.hasFile && mayDo('sendMonths') ? html`<p><a class="govuk-button govuk-button--secondary" href=${fileAddress(getMarkedCopy, { ...where, uploadId: one.id })} download>Download the copy with marks</a></p>` : nothing}
      ${one.report.issues.length > 0 ? issues.view(one.report.issues) : nothing}
      ${one.state === 'needs reasons' && mayDo('sendMonths') ? html`<h3 class="govuk-heading-s">Reasons</h3>${reasonsForm(one).view()}` : nothing}`, { lead: `${one.fileName}, ${instant(one.uploadedAt)}` });
  };
  const draw = (): void => render(frame({
    title: `Workbook: ${sayMonth(month)}`, width: 'wide',
    breadcrumbs: [{ label: 'The month’s board', href: `/month-board?month=${month}` }, { label: 'The month', href: `/month-board/${month}/${council}` }],
    lead: 'Download the workbook with every figure filled in, correct what is wrong with its reason, and send it back. A file is taken in whole, or not at all with every error named.',
    actions: mayDo('sendMonths') ? [html`<a class="govuk-button" href=${fileAddress(getUploadForm, where)} download>Download the workbook</a>`] : [],
  }, html`${mayDo('sendMonths') ? form.view() : nothing}
    ${shown(uploads, (list) => html`${last(list[0])}${list.length > 1 ? section('Earlier files', history.view(list.slice(1))) : nothing}`, { what: 'the files', retry: () => void start() })}`), root);
  let stop = (): void => undefined;
  const start = (): void => {
    stop();
    stop = load(call(listUploads, where).then((answer) => answer.uploads), (next) => {
      uploads = next;
      draw();
    });
  };
  start();
  return () => stop();
};
