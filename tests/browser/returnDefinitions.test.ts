/** Definitions, versions and downloads as a grant manager meets them, on a desk and on a phone. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { funderTemplate } from '../support/funderTemplate.ts';
import { fillMonth, ids } from '../support/monthFixture.ts';
import { faultsOf, heading, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-01-10T12:00:00Z'), client: await clientRoutes() });
  await fillMonth(service.database.db, { demonstration: true });
  screens = await openScreens(service);
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

test('a definition is tried with a fault, cured, tried and kept from a day on, with its template mapped', async () => {
  const page = await screens.own('manager@opcc.demo');
  await screens.open(page, '/return-definitions');
  expect(await faultsOf(page, 'definitions')).toEqual([]);
  await page.getByRole('link', { name: 'Monthly monitoring return' }).click();
  await page.getByText('Add a template', { exact: true }).click();
  await page.getByLabel('What the template is').fill('Monitoring form');
  await page.getByLabel('The blank workbook').setInputFiles({ name: 'form.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: await funderTemplate() });
  await press(page, 'Add the template');
  await page.getByText('“Monitoring form” is kept.').waitFor();
  expect(await faultsOf(page, 'definition')).toEqual([]);

  await page.getByRole('link', { name: 'Make a new version' }).click();
  await press(page, 'Add a field');
  const row = page.locator('table.rows__grid').first().locator('tbody tr').last();
  await row.getByLabel(/^Field,/).fill('Minutes a visit');
  await row.getByLabel(/^Code,/).fill('minutes_a_visit');
  await row.getByLabel(/^Formula,/).fill('person_minuts / visits');
  await row.getByLabel(/^Definition,/).fill('Person-minutes by visit.');
  await row.getByLabel(/^Basis,/).fill('Inferred');
  await page.getByLabel('The funder’s template').selectOption({ label: 'Monitoring form' });
  await press(page, 'Map a cell');
  await page.getByLabel(/^Cell,/).fill('Monthly return!C14');
  await page.getByLabel(/^What,/).fill('visits');
  await page.getByLabel('Month to try it on').fill('2023-10');
  await press(page, 'Go on');
  await page.getByText('At character 1, “person_minuts”: there is no such field or measure. Did you mean person_minutes?').waitFor();
  await page.getByText('The cell holds a formula of the template').waitFor();
  expect(await faultsOf(page, 'definition with faults')).toEqual([]);
  await row.getByLabel(/^Formula,/).fill('person_minutes / visits');
  await page.getByLabel(/^Cell,/).fill('Monthly return!C8');
  await press(page, 'Go on');
  await page.getByText('differ from version 1.').waitFor();
  await page.getByText('All 1 mapped cells are in the template and may be filled.').waitFor();
  await page.getByLabel('Keep it as a new version').check();
  await page.getByLabel('First day of the new version').fill('2023-10-01');
  await page.getByLabel('Why').fill('The funder issued its form');
  await press(page, 'Go on');
  await page.getByText('Definition, version 1').or(page.getByText('Definition, version 2')).waitFor();
  await page.getByText('The funder issued its form').waitFor();
  await screens.open(page, '/returns/2023-10');
  await page.getByText('The funder’s template: Monitoring form').waitFor();
  expect(await faultsOf(page, 'return with downloads')).toEqual([]);
});

test('versions are laid beside each other, and each figure leads to its rows as they were', async () => {
  const client = await service.client('manager@opcc.demo');
  await client.post('/api/returns/2023-10/versions').send({}).expect(200);
  await service.database.db('visit').where({ hotspot_id: ids.highStreet, started_at: '2023-10-10T09:00Z' }).update({ persons: 2 });
  await client.post('/api/returns/2023-10/versions').send({}).expect(200);
  const page = await screens.own('manager@opcc.demo');
  await screens.open(page, '/returns/2023-10/versions?from=1&to=2');
  expect(await heading(page)).toBe('Versions compared');
  await page.getByText('Version 1: Made again from the rows it was counted from, it has the same hash.').waitFor();
  expect(await faultsOf(page, 'versions compared')).toEqual([]);
  await page.getByRole('link', { name: '4 h 0 min' }).first().click();
  await page.getByText('Rows behind a figure').waitFor();
  expect(page.url()).toContain('version=1');
  await screens.open(page, '/returns/2023-10/versions?from=2&to=2');
  await page.getByText(/figures and everything around them are the same/).waitFor();
  expect(screens.complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
});

test('another return than the monthly one opens from the tabs, its formula leading to its figures', async () => {
  const { db } = service.database;
  await db('fund').insert({ id: '00000000-0000-4000-8000-0000000000f1', name: 'F', funder: 'Home Office', award_pence: 100_000_00, starts_on: '2023-07-01', ends_on: '2024-03-31', purpose: 'x' });
  await db('agreement').insert({ id: randomUUID(), fund_id: '00000000-0000-4000-8000-0000000000f1', council_code: 'E06000001', reference: 'A-1', ceiling_pence: 50_000_00, starts_on: '2023-07-01', ends_on: '2024-03-31', state: 'live', productive_ratio: 0.8 });
  const page = await screens.own('manager@opcc.demo');
  await screens.open(page, '/returns');
  await page.getByRole('link', { name: 'Quarterly financial claim' }).click();
  await page.getByRole('link', { name: 'October 2023' }).click();
  await page.getByRole('heading', { level: 1, name: /Quarterly financial claim: October 2023 to December 2023/ }).waitFor();
  expect(await faultsOf(page, 'quarterly claim')).toEqual([]);
  await screens.open(page, '/returns/2023-10/rows?figure=actual&definition=quarterly_claim');
  await page.getByText('Figures it was worked from').waitFor();
  expect(await faultsOf(page, 'formula')).toEqual([]);
});
