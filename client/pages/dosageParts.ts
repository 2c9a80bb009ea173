/** What stands under planned and delivered hours: bands of the week, gaps, what was missed, and what a patrol-hour costs. */
import type { Delivery, DeliveryGap, PatrolHourCost } from '../../server/delivery/contract.ts';
import { count, date, hoursMinutes, period } from '../format.ts';
import { facts, section } from '../frame.ts';
import { html, nothing, when, type Content, type TemplateResult } from '../html.ts';
import { emptyView } from '../states.ts';
import { createTable, type Table } from '../table.ts';
import { bandNames, dayNames } from '../weeks.ts';

export interface DeliveryParts {
  readonly view: (delivery: Delivery) => Content;
}

export function createDeliveryParts(redraw: () => void, councilName: (code: string) => string): DeliveryParts {
  const gaps: Table<DeliveryGap> = createTable<DeliveryGap>({
    caption: 'Gaps without a visit', rowId: (row) => `${row.hotspotId} ${row.afterOn}`, redraw, sort: { key: 'days', down: true }, source: 'recorded visits', limit: 20,
    columns: [
      { key: 'hotspot', label: 'Hotspot', value: (row) => row.hotspot, show: (row) => html`<a href="/hotspots/${row.hotspotId}">${row.hotspot}</a>` }, { key: 'council', label: 'Council', value: (row) => councilName(row.councilCode) },
      { key: 'days', label: 'Days', kind: 'count', value: (row) => row.days }, { key: 'after', label: 'Last visit before', hint: 'Or the day before visits were to begin', kind: 'date', value: (row) => row.afterOn },
      { key: 'until', label: 'Next visit', kind: 'date', value: (row) => row.untilOn, missing: 'none yet' },
    ],
  });
  const costs: Table<PatrolHourCost> = createTable<PatrolHourCost>({
    caption: 'Cost of a patrol-hour', rowId: (row) => row.agreementId, redraw, tools: false, source: 'claims and recorded visits',
    columns: [
      { key: 'council', label: 'Agreement with', value: (row) => row.council, show: (row) => html`<a href="/agreements/${row.agreementId}/claims">${row.council}</a>` },
      { key: 'period', label: 'Claims of', value: (row) => period(row.from, row.to) },
      { key: 'verified', label: 'Verified', hint: 'Approved', kind: 'money', value: (row) => row.verifiedPence, sum: true }, { key: 'claimed', label: 'Claimed', kind: 'money', value: (row) => row.claimedPence, sum: true },
      { key: 'patrol', label: 'Patrol-hours', kind: 'minutes', value: (row) => row.patrolMinutes, sum: true }, { key: 'person', label: 'Person-hours', kind: 'minutes', value: (row) => row.personMinutes, sum: true },
      { key: 'verifiedHour', label: 'Verified £ per patrol-hour', kind: 'money', value: (row) => row.verifiedPencePerHour, missing: 'not known' },
      { key: 'claimedHour', label: 'Claimed £ per patrol-hour', kind: 'money', value: (row) => row.claimedPencePerHour, missing: 'not known' },
      { key: 'says', label: 'About it', value: (row) => row.says },
    ],
  });
  return {
    view: (delivery) => html`${totals(delivery)}
      ${section('By band of the week', bandsGrid(delivery), { lead: `Visits delivered of those planned, by the local hour they began; ${delivery.plannedWeeks > 0 ? `the ${delivery.plannedWeeks} of ${delivery.weeks} weeks that have a plan together` : 'no week has a plan, so delivered alone is shown'}.` })}
      ${section(`Gaps over ${delivery.gapDays} days`, delivery.gaps.length > 0 ? gaps.view(delivery.gaps) : emptyView('No hotspot went without a visit that long'))}
      ${section('Missed visits', missed(delivery))}
      ${when(delivery.cost !== null, () => cost(delivery))}`,
  };
  function cost({ cost: found, from, to }: Delivery): Content {
    if (!found) return nothing;
    return section('Cost of a patrol-hour', html`${found.agreements.length > 0 ? costs.view(found.agreements) : emptyView('No claim lies wholly in these weeks', 'Choose a longer span: claims are made for quarters or half-years.')}
      <p class="table__about">${found.definition} Period: ${date(from)} to ${date(to)}. Source: ${found.source}.</p>`);
  }
}

function totals({ totals: all, gapDays, gaps }: Delivery): Content {
  return facts([
    { label: 'Patrols', value: count(all.patrols), note: 'outings of a crew' },
    { label: 'Patrol-hours', value: hoursMinutes(all.patrolMinutes), note: 'hours in a hotspot with any of the crew there' },
    { label: 'Person-hours', value: hoursMinutes(all.personMinutes), note: 'the same times the persons there' },
    { label: `Visits of ${all.qualifyingMinutes} minutes`, value: `${count(all.qualifyingVisits)} of ${count(all.deliveredVisits)}`, note: 'or longer' },
    { label: 'Outside the plan', value: count(all.outsidePlan), note: 'visits in bands that were not planned' },
    { label: `Gaps over ${gapDays} days`, value: count(gaps.length), note: 'runs of days without a visit' },
  ]);
}

function missed({ missed: list }: Delivery): Content {
  if (list.length === 0) return emptyView('No missed visit was recorded with a reason', 'A warden says on the phone page why a planned visit was not made.');
  return html`<ul class="reasons">${list.map(({ reason, visits }) => html`<li>${reason}: ${count(visits)} ${visits === 1 ? 'visit' : 'visits'}</li>`)}</ul>`;
}

/** Rows of bands, columns of days: delivered of planned, and how much of it. */
function bandsGrid({ bands, plannedWeeks }: Delivery): TemplateResult {
  const at = (day: number, band: number): { planned: number; delivered: number } => bands.filter((one) => one.day === day && one.band === band)
    .reduce((sum, one) => ({ planned: sum.planned + one.plannedVisits, delivered: sum.delivered + one.deliveredVisits }), { planned: 0, delivered: 0 });
  const cell = ({ planned, delivered }: { planned: number; delivered: number }): TemplateResult => {
    const share = planned > 0 ? delivered / planned : null;
    const tone = share === null ? (delivered > 0 ? 'extra' : 'none') : share >= 0.9 ? 'kept' : share >= 0.5 ? 'part' : 'behind';
    return html`<td class="bandgrid__cell bandgrid__cell--${tone}">${planned === 0 && delivered === 0 ? html`<span class="visually-hidden">nothing</span>` : html`${count(delivered)}<span class="bandgrid__of"> of ${plannedWeeks > 0 ? count(planned) : '–'}</span>`}</td>`;
  };
  const days = [1, 2, 3, 4, 5, 6, 7];
  return html`<div class="table__scroll bandgrid__frame" role="region" tabindex="0" aria-label="Visits by band of the week"><table class="bandgrid"><caption class="visually-hidden">Visits delivered of those planned by day and 4-hour band</caption>
    <thead><tr><th scope="col">Band</th>${days.map((day) => html`<th scope="col"><abbr title=${dayNames[day - 1] ?? ''}>${dayNames[day - 1]?.slice(0, 3)}</abbr></th>`)}</tr></thead>
    <tbody>${bandNames.map((name, band) => html`<tr><th scope="row">${name}</th>${days.map((day) => cell(at(day, band)))}</tr>`)}</tbody></table></div>
    <p class="table__about">Green: 90% or more of the planned visits. Amber: half or more. Red: less than half. Grey: visits where none were planned.</p>`;
}
