/** The ledger over HTTP: opened, posted to, reversed, closed by period, unlocked by two, seen by whose it is. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { addAgreement, addFund, hartlepool, middlesbrough } from '../support/patrols.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const heads = [{ head: 'Wardens', budgetPence: 900_000, tolerancePence: 10_000 }, { head: 'Vehicles', budgetPence: 100_000 }];
const addMoney = async (councilCode = hartlepool): Promise<string> => addAgreement(service.database.db, await addFund(service.database.db), { ceilingPence: 1_000_000, councilCode });
const manager = () => service.client('manager@opcc.demo');

interface Shown { accounts: { id: string; kind: string; head: string; balancePence: number }[]; periods: { id: string; state: string; startsOn: string; journals: number; unlock: { id: string } | null }[] }
const balances = (body: Shown): Record<string, number> => Object.fromEntries(body.accounts.filter(({ balancePence }) => balancePence !== 0).map(({ kind, head, balancePence }) => [`${kind} ${head}`.trim(), balancePence]));

test('opening gives accounts by head, periods that cover the agreement, and the award; sent twice it opens once', async () => {
  const [id, client] = [await addMoney(), await manager()];
  expect((await client.get(`/api/agreements/${id}/ledger`).expect(200)).body).toMatchObject({ opened: false, accounts: [], periods: [], mark: 0 });
  const idempotencyKey = randomUUID();
  const open = (given: Record<string, unknown> = {}) => client.post(`/api/agreements/${id}/ledger`).send({ idempotencyKey, cut: 'quarter', heads, ...given });
  expect((await open({ heads: heads.slice(0, 1) }).expect(422)).body.errors).toEqual([{ field: 'heads', message: 'The budgets add up to 900000 pence and the agreement’s value is 1000000 pence. Change a budget by 100000 pence.' }]);
  const { body } = await open().expect(200);
  expect(body).toMatchObject({ opened: true, awardedPence: 1_000_000, mark: 1 });
  expect(balances(body)).toEqual({ award: -1_000_000, 'available Vehicles': 100_000, 'available Wardens': 900_000 });
  expect(body.periods.map((period: Shown['periods'][number]) => [period.startsOn, period.state])).toEqual([['2023-07-03', 'open'], ['2023-10-01', 'scheduled'], ['2024-01-01', 'scheduled']]);
  await open().expect(200);
  expect((await open({ idempotencyKey: randomUUID() }).expect(409)).body.code).toBe('ledger_is_open');
});

test('journals are posted by hand, refused in words, answered once a key, reversed once, and told with who and why', async () => {
  const [id, client] = [await addMoney(), await manager()];
  await client.post(`/api/agreements/${id}/ledger`).send({ idempotencyKey: randomUUID(), heads }).expect(200);
  const spent = { idempotencyKey: randomUUID(), kind: 'at risk', effectiveOn: '2023-08-15', reason: 'A second van', legs: [{ kind: 'available', head: 'Wardens', pence: -2500 }, { kind: 'at risk', head: 'Wardens', pence: 2500 }] };
  const post = (given: Record<string, unknown> = {}) => client.post(`/api/agreements/${id}/journals`).send({ ...spent, ...given });
  const { body } = await post().expect(200);
  expect(body).toMatchObject({ number: 2, kind: 'at risk', reason: 'A second van' });
  expect(body.entries).toContainEqual(expect.objectContaining({ kind: 'available', head: 'Wardens', amountPence: -2500, balancePence: 897_500, version: 2 }));
  expect(body.entries).toContainEqual(expect.objectContaining({ kind: 'at risk', head: 'Wardens', amountPence: 2500, balancePence: 2500 }));
  expect((await post().expect(200)).body.id).toBe(body.id);
  expect((await post({ reason: 'Another' }).expect(409)).body).toMatchObject({ code: 'journal_key_once', detail: 'This key stands for another journal. Post this one under a new key.' });
  const wrong = (given: Record<string, unknown>) => post({ idempotencyKey: randomUUID(), ...given });
  expect((await wrong({ legs: [{ kind: 'available', head: 'Wardens', pence: -1 }, { kind: 'paid', head: 'Wardens', pence: 1 }] }).expect(422)).body.errors[0].message).toContain('does not touch the account “paid”');
  expect((await wrong({ legs: [{ kind: 'available', head: 'Vehicles', pence: -102_501 }, { kind: 'at risk', head: 'Vehicles', pence: 102_501 }] }).expect(409)).body.code).toBe('ledger_account_available_within_head');
  expect((await wrong({ effectiveOn: '2023-10-01' }).expect(409)).body.code).toBe('journal_period_not_open_yet');
  // Money between heads is a virement, which two people agree and which makes a version.
  for (const kind of ['claim', 'virement']) expect((await wrong({ kind }).expect(422)).body.code).toBe('invalid_input');
  const reverse = (of: string) => client.post(`/api/agreements/${id}/journals/${of}/reversal`).send({ idempotencyKey: randomUUID(), effectiveOn: '2023-08-16', reason: 'The wrong head' });
  const reversal = (await reverse(body.id).expect(200)).body;
  expect(reversal).toMatchObject({ kind: 'reversal', reverses: body.id, number: 3 });
  expect((await reverse(body.id).expect(409)).body.code).toBe('journal_reversed_once');
  await reverse(randomUUID()).expect(404);
  const { journals } = (await client.get(`/api/agreements/${id}/journals`).expect(200)).body;
  expect(journals.map((journal: { number: number; reversedBy: string | null }) => [journal.number, journal.reversedBy])).toEqual([[3, null], [2, reversal.id], [1, null]]);
  const person = await service.database.db('person').where({ email: 'manager@opcc.demo' }).first();
  expect(journals[1].madeBy).toBe(person.id);
  const events = await service.database.db('audit_event').where({ subject_id: id, person_id: person.id }).orderBy('id');
  expect(events.map(({ action, reason }) => [action, reason])).toEqual([['ledgerOpened', null], ['periodOpened', null], ['journalPosted', expect.stringContaining('Award of agreement')], ['agreementVersionMade', expect.stringContaining('Terms of agreement')], ['journalPosted', 'A second van'], ['journalReversed', 'The wrong head']]);
});

test('reports are made again as at any moment and any day', async () => {
  const [id, client] = [await addMoney(), await manager()];
  await client.post(`/api/agreements/${id}/ledger`).send({ idempotencyKey: randomUUID() }).expect(200);
  const spend = (pence: number, effectiveOn: string) => client.post(`/api/agreements/${id}/journals`).send({ idempotencyKey: randomUUID(), kind: 'at risk', effectiveOn, reason: 'Before signing', legs: [{ kind: 'available', pence: -pence }, { kind: 'at risk', pence }] }).expect(200);
  await spend(100, '2023-08-01');
  const between = (await spend(20, '2023-09-01')).body.recordedAt as string;
  await new Promise((resolve) => setTimeout(resolve, 5));
  await spend(3, '2023-07-15');
  const atRisk = async (query: Record<string, string>) => balances((await client.get(`/api/agreements/${id}/ledger`).query(query).expect(200)).body)['at risk'];
  expect(await atRisk({})).toBe(123);
  expect(await atRisk({ on: '2023-08-31' })).toBe(103);
  const after = new Date(Date.parse(between) + 1).toISOString();
  expect(await atRisk({ asAt: after })).toBe(120);
  expect(await atRisk({ asAt: after, on: '2023-08-31' })).toBe(100);
  expect(await atRisk({ asAt: '2023-01-01T00:00:00Z' })).toBeUndefined();
});

test('an accrual reverses itself when the next period opens; one with no next period is on the close checklist', async () => {
  const [id, client] = [await addMoney(), await manager()];
  const { body } = await client.post(`/api/agreements/${id}/ledger`).send({ idempotencyKey: randomUUID() }).expect(200);
  const accrue = (pence: number, effectiveOn: string) => client.post(`/api/agreements/${id}/journals`).send({ idempotencyKey: randomUUID(), kind: 'accrual', effectiveOn, reason: 'Radios received, not invoiced', legs: [{ kind: 'available', pence: -pence }, { kind: 'accrued', pence }] }).expect(200);
  const periods = (body as Shown).periods.map((period) => period.id);
  const open = (nth: number) => client.post(`/api/agreements/${id}/periods/${periods[nth]}/state`).send({ state: 'open' }).expect(200);
  await accrue(5000, '2023-09-30');
  const second = (await open(1)).body;
  expect(balances(second)).toEqual({ award: -1_000_000, available: 1_000_000 });
  expect(balances((await client.get(`/api/agreements/${id}/ledger`).query({ on: '2023-09-30' }).expect(200)).body)).toMatchObject({ accrued: 5000 });
  // The next period is open by now: the reversal is there at once.
  await accrue(700, '2023-09-29');
  await open(2);
  const last = (await accrue(40, '2024-03-31')).body;
  const list = (await client.get(`/api/agreements/${id}/close-checklist`).expect(200)).body;
  expect(list.accruals).toEqual([{ journalId: last.id, number: last.number, what: 'Radios received, not invoiced', amountPence: 40 }]);
  expect(list.balances.map((account: { kind: string; balancePence: number }) => [account.kind, account.balancePence])).toEqual([['available', 999_960], ['accrued', 40]]);
  const { checks } = (await client.get('/api/ledger/checks').expect(200)).body;
  expect(checks.filter((check: { found: number }) => check.found !== 0)).toEqual([]);
});

test('a locked period is opened again by a second person only', async () => {
  const [id, client, approver] = [await addMoney(), await manager(), await service.client('finance@opcc.demo')];
  const { body } = await client.post(`/api/agreements/${id}/ledger`).send({ idempotencyKey: randomUUID() }).expect(200);
  const period = (body as Shown).periods[0]?.id;
  const to = (state: string) => client.post(`/api/agreements/${id}/periods/${period}/state`).send({ state });
  await to('submitted').expect(200);
  await to('locked').expect(200);
  expect((await to('open').expect(409)).body.code).toBe('ledger_period_unlock_needs_two');
  const asked = (await client.post(`/api/agreements/${id}/periods/${period}/unlocks`).send({ reason: 'A payslip came late' }).expect(200)).body as Shown;
  const approve = (by: typeof client) => by.post(`/api/agreements/${id}/unlocks/${asked.periods[0]?.unlock?.id}/approval`).send({});
  expect((await approve(client).expect(409)).body).toMatchObject({ code: 'period_unlock_proposer_is_not_approver', detail: 'Who asked for a period to be unlocked cannot approve it. Ask a second person.' });
  expect((await approve(approver).expect(200)).body.periods[0]).toMatchObject({ state: 'open', unlock: null });
  const event = await service.database.db('audit_event').where({ action: 'periodUnlocked', subject_id: id }).first();
  expect(event).toMatchObject({ reason: 'A payslip came late', council_code: hartlepool });
  await client.post(`/api/agreements/${id}/periods/${randomUUID()}/state`).send({ state: 'open' }).expect(404);
});

test('a council sees its own ledger and keeps none; another’s is not there', async () => {
  const [mine, theirs, client] = [await addMoney(), await addMoney(middlesbrough), await manager()];
  for (const id of [mine, theirs]) await client.post(`/api/agreements/${id}/ledger`).send({ idempotencyKey: randomUUID() }).expect(200);
  const lead = await service.client('finance@hartlepool.demo');
  expect(balances((await lead.get(`/api/agreements/${mine}/ledger`).expect(200)).body)).toEqual({ award: -1_000_000, available: 1_000_000 });
  for (const path of ['ledger', 'journals', 'close-checklist']) await lead.get(`/api/agreements/${theirs}/${path}`).expect(404);
  await lead.post(`/api/agreements/${mine}/ledger`).send({ idempotencyKey: randomUUID() }).expect(403);
  await (await service.client('warden@hartlepool.demo')).get(`/api/agreements/${mine}/ledger`).expect(403);
});
