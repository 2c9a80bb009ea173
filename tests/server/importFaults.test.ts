import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gatherFiles } from '../../server/incidents/inputFiles.ts';
import { usualLimits } from '../../server/incidents/limits.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { folderOf, importInto, squareCouncil, streetFile, streetRow } from '../support/imports.ts';
import { zipOf } from '../support/zip.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const good = streetFile([streetRow(), streetRow(), streetRow({ type: 'Burglary' })]);
const metres = squareCouncil.replace(/\[(-1\.\d),(54\.\d)\]/g, (_, x: string, y: string) => `[${Math.round(Number(x) * -400000)},${Math.round(Number(y) * 10000)}]`);

/** What each wrong file is, and what must be said of it. */
const wrong: Record<string, [content: string | Buffer, fault: object]> = {
  'no-coordinates.csv': ['Date,Kind,Street\n2023-07-01,Noise,High Street\n', { row: 1, column: 'Longitude, Latitude', value: 'Date,Kind,Street', rule: 'There are no columns of coordinates.' }],
  'street-without-latitude.csv': [good.replace('Latitude', 'Lattitude'), { row: 1, column: 'Latitude', rule: 'The coordinate columns Latitude are missing.' }],
  'no-mapping.csv': ['id,lon,lat,when\n1,-1.2,54.6,2023-07-01\n', { row: 1, value: 'id,lon,lat,when', rule: 'No saved column mapping fits these columns.', cure: expect.stringContaining('--mapping') }],
  'letter.csv': ['Dear colleague\nPlease find attached\n', { row: 1, value: 'Dear colleague', rule: 'The file is not CSV: its first line names no columns.' }],
  'picture.csv': [Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), { value: '·PNG········IHDR', rule: 'The file is not CSV: it holds bytes that are no text.' }],
  'report.csv': ['%PDF-1.7\n', { value: '%PDF-1.7', rule: 'The file is a PDF, not CSV.' }],
  'semicolons.csv': ['id;lon;lat\n1;2;3\n', { row: 1, rule: 'The columns are not separated by commas.' }],
  'utf16.csv': [Buffer.from('\ufeffMonth,Longitude', 'utf16le'), { rule: 'The text is UTF-16, not UTF-8.' }],
  'workbook.csv': [zipOf([{ name: '[Content_Types].xml', content: '<x/>' }]), { rule: 'It is a workbook or document, not CSV.' }],
  'latitude.csv': [streetFile([streetRow(), streetRow({ lat: '5460' })]), { row: 3, column: 'Latitude', value: '5460', rule: 'A latitude lies between -90 and 90 degrees.' }],
  'month.csv': [streetFile([streetRow({ month: '2023-13' })]), { row: 2, column: 'Month', value: '2023-13', rule: 'A month is written YYYY-MM with a month from 01 to 12.' }],
  'cut-off.csv': [good.slice(0, -60), { row: 4, rule: expect.stringMatching(/^The row has \d+ fields and the header 12\.$/), cure: expect.stringContaining('cut off') }],
  'header-only.csv': [streetFile([]), { rule: 'The file has a header and no rows.' }],
  'empty.csv': ['', { rule: 'The file is empty.' }],
  'empty.zip': ['', { rule: 'The file is empty.' }],
  'metres.geojson': [metres, { row: 1, column: 'coordinates', value: '520000, 546000', rule: expect.stringContaining('EPSG:27700'), cure: expect.stringContaining('EPSG:4326') }],
  'metres-named.geojson': [squareCouncil.replace('"features"', '"crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::27700"}},"features"'), { column: 'crs', value: 'urn:ogc:def:crs:EPSG::27700' }],
  'atlantis.geojson': [squareCouncil.replace('E06000001', 'E06999999'), { row: 1, column: 'LADCD', value: 'E06999999', rule: 'The service knows no council with this code.' }],
  'half.geojson': [squareCouncil.slice(0, 150), { rule: 'The file is not whole JSON.' }],
  'cut-off.zip': [zipOf([{ name: '2023-07/2023-07-cleveland-street.csv', content: good }]).subarray(0, 200), { rule: 'The archive is cut off or damaged.', cure: 'Download or copy it again.' }],
  'cut-off.csv.gz': [gzipSync(good).subarray(0, 120), { rule: 'The packed file is cut off or damaged.' }],
  'searches.csv': ['Type,Date,Latitude,Longitude,Legislation,Object of search,Outcome\nPerson search,2023-06-30T23:00:00+00:00,54.5,-1.2,x,y,z\n', { rule: expect.stringContaining('stop-and-search') }],
  'outcomes.csv': ['Crime ID,Month,Reported by,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type\n', { rule: expect.stringContaining('outcomes file') }],
};

describe('a file that cannot be used', () => {
  test.each(Object.keys(wrong))('%s is named with its fault and cure, and nothing of it is kept', async (name) => {
    const [content, fault] = wrong[name] as (typeof wrong)[string];
    const folder = folderOf({ [name]: content });
    const report = await importInto(database, [join(folder, name)]);
    expect(report).toMatchObject({ files: 1, filesRefused: 1, filesImported: 0, accepted: 0, months: 0, boundaries: 0 });
    expect(report.faults[0]).toMatchObject({ file: name, ...fault, cure: expect.stringMatching(/\w{3}/) });
    expect(await database.db('incident').count('* as n')).toEqual([{ n: 0 }]);
    expect(await database.db('boundary').count('* as n')).toEqual([{ n: 0 }]);
    expect(readFileSync(report.reportPath ?? '', 'utf8')).toMatch(/^file,row,column,value,rule,cure\r\n/);
  });

  test('a file that is not there is named', async () => {
    const report = await importInto(database, ['/no/such/place/street.csv']);
    expect(report.faults).toEqual([{ file: 'street.csv', row: null, column: null, value: null, rule: 'There is no such file or folder.', cure: 'Check the path.' }]);
  });

  test('a council that is not there is named', async () => {
    await expect(importInto(database, [], { options: { council: ['E06000001', 'E06000099'] } })).rejects.toThrow('The service knows no council "E06000099". Use one of: E06000001 Hartlepool');
  });

  test('a mapping that is not there is named', async () => {
    await expect(importInto(database, [], { options: { mapping: 'calls' } })).rejects.toThrow('There is no column mapping "calls".');
  });
});

