/** Incidents of any CSV, by a column mapping. */
import { toLngLat } from '../../geo/projection.ts';
import { type Fault, faultAt } from '../places/fault.ts';
import { keyOfPoint } from '../places/spots.ts';
import { type LocalTime, nextDay, readTime } from './clock.ts';
import { type ColumnMapping, subtypeCode } from './contract.ts';
import { type Point, readPoint } from './coordinates.ts';
import { type Category, codeOf, type ReadIncident } from './incident.ts';
import { wrongWidth } from './policeUk.ts';

/** The columns a mapping names that a header has not. */
export function missingColumns(mapping: ColumnMapping, header: readonly string[]): string[] {
  return Object.values(mapping.columns).filter((name) => name !== undefined).filter((name) => !header.includes(name)).sort();
}

export interface MappedReader {
  read(fields: readonly string[], row: number): ReadIncident | Fault;
  readonly categories: ReadonlyMap<string, Category>;
}

/** Makes the reader of rows under this header. `knownCouncils` are the codes and names a council column may hold. */
export function mappedReader(mapping: ColumnMapping, header: readonly string[], knownCouncils: ReadonlySet<string>): MappedReader {
  const { columns } = mapping;
  const places = new Map(Object.entries(columns).map(([what, name]) => [what, header.indexOf(name ?? '')]));
  const categories = new Map<string, Category>();

  function read(fields: readonly string[], row: number): ReadIncident | Fault {
    if (fields.length !== header.length) return wrongWidth(fields, header, row);
    const text = (what: keyof typeof columns): string => fields[places.get(what) ?? -1]?.trim() ?? '';
    const time = readWhen(mapping, text, row);
    if ('rule' in time) return time;
    const point = readPlace(mapping, text, row);
    if ('rule' in point) return point;
    const kind = readCategory(mapping, text('category'), row);
    if ('rule' in kind) return kind;
    const category = withSubtype(mapping, kind, text('subtype'), row);
    if ('rule' in category) return category;
    if (columns.council && text('council') !== '' && !knownCouncils.has(text('council').toLowerCase())) {
      return faultAt(row, columns.council, text('council'), 'The service knows no council of this code or name.', `Use one of: ${[...knownCouncils].join('; ')}.`);
    }
    categories.set(category.code, category);
    const { lng, lat } = point;
    return {
      source: mapping.source.code,
      month: time.month,
      incident: {
        lng, lat, category: category.code, placeName: text('place'), reference: text('reference'), lsoaCode: text('lsoa'),
        occurredFrom: time.from, occurredTo: time.to,
        ...(lng === null || lat === null ? {} : { spot: keyOfPoint(lng, lat) }),
      },
    };
  }
  return { read, categories };
}

type Text = (what: keyof ColumnMapping['columns']) => string;

interface When {
  readonly month: string;
  readonly from: string | null;
  readonly to: string | null;
}

function readWhen(mapping: ColumnMapping, text: Text, row: number): When | Fault {
  const { columns, source } = mapping;
  if (columns.from === undefined) return readMonth(columns.month ?? '', text('month'), row);
  const from = timeOf(mapping, columns.from, text('from'), row);
  if ('rule' in from) return from;
  if (source.timePrecision === 'month') return { month: from.day.slice(0, 7), from: null, to: null };
  const to = columns.to === undefined || text('to') === '' ? undefined : timeOf(mapping, columns.to, text('to'), row);
  if (to && 'rule' in to) return to;
  // A day stands for the time from its midnight to the next.
  const end = to ? (to.hasTime ? to.text : `${nextDay(to.day)} 00:00:00`) : from.hasTime ? null : `${nextDay(from.day)} 00:00:00`;
  if (to && endsBefore(from, to)) {
    return faultAt(row, columns.to ?? '', text('to'), 'It ends before it starts.', `Check it against ${columns.from} (${text('from')}) and the order of day and month.`);
  }
  return { month: from.day.slice(0, 7), from: from.text, to: end };
}

