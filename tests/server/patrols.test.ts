import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, addWarden, hartlepool, middlesbrough, startPatrols, visitOf } from '../support/patrols.ts';

let service: TestService;
let hotspot: string;
let elsewhere: string;

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-06-01T12:00:00Z') });
  const { db } = service.database;
  hotspot = await addHotspot(db, { name: 'York Road' });
  elsewhere = await addHotspot(db, { name: 'Linthorpe Road', councilCode: middlesbrough, at: [-1.24, 54.57] });
  await addWarden(db, 'H-01');
  await addWarden(db, 'H-02');
  await addWarden(db, 'H-09', { employedTo: '2023-10-01' });
  await addWarden(db, 'H-20', { staffCategory: 'pcso' });
  await addWarden(db, 'M-01', { councilCode: middlesbrough });
  await startPatrols(db, hartlepool, '2023-10-01');
  await startPatrols(db, middlesbrough);
});
afterAll(() => service.close());

test('a warden records a visit: whole minutes times persons, the evidence it stands on, and an audit event', async () => {
  const client = await service.client('warden@hartlepool.demo');
  const sent = visitOf(hotspot, { startedAt: '2023-10-02 18:05', endedAt: '2023-10-02 18:22', wardens: ['H-01', 'h-02'], recordedHow: 'nfc', patrolReference: 'P-1', actions: [{ code: 'informal_warning', n: 3 }] });
  const { body } = await client.post('/api/visits').send(sent).expect(200);
  expect(body.alreadyRecorded).toBe(false);
  expect(body.visit).toMatchObject({
    id: sent.id, hotspot: 'York Road', councilCode: hartlepool, startedAt: '2023-10-02T17:05:00.000Z', endedAt: '2023-10-02T17:22:00.000Z', visitedOn: '2023-10-02',
    minutes: 17, personMinutes: 34, persons: 2, recordedHow: 'nfc', evidenceClass: 'B', patrolReference: 'P-1', wardens: ['H-01', 'H-02'], actions: [{ code: 'informal_warning', n: 3 }],
  });
  const event = await service.database.db('audit_event').where({ action: 'visitRecorded', subject_id: sent.id }).first();
  expect(event).toMatchObject({ role: 'warden', council_code: hartlepool, subject_kind: 'visit' });
});

test('the same visit sent again is counted once; other content under its id is refused', async () => {
  const client = await service.client('lead@hartlepool.demo');
  const sent = visitOf(hotspot, { startedAt: '2023-10-03 18:00', endedAt: '2023-10-03 18:15' });
  const first = await client.post('/api/visits').send(sent).expect(200);
  const again = await client.post('/api/visits').send(sent).expect(200);
  expect(again.body).toEqual({ visit: first.body.visit, alreadyRecorded: true });
  const other = await client.post('/api/visits').send({ ...sent, persons: 3 }).expect(409);
  expect(other.body.code).toBe('visit_id_taken');
  const { rows } = await service.database.db.raw('select count(*) as n from visit where id = ?', [sent.id]);
  expect(rows[0].n).toBe(1);
});

test('clocks going back: a time the clock showed twice is refused, and 01:50 to 01:10 is 20 minutes once both are named', async () => {
  const client = await service.client('lead@hartlepool.demo');
  const twice = await client.post('/api/visits').send(visitOf(hotspot, { startedAt: '2023-10-29 01:30', endedAt: '2023-10-29 02:15' })).expect(422);
  expect(twice.body.errors).toEqual([{
    field: 'startedAt', message: '"2023-10-29 01:30" happens twice: the clocks go back that night. Write 2023-10-29 01:30 BST for the first or 2023-10-29 01:30 GMT for the second.',
  }]);
  const named = await client.post('/api/visits').send(visitOf(hotspot, { startedAt: '2023-10-29 01:50 BST', endedAt: '2023-10-29 01:10 GMT' })).expect(200);
  expect(named.body.visit.minutes).toBe(20);
  const never = await client.post('/api/visits').send(visitOf(hotspot, { startedAt: '2024-03-31 01:30', endedAt: '2024-03-31 02:30' })).expect(422);
  expect(never.body.errors[0].message).toBe('"2024-03-31 01:30" never happens: the clocks go forward that night from 01:00 to 02:00. Write the time the clock showed.');
});

