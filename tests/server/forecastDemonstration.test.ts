/** The demonstration's pilot replayed: staggered starts, half the crews, costs committed month by month. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';

let service: TestService;
beforeAll(async () => {
  service = await startDemonstrationService();
});
afterAll(() => service.close());

test('as known at the October return the forecast leaves over £400,000 unspent, and comes near what was spent in the end', async () => {
  const { body } = await (await service.client('manager@opcc.demo')).get('/api/forecast?on=2023-11-14&knowledge=happened').expect(200);
  const [fund] = body.funds;
  expect(fund.underspend.central).toBeGreaterThan(40_000_000);
  const spent = Number((await service.database.db('commitment').sum('amount_pence as pence').first())?.['pence']);
  expect(Math.abs(fund.outturn.central - spent) / spent).toBeLessThan(0.1);
  expect(spent).toBeLessThanOrEqual(fund.outturn.high);
});

test('the alert of the fund is raised over three months before its end, and stands once', async () => {
  const { body } = await (await service.client('manager@opcc.demo')).get('/api/forecast?on=2024-03-31&knowledge=happened').expect(200);
  const standing = body.alerts.filter((alert: { agreementId: string | null; endedOn: string | null }) => alert.agreementId === null && alert.endedOn === null);
  expect(standing).toHaveLength(1);
  expect(standing[0].raisedOn <= '2023-12-31').toBe(true);
});
