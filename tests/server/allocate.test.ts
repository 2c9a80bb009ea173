import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runAllocation } from '../../server/grants/allocationWork.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCouncilBoundaries, addIncidents, addSource, yearBeforeOctober2023 } from '../support/incidents.ts';
import { addAgreement, addFund, addHotspot, hartlepool, middlesbrough, redcar, startPatrols, stockton } from '../support/patrols.ts';

const week = '2023-10-02';
const actor = { personId: null, role: 'test' };
let service: TestService;
const hotspots: Record<string, string> = {};
const agreements: Record<string, string> = {};

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2023-10-01T12:00:00Z') });
  const { db } = service.database;
  await addCouncilBoundaries(db);
  await addSource(db, 'police', 'month');
  await addSource(db, 'council', 'minute');
  for (const month of yearBeforeOctober2023) {
    // The police file has months only; the council's log has times: in York Road all on Friday evenings, elsewhere on many days.
    await addIncidents(db, { source: 'police', month, rows: [{ at: [-1.21, 54.686], n: 13 }, { at: [-1.19, 54.686], n: 4 }, { at: [-1.238, 54.572], n: 20 }, { at: [-1.21, 54.686], n: 9, category: 'other' }] });
    await addIncidents(db, { source: 'council', month, rows: [{ at: [-1.21, 54.686], n: 3, time: fridayEvening(month) }, { at: [-1.2, 54.7], n: 2, time: `${month}-10T13:00:00` }, { at: [-1.2, 54.7], n: 2, time: `${month}-20T21:00:00` }] });
  }
  hotspots['york'] = await addHotspot(db, { name: 'York Road', at: [-1.212, 54.684] });
  hotspots['church'] = await addHotspot(db, { name: 'Church Street', at: [-1.192, 54.684] });
  hotspots['linthorpe'] = await addHotspot(db, { name: 'Linthorpe Road', councilCode: middlesbrough, at: [-1.24, 54.57] });
  hotspots['redcar'] = await addHotspot(db, { name: 'High Street', councilCode: redcar, at: [-1.07, 54.61] });
  await addHotspot(db, { name: 'Yarm Lane', councilCode: stockton, liveFrom: '2023-12-01', at: [-1.32, 54.56] });
  const fund = await addFund(db);
  agreements[hartlepool] = await addAgreement(db, fund, { ceilingPence: 20_000_000, committedPence: 2_000_000 });
  agreements[middlesbrough] = await addAgreement(db, fund, { councilCode: middlesbrough, ceilingPence: 10_000_000, committedPence: 10_000_000 });
  agreements[redcar] = await addAgreement(db, fund, { councilCode: redcar, startsOn: '2023-12-01' });
  agreements[stockton] = await addAgreement(db, fund, { councilCode: stockton });
  await startPatrols(db, hartlepool);
});
afterAll(() => service.close());

/** Six in the evening of the first Friday of a month, on the clock in Britain. */
function fridayEvening(month: string): string {
  const first = new Date(`${month}-01T00:00:00Z`);
  const day = String(1 + ((5 - first.getUTCDay() + 7) % 7)).padStart(2, '0');
  return `${month}-${day}T18:00:00`;
}

test('a week’s hours stay within each agreement’s money, with the gap proved under 1 %', async () => {
  const run = await runAllocation({ db: service.database.db, actor, week, councils: ['*'] });
  const [own] = run.agreements;
  expect(run.agreements.map((plan) => plan.council)).toEqual(['Hartlepool', 'Middlesbrough', 'Redcar and Cleveland', 'Stockton-on-Tees']);
  // £180,000.00 left over the 182 days from 2 October 2023 to 31 March 2024: 7 of them are worth £6,923.07.
  expect(own?.money).toMatchObject({ ceilingPence: 20_000_000, committedPence: 2_000_000, leftPence: 18_000_000, daysLeft: 182, weekPence: 692_307 });
  expect(own?.money.says).toMatch(/^£180,000\.00 is left of £200,000\.00 over 182 days: £6,923\.07 for this week, £[\d,.]+ of it planned\.$/);
  expect(own?.visits).toBeGreaterThan(0);
  expect(own?.money.spentPence).toBeLessThanOrEqual(692_307);
  expect(own?.cells.reduce((sum, cell) => sum + cell.costPence, 0)).toBe(own?.money.spentPence);
  expect(own?.gap).toBeLessThanOrEqual(0.01);
  expect(run.gap).toBeLessThanOrEqual(0.01);
  expect(own?.beliefs.map((belief) => belief.residualHours)).toEqual([2, 0]);
  for (const belief of own?.beliefs ?? []) expect(belief.ofPlan).toBeLessThanOrEqual(belief.objective * 1.01 + 1e-9);
});

