/** The week at a glance: what is owed where, gaps, alerts, and the money left. The first page of a council's lead. */
import { z } from 'zod';
import { getWeekBoard, listDeliveryAlerts, type BoardHotspot, type DeliveryAlert, type WeekBoard } from '../../server/delivery/contract.ts';
import { listPatrolStarts, type PatrolStart } from '../../server/patrols/contract.ts';
import { call } from '../api.ts';
import { chart } from '../chart.ts';
import { date, decimalHours, hoursMinutes, money, notStarted, percent, shortDate } from '../format.ts';
import { action, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { onAddress, readAddress, type Page } from '../router.ts';
import { isDemonstration, mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, dayNames, mondayOf, nearestToMiddle, today } from '../weeks.ts';
import { createDeliveryAlerts } from './deliveryAlerts.ts';

interface Answer {
  readonly board: WeekBoard;
  readonly alerts: readonly DeliveryAlert[];
  readonly councils: readonly PatrolStart[];
}

const asked = z.object({ week: z.iso.date().optional().catch(undefined), council: z.string().optional().catch(undefined) });

export const weekBoardPage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  let leave = (): void => undefined;
  const draw = (): void => {
    const board = state.at === 'ready' ? state.value.board : undefined;
    render(frame({
      title: board ? `Week of ${date(board.week)}` : 'Week board', caption: 'Week board', width: 'wide', lead: board ? stands(board) : nothing,
      actions: [when(mayDo('planPatrols'), () => action('Allocate hours', '/allocation')), when(mayDo('recordVisits'), () => action('Record a visit', '/visits/record', 'main'))],
    }, shown(state, body, { what: 'the week', retry: start })), root);
  };
  const alerts = createDeliveryAlerts(() => draw(), () => start());
  const table = createTable<BoardHotspot>({ caption: 'Hours owed by hotspot', rowId: (row) => row.hotspotId, redraw: () => draw(), sort: { key: 'owed', down: true }, source: 'allocation in force and recorded visits', ...tableOptions(() => (state.at === 'ready' ? state.value : undefined)) });
  const body = (answer: Answer): Content => html`${weekLinks(answer)}${answer.board.hotspots.length === 0 ? emptyView('No hotspot is live in this week', 'Choose another week.') : html`
    ${boardFacts(answer.board)}${alerts.view(answer.alerts)}
    ${section('Hotspots', table.view(answer.board.hotspots), { lead: `Hours are minutes inside the hotspot times persons, to ${date(answer.board.on)}. More than ${answer.board.gapLimitDays} days without a visit are a gap.` })}
    ${daysChart(answer.board)}`}`;
  const start = (): void => {
    leave();
    leave = load(ask(), (next) => {
      state = next;
      draw();
    });
  };
  start();
  const off = onAddress(start);
  return () => {
    leave();
    off();
  };
};

async function ask(): Promise<Answer> {
  const { week, council } = readAddress(asked);
  const filter = council ? { council } : {};
  const { councils } = await call(listPatrolStarts, {});
  let board = await call(getWeekBoard, { ...(week ? { week: mondayOf(week) } : {}), ...filter });
  const middle = nearestToMiddle(board.plannedWeeks);
  // The demonstration's grant is long over: its board opens midway through it.
  if (isDemonstration() && !week && middle) board = await call(getWeekBoard, { week: middle, ...filter });
  const { alerts } = await call(listDeliveryAlerts, { on: board.on < today() ? board.on : today(), ...filter });
  return { board, alerts, councils };
}

function stands({ week, on }: WeekBoard): string {
  const sunday = addDays(week, 6);
  if (week > today()) return 'Still to come.';
  return on === sunday && on < today() ? `As it was on Sunday ${date(on)}.` : `As it stands on ${date(on)}.`;
}

function weekLinks({ board: { week, plannedWeeks }, councils }: Answer): Content {
  const { council } = readAddress(asked);
  const address = (to: string, of: string | undefined): string => `/week-board?week=${to}${of ? `&council=${of}` : ''}`;
  const link = (to: string, words: string): Content => html`<a class="filter-link" href=${address(to, council)}>${words}</a> `;
  const planned = plannedWeeks[0];
  return html`<p class="week-links">${link(addDays(week, -7), '← Week before')}${link(addDays(week, 7), 'Week after →')}${week === mondayOf(today()) ? nothing : link(mondayOf(today()), 'This week')}</p>
    ${when(councils.length > 1, () => html`<p class="week-links"><a class="filter-link" href=${address(week, undefined)} aria-current=${council ? nothing : 'page'}>All councils</a> ${councils.map((one) => html`<a class="filter-link" href=${address(week, one.councilCode)} aria-current=${council === one.councilCode ? 'page' : nothing}>${one.council}</a> `)}</p>`)}
    ${plannedWeeks.includes(week) ? nothing : note('info', html`No hours are allocated for this week${planned ? html`; the latest that has a plan is the <a href=${address(planned, council)}>week of ${date(planned)}</a>` : nothing}.${when(mayDo('planPatrols'), () => html` <a href="/allocation">Allocate hours</a>`)}`)}`;
}

