/** Claims over HTTP: prepared, submitted, asked about, cut, approved by a second person, paid, recovered; each figure with its journals. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Claim } from '../../server/claims/contract.ts';
import { type ClaimPeople, addClaimable, claimPeople, draft, step, submission, submitted, threeHeads } from '../support/claims.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { lockForTerms, makeVersion } from '../../server/terms/versionWork.ts';
import { asOffice, balancesOf, faultsIn } from '../support/ledger.ts';
import { middlesbrough } from '../support/patrols.ts';

let service: TestService;
let people: ClaimPeople;
let today = '';
/** Sessions end with the day, so everybody signs in again. */
const onDay = async (day: string): Promise<ClaimPeople> => {
  today = day;
  return (people = await claimPeople(service));
};
beforeAll(async () => {
  service = await startTestService({ now: () => new Date(`${today}T10:00:00Z`) });
  await onDay('2023-10-20');
});
afterAll(() => service.close());

const balances = (id: string): Promise<Record<string, number>> => balancesOf(service.database.db, id);
const lines = [
  { head: 'Wardens', what: 'Pay of four wardens', amount: '£1,200.00' },
  { head: 'Vehicles', what: 'Hire of a van', amount: '£600.00', recoverableVat: '100' },
];
const figures = ({ state, claimedPence, approvedPence, paidPence, recoveredPence }: Claim) => ({ state, claimedPence, approvedPence, paidPence, recoveredPence });

