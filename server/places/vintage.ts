/** When a boundary is in force, where nobody says: from the year in the name of its code property. */
import type { BoundaryKind } from './contract.ts';

export interface CodeProperty {
  readonly kind: BoundaryKind;
  readonly code: string;
  readonly name: string | null;
  /** The two digits of the year in the property's name, as a whole year; null when there are none. */
  readonly year: number | null;
}

/** ONS short names of what the service keeps, the most local first: an LSOA file also names the council of each area. */
const kinds: readonly [prefix: string, kind: BoundaryKind][] = [['LSOA', 'lsoa'], ['WD', 'ward'], ['LAD', 'council'], ['LTLA', 'council'], ['PFA', 'force']];

/** Finds kind, code and name among a feature's properties (LSOA21CD and LSOA21NM, WD25CD, LADCD, PFA20CD …), or undefined. */
export function findCodeProperty(properties: readonly string[]): CodeProperty | undefined {
  for (const [prefix, kind] of kinds) {
    const code = properties.find((name) => new RegExp(`^${prefix}(\\d\\d)?CD$`, 'i').test(name));
    if (code) return { kind, code, name: partnerName(properties, code), year: yearOf(code) };
  }
  return undefined;
}

/** The name property that goes with a code property: LSOA21NM for LSOA21CD. */
export function partnerName(properties: readonly string[], code: string): string | null {
  const wanted = code.replace(/(cd|code)$/i, '').toLowerCase();
  return properties.find((name) => name !== code && ['nm', 'name'].some((ending) => name.toLowerCase() === wanted + ending)) ?? null;
}

/** The property that says which council an area belongs to, where it is not the area itself. */
export function councilProperty(properties: readonly string[], kind: BoundaryKind): string | null {
  if (kind === 'council' || kind === 'force') return null;
  return properties.find((name) => /^(LAD|LTLA)(\d\d)?CD$/i.test(name)) ?? null;
}

/** The year in a property's name, from 1981 to 2080; null without one. */
export function yearOf(property: string): number | null {
  const digits = /(\d\d)(?=CD$|NM$|code$)/i.exec(property)?.[1];
  if (digits === undefined) return null;
  return Number(digits) + (Number(digits) > 80 ? 1900 : 2000);
}

const censusDays: Record<number, string> = { 2001: '2001-04-29', 2011: '2011-03-27', 2021: '2021-03-21' };

export interface DefaultDate {
  readonly validFrom: string;
  /** Why this day, in words to print. */
  readonly because: string;
}

/**
 * The first day a boundary is taken to be in force when none is given. Census areas count from census day, wards from 1 May
 * (elections are on the first Thursday, and the new wards with them), councils from 1 April, forces from 1 January of the year named.
 */
export function defaultValidFrom(kind: BoundaryKind, year: number | null): DefaultDate {
  if (year === null) return { validFrom: '1900-01-01', because: 'the property names hold no year, so it counts from the beginning' };
  if (kind === 'lsoa') return { validFrom: censusDays[year] ?? `${year}-01-01`, because: censusDays[year] ? `census day ${year}` : `the year ${year} in the property name` };
  const day = { ward: '05-01', council: '04-01', force: '01-01' }[kind];
  return { validFrom: `${year}-${day}`, because: `the year ${year} in the property name` };
}
