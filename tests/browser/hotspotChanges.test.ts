/** The agreed set changing on screen: a hotspot moved by keys, its history, a refresh decided, a set tried; at a desk and on a phone. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { settled } from '../support/browser.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';
import { faultsOf, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
let page: Page;
let runId = '';
let hotspotId = '';

beforeAll(async () => {
  service = await startDemonstrationService({ client: await clientRoutes() });
  screens = await openScreens(service);
  page = await screens.own('analyst@opcc.demo');
  const analyst = await service.client('analyst@opcc.demo');
  const { body } = await analyst.post('/api/analyses').send({ from: '2023-07', to: '2024-06' }).expect(200);
  await vi.waitUntil(async () => ['done', 'failed'].includes((await analyst.get(`/api/jobs/${body.jobId}`)).body.state), { timeout: 60_000, interval: 200 });
  runId = (await analyst.get(`/api/jobs/${body.jobId}`)).body.result.analysisId;
  hotspotId = (await service.database.db('hotspot').select('id').orderBy('name').first()).id;
}, 240_000);
afterAll(async () => {
  await screens?.close();
  await service?.close();
});

const open = (path: string): Promise<void> => screens.open(page, path);
function soon<T>(look: () => T) {
  return expect.poll(look, { timeout: 60_000, interval: 200 });
}
const later = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describe('changing a hotspot', () => {
  test('moves it by the handle’s arrow keys, the buttons and the fields, which say the same', async () => {
    await open(`/hotspots/${hotspotId}`);
    await page.getByRole('link', { name: 'Change' }).click();
    await page.waitForURL(/\/change$|\/change\?/);
    await settled(page);
    const handle = page.getByRole('button', { name: /Move the outline with the arrow keys/ });
    await handle.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowUp');
    expect(await page.getByLabel('East by').inputValue()).toBe('10');
    expect(await page.getByLabel('North by').inputValue()).toBe('100');
    await press(page, 'West');
    expect(await page.getByLabel('East by').inputValue()).toBe('-15');
    await page.getByLabel('North by').fill('20');
    await page.getByLabel('North by').press('Tab');
    await page.getByLabel('From').fill(later(1));
    await page.getByLabel('Reason').fill('The shops moved');
    expect(await faultsOf(page, 'hotspot-move')).toEqual([]);
    await press(page, 'Move hotspot');
    await page.waitForURL(new RegExp(`/hotspots/${hotspotId}$`));
    await settled(page);
    await soon(() => page.getByText(/15 m west and 20 m north from/).count()).toBe(1);
    expect(await page.getByRole('table', { name: /^Outlines/ }).locator('tbody tr').count()).toBe(2);
    expect(await faultsOf(page, 'hotspot-history')).toEqual([]);
  });

  test('is split by a line that is slid on the map and typed, which say the same', async () => {
    await open(`/hotspots/${hotspotId}/change?do=split`);
    const handle = page.getByRole('button', { name: /Slide the line with the arrow keys/ });
    await handle.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    expect(await page.getByLabel('Beside the middle by').inputValue()).toBe('10');
    const before = (await handle.boundingBox())!;
    await page.getByLabel('Beside the middle by').fill('60');
    await page.getByLabel('Beside the middle by').press('Tab');
    await soon(async () => (await handle.boundingBox())!.x).toBeGreaterThan(before.x + 5);
    expect((await handle.boundingBox())!.y).toBeCloseTo(before.y, 0);
    await page.getByLabel('from west to east').check();
    await soon(async () => (await handle.boundingBox())!.y).toBeLessThan(before.y - 5);
    expect(await faultsOf(page, 'hotspot-split')).toEqual([]);
  });

  test('is dragged on the map too, and told what speaks against a place', async () => {
    await open(`/hotspots/${hotspotId}/change`);
    const box = (await page.getByRole('button', { name: /Move the outline/ }).boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 60, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    expect(Number(await page.getByLabel('East by').inputValue())).toBeGreaterThan(20);
    await page.getByLabel('East by').fill('4800');
    await page.getByLabel('North by').fill('4800');
    await page.getByLabel('North by').press('Tab');
    await soon(() => page.getByText(/would lie outside|would share ground/).count()).toBe(1);
  });

  test.each(['Split', 'Merge', 'Rename', 'Pause', 'Retire'])('%s has its form, and refuses it empty beside its fields', async (what) => {
    await open(`/hotspots/${hotspotId}/change?do=${what.toLowerCase()}`);
    await page.locator('form button[type=submit]').click();
    await soon(() => page.locator('.govuk-error-summary').innerText()).toContain('Enter reason');
    expect(await faultsOf(page, `hotspot-${what}`)).toEqual([]);
  });

  test('pauses it', async () => {
    await open(`/hotspots/${hotspotId}/change?do=pause`);
    await page.getByLabel('Paused from').fill(later(2));
    await page.getByLabel('Reason').fill('Road works');
    await press(page, 'Pause hotspot');
    await page.waitForURL(new RegExp(`/hotspots/${hotspotId}$`));
    await soon(() => page.getByText(/until further notice: Road works/).count()).toBe(1);
    expect(await service.database.db('hotspot_pause').where({ hotspot_id: hotspotId, paused_from: later(2) }).count('* as n').first()).toEqual({ n: 1 });
  });
});

describe('a refresh', () => {
  test('lays the run beside the agreed set, and nothing changes before it is confirmed', async () => {
    await open('/refreshes');
    expect(await faultsOf(page, 'refreshes')).toEqual([]);
    await open(`/analysis/${runId}/refresh`);
    expect(await page.locator('.frame__lead').innerText()).toMatch(/^Of 19 agreed hotspots \d+ still hold, \d+ have shifted and \d+ no longer hold; \d+ candidates are new\. Nothing changes until you confirm\.$/);
    const rows = page.getByRole('table', { name: /^Places/ }).locator('tbody tr');
    await rows.filter({ hasText: 'New' }).first().getByRole('button').click();
    await page.getByLabel('Decision', { exact: true }).selectOption({ label: 'adopt' });
    await page.getByLabel('Name', { exact: true }).fill('Found at the refresh');
    await page.getByLabel('Name', { exact: true }).press('Tab');
    await press(page, 'Keep all that hold');
    expect(await faultsOf(page, 'refresh')).toEqual([]);
    const before = await service.database.db('hotspot').count('* as n').first();
    expect(before).toEqual({ n: 19 });
    await press(page, 'Confirm decisions');
    await soon(() => page.locator('.govuk-error-summary').innerText()).toContain('Enter the day the decisions hold from');
    await page.getByLabel('Holds from').fill(later(3));
    await page.locator('form').getByLabel('Reason', { exact: true }).fill('Quarterly refresh');
    await press(page, 'Confirm decisions');
    await soon(() => page.getByText(/1 adopted, 0 retired, 0 replaced/).count()).toBe(1);
    expect(await service.database.db('hotspot').where({ name: 'Found at the refresh' }).count('* as n').first()).toEqual({ n: 1 });
    await open('/refreshes');
    await page.locator('summary').filter({ hasText: 'decisions' }).click();
    await soon(() => page.getByRole('link', { name: 'Found at the refresh' }).count()).toBe(1);
    expect(await faultsOf(page, 'refreshes-confirmed')).toEqual([]);
  });
});

describe('a trial', () => {
  test('scores the best candidates on a year, with intervals and a warning where they were chosen on it', async () => {
    await open(`/analysis/${runId}/trial`);
    await press(page, 'Try');
    await soon(() => page.getByText(/places, [\d.]+% of the area, would have caught/).count()).toBe(1);
    expect(await page.getByText(/was chosen on 12 of these months/).count()).toBe(1);
    expect(await page.getByRole('table', { name: /^Scores/ }).locator('tbody tr').count()).toBe(6);
    expect(await faultsOf(page, 'trial')).toEqual([]);
    expect(screens.complaints.filter((words) => !words.includes('422') && !words.includes('409'))).toEqual([]);
  });
});