test('a claim from draft to recovery: every step moves what it says, and every figure opens to its journals', async () => {
  const ledger = await addClaimable(service);
  const agreement = ledger.agreement.id;
  const { lead, officer, manager } = people;
  let { approver } = people;
  const prepared = await draft(lead, ledger, lines);
  expect(prepared).toMatchObject({ number: 1, basis: 'cost', state: 'draft', startsOn: '2023-07-03', endsOn: '2023-09-30', claimedPence: 170_000, dueOn: '2023-10-31', lateDays: 0, nextToAct: 'council', journals: [] });
  expect(prepared.lines[1]).toMatchObject({ grossPence: 60_000, recoverableVatPence: 10_000, claimedPence: 50_000, rounding: null, evidence: 0 });
  const { id } = prepared;
  await step(lead, id, 'submission', submission).expect(403);
  await step(officer, id, 'submission', { declared: false }).expect(422);
  let claim: Claim = (await step(officer, id, 'submission', submission).expect(200)).body;
  expect(figures(claim)).toEqual({ state: 'submitted', claimedPence: 170_000, approvedPence: 0, paidPence: 0, recoveredPence: 0 });
  expect(claim).toMatchObject({ submittedOn: '2023-10-20', payBy: '2023-11-20', nextToAct: 'office' });
  expect(claim.journals).toMatchObject([{ kind: 'claim', effectiveOn: '2023-09-30', event: 2, reason: 'Claim 1 for 2023-07-03 to 2023-09-30 submitted' }]);
  expect(await balances(agreement)).toMatchObject({ 'pending Wardens': 120_000, 'pending Vehicles': 50_000, 'available Wardens': 380_000 });

  const asked = { messageId: randomUUID(), lineId: claim.lines[1]?.id, words: 'Which weeks was the van hired for?' };
  claim = (await manager.post(`/api/claims/${id}/queries`).send(asked).expect(200)).body;
  expect(claim).toMatchObject({ state: 'query', nextToAct: 'council' });
  await manager.post(`/api/claims/${id}/queries`).send(asked).expect(200);
  expect((await step(approver, id, 'approval').expect(409)).body.detail).toBe('This claim is queried, so it cannot be approved. Reply to the query first.');
  claim = (await lead.post(`/api/claims/${id}/replies`).send({ messageId: randomUUID(), words: 'Ten weeks from 24 July; the invoice is attached' }).expect(200)).body;
  expect(claim.messages.map(({ kind, words }) => [kind, words])).toEqual([['query', asked.words], ['reply', 'Ten weeks from 24 July; the invoice is attached']]);

  const [wardens, van] = claim.lines.map((line) => line.id);
  const cut = { lineId: van, approved: '£450.00', cutReason: 'Two days were for other work' };
  expect((await step(approver, id, 'approval', { lines: [{ ...cut, cutReason: undefined }] }).expect(422)).body.errors).toEqual([{ field: 'lines.0', message: 'Say why the line is cut: the council reads it.' }]);
  expect((await step(approver, id, 'approval', { lines: [{ ...cut, approved: '500.01' }] }).expect(422)).body.errors[0].message).toContain('More would be approved than is claimed');
  claim = (await step(approver, id, 'approval', { lines: [cut] }).expect(200)).body;
  expect(figures(claim)).toEqual({ state: 'approved', claimedPence: 170_000, approvedPence: 165_000, paidPence: 0, recoveredPence: 0 });
  expect(claim.lines.map(({ approvedPence, cutReason }) => [approvedPence, cutReason])).toEqual([[120_000, null], [45_000, 'Two days were for other work']]);
  expect(await balances(agreement)).toMatchObject({ 'approved Wardens': 120_000, 'approved Vehicles': 45_000, 'available Vehicles': 255_000 });

  ({ approver } = await onDay('2023-11-10'));
  const part = { amount: '£1,000.00', paidOn: '2023-11-09', reference: 'BACS 4711' };
  const paying = { idempotencyKey: randomUUID(), ...part };
  claim = (await step(approver, id, 'payments', paying).expect(200)).body;
  expect((await step(approver, id, 'payments', paying).expect(200)).body.payments).toHaveLength(1);
  expect(claim).toMatchObject({ state: 'approved', paidPence: 100_000, nextToAct: 'office' });
  // 100,000 pence over 120,000 and 45,000: 72,727.27 and 27,272.73.
  expect(await balances(agreement)).toMatchObject({ 'paid Wardens': 72_727, 'paid Vehicles': 27_273 });
  expect((await step(approver, id, 'payments', { ...part, reference: 'BACS 4712' }).expect(422)).body.errors).toEqual([{ field: 'amount', message: '£1,000.00 is more than is left to pay: £1,650.00 is approved and £1,000.00 paid, which leaves £650.00.' }]);
  expect((await step(approver, id, 'payments', { ...part, amount: '1', paidOn: '2023-11-11', reference: 'x' }).expect(422)).body.errors[0].field).toBe('paidOn');
  claim = (await step(approver, id, 'payments', { ...part, amount: '650', reference: 'BACS 4800' }).expect(200)).body;
  expect(claim).toMatchObject({ state: 'paid', paidPence: 165_000, nextToAct: null });
  // The second quarter is not open: the payment of November counts on the last open day.
  expect(claim.journals.at(-1)).toMatchObject({ kind: 'payment', effectiveOn: '2023-09-30' });

  const recovery = { amount: '£50.00', recoveredOn: '2023-11-10', how: 'next payment', reference: 'CN 12', reason: 'A warden was paid twice for one shift' };
  claim = (await step(approver, id, 'recoveries', recovery).expect(200)).body;
  expect(figures(claim)).toEqual({ state: 'recovered', claimedPence: 170_000, approvedPence: 165_000, paidPence: 165_000, recoveredPence: 5000 });
  expect((await step(approver, id, 'recoveries', { ...recovery, amount: '1,600.01' }).expect(422)).body.errors[0].message).toContain('which leaves £1,600.00');

  const approval = claim.journals.find(({ kind }) => kind === 'approval');
  const payment = claim.journals.find(({ kind }) => kind === 'payment');
  expect((await step(approver, id, 'adjustments', { corrects: approval?.id, lineId: wardens, amount: '-1', reason: 'Too much' }).expect(422)).body.errors[0].message).toContain('Recover what was paid too much instead');
  claim = (await step(approver, id, 'adjustments', { corrects: approval?.id, lineId: van, amount: '£20.00', reason: 'One of the two days was ours' }).expect(200)).body;
  expect(figures(claim)).toEqual({ state: 'adjusted', claimedPence: 170_000, approvedPence: 167_000, paidPence: 165_000, recoveredPence: 5000 });
  expect(claim.journals.at(-1)).toMatchObject({ kind: 'adjustment', corrects: approval?.id });
  claim = (await step(approver, id, 'adjustments', { corrects: payment?.id, amount: '-0.50', reason: 'The bank’s statement says £999.50' }).expect(200)).body;
  expect(claim).toMatchObject({ paidPence: 164_950, adjustments: [{ what: 'approval', lineId: van, amountPence: 2000 }, { what: 'payment', lineId: null, amountPence: -50 }] });
  expect(claim.events.map(({ kind }) => kind)).toEqual(['claimDrafted', 'claimSubmitted', 'claimQueried', 'claimReplied', 'claimApproved', 'claimPaid', 'claimPaid', 'claimRecovered', 'claimAdjusted', 'claimAdjusted']);
  expect(await faultsIn(service.database.db)).toEqual([]);
  await onDay('2023-10-20');
});

