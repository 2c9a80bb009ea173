import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alertsAsAt, checkDelivery } from '../../server/delivery/alertWork.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addAgreement, addFund, addHotspot, hartlepool, middlesbrough, startPatrols, visitOf } from '../support/patrols.ts';

/** Two councils in the week of Monday 2 October 2023, looked at on Friday the 6th in the evening. */
const week = '2023-10-02';
const actor = { personId: null, role: 'test' };
let service: TestService;
const places: Record<string, string> = {};

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2023-10-06T20:30:00Z') });
  const { db } = service.database;
  places['york'] = await addHotspot(db, { name: 'York Road' });
  places['church'] = await addHotspot(db, { name: 'Church Street', at: [-1.192, 54.684] });
  places['linthorpe'] = await addHotspot(db, { name: 'Linthorpe Road', councilCode: middlesbrough, at: [-1.24, 54.57] });
  const fund = await addFund(db);
  const own = await addAgreement(db, fund, { ceilingPence: 5_000_000 });
  await addAgreement(db, fund, { councilCode: middlesbrough, ceilingPence: 5_000_000 });
  await startPatrols(db, hartlepool, '2023-09-18');
  await startPatrols(db, middlesbrough, '2023-09-18');
  // York Road: two visits on Monday evening and one on Saturday; Church Street: one on Tuesday afternoon.
  const runId = randomUUID();
  await db('allocation_run').insert({ id: runId, week, parameters: '{}', hash: 'x' });
  await db('allocation_plan').insert({ run_id: runId, agreement_id: own, council_code: hartlepool, visits: '[]', plan: JSON.stringify({ personMinutes: 120, money: { weekPence: 20_000, spentPence: 12_800 } }) });
  await db('planned_hours').insert([[places['york'], 1, 4, 2], [places['york'], 6, 4, 1], [places['church'], 2, 3, 1]].map(([hotspot, day, band, visits]) => ({
    hotspot_id: hotspot, council_code: hartlepool, agreement_id: own, allocation_id: runId, week, band_day: day, band, visits, person_minutes: 30 * Number(visits), paid_minutes: 48 * Number(visits), cost_pence: 3_200 * Number(visits),
  })));
  const lead = await service.client('lead@hartlepool.demo');
  for (const visit of [
    visitOf(places['york'] ?? '', { startedAt: '2023-10-02 18:00', endedAt: '2023-10-02 18:15', patrolReference: 'A1' }),
    visitOf(places['york'] ?? '', { startedAt: '2023-10-02 22:00', endedAt: '2023-10-02 22:10', patrolReference: 'A1' }),
    visitOf(places['church'] ?? '', { startedAt: '2023-09-29 12:00', endedAt: '2023-09-29 12:20', patrolReference: 'A0' }),
  ]) await lead.post('/api/visits').send(visit).expect(200);
});
afterAll(() => service.close());

test('planned against delivered by band, with what fell outside the plan, visits long enough, minutes by class and the gaps', async () => {
  const { db } = service.database;
  await db('missed_visit').insert({ id: randomUUID(), hotspot_id: places['church'], council_code: hartlepool, missed_on: '2023-10-03', band: 3, reason_code: 'abstraction' });
  const lead = await service.client('lead@hartlepool.demo');
  const { body } = await lead.get(`/api/delivery?from=${week}&to=${week}`).expect(200);
  expect(body).toMatchObject({ from: '2023-10-02', to: '2023-10-08', weeks: 1, plannedWeeks: 1 });
  expect(body.totals).toEqual({
    plannedVisits: 4, plannedPersonMinutes: 120, deliveredVisits: 2, patrols: 1, patrolMinutes: 25, personMinutes: 50, qualifyingVisits: 1, qualifyingMinutes: 15, outsidePlan: 1, personMinutesByClass: { A: 0, B: 0, C: 0, D: 50 },
  });
  const at = (id: string | undefined, day: number, band: number) => body.bands.find((one: { hotspotId: string; day: number; band: number }) => one.hotspotId === id && one.day === day && one.band === band);
  expect(at(places['york'], 1, 4)).toMatchObject({ plannedVisits: 2, deliveredVisits: 1, plannedPersonMinutes: 60, deliveredPersonMinutes: 30 });
  expect(at(places['york'], 1, 5)).toMatchObject({ plannedVisits: 0, deliveredVisits: 1 });
  expect(at(places['church'], 2, 3)).toMatchObject({ plannedVisits: 1, deliveredVisits: 0 });
  // York Road from the day before patrols began, 17 September, to 2 October; Church Street since 29 September.
  expect(body.gaps.map((gap: { hotspot: string; afterOn: string; untilOn: string | null; days: number }) => [gap.hotspot, gap.afterOn, gap.untilOn, gap.days])).toEqual([['York Road', '2023-09-17', '2023-10-02', 15], ['Church Street', '2023-09-29', null, 7]]);
  expect(body.missed).toEqual([{ reason: 'Drawn away to other duties', visits: 1 }]);
  expect(body.cost.agreements).toEqual([]);
  expect((await (await service.client('warden@hartlepool.demo')).get(`/api/delivery?from=${week}&to=${week}`).expect(200)).body.cost).toBeNull();
  expect((await (await service.client('lead@middlesbrough.demo')).get(`/api/delivery?from=${week}&to=${week}`).expect(200)).body.totals.deliveredVisits).toBe(0);
});

