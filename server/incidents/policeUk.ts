/** Street-level files of data.police.uk: one force and month a file, points snapped, ASB with a month and nothing finer. */
import { type Fault, faultAt } from '../places/fault.ts';
import { keyOfPoint } from '../places/spots.ts';
import { readPoint } from './coordinates.ts';
import { type Category, codeOf, type ReadIncident, type Source } from './incident.ts';

const columns = ['Month', 'Reported by', 'Longitude', 'Latitude', 'Location', 'LSOA code', 'Crime type'] as const;
const coordinates = { lng: 'Longitude', lat: 'Latitude' };
const monthPattern = /^(19|20)\d\d-(0[1-9]|1[0-2])$/;

/** True for the header of a police.uk street file, in whatever order its columns stand. */
export function isStreetHeader(header: readonly string[]): boolean {
  return header.includes('Crime type') && header.includes('Month') && header.includes('Reported by');
}

/** The columns a street file must have and this header has not. */
export function missingStreetColumns(header: readonly string[]): string[] {
  return columns.filter((column) => !header.includes(column));
}

/** True for a police.uk stop-and-search file. */
export function isStopAndSearchHeader(header: readonly string[]): boolean {
  return header.includes('Object of search') && header.includes('Legislation');
}

/** True for a police.uk outcomes file. */
export function isOutcomesHeader(header: readonly string[]): boolean {
  return header.includes('Outcome type') && header.includes('Crime ID');
}

/** Where the code police.uk uses in its own interface is shorter than the name. */
const shortCodes: Record<string, string> = { 'criminal-damage-and-arson': 'criminal-damage-arson', 'violence-and-sexual-offences': 'violent-crime' };

/** The category of a crime type; only "Anti-social behaviour" is ASB. */
export function streetCategory(crimeType: string): Category {
  const code = shortCodes[codeOf(crimeType)] ?? codeOf(crimeType);
  return { code, name: crimeType, asb: code === 'anti-social-behaviour' };
}

/** The source a force's street files belong to: `police-uk-cleveland` for "Cleveland Police". */
export function streetSource(force: string): Source {
  return {
    code: `police-uk-${codeOf(force.replace(/\s+(Police Service|Police|Constabulary)$/i, ''))}`,
    name: `Street-level crime and ASB, ${force}`,
    publisher: 'data.police.uk',
    licence: 'Open Government Licence v3.0',
    attribution: 'Contains public sector information licensed under the Open Government Licence v3.0. Source: data.police.uk.',
    timePrecision: 'month',
    locationPrecision: 'snapped',
  };
}

export interface StreetReader {
  read(fields: readonly string[], row: number): ReadIncident | Fault;
  /** What the rows read so far named. */
  readonly sources: ReadonlyMap<string, Source>;
  readonly categories: ReadonlyMap<string, Category>;
}

/** Makes the reader of rows under this header; a row that breaks a rule comes back as its Fault. */
export function streetReader(header: readonly string[]): StreetReader {
  const at = Object.fromEntries(columns.map((column) => [column, header.indexOf(column)])) as Record<(typeof columns)[number], number>;
  const reference = header.indexOf('Crime ID');
  const sources = new Map<string, Source>();
  const categories = new Map<string, Category>();
  const sourceOfForce = remember((force) => keep(sources, streetSource(force)));
  const categoryOfType = remember((type) => keep(categories, streetCategory(type)));

  function read(fields: readonly string[], row: number): ReadIncident | Fault {
    const text = (column: (typeof columns)[number]) => fields[at[column]] ?? '';
    if (fields.length !== header.length) return wrongWidth(fields, header, row);
    if (!monthPattern.test(text('Month'))) return faultAt(row, 'Month', text('Month'), 'A month is written YYYY-MM with a month from 01 to 12.', 'Correct it, for example 2023-07.');
    if (text('Crime type') === '') return faultAt(row, 'Crime type', '', 'Every row says what kind it is.', 'Give the crime type, for example Anti-social behaviour.');
    if (text('Reported by') === '') return faultAt(row, 'Reported by', '', 'Every row says which force reported it.', 'Give the force, for example Cleveland Police.');
    const point = readPoint(text('Longitude'), text('Latitude'), row, coordinates);
    if ('rule' in point) return point;
    return {
      source: sourceOfForce(text('Reported by')),
      month: text('Month'),
      incident: {
        lng: point.lng, lat: point.lat, category: categoryOfType(text('Crime type')), placeName: text('Location').trim(),
        reference: fields[reference] ?? '', lsoaCode: text('LSOA code'),
        ...(point.lng === null || point.lat === null ? {} : { spot: keyOfPoint(point.lng, point.lat) }),
      },
    };
  }
  return { read, sources, categories };
}

function keep<T extends { readonly code: string }>(found: Map<string, T>, item: T): string {
  if (!found.has(item.code)) found.set(item.code, item);
  return item.code;
}

function remember(work: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text) ?? work(text);
    known.set(text, found);
    return found;
  };
}

/** The fault of a row with more or fewer fields than the header; the last row of a cut-off file is one. */
export function wrongWidth(fields: readonly string[], header: readonly string[], row: number): Fault {
  return faultAt(row, header[Math.min(fields.length, header.length) - 1] ?? '', fields.join(','), `The row has ${fields.length} fields and the header ${header.length}.`,
    'Quote texts that hold a comma; if it is the last row, the file was cut off: get it again.');
}