test('no money, an agreement not started and no live hotspot each give no hours and say why', async () => {
  const run = await runAllocation({ db: service.database.db, actor, week, councils: ['*'] });
  expect(run.agreements.slice(1).map((plan) => [plan.reason?.code, plan.reason?.text, plan.visits, plan.money.spentPence])).toEqual([
    ['no-money', 'No money is left in the agreement for this week.', 0, 0],
    ['agreement-not-started', 'The agreement starts on 2023-12-01, after this week.', 0, 0],
    ['no-live-hotspot', 'No hotspot of this agreement is live this week. Adopt one, or check the live dates.', 0, 0],
  ]);
  expect(run.agreements[1]?.shortfalls).toContainEqual(expect.objectContaining({ hotspot: 'Linthorpe Road', rule: 'minimum', wanted: 2, got: 0 }));
});

test('after its end an agreement gives none; neither does one that is not signed or is closed', async () => {
  const { db } = service.database;
  const ended = await runAllocation({ db, actor, week: '2024-04-01', councils: [hartlepool] });
  expect(ended.agreements[0]?.reason).toEqual({ code: 'agreement-ended', text: 'The agreement ended on 2024-03-31, before this week.' });
  await db('agreement').where({ id: agreements[hartlepool] ?? '' }).update({ state: 'draft' });
  const draft = await runAllocation({ db, actor, week, councils: [hartlepool] });
  expect(draft.agreements[0]?.reason).toEqual({ code: 'agreement-not-signed', text: 'The agreement is in state "draft". Hours are allocated once it is signed.' });
  expect(draft.agreements[0]?.visits).toBe(0);
  await db('agreement').where({ id: agreements[hartlepool] ?? '' }).update({ state: 'closed' });
  expect((await runAllocation({ db, actor, week, councils: [hartlepool] })).agreements[0]?.reason?.code).toBe('agreement-closed');
  await db('agreement').where({ id: agreements[hartlepool] ?? '' }).update({ state: 'live' });
});

test('expected incidents are those inside the outline over the twelve months, by the hours of the source that has times', async () => {
  const run = await runAllocation({ db: service.database.db, actor, week, councils: [hartlepool] });
  expect(run.months).toEqual({ from: '2022-10-01', to: '2023-10-01' });
  const york = run.agreements[0]?.hotspots.find((hotspot) => hotspot.name === 'York Road');
  // 12 × (13 + 3) anti-social incidents over 365 days; the nine of another kind are not counted.
  expect(york?.weeklyIncidents).toBeCloseTo((192 * 7) / 365, 9);
  expect(york?.hoursFrom).toBe("Hours from this hotspot's own 52 weeks (weight 0.60), drawn towards the council's.");
  expect(run.notes).toContain('police gives no times of day: its incidents are spread by the hours of sources that do.');
  // Weight 52 / (52 + 34) on its own hours, all of them Friday 16:00 to 20:00, and the rest on the council's, where those are 36 of 84.
  const busiest = [...(run.visitsByAgreement.get(agreements[hartlepool] ?? '') ?? [])].filter((visit) => visit.hotspotId === hotspots['york']).sort((a, b) => b.expected - a.expected)[0];
  expect(busiest).toMatchObject({ date: '2023-10-06', band: 4 });
  expect(busiest?.expected).toBeCloseTo(2.8503, 4);
});

test('the plan is put in force for the week in place of the one before, and only for the agreements asked about', async () => {
  const { db } = service.database;
  const all = await runAllocation({ db, actor, week, councils: ['*'] });
  await db('planned_hours').insert({ hotspot_id: hotspots['linthorpe'], council_code: middlesbrough, agreement_id: agreements[middlesbrough], week, band_day: 1, band: 4, visits: 1, person_minutes: 30, cost_pence: 100 });
  const own = await runAllocation({ db, actor, week, councils: [hartlepool] });
  const { rows } = await db.raw('select council_code, allocation_id, sum(visits)::int as visits, sum(person_minutes)::int as minutes, sum(cost_pence)::int as pence from planned_hours where week = ? group by 1, 2 order by 1', [week]);
  expect(rows).toEqual([
    { council_code: hartlepool, allocation_id: own.id, visits: own.visits, minutes: own.personMinutes, pence: own.spentPence },
    { council_code: middlesbrough, allocation_id: null, visits: 1, minutes: 30, pence: 100 },
  ]);
  expect(all.id).not.toBe(own.id);
  const events = await db('audit_event').where({ action: 'hoursAllocated', subject_id: own.id });
  expect(events).toMatchObject([{ council_code: hartlepool, role: 'test' }]);
});

test('three allocations of one week at once leave one plan in force, whole', async () => {
  const { db } = service.database;
  const runs = await Promise.all(Array.from({ length: 3 }, () => runAllocation({ db, actor, week, councils: [hartlepool] })));
  const { rows } = await db.raw('select allocation_id as id, sum(visits)::int as visits, sum(cost_pence)::int as "spentPence" from planned_hours where week = ? and council_code = ? group by 1', [week, hartlepool]);
  expect(rows).toHaveLength(1);
  expect(runs.find((run) => run.id === rows[0].id)).toMatchObject(rows[0]);
});

