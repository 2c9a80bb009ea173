/** Sliders that redraw while they move, runs side by side, as a report and as files, and patterns in time: as a person uses them. */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { axeFaults, desk, newContext, openBrowser, overflow, phone, picture, settled, signIn } from '../support/browser.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';

let service: TestService;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let runIds: string[];
beforeAll(async () => {
  service = await startDemonstrationService({ client: await clientRoutes() });
  browser = await openBrowser();
  context = await newContext(browser, desk);
  page = await context.newPage();
  await signIn(page, service.address, 'analyst@opcc.demo');
  const { runAnalysis } = await import('../../server/hotspots/analysisWork.ts');
  const options = { scope: ['*'], actor: { personId: null, role: 'test' }, now: new Date('2024-07-01T09:00:00Z'), report: () => undefined };
  runIds = [];
  for (const from of ['2022-07', '2023-07']) runIds.push((await runAnalysis(service.database.db, { from, to: `${Number(from.slice(0, 4)) + 1}-06` }, options)).run.id);
});
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

async function open(path: string, on = page): Promise<void> {
  await on.goto(service.address + path);
  await settled(on);
}

/** Waits as long as a busy machine may take. */
function soon<T>(look: () => T) {
  return expect.poll(look, { timeout: 60_000, interval: 200 });
}

const screens = (): readonly (readonly [name: string, path: string])[] => [
  ['explore', '/explore'], ['persistence', '/persistence'], ['seasons', '/seasons'], ['near-repeats', '/near-repeats?from=2024-04&to=2024-06'],
  ['analysis', '/analysis'], ['run', `/analysis/${runIds[1]}`], ['compare', `/analysis/compare?first=${runIds[0]}&second=${runIds[1]}`], ['report', `/analysis/${runIds[1]}/report`], ['back-test', '/back-test'],
];

describe.each([['a desk', desk], ['a phone', phone]] as const)('at %s', (name, viewport) => {
  test.each(['explore', 'persistence', 'seasons', 'near-repeats', 'analysis', 'run', 'compare', 'report', 'back-test'])('%s has its rows and no fault', async (screen) => {
    const path = screens().find(([one]) => one === screen)?.[1] ?? '';
    const own = await newContext(browser, viewport);
    const on = await own.newPage();
    await signIn(on, service.address, 'analyst@opcc.demo');
    await open(path, on);
    await soon(() => on.locator('table tbody tr, .state--failed').count()).toBeGreaterThan(1);
    await on.waitForTimeout(600);
    await picture(on, `tests/output/${screen}-${name.replace('a ', '')}.png`);
    if (process.env['PICTURES']) await on.screenshot({ path: `${process.env['PICTURES']}/${screen}-${name.replace('a ', '')}.png`, fullPage: true, clip: { x: 0, y: 0, width: viewport.width, height: 2400 } });
    expect(await on.locator('.state--failed').allTextContents()).toEqual([]);
    expect(await overflow(on)).toBe(0);
    expect(await axeFaults(on)).toEqual([]);
    await own.close();
  });
});

const slider = (label: string) => page.getByLabel(label);
const status = () => page.locator('.mapframe__note').innerText();

describe('explore', () => {
  test('follows its sliders, keeps them in the address and comes back with them', async () => {
    await open('/explore');
    await soon(() => page.locator('.legend').innerText()).toContain('(250 m)');
    await slider('Bandwidth').focus();
    for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight');
    await soon(() => page.locator('.legend').innerText()).toContain('(300 m)');
    const before = await status();
    await slider('Last month').focus();
    await page.keyboard.press('ArrowLeft');
    await soon(status).not.toBe(before);
    await slider('Size of cells').focus();
    await page.keyboard.press('ArrowLeft');
    await soon(status).toContain('cells of resolution 8 drawn');
    const asked = new URL(page.url()).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({ bandwidth: '300', resolution: '8', from: '2023-06', to: '2024-05' });
    const rows = await page.getByRole('table', { name: /^Cells/ }).locator('tbody tr').count();
    expect(rows).toBeGreaterThan(10);
    await slider('Cells from').focus();
    for (let step = 0; step < 12; step++) await page.keyboard.press('ArrowRight');
    await soon(status).toMatch(/\d+ cells of resolution 8 drawn of \d+/);
    await page.reload();
    await soon(() => page.locator('.legend').innerText()).toContain('(300 m)');
    await soon(status).toMatch(/\d+ cells of resolution 8 drawn of \d+/);
    process.stdout.write(`A step of a slider was drawn in ${await page.locator('[data-redraw-ms]').getAttribute('data-redraw-ms')} ms.\n`);
  });

  test('gives its picture', async () => {
    await open('/explore');
    await soon(() => page.getByRole('button', { name: 'Picture (PNG)' }).count()).toBe(1);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Picture (PNG)' }).click()]);
    expect(download.suggestedFilename()).toBe('explore-2023-07-to-2024-06-250-m.png');
    expect(readFileSync(await download.path()).subarray(1, 4).toString()).toBe('PNG');
  });

  test('exports rows that say what they are from', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export as CSV' }).click()]);
    const [head = '', first = ''] = readFileSync(await download.path(), 'utf8').split('\r\n');
    expect(head).toContain('Data from,Data to,Incidents in all,Sources,Categories,Councils,Weights,Unit,Method,Bandwidth,Resolution,Threshold,Attribution');
    expect(first).toContain('Quartic kernel density, bandwidth 250 m');
  });
});

describe('a run', () => {
  test('is taken along as files and as a picture', async () => {
    await open(`/analysis/${runIds[1]}`);
    for (const [label, ending] of [['Ranked cells, CSV', 'csv'], ['Candidates, GeoJSON', 'geojson'], ['Both, GeoPackage', 'gpkg']] as const) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: label }).click()]);
      expect(download.suggestedFilename()).toMatch(new RegExp(`^analysis-2023-07-to-2024-06-.*[0-9a-f]{8}\\.${ending}$`));
    }
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Map and table as a picture (PNG)' }).click()]);
    const png = readFileSync(await download.path());
    expect(png.readUInt32BE(16)).toBe(1600);
    if (process.env['PICTURES']) await download.saveAs(`${process.env['PICTURES']}/run.png`);
  });

  test('is compared with another from the list, and reported with its hash', async () => {
    await open('/analysis');
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.waitForURL(/\/analysis\/compare\?first=/);
    await settled(page);
    await soon(() => page.getByRole('table', { name: /^Cells of either run/ }).locator('tbody tr').count()).toBeGreaterThan(20);
    await open(`/analysis/${runIds[1]}/report`);
    expect(await page.locator('.report__hash').innerText()).toMatch(/^[0-9a-f]{64}$/);
    await soon(() => page.locator('.report__map canvas').count()).toBe(1);
    for (const heading of ['What was found', 'Where', 'How sure', 'How it was made', 'What it cannot tell', 'To make it again']) expect(await page.getByRole('heading', { name: heading, exact: true }).count()).toBe(1);
    if (process.env['PICTURES']) await page.pdf({ path: `${process.env['PICTURES']}/report.pdf`, format: 'A4' });
  });
});

test('near repeats of a source that knows only the month are refused in words', async () => {
  await open('/near-repeats?source=demonstration-police');
  const said = () => page.locator('.state--failed').textContent().catch(() => '');
  await soon(said).toContain('gives the month of each incident and not the day');
  expect(await page.locator('table').count()).toBe(0);
});
