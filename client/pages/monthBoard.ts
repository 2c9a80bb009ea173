/** The month's board: councils down, sections across, with what is missing and the days left. */
import { z } from 'zod';
import { getCollectingBoard, type BoardCouncil, type CollectingBoard, type SectionState } from '../../server/returns/collectContract.ts';
import { listReturns, type BoardMonth } from '../../server/returns/contract.ts';
import { isoMonth } from '../../server/endpoint.ts';
import { call } from '../api.ts';
import { fieldView } from '../fieldView.ts';
import { count, date, month as sayMonth } from '../format.ts';
import { action, facts, frame } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { onAddress, readAddress, writeAddress, type Page } from '../router.ts';
import { isDemonstration, mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { nearestToMiddle } from '../weeks.ts';

const address = z.object({ month: isoMonth.optional().catch(undefined) });

export const sectionTag = (state: SectionState): Content =>
  tag(state, ({ 'not started': 'plain', 'in progress': 'info', ready: 'info', submitted: 'warning', 'changes requested': 'danger', accepted: 'good' } as const)[state]);

/** "3 days left", "due today", "2 days late". */
export function sayDaysLeft(days: number): string {
  if (days === 0) return 'due today';
  const plural = Math.abs(days) === 1 ? 'day' : 'days';
  return days > 0 ? `${days} ${plural} left` : `${-days} ${plural} late`;
}

interface Opened {
  readonly board: CollectingBoard;
  readonly months: readonly BoardMonth[];
}

export const monthBoardPage: Page = (root) => {
  let state: Loadable<Opened | null> = loading;
  const draw = (): void => render(frame({
    title: 'The month’s board', width: 'wide', lead: 'How far each council is with its month. Figures are filled in from visits, incidents and the ledger; councils confirm, correct and explain them.',
    actions: state.at === 'ready' && state.value ? actionsOf(state.value.board.month) : [],
  }, shown(state, (opened) => (opened ? boardView(opened, choose, draw) : emptyView('No month to collect yet', 'A month appears here once a hotspot is live in it.')), { what: 'the board', retry: () => void start() })), root);
  const choose = (month: string): void => {
    writeAddress({ month });
    start();
  };
  let stop = (): void => undefined;
  const start = (): void => {
    stop();
    stop = load(open(), (next) => {
      state = next;
      draw();
    });
  };
  start();
  const off = onAddress(start);
  return () => {
    stop();
    off();
  };
};

/** The month asked for, else the newest that ended and has visits; in the demonstration, whose grant is long over, the one midway through it. */
async function open(): Promise<Opened | null> {
  const { months } = await call(listReturns, {});
  const patrolled = months.filter((one) => one.monthEnded && one.visits > 0).map(({ month }) => month);
  const usual = (isDemonstration() ? nearestToMiddle(patrolled) : patrolled[0]) ?? (months.find((one) => one.monthEnded) ?? months[0])?.month;
  const month = readAddress(address).month ?? usual;
  return month === undefined ? null : { months, board: await call(getCollectingBoard, { month }) };
}

function actionsOf(month: string): Content[] {
  return [
    ...(mayDo('consolidateReturns') ? [action('Put together', `/month-board/${month}/consolidation`, 'main')] : []),
    action('The return', `/returns/${month}`), action('Reminders', `/reminders?month=${month}`),
  ];
}

function boardView({ board, months }: Opened, choose: (month: string) => void, redraw: () => void): Content {
  const waiting = board.councils.flatMap(({ sections }) => sections).filter(({ state }) => state !== 'accepted').length;
  const errors = board.councils.reduce((sum, { uploadErrors }) => sum + uploadErrors, 0);
  const left = (days: number): string => (waiting === 0 ? 'all accepted' : sayDaysLeft(days));
  return html`
    ${fieldView({ kind: 'select', name: 'month', label: 'Month', required: true, value: board.month, options: months.map((one) => ({ value: one.month, label: sayMonth(one.month) })) }, { formId: 'board', onChange: choose })}
    ${board.monthEnded ? nothing : note('info', `${sayMonth(board.month)} has not ended: sections can be confirmed, not submitted.`)}
    ${facts([
      { label: 'Councils send by', value: date(board.dueOn), note: left(board.daysLeft) },
      { label: 'Return is due', value: date(board.returnDueOn), note: left(board.returnDaysLeft) },
      { label: 'Sections not accepted', value: count(waiting), note: sayMonth(board.month) },
      { label: 'Errors in uploads', value: count(errors), note: 'in each council’s newest file' },
    ])}
    ${board.councils.length === 0 ? emptyView('No council has anything to report in this month') : tableOf(board, redraw).view(board.councils)}`;
}

function tableOf(board: CollectingBoard, redraw: () => void) {
  const columns: readonly Column<BoardCouncil>[] = [
    { key: 'council', label: 'Council', value: (row) => row.council, show: (row) => html`<a href="/month-board/${board.month}/${row.councilCode}">${row.council}</a>${row.started ? nothing : html`<br><span class="is-missing">patrols not started</span>`}` },
    ...board.sections.map(({ code, name }): Column<BoardCouncil> => ({
      key: code, label: name, value: (row) => row.sections.find((one) => one.code === code)?.state ?? null,
      show: (row) => {
        const own = row.sections.find((one) => one.code === code);
        return own ? html`<div class="board__cell">${sectionTag(own.state)}${own.figures > 0 ? html`<br><span class="board__count">${count(own.confirmed)} of ${count(own.figures)} confirmed</span>` : nothing}${own.missing > 0 ? html`<br><span class="board__count">${count(own.missing)} missing</span>` : nothing}</div>` : '';
      },
    })),
    { key: 'errors', label: 'Errors', kind: 'count', value: (row) => row.uploadErrors, show: (row) => (row.uploadErrors > 0 ? html`<a href="/month-board/${board.month}/${row.councilCode}/upload">${count(row.uploadErrors)}</a>` : '0') },
    { key: 'conflicts', label: 'Conflicts', kind: 'count', value: (row) => row.conflicts, show: (row) => (row.conflicts > 0 && mayDo('consolidateReturns') ? html`<a href="/month-board/${board.month}/consolidation">${count(row.conflicts)}</a>` : count(row.conflicts)) },
    { key: 'reminders', label: 'Reminders', kind: 'count', value: (row) => row.reminders },
  ];
  return createTable<BoardCouncil>({ caption: `Councils and sections, ${sayMonth(board.month)}`, rowId: (row) => row.councilCode, redraw, columns, tools: false });
}
