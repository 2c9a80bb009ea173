/** What is published: on the screens of the office, and on pages that work without script. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { axeFaults, desk, openBrowser, overflow, phone } from '../support/browser.ts';
import type { TestService } from '../support/database.ts';
import { demonstrationNow, startDemonstrationService } from '../support/demonstration.ts';
import { faultsOf, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
let browser: Browser;
beforeAll(async () => {
  service = await startDemonstrationService({ now: () => demonstrationNow, client: await clientRoutes() });
  [screens, browser] = [await openScreens(service), await openBrowser()];
}, 600_000);
afterAll(async () => {
  await browser.close();
  await screens.close();
  await service.close();
});

test.each(['/public', '/public/E06000002', '/public/easy-read', '/public/files', '/public/nowhere'])('%s works without script, at a desk and on a phone', async (path) => {
  for (const viewport of [desk, phone]) {
    const context = await browser.newContext({ viewport, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(service.address + path);
    expect(await page.locator('h1').count()).toBe(1);
    const box = await page.locator('main').boundingBox();
    expect(box?.width ?? 0).toBeLessThanOrEqual(viewport.width);
    await context.close();
    // Axe is a script: looked through in a second window where the page's own rules still hold.
    const checked = await browser.newContext({ viewport });
    const other = await checked.newPage();
    await other.goto(service.address + path);
    expect([path, viewport.width, await overflow(other), await axeFaults(other)]).toEqual([path, viewport.width, 0, []]);
    const folder = process.env['PICTURES'];
    if (folder) await other.screenshot({ path: `${folder}/public${path.replace(/\W+/g, '-')}-${viewport.width}.png`, fullPage: true });
    await checked.close();
  }
});

test('a draft that lacks a reason names the row; with the reason another person releases it', async () => {
  const [manager, finance] = [await screens.own('manager@opcc.demo'), await screens.own('finance@opcc.demo')];
  await screens.open(manager, '/publications');
  expect(await faultsOf(manager, 'publications')).toEqual([]);
  await manager.getByRole('link', { name: 'Items over £500' }).click();
  await manager.getByText('Payment DEMO BACS 1004 of 2023-11-30 to Stockton-on-Tees: its purpose is missing.').waitFor();
  expect(await faultsOf(manager, 'publication with a row missing')).toEqual([]);
  await manager.getByLabel('Row').selectOption({ index: 0 });
  await manager.getByLabel('Purpose').fill('Costs of hotspot patrols');
  await manager.getByLabel('Why it is good value for money').fill('Paid against evidence at agreed rates');
  await press(manager, 'Enter');
  await manager.getByText('another person must release it').waitFor();
  await screens.open(finance, new URL(manager.url()).pathname);
  await finance.getByLabel('I have looked at every row below, and it may go out').check();
  await press(finance, 'Release');
  await finance.getByText('Released. It stands on the public page from now on.').waitFor();
  expect(await faultsOf(finance, 'publication released')).toEqual([]);
});

test('a layer’s level is proposed by one person and approved by another', async () => {
  const [manager, finance] = [await screens.own('manager@opcc.demo'), await screens.own('finance@opcc.demo')];
  await screens.open(manager, '/publications/layers');
  await manager.getByLabel('Layer').selectOption('hotspot_names');
  await manager.getByLabel('public', { exact: true }).check();
  await manager.getByLabel('From').fill('2024-07-01');
  await manager.getByLabel('Why').fill('Announced in June');
  await press(manager, 'Propose');
  await manager.getByText('Announced in June').waitFor();
  expect(await faultsOf(manager, 'layers')).toEqual([]);
  await screens.open(finance, '/publications/layers');
  await press(finance, 'Approve for Names of hotspots');
  await finance.getByText('Announced in June. Proposed by').getByText('approved by').waitFor();
});

test('a figure for the press is copied from a kept return', async () => {
  const manager = await screens.own('manager@opcc.demo');
  await screens.open(manager, '/press-figures');
  const form = manager.locator('form').first();
  for (const [label, value] of [['Told on', '2024-06-20'], ['Told to', 'A newspaper'], ['In these words', 'Hundreds of visits in October'], ['Return of', '2023-10'], ['Version', '1'], ['Field of the return', 'visits']] as const) await form.getByLabel(label, { exact: true }).fill(value);
  await press(manager, 'Copy and keep');
  await manager.getByText('Monthly monitoring return, 2023-10, version 1').waitFor();
  expect(await faultsOf(manager, 'press register')).toEqual([]);
  expect(screens.complaints).toEqual([]);
});
