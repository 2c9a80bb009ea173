/** The pilot's underspend moved to four councils and police-supported patrols, and everything that must not be. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import { constraintError } from '../../server/errors.ts';
import { claimLegs } from '../../server/ledger/ledger.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { balancesOf, faultsIn, postOne } from '../support/ledger.ts';
import { addPilot, type Client, councils, decision, type Line, type Pilot, police, proposalOf } from '../support/reallocations.ts';

let service: TestService;
let manager: Client;
let approver: Client;
let pilot: Pilot;
const people = new Map<string, Client>();
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2023-11-20T10:00:00Z') });
  [manager, approver] = [await service.client('manager@opcc.demo'), await service.client('finance@opcc.demo')];
  for (const { code, email } of [...councils, police]) people.set(code, await service.client(email));
});
afterAll(() => service.close());
beforeEach(async () => {
  pilot = await addPilot(service.database.db);
});

const of = (code: string): string => pilot.agreements[code] ?? '';
const move = (code: string, head: string, amountPence: number): Line => ({ agreementId: of(code), head, amountPence });
const propose = (lines: readonly Line[], given: Record<string, unknown> = {}) => manager.post(`/api/funds/${pilot.fundId}/reallocations`).send(proposalOf(lines, given));
const answer = (code: string, id: string, given: object = { agrees: true }) => people.get(code)!.post(`/api/reallocations/${id}/answers`).send({ agreementId: of(code), ...given });
const agreedSum = async (): Promise<number> => (await service.database.db('fund').where({ id: pilot.fundId }).first()).agreed_pence as number;
const ceilings = async (): Promise<Record<string, number>> => Object.fromEntries(await Promise.all([...councils, police].map(async ({ code }) => [code, (await service.database.db('agreement').where({ id: of(code) }).first()).ceiling_pence as number])));

/** Each council keeps some of its unspent money for extra patrols of its own and gives the rest to patrols with police support: £467,776 in all. */
const pilotLines = (): Line[] => [
  move('E06000001', 'Wardens', -11_000_000), move('E06000001', 'Extra patrols', 5_500_000), move('E06000002', 'Wardens', -12_277_600), move('E06000002', 'Extra patrols', 6_277_600),
  move('E06000003', 'Wardens', -12_500_000), move('E06000003', 'Extra patrols', 6_250_000), move('E06000004', 'Wardens', -11_000_000), move('E06000004', 'Extra patrols', 6_500_000),
  move(police.code, 'Extra patrols', 22_250_000),
];

