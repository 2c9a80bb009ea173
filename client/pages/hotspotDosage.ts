/** The part of a hotspot's page for those who patrol it: what comes first there, when it is busy, last visits, the plan, notes. */
import { getHotspotDelivery, setPriority, type HotspotDelivery, type Priority } from '../../server/delivery/contract.ts';
import { call } from '../api.ts';
import { chart } from '../chart.ts';
import { createForm, type Form } from '../form.ts';
import { count, date, decimalHours, instant, period, shortDate, shortInstant } from '../format.ts';
import { section } from '../frame.ts';
import { html, nothing, when, type Content, type TemplateResult } from '../html.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { bandNames, dayNames, today } from '../weeks.ts';
import { createDeliveryAlerts } from './deliveryAlerts.ts';

export interface HotspotPart {
  readonly view: () => Content;
  readonly leave: () => void;
}

type LastVisit = HotspotDelivery['lastVisits'][number];
const places = [1, 2, 3] as const;

/** Loads and keeps the part; it draws itself again as its answers come. */
export function createHotspotPart(id: string, redraw: () => void): HotspotPart {
  let state: Loadable<HotspotDelivery> = loading;
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(call(getHotspotDelivery, { id }), (next) => {
      state = next;
      redraw();
    });
  };
  const alerts = createDeliveryAlerts(redraw, start);
  const forms = new Map<number, Form>();
  const formOf = (position: number): Form => {
    const known = forms.get(position) ?? createForm({
      layout: 'row', submit: 'Keep', redraw,
      fields: () => [
        { kind: 'text', name: 'words', label: `Priority ${position}`, hint: 'Short; left blank the place is empty', value: state.at === 'ready' ? state.value.priorities.find((one) => one.position === position)?.words : undefined, size: 'long' },
        { kind: 'date', name: 'fromOn', label: 'From', value: today(), required: true }, { kind: 'date', name: 'untilOn', label: 'Last day' },
      ],
      action: async (values) => {
        await call(setPriority, setPriority.input.parse({ id, position, ...values, words: values['words'] ?? '' }));
        start();
      },
    });
    forms.set(position, known);
    return known;
  };
  const visits = createTable<LastVisit>({
    caption: 'Last visits', rowId: (row) => row.id, redraw, tools: false, columns: [
      { key: 'at', label: 'Began', kind: 'instant', value: (row) => row.startedAt, show: (row) => html`${shortInstant(row.startedAt)}` }, { key: 'minutes', label: 'Minutes', kind: 'count', value: (row) => row.minutes }, { key: 'persons', label: 'Persons', kind: 'count', value: (row) => row.persons },
      { key: 'class', label: 'Evidence', hint: 'A GPS, B NFC, C QR, D the warden’s word', value: (row) => row.evidenceClass }, { key: 'patrol', label: 'Patrol', value: (row) => row.patrolReference }, { key: 'actions', label: 'Actions', kind: 'count', value: (row) => row.actions },
    ],
  });
  const body = (found: HotspotDelivery): Content => html`${alerts.view(found.alerts)}
    ${section('Priorities', priorities(found, formOf), { lead: 'What comes first here, in the crew’s words.' })}
    ${when(found.notes.length > 0, () => section('Notes for the next shift', html`<ul class="reasons">${found.notes.map((one) => html`<li>${one.note} <span class="fact__note">${instant(one.writtenAt)}, to ${instant(one.expiresAt)}</span></li>`)}</ul>`))}
    ${section('Busy hours', peakView(found))}
    ${section('Plan', planView(found))}
    ${section('Last visits', found.lastVisits.length > 0 ? visits.view(found.lastVisits) : emptyView('No visit is recorded yet'))}
    ${weeksView(found)}`;
  start();
  return { view: () => shown(state, body, { what: 'what is patrolled here', retry: start }), leave: () => leave() };
}

