/** Reports on the screen: chosen by a form, kept in the address, the same figures as a file; owner and action entered where they are read. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import type { TestService } from '../support/database.ts';
import { demonstrationNow, startDemonstrationService } from '../support/demonstration.ts';
import { faultsOf, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
beforeAll(async () => {
  service = await startDemonstrationService({ now: () => demonstrationNow, client: await clientRoutes() });
  screens = await openScreens(service);
}, 600_000);
afterAll(async () => {
  await screens.close();
  await service.close();
});

test('the partnership’s quarter is chosen on the page and stands in its address', async () => {
  const manager = await screens.own('manager@opcc.demo');
  await screens.open(manager, '/reports');
  expect(await faultsOf(manager, 'reports')).toEqual([]);
  await manager.getByLabel('First month').fill('2023-10');
  await manager.getByLabel('Last month').fill('2023-12');
  await press(manager, 'Make the report');
  await manager.getByRole('heading', { level: 1, name: 'Hartlepool: community safety performance' }).waitFor();
  expect(new URL(manager.url()).search).toContain('kind=partnership');
  await manager.getByText('More than half').first().waitFor();
  expect(await faultsOf(manager, 'partnership report')).toEqual([]);
  expect(await manager.getByRole('link', { name: 'Workbook' }).getAttribute('href')).toContain('/api/reports/partnership/workbook?');
});

test('a lead enters owner and action in the tasking document', async () => {
  const lead = await screens.own('lead@hartlepool.demo');
  await screens.open(lead, '/reports?kind=tasking&council=E06000001&from=2024-03&to=2024-03');
  await lead.getByText('Red: incidents at least 20% over the mean').waitFor();
  await lead.getByLabel('Owner').fill('Civil enforcement team');
  await lead.getByLabel('Action', { exact: true }).fill('Lighting survey');
  await press(lead, 'Enter');
  await lead.getByRole('cell', { name: 'Lighting survey' }).waitFor();
  expect(await faultsOf(lead, 'tasking document')).toEqual([]);
});

test.each(['ward', 'scrutiny', 'equality'])('the %s report has no fault for axe and fits a phone', async (kind) => {
  const manager = await screens.own('manager@opcc.demo');
  await screens.open(manager, `/reports?kind=${kind}&council=E06000002&from=2024-01&to=2024-03`);
  await manager.getByRole('table').first().waitFor();
  expect(await faultsOf(manager, `${kind} report`)).toEqual([]);
  expect(screens.complaints).toEqual([]);
});
