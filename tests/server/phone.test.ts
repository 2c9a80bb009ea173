/** What the phone page takes along and sends: counted once whatever is sent again, and on what each record stands. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, addWarden, hartlepool, middlesbrough, startPatrols } from '../support/patrols.ts';

let service: TestService;
let hotspot: string;
let elsewhere: string;
let warden: Awaited<ReturnType<TestService['client']>>;
let lead: typeof warden;

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-06-03T12:00:00Z') });
  const { db } = service.database;
  hotspot = await addHotspot(db, { name: 'York Road' });
  elsewhere = await addHotspot(db, { name: 'Linthorpe Road', councilCode: middlesbrough, at: [-1.24, 54.57] });
  const accredited = await addWarden(db, 'H-01');
  await addWarden(db, 'H-02');
  await startPatrols(db, hartlepool, '2023-10-01');
  await db('warden_power').insert({ id: randomUUID(), warden_id: accredited, action_code: 'fixed_penalty_litter', valid_from: '2024-01-01' });
  await db('planned_hours').insert({ hotspot_id: hotspot, council_code: hartlepool, week: '2024-06-03', band_day: 1, band: 4, visits: 2, person_minutes: 60, cost_pence: 0 });
  warden = await service.client('warden@hartlepool.demo');
  lead = await service.client('lead@hartlepool.demo');
});
afterAll(() => service.close());

const inside = { found: 'inside', accuracyMetres: 8 };
const none = { found: 'none', accuracyMetres: null };
let minute = 0;
/** A visit of 15 minutes, each after the one before. */
const visitOf = (given: Record<string, unknown> = {}): Record<string, unknown> & { id: string } => {
  const start = Date.parse('2024-06-01T06:00:20Z') + 20 * 60_000 * minute++;
  return { id: randomUUID(), hotspotId: hotspot, startedAt: new Date(start).toISOString(), endedAt: new Date(start + 15 * 60_000).toISOString(), persons: 2, arrived: inside, left: inside, ...given };
};
const send = (body: object) => warden.post('/api/phone/visits').send(body);
const count = async (table: string): Promise<number> => Number((await service.database.db(table).count('* as n').first())?.['n']);

describe('what is taken along', () => {
  test('the council’s own hotspots with outline and plan, wardens with powers, lists and settings; nothing of another council', async () => {
    const { body } = await warden.get('/api/phone/pack').expect(200);
    expect(body.hotspots).toEqual([{
      id: hotspot, name: 'York Road', councilCode: hartlepool, liveFrom: '2023-07-01', liveTo: null, lastVisitAt: null, planned: [{ date: '2024-06-03', band: 4, visits: 2 }],
      polygons: [[[[-1.212, 54.684], [-1.212, 54.688], [-1.208, 54.688], [-1.208, 54.684], [-1.212, 54.684]]]],
    }]);
    expect(body.wardens).toEqual([
      { reference: 'H-01', councilCode: hartlepool, staffCategory: 'warden', own: false, powers: ['fixed_penalty_litter'] },
      { reference: 'H-02', councilCode: hartlepool, staffCategory: 'warden', own: false, powers: [] },
    ]);
    expect(body.powersKept).toBe(true);
    expect(body.reasons.map(({ code }: { code: string }) => code)).toEqual(['abstraction', 'vacancy', 'weather', 'incident', 'other']);
    expect(body.forces).toEqual([{ code: 'E23000013', name: 'Cleveland Police' }]);
    expect(body.settings).toEqual({ accuracyMetres: 50, outsideMetres: 25, patrolHours: 12, handoverHours: 24, qualifyingMinutes: 15 });
    expect(body.translations[0]).toMatchObject({ language: 'pl', heading: 'Polish', draft: true });
    expect(JSON.stringify(body)).not.toContain(elsewhere);
  });
});

