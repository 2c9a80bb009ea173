/** What an incident, its source and its category are. */
import type { SpotKey } from '../places/spots.ts';

export interface Source {
  /** Lower-case letters, digits and hyphens: `police-uk-cleveland`. */
  readonly code: string;
  readonly name: string;
  readonly publisher: string;
  readonly licence: string;
  /** The words shown beside any figure or picture made from it. */
  readonly attribution: string;
  readonly timePrecision: 'minute' | 'day' | 'month';
  readonly locationPrecision: 'exact' | 'snapped' | 'area';
  readonly demonstration?: boolean;
}

export interface Category {
  readonly code: string;
  readonly name: string;
  readonly asb: boolean;
  /** Codes of its subtypes; kept when the category is new, changed on a screen afterwards. */
  readonly subtypes?: readonly string[];
}

/** One incident. Nothing is ever de-duplicated: identical rows are different incidents. */
export interface IncidentRow {
  /** WGS84 degrees; null, both, for an incident without a place. */
  readonly lng: number | null;
  readonly lat: number | null;
  /** A category's code, saved before. */
  readonly category: string;
  /** Instants with an offset (`2023-07-01T21:00:00+01:00`), or by the clock of the month's `zone` without one. Left out where only the month is known. */
  readonly occurredFrom?: string | null;
  readonly occurredTo?: string | null;
  readonly placeName: string;
  readonly reference?: string | null;
  /** As published; 2011 and 2021 codes are mixed in some months. */
  readonly lsoaCode?: string | null;
  /** The key of its point, where it has been worked out already. */
  readonly spot?: SpotKey;
}

/** One row read from a file: which source's month it belongs to, and the incident. */
export interface ReadIncident {
  readonly source: string;
  /** `YYYY-MM` */
  readonly month: string;
  readonly incident: IncidentRow;
}

/** What a source's month adds up to. */
export interface MonthFigures {
  readonly rows: number;
  readonly asb: number;
  /** Rows with a place outside every council of the grant. */
  readonly outside: number;
  readonly withoutPlace: number;
  /** Council code to its rows and those of them that are anti-social behaviour. */
  readonly byCouncil: Readonly<Record<string, { readonly rows: number; readonly asb: number }>>;
}

export interface MonthSaved extends MonthFigures {
  readonly source: string;
  readonly month: string;
  /** True when rows of this source and month were there before and have been replaced. */
  readonly replaced: boolean;
}

/** A lower-case code of letters, digits and hyphens from a published name: "Criminal damage and arson" is `criminal-damage-and-arson`. */
export function codeOf(name: string): string {
  return name.normalize('NFKD').toLowerCase().replace(/['’\p{M}]/gu, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}
