/** The desk's side of what is recorded: a visit corrected and withdrawn, missed visits, and the lists of the phone page. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { settled } from '../support/browser.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, addWarden, hartlepool, startPatrols, visitOf } from '../support/patrols.ts';
import { faultsOf, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
let hotspot: string;
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes(), now: () => new Date('2023-10-06T12:00:00Z') });
  const { db } = service.database;
  hotspot = await addHotspot(db, { name: 'York Road' });
  await addWarden(db, 'H-01');
  await startPatrols(db, hartlepool);
  screens = await openScreens(service);
});
afterAll(async () => {
  await screens?.close();
  await service?.close();
});

const done = (page: Page) => page.locator('.note--good');

test('the lead corrects a visit with a reason, reads what it was, and withdraws it', async () => {
  const warden = await service.client('warden@hartlepool.demo');
  const { body } = await warden.post('/api/visits').send(visitOf(hotspot, { recordedHow: 'nfc', wardens: ['H-01'], actions: [{ code: 'informal_warning', n: 2 }] })).expect(200);
  const page = await screens.own('lead@hartlepool.demo');
  await screens.open(page, '/visits?from=2023-10-01&to=2023-10-06');
  await page.getByRole('link', { name: 'York Road' }).click();
  await settled(page);
  expect(await page.getByLabel('Arrived').inputValue()).toBe('2023-10-02 18:00 BST');
  await page.getByLabel('Informal warnings').fill('3');
  await page.getByLabel('Left').fill('2023-10-02 18:25');
  await press(page, 'Correct the visit');
  await page.locator('.govuk-error-summary').waitFor();
  await page.getByLabel('Why it is corrected').fill('Ten minutes longer, by the notebook');
  await press(page, 'Correct the visit');
  await done(page).waitFor();
  const history = await page.locator('.reasons').innerText();
  expect(history).toContain('Ten minutes longer, by the notebook');
  expect(history).toContain('Actions: informal warning 2 → informal warning 3');
  expect(history).toContain('Evidence: class B → class D');
  expect(await faultsOf(page, 'visit-corrected')).toEqual([]);
  await page.getByLabel('Why it is withdrawn').fill('Made up for practice');
  await press(page, 'Withdraw the visit');
  await page.getByText('This visit was withdrawn. It counts nowhere').waitFor();
  expect(await service.database.db('visit').where({ id: body.visit.id })).toEqual([]);
  await screens.open(page, '/visits/changes?from=2020-01-01&to=2099-01-01');
  expect(await page.locator('tbody tr').allInnerTexts()).toHaveLength(2);
  expect(await faultsOf(page, 'visit-changes')).toEqual([]);
});

test('missed visits add up, and one entered by mistake is withdrawn', async () => {
  const page = await screens.own('lead@hartlepool.demo');
  await screens.open(page, '/visits/missed?from=2023-10-01&to=2023-10-06');
  await page.getByLabel('Hotspot', { exact: true }).selectOption({ label: 'York Road' });
  await page.getByLabel('Day', { exact: true }).fill('2023-10-03');
  await page.getByLabel('Band', { exact: true }).selectOption({ label: '16–20' });
  await page.getByLabel('Visits missed', { exact: true }).fill('2');
  await page.getByLabel('Reason', { exact: true }).selectOption({ label: 'Weather' });
  await press(page, 'Record as missed');
  await done(page).waitFor();
  await settled(page);
  expect(await page.getByRole('table', { name: /^By reason/ }).innerText()).toMatch(/Weather\s+2/);
  expect(await faultsOf(page, 'missed-visits')).toEqual([]);
  await page.getByRole('table', { name: /^Missed visits/ }).getByRole('button', { name: '3 Oct 2023' }).click();
  await page.getByLabel('Why it is withdrawn').fill('They went after all');
  await press(page, 'Withdraw');
  await page.getByText('No missed visit in these days').waitFor();
});

test('the lead enters a device and a youth service; the phone shows them', async () => {
  const page = await screens.own('lead@hartlepool.demo');
  await screens.open(page, '/phone-lists');
  await page.getByLabel('Product').fill('A certified device (BS 8484)');
  await page.getByLabel('Device id').fill('4471');
  await page.getByLabel('Alarm centre’s number').fill('01632 960000');
  await page.getByLabel('First day').last().fill('2023-10-01');
  await press(page, 'Add the device');
  await done(page).waitFor();
  expect(await faultsOf(page, 'phone-lists')).toEqual([]);
  const { body } = await (await service.client('warden@hartlepool.demo')).get('/api/phone/pack').expect(200);
  expect(body.devices).toEqual([{ product: 'A certified device (BS 8484)', deviceId: '4471', alarmNumber: '01632 960000' }]);
});

test('the browser complained of nothing but what was refused', () => {
  expect(screens.complaints.filter((complaint) => !complaint.includes('422'))).toEqual([]);
});
