/**
 * The community safety partnership's quarterly performance report, laid out as the Safer Hartlepool Partnership prints it (papers of December
 * 2021): year to date, this quarter against the same quarter of the two years before, rate, type, ward with its share. Pure; the solver is handed in.
 */
import type { Solver } from '../patrols/solver.ts';
import type { Report, ReportTable } from './contract.ts';
import { disclose } from './disclosure.ts';
import { cellKey, plainDimension } from './disclosureTables.ts';
import { hiddenElsewhere, percentChange, ratioOf, shortPeriod, yearStart } from './numbers.ts';

/** Counts of one council; null where a month of it was never imported, which is not 0. */
export interface IndicatorCounts {
  readonly council: string;
  readonly name: string;
  readonly yearToDate: number | null;
  readonly twoBefore: number | null;
  readonly before: number | null;
  readonly now: number | null;
  /** Residents, with the year and the source of the figure. */
  readonly population: { readonly persons: number; readonly year: number; readonly source: string } | null;
}

export interface Indicator {
  readonly source: string;
  readonly name: string;
  readonly councils: readonly IndicatorCounts[];
  readonly types: readonly { readonly name: string; readonly before: number | null; readonly now: number }[];
  /** Of the council the report is for; `No ward recorded` among them. */
  readonly wards: readonly { readonly name: string; readonly n: number }[];
}

export interface PartnershipFacts {
  readonly council: string;
  readonly councilName: string;
  readonly from: string;
  readonly to: string;
  readonly boundariesOn: string;
  readonly demonstration: boolean;
  readonly threshold: number;
  readonly indicators: readonly Indicator[];
}

const years = (month: string, by: number): string => `${Number(month.slice(0, 4)) + by}${month.slice(4)}`;

export function partnershipReport(facts: PartnershipFacts, solver: Solver): Report {
  const { from, to, councilName, boundariesOn, threshold } = facts;
  return {
    title: `${councilName}: community safety performance`, caption: shortPeriod(from, to), demonstration: facts.demonstration,
    about: [
      `Compared with the same months of the two years before; the year to date runs from ${shortPeriod(yearStart(from), yearStart(from))}. Percentages are rounded half away from zero.`,
      `Wards as they were on ${boundariesOn}. Counts from 1 to ${threshold - 1} are shown as <${threshold}; [c] hides a count that would give one away.`,
      'Sources are never added up: one event may be in two of them.',
      hiddenElsewhere,
    ],
    tables: facts.indicators.flatMap((indicator) => tablesOf(facts, indicator, solver)),
  };
}

function tablesOf(facts: PartnershipFacts, indicator: Indicator, solver: Solver): ReportTable[] {
  const own = indicator.councils.find(({ council }) => council === facts.council);
  const shown = shownCounts(indicator, facts.threshold, solver);
  return [indicatorTable(facts, indicator, shown), rateTable(facts, indicator, shown), typeTable(facts, indicator, own, shown), wardTable(facts, indicator, own, shown)].filter((table) => table !== undefined);
}

/** What may be shown of this quarter: the total, its types and its wards, protected together where they agree. */
interface Shown {
  readonly total: string;
  /** The sum of the types, which is another than the total where they contradict each other. */
  readonly typeTotal: string;
  readonly types: ReadonlyMap<string, string>;
  /** The same of the year before. */
  readonly beforeTotal: string;
  readonly beforeTypes: ReadonlyMap<string, string>;
  readonly wards: ReadonlyMap<string, string>;
}

function shownCounts({ types, wards }: Indicator, threshold: number, solver: Solver): Shown {
  const sum = (rows: readonly { readonly n: number }[]): number => rows.reduce((total, { n }) => total + n, 0);
  const typed = types.map(({ name, now }) => ({ name, n: now }));
  const table = (name: string, rows: readonly { readonly name: string; readonly n: number }[]) => ({ name, dimensions: [plainDimension(name, rows.map((row) => row.name))], counts: rows.map((row) => ({ at: [row.name], n: row.n })) });
  const [byWard, byType] = [table('ward', wards), table('type', typed)];
  // Where types and wards do not add up to the same they cannot be subtracted from each other either; that is said, and each is protected alone.
  const agree = wards.length === 0 || types.length === 0 || sum(typed) === sum(wards);
  const alone = (one: typeof byWard): ReadonlyMap<string, { readonly text: string }> => disclose([one], threshold, solver).cells;
  const [fromWards, fromTypes] = agree ? Array<ReadonlyMap<string, { readonly text: string }>>(2).fill(disclose([...(wards.length > 0 ? [byWard] : []), ...(types.length > 0 ? [byType] : [])], threshold, solver).cells) : [alone(byWard), alone(byType)];
  const fromBefore = types.length > 0 && types.every(({ before }) => before !== null) ? alone(table('type', types.map(({ name, before }) => ({ name, n: before ?? 0 })))) : undefined;
  const texts = (dimension: string, from: ReadonlyMap<string, { readonly text: string }> | undefined, rows: readonly { readonly name: string }[]): Map<string, string> => new Map(rows.map(({ name }) => [name, from?.get(cellKey([[dimension, name]]))?.text ?? '0']));
  return { total: fromWards?.get('')?.text ?? '', typeTotal: fromTypes?.get('')?.text ?? '', types: texts('type', fromTypes, types), beforeTotal: fromBefore?.get('')?.text ?? '', beforeTypes: texts('type', fromBefore, types), wards: texts('ward', fromWards, wards) };
}

