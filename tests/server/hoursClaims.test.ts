/** Claims on verified hours: filled from the check, held from submission on, and never twice for a minute of one person. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { lockForTerms, makeVersion } from '../../server/terms/versionWork.ts';
import { addHotspot, addWarden, hartlepool, startPatrols, stockton, visitOf } from '../support/patrols.ts';
import { claimPeople, type ClaimPeople, step, submission, threeHeads } from '../support/claims.ts';
import { addLedger, asOffice, faultsIn, type OpenLedger } from '../support/ledger.ts';

let service: TestService;
let db: Knex;
let people: ClaimPeople;
let hotspotId: string;
let ledger: OpenLedger;
let first: string;

/** An agreement of Hartlepool that pays by the hour, £20.00 at any time. */
async function byTheHour(given: { ceilingPence: number } = { ceilingPence: 1_000_000 }, heads = threeHeads): Promise<OpenLedger> {
  const made = await addLedger(db, { rate: 2000, ...given }, { heads });
  await asOffice(db, async (context) => {
    await lockForTerms(context.db, [made.agreement.id]);
    await makeVersion(context, made.agreement, {
      effectiveFrom: made.agreement.startsOn, ...given, endsOn: made.agreement.endsOn, productiveRatio: 0.5, paymentBasis: 'hours', heads, key: randomUUID(),
      source: { kind: 'virement', id: randomUUID() }, reason: 'Paid by verified hours',
    });
  });
  return made;
}

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2023-10-20T10:00:00Z') });
  ({ db } = service.database);
  people = await claimPeople(service);
  ledger = await byTheHour();
  hotspotId = await addHotspot(db, { name: 'Riverside' });
  await startPatrols(db, hartlepool);
  for (const reference of ['W1', 'W2']) {
    const warden = await addWarden(db, reference);
    for (const kind of ['vetting', 'training']) await db('warden_clearance').insert({ id: randomUUID(), warden_id: warden, kind, valid_from: '2023-07-01' });
  }
  await record({ startedAt: '2023-08-07 10:00', endedAt: '2023-08-07 10:31', wardens: ['W1', 'W2'] });
  await record({ startedAt: '2023-08-08 10:00', endedAt: '2023-08-08 10:30', persons: 1, wardens: ['W1'] });
});
afterAll(() => service.close());

const record = async (given: Record<string, unknown>): Promise<string> => (await people.lead.post('/api/visits').send(visitOf(hotspotId, given)).expect(200)).body.visit.id;
const begin = async (of: OpenLedger): Promise<string> => (await people.lead.post(`/api/agreements/${of.agreement.id}/claims`).send({ claimId: randomUUID(), periodId: of.periods[0]?.id }).expect(200)).body.id;
const fill = (id: string) => people.officer.post(`/api/claims/${id}/hours-lines`).send({});
const all = '?from=2023-07-03&to=2024-03-31';
const check = async (of: OpenLedger) => (await people.officer.get(`/api/agreements/${of.agreement.id}/hours-check${all}`).expect(200)).body;

