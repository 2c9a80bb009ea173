/** The funder's template: what it holds, whether a map of cells fits it, and the same workbook with those cells filled and no other changed. */
import type { DefinitionFault } from './definitionContract.ts';
import { cellAt, type CellValue, isWithin, type Range, rangeOf, readSheet, referenceOf, type Sheet, withCells, withoutResults } from './workbookCells.ts';
import { attribute, decodeXml, tagsOf, withEdits } from './workbookXml.ts';
import { type Part, readParts, writeParts } from './workbookZip.ts';

export interface TemplateSheet {
  readonly name: string;
  readonly part: string;
  readonly hidden: boolean;
  readonly xml: string;
  readonly read: Sheet;
}

export interface Template {
  readonly parts: readonly Part[];
  readonly workbookPart: string;
  readonly sheets: readonly TemplateSheet[];
  /** Names of single cells, as `Sheet!C5`. */
  readonly names: ReadonlyMap<string, string>;
}

/** Reads a template. Throws a RangeError in words for what is no workbook. */
export async function openTemplate(file: Buffer): Promise<Template> {
  const parts = await readParts(file);
  const text = (name: string): string => {
    const found = parts.find((part) => part.name === name);
    if (!found) throw new RangeError(`The workbook lacks its part ${name}. Save it again in the program it was made with.`);
    return found.content.toString('utf8');
  };
  const workbookPart = targets(text('_rels/.rels'), '').find(({ type }) => type.endsWith('/officeDocument'))?.target ?? 'xl/workbook.xml';
  const folder = workbookPart.slice(0, workbookPart.lastIndexOf('/') + 1);
  const workbook = text(workbookPart);
  const related = targets(text(`${folder}_rels/${workbookPart.slice(folder.length)}.rels`), folder);
  const sheets = [...tagsOf(workbook)].filter(({ name, kind }) => name === 'sheet' && kind !== 'close').flatMap((tag) => {
    const target = related.find(({ id }) => id === /\sr?[\w]*:?id\s*=\s*"([^"]*)"/.exec(tag.attributes)?.[1]);
    if (!target?.type.endsWith('/worksheet')) return [];
    const xml = text(target.target);
    return [{ name: attribute(tag, 'name') ?? '', part: target.target, hidden: (attribute(tag, 'state') ?? 'visible') !== 'visible', xml, read: readSheet(xml) }];
  });
  if (sheets.length === 0) throw new RangeError('The workbook holds no sheet of cells. Send the funder’s template as an .xlsx file.');
  return { parts, workbookPart, sheets, names: definedNames(workbook) };
}

function targets(rels: string, folder: string): { id: string; type: string; target: string }[] {
  return [...tagsOf(rels)].filter(({ name, kind }) => name === 'Relationship' && kind !== 'close').map((tag) => {
    const target = attribute(tag, 'Target') ?? '';
    return { id: attribute(tag, 'Id') ?? '', type: attribute(tag, 'Type') ?? '', target: target.startsWith('/') ? target.slice(1) : folder + target };
  });
}

function definedNames(workbook: string): Map<string, string> {
  const names = new Map<string, string>();
  let open: { name: string; end: number } | undefined;
  for (const tag of tagsOf(workbook)) {
    if (tag.name !== 'definedName') continue;
    if (tag.kind === 'open' && attribute(tag, 'localSheetId') === undefined) open = { name: attribute(tag, 'name') ?? '', end: tag.end };
    else if (tag.kind === 'close' && open) {
      names.set(open.name.toLowerCase(), decodeXml(workbook.slice(open.end, tag.start)).trim());
      open = undefined;
    } else open = undefined;
  }
  return names;
}

export interface Target {
  readonly sheet: TemplateSheet;
  readonly row: number;
  readonly column: number;
}

