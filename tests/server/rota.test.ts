/** Rotas over HTTP: worked out, changed by hand with every breach named, published for good, swapped, told and read by a calendar. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sayDate } from '../../server/patrols/calendar.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCrew, beginRota, type Client, draftOf, linkAccount, publish, shiftOf } from '../support/rotaCrew.ts';

interface Cell { readonly wardenId: string; readonly shiftId: string }

let service: TestService;
let db: Knex;
let lead: Client;
let own: Client;
let crew: Record<string, string>;
let rotaId: string;
/** A week before the rota begins, until a test moves it. */
let clock = '2023-09-25T09:00:00Z';
const change = async (changes: readonly object[], id = rotaId) => lead.put(`/api/rotas/${id}/draft`).send({ draftNumber: (await draftOf(lead, id)).draftNumber, changes });

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(clock) });
  ({ db } = service.database);
  [lead, own] = await Promise.all([service.client('lead@hartlepool.demo'), service.client('warden@hartlepool.demo')]);
  crew = await addCrew(db, ['H-01', 'H-02', 'H-03', 'H-04', 'H-05', 'H-06']);
  await linkAccount(db, crew['H-01']!, 'warden@hartlepool.demo');
  await lead.post('/api/shift-types').send(shiftOf()).expect(200);
  rotaId = await beginRota(lead, db, '2023-10-02', '2023-10-29');
});
afterAll(() => service.close());

describe('shifts a council works', () => {
  test('have dates, and one code stands once a day', async () => {
    expect((await lead.post('/api/shift-types').send(shiftOf({ validFrom: '2024-01-01' })).expect(409)).body.detail).toBe('The council has this shift already on some of these days. End that one first.');
    const early = shiftOf({ code: 'early', name: 'Early', startMinute: 360, endMinute: 840, crews: [0, 0, 0, 0, 0, 0, 0] });
    const { body } = await lead.post('/api/shift-types').send(early).expect(200);
    await lead.post('/api/shift-types').send(early).expect(200);
    const { id, councilCode: _council, ...fields } = body;
    await lead.put(`/api/shift-types/${id}`).send({ ...fields, validTo: '2023-12-01', reason: 'No early shift in winter' }).expect(200);
    expect((await lead.get('/api/shift-types').expect(200)).body.types.map((each: { code: string; validTo: string | null }) => [each.code, each.validTo])).toEqual([['early', '2023-12-01'], ['late', null]]);
    await (await service.client('lead@middlesbrough.demo')).put(`/api/shift-types/${id}`).send({ ...fields, reason: 'x' }).expect(404);
  });
});

