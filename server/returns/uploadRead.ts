/** A returned workbook against its form: is it the right file, and what does each cell hold. Pure. */
import type { Grid, ReadCell } from '../spreadsheetPlaces.ts';
import { cellType, coverFacts, coverSheet, type FormColumn, type FormRow, type FormSheet, type FormValue, headerRow, type ReturnForm } from './uploadForm.ts';
import { type Found, keyOf, nearestName } from './uploadIssues.ts';
import { readValue, requiredIn, sayCell } from './uploadValues.ts';

/** One row of the form as it came back. */
export interface ReadRow {
  readonly row: FormRow;
  /** The row of the sheet, from 0. */
  readonly at: number;
  readonly values: Readonly<Record<string, FormValue | undefined>>;
}

export interface ReadSheet {
  readonly sheet: FormSheet;
  readonly grid: Grid;
  /** Column key -> column of the sheet, from 0. */
  readonly columns: ReadonlyMap<string, number>;
  readonly rows: readonly ReadRow[];
}

export interface ReadReturn {
  readonly found: readonly Found[];
  readonly sheets: readonly ReadSheet[];
}

export interface ReadOptions {
  readonly today: string;
  /** Reasons given on the page, by the key of what they answer. */
  readonly reasons: ReadonlyMap<string, string>;
}

/** Reads the sheets of a file by the form; what cannot be placed is said at its cell and nothing is guessed. */
export function readReturn(form: ReturnForm, grids: readonly Grid[], { today, reasons }: ReadOptions): ReadReturn {
  const found: Found[] = [...(form.cover ? coverFaults(form, grids) : []), ...sheetFaults(form, grids)];
  const sheets = form.sheets.flatMap((sheet) => {
    const grid = grids.find(({ name }) => plain(name) === plain(sheet.name));
    return grid ? [readSheet(form, sheet, grid, { today, reasons, found })] : [];
  });
  return { found, sheets };
}

const plain = (text: string): string => text.trim().toLowerCase();
const textAt = (cell: ReadCell | undefined): string => (cell?.value == null ? '' : String(cell.value).trim());

function coverFaults(form: ReturnForm, grids: readonly Grid[]): Found[] {
  const cover = grids.find(({ name }) => plain(name) === plain(coverSheet));
  const at = { tier: 1 as const, severity: 'error' as const, sheet: coverSheet, section: 'Cover' };
  if (!cover) return [{ ...at, row: 0, column: 0, given: '', rule: 'right file', message: `There is no sheet "${coverSheet}", so nothing tells whose month this is.`, cure: 'Download the workbook of the month and fill in that one.' }];
  const words: Record<string, [message: string, cure: string]> = {
    definition: ['This is the workbook of another return.', 'Download the workbook of this month and fill in that one.'],
    version: ['The workbook was made by another version of the definition.', 'Download the workbook again; columns may have changed.'],
    council: ['This is the workbook of another council.', `Send the workbook of ${form.council} (${form.councilCode}).`],
    month: ['This is the workbook of another month.', `Send the workbook of ${form.month}, or go to the month it is for.`],
  };
  return coverFacts(form).flatMap(({ key, label, value }) => {
    const row = cover.rows.findIndex((cells) => plain(textAt(cells[0])) === plain(label));
    const cell = cover.rows[row]?.[1];
    const given = cell?.kind === 'date' ? sayCell(cell).slice(0, 7) : textAt(cell);
    const [message, cure] = words[key] ?? ['', ''];
    return given === value ? [] : [{ ...at, row: Math.max(row, 0), column: row < 0 ? 0 : 1, given, rule: 'right file', message, cure }];
  });
}

/** A sheet that is not of the form stands for the missing one whose name is nearest. */
function sheetFaults(form: ReturnForm, grids: readonly Grid[]): Found[] {
  const at = { tier: 1 as const, severity: 'error' as const, row: 0, column: 0, rule: 'sheet' };
  const missing = new Set(form.sheets.filter((sheet) => !grids.some(({ name }) => plain(name) === plain(sheet.name))).map(({ name }) => name));
  const unknown = grids.filter(({ name }) => plain(name) !== plain(coverSheet) && !form.sheets.some((sheet) => plain(sheet.name) === plain(name)));
  const faults: Found[] = unknown.map(({ name }) => {
    const near = nearestName(name, [...missing]);
    if (near) missing.delete(near);
    return { ...at, sheet: name, section: name, given: name, message: near ? `"${name}" is not a sheet of the form. Did you mean "${near}"?` : `"${name}" is not a sheet of the form.`, cure: near ? `Name the sheet "${near}".` : 'Take the sheet out of the file you send.' };
  });
  return [...faults, ...[...missing].map((name): Found => ({ ...at, sheet: name, section: name, given: '', message: `The sheet "${name}" is missing.`, cure: 'Put it back from the workbook of the month.' }))];
}

interface Reading extends ReadOptions {
  readonly found: Found[];
}

