/** The forecast of every fund and of its agreements: spent, outturn, underspend, ratings, alerts; now or as known at a day. */
import { keepForecasts, knowledgeNames, listForecasts, type AgreementForecast, type FundForecast } from '../../server/forecast/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { date, money, percent, period } from '../format.ts';
import { button, facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { onAddress, readAddress, writeAddress, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, failureText, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Table } from '../table.ts';
import { today } from '../weeks.ts';
import { createAlerts, forecastColumns, knownAddress, outturnChart, share } from './forecastParts.ts';

type Answer = Awaited<ReturnType<typeof ask>>;

const ask = () => {
  const { on, knowledge } = readAddress(knownAddress);
  return call(listForecasts, { on, knowledge: knowledge ?? 'recorded' });
};

export const forecastPage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  let said: { kind: 'good' | 'danger'; words: string } | undefined;
  const tables = new Map<string, Table<AgreementForecast>>();

  const draw = (): void => render(frame({
    title: 'Forecast', width: 'wide', lead: 'What will be spent by the end of each fund, from each council’s own start and the staff in post. Underspend is the ceiling less the outturn.',
    actions: state.at === 'ready' && mayDo('makeForecasts') ? [button('Keep this forecast', () => void keep())] : [],
  }, html`${said ? note(said.kind, said.words, { live: true }) : nothing}${shown(state, body, { what: 'the forecast', retry: () => void start() })}`), root);
  const body = (answer: Answer): Content => html`
    ${answer.knownOn === today() ? nothing : note('info', html`As known on ${date(answer.knownOn)}: ${knowledgeNames[answer.knowledge]}. <a href="/forecast">Show today’s</a>`)}
    ${answer.funds.length > 0 ? answer.funds.map((fund) => fundView(fund, answer)) : emptyView('There is no agreement to forecast', 'A forecast begins when an agreement is signed.')}
    ${section('As known on another day', knownForm.view(), { lead: 'A forecast uses only what was known on its day, so any month can be told again.' })}`;
  const fundView = (fund: FundForecast, { knownOn, alertShare, alerts: raised }: Answer): Content => section(fund.name, html`
    ${fundFacts(fund, alertShare)}
    ${alerts.view(raised.filter(({ fundId }) => fundId === fund.id))}
    ${outturnChart(fund.months, { title: `Spending under ${fund.name}`, basis: fund.profileBasis, knownOn })}
    ${tableOf(fund.id, knownOn).view(fund.agreements)}
    ${fund.agreements[0] ? html`<p class="rule"><strong>Rating rule</strong>, in force since ${date(fund.agreements[0].rating.since)}: ${fund.agreements[0].rating.rule}</p>` : nothing}`);
  const tableOf = (id: string, knownOn: string): Table<AgreementForecast> => {
    const table = tables.get(id) ?? createTable<AgreementForecast>({ caption: 'Forecast by agreement', rowId: (row) => row.agreementId, redraw: draw, columns: forecastColumns, period: () => `as known on ${date(knownOn)}`, source: 'ledger, commitments, visits, wardens' });
    tables.set(id, table);
    return table;
  };
  const keep = async (): Promise<void> => {
    const { on, knowledge } = readAddress(knownAddress);
    try {
      const { runs } = await call(keepForecasts, { on, knowledge: knowledge ?? 'recorded' });
      said = { kind: 'good', words: `${runs.length} forecasts are kept with everything they were made from.` };
    } catch (error) {
      said = { kind: 'danger', words: failureText(error) };
    }
    draw();
  };
  const start = (): (() => void) => load(ask(), (next) => {
    state = next;
    draw();
  });
  const alerts = createAlerts(() => draw(), async () => {
    state = { at: 'ready', value: await ask() };
    said = { kind: 'good', words: 'Acknowledged.' };
    draw();
  });
  const knownForm = createKnownForm(() => draw(), () => {
    said = undefined;
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

/** The day and the knowledge a forecast is asked for; written into the address. */
export function createKnownForm(redraw: () => void, asked: () => void) {
  return createForm({
    layout: 'row', submit: 'Show', redraw, fields: () => {
      const { on, knowledge } = readAddress(knownAddress);
      return [
        { kind: 'date', name: 'on', label: 'As known on', value: on ?? today(), max: today(), required: true },
        { kind: 'select', name: 'knowledge', label: 'Taking in', value: knowledge ?? 'recorded', options: Object.entries(knowledgeNames).map(([value, label]) => ({ value, label })), required: true },
      ];
    },
    action: async ({ on, knowledge }) => {
      writeAddress({ on: on === today() ? undefined : String(on), knowledge: knowledge === 'recorded' ? undefined : String(knowledge) });
      asked();
    },
  });
}

function fundFacts(fund: FundForecast, alertShare: number): Content {
  return facts([
    { label: 'Days left', value: String(fund.daysLeft), note: period(fund.startsOn, fund.endsOn) },
    { label: 'Ceilings', value: money(fund.ceilingPence), note: `of ${fund.agreements.length === 1 ? 'one agreement' : `${fund.agreements.length} agreements`}; award ${money(fund.awardPence)}` },
    { label: 'Spent or committed', value: money(fund.spentPence), note: `${percent(fund.spentPence / fund.ceilingPence)} of the ceilings` },
    { label: 'Forecast outturn', value: money(fund.outturn.central), note: `low ${money(fund.outturn.low)}, high ${money(fund.outturn.high)}` },
    { label: 'Forecast underspend', value: money(fund.underspend.central), note: html`${share(fund.underspendShare)} of the ceilings; ${when(fund.underspendShare > alertShare, () => html`<strong>over</strong> `)}${fund.underspendShare > alertShare ? '' : 'within '}the alert’s ${percent(alertShare, 0)}` },
  ]);
}
