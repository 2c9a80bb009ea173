/** A track sent by a warden: looked through, recorded, sent again, and a hostile one refused. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, addWarden, hartlepool, startPatrols } from '../support/patrols.ts';
import { faultsOf, openScreens, press, type Screens } from '../support/screens.ts';
import { gpxOf } from '../support/tracks.ts';

let service: TestService;
let screens: Screens;
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes(), now: () => new Date('2024-06-01T12:00:00Z') });
  const { db } = service.database;
  await addHotspot(db, { name: 'York Road' });
  await addWarden(db, 'H-01');
  await startPatrols(db, hartlepool);
  screens = await openScreens(service);
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

const fixes = Array.from({ length: 40 }, (_, minute) => ({ atMs: Date.parse('2023-10-02T17:00:00Z') + minute * 60_000, lng: minute < 5 || minute > 25 ? -1.217 : -1.2105 + 0.0001 * (minute % 7), lat: 54.686, errorMetres: 5 }));
const file = (text: string) => ({ name: 'evening.gpx', mimeType: 'application/gpx+xml', buffer: Buffer.from(text) });

test('a warden sees the visits of a track, records them once, and a file with a document type is refused', async () => {
  const page = await screens.own('warden@hartlepool.demo');
  await screens.open(page, '/tracks');
  expect(await faultsOf(page, 'tracks')).toEqual([]);
  await page.getByLabel('GPX file').setInputFiles(file(gpxOf(fixes, '<!DOCTYPE gpx>')));
  await page.getByLabel('H-01').check();
  await press(page, 'Look for visits');
  await page.getByText('evening.gpx: it has a document type').first().waitFor();
  await page.getByLabel('GPX file').setInputFiles(file(gpxOf(fixes)));
  await press(page, 'Look for visits');
  await page.getByLabel('Day the shift started').fill('2023-10-02');
  await page.getByLabel('Shift started', { exact: true }).fill('17:00');
  await page.getByLabel('Shift ended').fill('01:00');
  await press(page, 'Look for visits');
  await page.getByRole('button', { name: 'Record these visits' }).waitFor();
  expect(await page.getByRole('row', { name: /York Road/ }).innerText()).toMatch(/18:0\d.*18:2\d.*20.*new/s);
  expect(await faultsOf(page, 'track-preview')).toEqual([]);
  await press(page, 'Record these visits');
  await page.getByText('1 visit recorded, 0 h 20 min person-hours.').waitFor();
  await page.getByRole('row', { name: /York Road 20 min/ }).waitFor();
  expect(await faultsOf(page, 'track-recorded')).toEqual([]);
  expect(await service.database.db('visit').count('* as n').first()).toEqual({ n: 1 });
  // The refusal is an answer of the service; the console says it had one.
  expect(screens.complaints.filter((words) => !words.includes('422'))).toEqual([]);
});
