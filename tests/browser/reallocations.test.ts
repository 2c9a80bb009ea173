/** Money moved on the screens, by those who propose, agree and approve; and a published table added up again. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { desk, newContext, openBrowser, settled, signIn } from '../support/browser.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addPilot } from '../support/reallocations.ts';
import { faultsOf } from '../support/screens.ts';

let service: TestService;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes() });
  await addPilot(service.database.db);
  browser = await openBrowser();
  page = await as('manager@opcc.demo');
}, 120_000);
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function as(email: string): Promise<Page> {
  const at = await (await newContext(browser, desk)).newPage();
  await signIn(at, service.address, email);
  return at;
}

async function open(at: Page, address: string): Promise<void> {
  await at.goto(service.address + address);
  await settled(at);
}

test('the grant manager proposes with the figures beside it', async () => {
  await open(page, '/reallocations');
  await page.getByRole('link', { name: 'Move money between agreements' }).click();
  await page.getByText('Where money is and where it would do most').waitFor();
  const add = async (from: string, to: string, amount: string): Promise<void> => {
    await page.getByLabel('From', { exact: true }).selectOption({ label: from });
    await page.getByLabel('To', { exact: true }).selectOption({ label: to });
    await page.getByLabel('Amount').fill(amount);
    await page.getByRole('button', { name: 'Add to the proposal' }).click();
  };
  await add('Hartlepool: Wardens, £184,500.00 not spent', 'Cleveland Police: Extra patrols', '50,000');
  await page.getByText('£205,000.00 becomes £155,000.00').waitFor();
  await add('Hartlepool: Wardens, £184,500.00 not spent', 'Middlesbrough: Extra patrols', '20,000');
  await page.getByText('Hartlepool can give £61,500.00 at most').waitFor();
  expect(await faultsOf(page, 'reallocation-new')).toEqual([]);
  await page.getByRole('button', { name: 'Take out Hartlepool: Wardens to Middlesbrough: Extra patrols' }).click();
  await page.getByLabel('In effect from').fill('2023-11-20');
  await page.getByLabel('Why').fill('Recruiting was slow');
  await page.getByRole('button', { name: 'Propose', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Reallocation 1' }).waitFor();
  expect(await page.locator('.notice').textContent()).toContain('To move £50,000.00 from Hartlepool (£50,000.00) to Cleveland Police (£50,000.00)');
  expect(await faultsOf(page, 'reallocation-proposed')).toEqual([]);
}, 120_000);

test('each body agrees, a second person approves, and it is in effect', async () => {
  const path = new URL(page.url()).pathname;
  for (const [email, other] of [['finance@hartlepool.demo', 'Cleveland Police'], ['finance@police.demo', 'Hartlepool']] as const) {
    const finance = await as(email);
    await open(finance, path);
    await finance.getByLabel('My body agrees to what changes in its agreement').check();
    await finance.getByRole('button', { name: 'Agree', exact: true }).click();
    await finance.getByText('Agreed.').waitFor();
    expect(await finance.locator('main').getByText(other).count()).toBe(0);
    expect(await faultsOf(finance, `reallocation-${email.slice(8, 11)}`)).toEqual([]);
  }
  const approver = await as('finance@opcc.demo');
  await open(approver, path);
  await approver.getByLabel('Decision reference').fill('2023/24-1');
  await approver.getByLabel('Funder’s consent').fill('Home Office, by letter');
  await approver.getByRole('button', { name: 'Approve', exact: true }).click();
  await approver.getByText('Approved.').waitFor();
  expect(await approver.locator('.fact').filter({ hasText: 'State' }).textContent()).toContain('in effect');
  const [file] = await Promise.all([approver.waitForEvent('download'), approver.getByRole('button', { name: 'Download as text' }).click()]);
  expect(file.suggestedFilename()).toContain('reallocation-1-of');
  expect(await faultsOf(approver, 'reallocation-effective')).toEqual([]);
  await open(approver, '/reallocations');
  expect(await approver.getByRole('row', { name: /Between agreements/ }).textContent()).toContain('£50,000.00');
  expect(await faultsOf(approver, 'reallocations')).toEqual([]);
}, 120_000);

test('money moves between heads from the agreement’s page, and the words of notices are shown', async () => {
  await open(page, '/agreements');
  await page.getByRole('link', { name: 'Stockton-on-Tees' }).click();
  await page.getByRole('link', { name: 'Move money between heads' }).click();
  await page.getByText('What is to be moved').first().waitFor();
  await page.getByRole('button', { name: 'Add to the proposal' }).click();
  await page.getByText('Choose: from').first().waitFor();
  await page.getByLabel('From', { exact: true }).selectOption({ label: 'Stockton-on-Tees: Wardens, £238,500.00 not spent' });
  await page.getByLabel('To', { exact: true }).selectOption({ label: 'Stockton-on-Tees: Vehicles' });
  await page.getByLabel('Amount').fill('1,000');
  await page.getByRole('button', { name: 'Add to the proposal' }).click();
  await page.getByLabel('In effect from').fill('2023-11-20');
  await page.getByLabel('Why').fill('A van for the second crew');
  expect(await faultsOf(page, 'virement-new')).toEqual([]);
  await page.getByRole('button', { name: 'Propose', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Virement 2' }).waitFor();
  await open(page, '/reallocations/notices');
  expect(await faultsOf(page, 'reallocation-notices')).toEqual([]);
}, 120_000);

test('a published table is added up again and kept with what does not agree', async () => {
  const analyst = await as('analyst@opcc.demo');
  await open(analyst, '/published-tables');
  await analyst.getByLabel('Paste the table').fill('Fly-tips\t2021\nQuarter\t560\nYear to date\t560\nWard total\t602');
  await analyst.getByRole('button', { name: 'Read and add up' }).click();
  await analyst.getByText('“Quarter” says 560 and “Ward total” says 602 for the same thing').waitFor();
  await analyst.getByText('What each column and row is').click();
  await analyst.getByLabel('Row “Year to date”').selectOption({ label: 'On its own' });
  await analyst.getByText('1 comparison, 0 of them agree.').waitFor();
  expect(await faultsOf(analyst, 'published-table-read')).toEqual([]);
  await analyst.getByLabel('What the table is').fill('Fly-tips, July to September 2021');
  await analyst.getByLabel('Published where and when').fill('Safer Hartlepool Partnership papers, December 2021');
  await analyst.getByRole('button', { name: 'Keep the table' }).click();
  await analyst.getByRole('heading', { level: 1, name: 'Fly-tips, July to September 2021' }).waitFor();
  expect(await faultsOf(analyst, 'published-table')).toEqual([]);
}, 120_000);
