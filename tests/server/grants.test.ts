import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { addAgreement, addFund, hartlepool, middlesbrough, redcar, stockton } from '../support/patrols.ts';

let service: TestService;
let fundId: string;
beforeAll(async () => {
  service = await startTestService();
  fundId = await addFund(service.database.db, 100_000_000);
});
afterAll(() => service.close());

const fund = { name: 'Hotspot response 2024', funder: 'Home Office', purpose: 'Patrols', award: '£1,420,423', startsOn: '2024-04-01', endsOn: '2025-03-31' };
const agreement = { reference: 'ASB/24/H', startsOn: '2024-04-01', endsOn: '2025-03-31', state: 'live', productiveRatio: 0.5 };

test('a fund and four agreements are entered in pounds as people write them, and the award is never passed', async () => {
  const client = await service.client('manager@opcc.demo');
  const added = (await client.post('/api/funds').send(fund).expect(200)).body;
  expect(added).toMatchObject({ name: 'Hotspot response 2024', awardPence: 142_042_300, agreedPence: 0, unagreedPence: 142_042_300 });
  const enter = (councilCode: string, ceiling: string) => client.post('/api/agreements').send({ ...agreement, reference: `ASB/24/${councilCode}`, fundId: added.id, councilCode, ceiling });
  expect((await enter(hartlepool, '£320,423.00').expect(200)).body).toMatchObject({ council: 'Hartlepool', ceilingPence: 32_042_300, committedPence: 0, availablePence: 32_042_300, rates: [] });
  await enter(middlesbrough, '400000').expect(200);
  await enter(redcar, '300,000').expect(200);
  const over = await enter(stockton, '£400,000.01').expect(409);
  expect(over.body).toMatchObject({ code: 'fund_agreements_within_award', detail: 'The agreements together would pass the fund’s award. Lower this ceiling or another first.' });
  await enter(stockton, '£400,000.00').expect(200);
  const { body } = await client.get('/api/funds').expect(200);
  expect(body.funds.find((row: { id: string }) => row.id === added.id)).toMatchObject({ agreedPence: 142_042_300, unagreedPence: 0 });
  const lower = await client.put(`/api/funds/${added.id}`).send({ ...fund, award: '1,420,422.99', reason: 'Cut' }).expect(409);
  expect(lower.body.code).toBe('fund_agreements_within_award');
});

test.each([
  [{ ceiling: '1,23' }, 'ceiling', '"1,23" has a comma in an unusual place. Commas part thousands: write 1,234 or 1234.'],
  [{ ceiling: '12.' }, 'ceiling', '"12." ends with a point. Write the pence after it or leave it out.'],
  [{ ceiling: '1e3' }, 'ceiling', '"1e3" is written with a power of ten. Write the amount out, for example 1,000.'],
  [{ ceiling: '１２' }, 'ceiling', '"１２" has digits of another script. Use 0 to 9.'],
  [{ ceiling: '12', ceilingPence: 1200 }, 'ceiling', 'Give ceiling in pounds or ceilingPence in pence, not both.'],
  [{}, 'ceilingPence', 'Enter an amount in pounds, for example 1,234.56.'],
  [{ ceilingPence: 1.5 }, 'ceilingPence', 'Give whole pence, without a fraction.'],
])('an amount of %j is refused', async (given, field, message) => {
  const client = await service.client('manager@opcc.demo');
  const { body } = await client.post('/api/agreements').send({ ...agreement, fundId, councilCode: hartlepool, ...given }).expect(422);
  expect(body.errors).toEqual([{ field, message }]);
});

test('an amount of nothing or less is no ceiling', async () => {
  const client = await service.client('manager@opcc.demo');
  for (const ceiling of ['0', '-12']) {
    expect((await client.post('/api/agreements').send({ ...agreement, fundId, councilCode: hartlepool, ceiling }).expect(409)).body.code).toBe('agreement_ceiling_positive');
  }
});