describe('a rota', () => {
  test('is there at once without a breach, then as good as could be found, with its seed and the hash of its input', async () => {
    const draft = await draftOf(lead, rotaId);
    expect(draft.shifts).toHaveLength(28);
    expect(draft.breaches).toEqual([]);
    expect(draft.runs.map(({ method }: { method: string }) => method).at(-1)).toBe('greedy');
    expect(draft.runs.every((run: { inputSha256: string; seed: string }) => run.inputSha256 === draft.inputSha256 && run.seed === draft.seed)).toBe(true);
    expect(draft.cost).toBe(Math.min(...draft.runs.map(({ cost }: { cost: number }) => cost)));
    expect(draft.penalties.filter(({ kind }: { kind: string }) => kind === 'underCover')).toEqual([]);
    expect(draft.bound).toBeLessThanOrEqual(draft.cost);
  });

  test('of days that another rota has is refused, and so is one of over ten weeks', async () => {
    const send = (given: object) => lead.post('/api/rotas').send({ rotaId: randomUUID(), startsOn: '2023-10-16', ...given });
    expect((await send({}).expect(409)).body.detail).toBe('The council has a rota for some of these days already. Open that one, or choose other days.');
    expect((await send({ startsOn: '2023-11-06', endsOn: '2024-02-01' }).expect(409)).body.code).toBe('rota_at_most_ten_weeks');
    expect((await send({ startsOn: '2023-11-06', endsOn: '2023-11-01' }).expect(409)).body.code).toBe('rota_dates_in_order');
  });

  test('changed by hand names what breaks with its regulation, and is not published without a reason', async () => {
    const { cells } = await draftOf(lead, rotaId);
    const wardenId = crew['H-01']!;
    const days = ['02', '03', '04', '05', '06', '07'].map((day) => ({ wardenId, shiftId: `2023-10-${day}-late`, on: true }));
    const { body } = await change(days);
    expect(body.breaches.map(({ regulation, reason }: { regulation: string; reason: null }) => [regulation, reason])).toContainEqual(['Rota agreement: shifts in seven days', null]);
    const refused = await lead.post(`/api/rotas/${rotaId}/versions`).send({ draftNumber: body.draftNumber }).expect(409);
    expect(refused.body.code).toBe('rota_breach_unexplained');
    expect(refused.body.detail).toContain('H-01');
    const stale = await lead.put(`/api/rotas/${rotaId}/draft`).send({ draftNumber: body.draftNumber - 1, changes: [days[0]] }).expect(409);
    expect(stale.body.code).toBe('rota_draft_moved');
    await change(days.map((each) => ({ ...each, on: cells.some((cell: Cell) => cell.wardenId === wardenId && cell.shiftId === each.shiftId) })));
    expect((await draftOf(lead, rotaId)).breaches).toEqual([]);
  });

  test('is previewed: what a change would break, mend and cost is what it then does, and nothing is changed by asking', async () => {
    const preview = (changes: object[]) => lead.post(`/api/rotas/${rotaId}/draft/preview`).send({ changes });
    const before = await draftOf(lead, rotaId);
    const wardenId = crew['H-01']!;
    const on = (days: readonly string[]) => days.map((day) => ({ wardenId, shiftId: `2023-10-${day}-late`, on: true }));
    const six = [...on(['02', '03', '04', '05', '06', '07']), { wardenId, shiftId: '2023-10-08-late', on: false }];
    const told = (await preview(six).expect(200)).body;
    expect(told.breaks.map(({ regulation }: { regulation: string }) => regulation)).toContain('Rota agreement: shifts in seven days');
    expect(told.costBefore).toBe(before.cost);
    expect(await draftOf(lead, rotaId)).toEqual(before);
    const { body: after } = await change(six);
    const sentences = (rows: readonly { sentence: string }[]) => rows.map(({ sentence }) => sentence).toSorted();
    expect(sentences(told.breaks)).toEqual(sentences(after.breaches));
    expect(told.costAfter).toBe(after.cost);
    expect(before.cost + told.adds.reduce((sum: number, { cost }: { cost: number }) => sum + cost, 0) - told.saves.reduce((sum: number, { cost }: { cost: number }) => sum + cost, 0)).toBe(after.cost);
    // Back again mends what it broke, and what gets worse is said anew.
    const back = six.map((each) => ({ ...each, on: before.cells.some((cell: Cell) => cell.wardenId === wardenId && cell.shiftId === each.shiftId) }));
    const mended = (await preview(back).expect(200)).body;
    expect([mended.breaks, sentences(mended.mends), mended.costAfter]).toEqual([[], sentences(after.breaches), before.cost]);
    const worse = (await preview(on(['08'])).expect(200)).body;
    expect(worse.breaks.map(({ sentence }: { sentence: string }) => sentence)).toContain('H-01 works 7 shifts in the seven days to Sunday 8 October; 5 is the most.');
    await change(back);
    expect((await preview([{ wardenId, shiftId: '2023-12-02-late', on: true }]).expect(404)).body.code).toBe('not_found');
    await (await service.client('lead@middlesbrough.demo')).post(`/api/rotas/${rotaId}/draft/preview`).send({ changes: on(['02']) }).expect(404);
  });

  test('takes back a reason when its breach goes', async () => {
    const wardenId = crew['H-06']!;
    const absence = { termId: randomUUID(), entry: { term: 'absence', absenceKind: 'annual_leave', firstDay: '2023-10-25', lastDay: '2023-10-25' } };
    await lead.post(`/api/wardens/${wardenId}/terms`).send(absence).expect(200);
    const { body } = await change([{ wardenId, shiftId: '2023-10-25-late', on: true }]);
    const breach = body.breaches.find(({ day, wardenId: who }: { day: string; wardenId: string }) => day === '2023-10-25' && who === wardenId);
    expect(breach).toMatchObject({ regulation: 'Rota agreement: leave', sentence: 'H-06 cannot work Late on Wednesday 25 October: is away (leave) on Wednesday 25 October.' });
    const allowed = (await lead.put(`/api/rotas/${rotaId}/exceptions`).send({ breach: breach.key, reason: 'Asked to come in for the fair' }).expect(200)).body;
    expect(allowed.breaches.find(({ key }: { key: string }) => key === breach.key).reason).toBe('Asked to come in for the fair');
    await change([{ wardenId, shiftId: '2023-10-25-late', on: false }]);
    const again = (await change([{ wardenId, shiftId: '2023-10-25-late', on: true }])).body;
    expect(again.breaches.find(({ key }: { key: string }) => key === breach.key).reason).toBeNull();
    await lead.put(`/api/rotas/${rotaId}/exceptions`).send({ breach: 'rest|x|x|x', reason: 'x' }).expect(404);
    await change([{ wardenId, shiftId: '2023-10-25-late', on: false }]);
    expect((await draftOf(lead, rotaId)).breaches.filter(({ day }: { day: string }) => day === '2023-10-25')).toEqual([]);
  });
});

