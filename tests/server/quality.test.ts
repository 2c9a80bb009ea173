/** Weights, subtypes, excluded geocodes, notes and interventions: what each does to counts, analyses and words, and who may keep them. */
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { addCouncils, addIncidents, exactSource, hartlepool, middlesbrough, spots, yearOf } from '../support/hotspotData.ts';

type Client = Awaited<ReturnType<TestService['client']>>;
let service: TestService;
let db: Knex;
let analyst: Client;
let lead: Client;
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-02-15T09:00:00Z') });
  db = service.database.db;
  [analyst, lead] = [await service.client('analyst@opcc.demo'), await service.client('lead@hartlepool.demo')];
  await addCouncils(db);
  await addIncidents(db, yearOf(2023).map((month) => ({ month, rows: [[spots.market, 4], [spots.harbour, 2], [spots.arcade, 3], [null, month === '2023-06' ? 2 : 0]] })));
  await addIncidents(db, yearOf(2023).map((month) => ({ month, source: exactSource.code, rows: [[spots.harbour, 3]] })));
});
afterAll(() => service.close());

const get = async (path: string, client = analyst) => (await client.get(path).expect(200)).body;
const counts = async (query = '', client = analyst) => (await get(`/api/map/cells?zoom=13&from=2023-01&to=2023-12${query}`, client)).counts;

async function finished(jobId: string): Promise<{ state: string; result: { analysisId: string; hash: string } }> {
  await vi.waitUntil(async () => ['done', 'failed'].includes((await get(`/api/jobs/${jobId}`)).state), { timeout: 60_000, interval: 100 });
  return get(`/api/jobs/${jobId}`);
}

async function analyse(): Promise<{ id: string; hash: string; cells: { rank: number; cell: string; n: number; weighted: number }[] }> {
  const { body } = await analyst.post('/api/analyses').send({ from: '2023-01', to: '2023-12', council: [hartlepool, middlesbrough] }).expect(200);
  const { result } = await finished(body.jobId);
  return { id: result.analysisId, hash: result.hash, cells: (await get(`/api/analyses/${result.analysisId}/cells`)).cells };
}

