/**
 * Documents of one thing under an agreement: the list, each opening its file, and a form to add one.
 *
 *   const evidence = documentsOf({ agreementId, subjectKind: 'claim line', subjectId: line.id, what: 'evidence', redraw: draw });
 *   return evidence.start();   // once, when the page loads: what it returns cleans up
 *   …${evidence.view()}
 */
import { addDocument, listDocuments, readDocument, withdrawDocument, type Document, type DocumentSubject } from '../server/documents/contract.ts';
import { call, download, upload } from './api.ts';
import { createForm } from './form.ts';
import { count, shortInstant } from './format.ts';
import { html, nothing, when, type Content } from './html.ts';
import { mayDo } from './session.ts';
import { emptyView, load, loading, shown, type Loadable } from './states.ts';

export interface DocumentsOptions {
  readonly agreementId: string;
  readonly subjectKind: DocumentSubject;
  readonly subjectId: string;
  /** What they are called on the page, in the plural: 'documents', 'evidence'. */
  readonly what: string;
  readonly redraw: () => void;
  /** False once nothing may be added any more; people who may not add see no form anyway. */
  readonly open?: () => boolean;
  /** Called when a document was added or withdrawn. */
  readonly changed?: (documents: readonly Document[]) => void;
}

export interface Documents {
  readonly start: () => () => void;
  readonly view: () => Content;
}

export function documentsOf(options: DocumentsOptions): Documents {
  const { agreementId, subjectKind, subjectId, what, redraw } = options;
  let state: Loadable<readonly Document[]> = loading;
  let documentId = crypto.randomUUID();
  let withdrawing: string | undefined;

  const refresh = async (): Promise<void> => {
    const { documents } = await call(listDocuments, { id: agreementId, subjectKind, subjectId });
    state = { at: 'ready', value: documents };
    options.changed?.(documents);
    redraw();
  };
  const adding = createForm({
    submit: `Add ${what}`, redraw,
    fields: [
      { kind: 'text', name: 'title', label: 'What it shows', hint: 'For example: vehicle hire, October. Nothing about a person: black names and addresses out first', required: true },
      { kind: 'file', name: 'file', label: 'File', hint: 'PDF, PNG, JPEG, text, .xlsx or .docx without macros', accept: '.pdf,.png,.jpg,.jpeg,.txt,.csv,.xlsx,.docx', required: true },
    ],
    action: async ({ title, file }) => {
      if (!(file instanceof File)) return;
      await upload(addDocument, { id: agreementId, documentId, subjectKind, subjectId, title: String(title) }, file);
      documentId = crypto.randomUUID();
      adding.reset();
      await refresh();
    },
  });
  const taking = createForm({
    submit: 'Withdraw', redraw,
    fields: [{ kind: 'text', name: 'reason', label: 'Why it is withdrawn', required: true }],
    action: async ({ reason }) => {
      if (!withdrawing) return;
      await call(withdrawDocument, { id: withdrawing, reason: String(reason) });
      withdrawing = undefined;
      taking.reset();
      await refresh();
    },
  });
  const mayAdd = (): boolean => mayDo('addDocuments') && (options.open?.() ?? true);
  const row = (each: Document): Content => html`<li class="documents__item">
    <button type="button" class="link-button" @click=${() => void download(readDocument, { id: each.id }, each.fileName)}>${each.title}</button>
    <span class="documents__about">${each.fileName}, ${size(each.bytes)}, added ${shortInstant(each.addedAt)}${each.addedBy ? ` by ${each.addedBy}` : ''}. <abbr title=${`SHA-256 of the file: ${each.sha256}`}>Hash ${each.sha256.slice(0, 8)}</abbr></span>
    ${each.withdrawn ? html`<span class="documents__about">Withdrawn ${shortInstant(each.withdrawn.at)}: ${each.withdrawn.reason}</span>`
      : when(mayAdd(), () => html`<button type="button" class="link-button" @click=${() => ask(each.id)}>Withdraw<span class="govuk-visually-hidden"> ${each.title}</span></button>`)}
    ${withdrawing === each.id ? taking.view() : nothing}</li>`;
  const ask = (id: string): void => {
    withdrawing = withdrawing === id ? undefined : id;
    redraw();
  };
  return {
    start: () => load(call(listDocuments, { id: agreementId, subjectKind, subjectId }).then(({ documents }) => documents), (next) => {
      state = next;
      if (next.at === 'ready') options.changed?.(next.value);
      redraw();
    }),
    view: () => html`${shown(state, (documents) => (documents.length > 0 ? html`<ul class="documents">${documents.map(row)}</ul>` : emptyView(`No ${what} yet`)), { what, retry: () => void refresh() })}
      ${when(mayAdd(), () => html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Add ${what}</span></summary><div class="govuk-details__text">${adding.view()}</div></details>`)}`,
  };
}

function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${count(Math.max(1, Math.round(bytes / 1024)))} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
