/** Rounds on screen: a base set, rounds drawn and looked at by the lead, drawn again, repeated by the auditor, walked by a warden. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientRoutes } from '../../server/client.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, addWarden, hartlepool } from '../support/patrols.ts';
import { addPublishedShift } from '../support/rotas.ts';
import { faultsOf, openScreens, press, type Screens } from '../support/screens.ts';

let service: TestService;
let screens: Screens;
const monday = '2098-10-06';
beforeAll(async () => {
  service = await startTestService({ client: await clientRoutes() });
  const { db } = service.database;
  const hotspots: string[] = [];
  for (let nth = 0; nth < 7; nth++) hotspots.push(await addHotspot(db, { name: `Place ${nth + 1}`, at: [-1.23 + 0.007 * (nth % 4), 54.68 + 0.006 * Math.floor(nth / 4)] }));
  const wardens = [await addWarden(db, 'H-01'), await addWarden(db, 'H-02')];
  await db('planned_hours').insert(hotspots.flatMap((id, nth) => [3, 4].map((band) => ({ hotspot_id: id, council_code: hartlepool, week: monday, band_day: 1, band, visits: nth === 0 ? 5 : 1, person_minutes: 30, cost_pence: 0 }))));
  await addPublishedShift(db, { councilCode: hartlepool, day: monday, startsAt: `${monday}T13:00Z`, endsAt: `${monday}T21:00Z`, wardens });
  const { id: person } = await db('person').where({ email: 'warden@hartlepool.demo' }).first();
  await db('warden_account').insert({ warden_id: wardens[0], council_code: hartlepool, person_id: person });
  screens = await openScreens(service);
});
afterAll(async () => {
  await screens.close();
  await service.close();
});

test('a lead enters a base, draws rounds and draws them again; the auditor repeats the draw; the warden sees the own', async () => {
  const lead = await screens.own('lead@hartlepool.demo');
  await screens.open(lead, '/rounds');
  await lead.getByText('No base is entered yet.').waitFor();
  await lead.getByRole('link', { name: 'Enter where rounds start and end' }).click();
  await lead.getByLabel('Name').fill('Civic Centre');
  await lead.getByLabel('Latitude').fill('54.6861');
  await lead.getByLabel('Longitude').fill('-1.2129');
  await press(lead, 'Keep base');
  await lead.getByText('Kept the base Civic Centre.').waitFor();
  expect(await faultsOf(lead, 'round-bases')).toEqual([]);
  await screens.open(lead, '/rounds');
  await press(lead, 'Draw rounds for the shift without');
  await lead.getByText('Rounds drawn for 1 shift.').waitFor();
  expect(await faultsOf(lead, 'rounds')).toEqual([]);
  await lead.getByRole('link', { name: /Late, 14:00 to 22:00/ }).click();
  await lead.getByRole('heading', { name: /^Crew 1 \(H-01, H-02\), leg 1/ }).waitFor();
  await lead.getByRole('heading', { name: 'Visits left out' }).waitFor();
  expect(await faultsOf(lead, 'round')).toEqual([]);
  await lead.getByLabel('Why').fill('Road works');
  await press(lead, 'Draw again');
  await lead.getByText(/Draw 2, /).waitFor();
  const address = new URL(lead.url()).pathname;
  const auditor = await screens.own('auditor@opcc.demo');
  await screens.open(auditor, address);
  await press(auditor, 'Repeat the draw');
  await auditor.getByText('The draw was repeated and gives exactly these rounds.').waitFor();
  expect(await auditor.getByText(/Road works/).count()).toBe(1);
  expect(await faultsOf(auditor, 'round-auditor')).toEqual([]);
  const warden = await screens.own('warden@hartlepool.demo');
  await screens.open(warden, '/rounds');
  await warden.getByRole('link', { name: /Late/ }).click();
  await warden.getByRole('heading', { name: /leg 1/ }).waitFor();
  expect(await warden.getByRole('heading', { name: 'Visits left out' }).count()).toBe(0);
  expect(await warden.getByText(/Drawn among/).count()).toBe(0);
  expect(await faultsOf(warden, 'round-warden')).toEqual([]);
  const pdf = await warden.pdf({ format: 'A4' });
  expect(pdf.byteLength).toBeGreaterThan(10_000);
  expect(screens.complaints).toEqual([]);
});