test('every faulty row is listed and counted, and the good rows of the file are held back', async () => {
  const rows = [streetRow(), streetRow({ lat: '5460' }), streetRow({ month: '2023-13' }), streetRow({ lng: '' })];
  const report = await importInto(database, [join(folderOf({ 'a.csv': streetFile(rows) }), 'a.csv')]);
  expect(report).toMatchObject({ rows: 4, accepted: 0, rejected: 3, heldBack: 1 });
  expect(report.faults.map(({ row, column, value }) => [row, column, value])).toEqual([[3, 'Latitude', '5460'], [4, 'Month', '2023-13'], [5, 'Longitude', '']]);
  expect(await database.db('import_fault').join('import_file', 'import_file.id', 'file_id').where({ name: 'a.csv' }).orderBy('row_number').pluck('row_number')).toEqual([3, 4, 5]);
});

test('a bad file does not keep the good ones out', async () => {
  const folder = folderOf({ 'bad.csv': streetFile([streetRow({ lat: '5460' })]), 'good.csv': good });
  expect(await importInto(database, [folder])).toMatchObject({ filesImported: 1, filesRefused: 1, rows: 4, accepted: 3, rejected: 1, heldBack: 0 });
});

describe('an archive that lies', () => {
  const small = { ...usualLimits, mostBytes: 100_000, ratioFrom: 1_000, mostRatio: 50, mostEntries: 3 };
  const bomb = 'a,b\n'.repeat(20_000);
  const unpack = async (name: string, content: Buffer): Promise<unknown> => {
    const gathered = await gatherFiles([{ path: join(folderOf({ [name]: content }), name), name }], small);
    try {
      for (const file of gathered.files) for await (const chunk of file.open()) expect(chunk.length).toBeGreaterThan(0);
    } catch (error) {
      return (error as Error).message;
    } finally {
      gathered.close();
    }
    return gathered.refused[0]?.fault.rule;
  };
  const large = expect.stringContaining('far larger than data of this kind') as string;

  test('by declaring far more than it may is refused unread', async () => {
    expect(await unpack('a.zip', zipOf([{ name: 'a.csv', content: bomb }]))).toEqual(large);
  });
  test('by declaring less than comes out is stopped', async () => {
    expect(await unpack('a.zip', zipOf([{ name: 'a.csv', content: bomb, declared: 900 }]))).toMatch(/damaged|far larger/);
  });
  test('by being gzip is stopped while it unpacks', async () => {
    expect(await unpack('a.csv.gz', gzipSync(bomb))).toEqual(large);
  });
  test('by holding too many files is refused', async () => {
    expect(await unpack('a.zip', zipOf(['1', '2', '3', '4'].map((name) => ({ name, content: 'x' }))))).toBe('The archive holds too many files.');
  });
  test('by naming a file outside itself is refused', async () => {
    expect(await unpack('a.zip', zipOf([{ name: '../../a.csv', content: 'a,b\n' }]))).toBe('The archive names a file outside itself.');
  });
  test('by a changed byte is refused', async () => {
    const archive = zipOf([{ name: 'a.csv', content: 'a,b\n1,2\n' }]);
    archive.writeUInt32LE(12345, archive.indexOf('PK\u0001\u0002', 0, 'latin1') + 16);
    expect(await unpack('a.zip', archive)).toContain('damaged');
  });
});

test('the command line names the fault and ends with exit code 1', async () => {
  const folder = folderOf({ 'latitude.csv': streetFile([streetRow({ lat: '5460' })]) });
  const { DATABASE_URL: _, ...environment } = process.env;
  const run = (args: string[]) => new Promise<{ code: number; out: string }>((resolve) => {
    const server = database.kind === 'server' ? { DATABASE_URL: database.config.databaseUrl ?? '' } : {};
    execFile(process.execPath, ['server/cli.ts', 'import', ...args], { env: { ...environment, ...server, DATA_DIR: database.config.dataDir } }, (error, out, complaint) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: out + complaint });
    });
  });
  const refused = await run(['--json', join(folder, 'latitude.csv')]);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.out)).toMatchObject({ filesRefused: 1, faults: [{ row: 2, column: 'Latitude', value: '5460' }] });
  expect(await run([])).toMatchObject({ code: 2, out: expect.stringContaining('Name the files or folders') });
  expect(await run(['--valid-from', 'July', folder])).toMatchObject({ code: 2, out: expect.stringContaining('--valid-from') });
  const calls = await run(['--json', '--mapping', 'tests/fixtures/council-calls.json', 'tests/fixtures/council-calls.csv']);
  expect(calls.code).toBe(0);
  expect(JSON.parse(calls.out)).toMatchObject({ accepted: 3, asb: 2, withoutPlace: 1, months: 2, bySource: { 'council-calls': 3 } });
  const broken = join(folderOf({ 'm.json': '{"source": {}}' }), 'm.json');
  expect(await run(['--mapping', broken, 'tests/fixtures/council-calls.csv'])).toMatchObject({ code: 1, out: expect.stringContaining('source.code') });
  expect(await run(['--council', 'E06000099', folder])).toMatchObject({ code: 1, out: expect.stringContaining('no council "E06000099"') });
});
