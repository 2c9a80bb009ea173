/** What was asked, checked: the months a back-test can use, and what a reader must be warned of. */
import { AppError } from '../errors.ts';
import type { AskedFilter, Holdings, IncidentFilter } from '../hotspots/incidentFilter.ts';
import { addMonths, monthsBetween, monthStretches } from '../hotspots/months.ts';

/** Months that every one of the sources was imported for. */
export function monthsOfAll(held: Holdings, sources: readonly { code: string }[]): Set<string> {
  const bySource = new Map(sources.map(({ code }) => [code, new Set<string>()]));
  for (const { source, month } of held.months) bySource.get(source)?.add(month);
  const [first = new Set<string>(), ...rest] = [...bySource.values()];
  return new Set([...first].filter((month) => rest.every((months) => months.has(month))));
}

/**
 * The months to test: those asked for, or the latest twelve that have months enough before them. Throws in words when no month
 * can be tested.
 */
export function monthsToTest(asked: AskedFilter, filter: IncidentFilter, held: ReadonlySet<string>, trainMonths: number): string[] {
  const testable = (month: string): boolean => monthsBetween(addMonths(month, -trainMonths), month).every((one) => held.has(one));
  const months = asked.from !== undefined ? monthsBetween(filter.from, filter.to) : monthsBetween(addMonths(filter.to, -11), filter.to);
  const first = asked.from !== undefined ? 0 : months.findIndex(testable);
  if (first >= 0 && months.some(testable)) return months.slice(first);
  const all = [...held].sort();
  throw new AppError(409, 'too_few_months', `A back-test learns from ${trainMonths} months and tests the next, so it needs ${trainMonths + 1} months in a row that end in ${filter.from} to ${filter.to}. `
    + `Months held by every source chosen: ${monthStretches(all) || 'none'}. Choose other months or a source with more, or import the months missing.`);
}

/** What to know before quoting the figures: months missing, sources that hold only part of the period, cells too fine for the points. */
export function warningsOf(filter: IncidentFilter, held: Holdings): string[] {
  const warnings: string[] = [];
  if (filter.missingMonths.length > 0) warnings.push(`No data for ${monthStretches(filter.missingMonths)}: the figures are over the ${filter.months.length === 1 ? 'one month' : `${filter.months.length} months`} held.`);
  for (const { code, name } of filter.sources) {
    const own = new Set(held.months.filter((row) => row.source === code).map((row) => row.month));
    const lacking = filter.months.filter((month) => !own.has(month));
    if (lacking.length === filter.months.length) warnings.push(`${name} has no data in the period.`);
    else if (lacking.length > 0) warnings.push(`${name} has no data for ${monthStretches(lacking)}, where other sources have.`);
  }
  return warnings;
}

/** Said where cells of resolution 10 are counted from points moved to a fixed list. */
export const tooFineWords = 'Most points are moved to the nearest of a fixed list, so most cells of resolution 10 hold a single point and concentration is overstated. Use resolution 9.';