test('the stops of one’s own round are taken along, nobody else’s', async () => {
  const { db } = service.database;
  const ids = { base: randomUUID(), draw: randomUUID(), round: randomUUID(), hotspot, warden: (await db('warden').where({ reference: 'H-02' }).first()).id };
  await db.transaction(async (trx) => {
    await trx.raw(`insert into round_base (id, council_code, name, lng, lat, travel, valid_from) values (:base, 'E06000001', 'Civic Centre', -1.21, 54.68, 'walk', '2024-01-01')`, ids);
    await trx.raw(`insert into round_draw (id, council_code, shift_key, shift_name, starts_at, ends_at, number, base_id, nonce, inputs, inputs_sha256, plan_sha256, seed_sha256, ways_estimated, ways, solver_version)
      values (:draw, 'E06000001', gen_random_uuid(), 'Late', '2024-06-03T14:00Z', '2024-06-03T22:00Z', 1, :base, gen_random_uuid(), '{}', 'x', 'x', 'x', 0, 0, 1)`, ids);
    await trx.raw(`insert into round (id, draw_id, council_code, crew, leg, leaves_at, back_at, among, share_of_best) values (:round, :draw, 'E06000001', 1, 1, '2024-06-03T14:00Z', '2024-06-03T16:00Z', 1, 1)`, ids);
    await trx.raw(`insert into round_warden (round_id, warden_id) values (:round, :warden)`, ids);
    await trx.raw(`insert into round_stop (round_id, position, hotspot_id, band_on, band, nth, arrives_at, leaves_at, travel_minutes) values (:round, 1, :hotspot, '2024-06-03', 4, 1, '2024-06-03T14:20Z', '2024-06-03T14:35Z', 12)`, ids);
  });
  expect((await warden.get('/api/phone/pack')).body.stops).toEqual([]);
  await db('warden_account').insert({ warden_id: ids.warden, council_code: hartlepool, person_id: (await db('person').where({ email: 'warden@hartlepool.demo' }).first()).id });
  const { body } = await warden.get('/api/phone/pack').expect(200);
  expect(body.stops).toEqual([{ hotspotId: hotspot, arrivesAt: '2024-06-03T14:20:00.000Z', leavesAt: '2024-06-03T14:35:00.000Z' }]);
  expect(body.wardens.map(({ own }: { own: boolean }) => own)).toEqual([false, true]);
  expect((await lead.get('/api/phone/pack')).body.stops).toEqual([]);
});

describe('a visit', () => {
  test.each([
    ['both fixes inside', inside, inside, 'A', 'Recorded by GPS: both fixes lie in the hotspot.'],
    ['beside it', inside, { found: 'near', accuracyMetres: 50 }, 'A', 'Recorded by GPS: both fixes lie in the hotspot.'],
    ['no fix', none, inside, 'D', 'Recorded on your word: there was no fix on arriving.'],
    ['away', inside, { found: 'outside', accuracyMetres: 5 }, 'D', 'Recorded on your word: the fix on leaving lies outside the hotspot.'],
    ['unsure', { found: 'inside', accuracyMetres: 51 }, inside, 'D', 'Recorded on your word: the fix on arriving is sure to 51 m only, and 50 m is needed.'],
  ])('with %s stands on class %s', async (_what, arrived, left, evidence, says) => {
    const { body } = await send(visitOf({ arrived, left })).expect(200);
    expect(body).toMatchObject({ alreadyRecorded: false, says, visit: { evidenceClass: evidence, minutes: 15, personMinutes: 30 } });
    expect(await service.database.db('visit_fix').where({ visit_id: body.visit.id })).toHaveLength(2);
  });

  test('keeps of a fix whether it lay there and how sure it is, and no place', async () => {
    const { rows } = await service.database.db.raw(`select column_name from information_schema.columns where table_name = 'visit_fix' order by 1`);
    expect(rows.map((row: { column_name: string }) => row.column_name)).toEqual(['accuracy_metres', 'found', 'moment', 'visit_id']);
    await send(visitOf({ arrived: { ...inside, lng: -1.2, lat: 54.6 } })).expect(422);
  });

  test('sent twenty times at once is recorded once', async () => {
    const before = await count('visit');
    const sent = visitOf();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(sent)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(answers.filter(({ body }) => !body.alreadyRecorded)).toHaveLength(1);
    expect(await count('visit')).toBe(before + 1);
    expect(await service.database.db('audit_event').where({ action: 'visitRecorded', subject_id: sent.id })).toHaveLength(1);
  });

  test('sent again after the lead corrected or withdrew it stays as the lead left it', async () => {
    const corrected = visitOf();
    await send(corrected).expect(200);
    await lead.post(`/api/visits/${corrected.id}/corrections`).send({ ...corrected, arrived: undefined, left: undefined, persons: 1, reason: 'One warden was called away' }).expect(200);
    expect((await send(corrected).expect(200)).body).toMatchObject({ alreadyRecorded: true, visit: { persons: 1, evidenceClass: 'A' } });
    const withdrawn = visitOf();
    await send(withdrawn).expect(200);
    await lead.post(`/api/visits/${withdrawn.id}/withdrawal`).send({ reason: 'Entered on the wrong phone' }).expect(200);
    expect((await send(withdrawn).expect(200)).body).toEqual({ visit: null, alreadyRecorded: true, says: 'Recorded before, and withdrawn by the lead since. It stays withdrawn.' });
    expect(await service.database.db('visit').where({ id: withdrawn.id })).toEqual([]);
    const other = await send({ ...withdrawn, persons: 3 }).expect(409);
    expect(other.body.code).toBe('visit_id_taken');
  });

  test('joint with the police names the force, and only then', async () => {
    const { body } = await send(visitOf({ jointWithPolice: true, jointForce: 'E23000013', patrolReference: 'SHARED-1' })).expect(200);
    expect(body.visit).toMatchObject({ jointForce: 'E23000013', jointForceName: 'Cleveland Police', patrolReference: 'SHARED-1' });
    expect((await send(visitOf({ jointForce: 'E23000013' })).expect(422)).body.errors[0].message).toBe('A police force is named and the visit is not joint with the police. Mark it as joint, or take the force out.');
    expect((await send(visitOf({ jointWithPolice: true, jointForce: 'E06000001' })).expect(422)).body.errors[0].message).toBe('E06000001 is not a police force of this service. Choose one of the list.');
  });

  test('with a penalty nobody of the crew may give is refused; with one who may it is kept', async () => {
    const penalty = [{ code: 'fixed_penalty_litter', n: 1 }];
    const refused = await send(visitOf({ wardens: ['H-02'], actions: penalty })).expect(422);
    expect(refused.body.errors).toEqual([{ field: 'actions', message: 'Fixed penalty notices: litter: H-02 does not hold the power on 2024-06-01. Take it out, name the warden who does, or ask the lead to enter the accreditation with its dates.' }]);
    await send(visitOf({ wardens: ['H-01', 'H-02'], actions: penalty })).expect(200);
  });

  test('of another council’s hotspot is refused as if there were none', async () => {
    expect((await send(visitOf({ hotspotId: elsewhere })).expect(422)).body.errors[0].message).toBe(`There is no hotspot ${elsewhere}, or it is not yours. Choose one from the list of hotspots.`);
  });
});

