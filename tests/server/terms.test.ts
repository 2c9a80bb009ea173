/** An agreement from its draft to its life: terms entered, signed by both, moved step by step, its ledger opened on them, conditions met. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimLegs, atRiskLegs } from '../../server/ledger/ledger.ts';
import { listPeriods } from '../../server/ledger/queries.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { postOne } from '../support/ledger.ts';
import { addFund, hartlepool, middlesbrough } from '../support/patrols.ts';
import { addSigned, agreementNow } from '../support/terms.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2023-11-15T10:00:00Z') });
});
afterAll(() => service.close());

type Client = Awaited<ReturnType<TestService['client']>>;
const manager = (): Promise<Client> => service.client('manager@opcc.demo');
const given = { startsOn: '2023-07-03', endsOn: '2024-03-31', state: 'draft', productiveRatio: 0.5, ceiling: '£10,000.00' };
const draft = {
  paymentBasis: 'hours', overheadsAgreed: true, overheadsPercent: 12.5, purpose: 'Patrols on top of normal policing', schedules: [{ title: 'Schedule 2: payment', says: 'Paid in arrears within 21 working days' }],
  heads: [{ head: 'Wardens', budgetPence: 800_000, tolerancePence: 10_000 }, { head: 'Training', budgetPence: 100_000 }, { head: 'Overheads', budgetPence: 100_000 }],
  targets: [{ startsOn: '2023-07-03', endsOn: '2023-12-31', personMinutes: 60_000 }, { startsOn: '2024-01-01', endsOn: '2024-03-31', personMinutes: 45_000 }], hotspotIds: [],
};

async function enter(client: Client, more: Record<string, unknown> = {}): Promise<string> {
  const fundId = await addFund(service.database.db);
  return (await client.post('/api/agreements').send({ ...given, reference: `T-${fundId.slice(0, 8)}`, fundId, councilCode: hartlepool, ...more }).expect(200)).body.id as string;
}

const moving = (client: Client, id: string) => (state: string) => client.post(`/api/agreements/${id}/state`).send({ state, reason: 'As agreed by both' });

test('from draft to live: each step in its order, signed by both, with version 1 and a ledger on its heads', async () => {
  const client = await manager();
  const id = await enter(client);
  const move = moving(client, id);
  expect((await client.get(`/api/agreements/${id}/terms`).expect(200)).body).toMatchObject({ state: 'draft', versions: [], current: null, draft: { heads: [], paymentBasis: 'cost' }, missing: [], moves: [{ state: 'in legal', back: false, faults: [] }], atRiskPence: null });
  const half = { ...draft, heads: draft.heads.slice(0, 2) };
  expect((await client.put(`/api/agreements/${id}/terms`).send(half).expect(200)).body.missing).toEqual([{ field: 'heads', message: 'The budgets add up to £9,000.00 and the agreement’s value is £10,000.00. Change a budget by £1,000.00.' }]);
  expect((await move('live').expect(422)).body.errors).toEqual([{ field: 'state', message: 'An agreement that is draft does not become live. It may become in legal.' }]);
  await move('in legal').expect(200);
  await move('sent').expect(200);
  expect((await move('signed').expect(422)).body.errors.map((error: { message: string }) => error.message)).toEqual([
    'The budgets add up to £9,000.00 and the agreement’s value is £10,000.00. Change a budget by £1,000.00.',
    'Nobody is named to sign for the council. Enter a signatory, by title.', 'Nobody is named to sign for the Commissioner’s office. Enter a signatory, by title.',
  ]);
  await client.put(`/api/agreements/${id}/terms`).send(draft).expect(200);
  const [council, office, condition] = [randomUUID(), randomUUID(), randomUUID()];
  await client.post(`/api/agreements/${id}/signatories`).send({ signatoryId: council, party: 'council', title: 'Section 151 officer' }).expect(200);
  await client.post(`/api/agreements/${id}/signatories`).send({ signatoryId: office, party: 'office', title: 'Chief Finance Officer' }).expect(200);
  await client.post(`/api/agreements/${id}/conditions`).send({ conditionId: condition, kind: 'condition', what: 'Every patrol officer is trained', owedBy: 'council', dueOn: '2023-10-31' }).expect(200);
  await client.put(`/api/agreements/${id}/signatories/${council}`).send({ signedOn: '2023-07-20' }).expect(200);
  expect((await move('signed').expect(422)).body.errors).toEqual([{ field: 'state', message: 'Chief Finance Officer of the Commissioner’s office has not signed. Enter the day it was signed.' }]);
  await client.put(`/api/agreements/${id}/signatories/${office}`).send({ signedOn: '2023-07-21' }).expect(200);
  const { body } = await move('signed').expect(200);
  expect(body).toMatchObject({ state: 'signed', current: 1, draft: null, conditions: [{ id: condition, fromVersion: 1, state: 'overdue' }], moves: [{ state: 'live' }, { state: 'live at risk' }] });
  expect(body.versions[0]).toMatchObject({ number: 1, paymentBasis: 'hours', overheadsPercent: 12.5, purpose: draft.purpose, schedules: draft.schedules, targets: draft.targets, effectiveFrom: '2023-07-03', reason: 'As agreed by both' });
  await move('live').expect(200);
  await client.put(`/api/agreements/${id}/terms`).send(draft).expect(409);
  const opened = (await client.post(`/api/agreements/${id}/ledger`).send({ idempotencyKey: randomUUID() }).expect(200)).body;
  expect(opened.accounts.filter(({ kind }: { kind: string }) => kind === 'available').map(({ head, balancePence, tolerancePence }: Record<string, unknown>) => [head, balancePence, tolerancePence])).toEqual([['Overheads', 100_000, 0], ['Training', 100_000, 0], ['Wardens', 800_000, 10_000]]);
  const moves = await service.database.db('audit_event').where({ subject_id: id, action: 'agreementMoved' }).orderBy('id');
  expect(moves.map(({ before, after, reason, council_code }) => [before.state, after.state, reason, council_code])).toEqual([['draft', 'in legal'], ['in legal', 'sent'], ['sent', 'signed'], ['signed', 'live']].map((states) => [...states, 'As agreed by both', hartlepool]));
});

test('a draft goes back from legal, and opening the ledger signs what was drafted', async () => {
  const client = await manager();
  const id = await enter(client);
  const move = moving(client, id);
  await move('in legal').expect(200);
  await move('draft').expect(200);
  await client.put(`/api/agreements/${id}/terms`).send({ ...draft, heads: draft.heads.slice(0, 2) }).expect(200);
  expect((await client.post(`/api/agreements/${id}/ledger`).send({ idempotencyKey: randomUUID() }).expect(422)).body.errors[0].message).toContain('The budgets add up to £9,000.00');
  await client.put(`/api/agreements/${id}/terms`).send(draft).expect(200);
  const key = randomUUID();
  for (const _ of [1, 2]) await client.post(`/api/agreements/${id}/ledger`).send({ idempotencyKey: key }).expect(200);
  expect((await client.get(`/api/agreements/${id}/terms`).expect(200)).body).toMatchObject({ current: 1, versions: [{ paymentBasis: 'hours', number: 1 }] });
});

test('an agreement signed on paper has its terms entered and signed here, and not twice', async () => {
  const client = await manager();
  const id = await enter(client, { state: 'live' });
  const sign = () => client.post(`/api/agreements/${id}/versions`).send({ reason: 'Signed on paper in July 2023' });
  await client.put(`/api/agreements/${id}/terms`).send(draft).expect(200);
  expect((await sign().expect(200)).body.versions).toHaveLength(1);
  expect((await sign().expect(409)).body).toMatchObject({ code: 'terms_are_signed', detail: expect.stringContaining('are signed as version 1. Propose a variation.') });
  const unsigned = await enter(client);
  expect((await client.post(`/api/agreements/${unsigned}/versions`).send({ reason: 'x' }).expect(409)).body.code).toBe('agreement_not_signed');
});

test('amount, dates, ratio, rates, conditions and signatories of what is signed change by a variation only', async () => {
  const client = await manager();
  const { agreement } = await addSigned(service.database.db);
  const put = (more: Record<string, unknown>) => client.put(`/api/agreements/${agreement.id}`).send({ ...given, reference: agreement.reference, reason: 'x', state: undefined, ...more });
  await put({}).expect(200);
  await put({ reference: `${agreement.reference}-A` }).expect(200);
  for (const change of [{ ceiling: '£10,000.01' }, { endsOn: '2024-03-30' }, { startsOn: '2023-07-04' }, { productiveRatio: 0.501 }]) {
    expect((await put(change).expect(409)).body, JSON.stringify(change)).toMatchObject({ code: 'agreement_terms_are_signed', detail: `${agreement.reference}-A is live: its amount, dates and productive ratio are signed. Propose a variation.` });
  }
  expect((await put({ state: 'closing' }).expect(422)).body.errors[0].field).toBe('state');
  const post = async (path: string, body: Record<string, unknown>): Promise<string> => (await client.post(`/api/agreements/${agreement.id}/${path}`).send(body).expect(409)).body.code as string;
  expect(await post('rates', { band: 'day', perHour: '£25.00', validFrom: '2023-10-01' })).toBe('agreement_rate_by_variation');
  expect(await post('conditions', { conditionId: randomUUID(), kind: 'condition', what: 'Another', owedBy: 'council', dueOn: null })).toBe('terms_are_signed');
  expect(await post('signatories', { signatoryId: randomUUID(), party: 'council', title: 'Mayor' })).toBe('terms_are_signed');
});

test('live at risk shows what is spent and not to be claimed', async () => {
  const client = await manager();
  const ledger = await addSigned(service.database.db);
  await postOne(service.database.db, ledger, { kind: 'at risk', legs: atRiskLegs(123_456) });
  const { body } = await moving(client, ledger.agreement.id)('live at risk').expect(200);
  expect(body).toMatchObject({ state: 'live at risk', atRiskPence: 123_456 });
  const event = await service.database.db('audit_event').where({ subject_id: ledger.agreement.id, action: 'agreementMoved' }).first();
  expect(event.after).toEqual({ state: 'live at risk', atRiskPence: 123_456 });
});

describe('a condition', () => {
  async function withCondition(): Promise<{ path: string; client: Client; lead: Client }> {
    const client = await manager();
    const [id, conditionId] = [await enter(client), randomUUID()];
    await client.post(`/api/agreements/${id}/conditions`).send({ conditionId, kind: 'milestone', what: 'Briefing pack is read', owedBy: 'council', dueOn: '2023-12-31' }).expect(200);
    return { path: `/api/agreements/${id}/conditions/${conditionId}`, client, lead: await service.client('lead@hartlepool.demo') };
  }

  test('is reported by one with what shows it, sent back or accepted by another', async () => {
    const { path, client, lead } = await withCondition();
    const report = (by: Client) => by.post(`${path}/report`).send({ doneOn: '2023-11-10', evidence: 'Signed register of 12 officers' });
    const decide = (by: Client, accepted: boolean) => by.post(`${path}/decision`).send({ accepted, reason: 'Register seen' });
    expect((await decide(client, true).expect(409)).body.code).toBe('condition_not_reported');
    expect((await report(lead).expect(200)).body.conditions).toMatchObject([{ state: 'reported', doneOn: '2023-11-10', evidence: 'Signed register of 12 officers' }]);
    expect((await decide(client, false).expect(200)).body.conditions).toMatchObject([{ state: 'open', doneOn: null, evidence: null }]);
    await report(client).expect(200);
    expect((await decide(client, true).expect(409)).body).toMatchObject({ code: 'agreement_condition_preparer_is_not_approver', detail: 'Who reported a condition as met cannot accept it. Ask a second person.' });
    expect((await decide(await service.client('finance@opcc.demo'), true).expect(200)).body.conditions).toMatchObject([{ state: 'accepted' }]);
    expect((await report(lead).expect(409)).body.code).toBe('agreement_condition_accepted_once');
    await decide(lead, true).expect(403);
  });

  test('of a draft is taken out; a signed one stays', async () => {
    const { path, client } = await withCondition();
    const id = path.split('/')[3] ?? '';
    await client.post(`/api/agreements/${id}/ledger`).send({ idempotencyKey: randomUUID() }).expect(200);
    expect((await client.delete(path).expect(409)).body.code).toBe('agreement_condition_is_signed');
    const other = await withCondition();
    expect((await other.client.delete(other.path).expect(200)).body.conditions).toEqual([]);
  });
});

test('a fund shows where the money of each agreement stands, to a council its own', async () => {
  const client = await manager();
  const fundId = await addFund(service.database.db, 5_000_000);
  const ledger = await addSigned(service.database.db, { fundId });
  await addSigned(service.database.db, { fundId, councilCode: middlesbrough, ceilingPence: 2_000_000 });
  await postOne(service.database.db, ledger, { kind: 'claim', legs: claimLegs(300_000) });
  const standing = async (by: Client) => (await by.get(`/api/funds/${fundId}/standing`).expect(200)).body.agreements as Record<string, unknown>[];
  expect(await standing(client)).toMatchObject([
    { council: 'Hartlepool', ceilingPence: 1_000_000, awardedPence: 1_000_000, availablePence: 700_000, pendingPence: 300_000, paidPence: 0, opened: true },
    { council: 'Middlesbrough', ceilingPence: 2_000_000, awardedPence: 2_000_000, availablePence: 2_000_000 },
  ]);
  expect((await standing(await service.client('finance@hartlepool.demo'))).map(({ council }) => council)).toEqual(['Hartlepool']);
  await client.get(`/api/funds/${randomUUID()}/standing`).expect(404);
});

test('the list of budget heads is data: added to, ended, and no cap on overheads in it', async () => {
  const client = await manager();
  const { heads } = (await client.get('/api/budget-heads').expect(200)).body as { heads: { name: string; needsAgreement: boolean; validTo: string | null }[] };
  expect(heads.map(({ name, needsAgreement }) => [name, needsAgreement])).toEqual([['Equipment', false], ['Extra patrols', false], ['On-costs', false], ['Overheads', true], ['Training', false], ['Vehicles', false], ['Wardens', false]]);
  const head = { name: 'Analysis', describes: 'An analyst’s time', needsAgreement: false, source: 'Agreed with the funder', validFrom: '2023-07-01', validTo: null };
  await client.post('/api/budget-heads').send(head).expect(200);
  const { body } = await client.post('/api/budget-heads').send({ ...head, validTo: '2023-07-02' }).expect(200);
  expect(body.heads.find(({ name }: { name: string }) => name === 'Analysis')).toMatchObject({ validTo: '2023-07-02' });
  const id = await enter(client);
  const { missing } = (await client.put(`/api/agreements/${id}/terms`).send({ ...draft, heads: [{ head: 'Analysis', budgetPence: 1_000_000 }] }).expect(200)).body;
  expect(missing[0].message).toContain('“Analysis” is no budget head in use on this day.');
});

test('a council reads its own terms and changes none; another’s are not there', async () => {
  const [mine, theirs] = [await addSigned(service.database.db), await addSigned(service.database.db, { councilCode: middlesbrough })];
  const lead = await service.client('finance@hartlepool.demo');
  expect((await lead.get(`/api/agreements/${mine.agreement.id}/terms`).expect(200)).body.versions).toHaveLength(1);
  await lead.get(`/api/agreements/${theirs.agreement.id}/terms`).expect(404);
  await lead.post(`/api/agreements/${mine.agreement.id}/state`).send({ state: 'closing', reason: 'x' }).expect(403);
  await lead.put(`/api/agreements/${mine.agreement.id}/terms`).send(draft).expect(403);
  expect((await agreementNow(service.database.db, mine.agreement.id)).state).toBe('live');
  expect(await listPeriods(service.database.db, mine.agreement.id)).toHaveLength(3);
});
