/** GPX files over HTTP: looked through, recorded once, refused by name; points inside hotspots for as long as the rule says. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { forgetPoints } from '../../server/recording/trackWork.ts';
import type { TrackFix } from '../../server/recording/trackGpx.ts';
import { inScope } from '../../server/database.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, addWarden, hartlepool, middlesbrough, startPatrols, visitOf } from '../support/patrols.ts';
import { gpxOf } from '../support/tracks.ts';

let service: TestService;
let hotspots: string[];
let wardens: string[];

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-06-01T12:00:00Z') });
  const { db } = service.database;
  hotspots = [await addHotspot(db, { name: 'York Road' }), await addHotspot(db, { name: 'Church Street', at: [-1.2, 54.69] })];
  await addHotspot(db, { name: 'Linthorpe Road', councilCode: middlesbrough, at: [-1.24, 54.57] });
  wardens = [await addWarden(db, 'H-01'), await addWarden(db, 'H-02')];
  await startPatrols(db, hartlepool);
});
afterAll(() => service.close());
beforeEach(async () => {
  const { db } = service.database;
  await db.raw('delete from track_point; delete from track_visit; alter table track disable trigger track_append_only; delete from track; alter table track enable trigger track_append_only; delete from visit');
});

const at = (minute: number): number => Date.parse('2023-10-02T17:00:00Z') + minute * 60_000;
const stand = (lng: number, lat: number, from: number, minutes: number): TrackFix[] =>
  Array.from({ length: minutes + 1 }, (_, minute) => ({ atMs: at(from + minute), lng, lat, errorMetres: 5 }));
/** Twelve minutes in York Road, a way of ten, eight minutes in Church Street. */
const patrol = [...stand(-1.22, 54.686, -3, 2), ...stand(-1.21, 54.686, 0, 12), ...stand(-1.205, 54.6885, 14, 6), ...stand(-1.198, 54.692, 22, 8), ...stand(-1.19, 54.695, 33, 2)];
const shift = '&shiftStartedAt=2023-10-02%2018:00&shiftEndedAt=2023-10-03%2002:00';

async function send(path: 'tracks' | 'tracks/preview', body: string | Buffer, { email = 'lead@hartlepool.demo', query = `&wardens=H-01,H-02${shift}` } = {}) {
  const client = await service.client(email);
  return client.post(`/api/${path}?fileName=evening.gpx${query}`).set('content-type', 'application/octet-stream').send(Buffer.from(body));
}
const countOf = async (table: string): Promise<number> => Number((await service.database.db(table).count('* as n').first())?.['n']);

test('a track is looked through without keeping anything, then recorded, and the same file twice counts once', async () => {
  const file = gpxOf(patrol);
  const looked = await send('tracks/preview', file);
  expect(looked.status, JSON.stringify(looked.body)).toBe(200);
  expect(looked.body.visits.map((visit: Record<string, unknown>) => [visit['hotspot'], visit['minutes'], visit['recordedBefore']])).toEqual([['York Road', 12, null], ['Church Street', 9, null]]);
  expect(looked.body).toMatchObject({ points: 35, pointsUsed: 35, pointsInside: 22, alreadyRecorded: false, shift: 'as entered' });
  expect(await countOf('visit') + await countOf('track')).toBe(0);
  const first = await send('tracks', file);
  expect(first.body).toMatchObject({ alreadyRecorded: false, recorded: 2, recordedBefore: 0, personMinutes: 42, sha256: looked.body.sha256 });
  expect((await send('tracks', file)).body).toEqual({ ...first.body, alreadyRecorded: true, recorded: 0, recordedBefore: 2, personMinutes: 0 });
  expect((await send('tracks/preview', file)).body.alreadyRecorded).toBe(true);
  const client = await service.client('lead@hartlepool.demo');
  const { body } = await client.get('/api/visits?from=2023-10-01&to=2023-10-31').expect(200);
  expect(body.visits.map((visit: Record<string, unknown>) => [visit['hotspot'], visit['minutes'], visit['persons'], visit['recordedHow'], visit['evidenceClass']])).toEqual([['Church Street', 9, 2, 'gpx', 'A'], ['York Road', 12, 2, 'gpx', 'A']]);
  expect(new Set(body.visits.map((visit: Record<string, unknown>) => visit['patrolReference'])).size).toBe(1);
  const listed = await client.get('/api/tracks').expect(200);
  expect(listed.body.keepDays).toBe(30);
  expect(listed.body.tracks).toMatchObject([{ sha256: looked.body.sha256, pointsInside: 22, pointsDeletedAt: null, visits: [{ hotspot: 'York Road' }, { hotspot: 'Church Street' }] }]);
  expect((await service.database.db('audit_event').where({ action: 'trackRecorded' })).length).toBe(1);
});

test('points outside hotspots are dropped at once, those inside when the retention rule says', async () => {
  await send('tracks', gpxOf(patrol));
  const { db } = service.database;
  expect(await db('track_point').distinct('hotspot_id').pluck('hotspot_id').then((ids) => ids.sort())).toEqual([...hotspots].sort());
  expect(await db('track_point').whereNotBetween('lng', [-1.212, -1.196]).count('* as n').first()).toEqual({ n: 0 });
  const uploaded = new Date((await db('track').first()).uploaded_at as Date).getTime();
  await forgetPoints(db, undefined, new Date(uploaded + 29 * 86_400_000));
  expect(await countOf('track_point')).toBe(22);
  await forgetPoints(db, undefined, new Date(uploaded + 31 * 86_400_000));
  expect([await countOf('track_point'), await countOf('track'), await countOf('visit')]).toEqual([0, 1, 2]);
  await forgetPoints(db, undefined, new Date(uploaded + 32 * 86_400_000));
  expect((await db('audit_event').where({ action: 'trackPointsDeleted' })).map((event: { after: unknown }) => event.after)).toEqual([{ tracks: 1, keptDays: 30 }]);
});