describe('a weight', () => {
  let before: Awaited<ReturnType<typeof analyse>>;
  test('counts incidents of its months; the plain figure stands beside and the rank stays', async () => {
    before = await analyse();
    const { body } = await analyst.post('/api/source-weights').send({ source: exactSource.code, weight: 0.5, fromMonth: '2023-07', reason: 'Reported twice since July' }).expect(200);
    expect(body).toMatchObject({ source: exactSource.code, weight: 0.5, validFrom: '2023-07-01', validTo: null });
    const { cells, provenance } = await get('/api/map/cells?zoom=13&from=2023-01&to=2023-12');
    // Harbour: 24 police, 18 exact to June, 18 from July at a half.
    expect(cells.find((one: { cell: string }) => one.cell === spots.harbour.cell)).toMatchObject({ n: 60, weighted: 51 });
    expect(cells.find((one: { cell: string }) => one.cell === spots.market.cell)).toMatchObject({ n: 48, weighted: 48 });
    expect(provenance.weights).toEqual([{ source: exactSource.code, weight: 0.5, validFrom: '2023-07-01', validTo: null, reason: 'Reported twice since July' }]);
    const after = await analyse();
    expect(after.cells.map(({ rank, cell, n }) => [rank, cell, n])).toEqual(before.cells.map(({ rank, cell, n }) => [rank, cell, n]));
    expect(after.cells[0]).toMatchObject({ cell: spots.harbour.cell, n: 60, weighted: 51 });
    expect((await get(`/api/analyses/${after.id}/candidates`)).candidates[0]).toMatchObject({ n: 60, weighted: 51 });
    // What a run was made with is part of what it is.
    expect(after.hash).not.toBe(before.hash);
    const run = await get(`/api/analyses/${after.id}`);
    expect(run.parameters.weights).toHaveLength(1);
  });

  test('that comes later ends it; a run keeps the weights it was made with', async () => {
    const { id } = await analyse();
    await analyst.post('/api/source-weights').send({ source: exactSource.code, weight: 2, fromMonth: '2023-10', reason: 'Counted once again' }).expect(200);
    const { weights } = await get('/api/source-weights');
    expect(weights.map(({ weight, validFrom, validTo }: Record<string, unknown>) => [weight, validFrom, validTo])).toEqual([[0.5, '2023-07-01', '2023-10-01'], [2, '2023-10-01', null]]);
    expect((await get(`/api/analyses/${id}`)).provenance.weights).toHaveLength(1);
    const harbour = (await get('/api/map/cells?zoom=13&from=2023-01&to=2023-12')).cells.find((one: { cell: string }) => one.cell === spots.harbour.cell);
    expect(harbour).toMatchObject({ n: 60, weighted: 24 + 18 + 4.5 + 18 });
  });

  test('is a sound number with a reason, set by those who keep the data', async () => {
    const send = (over: object, client = analyst) => client.post('/api/source-weights').send({ source: exactSource.code, weight: 1, fromMonth: '2024-01', reason: 'x', ...over });
    expect((await send({ weight: -1 }).expect(422)).body.errors[0].message).toBe('Give a weight of 0 or more.');
    expect((await send({ reason: ' ' }).expect(422)).body.errors[0].message).toBe('Say why.');
    expect((await send({ source: 'nothing' }).expect(422)).body.detail).toContain('There is no source "nothing"');
    await send({}, lead).expect(403);
    const event = await db('audit_event').where({ action: 'sourceWeightSet' }).orderBy('id').first();
    expect(event).toMatchObject({ subject_id: exactSource.code, reason: 'Reported twice since July', after: { weight: 0.5, validFrom: '2023-07-01', validTo: null } });
  });
});