test('money that moves while a week is planned stops the plan from being kept', async () => {
  const { db } = service.database;
  const id = agreements[hartlepool] ?? '';
  const before = await db('allocation_run').count('* as n').first();
  const commit = () => db('commitment').insert({ id: randomUUID(), agreement_id: id, amount_pence: 100, effective_on: week, what: 'Radios' });
  const moving = runAllocation({ db, actor, week, councils: [hartlepool], report: (progress) => (progress === 0.3 ? commit() : undefined) });
  await expect(moving).rejects.toMatchObject({ code: 'money_moved' });
  expect(await db('allocation_run').count('* as n').first()).toEqual(before);
  await db('commitment').insert({ id: randomUUID(), agreement_id: id, amount_pence: -100, effective_on: week, what: 'Radios sent back' });
});

test('the same money and data give the same plan under the same hash; other money another', async () => {
  const { db } = service.database;
  const one = await runAllocation({ db, actor, week, councils: [hartlepool] });
  const two = await runAllocation({ db, actor, week, councils: [hartlepool] });
  expect(two.hash).toBe(one.hash);
  expect(two.agreements).toEqual(one.agreements);
  await db('agreement').where({ id: agreements[hartlepool] ?? '' }).update({ ceiling_pence: 19_000_000 });
  expect((await runAllocation({ db, actor, week, councils: [hartlepool] })).hash).not.toBe(one.hash);
  await db('agreement').where({ id: agreements[hartlepool] ?? '' }).update({ ceiling_pence: 20_000_000 });
});

test('over HTTP: a job with progress, the run, and every visit with why it is there', async () => {
  const manager = await service.client('manager@opcc.demo');
  const { body: started } = await manager.post('/api/allocations').send({ week }).expect(200);
  const job = async () => (await manager.get(`/api/jobs/${started.jobId}`).expect(200)).body;
  await expect.poll(async () => (await job()).state, { timeout: 60_000, interval: 300 }).toBe('done');
  const { allocationId } = (await job()).result;
  const { body: run } = await manager.get(`/api/allocations/${allocationId}`).expect(200);
  expect(run.agreements).toHaveLength(4);
  const { body } = await manager.get(`/api/allocations/${allocationId}/visits`).expect(200);
  expect(body.visits).toHaveLength(run.visits);
  expect(body.visits[0].why).toMatch(/incidents expected; visit 1 prevents [\d.]+ for £[\d.]+ \([\d.]+ prevented per £1,000\)\./);
  expect((await manager.get(`/api/allocations?week=${week}`).expect(200)).body.allocations[0].id).toBe(allocationId);
});

test('a council lead plans and sees its own agreement; in a run over all it finds its own plan only', async () => {
  const manager = await service.client('manager@opcc.demo');
  const { body } = await manager.get(`/api/allocations?week=${week}`).expect(200);
  const over = body.allocations[0];
  const lead = await service.client('lead@hartlepool.demo');
  const own = (await lead.get(`/api/allocations/${over.id}`).expect(200)).body;
  expect(own.agreements.map((plan: { councilCode: string }) => plan.councilCode)).toEqual([hartlepool]);
  expect(own.spentPence).toBe(own.agreements[0].money.spentPence);
  const stranger = await service.client('lead@middlesbrough.demo');
  const mine = await runAllocation({ db: service.database.db, actor, week, councils: [hartlepool] });
  await stranger.get(`/api/allocations/${mine.id}`).expect(404);
  await stranger.get(`/api/allocations/${mine.id}/visits`).expect(404);
  expect((await stranger.get(`/api/allocations/${over.id}/visits`).expect(200)).body.visits).toEqual([]);
  await stranger.post('/api/allocations').send({ week, council: 'Hartlepool' }).expect(404);
  const { body: started } = await lead.post('/api/allocations').send({ week }).expect(200);
  expect((await service.database.db('job').where({ id: started.jobId }).first()).input).toEqual({ week, councils: [hartlepool] });
  await (await service.client('warden@hartlepool.demo')).post('/api/allocations').send({ week }).expect(403);
});

test('a week that is not a Monday is refused with the Monday before it', async () => {
  const manager = await service.client('manager@opcc.demo');
  const { body } = await manager.post('/api/allocations').send({ week: '2023-10-04' }).expect(422);
  expect(body.errors).toEqual([{ field: 'week', message: 'A week starts on a Monday; 2023-10-04 is a Wednesday. Use 2023-10-02.' }]);
});

test('planned against delivered: a plan is compared with what was recorded, and not started is not 0', async () => {
  const { db } = service.database;
  await runAllocation({ db, actor, week, councils: ['*'] });
  const analyst = await service.client('analyst@opcc.demo');
  const { body } = await analyst.get(`/api/dosage?from=${week}&to=${week}`).expect(200);
  const of = (name: string) => body.rows.find((row: { hotspot: string }) => row.hotspot === name);
  expect(of('York Road')).toMatchObject({ state: 'recorded', deliveredPersonMinutes: 0, personMinutesByClass: { A: 0, B: 0, C: 0, D: 0 } });
  expect(of('York Road').plannedPersonMinutes).toBeGreaterThan(0);
  expect(of('Linthorpe Road')).toMatchObject({ state: 'not started', deliveredPersonMinutes: null, personMinutesByClass: null, patrols: null });
  expect(of('Yarm Lane')).toBeUndefined();
});