function priorities({ priorities: list, formerPriorities }: HotspotDelivery, formOf: (position: number) => Form): TemplateResult {
  const change = (position: number): Content => when(mayDo('keepPriorities'), () => html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Change<span class="visually-hidden"> priority ${position}</span></span></summary><div class="govuk-details__text">${formOf(position).view()}</div></details>`);
  return html`<ol class="priorities">${places.map((position) => {
    const one = list.find((each) => each.position === position);
    return html`<li class="priority"><span class="priority__number" aria-hidden="true">${position}</span><span class="priority__words">${one ? one.words : 'Nothing is set'}${one ? html`<span class="priority__dates">${dates(one)}</span>` : nothing}</span>${change(position)}</li>`;
  })}</ol>
  ${formerPriorities.length > 0 ? html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Earlier and later priorities (${formerPriorities.length})</span></summary><div class="govuk-details__text"><ul class="reasons">${formerPriorities.map((one) => html`<li>${one.position}. ${one.words} <span class="fact__note">${dates(one)}</span></li>`)}</ul></div></details>` : nothing}`;
}

function dates({ fromOn, untilOn, setBy }: Priority): string {
  return `From ${date(fromOn)}${untilOn ? ` to the day before ${date(untilOn)}` : ''}${setBy ? `, set by ${setBy}` : ''}`;
}

const days = [0, 1, 2, 3, 4, 5, 6] as const;

function peakView({ peak }: HotspotDelivery): Content {
  if (!peak) return emptyView('No source gives times of day for incidents here', 'Busy hours are shown once a source with times has incidents inside the outline.');
  const most = Math.max(1, ...peak.counts);
  const top = peak.counts.map((n, index) => ({ n, index })).toSorted((a, b) => b.n - a.n).slice(0, 3).filter(({ n }) => n > 0);
  return html`<p>Most: ${top.map(({ n, index }) => `${dayNames[Math.floor(index / 6)] ?? ''} ${bandNames[index % 6] ?? ''} (${count(n)})`).join(', ')}.</p>
    ${weekTable('Incidents by day and 4-hour band', (day, band) => {
      const n = peak.counts[day * 6 + band] ?? 0;
      return { words: count(n), tint: Math.ceil((4 * n) / most) };
    })}
    <p class="table__about">${peak.says} Anti-social behaviour inside the outline, local clock. Period: ${period(peak.from.slice(0, 7), peak.to.slice(0, 7))}.</p>`;
}

/** A small week: rows of bands, columns of days. The words carry it; the tint only helps. */
function weekTable(label: string, cell: (day: number, band: number) => { words: string; tint: number }): TemplateResult {
  return html`<div class="table__scroll bandgrid__frame" role="region" tabindex="0" aria-label=${label}><table class="bandgrid peakgrid"><caption class="visually-hidden">${label}</caption>
    <thead><tr><th scope="col">Band</th>${days.map((day) => html`<th scope="col"><abbr title=${dayNames[day] ?? ''}>${dayNames[day]?.slice(0, 3)}</abbr></th>`)}</tr></thead>
    <tbody>${bandNames.map((name, band) => html`<tr><th scope="row">${name}</th>${days.map((day) => {
      const { words, tint } = cell(day, band);
      return html`<td class="peak--${tint}">${words}</td>`;
    })}</tr>`)}</tbody></table></div>`;
}

function planView({ plan }: HotspotDelivery): Content {
  if (!plan) return emptyView('No hours are allocated here yet');
  if (plan.cells.length === 0) return html`<p>The plan of the week of ${date(plan.week)} has no visit here.</p>`;
  return html`<p><a href="/week-board?week=${plan.week}">Week of ${date(plan.week)}</a></p>${weekTable('Visits planned by day and 4-hour band', (day, band) => {
    const visits = plan.cells.find((one) => one.day === day + 1 && one.band === band)?.visits ?? 0;
    return { words: visits > 0 ? count(visits) : '–', tint: Math.min(4, visits) };
  })}`;
}

function weeksView({ weeks }: HotspotDelivery): Content {
  const hours = (minutes: number | null): number | null => (minutes === null ? null : minutes / 60);
  return section('Weeks', chart({
    kind: 'bar', title: 'Person-hours a week here', about: 'Planned against delivered', labelsAre: 'Week of', labels: weeks.map(({ week }) => shortDate(week)), write: (value) => decimalHours(value * 60), missing: 'no plan or not started',
    series: [{ name: 'Planned', values: weeks.map((one) => hours(one.plannedMinutes)) }, { name: 'Delivered', values: weeks.map((one) => hours(one.deliveredMinutes)) }],
  }));
}
