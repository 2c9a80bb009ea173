/** Invited, let in, asked for a second factor, lent a role, kept out: accounts as the people concerned meet them. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { settled } from '../support/browser.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addAdministrator, codeFor, faultsOf, heading, openScreens, press, ranScript, scripted, type Screens, shownKey } from '../support/screens.ts';

const password = 'three random words';
const opcc = 'Office of the Police and Crime Commissioner for Cleveland';

let service: TestService;
let screens: Screens;
let administrator: Page;
const own: Screens['own'] = (email) => screens.own(email);
const open: Screens['open'] = (page, path) => screens.open(page, path);

beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes() });
  await addAdministrator(service, 'second@opcc.demo');
  screens = await openScreens(service);
  administrator = await own('admin@opcc.demo');
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

/** Fills the invitation form and answers the link it shows. */
async function invite(name: string, email: string, organisation: string): Promise<string> {
  await open(administrator, '/people');
  await administrator.getByLabel('Name', { exact: true }).fill(name);
  await administrator.getByLabel('Work e-mail address').fill(email);
  await administrator.getByLabel('Organisation', { exact: true }).selectOption({ label: organisation });
  await press(administrator, 'Make the link');
  const link = await administrator.getByLabel('One-time link').inputValue();
  await settled(administrator);
  return link;
}

/** Opens a one-time link as somebody signed out and sets the password. */
async function accept(link: string): Promise<Page> {
  const page = await own();
  await page.goto(link);
  await settled(page);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Password again').fill(password);
  await press(page, 'Set password');
  await page.getByRole('heading', { name: 'Your password is set' }).waitFor();
  return page;
}

async function giveRole(page: Page, name: string, role: string, reason: string): Promise<void> {
  await open(page, '/people');
  await page.getByRole('link', { name, exact: true }).click();
  await page.waitForURL('**/people/*');
  await settled(page);
  const form = page.locator('form', { has: page.getByRole('button', { name: 'Give the role' }) });
  await form.getByLabel('Role', { exact: true }).selectOption({ label: role });
  await form.getByLabel('Reason').fill(reason);
  await form.getByRole('button', { name: 'Give the role' }).click();
  await page.getByRole('status').filter({ hasText: 'Done' }).waitFor();
}

