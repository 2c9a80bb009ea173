/** The lead's week, what was delivered, a hotspot's own page, and the allocation asked again: as the people who work there see them. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { settled } from '../support/browser.ts';
import type { TestService } from '../support/database.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import { faultsOf, heading, openScreens, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
beforeAll(async () => {
  service = await startDemonstrationService({ client: await clientRoutes() });
  screens = await openScreens(service);
}, 180_000);
afterAll(async () => {
  await screens?.close();
  await service?.close();
});

test('a council’s lead finds the week first: hours owed, gaps, alerts to answer, money left', async () => {
  const page = await screens.own('lead@hartlepool.demo');
  await page.waitForURL('**/week-board');
  await settled(page);
  expect(await heading(page)).toMatch(/^Week of \d+ November 2023$/);
  const words = await page.locator('.frame__body').innerText();
  for (const label of ['Still owed', 'Planned', 'Delivered', 'Gaps', 'Money left this week']) expect(words).toContain(label);
  expect(words).toContain('an estimate until the hours are claimed');
  expect(await page.getByRole('row').count()).toBeGreaterThan(4);
  expect(await faultsOf(page, 'week-board')).toEqual([]);
  // An alert is answered on the board of the day it stood.
  const alert = await service.database.db('delivery_alert').where({ council_code: 'E06000001' }).whereNull('acknowledged_by').whereNotNull('ended_on').whereRaw('ended_on > raised_on').first();
  if (!alert) throw new Error('The demonstration raised no alert in Hartlepool.');
  await screens.open(page, `/week-board?week=${alert.raised_on}`);
  await page.locator('.alerts').first().waitFor();
  expect(await faultsOf(page, 'week-board-alerts')).toEqual([]);
});

test('planned and delivered: by band, gaps, missed visits, and the cost of a patrol-hour beside its definition', async () => {
  const page = await screens.own('manager@opcc.demo');
  await screens.open(page, '/dosage?from=2023-09-25&to=2024-01-01');
  const words = await page.locator('.frame__body').innerText();
  for (const part of ['By band of the week', 'Gaps over 4 days', 'Missed visits', 'Cost of a patrol-hour', 'A patrol-hour is an hour in which any of a council’s crew']) expect(words).toContain(part);
  expect(words).toMatch(/Verified £ per patrol-hour/);
  expect(await faultsOf(page, 'dosage')).toEqual([]);
});

test('a hotspot’s page: priorities are changed with their days, busy hours, the plan and last visits stand there', async () => {
  const page = await screens.own('lead@hartlepool.demo');
  const { id } = await service.database.db('hotspot').where({ council_code: 'E06000001' }).first();
  await screens.open(page, `/hotspots/${id}`);
  await page.getByRole('heading', { name: 'Priorities' }).waitFor();
  await page.locator('.priority').first().getByText('Change').click();
  await page.getByLabel('Priority 1').fill('Bikes on the green before dusk');
  await page.getByRole('button', { name: 'Keep' }).first().click();
  await page.locator('.priority__words').first().getByText('Bikes on the green before dusk').waitFor();
  const words = await page.locator('.frame__body').innerText();
  for (const part of ['Busy hours', 'Plan', 'Last visits', 'Weeks']) expect(words).toContain(part);
  expect(await faultsOf(page, 'hotspot-patrolled')).toEqual([]);
});

test('sliders plan the week again while they move, and two runs stand side by side', async () => {
  const page = await screens.own('lead@hartlepool.demo');
  await screens.open(page, '/allocation');
  await page.getByRole('button', { name: 'Set side by side' }).click();
  await page.waitForURL('**/allocation/compare?**');
  await settled(page);
  expect(await faultsOf(page, 'allocation-compare')).toEqual([]);
  await screens.open(page, '/allocation');
  expect(await faultsOf(page, 'allocation')).toEqual([]);
  await page.getByRole('link', { name: /\d+ Nov/ }).first().click();
  await page.getByText('What if Hartlepool had other money').click();
  const slider = page.getByLabel(/Money for the week/);
  await slider.fill('100');
  await page.getByText('£1,000.00', { exact: true }).waitFor();
  await page.getByText(/Planned again in/).waitFor();
  expect(await page.locator('.whatif').innerText()).toContain('in the plan in force');
  await page.getByText('What more or less money would prevent in Hartlepool').click();
  expect(await faultsOf(page, 'allocation-run')).toEqual([]);
}, 120_000);
