/** Definitions in their versions, and templates with their bytes. */
import type { Knex } from 'knex';
import { type DefinitionDraft, type DefinitionVersion, definitionVersion, type ReturnTemplate } from './definitionContract.ts';

const select = `
  select d.code, d.version, d.name, d.basis, d.deadline, d.fields, d.frequency, d.signatories, d.sources, d.template, d.valid_from as "validFrom", d.valid_to as "validTo",
    d.reason, p.name as "madeBy", to_json(d.made_at) #>> '{}' as "madeAt"
  from return_definition d left join person p on p.id = d.made_by`;

/** Every version of every definition, or of one; by code, newest first. */
export async function listDefinitionVersions(db: Knex, code?: string): Promise<DefinitionVersion[]> {
  const { rows } = await db.raw(`${select} where cast(:code as text) is null or d.code = :code order by d.code, d.version desc`, { code: code ?? null });
  return (rows as unknown[]).map((row) => definitionVersion.parse(row));
}

/** The map of the template a version of a definition fills; null where it has none. */
export async function findTemplateMap(db: Knex, code: string, version: number): Promise<DefinitionVersion['template']> {
  return (await listDefinitionVersions(db, code)).find((each) => each.version === version)?.template ?? null;
}

export interface NewDefinition {
  readonly code: string;
  readonly version: number;
  readonly validFrom: string;
  readonly reason: string;
  readonly madeBy: string | null;
  readonly draft: DefinitionDraft;
}

/** Ends the version before on the day this one begins, and adds it. */
export async function insertDefinition(trx: Knex.Transaction, { code, version, validFrom, reason, madeBy, draft }: NewDefinition): Promise<void> {
  await trx('return_definition').where({ code, valid_to: null }).where('valid_from', '<', validFrom).update({ valid_to: validFrom });
  const json = { fields: draft.fields, deadline: draft.deadline, signatories: draft.signatories, sources: draft.sources, template: draft.template };
  await trx('return_definition').insert({
    code, version, name: draft.name, basis: draft.basis, frequency: draft.frequency, valid_from: validFrom, reason, made_by: madeBy,
    ...Object.fromEntries(Object.entries(json).map(([key, value]) => [key, value === null ? null : JSON.stringify(value)])),
  });
}

const templateColumns = ['id', 'definition_code as definitionCode', 'title', 'file_name as fileName', 'bytes', 'sha256', 'added_at as addedAt'];
type TemplateRow = Omit<ReturnTemplate, 'addedAt'> & { addedAt: Date };
const toTemplate = (row: TemplateRow): ReturnTemplate => ({ ...row, addedAt: row.addedAt.toISOString() });

export async function listTemplates(db: Knex, code: string): Promise<ReturnTemplate[]> {
  const rows: TemplateRow[] = await db('return_template').select(templateColumns).where({ definition_code: code }).orderBy('added_at', 'desc');
  return rows.map(toTemplate);
}

export async function findTemplate(db: Knex, id: string): Promise<(ReturnTemplate & { content: Buffer }) | undefined> {
  const row: (TemplateRow & { content: Buffer }) | undefined = await db('return_template').select([...templateColumns, 'content']).where({ id }).first();
  return row && { ...toTemplate(row), content: row.content };
}

export async function insertTemplate(trx: Knex.Transaction, row: Omit<ReturnTemplate, 'addedAt'> & { content: Buffer; addedBy: string | null }): Promise<void> {
  await trx('return_template').insert({
    id: row.id, definition_code: row.definitionCode, title: row.title, file_name: row.fileName, bytes: row.bytes, sha256: row.sha256, content: row.content, added_by: row.addedBy,
  });
}
