/** Ward report, tasking document, scrutiny tables, and their files. */
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../server/evaluation/contract.ts';
import { reportPage } from '../../server/evaluation/reportPdf.ts';
import { writeWorkbook } from '../../server/spreadsheet.ts';
import { accessibilityFaults } from '../support/accessible.ts';
import { reportBook, reportCsv } from '../../server/evaluation/reportFiles.ts';
import { scrutinyReport } from '../../server/evaluation/scrutiny.ts';
import { peakSaid, rateHotspot, ruleSaid, type TaskingFact, taskingReport } from '../../server/evaluation/tasking.ts';
import { wardReport } from '../../server/evaluation/wardReport.ts';
import { loadSolver, type Solver } from '../../server/patrols/solver.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const rule = { redChange: 0.2, amberDelivered: 0.8, maxGapDays: 4 };
const fact: TaskingFact = { hotspotId: 'h', name: 'H', now: 10, threeBefore: 30, yearBefore: 12, peak: { day: 5, hour: 18, n: 9 }, planned: 600, delivered: 600, lastVisit: '2024-03-30', daysSince: 1, owner: 'Neighbourhood team', action: 'Lighting' };

describe('the rating rule', () => {
  test.each([
    ['as of late, hours delivered', {}, 'green'], ['one more than the mean', { now: 11 }, 'amber'], ['exactly a fifth over', { now: 12 }, 'red'], ['just under a fifth over', { now: 12, threeBefore: 31 }, 'amber'],
    ['from nothing to one', { now: 1, threeBefore: 0 }, 'red'], ['nothing at all', { now: 0, threeBefore: 0 }, 'green'], ['79% of the plan', { delivered: 474 }, 'amber'], ['80% of the plan', { delivered: 480 }, 'green'], ['no plan', { planned: 0, delivered: 0 }, 'green'],
    ['four days without a visit', { daysSince: 4 }, 'green'], ['five days without a visit', { daysSince: 5 }, 'red'], ['never visited', { daysSince: null }, 'red'],
  ] as const)('%s', (_, change, rating) => {
    expect(rateHotspot({ ...fact, ...change }, rule).rating).toBe(rating);
  });

  test('stands on the document, and red comes first', () => {
    const { about, tables } = taskingReport({ councilName: 'Hartlepool', period: 'March 2024', demonstration: false, rule, hotspots: [fact, { ...fact, name: 'R', daysSince: 9, owner: null, peak: null }] });
    expect(about[0]).toBe(ruleSaid(rule));
    expect(about[0]).toContain('at least 20% over the mean of the three months before, or no visit for more than 4 days');
    expect(tables[0]?.rows.map((row) => row.slice(0, 3))).toEqual([['R', 'red', 'no visit for 9 days'], ['H', 'green', 'no rise, hours delivered']]);
    expect(tables[0]?.rows[0]?.slice(6, 7)).toEqual(['not known']);
    expect(peakSaid(fact.peak)).toBe('Fri 18:00 to 21:00 (9 in a year)');
    expect(tables[0]?.says).toEqual(['1 red, 0 amber, 1 green.']);
  });
});

test('ward report: a lone small count takes another with it, hours and visits stand', () => {
  const ward = (code: string, penalties: number) => ({ code, name: `Ward ${code}`, visits: 3, personMinutes: 95, penalties, spoken: 0, warnings: 40 });
  const { tables } = wardReport({ councilName: 'Hartlepool', period: 'March 2024', boundariesOn: '2024-03-01', demonstration: false, threshold: 10, wards: [ward('A', 4), ward('B', 11), ward('C', 30)] }, solver);
  expect(tables[0]?.rows).toEqual([['Ward A', 95, 3, '<10', 0, 40], ['Ward B', 95, 3, '[c]', 0, 40], ['Ward C', 95, 3, 30, 0, 40], ['All of Hartlepool', 285, 9, 45, 0, 120]]);
});

const scrutiny = (): Report => scrutinyReport({
  period: 'October 2023', demonstration: true, until: '2023-10-31',
  rows: [{ code: 'E1', council: '=Hartlepool', started: '2023-10-02', hotspots: 4, visits: 8, longVisits: 7, minutes: 120, personMinutes: 240, planned: 300, enforcement: 2, warnings: 3, spoken: 9, ceilingPence: 100_000, paidPence: 25_001 },
    { code: 'E2', council: 'Later', started: '2023-12-04', hotspots: 3, visits: 0, longVisits: 0, minutes: 0, personMinutes: 0, planned: 0, enforcement: 0, warnings: 0, spoken: 0, ceilingPence: 90_000, paidPence: 0 }],
});

