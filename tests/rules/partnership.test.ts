/** The partnership's quarterly report, on the figures of its papers of December 2021. */
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSolver, type Solver } from '../../server/patrols/solver.ts';
import { type Indicator, type IndicatorCounts, partnershipReport } from '../../server/evaluation/partnership.ts';
import { ratioOf, shortPeriod, yearStart } from '../../server/evaluation/numbers.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const council = (name: string, [yearToDate, twoBefore, before, now]: readonly [number, number, number, number], persons: number | null = null): IndicatorCounts => ({
  council: name, name, yearToDate, twoBefore, before, now, population: persons === null ? null : { persons, year: 2021, source: 'Census 2021' },
});
const wardNames = ['Burn Valley', 'De Bruce', 'Fens & Greatham', 'Foggy Furze', 'Hart', 'Headland & Harbour', 'Manor House', 'Rossmere', 'Rural West', 'Seaton', 'Throston', 'Victoria'];
const wards = (counts: readonly number[]) => counts.map((n, nth) => ({ name: wardNames[nth] ?? 'No ward recorded', n }));

const police: Indicator = {
  source: 'police', name: 'ASB incidents reported to the Police',
  councils: [council('Hartlepool', [2046, 1327, 1187, 983], 92_300), council('Redcar & Cleveland', [2878, 1672, 1644, 1423]), council('Middlesbrough', [3950, 2567, 2409, 1980]), council('Stockton', [3430, 2316, 2386, 1671])],
  types: [{ name: 'Environmental', before: 63, now: 16 }, { name: 'Nuisance', before: 954, now: 878 }, { name: 'Personal', before: 148, now: 95 }],
  wards: wards([134, 93, 29, 131, 31, 140, 93, 75, 22, 37, 64, 134]),
};
const alone = (name: string, figures: readonly [number, number, number, number], counts: readonly number[] = []): Indicator => ({ source: name, name, councils: [council('Hartlepool', figures)], types: [], wards: wards(counts) });

const made = (...indicators: Indicator[]) => partnershipReport({ council: 'Hartlepool', councilName: 'Hartlepool', from: '2021-07', to: '2021-09', boundariesOn: '2021-07-01', demonstration: false, threshold: 10, indicators }, solver);
const table = (title: string, ...indicators: Indicator[]) => made(...indicators).tables.find((each) => each.title.endsWith(title))!;

describe('as printed', () => {
  test('A1: the four areas, difference and % difference', () => {
    const { columns, rows } = table('year to date and this quarter', police);
    expect(columns.map(({ label }) => label)).toEqual(['Area', 'Year to date Apr – Sep 21', 'Jul – Sep 19', 'Jul – Sep 20', 'Jul – Sep 21', 'Difference', '% difference']);
    expect(rows).toEqual([
      ['Hartlepool', 2046, 1327, 1187, 983, -204, -17], ['Redcar & Cleveland', 2878, 1672, 1644, 1423, -221, -13], ['Middlesbrough', 3950, 2567, 2409, 1980, -429, -18], ['Stockton', 3430, 2316, 2386, 1671, -715, -30],
    ]);
  });

  test('the rate names its base: 983 among 92,300 is 10.7, and as published on the earlier base 10.5', () => {
    expect(table('rate per 1,000 residents', police).rows).toEqual([['Hartlepool', 10.7, 92_300, '2021', 'Census 2021']]);
    expect(ratioOf(983, 93_600, 1000, 1)).toBe(10.5);
  });

  test('A3: wards with their share, and those that hold more than half named', () => {
    const { rows, says } = table('by ward', police);
    expect(rows.map(([, , share]) => share)).toEqual([14, 9, 3, 13, 3, 14, 9, 8, 2, 4, 7, 14, 100]);
    expect(rows.at(-1)).toEqual(['Grand total', 983, 100]);
    expect(says).toEqual(['More than half (55%) were in 4 wards: Burn Valley, Foggy Furze, Headland & Harbour and Victoria.']);
  });

  test('A5: by type; B1: the types and the totals contradict each other, which is said and not mended', () => {
    const { rows, conflicts } = table('by type', police);
    expect(rows).toEqual([['Environmental', 63, 16, -47, -75], ['Nuisance', 954, 878, -76, -8], ['Personal', 148, 95, -53, -36]]);
    expect(conflicts).toEqual(['Jul – Sep 20: the types add up to 1165 and the total is 1187 (−22).', 'Jul – Sep 21: the types add up to 989 and the total is 983 (+6).']);
  });

  test('A6: complaints, noise, fly-tipping and fires', () => {
    const rows = ([['ASBU', [192, 128, 140, 105]], ['Noise', [274, 149, 179, 147]], ['Fly-tips', [560, 517, 848, 560]], ['F3', [396, 121, 137, 167]], ['Vehicle', [35, 14, 14, 10]]] as const).map(([name, figures]) => table('this quarter', alone(name, figures)).rows[0]?.slice(-2));
    expect(rows).toEqual([[-35, -25], [-32, -18], [-288, -34], [30, 22], [-4, -29]]);
  });

  test('A9: seven wards under ten are hidden, the total stands, and shares of what is hidden do not give it away', () => {
    const complaints = alone('Complaints', [192, 128, 140, 105], [10, 16, 3, 14, 4, 8, 13, 6, 2, 5, 4, 20]);
    const { rows, says } = table('by ward', complaints);
    expect(rows.filter(([, n]) => n === '<10').map(([name, , share]) => [name, share])).toEqual(['Fens & Greatham', 'Hart', 'Headland & Harbour', 'Rossmere', 'Rural West', 'Seaton', 'Throston'].map((name) => [name, '[c]']));
    expect(rows.at(-1)).toEqual(['Grand total', 105, 100]);
    expect(says).toEqual(['More than half (60%) were in 4 wards: De Bruce, Foggy Furze, Manor House and Victoria.']);
  });

  test('B2: fly-tips of the wards, the quarter and the year to date contradict each other', () => {
    const flyTips = alone('Fly-tips', [560, 517, 848, 560], [27, 59, 38, 39, 23, 98, 47, 27, 19, 15, 54, 145, 11]);
    expect(table('this quarter', flyTips).conflicts).toEqual(['Hartlepool: the year to date equals the quarter, 560, though other quarters come before it.']);
    const byWard = table('by ward', flyTips);
    expect(byWard.conflicts).toEqual(['The wards add up to 602 and the total of Hartlepool is 560 (+42).']);
    expect(byWard.rows).toContainEqual(['No ward recorded', 11, 2]);
  });
});