describe('a missed visit', () => {
  const missed = (given: Record<string, unknown> = {}) => ({ id: randomUUID(), hotspotId: hotspot, missedOn: '2024-05-30', band: 4, reasonCode: 'weather', ...given });
  const say = (body: object) => warden.post('/api/missed-visits').send(body);

  test('counts once, sent again or said by a second warden', async () => {
    const sent = missed();
    expect((await say(sent).expect(200)).body).toMatchObject({ alreadyRecorded: false, missed: { hotspot: 'York Road', reason: 'Weather', visits: 1 } });
    expect((await say(sent).expect(200)).body.alreadyRecorded).toBe(true);
    expect((await say(missed()).expect(200)).body).toMatchObject({ alreadyRecorded: true, missed: { id: sent.id } });
    expect((await say(missed({ reasonCode: 'vacancy' })).expect(409)).body.detail)
      .toBe('York Road, Thursday 30 May, 16:00 to 20:00: 1 visit is recorded as missed already (weather). Delete this one, or ask the lead to withdraw what is recorded.');
    expect(await count('missed_visit')).toBe(1);
  });

  test.each([
    ['later today', { missedOn: '2024-06-03', band: 4 }, 'This band has not begun. Record a visit as missed once its time has come.'],
    ['before it was live', { missedOn: '2023-06-30' }, 'York Road was not live on 2023-06-30. Check the day, or the hotspot.'],
    ['before patrols started', { missedOn: '2023-09-30' }, 'The council’s patrols start on 2023-10-01. Check the day.'],
    ['for no reason of the list', { missedOn: '2024-05-29', reasonCode: 'holiday' }, 'Choose a reason of the list: drawn away to other duties, post vacant or nobody on shift, weather, held at an incident, other.'],
  ])('%s is refused', async (_what, given, message) => {
    expect((await say(missed(given)).expect(422)).body.errors[0].message).toBe(message);
  });

  test('adds up by reason, hotspot and week, and leaves when the lead withdraws it', async () => {
    const sent = missed({ missedOn: '2024-05-31', visits: 2, reasonCode: 'abstraction' });
    await say(sent).expect(200);
    const { body } = await lead.get('/api/missed-visits?from=2024-05-27&to=2024-06-02').expect(200);
    expect(body.totals).toEqual({
      visits: 3, byReason: [{ key: 'abstraction', name: 'Drawn away to other duties', visits: 2 }, { key: 'weather', name: 'Weather', visits: 1 }],
      byHotspot: [{ key: hotspot, name: 'York Road', visits: 3 }], byWeek: [{ key: '2024-05-27', name: '2024-05-27 to 2024-06-02', visits: 3 }],
    });
    await warden.post(`/api/missed-visits/${sent.id}/withdrawal`).send({ reason: 'x' }).expect(403);
    await lead.post(`/api/missed-visits/${sent.id}/withdrawal`).send({ reason: 'They went after all' }).expect(200);
    expect((await say(sent).expect(200)).body).toMatchObject({ missed: null, alreadyRecorded: true });
    expect((await lead.get('/api/missed-visits?from=2024-05-27&to=2024-06-02')).body.totals.visits).toBe(1);
    const stranger = await service.client('lead@middlesbrough.demo');
    expect((await stranger.get('/api/missed-visits?from=2024-05-27&to=2024-06-02')).body.missed).toEqual([]);
  });
});

