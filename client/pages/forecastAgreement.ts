/** One agreement's forecast: what it is made of, what it assumes, why money would be left, and the council's own forecast beside ours. */
import { getForecast, knowledgeNames, type ForecastOfAgreement } from '../../server/forecast/contract.ts';
import { agreementTabs } from '../agreementTabs.ts';
import { call } from '../api.ts';
import { date, hoursMinutes, money, percent, period } from '../format.ts';
import { facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { onAddress, readAddress, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { today } from '../weeks.ts';
import { createKnownForm } from './forecast.ts';
import { createEntries } from './forecastEntries.ts';
import { createAlerts, knownAddress, outturnChart, ratingView, share } from './forecastParts.ts';
import { createForecastTables } from './forecastTables.ts';

/** One part of the outturn. */
interface Part {
  readonly key: string;
  readonly what: string;
  readonly is: string;
  readonly href: string | null;
  readonly low: number;
  readonly central: number;
  readonly high: number;
}

export const agreementForecastPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<ForecastOfAgreement> = loading;
  let said = '';
  const ask = (): Promise<ForecastOfAgreement> => {
    const { on, knowledge } = readAddress(knownAddress);
    return call(getForecast, { id, on, knowledge: knowledge ?? 'recorded' });
  };

  const draw = (): void => {
    const head = state.at === 'ready' ? { title: `Forecast of ${state.value.reference}`, caption: state.value.council } : { title: 'Forecast' };
    render(frame({ ...head, width: 'wide', breadcrumbs: [{ label: 'Forecast', href: '/forecast' }] },
      html`${agreementTabs(id, 'forecast')}${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'the forecast', retry: () => void start() })}`), root);
  };
  const body = (of: ForecastOfAgreement): Content => html`
    ${of.knownOn === today() ? nothing : note('info', html`As known on ${date(of.knownOn)}: ${knowledgeNames[of.knowledge]}. <a href="/agreements/${id}/forecast">Show today’s</a>`)}
    ${standing(of)}
    ${alerts.view(of.alerts.filter(({ endedOn }) => endedOn === null))}
    ${outturnChart(of.months, { title: `Spending under ${of.reference}`, basis: of.profileBasis, knownOn: of.knownOn })}
    ${section('What it is made of', parts.view(partsOf(of)), { lead: html`Paid, approved, claimed, accrued, committed and delivered, then the run rate of what remains. Each penny stands in one row.` })}
    ${section('What it assumes', html`<ul class="assumptions">${of.assumptions.map((words) => html`<li>${words}</li>`)}</ul>`, { lead: html`Numbers that are not facts of this agreement are <a href="/settings">settings</a> with their source. The inputs have the hash <code class="hash">${of.sha256.slice(0, 12)}</code>.` })}
    ${section('Hours against time', hours(of))}
    ${section('Why money would be left', html`${tables.dataCauses.view(of.dataCauses)}${of.causes.length > 0 ? tables.causes.view(of.causes) : html`<p>Nobody has entered a cause yet.</p>`}${when(mayDo('explainUnderspend'), () => entries.cause(of))}`,
      { lead: 'First what the data itself says, then what people know: their causes are shown beside it and change no figure.' })}
    ${section('Posts the agreement pays for', html`${plan(of)}${when(mayDo('planStaffing'), () => entries.plan(of))}`)}
    ${section('The council’s own forecast', html`<span id="council"></span>${of.councilForecasts.length > 0 ? tables.councilForecasts.view(of.councilForecasts) : html`<p>The council has sent none yet.</p>`}${when(mayDo('sendForecasts'), () => entries.councilForecast(of))}`,
      { lead: 'Sent each quarter, signed by its chief finance officer, and compared with ours as known on the day theirs was received.' })}
    ${section('Rating', html`<p>${ratingView(of.rating)} ${of.rating.because}</p><p class="rule">Rule since ${date(of.rating.since)}: ${of.rating.rule}</p>${when(mayDo('overrideRatings'), () => entries.rating(of))}`)}
    ${section('Kept forecasts', of.runs.length > 0 ? tables.runs.view(of.runs) : html`<p>None is kept yet. One is kept every night.</p>`)}
    ${section('As known on another day', knownForm.view(), { lead: 'The forecast uses only what was known on its day.' })}`;
  const parts = createTable<Part>({ caption: 'Outturn', rowId: (row) => row.key, redraw: draw, tools: false, period: () => (state.at === 'ready' ? `as known on ${date(state.value.knownOn)}` : ''), columns: [
    { key: 'what', label: 'Money that is', value: (row) => row.what, show: (row) => (row.href ? html`<a href=${row.href}>${row.what}</a>` : row.what) },
    { key: 'is', label: 'What it is', value: (row) => row.is },
    { key: 'low', label: 'Low', kind: 'money', value: (row) => row.low, sum: true },
    { key: 'central', label: 'Central', kind: 'money', value: (row) => row.central, sum: true },
    { key: 'high', label: 'High', kind: 'money', value: (row) => row.high, sum: true },
  ] });
  const start = (): (() => void) => load(ask(), (next) => {
    state = next;
    draw();
  });
  const kept = async (words: string): Promise<void> => {
    state = { at: 'ready', value: await ask() };
    said = words;
    draw();
    window.scrollTo(0, 0);
  };
  const tables = createForecastTables(draw);
  const entries = createEntries({ id, redraw: draw, kept, of: () => (state.at === 'ready' ? state.value : undefined) });
  const alerts = createAlerts(draw, () => kept('Acknowledged.'));
  const knownForm = createKnownForm(draw, () => {
    said = '';
    start();
  });
  let stop = start();
  const off = onAddress(() => {
    stop();
    stop = start();
  });
  return () => {
    stop();
    off();
  };
};

function standing(of: ForecastOfAgreement): Content {
  return facts([
    { label: 'Days left', value: String(of.daysLeft), note: period(of.startsOn, of.endsOn) },
    { label: 'Ceiling', value: money(of.ceilingPence), note: of.basis === 'hours' ? 'paid on verified hours' : 'paid on actual cost' },
    { label: 'Spent or committed', value: money(of.toDate.totalPence), note: `${percent(of.toDate.totalPence / of.ceilingPence)} of the ceiling` },
    { label: 'Forecast outturn', value: money(of.outturn.central), note: `low ${money(of.outturn.low)}, high ${money(of.outturn.high)}` },
    { label: 'Forecast underspend', value: money(of.underspend.central), note: of.moneyOutOn ? `the money runs out on ${date(of.moneyOutOn)}` : `${share(of.underspendShare)} of the ceiling` },
    { label: 'Rating', value: ratingView({ ...of.rating, override: null }), note: of.rating.override ? html`shown as <strong>${of.rating.override.rating}</strong>: ${of.rating.override.reason}` : of.rating.because },
  ]);
}

function partsOf(of: ForecastOfAgreement): Part[] {
  const { toDate } = of;
  const ledger = `/agreements/${of.agreementId}/ledger`;
  const known = (key: string, what: string, pence: number, is: string, href: string | null): Part => ({ key, what, is, href, low: pence, central: pence, high: pence });
  const overCeiling = Math.max(0, of.uncapped.central - of.outturn.central) + Math.max(0, of.uncapped.high - of.outturn.high) + Math.max(0, of.uncapped.low - of.outturn.low);
  return [
    known('paid', 'Paid', toDate.paidPence, 'Payments less recoveries, in the ledger', ledger),
    known('approved', 'Approved', toDate.approvedPence, 'Approved and not yet paid', ledger),
    known('claimed', 'Claimed', toDate.claimedPence, 'Submitted and not yet decided', ledger),
    known('accrued', 'Accrued', toDate.accruedPence, 'Received and not yet claimed', ledger),
    ...(toDate.atRiskPence > 0 ? [known('at risk', 'Spent at risk', toDate.atRiskPence, 'Spent before the agreement was signed; claimed once it is', ledger)] : []),
    known('committed', 'Committed', toDate.committedPence, 'Commitments of months no claim covers, and of days ahead', `/agreements/${of.agreementId}`),
    known('delivered', 'Delivered', toDate.deliveredPence, of.basis === 'hours' ? 'Hours of those months beyond their commitments' : 'Cost of who was in post in those months beyond their commitments', of.basis === 'hours' ? '/visits' : '/wardens'),
    { key: 'run rate', what: 'Run rate × what remains', is: 'Each day from the day after the known one to the last, at the staff in post and what they deliver', href: null, ...of.remaining },
    ...(overCeiling > 0 ? [{ key: 'over', what: 'Over the ceiling', is: 'Not paid: the ceiling is all the agreement pays', href: null, low: of.outturn.low - of.uncapped.low, central: of.outturn.central - of.uncapped.central, high: of.outturn.high - of.uncapped.high }] : []),
  ];
}

function hours(of: ForecastOfAgreement): Content {
  const delivered = html`<a href="/visits">${hoursMinutes(of.deliveredMinutes)}</a>`;
  return html`<p>${of.deliveredShare === null || of.targetMinutes === null
    ? html`${delivered} of wardens in hotspots are recorded, and ${percent(of.timeShare, 0)} of the agreement’s days are gone. No target of hours is agreed, so there is no share to set against it.`
    : html`${delivered} of ${hoursMinutes(of.targetMinutes)} agreed are delivered: <strong>${percent(of.deliveredShare)}</strong>, with <strong>${percent(of.timeShare)}</strong> of the agreement’s days gone.`}</p>`;
}

function plan(of: ForecastOfAgreement): Content {
  if (!of.plan) return html`<p>No number of posts is entered, so it is taken from what the money would pay: ${of.posts}. ${of.postsInPost} are in post.</p>`;
  return html`<p>${of.plan.posts} posts of ${hoursMinutes(of.plan.contractMinutesPerWeek)} a week, patrols planned from ${date(of.plan.startsOn)}; ${of.postsInPost} are in post.${of.plan.filledOn ? ` Empty posts are expected to be filled on ${date(of.plan.filledOn)}.` : ''} ${of.plan.reason}</p>`;
}