const sumOf = (rows: readonly BoardHotspot[], value: (row: BoardHotspot) => number | null): number | null => {
  const known = rows.map(value).filter((one): one is number => one !== null);
  return known.length > 0 ? known.reduce((sum, one) => sum + one, 0) : null;
};

function boardFacts({ hotspots, money: agreements, moneyDefinition, gapLimitDays, week }: WeekBoard): Content {
  const [planned, delivered, owed, byNow] = [sumOf(hotspots, (row) => row.plannedMinutes), sumOf(hotspots, (row) => row.deliveredMinutes), sumOf(hotspots, (row) => row.owedMinutes), sumOf(hotspots, (row) => row.plannedByNowMinutes)];
  const gaps = hotspots.filter(({ gapDays }) => gapDays !== null && gapDays > gapLimitDays).length;
  const write = (minutes: number | null, missing: string): string => (minutes === null ? missing : hoursMinutes(minutes));
  const pence = (value: (one: WeekBoard['money'][number]) => number): string => money(agreements.reduce((sum, one) => sum + value(one), 0));
  return html`${facts([
    { label: 'Still owed', value: write(owed, 'not known'), note: 'hours planned and not delivered yet' },
    { label: 'Planned', value: write(planned, 'no plan'), note: byNow === null ? 'person-hours in hotspots' : `${hoursMinutes(byNow)} of it should be done by now` },
    { label: 'Delivered', value: write(delivered, notStarted), note: planned && delivered !== null ? `${percent(delivered / planned, 0)} of the plan` : 'person-hours in hotspots' },
    { label: 'Gaps', value: `${gaps} of ${hotspots.length}`, note: `hotspots without a visit for more than ${gapLimitDays} days` },
    ...(agreements.length > 0 ? [{ label: 'Money left this week', value: pence((one) => one.leftPence), note: `${pence((one) => one.weekPence)} for the week of ${shortDate(week)}, ${pence((one) => one.deliveredPence)} of it delivered` }] : []),
  ])}${agreements.length > 0 ? html`<p class="table__about">${moneyDefinition} Period: the week. Source: the allocation of the week and recorded visits.</p>` : nothing}`;
}

function tableOptions(answer: () => Answer | undefined): { columns: readonly Column<BoardHotspot>[]; period: () => string } {
  const limit = (): number => answer()?.board.gapLimitDays ?? Number.POSITIVE_INFINITY;
  const names = (code: string): string => answer()?.councils.find(({ councilCode }) => councilCode === code)?.council ?? '';
  return {
    period: () => `week of ${date(answer()?.board.week ?? today())}, to ${date(answer()?.board.on ?? today())}`,
    columns: [
      { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot, show: (row) => html`<a href="/hotspots/${row.hotspotId}">${row.hotspot}</a>` },
      { key: 'council', label: 'Council', value: (row) => names(row.councilCode) },
      { key: 'owed', label: 'Still owed', kind: 'minutes', value: (row) => row.owedMinutes, missing: '–', sum: true },
      { key: 'planned', label: 'Planned', kind: 'minutes', value: (row) => row.plannedMinutes, missing: 'no plan', sum: true },
      { key: 'delivered', label: 'Delivered', kind: 'minutes', value: (row) => row.deliveredMinutes, missing: notStarted, sum: true },
      { key: 'visits', label: 'Visits', hint: 'Delivered of planned', value: (row) => (row.deliveredVisits === null ? null : `${row.deliveredVisits} of ${row.plannedVisits ?? '–'}`), missing: '–' },
      { key: 'missed', label: 'Missed, said why', kind: 'count', value: (row) => row.missedVisits },
      { key: 'last', label: 'Last visit', kind: 'date', value: (row) => row.lastVisitOn, missing: 'none yet' },
      { key: 'gap', label: 'Days without', kind: 'count', value: (row) => row.gapDays, missing: '–', show: (row) => (row.gapDays !== null && row.gapDays > limit() ? html`${row.gapDays} ${tag('gap', 'warning')}` : html`${row.gapDays ?? '–'}`) },
    ],
  };
}

function daysChart({ days }: WeekBoard): Content {
  const hours = (minutes: number | null): number | null => (minutes === null ? null : minutes / 60);
  return section('By day', chart({
    kind: 'bar', title: 'Person-hours by day', about: 'Planned against delivered in hotspots', labelsAre: 'Day', labels: days.map(({ date: day }, index) => `${dayNames[index]?.slice(0, 3) ?? ''} ${Number(day.slice(8))}`),
    write: (value) => decimalHours(value * 60, 0), missing: 'none', series: [{ name: 'Planned', values: days.map((one) => hours(one.plannedMinutes)) }, { name: 'Delivered', values: days.map((one) => hours(one.deliveredMinutes)) }],
  }));
}
