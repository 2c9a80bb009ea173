/** Hours checked on the screen: the lead corrects, the finance officer explains, a second person accepts; and wardens' clearances are kept. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, addWarden, hartlepool, startPatrols, visitOf } from '../support/patrols.ts';
import { addLedger } from '../support/ledger.ts';
import { faultsOf, openScreens, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
let path: string;
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes() });
  const { db } = service.database;
  path = `/agreements/${(await addLedger(db, { ceilingPence: 1_000_000, rate: 2000 })).agreement.id}/hours?from=2023-10-01&to=2023-12-31`;
  await startPatrols(db, hartlepool);
  const hotspotId = await addHotspot(db, { name: 'Riverside' });
  for (const reference of ['W1', 'W2']) await addWarden(db, reference);
  const lead = await service.client('lead@hartlepool.demo');
  const record = (given: object) => lead.post('/api/visits').send(visitOf(hotspotId, { id: randomUUID(), ...given })).expect(200);
  await record({ startedAt: '2023-10-02 18:00', endedAt: '2023-10-02 18:31', wardens: ['W1', 'W2'] });
  await record({ startedAt: '2023-10-03 18:00', endedAt: '2023-10-03 18:30', persons: 1, wardens: ['W2'] });
  await record({ startedAt: '2023-10-03 18:00', endedAt: '2023-10-03 18:30', persons: 2, staffCategory: 'police_officer', patrolReference: 'P-1' });
  screens = await openScreens(service);
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

const body = (page: Page): Promise<string> => page.locator('main').innerText();

test('the lead enters vetting and training of several wardens at once, and changes one', async () => {
  const page = await screens.own('lead@hartlepool.demo');
  await screens.open(page, '/wardens');
  for (const kind of ['Vetting', 'Training']) {
    const entering = page.locator('section').filter({ hasText: 'Vetting and training' }).locator('form').first();
    await entering.getByLabel('W1').check();
    if (kind === 'Training') await entering.getByLabel('W2').check();
    await entering.getByLabel('What').selectOption({ label: kind });
    await entering.getByLabel('First day').fill('2023-07-01');
    await entering.getByRole('button', { name: 'Keep dates' }).click();
    await page.getByText(`Entered ${kind.toLowerCase()} of ${kind === 'Training' ? '2 wardens' : '1 warden'}.`).waitFor();
  }
  expect(await faultsOf(page, 'wardens')).toEqual([]);
});

test('the finance officer sees each refused minute with its reason, and explains one', async () => {
  const page = await screens.own('finance@hartlepool.demo');
  await screens.open(page, path);
  expect(await body(page)).toContain('£10.33');
  expect(await body(page)).toContain('Police officer: the police pay for their own time, on joint patrols too.');
  await page.getByRole('button', { name: '1 visit of Evening at £20.00' }).click();
  await page.getByRole('heading', { name: 'Visits behind evening hours at £20.00' }).waitFor();
  await page.getByRole('button', { name: 'Open not vetted of 2023-10-03, 18:00' }).click();
  await page.getByText('W2: no vetting on 3 October 2023 (none is entered).').last().waitFor();
  expect(await faultsOf(page, 'hours-explain')).toEqual([]);
  await page.getByLabel('Why these minutes should be paid').fill('The certificate was on its way');
  await page.getByRole('button', { name: 'Explain', exact: true }).click();
  await page.getByText('Explained. A second person accepts or declines it.').waitFor();
  await page.getByText('You explained it; somebody else decides.').waitFor();
});

test('a second person accepts it, and it is paid', async () => {
  const page = await screens.own('finance@opcc.demo');
  await screens.open(page, path);
  await page.getByRole('button', { name: 'Open not vetted of 2023-10-03, 18:00' }).click();
  await page.getByLabel('Accept: the minutes are paid').check();
  await page.getByLabel('Why', { exact: true }).fill('Seen by the vetting office');
  expect(await faultsOf(page, 'hours-accept')).toEqual([]);
  await page.getByRole('button', { name: 'Decide', exact: true }).click();
  await page.getByText('Accepted. The minutes are in the lines to be claimed.').waitFor();
  expect(await body(page)).toContain('£20.33');
});

test('the lead corrects a visit instead', async () => {
  const page = await screens.own('lead@hartlepool.demo');
  await screens.open(page, path);
  await page.getByRole('button', { name: 'Open police time of 2023-10-03, 18:00' }).click();
  await page.getByLabel('Staff', { exact: true }).selectOption({ label: 'Council warden' });
  await page.getByLabel('Persons').fill('1');
  await page.getByLabel('Wardens').fill('W1');
  await page.getByLabel('What was wrong').fill('It was a warden, not an officer');
  await page.getByRole('button', { name: 'Correct the visit' }).click();
  await page.getByText('Corrected, and checked anew.').waitFor();
  expect(await body(page)).toContain('£30.33');
  expect(await faultsOf(page, 'hours-corrected')).toEqual([]);
  expect(screens.complaints).toEqual([]);
});
