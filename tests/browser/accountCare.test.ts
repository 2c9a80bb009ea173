/** Accounts looked after, as the people concerned meet it: a lost second factor, a role undone, a loan taken back, nobody's role yet. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { settled } from '../support/browser.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addAdministrator, faultsOf, heading, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes() });
  await addAdministrator(service, 'second@opcc.demo');
  screens = await openScreens(service);
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

const idOf = async (email: string): Promise<string> => (await service.database.db('person').where({ email }).first()).id as string;
const formOf = (page: Page, submit: string) => page.locator('form', { has: page.getByRole('button', { name: submit, exact: true }) });

test('a lost second factor is reset by two administrators on the person’s page', async () => {
  const { db } = service.database;
  const id = await idOf('analyst@opcc.demo');
  await db('person').where({ id }).update({ second_factor: 'x', second_factor_confirmed_at: new Date() });
  const [first, second] = [await screens.own('admin@opcc.demo'), await screens.own('second@opcc.demo')];
  await screens.open(first, `/people/${id}`);
  await formOf(first, 'Propose the reset').getByLabel('Reason').fill('Phone lost');
  expect(await faultsOf(first, 'reset to propose')).toEqual([]);
  await press(first, 'Propose the reset');
  await first.getByText('You proposed this reset, so you cannot decide on it. Another administrator must.').waitFor();
  await screens.open(second, '/people');
  await second.getByText('The reset of a second factor waits for a second administrator').getByRole('link').click();
  await second.waitForURL(`**/people/${id}`);
  await settled(second);
  await second.getByLabel('Approve').check();
  await formOf(second, 'Decide').getByLabel('Reason').fill('Seen in person');
  expect(await faultsOf(second, 'reset to decide')).toEqual([]);
  await press(second, 'Decide');
  await second.getByText('The second factor, its recovery codes and the password are gone').waitFor();
  await second.getByText('Second factor reset', { exact: true }).waitFor();
  expect(await db('person').where({ id }).first('second_factor', 'password_hash')).toEqual({ second_factor: null, password_hash: null });
});

test('a role given today is withdrawn today', async () => {
  const id = await idOf('warden@hartlepool.demo');
  const page = await screens.own('admin@opcc.demo');
  await screens.open(page, `/people/${id}`);
  await formOf(page, 'Give the role').getByLabel('Role', { exact: true }).selectOption({ label: 'Analyst' });
  await formOf(page, 'Give the role').getByLabel('Reason').fill('New in post');
  await press(page, 'Give the role');
  await page.getByRole('button', { name: 'End the role analyst' }).click();
  await formOf(page, 'End the role').getByLabel('Reason').fill('Wrong person');
  await press(page, 'End the role');
  await page.getByText('The role analyst is withdrawn: it no longer counts.').waitFor();
  expect(await page.getByRole('row', { name: /Analyst/ }).innerText()).toContain('withdrawn');
});

test('a lender takes a role back', async () => {
  const page = await screens.own('lead@hartlepool.demo');
  await screens.open(page, '/account');
  await page.getByLabel('Colleague’s e-mail address').fill('warden@hartlepool.demo');
  await page.getByLabel('Last day').fill('2099-03-14');
  await page.getByLabel('Reason').fill('Annual leave');
  await press(page, 'Lend the role');
  const takeBack = page.getByRole('button', { name: 'Take back the role council lead from Warden, Hartlepool' });
  await takeBack.waitFor();
  expect(await faultsOf(page, 'a role lent')).toEqual([]);
  await takeBack.click();
  await page.getByText('Took back your role council lead from Warden, Hartlepool.').waitFor();
  expect(await takeBack.count()).toBe(0);
});

test('somebody without a role opens their own account and what they may do', async () => {
  const { db } = service.database;
  const known = await db('person').where({ email: 'admin@opcc.demo' }).first();
  await db('person').insert({ ...known, id: randomUUID(), email: 'new@opcc.demo', name: 'Nobody yet' });
  const page = await screens.own('new@opcc.demo');
  await page.getByRole('link', { name: 'Nobody yet' }).click();
  await page.waitForURL('**/account');
  await settled(page);
  expect(await heading(page)).toBe('Your account');
  expect(await faultsOf(page, 'an account without a role')).toEqual([]);
  await page.getByRole('link', { name: 'What I may do' }).click();
  await page.waitForURL('**/account/permissions');
  await settled(page);
  expect(await page.getByRole('row', { name: /end their own sessions/ }).innerText()).toContain('being signed in');
  await screens.open(page, '/people');
  expect(await heading(page)).toBe('Your roles do not open this page');
});

test('nothing failed in a browser', () => {
  expect(screens.complaints).toEqual([]);
});
