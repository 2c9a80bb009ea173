/** An agreement brought to its end on the screen: settled, proposed by one person, approved by another, and packed. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addLedger } from '../support/ledger.ts';
import { faultsOf, openScreens, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
let path: string;
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes() });
  const { agreement } = await addLedger(service.database.db, { ceilingPence: 1_000_000, rate: 2000 }, { heads: [{ head: 'Equipment', budgetPence: 250_000, tolerancePence: 0 }, { head: 'Wardens', budgetPence: 750_000, tolerancePence: 0 }] });
  await service.database.db('agreement').where({ id: agreement.id }).update({ state: 'closing' });
  path = `/agreements/${agreement.id}/closure`;
  screens = await openScreens(service);
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

const text = (page: Page): Promise<string> => page.locator('main').innerText();

test('the council enters what was bought, and it stands on the checklist', async () => {
  const page = await screens.own('lead@hartlepool.demo');
  await screens.open(page, path);
  await page.getByLabel('What was bought').fill('Two radios');
  await page.getByLabel('Budget head (optional)').selectOption({ label: 'Equipment' });
  await page.getByLabel('Bought on').fill('2023-08-01');
  await page.getByLabel('How many').fill('2');
  await page.getByLabel('Cost, all together').fill('240');
  await page.getByRole('button', { name: 'Enter', exact: true }).click();
  await page.getByText('Entered Two radios.').waitFor();
  expect(await text(page)).toContain('Nobody has said what becomes of: Two radios');
  expect(await faultsOf(page, 'closure-council')).toEqual([]);
});

test('the grant manager leaves an item with a reason, and proposes to discontinue', async () => {
  const page = await screens.own('manager@opcc.demo');
  await screens.open(page, path);
  const item = page.locator('form').filter({ hasText: 'Why it is left' });
  await item.getByLabel('Item').selectOption({ label: 'Nobody has said what becomes of: Two radios' });
  await item.getByLabel('Why it is left').fill('Kept at the depot');
  await page.getByRole('button', { name: 'Leave it as it is' }).click();
  await page.getByText('Left as it is, with its reason.').waitFor();
  await page.getByLabel('Discontinue and close').check();
  await page.getByLabel('Why', { exact: true }).first().fill('The pilot has ended');
  expect(await faultsOf(page, 'closure-manager')).toEqual([]);
  await page.getByRole('button', { name: 'Propose' }).click();
  await page.getByText('You proposed it; somebody else approves.').waitFor();
});

test('a second person approves it: the money is given back and the agreement closed', async () => {
  const page = await screens.own('finance@opcc.demo');
  await screens.open(page, path);
  await page.getByText('£10,000.00 is given back and £0.00 is carried over.').waitFor();
  await page.getByLabel('Reference of the decision').fill('OPCC-2024-17');
  expect(await faultsOf(page, 'closure-approve')).toEqual([]);
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByText('The agreement is closed.', { exact: true }).waitFor();
  expect(await text(page)).toContain('OPCC-2024-17');
  const [pack] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Closure pack' }).click()]);
  expect(pack.suggestedFilename()).toMatch(/^closure-pack-AGR-\w+\.xlsx$/);
  expect(screens.complaints).toEqual([]);
});
