/** The lists that money is kept by, changed by a grant manager and read by a council. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { faultsOf, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes() });
  screens = await openScreens(service);
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

test('a cost is put on the list and taken off, a rule changed, and a council only reads', async () => {
  const [manager, lead] = [await screens.own('manager@opcc.demo'), await screens.own('lead@hartlepool.demo')];
  await screens.open(manager, '/money-lists');
  const costs = manager.locator('section').filter({ has: manager.getByRole('heading', { name: 'Costs never claimed' }) });
  await costs.getByLabel('Cost', { exact: true }).fill('Parking fines of patrol vehicles');
  await costs.getByLabel('Source').fill('Agreement, schedule 2');
  await press(manager, 'Add cost');
  await manager.getByText('The cost is on the list.').waitFor();
  await costs.getByLabel('Cost to take off').selectOption({ label: 'Parking fines of patrol vehicles' });
  await costs.getByLabel('From this day').fill('2099-01-01');
  await costs.getByLabel('Why').fill('Paid by the council');
  await press(manager, 'Take it off');
  await manager.getByText('The cost comes off the list that day.').waitFor();
  expect(await costs.getByRole('row', { name: /Parking fines/ }).innerText()).toContain('1 Jan 2099');
  const rules = manager.locator('section').filter({ has: manager.getByRole('heading', { name: 'How long records are kept' }) });
  await rules.getByLabel('Records', { exact: true }).selectOption({ label: 'Asset register' });
  await rules.getByLabel('Kept for', { exact: true }).fill('8');
  await rules.getByLabel('Unit', { exact: true }).selectOption('years');
  await rules.getByLabel('Source', { exact: true }).fill('Office policy');
  await rules.getByLabel('Why', { exact: true }).fill('Asked by audit');
  await press(manager, 'Change the rule');
  await manager.getByText('The rule holds from that day.').waitFor();
  expect(await faultsOf(manager, 'money-lists')).toEqual([]);
  await screens.open(lead, '/money-lists');
  expect(await lead.getByRole('button', { name: 'Add cost' }).count()).toBe(0);
  expect(await faultsOf(lead, 'money-lists-council')).toEqual([]);
  expect(screens.complaints).toEqual([]);
});
