/** Sliders over one agreement's week: money, wardens, minimum visits, hours of the day. The plan is made again as they move; the one in force stays. */
import { whatIf, type WhatIf } from '../../server/grants/allocationContract.ts';
import type { AgreementPlanOut } from '../../server/grants/contract.ts';
import { call } from '../api.ts';
import { count, decimal, hoursMinutes, money, percent } from '../format.ts';
import { button, facts } from '../frame.ts';
import { html, nothing, type Content, type TemplateResult } from '../html.ts';
import { failureText, note } from '../states.ts';
import { bandNames } from '../weeks.ts';
import { latestOnly, type Slider, sliderView } from './explore/sliders.ts';

export interface WhatIfPanel {
  readonly view: () => Content;
}

interface Asked {
  moneyPence: number;
  /** Null for no limit. */
  wardens: number | null;
  minimumVisits: number;
  bands: readonly number[];
}

const allBands = [0, 1, 2, 3, 4, 5];
/** One past the last place of the wardens' slider means no limit. */
const mostWardens = 40;
const pauseMs = 60;

/** A panel for one agreement's plan of a run; `minimumVisits` is the setting the plan was made with. */
export function createWhatIf(runId: string, plan: AgreementPlanOut, minimumVisits: number, redraw: () => void): WhatIfPanel {
  const first: Asked = { moneyPence: plan.money.weekPence, wardens: null, minimumVisits, bands: allBands };
  let asked: Asked = { ...first };
  let answer: WhatIf | undefined;
  let failure: unknown;
  let tookMs = 0;
  const ask = latestOnly(async () => {
    const began = performance.now();
    const { moneyPence, wardens, minimumVisits: visits, bands } = asked;
    try {
      answer = await call(whatIf, { id: runId, agreement: plan.agreementId, moneyPence, minimumVisits: visits, ...(wardens === null ? {} : { wardens }), ...(bands.length < 6 ? { bands: bands.map(String) } : {}) });
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    tookMs = performance.now() - began;
    redraw();
  }, pauseMs);
  const move = (change: Partial<Asked>): void => {
    asked = { ...asked, ...change };
    redraw();
    ask();
  };
  const moved = (name: string, value: number): void => {
    if (name.startsWith('money')) move({ moneyPence: value * 1000 });
    else if (name.startsWith('wardens')) move({ wardens: value > mostWardens ? null : value });
    else move({ minimumVisits: value });
  };
  const most = Math.max(200, Math.ceil((plan.money.weekPence * 3) / 1000));
  const key = plan.agreementId.slice(0, 8);
  const sliders = (): readonly Slider[] => [
    { name: `money-${key}`, label: 'Money for the week', least: 0, most, step: 5, value: Math.round(asked.moneyPence / 1000), words: money(asked.moneyPence) },
    { name: `wardens-${key}`, label: 'Wardens on duty in each band', least: 0, most: mostWardens + 1, step: 1, value: asked.wardens ?? mostWardens + 1, words: asked.wardens === null ? 'no limit' : count(asked.wardens) },
    { name: `minimum-${key}`, label: 'Least visits to a hotspot', least: 0, most: 14, step: 1, value: asked.minimumVisits, words: `${count(asked.minimumVisits)} a week` },
  ];
  const bandBoxes = (): TemplateResult => html`<fieldset class="whatif__bands"><legend>Hours of the day</legend>${bandNames.map((name, band) => html`<label class="whatif__band"><input type="checkbox" .checked=${asked.bands.includes(band)} @change=${(event: Event) => {
    const on = event.target instanceof HTMLInputElement && event.target.checked;
    move({ bands: on ? [...asked.bands, band].toSorted() : asked.bands.filter((one) => one !== band) });
  }}> ${name}</label>`)}</fieldset>`;
  return {
    view: () => html`<details class="govuk-details whatif"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">What if ${plan.council} had other money, wardens or hours?</span></summary><div class="govuk-details__text">
      <div class="sliders">${sliders().map((slider) => sliderView(slider, moved))}${bandBoxes()}</div>
      ${failure === undefined ? nothing : note('warning', failureText(failure))}
      ${answer ? html`${comparison(plan, answer)}<p class="table__about" role="status">Planned again in ${count(tookMs)} ms. Nothing of it is kept: the plan in force stays.</p>${button('Back to the plan in force', () => {
        answer = undefined;
        move({ ...first });
      })}` : html`<p class="table__about">Move a slider: the plan is made again while you do, and nothing of it is kept.</p>`}
    </div></details>`,
  };
}

function comparison(plan: AgreementPlanOut, answer: WhatIf): TemplateResult {
  const against = (now: number, before: number, write: (value: number) => string): string => `${write(before)} in the plan in force`.concat(now === before ? ': the same' : '');
  const losers = new Set(answer.shortfalls.map(({ hotspot }) => hotspot ?? 'several hotspots together'));
  const changed = answer.hotspots.map((one) => ({ ...one, before: plan.hotspots.find(({ id }) => id === one.id)?.visits ?? 0 })).filter(({ visits, before }) => visits !== before);
  return html`${answer.reason ? note('warning', html`No hours: ${answer.reason.text}`) : nothing}
    ${facts([
      { label: 'Visits', value: count(answer.visits), note: against(answer.visits, plan.visits, count) },
      { label: 'Hours in hotspots', value: hoursMinutes(answer.personMinutes), note: against(answer.personMinutes, plan.personMinutes, hoursMinutes) },
      { label: 'Cost', value: money(answer.spentPence), note: against(answer.spentPence, plan.money.spentPence, money) },
      { label: 'Incidents prevented', value: decimal(answer.objective, 2), note: `${against(answer.objective, plan.objective, (value) => decimal(value, 2))}; within ${percent(answer.gap, 2)} of the bound` },
      { label: 'Get less than they should', value: count(losers.size), note: losers.size > 0 ? [...losers].join(', ') : 'no hotspot' },
    ])}
    ${changed.length > 0 ? html`<p>Other visits than in the plan in force:</p><ul class="reasons">${changed.map(({ name, visits, before }) => html`<li>${name}: ${count(visits)} instead of ${count(before)}</li>`)}</ul>` : nothing}
    <ul class="reasons">${answer.binding.map((says) => html`<li>${says}</li>`)}</ul>`;
}
