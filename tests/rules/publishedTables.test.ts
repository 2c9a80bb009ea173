/** The published arithmetic of the service's sources, row by row, and everything in it that does not agree. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkTable } from '../../server/returns/publishedTables.ts';
import type { Flag } from '../../server/returns/publishedTablesContract.ts';
import { ratio, readPrinted, write } from '../../server/returns/publishedTablesNumbers.ts';
import { type Meant, readTable } from '../../server/returns/publishedTablesReading.ts';

function check(lines: readonly string[], meant: Meant = {}): readonly Flag[] {
  const table = readTable(lines.map((line) => line.replaceAll(/ {2,}/g, '\t')).join('\n'), meant);
  if (typeof table === 'string') throw new Error(table);
  return checkTable(table).flags;
}
const says = (lines: readonly string[], meant?: Meant): string[] => check(lines, meant).map((flag) => `${flag.level}: ${flag.says}`);

describe('what agrees is not flagged, and a figure off by one is', () => {
  const agreeing: [string, string[]][] = [
    ['A1, incidents by council', ['Council  2020  2021  Change  % change', 'Hartlepool  1187  983  −204  −17%', 'Redcar and Cleveland  1644  1423  −221  −13%', 'Middlesbrough  2409  1980  −429  −18%', 'Stockton  2386  1671  −715  −30%']],
    ['A3, wards with shares', ['Ward  Incidents  Share', ...[134, 93, 29, 131, 31, 140, 93, 75, 22, 37, 64, 134].map((n, i) => `Ward ${i + 1}  ${n}  ${[14, 9, 3, 13, 3, 14, 9, 8, 2, 4, 7, 14][i]}%`), 'Total  983  100%']],
    ['A5, types', ['Type  2020  2021  % change', 'Personal  63  16  −75%', 'Nuisance  954  878  −8%', 'Environmental  148  95  −36%']],
    ['A6, other sources', ['Source  2020  2021  % difference', 'ASB unit  140  105  −25', 'Noise  179  147  −18', 'Fly-tipping  848  560  −34', 'Deliberate fires  137  167  +22', 'Vehicle fires  14  10  −29']],
    ['A12, shares', ['What  Figure  Of  Share', 'Fires  820  2,624  31.3', 'Incidents  887  7,070  12.5']],
    ['A12, a share without places', ['What  Figure  Of  Share', 'Incidents  152  887  17 %']],
    ['A12, fires', ['What  Before  After  % change', 'Fires  341  407  +19.4', 'Vehicles  93  66  −29.0']],
    ['A15, the pilot’s underspend', ['Part  Amount  Share', 'Expected underspend  £537,776  53.8%', 'Forecast spend  £462,224  46.2%', 'Total  £1,000,000  100%']],
    ['A17, patrol hours', ['Who  Hours  Share', 'Police  9,096  86.1%', 'Wardens  1,471  13.9%', 'Total  10,567  100%']],
  ];
  test.each(agreeing)('%s', (name, lines) => {
    const meanings = name === 'A12, fires' ? ({ meanings: ['before', 'after', 'percent change'] } as const) : {};
    expect(says(lines, meanings)).toEqual([]);
    const [head = '', row = '', ...rest] = lines;
    const wrong = row.replace(/(\d)(\D*)$/, (_, digit: string, after: string) => `${(Number(digit) + 1) % 10}${after}`);
    expect(check([head, wrong, ...rest], meanings).map(({ level }) => level)).toContain('disagrees');
  });

  test('A3: the printed shares add up to 100 and come from the parts alone', () => {
    const parts = [134, 93, 29, 131, 31, 140, 93, 75, 22, 37, 64, 134];
    const found = parts.map((part) => write(ratio({ units: BigInt(part), places: 0 }, { units: 983n, places: 0 }, 100, 0)!));
    expect(found).toEqual(['14', '9', '3', '13', '3', '14', '9', '8', '2', '4', '7', '14']);
    expect(found.reduce((sum, each) => sum + Number(each), 0)).toBe(100);
    expect(says(['Ward  Incidents  Share', ...parts.map((n, i) => `Ward ${i}  ${n}  ${found[i]}%`)])).toEqual([]);
  });

  test('A9: seven hidden wards together are 32; one alone could be worked out', () => {
    const shown = ['Ward  Complaints', 'Ward 1  10', 'Ward 2  16', 'Ward 3  14', 'Ward 4  13', 'Ward 5  20'];
    const hidden = Array.from({ length: 7 }, (_, nth) => `Ward ${nth + 6}  <10`);
    expect(says([...shown, ...hidden, 'Total  105'])).toEqual(['to know: Complaints: 7 hidden figures together are 32, by the total “Total”.']);
    expect(says([...shown, 'Ward 6  <10', 'Total  80'])).toEqual(['discloses: Complaints: 1 hidden figure is 7: anybody can work it out from the total “Total”.']);
    expect(says([...shown, 'Ward 6  <10', 'Total  105'])).toEqual(['disagrees: Complaints: 1 hidden figure is 32 by the total “Total”, which they cannot be.']);
  });

  test('31.25 is 31.3: half goes away from zero, on both sides of it', () => {
    expect(says(['What  Figure  Of  Share', 'Fires  820  2,624  31.2'])).toEqual(['disagrees: Fires: 820 of 2,624 is 31.3%, and “31.2” is printed under Share.']);
    expect(says(['What  2020  2021  % change', 'Down  1000  875  −12.5', 'Half  200  199  −1'])).toEqual([]);
  });
});

describe('published figures that do not agree', () => {
  test('B1: types against the total, both years', () => {
    expect(says(['Type  2020  2021', 'Personal  63  16', 'Nuisance  954  878', 'Environmental  148  95', 'Total  1,187  983'])).toEqual([
      'disagrees: 2020: the parts add up to 1,165 and “Total” says 1,187 (−22).', 'disagrees: 2021: the parts add up to 989 and “Total” says 983 (+6).',
    ]);
  });

  test('B2: fly-tips of the quarter, of the year and by ward', () => {
    expect(says(['Fly-tips  2021', 'Quarter  560', 'Year to date  560', 'Ward total  602'])).toEqual([
      'disagrees: 2021: “Quarter” says 560 and “Ward total” says 602 for the same thing (+42).',
      'disagrees: 2021: “Year to date” equals “Quarter”, 560. It can only in the first period of a year, or where nothing was counted before.',
      'disagrees: 2021: “Year to date” says 560, less than “Ward total”, 602, which is part of it.',
    ]);
  });

  test('B10: two numbers of patrols for one year', () => {
    expect(says(['Patrols  2024-25', 'Total on the hotspot page  8,670', 'Total in the news release  12,402'])).toEqual([
      'disagrees: 2024-25: “Total on the hotspot page” says 8,670 and “Total in the news release” says 12,402 for the same thing (+3,732).',
    ]);
  });

  test('B15: six parts to the penny against their total', () => {
    const parts = ['137,941.30', '206,621.25', '647,435.38', '623,888.22', '616,333.64', '316,430.36'];
    expect(says(['Cost  Amount', ...parts.map((part, nth) => `${['2022/23', '2023/24', '2024/25'][Math.floor(nth / 2)]} ${nth % 2 ? 'other' : 'labour'} costs  £${part}`), 'Total  £2,548,650.10'])).toEqual([
      'disagrees: Amount: the parts add up to 2,548,650.15 and “Total” says £2,548,650.10 (+0.05).',
    ]);
  });

  test('a rate on another base: 983 incidents are 10.7 per 1,000 on Census 2021, not 10.5', () => {
    expect(says(['Area  Incidents  Population (Census 2021)  Rate per 1,000', 'Hartlepool  983  92,300  10.5'])).toEqual(['disagrees: Hartlepool: 983 among 92,300 is 10.7 per 1,000, and “10.5” is printed under Rate per 1,000.']);
    expect(check(['Area  Incidents  Rate per 1,000', 'Hartlepool  983  10.5'])[0]).toMatchObject({ level: 'to know', check: 'rate' });
  });
});

describe('reading', () => {
  test.each([
    ['1,187', '1,187'], ['−204', '−204'], ['+22 %', '22'], ['£2,548,650.10', '2,548,650.10'], ['-£12.50', '−12.50'], ['0', '0'],
  ])('%s is the number %s', (text, written) => {
    const read = readPrinted(text);
    expect(read.is === 'number' && write(read.value)).toBe(written);
  });
  test.each([['', 'blank'], ['–', 'blank'], ['n/a', 'blank'], ['[x]', 'blank'], ['<10', 'hidden'], ['[c]', 'hidden'], ['1,23', 'unread'], ['12.', 'unread'], ['1e3', 'unread'], ['about 40', 'unread']])('“%s” is %s', (text, is) => {
    expect(readPrinted(text).is).toBe(is);
  });

  test('a blank is not zero, and what cannot be read is said', () => {
    expect(says(['Ward  2021', 'North  12', 'South  ', 'Total  12'].map((line) => line.replace('South  ', 'South\t')))).toEqual(['to know: 2021: there is no figure for “South”, and blank is not zero, so the parts were not added up.']);
    expect(check(['Ward  2021', 'North  about 12', 'South  4', 'Total  16']).map(({ check: which }) => which)).toContain('unread');
  });

  test('bars and quoted commas read as well as tabs; what is no table is refused in words', () => {
    const rows = [['Ward', '2021'], ['North', '1,187'], ['South', '13'], ['Total', '1,200']];
    const columns = [{ name: '2021', meaning: 'figure' }];
    expect(readTable(rows.map((row) => `| ${row.join(' | ')} |`).toSpliced(1, 0, '|---|---|').join('\n'))).toMatchObject({ columns });
    expect(readTable(rows.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n'))).toMatchObject({ columns, rows: [{ cells: ['1,187'] }, { cells: ['13'] }, { kind: 'total' }] });
    expect(readTable('hello')).toContain('not a table yet');
    expect(readTable('Ward\t2021\nNorth\t1\t2')).toBe('The row “North” has 3 cells and the headings are 2. Give each row a cell for each heading, blank where nothing is printed.');
  });

  test('whatever is pasted is read or refused, and never throws', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('12', '<10', '3.5%', '0')), { minLength: 1, maxLength: 5 }), { maxLength: 6 }), (lines) => {
      const table = readTable(lines.map((cells) => cells.join('\t')).join('\n'));
      const flags = typeof table === 'string' ? [] : checkTable(table).flags;
      expect(flags.every((flag) => flag.says !== '')).toBe(true);
    }));
  });

  test('parts that add up are never flagged, and a total off by anything always is', () => {
    fc.assert(fc.property(fc.array(fc.nat({ max: 100_000 }), { minLength: 1, maxLength: 12 }), fc.integer({ min: -50, max: 50 }), (parts, off) => {
      const total = parts.reduce((sum, each) => sum + each, 0) + off;
      const flags = check(['Ward  2021', ...parts.map((part, nth) => `W${nth}  ${part}`), `Total  ${total}`]);
      expect(flags.map(({ gap }) => gap)).toEqual(off === 0 ? [] : [`${off < 0 ? '+' : '−'}${Math.abs(off)}`]);
    }));
  });
});