test('over £400,000 goes to four councils and police-supported patrols by two people on a decision', async () => {
  const lines = pilotLines();
  const { body: proposed } = await propose(lines).expect(200);
  expect(proposed).toMatchObject({ state: 'proposed', kind: 'reallocation', proposedByMe: true });
  expect(lines.reduce((sum, { amountPence }) => sum + Math.max(0, amountPence), 0)).toBe(46_777_600);
  expect((await approver.post(`/api/reallocations/${proposed.id}/approval`).send(decision).expect(409)).body.code).toBe('reallocation_steps_in_order');
  for (const { code } of [...councils, police]) await answer(code, proposed.id).expect(200);
  await manager.post(`/api/reallocations/${proposed.id}/approval`).send(decision).expect(403);
  const { body: effective } = await approver.post(`/api/reallocations/${proposed.id}/approval`).send(decision).expect(200);
  expect(effective).toMatchObject({ state: 'effective', decisionReference: decision.decisionReference, funderConsent: decision.funderConsent });
  expect(await ceilings()).toEqual({ E06000001: 15_000_000, E06000002: 25_500_000, E06000003: 15_250_000, E06000004: 22_000_000, [police.code]: 22_250_000 });
  expect(await agreedSum()).toBe(100_000_000);
  expect(await balancesOf(service.database.db, of('E06000001'))).toEqual({ award: -15_000_000, 'available Equipment': 2_050_000, 'available Extra patrols': 5_500_000, 'available Wardens': 7_450_000 });
  expect(await balancesOf(service.database.db, of(police.code))).toEqual({ award: -22_250_000, 'available Extra patrols': 22_250_000 });
  expect(await faultsIn(service.database.db)).toEqual([]);
  // Sent again it is what it was.
  await approver.post(`/api/reallocations/${proposed.id}/effect`).expect(200);
  await approver.post(`/api/reallocations/${proposed.id}/approval`).send(decision).expect(200);
  expect(await service.database.db('agreement_version').where({ source_id: proposed.id })).toHaveLength(4);
  expect(await service.database.db('audit_event').where({ action: 'reallocationEffective' }).whereRaw(`after ->> 'reallocationId' = ?`, [proposed.id])).toHaveLength(5);
  const { body: notice } = await approver.get(`/api/reallocations/${proposed.id}/notice`).expect(200);
  expect(notice.missing).toEqual([]);
  expect(notice.text).toContain('Decision reference: TEST 2023/24-1');
  expect(notice.text).toContain('£222,500.00 from Hartlepool (£55,000.00), Middlesbrough (£60,000.00), Redcar and Cleveland (£62,500.00) and Stockton-on-Tees (£45,000.00) to Cleveland Police (£222,500.00)');
  expect(notice.text).toContain('Total moved: £467,776.00. What is agreed under the fund stays £1,000,000.00.');
  const file = await approver.get(`/api/reallocations/${proposed.id}/notice.txt`).expect(200);
  expect(file.headers['content-disposition']).toContain('reallocation-1-of');
  expect(file.text).toBe(notice.text);
});

test('what was proposed is sent twice and entered once; refused by one council it is refused, and a withdrawn one goes no further', async () => {
  const lines = [move('E06000001', 'Wardens', -1_000_000), move('E06000002', 'Wardens', 1_000_000)];
  const proposal = proposalOf(lines);
  const send = (given: object = {}) => manager.post(`/api/funds/${pilot.fundId}/reallocations`).send({ ...proposal, ...given });
  const [first, again] = [await send().expect(200), await send().expect(200)];
  expect(again.body.number).toBe(first.body.number);
  expect((await send({ reason: 'Another' }).expect(409)).body.code).toBe('reallocation_pkey');
  expect((await answer('E06000002', first.body.id, { agrees: false }).expect(422)).body.errors[0].message).toBe('Say why it is refused.');
  expect((await answer('E06000002', first.body.id, { agrees: false, reason: 'We cannot spend it' }).expect(200)).body).toMatchObject({ state: 'refused' });
  expect((await answer('E06000001', first.body.id).expect(409)).body.code).toBe('reallocation_party_answers_once');
  const { body: second } = await propose(lines).expect(200);
  expect((await manager.post(`/api/reallocations/${second.id}/withdrawal`).send({ reason: 'Figures changed' }).expect(200)).body.state).toBe('withdrawn');
  expect((await answer('E06000001', second.id).expect(409)).body.code).toBe('reallocation_party_answers_once');
  expect((await approver.post(`/api/reallocations/${second.id}/approval`).send(decision).expect(409)).body.code).toBe('reallocation_is_settled');
});

