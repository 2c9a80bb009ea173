/** An agreement's ledger as a grant manager and a finance approver see it, on a desk and on a phone. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { axeFaults, desk, newContext, openBrowser, overflow, phone, settled, signIn } from '../support/browser.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addAgreement, addFund } from '../support/patrols.ts';

let service: TestService;
let browser: Browser;
let page: Page;
let path: string;
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes() });
  path = `/agreements/${await addAgreement(service.database.db, await addFund(service.database.db), { ceilingPence: 1_000_000 })}/ledger`;
  browser = await openBrowser();
  page = await (await newContext(browser, desk)).newPage();
  await signIn(page, service.address, 'manager@opcc.demo');
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function open(at: Page, address: string): Promise<void> {
  await at.goto(service.address + address);
  await settled(at);
}

test('a ledger is opened, and shows where every penny stands', async () => {
  await open(page, path);
  await page.getByRole('button', { name: 'Open the ledger' }).click();
  await page.getByText('The ledger is open.').waitFor();
  expect(await page.getByRole('row', { name: 'Available all' }).textContent()).toContain('£10,000.00');
  expect(await page.getByRole('row', { name: '3 July 2023' }).first().textContent()).toContain('open');
  expect(await axeFaults(page)).toEqual([]);
});

test('a period is submitted, and a second person opens it again', async () => {
  await page.getByRole('button', { name: 'Submit' }).click();
  await page.getByLabel('Open again').waitFor();
  await page.getByLabel('Open again').selectOption({ index: 0 });
  await page.locator('form').filter({ hasText: 'Open again' }).getByLabel('Why').fill('A payslip came late');
  await page.getByRole('button', { name: 'Ask for unlocking' }).click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Who asked for a period to be unlocked cannot approve it. Ask a second person.').waitFor();
  const second = await (await newContext(browser, phone)).newPage();
  await signIn(second, service.address, 'finance@opcc.demo');
  await open(second, path);
  expect(await overflow(second)).toBe(0);
  expect(await axeFaults(second)).toEqual([]);
  await second.getByRole('button', { name: 'Approve' }).click();
  await second.getByText('The period is open again.').waitFor();
});

test('the address keeps what is asked: as at a day before the award there is nothing', async () => {
  await open(page, `${path}?asAt=2020-01-01T00:00:00Z`);
  expect(await page.getByRole('row', { name: 'Available all' }).textContent()).toContain('£0.00');
  expect(await page.getByText('up to journal 0').count()).toBe(1);
});
