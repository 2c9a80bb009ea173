import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { addCouncilBoundaries, addIncidents, addSource, yearBeforeOctober2023 } from '../support/incidents.ts';
import { addAgreement, addFund, addHotspot, middlesbrough } from '../support/patrols.ts';

const cli = fileURLToPath(new URL('../../server/cli.ts', import.meta.url));
let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  await addCouncilBoundaries(db);
  await addSource(db, 'council', 'minute');
  for (const month of yearBeforeOctober2023) {
    await addIncidents(db, { source: 'council', month, rows: [{ at: [-1.21, 54.686], n: 6, time: `${month}-06T19:00:00` }, { at: [-1.21, 54.686], n: 6, time: `${month}-14T14:00:00` }] });
  }
  await addHotspot(db, { name: 'York Road', at: [-1.212, 54.684] });
  const fund = await addFund(db);
  await addAgreement(db, fund, { ceilingPence: 1_000_000 });
  await addAgreement(db, fund, { councilCode: middlesbrough, ceilingPence: 1_000_000, committedPence: 1_000_000 });
});
afterAll(() => database.close());

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { databaseUrl, dataDir } = database.config;
  const env = { PATH: process.env['PATH'], DATA_DIR: dataDir, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, 'allocate', ...args], { env }, (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }));
  });
}

test('prints each agreement’s money, visits by band, objective, bound and gap, and why one gets none', async () => {
  const { code, out } = await run('--week', '2023-10-02');
  expect(code).toBe(0);
  expect(out).toMatch(/^Hartlepool, AGR-\w{8}\n {2}£10,000\.00 is left of £10,000\.00 over 182 days: £384\.61 for this week, £\d+\.\d\d of it planned\.\n/);
  expect(out).toMatch(/ {2}\d+ visits, [\d.]+ person-hours; prevents [\d.]+, bound [\d.]+, gap 0\.\d\d %; the next £1,000 would prevent [\d.]+\./);
  expect(out).toMatch(/ {4}(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d October, \d\d:00 to \d\d:00: \d visits?, [\d.]+ h, £[\d.]+\n/);
  expect(out).toContain('If the effect lasts 2 h: this plan prevents');
  expect(out).toContain('If the effect ends with the visit: this plan prevents');
  expect(out).toMatch(/Middlesbrough, AGR-\w{8}\n {2}£0\.00 is left of £10,000\.00 over 182 days: £0\.00 for this week, £0\.00 of it planned\.\n {2}No hours: No hotspot of this agreement is live this week\./);
  expect(out).toMatch(/Inputs [0-9a-f]{12}, kept as allocation [0-9a-f-]{36}\.\n$/);
});

test('--json gives the same figures as the run that was kept, with every visit', async () => {
  const { code, out } = await run('--week', '2023-10-02', '--council', 'hartlepool', '--json');
  expect(code).toBe(0);
  const run_ = JSON.parse(out);
  expect(run_.agreements).toHaveLength(1);
  expect(run_.agreements[0].plannedVisits).toHaveLength(run_.visits);
  expect(run_.gap).toBeLessThanOrEqual(0.01);
  const { rows } = await database.db.raw('select sum(visits)::int as visits, sum(cost_pence)::int as pence from planned_hours where allocation_id = ?', [run_.id]);
  expect(rows[0]).toEqual({ visits: run_.visits, pence: run_.spentPence });
});

test.each([
  [['--week', '2023-10-04'], 2, 'week: A week starts on a Monday; 2023-10-04 is a Wednesday. Use 2023-10-02.'],
  [['--week', '2023-13-01'], 2, 'week: "2023-13-01" is not a date; write it as year-month-day, for example 2023-10-02.'],
  [[], 2, '--week is missing. Give --week 2023-10-02.'],
  [['--week', '2023-10-02', '--council', 'Leeds'], 1, 'There is no such council as Leeds, or it is not yours to see.'],
])('%j ends with %i', async (args, code, words) => {
  const answer = await run(...args);
  expect(answer.code).toBe(code);
  expect(answer.err).toContain(words);
});
