/** A warden's terms over HTTP: what is kept with its dates, what the database refuses, and who sees it. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRotaRows } from '../../server/rota/problemQueries.ts';
import { problemOf } from '../../server/rota/problemRows.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addWarden, hartlepool, middlesbrough } from '../support/patrols.ts';

type Client = Awaited<ReturnType<TestService['client']>>;

let service: TestService;
let db: Knex;
let lead: Client;
let wardenId: string;
let other: string;
beforeAll(async () => {
  service = await startTestService();
  ({ db } = service.database);
  lead = await service.client('lead@hartlepool.demo');
  wardenId = await addWarden(db, 'H-01');
  other = await addWarden(db, 'H-02');
});
afterAll(() => service.close());

const add = (entry: object, given: { id?: string; termId?: string } = {}) => lead.post(`/api/wardens/${given.id ?? wardenId}/terms`).send({ termId: given.termId ?? randomUUID(), entry });
const terms = async (id = wardenId) => (await lead.get(`/api/wardens/${id}/terms`).expect(200)).body;
const termsOf = async (term: string, id = wardenId) => (await terms(id)).terms.filter((each: { entry: { term: string } }) => each.entry.term === term);

describe('contracts', () => {
  test('the first comes with the warden; a fixed term follows and the warden’s row keeps their sum', async () => {
    const [first] = await termsOf('contract');
    expect(first.entry).toEqual({ term: 'contract', contractKind: 'permanent', contractMinutesPerWeek: 2220, validFrom: '2023-07-01', validTo: null });
    expect((await add({ term: 'contract', contractKind: 'fixed_term', contractMinutesPerWeek: 1110, validFrom: '2024-01-01', validTo: '2024-04-01' }).expect(409)).body.detail)
      .toBe('The warden has another contract on some of these days. End that one first, or change the days.');
    await lead.put(`/api/warden-terms/${first.id}`).send({ wardenId, entry: { ...first.entry, validTo: '2024-01-01' }, reason: 'Hours halved on request' }).expect(200);
    await add({ term: 'contract', contractKind: 'fixed_term', contractMinutesPerWeek: 1110, validFrom: '2024-01-01', validTo: '2024-04-01' }).expect(200);
    expect(await db('warden').where({ id: wardenId }).first('employed_from', 'employed_to', 'contract_minutes_per_week')).toEqual({ employed_from: '2023-07-01', employed_to: '2024-04-01', contract_minutes_per_week: 1110 });
  });

  test('a fixed term has an end, and the last contract stays', async () => {
    const [only] = await termsOf('contract', other);
    expect((await lead.put(`/api/warden-terms/${only.id}`).send({ wardenId: other, entry: { ...only.entry, contractKind: 'fixed_term' }, reason: 'x' }).expect(409)).body.code).toBe('warden_contract_fixed_term_ends');
    expect((await lead.delete(`/api/warden-terms/${only.id}`).query({ term: 'contract', reason: 'x' }).expect(409)).body.detail).toBe('A warden has at least one contract. Change this one instead of taking it out.');
  });

  test('hours changed on the list change the only contract, and are refused where there are several', async () => {
    const values = { reference: 'H-02', staffCategory: 'warden', employedFrom: '2023-08-01', contractMinutesPerWeek: 1800 };
    await lead.put(`/api/wardens/${other}`).send(values).expect(200);
    expect((await termsOf('contract', other))[0].entry).toMatchObject({ validFrom: '2023-08-01', contractMinutesPerWeek: 1800 });
    expect((await lead.put(`/api/wardens/${wardenId}`).send({ ...values, reference: 'H-01' }).expect(409)).body.code).toBe('warden_has_contracts');
  });
});

describe('what else is kept', () => {
  test('powers a council can give, with their days', async () => {
    await add({ term: 'power', actionCode: 'fixed_penalty_pspo', validFrom: '2023-09-01' }).expect(200);
    expect((await add({ term: 'power', actionCode: 'arrest', validFrom: '2023-09-01' }).expect(409)).body.detail).toBe('Only the police hold this power. Choose one that a council can give.');
    expect((await add({ term: 'power', actionCode: 'public_engagement', validFrom: '2023-09-01' }).expect(409)).body.code).toBe('warden_power_is_enforcement');
    expect((await add({ term: 'power', actionCode: 'fixed_penalty_pspo', validFrom: '2024-01-01' }).expect(409)).body.code).toBe('warden_power_one_a_day');
    expect((await add({ term: 'power', actionCode: 'no_such_power', validFrom: '2024-01-01' }).expect(409)).body.code).toBe('warden_power_is_enforcement');
  });

  test('leave and absence by kind, without a word about why', async () => {
    await add({ term: 'absence', absenceKind: 'annual_leave', firstDay: '2023-10-09', lastDay: '2023-10-13' }).expect(200);
    await add({ term: 'absence', absenceKind: 'unavailable', firstDay: '2023-10-10', lastDay: '2023-10-10', fromMinute: 1080, untilMinute: 1200 }).expect(200);
    expect((await add({ term: 'absence', absenceKind: 'absent', firstDay: '2023-10-13', lastDay: '2023-10-14' }).expect(409)).body.code).toBe('warden_absence_one_a_day');
    expect((await add({ term: 'absence', absenceKind: 'absent', firstDay: '2023-10-20', lastDay: '2023-10-19' }).expect(409)).body.code).toBe('warden_absence_dates_in_order');
    expect((await add({ term: 'absence', absenceKind: 'absent', firstDay: '2023-10-20', lastDay: '2023-10-20', reason: 'influenza' }).expect(422)).body.code).toBe('invalid_input');
    expect((await terms()).absenceKinds.map(({ code }: { code: string }) => code)).toContain('absent');
  });

  test('wishes, no nights, and an opt-out with the day it was signed', async () => {
    await add({ term: 'wish', wanted: false, weekday: 7, validFrom: '2023-07-01' }).expect(200);
    expect((await add({ term: 'wish', wanted: true, validFrom: '2023-07-01' }).expect(409)).body.code).toBe('warden_wish_names_day_or_shift');
    await add({ term: 'flag', flag: 'no_nights', validFrom: '2023-07-01' }).expect(200);
    expect((await add({ term: 'flag', flag: 'opted_out_48', validFrom: '2023-07-01' }).expect(409)).body.detail).toBe('An opt-out of 48 hours a week is in writing. Give the day it was signed, not after its first day.');
    await add({ term: 'flag', flag: 'opted_out_48', signedOn: '2023-06-20', validFrom: '2023-07-01' }).expect(200);
  });

  test('pairs, seen from both', async () => {
    const termId = randomUUID();
    const entry = { term: 'pair', otherWardenId: other, pairRule: 'cannot', validFrom: '2023-07-01' };
    await add(entry, { termId }).expect(200);
    await add(entry, { termId }).expect(200);
    expect((await add({ ...entry, pairRule: 'should_not' }, { termId }).expect(409)).body.code).toBe('warden_term_id_taken');
    expect((await add({ ...entry, otherWardenId: wardenId }).expect(409)).body.code).toBe('warden_pair_of_two');
    expect((await termsOf('pair', other)).map((each: { entry: object }) => each.entry)).toEqual([{ ...entry, otherWardenId: wardenId, validTo: null }]);
    expect((await add({ ...entry, otherWardenId: await addWarden(db, 'M-01', { councilCode: middlesbrough }) }).expect(404)).body.code).toBe('not_found');
    // Changed from either side, it stays a pair of the two.
    for (const [from, to] of [[wardenId, other], [other, wardenId]]) await lead.put(`/api/warden-terms/${termId}`).send({ wardenId: from, entry: { ...entry, otherWardenId: to, pairRule: 'should_not' }, reason: 'Less strict' }).expect(200);
    expect((await termsOf('pair')).map((each: { entry: object }) => each.entry)).toEqual([{ ...entry, pairRule: 'should_not', validTo: null }]);
    await lead.put(`/api/warden-terms/${termId}`).send({ wardenId: await addWarden(db, 'H-03'), entry, reason: 'x' }).expect(404);
    await lead.delete(`/api/warden-terms/${termId}`).query({ term: 'pair', reason: 'They work well together' }).expect(200);
    expect(await termsOf('pair', other)).toEqual([]);
  });

  test('who works only beside another, seen from both and by the rota', async () => {
    const termId = randomUUID();
    const entry = { term: 'pair', otherWardenId: other, pairRule: 'beside', validFrom: '2023-07-01' };
    await add(entry, { termId }).expect(200);
    await add(entry, { termId }).expect(200);
    expect((await termsOf('pair')).map((each: { entry: object }) => each.entry)).toEqual([{ ...entry, validTo: null }]);
    expect((await termsOf('pair', other)).map((each: { entry: object }) => each.entry)).toEqual([{ ...entry, otherWardenId: wardenId, pairRule: 'needed_by', validTo: null }]);
    const rota = { id: randomUUID(), councilCode: hartlepool, startsOn: '2023-10-02', endsOn: '2023-10-29', seed: '1' };
    expect(problemOf(await loadRotaRows(db, rota)).pairs).toEqual([{ kind: 'must', first: wardenId, second: other }]);
    await lead.put(`/api/warden-terms/${termId}`).send({ wardenId: other, entry: { ...entry, otherWardenId: wardenId }, reason: 'The other way round' }).expect(200);
    expect(problemOf(await loadRotaRows(db, rota)).pairs).toEqual([{ kind: 'must', first: other, second: wardenId }]);
    await lead.delete(`/api/warden-terms/${termId}`).query({ term: 'pair', reason: 'Entered by mistake' }).expect(200);
  });

  test('the account that is the warden’s own, of the same council', async () => {
    const { id: personId } = await db('person').where({ email: 'warden@hartlepool.demo' }).first('id');
    const { id: elsewhere } = await db('person').where({ email: 'lead@middlesbrough.demo' }).first('id');
    expect((await terms()).accounts.map(({ name }: { name: string }) => name)).toContain('Warden, Hartlepool');
    await lead.put(`/api/wardens/${wardenId}/account`).send({ personId }).expect(200);
    await lead.put(`/api/wardens/${other}/account`).send({ personId }).expect(404);
    await lead.put(`/api/wardens/${other}/account`).send({ personId: elsewhere }).expect(404);
    expect((await terms()).account).toEqual({ personId, name: 'Warden, Hartlepool' });
    await lead.put(`/api/wardens/${wardenId}/account`).send({ personId: null }).expect(200);
    expect((await terms()).account).toBeNull();
  });
});

test('every change leaves its event with what was before', async () => {
  const events: { action: string; reason: string | null }[] = await db('audit_event').where({ subject_kind: 'warden', council_code: hartlepool }).whereIn('action', ['wardenTermAdded', 'wardenTermChanged', 'wardenTermRemoved', 'wardenAccountLinked']).orderBy('id').select('action', 'reason', 'before');
  expect(events.filter(({ action }) => action === 'wardenTermAdded')).toHaveLength(9);
  expect(events.filter(({ action }) => action === 'wardenTermChanged')).toMatchObject([{ reason: 'Hours halved on request', before: { contractMinutesPerWeek: 2220, validTo: null } }, { reason: 'Less strict' }, { reason: 'Less strict' }, { reason: 'The other way round' }]);
  expect(events.filter(({ action }) => action === 'wardenTermRemoved')).toMatchObject([{ reason: 'They work well together' }, { reason: 'Entered by mistake' }]);
  expect(events.filter(({ action }) => action === 'wardenAccountLinked')).toHaveLength(2);
});

test('another council’s lead finds nothing, and nobody but the lead may ask', async () => {
  const stranger = await service.client('lead@middlesbrough.demo');
  await stranger.get(`/api/wardens/${wardenId}/terms`).expect(404);
  const [first] = await termsOf('contract');
  await stranger.put(`/api/warden-terms/${first.id}`).send({ wardenId, entry: first.entry, reason: 'x' }).expect(404);
  for (const email of ['manager@opcc.demo', 'warden@hartlepool.demo', 'finance@hartlepool.demo']) await (await service.client(email)).get(`/api/wardens/${wardenId}/terms`).expect(403);
});
