/** What a plan is worth under both beliefs, and what other sums of money would be: as a table and as a curve. */
import type { AgreementPlanOut } from '../../server/grants/contract.ts';
import { chart } from '../chart.ts';
import { count, decimal, money, percent, wholePounds } from '../format.ts';
import { html, nothing, type Content } from '../html.ts';

/** Whether the effect outlasts a visit is contested, so each plan stands beside the best one for either belief. */
export function beliefsView(plan: AgreementPlanOut): Content {
  const lost = (best: number, ours: number): string => (best > 0 ? percent(Math.max(0, 1 - ours / best), 1) : '–');
  return html`<h3>If the effect lasts, and if it does not</h3>
    <div class="table__scroll" role="region" tabindex="0" aria-label="Both beliefs about the effect for ${plan.council}"><table class="table__grid table__grid--plain">
      <thead><tr><th scope="col">What is believed</th><th scope="col" class="is-number">This plan prevents</th><th scope="col" class="is-number">The best plan for it</th><th scope="col" class="is-number">Lost by this plan</th><th scope="col" class="is-number">Visits of the best</th><th scope="col" class="is-number">Its cost</th></tr></thead>
      <tbody>${plan.beliefs.map((belief) => html`<tr><th scope="row">The effect ${belief.residualHours > 0 ? `lasts ${decimal(belief.residualHours, 0)} hours after a visit` : 'ends with the visit'}</th>
        <td class="is-number">${decimal(belief.ofPlan, 2)}</td><td class="is-number">${decimal(belief.objective, 2)}</td><td class="is-number">${lost(belief.objective, belief.ofPlan)}</td><td class="is-number">${count(belief.visits)}</td><td class="is-number">${money(belief.spentPence)}</td></tr>`)}</tbody></table></div>
    <p class="table__about">Trials disagree: Underground platforms and Southend found an effect that lasts, Bedfordshire and Essex none. The plan in force is made for the belief of the settings.</p>
    <ul class="reasons">${plan.binding.map((says) => html`<li>${says}</li>`)}</ul>`;
}

/** The value of the week's money: incidents prevented for each sum, and what the next £1,000 brings there. */
export function curveView({ council, curve, money: { weekPence } }: AgreementPlanOut): Content {
  if (curve.length < 2) return nothing;
  const points = curve.toSorted((a, b) => a.moneyPence - b.moneyPence);
  return html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">What more or less money would prevent in ${council}</span></summary><div class="govuk-details__text">
    ${chart({
      kind: 'line', title: `Incidents prevented by money for the week, ${council}`, about: 'Linear bound, central effect; where promises are unmet money keeps those first', labelsAre: 'Money for the week', labels: points.map(({ moneyPence }) => wholePounds(moneyPence)), write: (value) => decimal(value, 2),
      series: [{ name: 'Incidents prevented', values: points.map(({ prevented }) => prevented) }, { name: 'The next £1,000', values: points.map(({ perThousandPounds }) => perThousandPounds) }],
      missing: 'promises first', marks: points.some(({ moneyPence }) => moneyPence === weekPence) ? [{ at: wholePounds(weekPence), label: 'now' }] : [],
    })}</div></details>`;
}
