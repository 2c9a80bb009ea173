/** The analyst's way from the map to an agreed hotspot, as a person does it. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { axeFaults, desk, newContext, openBrowser, settled, signIn } from '../support/browser.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';

let service: TestService;
let browser: Browser;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  service = await startDemonstrationService({ client: await clientRoutes() });
  browser = await openBrowser();
  context = await newContext(browser, desk);
  page = await context.newPage();
  await signIn(page, service.address, 'analyst@opcc.demo');
});
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

async function open(path: string): Promise<void> {
  await page.goto(service.address + path);
  await settled(page);
}

/** Waits as long as a busy machine may take. */
function soon<T>(look: () => T) {
  return expect.poll(look, { timeout: 30_000, interval: 100 });
}

const cellRows = () => page.getByRole('table', { name: /^Cells/ }).locator('tbody tr');

describe('the map', () => {
  test('keeps its filters in the address, and says how its counts add up', async () => {
    await open('/map');
    await soon(() => cellRows().count()).toBeGreaterThan(50);
    const status = page.locator('.mapframe__note');
    const before = await status.innerText();
    expect(before).toMatch(/^[\d,]+ incidents = [\d,]+ on the map \+ \d+ outside it \+ \d+ without a place\. Cells of resolution 8\./);
    await page.getByLabel('Council', { exact: true }).selectOption({ label: 'Hartlepool' });
    await soon(() => status.innerText()).not.toBe(before);
    await page.getByLabel('From').selectOption({ label: 'January 2024' });
    await soon(() => page.url()).toMatch(/council=E06000001.*from=2024-01|from=2024-01.*council=E06000001/);
    await soon(async () => (await page.getByRole('table', { name: /^Cells/ }).innerText()).includes('January 2024 to June 2024')).toBe(true);
    await page.reload();
    await settled(page);
    await soon(() => page.getByLabel('Council', { exact: true }).inputValue()).toBe('E06000001');
    await soon(async () => (await cellRows().allInnerTexts()).every((row) => row.includes('Hartlepool'))).toBe(true);
    expect(await axeFaults(page)).toEqual([]);
  });

  test('and its table choose the same cell', async () => {
    await open('/map?council=E06000001');
    await soon(() => cellRows().count()).toBeGreaterThan(10);
    const third = cellRows().nth(2);
    // The table may be drawn anew between the look and the click, while the map's rows still come.
    await soon(async () => {
      if ((await third.getByRole('button').getAttribute('aria-pressed')) !== 'true') await third.getByRole('button').click({ timeout: 5000 });
      return third.getByRole('button').getAttribute('aria-pressed');
    }).toBe('true');
    // The other way: a click on the middle of the canvas chooses the cell there, if there is one.
    await page.keyboard.press('Escape');
    const box = (await page.locator('.leaflet-container').boundingBox())!;
    const pressed = () => page.locator('tbody [aria-pressed="true"]').count();
    for (let step = 0; step < 12 && (step === 0 || (await pressed()) !== 1 || (await third.getByRole('button').getAttribute('aria-pressed')) === 'true'); step++) {
      await page.mouse.click(box.x + box.width * (0.35 + 0.03 * step), box.y + box.height * (0.4 + 0.02 * step));
      await page.waitForTimeout(300);
    }
    await soon(() => third.getByRole('button').getAttribute('aria-pressed')).toBe('false');
    expect(await pressed()).toBe(1);
  });

  test('shows layers when asked, without the others', async () => {
    await open('/map?layers=none');
    await soon(() => cellRows().count()).toBeGreaterThan(10);
    expect(await page.getByRole('table', { name: /^Agreed hotspots/ }).count()).toBe(0);
    await page.getByLabel('Density contours').check();
    await soon(() => page.locator('.legend').innerText()).toContain('Density of 25, 75, 200, 500 (250 m)');
    await page.getByLabel('Bandwidth').selectOption({ label: '500 m' });
    await soon(() => page.locator('.legend').innerText()).toContain('(500 m)');
    await page.getByLabel('Agreed hotspots').check();
    await soon(() => page.getByRole('table', { name: /^Agreed hotspots/ }).locator('tbody tr').count()).toBe(19);
    expect(page.url()).toContain('layers=contours,hotspots');
  });

  test('says what failed and what to do, and what has no rows', async () => {
    await open('/map?from=2030-01&to=2030-02');
    await soon(() => page.locator('.state--failed').innerText()).toContain('There is no data for 2030-01 to 2030-02. Months held: 2021-07 to 2024-06.');
    expect(await axeFaults(page)).toEqual([]);
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Try again' }).click();
    await soon(() => page.locator('.state--failed').innerText()).toContain('The service could not be reached.');
    await context.setOffline(false);
  });
});

