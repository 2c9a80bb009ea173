/** A small table of text under its caption. */
import { html, type Content } from '../html.ts';

export function plainTable(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): Content {
  return html`<div class="table__scroll" tabindex="0" role="region" aria-label=${caption}><table class="govuk-table"><caption class="govuk-table__caption govuk-table__caption--s">${caption}</caption>
    <thead class="govuk-table__head"><tr class="govuk-table__row">${heads.map((head) => html`<th scope="col" class="govuk-table__header">${head}</th>`)}</tr></thead>
    <tbody class="govuk-table__body">${rows.map(([first = '', ...cells]) => html`<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">${first}</th>${cells.map((cell) => html`<td class="govuk-table__cell">${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}
