/** What stands around every page on a phone: a page begins on the first screen, and every other page is a touch or a key away. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { phone } from '../support/browser.ts';
import type { TestService } from '../support/database.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import { openScreens, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
let lead: Page;
beforeAll(async () => {
  service = await startDemonstrationService({ client: await clientRoutes() });
  screens = await openScreens(service);
  lead = await screens.own('lead@hartlepool.demo');
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

const top = (page: Page): Promise<number> => page.locator('h1').evaluate((heading) => Math.round(heading.getBoundingClientRect().top));
const toggle = (page: Page) => page.getByRole('navigation', { name: 'Patrols' }).getByRole('button');

test('on a phone the section’s pages are one line, opened and left by keys, and the page begins on the first half of the screen', async () => {
  await lead.setViewportSize(phone);
  await screens.open(lead, '/rotas');
  expect(await top(lead)).toBeLessThan(240);
  expect(await toggle(lead).textContent()).toBe('Patrols: Rotas');
  expect(await lead.getByRole('link', { name: 'Week board' }).isVisible()).toBe(false);
  await toggle(lead).focus();
  await lead.keyboard.press('Enter');
  expect(await toggle(lead).getAttribute('aria-expanded')).toBe('true');
  await lead.keyboard.press('Tab');
  await lead.keyboard.press('Enter');
  await lead.getByRole('heading', { level: 1, name: /^Week of/ }).waitFor();
  expect(await toggle(lead).getAttribute('aria-expanded')).toBe('false');
});

test('at a desk they all stand there without a button', async () => {
  await lead.setViewportSize({ width: 1280, height: 900 });
  await screens.open(lead, '/rotas');
  expect(await toggle(lead).isVisible()).toBe(false);
  expect(await lead.getByRole('navigation', { name: 'Patrols' }).getByRole('link', { name: 'Rounds' }).isVisible()).toBe(true);
});

test.each([['lead@hartlepool.demo', /^Week of/], ['manager@opcc.demo', 'The month’s board'], ['finance@opcc.demo', 'Your work']])('%s begins with the page of the day, and the rest of the work is one link away', async (email, title) => {
  const page = await screens.own(email);
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Your work' }).click();
  await page.getByRole('heading', { name: 'Every screen' }).waitFor();
  expect(await page.locator('h1').textContent()).toBe('Your work');
});

test('on a phone the map comes before its filters', async () => {
  await lead.setViewportSize(phone);
  await screens.open(lead, '/map');
  const from = lead.getByLabel('From', { exact: true });
  expect(await from.isVisible()).toBe(false);
  await lead.getByText('Period, category and source').click();
  expect(await from.isVisible()).toBe(true);
});

test('a table of many rows ends on a phone after twelve, with the rest on request', async () => {
  await screens.open(lead, '/repeats');
  const rows = lead.locator('main tbody tr');
  await rows.first().waitFor();
  expect(await rows.count()).toBe(12);
  await lead.getByRole('button', { name: /^Show all/ }).click();
  expect(await rows.count()).toBeGreaterThan(12);
});

test.each([['/visits', 'Show the 4 weeks to then'], ['/dosage', 'Show the 12 weeks to then']])('%s of days without a visit leads to the last that have some', async (path, words) => {
  await screens.open(lead, path);
  await lead.getByText('The last visit was on 31 March 2024.').waitFor();
  await lead.getByRole('link', { name: words }).click();
  await lead.locator('main .table tbody tr').first().waitFor();
  expect(new URL(lead.url()).searchParams.get('to')).toBe('2024-03-31');
});

test('nothing complained in the console', () => {
  expect(screens.complaints.filter((text) => !text.includes('ERR_NAME_NOT_RESOLVED'))).toEqual([]);
});
