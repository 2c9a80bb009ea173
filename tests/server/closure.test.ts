/** An agreement's end over HTTP: the checklist, the decision by two persons, what is given back, assets, and the pack. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import { claimPeople, type ClaimPeople, draft, step, submission, threeHeads } from '../support/claims.ts';
import { signAsItStands } from '../../server/terms/versionWork.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addLedger, asOffice, balancesOf, faultsIn, type OpenLedger, postOne } from '../support/ledger.ts';
import { readWorkbook } from '../support/workbook.ts';

let service: TestService;
let db: Knex;
let people: ClaimPeople;
let ledger: OpenLedger;
const path = (more = ''): string => `/api/agreements/${ledger.agreement.id}${more}`;
const view = async (client = people.manager) => (await client.get(path('/closure')).expect(200)).body;
const propose = (body: object, closureId = randomUUID()) => people.manager.post(path('/closures')).send({ closureId, decision: 'discontinue', reason: 'The pilot has ended', ...body });
const approve = (closureId: string, client = people.approver) => client.post(path(`/closures/${closureId}/approval`)).send({ decisionReference: 'OPCC-2024-17' });

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2023-10-20T10:00:00Z') });
  ({ db } = service.database);
  people = await claimPeople(service);
  ledger = await addLedger(db, { ceilingPence: 1_000_000, rate: 2000 }, { heads: threeHeads });
});
afterAll(() => service.close());

/** A claim of £100.00 paid in full. */
async function paidClaim(): Promise<string> {
  const { id } = await draft(people.lead, ledger);
  await step(people.officer, id, 'submission', submission).expect(200);
  await step(people.approver, id, 'approval', { lines: [] }).expect(200);
  await step(people.approver, id, 'payments', { amount: '£100.00', paidOn: '2023-10-20', reference: 'BACS 1' }).expect(200);
  return id;
}

describe('the checklist', () => {
  test('lists what is not settled, with the money on it', async () => {
    await paidClaim();
    const { id: undecided } = await draft(people.lead, ledger);
    await postOne(db, ledger, { kind: 'at risk', legs: [{ kind: 'available', head: 'Vehicles', pence: -500 }, { kind: 'at risk', head: 'Vehicles', pence: 500 }] });
    await people.lead.post(path('/assets')).send({ assetId: randomUUID(), what: 'Two radios', head: 'Equipment', boughtOn: '2023-08-01', quantity: 2, cost: '£240.00' }).expect(200);
    await db('agreement_condition').insert({ id: randomUUID(), agreement_id: ledger.agreement.id, kind: 'condition', what: 'Briefing pack', from_version: 1 });
    const { items, reconciliation } = await view();
    expect(items.map(({ kind, what, amountPence, blocks }: Record<string, unknown>) => [kind, what, amountPence, blocks])).toEqual([
      ['claim', 'Claim 2 is draft, not decided', 10_000, true], ['balance', 'Spent at risk: Vehicles is not £0.00', 500, true], ['condition', 'Condition not met: Briefing pack', null, false],
      ['evidence', '1 line of claim 1 without evidence', 10_000, false], ['equipment', 'Nobody has said what becomes of: Two radios', 24_000, false],
    ]);
    expect(reconciliation).toMatchObject({ awardedPence: 1_000_000, paidPence: 10_000, openPence: 500, unspentPence: 989_500, recoveredPence: 0 });
    await people.officer.post(`/api/claims/${undecided}/withdrawal`).send({ idempotencyKey: randomUUID(), reason: 'Entered twice' }).expect(200);
  });

  test('keeps an agreement from closing while anything is open', async () => {
    expect((await propose({}).expect(422)).body.errors.map(({ message }: { message: string }) => message)).toEqual([
      'The agreement is not closing yet. Move it to “closing” on its terms first, so that nothing new begins.',
      '4 items of the checklist are open: Spent at risk: Vehicles is not £0.00; Condition not met: Briefing pack; 1 line of claim 1 without evidence; and more.',
    ]);
    await db('agreement').where({ id: ledger.agreement.id }).update({ state: 'closing' });
    const { items } = await view();
    const except = (item: string, id = randomUUID()) => people.manager.post(path('/closure-exceptions')).send({ exceptionId: id, item, reason: 'Seen on paper' });
    expect((await except(items[0].key).expect(409)).body.detail).toBe('“Spent at risk: Vehicles is not £0.00” has money on it and must be settled. It cannot be left as it is.');
    expect((await except('claim nothing').expect(422)).body.errors[0].message).toBe('This is not on the checklist any more. Look at it again.');
    await people.lead.post(path('/closure-exceptions')).send({ exceptionId: randomUUID(), item: items[1].key, reason: 'x' }).expect(403);
    const id = randomUUID();
    await except(items[1].key, id).expect(200);
    await except(items[1].key, id).expect(200);
    expect((await except(items[2].key).expect(200)).body.items[2].exception).toBe('Seen on paper');
    await postOne(db, ledger, { kind: 'adjustment', corrects: (await db('journal').where({ kind: 'at risk' }).first()).id, legs: [{ kind: 'available', head: 'Vehicles', pence: 500 }, { kind: 'at risk', head: 'Vehicles', pence: -500 }] });
  });

  test('the register says what became of everything', async () => {
    const { assets } = await view();
    const dispose = (body: object) => people.lead.post(path(`/assets/${assets[0].id}/disposal`)).send({ disposal: 'sold', disposedOn: '2023-10-01', reason: 'No longer needed', ...body });
    expect((await dispose({ disposal: 'transferred', proceeds: '£1.00' }).expect(409)).body.code).toBe('asset_proceeds_of_sale');
    expect((await dispose({ disposedOn: '2023-07-01' }).expect(409)).body.code).toBe('asset_disposed_after_bought');
    expect((await dispose({ proceeds: '£80.00' }).expect(200)).body).toMatchObject({ disposal: 'sold', proceedsPence: 8_000 });
    const other = await service.client('lead@middlesbrough.demo');
    await other.get(path('/closure')).expect(404);
    await other.post(path(`/assets/${assets[0].id}/disposal`)).send({ disposal: 'lost', disposedOn: '2023-10-01', reason: 'x' }).expect(404);
  });
});