test('a council sees its own lines alone, answers for itself alone, and another’s id is not there', async () => {
  const { body } = await propose([move('E06000001', 'Wardens', -1_000_000), move('E06000002', 'Wardens', 1_000_000)]).expect(200);
  const seen = (await people.get('E06000001')!.get(`/api/reallocations/${body.id}`).expect(200)).body;
  expect(seen.parties.map(({ councilCode }: { councilCode: string }) => councilCode)).toEqual(['E06000001']);
  expect(JSON.stringify(seen)).not.toContain('E06000002');
  await people.get('E06000003')!.get(`/api/reallocations/${body.id}`).expect(404);
  // And so does a query that forgets its where.
  const counted = (council: string, table: string): Promise<number> => inScope(service.database.db, { personId: null, roles: ['council_finance'], councils: [council] }, async (trx) => Number((await trx(table).where(table === 'reallocation' ? { id: body.id } : { reallocation_id: body.id }).count('* as n').first())?.['n']));
  for (const table of ['reallocation', 'reallocation_party', 'reallocation_line', 'reallocation_figure']) expect([table, await counted('E06000001', table), await counted('E06000003', table)]).toEqual([table, 1, 0]);
  await people.get('E06000001')!.post(`/api/reallocations/${body.id}/answers`).send({ agreementId: of('E06000002'), agrees: true }).expect(404);
  await people.get('E06000001')!.get(`/api/reallocations/${body.id}/notice`).expect(403);
  await approver.post(`/api/reallocations/${body.id}/answers`).send({ agreementId: of('E06000001'), agrees: true }).expect(403);
});

test('a virement moves money between heads and leaves the amount; without a reference nothing is approved', async () => {
  const { body } = await propose([move('E06000003', 'Wardens', -2_000_000), move('E06000003', 'Vehicles', 2_000_000)]).expect(200);
  expect(body.kind).toBe('virement');
  await answer('E06000003', body.id).expect(200);
  expect((await approver.post(`/api/reallocations/${body.id}/approval`).send({ decisionReference: '' }).expect(422)).body.errors[0].message).toBe('Enter the reference of the decision.');
  expect((await approver.post(`/api/reallocations/${body.id}/approval`).send({ decisionReference: 'V-1' }).expect(200)).body.state).toBe('effective');
  expect(await balancesOf(service.database.db, of('E06000003'))).toEqual({ award: -21_500_000, 'available Equipment': 2_150_000, 'available Vehicles': 2_000_000, 'available Wardens': 17_350_000 });
  expect((await service.database.db('journal').where({ agreement_id: of('E06000003') }).orderBy('number').pluck('kind'))).toEqual(['award', 'virement']);
  expect((await manager.get('/api/reallocations').query({ agreement: of('E06000003') }).expect(200)).body.reallocations).toHaveLength(1);
});

test('a later day waits for it, and takes effect by itself', async () => {
  const { body } = await propose([move('E06000001', 'Wardens', -1_000_000), move('E06000002', 'Wardens', 1_000_000)], { effectiveFrom: '2023-12-01' }).expect(200);
  for (const code of ['E06000001', 'E06000002']) await answer(code, body.id).expect(200);
  expect((await approver.post(`/api/reallocations/${body.id}/approval`).send(decision).expect(200)).body.state).toBe('approved');
  expect((await approver.post(`/api/reallocations/${body.id}/effect`).expect(409)).body.code).toBe('reallocation_not_due');
  const { effectDue } = await import('../../server/reallocations/reallocationWork.ts');
  await effectDue(service.database.db, {}, new Date('2023-12-01T03:00:00Z'));
  expect((await manager.get(`/api/reallocations/${body.id}`).expect(200)).body.state).toBe('effective');
  expect(await ceilings()).toMatchObject({ E06000001: 19_500_000, E06000002: 32_500_000 });
});

test('what is spent after the approval stops it, and nothing of it is done', async () => {
  const { body } = await propose([move('E06000001', 'Equipment', -2_000_000), move('E06000002', 'Wardens', 2_000_000)]).expect(200);
  for (const code of ['E06000001', 'E06000002']) await answer(code, body.id).expect(200);
  const agreement = await manager.get(`/api/agreements/${of('E06000001')}`).expect(200);
  await postOne(service.database.db, { agreement: agreement.body, periods: [] }, { kind: 'claim', legs: claimLegs(100_000, 'Equipment') });
  expect((await approver.post(`/api/reallocations/${body.id}/approval`).send(decision).expect(409)).body).toMatchObject({ code: 'budget_line_not_below_spent' });
  expect(await ceilings()).toMatchObject({ E06000001: 20_500_000, E06000002: 31_500_000 });
  expect((await manager.get(`/api/reallocations/${body.id}`).expect(200)).body.state).toBe('agreed');
});

