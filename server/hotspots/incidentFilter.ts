/** Which incidents a map, an analysis or an export is about: what was asked, checked against what is held. */
import { AppError, invalid, notFound } from '../errors.ts';
import { type Compared, crossedBy, type HeldNote } from '../incidents/recording.ts';
import { type DatedWeight, weightsWithin } from '../incidents/weights.ts';
import type { Crossing } from '../incidents/qualityContract.ts';
import { addMonths, monthsBetween, monthStretches } from './months.ts';

/** A source's month that has been imported. */
export interface HeldMonth {
  readonly source: string;
  readonly month: string;
  readonly importId: string;
  readonly rows: number;
}

export interface Named {
  readonly code: string;
  readonly name: string;
}

export interface HeldSource extends Named {
  /** The words its publisher asks for beside any figure. */
  readonly attribution: string;
  readonly timePrecision: 'minute' | 'day' | 'month';
  readonly locationPrecision: 'exact' | 'snapped' | 'area';
}

/** Everything the filters can be set to. */
export interface Holdings {
  readonly months: readonly HeldMonth[];
  readonly councils: readonly Named[];
  readonly categories: readonly (Named & { readonly asb: boolean; readonly subtypes?: readonly string[] })[];
  readonly sources: readonly HeldSource[];
  readonly subtypes?: readonly Named[];
  readonly weights?: readonly DatedWeight[];
  readonly notes?: readonly HeldNote[];
  /** Changes whenever a boundary, a month's counts or a weight does. */
  readonly boundaryVersion: string;
}

/** What a person asked for; lists hold codes or names. */
export interface AskedFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly council?: readonly string[] | undefined;
  readonly category?: readonly string[] | undefined;
  readonly source?: readonly string[] | undefined;
  readonly subtype?: readonly string[] | undefined;
}

/** What is counted: every list written out, sorted, by code. */
export interface IncidentFilter {
  readonly from: string;
  readonly to: string;
  /** Months of the period that at least one of the sources has. */
  readonly months: readonly string[];
  readonly missingMonths: readonly string[];
  readonly councils: readonly Named[];
  /** True where rows outside every council and without a place are the person's to see, so that the counts reconcile over all. */
  readonly wholeArea: boolean;
  readonly categories: readonly Named[];
  readonly sources: readonly HeldSource[];
  /** Those asked for; the categories are narrowed by them already. */
  readonly subtypes: readonly Named[];
  /** What incidents of the sources count in weighted figures, by month. */
  readonly weights: readonly DatedWeight[];
  /** Recording changes and gaps within the period. */
  readonly crossings: readonly Crossing[];
}

/**
 * The filter with its defaults filled in: the latest window of months held, all councils of the person's scope, the categories that are
 * anti-social behaviour, all sources. Throws in words on an unknown council, category or source, a period that ends before it starts, and
 * a period without data. `category` may also say `asb` or `all`; a subtype without a category means every category of the subtype.
 */
export function resolveFilter(asked: AskedFilter, held: Holdings, options: { windowMonths: number; scope: readonly string[] }): IncidentFilter {
  if (asked.from && asked.to && asked.from > asked.to) {
    throw invalid([{ field: 'from', message: `${asked.from} is after ${asked.to}. Give the earlier month as from and the later as to.` }]);
  }
  const wholeArea = options.scope.includes('*');
  const own = wholeArea ? held.councils : held.councils.filter((council) => options.scope.includes(council.code));
  const councils = chosen('council', asked.council, own, () => own, wholeArea ? undefined : () => notFound('council'));
  const subtypes = (asked.subtype ?? []).length === 0 ? [] : chosen('subtype', asked.subtype, held.subtypes ?? [], () => []);
  const asb = (): readonly Named[] => held.categories.filter((category) => category.asb);
  const every = asked.category?.includes('all') || (subtypes.length > 0 && (asked.category ?? []).length === 0);
  const wide = chosen('category', withoutWord(asked.category, 'asb', 'all'), held.categories, () => (every ? held.categories : asb()));
  const categories = subtypes.length === 0 ? wide : ofSubtypes(wide, subtypes, held);
  const sources = chosen('source', asked.source, held.sources, () => held.sources);
  const period = resolvePeriod(asked, held.months, sources, options.windowMonths);
  const codes: Compared = { months: period.months, sources: sources.map(({ code }) => code), councils: councils.map(({ code }) => code) };
  return {
    ...period, councils, wholeArea, categories, sources, subtypes,
    weights: weightsWithin(held.weights ?? [], period, codes.sources), crossings: crossedBy(held.notes ?? [], codes),
  };
}

function ofSubtypes(categories: readonly Named[], subtypes: readonly Named[], held: Holdings): readonly Named[] {
  const wanted = new Set(subtypes.map(({ code }) => code));
  const belongs = new Set(held.categories.filter((one) => one.subtypes?.some((code) => wanted.has(code))).map(({ code }) => code));
  const found = categories.filter(({ code }) => belongs.has(code));
  if (found.length > 0) return found;
  throw invalid([{ field: 'subtype', message: `None of the categories chosen is of the subtype ${subtypes.map(({ name }) => name).join(' or ')}. Choose every category, or say on the sources’ page which category belongs to it.` }]);
}

function withoutWord(values: readonly string[] | undefined, ...words: string[]): readonly string[] | undefined {
  return values?.some((value) => words.includes(value)) ? undefined : values;
}

function chosen<T extends Named>(field: string, asked: readonly string[] | undefined, known: readonly T[], usual: () => readonly T[], refuse?: () => AppError): readonly T[] {
  const given = (asked ?? []).map((value) => value.trim()).filter(Boolean);
  if (given.length === 0) return byCode(usual());
  const found = given.map((value) => {
    const match = known.find((one) => one.code === value || one.name.toLowerCase() === value.toLowerCase());
    if (match) return match;
    throw refuse?.() ?? invalid([{ field, message: `"${value}" is not known. Use one of: ${known.map((one) => `${one.name} (${one.code})`).join('; ') || 'none are held yet'}.` }]);
  });
  return byCode([...new Set(found)]);
}

function byCode<T extends Named>(rows: readonly T[]): readonly T[] {
  return [...rows].sort((a, b) => (a.code < b.code ? -1 : 1));
}

function resolvePeriod(asked: AskedFilter, held: readonly HeldMonth[], sources: readonly Named[], windowMonths: number): Pick<IncidentFilter, 'from' | 'to' | 'months' | 'missingMonths'> {
  const codes = new Set(sources.map((source) => source.code));
  const all = [...new Set(held.filter((row) => codes.has(row.source)).map((row) => row.month))].sort();
  const last = all.at(-1);
  if (!last) throw new AppError(409, 'no_data', 'No incidents have been imported yet. Import some first: npm run -s hotspots -- import <files or folders>.');
  const to = asked.to ?? (asked.from && asked.from > last ? asked.from : last);
  const from = asked.from ?? addMonths(to, 1 - windowMonths);
  const wanted = monthsBetween(from, to);
  if (wanted.length > 600) throw invalid([{ field: 'from', message: `${from} to ${to} is longer than 50 years. Give a shorter period.` }]);
  const months = wanted.filter((month) => all.includes(month));
  if (months.length === 0) throw new AppError(409, 'no_data_in_period', `There is no data for ${from === to ? from : `${from} to ${to}`}. Months held: ${monthStretches(all)}.`);
  return { from, to, months, missingMonths: wanted.filter((month) => !all.includes(month)) };
}
