/** What stands beside every map: how its counts add up, and where they come from. */
import type { IncidentCounts, Provenance } from '../../../server/hotspots/contract.ts';
import type { Crossing } from '../../../server/incidents/qualityContract.ts';
import { count, month, period } from '../../format.ts';
import { details } from '../../frame.ts';
import { html, nothing, type Content } from '../../html.ts';
import { note } from '../../states.ts';

/** in = mapped + outside + without a place + excluded, in words. */
export function reconciled(counts: IncidentCounts): Content {
  const excluded = counts.excluded > 0 ? html` + ${count(counts.excluded)} at excluded geocodes` : nothing;
  return html`<strong>${count(counts.in)}</strong> incidents = <strong>${count(counts.mapped)}</strong> on the map + ${count(counts.outside)} outside it + ${count(counts.withoutPlace)} without a place${excluded}`;
}

const precisions = { exact: 'exact points', snapped: 'points moved to the nearest of a fixed list', area: 'middles of areas' } as const;

/** The banners of every comparison that crosses a recording change or a gap. */
export function crossingBanners(crossings: readonly Crossing[]): Content {
  return crossings.map(({ kind, says }) => note('warning', html`${says} <strong>${kind === 'gap' ? 'Counts of these days are incomplete.' : 'Counts on either side are not comparable.'}</strong>`));
}

/** What else happened, beside a before-and-after figure. */
export function interventionsBeside(interventions: readonly { says: string }[]): Content {
  if (interventions.length === 0) return nothing;
  return note('info', html`<p>Also in these months, so that no change is owed to patrols alone:</p><ul class="govuk-list govuk-list--bullet">${interventions.map(({ says }) => html`<li>${says}</li>`)}</ul>`);
}

/** Period, sources, precision, unit and method, folded; banners and the attribution stand open. */
export function provenanceView(about: Provenance, { banners = true }: { banners?: boolean } = {}): Content {
  return html`${banners ? crossingBanners(about.crossings) : nothing}
    ${about.missingMonths.length > 0 ? note('warning', `No data for ${about.missingMonths.map(month).join(', ')}. Rates are over the ${about.months} months held.`) : nothing}
    <details class="govuk-details" data-print><summary class="govuk-details__summary"><span class="govuk-details__summary-text">How this was made</span></summary>
      <div class="govuk-details__text">${details([
        ['Period', `${period(about.from, about.to)} (${about.months} months with data)`],
        ['Sources', sourceWords(about)],
        ['Categories', about.categories.map((one) => one.name).join(', ')],
        ...(about.subtypes.length > 0 ? [['Subtypes', about.subtypes.map((one) => one.name).join(', ')] as const] : []),
        ['Councils', about.councils.map((one) => one.name).join(', ')],
        ['Weights', weightWords(about)],
        ...(about.excluded > 0 ? [['Left out', `${count(about.excluded)} incidents at excluded geocodes; they are kept and counted`] as const] : []),
        ['Unit', about.unit],
        ['Method', about.method],
      ])}</div></details>
    <p class="fact__note">${about.attribution.join(' · ')}</p>`;
}

function weightWords({ weights, sources }: Provenance): string {
  if (weights.length === 0) return 'every source counts 1';
  const nameOf = (code: string): string => sources.find((one) => one.code === code)?.name ?? code;
  return `${weights.map(({ source, weight, validFrom, validTo, reason }) => `${nameOf(source)} counts ${weight} from ${month(validFrom)}${validTo ? ` until before ${month(validTo)}` : ''} (${reason})`).join('; ')}; every other counts 1. The rank goes by plain counts.`;
}

export function sourceWords(about: Provenance): string {
  if (about.sources.length === 0) return 'none with incidents for these filters';
  return about.sources.map((source) => `${source.name}: ${count(source.incidents)} incidents, ${precisions[source.locationPrecision]}, time to the ${source.timePrecision}`).join('; ');
}

/** The same for an export: every row of a table's CSV carries it. `more` adds what only the page knows: method version, hash. */
export function provenanceColumns(about: Provenance | undefined, more: readonly (readonly [string, string])[] = []): readonly (readonly [string, string])[] {
  if (!about) return more;
  const names = (rows: readonly { name: string }[]): string => rows.map((row) => row.name).join('; ');
  return [
    ['Data from', about.from], ['Data to', about.to], ['Incidents in all', String(about.sources.reduce((sum, source) => sum + source.incidents, 0))], ['Sources', sourceWords(about)],
    ['Categories', names(about.categories)], ['Councils', names(about.councils)], ['Weights', weightWords(about)], ['Unit', about.unit], ['Method', about.method], ...more, ['Attribution', about.attribution.join(' · ')],
  ];
}