test.each([
  ['before the hotspot is live', { startedAt: '2023-06-30 18:00', endedAt: '2023-06-30 18:15' }, 'startedAt', 'York Road is live from 2023-07-01; this visit is on 2023-06-30. Check the date, or the hotspot.'],
  ['before patrols start', { startedAt: '2023-09-30 18:00', endedAt: '2023-09-30 18:15' }, 'startedAt', 'The council’s patrols start on 2023-10-01; this visit is on 2023-09-30. Check the date, or change the first day of patrols.'],
  ['ending before it starts', { endedAt: '2023-10-02 17:00' }, 'endedAt', 'The visit must end after it starts. Check both times.'],
  ['over 24 hours', { endedAt: '2023-10-03 18:01' }, 'endedAt', 'A visit cannot last over 24 hours. Check the dates.'],
  ['in the future', { startedAt: '2024-06-01 13:00', endedAt: '2024-06-01 13:15' }, 'endedAt', 'The visit ends in the future. Record it once it is over.'],
  ['more wardens than persons', { persons: 1, wardens: ['H-01', 'H-02'] }, 'wardens', '2 wardens are given and 1 persons. Correct one of the two.'],
  ['a warden who left', { wardens: ['H-09'] }, 'wardens', 'H-09 is not employed on 2023-10-02. Check the date, or the warden’s dates.'],
  ['another council’s warden', { wardens: ['M-01'] }, 'wardens', 'M-01 is not a warden of this council. Add the reference on the wardens page, or correct it.'],
  ['a mixed crew as one visit', { wardens: ['H-20'] }, 'wardens', 'H-20 is entered as Police community support officer, the visit as Council warden. Record each staff category as a visit of its own with the same patrol reference.'],
  ['an arrest by wardens', { actions: [{ code: 'arrest', n: 1 }] }, 'actions', 'Arrests: Council warden has no such power. If the police were there, mark the visit as joint with the police; otherwise take it out.'],
  ['stop and search by wardens', { actions: [{ code: 'stop_and_search', n: 1 }] }, 'actions', 'Stop and searches: Council warden has no such power. If the police were there, mark the visit as joint with the police; otherwise take it out.'],
  ['an arrest by support officers', { staffCategory: 'pcso', actions: [{ code: 'arrest', n: 1 }] }, 'actions', 'Arrests: Police community support officer has no such power. If the police were there, mark the visit as joint with the police; otherwise take it out.'],
])('a visit is refused when it is %s', async (_what, given, field, message) => {
  const client = await service.client('lead@hartlepool.demo');
  const { body } = await client.post('/api/visits').send(visitOf(hotspot, { startedAt: '2023-10-02 18:00', ...given })).expect(422);
  expect(body.errors).toEqual([{ field, message }]);
});

test('joint with the police an arrest counts; support officers may give a dispersal direction of their own', async () => {
  const client = await service.client('lead@hartlepool.demo');
  await client.post('/api/visits').send(visitOf(hotspot, { startedAt: '2023-10-04 18:00', endedAt: '2023-10-04 18:15', jointWithPolice: true, actions: [{ code: 'arrest', n: 1 }] })).expect(200);
  await client.post('/api/visits').send(visitOf(hotspot, { startedAt: '2023-10-04 18:00', endedAt: '2023-10-04 18:15', staffCategory: 'pcso', actions: [{ code: 'dispersal', n: 1 }] })).expect(200);
});

test('the database itself refuses an arrest by wardens alone', async () => {
  const { db } = service.database;
  const { rows } = await db.raw(`select id from visit where staff_category = 'warden' and not joint_with_police limit 1`);
  await expect(db('visit_action').insert({ visit_id: rows[0].id, action_code: 'arrest', n: 1 })).rejects.toMatchObject({ constraint: 'visit_action_needs_police' });
});