test('an outlook shows room, forecast, what more money buys, and a suggestion with its reasons', async () => {
  const { body } = await manager.get(`/api/funds/${pilot.fundId}/reallocation-outlook`).expect(200);
  expect(body.agreements).toHaveLength(5);
  expect(body.agreements[0]).toMatchObject({ council: 'Hartlepool', ceilingPence: 20_500_000, committedPence: 1_850_000, spentPence: 0, valuePence: 20_500_000, limitPercent: 30, mostGivesPence: 6_150_000, mostTakesPence: 6_150_000 });
  expect(body.agreements[0].heads).toEqual([{ head: 'Equipment', budgetPence: 2_050_000, spentPence: 0 }, { head: 'Wardens', budgetPence: 18_450_000, spentPence: 0 }]);
  expect(body.agreements.at(-1)).toMatchObject({ council: 'Cleveland Police', mostTakesPence: null, figures: { underspend: null, nextThousand: null, says: 'No allocation plans hours for it.' } });
  expect(body.agreements.reduce((sum: number, { figures }: { figures: { suggestedPence: number } }) => sum + figures.suggestedPence, 0)).toBe(0);
  expect(body.suggestion.length).toBeGreaterThan(0);
  expect((await people.get('E06000001')!.get(`/api/funds/${pilot.fundId}/reallocation-outlook`).expect(200)).body.agreements).toHaveLength(1);
});

test('by the value curves of the latest allocations money goes within the limit to where it prevents most', async () => {
  const { db } = service.database;
  const runId = '00000000-0000-4000-8000-0000000000cc';
  const plan = (curve: number[]) => JSON.stringify({ personMinutes: 600, shadowPricePerThousandPounds: 1, money: { weekPence: 1_000_000, spentPence: 900_000, daysLeft: 133 }, curve: curve.map((prevented, index) => ({ moneyPence: index * 1_000_000, prevented })) });
  await db('allocation_run').insert({ id: runId, week: '2023-11-20', parameters: '{}', hash: 'x' });
  await db('allocation_plan').insert([
    { run_id: runId, agreement_id: of('E06000001'), council_code: 'E06000001', visits: '[]', plan: plan([0, 10, 10.5]) }, { run_id: runId, agreement_id: of('E06000002'), council_code: 'E06000002', visits: '[]', plan: plan([0, 20, 40]) },
  ]);
  const { body } = await manager.get(`/api/funds/${pilot.fundId}/reallocation-outlook`).expect(200);
  // 30 % of £205,000.00 over 19 weeks: 61.5 × 10 incidents a £10,000.00 lost, 61.5 × 20 gained.
  expect(body.byValue.map((one: { agreementId: string; pence: number; prevented: number }) => [one.agreementId, one.pence, Math.round(one.prevented * 100) / 100])).toEqual(
    [[of('E06000001'), -6_150_000, -61.5], [of('E06000002'), 6_150_000, 123]].toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)));
  await db('allocation_plan').where({ run_id: runId }).delete();
  await db('allocation_run').where({ id: runId }).delete();
  expect((await manager.get(`/api/funds/${pilot.fundId}/reallocation-outlook`).expect(200)).body.byValue).toEqual([]);
});