describe('an excluded geocode', () => {
  let id: string;
  test('leaves its rows out of maps and analyses and counts them as excluded', async () => {
    expect(await counts()).toEqual({ in: 146, mapped: 144, outside: 0, withoutPlace: 2, excluded: 0 });
    const { body } = await analyst.post('/api/excluded-geocodes').send({
      name: 'Police station', lng: spots.market.lng, lat: spots.market.lat, radiusMetres: 20, fromMonth: '2023-03', reason: 'Calls without a place are put here',
    }).expect(200);
    id = body.exclusion.id;
    expect(body.exclusion).toMatchObject({ councilCode: hartlepool, points: 1, rows: 40, validFrom: '2023-03-01' });
    expect((await finished(body.jobId)).state).toBe('done');
    expect(await counts()).toEqual({ in: 146, mapped: 104, outside: 0, withoutPlace: 2, excluded: 40 });
    expect(await db('incident').count('* as n').first()).toEqual({ n: 146 });
    const { cells, id: runId } = await analyse();
    expect(cells.find((one) => one.cell === spots.market.cell)?.n).toBe(8);
    expect((await get(`/api/analyses/${runId}`)).figures).toMatchObject({ in: 146, mapped: 104, withoutPlace: 2, excluded: 40 });
    expect((await get(`/api/analyses/${runId}`)).provenance.excluded).toBe(40);
  });

  test('is left out of surfaces, repeats and concentration alike', async () => {
    const repeats = await get('/api/insight/repeats?from=2023-01&to=2023-12');
    expect(repeats).toMatchObject({ n: 104, counts: { mapped: 104, excluded: 40 } });
    expect((await get('/api/insight/concentration?from=2023-01&to=2023-12&council=Hartlepool,Middlesbrough')).n).toBe(104);
    const contours = await get('/api/map/contours?from=2023-01&to=2023-12');
    expect(contours.counts).toMatchObject({ mapped: 104, excluded: 40 });
  });

  test('stays excluded when its month is imported again, in its own council’s counts', async () => {
    await addIncidents(db, [{ month: '2023-04', rows: [[spots.market, 5], [spots.harbour, 2], [spots.arcade, 3]] }]);
    expect(await counts()).toEqual({ in: 147, mapped: 104, outside: 0, withoutPlace: 2, excluded: 41 });
    expect(await counts('&council=Middlesbrough')).toMatchObject({ excluded: 0, mapped: 36 });
    expect(await counts('', lead)).toMatchObject({ mapped: 68, excluded: 41 });
    const { months, total } = await get('/api/quality?from=2023-03&to=2023-03');
    expect(months.find((row: { source: string }) => row.source === 'test-police')).toMatchObject({ rows: 9, mapped: 5, excluded: 4, byCouncil: { [hartlepool]: { rows: 2 }, [middlesbrough]: { rows: 3 } } });
    expect(total).toMatchObject({ rows: 12, mapped: 8, excluded: 4 });
  });

  test('ends after a month, and when withdrawn all its rows come back', async () => {
    const ended = await analyst.post(`/api/excluded-geocodes/${id}/end`).send({ lastMonth: '2023-06', reason: 'A new system from July' }).expect(200);
    await finished(ended.body.jobId);
    expect(await counts()).toMatchObject({ excluded: 17, mapped: 128 });
    const withdrawn = await analyst.post(`/api/excluded-geocodes/${id}/end`).send({ reason: 'Entered by mistake' }).expect(200);
    await finished(withdrawn.body.jobId);
    expect(await counts()).toEqual({ in: 147, mapped: 145, outside: 0, withoutPlace: 2, excluded: 0 });
    const { exclusions } = await get('/api/excluded-geocodes', lead);
    expect(exclusions).toEqual([expect.objectContaining({ name: 'Police station', withdrawnReason: 'Entered by mistake' })]);
    expect((await get('/api/excluded-geocodes', await service.client('lead@middlesbrough.demo'))).exclusions).toEqual([]);
    await analyst.post(`/api/excluded-geocodes/${id}/end`).send({ reason: 'Again' }).expect(409);
    await expect(db('geocode_exclusion').delete()).rejects.toMatchObject({ constraint: 'geocode_exclusion_append_only' });
  });
});

describe('a subtype', () => {
  test('narrows the categories it is mapped from, on the map and in an analysis', async () => {
    const put = await analyst.put('/api/subtypes/burglary').send({ subtypes: ['environmental', 'vehicle'], reason: 'For this test' }).expect(200);
    expect(put.body).toMatchObject({ code: 'burglary', subtypes: ['environmental', 'vehicle'] });
    const view = await get('/api/map/cells?zoom=13&from=2023-01&to=2023-12&subtype=vehicle');
    expect(view.provenance).toMatchObject({ categories: [{ code: 'burglary' }], subtypes: [{ code: 'vehicle', name: 'Vehicle' }] });
    expect((await get('/api/map/choices')).subtypes.map(({ code }: { code: string }) => code)).toEqual(['personal', 'nuisance', 'environmental', 'youth', 'vehicle', 'alcohol']);
  });

  test('that no chosen category has is refused with the cure; an unknown one too', async () => {
    const { body } = await analyst.get('/api/map/cells?zoom=13&subtype=youth').expect(422);
    expect(body.detail).toContain('None of the categories chosen is of the subtype Youth.');
    await analyst.get('/api/map/cells?zoom=13&subtype=nothing').expect(422);
    expect((await analyst.put('/api/subtypes/burglary').send({ subtypes: ['loud'], reason: 'x' }).expect(422)).body.detail).toContain('There is no subtype "loud"');
    await analyst.put('/api/subtypes/nothing').send({ subtypes: [], reason: 'x' }).expect(404);
    await lead.put('/api/subtypes/burglary').send({ subtypes: [], reason: 'x' }).expect(403);
  });
});

