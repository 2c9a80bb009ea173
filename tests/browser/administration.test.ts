/** The screens for those who keep and check the service: settings, audit trail, digests, people; and every account page at both widths. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { makeDigests } from '../../server/trail/digestWork.ts';
import { axeFaults, settled } from '../support/browser.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { codeFor, faultsOf, heading, openScreens, press, ranScript, scripted, type Screens, shownKey } from '../support/screens.ts';

const opcc = 'Office of the Police and Crime Commissioner for Cleveland';

let service: TestService;
let screens: Screens;
let strangerId = '';
const own: Screens['own'] = (email) => screens.own(email);
const open: Screens['open'] = (page, path) => screens.open(page, path);

/** A person whose name is a script, with a role in force, one that waits and one that was lent. */
async function addStranger(): Promise<string> {
  const { db } = service.database;
  const id = randomUUID();
  const organisation = await db('organisation').where({ name: 'Hartlepool' }).first();
  const lead = await db('person').where({ email: 'lead@hartlepool.demo' }).first();
  await db('person').insert({ id, organisation_id: organisation.id, name: scripted, email: 'stranger@hartlepool.example' });
  await db('role_grant').insert([
    { id: randomUUID(), person_id: id, role: 'warden', valid_from: '2026-01-01' },
    { id: randomUUID(), person_id: id, role: 'council_finance', state: 'proposed', valid_from: '2026-01-01', granted_by: lead.id },
    { id: randomUUID(), person_id: id, role: 'council_lead', valid_from: '2026-01-01', valid_to: '2026-02-01', granted_by: lead.id, delegated_from: lead.id },
  ]);
  await db('audit_event').insert({ person_id: id, role: 'warden', action: 'visitRecorded', subject_kind: 'person', subject_id: id, reason: scripted, before: { note: scripted }, after: { note: 'plain' } });
  return id;
}

beforeAll(async () => {
  const issuers = [{ name: 'opcc', organisation: opcc, issuer: 'http://127.0.0.1:9', clientId: 'patrols' }];
  service = await startTestService({ client: await clientRoutes(), config: () => ({ issuers }) });
  strangerId = await addStranger();
  screens = await openScreens(service);
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

describe('settings', () => {
  test('a grant manager changes one from a date on; the one before ends the day before', async () => {
    const manager = await own('manager@opcc.demo');
    await open(manager, '/settings');
    await manager.getByRole('link', { name: 'Qualifying visit minutes' }).click();
    await manager.waitForURL('**/settings/qualifying_visit_minutes');
    await settled(manager);
    await manager.getByLabel('New value').fill('12');
    await manager.getByLabel('First day').fill('2099-04-01');
    await manager.getByLabel('Reason').fill('A new study');
    await press(manager, 'Change the setting');
    await manager.getByText('From 1 April 2099 on it is 12 minutes.').waitFor();
    const rows = await manager.locator('tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split(/\s*\t\s*/))).toEqual([
      ['12', 'minutes', 'A new study', '1 Apr 2099', 'no end set'],
      ['15', 'minutes', 'Koper 1995: least disorder after stays of 10 to 16 minutes; published pilots count patrols of 15 minutes or more', '1 Jan 2020', '31 Mar 2099'],
    ]);
    expect(await manager.locator('.timeline').innerText()).toContain('A new study');
  });

  test('a council sees it and has no form', async () => {
    const lead = await own('lead@hartlepool.demo');
    await open(lead, '/settings/qualifying_visit_minutes');
    expect(await lead.getByRole('button', { name: 'Change the setting' }).count()).toBe(0);
    expect(await lead.getByText('Koper 1995').count()).toBeGreaterThan(0);
  });
});

describe('the digests', () => {
  test('say which day holds and which does not', async () => {
    const { db } = service.database;
    for (const day of ['2026-01-05', '2026-01-06']) await db('audit_event').insert({ happened_at: `${day}T12:00:00Z`, role: 'test', action: 'wardenAdded', subject_kind: 'warden', subject_id: day });
    await makeDigests(db, new Date('2026-01-07T01:00:00Z'), `${service.database.config.dataDir}/digests`);
    await db('audit_event').insert({ happened_at: '2026-01-06T13:00:00Z', role: 'test', action: 'wardenAdded', subject_kind: 'warden', subject_id: 'slipped in' });
    const auditor = await own('auditor@opcc.demo');
    await open(auditor, '/audit/digests');
    expect(await auditor.getByRole('row', { name: /5 Jan 2026/ }).innerText()).toContain('holds');
    expect(await auditor.getByRole('row', { name: /6 Jan 2026/ }).innerText()).toContain('does not hold');
    expect(await auditor.getByText('The seal of 6 January 2026 does not hold').count()).toBe(1);
  });
});

describe('the audit trail', () => {
  test('is read in pages of 200, newest first, by links that keep the filters', async () => {
    const { db } = service.database;
    await db('audit_event').insert(Array.from({ length: 250 }, (_, index) => ({ happened_at: '2025-05-05T12:00:00Z', role: 'test', action: 'hoursAllocated', subject_kind: 'allocation', subject_id: `run ${index}` })));
    const page = await own('auditor@opcc.demo');
    await open(page, '/audit?action=hoursAllocated');
    expect(await page.locator('tbody tr').first().innerText()).toContain('run 249');
    expect(await page.locator('.paging').innerText()).toContain('200 events');
    await page.getByRole('link', { name: 'Older events' }).click();
    await page.waitForURL(/action=hoursAllocated&before=\d+/);
    await settled(page);
    expect(await page.locator('tbody tr').count()).toBe(50);
    expect(await page.locator('tbody tr').last().innerText()).toContain('run 0');
    expect(await page.getByRole('link', { name: 'Older events' }).count()).toBe(0);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export as CSV' }).click()]);
    expect(file.suggestedFilename()).toBe('audit-trail.csv');
    expect(readFileSync(await file.path(), 'utf8').trim().split('\r\n')).toHaveLength(251);
    await page.getByRole('link', { name: 'Newest events' }).click();
    await page.waitForURL((url) => url.search === '?action=hoursAllocated');
  });

  test('shows what one person did, and says a last day before the first cannot be', async () => {
    const page = await own('auditor@opcc.demo');
    await open(page, '/audit?action=signedIn');
    await page.locator('tbody').getByRole('link', { name: 'Auditor, OPCC' }).first().click();
    await page.waitForURL('**/audit?personId=*');
    await settled(page);
    expect(await page.getByRole('note').innerText()).toContain('Only what Auditor, OPCC did.');
    await page.getByLabel('First day').fill('2026-02-01');
    await page.getByLabel('Last day').fill('2026-01-01');
    await press(page, 'Show');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.innerText()).toContain('The last day is before the first.');
  });
});