test('words of the notice change from a day on, and a place nobody knows is refused', async () => {
  const send = (body: string) => manager.post('/api/notice-templates').send({ kind: 'virement', validFrom: '2023-11-21', body, reason: 'New layout' });
  expect((await send('{title} {nonsense}').expect(422)).body.errors[0].message).toContain('There is no figure for {nonsense}.');
  await send('{title}\n{figures}').expect(200);
  const { body } = await propose([move('E06000003', 'Wardens', -100_000), move('E06000003', 'Vehicles', 100_000)]).expect(200);
  const { body: notice } = await manager.get(`/api/reallocations/${body.id}/notice`).expect(200);
  // In force tomorrow; what is drafted today keeps today's words and says what is still to be entered.
  expect(notice.missing).toEqual(['The decision’s reference', 'Who agreed, with the day', 'Day']);
  expect((await manager.get('/api/notice-templates').expect(200)).body.templates).toHaveLength(3);
});

test.each<[string, () => Line[], string]>([
  ['sums that are not zero', () => [move('E06000001', 'Wardens', -100), move('E06000002', 'Wardens', 101)], 'invalid_input'],
  ['a line of £0.00', () => [move('E06000001', 'Wardens', -100), move('E06000002', 'Wardens', 100), move('E06000003', 'Wardens', 0)], 'reallocation_line_not_zero'],
  ['a head that gives more than it has', () => [move('E06000001', 'Equipment', -2_050_001), move('E06000002', 'Wardens', 2_050_001)], 'reallocation_line_not_below_zero'],
  ['a head nobody knows', () => [move('E06000001', 'Wardens', -100), move('E06000002', 'Boats', 100)], 'reallocation_line_head_known'],
  ['more than 30 % of an amount', () => [move('E06000001', 'Wardens', -6_150_001), move('E06000002', 'Wardens', 6_150_001)], 'reallocation_party_within_limit'],
  ['more than 30 % between heads', () => [move('E06000001', 'Wardens', -6_150_001), move('E06000001', 'Vehicles', 6_150_001)], 'reallocation_party_moves_within_limit'],
  ['a day after the agreements’ end', () => [move('E06000001', 'Wardens', -100), move('E06000002', 'Wardens', 100)], 'reallocation_within_agreements'],
  ['one agreement as between several', () => [move('E06000001', 'Wardens', -100), move('E06000001', 'Vehicles', 100)], 'reallocation_kind_fits'],
])('refuses %s', async (name, lines, code) => {
  const response = await propose(lines(), { ...(name.startsWith('one agreement') ? { kind: 'reallocation' } : {}), ...(name.startsWith('a day') ? { effectiveFrom: '2024-04-01' } : {}) });
  expect(response.status).toBeGreaterThanOrEqual(409);
  expect(response.body.code).toBe(code);
});

test('nobody falls below what is claimed, approved, paid, accrued or committed', async () => {
  const agreement = (await manager.get(`/api/agreements/${of('E06000001')}`).expect(200)).body;
  await postOne(service.database.db, { agreement, periods: [] }, { kind: 'claim', legs: claimLegs(15_000_000, 'Wardens') });
  const give = (head: string, pence: number) => propose([move('E06000001', head, -pence), move('E06000002', 'Wardens', pence)]);
  expect((await give('Wardens', 3_450_001)).body.code).toBe('reallocation_line_not_below_spent');
  await give('Wardens', 3_450_000).expect(200);
  await service.database.db('commitment').insert({ id: randomUUID(), agreement_id: of('E06000001'), amount_pence: 17_000_000, effective_on: '2023-09-01', what: 'Vans' });
  expect((await give('Equipment', 1_650_001)).body.code).toBe('reallocation_party_not_below_committed');
  await give('Equipment', 1_650_000).expect(200);
});

