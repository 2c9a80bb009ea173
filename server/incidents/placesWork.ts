/** Importing boundaries, population, deprivation and lookups. */
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { saveBoundaries, savePlaceSource } from '../places/boundaryQueries.ts';
import { readCsv } from '../places/csv.ts';
import { type Fault, faultAt, faultOfFile } from '../places/fault.ts';
import { type BoundaryOptions, readBoundaries } from '../places/geojson.ts';
import { mhclgFigures, onsBoundaries, onsFigures, type PlaceSource, publisherOf, unknownPublisher } from '../places/publishers.ts';
import { yearInName } from '../places/statistics.ts';
import { saveDeprivation, saveLookups, savePopulation } from '../places/statisticQueries.ts';
import type { StatisticRows, Table } from '../places/tableRow.ts';
import { defaultValidFrom } from '../places/vintage.ts';
import type { ImportOptions } from './contract.ts';
import { createGathering, type FaultGathering } from './faultGathering.ts';

export interface PlacesImported {
  readonly rows: number;
  readonly says: string;
  readonly faults: FaultGathering;
  readonly attribution?: string;
  readonly counted?: Partial<Record<'boundaries' | 'population' | 'deprivation' | 'lookups', number>>;
}

interface Context {
  readonly db: Knex;
  readonly actor: Actor;
  readonly options: ImportOptions;
  readonly councils: ReadonlyMap<string, string>;
}

type Chunks = AsyncIterable<Uint8Array>;

/** Imports one GeoJSON file of boundaries, all of it or nothing. */
export async function importBoundaries(context: Context, name: string, chunks: Chunks): Promise<PlacesImported> {
  const { options, councils } = context;
  const parsed = await readJson(chunks);
  const chosen: BoundaryOptions = {
    ...(options.kind ? { kind: options.kind } : {}), ...(options.codeProperty ? { codeProperty: options.codeProperty } : {}),
    ...(options.nameProperty ? { nameProperty: options.nameProperty } : {}), ...(options.council ? { councils: options.council } : {}),
  };
  const read = 'fault' in parsed ? [parsed.fault] : readBoundaries(parsed.value, [...councils.keys()], chosen);
  if (Array.isArray(read)) return { rows: 0, says: '', faults: createGathering(read) };

  const dates = options.validFrom ? { validFrom: options.validFrom, because: 'as given' } : defaultValidFrom(read.kind, read.year);
  const title = `${read.kind === 'lsoa' ? 'LSOA' : read.kind} boundaries${read.year ? ` ${read.year}` : ''}`;
  const source = sourceOf(read.official ? onsBoundaries(title) : unknownPublisher(shortName(name)), options);
  const saved = await context.db.transaction(async (trx) => {
    const result = await saveBoundaries(trx, {
      kind: read.kind, validFrom: dates.validFrom, source, shapes: read.shapes, ...(options.validTo ? { validTo: options.validTo } : {}),
    });
    await recordEvent(trx, context.actor, {
      action: 'boundariesImported', subjectKind: 'boundary', subjectId: `${read.kind} ${dates.validFrom}`, after: { ...result, source: source.name, file: name },
    });
    return result;
  });
  const until = options.validTo ? ` until ${options.validTo}` : '';
  const says = [
    `${saved.saved} ${read.kind} boundaries by ${read.codeProperty}, in force from ${dates.validFrom} (${dates.because})${until}`,
    saved.ended ? `${saved.ended} earlier ones end that day` : '',
    read.leftOut ? `${read.leftOut} of other councils left out` : '',
  ];
  return { rows: saved.saved, says: says.filter(Boolean).join('; '), faults: createGathering(), attribution: source.attribution, counted: { boundaries: saved.saved } };
}

const shortName = (name: string): string => name.replace(/^.*[/\\›] ?/, '');

function sourceOf(known: PlaceSource, { source, publisher, licence, attribution }: ImportOptions): PlaceSource {
  return publisherOf(known, { ...(source ? { source } : {}), ...(publisher ? { publisher } : {}), ...(licence ? { licence } : {}), ...(attribution ? { attribution } : {}) });
}

