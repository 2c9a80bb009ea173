/** What stands beside every map: how its counts add up, and where they come from. */
import type { IncidentCounts, Provenance } from '../../../server/hotspots/contract.ts';
import { count, month, period } from '../../format.ts';
import { details } from '../../frame.ts';
import { html, nothing, type Content } from '../../html.ts';
import { note } from '../../states.ts';

/** in = mapped + outside + without a place, in words. */
export function reconciled(counts: IncidentCounts): Content {
  return html`<strong>${count(counts.in)}</strong> incidents = <strong>${count(counts.mapped)}</strong> on the map + ${count(counts.outside)} outside it + ${count(counts.withoutPlace)} without a place`;
}

const precisions = { exact: 'exact points', snapped: 'points moved to the nearest of a fixed list', area: 'middles of areas' } as const;

/** Period, sources, precision, unit and method, folded; the attribution stands open. */
export function provenanceView(about: Provenance): Content {
  return html`
    ${about.missingMonths.length > 0 ? note('warning', `No data for ${about.missingMonths.map(month).join(', ')}. Rates are over the ${about.months} months held.`) : nothing}
    <details class="govuk-details" data-print><summary class="govuk-details__summary"><span class="govuk-details__summary-text">How this was made</span></summary>
      <div class="govuk-details__text">${details([
        ['Period', `${period(about.from, about.to)} (${about.months} months with data)`],
        ['Sources', sourceWords(about)],
        ['Categories', about.categories.map((one) => one.name).join(', ')],
        ['Councils', about.councils.map((one) => one.name).join(', ')],
        ['Unit', about.unit],
        ['Method', about.method],
      ])}</div></details>
    <p class="fact__note">${about.attribution.join(' · ')}</p>`;
}

function sourceWords(about: Provenance): string {
  if (about.sources.length === 0) return 'none with incidents for these filters';
  return about.sources.map((source) => `${source.name}: ${count(source.incidents)} incidents, ${precisions[source.locationPrecision]}, time to the ${source.timePrecision}`).join('; ');
}
