/** Terms of an agreement on the screens: drafted, signed, varied by two persons and the council, at a desk and on a phone. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addFund, addHotspot } from '../support/patrols.ts';
import { faultsOf, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
let manager: Page;
let path: string;
let fundId: string;
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes() });
  fundId = await addFund(service.database.db, 3_000_000);
  await addHotspot(service.database.db, { name: 'Harbour front' });
  screens = await openScreens(service);
  manager = await screens.own('manager@opcc.demo');
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

const done = (page: Page, words: string): Promise<void> => page.locator('.note--good').filter({ hasText: words }).waitFor();
const named = (page: Page, label: string): ReturnType<Page['getByLabel']> => page.getByLabel(label, { exact: true });

test('an agreement is entered as a draft, and its terms with budgets, targets and a condition', async () => {
  await screens.open(manager, '/agreements/new');
  await named(manager, 'Reference').fill('ASB-23-H');
  await named(manager, 'With').selectOption({ label: 'Hartlepool' });
  await named(manager, 'Ceiling').fill('£20,000.00');
  await named(manager, 'First day').fill('2023-07-03');
  await named(manager, 'Last day').fill('2024-03-31');
  await press(manager, 'Keep agreement');
  await manager.getByRole('heading', { name: 'ASB-23-H' }).waitFor();
  path = new URL(manager.url()).pathname;
  await manager.getByRole('navigation', { name: 'Pages of this agreement' }).getByRole('link', { name: 'Terms' }).click();
  await manager.getByRole('button', { name: 'Add a head' }).click();
  await named(manager, 'Head, row 1').selectOption('Wardens');
  await named(manager, 'Budget, Wardens').fill('18,000');
  await manager.getByRole('button', { name: 'Add a head' }).click();
  await named(manager, 'Head, row 2').selectOption('Training');
  await named(manager, 'Budget, Training').fill('1,99');
  await manager.getByRole('button', { name: 'Add a target' }).click();
  await named(manager, 'First day, row 1').fill('2023-07-03');
  await named(manager, 'Last day, 2023-07-03').fill('2024-03-31');
  await named(manager, 'Person-hours, 2023-07-03').fill('1,200');
  await press(manager, 'Keep the draft');
  await manager.getByText('"1,99" has a comma in an unusual place').waitFor();
  await named(manager, 'Budget, Training').fill('1,990');
  await press(manager, 'Keep the draft');
  await manager.getByText('The budgets add up to £19,990.00 and the agreement’s value is £20,000.00. Change a budget by £10.00.').waitFor();
  await named(manager, 'Budget, Training').fill('2,000');
  await press(manager, 'Keep the draft');
  await manager.getByText('These terms can be signed.').waitFor();
  await named(manager, 'What it asks for').fill('Every patrol officer is trained');
  await named(manager, 'Due (optional)').fill('2023-10-31');
  await press(manager, 'Add condition');
  await manager.getByText('Overdue:').waitFor();
  expect(await faultsOf(manager, 'terms-draft')).toEqual([]);
});

test('the council reads the draft before it signs, and changes nothing of it', async () => {
  const lead = await screens.own('lead@hartlepool.demo');
  await screens.open(lead, `${path}/terms`);
  await lead.getByRole('heading', { name: 'Draft, not signed yet' }).waitFor();
  expect(await lead.getByRole('row', { name: /Wardens/ }).innerText()).toContain('£18,000.00');
  expect(await lead.getByRole('button', { name: 'Keep the draft' }).count()).toBe(0);
  expect(await faultsOf(lead, 'terms-draft-council')).toEqual([]);
});

test('it moves step by step, is signed by both, and version 1 stands by head and period', async () => {
  await screens.open(manager, path);
  for (const state of ['in legal', 'sent']) {
    await named(manager, 'Move to').selectOption(state);
    await named(manager, 'Why').fill('As agreed');
    await press(manager, 'Move');
    await done(manager, `The agreement is ${state}.`);
  }
  await manager.getByText('Nobody is named to sign for the council.').waitFor();
  for (const [title, party] of [['Section 151 officer', 'the council'], ['Chief Finance Officer', 'the Commissioner’s office']] as const) {
    await named(manager, 'Signs as').fill(title);
    await named(manager, 'Signs for').selectOption({ label: party });
    await press(manager, 'Add signatory');
    await manager.getByRole('table', { name: /Signatories/ }).getByText(title).waitFor();
  }
  for (const title of ['Section 151 officer, the council', 'Chief Finance Officer, the Commissioner’s office']) {
    await named(manager, 'Who signed').selectOption({ label: title });
    await named(manager, 'Signed on').fill('2023-07-20');
    await press(manager, 'Record');
    await manager.getByRole('option', { name: title }).waitFor({ state: 'detached' });
  }
  for (const state of ['signed', 'live at risk']) {
    await named(manager, 'Move to').selectOption(state);
    await named(manager, 'Why').fill('As agreed');
    await press(manager, 'Move');
    await done(manager, `The agreement is ${state}.`);
  }
  await manager.getByText('Exposure at risk').waitFor();
  expect(await faultsOf(manager, 'agreement')).toEqual([]);
  await screens.open(manager, `${path}/ledger`);
  await press(manager, 'Open the ledger');
  await done(manager, 'The ledger is open.');
  await screens.open(manager, `${path}/terms`);
  // 90, 92 and 91 of 274 days.
  expect(await manager.getByRole('row', { name: /^Training/ }).innerText()).toMatch(/£2,000\.00\s+£0\.00\s+£659\.34\s+£673\.99\s+£666\.67/);
  expect(await manager.getByRole('row', { name: /1,200 h 0 min/ }).count()).toBeGreaterThan(0);
});

test('a condition is reported by the council with its evidence and accepted by another person', async () => {
  const lead = await screens.own('lead@hartlepool.demo');
  await screens.open(lead, `${path}/terms`);
  await lead.getByRole('button', { name: 'Every patrol officer is trained' }).click();
  await named(lead, 'Met on').fill('2023-11-10');
  await named(lead, 'What shows it').fill('Signed register of 12 officers');
  await press(lead, 'Report as met');
  await done(lead, 'Reported.');
  await screens.open(manager, `${path}/terms`);
  await manager.getByRole('button', { name: 'Every patrol officer is trained' }).click();
  await manager.getByText('Signed register of 12 officers').waitFor();
  await manager.getByLabel('Accept', { exact: true }).check();
  await named(manager, 'Why').fill('Register seen');
  await press(manager, 'Decide');
  await done(manager, 'Accepted.');
  expect(await manager.getByRole('row', { name: /Every patrol officer is trained/ }).innerText()).toContain('met and accepted');
});

test('a variation is drafted from the terms, agreed by the council, approved by a second person, and shown old and new', async () => {
  await screens.open(manager, `${path}/terms`);
  await manager.getByRole('link', { name: 'Propose a variation' }).click();
  await named(manager, 'Budget, Wardens').fill('23,000.00');
  await named(manager, 'Amount, up to').fill('25,000');
  await named(manager, 'Effective from').fill('2023-10-01');
  await named(manager, 'Why').fill('A second team');
  await named(manager, 'Rate an hour: Evening (optional)').fill('23.50');
  await manager.getByLabel('Harbour front').check();
  expect(await faultsOf(manager, 'variation-new')).toEqual([]);
  await press(manager, 'Keep the draft');
  await manager.getByRole('button', { name: 'Propose to the council' }).waitFor();
  const table = manager.getByRole('table', { name: /What changes/ });
  expect(await table.locator('tbody tr').allInnerTexts()).toEqual([
    expect.stringMatching(/Amount, up to\s+£20,000\.00\s+£25,000\.00\s+£5,000\.00/), expect.stringMatching(/Budget: Wardens\s+£18,000\.00\s+£23,000\.00\s+£5,000\.00/), expect.stringMatching(/Hotspot: Harbour front\s+none\s+named/), expect.stringMatching(/Rate an hour: Evening\s+none\s+£23\.50/),
  ]);
  await press(manager, 'Propose to the council');
  await done(manager, 'Proposed.');
  const address = new URL(manager.url()).pathname;
  const council = await screens.own('finance@hartlepool.demo');
  await screens.open(council, address);
  await press(council, 'Agree for the council');
  await done(council, 'Agreed.');
  const finance = await screens.own('finance@opcc.demo');
  await screens.open(finance, address);
  await named(finance, 'Decision reference').fill('DN-2023-044');
  expect(await faultsOf(finance, 'variation')).toEqual([]);
  await press(finance, 'Approve');
  await done(finance, 'Approved, and in effect as version 2.');
  await screens.open(council, `${path}/terms`);
  await council.getByText('Version 2, in force').waitFor();
  expect(await council.getByRole('row', { name: /Budget: Wardens/ }).count()).toBe(1);
  expect(await council.getByRole('link', { name: 'Propose a variation' }).count()).toBe(0);
  expect(await faultsOf(council, 'terms')).toEqual([]);
});

test('the fund shows what is agreed, what is left, and opens each figure', async () => {
  await screens.open(manager, `/funds/${fundId}`);
  expect(await manager.locator('.facts').innerText()).toMatch(/Award, up to\s+£30,000\.00[\s\S]*Agreed with councils\s+£25,000\.00[\s\S]*Left to agree\s+£5,000\.00/);
  expect(await faultsOf(manager, 'fund')).toEqual([]);
  await manager.getByRole('row', { name: /Hartlepool/ }).getByRole('link', { name: '£25,000.00' }).first().click();
  await manager.waitForURL((url) => url.pathname === `${path}/terms`);
  expect(screens.complaints).toEqual([]);
});