describe('a note of a recording change', () => {
  test('is a banner on every comparison that crosses it, and in the words of a run', async () => {
    const { body: note } = await analyst.post('/api/recording-notes').send({ kind: 'change', startsOn: '2023-05-01', what: 'Some calls are recorded as crime.', knownFrom: 'The force' }).expect(200);
    const says = 'Recording change, from 1 May 2023 on: Some calls are recorded as crime.';
    expect((await get('/api/map/cells?zoom=13&from=2023-01&to=2023-12')).provenance.crossings).toEqual([{ id: note.id, kind: 'change', startsOn: '2023-05-01', endsOn: null, says }]);
    expect((await get('/api/map/cells?zoom=13&from=2023-05&to=2023-12')).provenance.crossings).toEqual([]);
    const { id } = await analyse();
    expect((await get(`/api/analyses/${id}`)).provenance.crossings).toHaveLength(1);
    // What leaves the service carries the banner and the weights too.
    const { text } = await analyst.get(`/api/analyses/${id}/csv?what=cells`).expect(200);
    expect(text).toContain(says);
    expect(text).toContain('test-exact 0.5 from 2023-07-01 until before 2023-10-01 (Reported twice since July)');
    const geojson = await get(`/api/analyses/${id}/geojson?what=candidates`);
    expect(geojson.provenance).toMatchObject({ recording_changes_and_gaps: says, incidents_at_excluded_geocodes: '0' });
    const repeats = await analyst.get('/api/insight/repeats/file?from=2023-01&to=2023-12').expect(200);
    expect(repeats.text).toContain(says);
    expect((await get('/api/insight/concentration?from=2023-01&to=2023-12&council=Hartlepool,Middlesbrough')).provenance.crossings).toHaveLength(1);
    expect((await get('/api/recording-notes/crossed?months=2022-10,2023-10', lead)).crossings.map((one: { says: string }) => one.says)).toEqual([says]);
    await analyst.post(`/api/recording-notes/${note.id}/withdraw`).send({ reason: 'It was another force' }).expect(200);
    expect((await get('/api/recording-notes/crossed?months=2022-10,2023-10')).crossings).toEqual([]);
    expect((await get('/api/recording-notes')).notes.find((one: { id: string }) => one.id === note.id)).toMatchObject({ withdrawnReason: 'It was another force' });
    await analyst.post(`/api/recording-notes/${note.id}/withdraw`).send({ reason: 'Again' }).expect(404);
  });

  test('of winter 2018/19 is there from the start', async () => {
    expect((await get('/api/recording-notes/crossed?months=2018-12,2023-12')).crossings[0].says).toContain('Winter 2018/19 holds about twice the anti-social behaviour of 2023 to 2025');
  });

  test('of a gap needs its end, and only those who keep the data enter one', async () => {
    expect((await analyst.post('/api/recording-notes').send({ kind: 'gap', startsOn: '2023-05-01', what: 'x' }).expect(422)).body.errors[0].field).toBe('endsOn');
    await lead.post('/api/recording-notes').send({ kind: 'change', startsOn: '2023-05-01', what: 'x' }).expect(403);
  });
});

test('the quality panel adds up, with precision, repeats, refusals and missing months', async () => {
  const panel = await get('/api/quality/panel?from=2023-01&to=2024-01');
  const { rows, mapped, outside, withoutPlace, excluded, notShown } = panel.total;
  expect(mapped + outside + withoutPlace + excluded + notShown).toBe(rows);
  expect(rows).toBe(147);
  expect(panel.missingMonths).toEqual(['2024-01']);
  expect(panel.sources.find((one: { code: string }) => one.code === 'test-police')).toMatchObject({
    timePrecision: 'month', locationPrecision: 'snapped', rows: 111, withPlace: 109, withTime: 0, points: 3, mostAtOnePoint: 49, identicalRows: 111, cells9: 3, cells9OfOnePoint: 3, missingMonths: ['2024-01'],
  });
  expect(panel).toMatchObject({ lsoaLookup: false, recountsDue: 0 });
  expect(panel.boundarySets.map((set: { kind: string }) => set.kind)).toEqual(['council', 'ward']);
  const own = await get('/api/quality/panel?from=2023-01&to=2023-12', lead);
  expect(own.total.notShown).toBeGreaterThan(0);
  expect(own.total.mapped + own.total.outside + own.total.withoutPlace + own.total.excluded + own.total.notShown).toBe(own.total.rows);
});

