/** A return going out by two people, on a desk and on a phone. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { explainAll } from '../support/collecting.ts';
import { fillMonth } from '../support/monthFixture.ts';
import { faultsOf, openScreens, press, type Screens } from '../support/screens.ts';

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

test('is asked for by one person, certified by another, answered by the funder', async () => {
  const [manager, finance] = [await screens.own('manager@opcc.demo'), await screens.own('finance@opcc.demo')];
  await screens.open(manager, '/returns/2023-10');
  await press(manager, 'Keep this version');
  await manager.getByText('Version 1 is kept and will not change.').waitFor();
  await press(manager, 'Ask for sign-off');
  await manager.getByText('You asked for this sign-off, so another person must certify it.').waitFor();
  expect(await manager.getByLabel('I certify these figures: submit them').count()).toBe(0);

  await screens.open(finance, '/returns/2023-10');
  expect(await faultsOf(finance, 'return to certify')).toEqual([]);
  await press(finance, 'Decide');
  await finance.getByRole('alert').waitFor();
  await finance.getByLabel('I certify these figures: submit them').check();
  // The month changed from nothing, which nobody has explained yet.
  await explainAll(await service.client('manager@opcc.demo'), '2023-10');
  await press(finance, 'Decide');
  await finance.getByText('Version 1 is certified and submitted; it stays as it is for ever.').waitFor();

  await screens.open(manager, '/returns/2023-10');
  await manager.getByLabel('Changes requested').check();
  await manager.getByLabel('Sections').fill('Person-hours, Actions');
  await press(manager, 'Enter the answer');
  await manager.getByText('Say why.').first().waitFor();
  await manager.getByLabel('Reason').fill('Hours by staff category differ');
  await press(manager, 'Enter the answer');
  await manager.getByText('Changes requested: correct, keep a new version, and ask for its sign-off.').waitFor();
  await manager.getByText('(Person-hours, Actions): Hours by staff category differ').waitFor();
  expect(await faultsOf(manager, 'return answered')).toEqual([]);
  expect(screens.complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
});
