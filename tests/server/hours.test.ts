/** Recorded hours checked before they are paid: over HTTP, with what two people do about those that are refused. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import { saveRate } from '../../server/grants/queries.ts';
import { hoursLines } from '../../server/claims/hoursWork.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, addWarden, hartlepool, middlesbrough, startPatrols, visitOf } from '../support/patrols.ts';
import { addLedger } from '../support/ledger.ts';

type Client = Awaited<ReturnType<TestService['client']>>;

let service: TestService;
let db: Knex;
let lead: Client;
let finance: Client;
let approver: Client;
let agreementId: string;
let hotspotId: string;
const wardens: Record<string, string> = {};
const october = '?from=2023-10-01&to=2023-12-31';

beforeAll(async () => {
  service = await startTestService();
  ({ db } = service.database);
  [lead, finance, approver] = await Promise.all([service.client('lead@hartlepool.demo'), service.client('finance@hartlepool.demo'), service.client('finance@opcc.demo')]);
  agreementId = (await addLedger(db, { ceilingPence: 10_000_000 })).agreement.id;
  for (const [band, before, after] of [['day', 2030, 2111], ['evening', 2233, 2322], ['saturday', 2538, 2640]] as const) {
    await saveRate(db, agreementId, { band, pencePerHour: before, validFrom: '2023-07-03' });
    await saveRate(db, agreementId, { band, pencePerHour: after, validFrom: '2023-11-01' });
  }
  hotspotId = await addHotspot(db, { name: 'Riverside' });
  await startPatrols(db, hartlepool);
  for (const reference of ['W1', 'W2', 'W3']) wardens[reference] = await addWarden(db, reference);
});
afterAll(() => service.close());

const check = async (client: Client, query = october) => (await client.get(`/api/agreements/${agreementId}/hours-check${query}`).expect(200)).body;
const clear = (reference: string, kind: string, given: object = {}) =>
  lead.post(`/api/wardens/${wardens[reference]}/clearances`).send({ clearanceId: randomUUID(), kind, validFrom: '2023-07-01', ...given });
const record = async (given: Record<string, unknown>): Promise<string> => (await lead.post('/api/visits').send(visitOf(hotspotId, given)).expect(200)).body.visit.id;

describe('clearances', () => {
  test('are kept by the council’s lead, with dates that do not overlap', async () => {
    for (const reference of ['W1', 'W2', 'W3']) await clear(reference, 'training').expect(200);
    const id = randomUUID();
    await clear('W1', 'vetting', { clearanceId: id }).expect(200);
    await clear('W1', 'vetting', { clearanceId: id }).expect(200);
    expect((await clear('W1', 'vetting', { clearanceId: id, validFrom: '2023-08-01' }).expect(409)).body.code).toBe('warden_clearance_pkey');
    expect((await clear('W1', 'vetting', { validFrom: '2024-01-01' }).expect(409)).body.detail).toBe('The warden holds this clearance on some of these days already. Change the one that is there.');
    expect((await clear('W2', 'vetting', { validTo: '2023-07-01' }).expect(409)).body.code).toBe('warden_clearance_dates_in_order');
    await clear('W2', 'vetting').expect(200);
    const w3 = (await clear('W3', 'vetting').expect(200)).body.id;
    const changed = await lead.put(`/api/clearances/${w3}`).send({ kind: 'vetting', validFrom: '2023-07-01', validTo: '2023-11-10', reason: 'It ran out' }).expect(200);
    expect(changed.body).toMatchObject({ reference: 'W3', validTo: '2023-11-10' });
    const mistaken = (await clear('W3', 'accreditation').expect(200)).body.id;
    await lead.delete(`/api/clearances/${mistaken}`).query({ reason: 'Entered for the wrong warden' }).expect(200);
    expect((await finance.get('/api/clearances').expect(200)).body.clearances.map((each: { reference: string; kind: string }) => `${each.reference} ${each.kind}`)).toEqual(['W1 training', 'W1 vetting', 'W2 training', 'W2 vetting', 'W3 training', 'W3 vetting']);
    const events: string[] = await db('audit_event').where('action', 'like', 'clearance%').pluck('action');
    expect([events.length, new Set(events)]).toEqual([9, new Set(['clearanceAdded', 'clearanceChanged', 'clearanceRemoved'])]);
  });

  test('of another council are nobody else’s', async () => {
    const other = await addWarden(db, 'M1', { councilCode: middlesbrough });
    await lead.post(`/api/wardens/${other}/clearances`).send({ clearanceId: randomUUID(), kind: 'vetting', validFrom: '2023-07-01' }).expect(404);
    await db('warden_clearance').insert({ id: randomUUID(), warden_id: other, kind: 'vetting', valid_from: '2023-07-01' });
    expect((await lead.get('/api/clearances').expect(200)).body.clearances).toHaveLength(6);
    expect((await approver.get('/api/clearances').expect(200)).body.clearances).toHaveLength(7);
    await lead.get('/api/clearances').query({ council: 'Middlesbrough' }).expect(404);
  });
});

describe('a quarter', () => {
  let overlap: string;
  let unvetted: string;
  beforeAll(async () => {
    await record({ startedAt: '2023-10-31 23:30', endedAt: '2023-11-01 00:30', wardens: ['W1', 'W2'] });
    await record({ startedAt: '2023-11-02 14:00', endedAt: '2023-11-02 14:50', wardens: ['W1', 'W2'], patrolReference: 'P-7', jointWithPolice: true });
    await record({ startedAt: '2023-11-02 14:00', endedAt: '2023-11-02 14:50', persons: 1, staffCategory: 'police_officer', patrolReference: 'P-7' });
    // Nobody is named: one of two is covered by W3, the only cleared warden who is not out at this time.
    overlap = await record({ startedAt: '2023-11-02 14:10', endedAt: '2023-11-02 14:40', persons: 2 });
    await record({ startedAt: '2023-11-09 10:00', endedAt: '2023-11-09 10:40', persons: 1, wardens: ['W3'] });
    unvetted = await record({ startedAt: '2023-11-10 10:00', endedAt: '2023-11-10 10:40', persons: 1, wardens: ['W3'] });
  });

  test('is paid to the penny, and every refused minute is listed', async () => {
    const body = await check(finance);
    expect(body.lines.map(({ head, band, pencePerHour, validFrom, minutes, amountPence }: Record<string, unknown>) => [head, band, pencePerHour, validFrom, minutes, amountPence])).toEqual([
      ['', 'day', 2111, '2023-11-01', 230, 8092], // 60 after midnight, 100, 30 and 40: 230 × 2111 ÷ 60 = 8092.17
      ['', 'evening', 2233, '2023-07-03', 60, 2233],
    ]);
    expect(body.refused.map(({ reason, minutes, wardenReference, mayBeAccepted }: Record<string, unknown>) => [reason, minutes, wardenReference, mayBeAccepted])).toEqual([
      ['police time', 50, null, false], ['not named', 30, null, true], ['not vetted', 40, 'W3', true],
    ]);
    expect(body.totals).toMatchObject({
      recordedPersonMinutes: 410, payablePersonMinutes: 290, refusedPersonMinutes: 120, acceptedPersonMinutes: 0, recordedPatrolMinutes: 270, payablePatrolMinutes: 180,
      amountPence: 10_325, payablePence: 10_325, pencePerPersonHour: 2136, pencePerPatrolHour: 3442, leftPence: 10_000_000,
    });
    expect(body.visits).toHaveLength(6);
    expect(body.definitions.join(' ')).toContain('with vetting and training');
    expect(body.lines[0].visits.reduce((sum: number, each: { amountPence: number }) => sum + each.amountPence, 0)).toBe(8092);
  });

  test('gives the same lines to a claim', async () => {
    const lines = await inScope(db, { personId: null, roles: ['council_finance'], councils: [hartlepool] }, (trx) => hoursLines(trx, agreementId, '2023-10-01', '2023-12-31'));
    expect(lines.totals.payablePence).toBe(10_325);
    await expect(inScope(db, { personId: null, roles: ['council_finance'], councils: [middlesbrough] }, (trx) => hoursLines(trx, agreementId, '2023-10-01', '2023-12-31'))).rejects.toMatchObject({ status: 404 });
  });

  test('refused minutes are explained by the council and paid once a second person accepts them', async () => {
    const path = `/api/agreements/${agreementId}/hours-explanations`;
    const body = await check(finance);
    const [police, , vetting] = body.refused;
    const decisionId = randomUUID();
    const say = (key: string, id = decisionId) => finance.post(path).send({ from: '2023-10-01', to: '2023-12-31', decisionId: id, key, explanation: 'The renewal was under way and came through on 13 November' });
    expect((await say(police.key, randomUUID()).expect(409)).body.detail).toBe('Minutes refused as “police time” cannot be accepted. Correct the staff category if it is wrong.');
    expect((await say('no such key', randomUUID()).expect(409)).body.code).toBe('hours_not_refused');
    expect((await say(vetting.key).expect(200)).body).toMatchObject({ state: 'explained', visitId: unvetted, minutes: 40, own: true });
    await say(vetting.key).expect(200);
    expect((await say(vetting.key, randomUUID()).expect(409)).body.code).toBe('hours_decision_one_at_a_time');
    expect((await check(approver)).refused[2].decision).toMatchObject({ state: 'explained', own: false });
    const decision = { decision: 'accepted', why: 'The vetting office confirmed it' };
    await finance.post(`${path}/${decisionId}/decision`).send(decision).expect(403);
    await approver.post(`${path}/${randomUUID()}/decision`).send(decision).expect(404);
    expect((await approver.post(`${path}/${decisionId}/decision`).send(decision).expect(200)).body).toMatchObject({ state: 'accepted', own: false });
    await approver.post(`${path}/${decisionId}/decision`).send(decision).expect(200);
    expect((await approver.post(`${path}/${decisionId}/decision`).send({ ...decision, decision: 'declined' }).expect(409)).body.code).toBe('hours_decision_once');
    const after = await check(finance);
    // 40 more at £21.11: 270 × 2111 ÷ 60 = 9499.5, half up.
    expect(after.lines[0]).toMatchObject({ minutes: 270, amountPence: 9500 });
    expect(after.totals).toMatchObject({ acceptedPersonMinutes: 40, refusedPersonMinutes: 80 });
    expect(after.decisions).toMatchObject([{ state: 'accepted', decidedWhy: 'The vetting office confirmed it' }]);
  });

  test('a visit is corrected instead, and judged anew', async () => {
    const body = await check(lead);
    const refusal = body.refused.find((each: { reason: string }) => each.reason === 'not named');
    const correction = { visitId: overlap, key: refusal.key, hotspotId, startedAt: '2023-11-02 15:00', endedAt: '2023-11-02 15:30', staffCategory: 'warden', persons: 2, patrolReference: 'P-8', wardens: ['W1', 'W2'], reason: 'The clock was an hour out' };
    const path = `/api/agreements/${agreementId}/hours-corrections`;
    await finance.post(path).send(correction).expect(403);
    expect((await lead.post(path).send({ ...correction, startedAt: '2023-11-02 14:30' }).expect(422)).body.errors[0].message).toContain('W1 is in another visit at the same time');
    expect((await lead.post(path).send({ ...correction, wardens: ['W9', 'W1'] }).expect(422)).body.errors[0].message).toContain('W9 is not a warden of this council');
    expect((await lead.post(path).send(correction).expect(200)).body).toMatchObject({ id: overlap, wardens: ['W1', 'W2'], minutes: 30 });
    const after = await check(lead);
    expect(after.refused.map((each: { reason: string }) => each.reason)).toEqual(['police time']);
    expect(after.totals.payablePersonMinutes).toBe(360);
    expect(after.decisions.map((each: { state: string }) => each.state)).toEqual(['corrected', 'accepted']);
    const event = await db('audit_event').where({ action: 'visitCorrected' }).first();
    expect([event.before.persons, event.before.wardens, event.after.wardens, event.reason]).toEqual([2, [], ['W1', 'W2'], 'The clock was an hour out']);
  });
});

describe('nobody', () => {
  test('accepts what they explained, removes what was decided, or sees another council’s check', async () => {
    const office = await db('person').where({ email: 'finance@opcc.demo' }).first();
    const row = { id: randomUUID(), agreement_id: agreementId, visit_id: (await db('visit').first()).id, person: 'x', reason: 'not vetted', day: '2023-11-10', from_at: '2023-11-10T10:00Z', to_at: '2023-11-10T10:40Z', fingerprint: 'x', minutes: 40, explanation: 'x', explained_by: randomUUID() };
    const asOffice = <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> => inScope(db, { personId: office.id, roles: ['finance_approver'], councils: ['*'] }, work);
    await asOffice((trx) => trx('hours_decision').insert(row));
    // Who explains is who is signed in, whatever is written.
    expect((await db('hours_decision').where({ id: row.id }).first()).explained_by).toBe(office.id);
    await expect(asOffice((trx) => trx('hours_decision').where({ id: row.id }).update({ state: 'accepted', decided_by: randomUUID(), decided_why: 'x' }))).rejects.toMatchObject({ constraint: 'hours_decision_preparer_is_not_approver' });
    await expect(asOffice((trx) => trx('hours_decision').where({ id: row.id }).update({ explanation: 'y' }))).rejects.toMatchObject({ code: '42501' });
    await expect(db('hours_decision').where({ id: row.id }).delete()).rejects.toMatchObject({ constraint: 'hours_decision_append_only' });
    await expect(asOffice((trx) => trx('hours_decision').insert({ ...row, id: randomUUID(), state: 'accepted', decided_by: randomUUID(), decided_why: 'x' }))).rejects.toMatchObject({ code: '42501' });
    const other = await service.client('lead@middlesbrough.demo');
    await other.get(`/api/agreements/${agreementId}/hours-check`).expect(404);
  });

  test('need give days: without any it is the latest period that has begun', async () => {
    expect(await check(finance, '')).toMatchObject({ from: '2024-01-01', to: '2024-03-31', periods: [{ from: '2023-07-03', to: '2023-09-30' }, { from: '2023-10-01', to: '2023-12-31' }, { from: '2024-01-01', to: '2024-03-31' }] });
    expect(await check(finance, '?from=2023-08-01')).toMatchObject({ from: '2023-08-01', to: '2024-03-31' });
  });

  test('asks for days the wrong way round', async () => {
    expect((await finance.get(`/api/agreements/${agreementId}/hours-check?from=2023-12-31&to=2023-10-01`).expect(422)).body.errors[0].message).toBe('2023-10-01 is before 2023-12-31. Give a later day.');
  });
});
