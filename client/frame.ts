/**
 * The frame every page stands in: breadcrumbs, caption, heading, actions, body.
 *
 *   render(frame({ title: 'Hotspots', caption: 'Hartlepool', lead: 'Agreed areas…', actions: [action('Add', '/hotspots/new')] },
 *     html`…`), root);
 */
import { html, nothing, ref, when, type Content, type TemplateResult } from './html.ts';

export interface FrameOptions {
  /** The h1 and the window's title. */
  title: string;
  /** Small text above the heading: the council, the month, the kind of thing. */
  caption?: string;
  /** One or two sentences under the heading. */
  lead?: Content;
  /** Links and buttons on the right of the heading; see `action` and `button`. */
  actions?: readonly Content[];
  /** The way here, without this page: `[{ label: 'Returns', href: '/returns' }]`. */
  breadcrumbs?: readonly { label: string; href: string }[];
  /** `wide` uses the whole window (maps, big tables), `narrow` is for reading and short forms. */
  width?: 'wide' | 'normal' | 'narrow';
}

const serviceName = 'Hotspot Patrols';

/** Names the window once the heading stands on the page; a page that was left and draws late names nothing. */
function nameWindow(heading: Element | undefined, options: FrameOptions): void {
  const words = [options.title, options.caption, serviceName].filter(Boolean).join(' – ');
  queueMicrotask(() => {
    if (heading?.isConnected) document.title = words;
  });
}

/** Draws a page's frame around its body and names the window after it. */
export function frame(options: FrameOptions, body: Content): TemplateResult {
  return html`<div class="frame frame--${options.width ?? 'normal'}">
    ${when(options.breadcrumbs?.length, () => breadcrumbs(options.breadcrumbs ?? []))}
    <header class="frame__head">
      <div class="frame__heading">
        ${options.caption ? html`<p class="frame__caption">${options.caption}</p>` : nothing}
        <h1 class="frame__title" ${ref((heading) => nameWindow(heading, options))}>${options.title}</h1>
        ${options.lead ? html`<div class="frame__lead">${options.lead}</div>` : nothing}
      </div>
      ${options.actions?.length ? html`<div class="frame__actions">${options.actions}</div>` : nothing}
    </header>
    <div class="frame__body">${body}</div>
  </div>`;
}

function breadcrumbs(links: readonly { label: string; href: string }[]): TemplateResult {
  return html`<nav class="breadcrumbs" aria-label="Breadcrumbs"><ol>
    ${links.map((link) => html`<li><a href=${link.href}>${link.label}</a></li>`)}
  </ol></nav>`;
}

/** A part of a page with its own heading. */
export function section(title: string, body: Content, options: { lead?: Content; actions?: readonly Content[] } = {}): TemplateResult {
  return html`<section class="section">
    <div class="section__head"><h2 class="section__title">${title}</h2>
      ${options.actions?.length ? html`<div class="section__actions">${options.actions}</div>` : nothing}</div>
    ${options.lead ? html`<div class="section__lead">${options.lead}</div>` : nothing}
    ${body}
  </section>`;
}

/** A link that looks like a button: `action('New return', '/returns/new', 'main')`. */
export function action(label: string, href: string, kind: 'main' | 'plain' = 'plain'): TemplateResult {
  return html`<a class="govuk-button ${kind === 'main' ? '' : 'govuk-button--secondary'}" href=${href}>${label}</a>`;
}

/** A button: `button('Cancel', () => stop())`. */
export function button(label: string, onClick: () => void, options: { kind?: 'main' | 'plain' | 'warning'; disabled?: boolean } = {}): TemplateResult {
  const kinds = { main: '', plain: 'govuk-button--secondary', warning: 'govuk-button--warning' };
  return html`<button type="button" class="govuk-button ${kinds[options.kind ?? 'plain']}" ?disabled=${options.disabled ?? false} @click=${onClick}>${label}</button>`;
}

export interface Fact {
  label: string;
  value: Content;
  /** Small print under the value: the period, the definition, the comparison. */
  note?: Content;
}

/** Headline figures in a row: `facts([{ label: 'Person-hours', value: hoursMinutes(461100), note: 'October 2023' }])`. */
export function facts(list: readonly Fact[]): TemplateResult {
  return html`<dl class="facts">${list.map((fact) => html`<div class="fact">
    <dt class="fact__label">${fact.label}</dt>
    <dd class="fact__value">${fact.value}${fact.note ? html`<span class="fact__note">${fact.note}</span>` : nothing}</dd></div>`)}</dl>`;
}

/** Label and value pairs down the page: `details([['Council', 'Hartlepool'], ['Live from', date(from)]])`. */
export function details(pairs: readonly (readonly [string, Content])[]): TemplateResult {
  return html`<dl class="pairs">${pairs.map(([label, value]) => html`<div class="pairs__row"><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}