test('a claim past what is available is refused in words and holds nothing', async () => {
  const ledger = await addClaimable(service);
  const { id } = await draft(people.lead, ledger, [{ amount: '5,000.01' }, { head: 'Vehicles', amount: '1' }]);
  const { body } = await step(people.officer, id, 'submission', submission).expect(409);
  expect(body).toMatchObject({ code: 'ledger_account_available_within_head', detail: 'This would pass the budget of the head and its tolerance. Lower the amount, or move money to the head by a virement first.' });
  expect((await people.officer.get(`/api/claims/${id}`)).body).toMatchObject({ state: 'draft', journals: [] });
  expect(await balances(ledger.agreement.id)).not.toHaveProperty('pending Wardens');
});

describe('amounts typed into a line', () => {
  const type = async (amount: string, more: object = {}) => {
    const { id } = await draft(people.lead, await addClaimable(service), []);
    return people.lead.put(`/api/claims/${id}/lines/${randomUUID()}`).send({ head: 'Wardens', what: 'Pay', amount, ...more });
  };
  test.each([['£1,234.56', 123_456], [' 1 234.5 ', 123_450], ['4.35', 435], ['9,999,999,999,999.99', 999_999_999_999_999]])('%s is %i pence', async (typed, pence) => {
    const { status, body } = await type(typed);
    expect([status, body.lines?.[0].claimedPence]).toEqual([200, pence]);
  });
  test.each([
    ['-12', 'A line is over £0.00. To give money back, the Commissioner’s office adjusts or recovers.'],
    ['£0', 'A line is over £0.00. To give money back, the Commissioner’s office adjusts or recovers.'],
    ['1,23', '"1,23" has a comma in an unusual place. Commas part thousands: write 1,234 or 1234.'],
    ['12.', '"12." ends with a point. Write the pence after it or leave it out.'],
    ['1e3', '"1e3" is written with a power of ten. Write the amount out, for example 1,000.'],
    ['٣', '"٣" has digits of another script. Use 0 to 9.'],
    ['4.355', '"4.355" has more than two decimals. Amounts stop at whole pence.'],
    ['99,999,999,999,999.99', '"99,999,999,999,999.99" is too large an amount.'],
  ])('%s is refused, saying why', async (typed, message) => {
    const { status, body } = await type(typed);
    expect([status, body.errors]).toEqual([422, [{ field: 'amount', message }]]);
  });
  test('VAT that can be recovered is part of the amount and not all of it', async () => {
    expect((await type('120', { recoverableVat: '20' })).body.lines[0]).toMatchObject({ grossPence: 12_000, recoverableVatPence: 2000, claimedPence: 10_000 });
    expect((await type('120', { recoverableVat: '120' })).body.errors[0].field).toBe('recoverableVat');
    expect((await type('120', { recoverableVat: '' })).body.lines[0].claimedPence).toBe(12_000);
  });
  test('a line of £9,999,999,999,999.99 is submitted past any budget, and refused in words', async () => {
    const { id } = await draft(people.lead, await addClaimable(service), [{ amount: '9,999,999,999,999.99' }]);
    expect((await step(people.officer, id, 'submission', submission).expect(409)).body.code).toBe('ledger_account_available_within_head');
  });
});