describe('the decision', () => {
  test('to continue gives back what no variation carries', async () => {
    expect((await propose({ decision: 'continue', carried: '£1.00' }).expect(422)).body.errors[0].message).toBe('Money is carried over only by an approved variation. Name it, or carry nothing.');
    expect((await propose({ decision: 'amend', variationId: randomUUID() }).expect(422)).body.errors[0].field).toBe('variationId');
  });

  test('is approved by a second person on the figures it was made on', async () => {
    const stale = randomUUID();
    expect((await propose({}, stale).expect(200)).body.closures[0]).toMatchObject({ decision: 'discontinue', releasedPence: 990_000, carriedPence: 0, own: true });
    await propose({}, stale).expect(200);
    expect((await propose({}).expect(409)).body.code).toBe('closure_one_at_a_time');
    await postOne(db, ledger, { kind: 'virement', legs: [{ kind: 'available', head: 'Vehicles', pence: -100 }, { kind: 'available', head: 'Equipment', pence: 100 }] });
    expect((await approve(stale).expect(409)).body.code).toBe('closure_moved_on');
    await people.manager.post(path(`/closures/${stale}/withdrawal`)).send({ reason: 'The figures moved' }).expect(200);
    await people.manager.post(path(`/closures/${randomUUID()}/withdrawal`)).send({ reason: 'x' }).expect(404);
    await expect(db('agreement').where({ id: ledger.agreement.id }).update({ state: 'closed' })).rejects.toMatchObject({ constraint: 'agreement_closes_with_nothing_left' });
  });

  test('closes the agreement with nothing left over, once', async () => {
    const id = randomUUID();
    await propose({}, id).expect(200);
    await approve(id, people.manager).expect(403);
    const { body } = await approve(id).expect(200);
    expect(body.state).toBe('closed');
    expect(body.closures[0]).toMatchObject({ state: 'approved', decisionReference: 'OPCC-2024-17', own: false });
    await approve(id).expect(200);
    expect(await balancesOf(db, ledger.agreement.id)).toEqual({ award: -10_000, 'paid Wardens': 10_000 });
    const journal = await db('journal').where({ agreement_id: ledger.agreement.id }).orderBy('number', 'desc').first();
    expect([journal.kind, journal.reason, journal.effective_on]).toEqual(['variation', 'Unspent at closure, given back to the fund (OPCC-2024-17)', '2023-09-30']);
    expect(await db('ledger_period').where({ agreement_id: ledger.agreement.id }).distinct('state').pluck('state')).toEqual(['locked']);
    expect(await faultsIn(db)).toEqual([]);
    expect((await people.lead.post(path('/assets')).send({ assetId: randomUUID(), what: 'A van', boughtOn: '2023-08-01', cost: '£1.00' }).expect(409)).body.code).toBe('asset_of_closed_agreement');
    expect(await db('audit_event').where({ action: 'closureApproved' }).count('* as n').first()).toEqual({ n: 1 });
  });

  test('to continue leaves what an approved variation carries, and gives back the rest', async () => {
    const running = await addLedger(db, { ceilingPence: 1_000 }, { heads: [{ head: 'Vehicles', budgetPence: 250, tolerancePence: 0 }, { head: 'Wardens', budgetPence: 750, tolerancePence: 0 }] });
    const version = await asOffice(db, (context) => signAsItStands(context, running.agreement));
    const variationId = randomUUID();
    await db('variation').insert({ id: variationId, agreement_id: running.agreement.id, effective_from: '2023-10-01', base_version_id: version.id, changes: '{}', difference: '[]', reason: 'Carry over', proposed_by: randomUUID() });
    const to = (state: string, by: object) => db('variation').where({ id: variationId }).update({ state, ...by });
    const carry = (body: object, closureId = randomUUID()) => people.manager.post(`/api/agreements/${running.agreement.id}/closures`).send({ closureId, decision: 'continue', reason: 'The second year', variationId, carried: '£1.01', ...body });
    expect((await carry({}).expect(422)).body.errors[0].message).toBe('There is no such approved variation of this agreement. Approve it first, or carry nothing.');
    await to('proposed', { proposed_by: randomUUID() });
    await to('council agreed', { agreed_by: randomUUID() });
    await to('approved', { approved_by: randomUUID(), decision_reference: 'OPCC-2024-18' });
    const closureId = randomUUID();
    expect((await carry({}, closureId).expect(200)).body.closures[0]).toMatchObject({ carriedPence: 101, releasedPence: 899 });
    const { body } = await people.approver.post(`/api/agreements/${running.agreement.id}/closures/${closureId}/approval`).send({ decisionReference: 'OPCC-2024-19' }).expect(200);
    expect(body.state).toBe('live');
    // 101 over 250 and 750: 25.25 and 75.75.
    expect(await balancesOf(db, running.agreement.id)).toEqual({ award: -101, 'available Vehicles': 25, 'available Wardens': 76 });
    expect(await faultsIn(db)).toEqual([]);
  });

  test('is never one person’s, whatever is written', async () => {
    const other = await addLedger(db, { ceilingPence: 1_000 });
    const [office, second] = await db('person').whereIn('email', ['manager@opcc.demo', 'finance@opcc.demo']).orderBy('email', 'desc').pluck('id');
    const by = <T>(personId: string, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> => inScope(db, { personId, roles: ['grant_manager'], councils: ['*'] }, work);
    const row = { id: randomUUID(), agreement_id: other.agreement.id, decision: 'discontinue', reason: 'x', released_pence: 1_000, figures: '{}', sha256: 'x', proposed_by: second };
    await by(office, (trx) => trx('closure').insert(row));
    expect((await db('closure').where({ id: row.id }).first()).proposed_by).toBe(office);
    const approval = { state: 'approved', approved_by: second, decision_reference: 'x' };
    await expect(by(office, (trx) => trx('closure').where({ id: row.id }).update(approval))).rejects.toMatchObject({ constraint: 'closure_preparer_is_not_approver' });
    // By a second person, but with the money still there.
    await expect(by(second, (trx) => trx('closure').where({ id: row.id }).update(approval))).rejects.toMatchObject({ constraint: 'closure_nothing_left_over' });
    await expect(db('closure').where({ id: row.id }).delete()).rejects.toMatchObject({ constraint: 'closure_append_only' });
    const empty = await addLedger(db, { ceilingPence: 1_000 });
    await postOne(db, empty, { kind: 'variation', legs: [{ kind: 'award', head: '', pence: 1_000 }, { kind: 'available', head: '', pence: -1_000 }] });
    await expect(db('agreement').where({ id: empty.agreement.id }).update({ state: 'closed' })).rejects.toMatchObject({ constraint: 'agreement_closes_by_two_persons' });
  });
});

test('the pack holds every table with its hash, and the same twice', async () => {
  const get = () => people.officer.get(path('/closure-pack')).buffer(true).parse((response, done) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
  }).expect(200);
  const first = await get();
  const book = await readWorkbook(first.body as Buffer);
  expect(book.worksheets.map(({ name }) => name)).toEqual([
    'Cover', 'Contents', 'Reconciliation', 'Decisions', 'Checklist', 'Assets', 'Retention', 'Versions', 'Budgets', 'Accounts', 'Entries', 'Claims', 'Claim lines', 'Payments', 'Hours paid', 'Hours decided',
    'Conditions', 'Documents', 'Hashes',
  ]);
  const rows = (name: string): unknown[][] => {
    const found: unknown[][] = [];
    book.getWorksheet(name)?.eachRow((row) => found.push((row.values as unknown[]).slice(1)));
    return found;
  };
  expect(rows('Claims').at(-2)?.slice(0, 2)).toEqual([1, 'cost']);
  expect(rows('Claims').at(-2)?.slice(4)).toEqual(['paid', 100, 100, 100, 0]);
  expect(rows('Decisions').map((row) => row[1])).toContain('approved');
  expect(rows('Hours paid').at(-1)?.[0]).toBe('none');
  const hashes = rows('Hashes').slice(-17).map((row) => row[2]);
  expect(hashes.filter((hash) => /^[0-9a-f]{64}$/.test(String(hash)))).toHaveLength(17);
  const again = await readWorkbook((await get()).body as Buffer);
  const last: unknown[] = [];
  again.getWorksheet('Hashes')?.eachRow((row) => last.push((row.values as unknown[])[3]));
  expect(last.at(-1)).toBe(hashes.at(-1));
  expect(await db('audit_event').where({ action: 'closurePackMade' }).count('* as n').first()).toEqual({ n: 2 });
});
