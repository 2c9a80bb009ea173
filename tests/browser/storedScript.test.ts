/** Text somebody stored is text on every page: no element of it ever comes to stand in the document. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pages } from '../../client/pages/index.ts';
import { clientRoutes } from '../../server/client.ts';
import { may } from '../../server/permissions.ts';
import { desk, newContext, openBrowser, settled, signIn } from '../support/browser.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';

const hostile = `<img src="stored" onerror="window.ran=1"><script>window.ran=1</script><a href="javascript:window.ran=1">x</a>`;
/** Every column of words that people or their files fill. */
const columns: Record<string, readonly string[]> = {
  hotspot: ['reason'], hot_cell: ['place_name'], warden: ['reference'], visit: ['note'], fund: ['name', 'purpose', 'funder'], agreement: ['reference'],
  setting: ['describes', 'source', 'unit'], job: ['step'], organisation: ['name'], source: ['name', 'publisher', 'licence'], category: ['name'], boundary: ['name'],
  action_kind: ['name', 'describes'], import_file: ['name'], bank_holiday: ['name'], place_source: ['attribution', 'publisher'], person: ['name'],
};

let service: TestService;
let browser: Browser;
beforeAll(async () => {
  service = await startDemonstrationService({ client: await clientRoutes() });
  const { db } = service.database;
  for (const [table, names] of Object.entries(columns)) {
    // The row's own place in the table keeps unique columns unique.
    for (const name of names) await db.raw(`update ${table} set ${name} = ${name} || ? || ctid::text`, [hostile]);
  }
  await db.raw(`update hotspot set name = name || ? || left(id::text, 4)`, [hostile]);
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await service?.close();
});

test.each(['manager@opcc.demo', 'admin@opcc.demo', 'lead@hartlepool.demo'])('%s sees stored text as text on every page', async (email) => {
  const { db } = service.database;
  const role = { 'manager@opcc.demo': 'grant_manager', 'admin@opcc.demo': 'administrator', 'lead@hartlepool.demo': 'council_lead' } as const;
  const first = { hotspots: 'hotspot', agreements: 'agreement', funds: 'fund', people: 'person', analysis: 'analysis_run', allocation: 'allocation_run' } as const;
  const page = await (await newContext(browser, desk)).newPage();
  await signIn(page, service.address, email);
  const ran: string[] = [];
  let told = 0;
  for (const { path, allow } of pages.filter((entry) => may([role[email as keyof typeof role]], entry.allow) && !['/sign-in', '/welcome', '/styles'].includes(entry.path))) {
    const table = first[path.split('/')[1] as keyof typeof first];
    const row = table && path.includes(':id') ? await db(table).modify((query) => void (table === 'hotspot' || table === 'agreement' ? query.where({ council_code: 'E06000001' }) : query)).first() : undefined;
    await page.goto(service.address + path.replace(':id', row?.id ?? '').replace(':month', '2023-10'));
    await settled(page);
    const found = await page.evaluate(() => ({
      ran: 'ran' in window || document.querySelector('img[src="stored"], a[href^="javascript:"], main script') !== null,
      told: document.body.innerText.includes('onerror='),
    }));
    if (found.ran) ran.push(`${path} (${allow})`);
    if (found.told) told += 1;
  }
  expect(ran).toEqual([]);
  // It was really there to be shown.
  expect(told).toBeGreaterThan(2);
});
