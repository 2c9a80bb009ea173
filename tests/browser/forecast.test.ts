/** The first page of each role and the forecast pages on the demonstration, at a desk and on a phone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import type { TestService } from '../support/database.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import { faultsOf, heading, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
let forecast: string;
beforeAll(async () => {
  service = await startDemonstrationService({ client: await clientRoutes() });
  screens = await openScreens(service);
  forecast = `/agreements/${(await service.database.db('agreement').where({ council_code: 'E06000001' }).first()).id}/forecast`;
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

describe('the first page', () => {
  test.each(['manager@opcc.demo', 'finance@opcc.demo', 'analyst@opcc.demo', 'auditor@opcc.demo', 'admin@opcc.demo', 'lead@hartlepool.demo', 'finance@hartlepool.demo', 'warden@hartlepool.demo'])('of %s reads well at both widths', async (email) => {
    const page = await screens.own(email);
    await screens.open(page, '/');
    expect(await heading(page)).toBe('Your work');
    expect(await page.locator('.fact').count()).toBeGreaterThan(0);
    expect(await page.getByRole('heading', { name: 'Every screen' }).count()).toBe(1);
    expect(await faultsOf(page, `first ${email}`)).toEqual([]);
  });

  test('of the demonstration stands midway through its grant, and says so', async () => {
    const page = await screens.own('manager@opcc.demo');
    await screens.open(page, '/');
    expect(await page.getByText('This is the page as it would have been on').textContent()).toContain('22 November 2023');
    expect(await page.getByRole('row', { name: /Redcar and Cleveland/ }).count()).toBe(1);
    expect(await page.getByText('would stay unspent: 5 alerts').count()).toBeGreaterThan(0);
    await page.getByRole('link', { name: 'Show today’s' }).click();
    await page.getByText('No fund runs today').waitFor();
    await screens.open(page, '/?on=2023-08-20');
    await page.getByText('20 August 2023', { exact: false }).first().waitFor();
    expect(await page.getByRole('row', { name: /Redcar and Cleveland/ }).textContent()).toContain('not begun');
  });
});

describe('the forecast', () => {
  test('of all councils shows band, profile and rating, as known on a day', async () => {
    const page = await screens.own('manager@opcc.demo');
    await screens.open(page, '/forecast?on=2023-11-14&knowledge=happened');
    expect(await page.locator('.chart__band').count()).toBe(1);
    expect(await page.getByText('Rating rule').count()).toBe(1);
    expect(await faultsOf(page, 'forecast fund')).toEqual([]);
    await press(page, 'Keep this forecast');
    await page.getByText('4 forecasts are kept').waitFor();
  });

  test('of one agreement says what it assumes and why, and takes a cause', async () => {
    const page = await screens.own('manager@opcc.demo');
    await screens.open(page, `${forecast}?on=2023-11-14&knowledge=happened`);
    expect(await page.locator('.assumptions li').count()).toBe(7);
    expect(await faultsOf(page, 'forecast agreement')).toEqual([]);
    await page.getByText('Enter a cause').click();
    await page.getByLabel('Cause', { exact: true }).selectOption('vetting');
    await page.getByLabel('Money not spent because of it').fill('12,500');
    await page.getByLabel('Reason', { exact: true }).fill('Clearance took nine weeks');
    await press(page, 'Keep the cause');
    await page.getByText('The cause is kept.').waitFor();
    expect(await page.getByRole('row', { name: /vetting/ }).textContent()).toContain('£12,500.00');
  });

  test('refuses a cause without money in the form, naming the field', async () => {
    const page = await screens.own('lead@hartlepool.demo');
    await screens.open(page, forecast);
    await page.getByText('Enter a cause').click();
    await press(page, 'Keep the cause');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('Enter money not spent because of it');
    expect(await faultsOf(page, 'forecast refused')).toEqual([]);
  });

  test('puts nothing on the console', () => expect(screens.complaints).toEqual([]));
});