/** Texts of one shape compare as they read; with offsets, as instants. */
function endsBefore(from: LocalTime, to: LocalTime): boolean {
  if (!to.hasTime || !from.hasTime) return to.day < from.day;
  const offset = /(Z|[+-]\d{2}:?\d{2})$/;
  if (offset.test(from.text) && offset.test(to.text)) return Date.parse(to.text) < Date.parse(from.text);
  return to.text.slice(0, 19) < from.text.slice(0, 19) && !offset.test(from.text + to.text);
}

function readMonth(column: string, text: string, row: number): When | Fault {
  if (/^(19|20)\d\d-(0[1-9]|1[0-2])$/.test(text)) return { month: text, from: null, to: null };
  return faultAt(row, column, text, 'A month is written YYYY-MM with a month from 01 to 12.', 'Correct it, for example 2023-07.');
}

const written = { ymd: '2023-07-31 21:30', dmy: '31/07/2023 21:30', mdy: '07/31/2023 21:30' };

function timeOf(mapping: ColumnMapping, column: string, text: string, row: number): LocalTime | Fault {
  const time = readTime(text, mapping.dateOrder, mapping.zone);
  if (!time) return faultAt(row, column, text, 'It is no date there is.', `Write it as ${written[mapping.dateOrder]}, or name another dateOrder in the mapping.`);
  if (mapping.source.timePrecision !== 'minute' || time.hasTime) return time;
  return faultAt(row, column, text, 'The time of day is missing.', 'Give it, or name the source’s timePrecision "day" in the mapping.');
}

function readPlace(mapping: ColumnMapping, text: Text, row: number): Point | Fault {
  const { longitude, latitude, easting, northing } = mapping.columns;
  if (longitude !== undefined && latitude !== undefined) return readPoint(text('longitude'), text('latitude'), row, { lng: longitude, lat: latitude }, mapping.anywhere);
  const given = [text('easting'), text('northing')];
  if (given.every((value) => value === '')) return { lng: null, lat: null };
  const [east = NaN, north = NaN] = given.map((value) => (/^\d+(\.\d+)?$/.test(value) ? Number(value) : NaN));
  if (east >= 0 && east <= 700_000 && north >= 0 && north <= 1_300_000) {
    const [lng, lat] = toLngLat(east, north);
    return { lng, lat };
  }
  return faultAt(row, `${easting}, ${northing}`, given.join(', '), 'It is no place on the National Grid.', 'Give metres: an easting from 0 to 700000 and a northing from 0 to 1300000.');
}

function readCategory(mapping: ColumnMapping, text: string, row: number): Category | Fault {
  const name = mapping.columns.category === undefined ? (mapping.category ?? '') : text;
  const column = mapping.columns.category ?? '';
  if (name === '' || codeOf(name) === '') return faultAt(row, column, name, 'Every row says what kind it is.', 'Give the category.');
  if (!mapping.categories || mapping.columns.category === undefined) return { code: codeOf(name), name, asb: mapping.asb };
  const described = Object.hasOwn(mapping.categories, name) ? mapping.categories[name] : undefined;
  if (!described) return faultAt(row, column, name, 'The mapping does not say what this category is.', 'Add it to the mapping’s categories.');
  return { code: described.code ?? codeOf(name), name: described.name ?? name, asb: described.asb, ...(described.subtypes ? { subtypes: described.subtypes } : {}) };
}

/** A category and the row's subtype as one category, so that counts by category are counts by subtype too; a blank subtype leaves the category as it is. */
function withSubtype(mapping: ColumnMapping, category: Category, text: string, row: number): Category | Fault {
  const column = mapping.columns.subtype;
  if (column === undefined || text === '') return category;
  const named = mapping.subtypes && Object.hasOwn(mapping.subtypes, text) ? mapping.subtypes[text] : subtypeCode.safeParse(codeOf(text)).data;
  if (!named) return faultAt(row, column, text, 'The mapping does not say which subtype this is.', `Add it to the mapping’s subtypes, or use one of: ${subtypeCode.options.join(', ')}.`);
  return { code: `${category.code}-${named}`, name: `${category.name}: ${named}`, asb: category.asb, subtypes: [...new Set([...(category.subtypes ?? []), named])] };
}
