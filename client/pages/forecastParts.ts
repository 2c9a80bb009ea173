/** What the forecast pages and the first page share: the drawing, ratings, alerts, and the day a forecast is known at. */
import { z } from 'zod';
import { acknowledgeAlert, knowledges, type AgreementForecast, type ForecastAlert, type ForecastMonth, type RatedOut } from '../../server/forecast/contract.ts';
import { isoDate } from '../../server/endpoint.ts';
import { call } from '../api.ts';
import { chart } from '../chart.ts';
import { createForm, type Form } from '../form.ts';
import { date, money, percent, shortMonth, wholePounds } from '../format.ts';
import { html, nothing, when, type Content, type TemplateResult } from '../html.ts';
import { mayDo } from '../session.ts';
import { note, tag } from '../states.ts';
import type { Column } from '../table.ts';

/** The day and the knowledge as the address carries them. */
export const knownAddress = z.object({ on: isoDate.optional().catch(undefined), knowledge: z.enum(knowledges).optional().catch(undefined) });

/** Spending by month against the profile: what is claimed, what is spent or committed, and the band of the forecast. */
export function outturnChart(months: readonly ForecastMonth[], about: { title: string; basis: string; knownOn: string }): Content {
  const values = (key: Exclude<keyof ForecastMonth, 'month'>): (number | null)[] => months.map((row) => row[key]);
  const known = months.find(({ month }) => month === about.knownOn.slice(0, 7));
  return chart({
    kind: 'line', title: about.title, about: `Cumulative at each month’s end, to the nearest pound. Actual is claimed, approved, paid or accrued; committed adds commitments and what is delivered and not yet claimed. ${about.basis}`, labels: months.map(({ month }) => shortMonth(month)), write: wholePounds, missing: 'none', band: [3, 5],
    series: [
      { name: 'Budget profile', values: values('profilePence') },
      { name: 'Actual', values: values('actualPence') },
      { name: 'Committed', values: values('committedPence') },
      { name: 'Low', values: values('lowPence') },
      { name: 'Central forecast', values: values('centralPence') },
      { name: 'High', values: values('highPence') },
    ],
    ...(known ? { marks: [{ at: shortMonth(known.month), label: 'as known' }] } : {}),
  });
}

const ratingLooks = { red: 'danger', amber: 'warning', green: 'good' } as const;

/** The computed rating, and beside it the one a person put there. */
export function ratingView({ computed, override }: RatedOut): Content {
  return html`${tag(computed, ratingLooks[computed])}${override ? html` <span class="rating__override">shown as ${tag(override.rating, ratingLooks[override.rating])} until ${date(override.untilOn)}: ${override.reason}</span>` : nothing}`;
}

/** Money of each agreement against its ceiling. */
export const forecastColumns: readonly Column<AgreementForecast>[] = [
  { key: 'council', label: 'Council', value: (row) => row.council, show: (row) => html`<a href="/agreements/${row.agreementId}/forecast">${row.council}</a>` },
  { key: 'rating', label: 'Rating', value: (row) => row.rating.computed, show: (row) => ratingView(row.rating) },
  { key: 'ceiling', label: 'Ceiling', kind: 'money', value: (row) => row.ceilingPence, sum: true },
  { key: 'spent', label: 'Spent or committed', hint: 'Paid, approved, claimed, accrued, committed, or delivered and not yet claimed', kind: 'money', value: (row) => row.toDate.totalPence, sum: true },
  { key: 'outturn', label: 'Forecast outturn', hint: 'Central, with low and high below', kind: 'money', value: (row) => row.outturn.central, sum: true, show: (row) => html`${money(row.outturn.central)}<span class="range">${wholePounds(row.outturn.low)} to ${wholePounds(row.outturn.high)}</span>` },
  { key: 'underspend', label: 'Forecast underspend', hint: 'Ceiling less central outturn', kind: 'money', value: (row) => row.underspend.central, sum: true },
  { key: 'share', label: 'Of ceiling', kind: 'percent', value: (row) => row.underspendShare },
  { key: 'start', label: 'Patrols began', kind: 'date', value: (row) => row.patrolsStart, missing: 'not begun' },
  { key: 'posts', label: 'In post', value: (row) => `${row.postsInPost} of ${row.posts}` },
];

/** Alerts with a form to say what is done about each. */
export interface Alerts {
  readonly view: (alerts: readonly ForecastAlert[]) => Content;
}

export function createAlerts(redraw: () => void, done: () => Promise<void>): Alerts {
  const forms = new Map<string, Form>();
  const formOf = (id: string): Form => {
    const known = forms.get(id) ?? createForm({
      layout: 'row', submit: 'Acknowledge', redraw, fields: [{ kind: 'text', name: 'reason', label: 'What is done about it', required: true }],
      action: async ({ reason }) => {
        await call(acknowledgeAlert, acknowledgeAlert.input.parse({ alertId: id, reason }));
        await done();
      },
    });
    forms.set(id, known);
    return known;
  };
  const one = (alert: ForecastAlert): TemplateResult => html`<li class="alert">${note(alert.acknowledged ? 'info' : 'danger', html`
    <strong>${alert.council ? html`<a href="/agreements/${alert.agreementId ?? ''}/forecast">${alert.council}</a>` : alert.fund}: ${money(alert.underspendPence)} would stay unspent</strong>
    <span class="alert__about">Raised on ${date(alert.raisedOn)}: an outturn of ${money(alert.outturnPence)} against ${money(alert.ceilingPence)}, over the threshold of ${percent(alert.thresholdShare, 0)}.${alert.endedOn ? ` Ended on ${date(alert.endedOn)}.` : ''}</span>
    ${alert.acknowledged ? html`<span class="alert__about">Acknowledged${alert.acknowledged.by ? ` by ${alert.acknowledged.by}` : ''}: ${alert.acknowledged.reason}</span>` : nothing}
    ${when(!alert.acknowledged && !alert.endedOn && mayDo('acknowledgeAlerts'), () => html`<details class="govuk-details alert__act"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Acknowledge</span></summary><div class="govuk-details__text">${formOf(alert.id).view()}</div></details>`)}`)}</li>`;
  return { view: (alerts) => (alerts.length === 0 ? nothing : html`<ul class="alerts">${alerts.map(one)}</ul>`) };
}

/** A share as people say it, with one decimal. */
export const share = (value: number): string => percent(value, 1);

/** Alerts in one box, for a page that has more to say; they are acknowledged on the forecast page. */
export function alertsInBrief(alerts: readonly ForecastAlert[]): Content {
  const [first] = alerts;
  if (!first) return nothing;
  return note('danger', html`<strong>${alerts.length === 1 ? 'Money would stay unspent' : `Money would stay unspent: ${alerts.length} alerts`}</strong>, over the threshold of ${percent(first.thresholdShare, 0)}.
    <ul class="alert__list">${alerts.map(alertLine)}</ul>${when(mayDo('acknowledgeAlerts'), () => html`<a href="/forecast">Say what is done about them</a>`)}`);
}

function alertLine({ council, agreementId, underspendPence, ceilingPence, raisedOn }: ForecastAlert): TemplateResult {
  return html`<li><a href=${agreementId === null ? '/forecast' : `/agreements/${agreementId}/forecast`}>${council ?? 'All agreements together'}</a>: ${money(underspendPence)}, ${percent(underspendPence / ceilingPence)} of the ceiling, when raised on ${date(raisedOn)}</li>`;
}
