/** A warden's phone on a street two hours ago, and the taps made on it. */
import type { Knex } from 'knex';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { signIn } from './browser.ts';
import { addHotspot, addWarden, hartlepool, startPatrols } from './patrols.ts';

export const warden = 'warden@hartlepool.demo';
export const minutes = 60_000;

/** Three hotspots of a council that patrols, and two wardens. */
export async function prepare(db: Knex): Promise<void> {
  await addHotspot(db, { name: 'York Road' });
  await addHotspot(db, { name: 'Church Street', at: [-1.2, 54.684] });
  await addHotspot(db, { name: 'Burn Valley', at: [-1.22, 54.678] });
  await addWarden(db, 'H-01');
  await addWarden(db, 'H-02');
  await startPatrols(db, hartlepool);
}

/** Signs the warden in and opens the page, with the phone's clock two hours back, so that what is logged lies in the past when it is sent. */
export async function takePhone(browser: Browser, address: string, viewport = { width: 390, height: 844 }): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport, isMobile: true, hasTouch: true, locale: 'en-GB', timezoneId: 'Europe/London' });
  const page = await context.newPage();
  await signIn(page, address, warden);
  await context.clock.install({ time: Date.now() - 120 * minutes });
  await page.goto(`${address}/phone`);
  await page.getByRole('button', { name: /^York Road .*Arrive/ }).waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  return { context, page };
}

export const arrive = (page: Page, name: string): Promise<void> => page.getByRole('button', { name: new RegExp(`^${name} .*Arrive`) }).tap();
export const leave = (page: Page): Promise<void> => page.getByRole('button', { name: 'Leave' }).tap();
export const log = (page: Page): Promise<void> => page.getByRole('button', { name: 'Log this visit' }).tap();

/** The three taps, with sixteen minutes between the first two. */
export async function logVisit(page: Page, name: string): Promise<void> {
  await arrive(page, name);
  await page.getByRole('heading', { name }).waitFor();
  await page.clock.fastForward(16 * minutes);
  await leave(page);
  await log(page);
  await page.getByText(`${name}: visit logged.`).waitFor();
  await page.clock.fastForward(5 * minutes);
}