test('the week board: hours owed, days without a visit, what is over by now, and money left this week', async () => {
  const { body } = await (await service.client('lead@hartlepool.demo')).get('/api/week-board').expect(200);
  expect(body).toMatchObject({ week, on: '2023-10-06', gapLimitDays: 4, plannedWeeks: [week] });
  expect(body.hotspots).toEqual([
    { hotspotId: places['church'], hotspot: 'Church Street', councilCode: hartlepool, plannedMinutes: 30, plannedVisits: 1, plannedByNowMinutes: 30, deliveredMinutes: 0, deliveredVisits: 0, owedMinutes: 30, lastVisitOn: '2023-09-29', gapDays: 7, missedVisits: 1 },
    { hotspotId: places['york'], hotspot: 'York Road', councilCode: hartlepool, plannedMinutes: 90, plannedVisits: 3, plannedByNowMinutes: 60, deliveredMinutes: 50, deliveredVisits: 2, owedMinutes: 40, lastVisitOn: '2023-10-02', gapDays: 4, missedVisits: 0 },
  ]);
  // 50 of 120 minutes of £128.00 are £53.33; £200.00 less that is left.
  expect(body.money).toMatchObject([{ weekPence: 20_000, plannedPence: 12_800, deliveredPence: 5_333, leftPence: 14_667, agreementLeftPence: 5_000_000 }]);
  expect(body.days.map((day: { plannedMinutes: number | null; deliveredMinutes: number | null }) => [day.plannedMinutes, day.deliveredMinutes])).toEqual([[60, 50], [30, 0], [null, 0], [null, 0], [null, 0], [30, null], [null, null]]);
  const warden = (await (await service.client('warden@hartlepool.demo')).get('/api/week-board').expect(200)).body;
  expect(warden.money).toEqual([]);
  const other = (await (await service.client('lead@middlesbrough.demo')).get(`/api/week-board?week=${week}`).expect(200)).body;
  expect(other.hotspots).toMatchObject([{ hotspot: 'Linthorpe Road', plannedMinutes: null, owedMinutes: null, deliveredMinutes: 0, gapDays: 19 }]);
});

test('alerts: raised once, seen by their council, acknowledged once with a reason, ended by the visit itself', async () => {
  const { db } = service.database;
  await checkDelivery(db, new Date('2023-10-06T03:30:00Z'));
  await checkDelivery(db, new Date('2023-10-06T04:30:00Z'));
  const lead = await service.client('lead@hartlepool.demo');
  // Told once, to the leads of each council, whatever the clock does.
  const mails = await db('mail_message').where({ kind: 'delivery alert' }).orderBy('to_address').select('to_address', 'subject', 'body');
  expect(mails.map((mail) => mail.to_address)).toEqual(['lead@hartlepool.demo', 'lead@middlesbrough.demo']);
  expect(mails[1]).toMatchObject({ subject: 'Patrols: an alert', body: expect.stringMatching(/^Middlesbrough had recorded no visit anywhere for 18 days/) });
  const standing = async () => (await lead.get('/api/delivery/alerts').expect(200)).body.alerts as { id: string; kind: string; hotspot: string | null; says: string; endedOn: string | null }[];
  expect((await standing()).map(({ kind, says }) => [kind, says])).toEqual([
    ['gap', 'Church Street had no visit for 6 days, since Friday 29 September; more than 4 are too many.'],
    ['week', 'Hartlepool had delivered 41% of the hours planned for the week of Monday 2 October, less than 50%.'],
  ]);
  const stranger = await service.client('lead@middlesbrough.demo');
  const theirs = (await stranger.get('/api/delivery/alerts').expect(200)).body.alerts;
  expect(theirs.map((one: { kind: string; says: string }) => [one.kind, one.says])).toEqual([['silent', 'Middlesbrough had recorded no visit anywhere for 18 days, since Sunday 17 September; more than 7 are too many.']]);
  const gap = (await standing()).find(({ kind }) => kind === 'gap');
  await stranger.post(`/api/delivery/alerts/${gap?.id}/acknowledgement`).send({ reason: 'Not ours' }).expect(404);
  await (await service.client('warden@hartlepool.demo')).post(`/api/delivery/alerts/${gap?.id}/acknowledgement`).send({ reason: 'No' }).expect(403);
  await lead.post(`/api/delivery/alerts/${gap?.id}/acknowledgement`).send({ reason: '' }).expect(422);
  const { body: acknowledged } = await lead.post(`/api/delivery/alerts/${gap?.id}/acknowledgement`).send({ reason: 'A pair goes on Saturday' }).expect(200);
  expect(acknowledged.acknowledged).toMatchObject({ reason: 'A pair goes on Saturday' });
  expect((await lead.post(`/api/delivery/alerts/${gap?.id}/acknowledgement`).send({ reason: 'Again' }).expect(409)).body.detail).toBe('This alert was acknowledged already.');
  // A visit of before the gap changes nothing; the one that was waited for ends it.
  await lead.post('/api/visits').send(visitOf(places['church'] ?? '', { startedAt: '2023-09-28 12:00', endedAt: '2023-09-28 12:20', patrolReference: 'B0' })).expect(200);
  expect((await standing()).map(({ kind }) => kind)).toEqual(['gap', 'week']);
  await lead.post('/api/visits').send(visitOf(places['church'] ?? '', { startedAt: '2023-10-06 18:00', endedAt: '2023-10-06 18:20', patrolReference: 'B1' })).expect(200);
  expect((await standing()).map(({ kind }) => kind)).toEqual(['week']);
  const ended = (await lead.get('/api/delivery/alerts?all=yes').expect(200)).body.alerts.find((one: { id: string }) => one.id === gap?.id);
  expect(ended).toMatchObject({ endedOn: '2023-10-06', endedBy: 'visit' });
  // 90 of 120 minutes by Friday are enough; the week's alert ends that night.
  await db.transaction((trx) => alertsAsAt(trx, actor, '2023-10-06'));
  expect((await lead.get('/api/delivery/alerts?all=yes').expect(200)).body.alerts.find((one: { kind: string }) => one.kind === 'week')).toMatchObject({ endedBy: 'caught up' });
  expect(await db('audit_event').whereIn('action', ['deliveryAlertRaised', 'deliveryAlertAcknowledged']).where({ council_code: hartlepool }).orderBy('happened_at').pluck('action')).toEqual(['deliveryAlertRaised', 'deliveryAlertRaised', 'deliveryAlertAcknowledged']);
  await expect(db('delivery_alert').where({ id: gap?.id }).update({ found: 1 })).rejects.toMatchObject({ constraint: 'delivery_alert_stays' });
});

