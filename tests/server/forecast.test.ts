/** Forecasts over HTTP on the pilot as published: replayed on what was known, alerts, causes, ratings, councils' own figures, and who sees what. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forecastDaily } from '../../server/forecast/forecastWork.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { hartlepool, middlesbrough } from '../support/patrols.ts';
import { octoberReturn } from '../support/pilot.ts';
import { addPilot, type Pilot } from '../support/pilotData.ts';

let service: TestService;
let pilot: Pilot;
let own: string;
const now = new Date('2023-11-30T09:00:00Z');
// The service makes the day's forecasts as it starts: on a day before the fund, so that it judges none of what is half in.
let clock = new Date('2023-06-01T09:00:00Z');
beforeAll(async () => {
  service = await startTestService({ now: () => clock });
  pilot = await addPilot(service.database.db, '2023-11-29');
  clock = now;
  own = pilot.agreements[hartlepool] ?? '';
});
afterAll(() => service.close());

async function get(email: string, path: string) {
  return (await (await service.client(email)).get(path).expect(200)).body;
}

async function post(email: string, path: string, body: object, status = 200) {
  const answer = await (await service.client(email)).post(path).send(body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  return answer.body;
}

describe('the pilot, replayed', () => {
  test('as known at the October return the fund’s forecast leaves over £400,000 unspent', async () => {
    const { funds, knownOn } = await get('manager@opcc.demo', `/api/forecast?on=${octoberReturn}`);
    expect(knownOn).toBe(octoberReturn);
    expect(funds).toHaveLength(1);
    expect(funds[0].ceilingPence).toBe(100_000_000);
    expect(funds[0].underspend.central).toBeGreaterThan(40_000_000);
    // Redcar and Cleveland had not begun and had said no day: that is known too.
    expect(funds[0].agreements.map((each: { patrolsStart: string | null }) => each.patrolsStart)).toEqual(['2023-10-01', '2023-08-01', null, '2023-08-01']);
  });

  test('what was recorded later is not in it: at the end of July nobody had begun', async () => {
    const july = await get('manager@opcc.demo', `/api/agreements/${own}/forecast?on=2023-07-31`);
    expect(july).toMatchObject({ patrolsStart: null, postsInPost: 0, deliveredMinutes: 0, toDate: { totalPence: 0 } });
    const october = await get('manager@opcc.demo', `/api/agreements/${own}/forecast?on=${octoberReturn}`);
    expect(october).toMatchObject({ patrolsStart: '2023-10-01', postsInPost: 4 });
    // 45 days from 1 October: 44 of a seventh of 2,217 minutes (316), and the rest of a week on its seven Mondays.
    expect(october.deliveredMinutes).toBe(45 * 316 + 7 * 5);
    expect(october.toDate.deliveredPence).toBe(Math.round((october.deliveredMinutes * 10_926) / 60));
  });

  test('the daily run raises the alert once, over three months before the end, and keeps what it was made from', async () => {
    const { db } = service.database;
    for (const day of ['2023-10-31', octoberReturn, octoberReturn, '2023-11-15']) await forecastDaily(db, {}, new Date(`${day}T03:20:00Z`));
    const { alerts } = await get('manager@opcc.demo', '/api/forecast');
    const fund = alerts.filter((alert: { agreementId: string | null }) => alert.agreementId === null);
    expect(fund).toHaveLength(1);
    expect(fund[0].raisedOn <= '2023-12-31').toBe(true);
    expect(fund[0].underspendPence).toBeGreaterThan(40_000_000);
    expect(alerts).toHaveLength(5);
    const { runs } = await get('manager@opcc.demo', `/api/agreements/${own}/forecast`);
    expect(new Set(runs.map((run: { sha256: string }) => run.sha256)).size).toBe(runs.length);
    const run = await get('auditor@opcc.demo', `/api/forecast/runs/${runs[0].id}`);
    expect(run.inputs).toMatchObject({ agreementId: own, knownOn: runs[0].knownOn });
    expect(run.result.outturn.central).toBe(runs[0].centralPence);
  });

  test('when the money is moved away the alert ends, and a new crossing is a new alert', async () => {
    const { db } = service.database;
    await db('setting').where({ name: 'underspend_alert_share' }).update({ value: '0.99' });
    await forecastDaily(db, {}, new Date('2023-11-16T03:20:00Z'));
    expect((await get('manager@opcc.demo', '/api/forecast')).alerts.filter((alert: { endedOn: string | null }) => alert.endedOn === null)).toHaveLength(0);
    await db('setting').where({ name: 'underspend_alert_share' }).update({ value: '0.05' });
    await forecastDaily(db, {}, new Date('2023-11-17T03:20:00Z'));
    const { alerts } = await get('manager@opcc.demo', '/api/forecast');
    expect(alerts).toHaveLength(10);
    expect(alerts[0]).toMatchObject({ agreementId: null, raisedOn: '2023-11-17', endedOn: null });
  });

  test('history entered later can be told by what had happened', async () => {
    const { db } = service.database;
    await db('visit').insert({ id: randomUUID(), hotspot_id: (await db('hotspot').where({ council_code: hartlepool }).first()).id, council_code: hartlepool, started_at: '2023-10-05T19:00:00Z', ended_at: '2023-10-05T20:00:00Z', staff_category: 'warden', persons: 1, recorded_how: 'self_report', patrol_reference: 'late' });
    const recorded = await get('manager@opcc.demo', `/api/agreements/${own}/forecast?on=${octoberReturn}`);
    const happened = await get('manager@opcc.demo', `/api/agreements/${own}/forecast?on=${octoberReturn}&knowledge=happened`);
    expect(happened.deliveredMinutes).toBe(recorded.deliveredMinutes + 60);
  });

  test('the same facts give the same hash and are kept once', async () => {
    const first = await post('manager@opcc.demo', '/api/forecast/runs', { on: '2023-10-20' });
    const second = await post('finance@opcc.demo', '/api/forecast/runs', { on: '2023-10-20' });
    expect(second.runs.map((run: { id: string }) => run.id)).toEqual(first.runs.map((run: { id: string }) => run.id));
    expect(first.runs[0].sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('a day to come is refused in words', async () => {
    const client = await service.client('manager@opcc.demo');
    const { body } = await client.get('/api/forecast?on=2023-12-01').expect(422);
    expect(body.detail).toContain('still to come');
  });
});

describe('what people enter', () => {
  test('a cause with its money and reason stands beside the data’s, and can be replaced and taken back', async () => {
    const path = `/api/agreements/${own}/underspend-causes`;
    const given = { cause: 'vetting', fromOn: '2023-10-01', toOn: '2023-11-30', amountPence: 1_500_000, reason: 'Clearance of two recruits took nine weeks' };
    const first = await post('lead@hartlepool.demo', path, given);
    expect((await post('lead@hartlepool.demo', path, { ...given, amountPence: 0 }, 422)).detail).toContain('explains nothing');
    const second = await post('finance@hartlepool.demo', path, { ...given, amountPence: 1_200_000, replaces: first.id });
    // The service's clock is set in 2023 and the database's is not, so what was just recorded is seen by what had happened.
    const after = () => get('manager@opcc.demo', `/api/agreements/${own}/forecast?knowledge=happened`);
    expect((await after()).causes).toMatchObject([{ cause: 'vetting', amountPence: 1_200_000 }]);
    expect((await after()).dataCauses[0]).toMatchObject({ cause: 'late start' });
    expect((await post('lead@hartlepool.demo', path, { ...given, replaces: first.id }, 409)).code).toBe('underspend_cause_replaced_once');
    await post('lead@hartlepool.demo', path, { ...given, amountPence: 0, replaces: second.id });
    expect((await after()).causes).toEqual([]);
  });

  test('a plan of posts changes what is short', async () => {
    await post('lead@hartlepool.demo', `/api/agreements/${own}/staff-plan`, { startsOn: '2023-07-01', posts: 6, contractMinutesPerWeek: 2220, filledOn: '2024-01-08', reason: 'Two posts were advertised again' });
    const { plan, dataCauses, assumptions } = await get('manager@opcc.demo', `/api/agreements/${own}/forecast?knowledge=happened`);
    expect(plan).toMatchObject({ posts: 6, filledOn: '2024-01-08' });
    expect(dataCauses.map(({ cause }: { cause: string }) => cause)).toContain('vacancy');
    expect(assumptions.join(' ')).toContain('8 January 2024 (as the council expects)');
  });

  test('a council’s quarterly forecast is compared with ours, and one far from it needs a reason', async () => {
    const path = `/api/agreements/${own}/council-forecasts`;
    const given = { quarterEndsOn: '2023-09-30', actualPence: 0, outturnPence: 24_000_000, signedBy: 'Chief finance officer', receivedOn: '2023-10-27' };
    expect((await post('finance@hartlepool.demo', path, given, 422)).detail).toContain('Say why');
    expect((await post('finance@hartlepool.demo', path, { ...given, quarterEndsOn: '2023-09-29' }, 422)).detail).toContain('not the last day of a quarter');
    const kept = await post('finance@hartlepool.demo', path, { ...given, reason: 'Four more wardens from January' });
    expect(kept).toMatchObject({ version: 1, outturnPence: 24_000_000, ours: { within: false } });
    expect(kept.ours.differencePence).toBe(24_000_000 - kept.ours.outturn.central);
    expect(await post('finance@hartlepool.demo', path, { ...given, outturnPence: kept.ours.outturn.central })).toMatchObject({ version: 2, ours: { within: true, differencePence: 0 } });
    expect((await get('manager@opcc.demo', `/api/agreements/${own}/forecast`)).councilForecasts).toHaveLength(0);
    expect((await get('manager@opcc.demo', `/api/agreements/${own}/forecast?knowledge=happened`)).councilForecasts).toMatchObject([{ version: 2 }]);
  });
});

describe('ratings and alerts', () => {
  test('the rule says red, an override stands beside it with its reason until its day, and ends', async () => {
    const path = `/api/agreements/${own}/rating`;
    const kept = await post('manager@opcc.demo', path, { rating: 'amber', untilOn: '2023-12-15', reason: 'A reallocation is agreed and waits for its decision notice' });
    expect(kept).toMatchObject({ computed: 'red', since: '2020-01-01', override: { rating: 'amber', untilOn: '2023-12-15' } });
    expect(kept.rule).toContain('15 %');
    expect((await post('manager@opcc.demo', path, { rating: 'green', untilOn: '2023-12-15', reason: '' }, 422)).detail).toContain('Say why');
    expect((await post('manager@opcc.demo', path, { untilOn: '2023-12-15', reason: 'It was refused' })).override).toBeNull();
  });

  test('an alert is acknowledged once, with what is done about it', async () => {
    const [alert] = (await get('finance@opcc.demo', '/api/forecast')).alerts;
    const path = `/api/forecast/alerts/${alert.id}/acknowledgement`;
    const done = await post('finance@opcc.demo', path, { reason: 'Notice sent to the funder; reallocation proposed' });
    expect(done.acknowledged).toMatchObject({ by: 'Finance approver, OPCC', reason: 'Notice sent to the funder; reallocation proposed' });
    expect((await post('manager@opcc.demo', path, { reason: 'Again' }, 409)).detail).toBe('This alert was acknowledged already.');
    await expect(service.database.db('forecast_alert').where({ id: alert.id }).delete()).rejects.toMatchObject({ constraint: 'forecast_alert_append_only' });
  });
});

describe('a council', () => {
  test('sees its own agreement, its own alert and no other', async () => {
    const { funds, alerts } = await get('lead@hartlepool.demo', '/api/forecast');
    expect(funds[0].agreements.map(({ councilCode }: { councilCode: string }) => councilCode)).toEqual([hartlepool]);
    expect(new Set(alerts.map((alert: { agreementId: string | null }) => alert.agreementId))).toEqual(new Set([own]));
    const client = await service.client('lead@hartlepool.demo');
    await client.get(`/api/agreements/${pilot.agreements[middlesbrough]}/forecast`).expect(404);
    await client.post(`/api/agreements/${pilot.agreements[middlesbrough]}/underspend-causes`).send({ cause: 'other', fromOn: '2023-10-01', toOn: '2023-10-02', amountPence: 1, reason: 'x' }).expect(404);
    const run = await service.database.db('forecast_run').where({ agreement_id: pilot.agreements[middlesbrough] }).first();
    await client.get(`/api/forecast/runs/${run.id}`).expect(404);
  });

  test('changes no history: what was known only grows', async () => {
    for (const table of ['staffing_known', 'patrol_start_known', 'forecast_run', 'underspend_cause', 'council_forecast', 'rating_override', 'staff_plan']) {
      await expect(service.database.db(table).delete(), table).rejects.toMatchObject({ constraint: `${table}_append_only` });
    }
  });
});