test('a late claim says why; one for days to come waits', async () => {
  const ledger = await addClaimable(service);
  const { id } = await draft(people.lead, ledger);
  await onDay('2023-09-30');
  expect((await step(people.officer, id, 'submission', submission).expect(409)).body).toMatchObject({ code: 'claim_in_arrears', detail: 'Claims are made in arrears: this one covers days up to 2023-09-30. Submit it from 2023-10-01 on.' });
  await onDay('2023-11-05');
  expect((await people.lead.get(`/api/claims/${id}`)).body).toMatchObject({ dueOn: '2023-10-31', lateDays: 5 });
  expect((await step(people.officer, id, 'submission', submission).expect(422)).body.errors).toEqual([{ field: 'lateReason', message: 'The claim is 5 days late. Say why.' }]);
  const { body } = await step(people.officer, id, 'submission', { ...submission, lateReason: 'Payroll closed late' }).expect(200);
  expect(body).toMatchObject({ lateDays: 5, lateReason: 'Payroll closed late' });
  await onDay('2023-10-20');
});

test('nobody approves what they prepared or submitted, whatever roles they hold', async () => {
  const { db } = service.database;
  const ledger = await addClaimable(service);
  const approver = await db('person').where({ email: 'finance@opcc.demo' }).first();
  for (const email of ['lead@hartlepool.demo', 'finance@hartlepool.demo']) {
    const { id: person } = await db('person').where({ email }).first();
    const { id } = await submitted(people, ledger);
    const lent = randomUUID();
    await db('role_grant').insert({ id: lent, person_id: person, role: 'finance_approver', valid_from: '2020-01-01' });
    const { body } = await step(email.startsWith('lead') ? people.lead : people.officer, id, 'approval').expect(409);
    expect(body).toMatchObject({ code: 'claim_preparer_is_not_approver', detail: 'Who prepared or submitted a claim cannot approve or adjust it. Ask a second person.' });
    await db.raw('delete from role_grant where id = ?', [lent]).catch(() => db('role_grant').where({ id: lent }).update({ valid_to: '2020-01-02' }));
    const done = (await step(people.approver, id, 'approval').expect(200)).body;
    expect(done.state).toBe('approved');
    expect((await db('claim').where({ id }).first()).approved_by).toBe(approver.id);
  }
});

test('a claim is withdrawn or refused with a reason, and its money is available again', async () => {
  const ledger = await addClaimable(service);
  const before = await balances(ledger.agreement.id);
  const first = await submitted(people, ledger);
  await step(people.lead, first.id, 'withdrawal', { reason: '' }).expect(422);
  const withdrawn = (await step(people.lead, first.id, 'withdrawal', { reason: 'An invoice is missing' }).expect(200)).body;
  expect(withdrawn).toMatchObject({ state: 'withdrawn', nextToAct: null, journals: [{ kind: 'claim' }, { kind: 'reversal', reason: 'Claim 1 for 2023-07-03 to 2023-09-30 withdrawn: An invoice is missing' }] });
  const second = await submitted(people, ledger);
  const refused = (await step(people.approver, second.id, 'refusal', { reason: 'Nothing of it is additional' }).expect(200)).body;
  expect(refused).toMatchObject({ number: 2, state: 'refused', approvedPence: 0, journals: [{ kind: 'claim' }, { kind: 'approval' }] });
  expect(await balances(ledger.agreement.id)).toEqual(before);
  expect((await step(people.lead, second.id, 'withdrawal', { reason: 'x' }).expect(409)).body.detail).toBe('This claim is refused, so it cannot be withdrawn. A refused claim is final: prepare a new one.');
  const third = await draft(people.lead, ledger);
  expect((await step(people.lead, third.id, 'withdrawal', { reason: 'Begun for the wrong period' }).expect(200)).body).toMatchObject({ state: 'withdrawn', journals: [] });
});