/** The cell a place names, `Summary!C5`, `'A sheet'!$C$5` or a name of the template; or why there is none. */
export function findCell(template: Template, place: string): Target | DefinitionFault {
  const named = template.names.get(place.trim().toLowerCase());
  const found = /^(?:'((?:[^']|'')+)'|([^'!]+))!([^!]+)$/.exec((named ?? place).trim());
  const refuse = (message: string): DefinitionFault => ({ place, value: named ?? place, message });
  if (!found) return refuse(`There is no cell or name “${place}” in the template. Write the sheet and the cell, for example ${template.sheets[0]?.name ?? 'Sheet1'}!C5${template.names.size > 0 ? `, or one of its names: ${[...template.names.keys()].slice(0, 8).join(', ')}` : ''}.`);
  const name = found[1]?.replaceAll("''", "'") ?? found[2] ?? '';
  const sheet = template.sheets.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (!sheet) return refuse(`The template has no sheet “${name}”. It has: ${template.sheets.map((each) => each.name).join(', ')}.`);
  const range: Range | undefined = rangeOf(found[3] ?? '');
  if (!range || (named === undefined && range.text.includes(':'))) return refuse(`“${found[3]}” is no cell of a sheet. Write a column and a row, for example C5.`);
  const merged = sheet.read.merged.find((each) => isWithin({ row: range.top, column: range.left }, each));
  if (merged && (merged.top !== range.top || merged.left !== range.left)) {
    return refuse(`${referenceOf({ row: range.top, column: range.left })} lies under the merged cell ${merged.text}. Map its first cell, ${referenceOf({ row: merged.top, column: merged.left })}.`);
  }
  if (range.top !== range.bottom || range.left !== range.right) {
    if (!merged || merged.bottom !== range.bottom || merged.right !== range.right) return refuse(`The name stands for several cells, ${range.text}. Map one cell.`);
  }
  if (cellAt(sheet.read, { row: range.top, column: range.left })?.formula) return refuse('The cell holds a formula of the template, which works it out itself. Take it out of the map.');
  return { sheet, row: range.top, column: range.left };
}

export interface Filling {
  readonly place: string;
  readonly value: CellValue;
}

/** The template with cells filled; what is outside them keeps every byte, but for results of formulas, which are worked out again when it is opened. */
export async function fillTemplate(template: Template, fillings: readonly Filling[]): Promise<{ body: Buffer; faults: DefinitionFault[] }> {
  const found = fillings.map(({ place, value }) => ({ value, target: findCell(template, place) }));
  const faults = found.flatMap(({ target }) => ('sheet' in target ? [] : [target]));
  if (faults.length > 0) return { body: Buffer.alloc(0), faults };
  const filled = new Map(template.sheets.flatMap(({ part, xml }) => {
    const changes = found.flatMap(({ target, value }) => ('sheet' in target && target.sheet.part === part ? [{ row: target.row, column: target.column, value }] : []));
    // LibreOffice shows a kept result whatever the workbook says, so a total of the blank form would stand there as 0.
    const text = withoutResults(changes.length === 0 ? xml : withCells(xml, changes));
    return text === xml ? [] : [[part, text] as const];
  }));
  const hasFormulas = template.sheets.some(({ read }) => read.rows.some(({ cells }) => cells.some(({ formula }) => formula)));
  const parts = template.parts.map((part) => {
    const text = filled.get(part.name) ?? (hasFormulas && part.name === template.workbookPart ? calculatedOnLoad(part.content.toString('utf8')) : undefined);
    return text === undefined ? part : { ...part, content: Buffer.from(text) };
  });
  return { body: await writeParts(parts), faults: [] };
}

/** What stands before calcPr in a workbook part (ECMA-376 part 1, 18.2.27), last first. */
const beforeCalculation = ['definedNames', 'externalReferences', 'functionGroups', 'sheets'];

/** Totals of the template were worked out while it was blank; Excel is told to work them out again. */
function calculatedOnLoad(xml: string): string {
  const tags = [...tagsOf(xml)];
  const settings = tags.find(({ name, kind }) => name === 'calcPr' && kind !== 'close');
  if (settings) {
    const kept = xml.slice(settings.start, settings.end).replace(/\s+fullCalcOnLoad\s*=\s*("[^"]*"|'[^']*')/, '');
    return withEdits(xml, [{ start: settings.start, end: settings.end, text: kept.replace(/\s*(\/?)>$/, ' fullCalcOnLoad="1"$1>') }]);
  }
  const after = beforeCalculation.map((wanted) => tags.findLast(({ name, kind }) => name === wanted && kind !== 'open')).find((tag) => tag !== undefined);
  return after ? withEdits(xml, [{ start: after.end, end: after.end, text: `<${after.prefix}calcPr fullCalcOnLoad="1"/>` }]) : xml;
}