test('the database itself refuses one crew in two hotspots, and not another crew, police beside wardens, or the next visit', async () => {
  const { db } = service.database;
  const [place] = await db('hotspot').where({ council_code: 'E06000001' }).select('id');
  const keep = (rest: object) => db('visit').insert({ id: randomUUID(), hotspot_id: place.id, council_code: 'E06000001', started_at: '2023-10-20T10:00:00Z', ended_at: '2023-10-20T10:30:00Z', staff_category: 'warden', persons: 1, recorded_how: 'self_report', patrol_reference: 'One', ...rest });
  await keep({});
  await expect(keep({ started_at: '2023-10-20T10:29:00Z', ended_at: '2023-10-20T10:45:00Z' })).rejects.toMatchObject({ constraint: 'visit_one_place_a_patrol' });
  await keep({ staff_category: 'pcso' });
  await keep({ council_code: 'E06000002' });
  await keep({ patrol_reference: 'Two' });
  await keep({ started_at: '2023-10-20T10:30:00Z', ended_at: '2023-10-20T10:45:00Z' });
  await db('visit').where({ hotspot_id: place.id }).whereRaw(`visited_on = '2023-10-20'`).del();
});

test('nobody is in two places at once: a warden, or the crew of one patrol', async () => {
  const client = await service.client('lead@hartlepool.demo');
  await client.post('/api/visits').send(visitOf(hotspot, { startedAt: '2023-10-05 18:00', endedAt: '2023-10-05 18:15', wardens: ['H-01'], patrolReference: 'P-5' })).expect(200);
  const warden = await client.post('/api/visits').send(visitOf(hotspot, { startedAt: '2023-10-05 18:14', endedAt: '2023-10-05 18:30', wardens: ['H-01'], patrolReference: 'P-6' })).expect(422);
  expect(warden.body.errors[0]).toMatchObject({ field: 'wardens', message: expect.stringMatching(/^H-01 is in another visit at the same time \(visit .*, already recorded, 2023-10-05 18:00 to 2023-10-05 18:15\)/) });
  const crew = await client.post('/api/visits').send(visitOf(hotspot, { startedAt: '2023-10-05 18:10', endedAt: '2023-10-05 18:25', patrolReference: 'P-5' })).expect(422);
  expect(crew.body.errors[0].message).toMatch(/^The crew of patrol P-5 is in another visit/);
  await client.post('/api/visits').send(visitOf(hotspot, { startedAt: '2023-10-05 18:15', endedAt: '2023-10-05 18:30', wardens: ['H-01'], patrolReference: 'P-5' })).expect(200);
  const otherDay = await client.post('/api/visits').send(visitOf(hotspot, { startedAt: '2023-10-08 18:15', endedAt: '2023-10-08 18:30', patrolReference: 'P-5' })).expect(422);
  expect(otherDay.body.errors[0].message).toBe('Patrol P-5 already stands for an outing on another day. Give each outing a reference of its own.');
});

test('two visits of one warden sent at the same moment: one is kept', async () => {
  const client = await service.client('lead@hartlepool.demo');
  const at = { startedAt: '2023-10-06 18:00', endedAt: '2023-10-06 18:15', wardens: ['H-02'] };
  const answers = await Promise.all(Array.from({ length: 6 }, () => client.post('/api/visits').send(visitOf(hotspot, at))));
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 422, 422, 422, 422, 422]);
});

