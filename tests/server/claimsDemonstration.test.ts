/** The demonstration's claims: one in each state, by its own people, within budgets, and adding up. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countClaimFaults } from '../../server/claims/checkWork.ts';
import type { TestService } from '../support/database.ts';
import { demonstrationNow, startDemonstrationService } from '../support/demonstration.ts';
import { faultsIn } from '../support/ledger.ts';

let service: TestService;
beforeAll(async () => {
  service = await startDemonstrationService({ now: () => demonstrationNow });
}, 600_000);
afterAll(() => service.close());

test('claims stand in every state but two, with what is late and who has the next step', async () => {
  const { claims } = (await (await service.client('manager@opcc.demo')).get('/api/claims').expect(200)).body;
  const told = claims.map((claim: Record<string, unknown>) => [claim['council'], claim['startsOn'], claim['state'], claim['lateDays'], claim['nextToAct']]);
  expect(told).toEqual([
    ['Hartlepool', '2023-10-01', 'query', 0, 'council'],
    ['Middlesbrough', '2023-10-01', 'submitted', 0, 'office'],
    ['Redcar and Cleveland', '2023-10-01', 'draft', 152, 'council'],
    ['Stockton-on-Tees', '2023-10-01', 'draft', 152, 'council'],
    ['Hartlepool', '2023-07-01', 'paid', 0, null],
    ['Middlesbrough', '2023-07-01', 'refused', 14, null],
    ['Middlesbrough', '2023-07-01', 'recovered', 0, null],
    ['Stockton-on-Tees', '2023-07-01', 'approved', 9, 'office'],
  ]);
});

test('a claim of a quarter is what was committed in it, and the ledgers are sound', async () => {
  const { db } = service.database;
  const { rows } = await db.raw(`
    select c.claimed_pence as claimed, (select sum(amount_pence)::bigint from commitment m where m.agreement_id = c.agreement_id and m.effective_on between c.starts_on and c.ends_on) as committed
    from claim c where c.state <> 'refused'`);
  expect((rows as { claimed: number; committed: number }[]).filter(({ claimed, committed }) => claimed !== committed)).toEqual([]);
  expect(await faultsIn(db)).toEqual([]);
  expect((await countClaimFaults(db)).filter(({ found }) => found > 0)).toEqual([]);
  const atRisk = await db('ledger_account').where({ kind: 'at risk' }).sum('balance_pence as pence').first();
  expect(atRisk).toEqual({ pence: 485_000 });
});

test('every step is in the name of a demonstration person of its own side', async () => {
  const { rows } = await service.database.db.raw(`
    select e.kind, array_agg(distinct r.role order by r.role) as roles from claim_event e join person p on p.id = e.person_id and p.demonstration join role_grant r on r.person_id = p.id group by e.kind order by e.kind`);
  expect(rows).toEqual([
    { kind: 'claimApproved', roles: ['finance_approver'] }, { kind: 'claimDrafted', roles: ['council_lead'] }, { kind: 'claimPaid', roles: ['finance_approver'] }, { kind: 'claimQueried', roles: ['grant_manager'] },
    { kind: 'claimRecovered', roles: ['finance_approver'] }, { kind: 'claimRefused', roles: ['finance_approver'] }, { kind: 'claimReplied', roles: ['council_lead'] }, { kind: 'claimSubmitted', roles: ['council_finance'] },
  ]);
});