const isHidden = (text: string): boolean => text !== '' && !/^\d+$/.test(text);

/** A count on its own: hidden where it is small. */
const plainCount = (n: number | null, threshold: number): number | string | null => (n !== null && n > 0 && n < threshold ? `<${threshold}` : n);

function indicatorTable({ from, to, council, threshold }: PartnershipFacts, { name, councils }: Indicator, shown: Shown): ReportTable {
  const rows = councils.map((row) => {
    const [twoBefore, alone] = [plainCount(row.twoBefore, threshold), plainCount(row.now, threshold)];
    const before = row.council === council && isHidden(shown.beforeTotal) && row.before !== null ? shown.beforeTotal : plainCount(row.before, threshold);
    const now = row.council === council && isHidden(shown.total) ? shown.total : alone;
    const both = typeof before === 'number' && typeof now === 'number';
    // The year to date less the quarters printed before would give a hidden quarter away.
    const yearToDate = typeof now === 'string' ? '[c]' : plainCount(row.yearToDate, threshold);
    return [row.name, yearToDate, twoBefore, before, now, both ? now - before : null, both ? percentChange(before, now) : null];
  });
  return {
    title: `${name}: year to date and this quarter`, about: [],
    columns: [
      { label: 'Area', kind: 'text' }, { label: `Year to date ${shortPeriod(yearStart(from), to)}`, kind: 'count' }, { label: shortPeriod(years(from, -2), years(to, -2)), kind: 'count' },
      { label: shortPeriod(years(from, -1), years(to, -1)), kind: 'count' }, { label: shortPeriod(from, to), kind: 'count' }, { label: 'Difference', kind: 'count' }, { label: '% difference', kind: 'change' },
    ],
    rows, says: councils.filter((row) => row.council === council).flatMap((row) => changeSaid(row, shown)), conflicts: councils.flatMap((row) => yearConflict(row, from, (row.now ?? 0) < threshold || (row.council === council && isHidden(shown.total)))),
  };
}

function changeSaid({ name, before, now }: IndicatorCounts, shown: Shown): string[] {
  if (before === null || now === null || isHidden(shown.total) || isHidden(shown.beforeTotal)) return [];
  const percent = percentChange(before, now);
  if (percent === null) return [];
  return [`In ${name} there ${now === before ? 'was no change' : `were ${Math.abs(percent)}% ${now < before ? 'fewer' : 'more'}`} than in the same months of the year before.`];
}

function yearConflict({ name, yearToDate, now }: IndicatorCounts, from: string, hidden: boolean): string[] {
  if (yearToDate === null || now === null) return [];
  const wrong = yearToDate < now || (yearToDate === now && from !== yearStart(from) && now > 0);
  if (wrong && hidden) return [`${name}: the year to date and the quarter contradict each other; the counts are hidden.`];
  if (yearToDate < now) return [`${name}: the year to date, ${yearToDate}, is less than the quarter, ${now}.`];
  if (wrong) return [`${name}: the year to date equals the quarter, ${now}, though other quarters come before it.`];
  return [];
}

function rateTable({ from, to, council, threshold }: PartnershipFacts, { name, councils }: Indicator, shown: Shown): ReportTable | undefined {
  const known = councils.filter(({ population, now }) => population && now !== null);
  if (known.length === 0) return undefined;
  return {
    title: `${name}: rate per 1,000 residents`, about: [`${shortPeriod(from, to)}. Every rate names its base: another year’s population gives another rate.`],
    columns: [{ label: 'Area', kind: 'text' }, { label: 'Per 1,000', kind: 'decimal' }, { label: 'Residents', kind: 'count' }, { label: 'Base year', kind: 'text' }, { label: 'Source', kind: 'text' }],
    rows: known.map(({ council: code, name: area, now, population }) => {
      const hidden = (now !== null && now > 0 && now < threshold) || (code === council && isHidden(shown.total));
      return [area, hidden ? '[c]' : ratioOf(now ?? 0, population?.persons ?? 0, 1000, 1), population?.persons ?? null, String(population?.year ?? ''), population?.source ?? ''];
    }),
    says: [], conflicts: [],
  };
}

