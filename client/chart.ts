/**
 * A chart drawn as SVG, with its text alternative and the same figures as a table.
 *
 *   chart({
 *     kind: 'line', title: 'Incidents a month', about: 'Source: police.uk, Hartlepool',
 *     labels: months.map(shortMonth), write: count,
 *     series: [{ name: 'This year', values: now }, { name: 'Year before', values: before }],
 *   })
 *
 * `null` is a gap, never 0. Series differ by dash, mark and hatch as well as by colour.
 */
import { html, nothing, ref, render, type TemplateResult } from './html.ts';
import { plot } from './chartPlot.ts';

export interface Series {
  name: string;
  values: readonly (number | null)[];
}

export interface ChartOptions {
  kind: 'line' | 'bar' | 'stacked';
  title: string;
  /** Small print: period, source, definition. */
  about?: string;
  /** One a point or group, along the axis. */
  labels: readonly string[];
  series: readonly Series[];
  /** Writes a value on the axis and in the table. */
  write: (value: number) => string;
  /** Sentence for people who do not see the chart; made from the figures unless told. */
  alternative?: string;
  /** Words for null in the table; "not available" unless told. */
  missing?: string;
  /** Marks along the axis: a start, a change in recording. */
  marks?: readonly { at: string; label: string }[];
  /** True when values are counts, so that the axis has whole steps only. */
  whole?: boolean;
  height?: number;
  /** Two series of a line chart, by their place in the list, with the space between them shaded. */
  band?: readonly [number, number];
  /** What the first column of the table holds; "Month" unless told. */
  labelsAre?: string;
}

/** The figure: title, plot, keys, and the figures folded below. */
export function chart(options: ChartOptions): TemplateResult {
  return html`<figure class="chart">
    <figcaption><span class="chart__title">${options.title}</span>${options.about ? html` <span class="chart__about">${options.about}</span>` : nothing}</figcaption>
    <div class="chart__plot" ${ref((element) => follow(element, options))}></div>
    ${figures(options)}
  </figure>`;
}

const drawers = new WeakMap<Element, () => void>();

/** Draws into the element at its own width, and again whenever that changes, so that words stay readable on a phone. */
function follow(element: Element | undefined, options: ChartOptions): void {
  if (!(element instanceof HTMLElement)) return;
  const known = drawers.has(element);
  drawers.set(element, () => render(plot(options, Math.max(240, element.clientWidth || 640)), element));
  drawers.get(element)?.();
  if (!known) new ResizeObserver(() => element.isConnected && drawers.get(element)?.()).observe(element);
}

/** The same figures as rows, folded away on screen and open on paper. */
function figures(options: ChartOptions): TemplateResult {
  const write = (value: number | null | undefined): string => (value === null || value === undefined ? (options.missing ?? 'not available') : options.write(value));
  return html`<details class="govuk-details" data-print><summary class="govuk-details__summary"><span class="govuk-details__summary-text">The figures as a table</span></summary>
    <div class="chart__scroll" role="region" tabindex="0" aria-label="Figures of ${options.title}"><table class="chart__table">
      <caption class="visually-hidden">${options.title}</caption>
      <thead><tr><th scope="col">${options.labelsAre ?? 'Month'}</th>${options.series.map((one) => html`<th scope="col" class="is-number">${one.name}</th>`)}</tr></thead>
      <tbody>${options.labels.map((label, index) => html`<tr><th scope="row">${label}</th>
        ${options.series.map((one) => html`<td class="is-number">${write(one.values[index])}</td>`)}</tr>`)}</tbody>
    </table></div></details>`;
}
