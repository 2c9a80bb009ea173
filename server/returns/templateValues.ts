/** What a map of cells writes into the funder's template for some figures: each cell with its value, or why it cannot be. Pure. */
import type { Figure, MonthlyFigures, ReportedField } from './contract.ts';
import type { CellForm, CellMap, DefinitionFault, RowsMap, TemplateMap } from './definitionContract.ts';
import { lastDayOf } from './deadline.ts';
import type { Filling } from './template.ts';
import type { CellValue } from './workbookCells.ts';
import { sayDate, sayPeriod } from './words.ts';

export interface Filled {
  readonly fillings: Filling[];
  readonly faults: DefinitionFault[];
}

export interface About {
  readonly sha256: string;
  /** Null where it was made now and not kept. */
  readonly version: number | null;
  readonly made: Date;
}

/** The cells of a map with their values. */
export function fillingsOf(figures: MonthlyFigures, map: Omit<TemplateMap, 'templateId'>, about: About): Filled {
  const parts = [...map.cells.map((cell) => cellFilling(figures, cell, about)), ...map.rows.map((rows) => rowsFillings(figures, rows))];
  return { fillings: parts.flatMap((part) => part.fillings), faults: parts.flatMap((part) => part.faults) };
}

function cellFilling(figures: MonthlyFigures, cell: CellMap, about: About): Filled {
  const { place, what, council } = cell;
  const field = figures.fields.find(({ code }) => code === what);
  if (!field) return { fillings: [{ place, value: fact(figures, cell, about) }], faults: [] };
  const area = figures.areas.find(({ councilCode }) => councilCode === (council ?? null));
  if (!area) return none({ place, value: council ?? '', message: `There is no area ${council} in this return. Choose one of: ${figures.areas.map(({ councilCode, name }) => `${name}${councilCode ? ` (${councilCode})` : ''}`).join(', ')}.` });
  return figureFilling(place, { field, figures: area.figures }, cell);
}

const none = (fault: DefinitionFault): Filled => ({ fillings: [], faults: [fault] });

function figureFilling(place: string, { field, figures }: { field: ReportedField; figures: readonly Figure[] }, { what, part, form, blank }: Pick<CellMap, 'what' | 'part' | 'form' | 'blank'>): Filled {
  const wanted = part === undefined ? null : (field.parts.find(({ code, name }) => code === part || name === part)?.code ?? part);
  const found = figures.find((figure) => figure.field === what && figure.breakdown === wanted);
  if (!found) return none({ place, value: part === undefined ? what : `${what}[${part}]`, message: part === undefined ? `“${field.name}” has no figure here: it is given for areas only, or not collected.` : `“${field.name}” has no part “${part}” in this period. It has: ${field.parts.map(({ name }) => name).join(', ') || 'none'}.` });
  if (found.value === null) return { fillings: blank ? [] : [{ place, value: found.status }], faults: [] };
  return { fillings: [{ place, value: written(found.value, field, form) }], faults: [] };
}

/** A value as a cell holds it: pence as pounds, minutes as they are unless told otherwise. */
export function written(value: number, { unit }: Pick<ReportedField, 'unit'>, form: CellForm): CellValue {
  if (form === 'words') return inWords(value, unit);
  if (unit === 'pence') return value / 100;
  if (unit === 'person-minutes' && form === 'hours') return Math.round((value * 100) / 60) / 100;
  if (unit === 'person-minutes' && form === 'duration') return value / 1440;
  return unit === 'per cent' && form === 'share' ? Math.round(value * 10) / 1000 : value;
}

function inWords(value: number, unit: ReportedField['unit']): string {
  if (unit === 'pence') return `${value < 0 ? '−' : ''}£${(Math.abs(value) / 100).toLocaleString('en-GB', { minimumFractionDigits: 2 })}`;
  if (unit === 'person-minutes') return `${Math.floor(value / 60).toLocaleString('en-GB')} h ${value % 60} min`;
  return `${value.toLocaleString('en-GB')}${unit === 'per cent' ? '%' : ''}`;
}

function fact(figures: MonthlyFigures, { what, form }: Pick<CellMap, 'what' | 'form'>, { sha256, version, made }: About): CellValue {
  const day = (on: string): CellValue => (form === 'words' ? sayDate(on) : serial(on));
  const facts: Record<string, () => CellValue> = {
    period: () => sayPeriod(figures), firstDay: () => day(`${figures.month}-01`), lastDay: () => day(lastDayOf(figures.lastMonth ?? figures.month)),
    organisation: () => figures.organisation, definition: () => `${figures.definition.name}, version ${figures.definition.version}`,
    version: () => (version === null ? 'draft' : form === 'words' ? `Version ${version}` : version), sha256: () => sha256, madeOn: () => day(made.toISOString().slice(0, 10)), hotspots: () => figures.areas[0]?.hotspots ?? 0,
  };
  return facts[what]?.() ?? '';
}

/** A day as a spreadsheet counts it: from 30 December 1899. */
const serial = (on: string): number => Math.round((Date.parse(`${on}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000);

function rowsFillings(figures: MonthlyFigures, rows: RowsMap): Filled {
  const place = `'${rows.sheet.replaceAll("'", "''")}'!`;
  const councilName = (code: string): string => figures.councils.find((council) => council.code === code)?.name ?? code;
  const items = rows.each === 'hotspot'
    ? figures.hotspots.map((hotspot) => ({ figures: hotspot.figures, facts: { name: hotspot.name, council: councilName(hotspot.councilCode), ward_code: hotspot.wardCode, live_from: hotspot.liveFrom, last_live_day: hotspot.liveTo === null ? null : hotspot.countedTo } }))
    : figures.areas.filter(({ councilCode }) => councilCode !== null).map((area) => ({ figures: area.figures, facts: { name: area.name, council: area.name, ward_code: area.councilCode, live_from: null, last_live_day: null } }));
  const room = rows.lastRow - rows.firstRow + 1;
  if (items.length > room) return none({ place: `${place}A${rows.firstRow}`, value: String(items.length), message: `The template has ${room} rows (${rows.firstRow} to ${rows.lastRow}) for ${items.length} ${rows.each === 'hotspot' ? 'hotspots' : 'councils'}. Ask the funder for a longer template, or map more rows.` });
  const parts = items.flatMap((item, index) => rows.columns.map((column): Filled => {
    const cell = `${place}${column.column.toUpperCase()}${rows.firstRow + index}`;
    const field = figures.fields.find(({ code }) => code === column.what);
    if (field && !(column.what in item.facts)) return figureFilling(cell, { field, figures: item.figures }, column);
    const value = (item.facts as Record<string, string | null>)[column.what] ?? null;
    if (value === null) return { fillings: column.blank ? [] : [{ place: cell, value: 'not applicable' }], faults: [] };
    const isDay = column.what === 'live_from' || column.what === 'last_live_day';
    return { fillings: [{ place: cell, value: isDay ? (column.form === 'words' ? sayDate(value) : serial(value)) : value }], faults: [] };
  }));
  return { fillings: parts.flatMap((part) => part.fillings), faults: parts.flatMap((part) => part.faults) };
}