describe('what is published', () => {
  let keyOf: (day: string) => Promise<string>;
  test('is a version that never changes, with its exceptions and who was told', async () => {
    await own.post('/api/own-shifts/calendars').send({}).expect(200);
    const { draftNumber, breaches } = await draftOf(lead, rotaId);
    for (const { key } of breaches) await lead.put(`/api/rotas/${rotaId}/exceptions`).send({ breach: key, reason: 'Agreed with the warden' }).expect(200);
    const { number, versionId } = await publish(lead, rotaId, 'First version');
    expect(number).toBe(1);
    expect((await lead.post(`/api/rotas/${rotaId}/versions`).send({ draftNumber }).expect(409)).body.code).toBe('rota_unchanged');
    await expect(db('rota_shift').where({ rota_id: rotaId }).delete()).rejects.toMatchObject({ constraint: 'rota_shift_append_only' });
    await expect(db('rota_version').where({ id: versionId }).update({ note: 'x' })).rejects.toMatchObject({ constraint: 'rota_version_append_only' });
    const { body } = await lead.get(`/api/rotas/${rotaId}`).expect(200);
    const [version] = body.versions;
    expect(version).toMatchObject({ number: 1, note: 'First version', publishedBy: 'Council lead, Hartlepool' });
    expect(version.changed.find(({ reference }: { reference: string }) => reference === 'H-01').told.map(({ how }: { how: string }) => how).toSorted()).toEqual(['calendar', 'service']);
    const untold = version.changed.find(({ reference }: { reference: string }) => reference === 'H-02');
    expect(untold.told).toEqual([]);
    await lead.post(`/api/rota-versions/${versionId}/told`).send({ wardenIds: [untold.wardenId], how: 'print' }).expect(200);
    expect((await lead.get(`/api/rotas/${rotaId}`)).body.versions[0].changed.find(({ reference }: { reference: string }) => reference === 'H-02').told).toMatchObject([{ how: 'print' }]);
    expect((await lead.delete(`/api/rotas/${rotaId}`).query({ reason: 'x' }).expect(409)).body.code).toBe('rota_is_published');
    keyOf = async (day) => (await lead.get(`/api/rotas/${rotaId}`)).body.shifts.find((shift: { day: string }) => shift.day === day).id;
  });

  test('a warden sees the own shifts and no other reference', async () => {
    const { body } = await own.get('/api/own-shifts').expect(200);
    expect(body.reference).toBe('H-01');
    expect(body.shifts.length).toBeGreaterThan(8);
    expect(JSON.stringify(body)).not.toMatch(/H-0[2-6]/);
    await own.get(`/api/rotas/${rotaId}`).expect(403);
    await own.get(`/api/rotas/${rotaId}/draft`).expect(403);
    expect((await (await service.client('lead@middlesbrough.demo')).get(`/api/rotas/${rotaId}`).expect(404)).body.code).toBe('not_found');
    expect((await (await service.client('auditor@opcc.demo')).get(`/api/rotas/${rotaId}`).expect(200)).body.shifts).toHaveLength(28);
  });

  test('cover is asked for by the warden and granted by the lead as the next version', async () => {
    const { body: { shifts } } = await own.get('/api/own-shifts');
    const published: { id: string; wardens: string[] }[] = (await lead.get(`/api/rotas/${rotaId}`)).body.shifts;
    // A shift on which everybody is cannot be covered by anybody: the one with the fewest is taken.
    const there = ({ id }: { id: string }): number => published.find((each) => each.id === id)?.wardens.length ?? Number.POSITIVE_INFINITY;
    const shift = shifts.findLast((one: { id: string }) => there(one) === Math.min(...shifts.map(there)));
    const asked = { requestId: randomUUID(), shiftId: shift.id, reason: 'A course that evening' };
    await own.post('/api/own-shifts/requests').send(asked).expect(200);
    await own.post('/api/own-shifts/requests').send(asked).expect(200);
    expect((await own.post('/api/own-shifts/requests').send({ ...asked, requestId: randomUUID() }).expect(409)).body.code).toBe('rota_request_one_at_a_time');
    const [waiting] = (await lead.get('/api/rota-requests').expect(200)).body.requests;
    expect(waiting).toMatchObject({ kind: 'cover', state: 'asked', reference: 'H-01', shift: { day: shift.day } });
    const { choices } = (await lead.get(`/api/rota-requests/${asked.requestId}/choices`).expect(200)).body;
    const [best] = choices;
    expect(choices.map(({ reference }: { reference: string }) => reference)).not.toContain('H-01');
    await own.put(`/api/rota-requests/${asked.requestId}`).send({ decision: 'granted', takenBy: best.wardenId, why: 'x' }).expect(403);
    await lead.put(`/api/rota-requests/${asked.requestId}`).send({ decision: 'granted', takenBy: crew['H-01'], why: 'x' }).expect(404);
    const granted = (await lead.put(`/api/rota-requests/${asked.requestId}`).send({ decision: 'granted', takenBy: best.wardenId, why: 'Agreed between them' }).expect(200)).body;
    expect(granted).toMatchObject({ state: 'granted', takenBy: best.reference });
    expect(granted.shift.wardens).toContain(best.reference);
    expect(granted.shift.wardens).not.toContain('H-01');
    expect((await lead.put(`/api/rota-requests/${asked.requestId}`).send({ decision: 'refused', why: 'x' }).expect(409)).body.code).toBe('rota_request_once');
    const [latest] = (await lead.get(`/api/rotas/${rotaId}`)).body.versions;
    expect(latest.number).toBe(2);
    expect(latest.changed.map(({ reference }: { reference: string }) => reference)).toEqual(['H-01', best.reference].toSorted());
  });

  test('a swap gives the other shift in return', async () => {
    const { body: { shifts, others } } = await own.get('/api/own-shifts');
    const published: { id: string; day: string; wardens: string[] }[] = (await lead.get(`/api/rotas/${rotaId}`)).body.shifts;
    const among = (list: { id: string }[]) => published.filter(({ id }) => list.some((each) => each.id === id));
    const [[shift, wanted] = []] = among(shifts).flatMap((mine) => among(others).filter(({ wardens }) => wardens.some((reference) => !mine.wardens.includes(reference))).map((theirs) => [mine, theirs] as const));
    if (!shift || !wanted) throw new Error('No two shifts can be swapped.');
    const requestId = randomUUID();
    await own.post('/api/own-shifts/requests').send({ requestId, shiftId: shift.id, returnShiftId: shift.id, reason: 'x' }).expect(409);
    await own.post('/api/own-shifts/requests').send({ requestId, shiftId: wanted.id, reason: 'x' }).expect(404);
    await own.post('/api/own-shifts/requests').send({ requestId, shiftId: shift.id, returnShiftId: wanted.id, reason: 'A wedding' }).expect(200);
    const { choices } = (await lead.get(`/api/rota-requests/${requestId}/choices`).expect(200)).body;
    const granted = (await lead.put(`/api/rota-requests/${requestId}`).send({ decision: 'granted', takenBy: choices[0].wardenId, why: 'Both asked' }).expect(200)).body;
    expect(granted.returnShift.wardens).toContain('H-01');
    expect(granted.shift.wardens).toContain(choices[0].reference);
    const declined = randomUUID();
    await own.post('/api/own-shifts/requests').send({ requestId: declined, shiftId: granted.returnShift.id, reason: 'Again' }).expect(200);
    const asked = await db('rota_request').where({ id: declined }).first();
    await expect(db('rota_request').where({ id: declined }).update({ state: 'refused', decided_by: asked.asked_by, decided_why: 'x' })).rejects.toMatchObject({ constraint: 'rota_request_preparer_is_not_approver' });
    expect((await own.delete(`/api/own-shifts/requests/${declined}`).expect(200)).body.state).toBe('withdrawn');
    await expect(db('rota_request').where({ id: declined }).delete()).rejects.toMatchObject({ constraint: 'rota_request_append_only' });
    expect(await keyOf(shift.day)).toBe(shift.id);
  });

  test('about a shift that has begun nothing can be asked or granted', async () => {
    const { body: { shifts, others } } = await own.get('/api/own-shifts');
    const [first, second] = shifts;
    const asked = { requestId: randomUUID(), shiftId: first.id, reason: 'A course that evening' };
    await own.post('/api/own-shifts/requests').send(asked).expect(200);
    try {
      clock = first.startsAt;
      const [mine, theirs] = await Promise.all([service.client('warden@hartlepool.demo'), service.client('lead@hartlepool.demo')]);
      const begun = `Late on ${sayDate(first.day)} has begun: nobody can be put on it or taken off it any more.`;
      const { body: now } = await mine.get('/api/own-shifts').expect(200);
      expect(now.toCome).toEqual(shifts.slice(1).map(({ id }: { id: string }) => id));
      expect(now.others.every(({ startsAt }: { startsAt: string }) => startsAt > clock)).toBe(true);
      const again = await mine.post('/api/own-shifts/requests').send({ ...asked, requestId: randomUUID() }).expect(409);
      expect([again.body.code, again.body.detail]).toEqual(['rota_request_shift_begun', `${begun} Ask the lead to correct the record of who was there.`]);
      const past = others.find(({ startsAt }: { startsAt: string }) => startsAt <= clock) ?? first;
      expect((await mine.post('/api/own-shifts/requests').send({ requestId: randomUUID(), shiftId: second.id, returnShiftId: past.id, reason: 'x' }).expect(409)).body.code).toMatch(/^rota_request_(shift_begun|own_shift)$/);
      expect((await theirs.get(`/api/rota-requests/${asked.requestId}/choices`).expect(409)).body.detail).toBe(`${begun} Refuse the request, and say so.`);
      const granted = await theirs.put(`/api/rota-requests/${asked.requestId}`).send({ decision: 'granted', takenBy: crew['H-02'], why: 'x' }).expect(409);
      expect(granted.body.code).toBe('rota_request_shift_begun');
      expect((await theirs.put(`/api/rota-requests/${asked.requestId}`).send({ decision: 'refused', why: 'It is over' }).expect(200)).body.state).toBe('refused');
    } finally {
      clock = '2023-09-25T09:00:00Z';
    }
  });

  test('a calendar reads it: what was given away is cancelled under its own identifier; taken back it answers nothing', async () => {
    const { body: { path, id } } = await own.post('/api/own-shifts/calendars').send({}).expect(200);
    const anybody = await service.client();
    const file = await anybody.get(path).expect(200);
    expect(file.headers['content-type']).toBe('text/calendar; charset=utf-8');
    const text: string = file.text;
    expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(text.match(/STATUS:CANCELLED/g)).toHaveLength(2);
    expect(text).toContain('SUMMARY:Late shift');
    expect(text).toContain('SEQUENCE:1');
    const { body: { shifts } } = await own.get('/api/own-shifts');
    expect(text.match(/STATUS:CONFIRMED/g)).toHaveLength(shifts.length);
    expect(text).toContain(`DTSTART:${(shifts[0].startsAt as string).replaceAll(/[-:]/g, '').replace('.000', '')}`);
    await own.delete(`/api/own-shifts/calendars/${id}`).expect(200);
    await anybody.get(path).expect(404);
    await anybody.get(`/api/calendars/${'A'.repeat(43)}`).expect(404);
    expect((await lead.delete(`/api/wardens/${crew['H-01']}/calendars`).expect(200)).body.revoked).toBe(1);
  });

  test('is in the audit trail step by step', async () => {
    const actions: string[] = await db('audit_event').where({ subject_kind: 'rota', subject_id: rotaId }).orderBy('id').pluck('action');
    expect(new Set(actions)).toEqual(new Set(['rotaBegun', 'rotaWorkedOut', 'rotaDraftChanged', 'rotaBreachAllowed', 'rotaPublished', 'rotaTold', 'rotaRequestAsked', 'rotaRequestGranted', 'rotaRequestRefused', 'rotaRequestWithdrawn']));
  });
});

test('a rota of which nothing is published can be taken out', async () => {
  const id = await beginRota(lead, db, '2024-01-01', '2024-01-07');
  await lead.delete(`/api/rotas/${id}`).query({ reason: 'Begun by mistake' }).expect(200);
  await lead.get(`/api/rotas/${id}`).expect(404);
});
