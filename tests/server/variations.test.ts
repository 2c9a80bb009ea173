/** Variations: two persons and the council, on the latest version, in effect on their day and once; refused below what is spent. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approvalLegs, claimLegs, paymentLegs } from '../../server/ledger/ledger.ts';
import { bringIntoEffect } from '../../server/terms/variationWork.ts';
import { currentVersion, lockForTerms, makeVersion } from '../../server/terms/versionWork.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { asOffice, balancesOf, faultsIn, type OpenLedger, postOne } from '../support/ledger.ts';
import { addFund, addHotspot, hartlepool, middlesbrough } from '../support/patrols.ts';
import { addSigned, agreementNow } from '../support/terms.ts';

let service: TestService;
let people: Record<'manager' | 'council' | 'finance' | 'other', Client>;
type Client = Awaited<ReturnType<TestService['client']>>;
const today = '2023-11-15';
beforeAll(async () => {
  service = await startTestService({ now: () => new Date(`${today}T10:00:00Z`) });
  const { id } = await service.database.db('person').where({ email: 'lead@middlesbrough.demo' }).first();
  await service.database.db('role_grant').insert({ id: randomUUID(), person_id: id, role: 'council_finance', valid_from: '2020-01-01' });
  people = {
    manager: await service.client('manager@opcc.demo'), council: await service.client('finance@hartlepool.demo'), finance: await service.client('finance@opcc.demo'), other: await service.client('lead@middlesbrough.demo'),
  };
});
afterAll(() => service.close());

const heads = [{ head: 'Wardens', budgetPence: 700_000, tolerancePence: 0 }, { head: 'Vehicles', budgetPence: 300_000, tolerancePence: 0 }];
const onTwoHeads = (given: Parameters<typeof addSigned>[1] = {}): Promise<OpenLedger> => addSigned(service.database.db, given, { heads });
const rise = { ceilingPence: 1_200_000, heads: [{ head: 'Wardens', budgetPence: 900_000 }, { head: 'Vehicles', budgetPence: 300_000 }] };

const send = ({ agreement }: Pick<OpenLedger, 'agreement'>, changes: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  people.manager.post(`/api/agreements/${agreement.id}/variations`).send({ variationId: randomUUID(), effectiveFrom: '2023-10-01', reason: 'A second team', changes, ...more });
const draft = async (ledger: Pick<OpenLedger, 'agreement'>, changes: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<string> => (await send(ledger, changes, more).expect(200)).body.id as string;
const propose = (id: string, by: Client = people.manager) => by.post(`/api/variations/${id}/proposal`).send({});
const agree = (id: string, by: Client = people.council) => by.post(`/api/variations/${id}/agreement`).send({});
const approve = (id: string, by: Client = people.finance, more: Record<string, unknown> = {}) => by.post(`/api/variations/${id}/approval`).send({ idempotencyKey: randomUUID(), decisionReference: 'DN-2023-044', ...more });
/** Drafted, proposed and agreed: only approval is wanting. */
async function agreed(ledger: Pick<OpenLedger, 'agreement'>, changes: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<string> {
  const id = await draft(ledger, changes, more);
  await propose(id).expect(200);
  await agree(id).expect(200);
  return id;
}

test('is proposed, agreed by the council, approved by another person, and in effect at once when its day has come', async () => {
  const ledger = await onTwoHeads();
  const body = (await send(ledger, rise).expect(200)).body;
  expect(body).toMatchObject({ number: 1, state: 'draft', proposed: null, mine: true, version: null, difference: [{ field: 'ceiling', of: '', from: 1_000_000, to: 1_200_000 }, { field: 'budget', of: 'Wardens', from: 700_000, to: 900_000 }] });
  await people.council.get(`/api/variations/${body.id}`).expect(404);
  expect((await agree(body.id).expect(404)).body.code).toBe('not_found');
  expect((await approve(body.id).expect(409)).body.code).toBe('variation_steps_in_order');
  expect((await propose(body.id).expect(200)).body).toMatchObject({ state: 'proposed', proposed: { by: expect.stringContaining('rant manager') as string } });
  await agree(body.id, people.other).expect(404);
  await agree(body.id, people.manager).expect(403);
  expect((await agree(body.id).expect(200)).body.state).toBe('council agreed');
  await approve(body.id, people.manager).expect(403);
  expect((await approve(body.id, people.finance, { decisionReference: ' ' }).expect(422)).body.errors[0].field).toBe('decisionReference');
  const done = (await approve(body.id).expect(200)).body;
  expect(done).toMatchObject({ state: 'effective', version: 2, decisionReference: 'DN-2023-044', approved: { at: expect.any(String) as string }, effective: { at: expect.any(String) as string } });
  expect(await balancesOf(service.database.db, ledger.agreement.id)).toEqual({ award: -1_200_000, 'available Wardens': 900_000, 'available Vehicles': 300_000 });
  expect(await agreementNow(service.database.db, ledger.agreement.id)).toMatchObject({ ceilingPence: 1_200_000 });
  const events = await service.database.db('audit_event').where({ subject_id: ledger.agreement.id }).where('action', 'like', '%ariation%').orderBy('id');
  expect(events.map(({ action, after }) => [action, after.difference?.length])).toEqual([['variationDrafted', 2], ['variationProposed', 2], ['variationAgreed', 2], ['variationApproved', 2], ['variationEffective', 2]]);
  expect(await faultsIn(service.database.db)).toEqual([]);
});

test('nobody approves what they proposed, whatever roles they hold; the database refuses it', async () => {
  const ledger = await onTwoHeads();
  const id = await agreed(ledger, rise);
  const { id: proposer } = await service.database.db('person').where({ email: 'manager@opcc.demo' }).first();
  await service.database.db('role_grant').insert({ id: randomUUID(), person_id: proposer, role: 'finance_approver', valid_from: '2020-01-01' });
  try {
    expect((await approve(id, await service.client('manager@opcc.demo')).expect(409)).body).toMatchObject({ code: 'variation_preparer_is_not_approver', detail: 'Who proposed a variation cannot approve it. Ask a second person.' });
  } finally {
    await service.database.db('role_grant').where({ person_id: proposer, role: 'finance_approver' }).delete();
  }
  await expect(service.database.db('variation').where({ id }).update({ state: 'approved', approved_by: proposer, decision_reference: 'x' })).rejects.toMatchObject({ constraint: 'variation_preparer_is_not_approver' });
  expect((await agreementNow(service.database.db, ledger.agreement.id)).ceilingPence).toBe(1_000_000);
});

test('the same approval sent again posts once; another one is refused', async () => {
  const ledger = await onTwoHeads();
  const id = await agreed(ledger, rise);
  const idempotencyKey = randomUUID();
  for (const _ of [1, 2, 3]) expect((await approve(id, people.finance, { idempotencyKey }).expect(200)).body).toMatchObject({ state: 'effective', version: 2 });
  expect((await approve(id).expect(409)).body.code).toBe('variation_is_settled');
  expect(await service.database.db('journal').where({ agreement_id: ledger.agreement.id })).toHaveLength(2);
});

test('everything a variation can change: amount, end, ratio, basis, rates, heads, targets, hotspots, conditions, overheads', async () => {
  const { db } = service.database;
  const hotspot = await addHotspot(db, { name: `Harbour ${randomUUID().slice(0, 4)}` });
  const ledger = await addSigned(db, { rate: 2000 }, { heads });
  const ended = randomUUID();
  const first = await agreed(ledger, { conditions: { add: [{ id: ended, kind: 'condition', what: 'Monthly report', owedBy: 'council', dueOn: '2023-12-31' }], end: [] } });
  await approve(first).expect(200);
  const changes = {
    ceilingPence: 1_600_000, endsOn: '2024-06-30', productiveRatio: 0.4, paymentBasis: 'hours', overheadsAgreed: true, overheadsPercent: 10, purpose: 'Summer patrols too',
    heads: [{ head: 'Wardens', budgetPence: 1_500_000, tolerancePence: 5_000 }, { head: 'Overheads', budgetPence: 100_000 }],
    targets: [{ startsOn: '2023-10-01', endsOn: '2024-06-30', personMinutes: 120_000 }], hotspotIds: [hotspot], rates: [{ band: 'evening', pencePerHour: 2350 }],
    conditions: { add: [{ id: randomUUID(), kind: 'milestone', what: 'Second team on patrol', owedBy: 'council', dueOn: null }], end: [ended] },
  };
  const id = await agreed(ledger, changes);
  const { difference } = (await people.council.get(`/api/variations/${id}`).expect(200)).body;
  expect(difference.map(({ field, of, from, to }: Record<string, unknown>) => [field, of, from, to])).toEqual([
    ['ceiling', '', 1_000_000, 1_600_000], ['endsOn', '', '2024-03-31', '2024-06-30'], ['productiveRatio', '', 0.5, 0.4], ['paymentBasis', '', 'cost', 'hours'], ['overheadsAgreed', '', 'no', 'yes'], ['overheadsPercent', '', null, 10],
    ['budget', 'Overheads', null, 100_000], ['tolerance', 'Overheads', null, 0], ['budget', 'Vehicles', 300_000, null], ['tolerance', 'Vehicles', 0, null], ['budget', 'Wardens', 700_000, 1_500_000], ['tolerance', 'Wardens', 0, 5_000],
    ['target', '2023-10-01', null, 120_000], ['hotspot', hotspot, null, 'named'], ['rate', 'evening', 2000, 2350],
    ['condition', 'Second team on patrol', null, 'owed by the council'], ['condition', 'Monthly report', 'in force', null], ['purpose', '', null, 'Summer patrols too'],
  ]);
  await approve(id).expect(200);
  const { versions, conditions, periods } = (await people.council.get(`/api/agreements/${ledger.agreement.id}/terms`).expect(200)).body;
  expect(versions[0]).toMatchObject({ number: 3, difference, ceilingPence: 1_600_000, endsOn: '2024-06-30', paymentBasis: 'hours', hotspotIds: [hotspot], purpose: 'Summer patrols too' });
  expect(periods.at(-1)).toEqual({ startsOn: '2024-04-01', endsOn: '2024-06-30' });
  expect(conditions.map(({ what, state, fromVersion, untilVersion }: Record<string, unknown>) => [what, state, fromVersion, untilVersion])).toEqual([['Second team on patrol', 'open', 3, null], ['Monthly report', 'ended', 2, 3]]);
  expect((await agreementNow(db, ledger.agreement.id)).rates.filter(({ band }) => band === 'evening')).toEqual([{ band: 'evening', pencePerHour: 2000, validFrom: '2023-07-03', validTo: '2023-10-01' }, { band: 'evening', pencePerHour: 2350, validFrom: '2023-10-01', validTo: null }]);
  expect(await faultsIn(db)).toEqual([]);
});

describe('on a later day', () => {
  const at = (day: string): Date => new Date(`${day}T01:05:00Z`);

  test('takes effect by the daily step on that day, once', async () => {
    const ledger = await onTwoHeads();
    const id = await agreed(ledger, rise, { effectiveFrom: '2024-01-08' });
    expect((await approve(id).expect(200)).body).toMatchObject({ state: 'approved', version: null, effective: null });
    expect((await agreementNow(service.database.db, ledger.agreement.id)).ceilingPence).toBe(1_000_000);
    const { db } = service.database;
    await bringIntoEffect(db, at('2024-01-07'));
    expect(await db('variation').where({ id }).pluck('state')).toEqual(['approved']);
    for (const day of ['2024-01-08', '2024-01-08', '2024-01-09']) await bringIntoEffect(db, at(day));
    expect((await people.manager.get(`/api/variations/${id}`).expect(200)).body).toMatchObject({ state: 'effective', version: 2 });
    expect(await db('journal').where({ agreement_id: ledger.agreement.id, kind: 'variation' }).pluck('effective_on')).toEqual(['2024-01-08']);
    expect(await currentVersion(db, ledger.agreement.id, '2024-01-07')).toMatchObject({ number: 1 });
    const event = await db('audit_event').where({ subject_id: ledger.agreement.id, action: 'variationEffective' }).first();
    expect(event).toMatchObject({ person_id: null, role: 'timetable' });
    expect(await faultsIn(db)).toEqual([]);
  });

  test('that it cannot, says why on its page, tells the log, and is tried again', async () => {
    const { db } = service.database;
    const ledger = await onTwoHeads();
    const id = await agreed(ledger, { ceilingPence: 600_000, heads: [{ head: 'Wardens', budgetPence: 300_000 }, { head: 'Vehicles', budgetPence: 300_000 }] }, { effectiveFrom: '2024-01-08' });
    await approve(id).expect(200);
    await postOne(db, ledger, { kind: 'claim', legs: claimLegs(300_001, 'Wardens') });
    const says = 'The budget of a head would fall below what is claimed, approved, paid, accrued or at risk under it. Reduce it less, or move the money from another head.';
    await expect(bringIntoEffect(db, at('2024-01-08'))).rejects.toThrow(says);
    expect((await people.manager.get(`/api/variations/${id}`).expect(200)).body).toMatchObject({ state: 'approved', heldUpBy: says });
    await postOne(db, ledger, { kind: 'approval', legs: approvalLegs(300_000, 1, 'Wardens') });
    await bringIntoEffect(db, at('2024-01-09'));
    expect((await people.manager.get(`/api/variations/${id}`).expect(200)).body).toMatchObject({ state: 'effective', heldUpBy: null });
  });
});

describe('is refused', () => {
  test('below what is paid, approved or pending, in words, when it is approved', async () => {
    const ledger = await onTwoHeads();
    const { db } = service.database;
    await postOne(db, ledger, { kind: 'claim', legs: claimLegs(500_000, 'Wardens') });
    await postOne(db, ledger, { kind: 'approval', legs: approvalLegs(400_000, 0, 'Wardens') });
    await postOne(db, ledger, { kind: 'payment', legs: paymentLegs(300_000, 'Wardens') });
    const id = await agreed(ledger, { ceilingPence: 499_999, heads: [{ head: 'Wardens', budgetPence: 499_999 }] });
    expect((await approve(id).expect(409)).body).toMatchObject({ code: 'agreement_version_not_below_spent', detail: expect.stringContaining('Reduce it less, or settle those first.') as string });
    expect((await people.manager.get(`/api/variations/${id}`).expect(200)).body.state).toBe('council agreed');
  });

  test('past the fund’s award', async () => {
    const ledger = await onTwoHeads({ fundId: await addFund(service.database.db, 1_199_999) });
    expect((await approve(await agreed(ledger, rise)).expect(409)).body.code).toBe('fund_agreements_within_award');
  });

  test('where nothing changes, budgets do not add up, or the day is wrong', async () => {
    const ledger = await onTwoHeads();
    const fault = async (changes: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<unknown> => (await send(ledger, changes, more).expect(422)).body.errors;
    expect(await fault({})).toEqual([{ field: 'changes', message: 'Nothing would change. Change something, or leave it.' }]);
    expect(await fault({ ceilingPence: 1_000_001 })).toEqual([{ field: 'heads', message: 'The budgets add up to £10,000.00 and the agreement’s value is £10,000.01. Change a budget by £0.01.' }]);
    expect(await fault({ productiveRatio: 0.4 }, { effectiveFrom: '2024-04-01' })).toEqual([{ field: 'effectiveFrom', message: 'The agreement ends on 2024-03-31. Give a day by then.' }]);
    expect(await fault({ productiveRatio: 0.4 }, { effectiveFrom: '2023-07-02' })).toEqual([{ field: 'effectiveFrom', message: 'Version 1 is effective from 2023-07-03. Give that day or a later one.' }]);
  });

  test('for a draft agreement, one that is closing, and beside another under way', async () => {
    const ledger = await onTwoHeads();
    await draft(ledger, rise);
    expect((await send(ledger, { productiveRatio: 0.4 }).expect(409)).body.code).toBe('variation_one_at_a_time');
    const other = await addSigned(service.database.db, { state: 'draft' });
    expect((await send(other, { productiveRatio: 0.4 }).expect(409)).body.code).toBe('agreement_not_signed');
  });

  test('on terms that changed meanwhile', async () => {
    const ledger = await onTwoHeads();
    const id = await agreed(ledger, rise);
    const now = await agreementNow(service.database.db, ledger.agreement.id);
    await asOffice(service.database.db, async (context) => {
      await lockForTerms(context.db, [now.id]);
      await makeVersion(context, now, { ...now, effectiveFrom: '2023-10-15', paymentBasis: 'cost', heads: [{ head: 'Wardens', budgetPence: 1_000_000, tolerancePence: 0 }], source: { kind: 'virement', id: randomUUID() }, reason: 'No van', key: 'virement 1' });
    });
    expect((await approve(id).expect(409)).body).toMatchObject({ code: 'variation_base_moved', detail: 'Version 2 came in between, effective from 2023-10-15. Withdraw this variation and propose it again on the terms as they are now.' });
    expect((await people.council.post(`/api/variations/${id}/withdrawal`).send({ reason: 'Overtaken' }).expect(200)).body).toMatchObject({ state: 'withdrawn', withdrawnReason: 'Overtaken' });
    expect((await people.manager.post(`/api/variations/${id}/withdrawal`).send({ reason: 'Again' }).expect(409)).body.code).toBe('variation_is_settled');
    await draft(ledger, rise, { effectiveFrom: '2023-11-01' });
  });
});

test('a draft is changed, what is proposed is not; sent twice it is drafted once', async () => {
  const ledger = await onTwoHeads();
  const variationId = randomUUID();
  for (const _ of [1, 2]) expect((await send(ledger, rise, { variationId }).expect(200)).body.number).toBe(1);
  expect((await send(ledger, rise, { variationId, reason: 'Another' }).expect(409)).body.code).toBe('variation_pkey');
  const put = (productiveRatio: number) => people.manager.put(`/api/variations/${variationId}`).send({ effectiveFrom: '2023-11-01', reason: 'One team only', changes: { productiveRatio } });
  expect((await put(0.45).expect(200)).body).toMatchObject({ reason: 'One team only', difference: [{ field: 'productiveRatio', from: 0.5, to: 0.45 }] });
  await propose(variationId).expect(200);
  expect((await put(0.46).expect(409)).body.code).toBe('variation_is_fixed');
});

test('another council’s variation is not there', async () => {
  const ledger = await onTwoHeads({ councilCode: middlesbrough });
  const id = await draft(ledger, rise);
  await propose(id).expect(200);
  await people.council.get(`/api/variations/${id}`).expect(404);
  await people.council.get(`/api/agreements/${ledger.agreement.id}/variations`).expect(404);
  await agree(id, people.council).expect(404);
  await people.council.post(`/api/variations/${id}/withdrawal`).send({ reason: 'x' }).expect(404);
  expect((await people.other.get(`/api/agreements/${ledger.agreement.id}/variations`).expect(200)).body.variations).toHaveLength(1);
  expect(hartlepool).not.toBe(middlesbrough);
});

describe.runIf(process.env['DATABASE_URL'])('on a server with several connections', () => {
  test('twenty approvals and daily steps at once make one version and one journal', async () => {
    const ledger = await onTwoHeads();
    const id = await agreed(ledger, rise);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, nth) => (nth % 2 ? bringIntoEffect(service.database.db, new Date('2024-01-01T01:05:00Z')).then(() => 200, () => 0) : approve(id).then(({ status }) => status))));
    expect(answers.filter((status, nth) => nth % 2 === 0 && status === 200)).toHaveLength(1);
    expect(await service.database.db('journal').where({ agreement_id: ledger.agreement.id, kind: 'variation' })).toHaveLength(1);
    expect(await service.database.db('agreement_version').where({ agreement_id: ledger.agreement.id })).toHaveLength(2);
  });

  test('two agreements raised at once under an award with room for one: one is', async () => {
    const fundId = await addFund(service.database.db, 2_200_000);
    const ledgers = [await onTwoHeads({ fundId }), await onTwoHeads({ fundId, councilCode: middlesbrough })];
    const ids = [await agreed(ledgers[0]!, rise), await draft(ledgers[1]!, rise)];
    await propose(ids[1]!).expect(200);
    await agree(ids[1]!, people.other).expect(200);
    const answers = await Promise.all(ids.map((id) => approve(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('fund_agreements_within_award');
  });
});