test('a stay that a warden recorded before is not recorded again', async () => {
  const client = await service.client('lead@hartlepool.demo');
  const typed = visitOf(hotspots[0]!, { startedAt: '2023-10-02 18:01', endedAt: '2023-10-02 18:12', wardens: ['H-01', 'H-02'] });
  await client.post('/api/visits').send(typed).expect(200);
  expect((await send('tracks/preview', gpxOf(patrol))).body.visits.map((visit: Record<string, unknown>) => visit['recordedBefore'])).toEqual([typed.id, null]);
  expect((await send('tracks', gpxOf(patrol))).body).toMatchObject({ recorded: 1, recordedBefore: 1, personMinutes: 18 });
  expect(await countOf('visit')).toBe(2);
  // The same walk exported again is another file, and still the same visits.
  expect((await send('tracks', gpxOf(patrol, '<!-- again -->'))).body).toMatchObject({ recorded: 0, recordedBefore: 2 });
  expect(await countOf('visit')).toBe(2);
});

test('the published shift is what a track is held to', async () => {
  const { db } = service.database;
  await db.raw(`
    insert into rota (id, council_code, starts_on, ends_on, seed) values ('00000000-0000-4000-8000-000000000001', 'E06000001', '2023-10-02', '2023-10-08', 'x');
    insert into rota_version (id, rota_id, council_code, number, cost, input_sha256, breaches, content_sha256) values ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'E06000001', 1, 0, 'x', '[]', 'x');
    insert into rota_shift (id, version_id, rota_id, council_code, shift_key, day, shift_code, shift_name, starts_at, ends_at, cover_wanted, crew_size)
      values ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'E06000001', gen_random_uuid(), '2023-10-02', 'late', 'Late', '2023-10-02 13:00Z', '2023-10-02 21:00Z', 2, 2)`);
  await db('rota_shift_warden').insert({ shift_id: '00000000-0000-4000-8000-000000000003', warden_id: wardens[0] });
  expect((await send('tracks/preview', gpxOf(patrol), { query: '&wardens=H-01' })).body).toMatchObject({ shift: 'Late', shiftStartedAt: '2023-10-02T13:00:00.000Z' });
  const late = await send('tracks', gpxOf(patrol.map((fix) => ({ ...fix, atMs: fix.atMs + 5 * 3_600_000 }))), { query: `&wardens=H-01${shift}` });
  expect(late.body.detail).toBe('evening.gpx: it runs from 2023-10-02 22:57 to 2023-10-02 23:35, and the shift from 2023-10-02 14:00 to 2023-10-02 22:00: only 30 minutes before and after belong to it. Send the track of this shift, or choose the shift it belongs to.');
  expect((await send('tracks', gpxOf(patrol), { query: '&wardens=H-02' })).body.errors).toEqual([{ field: 'shiftStartedAt', message: 'No published rota has these wardens on a shift near the track. Give the shift’s start and end.' }]);
});

test.each([
  ['no times', gpxOf(patrol).replaceAll(/<time>.*?<\/time>/g, ''), 'have no times'],
  ['26 hours', gpxOf([...patrol, ...stand(-1.21, 54.686, 26 * 60, 1)]), 'it lasts 26.1 hours'],
  ['90 km/h', gpxOf(Array.from({ length: 30 }, (_, minute) => ({ atMs: at(minute), lng: -1.3 + minute * 0.0233, lat: 54.68, errorMetres: 5 }))), 'km/h'],
  ['a document type', gpxOf(patrol, '<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), 'document type'],
  ['broken XML', gpxOf(patrol).slice(0, 700), 'the XML is broken'],
  ['no stay', gpxOf(stand(-1.3, 54.7, 0, 30)), 'no stay long enough'],
])('a file with %s is refused by name and leaves nothing', async (_, file, words) => {
  const { status, body } = await send('tracks', file);
  expect([status, body.detail]).toEqual([422, expect.stringContaining(words)]);
  expect(body.detail).toMatch(/^evening\.gpx: /);
  expect(await countOf('visit') + await countOf('track')).toBe(0);
});

test('a warden sees the tracks the own account sent, another council none', async () => {
  const { db } = service.database;
  await send('tracks', gpxOf(patrol), { email: 'warden@hartlepool.demo' });
  expect((await (await service.client('warden@hartlepool.demo')).get('/api/tracks')).body.tracks).toHaveLength(1);
  expect((await (await service.client('lead@hartlepool.demo')).get('/api/tracks')).body.tracks).toHaveLength(1);
  const seen = (personId: string, roles: string[], councils: string[]) => inScope(db, { personId, roles, councils }, async (trx) => Number((await trx('track_point').count('* as n').first())?.['n']));
  const other = '00000000-0000-4000-8000-0000000000ff';
  expect(await seen(other, ['warden'], [hartlepool])).toBe(0);
  expect(await seen(other, ['council_lead'], [middlesbrough])).toBe(0);
  expect(await seen(other, ['council_lead'], [hartlepool])).toBe(22);
});