test('commitments never pass the ceiling, are sent twice once, and are taken back by a negative one', async () => {
  const id = await addAgreement(service.database.db, await addFund(service.database.db), { ceilingPence: 1_000_000, state: 'draft' });
  const client = await service.client('manager@opcc.demo');
  const commit = (commitmentId: string, amount: string, given = {}) => client.post(`/api/agreements/${id}/commitments`).send({ commitmentId, amount, effectiveOn: '2023-10-02', what: 'Body cameras', ...given });
  const first = randomUUID();
  expect((await commit(first, '£9,999.99').expect(200)).body.agreement).toMatchObject({ committedPence: 999_999, availablePence: 1 });
  expect((await commit(first, '£9,999.99').expect(200)).body.agreement).toMatchObject({ committedPence: 999_999 });
  expect((await commit(first, '£1.00').expect(409)).body.code).toBe('commitment_id_taken');
  expect((await commit(randomUUID(), '0.02').expect(409)).body.code).toBe('agreement_commitments_within_ceiling');
  expect((await commit(randomUUID(), '0').expect(409)).body.code).toBe('commitment_not_zero');
  expect((await commit(randomUUID(), '-10,000').expect(409)).body.code).toBe('agreement_commitments_within_ceiling');
  expect((await commit(randomUUID(), '-999.99').expect(200)).body.agreement).toMatchObject({ committedPence: 900_000 });
  expect((await commit(randomUUID(), '1', { effectiveOn: '2024-04-01' }).expect(422)).body.errors[0].field).toBe('effectiveOn');
  const low = await client.put(`/api/agreements/${id}`).send({ ...agreement, state: 'draft', reference: 'LOW', startsOn: '2023-07-03', endsOn: '2024-03-31', ceiling: '8,999.99', reason: 'Cut' }).expect(409);
  expect(low.body.code).toBe('agreement_commitments_within_ceiling');
  expect((await client.get(`/api/agreements/${id}/commitments`).expect(200)).body.commitments.map((row: { amountPence: number }) => row.amountPence).sort()).toEqual([-99_999, 999_999]);
});

test('commitments are never changed, and a balance is never written', async () => {
  const { db } = service.database;
  const id = await addAgreement(db, await addFund(db), { ceilingPence: 1_000_000, committedPence: 1000 });
  await expect(db('commitment').where({ agreement_id: id }).update({ amount_pence: 1 })).rejects.toMatchObject({ constraint: 'commitment_append_only' });
  await expect(db('commitment').where({ agreement_id: id }).delete()).rejects.toMatchObject({ constraint: 'commitment_append_only' });
  await expect(db('agreement').where({ id }).update({ committed_pence: 0 })).rejects.toMatchObject({ constraint: 'agreement_balance_is_added_up' });
  await expect(db('fund').update({ agreed_pence: 0 })).rejects.toMatchObject({ constraint: 'fund_balance_is_added_up' });
});

test('sixty commitments of £3,000 at once against £99,999: exactly 33 are made', async () => {
  const { db, kind } = service.database;
  const id = await addAgreement(db, await addFund(db), { ceilingPence: 9_999_900 });
  const client = await service.client('manager@opcc.demo');
  const commit = () => client.post(`/api/agreements/${id}/commitments`).send({ commitmentId: randomUUID(), amountPence: 300_000, effectiveOn: '2023-10-02', what: 'Radios' });
  // The embedded database has one session: there the sixty wait for each other.
  const answers = kind === 'server' ? await Promise.all(Array.from({ length: 60 }, commit)) : [];
  while (answers.length < 60) answers.push(await commit());
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(33);
  expect(answers.filter((answer) => answer.status === 409 && answer.body.code === 'agreement_commitments_within_ceiling')).toHaveLength(27);
  expect((await db('agreement').where({ id }).first()).committed_pence).toBe(9_900_000);
});

test('ten agreements at once under one award: as many as fit are made', async () => {
  const { db, kind } = service.database;
  const own = await addFund(db, 10_000_000);
  const client = await service.client('manager@opcc.demo');
  const enter = (index: number) => client.post('/api/agreements').send({
    ...agreement, reference: `AT-ONCE-${index}`, fundId: own, councilCode: hartlepool, ceilingPence: 3_000_000,
    startsOn: `20${10 + index}-01-01`, endsOn: `20${10 + index}-12-31`,
  });
  const places = Array.from({ length: 10 }, (_, index) => index);
  const answers = [];
  if (kind === 'server') answers.push(...(await Promise.all(places.map(enter))));
  else for (const place of places) answers.push(await enter(place));
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(3);
  expect(answers.filter((answer) => answer.status === 409 && answer.body.code === 'fund_agreements_within_award')).toHaveLength(7);
});

test('one agreement a council at a time under one fund', async () => {
  const { db } = service.database;
  const own = await addFund(db);
  await addAgreement(db, own, { startsOn: '2023-07-01', endsOn: '2024-03-31' });
  const client = await service.client('manager@opcc.demo');
  const next = (startsOn: string) => client.post('/api/agreements').send({ ...agreement, reference: `NEXT-${startsOn}`, fundId: own, councilCode: hartlepool, ceiling: '10', startsOn, endsOn: '2025-03-31' });
  expect((await next('2024-03-31').expect(409)).body.code).toBe('agreement_one_a_council_at_a_time');
  await next('2024-04-01').expect(200);
});

