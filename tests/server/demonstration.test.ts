import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestService } from '../support/database.ts';
import { demonstrationNow, startDemonstrationService } from '../support/demonstration.ts';

let service: TestService;
beforeAll(async () => {
  service = await startDemonstrationService({ now: () => demonstrationNow });
}, 600_000);
afterAll(() => service.close());

const get = async (path: string, email = 'manager@opcc.demo') => (await (await service.client(email)).get(path).expect(200)).body;

test('every source, boundary and account says that it is a demonstration', async () => {
  const { db } = service.database;
  // Of the kinds of source a force area has, none holds a row here.
  expect(await db('source').join('source_month', 'source_code', 'code').where({ demonstration: false }).pluck('code')).toEqual([]);
  expect(await db('boundary').where({ schematic: false }).pluck('code')).toEqual([]);
  expect(await db('boundary').distinct('source').pluck('source')).toEqual(['Schematic outline made for demonstration; not a real boundary']);
  expect(await db('person').where({ demonstration: false }).pluck('email')).toEqual([]);
  expect(await get('/info')).toMatchObject({ demonstration: true });
});

test('anti-social behaviour runs at about 1,400 a month over 36 months, and counts reconcile', async () => {
  const { db } = service.database;
  const { rows } = await db.raw(`
    select to_char(month, 'YYYY-MM') as month, sum(n)::int as n from incident_count join category on code = category_code and asb
    where resolution = 9 group by 1 order by 1`);
  const months = rows as { month: string; n: number }[];
  expect([months.length, months[0]?.month, months.at(-1)?.month]).toEqual([36, '2021-07', '2024-06']);
  expect(Math.round(months.reduce((sum, { n }) => sum + n, 0) / 36)).toBe(1377);
  const { counts } = await get('/api/map/cells?from=2021-07&to=2024-06&category=all');
  expect(counts).toEqual({ in: 96_363, mapped: 95_811, outside: 84, withoutPlace: 419, excluded: 49 });
});

test('the incidents came in as one import whose figures add up', async () => {
  const { imports } = await get('/api/imports');
  expect(imports).toHaveLength(1);
  expect(imports[0]).toMatchObject({ label: 'Demonstration data', problem: null });
  expect(imports[0].figures).toMatchObject({ files: 5, rows: 96_363, accepted: 96_363, outside: 84, withoutPlace: 419, rejected: 0, months: 36, monthsReplaced: 0 });
});

test('nineteen hotspots were adopted from the one analysis, each with a frozen baseline of months before it', async () => {
  const { hotspots } = await get('/api/hotspots');
  const adopted = ['Hartlepool', 'Middlesbrough', 'Redcar and Cleveland', 'Stockton-on-Tees'].map((name) => hotspots.filter(({ council }: { council: string }) => council === name).length);
  expect([hotspots.length, ...adopted]).toEqual([19, 4, 6, 4, 5]);
  expect(hotspots.every((hotspot: { liveFrom: string; baselineMonths: number; baselineIncidents: number }) => hotspot.liveFrom === '2023-07-01' && hotspot.baselineMonths >= 12 && hotspot.baselineIncidents > 12)).toBe(true);
  const { analyses } = await get('/api/analyses');
  expect(analyses).toHaveLength(1);
});

test('one ward is divided on 4 May 2023', async () => {
  const wards = await service.database.db('boundary').select('code', 'valid_from as from', 'valid_to as to').whereIn('code', ['DEMO-S4', 'DEMO-S7']).orderBy(['code', 'valid_from']);
  expect(wards).toEqual([
    { code: 'DEMO-S4', from: '2020-01-01', to: '2023-05-04' }, { code: 'DEMO-S4', from: '2023-05-04', to: null }, { code: 'DEMO-S7', from: '2023-05-04', to: null },
  ]);
});

test('four agreements share £1,000,000 and stay within it, the split marked as invented', async () => {
  const { agreements } = await get('/api/agreements');
  expect(agreements.map((agreement: { council: string }) => agreement.council)).toEqual(['Hartlepool', 'Middlesbrough', 'Redcar and Cleveland', 'Stockton-on-Tees']);
  expect(agreements.reduce((sum: number, { ceilingPence }: { ceilingPence: number }) => sum + ceilingPence, 0)).toBe(100_000_000);
  expect(agreements.every(({ ceilingPence, committedPence }: { ceilingPence: number; committedPence: number }) => committedPence > 0 && committedPence < ceilingPence)).toBe(true);
  const { funds } = await get('/api/funds');
  expect(funds[0].purpose).toContain('demonstration split, not a published figure');
});

test('the week of 2 October 2023 is allocated within each agreement’s money, to a gap of at most 1 %', async () => {
  const { allocations } = await get('/api/allocations?week=2023-10-02');
  expect(allocations).toHaveLength(1);
  const { agreements, gap } = await get(`/api/allocations/${allocations[0].id}`);
  expect(agreements).toHaveLength(4);
  expect(agreements.every(({ money, visits }: { money: { spentPence: number; weekPence: number }; visits: number }) => visits > 0 && money.spentPence <= money.weekPence)).toBe(true);
  expect(gap).toBeLessThanOrEqual(0.01);
});

test('patrols start in August, August, October and December, average about an hour, and fall short of the plan', async () => {
  const { councils } = await get('/api/patrol-starts');
  expect(councils.map(({ startedOn }: { startedOn: string }) => startedOn)).toEqual(['2023-10-02', '2023-08-14', '2023-12-04', '2023-08-21']);
  const { totals } = await get('/api/visits?from=2023-07-01&to=2024-06-30&limit=1');
  expect(totals.patrolMinutes / totals.patrols).toBeGreaterThan(54);
  expect(totals.patrolMinutes / totals.patrols).toBeLessThan(70);
  expect(totals.qualifyingVisits / totals.visits).toBeGreaterThan(0.8);
  const { rows } = await get('/api/dosage?from=2023-10-02&to=2023-10-02', 'lead@middlesbrough.demo');
  const sum = (field: string) => rows.reduce((total: number, row: Record<string, number>) => total + (row[field] ?? 0), 0);
  expect(sum('deliveredPersonMinutes')).toBeGreaterThan(0);
  expect(sum('deliveredPersonMinutes')).toBeLessThan(sum('plannedPersonMinutes'));
});

test('the return of October 2023 is kept, with figures where patrols had started and "not started" where they had not', async () => {
  const { figures, versions, sha256 } = await get('/api/returns/2023-10');
  expect(versions.map((version: { version: number; sha256: string }) => [version.version, version.sha256])).toEqual([[1, sha256]]);
  expect(figures.demonstration).toBe(true);
  expect(figures.councils.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual([
    ['Hartlepool', 'started'], ['Middlesbrough', 'started'], ['Redcar and Cleveland', 'not started'], ['Stockton-on-Tees', 'started'],
  ]);
  const statuses = (started: boolean) => new Set(figures.hotspots.filter((hotspot: { patrolsFrom: string | null }) => (hotspot.patrolsFrom !== null) === started)
    .flatMap((hotspot: { figures: { field: string; breakdown: string | null; status: string }[] }) => hotspot.figures.filter(({ field, breakdown }) => field === 'patrols' && breakdown === null).map(({ status }) => status)));
  expect([...statuses(true)]).toEqual(['counted']);
  expect([...statuses(false)]).toEqual(['not started']);
});
