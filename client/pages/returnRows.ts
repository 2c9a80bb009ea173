/** The rows behind one figure of a return: what was counted, and that it adds up. */
import { z } from 'zod';
import { getReturnRows, type FigureRow, type FigureRows } from '../../server/returns/contract.ts';
import { call } from '../api.ts';
import { count, date, hoursMinutes, money, month as sayMonth } from '../format.ts';
import { details, frame } from '../frame.ts';
import { html, render, type Content } from '../html.ts';
import { readAddress, type Page } from '../router.ts';
import { emptyView, load, loading, shown, type Loadable } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';
import { figureText, rowsPage } from './returnFigures.ts';

const asked = z.object({ figure: z.string().catch(''), breakdown: z.string().optional().catch(undefined), hotspot: z.string().optional().catch(undefined), council: z.string().optional().catch(undefined), definition: z.string().optional().catch(undefined), version: z.string().optional().catch(undefined) });

interface Screen {
  answer: FigureRows;
  table: Table<FigureRow>;
}

export const returnRowsPage: Page = (root, { month = '' }) => {
  let state: Loadable<Screen> = loading;
  const draw = (): void => {
    const name = state.at === 'ready' ? state.value.answer.name : 'Rows';
    render(frame({
      title: name, caption: `Rows behind a figure, ${sayMonth(month)}`, width: 'wide',
      breadcrumbs: [{ label: 'Returns', href: '/returns' }, { label: sayMonth(month), href: `/returns/${month}` }],
    }, shown(state, view, { what: 'the rows', retry: () => void start() })), root);
  };
  const start = (): (() => void) => load(call(getReturnRows, { month, ...withoutBlanks(readAddress(asked)) }), (next) => {
    state = next.at === 'ready' ? { at: 'ready', value: { answer: next.value, table: tableOf(next.value, () => draw()) } } : next;
    draw();
  });
  return start();
};

type Asked = { figure: string; breakdown?: string; hotspot?: string; council?: string; definition?: string; version?: number };

function withoutBlanks({ figure, breakdown, hotspot, council, definition, version }: z.output<typeof asked>): Asked {
  return { figure, ...(breakdown ? { breakdown } : {}), ...(hotspot ? { hotspot } : {}), ...(council ? { council } : {}), ...(definition ? { definition } : {}), ...(version ? { version: Number(version) } : {}) };
}

function view({ answer, table }: Screen): Content {
  return html`${details([
    ['Figure', html`<strong>${figureText(figureField(answer), answer)}</strong> ${answer.why ?? ''}`],
    ['Definition', answer.definition],
    ['Counted', answer.from],
    ['How it adds up', sum(answer)],
  ])}
  ${answer.terms.length > 0 ? termsTable(answer.terms) : answer.rows.length > 0 ? table.view(answer.rows) : emptyView(answer.value === null ? `There are no rows: ${answer.status}` : 'There are no rows: the figure is a count of none', answer.why ?? '')}`;
}

/** What a formula was worked from. */
function termsTable(terms: FigureRows['terms']): Content {
  return html`<table class="govuk-table"><caption class="govuk-table__caption">Figures it was worked from</caption>
    <thead><tr><th scope="col" class="govuk-table__header">Figure</th><th scope="col" class="govuk-table__header govuk-table__header--numeric">Value</th></tr></thead>
    <tbody>${terms.map((term) => html`<tr><th scope="row" class="govuk-table__header">${term.name}</th><td class="govuk-table__cell govuk-table__cell--numeric"><a href=${rowsPage(term.rows)}>${figureText({ unit: term.unit, measure: null }, term)}</a></td></tr>`)}</tbody></table>`;
}

/** Only a change has rows that take away. */
const figureField = (answer: FigureRows): { unit: FigureRows['unit']; measure: string | null } =>
  ({ unit: answer.unit, measure: answer.rows.some((row) => row.amount < 0) || (answer.value ?? 0) < 0 ? 'incidentsChange' : null });

function sum(answer: FigureRows): string {
  if (answer.formula !== null) return `${answer.formula}, from the figures below; each leads to its rows`;
  const total = answer.unit === 'person-minutes' ? hoursMinutes(answer.total) : answer.unit === 'pence' ? money(answer.total) : count(answer.total);
  if (answer.of === null) return `${count(answer.rows.length)} rows, ${total} together`;
  return `${total} of ${count(answer.of)}, as a percentage`;
}

const columns: readonly Column<FigureRow>[] = [
  { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot || null },
  { key: 'on', label: 'Day', value: (row) => row.on, show: dayWords },
  { key: 'started', label: 'Began', kind: 'instant', value: (row) => row.startedAt },
  { key: 'minutes', label: 'Minutes', kind: 'count', value: (row) => row.minutes },
  { key: 'persons', label: 'Persons', kind: 'count', value: (row) => row.persons },
  { key: 'staff', label: 'Staff', value: (row) => row.staffCategory?.replaceAll('_', ' ') },
  { key: 'extended', label: 'Extended activity', value: (row) => yesNo(row.extended) },
  { key: 'joint', label: 'With police', value: (row) => yesNo(row.jointWithPolice) },
  { key: 'patrol', label: 'Patrol', value: (row) => row.patrolReference },
  { key: 'action', label: 'Action', value: (row) => row.action },
  { key: 'source', label: 'Source', value: (row) => row.source },
  { key: 'category', label: 'Category or budget head', value: (row) => row.category },
  { key: 'about', label: 'Agreement and what for', value: (row) => row.about },
  { key: 'place', label: 'Place', value: (row) => row.place },
];

function dayWords(row: FigureRow): string {
  if (row.on.length > 7) return date(row.on);
  return `${sayMonth(row.on)}, ${row.kind === 'baseline' ? 'frozen count' : 'day not known'}`;
}

const yesNo = (held: boolean | null): string | null => (held === null ? null : held ? 'yes' : 'no');

/** Only the columns that some row has something for, and what each row adds. */
function tableOf(answer: FigureRows, redraw: () => void): Table<FigureRow> {
  const used = columns.filter((column) => answer.rows.some((row) => (column.value(row) ?? null) !== null));
  return createTable({
    caption: answer.name, period: sayMonth(answer.month), redraw, rowId: (row) => `${row.kind} ${row.id} ${row.action ?? ''} ${row.hotspotId}`,
    columns: [...used, { key: 'amount', label: 'Adds', kind: answer.unit === 'person-minutes' ? 'minutes' : answer.unit === 'pence' ? 'money' : 'count', value: (row) => row.amount, sum: true }],
  });
}
