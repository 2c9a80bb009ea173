/** The data page as an analyst uses it: files in, figures that add up, faults with their cures. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { axeFaults, desk, newContext, openBrowser, overflow, phone, picture, settled, signIn } from '../support/browser.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { folderOf, squareCouncil, streetFile, streetRow } from '../support/imports.ts';

let service: TestService;
let browser: Browser;
let page: Page;
const complaints: string[] = [];
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes() });
  browser = await openBrowser();
  page = await (await newContext(browser, desk)).newPage();
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await signIn(page, service.address, 'analyst@opcc.demo');
});
afterAll(async () => {
  await browser.close();
  await service.close();
});

const folder = folderOf({
  'councils.geojson': squareCouncil,
  'street.csv': streetFile([streetRow(), streetRow(), streetRow({ month: '2023-09', lng: '-1.400000' }), streetRow({ month: '2023-09', lng: '', lat: '' })]),
  'latitude.csv': streetFile([streetRow(), streetRow({ lat: '5460' })]),
});

async function open(): Promise<void> {
  await page.goto(`${service.address}/data`);
  await settled(page);
}

test('an empty service says how to begin', async () => {
  await open();
  expect(await page.getByText('Nothing has been imported yet').count()).toBe(1);
  expect(await page.getByText('Begin with council boundaries').count()).toBe(1);
  expect(await axeFaults(page)).toEqual([]);
});

test('files are sent together; the good ones stand in the tables, the bad one is named with its cure', async () => {
  await open();
  await page.getByLabel('Files').setInputFiles(['councils.geojson', 'street.csv', 'latitude.csv'].map((name) => join(folder, name)));
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const refused = page.getByText('row 3, column Latitude');
  await refused.waitFor({ timeout: 90_000 });
  expect(await refused.innerText()).toContain('A latitude lies between -90 and 90 degrees. Check the decimal point');
  expect(await page.getByText('4 incidents of 2 months, 4 of them anti-social behaviour; 1 outside the area, 1 without a place').first().isVisible()).toBe(true);
  await page.getByText('= 2 in councils + 1 outside + 1 without a place').waitFor();
  expect(await page.getByRole('row', { name: /September 2023 police-uk-cleveland 2 0 1 1/ }).count()).toBe(1);
  expect(await page.getByText('Missing between').first().isVisible()).toBe(true);
  expect(await page.getByRole('cell', { name: 'Aug 2023' }).count()).toBe(1);
  expect(await page.getByText('no hour or weekday is drawn from it').count()).toBe(1);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Everything refused, with its cure (CSV)' }).click();
  expect((await download).suggestedFilename()).toMatch(/^refused-[0-9a-f]{8}\.csv$/);
});

test('axe finds nothing, and the page reflows on a phone', async () => {
  await open();
  expect(await axeFaults(page)).toEqual([]);
  await page.setViewportSize(phone);
  await settled(page);
  expect(await overflow(page)).toBe(0);
  expect(await axeFaults(page)).toEqual([]);
  await page.setViewportSize(desk);
});

test('a council sees what is held and no form', async () => {
  const own = await (await newContext(browser, desk)).newPage();
  await signIn(own, service.address, 'lead@hartlepool.demo');
  await own.goto(`${service.address}/data`);
  await settled(own);
  await own.getByText('= 2 in councils + 0 outside + 0 without a place + 2 not shown to you').waitFor();
  expect(await own.getByLabel('Files').count()).toBe(0);
});

test('nothing was complained about', async () => {
  if (process.env['PICTURES']) {
    await open();
    await picture(page, 'node_modules/.cache/pictures/data.png');
    await page.screenshot({ path: 'node_modules/.cache/pictures/data-full.png', fullPage: true });
    await page.setViewportSize({ width: 390, height: 800 });
    await page.screenshot({ path: 'node_modules/.cache/pictures/data-phone.png', fullPage: true });
  }
  expect(complaints).toEqual([]);
});
