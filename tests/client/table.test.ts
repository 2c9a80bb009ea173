/** What a table does with its rows: sort, filter, sum, export. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvField, csvFileName, csvText } from '../../client/csv.ts';
import { cellText, filterRows, sortRows, sumColumn, sumWords, tableCsv, type ColumnModel } from '../../client/tableModel.ts';

interface Row {
  name: string;
  incidents: number;
  paidPence: number | null;
  minutes: number | null;
}

const rows: readonly Row[] = [
  { name: 'Ward 10', incidents: 4, paidPence: 123_456, minutes: 90 },
  { name: 'ward 9', incidents: 12, paidPence: null, minutes: null },
  { name: 'Éclair, "Lane"', incidents: 7, paidPence: -500, minutes: 0 },
];

const columns: readonly ColumnModel<Row>[] = [
  { key: 'name', label: 'Place', value: (row) => row.name },
  { key: 'incidents', label: 'Incidents', kind: 'count', value: (row) => row.incidents, sum: true },
  { key: 'paid', label: 'Paid', kind: 'money', value: (row) => row.paidPence, sum: true },
  { key: 'minutes', label: 'Hours', kind: 'minutes', value: (row) => row.minutes, missing: 'not started' },
  { key: 'stop', label: 'Stop', bare: true, value: () => 'Stop' },
];

const names = (sorted: readonly Row[]): string[] => sorted.map((row) => row.name);

describe('sort', () => {
  test('text is sorted as people count, whatever the case', () => {
    expect(names(sortRows(rows, columns, { key: 'name', down: false }))).toEqual(['Éclair, "Lane"', 'ward 9', 'Ward 10']);
  });

  test('what is not known stays last both ways', () => {
    expect(names(sortRows(rows, columns, { key: 'paid', down: false }))).toEqual(['Éclair, "Lane"', 'Ward 10', 'ward 9']);
    expect(names(sortRows(rows, columns, { key: 'paid', down: true }))).toEqual(['Ward 10', 'Éclair, "Lane"', 'ward 9']);
  });

  test('no sort, or one by a column that is gone, keeps the order given', () => {
    expect(sortRows(rows, columns, undefined)).toEqual(rows);
    expect(sortRows(rows, columns, { key: 'gone', down: true })).toEqual(rows);
  });

  test('sorting keeps every row once', () => {
    const some = fc.array(fc.record({ name: fc.string(), incidents: fc.nat(), paidPence: fc.option(fc.integer()), minutes: fc.option(fc.nat()) }));
    fc.assert(fc.property(some, fc.constantFrom('name', 'incidents', 'paid'), fc.boolean(), (given, key, down) => {
      const sorted = sortRows(given, columns, { key, down });
      expect(new Set(sorted)).toEqual(new Set(given));
      expect(sorted).toHaveLength(given.length);
    }));
  });
});

describe('filter', () => {
  test('every word must stand somewhere in the row as it is written', () => {
    expect(names(filterRows(rows, columns, 'WARD 4'))).toEqual(['Ward 10']);
    expect(names(filterRows(rows, columns, '£1,234.56'))).toEqual(['Ward 10']);
    expect(names(filterRows(rows, columns, 'not started'))).toEqual(['ward 9']);
    expect(filterRows(rows, columns, '  ')).toEqual(rows);
  });

  test('the words on buttons are not searched', () => {
    expect(filterRows(rows, columns, 'stop')).toEqual([]);
  });
});

describe('sum', () => {
  const [, incidents, paid, minutes] = columns;

  test('sums say how many rows they lack', () => {
    expect(incidents && sumWords(rows, incidents)).toEqual({ total: '23', lacks: undefined });
    expect(paid && sumWords(rows, paid)).toEqual({ total: '£1,229.56', lacks: 'without 1 row' });
    expect(paid && sumColumn(rows, paid)).toEqual({ total: 122_956, missing: 1 });
  });

  test('a column nobody knows anything of has no total of 0', () => {
    expect(minutes && sumWords([rows[1] ?? { name: '', incidents: 0, paidPence: null, minutes: null }], minutes)).toEqual({ total: 'not available', lacks: undefined });
  });

  test('a cell without a value says why', () => {
    expect(minutes && rows[1] && cellText(minutes, rows[1])).toBe('not started');
    expect(minutes && rows[2] && cellText(minutes, rows[2])).toBe('0 h 0 min');
  });
});

describe('export', () => {
  test('figures stay figures, with their unit in the heading; buttons stay out', () => {
    expect(tableCsv(rows, columns)).toBe(
      '\uFEFFPlace,Incidents,Paid (pounds),Hours (minutes)\r\nWard 10,4,1234.56,90\r\nward 9,12,not available,not started\r\n"Éclair, ""Lane""",7,-5,0\r\n',
    );
  });

  test('made-up data says so on every row', () => {
    const lines = tableCsv(rows, columns, true).trim().split('\r\n');
    expect(lines[0]).toMatch(/,Note$/);
    expect(lines.slice(1).every((line) => line.endsWith(',demonstration data'))).toBe(true);
    expect(csvFileName('Hot cells, April 2023', true)).toBe('hot-cells-april-2023-demonstration-data.csv');
    expect(csvFileName('…', false)).toBe('table.csv');
  });

  test('formulas are inert', () => {
    for (const text of ['=1+1', '+44', '-2', '@sum', '\t=1', ' =1']) expect(csvField(text).replace(/^"/, ''), text).toMatch(/^'/);
    expect(csvField(-2)).toBe('-2');
    expect(csvField(Number.NaN)).toBe('');
    expect(csvText([['=cmd|"/c calc"', 'two\nlines']])).toBe('\uFEFF"\'=cmd|""/c calc""","two\nlines"\r\n');
  });
});
