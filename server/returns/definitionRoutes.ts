/** Definitions over HTTP: listed, tried on a past month, changed by a new version; templates added and checked. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { recordEvent } from '../audit.ts';
import { kindOf, labelOf } from '../documents/fileKind.ts';
import { AppError, conflict, invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { localDay } from '../patrols/visits.ts';
import { numberSetting } from '../settings/queries.ts';
import { amountMeasures } from './amounts.ts';
import { type DefinitionFault, addDefinitionVersion, addTemplate, checkTemplate, getTemplateFile, listDefinitions, listTemplates, tryDefinition } from './definitionContract.ts';
import { definitionFaults } from './definitionCheck.ts';
import * as queries from './definitionQueries.ts';
import { tryOn } from './definitionWork.ts';
import { fieldNamed } from './fields.ts';
import { measures } from './measures.ts';
import { findCell, openTemplate, type Template } from './template.ts';
import { columnOf, referenceOf } from './workbookCells.ts';

const measureList = [...Object.keys(measures), ...Object.keys(amountMeasures)].map((name) => {
  const field = fieldNamed(name, []);
  const ofArea = Object.hasOwn(amountMeasures, name) || measures[name]?.once === true;
  return { name, unit: field?.unit ?? ('count' as const), says: amountMeasures[name]?.says ?? '', of: ofArea ? ('area' as const) : ('hotspot' as const) };
});

export function definitionRoutes(mount: Mount): void {
  mount(listDefinitions, async ({ db }) => ({ definitions: await queries.listDefinitionVersions(db), measures: measureList }));

  mount(tryDefinition, ({ db, scope, now, input }) => tryOn(db, { ...input, councils: scope.councils, now }));

  mount(addDefinitionVersion, async ({ db, actor, person, input: { code, validFrom, reason, draft } }) => {
    refuseFaulty(definitionFaults(draft));
    if (draft.template) {
      const { cells, rows, templateId } = draft.template;
      const template = await queries.findTemplate(db, templateId);
      if (template?.definitionCode !== code) throw notFound('template of this definition');
      refuseFaulty(mapFaults(await opened(template.content), { cells, rows }));
    }
    const before = (await queries.listDefinitionVersions(db, code))[0];
    const version = (before?.version ?? 0) + 1;
    await queries.insertDefinition(db, { code, version, validFrom, reason, madeBy: person?.id ?? null, draft });
    await recordEvent(db, actor, {
      action: 'returnDefinitionMade', subjectKind: 'return definition', subjectId: code, reason,
      before: before ? { version: before.version, validFrom: before.validFrom } : null, after: { version, validFrom, fields: draft.fields.length, template: draft.template?.templateId ?? null },
    });
    const kept = (await queries.listDefinitionVersions(db, code)).find((each) => each.version === version);
    if (!kept) throw new Error('A definition that was just kept cannot be found.');
    return kept;
  });

  mount(listTemplates, async ({ db, input: { code } }) => ({ templates: await queries.listTemplates(db, code) }));

  mount(addTemplate, async ({ db, actor, person, now, file, input: { code, templateId, title, fileName } }) => {
    if ((await queries.listDefinitionVersions(db, code)).length === 0) throw notFound(`definition ${code}`);
    const most = await numberSetting(db, 'document_max_megabytes', localDay(now.toISOString()));
    if (file && file.size > most * 1024 * 1024) throw new AppError(413, 'too_large', `The file is larger than ${most} MB. Ask the funder for the blank template.`);
    const content = file ? await readFile(file.path) : Buffer.alloc(0);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const sent = await queries.findTemplate(db, templateId);
    if (sent && (sent.sha256 !== sha256 || sent.definitionCode !== code)) throw conflict('template_id_once', 'This id stands for another template. Send the file again from the page.');
    if (!sent) {
      const template = await opened(content);
      const kind = kindOf(content, template.parts.map(({ name }) => name));
      if (typeof kind === 'string') throw refused(kind);
      await queries.insertTemplate(db, { id: templateId, definitionCode: code, title, fileName: labelOf(fileName, kind), bytes: content.length, sha256, content, addedBy: person?.id ?? null });
      await recordEvent(db, actor, { action: 'returnTemplateAdded', subjectKind: 'return definition', subjectId: code, after: { templateId, title, sha256 } });
    }
    const { content: _content, ...kept } = (await queries.findTemplate(db, templateId)) ?? missing();
    return kept;
  });

  mount(getTemplateFile, async ({ db, input: { id } }) => {
    const template = (await queries.findTemplate(db, id)) ?? missing();
    return { fileName: template.fileName, body: template.content };
  });

  mount(checkTemplate, async ({ db, input: { id, map, fields } }) => {
    const template = await opened(((await queries.findTemplate(db, id)) ?? missing()).content);
    const sheets = template.sheets.map(({ name, hidden, read }) => {
      const cells = read.rows.flatMap((row) => row.cells);
      return { name, hidden, cells: cells.length, formulas: cells.filter(({ formula }) => formula).length, merged: read.merged.map(({ text }) => text) };
    });
    const known = new Set(fields);
    const unknown = [...map.cells.map((cell) => ({ place: cell.place, what: cell.what })), ...map.rows.flatMap((rows) => rows.columns.map(({ column, what }) => ({ place: `${rows.sheet}!${column}`, what })))]
      .filter(({ what }) => fields.length > 0 && !known.has(what) && !/^(period|firstDay|lastDay|organisation|definition|version|sha256|madeOn|hotspots|name|council|ward_code|live_from|last_live_day)$/.test(what))
      .map(({ place, what }): DefinitionFault => ({ place, value: what, message: 'There is no such field in the definition. Choose one of its fields, or a fact.' }));
    return { sheets, names: [...template.names.keys()], faults: [...mapFaults(template, map), ...unknown], cells: cellsOf(map).length };
  });
}

const refused = (message: string): AppError => invalid([{ field: 'fileName', message }]);

function missing(): never {
  throw notFound('template');
}

async function opened(content: Buffer): Promise<Template> {
  try {
    return await openTemplate(content);
  } catch (error) {
    throw error instanceof RangeError ? refused(error.message) : error;
  }
}

function refuseFaulty(faults: readonly DefinitionFault[]): void {
  if (faults.length > 0) throw invalid(faults.map(({ place, value, message }) => ({ field: 'draft', message: `${place}${value === '' ? '' : ` (“${value}”)`}: ${message}` })));
}

interface Mapped {
  readonly cells: readonly { readonly place: string }[];
  readonly rows: readonly { readonly sheet: string; readonly firstRow: number; readonly lastRow: number; readonly columns: readonly { readonly column: string }[] }[];
}

const mostRows = 500;

/** Every single cell a map names; of very many rows the first and the last. */
function cellsOf({ cells, rows }: Mapped): string[] {
  const numbers = (first: number, last: number): number[] => (last - first < mostRows ? Array.from({ length: Math.max(0, last - first + 1) }, (_, nth) => first + nth) : [first, last]);
  return [...cells.map(({ place }) => place), ...rows.flatMap(({ sheet, firstRow, lastRow, columns }) =>
    columns.flatMap(({ column }) => numbers(firstRow, lastRow).map((row) => `'${sheet.replaceAll("'", "''")}'!${referenceOf({ row, column: columnOf(column) })}`)))];
}

/** Whether every mapped cell is there and may be filled, and none is mapped twice. */
function mapFaults(template: Template, map: Mapped): DefinitionFault[] {
  const seen = new Map<string, string>();
  return cellsOf(map).flatMap((place) => {
    const found = findCell(template, place);
    if (!('sheet' in found)) return [found];
    const key = `${found.sheet.name}!${referenceOf(found)}`;
    const first = seen.get(key);
    seen.set(key, place);
    return first === undefined ? [] : [{ place, value: key, message: `${first} is the same cell. Map each cell once.` }];
  });
}
