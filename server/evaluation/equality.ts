/**
 * Who is patrolled: hotspots and person-hours by the deprivation of the small areas they lie in and by how many young people live there,
 * against residents and incidents. It describes areas; nothing is held or said about people. Pure.
 */
import type { Report, ReportTable } from './contract.ts';

export interface SmallArea {
  readonly code: string;
  /** 1 is the most deprived tenth of England; null where the index has none. */
  readonly decile: number | null;
  readonly persons: number;
  /** Residents aged 10 to 24. */
  readonly young: number;
  readonly incidents: number;
}

export interface PatrolledPlace {
  /** The small area its middle lies in; null where it lies in none. */
  readonly area: string | null;
  readonly personMinutes: number;
}

export interface EqualityFacts {
  readonly councilName: string;
  readonly period: string;
  readonly demonstration: boolean;
  readonly indexYear: number | null;
  readonly populationYear: number | null;
  readonly areas: readonly SmallArea[];
  readonly places: readonly PatrolledPlace[];
}

interface Interval {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** A share of counts with its 95 % interval (Wilson 1927), in per cent; undefined of nothing. */
export function wilson(n: number, of: number): Interval | undefined {
  if (of === 0) return undefined;
  const [z, p] = [1.96, n / of];
  const middle = p + (z * z) / (2 * of);
  const spread = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  const scale = 100 / (1 + (z * z) / of);
  return { share: 100 * p, low: Math.max(0, (middle - spread) * scale), high: Math.min(100, (middle + spread) * scale) };
}

/**
 * The share of hours spent in places of a group, with its 95 % interval: places are what might have been chosen otherwise, so the spread is that
 * of a ratio over places (Cochran 1977, section 6.4). Undefined with fewer than two places or no hours.
 */
export function shareOfHours(places: readonly { readonly minutes: number; readonly inside: boolean }[]): Interval | undefined {
  const total = places.reduce((sum, { minutes }) => sum + minutes, 0);
  if (places.length < 2 || total === 0) return undefined;
  const share = places.reduce((sum, { minutes, inside }) => sum + (inside ? minutes : 0), 0) / total;
  const squares = places.reduce((sum, { minutes, inside }) => sum + (minutes * (Number(inside) - share)) ** 2, 0);
  const spread = 1.96 * Math.sqrt((places.length / (places.length - 1)) * squares) / total;
  return { share: 100 * share, low: Math.max(0, 100 * (share - spread)), high: Math.min(100, 100 * (share + spread)) };
}

interface Group {
  readonly name: string;
  readonly holds: (area: SmallArea) => boolean;
}

const tenths: readonly Group[] = Array.from({ length: 10 }, (_, nth) => ({ name: nth === 0 ? '1, most deprived' : nth === 9 ? '10, least deprived' : String(nth + 1), holds: ({ decile }: SmallArea) => decile === nth + 1 }));

/** Thirds of the small areas by the share of residents aged 10 to 24. */
function thirds(areas: readonly SmallArea[]): Group[] {
  const ranked = areas.filter(({ persons }) => persons > 0).toSorted((a, b) => a.young / a.persons - b.young / b.persons || (a.code < b.code ? -1 : 1));
  const place = new Map(ranked.map(({ code }, nth) => [code, Math.floor((3 * nth) / ranked.length)]));
  return ['Fewest young people', 'In the middle', 'Most young people'].map((name, nth) => ({ name, holds: ({ code }) => place.get(code) === nth }));
}

export function equalityReport(facts: EqualityFacts): Report {
  const { councilName, period, demonstration, indexYear, populationYear, areas } = facts;
  return {
    title: `${councilName}: who is patrolled`, caption: period, demonstration,
    about: [
      'Shares of small areas (LSOAs), beside each other: residents, incidents, hotspots and person-hours of patrols, with 95% intervals. Those of hours take the hotspots as what might have been chosen otherwise.',
      'It says where patrols go, not whom wardens speak to: no information about individuals is held. Hotspots are chosen by incidents, so hours are to be read against incidents first. More reporting in a place also makes more incidents.',
      `Deprivation: ${indexYear === null ? 'no index is held' : `index of ${indexYear}, all England in tenths`}. Residents: ${populationYear ?? 'not held'}. Ethnic group of areas is not held: a gap in the data.`,
    ],
    tables: areas.length === 0 ? [] : [
      groupTable(facts, 'By deprivation', 'Tenth', tenths, indexYear !== null), groupTable(facts, 'By young people: thirds of the small areas by the share of residents aged 10 to 24', 'Third', thirds(areas), populationYear !== null),
    ],
  };
}

const said = (value: Interval | undefined): string => (value ? `${value.low.toFixed(0)} to ${value.high.toFixed(0)}%` : 'not known');

function groupTable({ areas, places }: EqualityFacts, title: string, label: string, groups: readonly Group[], known: boolean): ReportTable {
  const area = new Map(areas.map((each) => [each.code, each]));
  const of = (field: 'persons' | 'incidents', list: readonly SmallArea[]): number => list.reduce((sum, each) => sum + each[field], 0);
  const [persons, incidents] = [of('persons', areas), of('incidents', areas)];
  const placed = places.map(({ area: code, personMinutes }) => ({ at: code === null ? undefined : area.get(code), minutes: personMinutes }));
  const rows = groups.map(({ name, holds }) => {
    const inside = areas.filter(holds);
    const hotspots = placed.filter(({ at }) => at && holds(at)).length;
    return {
      name, hotspots, persons: persons === 0 ? null : Math.round((100 * of('persons', inside)) / persons), incidents: wilson(of('incidents', inside), incidents),
      hotspotShare: places.length === 0 ? null : Math.round((100 * hotspots) / places.length), hours: shareOfHours(placed.map(({ at, minutes }) => ({ minutes, inside: at !== undefined && holds(at) }))),
    };
  }).filter((row) => row.persons !== 0 || row.hotspots > 0);
  return {
    title, about: [],
    columns: [{ label, kind: 'text' }, { label: 'Residents', kind: 'percent' }, { label: 'Incidents', kind: 'percent' }, { label: 'Incidents, from to', kind: 'text' }, { label: 'Hotspots', kind: 'percent' }, { label: 'Person-hours', kind: 'percent' }, { label: 'Person-hours, from to', kind: 'text' }],
    rows: known ? rows.map((row) => [row.name, row.persons, row.incidents ? Math.round(row.incidents.share) : null, said(row.incidents), row.hotspotShare, row.hours ? Math.round(row.hours.share) : null, said(row.hours)]) : [],
    says: known ? verdict(rows) : ['The data for this are not held. Import them first.'], conflicts: [],
  };
}

/** What the table does and does not show, in plain words: only where the intervals of hours and incidents lie apart is a difference named. */
function verdict(rows: readonly { readonly name: string; readonly incidents: Interval | undefined; readonly hours: Interval | undefined }[]): string[] {
  const apart = rows.flatMap(({ name, incidents, hours }) => (!incidents || !hours ? [] : hours.low > incidents.high ? [`“${name}” gets more of the hours than of the incidents`] : hours.high < incidents.low ? [`“${name}” gets less of the hours than of the incidents`] : []));
  if (rows.every(({ hours }) => hours === undefined)) return ['There are too few hotspots with hours to say anything.'];
  if (apart.length === 0) return ['Hours follow incidents as far as so few hotspots can show: no group’s share of hours lies clearly apart from its share of incidents. This does not show that there is no difference.'];
  return [`${apart.join('; ')}. This shows where hours went, not why, and not how people were treated.`];
}