function readSheet(form: ReturnForm, sheet: FormSheet, grid: Grid, { today, reasons, found }: Reading): ReadSheet {
  const header = headerOf(grid);
  const columns = placeColumns(sheet, grid, header, found);
  if (!columns.has('code')) return { sheet, grid, columns, rows: [] };
  const covered = mergedFaults(sheet, grid, header, found);
  const rows = placeRows(sheet, grid, { header, codeColumn: columns.get('code') ?? 0 }, found);
  const dates = { from: `${form.month}-01`, to: today };
  return {
    sheet, grid, columns,
    rows: rows.map(({ row, at }) => {
      const own: Found[] = [];
      const values = Object.fromEntries(sheet.columns.filter(({ entry }) => entry).map((column): [string, FormValue | undefined] => {
        const place = columns.get(column.key);
        if (place === undefined || covered(at, place)) return [column.key, undefined];
        const cell = grid.rows[at]?.[place];
        const type = cellType(row, column.key);
        const read = readValue(cell, { type, list: row.list, required: requiredIn(row, column.key), sent: row.values[column.key] ?? null, dates });
        const given = sayCell(cell, type);
        for (const remark of read.remarks) own.push({ ...remark, tier: 2, sheet: grid.name, section: sheet.sectionName, row: at, column: place, given });
        return [column.key, read.value];
      }));
      const why = values['reason'];
      found.push(...own.map((one) => (one.severity === 'warning' && ((typeof why === 'string' && why !== '') || reasons.has(keyOf(one))) ? { ...one, answered: true } : one)));
      return { row, at, values };
    }),
  };
}

/** The row that begins with "Code", within the first dozen. */
function headerOf(grid: Grid): number {
  const found = grid.rows.slice(0, 12).findIndex((cells) => cells.some((cell) => plain(textAt(cell)) === 'code'));
  return found < 0 ? headerRow : found;
}

/** Where each column stands; an unknown heading stands for the missing one whose name is nearest. */
function placeColumns(sheet: FormSheet, grid: Grid, header: number, found: Found[]): Map<string, number> {
  const at = { tier: 1 as const, severity: 'error' as const, sheet: grid.name, section: sheet.sectionName, row: header, rule: 'column' };
  const columns = new Map<string, number>();
  const strange: { place: number; heading: string }[] = [];
  (grid.rows[header] ?? []).forEach((cell, place) => {
    const heading = textAt(cell);
    if (heading === '') return;
    const column = sheet.columns.find(({ label }) => plain(label) === plain(heading) || plain(label) === plain(heading.replace(/^'/, '')));
    if (!column) strange.push({ place, heading });
    else if (columns.has(column.key)) found.push({ ...at, column: place, given: heading, message: `There are two columns "${column.label}".`, cure: 'Keep one of them.' });
    else columns.set(column.key, place);
  });
  const missing = new Map(sheet.columns.filter(({ key }) => !columns.has(key)).map((column): [string, FormColumn] => [column.label, column]));
  for (const { place, heading } of strange) {
    const near = nearestName(heading, [...missing.keys()]);
    if (near) missing.delete(near);
    found.push({ ...at, column: place, given: heading, message: near ? `"${heading}" is not a column of the form. Did you mean "${near}"?` : `"${heading}" is not a column of the form.`, cure: near ? `Write "${near}" above the column.` : 'Take the column out.' });
  }
  for (const label of missing.keys()) found.push({ ...at, column: sheet.columns.findIndex((column) => column.label === label), given: '', message: `The column "${label}" is missing.`, cure: 'Put it back from the workbook of the month.' });
  return columns;
}

/** Merged cells hide which row a value belongs to; returns whether a cell is under one. */
function mergedFaults(sheet: FormSheet, grid: Grid, header: number, found: Found[]): (row: number, column: number) => boolean {
  const inTable = grid.merged.filter(({ bottom }) => bottom > header);
  for (const { top, left } of inTable) {
    found.push({ tier: 2, severity: 'error', sheet: grid.name, section: sheet.sectionName, row: top, column: left, given: sayCell(grid.rows[top]?.[left]), rule: 'merged', message: 'Cells are merged, so it cannot be told which figure this is.', cure: 'Part the cells again and write a value in each.' });
  }
  return (row, column) => inTable.some((area) => row >= area.top && row <= area.bottom && column >= area.left && column <= area.right);
}

/** Which row of the sheet is which of the form; a strange code stands for the missing one whose name is nearest. */
function placeRows(sheet: FormSheet, grid: Grid, { header, codeColumn }: { header: number; codeColumn: number }, found: Found[]): { row: FormRow; at: number }[] {
  const base = { tier: 2 as const, severity: 'error' as const, sheet: grid.name, section: sheet.sectionName, column: codeColumn, rule: 'row' };
  const placed: { row: FormRow; at: number }[] = [];
  const seen = new Set<string>();
  const strange: { at: number; code: string }[] = [];
  grid.rows.forEach((cells, at) => {
    if (at <= header || !cells.some((cell) => textAt(cell) !== '')) return;
    const code = textAt(cells[codeColumn]);
    const row = sheet.rows.find((one) => plain(one.code) === plain(code));
    if (!row) strange.push({ at, code });
    else if (seen.has(row.code)) found.push({ ...base, row: at, given: code, message: 'This row stands in the sheet twice.', cure: 'Keep one of them.' });
    else {
      seen.add(row.code);
      placed.push({ row, at });
    }
  });
  const missing = new Set(sheet.rows.filter(({ code }) => !seen.has(code)).map(({ code }) => code));
  for (const { at, code } of strange) {
    const near = nearestName(code, [...missing]);
    if (near) missing.delete(near);
    found.push({ ...base, row: at, given: code, message: code === '' ? 'The row has no code.' : 'This is not a row of the form.', cure: near === undefined ? 'Take the row out.' : `Write the code "${near}".` });
  }
  const last = Math.max(header, ...placed.map(({ at }) => at));
  for (const code of missing) found.push({ ...base, row: last, given: '', message: `The row "${code}" is missing.`, cure: 'Put it back from the workbook of the month.' });
  return placed;
}
