import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { columnMapping } from '../../server/incidents/contract.ts';
import { startTestService, type TestDatabase, type TestService } from '../support/database.ts';
import { folderOf, importInto, squareCouncil, streetFile, streetRow } from '../support/imports.ts';
import { zipOf } from '../support/zip.ts';

let service: TestService;
let database: TestDatabase;
beforeAll(async () => {
  service = await startTestService();
  ({ database } = service);
});
afterAll(() => service.close());
beforeEach(async () => {
  await database.db.raw('truncate incident, incident_count, source_month, boundary, location_boundary, location, column_mapping, source cascade');
});

const outside = { lng: '-1.400000' };
const months = (): Promise<unknown[]> => database.db('source_month').orderBy('month').select('month', 'rows', 'times_replaced');

describe('a folder', () => {
  test('is read with boundaries first, packed files and archives included, and what else it holds left out', async () => {
    const folder = folderOf({
      'a/2023-07-cleveland-street.csv': streetFile([streetRow(), streetRow(), streetRow({ type: 'Burglary', place: '"On or near ""The Ship"", Quay"' }), streetRow(outside)], '\r\n'),
      'b/2023-08-cleveland-street.csv.gz': gzipSync(streetFile([streetRow({ month: '2023-08' })])),
      'c.zip': zipOf([
        { name: '2023-09/2023-09-cleveland-street.csv', content: `\ufeff${streetFile([streetRow({ month: '2023-09', lng: '', lat: '' })])}` },
        { name: '2023-09/2023-09-cleveland-stop-and-search.csv', content: 'Type,Date,Legislation,Object of search\n' },
        { name: 'readme.txt', content: 'x' },
      ]),
      'z/councils.geojson': squareCouncil,
      'notes.txt': 'hello',
    });
    const report = await importInto(database, [folder]);
    expect(report).toMatchObject({
      files: 5, filesImported: 4, filesRefused: 0, filesLeftOut: 1, rows: 6, accepted: 6, asb: 5, outside: 1, withoutPlace: 1, rejected: 0, heldBack: 0, superseded: 0,
      months: 3, monthsReplaced: 0, boundaries: 1, bySource: { 'police-uk-cleveland': 6 }, faults: [], reportPath: null,
    });
    expect(report.byMonth).toMatchObject({
      '2023-07': { rows: 4, asb: 3, outside: 1, withoutPlace: 0, replaced: false, sources: ['police-uk-cleveland'], rowsByCouncil: { E06000001: 3 }, asbByCouncil: { E06000001: 2 } },
      '2023-08': { rows: 1, asb: 1, outside: 0 },
      '2023-09': { rows: 1, asb: 1, withoutPlace: 1 },
    });
    expect(report.byCouncil).toMatchObject({ E06000001: { name: 'Hartlepool', rows: 4, asb: 3 }, E06000002: { name: 'Middlesbrough', rows: 0 } });
    expect(report.notes.join('\n')).toMatch(/stop-and-search\.csv was left out[\s\S]*Passed over: 2 files/);
    expect(await database.db('incident').where({ category_code: 'burglary' }).pluck('place_name')).toEqual(['On or near "The Ship", Quay']);
    expect(await database.db('source').first('attribution', 'time_precision', 'location_precision')).toEqual({
      attribution: 'Contains public sector information licensed under the Open Government Licence v3.0. Source: data.police.uk.', time_precision: 'month', location_precision: 'snapped',
    });
  });

  test('imported twice is replaced whole and says so; identical rows stay', async () => {
    const folder = folderOf({ 'street.csv': streetFile([streetRow(), streetRow(), streetRow()]) });
    await importInto(database, [folder]);
    const again = await importInto(database, [folder]);
    expect(again).toMatchObject({ accepted: 3, months: 1, monthsReplaced: 1, byMonth: { '2023-07': { rows: 3, replaced: true } } });
    expect(await months()).toEqual([{ month: '2023-07-01', rows: 3, times_replaced: 1 }]);
    expect(await database.db('incident').count('* as n')).toEqual([{ n: 3 }]);
    const events = await database.db('audit_event').where({ subject_id: 'police-uk-cleveland 2023-07' }).orderBy('id').pluck('action');
    expect(events.slice(-2)).toEqual(['monthImported', 'monthReplaced']);
  });

  test('with one force’s month in two files keeps the later publication', async () => {
    const folder = folderOf({ '1/street.csv': streetFile([streetRow(), streetRow()]), '2/street.csv': streetFile([streetRow()]) });
    const report = await importInto(database, [folder]);
    expect(report).toMatchObject({ rows: 3, accepted: 1, superseded: 2, asb: 1, months: 1, monthsReplaced: 1 });
    expect(report.notes).toContain('2023-07 of police-uk-cleveland came twice in this import; the later file stands.');
    expect(await months()).toEqual([{ month: '2023-07-01', rows: 1, times_replaced: 1 }]);
  });

  test('with several months in one file replaces each of them', async () => {
    const folder = folderOf({ 'street.csv': streetFile([streetRow(), streetRow({ month: '2023-08' }), streetRow()]) });
    expect(await importInto(database, [folder])).toMatchObject({ months: 2, byMonth: { '2023-07': { rows: 2 }, '2023-08': { rows: 1 } } });
  });
});