describe('an analysis', () => {
  test('is run with what was chosen, opens at its end, and a candidate of it becomes a hotspot', async () => {
    await open('/analysis');
    await page.getByLabel('Council', { exact: true }).selectOption({ label: 'Stockton-on-Tees' });
    await page.getByLabel('To').selectOption({ label: 'March 2024' });
    await page.getByRole('button', { name: 'Analyse' }).click();
    await page.waitForURL(/\/analysis\/[0-9a-f-]{36}$/, { timeout: 60_000 });
    await settled(page);
    expect(await page.locator('.frame__lead').innerText()).toMatch(/^[\d,]+ incidents = [\d,]+ in the study area \+ [\d,]+ outside it \+ \d+ without a place\./);
    const candidates = page.getByRole('table', { name: /^Candidates/ }).locator('tbody tr');
    const free = candidates.filter({ hasNotText: 'agreed' }).first();
    await free.getByRole('button').click();
    await soon(() => page.getByLabel('Name').inputValue()).not.toBe('');
    const name = await page.getByLabel('Name').inputValue();
    await page.getByRole('button', { name: 'Adopt hotspot' }).click();
    expect(await page.locator('.govuk-error-summary').innerText()).toContain('Enter first day it is patrolled');
    await page.getByLabel('First day it is patrolled').fill('2024-04-01');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Adopt hotspot' }).click();
    await page.getByRole('status').getByRole('link', { name }).click();
    await page.waitForURL(/\/hotspots\//);
    await settled(page);
    expect(await page.locator('h1').innerText()).toBe(name);
    await soon(() => page.getByText('regression to the mean').count()).toBe(1);
  });

  test('refuses a period the wrong way round beside the form, with what was chosen kept', async () => {
    await open('/analysis');
    await page.getByLabel('From').selectOption({ label: 'May 2024' });
    await page.getByLabel('To').selectOption({ label: 'April 2024' });
    await page.getByRole('button', { name: 'Analyse' }).click();
    await soon(() => page.locator('.govuk-error-summary').innerText()).toContain('2024-05 is after 2024-04.');
    expect(await page.getByLabel('From').inputValue()).toBe('2024-05');
  });
});

describe('a hotspot', () => {
  test('is retired with a reason, and no name can carry a script', async () => {
    const { db } = service.database;
    const [first] = await db('hotspot').select('id').orderBy('name').limit(1);
    await db('hotspot').where({ id: first!.id }).update({ name: '<img src=x onerror="window.broken=1">' });
    await open(`/hotspots/${first!.id}`);
    await open('/hotspots');
    await open('/map?box=-1.3,54.6,-1.1,54.72');
    await page.waitForTimeout(1500);
    expect(await page.evaluate(() => 'broken' in globalThis)).toBe(false);
    await open(`/hotspots/${first!.id}`);
    expect(await page.locator('h1').innerText()).toBe('<img src=x onerror="window.broken=1">');
    await page.getByRole('link', { name: 'Change' }).click();
    await page.waitForURL(/\/change/);
    await settled(page);
    await page.getByRole('button', { name: 'Retire', exact: true }).click();
    await page.getByLabel('First day it is no longer patrolled').fill('2024-06-01');
    await page.getByLabel('Reason').fill('Replaced at the refresh');
    await page.getByRole('button', { name: 'Retire hotspot' }).click();
    await soon(() => page.locator('.frame__lead').innerText()).toContain('Retired');
    expect(await page.getByText('1 June 2024: Replaced at the refresh').count()).toBe(1);
  });
});