describe('a claim', () => {
  test('is filled from verified hours, and filled again it is the same', async () => {
    first = await begin(ledger);
    expect((await fill(first).expect(200)).body).toEqual({ claimId: first, lines: 1, minutes: 92, claimedPence: 3067, refusedPersonMinutes: 0 });
    const { lines } = (await people.lead.get(`/api/claims/${first}`)).body;
    expect(lines).toMatchObject([{ head: 'Wardens', what: 'Day hours verified, at the rate from 2023-07-03', minutes: 92, pencePerHour: 2000, claimedPence: 3067, rounding: 'half up' }]);
    await fill(first).expect(200);
    expect((await people.lead.get(`/api/claims/${first}`)).body.lines[0].id).toBe(lines[0].id);
    expect(await db('claim_hours').where({ claim_id: first }).sum('minutes as n').first()).toEqual({ n: 92 });
  });

  test('claims what was checked, neither more nor less', async () => {
    const { lines } = (await people.lead.get(`/api/claims/${first}`)).body;
    await people.lead.put(`/api/claims/${first}/lines/${lines[0].id}`).send({ head: 'Wardens', what: lines[0].what, minutes: 93, perHour: '£20.00' }).expect(200);
    expect((await step(people.officer, first, 'submission', submission).expect(409)).body).toMatchObject({ code: 'claim_hours_stand_behind_lines' });
    await fill(first).expect(200);
  });

  test('is checked again as it goes: a clearance that ended is seen', async () => {
    const [vetting] = await db('warden_clearance as c').join('warden as w', 'w.id', 'c.warden_id').where({ kind: 'vetting', reference: 'W2' }).select('c.id');
    await db('warden_clearance').where({ id: vetting.id }).update({ valid_to: '2023-08-01' });
    const { body } = await step(people.officer, first, 'submission', submission).expect(409);
    expect(body.detail).toBe('0 h 31 min of this claim would not be paid any more: what was recorded or entered has changed since it was filled. Fill it from verified hours again.');
    await db('warden_clearance').where({ id: vetting.id }).update({ valid_to: null });
  });

  test('loses the minutes of a visit that is corrected while it is a draft', async () => {
    const visit = await db('visit').where({ visited_on: '2023-08-08' }).first();
    await people.lead.post(`/api/agreements/${ledger.agreement.id}/hours-corrections`).send({ visitId: visit.id, hotspotId, startedAt: '2023-08-08 10:00', endedAt: '2023-08-08 10:29', staffCategory: 'warden', persons: 1, patrolReference: visit.id, wardens: ['W1'], reason: 'Left a minute earlier' }).expect(200);
    expect(await db('claim_hours').where({ claim_id: first }).sum('minutes as n').first()).toEqual({ n: 62 });
    expect((await step(people.officer, first, 'submission', submission).expect(409)).body.code).toBe('claim_hours_stand_behind_lines');
    expect((await fill(first).expect(200)).body).toMatchObject({ minutes: 91, claimedPence: 3033 });
  });

  test('holds its minutes from submission on: they are in no other claim, and the visits stay', async () => {
    await step(people.officer, first, 'submission', submission).expect(200);
    const after = await check(ledger);
    expect(after.lines).toEqual([]);
    expect(after.refused.map(({ reason, says }: Record<string, string>) => [reason, says])).toEqual([1, 2, 3].map(() => ['claimed before', `These minutes of this person stand in claim 1 of ${ledger.agreement.reference} already.`]));
    const visit = await db('visit').where({ visited_on: '2023-08-08' }).first();
    const correction = { visitId: visit.id, hotspotId, startedAt: '2023-08-08 10:00', endedAt: '2023-08-08 10:25', staffCategory: 'warden', persons: 1, patrolReference: visit.id, wardens: ['W1'], reason: 'Left earlier still' };
    expect((await people.lead.post(`/api/agreements/${ledger.agreement.id}/hours-corrections`).send(correction).expect(409)).body.code).toBe('visit_stands_in_claim');
    // Before it is approved W2's vetting turns out to have ended: 31 of 91 minutes at £20.00 are £10.33.
    const vetting = (await db('warden_clearance as c').join('warden as w', 'w.id', 'c.warden_id').where({ kind: 'vetting', reference: 'W2' }).first('c.id')).id;
    await db('warden_clearance').where({ id: vetting }).update({ valid_to: '2023-08-01' });
    expect((await step(people.approver, first, 'approval', { lines: [] }).expect(409)).body.detail).toContain('it has lost 0 h 31 min at £20.00, so that at most £20.00 may be approved at this rate');
    await db('warden_clearance').where({ id: vetting }).update({ valid_to: null });
    await step(people.approver, first, 'approval', { lines: [] }).expect(200);
    expect((await check(ledger)).totals.payablePersonMinutes).toBe(0);
  });

  test('of another agreement finds them taken too, by the database as well', async () => {
    const other = await byTheHour();
    expect((await check(other)).refused).toHaveLength(3);
    const second = await begin(other);
    expect((await fill(second).expect(200)).body).toMatchObject({ lines: 0, minutes: 0 });
    // As code with a fault in it might: the same minutes under another claim.
    await db.raw(`insert into claim_hours (claim_id, agreement_id, visit_id, person, day, from_at, to_at, head, band, pence_per_hour)
      select :second, :other, visit_id, person, day, from_at, to_at, head, band, pence_per_hour from claim_hours where claim_id = :first`, { first, second, other: other.agreement.id });
    await people.lead.put(`/api/claims/${second}/lines/${randomUUID()}`).send({ head: 'Wardens', what: 'Hours', minutes: 91, perHour: '£20.00' }).expect(200);
    await expect(db('claim').where({ id: second }).update({ state: 'submitted', submitted_by: randomUUID(), submitted_at: new Date(), due_on: '2023-10-31', late_days: 0 })).rejects.toMatchObject({ constraint: 'claim_hours_minute_claimed_once' });
    expect(await faultsIn(db)).toEqual([]);
  });
});

test('what a submitted claim stands on is not changed by hand', async () => {
  for (const change of [db('claim_hours').where({ claim_id: first }).delete(), db('claim_hours').where({ claim_id: first }).update({ held: false })]) {
    await expect(change).rejects.toMatchObject({ constraint: expect.stringMatching(/^claim_hours_(only_in_draft|follow_claim)$/) });
  }
});

test('a patrol that two councils recorded is paid to the one that recorded it first, without a word to the other of who that is', async () => {
  const theirs = await addHotspot(db, { name: 'High Street', councilCode: stockton });
  const times = { startedAt: '2023-08-09 10:00', endedAt: '2023-08-09 10:30', persons: 1, patrolReference: 'JOINT-1' };
  await db.raw(`insert into visit (id, hotspot_id, council_code, started_at, ended_at, staff_category, persons, recorded_how, patrol_reference, recorded_at)
    values (gen_random_uuid(), :theirs, :stockton, '2023-08-09 10:10+01', '2023-08-09 10:40+01', 'warden', 1, 'self_report', 'joint-1', '2023-08-09 12:00Z')`, { theirs, stockton });
  await record({ ...times, wardens: ['W1'] });
  const own = (await check(ledger)).refused.find(({ reason }: { reason: string }) => reason === 'joint patrol');
  expect(own).toMatchObject({ minutes: 20, rows: [], says: 'Another council recorded the same patrol at the same time, before this. One body is paid for it.' });
  const office = (await people.manager.get(`/api/agreements/${ledger.agreement.id}/hours-check${all}`).expect(200)).body.refused.find(({ reason }: { reason: string }) => reason === 'joint patrol');
  expect(office.says).toBe('Stockton-on-Tees recorded the same patrol at the same time, before this. One body is paid for it.');
  expect(office.rows).toHaveLength(1);
});

test('a claim is capped at what is left, in whole minutes, and the rest stays to be claimed', async () => {
  const small = await byTheHour({ ceilingPence: 500 }, [{ head: 'Wardens', budgetPence: 500, tolerancePence: 0 }]);
  await record({ startedAt: '2023-08-10 10:00', endedAt: '2023-08-10 10:30', persons: 1, wardens: ['W2'] });
  const before = await check(small);
  expect(before.totals).toMatchObject({ leftPence: 500, payablePence: 500 });
  const id = await begin(small);
  // 15 minutes at £20.00 are £5.00.
  expect((await fill(id).expect(200)).body).toMatchObject({ lines: 1, minutes: 15, claimedPence: 500 });
});
