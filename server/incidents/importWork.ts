/** One import from beginning to end: find the files, tell what they are, boundaries before incidents, every file whole or not at all. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import type { Actor } from '../audit.ts';
import { AppError } from '../errors.ts';
import { listOrganisations } from '../people/queries.ts';
import type { Fault } from '../places/fault.ts';
import type { FileReport, ImportOptions, ImportReport } from './contract.ts';
import { freshenStatistics, listMonthsWithoutCouncils } from './countQueries.ts';
import { createGathering, type FaultGathering } from './faultGathering.ts';
import { parcelsOf, readMappedFile, readStreetFile, saveMapped, saveStreetFile, tracked, type WaitingSource } from './incidentWork.ts';
import { faultOf, gatherFiles, type InputFile } from './inputFiles.ts';
import { prepare } from './monthQueries.ts';
import { importBoundaries, importTable, type PlacesImported } from './placesWork.ts';
import { recountDue } from './recountWork.ts';
import { headBytes, type NamedMapping, type Recognised, recognise } from './recognise.ts';
import { faultsCsv, keepReport, type ReportKeeper } from './report.ts';
import { failRun, finishRun, listColumnMappings, saveColumnMapping, saveFile, startRun } from './runQueries.ts';
import { createMonthSaver, type MonthSaver } from './saveWork.ts';

export interface ImportTask {
  readonly db: Knex;
  readonly actor: Actor;
  readonly runId: string;
  /** A folder of this import's own, for its report and for rows that wait. */
  readonly folder: string;
  readonly inputs: readonly { readonly path: string; readonly name: string }[];
  readonly options: ImportOptions;
  /** A mapping given with the import; it is saved under its name. */
  readonly mapping?: NamedMapping;
  report(progress: number, step: string): void;
}

interface Importing extends ImportTask {
  readonly keeper: ReportKeeper;
  readonly councils: ReadonlyMap<string, string>;
  readonly saver: MonthSaver;
  readonly waiting: Map<string, WaitingSource>;
  readonly seen: Map<string, string>;
  readonly allFaults: ({ file: string } & Fault)[];
  number: number;
}

interface Planned {
  readonly file: InputFile;
  readonly what: Recognised;
}

/** Imports files and folders; what is refused is in the report, what is thrown stopped the import. */
export async function importFiles(task: ImportTask): Promise<ImportReport> {
  const started = performance.now();
  const councils = await councilNames(task.db);
  refuseUnknownCouncils(task.options, councils);
  const mappings = await chooseMapping(task);
  await mkdir(task.folder, { recursive: true, mode: 0o700 });
  await startRun(task.db, { id: task.runId, label: task.inputs.map(({ name }) => name).join(', ').slice(0, 500), personId: task.actor.personId });
  const keeper = keepReport(councils);
  const saver = createMonthSaver({ db: task.db, actor: task.actor, importId: task.runId, saved: keeper.month });
  const importing: Importing = { ...task, keeper, councils, saver, waiting: new Map(), seen: new Map(), allFaults: [], number: 0 };
  const gathered = await gatherFiles(task.inputs);
  try {
    for (const { name, fault } of gathered.refused) await endFile(importing, { name, kind: 'unknown', state: 'refused', rows: 0, says: '' }, createGathering([fault]));
    await work(importing, gathered.files, mappings);
    const report = await finish(importing, gathered.passedOver, started);
    await finishRun(task.db, task.runId, report);
    return report;
  } catch (error) {
    await saver.finish().catch(() => undefined);
    await failRun(task.db, task.runId, error instanceof Error ? error.message : String(error));
    throw error;
  } finally {
    gathered.close();
    for (const { reads } of importing.waiting.values()) for (const read of reads) await read.parcels.drop();
  }
}

async function councilNames(db: Knex): Promise<ReadonlyMap<string, string>> {
  const organisations = await listOrganisations(db);
  return new Map(organisations.flatMap(({ kind, councilCode, name }) => (kind !== 'council' || councilCode === null ? [] : [[councilCode, name] as const])));
}

