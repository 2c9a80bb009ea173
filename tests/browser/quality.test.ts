/** Data quality, sources, interventions and the map's layers as an analyst uses them, at both widths, with axe. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { axeFaults, desk, newContext, openBrowser, overflow, phone, picture, settled, signIn } from '../support/browser.ts';
import type { TestService } from '../support/database.ts';
import { demonstrationNow, startDemonstrationService } from '../support/demonstration.ts';

let service: TestService;
let browser: Browser;
let page: Page;
const complaints: string[] = [];
beforeAll(async () => {
  service = await startDemonstrationService({ client: await clientRoutes(), now: () => demonstrationNow });
  browser = await openBrowser();
  page = await (await newContext(browser, desk)).newPage();
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await signIn(page, service.address, 'analyst@opcc.demo');
}, 300_000);
afterAll(async () => {
  await browser.close();
  await service.close();
});

async function open(path: string, own = page): Promise<void> {
  await own.goto(service.address + path);
  await settled(own);
}

/** Looks at the page at both widths: nothing for axe to find, nothing wider than a phone. */
async function look(name: string): Promise<void> {
  for (const [width, viewport] of Object.entries({ desk, phone })) {
    await page.setViewportSize(viewport);
    await settled(page);
    if (process.env['PICTURES']) await page.screenshot({ path: `node_modules/.cache/pictures/${name}-${width}.png`, fullPage: true });
    expect(await axeFaults(page), `${name} at ${width}`).toEqual([]);
    expect(await overflow(page), `${name} at ${width}`).toBe(0);
  }
  await page.setViewportSize(desk);
}

test('the quality panel adds up and shows what crosses its period', async () => {
  if (process.env['PICTURES']) await picture(page, 'node_modules/.cache/pictures/start.png');
  await open('/data/quality?from=2022-01&to=2023-06');
  expect(await page.getByText(/= [\d,]+ in councils \+ \d+ outside \+ \d+ without a place \+ \d+ at excluded geocodes/).count()).toBe(1);
  expect(await page.getByText('Recording change, from 1 April 2022 on').count()).toBe(1);
  expect(await page.getByText('Gap, 6 February 2023 until before 13 February 2023').count()).toBe(1);
  expect(await page.getByText('Ward boundaries change within the period, on 2023-05-04').count()).toBe(1);
  expect(await page.getByRole('row', { name: /Demonstration council office/ }).count()).toBe(1);
  await look('quality');
});

test('a note is added, seen on the map at once, and withdrawn', async () => {
  await open('/data/quality');
  await page.getByText('Add a recording change or a gap').click();
  await page.getByLabel('First day', { exact: true }).fill('2024-01-15');
  await page.getByLabel('What changed or is missing').fill('A new form for complaints.');
  await page.getByRole('button', { name: 'Add the note' }).click();
  await page.getByText('The note is added.').waitFor();
  await open('/map');
  await page.getByText('Recording change, from 15 January 2024 on: A new form for complaints.').waitFor();
  await open('/back-test?resolution=8');
  await page.getByText('Recording change, from 15 January 2024 on: A new form for complaints.').waitFor({ timeout: 60_000 });
  await open('/data/quality');
  await page.getByRole('row', { name: /A new form for complaints/ }).getByRole('button', { name: 'Withdraw' }).click();
  await page.getByLabel('Reason', { exact: true }).first().fill('Entered to try it');
  await page.getByRole('button', { name: 'Withdraw the note' }).click();
  await page.getByText('The note is withdrawn').waitFor();
  await page.getByText('Recording change, from 15 January 2024 on').waitFor({ state: 'detached' });
  expect(await page.getByRole('row', { name: /A new form for complaints/ }).innerText()).toContain('withdrawn');
});

test('a point is left out with its reason, counted as excluded, and taken back', async () => {
  await open('/data/quality');
  const { lng, lat } = await service.database.db('location').join('incident', 'incident.location_id', 'location.id').where({ source_code: 'demonstration-police' }).orderBy('incident.id').first('lng', 'lat');
  await page.getByText('Leave a point out').click();
  await page.getByLabel('What stands there').fill('Police station');
  await page.getByLabel('Latitude').fill('5460');
  await page.getByLabel('Longitude').fill(String(lng));
  await page.getByLabel('First month').fill('2021-07');
  await page.getByRole('group').getByLabel('Reason').last().fill('Calls without a place');
  await page.getByRole('button', { name: 'Leave the point out' }).click();
  await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
  expect(await axeFaults(page)).toEqual([]);
  await page.getByLabel('Latitude').fill(String(lat));
  await page.getByRole('button', { name: 'Leave the point out' }).click();
  await page.getByText(/Police station is left out: \d+ rows at 1 points\. The months it touches have been counted again\./).waitFor({ timeout: 60_000 });
  await page.getByRole('row', { name: /Police station/ }).getByRole('button', { name: 'End' }).click();
  await page.locator('.state').getByLabel('Reason').fill('Entered to try it');
  await page.getByRole('button', { name: 'End the exclusion' }).click();
  await page.getByText('Police station is no longer left out. The months it touches have been counted again.').waitFor({ timeout: 60_000 });
});

