import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listRotaMinutes } from '../../server/grants/expectedQueries.ts';
import { runAllocation } from '../../server/grants/allocationWork.ts';
import { saveRates } from '../../server/grants/queries.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCouncilBoundaries, addIncidents, addSource, yearBeforeOctober2023 } from '../support/incidents.ts';
import { addAgreement, addFund, addHotspot, addWarden, hartlepool, middlesbrough } from '../support/patrols.ts';

/** Questions asked of an allocation beyond the plan: sliders, two runs side by side, the weeks to the end; and dates inside a week, to the penny. */
const week = '2023-10-02';
const actor = { personId: null, role: 'test' };
let service: TestService;
let own = '';
let other = '';
let run: Awaited<ReturnType<typeof runAllocation>>;

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2023-10-01T12:00:00Z') });
  const { db } = service.database;
  await addCouncilBoundaries(db);
  await addSource(db, 'council', 'minute');
  for (const month of yearBeforeOctober2023) {
    await addIncidents(db, { source: 'council', month, rows: [1, 5, 9, 13, 17, 21].flatMap((hour) => [
      { at: [-1.21, 54.686] as const, n: 2, time: `${month}-0${1 + (hour % 7)}T${String(hour).padStart(2, '0')}:10:00` }, { at: [-1.19, 54.686] as const, n: 1, time: `${month}-1${hour % 7}T${String(hour).padStart(2, '0')}:10:00` },
    ]) });
  }
  await addHotspot(db, { name: 'York Road', at: [-1.212, 54.684] });
  await addHotspot(db, { name: 'Church Street', at: [-1.192, 54.684] });
  await addHotspot(db, { name: 'Linthorpe Road', councilCode: middlesbrough, at: [-1.24, 54.57] });
  const fund = await addFund(db);
  own = await addAgreement(db, fund, { ceilingPence: 5_000_000 });
  other = await addAgreement(db, fund, { councilCode: middlesbrough, ceilingPence: 5_000_000 });
  run = await runAllocation({ db, actor, week, councils: ['*'] });
});
afterAll(() => service.close());

test('a slider answers with another plan and leaves the plan in force and the record as they are', async () => {
  const { db } = service.database;
  const lead = await service.client('lead@hartlepool.demo');
  const before = await db('planned_hours').select().orderBy(['hotspot_id', 'band_day', 'band']);
  const ask = async (query: string) => (await lead.get(`/api/allocations/${run.id}/what-if?agreement=${own}${query}`).expect(200)).body;
  const same = await ask('');
  const plan = run.agreements.find(({ agreementId }) => agreementId === own)!;
  expect(same).toMatchObject({ moneyPence: plan.money.weekPence, visits: plan.visits, spentPence: plan.money.spentPence });
  // A pair's visit: 48 person-minutes at £20.00 an hour over a ratio of 0.5 is £32.00.
  expect(await ask('&moneyPence=6400')).toMatchObject({ visits: 2, spentPence: 6_400, personMinutes: 60 });
  const poor = await ask('&moneyPence=3200&minimumVisits=3');
  expect(poor.shortfalls.map((short: { hotspot: string }) => short.hotspot)).toContain('Church Street');
  const none = await ask('&wardens=0');
  expect(none).toMatchObject({ visits: 0, reason: { code: 'no-wardens' } });
  expect((await ask('&bands=4,5')).visits).toBeGreaterThan(0);
  expect(await db('planned_hours').select().orderBy(['hotspot_id', 'band_day', 'band'])).toEqual(before);
  await lead.get(`/api/allocations/${run.id}/what-if?agreement=${own}&bands=6`).expect(422);
  await lead.get(`/api/allocations/${run.id}/what-if?agreement=${other}`).expect(404);
});

test('each plan holds its value curve: it rises and bends down, and at the week’s own money it is the bound', async () => {
  const { curve, bound, money } = run.agreements.find(({ agreementId }) => agreementId === own)!;
  expect(curve.map(({ moneyPence }) => moneyPence)).toContain(money.weekPence);
  const prices = curve.flatMap(({ perThousandPounds }) => (perThousandPounds === null ? [] : [perThousandPounds]));
  expect(prices.toSorted((a, b) => b - a)).toEqual(prices);
  const here = curve.find(({ moneyPence }) => moneyPence === money.weekPence)!;
  expect(here.prevented / bound).toBeGreaterThan(0.98);
  expect(here.prevented / bound).toBeLessThan(1.02);
});