const mostJsonBytes = 200 * 2 ** 20;

async function readJson(chunks: Chunks): Promise<{ value: unknown } | { fault: Fault }> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes > mostJsonBytes) return { fault: faultOfFile('The GeoJSON is larger than 200 MB.', 'Take the areas that are needed, or simplify the outlines.') };
  }
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))) as unknown };
  } catch (error) {
    return { fault: faultOfFile('The file is not whole JSON.', 'Save or download it again.', (error as Error).message) };
  }
}

/** Imports one table of population, deprivation or lookups, all of it or nothing. */
export async function importTable(context: Context, name: string, chunks: Chunks, table: Table): Promise<PlacesImported> {
  const year = yearInName(name);
  if (table.needsYear && year === null) {
    return { rows: 0, says: '', faults: createGathering([faultOfFile('The year stands neither in the file nor in its name.', 'Name the file after its year, for example mid2020_population.csv.', shortName(name))]) };
  }
  const faults = createGathering();
  const kept: StatisticRows = { population: [], deprivation: [], lookup: [] };
  let rows = 0;
  let header: string[] | undefined;
  const once = new Set<string>();
  for await (const batch of readCsv(chunks)) {
    for (const { row, fields } of batch) {
      if (!header) {
        header = fields.map((field) => field.trim());
        continue;
      }
      rows += 1;
      const names = header;
      const text = (column: string): string => fields[names.indexOf(column)]?.trim() ?? '';
      const read = fields.length === header.length ? table.read({ row, text }, header, year) : faultAt(row, '', fields.join(','), `The row has ${fields.length} fields and the header ${header.length}.`, 'If it is the last row, the file was cut off: get it again.');
      if ('rule' in read) faults.add(read);
      else addRows(kept, read, once, row, faults);
    }
  }
  if (rows === 0) faults.add(faultOfFile('The table holds no rows.', 'Get it again.'));
  if (faults.count) return { rows, says: table.says, faults };
  return { rows, faults, ...(await saveTable(context, name, table, year, kept)) };
}

function addRows(kept: StatisticRows, read: Partial<StatisticRows>, once: Set<string>, row: number, faults: FaultGathering): void {
  const keys = [
    ...(read.population ?? []).map(({ areaCode, ageFrom }) => `${areaCode}, age ${ageFrom}`),
    ...(read.deprivation ?? []).map(({ lsoaCode, measure }) => `${lsoaCode}, ${measure}`),
    ...(read.lookup ?? []).map(({ fromCode, toKind, toCode }) => `${fromCode}, ${toKind} ${toCode}`),
  ];
  const twice = keys.find((key) => once.has(key));
  if (twice) faults.add(faultAt(row, 'code', twice, 'The same figure is given twice.', 'Leave one of the rows out.'));
  for (const key of keys) once.add(key);
  kept.population.push(...(read.population ?? []));
  kept.deprivation.push(...(read.deprivation ?? []));
  kept.lookup.push(...(read.lookup ?? []));
}

async function saveTable(context: Context, name: string, table: Table, year: number | null, kept: StatisticRows): Promise<Pick<PlacesImported, 'says' | 'attribution' | 'counted'>> {
  const title = `${(table.says[0] ?? '').toUpperCase()}${table.says.slice(1)}${table.needsYear ? `, mid-${year}` : ''}`;
  const source = sourceOf(table.publisher === 'ons' ? onsFigures(title) : mhclgFigures(title), context.options);
  await context.db.transaction(async (trx) => {
    await savePlaceSource(trx, source);
    if (kept.population.length) await savePopulation(trx, source, kept.population);
    if (kept.deprivation.length) await saveDeprivation(trx, source, kept.deprivation);
    if (kept.lookup.length) await saveLookups(trx, source, kept.lookup);
    await recordEvent(trx, context.actor, { action: 'tableImported', subjectKind: 'place_source', subjectId: source.name, after: { file: name } });
  });
  return {
    says: [title, table.note].filter(Boolean).join('. '), attribution: source.attribution,
    counted: { population: kept.population.length, deprivation: kept.deprivation.length, lookups: kept.lookup.length },
  };
}
