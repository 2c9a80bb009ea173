/** Browsers of several people at once on one service, for tests where they meet. */
import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { axeFaults, desk, newContext, openBrowser, overflow, phone, settled, signIn } from './browser.ts';
import type { TestService } from './database.ts';

/** Everything a page could run from a stored name; none of it may. */
export const scripted = '<img src=x onerror="window.ranFromAName=1"><script>window.ranFromAName=1</script> ${1} {{2}}';

export interface Screens {
  /** A browser of somebody's own, signed in when given a demonstration user's address. */
  own(email?: string): Promise<Page>;
  open(page: Page, path: string): Promise<void>;
  /** Signs somebody in by the form, as far as the password goes. */
  enter(page: Page, email: string, password: string): Promise<void>;
  /** What the browsers' consoles complained of. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export async function openScreens(service: TestService): Promise<Screens> {
  const browser: Browser = await openBrowser();
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];
  const open = async (page: Page, path: string): Promise<void> => {
    await page.goto(service.address + path);
    await settled(page);
  };
  return {
    complaints,
    async own(email) {
      const context = await newContext(browser, desk);
      contexts.push(context);
      const page = await context.newPage();
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      if (email) await signIn(page, service.address, email);
      return page;
    },
    open,
    async enter(page, email, password) {
      await open(page, '/sign-in');
      await page.getByLabel('E-mail address').fill(email);
      await page.getByLabel('Password').fill(password);
      await press(page, 'Sign in');
    },
    async close() {
      for (const context of contexts) await context.close();
      await browser.close();
    },
  };
}

/** A further administrator among the demonstration users, since no role that approves is given by one alone. */
export async function addAdministrator({ database: { db } }: TestService, email: string): Promise<void> {
  const known = await db('person').where({ email: 'admin@opcc.demo' }).first();
  const id = randomUUID();
  await db('person').insert({ ...known, id, email, name: 'Second administrator' });
  await db('role_grant').insert({ id: randomUUID(), person_id: id, role: 'administrator', valid_from: '2020-01-01' });
}

export const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

export const heading = (page: Page): Promise<string | null> => page.getByRole('heading', { level: 1 }).textContent();

/** True when something stored ran as a script. */
export const ranScript = (page: Page): Promise<boolean> => page.evaluate(() => 'ranFromAName' in window);

/** What an authenticator app shows for a key at a time. */
export const codeFor = (secret: string, at: Date): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });

/** The key of the second factor, as the page shows it in fours. */
export async function shownKey(page: Page): Promise<string> {
  return ((await page.locator('.factor__key').textContent()) ?? '').replaceAll(' ', '');
}

/** What axe finds and what is wider than the window, at a desk and on a phone; keeps pictures where PICTURES names a folder. */
export async function faultsOf(page: Page, name: string): Promise<unknown[]> {
  const faults: unknown[] = [];
  for (const [where, viewport] of [['desk', desk], ['phone', phone]] as const) {
    await page.setViewportSize(viewport);
    const wide = await overflow(page);
    if (wide > 0) faults.push({ where, wide });
    faults.push(...(await axeFaults(page)).map((fault) => ({ at: where, ...fault })));
    await keepPicture(page, `${name}-${where}`);
  }
  await page.setViewportSize(desk);
  return faults;
}

async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['PICTURES'];
  if (!folder) return;
  const { width, height } = await page.evaluate(() => ({ width: document.documentElement.clientWidth, height: document.documentElement.scrollHeight }));
  await page.screenshot({ path: `${folder}/${name.replace(/\W+/g, '-')}.png`, fullPage: true, clip: { x: 0, y: 0, width, height: Math.min(height, 2600) } });
}