test('a council sees and changes its own visits, wardens and start only; another’s id answers 404', async () => {
  const stranger = await service.client('lead@middlesbrough.demo');
  const own = await service.client('lead@hartlepool.demo');
  const { body } = await own.get('/api/visits?from=2023-10-01&to=2023-10-31').expect(200);
  const id = body.visits[0].id;
  await own.get(`/api/visits/${id}`).expect(200);
  await stranger.get(`/api/visits/${id}`).expect(404);
  await stranger.get(`/api/visits/${randomUUID()}`).expect(404);
  expect((await stranger.get('/api/visits?from=2023-10-01&to=2023-10-31').expect(200)).body.visits).toEqual([]);
  await stranger.get('/api/visits?from=2023-10-01&to=2023-10-31&council=Hartlepool').expect(404);
  const intruding = await stranger.post('/api/visits').send(visitOf(hotspot)).expect(422);
  expect(intruding.body.errors[0].field).toBe('hotspotId');
  const wardens = (await own.get('/api/wardens').expect(200)).body.wardens;
  expect(wardens.map((row: { reference: string }) => row.reference)).toEqual(['H-01', 'H-02', 'H-09', 'H-20']);
  await stranger.put(`/api/wardens/${wardens[0].id}`).send({ reference: 'X', employedFrom: '2023-07-01', contractMinutesPerWeek: 60 }).expect(404);
  await stranger.put(`/api/patrol-starts/${hartlepool}`).send({ startedOn: '2023-08-01' }).expect(404);
  expect((await stranger.get('/api/patrol-starts').expect(200)).body.councils.map((row: { councilCode: string }) => row.councilCode)).toEqual([middlesbrough]);
});

test('a visit id of another council is refused without saying whose it is', async () => {
  const own = await service.client('lead@hartlepool.demo');
  const stranger = await service.client('lead@middlesbrough.demo');
  const sent = visitOf(hotspot, { startedAt: '2023-10-07 18:00', endedAt: '2023-10-07 18:15' });
  await own.post('/api/visits').send(sent).expect(200);
  const { body } = await stranger.post('/api/visits').send({ ...visitOf(elsewhere), id: sent.id }).expect(409);
  expect(body.code).toBe('visit_pkey');
});

test('who may record: an analyst and a manager read, and write nothing', async () => {
  for (const email of ['analyst@opcc.demo', 'manager@opcc.demo', 'auditor@opcc.demo']) {
    const client = await service.client(email);
    await client.get('/api/visits?from=2023-10-01&to=2023-10-31').expect(200);
    expect((await client.post('/api/visits').send(visitOf(hotspot)).expect(403)).body.code).toBe('not_allowed');
  }
});

test('the start of patrols moves back freely and never past a recorded visit', async () => {
  const client = await service.client('lead@hartlepool.demo');
  const { body } = await client.put(`/api/patrol-starts/${hartlepool}`).send({ startedOn: '2023-10-03' }).expect(422);
  expect(body.errors[0].message).toBe('A visit is recorded on 2023-10-02, before 2023-10-03. Give that day or an earlier one.');
  expect((await client.put(`/api/patrol-starts/${hartlepool}`).send({ startedOn: '2023-09-30' }).expect(200)).body).toEqual({ councilCode: hartlepool, council: 'Hartlepool', startedOn: '2023-09-30' });
});

test('a warden reference is kept once whatever its case', async () => {
  const client = await service.client('lead@hartlepool.demo');
  const { body } = await client.post('/api/wardens').send({ reference: 'h-01', employedFrom: '2023-07-01', contractMinutesPerWeek: 2220 }).expect(409);
  expect(body.code).toBe('warden_reference_once');
  const added = await client.post('/api/wardens').send({ reference: 'H-30', employedFrom: '2023-07-01', contractMinutesPerWeek: 2220 }).expect(200);
  expect(added.body).toMatchObject({ reference: 'H-30', councilCode: hartlepool, staffCategory: 'warden', employedTo: null });
});

test('kinds of action: powers are a part of enforcement, and what is for the police only says so', async () => {
  const client = await service.client('warden@hartlepool.demo');
  const { body } = await client.get('/api/action-kinds?on=2023-10-02').expect(200);
  const codes = (flag: string) => body.kinds.filter((kind: Record<string, unknown>) => kind[flag]).map((kind: { code: string }) => kind.code);
  expect(body.kinds).toHaveLength(25);
  expect(codes('policeOnly')).toEqual(['arrest', 'stop_and_search', 'dispersal']);
  expect(codes('asbPower').filter((code: string) => !codes('enforcement').includes(code))).toEqual([]);
  expect(codes('enforcement')).not.toContain('informal_warning');
  expect((await client.get('/api/action-kinds?on=2023-06-30').expect(200)).body.kinds).toEqual([]);
});