test('the database refuses one person as preparer and approver, a sum that is not zero, and lines changed or added later', async () => {
  const { db } = service.database;
  const { body } = await propose([move('E06000001', 'Wardens', -100), move('E06000002', 'Wardens', 100)]).expect(200);
  for (const code of ['E06000001', 'E06000002']) await answer(code, body.id).expect(200);
  const by = async (work: Promise<unknown>): Promise<string | undefined> => constraintError(await work.then(() => undefined, (error: unknown) => error))?.code;
  const { proposed_by: proposer } = await db('reallocation').where({ id: body.id }).first();
  expect(await by(db('reallocation').where({ id: body.id }).update({ state: 'approved', approved_by: proposer, decision_reference: 'X', funder_consent: 'Y', funder_consent_on: '2023-11-17' }))).toBe('reallocation_preparer_is_not_approver');
  const other = (await db('person').where({ email: 'finance@opcc.demo' }).first()).id as string;
  expect(await by(db('reallocation').where({ id: body.id }).update({ state: 'approved', approved_by: other, decision_reference: ' ', funder_consent: 'Y', funder_consent_on: '2023-11-17' }))).toBe('reallocation_approval_has_reference');
  expect(await by(db('reallocation').where({ id: body.id }).update({ state: 'approved', approved_by: other, decision_reference: 'X' }))).toBe('reallocation_approval_has_consent');
  expect(await by(db('reallocation').where({ id: body.id }).update({ state: 'effective' }))).toBe('reallocation_steps_in_order');
  const uneven = db.transaction(async (trx) => {
    const id = randomUUID();
    await trx('reallocation').insert({ id, fund_id: pilot.fundId, kind: 'reallocation', effective_from: '2023-11-20', reason: 'x', proposed_by: other });
    await trx('reallocation_line').insert([{ reallocation_id: id, agreement_id: of('E06000001'), head: 'Wardens', amount_pence: -100 }, { reallocation_id: id, agreement_id: of('E06000002'), head: 'Wardens', amount_pence: 99 }]);
  });
  expect(await by(uneven)).toBe('reallocation_sums_to_zero');
  expect(await by(db('reallocation').insert({ id: randomUUID(), fund_id: pilot.fundId, kind: 'reallocation', effective_from: '2023-11-20', reason: 'x', proposed_by: other }))).toBe('reallocation_sums_to_zero');
  expect(await by(db('reallocation_line').insert({ reallocation_id: body.id, agreement_id: of('E06000003'), head: 'Wardens', amount_pence: 5 }))).toBe('reallocation_is_whole');
  expect(await by(db('reallocation_line').where({ reallocation_id: body.id }).update({ amount_pence: 5 }))).toBe('reallocation_line_append_only');
  expect(await by(db('reallocation').where({ id: body.id }).delete())).toBe('reallocation_append_only');
  expect(await by(db('reallocation').where({ id: body.id }).update({ reason: 'Another' }))).toBe('reallocation_is_fixed');
  const { id: foreign } = await db('person').where({ email: 'finance@redcar.demo' }).first();
  const { body: next } = await propose([move('E06000001', 'Wardens', -100), move('E06000002', 'Wardens', 100)]).expect(200);
  expect(await by(db('reallocation_party').where({ reallocation_id: next.id, agreement_id: of('E06000001') }).update({ agreed_by: foreign }))).toBe('reallocation_party_agreed_by_its_own');
  expect(await by(db('reallocation').where({ id: next.id }).update({ state: 'agreed' }))).toBe('reallocation_agreed_by_all');
});

test('money stays in its fund', async () => {
  const mine = move('E06000001', 'Wardens', -100);
  const other = await addPilot(service.database.db);
  const theirs = { agreementId: other.agreements['E06000002'] ?? '', head: 'Wardens', amountPence: 100 };
  await propose([mine, theirs]).expect(404);
  const direct = service.database.db.transaction(async (trx) => {
    const id = randomUUID();
    await trx('reallocation').insert({ id, fund_id: pilot.fundId, kind: 'reallocation', effective_from: '2023-11-20', reason: 'x', proposed_by: id });
    await trx('reallocation_line').insert([mine, theirs].map(({ agreementId, head, amountPence }) => ({ reallocation_id: id, agreement_id: agreementId, head, amount_pence: amountPence })));
  });
  await expect(direct).rejects.toMatchObject({ constraint: 'reallocation_one_fund' });
});