describe('boundaries', () => {
  test('that come after the incidents have them counted again', async () => {
    await importInto(database, [folderOf({ 'street.csv': streetFile([streetRow(), streetRow(outside)]) })]);
    expect(await database.db('incident_count').where({ resolution: 9, council_code: 'E06000001' }).sum('n as n')).toEqual([{ n: null }]);
    const report = await importInto(database, [folderOf({ 'councils.geojson': squareCouncil })], { options: { validFrom: '2020-04-01' } });
    expect(report.notes.join('\n')).toContain('in force from 2020-04-01 (as given)');
    expect(report.notes).toContain('1 month was counted again, since council boundaries or excluded places changed.');
    expect(await database.db('incident_count').where({ resolution: 9, council_code: 'E06000001' }).sum('n as n')).toEqual([{ n: 1 }]);
  });

  test('not in force in a month leave its rows outside', async () => {
    const folder = folderOf({ 'councils.geojson': squareCouncil, 'street.csv': streetFile([streetRow(), streetRow({ month: '2023-08' })]) });
    const report = await importInto(database, [folder], { options: { validFrom: '2023-08-01', validTo: '2024-01-01' } });
    expect(report.byMonth).toMatchObject({ '2023-07': { outside: 1 }, '2023-08': { outside: 0 } });
    expect(report.notes.join('\n')).toContain('2023-07: no council boundary is in force');
  });
});

