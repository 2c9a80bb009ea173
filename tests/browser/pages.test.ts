/** Every screen there is, as the people who use it: nothing for axe to find, nothing wider than a phone, and the README's picture. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pages } from '../../client/pages/index.ts';
import { clientRoutes } from '../../server/client.ts';
import { may, type Role } from '../../server/permissions.ts';
import { axeFaults, desk, newContext, openBrowser, overflow, phone, picture, settled, signIn } from '../support/browser.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';

let service: TestService;
let browser: Browser;
beforeAll(async () => {
  service = await startDemonstrationService({ client: await clientRoutes() });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

const people: readonly [string, Role][] = [
  ['manager@opcc.demo', 'grant_manager'], ['analyst@opcc.demo', 'analyst'], ['auditor@opcc.demo', 'auditor'], ['admin@opcc.demo', 'administrator'],
  ['lead@hartlepool.demo', 'council_lead'], ['warden@hartlepool.demo', 'warden'],
];

/** Paths with a parameter are opened with the first thing of their kind. */
async function addressOf(path: string): Promise<string> {
  const { db } = service.database;
  const ids: Record<string, () => Promise<string | undefined>> = {
    '/hotspots/:id': async () => (await db('hotspot').where({ council_code: 'E06000001' }).first())?.id,
    '/analysis/:id': async () => (await db('analysis_run').first())?.id,
    '/agreements/:id': async () => (await db('agreement').where({ council_code: 'E06000001' }).first())?.id,
    '/allocation/:id': async () => (await db('allocation_run').first())?.id,
    '/agreements/:id/terms': async () => (await db('agreement').where({ council_code: 'E06000001' }).first())?.id,
    '/agreements/:id/variations/new': async () => (await db('agreement').where({ council_code: 'E06000001' }).first())?.id,
    '/agreements/:id/ledger': async () => (await db('agreement').where({ council_code: 'E06000001' }).first())?.id,
    '/agreements/:id/claims': async () => (await db('agreement').where({ council_code: 'E06000001' }).first())?.id,
    '/claims/:id': async () => (await db('claim').whereIn('agreement_id', db('agreement').select('id').where({ council_code: 'E06000001' })).orderBy('number').first())?.id,
    '/variations/:id': async () => (await db('variation').first())?.id,
    '/variations/:id/change': async () => (await db('variation').first())?.id,
    '/funds/:id': async () => (await db('fund').first())?.id,
    '/wardens/:id': async () => (await db('warden').where({ council_code: 'E06000001' }).first())?.id,
    '/rotas/:id': async () => (await db('rota').where({ council_code: 'E06000001' }).first())?.id,
    '/publications/:id': async () => (await db('publication').first())?.id,
    '/people/:id': async () => (await db('person').first())?.id,
  };
  const kind = Object.keys(ids).sort((a, b) => b.length - a.length).find((each) => path === each || path.startsWith(`${each}/`));
  const id = (kind && (await ids[kind]?.())) ?? '';
  return `${path.replace(':id', id).replace(':month', '2023-10').replace(':council', 'E06000001').replace(':code', 'home_office_monthly')}${path.endsWith('/rows') ? '?figure=patrols' : ''}`;
}

async function faultsOn(page: Page, path: string): Promise<string[]> {
  const thrown: string[] = [];
  const note = (error: Error): number => thrown.push(`${path}: ${error.message}`);
  page.on('pageerror', note);
  await page.goto(service.address + (await addressOf(path)));
  // The page of components shows a bar that never ends.
  await (path === '/styles' ? page.waitForSelector('h1') : settled(page));
  const failed = path === '/styles' ? [] : await page.locator('.state--failed').allTextContents();
  const wide = await overflow(page);
  const axe = await axeFaults(page);
  page.off('pageerror', note);
  return [...thrown, ...failed.map((text) => `${path}: ${text}`), ...(wide > 0 ? [`${path}: ${wide} px too wide`] : []), ...axe.map((fault) => `${path}: ${fault.rule} at ${fault.where}`)];
}

/** Each page once, as the first of these people who may open it; the first page as everybody. */
function pagesOf(email: string, role: Role): typeof pages {
  const before = people.slice(0, people.findIndex(([each]) => each === email)).map(([, each]) => each);
  return pages.filter(({ path, allow }) => {
    if (path.startsWith('/sign-in') || path.startsWith('/welcome')) return false;
    return path === '/' || (may([role], allow) && !before.some((each) => may([each], allow)));
  });
}

describe.each(people)('%s', (email, role) => {
  test.each([['a desk', desk], ['a phone', phone]])('finds nothing wrong on any page at %s', async (_name, viewport) => {
    const context: BrowserContext = await newContext(browser, viewport);
    const page = await context.newPage();
    await signIn(page, service.address, email);
    const faults: string[] = [];
    for (const entry of pagesOf(email, role)) faults.push(...(await faultsOn(page, entry.path)));
    await context.close();
    expect(faults).toEqual([]);
  }, 600_000);
});

test('the map shows cells beside the same rows, and its picture is the README’s', async () => {
  const context = await newContext(browser, desk);
  const page = await context.newPage();
  await signIn(page, service.address, 'analyst@opcc.demo');
  await page.goto(`${service.address}/map`);
  await settled(page);
  await expect.poll(() => page.locator('table tbody tr').count(), { timeout: 30_000 }).toBeGreaterThan(20);
  await page.waitForTimeout(1000);
  await picture(page, process.env['KEEP_PICTURE'] ? 'docs/map.png' : 'tests/output/map.png');
  expect(await page.locator('.leaflet-container canvas').count()).toBeGreaterThan(0);
  await context.close();
});

test('every screen says that the data is for demonstration', async () => {
  const context = await newContext(browser, phone);
  const page = await context.newPage();
  await signIn(page, service.address, 'manager@opcc.demo');
  for (const path of ['/', '/map', '/returns']) {
    await page.goto(service.address + path);
    await settled(page);
    expect(await page.getByText(/demonstration data/i).count(), path).toBeGreaterThan(0);
  }
  await context.close();
});
