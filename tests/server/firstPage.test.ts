/** What each role finds on opening the service, on the pilot as it stood on 30 November 2023. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forecastDaily } from '../../server/forecast/forecastWork.ts';
import type { FirstPage } from '../../server/forecast/firstPageContract.ts';
import { addClaimable, claimPeople, draft, step, submission } from '../support/claims.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { hartlepool } from '../support/patrols.ts';
import { addPilot, type Pilot } from '../support/pilotData.ts';

let service: TestService;
let pilot: Pilot;
const now = new Date('2023-11-30T09:00:00Z');
// The service makes the day's forecasts as it starts: on a day before the fund, so that it judges none of what is half in.
let clock = new Date('2023-06-01T09:00:00Z');
beforeAll(async () => {
  service = await startTestService({ now: () => clock });
  pilot = await addPilot(service.database.db, '2023-11-29');
  clock = now;
  await forecastDaily(service.database.db, {}, now);
});
afterAll(() => service.close());

async function first(email: string, query = ''): Promise<FirstPage> {
  return (await (await service.client(email)).get(`/api/first-page${query}`).expect(200)).body as FirstPage;
}

const of = (page: FirstPage, label: string) => page.figures.find((figure) => figure.label === label);

describe('the grant manager’s', () => {
  test('tells days left, money left and the forecast underspend, each with what it is and where its rows are', async () => {
    const page = await first('manager@opcc.demo');
    expect(of(page, 'Days left')).toMatchObject({ value: 122, unit: 'days', href: '/forecast' });
    expect(of(page, 'Forecast underspend')?.tone).toBe('danger');
    expect(Number(of(page, 'Forecast underspend')?.value)).toBeGreaterThan(40_000_000);
    expect(page.figures.filter(({ definition, period, href }) => !definition || !period || !href)).toEqual([]);
    expect(page.funds[0]?.agreements).toHaveLength(4);
    expect(page.alerts).toHaveLength(5);
  });

  test('says whom to chase: late ones first, with the day they were due', async () => {
    const { tasks } = await first('manager@opcc.demo');
    const chase = tasks.filter(({ group }) => group === 'chase');
    expect(chase.filter(({ what }) => what.startsWith('Patrols have not begun'))).toMatchObject([{ council: 'Redcar and Cleveland', late: true }]);
    expect(chase.filter(({ what }) => what.startsWith('Claim of 1 July 2023'))).toHaveLength(4);
    expect(chase.find(({ what }) => what.startsWith('Actual and forecast of the quarter to 30 September 2023'))).toMatchObject({ dueOn: '2023-10-30', late: true });
    expect(tasks.findLastIndex(({ late }) => late)).toBe(tasks.filter(({ late }) => late).length - 1);
  });

  test('what has come is chased no more', async () => {
    const client = await service.client('finance@hartlepool.demo');
    await client.post(`/api/agreements/${pilot.agreements[hartlepool]}/council-forecasts`)
      .send({ quarterEndsOn: '2023-09-30', actualPence: 0, outturnPence: 12_000_000, signedBy: 'Chief finance officer', receivedOn: '2023-10-27', reason: 'As posts stand' }).expect(200);
    const { tasks } = await first('manager@opcc.demo');
    expect(tasks.filter(({ what }) => what.startsWith('Actual and forecast')).map(({ council }) => council)).toEqual(['Middlesbrough', 'Redcar and Cleveland', 'Stockton-on-Tees']);
  });

  test('on a day gone by is as it had happened', async () => {
    const page = await first('manager@opcc.demo', '?on=2023-08-15');
    expect(page).toMatchObject({ on: '2023-08-15', knowledge: 'happened' });
    expect(page.tasks.filter(({ what }) => what.startsWith('Claim of'))).toEqual([]);
    await (await service.client('manager@opcc.demo')).get('/api/first-page?on=2024-01-01').expect(422);
  });
});

test('an unlocking waits for a second person, not for who asked', async () => {
  const { db } = service.database;
  const period = await db('ledger_period').where({ agreement_id: pilot.agreements[hartlepool], state: 'open' }).first();
  const manager = await service.client('manager@opcc.demo');
  await manager.post(`/api/agreements/${pilot.agreements[hartlepool]}/periods/${period.id}/state`).send({ state: 'submitted' }).expect(200);
  await manager.post(`/api/agreements/${pilot.agreements[hartlepool]}/periods/${period.id}/unlocks`).send({ reason: 'A payslip came late' }).expect(200);
  expect((await first('manager@opcc.demo')).tasks.filter(({ group }) => group === 'sign')).toEqual([]);
  expect((await first('finance@opcc.demo')).tasks.filter(({ group }) => group === 'sign')).toMatchObject([{ what: 'Opening the period from 1 July 2023 again', council: 'Hartlepool' }]);
});

describe('a council lead’s', () => {
  test('is about the own council: hours of the week, own money, what to send', async () => {
    const page = await first('lead@hartlepool.demo');
    expect(of(page, 'Hours planned this week')).toMatchObject({ value: null, missing: 'no plan made' });
    // Monday 27 to Wednesday 29 November: three days of 316 minutes and the Monday's five.
    expect(of(page, 'Hours delivered so far')).toMatchObject({ value: 3 * 316 + 5 });
    expect(page.funds[0]?.agreements.map(({ councilCode }) => councilCode)).toEqual([hartlepool]);
    expect(page.tasks.every(({ council, group }) => council === null && group !== 'chase')).toBe(true);
    expect(page.tasks.some(({ what }) => what.startsWith('Claim of 1 July 2023'))).toBe(true);
    expect(page.week?.hours).toHaveLength(1);
  });

  test('names hotspots nobody has been to', async () => {
    const { db } = service.database;
    const hotspot = await db('hotspot').where({ council_code: hartlepool }).first();
    await db('planned_hours').insert({ hotspot_id: hotspot.id, council_code: hartlepool, week: '2023-10-30', band_day: 1, band: 4, visits: 2, person_minutes: 90, cost_pence: 100 });
    const before = await first('lead@hartlepool.demo', '?on=2023-10-30');
    expect(before.week?.hours).toMatchObject([{ plannedMinutes: 90, deliveredMinutes: 321 }]);
    await db('visit').where({ hotspot_id: hotspot.id, visited_on: '2023-10-30' }).delete();
    expect((await first('lead@hartlepool.demo', '?on=2023-10-30')).tasks.find(({ what }) => what.startsWith('No visit yet'))).toMatchObject({ dueOn: '2023-11-05', detail: '1.5 person-hours are planned in the week from 30 October 2023.' });
  });
});

test.each(['finance@hartlepool.demo', 'analyst@opcc.demo', 'auditor@opcc.demo', 'admin@opcc.demo', 'warden@hartlepool.demo'])('%s has a page of their own', async (email) => {
  const page = await first(email);
  expect(page.figures.length).toBeGreaterThan(0);
  expect(page.figures.filter(({ value, missing }) => value === null && missing === '')).toEqual([]);
});

test('a warden sees no money', async () => {
  const page = await first('warden@hartlepool.demo');
  expect(page.funds).toEqual([]);
  expect(page.figures.filter(({ unit }) => unit === 'pence')).toEqual([]);
});

test('a claim waits for the finance approver, and then its payment with the day it is due', async () => {
  const people = await claimPeople(service);
  const { id } = await draft(people.lead, await addClaimable(service));
  await step(people.officer, id, 'submission', { ...submission, lateReason: 'A payslip came late' }).expect(200);
  const waiting = (page: FirstPage) => page.tasks.filter(({ href }) => href === `/claims/${id}`);
  expect(waiting(await first('finance@opcc.demo'))).toMatchObject([{ group: 'sign', what: 'Claim 1 of £100.00', council: 'Hartlepool' }]);
  expect(waiting(await first('manager@opcc.demo'))).toEqual([]);
  await step(people.approver, id, 'approval').expect(200);
  // 21 working days after it came, counted over Christmas, Boxing Day and New Year's Day when it came on 30 November 2023.
  expect(waiting(await first('finance@opcc.demo'))).toMatchObject([{ what: 'Payment of £100.00 on claim 1', dueOn: '2024-01-03', late: false }]);
});