test('two runs side by side: the money that changed is named, hours by hotspot stand beside each other, another council’s stay unseen', async () => {
  const { db } = service.database;
  await db('agreement').where({ id: own }).update({ ceiling_pence: 3_000_000 });
  const later = await runAllocation({ db, actor, week, councils: ['*'] });
  const lead = await service.client('lead@hartlepool.demo');
  const { body } = await lead.get(`/api/allocations/${run.id}/compared/${later.id}`).expect(200);
  expect(body.same).toBe(false);
  expect(body.inputs.filter((row: { differs: boolean }) => row.differs)).toEqual([
    { name: 'Hartlepool: ceiling', first: '£50,000.00', second: '£30,000.00', differs: true },
    // 182 days are left on 2 October, 7 of them in the week: £50,000.00 and £30,000.00 × 7 ÷ 182.
    { name: 'Hartlepool: money for the week', first: '£1,923.07', second: '£1,153.84', differs: true },
  ]);
  expect(body.inputs.find((row: { name: string }) => row.name === 'Setting seed')).toEqual({ name: 'Setting seed', first: '0', second: '0', differs: false });
  expect(body.money).toHaveLength(1);
  expect(body.money[0].first.weekPence - body.money[0].second.weekPence).toBe(192_307 - 115_384);
  expect(body.hotspots.map((row: { hotspot: string }) => row.hotspot).sort()).toEqual(['Church Street', 'York Road']);
  expect(JSON.stringify(body)).not.toContain('Middlesbrough');
  expect((await lead.get(`/api/allocations/${run.id}/compared/${run.id}`).expect(200)).body).toMatchObject({ same: true, says: 'Both were made from the same inputs, so they are the same plan.' });
  await db('agreement').where({ id: own }).update({ ceiling_pence: 5_000_000 });
});

