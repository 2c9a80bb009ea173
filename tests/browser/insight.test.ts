/** The analyst's four screens as a person uses them: figures, charts and rows that agree, filters in the address, nothing for axe to find. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { axeFaults, desk, newContext, openBrowser, overflow, phone, picture, settled, signIn } from '../support/browser.ts';
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

async function open(path: string, on = page): Promise<void> {
  await on.goto(service.address + path);
  await settled(on);
}

/** Waits as long as a busy machine may take. */
function soon<T>(look: () => T) {
  return expect.poll(look, { timeout: 60_000, interval: 200 });
}
const paths = ['/concentration', '/back-test', '/profile', '/repeats'] as const;

describe.each([['a desk', desk], ['a phone', phone]] as const)('at %s', (name, viewport) => {
  test.each(paths)('%s has its finding, its rows and its sources, and no fault', async (path) => {
    const own = await newContext(browser, viewport);
    const on = await own.newPage();
    await signIn(on, service.address, 'analyst@opcc.demo');
    await open(path, on);
    await soon(() => on.locator('table tbody tr').count()).toBeGreaterThan(5);
    await picture(on, `tests/output/insight${path.replace('/', '-')}-${name.replace('a ', '')}.png`);
    expect(await on.locator('.state--failed').allTextContents()).toEqual([]);
    expect(await on.getByText(/Method version/).count()).toBe(1);
    expect(await on.getByText('How this was made').count()).toBe(1);
    expect(await overflow(on)).toBe(0);
    expect(await axeFaults(on)).toEqual([]);
    await own.close();
  });
});

test('a filter stands in the address and comes back with it', async () => {
  await open('/concentration');
  const finding = page.locator('.frame__body .frame__lead strong');
  await soon(() => finding.textContent()).toContain('half of the');
  const whole = await finding.textContent();
  await page.getByLabel('Council').selectOption({ label: 'Hartlepool' });
  await soon(() => finding.textContent().catch(() => whole)).not.toBe(whole);
  expect(new URL(page.url()).searchParams.get('council')).toBe('E06000001');
  const narrowed = await finding.textContent();
  await page.reload();
  await soon(() => finding.textContent().catch(() => '')).toBe(narrowed);
});

test('a source that knows only the month is refused in words', async () => {
  await open('/profile?source=demonstration-police');
  await soon(() => page.locator('.state--failed').textContent().catch(() => '')).toContain('gives the month of each incident and neither the day nor the hour');
  expect(await page.locator('table').count()).toBe(0);
});

test('a council’s people see their own figures', async () => {
  const own = await newContext(browser, desk);
  const on = await own.newPage();
  await signIn(on, service.address, 'lead@hartlepool.demo');
  await open('/repeats', on);
  await soon(() => on.locator('table tbody tr').count()).toBeGreaterThan(5);
  expect(await on.locator('table').first().textContent()).not.toMatch(/Middlesbrough|Stockton|Redcar/);
  await own.close();
});
