/**
 * Puts faults of every kind into a council's workbook, each at a cell of its own, and takes them out again. From a seed: the same seed
 * and workbook give the same faults.
 */
import ExcelJS from 'exceljs';
import { createRandom } from '../../geo/random.ts';

export interface SeededFault {
  readonly kind: string;
  readonly tier: 1 | 2 | 3;
  readonly severity: 'error' | 'warning' | 'note';
  readonly sheet: string;
  readonly cell: string;
  /** The value as a report gives it. */
  readonly given: string;
  /** Words the message or the cure must have, where the fault decides them. */
  readonly says?: string;
  cure(workbook: ExcelJS.Workbook): void;
}

export interface FaultyWorkbook {
  readonly faults: readonly SeededFault[];
  /** The workbook with every fault of the tiers not yet cured. */
  bytes(): Promise<Buffer>;
  cure(tier: 1 | 2 | 3): void;
}

interface Place {
  readonly sheet: string;
  readonly row: number;
  readonly column: number;
}

interface Table {
  readonly sheet: ExcelJS.Worksheet;
  /** Row of the headings, from 1. */
  readonly header: number;
  readonly columns: ReadonlyMap<string, number>;
  readonly rows: readonly number[];
}

const headerRow = 4;
const textOf = (value: ExcelJS.CellValue): string => (typeof value === 'string' ? value : '');

export async function loadBook(bytes: Buffer): Promise<ExcelJS.Workbook> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(bytes as unknown as Parameters<typeof workbook.xlsx.load>[0]);
  return workbook;
}

function tableOf(workbook: ExcelJS.Workbook, name: string): Table {
  const sheet = workbook.getWorksheet(name);
  if (!sheet) throw new Error(`The workbook has no sheet ${name}.`);
  const columns = new Map<string, number>();
  sheet.getRow(headerRow).eachCell((cell, column) => void columns.set(textOf(cell.value), column));
  const rows: number[] = [];
  for (let row = headerRow + 1; row <= sheet.rowCount; row++) if (textOf(sheet.getCell(row, 1).value) !== '') rows.push(row);
  return { sheet, header: headerRow, columns, rows };
}

type Write = { readonly value: ExcelJS.CellValue; readonly numFmt?: string };

