/** Rotas on the screen: begun, changed by dragging and by keys with what breaks named, published, asked to be off, granted. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCrew, linkAccount } from '../support/rotaCrew.ts';
import { faultsOf, openScreens, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
let lead: Page;
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes(), now: () => new Date('2023-09-25T09:00:00Z') });
  const { db } = service.database;
  const crew = await addCrew(db, ['H-01', 'H-02', 'H-03', 'H-04', 'H-05']);
  // Twelve shifts in four weeks: enough for a pair a day, and nobody works every day.
  await db('warden').update({ contract_minutes_per_week: 1440 });
  await linkAccount(db, crew['H-01']!, 'warden@hartlepool.demo');
  screens = await openScreens(service);
  lead = await screens.own('lead@hartlepool.demo');
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

const cell = (page: Page, reference: string, day: number) => page.getByRole('button', { name: new RegExp(`^${reference}, ${day} Oct`) });

test('the lead enters a warden’s leave and powers', async () => {
  await screens.open(lead, '/wardens');
  await lead.getByRole('link', { name: 'H-02' }).click();
  await lead.getByRole('heading', { name: 'H-02' }).waitFor();
  await lead.getByRole('button', { name: 'Leave or absence' }).click();
  await lead.getByLabel('First day').fill('2023-10-09');
  await lead.getByLabel('Last day').fill('2023-10-10');
  await lead.getByRole('button', { name: 'Keep leave or absence' }).click();
  await lead.getByText('Entered: leave or absence.').waitFor();
  expect(await lead.locator('main').innerText()).toContain('Annual leave');
  await lead.getByRole('button', { name: 'Limit or opt-out' }).click();
  await lead.getByLabel('What', { exact: true }).selectOption({ label: 'Opted out of 48 hours a week' });
  await lead.getByLabel('First day').fill('2023-10-01');
  await lead.getByRole('button', { name: 'Keep limit or opt-out' }).click();
  await lead.getByText('An opt-out of 48 hours a week is in writing.').waitFor();
  expect(await faultsOf(lead, 'warden-terms')).toEqual([]);
});

test('the lead enters a shift and begins a rota', async () => {
  await screens.open(lead, '/rotas');
  await lead.getByLabel('Name').fill('Late');
  await lead.getByLabel('Code').fill('late');
  await lead.locator('form').filter({ hasText: 'Crews on Monday' }).getByLabel('First day').fill('2023-07-01');
  await lead.getByRole('button', { name: 'Keep shift' }).click();
  await lead.getByText('Kept the shift Late.').waitFor();
  expect(await faultsOf(lead, 'rotas')).toEqual([]);
  const begin = lead.locator('section').filter({ hasText: 'Begin a rota' });
  await begin.getByLabel('First day').fill('2023-10-02');
  await begin.getByRole('button', { name: 'Begin' }).click();
  await lead.getByRole('heading', { name: /^Rota 2 October/ }).waitFor();
  await lead.getByText('A better rota is being worked out.').waitFor({ state: 'detached', timeout: 60_000 });
  await cell(lead, 'H-01', 2).waitFor();
  expect(await faultsOf(lead, 'rota')).toEqual([]);
});

test('by keyboard: a breach is named as it is made, stands only with a reason, and is taken back', async () => {
  await cell(lead, 'H-01', 2).focus();
  for (let day = 2; day <= 7; day++) {
    await lead.keyboard.press('1');
    await lead.getByText(new RegExp(`H-01: Late on ${day} October`)).waitFor();
    if (day < 7) await lead.keyboard.press('ArrowRight');
  }
  await lead.getByText('Rota agreement: shifts in seven days').first().waitFor();
  await lead.getByRole('button', { name: 'Publish', exact: true }).click();
  await lead.getByText(/no reason yet\. Change the rota, or say why it stands/).first().waitFor();
  expect(await faultsOf(lead, 'rota-breach')).toEqual([]);
  await cell(lead, 'H-01', 7).focus();
  await lead.keyboard.press('Delete');
  await lead.getByText(/H-01: no shift on 7 October/).waitFor();
  await lead.keyboard.press('ArrowLeft');
  await lead.keyboard.press('m');
  await lead.getByText('Picked up.').waitFor();
  // What putting it down would break and cost is said first, and nothing has changed when it is left.
  const cells = (): Promise<string[]> => lead.locator('.rota__button').allInnerTexts();
  const before = await cells();
  const saidFirst = lead.locator('.rota__preview');
  await lead.keyboard.press('ArrowRight');
  await saidFirst.getByText(/^H-01, 7 October/).waitFor();
  await saidFirst.getByText(/points (more|fewer|stay)/).waitFor();
  expect(await faultsOf(lead, 'rota-preview')).toEqual([]);
  await lead.keyboard.press('Escape');
  await lead.getByText('Let go. Nothing has moved.').waitFor();
  // One stop for Tab in the whole grid: the cell one was on.
  const stops = lead.locator('.rota__button[tabindex="0"]');
  expect(await stops.count()).toBe(1);
  expect(await stops.getAttribute('aria-label')).toMatch(/^H-01, 7 Oct/);
  expect(await saidFirst.innerText()).toBe('');
  expect(await cells()).toEqual(before);
});

test('while dragging: what a drop would break and cost is said before the hand lets go', async () => {
  await screens.open(lead, new URL(lead.url()).pathname);
  const crew = ['H-01', 'H-02', 'H-03', 'H-04', 'H-05'];
  const texts = async (reference: string): Promise<string[]> => Promise.all([2, 3, 4, 5, 6, 7, 8].map((day) => cell(lead, reference, day).innerText()));
  const before = await Promise.all(crew.map(texts));
  await cell(lead, 'H-01', 2).hover();
  await lead.mouse.down();
  const free = crew.findIndex((_, index) => before[index]?.[3] === '·');
  await cell(lead, 'H-01', 3).hover();
  await cell(lead, crew[free] ?? '', 5).hover();
  const saidFirst = lead.locator('.rota__preview');
  await saidFirst.getByText(new RegExp(`^${crew[free]}, 5 October 2023`)).waitFor();
  await saidFirst.getByText(/points (more|fewer|stay)/).waitFor();
  await lead.mouse.move(5, 5);
  await lead.keyboard.press('Escape');
  await lead.mouse.up();
  expect(await Promise.all(crew.map(texts))).toEqual(before);
});

test('by dragging: a shift goes to another warden', async () => {
  await screens.open(lead, new URL(lead.url()).pathname);
  await lead.getByRole('button', { name: '9 Oct', exact: false }).first().click();
  await cell(lead, 'H-02', 11).waitFor();
  const on = (reference: string) => cell(lead, reference, 11).innerText();
  const crew = ['H-01', 'H-02', 'H-03', 'H-04', 'H-05'];
  const late = await Promise.all(crew.map(async (reference) => (await on(reference)).includes('Late')));
  const [from = '', free = ''] = [crew[late.indexOf(true)], crew[late.indexOf(false)]];
  await cell(lead, from, 11).dragTo(cell(lead, free, 11));
  await lead.getByText(new RegExp(`${free}: Late on 11 October`)).waitFor();
  expect(await on(from)).not.toContain('Late');
  await lead.getByRole('button', { name: 'Undo' }).click();
  await lead.getByText('Taken back.').waitFor();
});

test('published with the reasons, seen by the warden, who asks to be off a shift', async () => {
  const waiting = lead.getByRole('button', { name: /^Say why it stands/ });
  while ((await waiting.count()) > 0) {
    const left = await waiting.count();
    await waiting.first().click();
    await lead.locator('#explain').getByLabel('Why it stands').fill('Agreed with the warden');
    await lead.getByRole('button', { name: 'Let it stand' }).click();
    await lead.waitForFunction((before) => [...document.querySelectorAll('button')].filter((each) => each.textContent === 'Say why it stands').length < before, left);
  }
  await lead.getByLabel('What changed, for those who read it').fill('First version');
  await lead.getByRole('button', { name: 'Publish', exact: true }).click();
  await lead.getByText(/^Version 1, published/).waitFor();
  expect(await faultsOf(lead, 'rota-published')).toEqual([]);

  const warden = await screens.own('warden@hartlepool.demo');
  await screens.open(warden, '/own-shifts');
  await warden.getByLabel('Why').fill('A course');
  await warden.getByLabel('Shift to be off').selectOption({ index: 1 });
  await warden.getByRole('button', { name: 'Ask the lead' }).click();
  await warden.getByText('The lead is asked.').waitFor();
  await warden.getByRole('button', { name: 'Make an address' }).click();
  await warden.getByText(/\/api\/calendars\/[\w-]{43}\.ics/).waitFor();
  expect(await faultsOf(warden, 'own-shifts')).toEqual([]);
});

test('the lead grants it, and the rota is published anew', async () => {
  await screens.open(lead, '/rotas');
  await lead.getByRole('button', { name: /^Decide on H-01/ }).click();
  await lead.locator('#request input[type=radio]').first().check();
  await lead.locator('#request').getByLabel('Why').fill('Taken over');
  expect(await faultsOf(lead, 'rota-request')).toEqual([]);
  await lead.getByRole('button', { name: 'Decide', exact: true }).click();
  await lead.getByText('The request is granted and a new version is published.').waitFor();
  await lead.getByRole('link', { name: 'version 2' }).click();
  await lead.getByText(/^Version 2, published/).waitFor();
  expect(screens.complaints.filter((words) => !words.includes('409') && !words.includes('422'))).toEqual([]);
});
