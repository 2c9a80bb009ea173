/** Imports as they were run, their files and what was refused; saved column mappings. */
import type { Knex } from 'knex';
import { numberArray, textArray } from '../places/arrayLiteral.ts';
import type { Fault } from '../places/fault.ts';
import type { ColumnMapping, FileReport, ImportReport, ImportRun } from './contract.ts';
import { saveSource } from './monthQueries.ts';

export async function startRun(db: Knex, run: { id: string; label: string; personId: string | null }): Promise<void> {
  await db('import_run').insert({ id: run.id, label: run.label, by_person: run.personId }).onConflict('id').ignore();
}

export async function finishRun(db: Knex, id: string, figures: ImportReport): Promise<void> {
  // Faults are rows of their own.
  await db('import_run').where({ id }).update({ finished_at: db.fn.now(), figures: JSON.stringify({ ...figures, faults: [] }) });
}

export async function failRun(db: Knex, id: string, problem: string): Promise<void> {
  await db('import_run').where({ id }).update({ finished_at: db.fn.now(), problem: JSON.stringify(problem) });
}

/** Keeps what a file was and what is wrong in it. */
export async function saveFile(db: Knex, runId: string, file: FileReport & { sha256: string }, faults: readonly Fault[]): Promise<void> {
  const { name, kind, state, sha256, ...figures } = file;
  const [row] = await db('import_file').insert({ run_id: runId, name, kind, state, sha256, figures: JSON.stringify(figures) }).returning('id');
  if (faults.length === 0) return;
  await db.raw(
    `insert into import_fault (file_id, row_number, column_name, value, rule, cure)
     select :file, row_number, nullif(column_name, ''), value, rule, cure
     from unnest(:rows::int[], :columns::text[], :values::text[], :rules::text[], :cures::text[]) as fault (row_number, column_name, value, rule, cure)`,
    {
      file: (row as { id: number }).id, rows: numberArray(faults.map((fault) => fault.row)), columns: textArray(faults.map((fault) => fault.column ?? '')),
      values: textArray(faults.map((fault) => (fault.value ?? '').replaceAll('\u0000', ''))), rules: textArray(faults.map((fault) => fault.rule)), cures: textArray(faults.map((fault) => fault.cure)),
    },
  );
}

interface RunRow {
  readonly id: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly label: string;
  readonly by: string | null;
  readonly figures: ImportReport | null;
  readonly problem: string | null;
}

export async function listRuns(db: Knex): Promise<ImportRun[]> {
  const { rows } = await db.raw(
    `select import_run.id, started_at as "startedAt", finished_at as "finishedAt", label, person.name as by, figures, problem
     from import_run left join person on person.id = by_person
     order by started_at desc limit 50`,
  );
  return (rows as RunRow[]).map((row) => ({ ...row, startedAt: row.startedAt.toISOString(), finishedAt: row.finishedAt?.toISOString() ?? null }));
}

/** The faults of one import, or undefined when there is no such import. */
export async function findFaults(db: Knex, id: string): Promise<({ file: string } & Fault)[] | undefined> {
  if (!(await db('import_run').where({ id }).first('id'))) return undefined;
  return db('import_fault')
    .join('import_file', 'import_file.id', 'import_fault.file_id')
    .where({ run_id: id })
    .orderBy('import_fault.id')
    .select('import_file.name as file', 'row_number as row', 'column_name as column', 'value', 'rule', 'cure');
}

/** Saves a mapping and the source it belongs to. */
export async function saveColumnMapping(db: Knex, name: string, mapping: ColumnMapping): Promise<void> {
  const { attribution, ...source } = mapping.source;
  await saveSource(db, { ...source, attribution: attribution || `Source: ${source.name}, ${source.publisher}.` });
  await db('column_mapping')
    .insert({ name, source_code: source.code, mapping: JSON.stringify(mapping), updated_at: db.fn.now() })
    .onConflict('name').merge();
}

export async function listColumnMappings(db: Knex): Promise<{ name: string; updatedAt: string; mapping: ColumnMapping }[]> {
  const rows = (await db('column_mapping').select('name', 'updated_at as updatedAt', 'mapping').orderBy('name')) as { name: string; updatedAt: Date; mapping: ColumnMapping }[];
  return rows.map((row) => ({ ...row, updatedAt: row.updatedAt.toISOString() }));
}
