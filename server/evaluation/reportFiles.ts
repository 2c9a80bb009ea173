/** A report as CSV and as an accessible workbook, from the same shape the screen shows. Pure. */
import { csvFile, type CsvValue } from '../csv.ts';
import type { Book, Cell, ColumnKind } from '../spreadsheet.ts';
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

/** Shorthand of the Analysis Function's guidance: [x] not available, [c] hidden, [low] under the threshold. */
export function reportBook({ title, caption, about, demonstration, tables }: Report, { author, made }: { author: string; made: Date }): Book {
  const cell = (value: ReportCell, kind: ReportColumnKind | undefined): Cell => (value === null ? '[x]' : kind === 'decimal' ? String(value) : value === '' ? '[z]' : value);
  return {
    title: `${title}, ${caption}`, subject: caption, author, made,
    cover: [caption, ...about, 'Shorthand: [x] not available, [c] hidden so that no small count can be worked out, [z] not applicable.'],
    sheets: tables.map((table, nth) => ({
      name: `Table ${nth + 1}`, title: table.title, about: [...table.about, ...table.says, ...table.conflicts.map((line) => `Does not agree: ${line}`)],
      columns: table.columns.map(({ label, kind }) => ({ label, kind: kinds[kind] })), rows: table.rows.length > 0 ? table.rows.map((row) => row.map((value, column) => cell(value, table.columns[column]?.kind))) : [table.columns.map(() => '[x]')],
    })),
    ...(demonstration ? { mark: 'Demonstration data: every figure is invented' } : {}),
  };
}
