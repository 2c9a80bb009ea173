/** A real browser on a running service: Debian's Chromium, axe on every page, a picture where one is asked for. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const root = fileURLToPath(new URL('../..', import.meta.url));

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

export const desk = { width: 1280, height: 900 };
export const phone = { width: 320, height: 640 };

/** A context that axe may be put into; the service's own Content-Security-Policy forbids foreign scripts, as it should. */
export function newContext(browser: Browser, viewport: { width: number; height: number }): Promise<BrowserContext> {
  return browser.newContext({ viewport, bypassCSP: false, locale: 'en-GB', timezoneId: 'Europe/London' });
}

/** Signs a demonstration user in by the form, as a person would. */
export async function signIn(page: Page, address: string, email: string): Promise<void> {
  await page.goto(`${address}/sign-in`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill('demonstration');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

export interface PageFault {
  readonly rule: string;
  readonly where: string;
}

/** What axe finds against WCAG 2.2 A and AA, each with the element it is about. */
export async function axeFaults(page: Page): Promise<PageFault[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(context: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe;
    const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return violations.flatMap((violation) => violation.nodes.map((node) => ({ rule: violation.id, where: node.html.slice(0, 160) })));
  });
}

/** Pixels by which the page is wider than the window; 0 where it reflows as it should. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
}

/** Waits until nothing on the page says it is busy. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('h1');
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .state progress'), undefined, { timeout: 60_000 });
}

/** Keeps a picture below the root; `docs/map.png` is the one the README shows. */
export async function picture(page: Page, path: string): Promise<void> {
  mkdirSync(dirname(root + path), { recursive: true });
  await page.screenshot({ path: root + path });
}