describe('a CSV with a mapping', () => {
  const mapping = columnMapping.parse({
    source: { code: 'council-calls', name: 'Calls to the council', publisher: 'The council', licence: 'Internal', timePrecision: 'minute', locationPrecision: 'exact' },
    columns: { longitude: 'lon', latitude: 'lat', category: 'kind', reference: 'ref', from: 'start', to: 'end' },
    categories: { Noise: { asb: true }, 'Fly tip': { code: 'fly-tipping', asb: false } },
  });
  const head = 'ref,kind,lon,lat,start,end\n';

  test('is saved under its name and used again for files with its columns', async () => {
    const first = folderOf({ 'calls.csv': `${head}A1,Noise,-1.25,54.65,2023-07-31 23:50,2023-08-01 00:20\nA2,Fly tip,-1.25,54.65,2023-10-29 01:30,\n` });
    const report = await importInto(database, [first], { mapping: { name: 'calls', mapping } });
    expect(report).toMatchObject({ accepted: 2, asb: 1, months: 2, attribution: ['Source: Calls to the council.'] });
    expect(await database.db('incident').orderBy('month').select('month', 'category_code', 'reference', 'occurred_from', 'occurred_to')).toEqual([
      { month: '2023-07-01', category_code: 'noise', reference: 'A1', occurred_from: new Date('2023-07-31T22:50:00Z'), occurred_to: new Date('2023-07-31T23:20:00Z') },
      { month: '2023-10-01', category_code: 'fly-tipping', reference: 'A2', occurred_from: new Date('2023-10-29T01:30:00Z'), occurred_to: null },
    ]);
    const second = folderOf({ 'more.csv': `${head}A3,Noise,-1.25,54.65,2023-11-01 12:00,\n` });
    expect(await importInto(database, [second])).toMatchObject({ accepted: 1, bySource: { 'council-calls': 1 } });
    expect(await importInto(database, [second], { options: { mapping: 'calls' } })).toMatchObject({ accepted: 1, monthsReplaced: 1 });
  });

  test('has a month spread over files put together, and a copy of a file taken once', async () => {
    const folder = folderOf({
      '1.csv': `${head}A1,Noise,-1.25,54.65,2023-07-01 10:00,\n`,
      '2.csv': `${head}A2,Noise,-1.25,54.65,2023-07-02 10:00,\nA3,Noise,-1.25,54.65,2023-08-02 10:00,\n`,
      'copy of 2.csv': `${head}A2,Noise,-1.25,54.65,2023-07-02 10:00,\nA3,Noise,-1.25,54.65,2023-08-02 10:00,\n`,
    });
    const report = await importInto(database, [folder], { mapping: { name: 'calls', mapping } });
    expect(report).toMatchObject({ files: 3, filesImported: 2, filesLeftOut: 1, accepted: 3, byMonth: { '2023-07': { rows: 2 }, '2023-08': { rows: 1 } } });
    expect(report.notes.join('\n')).toContain('the same content as');
  });

  test('says which of its columns a file has not', async () => {
    const folder = folderOf({ 'calls.csv': 'ref,lon,lat,start\nA1,-1.25,54.65,2023-07-01 10:00\n' });
    const report = await importInto(database, [folder], { mapping: { name: 'calls', mapping } });
    expect(report.faults).toEqual([expect.objectContaining({ row: 1, column: 'end, kind', rule: 'The columns end, kind of the mapping calls are missing.' })]);
  });
});

test('more rows than are kept in memory go through files and come back whole', async () => {
  const rows = Array.from({ length: 70_000 }, (_, i) => streetRow({ month: i % 3 ? '2023-07' : '2023-08', id: String(i) }));
  expect(await importInto(database, [folderOf({ 'large.csv': streetFile(rows) })])).toMatchObject({ accepted: 70_000, byMonth: { '2023-07': { rows: 46_666 }, '2023-08': { rows: 23_334 } } });
  const { rows: [sum] } = await database.db.raw('select count(distinct reference)::int as different from incident');
  expect(sum).toEqual({ different: 70_000 });
});

