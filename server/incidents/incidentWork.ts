/** Reading incident files: every row is read and checked before any of them is saved. */
import { createHash } from 'node:crypto';
import { readCsv } from '../places/csv.ts';
import { faultOfFile } from '../places/fault.ts';
import { createGathering, type FaultGathering } from './faultGathering.ts';
import type { Category, ReadIncident, Source } from './incident.ts';
import { faultOf, type InputFile } from './inputFiles.ts';
import { mappedReader } from './mapping.ts';
import { saveCategories, saveSource } from './monthQueries.ts';
import { createParcels, type Parcel, type Parcels } from './parcels.ts';
import { streetReader } from './policeUk.ts';
import type { NamedMapping } from './recognise.ts';
import type { MonthSaver } from './saveWork.ts';
import type { Fault } from '../places/fault.ts';

export interface IncidentsRead {
  readonly rows: number;
  readonly faults: FaultGathering;
  readonly parcels: Parcels;
  readonly sources: readonly Source[];
  readonly categories: readonly Category[];
}

interface Reader {
  read(fields: readonly string[], row: number): ReadIncident | Fault;
  readonly sources?: ReadonlyMap<string, Source>;
  readonly categories: ReadonlyMap<string, Category>;
}

/** Passes a file's bytes on while hashing and counting them. */
export function tracked(file: InputFile, moved: (bytes: number) => void): { chunks: AsyncIterable<Uint8Array>; sha256(): string } {
  const hash = createHash('sha256');
  let digest: string | undefined;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.open()) {
      hash.update(chunk);
      moved(chunk.length);
      yield chunk;
    }
  }
  return { chunks: chunks(), sha256: () => (digest ??= hash.digest('hex')) };
}

/** Reads a police.uk street file into parcels. */
export function readStreetFile(chunks: AsyncIterable<Uint8Array>, parcels: Parcels): Promise<IncidentsRead> {
  return readRows(chunks, parcels, ',', streetReader);
}

/** Reads any incident CSV into parcels, by its mapping. */
export function readMappedFile(chunks: AsyncIterable<Uint8Array>, parcels: Parcels, { mapping }: NamedMapping, councils: ReadonlySet<string>): Promise<IncidentsRead> {
  return readRows(chunks, parcels, mapping.delimiter, (header) => mappedReader(mapping, header, councils));
}

async function readRows(chunks: AsyncIterable<Uint8Array>, parcels: Parcels, delimiter: string, makeReader: (header: readonly string[]) => Reader): Promise<IncidentsRead> {
  const faults = createGathering();
  let reader: Reader | undefined;
  let rows = 0;
  try {
    for await (const batch of readCsv(chunks, { delimiter })) {
      for (const { row, fields } of batch) {
        if (!reader) {
          reader = makeReader(fields.map((field) => field.trim()));
          continue;
        }
        rows += 1;
        const read = reader.read(fields, row);
        if ('rule' in read) faults.add(read);
        else if (faults.count === 0) parcels.add(read);
      }
      await parcels.rest();
    }
    if (rows === 0) faults.add(faultOfFile('The file has a header and no rows.', 'Get it again; a month without a single incident is not published as an empty file.'));
  } catch (error) {
    faults.add(faultOf(error));
  }
  return { rows, faults, parcels, sources: [...(reader?.sources?.values() ?? [])], categories: [...(reader?.categories.values() ?? [])] };
}

/** Hands a good street file's months on: each force and month is whole in its file. */
export async function saveStreetFile(saver: MonthSaver, read: IncidentsRead): Promise<void> {
  const parcels = read.parcels.list();
  await saver.prepare(parcels, async (trx) => {
    for (const source of read.sources) await saveSource(trx, source);
    await saveCategories(trx, read.categories);
  });
  let left = parcels.length;
  for (const parcel of parcels) {
    await saver.add([parcel], 'Europe/London', async () => {
      left -= 1;
      if (left === 0) await read.parcels.drop();
    });
  }
}

/** Months of one mapped source, which may be spread over several files: kept until all files of the import are read. */
export interface WaitingSource {
  readonly mapping: NamedMapping;
  readonly reads: IncidentsRead[];
}

/** Saves the months of a mapped source; what several files hold of one month belongs together. */
export async function saveMapped(saver: MonthSaver, waiting: WaitingSource): Promise<void> {
  const parcels = waiting.reads.flatMap((read) => read.parcels.list());
  await saver.prepare(parcels, async (trx) => {
    for (const read of waiting.reads) await saveCategories(trx, read.categories);
  });
  const months = new Map<string, Parcel[]>();
  for (const parcel of parcels) months.set(parcel.month, [...(months.get(parcel.month) ?? []), parcel]);
  for (const [, parts] of [...months].sort(([a], [b]) => (a < b ? -1 : 1))) await saver.add(parts, waiting.mapping.mapping.zone, async () => undefined);
}

export function parcelsOf(folder: string, number: number): Parcels {
  return createParcels(folder, `rows-${number}`);
}
