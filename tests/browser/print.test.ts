/** What is pinned to a wall or carried on a round: A4, a week of a rota to a sheet, a leg of a round to a sheet. */
import { inflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import type { TestService } from '../support/database.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import { openScreens, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
let lead: Page;
beforeAll(async () => {
  service = await startDemonstrationService({ client: await clientRoutes() });
  screens = await openScreens(service);
  lead = await screens.own('lead@hartlepool.demo');
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

/** The width and height of each sheet in points, from the PDF's objects. */
async function sheets(page: Page): Promise<string[]> {
  const file = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const packed = [...file.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, body = '']) => unpack(body));
  const pages = [file, ...packed].join('\n').matchAll(/\/Type\s*\/Page\b(?!s)[\s\S]*?\/MediaBox\s*\[([^\]]*)\]/g);
  return [...pages].map(([, box = '']) => box.trim().split(/\s+/).slice(2).map((side) => Math.round(Number(side))).join(' × '));
}

function unpack(body: string): string {
  try {
    return inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
  } catch {
    return '';
  }
}

test('a published rota is printed across, each week on its own sheet and the heading on none of its own', async () => {
  const rota = await service.database.db('rota').where({ council_code: 'E06000001' }).orderBy('starts_on', 'desc').first('id');
  await screens.open(lead, `/rotas/${rota.id}/published`);
  const weeks = await lead.locator('.rotaprint table').count();
  expect(weeks).toBe(4);
  expect(await sheets(lead)).toEqual(Array.from({ length: 4 }, () => '842 × 595'));
});

test('the rounds of a shift are printed upright, each leg on its own sheet', async () => {
  await screens.open(lead, '/rounds?week=2024-03-04');
  await lead.locator('tbody a').first().click();
  await lead.getByRole('heading', { name: /^Rounds of Late/ }).waitFor();
  const legs = await lead.locator('.round').count();
  const printed = await sheets(lead);
  expect(new Set(printed)).toEqual(new Set(['595 × 842']));
  expect(printed.length).toBe(legs + 1);
});

test('a return’s wide tables lie on their side', async () => {
  const manager = await screens.own('manager@opcc.demo');
  await screens.open(manager, '/returns/2023-10');
  expect(new Set(await sheets(manager))).toEqual(new Set(['842 × 595']));
});
