/** Printing a page to PDF by a headless Chromium of the machine's own, for a bounded time and with nothing to reach. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../errors.ts';
import { turnstile } from '../turnstile.ts';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/usr/lib/chromium/chromium', '/snap/bin/chromium', '/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
const limitMs = 30_000;
/** A browser takes memory, so one page is printed at a time. */
const inTurn = turnstile(1);

/** Where Chromium is installed; undefined where it is not. */
export const findChromium = (): string | undefined => places.find((path) => existsSync(path));

/** A page of HTML as PDF. Throws 503 in words where there is no Chromium or it does not finish in 30 seconds. */
export async function printToPdf(html: string, chromium = findChromium()): Promise<Buffer> {
  if (!chromium) throw new AppError(503, 'no_chromium', 'This server has no Chromium, so it makes no PDF. Open its page and print it: the page has a print layout, and browsers save it as PDF.');
  return inTurn(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'print-'));
    try {
      const [page, pdf] = [join(folder, 'page.html'), join(folder, 'page.pdf')];
      await writeFile(page, html);
      await run(chromium, [
        '--headless', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-extensions', '--host-resolver-rules=MAP * ~NOTFOUND',
        // As root Chromium refuses its own sandbox; the page is ours and holds no script.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${join(folder, 'profile')}`, '--no-pdf-header-footer', `--print-to-pdf=${pdf}`, pathToFileURL(page).href,
      ]);
      return await readFile(pdf);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  });
}

function run(command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that its helpers end with it.
    const child = spawn(command, [...args], { detached: true, stdio: 'ignore' });
    const failed = (why: string): AppError => new AppError(503, 'pdf_failed', `The PDF could not be made: ${why}. Try again, or print the page from the browser.`);
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      reject(failed('Chromium did not finish in 30 seconds'));
    }, limitMs);
    child.once('error', () => reject(failed('Chromium did not start'))).once('exit', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else reject(failed(`Chromium ended with code ${code}`));
    });
  });
}
