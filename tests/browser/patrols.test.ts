/** The way from the week's money to recorded hours, as the people who do it go: lead, warden, grant manager. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { axeFaults, desk, newContext, openBrowser, overflow, phone, settled, signIn } from '../support/browser.ts';
import type { TestService } from '../support/database.ts';
import { startDemonstrationService } from '../support/demonstration.ts';

let service: TestService;
let browser: Browser;
let context: BrowserContext | undefined;
beforeAll(async () => {
  service = await startDemonstrationService({ client: await clientRoutes() });
  browser = await openBrowser();
});
afterEach(async () => {
  await context?.close();
});
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

async function open(email: string, path: string, size = desk): Promise<Page> {
  context = await newContext(browser, size);
  const page = await context.newPage();
  await signIn(page, service.address, email);
  await page.goto(service.address + path);
  await settled(page);
  return page;
}

const summary = (page: Page) => page.locator('.govuk-error-summary');
const done = (page: Page) => page.locator('.note--good');

test('a warden records a visit on a phone, is asked which of two half past ones, and loses nothing typed', async () => {
  const page = await open('warden@hartlepool.demo', '/visits/record', phone);
  await page.getByLabel('Hotspot').selectOption({ index: 1 });
  await page.getByLabel('Day', { exact: true }).fill('2023-10-29');
  await page.getByLabel('Arrived').fill('01:30');
  await page.getByLabel('Left').fill('02:10');
  await page.getByLabel('Informal warnings').check();
  await page.getByLabel('Informal warnings: how many').fill('2');
  await page.getByRole('button', { name: 'Record visit' }).click();
  await summary(page).waitFor();
  expect(await summary(page).innerText()).toContain('"2023-10-29 01:30" happens twice: the clocks go back that night.');
  expect(await axeFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.getByLabel('the second time round').first().check();
  await page.getByRole('button', { name: 'Record visit' }).click();
  await done(page).waitFor();
  expect(await done(page).innerText()).toMatch(/Recorded: .*, 29 October 2023, 01:30, 40 minutes, 1 h 20 min person-hours\./);
  const kept = await service.database.db('visit').orderBy('recorded_at', 'desc').first();
  expect(kept).toMatchObject({ minutes: 40, person_minutes: 80, evidence_class: 'D' });
  expect(await service.database.db('visit_action').where({ visit_id: kept.id })).toMatchObject([{ action_code: 'informal_warning', n: 2 }]);
});

test('a lead sends a patrol log and reads every error by row and column', async () => {
  const page = await open('lead@hartlepool.demo', '/visits/file');
  const log = 'hotspot,date,start,end,persons\nNowhere,2023-10-02,18:00,18:15,2\nNowhere,2023-02-30,18:00,18:15,two\n';
  await page.getByLabel('Patrol log', { exact: true }).setInputFiles({ name: 'log.csv', mimeType: 'text/csv', buffer: Buffer.from(log) });
  await page.getByRole('button', { name: 'Send the log' }).click();
  await summary(page).waitFor();
  expect((await summary(page).getByRole('listitem').allInnerTexts()).map((text) => text.slice(0, 22))).toEqual(['Row 2, column "hotspot', 'Row 3, column "date", ', 'Row 3, column "hotspot', 'Row 3, column "persons']);
  expect(await axeFaults(page)).toEqual([]);
});

test('a lead allocates a week, is told a day that is no Monday, and reads why each visit is there', async () => {
  const page = await open('lead@hartlepool.demo', '/allocation');
  await page.getByLabel('Week', { exact: true }).fill('2023-10-03');
  await page.getByRole('button', { name: 'Allocate' }).click();
  await summary(page).waitFor();
  expect(await summary(page).innerText()).toContain('A week starts on a Monday; 2023-10-03 is a Tuesday. Use 2023-10-02.');
  await page.getByLabel('Week', { exact: true }).fill('2023-10-09');
  await page.getByRole('button', { name: 'Allocate' }).click();
  await page.waitForURL(/\/allocation\/[0-9a-f-]{36}$/, { timeout: 90_000 });
  await settled(page);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Week of 9 October 2023');
  const grid = page.getByRole('region', { name: 'Visits of Hartlepool' });
  await grid.getByRole('button').first().click();
  const why = page.getByRole('table', { name: /^Visits and why each is there/ });
  await why.waitFor();
  expect(await why.innerText()).toMatch(/incidents expected; visit 1 prevents/);
  expect(await axeFaults(page)).toEqual([]);
});

test('the grid of a week stays inside a phone', async () => {
  const run = await service.database.db('allocation_run').orderBy('created_at').first();
  const page = await open('manager@opcc.demo', `/allocation/${run.id}`, phone);
  expect(await overflow(page)).toBe(0);
  expect(await axeFaults(page)).toEqual([]);
});

test('a council that has not started reads "not started" in the table of dosage, never 0', async () => {
  const page = await open('manager@opcc.demo', '/dosage?from=2023-10-02&to=2023-10-02&council=E06000003');
  const rows = await page.getByRole('table', { name: /^Person-hours by hotspot and week/ }).locator('tbody tr').allInnerTexts();
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter((row) => !row.includes('not started'))).toEqual([]);
});

test('a manager is refused an odd amount and one past the ceiling, and then commits', async () => {
  const agreement = await service.database.db('agreement').where({ council_code: 'E06000003' }).first();
  const page = await open('manager@opcc.demo', `/agreements/${agreement.id}`);
  const commit = async (amount: string) => {
    await page.getByLabel('Amount', { exact: true }).fill(amount);
    await page.getByRole('button', { name: 'Commit' }).click();
  };
  await page.getByLabel('For', { exact: true }).fill('Radios');
  await page.getByLabel('Effective on').fill('2023-11-01');
  await commit('1,23');
  await summary(page).waitFor();
  expect(await summary(page).innerText()).toContain('"1,23" has a comma in an unusual place');
  await commit('£9,999,999.00');
  await page.getByText('The commitments would pass the agreement’s ceiling.').waitFor();
  expect(await page.getByLabel('Amount', { exact: true }).inputValue()).toBe('£9,999,999.00');
  await commit('£100.10');
  await done(page).waitFor();
  expect(await done(page).innerText()).toContain('Committed £100.10.');
  expect((await service.database.db('agreement').where({ id: agreement.id }).first()).committed_pence).toBe(agreement.committed_pence + 10_010);
  expect(await axeFaults(page)).toEqual([]);
});