test('the weeks to the end: money divided, no penny lost, kept with its hash and seed, and no plan changed', async () => {
  const { db } = service.database;
  const lead = await service.client('lead@hartlepool.demo');
  const { body: started } = await lead.post('/api/allocation-horizons').send({ agreement: own, fromWeek: '2024-03-04' }).expect(200);
  const job = async () => (await lead.get(`/api/jobs/${started.jobId}`).expect(200)).body;
  await expect.poll(async () => (await job()).state, { timeout: 60_000, interval: 200 }).toBe('done');
  const { body } = await lead.get(`/api/allocation-horizons?agreement=${own}`).expect(200);
  const [kept] = body.horizons;
  expect(kept).toMatchObject({ id: (await job()).result.horizonId, fromWeek: '2024-03-04', moneyPence: 5_000_000, seed: 0, council: 'Hartlepool' });
  expect(kept.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(kept.weeks.map((one: { weekStart: string }) => one.weekStart)).toEqual(['2024-03-04', '2024-03-11', '2024-03-18', '2024-03-25']);
  expect(kept.weeks.reduce((sum: number, one: { moneyPence: number }) => sum + one.moneyPence, 0) + kept.leftPence).toBe(5_000_000);
  expect(await db('planned_hours').where({ week: '2024-03-04' }).count('* as n').first()).toEqual({ n: 0 });
  await lead.post('/api/allocation-horizons').send({ agreement: other, fromWeek: week }).expect(404);
  await expect(db('allocation_horizon').update({ seed: 1 })).rejects.toMatchObject({ message: expect.stringContaining('allocation_horizon') });
});

test('a published rota that covers the week limits the hours to who is on shift, the night the clocks go back with its nine hours', async () => {
  const { db } = service.database;
  const wardens = [await addWarden(db, 'W1'), await addWarden(db, 'W2')];
  const [rota, version, shift] = [randomUUID(), randomUUID(), randomUUID()];
  await db('rota').insert({ id: rota, council_code: hartlepool, starts_on: '2023-10-23', ends_on: '2023-10-29', seed: 'x' });
  expect(await listRotaMinutes(db, [hartlepool], '2023-10-23')).toEqual(new Map());
  await db('rota_version').insert({ id: version, rota_id: rota, council_code: hartlepool, number: 1, cost: 0, input_sha256: 'x', breaches: '[]', content_sha256: 'x' });
  await db('rota_shift').insert({
    id: shift, version_id: version, rota_id: rota, council_code: hartlepool, shift_key: randomUUID(), day: '2023-10-28', shift_code: 'night', shift_name: 'Night',
    starts_at: '2023-10-28T22:00:00+01:00', ends_at: '2023-10-29T06:00:00Z', cover_wanted: 2, crew_size: 2,
  });
  await db('rota_shift_warden').insert(wardens.map((warden_id) => ({ shift_id: shift, warden_id })));
  // Two wardens: Saturday 22:00 to 24:00, Sunday 00:00 to 04:00 (five hours that night), Sunday 04:00 to 06:00.
  const minutes = Array.from({ length: 42 }, (_, index) => ({ 35: 240, 36: 600, 37: 240 })[index] ?? 0);
  expect((await listRotaMinutes(db, [hartlepool, middlesbrough], '2023-10-23'))).toEqual(new Map([[hartlepool, minutes]]));
  expect(await listRotaMinutes(db, [hartlepool], '2023-10-30')).toEqual(new Map());
  const [plan] = (await runAllocation({ db, actor, week: '2023-10-23', councils: [hartlepool] })).agreements;
  // Half of a paid hour is spent on visits: 120, 300 and 120 person-minutes hold 2, 6 and 2 visits of 48.
  expect(plan!.cells.every(({ date, band }) => (date === '2023-10-28' && band === 5) || (date === '2023-10-29' && band < 2))).toBe(true);
  for (const { date, band } of plan!.cells) {
    const paid = plan!.cells.filter((cell) => cell.date === date && cell.band === band).reduce((sum, cell) => sum + cell.paidMinutes, 0);
    expect(paid).toBeLessThanOrEqual(date === '2023-10-29' && band === 0 ? 300 : 120);
  }
  expect(plan!.visits).toBeGreaterThan(0);
  // Wardens on one night only: every hotspot is left too long, and each is named.
  expect(new Set(plan!.shortfalls.map(({ hotspot }) => hotspot))).toEqual(new Set(['Church Street', 'York Road']));
});

test('a hotspot retired on a Wednesday, a rate that changes on a Wednesday, a council that starts in December: right to the penny and the minute', async () => {
  const { db } = service.database;
  // Live Monday and Tuesday only.
  const retired = await addHotspot(db, { name: 'Victoria Road', at: [-1.23, 54.69], liveTo: '2023-10-11' });
  await saveRates(db, own, '2023-10-11', { day: 3_000, evening: 3_000, night: 3_000, saturday: 3_000, sunday: 3_000, bank_holiday: 3_000 });
  const { agreements } = await runAllocation({ db, actor, week: '2023-10-09', councils: [hartlepool] });
  const [plan] = agreements;
  const days = plan!.cells.filter(({ hotspotId }) => hotspotId === retired).map(({ date }) => date);
  expect(days.every((date) => date < '2023-10-11')).toBe(true);
  // 48 person-minutes at £20.00 and at £30.00, over a ratio of 0.5: £32.00 until Tuesday, £48.00 from Wednesday.
  for (const { date, visits, costPence, paidMinutes, personMinutes } of plan!.cells) expect([costPence, paidMinutes, personMinutes]).toEqual([visits * (date < '2023-10-11' ? 3_200 : 4_800), visits * 48, visits * 30]);
  expect(plan!.cells.some(({ date }) => date >= '2023-10-11') && plan!.cells.some(({ date }) => date < '2023-10-11')).toBe(true);
  expect(plan!.cells.reduce((sum, { costPence }) => sum + costPence, 0)).toBe(plan!.money.spentPence);

  const december = await addAgreement(db, await addFund(db), { ceilingPence: 1_000_000, startsOn: '2023-12-06', endsOn: '2024-03-31' });
  await db('agreement').where({ id: own }).update({ state: 'closed', starts_on: '1999-01-01', ends_on: '1999-01-02' });
  const [before] = (await runAllocation({ db, actor, week: '2023-11-27', councils: [hartlepool] })).agreements;
  expect(before).toMatchObject({ agreementId: december, visits: 0, reason: { code: 'agreement-not-started' } });
  const [first] = (await runAllocation({ db, actor, week: '2023-12-04', councils: [hartlepool] })).agreements;
  // From Wednesday 6 December 117 days are left, 5 of them in the week: £10,000.00 × 5 ÷ 117, rounded down.
  expect(first!.money).toMatchObject({ daysLeft: 117, weekPence: 42_735 });
  expect(first!.cells.every(({ date }) => date >= '2023-12-06')).toBe(true);
  expect(first!.visits).toBeGreaterThan(0);
});
