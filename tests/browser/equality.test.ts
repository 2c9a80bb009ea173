/** The equality record, kept by the office and filled in by a council, on a desk and on a phone; and the page for partners before anything was released. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { faultsOf, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-02-10T12:00:00Z'), client: await clientRoutes() });
  await service.database.db('warden').insert({ id: randomUUID(), council_code: 'E06000001', reference: 'H1', staff_category: 'warden', employed_from: '2023-07-01', contract_minutes_per_week: 2220 });
  screens = await openScreens(service);
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

test('an action is added, is overdue, and is done only with its evidence', async () => {
  const page = await screens.own('manager@opcc.demo');
  await screens.open(page, '/equality');
  await page.getByLabel('What is to be done').fill('Briefing pack for patrols');
  await page.getByLabel('What it comes from').fill('Equality impact assessment, action 2');
  await page.getByLabel('Owner').fill('Councils’ patrol leads');
  await page.getByLabel('Due on').fill('2024-01-31');
  await press(page, 'Add the action');
  await page.getByText('overdue', { exact: true }).waitFor();
  expect(await faultsOf(page, 'equality')).toEqual([]);
  await page.getByRole('button', { name: 'Enter a step of Briefing pack for patrols' }).click();
  await page.getByLabel('done', { exact: true }).check();
  await press(page, 'Enter the step');
  await page.getByText('Say what shows that it is done: being written in an agreement is not.').first().waitFor();
  await page.getByLabel('Evidence').fill('Version 1 of the pack, read by all');
  await press(page, 'Enter the step');
  await page.getByText('Version 1 of the pack, read by all').waitFor();
});

test('a council records training by reference', async () => {
  const page = await screens.own('lead@hartlepool.demo');
  await screens.open(page, '/equality');
  await page.getByLabel('Warden').selectOption({ label: 'H1' });
  await page.getByLabel('Topic').selectOption({ label: 'Translation services' });
  await page.getByLabel('Trained on').fill('2023-08-01');
  await press(page, 'Record');
  await page.getByText('The training is recorded.').waitFor();
  await page.getByText('1 Aug 2023').first().waitFor();
  expect(await faultsOf(page, 'equality, council')).toEqual([]);
});

test('partners are told that nothing was released yet', async () => {
  const page = await screens.own('lead@hartlepool.demo');
  await screens.open(page, '/partners');
  await page.getByText('Nothing was released to partners yet').waitFor();
  expect(await faultsOf(page, 'partners')).toEqual([]);
});