describe('a sign-in that came back from an organisation without success', () => {
  test.each([
    ['issuer_flow_lost', 'The sign-in took too long, or was begun in another window.'],
    ['issuer_answer_refused', 'could not be trusted, so nobody was let in.'],
    ['wrong_tenant', 'You signed in with an account of another organisation.'],
    ['no_account', 'there is no account for you here.'],
  ])('%s is told in words', async (problem, words) => {
    const page = await own();
    await open(page, `/sign-in?problem=${problem}&next=/returns`);
    expect(await page.getByRole('alert').innerText()).toContain(words);
    expect(await page.getByRole('link', { name: opcc }).getAttribute('href')).toBe('/api/oidc/opcc/start?next=%2Freturns');
    expect(await axeFaults(page)).toEqual([]);
  });
});

describe('every page', () => {
  const pages: readonly (readonly [string, string | undefined])[] = [
    ['/sign-in', undefined], ['/welcome', undefined], ['/welcome#a-token-of-no-worth', undefined],
    ['/account', 'manager@opcc.demo'], ['/account/permissions', 'manager@opcc.demo'], ['/settings', 'manager@opcc.demo'], ['/settings/qualifying_visit_minutes', 'manager@opcc.demo'],
    ['/people', 'admin@opcc.demo'], ['/audit', 'auditor@opcc.demo'], ['/audit?action=roleProposed', 'auditor@opcc.demo'], ['/audit?action=nothing+of+the+kind', 'auditor@opcc.demo'],
    ['/audit/digests', 'auditor@opcc.demo'], ['/people/00000000-0000-4000-8000-000000000000', 'admin@opcc.demo'], ['/settings/unknown', 'manager@opcc.demo'],
  ];
  const signedIn = new Map<string, Page>();

  async function visitor(email: string | undefined): Promise<Page> {
    const known = signedIn.get(email ?? '');
    if (known) return known;
    const page = await own(email);
    signedIn.set(email ?? '', page);
    return page;
  }

  test.each(pages)('%s reflows, and axe finds nothing', async (path, email) => {
    const page = await visitor(email);
    await open(page, path);
    for (const fold of (await page.locator('main summary').all()).slice(0, 3)) await fold.click();
    expect(await faultsOf(page, path)).toEqual([]);
  });

  test('a person’s page, with an end, a decision and a timeline open, and a script for a name', async () => {
    const page = await visitor('admin@opcc.demo');
    await open(page, `/people/${strangerId}`);
    expect(await heading(page)).toBe(scripted);
    await page.getByRole('button', { name: 'End the role warden' }).click();
    for (const fold of await page.locator('main summary').all()) await fold.click();
    expect(await faultsOf(page, 'person')).toEqual([]);
    expect(await page.locator('main script, main img').count()).toBe(0);
    expect(await ranScript(page)).toBe(false);
  });

  test('a form that was refused', async () => {
    const page = await visitor('admin@opcc.demo');
    await open(page, '/people');
    await press(page, 'Make the link');
    expect(await page.getByRole('alert').innerText()).toBe('There is a problem\nEnter name\nEnter work e-mail address\nChoose: organisation');
    expect(await faultsOf(page, 'people refused')).toEqual([]);
  });

  test('the second factor, from the account page to the recovery codes', async () => {
    const page = await visitor('manager@opcc.demo');
    await open(page, '/account');
    await press(page, 'Set up a second factor');
    await page.locator('.factor__key').waitFor();
    expect(await faultsOf(page, 'factor')).toEqual([]);
    await page.getByLabel('Six-figure code from the app').fill(codeFor(await shownKey(page), new Date()));
    await press(page, 'Confirm');
    await page.locator('.factor__codes').waitFor();
    expect(await heading(page)).toBe('Keep your recovery codes');
    expect(await faultsOf(page, 'codes')).toEqual([]);
    await press(page, 'I have kept them');
    await page.getByText('10 of your recovery codes are unused.').waitFor();
  });
});

test('nothing failed in a browser but what was meant to', () => {
  expect(screens.complaints.filter((text) => !/status of (401|409|410|422)/.test(text))).toEqual([]);
});
