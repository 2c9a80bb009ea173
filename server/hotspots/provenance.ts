/** What every map, table and export says of itself: period, sources, precision, method, whose data it is. */
import type { IncidentCounts, Provenance } from './contract.ts';
import type { HeldSource, IncidentFilter } from './incidentFilter.ts';

/** How many incidents of a source lie in a council (code; '' outside all of them) or have no place at all. */
export interface SourceTotal {
  readonly source: string;
  readonly councilCode: string;
  readonly withoutPlace: boolean;
  /** At an excluded geocode: counted, and in no cell. */
  readonly excluded?: boolean;
  readonly n: number;
}

/** The totals in counts by cell: every resolution holds every incident. */
export function totalsOf(cells: readonly { cell: string; councilCode: string; source: string; excluded?: boolean; n: number }[]): SourceTotal[] {
  const totals = new Map<string, { source: string; councilCode: string; withoutPlace: boolean; excluded: boolean; n: number }>();
  for (const { cell, councilCode, source, excluded = false, n } of cells) {
    const withoutPlace = cell === '' && !excluded;
    const key = `${source}|${councilCode}|${withoutPlace}|${excluded}`;
    const total = totals.get(key);
    if (total) total.n += n;
    else totals.set(key, { source, councilCode, withoutPlace, excluded, n });
  }
  return [...totals.values()];
}

/** in = mapped + outside + withoutPlace + excluded, where mapped and excluded lie in one of the chosen councils. */
export function countsOf(totals: readonly SourceTotal[], councils: readonly { code: string }[]): IncidentCounts {
  const codes = new Set(councils.map((council) => council.code));
  const counts = { in: 0, mapped: 0, outside: 0, withoutPlace: 0, excluded: 0 };
  for (const { councilCode, withoutPlace, excluded, n } of totals) {
    counts.in += n;
    if (withoutPlace) counts.withoutPlace += n;
    else if (codes.has(councilCode)) counts[excluded ? 'excluded' : 'mapped'] += n;
    else counts.outside += n;
  }
  return counts;
}

/** The share of incidents with a place whose source gives it exactly; 0 when there are none. */
export function exactShare(totals: readonly SourceTotal[], sources: readonly HeldSource[]): number {
  const exact = new Set(sources.filter((source) => source.locationPrecision === 'exact').map((source) => source.code));
  let placed = 0;
  let exactly = 0;
  for (const { source, withoutPlace, excluded, n } of totals) {
    if (withoutPlace || excluded) continue;
    placed += n;
    if (exact.has(source)) exactly += n;
  }
  return placed === 0 ? 0 : exactly / placed;
}

const precisionWords = { exact: 'exact points', snapped: 'points moved to the nearest of a fixed list (about 76 m apart), so single buildings cannot be told', area: 'the middle of an area' } as const;

/** Everything there is to say of a filter's data; `method` and `unit` as the caller draws it. */
export function provenanceOf(filter: IncidentFilter, totals: readonly SourceTotal[], boundaryWords: readonly string[], drawn: { method: string; unit: string }): Provenance {
  const incidents = (code: string): number => totals.reduce((sum, total) => sum + (total.source === code ? total.n : 0), 0);
  const used = filter.sources.map((source) => ({ source, incidents: incidents(source.code) })).filter((one) => one.incidents > 0);
  return {
    from: filter.from, to: filter.to, months: filter.months.length, missingMonths: [...filter.missingMonths],
    sources: used.map(({ source, incidents: n }) => ({
      code: source.code, name: source.name, incidents: n, locationPrecision: source.locationPrecision, timePrecision: source.timePrecision,
    })),
    categories: filter.categories.map(({ code, name }) => ({ code, name })),
    councils: filter.councils.map(({ code, name }) => ({ code, name })),
    subtypes: filter.subtypes.map(({ code, name }) => ({ code, name })),
    weights: filter.weights.map(({ source, weight, validFrom, validTo, reason }) => ({ source, weight, validFrom, validTo, reason })),
    crossings: [...filter.crossings],
    excluded: countsOf(totals, filter.councils).excluded,
    precision: used.map(({ source }) => `${source.name}: ${precisionWords[source.locationPrecision]}`).join('. '),
    ...drawn,
    attribution: attributionOf(used.map(({ source }) => source), boundaryWords),
  };
}

/** The words of each publisher, once: sources first, then boundaries. */
export function attributionOf(sources: readonly Pick<HeldSource, 'attribution'>[], boundaryWords: readonly string[]): string[] {
  return [...new Set([...sources.map((source) => source.attribution), ...boundaryWords])];
}