describe('what is hidden', () => {
  test('a small quarter takes its year to date, difference and rate with it', () => {
    const small = alone('Fires', [40, 14, 14, 7], [7]);
    expect(table('this quarter', small).rows[0]).toEqual(['Hartlepool', '[c]', 14, 14, '<10', null, null]);
  });

  test('a contradiction between hidden counts is said without them, and no ward hidden as [c] is ranked', () => {
    const small: Indicator = { ...alone('Fires', [7, 14, 14, 7], [4]), types: [{ name: 'Personal', before: 2, now: 3 }, { name: 'Nuisance', before: 12, now: 5 }] };
    const { tables } = made(small);
    expect(tables.flatMap(({ conflicts }) => conflicts)).toEqual([
      'Hartlepool: the year to date and the quarter contradict each other; the counts are hidden.', 'Jul – Sep 21: the types and the total contradict each other; the counts are hidden.', 'The wards and the total of Hartlepool contradict each other; the counts are hidden.',
    ]);
    expect(table('by ward', alone('Fires', [90, 80, 80, 79], [0, 4, 34, 41])).says).toEqual([]);
  });

  test('a small count of a type in the year before is not subtracted from its total either', () => {
    const typed: Indicator = { ...alone('Fires', [90, 80, 84, 79], [79]), types: [{ name: 'Personal', before: 4, now: 20 }, { name: 'Nuisance', before: 30, now: 29 }, { name: 'Environmental', before: 50, now: 30 }] };
    expect(table('by type', typed).rows).toEqual([['Personal', '<10', 20, null, null], ['Nuisance', '[c]', 29, null, null], ['Environmental', 50, 30, -20, -40]]);
  });

  test('what was never imported is not 0', () => {
    const unknown: Indicator = { ...alone('Cases', [0, 0, 0, 0]), councils: [{ ...council('Hartlepool', [0, 0, 0, 0]), twoBefore: null, before: null }] };
    expect(table('this quarter', unknown).rows[0]).toEqual(['Hartlepool', 0, null, null, 0, null, null]);
  });
});

test('numbers: half away from zero, financial years, periods', () => {
  expect([ratioOf(1, 8, 100), ratioOf(-1, 8, 100), ratioOf(1, 0, 100), ratioOf(0, 5, 100)]).toEqual([13, -13, null, 0]);
  expect([yearStart('2024-03'), yearStart('2024-04')]).toEqual(['2023-04', '2024-04']);
  expect([shortPeriod('2023-10', '2023-12'), shortPeriod('2023-11', '2024-01'), shortPeriod('2023-10', '2023-10')]).toEqual(['Oct – Dec 23', 'Nov 23 – Jan 24', 'Oct 23']);
});
