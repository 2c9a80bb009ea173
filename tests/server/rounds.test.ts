/** Rounds over HTTP: drawn for a published shift, kept as they are once it begins, repeated by the auditor, foretold by nobody. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import type { RoundsOut } from '../../server/rounds/contract.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, addWarden, hartlepool, middlesbrough } from '../support/patrols.ts';
import { addPublishedShift } from '../support/rotas.ts';

let service: TestService;
let [begun, coming, theirs] = ['', '', ''];
let hotspots: string[];
let wardens: string[];
/** A Monday after every test will have run. */
const monday = '2098-10-06';

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-06-01T12:00:00Z') });
  const { db } = service.database;
  hotspots = [];
  for (let nth = 0; nth < 8; nth++) hotspots.push(await addHotspot(db, { name: `Place ${nth + 1}`, at: [-1.23 + 0.007 * (nth % 4), 54.68 + 0.006 * Math.floor(nth / 4)] }));
  const other = await addHotspot(db, { name: 'Linthorpe Road', councilCode: middlesbrough, at: [-1.24, 54.57] });
  wardens = [];
  for (const reference of ['H-01', 'H-02', 'H-03', 'H-04']) wardens.push(await addWarden(db, reference));
  for (const week of ['2023-10-02', monday]) {
    await db('planned_hours').insert([...hotspots, other].flatMap((id, nth) => [3, 4].map((band) => ({
      hotspot_id: id, council_code: id === other ? middlesbrough : hartlepool, week, band_day: 1, band, visits: band === 4 && nth % 3 === 0 ? 2 : 1, person_minutes: 30, cost_pence: 0,
    }))));
  }
  await db('visit').insert({ id: '00000000-0000-4000-8000-000000000001', hotspot_id: hotspots[0], council_code: hartlepool, started_at: '2023-10-01T15:00Z', ended_at: '2023-10-01T15:15Z', staff_category: 'warden', persons: 2, recorded_how: 'self_report', patrol_reference: 'P-1' });
  begun = await addPublishedShift(db, { councilCode: hartlepool, day: '2023-10-02', startsAt: '2023-10-02T13:00Z', endsAt: '2023-10-02T21:00Z', wardens });
  coming = await addPublishedShift(db, { councilCode: hartlepool, day: monday, startsAt: `${monday}T13:00Z`, endsAt: `${monday}T21:00Z`, wardens });
  theirs = await addPublishedShift(db, { councilCode: middlesbrough, day: monday, startsAt: `${monday}T13:00Z`, endsAt: `${monday}T21:00Z`, wardens: [] });
});
afterAll(() => service.close());

const base = { name: 'Civic Centre', lng: -1.2129, lat: 54.6861, travel: 'walk', validFrom: '2023-07-01' };

test('a base is entered before rounds are planned, and another of its name takes its place', async () => {
  const lead = await service.client('lead@hartlepool.demo');
  expect((await lead.post('/api/rounds').send({ shift: begun })).body.errors).toEqual([{ field: 'base', message: 'The council has no base on 2023-10-02. Enter where rounds start and end first.' }]);
  expect((await lead.post('/api/round-bases').send({ ...base, lat: 12 })).status).toBe(422);
  await lead.post('/api/round-bases').send(base).expect(200);
  await lead.post('/api/round-bases').send({ ...base, lng: -1.21, validFrom: '2024-01-01' }).expect(200);
  const { body } = await lead.get('/api/round-bases').expect(200);
  expect(body.bases.map(({ lng, validFrom, validTo }: Record<string, unknown>) => [lng, validFrom, validTo])).toEqual([[-1.2129, '2023-07-01', '2024-01-01'], [-1.21, '2024-01-01', null]]);
  expect((await (await service.client('lead@middlesbrough.demo')).get('/api/round-bases')).body.bases).toEqual([]);
});

