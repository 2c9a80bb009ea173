/** A recorded visit corrected or withdrawn with a reason, what it was kept; and nothing typed twice reaching the record twice. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, addWarden, hartlepool, startPatrols, visitOf } from '../support/patrols.ts';

let service: TestService;
let hotspot: string;
let warden: Awaited<ReturnType<TestService['client']>>;
let lead: typeof warden;

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-06-03T12:00:00Z') });
  const { db } = service.database;
  hotspot = await addHotspot(db, { name: 'York Road' });
  await addWarden(db, 'H-01');
  await addWarden(db, 'H-02');
  await startPatrols(db, hartlepool, '2023-10-01');
  warden = await service.client('warden@hartlepool.demo');
  lead = await service.client('lead@hartlepool.demo');
});
afterAll(() => service.close());

/** A visit of 2 October 2023 recorded, and as the form of a correction sends it. */
async function recorded(given: Record<string, unknown>): Promise<{ id: string; form: Record<string, unknown> }> {
  const { body } = await warden.post('/api/visits').send(visitOf(hotspot, given)).expect(200);
  const { hotspotId, startedAt, endedAt, staffCategory, persons, onFoot, extended, jointWithPolice, patrolReference, note, wardens, actions } = body.visit;
  return { id: body.visit.id, form: { hotspotId, startedAt, endedAt, staffCategory, persons, onFoot, extended, jointWithPolice, patrolReference, note, wardens, actions } };
}
const correct = (id: string, body: object) => lead.post(`/api/visits/${id}/corrections`).send(body);
const visits = async (): Promise<number> => Number((await service.database.db('visit').count('* as n').first())?.['n']);

test('the lead corrects anything of a visit; before and after stay with the reason, and a time that is changed stands on the lead’s word', async () => {
  const { id, form } = await recorded({ startedAt: '2023-10-02 10:00', endedAt: '2023-10-02 10:15', recordedHow: 'nfc', wardens: ['H-01'], actions: [{ code: 'informal_warning', n: 1 }] });
  const first = await correct(id, { ...form, actions: [{ code: 'informal_warning', n: 4 }], wardens: ['H-01', 'H-02'], reason: 'Counted again from the notebook' }).expect(200);
  expect(first.body).toMatchObject({ evidenceClass: 'B', actions: [{ code: 'informal_warning', n: 4 }], wardens: ['H-01', 'H-02'] });
  const second = await correct(id, { ...form, actions: [], wardens: [], endedAt: '2023-10-02 10:25', reason: 'Left ten minutes later' }).expect(200);
  expect(second.body).toMatchObject({ evidenceClass: 'D', minutes: 25, actions: [], wardens: [] });
  const { body } = await warden.get(`/api/visits/${id}/history`).expect(200);
  expect(body).toMatchObject({ withdrawn: false, visit: { minutes: 25 } });
  expect(body.changes.map(({ number, kind, reason, before, after }: { number: number; kind: string; reason: string; before: { minutes: number; evidenceClass: string }; after: { minutes: number } }) =>
    [number, kind, reason, before.minutes, before.evidenceClass, after.minutes])).toEqual([
    [1, 'corrected', 'Counted again from the notebook', 15, 'B', 15], [2, 'corrected', 'Left ten minutes later', 15, 'B', 25],
  ]);
  expect(await service.database.db('audit_event').where({ action: 'visitCorrected', subject_id: id })).toHaveLength(2);
});

test('a correction is judged like a visit, needs a reason and a change, and is the lead’s of that council', async () => {
  const { id, form } = await recorded({ startedAt: '2023-10-03 10:00', endedAt: '2023-10-03 10:15', wardens: ['H-01'] });
  await recorded({ startedAt: '2023-10-03 11:00', endedAt: '2023-10-03 11:15', wardens: ['H-01'] });
  expect((await correct(id, { ...form, startedAt: '2023-10-03 10:50', endedAt: '2023-10-03 11:05', reason: 'x' }).expect(422)).body.errors[0].message).toContain('H-01 is in another visit at the same time');
  expect((await correct(id, { ...form, actions: [{ code: 'arrest', n: 1 }], reason: 'x' }).expect(422)).body.errors[0].field).toBe('actions');
  expect((await correct(id, { ...form, reason: 'x' }).expect(422)).body.errors[0].message).toBe('Nothing is changed. Correct a field, or leave the visit as it is.');
  expect((await correct(id, { ...form, persons: 1, reason: '' }).expect(422)).body.errors[0].field).toBe('reason');
  await warden.post(`/api/visits/${id}/corrections`).send({ ...form, persons: 1, reason: 'x' }).expect(403);
  const stranger = await service.client('lead@middlesbrough.demo');
  await stranger.post(`/api/visits/${id}/corrections`).send({ ...form, persons: 1, reason: 'x' }).expect(404);
  await stranger.post(`/api/visits/${id}/withdrawal`).send({ reason: 'x' }).expect(404);
  await stranger.get(`/api/visits/${id}/history`).expect(404);
  expect(await service.database.db('visit_change').where({ visit_id: id })).toEqual([]);
});

