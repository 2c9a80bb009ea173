/** The parts of the first page: figures with their definitions, tasks, alerts, money by council, hours owed this week. */
import type { AgreementForecast, FundForecast } from '../../server/forecast/contract.ts';
import type { FirstFigure, FirstPage, HoursOwed, Task, TaskGroup } from '../../server/forecast/firstPageContract.ts';
import type { BoardMonth } from '../../server/returns/contract.ts';
import { count, date, hoursMinutes, month, shortDate, wholePounds } from '../format.ts';
import { action, section } from '../frame.ts';
import { html, nothing, when, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { tag } from '../states.ts';
import { createTable, type Table } from '../table.ts';
import { deliveryAlertsInBrief } from './deliveryAlerts.ts';
import { alertsInBrief, forecastColumns, outturnChart } from './forecastParts.ts';
import type { Morning } from './home.ts';

export interface Briefing {
  readonly view: (morning: Morning) => Content;
}

const dayMs = 86_400_000;

/** Draws what a person finds first. */
export function createBriefing(redraw: () => void): Briefing {
  const tables = new Map<string, Table<AgreementForecast>>();
  const tableOf = ({ id }: FundForecast, on: string): Table<AgreementForecast> => {
    const table = tables.get(id) ?? createTable<AgreementForecast>({ caption: 'Spend and forecast against ceiling', rowId: (row) => row.agreementId, redraw, tools: false, columns: forecastColumns, period: () => `as known on ${date(on)}`, source: 'ledger, commitments, visits, wardens' });
    tables.set(id, table);
    return table;
  };
  const hours = createTable<HoursOwed>({ caption: 'Hours this week by hotspot', rowId: (row) => row.hotspotId, redraw, tools: false, columns: [
    { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot, show: (row) => html`<a href="/hotspots/${row.hotspotId}">${row.hotspot}</a>` },
    { key: 'planned', label: 'Planned', kind: 'minutes', value: (row) => row.plannedMinutes, missing: 'no plan made', sum: true },
    { key: 'delivered', label: 'Delivered', kind: 'minutes', value: (row) => row.deliveredMinutes, missing: 'not started', sum: true },
    { key: 'owed', label: 'Still owed', kind: 'minutes', value: (row) => (row.plannedMinutes === null || row.deliveredMinutes === null ? null : Math.max(0, row.plannedMinutes - row.deliveredMinutes)), sum: true },
  ] });
  const money = (funds: readonly FundForecast[], on: string): Content => funds.map((fund) => section(funds.length > 1 ? fund.name : fund.agreements.length > 1 ? 'Money by council' : 'Your money', html`
    ${tableOf(fund, on).view(fund.agreements)}
    ${outturnChart(fund.months, { title: `Spending under ${fund.name}`, basis: fund.profileBasis, knownOn: on })}`, { lead: html`${funds.length > 1 ? nothing : `${fund.name}. `}${fund.agreements.length > 1 ? 'Each council' : 'It'} opens to its forecast with its assumptions and causes.` }));
  const view = ({ page, board, lagging }: Morning): Content => html`
    ${when(mayDo('recordVisits') && !mayDo('seeMoney'), () => html`<div class="record">${action('Record a visit', '/visits/record', 'main')}</div>`)}
    ${figures([...page.figures, ...(board ? [returnFigure(board, page)] : [])])}
    ${alertsInBrief(page.alerts)}${deliveryAlertsInBrief(lagging)}
    ${taskLists([...returnTasks(board, page), ...page.tasks])}
    ${page.week && page.week.hours.length > 0 ? section('This week', hours.view(page.week.hours), { lead: `From Monday ${date(page.week.monday)}. Hours are minutes in the hotspot times persons.`, actions: mayDo('planPatrols') ? [action('Allocate hours', '/allocation'), action('Record a visit', '/visits/record', 'main')] : [] }) : nothing}
    ${money(page.funds, page.on)}`;
  return { view };
}

/** Headline figures: value linked to its rows, then what it is and for when. */
function figures(list: readonly FirstFigure[]): Content {
  if (list.length === 0) return nothing;
  return html`<dl class="facts">${list.map((one) => html`<div class="fact fact--${one.tone}"><dt class="fact__label">${one.label}</dt>
    <dd class="fact__value"><a href=${one.href}>${written(one)}</a><span class="fact__note">${one.definition} <span class="fact__period">${one.period}.</span></span></dd></div>`)}</dl>`;
}

function written({ value, unit, missing }: FirstFigure): string {
  if (value === null) return missing;
  if (typeof value === 'string') return unit === 'date' ? (value.length > 7 ? shortDate(value) : month(value)) : value;
  if (unit === 'pence') return wholePounds(value);
  return unit === 'minutes' ? hoursMinutes(value) : count(value);
}

function returnFigure(board: BoardMonth, { on }: FirstPage): FirstFigure {
  const days = board.dueOn === null ? null : Math.round((Date.parse(board.dueOn) - Date.parse(on)) / dayMs);
  const due = days === null ? 'no day is set' : days < 0 ? `it was due ${-days} ${days === -1 ? 'day' : 'days'} ago` : `due in ${days} ${days === 1 ? 'day' : 'days'}`;
  return {
    key: 'return', label: `Return for ${month(board.month)}`, value: board.versions > 0 ? `${board.versions} kept` : 'not made', missing: '', unit: 'text', href: `/returns/${board.month}`,
    tone: board.versions === 0 && days !== null && days < 0 ? 'danger' : 'plain',
    definition: `${board.councilsStarted} of ${board.councilsStarted + board.councilsNotStarted} councils have begun; ${count(board.visits)} visits; incidents ${board.incidentsImported ? 'imported' : 'not imported yet'}; ${due}.`, period: month(board.month),
  };
}

/** The month's return is the grant manager's to make. */
function returnTasks(board: BoardMonth | null, { on }: FirstPage): Task[] {
  if (!board || board.versions > 0 || !board.monthEnded || !mayDo('makeReturns')) return [];
  return [{ group: 'send', what: `Make the return for ${month(board.month)}`, detail: board.incidentsImported ? 'Its incidents are imported.' : 'Its incidents are not imported yet.', council: null, href: `/returns/${board.month}`, dueOn: board.dueOn, late: board.dueOn !== null && on > board.dueOn }];
}

const groups: readonly { group: TaskGroup; title: string; empty: string | null; id: string }[] = [
  { group: 'sign', title: 'To sign', empty: null, id: 'sign' },
  { group: 'chase', title: 'Whom to chase', empty: null, id: 'owed' },
  { group: 'send', title: 'To send', empty: null, id: 'send' },
  { group: 'look', title: 'To look at', empty: null, id: 'look' },
];

function taskLists(tasks: readonly Task[]): Content {
  const lists = groups.flatMap((one) => {
    const own = tasks.filter(({ group }) => group === one.group);
    return own.length > 0 ? [{ ...one, own }] : [];
  });
  if (lists.length === 0) return nothing;
  const councilSide = !lists.some(({ group }) => group === 'chase');
  return html`<div class="briefing">${lists.map(({ title, own, id }) => html`<section class="section"><div class="section__head"><h2 class="section__title" id=${id === 'send' && councilSide ? 'owed' : id}>${title} <span class="section__count">(${own.length})</span></h2></div>
    <ul class="tasks">${own.slice(0, shownTasks).map(taskView)}</ul>
    ${own.length > shownTasks ? html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">${own.length - shownTasks} more</span></summary><div class="govuk-details__text"><ul class="tasks">${own.slice(shownTasks).map(taskView)}</ul></div></details>` : nothing}</section>`)}</div>`;
}

const shownTasks = 8;

function taskView(one: Task): Content {
  return html`<li class="task"><span class="task__what">${one.council ? html`${one.council}: ` : nothing}<a href=${one.href}>${one.what}</a></span>
    <span class="task__about">${one.detail}</span>
    <span class="task__due">${one.late ? tag('late', 'danger') : nothing} ${one.dueOn ? html`<span class="task__day">${one.late ? 'was due' : 'due'} ${shortDate(one.dueOn)}</span>` : nothing}</span></li>`;
}