test('rounds are drawn for every crew, all visits of the plan made or left out with the reason', async () => {
  const lead = await service.client('lead@hartlepool.demo');
  const { body: made } = await lead.post('/api/rounds').send({ shift: begun }).expect(200);
  const rounds = (await lead.get(`/api/rounds/${made.id}`).expect(200)).body as RoundsOut;
  expect([rounds.name, rounds.number, rounds.base.lng, rounds.ways, rounds.waysEstimated]).toEqual(['Late', 1, -1.2129, 72, 72]);
  const stops = rounds.legs.flatMap((leg) => leg.stops);
  expect(stops.length + rounds.leftOut.length).toBe(19);
  const crews = new Map(rounds.legs.map(({ crew, wardens: who }) => [crew, who.join()]));
  expect([...crews.keys()]).toEqual([1, 2]);
  expect([...crews.values()].join().split(',').toSorted()).toEqual(['H-01', 'H-02', 'H-03', 'H-04']);
  expect(rounds.notes.map((each) => each.replace(/ \(.*\)/, ''))).toEqual([1, 2].map((crew) => `Crew ${crew} has nobody with accreditation for the whole shift, and no other parting of the shift has fewer such crews.`));
  expect(rounds.legs.every((leg) => Date.parse(leg.backAt) - Date.parse(leg.leavesAt) <= 202.5 * 60_000)).toBe(true);
  for (const stop of stops) {
    const hour = Number(stop.arrivesAt.slice(11, 13)) + 1 + Number(stop.arrivesAt.slice(14, 16)) / 60;
    expect(hour).toBeGreaterThanOrEqual(stop.band * 4);
    expect(hour).toBeLessThanOrEqual(stop.band * 4 + 3.75);
  }
  expect(rounds.leftOut.every(({ why }) => why.length > 20)).toBe(true);
  const { body } = await lead.get('/api/rounds?from=2023-10-02&to=2023-10-08').expect(200);
  expect(body.shifts).toMatchObject([{ shift: begun, planned: 19, wardens: ['H-01', 'H-02', 'H-03', 'H-04'], rounds: { id: made.id, number: 1, stops: stops.length, leftOut: rounds.leftOut.length } }]);
});

test('once the shift has begun its rounds stay; until then they are drawn again with a reason, and every draw is kept', async () => {
  const lead = await service.client('lead@hartlepool.demo');
  expect((await lead.post('/api/rounds').send({ shift: begun, reason: 'Not to my liking' })).body).toMatchObject({ status: 409, code: 'round_begun_stays' });
  const { body: first } = await lead.post('/api/rounds').send({ shift: coming }).expect(200);
  expect((await lead.post('/api/rounds').send({ shift: coming })).body.errors).toEqual([{ field: 'reason', message: 'Say why the rounds are planned again.' }]);
  const { body: second } = await lead.post('/api/rounds').send({ shift: coming, reason: 'A hotspot was paused' }).expect(200);
  expect((await lead.get(`/api/rounds/${first.id}`)).body.withdrawnAt).not.toBeNull();
  expect((await lead.get(`/api/rounds/${second.id}`)).body).toMatchObject({ number: 2, withdrawnAt: null, reason: 'A hotspot was paused' });
  const { db } = service.database;
  // Of a stop, since a draw may have left nothing out.
  const leftOut = `select r.draw_id, t.hotspot_id, t.band_on, t.band, t.nth, 'No time' from round_stop t join round r on r.id = t.round_id`;
  for (const table of ['round', 'round_stop', 'round_warden', 'round_left_out']) {
    await expect(db.raw(`delete from ${table}`), table).rejects.toMatchObject({ constraint: `${table}_append_only` });
    await expect(db.raw(`insert into ${table} ${table === 'round_left_out' ? leftOut : `select * from ${table}`} limit 1`), table).rejects.toMatchObject({ constraint: 'round_parts_with_draw' });
  }
  await expect(db('round_draw').where({ shift_key: begun }).update({ withdrawn_at: new Date() })).rejects.toMatchObject({ constraint: 'round_begun_stays' });
});

test('the auditor repeats the draw and finds it equal, with every draw of the shift; nobody else can', async () => {
  const { db } = service.database;
  const draws = await db('round_draw').select('id', 'nonce', 'shift_key', 'seed_sha256').orderBy('planned_at');
  const auditor = await service.client('auditor@opcc.demo');
  const secret = (await db('round_secret').first()).secret as Buffer;
  for (const draw of draws) {
    const { body } = await auditor.get(`/api/rounds/${draw.id}/draw`).expect(200);
    expect(body).toMatchObject({ sameSeed: true, sameInputs: true, samePlan: true, sameStops: true, drawnBy: 1, repeatedBy: 1, nonce: draw.nonce });
    expect(body.seed).toBe(createHmac('sha256', secret).update(`${hartlepool} ${draw.shift_key} ${draw.nonce}`).digest('hex'));
    expect(createHash('sha256').update(body.seed).digest('hex')).toBe(draw.seed_sha256);
  }
  const last = (await auditor.get(`/api/rounds/${draws.at(-1).id}/draw`)).body;
  expect(last.draws.map(({ number, reason }: Record<string, unknown>) => [number, reason])).toEqual([[1, ''], [2, 'A hotspot was paused']]);
  expect(secret).toHaveLength(32);
  expect((await (await service.client('lead@hartlepool.demo')).get(`/api/rounds/${draws[0].id}/draw`)).status).toBe(403);
  const lead = { personId: null, roles: ['council_lead'], councils: [hartlepool] };
  await expect(inScope(db, lead, (trx) => trx('round_secret').select())).rejects.toMatchObject({ code: '42501' });
  await expect(inScope(db, lead, (trx) => trx.raw('select round_seed(?, ?, ?)', [hartlepool, draws[0].shift_key, draws[0].nonce]))).rejects.toMatchObject({ constraint: 'round_seed_for_auditor' });
  await expect(inScope(db, { ...lead, roles: ['auditor'] }, (trx) => trx.raw(`select round_hmac('x', 'y')`))).rejects.toMatchObject({ code: '42501' });
});