function refuseUnknownCouncils(options: ImportOptions, councils: ReadonlyMap<string, string>): void {
  const unknown = options.council?.find((code) => !councils.has(code));
  if (unknown === undefined) return;
  const known = [...councils].map(([code, name]) => `${code} ${name}`).join(', ');
  throw new AppError(422, 'unknown_council', `The service knows no council "${unknown}". Use one of: ${known}.`);
}

async function chooseMapping(task: ImportTask): Promise<{ saved: NamedMapping[]; chosen: NamedMapping | undefined }> {
  if (task.mapping) await saveColumnMapping(task.db, task.mapping.name, task.mapping.mapping);
  const saved = await listColumnMappings(task.db);
  const name = task.mapping?.name ?? task.options.mapping;
  const chosen = saved.find((mapping) => mapping.name === name);
  if (name === undefined || chosen) return { saved, chosen };
  const known = saved.length ? `Use one of: ${saved.map((mapping) => mapping.name).join(', ')}.` : 'None is saved yet; give a mapping file.';
  throw new AppError(422, 'unknown_mapping', `There is no column mapping "${name}". ${known}`);
}

const order: Record<Recognised['kind'], number> = { other: 0, boundaries: 1, table: 2, street: 3, mapped: 4 };

async function work(importing: Importing, files: readonly InputFile[], mappings: { saved: NamedMapping[]; chosen: NamedMapping | undefined }): Promise<void> {
  const planned: Planned[] = [];
  for (const file of files) {
    const what = await look(file, mappings).catch((error: unknown) => faultOf(error));
    if ('kind' in what) planned.push({ file, what });
    else await endFile(importing, { name: file.name, kind: 'unknown', state: 'refused', rows: 0, says: '' }, createGathering([what]));
  }
  planned.sort((a, b) => order[a.what.kind] - order[b.what.kind]);
  const total = planned.reduce((sum, { file }) => sum + file.size, 0);
  let before = 0;
  for (const { file, what } of planned) {
    importing.number += 1;
    importing.report(Math.min(0.99, before / Math.max(1, total)), file.name);
    await importOne(importing, file, what, (share) => importing.report(Math.min(0.99, (before + share * file.size) / Math.max(1, total)), file.name));
    before += file.size;
  }
  for (const waiting of importing.waiting.values()) await saveMapped(importing.saver, waiting);
  await importing.saver.finish();
}

async function look(file: InputFile, { saved, chosen }: { saved: NamedMapping[]; chosen: NamedMapping | undefined }): Promise<Recognised> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of file.open()) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes >= headBytes) break;
  }
  return recognise(Buffer.concat(parts).subarray(0, headBytes), saved, chosen);
}

async function importOne(importing: Importing, file: InputFile, what: Recognised, moved: (share: number) => void): Promise<void> {
  let bytes = 0;
  const { chunks, sha256 } = tracked(file, (length) => {
    bytes += length;
    moved(Math.min(1, bytes / Math.max(1, file.size)));
  });
  if (what.kind === 'other') {
    const faults = createGathering(file.found ? [] : [what.fault]);
    if (file.found) importing.keeper.note(`${file.name} was left out. ${what.fault.rule}`);
    return endFile(importing, { name: file.name, kind: what.kind, state: file.found ? 'left out' : 'refused', rows: 0, says: what.fault.rule }, faults);
  }
  if (what.kind === 'street' || what.kind === 'mapped') return importIncidents(importing, file, what, chunks, sha256);
  const context = { db: importing.db, actor: importing.actor, options: importing.options, councils: importing.councils };
  const done: PlacesImported = await (what.kind === 'boundaries' ? importBoundaries(context, file.name, chunks) : importTable(context, file.name, chunks, what.table))
    .catch((error: unknown) => ({ rows: 0, says: '', faults: createGathering([faultOf(error)]) }));
  for (const [kind, n] of Object.entries(done.counted ?? {})) importing.keeper.count(kind as 'boundaries', n);
  if (done.attribution) importing.keeper.credit(done.attribution);
  if (done.says && done.faults.count === 0) importing.keeper.note(`${file.name}: ${done.says}.`);
  return endFile(importing, { name: file.name, kind: what.kind, state: done.faults.count ? 'refused' : 'imported', rows: done.rows, says: done.says }, done.faults, sha256());
}