test('lines change in a draft only, by its council only; another council’s claim is not there', async () => {
  const ledger = await addClaimable(service);
  const { id, lines: [line] } = await submitted(people, ledger);
  expect((await people.lead.put(`/api/claims/${id}/lines/${line?.id}`).send({ head: 'Wardens', what: 'More', amount: '2' }).expect(409)).body.code).toBe('claim_line_only_in_draft');
  expect((await people.lead.delete(`/api/claims/${id}/lines/${line?.id}`).expect(409)).body.code).toBe('claim_line_only_in_draft');
  const open = await draft(people.lead, ledger, [{ amount: '1' }, { amount: '2' }]);
  expect((await people.lead.put(`/api/claims/${open.id}/lines/${line?.id}`).send({ head: 'Wardens', what: 'Mine', amount: '2' }).expect(409)).body.code).toBe('claim_line_pkey');
  expect((await people.lead.put(`/api/claims/${open.id}/lines/${randomUUID()}`).send({ head: 'Boats', what: 'Oars', amount: '2' }).expect(422)).body.errors[0].message).toContain('Choose one of: Equipment, Vehicles, Wardens');
  expect((await people.lead.delete(`/api/claims/${open.id}/lines/${open.lines[0]?.id}`).expect(200)).body).toMatchObject({ claimedPence: 200 });
  const theirs = await addClaimable(service, { councilCode: middlesbrough });
  await people.lead.post(`/api/agreements/${theirs.agreement.id}/claims`).send({ claimId: randomUUID(), periodId: theirs.periods[0]?.id }).expect(404);
  const foreign = await service.client('lead@middlesbrough.demo');
  await foreign.get(`/api/claims/${id}`).expect(404);
  expect((await foreign.get('/api/claims').expect(200)).body.claims).toEqual([]);
  const listed = (await people.manager.get('/api/claims').query({ agreement: ledger.agreement.id, states: 'submitted,query', next: 'office' }).expect(200)).body.claims;
  expect(listed).toMatchObject([{ id, number: 1, council: 'Hartlepool', lateDays: 0, nextToAct: 'office' }]);
});

test('a claim of the police force is seen by itself and the office, and nothing is claimed for a period that is not open', async () => {
  const ledger = await addClaimable(service, { councilCode: 'E23000013' });
  const police = await service.client('finance@police.demo');
  const { id } = await draft(police, ledger);
  expect((await police.get('/api/claims').expect(200)).body.claims).toMatchObject([{ id }]);
  expect((await people.manager.get('/api/claims').query({ council: 'E23000013' }).expect(200)).body.claims).toMatchObject([{ id }]);
  expect((await people.manager.get('/api/claims').expect(200)).body.claims.map((claim: Claim) => claim.id)).toContain(id);
  await people.officer.get('/api/claims').query({ council: 'E23000013' }).expect(404);
  const ahead = await police.post(`/api/agreements/${ledger.agreement.id}/claims`).send({ claimId: randomUUID(), periodId: ledger.periods[1]?.id }).expect(422);
  expect(ahead.body.errors).toEqual([{ field: 'periodId', message: 'This period is not open, or is not of this agreement. Choose an open period, or have this one opened.' }]);
});

test('evidence stands at its line, and is counted there', async () => {
  const ledger = await addClaimable(service);
  const claim = await draft(people.lead, ledger);
  const about = { documentId: randomUUID(), subjectKind: 'claim line', subjectId: claim.lines[0]?.id ?? '', title: 'Payroll of August', fileName: 'payroll.txt' };
  await people.lead.post(`/api/agreements/${ledger.agreement.id}/documents`).query(about).set('Content-Type', 'application/octet-stream').send(Buffer.from('Total 100.00')).expect(200);
  expect((await people.manager.get(`/api/claims/${claim.id}`)).body.lines[0].evidence).toBe(1);
});