describe('a note for the next shift', () => {
  test('is shown until it expires, holds nothing about a person, and counts once', async () => {
    const note = { id: randomUUID(), hotspotId: hotspot, note: 'Lights out by the underpass', hours: 2 };
    const first = await warden.post('/api/handover-notes').send(note).expect(200);
    expect(first.body.note).toMatchObject({ hotspot: 'York Road', own: true, expiresAt: '2024-06-03T14:00:00.000Z' });
    expect((await warden.post('/api/handover-notes').send(note).expect(200)).body.alreadyRecorded).toBe(true);
    expect((await lead.get('/api/handover-notes')).body.notes).toMatchObject([{ note: 'Lights out by the underpass', own: false }]);
    await warden.post('/api/handover-notes').send({ ...note, id: randomUUID(), note: 'Ask Mr Smith' }).expect(422);
    await warden.delete(`/api/handover-notes/${note.id}`).expect(200);
    expect((await lead.get('/api/handover-notes')).body.notes).toEqual([]);
    await warden.post('/api/handover-notes').send(note).expect(200);
    expect((await lead.get('/api/handover-notes')).body.notes).toEqual([]);
  });
});

describe('the lists', () => {
  test('a lead keeps the council’s prompts and devices, the office those of all and the reasons', async () => {
    const manager = await service.client('manager@opcc.demo');
    const prompt = { id: randomUUID(), kind: 'youth', heading: 'Youth club', words: 'Open until nine', contact: '01429 000000', source: 'The council', validFrom: '2024-06-01' };
    await lead.post('/api/phone/prompts').send(prompt).expect(200);
    expect((await warden.get('/api/phone/pack')).body.youth.at(-1)).toMatchObject({ heading: 'Youth club', contact: '01429 000000', draft: false });
    const ofAll = (await lead.get('/api/phone/prompts')).body.prompts.find(({ councilCode }: { councilCode: string | null }) => councilCode === null);
    expect(ofAll.mayEnd).toBe(false);
    await lead.put(`/api/phone/prompts/${ofAll.id}`).send({ validTo: '2024-06-03' }).expect(404);
    await manager.put(`/api/phone/prompts/${ofAll.id}`).send({ validTo: '2024-06-03' }).expect(200);
    const device = { id: randomUUID(), product: 'A certified device (BS 8484)', deviceId: '4471', alarmNumber: '01632 960000', validFrom: '2024-06-01' };
    await lead.post('/api/lone-worker-devices').send(device).expect(200);
    expect((await warden.get('/api/phone/pack')).body.devices).toMatchObject([{ deviceId: '4471', alarmNumber: '01632 960000' }]);
    expect((await lead.post('/api/lone-worker-devices').send({ ...device, id: randomUUID() }).expect(409)).body.code).toBe('lone_worker_device_once_a_day');
    await lead.post('/api/missed-reasons').send({ code: 'road_closed', name: 'Road closed', validFrom: '2024-06-01' }).expect(403);
    await manager.post('/api/missed-reasons').send({ code: 'road_closed', name: 'Road closed', validFrom: '2024-06-01' }).expect(200);
    await manager.put('/api/missed-reasons/other').send({ name: 'Other', validTo: '2024-06-01' }).expect(200);
    expect((await warden.get('/api/phone/pack')).body.reasons.map(({ code }: { code: string }) => code)).toEqual(['abstraction', 'vacancy', 'weather', 'incident', 'road_closed']);
  });
});