async function importIncidents(importing: Importing, file: InputFile, what: Extract<Recognised, { kind: 'street' | 'mapped' }>, chunks: AsyncIterable<Uint8Array>, sha256: () => string): Promise<void> {
  const { keeper, waiting, seen } = importing;
  const parcels = parcelsOf(importing.folder, importing.number);
  const councilWords = new Set([...importing.councils].flat().map((word) => word.toLowerCase()));
  const read = await (what.kind === 'street' ? readStreetFile(chunks, parcels) : readMappedFile(chunks, parcels, what.mapping, councilWords));
  const twin = what.kind === 'mapped' && read.faults.count === 0 ? seen.get(sha256()) : undefined;
  if (twin !== undefined || read.faults.count) await parcels.drop();
  if (twin !== undefined) {
    keeper.note(`${file.name}: the same content as ${twin}, imported once.`);
    return endFile(importing, { name: file.name, kind: what.kind, state: 'left out', rows: read.rows, says: `The same content as ${twin}.` }, read.faults, sha256());
  }
  seen.set(sha256(), file.name);
  keeper.readRows(read.rows, faultyRows(read.faults), read.faults.count > 0);
  const report = { name: file.name, kind: what.kind, state: read.faults.count ? 'refused' : 'imported', rows: read.rows, says: `${read.rows} rows` } as const;
  await endFile(importing, report, read.faults, sha256());
  if (read.faults.count) return;
  for (const source of read.sources) keeper.credit(source.attribution);
  if (what.kind === 'street') return saveStreetFile(importing.saver, read);
  if (!read.categories.some(({ asb }) => asb)) keeper.note(`${file.name}: the mapping ${what.mapping.name} calls none of its categories anti-social behaviour; say so in its categories, or with asb.`);
  keeper.credit(what.mapping.mapping.source.attribution || `Source: ${what.mapping.mapping.source.name}.`);
  await parcels.store();
  const group = waiting.get(what.mapping.name) ?? { mapping: what.mapping, reads: [] };
  waiting.set(what.mapping.name, group);
  group.reads.push(read);
}

/** Faults that stand in a row; a fault of the file as a whole is no rejected row. */
function faultyRows(faults: FaultGathering): number {
  const whole = faults.kept.filter((fault) => fault.row === null).length;
  return faults.count - whole;
}

async function endFile(importing: Importing, file: Omit<FileReport, 'faults'>, faults: FaultGathering, sha256 = ''): Promise<void> {
  const report: FileReport = { ...file, faults: faults.count };
  importing.keeper.file(report, faults.kept);
  importing.allFaults.push(...faults.kept.map((fault) => ({ file: file.name, ...fault })));
  await prepare(importing.db, (trx) => saveFile(trx, importing.runId, { ...report, sha256 }, faults.kept));
}

async function finish(importing: Importing, passedOver: number, started: number): Promise<ImportReport> {
  const { db, keeper } = importing;
  const due = await recountDue(db, (_, step) => importing.report(0.99, step));
  const bare = await listMonthsWithoutCouncils(db, keeper.months());
  if (bare.length) {
    const span = bare.length === 1 ? bare[0] : `${bare[0]} to ${bare.at(-1)} (${bare.length} months)`;
    keeper.note(`${span}: no council boundary is in force, so every row counts as outside the area. Import council boundaries, with --valid-from where their file names no year.`);
  }
  if (due.length) keeper.note(`${due.length} ${due.length === 1 ? 'month was' : 'months were'} counted again, since council boundaries or excluded places changed.`);
  if (passedOver) keeper.note(`Passed over: ${passedOver} ${passedOver === 1 ? 'file' : 'files'} in folders or archives, by their names no data.`);
  const reportPath = importing.allFaults.length ? join(importing.folder, 'refused.csv') : null;
  if (reportPath) await writeFile(reportPath, faultsCsv(importing.allFaults), { mode: 0o600 });
  else await rm(importing.folder, { recursive: true, force: true });
  const report = keeper.finish((performance.now() - started) / 1000, reportPath);
  if (report.accepted || report.boundaries) await freshenStatistics(db, keeper.months());
  importing.report(1, 'Done');
  return report;
}
