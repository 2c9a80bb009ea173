/** The return's pages as a grant manager and a council see them, on a desk and on a phone. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { axeFaults, desk, newContext, openBrowser, overflow, phone, settled, signIn } from '../support/browser.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { fillMonth, ids } from '../support/monthFixture.ts';

let service: TestService;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-01-10T12:00:00Z'), client: await clientRoutes() });
  await fillMonth(service.database.db, { demonstration: true });
  browser = await openBrowser();
  context = await newContext(browser, desk);
  page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await signIn(page, service.address, 'manager@opcc.demo');
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function open(path: string): Promise<void> {
  await page.goto(service.address + path);
  await settled(page);
}

const row = (name: string) => page.getByRole('row', { name });

test('the board leads to a month', async () => {
  await open('/returns');
  await page.getByRole('link', { name: 'October 2023' }).click();
  await page.waitForURL('**/returns/2023-10');
  await settled(page);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Monitoring return: October 2023');
});

test('figures, and what is not a figure, stand in the table', async () => {
  await open('/returns/2023-10');
  const esplanade = await row('Esplanade Redcar').first().innerText();
  expect(esplanade).toContain('not started');
  expect(esplanade).toContain('not available');
  expect(await row('Burn Valley Hartlepool').first().innerText()).toContain('4 h 28 min');
  expect(await page.getByText('Patrols not started: Redcar and Cleveland').count()).toBe(1);
});

test('a figure leads to its rows, which add up to it', async () => {
  await open('/returns/2023-10');
  await row('Burn Valley Hartlepool').first().getByRole('link', { name: '4 h 28 min' }).click();
  await page.waitForURL('**/returns/2023-10/rows?*');
  await settled(page);
  expect(await page.getByText('4 rows, 4 h 28 min together').count()).toBe(1);
  expect(await page.locator('tbody tr').count()).toBe(4);
  expect(await page.locator('tfoot').innerText()).toContain('4 h 28 min');
});

test('one figure by its parts is kept in the address', async () => {
  await open('/returns/2023-10');
  await page.getByLabel('Show').selectOption('asb_incidents');
  expect(new URL(page.url()).searchParams.get('show')).toBe('asb_incidents');
  await page.reload();
  await settled(page);
  expect(await page.getByRole('columnheader', { name: 'Street files' }).count()).toBe(2);
});

test('the workbook and the figures can be kept as files, and a version in the service', async () => {
  await open('/returns/2023-10');
  const [workbook] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download workbook' }).click()]);
  expect(workbook.suggestedFilename()).toBe('monitoring-return-2023-10-demonstration-data.xlsx');
  await page.getByRole('button', { name: 'Keep this version' }).click();
  await page.getByText('Version 1 is kept and will not change.').waitFor();
  await settled(page);
  await page.getByRole('button', { name: 'Keep this version' }).click();
  await page.getByText('Version 1 already holds exactly these figures').waitFor();
});

test('a month that cannot be reported says why', async () => {
  await open('/returns/2024-05');
  expect(await page.getByRole('alert').innerText()).toContain('May 2024 has not begun. Choose a month up to January 2024.');
});

const pages = ['/returns', '/returns/2023-10', '/returns/2023-10?show=actions', '/returns/2023-11', `/returns/2023-10/rows?figure=asb_incidents&hotspot=${ids.townCentre}`,
  `/returns/2023-10/rows?figure=patrols&hotspot=${ids.esplanade}`, '/returns/2024-05', '/returns/2023-10/rows?figure=nonsense'];

test.each(pages)('axe finds nothing on %s, and it reflows', async (path) => {
  await open(path);
  expect(await axeFaults(page)).toEqual([]);
  await page.setViewportSize(phone);
  expect(await overflow(page)).toBe(0);
  expect(await axeFaults(page)).toEqual([]);
  await page.setViewportSize(desk);
});

test('a council sees its own hotspots and no button to keep a version', async () => {
  const other = await newContext(browser, desk);
  const own = await other.newPage();
  await signIn(own, service.address, 'lead@hartlepool.demo');
  await own.goto(`${service.address}/returns/2023-10`);
  await settled(own);
  expect(await own.getByText('Town Centre').count()).toBe(0);
  expect(await own.getByRole('button', { name: 'Keep this version' }).count()).toBe(0);
  await other.close();
});

test('nothing failed in the browser but what was meant to', () => {
  expect(complaints.filter((text) => !/status of (404|422)/.test(text))).toEqual([]);
});