describe('an intervention', () => {
  test('is logged by an office for everywhere and by a council for itself, with its outline', async () => {
    const bonfire = await analyst.post('/api/interventions').send({ kind: 'bonfire-night', name: 'Bonfire Night 2023', area: 'everywhere', startsOn: '2023-11-05', endsOn: '2023-11-05' }).expect(200);
    expect(bonfire.body).toMatchObject({ kindName: 'Bonfire Night', areaName: 'Everywhere', councilCode: '' });
    await lead.post('/api/interventions').send({ kind: 'cctv', name: 'Cameras', area: 'circle', lng: spots.market.lng, lat: spots.market.lat, radiusMetres: 200, startsOn: '2023-04-01' }).expect(200);
    await lead.post('/api/interventions').send({ kind: 'cctv', name: 'Elsewhere', area: 'council', councilCode: middlesbrough, startsOn: '2023-04-01' }).expect(404);
    await lead.post('/api/interventions').send({ kind: 'other', name: 'All', area: 'everywhere', startsOn: '2023-04-01' }).expect(422);
    const { interventions } = await get('/api/interventions', lead);
    expect(interventions.map(({ name, areaName, outline }: { name: string; areaName: string; outline: object | null }) => [name, areaName, outline === null])).toEqual([
      ['Bonfire Night 2023', 'Everywhere', true], ['Cameras', 'Within 200 m of a point in Hartlepool', false],
    ]);
    expect((await get('/api/interventions', await service.client('lead@middlesbrough.demo'))).interventions.map(({ name }: { name: string }) => name)).toEqual(['Bonfire Night 2023']);
    expect((await get('/api/interventions?from=2023-01-01&to=2023-03-31')).interventions).toEqual([]);
  });

  test('stands beside the figures of a hotspot it touches, and beside no other', async () => {
    const { id: runId } = await analyse();
    const adopt = async (cell: string, name: string): Promise<string> =>
      (await analyst.post('/api/hotspots').send({ runId, cells: [cell], name, reason: 'x', liveFrom: '2023-12-01' }).expect(200)).body.hotspots[0].id;
    const market = await adopt(spots.market.cell, 'Market');
    const arcade = await adopt(spots.arcade.cell, 'Arcade');
    const says = async (id: string) => (await get(`/api/hotspots/${id}`)).beside.interventions.map((one: { says: string }) => one.says);
    expect(await says(market)).toEqual(['CCTV: Cameras, from 2023-04-01 on', 'Bonfire Night: Bonfire Night 2023, 2023-11-05']);
    expect(await says(arcade)).toEqual(['Bonfire Night: Bonfire Night 2023, 2023-11-05']);
    const [{ id }] = (await get('/api/interventions')).interventions.filter((one: { name: string }) => one.name === 'Cameras');
    await (await service.client('lead@middlesbrough.demo')).post(`/api/interventions/${id}/withdraw`).send({ reason: 'x' }).expect(404);
    await lead.post(`/api/interventions/${id}/withdraw`).send({ reason: 'Never built' }).expect(200);
    expect(await says(market)).toEqual(['Bonfire Night: Bonfire Night 2023, 2023-11-05']);
  });

  test('and a note stand beside a hotspot’s trend', async () => {
    await analyst.post('/api/recording-notes').send({ kind: 'change', startsOn: '2023-08-01', what: 'A new system.' }).expect(200);
    const { hotspots } = await get('/api/hotspots');
    const detail = await get(`/api/hotspots/${hotspots[0].id}`);
    expect(detail.beside.crossings.map((one: { says: string }) => one.says)).toEqual(['Recording change, from 1 August 2023 on: A new system.']);
  });
});