test('a source is weighed and a category given its subtypes', async () => {
  await open('/data/sources');
  await look('sources');
  await page.getByText('Set a weight').click();
  await page.getByLabel('Source', { exact: true }).selectOption('demonstration-complaints');
  await page.getByLabel('Weight', { exact: true }).fill('0.25');
  await page.getByLabel('First month').fill('2024-03');
  await page.getByLabel('Reason').fill('A repeated caller');
  await page.getByRole('button', { name: 'Set the weight' }).click();
  await page.getByText('From March 2024 on an incident of Demonstration council complaints').waitFor();
  await page.getByRole('row', { name: /Nuisance vehicle/ }).getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Youth').check();
  await page.locator('#mapping').getByLabel('Reason').fill('Mostly off-road bikes ridden by young people');
  await page.getByRole('button', { name: 'Set the subtypes' }).click();
  await page.getByText('Nuisance vehicle: nuisance, youth, vehicle.').waitFor();
  expect(await page.getByRole('row', { name: /Nuisance vehicle/ }).innerText()).toContain('Nuisance, Youth, Vehicle');
});

test('the map lays sources over each other, filters by subtype and colours by weight', async () => {
  await open('/map?subtype=vehicle&colour=weighted');
  await page.getByText('Nuisance vehicle').first().waitFor({ state: 'attached' });
  await open('/map?colour=none&category=all&over=demonstration-fires,demonstration-noise');
  await page.getByRole('heading', { name: 'Sources side by side' }).waitFor();
  await page.getByRole('columnheader', { name: /fire service/ }).waitFor();
  await look('map-sources');
  await page.getByLabel('Demonstration fly-tipping reports').check();
  await page.getByRole('columnheader', { name: /fly-tipping/ }).waitFor();
  expect(page.url()).toContain('demonstration-fly-tipping');
});

test('area layers and interventions have their tables, and an index that cannot be made says why', async () => {
  await open('/map?area=deprivation-2025&colour=none&other=interventions');
  await page.getByRole('heading', { name: 'Deprivation 2025, overall' }).waitFor();
  await page.getByRole('row', { name: /Bonfire Night 2023/ }).waitFor();
  await look('map-deprivation');
  await page.getByLabel('Area layer').selectOption('vli-2025');
  await page.getByText('No index is shown: Burglary to a dwelling, Criminal damage to a dwelling are missing').waitFor();
  expect(await page.getByText('To look at beside the incidents. It never changes the rank').count()).toBe(1);
  await look('map-vli');
  await page.getByLabel('Area layer').selectOption('young');
  await page.getByRole('heading', { name: 'People aged 15 to 24, 2020' }).waitFor();
});

test('a council logs an intervention of its own, and it stands beside the figures of its hotspots', async () => {
  const own = await (await newContext(browser, desk)).newPage();
  await signIn(own, service.address, 'lead@hartlepool.demo');
  await open('/interventions', own);
  await own.getByLabel('Kind').selectOption('cctv');
  await own.getByLabel('Name').fill('Cameras at the hotspot');
  await own.getByLabel('First day').fill('2023-09-01');
  await own.getByLabel('Where').selectOption('hotspot');
  const hotspot = own.getByLabel('Hotspot', { exact: true });
  const id = await hotspot.locator('option').nth(1).getAttribute('value');
  await hotspot.selectOption(id);
  await own.getByRole('button', { name: 'Log the intervention' }).click();
  await own.getByText('Cameras at the hotspot is logged').waitFor();
  expect(await axeFaults(own)).toEqual([]);
  await open(`/hotspots/${id}`, own);
  expect(await own.getByText('CCTV: Cameras at the hotspot, from 2023-09-01 on').count()).toBe(1);
  expect(await own.getByText('Gap, 6 February 2023 until before 13 February 2023').count()).toBe(1);
  await open('/interventions');
  await look('interventions');
  await open(`/hotspots/${id}`);
  await look('hotspot-beside');
});

test('a return says what its year-before comparison crosses', async () => {
  await service.database.db('recording_note').insert({ kind: 'change', starts_on: '2023-06-01', what: 'A new recording standard.' });
  const manager = await (await newContext(browser, desk)).newPage();
  await signIn(manager, service.address, 'manager@opcc.demo');
  await open('/returns/2023-10', manager);
  await manager.getByText('Recording change, from 1 June 2023 on: A new recording standard.').waitFor();
  expect(await axeFaults(manager)).toEqual([]);
});

test('nothing was complained about', () => {
  expect(complaints).toEqual([]);
});