test('a period in which the payment basis changed is claimed in two parts, each on its own basis', async () => {
  const ledger = await addClaimable(service);
  const { agreement, periods } = ledger;
  await asOffice(service.database.db, async (context) => {
    await lockForTerms(context.db, [agreement.id]);
    await makeVersion(context, agreement, {
      effectiveFrom: '2023-08-15', ceilingPence: 1_000_000, endsOn: agreement.endsOn, productiveRatio: 0.5, paymentBasis: 'hours', heads: threeHeads, key: 'hours from August',
      source: { kind: 'virement', id: randomUUID() }, reason: 'Paid by verified hours from 15 August',
    });
  });
  const { parts } = (await people.lead.get(`/api/agreements/${agreement.id}/claim-parts`).expect(200)).body;
  expect(parts.map(({ startsOn, endsOn, basis, dueOn }: Record<string, string>) => [startsOn, endsOn, basis, dueOn])).toEqual([['2023-07-03', '2023-08-14', 'cost', '2023-10-31'], ['2023-08-15', '2023-09-30', 'hours', '2023-10-31']]);
  const begin = (more: object = {}) => people.lead.post(`/api/agreements/${agreement.id}/claims`).send({ claimId: randomUUID(), periodId: periods[0]?.id, ...more });
  expect((await begin().expect(422)).body.errors).toEqual([{ field: 'startsOn', message: 'The payment basis changed within this period, so it is claimed in parts: 2023-07-03 to 2023-08-14 on actual cost, and 2023-08-15 to 2023-09-30 on verified hours. Give the first day of one of them.' }]);
  const { id } = (await begin({ startsOn: '2023-08-15' }).expect(200)).body;
  const line = (body: object) => people.lead.put(`/api/claims/${id}/lines/${randomUUID()}`).send({ head: 'Wardens', what: 'Evenings', ...body });
  expect((await line({ amount: '£10' }).expect(422)).body.errors[0].message).toBe('This claim is on verified hours. Enter minutes and an hourly rate, not an amount.');
  expect((await line({ minutes: 90, perHour: '£21.00' }).expect(422)).body.errors[0].message).toBe('£21.00 is not an hourly rate agreed for days of this claim. Agreed: £20.00.');
  const { body } = await line({ minutes: 91, perHour: '£20.00' }).expect(200);
  // 91 minutes × 2,000 pence ÷ 60 = 3,033.33.
  expect(body.lines[0]).toMatchObject({ minutes: 91, pencePerHour: 2000, claimedPence: 3033, rounding: 'half up' });
  expect((await step(people.officer, id, 'submission', submission).expect(409)).body).toMatchObject({ code: 'claim_hours_stand_behind_lines' });
});

test('an agreement that is not signed is claimed on once it is live', async () => {
  const ledger = await addClaimable(service, { state: 'live at risk' });
  const { id } = await draft(people.lead, ledger);
  expect((await step(people.officer, id, 'submission', submission).expect(409)).body).toMatchObject({ code: 'claim_agreement_not_live' });
});

test('one key stands for one step', async () => {
  const ledger = await addClaimable(service);
  const { id } = await draft(people.lead, ledger);
  const idempotencyKey = randomUUID();
  await step(people.officer, id, 'submission', { ...submission, idempotencyKey }).expect(200);
  const again = await Promise.all(Array.from({ length: 19 }, () => step(people.officer, id, 'submission', { ...submission, idempotencyKey })));
  expect(again.map(({ status }) => status)).toEqual(Array.from({ length: 19 }, () => 200));
  expect((await step(people.lead, id, 'withdrawal', { idempotencyKey, reason: 'x' }).expect(409)).body.code).toBe('claim_event_key_once');
  expect(await service.database.db('claim_journal').where({ claim_id: id })).toHaveLength(1);
});
