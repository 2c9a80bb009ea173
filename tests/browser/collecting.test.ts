/** A month from the council's page to the office's: confirmed, corrected, sent, put together; and a workbook checked in its tiers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { fillStockton } from '../support/collecting.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { faultyWorkbook } from '../support/faultyWorkbook.ts';
import { faultsOf, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
beforeAll(async () => {
  // Each request a second later: the newest upload is the one sent last.
  let second = 0;
  service = await startTestService({ now: () => new Date(Date.UTC(2023, 10, 6, 12) + (second += 1000)), client: await clientRoutes() });
  await fillStockton(service.database.db);
  screens = await openScreens(service);
});
afterAll(async () => {
  await screens?.close();
  await service?.close();
});

const own = '/month-board/2023-10/E06000004';

test('a council confirms, corrects and submits; the office accepts, asks for changes, explains', async () => {
  const lead = await screens.own('lead@stockton.demo');
  await screens.open(lead, own);
  await lead.getByText('Send by').waitFor();
  expect(await faultsOf(lead, 'council month')).toEqual([]);
  const confirm = lead.getByRole('button', { name: /^Confirm \d+ figures as counted$/ });
  for (let left = 4; left > 0; left--) {
    await confirm.first().click();
    await expect.poll(() => confirm.count(), { timeout: 30_000 }).toBe(left - 1);
  }
  await lead.getByRole('button', { name: 'Correct or explain Visits', exact: true }).click();
  await lead.getByLabel('The right number').fill('4');
  await press(lead, 'Keep');
  await lead.getByText('Say why Visits differs from what was counted.').first().waitFor();
  await lead.getByLabel('Reason for a difference').fill('One visit came in late');
  expect(await faultsOf(lead, 'council month, a figure corrected')).toEqual([]);
  await press(lead, 'Keep');
  await lead.getByText('Visits is kept.').waitFor();
  await lead.getByRole('textbox', { name: /^Narrative/ }).fill('A quiet month.');
  await press(lead, 'Keep narrative');
  await lead.getByText('Narrative is kept.').waitFor();
  await lead.getByRole('button', { name: /^Submit \d sections that are whole$/ }).click();
  await lead.getByText('sections are submitted.').waitFor();

  const manager = await screens.own('manager@opcc.demo');
  await screens.open(manager, '/month-board?month=2023-10');
  await manager.getByText('submitted').first().waitFor();
  expect(await faultsOf(manager, 'month board')).toEqual([]);
  await screens.open(manager, own);
  await manager.getByRole('group', { name: 'Answer to Patrols and person-hours' }).getByLabel('Accept').check();
  await manager.getByRole('button', { name: 'Answer', exact: true }).first().click();
  await manager.getByText('Patrols and person-hours is answered.').waitFor();
  await press(manager, 'Accept the 4 submitted sections');
  await manager.getByText('4 sections are accepted.').waitFor();
  expect(await manager.locator('.section p > .tag').allTextContents()).toEqual(Array.from({ length: 5 }, () => 'accepted'));
  await screens.open(manager, '/month-board/2023-10/consolidation');
  await manager.getByRole('button', { name: 'Explain Visits of Stockton-on-Tees' }).click();
  await manager.getByLabel('Explanation').fill('Seen on the council’s own log');
  await press(manager, 'Keep the explanation');
  await manager.getByText('The explanation is kept; the figures stay as they are.').waitFor();
  expect(await faultsOf(manager, 'consolidation')).toEqual([]);
  await screens.open(manager, '/reminders');
  await manager.getByText('Three days before').first().waitFor();
  expect(await faultsOf(manager, 'reminders')).toEqual([]);
  expect(screens.complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
});

test('a workbook is downloaded, checked tier by tier, and its marked copy downloads', async () => {
  const finance = await screens.own('finance@hartlepool.demo');
  const path = '/month-board/2023-10/E06000001';
  await screens.open(finance, `${path}/upload`);
  const form = (await (await service.client('finance@hartlepool.demo')).get('/api/collecting/2023-10/councils/E06000001/workbook').responseType('blob').expect(200)).body as Buffer;
  expect(form.subarray(0, 2).toString()).toBe('PK');
  const stockton = await screens.own('lead@stockton.demo');
  const lead = await service.client('lead@stockton.demo');
  for (const code of ['patrols', 'actions', 'incidents', 'money', 'words']) {
    const { state } = (await lead.get('/api/collecting/2023-10/councils/E06000004').expect(200)).body.sections.find((one: { code: string }) => one.code === code);
    if (state === 'submitted') await lead.post(`/api/collecting/2023-10/councils/E06000004/sections/${code}/steps`).send({ step: 'reopened', reason: 'The workbook has it' }).expect(200);
    if (state === 'accepted') await (await service.client('manager@opcc.demo')).post(`/api/collecting/2023-10/councils/E06000004/sections/${code}/answer`).send({ step: 'changesRequested', reason: 'By workbook' }).expect(200);
  }
  const made = await faultyWorkbook((await lead.get('/api/collecting/2023-10/councils/E06000004/workbook').responseType('blob').expect(200)).body as Buffer, { seed: 5, count: 120 });
  await screens.open(stockton, `${own}/upload`);
  const send = async (): Promise<void> => {
    await stockton.getByLabel('File', { exact: true }).setInputFiles({ name: 'october.xlsx', mimeType: 'application/octet-stream', buffer: await made.bytes() });
    await press(stockton, 'Check and take in');
  };
  await send();
  await stockton.getByText('9 errors').first().waitFor().catch(async () => {
    throw new Error(await stockton.locator('main').innerText());
  });
  await stockton.getByText('This is the workbook of another month.').first().waitFor();
  made.cure(1);
  await send();
  await stockton.getByText('blank is not zero').first().waitFor();
  expect(await faultsOf(stockton, 'upload, each cell')).toEqual([]);
  const waiting = stockton.waitForEvent('download');
  await stockton.getByRole('link', { name: 'Download the copy with marks' }).click();
  expect((await waiting).suggestedFilename()).toBe('october-to-correct.xlsx');
  made.cure(2);
  made.cure(3);
  await send();
  await stockton.getByText('october.xlsx was taken in.').waitFor();
  expect(await faultsOf(stockton, 'upload, taken in')).toEqual([]);
  expect(screens.complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
});