test('a withdrawn visit leaves every total, its history stays, and sent again it stays out', async () => {
  const sent = visitOf(hotspot, { startedAt: '2023-10-04 10:00', endedAt: '2023-10-04 10:15' });
  await warden.post('/api/visits').send(sent).expect(200);
  const before = await visits();
  await lead.post(`/api/visits/${sent.id}/withdrawal`).send({ reason: 'Made up for practice' }).expect(200);
  expect(await visits()).toBe(before - 1);
  await lead.get(`/api/visits/${sent.id}`).expect(404);
  expect((await lead.get(`/api/visits/${sent.id}/history`).expect(200)).body).toMatchObject({ withdrawn: true, visit: { minutes: 15 }, changes: [{ kind: 'withdrawn', reason: 'Made up for practice', after: null }] });
  expect((await warden.post('/api/visits').send(sent).expect(409)).body.code).toBe('visit_withdrawn');
  expect(await visits()).toBe(before - 1);
  const { body } = await lead.get('/api/visit-changes?from=2023-01-01&to=2030-01-01').expect(200);
  expect(body.changes.some(({ visitId, kind }: { visitId: string; kind: string }) => visitId === sent.id && kind === 'withdrawn')).toBe(true);
  await expect(service.database.db('visit_change').where({ visit_id: sent.id }).delete()).rejects.toMatchObject({ constraint: 'visit_change_append_only' });
});

const file = (rows: string) => lead.post('/api/visits/file?fileName=log.csv').set('content-type', 'application/octet-stream').send(Buffer.from(`hotspot,date,start,end,persons,wardens,patrol reference\n${rows}`));

test('a log that tells again of visits from a phone counts them once and says so; what is another visit is another', async () => {
  await warden.post('/api/phone/visits').send({ id: randomUUID(), hotspotId: hotspot, startedAt: '2023-10-05T09:00:40Z', endedAt: '2023-10-05T09:15:10Z', persons: 2, patrolReference: 'PH-1', wardens: ['H-01', 'H-02'], arrived: { found: 'none', accuracyMetres: null }, left: { found: 'none', accuracyMetres: null } }).expect(200);
  const before = await visits();
  expect((await file('York Road,2023-10-05,10:00,10:15,2,H-02;H-01,\n').expect(200)).body).toMatchObject({
    rows: 1, recorded: 0, alreadyRecorded: 1, says: '0 visits recorded. 1 visit was recorded before, from a phone, a page or this log, and is counted once.',
  });
  expect((await file('York Road,2023-10-05,10:00,10:15,2,,\n').expect(200)).body.alreadyRecorded).toBe(1);
  expect(await visits()).toBe(before);
  expect((await file('York Road,2023-10-05,10:00,10:15,1,,OTHER\n').expect(200)).body).toMatchObject({ recorded: 1, alreadyRecorded: 0 });
  expect((await file('York Road,2023-10-05,10:00,10:16,2,H-01,\n').expect(422)).body.errors[0].message).toContain('H-01 is in another visit at the same time');
});

test('the same log sent again counts once, also when a row was corrected and another withdrawn in between', async () => {
  const rows = 'York Road,2023-10-06,10:00,10:15,2,,L-1\nYork Road,2023-10-06,12:00,12:15,2,,L-2\n';
  expect((await file(rows).expect(200)).body.says).toBe('2 visits recorded.');
  const [corrected, withdrawn] = await service.database.db('visit').whereIn('patrol_reference', ['L-1', 'L-2']).orderBy('patrol_reference');
  const { visit } = (await lead.get(`/api/visits/${corrected.id}/history`)).body;
  await correct(corrected.id, { hotspotId: hotspot, startedAt: visit.startedAt, endedAt: visit.endedAt, persons: 1, patrolReference: 'L-1', reason: 'One was ill' }).expect(200);
  await lead.post(`/api/visits/${withdrawn.id}/withdrawal`).send({ reason: 'Not made' }).expect(200);
  const before = await visits();
  expect((await file(rows).expect(200)).body.says).toBe('0 visits recorded. 1 visit was recorded before, from a phone, a page or this log, and is counted once. 1 visit was withdrawn before and stays withdrawn.');
  expect(await visits()).toBe(before);
});
