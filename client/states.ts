/**
 * What stands in a page's place while it waits, when there is nothing, and when something failed.
 *
 *   let cells: Loadable<Cells> = loading;
 *   const stop = load(call(listCells, filters), (next) => { cells = next; draw(); });
 *   ${shown(cells, (value) => table.view(value.rows), { what: 'hot cells', retry: start })}
 */
import { ApiError } from './api.ts';
import { html, nothing, type Content, type TemplateResult } from './html.ts';
import { percent } from './format.ts';

export type Loadable<T> = { at: 'loading'; progress?: number; step?: string } | { at: 'ready'; value: T } | { at: 'failed'; error: unknown };

export const loading: Loadable<never> = { at: 'loading' };
export const ready = <T>(value: T): Loadable<T> => ({ at: 'ready', value });

/** Follows a promise into a `Loadable`; returns a function that stops listening. */
export function load<T>(promise: Promise<T>, set: (next: Loadable<T>) => void): () => void {
  let stopped = false;
  set(loading);
  promise.then(
    (value) => stopped || set(ready(value)),
    (error: unknown) => stopped || set({ at: 'failed', error }),
  );
  return () => {
    stopped = true;
  };
}

/** Draws a `Loadable`: progress, the value, or the failure with its cure. */
export function shown<T>(state: Loadable<T>, view: (value: T) => Content, options: { what: string; retry?: () => void }): Content {
  if (state.at === 'loading') return loadingView(options.what, state);
  return state.at === 'ready' ? view(state.value) : failedView(state.error, options);
}

/** A quiet bar with words; with `progress` (0 to 1) it says how far, and `step` says at what. */
export function loadingView(what: string, state: { progress?: number; step?: string } = {}): TemplateResult {
  const { progress, step } = state;
  return html`<div class="state state--loading" role="status">
    <p class="state__title">Loading ${what}${progress === undefined ? '…' : ` – ${percent(progress, 0)}`}</p>
    ${progressBar(progress, `Loading ${what}`)}
    ${step ? html`<p class="state__text">${step}</p>` : nothing}
  </div>`;
}

/** A progress bar; without a share it shows that work goes on. */
export function progressBar(share: number | undefined, label: string): TemplateResult {
  return share === undefined
    ? html`<progress class="progress" aria-label=${label}></progress>`
    : html`<progress class="progress" aria-label=${label} max="1" .value=${share}></progress>`;
}

/** Nothing to show: says why, and what would change that. */
export function emptyView(title: string, cure: Content = nothing): TemplateResult {
  return html`<div class="state state--empty"><p class="state__title">${title}</p><div class="state__text">${cure}</div></div>`;
}

/** A failure: what happened, what to do, and the number that finds it in the log. */
export function failedView(error: unknown, options: { what: string; retry?: () => void }): TemplateResult {
  const known = error instanceof ApiError ? error.problem : undefined;
  return html`<div class="state state--failed" role="alert">
    <p class="state__title"><span class="state__mark" aria-hidden="true">!</span>Could not show ${options.what}</p>
    <p class="state__text">${failureText(error)}</p>
    ${known?.errors?.length ? html`<ul class="state__list">${known.errors.map((one) => html`<li>${one.message}</li>`)}</ul>` : nothing}
    ${options.retry ? html`<button type="button" class="govuk-button govuk-button--secondary" @click=${options.retry}>Try again</button>` : nothing}
    ${known?.requestId ? html`<p class="state__id">Request ${known.requestId}</p>` : nothing}
  </div>`;
}

/** A failure in one sentence for a person. */
export function failureText(error: unknown): string {
  if (error instanceof ApiError) return error.problem.detail;
  return 'Something in this page went wrong. Reload it; if it stays, report the time and what you did.';
}

/** A sentence that stands out: `note('warning', 'Two months are missing.')`. The word says it, not the colour. */
export function note(kind: 'info' | 'good' | 'warning' | 'danger', content: Content, options: { live?: boolean } = {}): TemplateResult {
  const words = { info: 'Note', good: 'Done', warning: 'Warning', danger: 'Problem' };
  return html`<div class="note note--${kind}" role=${options.live ? (kind === 'danger' ? 'alert' : 'status') : 'note'}>
    <strong class="note__word">${words[kind]}</strong><div class="note__text">${content}</div>
  </div>`;
}

/** A short state in a box: `tag('Submitted', 'good')`. */
export function tag(text: string, kind: 'plain' | 'good' | 'warning' | 'danger' | 'info' = 'plain'): TemplateResult {
  return html`<strong class="tag tag--${kind}">${text}</strong>`;
}
