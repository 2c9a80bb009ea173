/** The phone's screens as they are seen and tapped: in the rain, with gloves, on a small phone; and that they may be installed. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { axeFaults, openBrowser, overflow } from '../support/browser.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { arrive, leave, minutes, prepare, takePhone } from '../support/phone.ts';

const small = { width: 320, height: 640 };
const usual = { width: 390, height: 844 };

let browser: Browser;
let service: TestService;
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes() });
  await prepare(service.database.db);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

test('it may be installed: a manifest with its icons and a worker for its own address, under the strict policy', async () => {
  const { context, page } = await takePhone(browser, service.address);
  const manifest = await (await page.request.get(`${service.address}/phone.webmanifest`)).json();
  expect(manifest).toMatchObject({ start_url: '/phone', scope: '/phone', display: 'standalone' });
  for (const { src, sizes } of manifest.icons as { src: string; sizes: string }[]) {
    const icon = await page.request.get(service.address + src);
    expect(icon.headers()['content-type']).toBe('image/png');
    // Width and height of a PNG stand at bytes 16 and 20.
    expect(`${(await icon.body()).readUInt32BE(16)}x${(await icon.body()).readUInt32BE(20)}`).toBe(sizes);
  }
  const html = await (await page.request.get(`${service.address}/phone`)).text();
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/i);
  const session = await context.newCDPSession(page);
  expect((await session.send('Page.getInstallabilityErrors')).installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([]);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope)).toBe(`${service.address}/phone`);
  await context.close();
});

test.each([['320', small], ['390', usual]])('every screen stands at %s px: nothing to tap under 48 px, nothing wider, nothing for axe', async (width, viewport) => {
  const { context, page } = await takePhone(browser, service.address, viewport);
  const faults: unknown[] = [];
  const look = async (name: string): Promise<void> => {
    const wide = await overflow(page);
    if (wide > 0) faults.push({ name, wide });
    if (await page.locator('.top__name').evaluate((words) => words.scrollWidth > words.clientWidth)) faults.push({ name, cut: 'the council’s name' });
    faults.push(...(await tooSmall(page)).map((target) => ({ name, target })), ...(await axeFaults(page)).map((fault) => ({ name, ...fault })));
    if (process.env['PICTURES']) await page.screenshot({ path: `${process.env['PICTURES']}/phone-${width}-${name}.png` });
  };
  await look('home');
  for (const screen of ['missed', 'handover', 'help', 'youth', 'translations', 'sent', 'crew']) {
    await page.goto(`${service.address}/phone#${screen}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await look(screen);
  }
  await page.goto(`${service.address}/phone#translations`);
  await page.getByRole('link', { name: /Arabic/ }).tap();
  await look('say');
  await page.goto(`${service.address}/phone#`);
  await arrive(page, 'York Road');
  await page.clock.fastForward(9 * minutes);
  await page.getByText(/^09:/).waitFor();
  await look('visit');
  await leave(page);
  await look('review');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Log this visit' }).tap();
  await page.getByText('Offline · 1 waiting').waitFor();
  await look('offline');
  expect(faults).toEqual([]);
  await context.close();
});

/** What can be tapped and is under 48 px either way; links within a sentence are text. */
function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => [...document.querySelectorAll('button, a, input, summary, textarea')].flatMap((target) => {
    const box = (target.closest('label') ?? target).getBoundingClientRect();
    const inText = target.parentElement?.matches('p') === true;
    return inText || box.width === 0 || (box.width >= 48 && box.height >= 48) ? [] : [`${target.outerHTML.slice(0, 80)}: ${Math.round(box.width)}×${Math.round(box.height)}`];
  }));
}
