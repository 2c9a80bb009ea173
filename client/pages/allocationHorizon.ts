/** The money left of an agreement over its weeks to the end: asked for, followed, and shown beside the same every week. */
import { listHorizons, startHorizon, type HorizonRun } from '../../server/grants/allocationContract.ts';
import { listAgreements, type Agreement } from '../../server/grants/contract.ts';
import { call } from '../api.ts';
import { chart } from '../chart.ts';
import { createForm } from '../form.ts';
import { count, date, decimal, instant, money, percent, shortDate, wholePounds } from '../format.ts';
import { facts, section } from '../frame.ts';
import { html, nothing, when, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { load, loading, shown, type Loadable } from '../states.ts';
import { mondayOf, today } from '../weeks.ts';

interface Answer {
  readonly agreements: readonly Agreement[];
  readonly horizons: readonly HorizonRun[];
}

export interface HorizonPart {
  readonly view: () => Content;
  readonly leave: () => void;
}

/** `follow` waits for a job to end, telling how far it is; undefined when the page was left. */
export function createHorizonPart(redraw: () => void, follow: (jobId: string) => Promise<unknown>): HorizonPart {
  let state: Loadable<Answer> = loading;
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(Promise.all([call(listAgreements, {}), call(listHorizons, {})]).then(([{ agreements }, { horizons }]) => ({ agreements, horizons })), (next) => {
      state = next;
      redraw();
    });
  };
  const running = (): readonly Agreement[] => (state.at === 'ready' ? state.value.agreements.filter((one) => ['signed', 'live', 'live at risk'].includes(one.state) && one.availablePence > 0) : []);
  const form = createForm({
    layout: 'row', submit: 'Divide the money', redraw,
    fields: () => [
      { kind: 'select', name: 'agreement', label: 'Agreement', required: true, options: running().map((one) => ({ value: one.id, label: `${one.council}, to ${shortDate(one.endsOn)}` })) },
      { kind: 'date', name: 'fromWeek', label: 'From the week of', value: mondayOf(firstDay(running())), required: true },
    ],
    action: async ({ agreement, fromWeek }) => {
      const { jobId } = await call(startHorizon, { agreement: String(agreement), fromWeek: mondayOf(String(fromWeek)) });
      await follow(jobId);
      start();
    },
  });
  const body = ({ horizons }: Answer): Content => {
    const [latest] = horizons;
    return html`${when(mayDo('planPatrols') && running().length > 0, () => form.view())}${latest ? shownHorizon(latest) : nothing}
      ${horizons.length > 1 ? html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Earlier ones (${horizons.length - 1})</span></summary><div class="govuk-details__text"><ul class="reasons">${horizons.slice(1).map((one) => html`<li>${one.council}, from ${date(one.fromWeek)}: ${decimal(one.prevented, 1)} prevented with ${money(one.moneyPence)}, made ${instant(one.createdAt)}, inputs ${one.hash.slice(0, 12)}</li>`)}</ul></div></details>` : nothing}`;
  };
  start();
  return {
    view: () => section('To the end of an agreement', shown(state, body, { what: 'the divisions made before', retry: start }), { lead: 'How the money that is left would be divided over the weeks so that most incidents are prevented. It puts nothing in force.' }),
    leave: () => leave(),
  };
}

/** Today, or the last start of an agreement that is over already. */
function firstDay(agreements: readonly Agreement[]): string {
  const day = today();
  return agreements.some(({ endsOn }) => endsOn >= day) ? day : (agreements.map(({ startsOn }) => startsOn).toSorted().at(-1) ?? day);
}

function shownHorizon(found: HorizonRun): Content {
  const even = found.weeks.length > 0 ? (found.moneyPence - found.leftPence) / found.weeks.filter(({ moneyPence }) => moneyPence > 0).length : 0;
  return html`${facts([
    { label: found.council, value: `${count(found.weeks.length)} weeks`, note: `from ${date(found.fromWeek)}; ${money(found.moneyPence)} left, ${money(found.leftPence)} of it of no use there` },
    { label: 'Incidents prevented', value: decimal(found.prevented, 1), note: `bound ${decimal(found.bound, 1)}, gap ${percent(found.gap, 2)}` },
    { label: 'Better than the same every week', value: percent(found.betterBy, 2), note: `${decimal(found.evenly, 1)} with the same` },
  ])}
  ${chart({ kind: 'bar', title: 'Money by week', about: 'Divided, beside the same every week that can use any', labelsAre: 'Week of', labels: found.weeks.map(({ weekStart }) => shortDate(weekStart)), write: (pounds) => wholePounds(pounds * 100),
    series: [{ name: 'Divided', values: found.weeks.map(({ moneyPence }) => moneyPence / 100) }, { name: 'The same', values: found.weeks.map(({ moneyPence }) => (moneyPence > 0 ? Math.round(even / 100) : 0)) }] })}
  <p class="table__about">Made ${instant(found.createdAt)}. Inputs ${found.hash.slice(0, 12)}, seed ${found.seed}. The values are linear bounds; each week is planned in whole visits when it is allocated.</p>`;
}