function typeTable({ from, to, councilName, threshold }: PartnershipFacts, { name, types }: Indicator, own: IndicatorCounts | undefined, shown: Shown): ReportTable | undefined {
  if (types.length < 2) return undefined;
  const total = types.reduce((sum, { now }) => sum + now, 0);
  const before = types.reduce((sum, row) => sum + (row.before ?? 0), 0);
  const small = (n: number): boolean => n > 0 && n < threshold;
  const conflict = (sum: number, of: number | null | undefined, period: string, hidden: boolean): string[] => (of === null || of === undefined || sum === of ? [] : hidden ? [`${period}: the types and the total contradict each other; the counts are hidden.`] : [`${period}: the types add up to ${sum} and the total is ${of} (${sum > of ? '+' : '−'}${Math.abs(sum - of)}).`]);
  return {
    title: `${name}: by type`, about: [`${councilName}, ${shortPeriod(from, to)}.`],
    columns: [{ label: 'Type', kind: 'text' }, { label: shortPeriod(years(from, -1), years(to, -1)), kind: 'count' }, { label: shortPeriod(from, to), kind: 'count' }, { label: 'Difference', kind: 'count' }, { label: '% difference', kind: 'change' }],
    rows: types.map((row) => {
      const text = shown.types.get(row.name) ?? '';
      const earlier = shown.beforeTypes.get(row.name) ?? '';
      const [was, now] = [row.before !== null && isHidden(earlier) ? earlier : row.before, isHidden(text) ? text : row.now];
      const both = typeof was === 'number' && typeof now === 'number';
      return [row.name, was, now, both ? now - was : null, both ? percentChange(was, now) : null];
    }),
    says: [], conflicts: [...(types.every((row) => row.before !== null) ? conflict(before, own?.before, shortPeriod(years(from, -1), years(to, -1)), small(own?.before ?? 0) || isHidden(shown.beforeTotal)) : []), ...conflict(total, own?.now, shortPeriod(from, to), isHidden(shown.total) || isHidden(shown.typeTotal) || small(own?.now ?? 0))],
  };
}

function wardTable({ from, to, councilName, boundariesOn, threshold }: PartnershipFacts, { name, wards }: Indicator, own: IndicatorCounts | undefined, shown: Shown): ReportTable | undefined {
  if (wards.length === 0) return undefined;
  const total = wards.reduce((sum, { n }) => sum + n, 0);
  const hiddenTotal = isHidden(shown.total);
  const conflict = own && own.now !== null && own.now !== total ? hiddenTotal || (own.now > 0 && own.now < threshold) ? [`The wards and the total of ${councilName} contradict each other; the counts are hidden.`] : [`The wards add up to ${total} and the total of ${councilName} is ${own.now} (${total > own.now ? '+' : '−'}${Math.abs(total - own.now)}).`] : [];
  return {
    title: `${name}: by ward`, about: [`${councilName}, ${shortPeriod(from, to)}. Wards as they were on ${boundariesOn}.`],
    columns: [{ label: 'Ward', kind: 'text' }, { label: 'Number', kind: 'count' }, { label: '% of total', kind: 'percent' }],
    rows: [
      ...wards.map((ward) => {
        const text = shown.wards.get(ward.name) ?? '';
        return isHidden(text) ? [ward.name, text, '[c]'] : [ward.name, ward.n, hiddenTotal ? '[c]' : ratioOf(ward.n, total, 100)];
      }),
      ['Grand total', hiddenTotal ? shown.total : total, hiddenTotal ? '[c]' : total === 0 ? null : 100],
    ],
    says: hiddenTotal ? [] : moreThanHalf(wards, shown, total), conflicts: conflict,
  };
}

/** The fewest wards that hold more than half, named; nothing where a ward is hidden as [c], for it would say that it is smaller than those named. */
export function moreThanHalf(wards: PartnershipFacts['indicators'][number]['wards'], shown: Pick<Shown, 'wards'>, total: number): string[] {
  const largest = wards.filter(({ name }) => name !== noWard).toSorted((a, b) => b.n - a.n || (a.name < b.name ? -1 : 1));
  const held: string[] = [];
  let sum = 0;
  for (const { name, n } of largest) {
    if (2 * sum > total || n === 0) break;
    held.push(name);
    sum += n;
  }
  if (2 * sum <= total || held.length >= largest.length || [...shown.wards.values()].includes('[c]') || held.some((name) => isHidden(shown.wards.get(name) ?? ''))) return [];
  const list = held.toSorted();
  return [`More than half (${ratioOf(sum, total, 100)}%) were in ${held.length === 1 ? 'one ward' : `${held.length} wards`}: ${list.length > 1 ? `${list.slice(0, -1).join(', ')} and ${list.at(-1)}` : list[0]}.`];
}

export const noWard = 'No ward recorded';