/** Seeds `count` faults: ten of the file as a whole, one in eight across tables, the rest cell by cell. */
export async function faultyWorkbook(bytes: Buffer, { seed, count }: { seed: number; count: number }): Promise<FaultyWorkbook> {
  const workbook = await loadBook(bytes);
  const random = createRandom(seed);
  const faults: SeededFault[] = [];
  const taken = new Set<string>();
  const key = ({ sheet, row, column }: Place): string => `${sheet} ${row} ${column}`;

  /** Writes a value and remembers what stood there. */
  const write = (place: Place, { value, numFmt }: Write): (() => void) => {
    taken.add(key(place));
    const cell = workbook.getWorksheet(place.sheet)?.getCell(place.row, place.column);
    if (!cell) throw new Error(`No cell ${key(place)}`);
    const before = { value: cell.value, style: cell.style, validation: cell.dataValidation };
    cell.style = { ...cell.style, ...(numFmt === undefined ? {} : { numFmt }) };
    cell.value = value;
    return () => {
      cell.value = before.value;
      cell.style = before.style;
    };
  };
  const add = (fault: Omit<SeededFault, 'cell' | 'sheet' | 'cure'> & { place: Place; cure: () => void }): void => {
    const { place, cure, ...rest } = fault;
    const sheet = workbook.getWorksheet(place.sheet);
    faults.push({ ...rest, sheet: place.sheet, cell: sheet?.getCell(place.row, place.column).address ?? '', cure });
  };
  const pick = <T>(list: readonly T[]): T => {
    const one = list[Math.floor(random.uniform() * list.length)];
    if (one === undefined) throw new Error('Nothing is left to put a fault in.');
    return one;
  };

  const tables = Object.fromEntries(['Patrols and person-hours', 'Actions', 'Incidents', 'Money', 'Narrative, risks and issues'].map((name) => [name, tableOf(workbook, name)])) as Record<string, Table>;
  const [patrols, actions, incidents, money, words] = Object.values(tables) as [Table, Table, Table, Table, Table];
  const at = (table: Table, row: number, column: string | number): Place => ({ sheet: table.sheet.name, row, column: typeof column === 'number' ? column : (table.columns.get(column) ?? 0) });
  const rowOf = (table: Table, code: string): number => table.rows.find((row) => textOf(table.sheet.getCell(row, 1).value) === code) ?? 0;
  const hotspotColumns = (table: Table): number[] => [...table.columns].filter(([label]) => !['Code', 'Figure', 'Part', 'Unit', 'Total', 'Last month', 'Reason for a difference', 'Explanation of a change'].includes(label)).map(([, column]) => column);
  const isNumber = (place: Place): boolean => {
    const value = workbook.getWorksheet(place.sheet)?.getCell(place.row, place.column).value;
    return typeof value === 'number' || value instanceof Date;
  };
  const numberAt = (place: Place): number => Number(workbook.getWorksheet(place.sheet)?.getCell(place.row, place.column).value);

  // ---- Across the tables: each in a row that nothing else touches.
  const reserved = new Set<string>();
  const reserve = (table: Table, row: number): void => void reserved.add(`${table.sheet.name} ${row}`);
  const isFree = (table: Table, row: number): boolean => row > 0 && !reserved.has(`${table.sheet.name} ${row}`);
  // Two cells under one value, in a row of numbers.
  const mergedRow = pick(actions.rows.slice(1).filter((row) => isFree(actions, row) && textOf(actions.sheet.getCell(row, 1).value).startsWith('actions/') && hotspotColumns(actions).slice(0, 2).every((column) => isNumber(at(actions, row, column)))));
  const [left = 0, right = 0] = hotspotColumns(actions);
  const mergedBefore = actions.sheet.getCell(mergedRow, right).value;
  reserve(actions, mergedRow);
  const mergedPlace = at(actions, mergedRow, left);
  const mergedGiven = String(numberAt(mergedPlace));
  actions.sheet.mergeCells(mergedRow, left, mergedRow, right);
  add({ kind: 'merged', tier: 2, severity: 'error', place: mergedPlace, given: mergedGiven, says: 'Cells are merged', cure: () => {
    actions.sheet.unMergeCells(mergedRow, left, mergedRow, right);
    actions.sheet.getCell(mergedRow, right).value = mergedBefore;
  } });

  const across = Math.floor(count / 8);
  const addUp = (table: Table, row: number, by: number): (() => void)[] => {
    const column = hotspotColumns(table).find((one) => isNumber(at(table, row, one)));
    if (column === undefined) throw new Error(`Row ${row} has no number.`);
    const places = [at(table, row, column), at(table, row, 'Total')];
    return places.map((place) => write(place, { value: numberAt(place) + by }));
  };
  const tableFault = (kind: string, table: Table, row: number, column: string | number, cures: readonly (() => void)[], more: { given: string; says?: string; severity?: 'warning' }): void => {
    reserve(table, row);
    add({ kind, tier: 3, severity: 'error', place: at(table, row, column), cure: () => cures.forEach((cure) => cure()), ...more });
  };
  const seedRow = (kind: string, table: Table, code: string, make: (row: number) => { column: string | number; cures: (() => void)[]; given: string; says?: string; severity?: 'warning' }): void => {
    const row = rowOf(table, code);
    if (!isFree(table, row)) return;
    const { column, cures, ...more } = make(row);
    tableFault(kind, table, row, column, cures, more);
  };
  const why = (table: Table, row: number): (() => void) => write(at(table, row, 'Reason for a difference'), { value: 'One visit came in late' });
  seedRow('part of', patrols, 'long_visits', (row) => ({ column: 'Total', cures: addUp(patrols, row, 90), given: '92', says: 'more long visits than visits' }));
  seedRow('variance', patrols, 'patrols', (row) => ({ column: 'Total', cures: [...addUp(patrols, row, 40), why(patrols, row)], given: String(numberAt(at(patrols, row, 'Total'))), says: 'away from last month', severity: 'warning' }));
  seedRow('counted', actions, 'asb_powers', (row) => ({ column: 'Total', cures: addUp(actions, row, 1), given: String(numberAt(at(actions, row, 'Total'))), says: 'differs from what was counted', severity: 'warning' }));
  seedRow('parts', incidents, 'asb_incidents', (row) => ({ column: 'Total', cures: addUp(incidents, row, 1), given: String(numberAt(at(incidents, row, 'Total'))), says: 'The parts of "ASB incidents" add up to' }));
  // What these are judged against must be right in itself.
  for (const row of incidents.rows.filter((one) => textOf(incidents.sheet.getCell(one, 1).value).startsWith('asb_incidents/'))) reserve(incidents, row);
  reserve(patrols, rowOf(patrols, 'visits'));
  seedRow('no figure', patrols, 'patrols_once', (row) => {
    const column = hotspotColumns(patrols)[0] ?? 0;
    return { column, cures: [write(at(patrols, row, column), { value: 3 })], given: '3', says: 'Put [z] back' };
  });
  const [headA = 0, headB = 0, headC = 0, headD = 0] = money.rows;
  const moneyFault = (kind: string, row: number, column: string, change: (was: number) => number, more: { says: string; severity?: 'warning' }): void => {
    const place = at(money, row, column);
    const value = change(numberAt(place));
    tableFault(kind, money, row, column, [write(place, { value })], { given: String(value), ...more });
  };
  moneyFault('ledger', headA, 'Spent before the month', (was) => was + 100, { says: 'The ledger has' });
  moneyFault('total', headB, 'Total', (was) => was - 50, { says: 'add up to' });
  moneyFault('budget', headC, 'Budget', (was) => was + 1000, { says: 'The agreement gives this head' });
  moneyFault('accrued', headD, 'Of which accrued', (was) => was + 25, { says: 'accrued', severity: 'warning' });
  while (faults.length <= across) {
    const table = pick([patrols, actions, incidents]);
    const row = pick(table.rows);
    const total = at(table, row, 'Total');
    const additive = hotspotColumns(table).some((column) => isNumber(at(table, row, column))) && !/share|change|once/.test(textOf(table.sheet.getCell(row, 1).value));
    if (!isFree(table, row) || !isNumber(total)) continue;
    const clock = workbook.getWorksheet(total.sheet)?.getCell(total.row, total.column).value instanceof Date;
    if (clock) continue;
    const last = at(table, row, 'Last month');
    if (random.uniform() < 0.5 && additive) tableFault('total', table, row, 'Total', [write(total, { value: numberAt(total) + 7 })], { given: String(numberAt(total)), says: 'The hotspots of this row add up to' });
    else if (isNumber(last) && !/share|change/.test(textOf(table.sheet.getCell(row, 1).value))) tableFault('last month', table, row, 'Last month', [write(last, { value: numberAt(last) + 3 })], { given: String(numberAt(last)), says: 'Last month is over' });
  }

  // ---- The file as a whole.
  const cover = workbook.getWorksheet('Return');
  if (!cover) throw new Error('The workbook has no cover.');
  const coverFault = (label: string, value: string, says: string): void => {
    let row = 1;
    while (textOf(cover.getCell(row, 1).value) !== label && row < 20) row += 1;
    const place = { sheet: 'Return', row, column: 2 };
    add({ kind: 'right file', tier: 1, severity: 'error', place, given: value, says, cure: write(place, { value }) });
  };
  coverFault('Month', '2022-03', 'another month');
  coverFault('Council code', 'E06000047', 'another council');
  coverFault('Definition version', '77', 'another version');
  const heading = (table: Table, label: string, value: string | null, says: string, kind: string): void => {
    const place = at(table, headerRow, label);
    add({ kind, tier: 1, severity: 'error', place, given: value ?? '', says, cure: write(place, { value }) });
  };
  const someHotspot = [...patrols.columns].find(([, column]) => column === hotspotColumns(patrols)[0])?.[0] ?? '';
  heading(patrols, someHotspot, `${someHotspot.slice(0, -1)}x`, `Write "${someHotspot.replace(/^'/, '')}" above the column.`, 'mislabelled column');
  heading(patrols, 'Total', 'Totals', 'Did you mean "Total"?', 'mislabelled column');
  heading(actions, 'Last month', null, 'The column "Last month" is missing.', 'missing column');
  heading(words, 'Answer', 'Anser', 'Did you mean "Answer"?', 'mislabelled column');
  const extra = (table: Table, value: string, says: string, kind: string): void => {
    const place = { sheet: table.sheet.name, row: headerRow, column: table.columns.size + 1 };
    add({ kind, tier: 1, severity: 'error', place, given: value, says, cure: write(place, { value }) });
  };
  extra(actions, 'Total', 'There are two columns "Total".', 'column twice');
  extra(incidents, 'Comments', 'Take the column out.', 'strange column');

  // ---- Rows: one taken out, one there twice, one with a strange code.
  const freeRow = (table: Table): number => pick(table.rows.filter((row) => isFree(table, row)));
  const strange = freeRow(actions);
  reserve(actions, strange);
  const code = textOf(actions.sheet.getCell(strange, 1).value);
  const codePlace = at(actions, strange, 'Code');
  add({ kind: 'strange row', tier: 2, severity: 'error', place: codePlace, given: `${code}q`, says: `Write the code "${code}".`, cure: write(codePlace, { value: `${code}q` }) });
  const twice = { sheet: incidents.sheet.name, row: (incidents.rows.at(-1) ?? 0) + 1, column: 1 };
  const twiceCode = textOf(incidents.sheet.getCell(incidents.rows[0] ?? 0, 1).value);
  add({ kind: 'row twice', tier: 2, severity: 'error', place: twice, given: twiceCode, says: 'stands in the sheet twice', cure: write(twice, { value: twiceCode }) });
  const gone = pick(patrols.rows.slice(0, -1).filter((row) => isFree(patrols, row)));
  reserve(patrols, gone);
  const goneCells = [...patrols.columns.values()].map((column) => at(patrols, gone, column));
  const goneCode = textOf(patrols.sheet.getCell(gone, 1).value);
  const goneCures = goneCells.map((place) => write(place, { value: null }));
  const lastRow = patrols.rows.at(-1) ?? 0;
  add({ kind: 'missing row', tier: 2, severity: 'error', place: at(patrols, lastRow, 'Code'), given: '', says: `The row "${goneCode}" is missing.`, cure: () => goneCures.forEach((cure) => cure()) });

  // ---- Words: a list, a day, a text.
  const answer = (field: string, kind: string, value: ExcelJS.CellValue, more: { given: string; says?: string; severity?: 'note' }): void => {
    const place = at(words, rowOf(words, field), 'Answer');
    add({ kind, tier: 2, severity: 'error', place, ...more, cure: write(place, { value }) });
  };
  answer('finality', 'list', 'finall', { given: 'finall', says: 'Did you mean "final"?' });
  answer('as_at', 'date range', '1/1/2019', { given: '1/1/2019', says: 'outside' });
  answer('narrative', 'length', 'A long month. '.repeat(400), { given: 'A long month. '.repeat(400).slice(0, 200), says: 'the most is 4,000' });
  answer('risks', 'person', 'Rang Mrs Example about it', { given: 'Rang Mrs Example about it', says: 'a name with a title' });
  answer('issues', 'spaces', '  Two wardens short.  ', { given: '  Two wardens short.  ', says: 'spaces before or after', severity: 'note' });

  // ---- Cells of numbers.
  const cellKinds: readonly { kind: string; fits: (place: Place) => boolean; write: (place: Place) => Write; given: string | ((place: Place) => string); severity?: 'warning' | 'note'; says: string }[] = [
    { kind: 'blank', fits: () => true, write: () => ({ value: null }), given: '', says: 'blank is not zero' },
    { kind: 'type', fits: () => true, write: () => ({ value: 'many' }), given: 'many', says: 'This is not a number.' },
    { kind: 'error', fits: () => true, write: () => ({ value: { error: '#REF!' } }), given: '#REF!', says: 'error of the spreadsheet' },
    { kind: 'formula without value', fits: () => true, write: () => ({ value: { formula: 'SUM(1,2)' } as ExcelJS.CellValue }), given: '', says: 'has no value kept' },
    { kind: 'boolean', fits: () => true, write: () => ({ value: true }), given: 'true', says: 'true or false' },
    { kind: 'fraction', fits: isCount, write: () => ({ value: 2.5 }), given: '2.5', says: 'has a fraction' },
    { kind: 'negative count', fits: isCount, write: () => ({ value: -4 }), given: '-4', says: 'below 0' },
    { kind: 'too large', fits: isCount, write: () => ({ value: 5_000_000 }), given: '5000000', says: 'over 1,000,000' },
    { kind: 'date in a number', fits: isCount, write: () => ({ value: new Date('2023-10-09T00:00:00Z'), numFmt: 'd mmmm yyyy' }), given: '2023-10-09', says: 'a date, not a number' },
    { kind: 'number as text', fits: isCount, write: (place) => ({ value: ` ${numberAt(place)} ` }), given: (place) => ` ${numberAt(place)} `, severity: 'note', says: 'kept as text' },
    { kind: 'formula', fits: isCount, write: (place) => ({ value: { formula: `${numberAt(place)}+0`, result: numberAt(place) } as ExcelJS.CellValue }), given: (place) => String(numberAt(place)), severity: 'note', says: 'holds a formula' },
    { kind: 'plain hours', fits: isClock, write: () => ({ value: 12.5, numFmt: 'General' }), given: '12.5', says: 'not hours and minutes' },
    { kind: 'time as text', fits: isClock, write: () => ({ value: '12 h 30 min' }), given: '12 h 30 min', severity: 'note', says: 'kept as text' },
    { kind: 'over 100 %', fits: isShare, write: () => ({ value: 1.5 }), given: '150%', says: 'over 100 %' },
    { kind: 'parts of a penny', fits: isMoney, write: () => ({ value: 10.005 }), given: '10.005', says: 'parts of a penny' },
    { kind: 'negative money', fits: isMoney, write: () => ({ value: -5 }), given: '-5', severity: 'warning', says: 'below 0' },
  ];
  function formatAt({ sheet, row, column }: Place): string {
    return workbook.getWorksheet(sheet)?.getCell(row, column).numFmt ?? '';
  }
  function isCount(place: Place): boolean {
    return formatAt(place) === '#,##0' && isNumber(place);
  }
  function isClock(place: Place): boolean {
    return formatAt(place) === '[h]:mm' && isNumber(place);
  }
  function isShare(place: Place): boolean {
    return formatAt(place) === '0.0%' && isNumber(place);
  }
  function isMoney(place: Place): boolean {
    return formatAt(place).startsWith('£') && isNumber(place);
  }
  const cells = [patrols, actions, incidents, money].flatMap((table) => {
    const entries = table === money ? ['Spent in the month', 'Of which accrued', 'Forecast to the end', 'Total'].map((label) => money.columns.get(label) ?? 0) : [...hotspotColumns(table), table.columns.get('Total') ?? 0];
    return table.rows.filter((row) => isFree(table, row)).flatMap((row) => entries.map((column) => at(table, row, column))).filter(isNumber);
  });

  const open = cells.filter((place) => !taken.has(key(place)));
  for (let turn = 0; faults.length < count; turn++) {
    const kind = cellKinds[turn % cellKinds.length]!;
    const fitting = open.filter((place) => !taken.has(key(place)) && kind.fits(place));
    if (fitting.length === 0) continue;
    const place = pick(fitting);
    const given = typeof kind.given === 'string' ? kind.given : kind.given(place);
    add({ kind: kind.kind, tier: 2, severity: kind.severity ?? 'error', place, given, says: kind.says, cure: write(place, kind.write(place)) });
  }
  return {
    faults,
    bytes: async () => Buffer.from(await workbook.xlsx.writeBuffer()),
    cure: (tier) => faults.filter((fault) => fault.tier === tier).forEach((fault) => fault.cure(workbook)),
  };
}