test('scrutiny: a council that had not started has no figure, and the hour names its definition', () => {
  const [patrols, done, cost] = scrutiny().tables;
  expect(patrols?.rows).toEqual([['=Hartlepool', '2023-10-02', 4, 8, 88, 300, 240, 80], ['Later', '2023-12-04', 3, 'not started', 'not started', 0, 'not started', 'not started']]);
  expect(done?.rows[1]).toEqual(['Later', 'not started', 'not started', 'not started']);
  expect(cost?.rows).toEqual([['=Hartlepool', 100_000, 25_001, 12_501], ['Later', 90_000, 0, 'not started']]);
  expect(cost?.about[1]).toContain('Another definition gives another figure');
});

test('CSV and workbook hold what the screen shows, pounds with their pence, formulas inert', () => {
  const rows = parse(reportCsv(scrutiny()).toString().replace('\uFEFF', ''), { relax_column_count: true }) as string[][];
  expect(rows.find(([first]) => first === `'=Hartlepool` && rows.length > 0)).toEqual([`'=Hartlepool`, '2023-10-02', '4', '8', '88', '300', '240', '80']);
  expect(rows.filter(([first]) => first === `'=Hartlepool`).at(-1)).toEqual([`'=Hartlepool`, '1000.00', '250.01', '125.01']);
  const book = reportBook(scrutiny(), { author: 'x', made: new Date(0) });
  expect(book.sheets.map(({ name, title }) => [name, title])).toEqual([['Notes', 'Notes'], ['Shorthand', 'Shorthand'], ['Table 1', 'Patrols'], ['Table 2', 'What was done'], ['Table 3', 'Money']]);
  expect(book.mark).toBe('Demonstration data: every figure is invented');
});

test('the workbook of a report says in shorthand what is low, kept back, not started and not known, with a key, and has no fault of form', async () => {
  const ward = (code: string, penalties: number) => ({ code, name: `Ward ${code}`, visits: 3, personMinutes: 95, penalties, spoken: 0, warnings: 40 });
  const hidden = reportBook(wardReport({ councilName: 'Hartlepool', period: 'March 2024', boundariesOn: '2024-03-01', demonstration: false, threshold: 10, wards: [ward('A', 4), ward('B', 11), ward('C', 30)] }, solver), { author: 'x', made: new Date(0) });
  expect(hidden.cover).toContain('Do not publish this beside the same table of overlapping months or on the wards of another day: by subtracting one from the other a hidden count could be worked out.');
  const table = hidden.sheets.at(-1);
  expect(table?.rows.map((row) => row[3])).toEqual(['[low]', '[c]', 30, 45]);
  expect(table?.about.filter((line) => line.startsWith('['))).toEqual([expect.stringContaining('[low] Low: there were some, but fewer'), expect.stringContaining('[c] Confidential: kept back')]);
  const started = reportBook(scrutiny(), { author: 'x', made: new Date(0) });
  expect(started.sheets[2]?.rows[1]?.slice(3, 5)).toEqual(['[ns]', '[ns]']);
  for (const book of [hidden, started]) expect(await accessibilityFaults(await writeWorkbook(book))).toEqual([]);
});

test('a report as a page to print holds every cell as the screen shows it, with its definitions, and no markup of a name', () => {
  const page = reportPage({ ...scrutiny(), about: ['<b>&'] }, { author: 'The office', made: new Date('2024-01-10T12:00:00Z') });
  expect(page).toContain('<p>The office. October 2023.</p><p>Made on 10 January 2024.</p><p>&lt;b&gt;&amp;</p>');
  expect(page).toContain('<th scope="row">=Hartlepool</th><td class="n">£1,000.00</td><td class="n">£250.01</td><td class="n">£125.01</td>');
  expect(page).toContain('<td class="n">88%</td><td class="n">5 h 0 min</td><td class="n">4 h 0 min</td>');
  expect(page).toContain('<td class="n">not started</td>');
  expect(page).toContain('Demonstration data: every figure is invented');
  expect(page).not.toContain('<script');
});