describe('over HTTP', () => {
  async function finished(jobId: string): Promise<{ state: string; result: Record<string, unknown> }> {
    const job = () => database.db('job').where({ id: jobId }).first('state', 'result', 'problem');
    await expect.poll(async () => (await job()).state, { timeout: 60_000, interval: 200 }).toMatch(/done|failed/);
    return job();
  }

  test('a file is sent, imported as a job, and listed with its figures', async () => {
    const analyst = await service.client('analyst@opcc.demo');
    const send = async (name: string, content: string) => (await analyst.post(`/api/imports?fileName=${encodeURIComponent(name)}`).set('Content-Type', 'application/octet-stream').send(Buffer.from(content)).expect(200)).body.jobId as string;
    expect((await finished(await send('C:\\Users\\me\\councils.geojson', squareCouncil))).result).toMatchObject({ boundaries: 1 });
    expect((await finished(await send('street.csv', streetFile([streetRow(), streetRow(outside), streetRow({ lng: '', lat: '' })])))).result).toMatchObject({ accepted: 3 });
    const refused = await finished(await send('bad.csv', streetFile([streetRow({ place: '=1+1', lat: '5460' })])));
    expect(refused.result).toMatchObject({ filesRefused: 1, faults: [{ row: 2, column: 'Latitude', value: '5460' }] });

    const { body } = await analyst.get('/api/imports').expect(200);
    expect(body.imports.map((run: { label: string }) => run.label).slice(0, 3)).toEqual(['bad.csv', 'street.csv', 'councils.geojson']);
    expect(body.imports[0]).toMatchObject({ by: 'Analyst, OPCC', figures: { filesRefused: 1 } });
    const faults = await analyst.get(`/api/imports/${body.imports[0].id}/faults`).expect(200);
    expect(faults.text).toBe('file,row,column,value,rule,cure\r\nbad.csv,2,Latitude,5460,A latitude lies between -90 and 90 degrees.,"Check the decimal point, and that the column holds degrees and not metres."\r\n');

    expect((await analyst.get('/api/quality').expect(200)).body).toMatchObject({
      months: [{ month: '2023-07', source: 'police-uk-cleveland', rows: 3, mapped: 1, outside: 1, withoutPlace: 1, excluded: 0, notShown: 0, asb: 3, byCouncil: { E06000001: { name: 'Hartlepool', rows: 1, asb: 1 } } }],
      total: { rows: 3, mapped: 1, outside: 1, withoutPlace: 1, excluded: 0, notShown: 0, asb: 3 },
    });
    const lead = await service.client('lead@middlesbrough.demo');
    expect((await lead.get('/api/quality').expect(200)).body.total).toEqual({ rows: 3, mapped: 0, outside: 0, withoutPlace: 0, excluded: 0, notShown: 3, asb: 0 });
  });

  test('sources name their months, gaps, precision and attribution', async () => {
    await importInto(database, [folderOf({ 'street.csv': streetFile([streetRow(), streetRow({ month: '2023-10' })]) })]);
    const lead = await service.client('lead@hartlepool.demo');
    const { sources } = (await lead.get('/api/sources').expect(200)).body;
    expect(sources.filter((source: { rows: number }) => source.rows > 0)).toEqual([expect.objectContaining({
      code: 'police-uk-cleveland', rows: 2, months: 2, firstMonth: '2023-07', lastMonth: '2023-10', gaps: ['2023-08', '2023-09'], timePrecision: 'month', locationPrecision: 'snapped',
    })]);
    await lead.post('/api/imports?fileName=x.csv').set('Content-Type', 'application/octet-stream').send(Buffer.from('a,b')).expect(403);
  });

  test('an unknown mapping and an empty file are refused at once', async () => {
    const analyst = await service.client('analyst@opcc.demo');
    const unknown = await analyst.post('/api/imports?fileName=x.csv&mapping=nothing').set('Content-Type', 'application/octet-stream').send(Buffer.from('a,b')).expect(422);
    expect(unknown.body.errors).toEqual([{ field: 'mapping', message: 'There is no column mapping "nothing". Save one first.' }]);
    const empty = await analyst.post('/api/imports?fileName=x.csv').set('Content-Type', 'application/octet-stream').send(Buffer.alloc(0)).expect(422);
    expect(empty.body.detail).toContain('The file is empty');
  });

  test('a mapping is saved and listed', async () => {
    const analyst = await service.client('analyst@opcc.demo');
    const mapping = {
      source: { code: 'calls', name: 'Calls', publisher: 'The council', licence: 'Internal', timePrecision: 'day', locationPrecision: 'exact' },
      columns: { easting: 'x', northing: 'y', from: 'day' }, category: 'Noise', asb: true,
    };
    await analyst.put('/api/column-mappings/calls').send({ mapping }).expect(200);
    expect((await analyst.get('/api/column-mappings').expect(200)).body.mappings).toEqual([{ name: 'calls', updatedAt: expect.any(String), mapping: expect.objectContaining({ zone: 'Europe/London', category: 'Noise' }) }]);
    const wrong = await analyst.put('/api/column-mappings/calls').send({ mapping: { ...mapping, columns: {} } }).expect(422);
    expect(wrong.body.errors[0]).toMatchObject({ field: 'mapping.columns', message: 'Name either longitude and latitude, or easting and northing.' });
  });
});
