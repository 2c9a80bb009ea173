/** How a return's figures are written and linked to the rows behind them; shared by the return's pages. */
import type { Area, Figure, MonthlyFigures, ReportedField, ReportedHotspot } from '../../server/returns/contract.ts';
import { change, count, hoursMinutes, month as sayMonth, money, percent } from '../format.ts';
import { html, type Content } from '../html.ts';
import type { Column } from '../table.ts';
import type { ColumnKind } from '../tableModel.ts';

export type Counted = Pick<ReportedHotspot | Area, 'figures'>;

export function kindOf(field: Pick<ReportedField, 'unit' | 'measure'>): ColumnKind {
  if (field.unit === 'person-minutes') return 'minutes';
  if (field.unit === 'pence') return 'money';
  if (field.unit !== 'per cent') return 'count';
  return field.measure === 'incidentsChange' ? 'change' : 'percent';
}

/** "October 2023", or "October 2023 to December 2023". */
export const periodWords = ({ month, lastMonth }: Pick<MonthlyFigures, 'month' | 'lastMonth'>): string => (lastMonth ? `${sayMonth(month)} to ${sayMonth(lastMonth)}` : sayMonth(month));

export function findFigure(of: Counted, field: string, part: string | null): Figure | undefined {
  return of.figures.find((one) => one.field === field && one.breakdown === part);
}

/** A figure in words: its value with its unit, or why there is none. */
export function figureText(field: Pick<ReportedField, 'unit' | 'measure'>, { value, status }: Pick<Figure, 'value' | 'status'>): string {
  if (value === null) return status;
  const writers: Partial<Record<ColumnKind, (value: number) => string>> = { minutes: hoursMinutes, money, percent: (given) => percent(given / 100), change: (given) => change(given / 100) };
  return (writers[kindOf(field)] ?? count)(value);
}

/** The address of the page that shows a figure's rows; the API serves them under the same path. */
export function rowsPage(address: string): string {
  return address.replace(/^\/api/, '');
}

function linked(field: ReportedField, figure: Figure | undefined): Content {
  if (!figure) return 'not available';
  const text = figureText(field, figure);
  return figure.value === null ? html`<span class="is-missing" title=${figure.why ?? ''}>${text}</span>` : html`<a href=${rowsPage(figure.rows)} title="${field.definition} Counted: ${figure.from}.">${text}</a>`;
}

/** A column of one figure, each cell a link to its rows. */
export function figureColumn<Row extends Counted>(field: ReportedField, part: string | null, label: string): Column<Row> {
  const share = field.unit === 'per cent';
  return {
    key: `${field.code} ${part ?? ''}`, label, kind: kindOf(field), hint: field.definition,
    value: (row) => {
      const value = findFigure(row, field.code, part)?.value ?? null;
      return share && value !== null ? value / 100 : value;
    },
    missing: (row) => findFigure(row, field.code, part)?.status ?? 'not available',
    show: (row) => linked(field, findFigure(row, field.code, part)),
  };
}

/** The fields counted for every row given, in the definition's order. */
export function countedFields(figures: MonthlyFigures, rows: readonly Counted[]): readonly ReportedField[] {
  return figures.fields.filter((field) => rows.some((row) => findFigure(row, field.code, null)));
}