describe('somebody is invited', () => {
  let link = '';
  let warden: Page;

  test('the administrator gets a link that is shown once, with a copy button and its last minute', async () => {
    link = await invite(scripted, 'walker@hartlepool.example', 'Hartlepool');
    expect(link).toMatch(new RegExp(`^${service.address}/welcome#[\\w-]{43}$`));
    expect(await administrator.getByText(/It works once, until \d\d:\d\d/).count()).toBe(1);
    await press(administrator, 'Copy link');
    await administrator.getByText(/Copied\.|press Ctrl and C/).waitFor();
    expect(await faultsOf(administrator, 'people with a link')).toEqual([]);
    await open(administrator, '/people');
    expect(await administrator.getByLabel('One-time link').count()).toBe(0);
    expect(await administrator.getByRole('link', { name: scripted, exact: true }).count()).toBe(1);
  });

  test('a name holding a script is text on the page', async () => {
    expect(await ranScript(administrator)).toBe(false);
    expect(await administrator.locator('main script, main img').count()).toBe(0);
  });

  test('the form says what is missing, and refuses an address in use', async () => {
    await press(administrator, 'Make the link');
    expect(await administrator.getByRole('alert').innerText()).toBe('There is a problem\nEnter name\nEnter work e-mail address\nChoose: organisation');
    expect(await faultsOf(administrator, 'invitation refused')).toEqual([]);
    await administrator.getByLabel('Name', { exact: true }).fill('Twice');
    await administrator.getByLabel('Work e-mail address').fill('walker@hartlepool.example');
    await administrator.getByLabel('Organisation', { exact: true }).selectOption({ label: 'Hartlepool' });
    await press(administrator, 'Make the link');
    await administrator.getByRole('alert').filter({ hasText: 'Somebody already has this e-mail address.' }).waitFor();
  });

  test('the link leaves the address, and a weak or mistyped password is refused at its field', async () => {
    const page = await own();
    await page.goto(link);
    await settled(page);
    expect(page.url()).toBe(`${service.address}/welcome`);
    await page.getByLabel('Password', { exact: true }).fill('three random words');
    await page.getByLabel('Password again').fill('three random swords');
    await press(page, 'Set password');
    await page.getByRole('alert').filter({ hasText: 'The two are not the same' }).waitFor();
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByLabel('Password again').fill('short');
    await press(page, 'Set password');
    await page.getByRole('alert').filter({ hasText: 'Use at least 12 characters' }).waitFor();
    expect(await faultsOf(page, 'welcome refused')).toEqual([]);
    await page.reload();
    await settled(page);
    expect(await heading(page)).toBe('Open your link again');
  });

  test('the link sets the password once; spent, it says what to do', async () => {
    warden = await accept(link);
    const late = await own();
    await late.goto(link);
    await settled(late);
    await late.getByLabel('Password', { exact: true }).fill(password);
    await late.getByLabel('Password again').fill(password);
    await press(late, 'Set password');
    await late.getByRole('heading', { name: 'This link no longer works' }).waitFor();
    expect(await late.getByText('ask the administrator who invited you for a new link').count()).toBe(1);
    expect(await faultsOf(late, 'welcome spent')).toEqual([]);
  });

  test('the new person signs in and sees what they may do', async () => {
    await giveRole(administrator, scripted, 'Warden', 'Starts on patrol');
    await screens.enter(warden, 'walker@hartlepool.example', password);
    await warden.waitForURL((url) => url.pathname === '/');
    await open(warden, '/account');
    await warden.getByRole('link', { name: 'What I may do' }).click();
    await warden.waitForURL('**/account/permissions');
    await settled(warden);
    const row = (name: string): Promise<string> => warden.getByRole('row', { name }).innerText();
    expect((await row('Record visits and actions')).split(/\s*\t\s*/)).toEqual(['Record visits and actions', 'yes', 'Warden', 'Warden, Council lead']);
    expect((await row('Run an analysis')).split(/\s*\t\s*/)).toEqual(['Run an analysis', 'no', 'none of yours', 'Analyst, Grant manager']);
    expect(await ranScript(warden)).toBe(false);
  });

  test('disabling ends the session at the next click', async () => {
    await administrator.getByLabel('Reason').last().fill('Left the council');
    await press(administrator, 'Disable the account');
    await administrator.getByText('The account is disabled and every session of it has ended.').waitFor();
    await warden.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link', { name: 'Your account' }).click();
    await warden.waitForURL('**/sign-in?next=*');
    await screens.enter(warden, 'walker@hartlepool.example', password);
    const alert = warden.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('The e-mail address or the password is wrong.');
  });

  test('the audit page lists it, before and after opened on request, and the filters are its address', async () => {
    const auditor = await own('auditor@opcc.demo');
    await open(auditor, '/audit');
    await auditor.getByLabel('What', { exact: true }).selectOption({ label: 'Person disabled' });
    await press(auditor, 'Show');
    await auditor.waitForURL('**/audit?action=personDisabled');
    await settled(auditor);
    const row = auditor.locator('tbody tr');
    expect(await row.count()).toBe(1);
    expect(await row.innerText()).toContain('Left the council');
    await auditor.reload();
    await settled(auditor);
    expect(await auditor.getByLabel('What', { exact: true }).inputValue()).toBe('personDisabled');
    expect(await auditor.getByRole('link', { name: 'Export as CSV' }).getAttribute('href')).toBe('/api/audit/export?action=personDisabled');
    await open(auditor, '/audit?action=roleGiven');
    await auditor.locator('summary').first().click();
    expect(await auditor.locator('.changes').first().innerText()).toContain('Role\nwarden');
  });

  test('an auditor reads people and finds nothing that changes them', async () => {
    const auditor = await own('auditor@opcc.demo');
    await open(auditor, '/people');
    expect(await heading(auditor)).toBe('People');
    expect(await auditor.getByText('Invite somebody').count()).toBe(0);
    await auditor.locator('a[href^="/people/"]').first().click();
    await auditor.waitForURL('**/people/*');
    await settled(auditor);
    expect(await auditor.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(['Roles', 'What happened']);
    expect(await auditor.locator('main form').count()).toBe(0);
  });
});

describe('an approver', () => {
  let page: Page;
  let secret = '';
  let recoveryCode = '';
  const email = 'approver@opcc.example';

  test('gets the role from two administrators, and not from the one who proposed it', async () => {
    page = await accept(await invite('Money approver', email, opcc));
    await giveRole(administrator, 'Money approver', 'Finance approver', 'Approves claims');
    expect(await administrator.getByText('You proposed this role, so you cannot decide on it. Another administrator must.').count()).toBe(1);
    expect(await administrator.getByRole('button', { name: 'Decide' }).count()).toBe(0);
    const second = await own('second@opcc.demo');
    await open(second, '/people');
    await second.getByText('A role waits for a second administrator').getByRole('link', { name: 'Money approver' }).click();
    await second.waitForURL('**/people/*');
    await settled(second);
    expect(await faultsOf(second, 'person to decide')).toEqual([]);
    await second.getByLabel('Approve').check();
    const form = second.locator('form', { has: second.getByRole('button', { name: 'Decide' }) });
    await form.getByLabel('Reason').fill('Agreed with the chief finance officer');
    await press(second, 'Decide');
    await second.getByText('Approved the role finance approver.').waitFor();
    await second.getByText('Role approved', { exact: true }).waitFor();
  });

  test('must set up the second factor, with the key from the page, and sees the recovery codes once', async () => {
    await screens.enter(page, email, password);
    await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
    await settled(page);
    secret = await shownKey(page);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(await page.getByRole('img', { name: /authenticator app/ }).evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(100);
    expect(await faultsOf(page, 'sign-in enrolment')).toEqual([]);
    await page.getByLabel('Six-figure code from the app').fill('000000');
    await press(page, 'Confirm');
    await page.getByRole('alert').filter({ hasText: 'The code does not fit.' }).waitFor();
    await page.getByLabel('Six-figure code from the app').fill(codeFor(secret, new Date()));
    await press(page, 'Confirm');
    await page.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor();
    const codes = await page.locator('.factor__codes code').allTextContents();
    expect(codes).toHaveLength(10);
    recoveryCode = codes[0] ?? '';
    expect(await page.getByRole('button', { name: 'Print the codes' }).count()).toBe(1);
    expect(await faultsOf(page, 'sign-in recovery codes')).toEqual([]);
    await press(page, 'I have kept them');
    await page.waitForURL((url) => url.pathname === '/');
  });

  test('signs in again with a code, once each, and with a recovery code', async () => {
    await press(page, 'Sign out');
    await page.waitForURL('**/sign-in');
    await screens.enter(page, email, password);
    await page.getByRole('heading', { name: 'Enter your code' }).waitFor();
    expect(await faultsOf(page, 'sign-in code')).toEqual([]);
    const code = codeFor(secret, new Date(Date.now() + 30_000));
    await page.getByLabel('Code').fill(code);
    await press(page, 'Go on');
    await page.waitForURL((url) => url.pathname === '/');
    const elsewhere = await own();
    await screens.enter(elsewhere, email, password);
    await elsewhere.getByLabel('Code').fill(code);
    await press(elsewhere, 'Go on');
    await elsewhere.getByRole('alert').filter({ hasText: 'The code is wrong or was used already.' }).waitFor();
    await elsewhere.getByLabel('Code').fill(recoveryCode);
    await press(elsewhere, 'Go on');
    await elsewhere.waitForURL((url) => url.pathname === '/');
  });

  test('sees on the account page that nine codes are left, and ends the session elsewhere', async () => {
    await open(page, '/account');
    expect(await page.getByText('9 of your recovery codes are unused.').count()).toBe(1);
    const ends = page.getByRole('button', { name: 'End the session in Chrome on Linux' });
    expect(await ends.count()).toBe(1);
    await ends.click();
    await page.getByText('Ended the session in Chrome on Linux.').waitFor();
    expect(await ends.count()).toBe(0);
  });

  test('changes the password; a wrong present one is refused at its field', async () => {
    await open(page, '/account');
    await page.getByLabel('Present password').fill('something else entirely');
    await page.getByLabel('New password', { exact: true }).fill('four other random words');
    await page.getByLabel('New password again').fill('four other random words');
    await press(page, 'Change password');
    await page.getByRole('alert').filter({ hasText: 'This is not your present password.' }).waitFor();
    await page.getByLabel('Present password').fill(password);
    await press(page, 'Change password');
    await page.getByRole('status').filter({ hasText: 'Your password is changed.' }).waitFor();
    expect(await page.getByLabel('New password', { exact: true }).inputValue()).toBe('');
  });
});

describe('lending a role', () => {
  test('a colleague of the own organisation holds it between two dates; nobody else can', async () => {
    const lead = await own('lead@hartlepool.demo');
    await open(lead, '/account');
    await lead.getByLabel('Colleague’s e-mail address').fill('lead@middlesbrough.demo');
    await lead.getByLabel('Last day').fill('2099-03-14');
    await lead.getByLabel('Reason').fill('Annual leave');
    await press(lead, 'Lend the role');
    await lead.getByRole('alert').filter({ hasText: 'Nobody of your organisation has this address.' }).waitFor();
    await lead.getByLabel('Colleague’s e-mail address').fill('warden@hartlepool.demo');
    await press(lead, 'Lend the role');
    await lead.getByText('Lent your role council lead to warden@hartlepool.demo from').waitFor();
    expect(await lead.getByRole('row', { name: /Warden, Hartlepool/ }).innerText()).toContain('14 Mar 2099');
    const warden = await own('warden@hartlepool.demo');
    await open(warden, '/account');
    expect(await warden.getByRole('row', { name: /Council lead/ }).innerText()).toContain('Council lead, Hartlepool');
  });
});

test('nothing failed in a browser but what was meant to, and no script ran', () => {
  expect(screens.complaints.filter((text) => !/status of (401|409|410|422)/.test(text))).toEqual([]);
});
