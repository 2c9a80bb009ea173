/** A week as a grid: one row a hotspot, seven days of six 4-hour bands, how many visits in each. Numbers carry it; the tint only helps. */
import { count, hoursMinutes } from './format.ts';
import { html, nothing, type TemplateResult } from './html.ts';
import { bandNames, dayNames } from './weeks.ts';

export interface GridRow {
  id: string;
  name: string;
  personMinutes: number;
  visits: number;
  cells: readonly { day: number; band: number; visits: number }[];
}

export interface GridOptions {
  caption: string;
  rows: readonly GridRow[];
  selected: string | null;
  /** Called with the row's id by its button. */
  choose: (id: string) => void;
}

const days = [1, 2, 3, 4, 5, 6, 7] as const;
const bands = [0, 1, 2, 3, 4, 5] as const;

export function weekGrid({ caption, rows, selected, choose }: GridOptions): TemplateResult {
  const sum = (value: (row: GridRow) => number): number => rows.reduce((total, row) => total + value(row), 0);
  return html`<div class="weekgrid" role="region" tabindex="0" aria-label=${caption}><table class="weekgrid__table">
    <caption class="table__caption"><span class="table__name">${caption}</span> <span class="table__about">visits by day and 4-hour band, local clock</span></caption>
    <colgroup></colgroup>${days.map(() => html`<colgroup span="6"></colgroup>`)}<colgroup span="2"></colgroup>
    <thead>
      <tr><th rowspan="2" scope="col" class="weekgrid__place">Hotspot</th>${days.map((day) => html`<th scope="colgroup" colspan="6" class="weekgrid__day">${dayNames[day - 1]}</th>`)}<th rowspan="2" scope="col" class="is-number">Visits</th><th rowspan="2" scope="col" class="is-number">Person-hours</th></tr>
      <tr>${days.map(() => bands.map((band) => html`<th scope="col" class="weekgrid__band ${band === 0 ? 'weekgrid__band--first' : ''}"><span aria-hidden="true">${bandNames[band]?.slice(0, 2)}</span><span class="visually-hidden">${bandNames[band]}</span></th>`))}</tr>
    </thead>
    <tbody>${rows.map((row) => gridRow(row, selected === row.id, choose))}</tbody>
    <tfoot><tr><th scope="row" class="weekgrid__place">Total</th>${days.map((day) => bands.map((band) => html`<td class=${band === 0 ? 'weekgrid__band--first' : ''}>${total(rows, day, band)}</td>`))}
      <td class="is-number">${count(sum((row) => row.visits))}</td><td class="is-number">${hoursMinutes(sum((row) => row.personMinutes))}</td></tr></tfoot>
  </table></div>`;
}

function gridRow(row: GridRow, selected: boolean, choose: (id: string) => void): TemplateResult {
  return html`<tr class=${selected ? 'is-selected' : ''}><th scope="row" class="weekgrid__place"><button type="button" class="table__choose" aria-pressed=${selected ? 'true' : 'false'} @click=${() => choose(row.id)}>${row.name}</button></th>
    ${days.map((day) => bands.map((band) => {
      const visits = row.cells.find((cell) => cell.day === day && cell.band === band)?.visits ?? 0;
      return html`<td class="weekgrid__cell weekgrid__cell--${Math.min(4, visits)} ${band === 0 ? 'weekgrid__band--first' : ''}">${visits > 0 ? visits : nothing}</td>`;
    }))}
    <td class="is-number">${count(row.visits)}</td><td class="is-number">${hoursMinutes(row.personMinutes)}</td></tr>`;
}

function total(rows: readonly GridRow[], day: number, band: number): string {
  const visits = rows.reduce((sum, row) => sum + (row.cells.find((cell) => cell.day === day && cell.band === band)?.visits ?? 0), 0);
  return visits > 0 ? count(visits) : '';
}