test('crews keep the rules among wardens, whoever draws them, and the auditor finds the same crews', async () => {
  const { db } = service.database;
  const day = '2098-10-07';
  await db('planned_hours').insert(hotspots.map((id) => ({ hotspot_id: id, council_code: hartlepool, week: monday, band_day: 2, band: 4, visits: 1, person_minutes: 30, cost_pence: 0 })));
  const shift = await addPublishedShift(db, { councilCode: hartlepool, day, startsAt: `${day}T13:00Z`, endsAt: `${day}T21:00Z`, wardens });
  const lead = await service.client('lead@hartlepool.demo');
  const term = (warden: number, entry: object) => lead.post(`/api/wardens/${wardens[warden]}/terms`).send({ termId: randomUUID(), entry: { validFrom: '2023-07-01', ...entry } }).expect(200);
  const pair = (warden: number, other: number, pairRule: string) => term(warden, { term: 'pair', otherWardenId: wardens[other], pairRule });
  await pair(0, 1, 'cannot');
  await pair(0, 2, 'needed_by');
  const auditor = await service.client('auditor@opcc.demo');
  const draws: string[] = [];
  for (const email of ['lead@hartlepool.demo', 'manager@opcc.demo', 'manager@opcc.demo']) {
    const { body } = await (await service.client(email)).post('/api/rounds').send({ shift, reason: draws.length > 0 ? 'Drawn again for the test' : '' }).expect(200);
    draws.push(body.id);
    const rounds = (await lead.get(`/api/rounds/${body.id}`)).body as RoundsOut;
    expect(new Set(rounds.legs.map(({ wardens: who }) => who.join()))).toEqual(new Set(['H-01,H-03', 'H-02,H-04']));
    expect((await auditor.get(`/api/rounds/${body.id}/draw`)).body).toMatchObject({ samePlan: true, sameStops: true });
  }
  await db.raw(`alter table round_warden disable trigger round_warden_append_only; update round_warden w set warden_id = '${wardens[1]}' from round r where r.id = w.round_id and r.draw_id = '${draws[2]}' and w.warden_id = '${wardens[0]}'; alter table round_warden enable trigger round_warden_append_only`);
  expect((await auditor.get(`/api/rounds/${draws[2]}/draw`)).body).toMatchObject({ samePlan: true, sameStops: false });
  await pair(0, 3, 'cannot');
  await pair(1, 2, 'cannot');
  await db('warden_pair').where({ rule: 'first_beside' }).orWhere({ rule: 'second_beside' }).delete();
  await pair(0, 2, 'cannot');
  const refused = await lead.post('/api/rounds').send({ shift, reason: 'Drawn again for the test' }).expect(422);
  expect([refused.body.code, refused.body.detail]).toEqual(['crews_impossible', expect.stringMatching(/^H-01 and H-0\d cannot work together: the 4 wardens of this shift cannot be parted into crews of 2 so\./)]);
  expect(await db('round_draw').where({ shift_key: shift, withdrawn_at: null })).toHaveLength(1);
  await db('warden_pair').delete();
});

test('an altered round is found by the auditor', async () => {
  const { db } = service.database;
  const { id } = await db('round_draw').where({ shift_key: begun }).first();
  await db.raw(`alter table round_stop disable trigger round_stop_append_only; update round_stop set hotspot_id = (select hotspot_id from round_stop s2 where s2.round_id = round_stop.round_id and s2.position <> round_stop.position limit 1)
    where position = 1 and round_id in (select id from round where draw_id = '${id}' and crew = 1 and leg = 1); alter table round_stop enable trigger round_stop_append_only`);
  const { body } = await (await service.client('auditor@opcc.demo')).get(`/api/rounds/${id}/draw`).expect(200);
  expect(body).toMatchObject({ sameSeed: true, sameInputs: true, samePlan: true, sameStops: false });
});

test('a draw of another version of the planner says so when it is repeated', async () => {
  const { db } = service.database;
  const { id } = await db('round_draw').where({ shift_key: coming, withdrawn_at: null }).first();
  const rename = (version: number) => db.raw(`alter table round_draw disable trigger round_draw_kept; update round_draw set solver_version = ${version} where id = '${id}'; alter table round_draw enable trigger round_draw_kept`);
  await rename(7);
  const { body } = await (await service.client('auditor@opcc.demo')).get(`/api/rounds/${id}/draw`).expect(200);
  expect(body).toMatchObject({ drawnBy: 7, repeatedBy: 1, sameStops: true });
  expect(await db('audit_event').where({ action: 'roundDrawRepeated', subject_id: id }).orderBy('id', 'desc').first('after')).toMatchObject({ after: { same: true, drawnBy: 7, repeatedBy: 1 } });
  await rename(1);
});

