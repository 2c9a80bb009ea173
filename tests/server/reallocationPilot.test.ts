/** The demonstration's pilot: what was known at the October return shows the underspend, and it goes to four councils and police-supported patrols. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Outlook } from '../../server/reallocations/contract.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';
import { faultsIn } from '../support/ledger.ts';
import { councils, decision, type Line, police, proposalOf } from '../support/reallocations.ts';

let service: TestService;
beforeAll(async () => {
  service = await startDemonstrationService({ now: () => new Date('2023-11-20T10:00:00Z') });
}, 300_000);
afterAll(() => service.close());

test('over £400,000 is forecast to stay unspent, and moves by two people on a decision reference', async () => {
  const manager = await service.client('manager@opcc.demo');
  const { body: { agreements } } = await manager.get('/api/agreements').expect(200);
  const { fundId, startsOn, endsOn } = agreements[0];
  const terms = { fundId, councilCode: police.code, reference: 'POLICE-23', ceilingPence: 0, startsOn: '2023-11-01', endsOn, state: 'signed', productiveRatio: 1 };
  const { body: force } = await manager.post('/api/agreements').send(terms).expect(200);
  expect(startsOn).toBe('2023-07-01');
  // 30 % either way would hold back part of it: the limit is a setting with a day, and the office may agree another.
  await manager.post('/api/settings/reallocation_limit_percent').send({ value: 35, validFrom: '2023-11-01', reason: 'Agreed with the funder for the pilot' }).expect(200);
  let given = 0;
  const known = { on: '2023-11-14', knowledge: 'happened' };
  const outlook: Outlook = (await manager.get(`/api/funds/${fundId}/reallocation-outlook`).query(known).expect(200)).body;
  const unspent = outlook.agreements.reduce((sum, { figures }) => sum + (figures.underspend?.centralPence ?? 0), 0);
  expect(unspent).toBeGreaterThan(40_000_000);
  // All four leave money unspent, so what the limit lets go is suggested for the patrols with police support.
  expect(outlook.agreements.map(({ figures }) => Math.sign(figures.suggestedPence))).toEqual([-1, -1, -1, -1, 1]);
  // Each council keeps half of it for extra patrols of its own, out of the heads with most left; the rest goes to patrols with police support.
  const lines: Line[] = outlook.agreements.flatMap(({ agreementId, figures, mostGivesPence, heads }): Line[] => {
    const gives = figures.underspend?.centralPence ?? 0;
    const away = Math.min(mostGivesPence, Math.ceil(gives / 2));
    given += away;
    let left = gives;
    const out = heads.map(({ head, budgetPence, spentPence }) => ({ head, free: budgetPence - spentPence })).filter(({ head }) => head !== 'Extra patrols').toSorted((x, y) => y.free - x.free).map(({ head, free }): Line => {
      const pence = Math.min(left, free);
      left -= pence;
      return { agreementId, head, amountPence: -pence };
    });
    return [...out, { agreementId, head: 'Extra patrols', amountPence: agreementId === force.id ? given : gives - away }].filter(({ amountPence }) => amountPence !== 0);
  });
  expect(lines.reduce((sum, { amountPence }) => sum + Math.max(0, amountPence), 0)).toBeGreaterThan(40_000_000);
  const { body: proposed } = await manager.post(`/api/funds/${fundId}/reallocations`).send(proposalOf(lines, { idempotencyKey: randomUUID(), knownOn: known.on, knowledge: known.knowledge })).expect(200);
  for (const { code, email } of [...councils, police]) {
    const own = [...agreements, force].find(({ councilCode }: { councilCode: string }) => councilCode === code);
    await (await service.client(email)).post(`/api/reallocations/${proposed.id}/answers`).send({ agreementId: own.id, agrees: true }).expect(200);
  }
  const approver = await service.client('finance@opcc.demo');
  const { body: effective } = await approver.post(`/api/reallocations/${proposed.id}/approval`).send(decision).expect(200);
  expect(effective).toMatchObject({ state: 'effective', decisionReference: decision.decisionReference });
  expect((await service.database.db('fund').where({ id: fundId }).first()).agreed_pence).toBe(100_000_000);
  expect(await faultsIn(service.database.db)).toEqual([]);
  const { body: notice } = await approver.get(`/api/reallocations/${proposed.id}/notice`).expect(200);
  expect(notice.missing).toEqual([]);
  expect(notice.text).toContain('Forecast on 14 November 2023 to stay unspent: Hartlepool £');
}, 120_000);