test('a hotspot’s page: three priorities with their days, the plan, last visits, notes; another council’s is not there', async () => {
  const { db } = service.database;
  const lead = await service.client('lead@hartlepool.demo');
  const path = `/api/hotspots/${places['york']}`;
  const set = (position: number, words: string, fromOn: string) => lead.put(`${path}/priorities/${position}`).send({ words, fromOn });
  await set(1, 'Youths by the bus station after school', '2023-09-18').expect(200);
  await set(2, 'Drinking at the war memorial', '2023-09-18').expect(200);
  await set(1, 'Off-road bikes on the green', '2023-10-02').expect(200);
  await set(4, 'A fourth', '2023-10-02').expect(422);
  await db('handover_note').insert([
    { id: randomUUID(), council_code: hartlepool, hotspot_id: places['york'], note: 'Gate at the back is open', written_at: '2023-10-06T08:00:00Z', expires_at: '2023-10-08T08:00:00Z' },
    { id: randomUUID(), council_code: hartlepool, hotspot_id: places['york'], note: 'Over', written_at: '2023-10-01T08:00:00Z', expires_at: '2023-10-02T08:00:00Z' },
  ]);
  const { body } = await lead.get(`${path}/delivery`).expect(200);
  expect(body.priorities.map((one: { position: number; words: string; fromOn: string }) => [one.position, one.words, one.fromOn])).toEqual([[1, 'Off-road bikes on the green', '2023-10-02'], [2, 'Drinking at the war memorial', '2023-09-18']]);
  expect(body.formerPriorities).toMatchObject([{ words: 'Youths by the bus station after school', fromOn: '2023-09-18', untilOn: '2023-10-02' }]);
  expect(body.plan).toEqual({ week, cells: [{ day: 1, band: 4, visits: 2, personMinutes: 60 }, { day: 6, band: 4, visits: 1, personMinutes: 30 }] });
  expect(body.lastVisits).toMatchObject([{ minutes: 10, persons: 2, evidenceClass: 'D' }, { minutes: 15 }]);
  expect(body.notes).toMatchObject([{ note: 'Gate at the back is open' }]);
  expect(body.peak).toBeNull();
  expect(body.weeks.at(-1)).toEqual({ week, plannedMinutes: 90, deliveredMinutes: 50 });
  await set(1, '', '2023-10-05').expect(200);
  expect((await lead.get(`${path}/delivery`).expect(200)).body.priorities).toHaveLength(1);
  const stranger = await service.client('lead@middlesbrough.demo');
  await stranger.get(`${path}/delivery`).expect(404);
  await stranger.put(`${path}/priorities/1`).send({ words: 'Ours', fromOn: week }).expect(404);
  await (await service.client('warden@hartlepool.demo')).put(`${path}/priorities/1`).send({ words: 'Mine', fromOn: week }).expect(403);
});