test('a rate from a day on ends the one before it; one in between keeps what comes after', async () => {
  const { db } = service.database;
  const id = await addAgreement(db, await addFund(db), { rate: null });
  const client = await service.client('manager@opcc.demo');
  const set = (perHour: string, validFrom: string, band = 'evening') => client.post(`/api/agreements/${id}/rates`).send({ band, perHour, validFrom });
  await set('£19.50', '2023-07-03').expect(200);
  await set('£21.00', '2024-01-01').expect(200);
  const { body } = await set('£20.25', '2023-10-01').expect(200);
  expect(body.rates).toEqual([
    { band: 'evening', pencePerHour: 1950, validFrom: '2023-07-03', validTo: '2023-10-01' },
    { band: 'evening', pencePerHour: 2025, validFrom: '2023-10-01', validTo: '2024-01-01' },
    { band: 'evening', pencePerHour: 2100, validFrom: '2024-01-01', validTo: null },
  ]);
  expect((await set('£20.30', '2023-10-01').expect(200)).body.rates[1]).toEqual({ band: 'evening', pencePerHour: 2030, validFrom: '2023-10-01', validTo: '2024-01-01' });
  expect((await set('0', '2023-10-01').expect(409)).body.code).toBe('agreement_rate_positive');
  await expect(db('agreement_rate').insert({ agreement_id: id, band: 'evening', pence_per_hour: 1, valid_from: '2023-11-01', valid_to: '2023-11-02' })).rejects.toMatchObject({ constraint: 'agreement_rate_one_a_day' });
});

test('every change is in the audit trail with what it was before', async () => {
  const { db } = service.database;
  const id = await addAgreement(db, await addFund(db), { ceilingPence: 1_000_000, state: 'draft' });
  const client = await service.client('manager@opcc.demo');
  await client.put(`/api/agreements/${id}`).send({ ...agreement, reference: 'CHANGED', startsOn: '2023-07-03', endsOn: '2024-03-31', ceiling: '£12,000', state: 'draft', reason: 'Agreed by letter' }).expect(200);
  const event = await db('audit_event').where({ action: 'agreementChanged', subject_id: id }).first();
  expect(event).toMatchObject({ role: 'grant_manager', council_code: hartlepool, reason: 'Agreed by letter', before: { ceilingPence: 1_000_000, productiveRatio: 0.5, reference: expect.stringContaining('AGR-') as string }, after: { ceilingPence: 1_200_000, productiveRatio: 0.5, reference: 'CHANGED' } });
});

test('bank holidays are those published, and a list that can be changed', async () => {
  const client = await service.client('manager@opcc.demo');
  expect((await client.get('/api/bank-holidays').expect(200)).body.bankHolidays.map((day: { heldOn: string }) => day.heldOn)).toEqual(['2023-08-28', '2023-12-25', '2023-12-26', '2024-01-01', '2024-03-29']);
  await client.put('/api/bank-holidays/2024-05-06').send({ name: 'Early May bank holiday' }).expect(200);
  await client.delete('/api/bank-holidays/2024-05-06').expect(200);
  await client.delete('/api/bank-holidays/2024-05-06').expect(404);
});

test('a council sees its own agreement only and changes none; a warden sees no money', async () => {
  const { db } = service.database;
  const own = await addFund(db);
  const mine = await addAgreement(db, own, { councilCode: hartlepool });
  const theirs = await addAgreement(db, own, { councilCode: middlesbrough });
  for (const email of ['lead@hartlepool.demo', 'finance@hartlepool.demo']) {
    const client = await service.client(email);
    await client.get(`/api/agreements/${mine}`).expect(200);
    await client.get(`/api/agreements/${theirs}`).expect(404);
    await client.get(`/api/agreements/${theirs}/commitments`).expect(404);
    const { body } = await client.get('/api/agreements').expect(200);
    expect(new Set(body.agreements.map((row: { councilCode: string }) => row.councilCode))).toEqual(new Set([hartlepool]));
    const funds = (await client.get('/api/funds').expect(200)).body.funds;
    expect(funds.every((row: { agreedPence: number | null; unagreedPence: number | null }) => row.agreedPence === null && row.unagreedPence === null)).toBe(true);
    await client.post(`/api/agreements/${mine}/rates`).send({ band: 'day', perHour: '99', validFrom: '2023-10-01' }).expect(403);
    await client.post('/api/funds').send(fund).expect(403);
  }
  await (await service.client('warden@hartlepool.demo')).get('/api/agreements').expect(403);
  for (const email of ['finance@opcc.demo', 'analyst@opcc.demo', 'auditor@opcc.demo']) {
    const client = await service.client(email);
    await client.get(`/api/agreements/${theirs}`).expect(200);
    await client.post(`/api/agreements/${theirs}/commitments`).send({ commitmentId: randomUUID(), amount: '1', effectiveOn: '2023-10-02', what: 'x' }).expect(403);
  }
});