test('road times take the place of the straight line, and a wrong file changes nothing', async () => {
  const lead = await service.client('lead@hartlepool.demo');
  const send = (text: string) => lead.post('/api/road-times?fileName=roads.csv&travel=walk').set('content-type', 'application/octet-stream').send(Buffer.from(text));
  const wrong = await send('from,to,minutes\nPlace 1,Nowhere,5\nPlace 1,Place 2,fast\n');
  expect([wrong.status, wrong.body.errors.map(({ field }: { field: string }) => field)]).toEqual([422, ['row 2, to', 'row 3, minutes']]);
  const names = ['Civic Centre', ...hotspots.map((_, nth) => `Place ${nth + 1}`)];
  const rows = names.flatMap((from) => names.filter((to) => to !== from).map((to) => `${from},${to},3`));
  expect((await send(`from,to,minutes\n${rows.join('\n')}`)).body).toEqual({ fileName: 'roads.csv', ways: 72 });
  const { body: made } = await lead.post('/api/rounds').send({ shift: coming, reason: 'Road times are known' }).expect(200);
  const rounds = (await lead.get(`/api/rounds/${made.id}`)).body as RoundsOut;
  expect([rounds.ways, rounds.waysEstimated]).toEqual([72, 0]);
  // 0 where a crew had no other way than to wait for a second visit.
  expect(rounds.legs.flatMap(({ stops }) => stops.map(({ travelMinutes }) => travelMinutes)).filter((minutes) => minutes !== 3 && minutes !== 0)).toEqual([]);
});

test('a warden sees the own rounds, another council none', async () => {
  const { db } = service.database;
  const { id: person } = await db('person').where({ email: 'warden@hartlepool.demo' }).first();
  const warden = await service.client('warden@hartlepool.demo');
  const lead = await service.client('lead@hartlepool.demo');
  const { id } = await db('round_draw').where({ shift_key: coming, withdrawn_at: null }).first();
  expect((await warden.get(`/api/rounds/${id}`)).status).toBe(404);
  expect((await warden.get(`/api/rounds?from=${monday}&to=${monday}`)).body.shifts).toEqual([]);
  await db('warden_account').insert({ warden_id: wardens[0], council_code: hartlepool, person_id: person });
  const own = (await warden.get(`/api/rounds/${id}`).expect(200)).body as RoundsOut;
  const all = (await lead.get(`/api/rounds/${id}`)).body as RoundsOut;
  expect(own.legs).toEqual(all.legs.filter(({ wardens: who }) => who.includes('H-01')));
  expect(own.legs.length).toBeLessThan(all.legs.length);
  expect(own.leftOut).toEqual([]);
  expect((await warden.get(`/api/rounds?from=${monday}&to=${monday}`)).body.shifts).toHaveLength(1);
  expect((await (await service.client('lead@middlesbrough.demo')).get(`/api/rounds/${id}`)).status).toBe(404);
  expect((await lead.post('/api/rounds').send({ shift: theirs })).status).toBe(404);
});

test('a visit that another shift has in its rounds is not planned twice', async () => {
  const { db } = service.database;
  const lead = await service.client('lead@hartlepool.demo');
  const early = await addPublishedShift(db, { councilCode: hartlepool, day: '2098-10-05', startsAt: `${monday}T10:00Z`, endsAt: `${monday}T15:00Z`, wardens: wardens.slice(0, 2) });
  const before = await db('round_stop as t').join('round as r', 'r.id', 't.round_id').join('round_draw as d', 'd.id', 'r.draw_id').where({ 'd.shift_key': coming, 'd.withdrawn_at': null }).select('t.hotspot_id', 't.band_on', 't.band', 't.nth');
  const answer = await lead.post('/api/rounds').send({ shift: early });
  const key = (row: Record<string, unknown>): string => [row['hotspot_id'], row['band_on'], row['band'], row['nth']].join(' ');
  const taken = new Set(before.map(key));
  expect([undefined, 'nothing_planned']).toContain(answer.body.code);
  const after = await db('round_stop as t').join('round as r', 'r.id', 't.round_id').join('round_draw as d', 'd.id', 'r.draw_id').where({ 'd.shift_key': early }).select('t.hotspot_id', 't.band_on', 't.band', 't.nth');
  expect(after.filter((row) => taken.has(key(row)))).toEqual([]);
});
