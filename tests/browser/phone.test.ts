/** The wardens' phone: three taps to a visit, without a connection, closed and opened again, on the worst of lines; each visit once. */
import { mkdtempSync, cpSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import supertest from 'supertest';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { openDatabase } from '../../server/database.ts';
import { readConfig } from '../../server/config.ts';
import { openBadLine, type BadLine } from '../support/badLine.ts';
import { axeFaults, openBrowser, signIn } from '../support/browser.ts';
import { openTestDatabase, startTestService, type TestService } from '../support/database.ts';
import { arrive, leave, log, logVisit, minutes, prepare, takePhone, warden } from '../support/phone.ts';
import { type RunningProcess, startProcess } from '../support/processes.ts';

/** For machines that are busy with other things. */
const patient = { timeout: 60_000 };

let browser: Browser;
let context: BrowserContext;
beforeAll(async () => {
  browser = await openBrowser();
});
afterEach(async () => {
  await context?.close();
});
afterAll(() => browser.close());

/** A phone whose browser is closed after the test. */
async function take(address: string, viewport?: { width: number; height: number }): Promise<Page> {
  const phone = await takePhone(browser, address, viewport);
  context = phone.context;
  return phone.page;
}

const states = (page: Page): Promise<string[]> => page.locator('.item__state').allInnerTexts();

describe('without a connection and on a bad line', () => {
  let environment: { config: ReturnType<typeof readConfig>; close: () => Promise<void> };
  let running: RunningProcess;
  let line: BadLine;
  beforeAll(async () => {
    if (process.env['DATABASE_URL']) {
      const database = await openTestDatabase();
      await prepare(database.db);
      environment = database;
    } else {
      // The embedded database belongs to one process at a time: prepared here, then handed over.
      const dataDir = mkdtempSync(join(tmpdir(), 'hotspots-phone-'));
      cpSync(inject('template'), dataDir, { recursive: true });
      const config = readConfig({ DATA_DIR: dataDir, DEMONSTRATION: 'true', TILE_URL: 'none', LOG_LEVEL: 'fatal', PORT: '0' });
      const database = await openDatabase(config, { mustOwn: true });
      await prepare(database.db);
      await database.close();
      environment = { config, close: async () => rmSync(dataDir, { recursive: true, force: true }) };
    }
    running = await startProcess(environment);
    line = await openBadLine();
    line.leadsTo(running.address);
  });
  afterAll(async () => {
    await line?.close();
    await running?.kill();
    await environment?.close();
  });

  test('three visits logged, the page closed and opened again; sent twice each, the service killed between: three visits, once each', async () => {
    const page = await take(line.address);
    await context.setOffline(true);
    await page.reload();
    for (const name of ['York Road', 'Church Street', 'Burn Valley']) await logVisit(page, name);
    await page.close();

    const again = await context.newPage();
    await again.goto(`${line.address}/phone`);
    await again.getByRole('button', { name: /^York Road .*Arrive/ }).waitFor();
    await again.goto(`${line.address}/phone#sent`);
    await expect.poll(() => states(again), patient).toEqual(['Waiting', 'Waiting', 'Waiting']);
    expect(line.sent).toBe(0);

    line.twice(true);
    const killed = new Promise<void>((resolve) => {
      line.losesAnswer(2, async () => {
        await running.kill();
        resolve();
      });
    });
    await context.setOffline(false);
    await killed;
    await expect.poll(() => states(again), patient).toEqual(['Waiting', 'Waiting', 'Sent']);
    running = await startProcess(environment);
    line.leadsTo(running.address);
    await again.clock.fastForward(2 * minutes);
    await expect.poll(() => states(again), patient).toEqual(['Sent', 'Sent', 'Sent']);

    const lead = supertest.agent(running.address);
    await lead.post('/api/session').send({ email: 'lead@hartlepool.demo', password: 'demonstration' }).expect(200);
    const { body } = await lead.get('/api/visits?from=2020-01-01&to=2099-12-31').expect(200);
    expect(body.visits.map(({ hotspot, minutes, persons }: { hotspot: string; minutes: number; persons: number }) => [hotspot, minutes, persons])).toEqual([['Burn Valley', 16, 2], ['Church Street', 16, 2], ['York Road', 16, 2]]);
    expect(new Set(body.visits.map(({ patrolReference }: { patrolReference: string }) => patrolReference)).size).toBe(1);
    // Each of the three went at least twice, and the second one a third time after the service was killed.
    expect(line.sent).toBeGreaterThanOrEqual(7);
  });
});

describe('with a service', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ client: await clientRoutes() });
    await prepare(service.database.db);
  });
  afterAll(() => service.close());

  const visits = (): Promise<{ hotspot_id: string; recorded_how: string; note: string }[]> => service.database.db('visit').orderBy('started_at');

  test('both fixes in the hotspot make it GPS, and no place leaves the phone', async () => {
    const page = await take(service.address);
    await context.grantPermissions(['geolocation']);
    await context.setGeolocation({ longitude: -1.21, latitude: 54.686, accuracy: 8 });
    const sent: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.postData() ?? ''));
    await logVisit(page, 'York Road');
    await page.goto(`${service.address}/phone#sent`);
    await page.getByText('Recorded by GPS: both fixes lie in the hotspot.').waitFor();
    expect(sent.filter((body) => body.includes('54.68') || body.includes('-1.21'))).toEqual([]);
    expect(sent.filter((body) => body.includes('"arrived":{"found":"inside","accuracyMetres":8}'))).toHaveLength(1);
    expect((await visits()).at(-1)).toMatchObject({ recorded_how: 'gps' });
  });

  test('what is refused says why, is mended and sent again, and is recorded once', async () => {
    const page = await take(service.address);
    await page.goto(`${service.address}/phone#crew`);
    await page.getByLabel('H-01').check();
    await page.goto(`${service.address}/phone#`);
    await arrive(page, 'Church Street');
    await service.database.db('warden').where({ reference: 'H-01' }).update({ employed_to: '2024-01-01' });
    await page.getByRole('button', { name: 'One more: Informal warnings' }).tap();
    await page.clock.fastForward(16 * minutes);
    await leave(page);
    await log(page);
    await page.goto(`${service.address}/phone#sent`);
    await page.getByText(/^H-01 is not employed on .*\. Check the date, or the warden’s dates\.$/).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    const before = (await visits()).length;
    await page.getByRole('link', { name: 'Correct it' }).tap();
    await page.getByRole('heading', { name: 'Correct a visit' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await page.getByLabel('H-01').uncheck();
    await page.getByRole('button', { name: 'Send again' }).tap();
    await expect.poll(async () => (await visits()).length, patient).toBe(before + 1);
    await expect.poll(() => states(page), patient).toContain('Sent');
    expect(await service.database.db('visit_action').where({ action_code: 'informal_warning' })).toMatchObject([{ n: 1 }]);
    await service.database.db('warden').where({ reference: 'H-01' }).update({ employed_to: null });
  });

  test('the visit under way outlives the page; a sign-in that ended loses nothing, and nobody else sees the queue', async () => {
    const page = await take(service.address);
    await arrive(page, 'Burn Valley');
    await page.getByRole('heading', { name: 'Burn Valley' }).waitFor();
    await service.database.db('session').delete();
    await page.clock.fastForward(16 * minutes);
    await page.reload();
    await page.getByRole('heading', { name: 'Burn Valley' }).waitFor();
    await leave(page);
    await log(page);
    await page.getByText('Burn Valley: visit logged.').waitFor();
    await page.getByText('Your sign-in has ended.').waitFor();
    await signIn(page, service.address, 'lead@hartlepool.demo');
    await page.goto(`${service.address}/phone#sent`);
    await page.getByText('Nothing recorded on this phone yet.').waitFor();
    const before = (await visits()).length;
    await page.goto(`${service.address}/phone#crew`);
    await page.getByRole('button', { name: 'Sign out' }).tap();
    await page.waitForURL(/sign-in/);
    await signIn(page, service.address, warden);
    await page.goto(`${service.address}/phone#sent`);
    await expect.poll(() => states(page), patient).toEqual(['Sent']);
    expect((await visits()).length).toBe(before + 1);
  });

  test('signing out warns while something waits', async () => {
    const page = await take(service.address);
    await context.setOffline(true);
    await page.goto(`${service.address}/phone#handover`);
    await page.getByLabel('For the next shift').fill('Lights out by the underpass');
    await page.getByRole('button', { name: 'Leave the note' }).tap();
    await page.goto(`${service.address}/phone#crew`);
    await page.getByRole('button', { name: 'Sign out' }).tap();
    await page.getByText('1 hand-over note not sent.').waitFor();
    await page.getByRole('button', { name: 'Stay and send' }).tap();
    await context.setOffline(false);
    await expect.poll(async () => (await service.database.db('handover_note')).length, patient).toBe(1);
    const next = await service.client('lead@hartlepool.demo');
    expect((await next.get('/api/handover-notes')).body.notes).toMatchObject([{ note: 'Lights out by the underpass' }]);
  });

  test('so does signing out anywhere else on the same phone', async () => {
    const page = await take(service.address, { width: 1280, height: 900 });
    await page.route('**/api/handover-notes', (route) => route.abort());
    await page.goto(`${service.address}/phone#handover`);
    await page.getByLabel('For the next shift').fill('Gate open');
    await page.getByRole('button', { name: 'Leave the note' }).tap();
    await page.getByText('Hand-over note kept.').waitFor();
    await page.goto(`${service.address}/visits`);
    const asked = page.waitForEvent('dialog').then(async (dialog) => {
      await dialog.dismiss();
      return dialog.message();
    });
    await page.getByRole('button', { name: 'Sign out' }).tap();
    expect(await asked).toMatch(/^Not sent from this device: 1 hand-over note\. It stays here until you sign in again/);
    expect(new URL(page.url()).pathname).toBe('/visits');
  });

  test('a missed visit is recorded with its reason', async () => {
    const page = await take(service.address);
    await page.getByRole('link', { name: 'A visit was missed' }).tap();
    await page.getByLabel('York Road').check();
    await page.getByLabel('Weather').check();
    await page.getByLabel('Yesterday').check();
    await page.getByRole('button', { name: 'Record as missed' }).tap();
    await page.getByText('York Road: missed visit kept.').waitFor();
    await expect.poll(() => service.database.db('missed_visit').select('reason_code', 'visits'), patient).toEqual([{ reason_code: 'weather', visits: 1 }]);
  });
});
