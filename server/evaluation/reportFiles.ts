/** A report as CSV and as an accessible workbook, from the same shape the screen shows. Pure. */
import { csvFile, type CsvValue } from '../csv.ts';
import type { Book, Cell, ColumnKind, TableSheet } from '../spreadsheet.ts';
import type { Report, ReportCell, ReportColumnKind } from './contract.ts';

/** Table after table, each under its title with what it says; pence as pounds, minutes as they are. */
export function reportCsv({ title, caption, about, demonstration, tables }: Report): Buffer {
  const lines: CsvValue[][] = [[title], [caption], ...(demonstration ? [['Demonstration: invented figures']] : []), ...about.map((line) => [line])];
  for (const table of tables) {
    lines.push([], [table.title], ...table.about.map((line) => [line]), table.columns.map(({ label, kind }) => (kind === 'hours' ? `${label} (minutes)` : kind === 'money' ? `${label} (£)` : label)));
    lines.push(...table.rows.map((row) => row.map((cell, nth) => csvCell(cell, table.columns[nth]?.kind))));
    lines.push(...[...table.says, ...table.conflicts].map((line) => [line]));
  }
  return csvFile(lines);
}

function csvCell(cell: ReportCell, kind: ReportColumnKind | undefined): CsvValue {
  if (cell === null) return 'not available';
  return kind === 'money' && typeof cell === 'number' ? (cell / 100).toFixed(2) : cell;
}

const kinds: Record<ReportColumnKind, ColumnKind> = { text: 'text', count: 'count', hours: 'hours', percent: 'percent', change: 'change', decimal: 'text', money: 'money', date: 'date' };

const meanings = {
  '[x]': 'Not available: what it would be counted from is not held for the whole period.', '[z]': 'Not applicable: there is nothing to say here.', '[ns]': 'Not started: the council had not begun its patrols; that is not 0.',
  '[low]': 'Low: there were some, but fewer than the number that may be shown, so that nobody can be found by it.', '[c]': 'Confidential: kept back, small or large, so that no low count can be worked out from it.',
} as const;

/** Shorthand of the Analysis Function's guidance for what a cell says instead of a number. */
function sign(value: ReportCell, kind: ReportColumnKind | undefined): Cell {
  if (value === null) return '[x]';
  if (value === '') return '[z]';
  if (typeof value === 'string' && kind !== 'text' && kind !== 'date') return /^<\d+$/.test(value) ? '[low]' : value === 'not started' ? '[ns]' : value;
  return kind === 'decimal' ? String(value) : value;
}

/** The report as an accessible workbook: notes, key, then a table a sheet, each saying under its title what signs stand in it. */
export function reportBook({ title, caption, about, demonstration, tables }: Report, { author, made }: { author: string; made: Date }): Book {
  const sheets = tables.map((table, nth): TableSheet => {
    const rows = table.rows.length > 0 ? table.rows.map((row) => row.map((value, column) => sign(value, table.columns[column]?.kind))) : [table.columns.map(() => '[x]')];
    const stand = Object.entries(meanings).filter(([mark]) => rows.some((row) => row.includes(mark))).map(([mark, meaning]) => `${mark} ${meaning}`);
    return {
      name: `Table ${nth + 1}`, title: table.title, about: [...table.about, ...table.says, ...table.conflicts.map((line) => `Does not agree: ${line}`), ...stand],
      columns: table.columns.map(({ label, kind }) => ({ label, kind: kinds[kind] })), rows,
    };
  });
  return {
    title: `${title}, ${caption}`, subject: caption, author, made,
    cover: [caption, ...about, 'Cells without a number hold shorthand, explained in the sheet Shorthand.'],
    sheets: [
      { name: 'Notes', title: 'Notes', about: ['How the figures were made.'], columns: [{ label: 'Note', kind: 'count' }, { label: 'Text', kind: 'text' }], rows: (about.length > 0 ? about : [caption]).map((line, nth) => [nth + 1, line]) },
      { name: 'Shorthand', title: 'Shorthand', about: ['What stands in a cell that has no number.'], columns: [{ label: 'Shorthand', kind: 'text' }, { label: 'Meaning', kind: 'text' }], rows: Object.entries(meanings).map(([mark, meaning]) => [mark, meaning]) },
      ...sheets,
    ],
    ...(demonstration ? { mark: 'Demonstration data: every figure is invented' } : {}),
  };
}
