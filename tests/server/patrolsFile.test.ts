import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, addWarden, hartlepool, middlesbrough, startPatrols } from '../support/patrols.ts';

const headings = 'hotspot,date,start,end,persons,recorded how,patrol reference,wardens,joint with police,informal_warning,arrest';
let service: TestService;

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-06-01T12:00:00Z') });
  const { db } = service.database;
  await addHotspot(db, { name: 'York Road' });
  await addHotspot(db, { name: 'Church Street', at: [-1.2, 54.69] });
  await addHotspot(db, { name: 'Linthorpe Road', councilCode: middlesbrough, at: [-1.24, 54.57] });
  for (const reference of ['H-01', 'H-02']) await addWarden(db, reference);
  await startPatrols(db, hartlepool);
});
afterAll(() => service.close());
beforeEach(async () => {
  await service.database.db('visit').delete();
});

async function send(body: string | Buffer, options: { email?: string; fileName?: string } = {}) {
  const client = await service.client(options.email ?? 'lead@hartlepool.demo');
  return client.post(`/api/visits/file?fileName=${encodeURIComponent(options.fileName ?? 'october.csv')}`).set('content-type', 'application/octet-stream').send(Buffer.from(body));
}

const count = async (): Promise<number> => Number((await service.database.db('visit').count('* as n').first())?.['n']);

test('a patrol log is recorded whole, over midnight and with British dates, and sent again it counts once', async () => {
  const log = [headings, 'York Road,2023-10-02,18:00,18:15,2,nfc,P-1,H-01;H-02,no,3,', 'york road,03/10/2023,23:50,00:10,2,GPS device,P-2,,yes,,1', 'Church Street,2023-10-02,18:20,18:34,2,,P-1,"H-01, H-02",,0,', ',,,,,,,,,,'].join('\r\n');
  const first = await send(`\uFEFF${log}`);
  expect(first.body).toEqual({ fileName: 'october.csv', rows: 3, recorded: 3, alreadyRecorded: 0, withdrawnBefore: 0, says: '3 visits recorded.', personMinutes: 98 });
  const again = await send(log);
  expect(again.body).toMatchObject({ recorded: 0, alreadyRecorded: 3, says: '0 visits recorded. 3 visits were recorded before, from a phone, a page or this log, and are counted once.' });
  expect(await count()).toBe(3);
  const client = await service.client('lead@hartlepool.demo');
  const { body } = await client.get('/api/visits?from=2023-10-01&to=2023-10-31').expect(200);
  expect(body.totals).toEqual({ visits: 3, qualifyingVisits: 2, qualifyingMinutes: 15, patrols: 2, patrolMinutes: 49, personMinutes: 98 });
  expect(body.visits.map((visit: Record<string, unknown>) => [visit['hotspot'], visit['visitedOn'], visit['minutes'], visit['evidenceClass']])).toEqual([
    ['York Road', '2023-10-03', 20, 'A'], ['Church Street', '2023-10-02', 14, 'D'], ['York Road', '2023-10-02', 15, 'B'],
  ]);
  const events = await service.database.db('audit_event').where({ action: 'visitsRecorded' });
  expect(events).toHaveLength(1);
  expect(events[0].after.visits).toBe(3);
});

test('every error is named by row and column with what was given, and nothing of the file is recorded', async () => {
  const { status, body } = await send([
    headings,
    'York Road,2023-10-02,18:00,18:15,2,nfc,P-1,H-01,no,3,',
    'Nowhere,2023-10-02,18:20,18:35,2,,P-1,,,,',
    'York Road,2023-02-30,18:40,18:55,2,,P-1,,,,',
    'York Road,2023-10-02,quarter to,18:15,two,phone,P-3,,perhaps,many,',
    'York Road,2023-10-29,01:30,02:15,2,,P-4,,,,',
  ].join('\n'));
  expect(status).toBe(422);
  expect(body.detail).toBe('october.csv: 8 errors; nothing was recorded. Correct the rows named and send the file again.');
  expect(body.errors.map((error: { field: string }) => error.field)).toEqual([
    'row 3, hotspot', 'row 4, date', 'row 5, start', 'row 5, recorded how', 'row 5, persons', 'row 5, joint with police', 'row 5, informal_warning', 'row 6, start',
  ]);
  expect(body.errors[0].message).toBe('Row 3, column "hotspot", "Nowhere": There is no such hotspot of yours. Write its name or id as on the hotspots page.');
  expect(body.errors[4].message).toBe('Row 5, column "persons", "two": Write a whole number of persons from 1 to 20.');
  expect(body.errors[7].message).toMatch(/^Row 6, column "start", "01:30": "2023-10-29 01:30" happens twice/);
  expect(await count()).toBe(0);
});

test('what the visits themselves break is named by row too: powers, overlaps, dates, other councils’ places', async () => {
  const { body } = await send([
    headings,
    'York Road,2023-10-02,18:00,18:15,2,,P-1,H-01,no,,1',
    'York Road,2023-10-03,18:00,18:15,2,,P-2,H-01,no,,',
    'Church Street,2023-10-03,18:10,18:25,2,,P-3,H-01,no,,',
    'York Road,2023-06-03,18:10,18:25,2,,P-4,,no,,',
  ].join('\n'));
  expect(body.errors.map((error: { field: string }) => error.field)).toEqual(['row 2, actions', 'row 4, wardens', 'row 5, date']);
  const foreign = await send(`${headings}\nLinthorpe Road,2023-10-02,18:00,18:15,2,,P-1,,no,,`);
  expect(foreign.body.errors.map((error: { field: string }) => error.field)).toEqual(['row 2, hotspot']);
  expect(await count()).toBe(0);
});

test('a row that repeats another, and a row recorded before with other persons, are named', async () => {
  const row = 'York Road,2023-10-02,18:00,18:15,2,,P-1,,no,,';
  const repeated = await send([headings, row, row].join('\n'));
  expect(repeated.body.errors[0].message).toMatch(/^Row 3, column "hotspot": This row repeats row 2/);
  await send([headings, row].join('\n'));
  const other = await send([headings, row.replace(',2,,P-1', ',3,,P-1')].join('\n'));
  expect(other.body.errors[0].message).toMatch(/^Row 2, column "id", ".*": A visit with this hotspot, start and patrol is recorded with other details/);
  expect(await count()).toBe(1);
});

test('headings: a missing one, an unknown one with its nearest, one twice', async () => {
  const { body } = await send('hotspot,date,strat,end,persons,persons\nYork Road,2023-10-02,18:00,18:15,2,2\n');
  expect(body.errors.map((error: { message: string }) => error.message)).toEqual([
    'Row 1, column "strat", "strat": "strat" is not a column of a patrol log. Did you mean "start"? Otherwise take the column out.',
    'Row 1, column "persons", "persons": There are two columns for persons. Keep one.',
    'Row 1, column "start": The column "start" is missing. Add it; the template has every column.',
  ]);
});

test.each([
  ['empty', Buffer.alloc(0), 'october.csv: the file is empty. Send a CSV file with headings and a row for each visit.'],
  ['a workbook', Buffer.from('PK\u0003\u0004rest'), 'october.csv: this is a workbook or a zip file, not CSV. Save the sheet as "CSV UTF-8 (comma delimited)" and send that.'],
  ['a PDF', Buffer.from('%PDF-1.7'), 'october.csv: this is a PDF, not CSV. Save the sheet as "CSV UTF-8 (comma delimited)" and send that.'],
  ['a picture', Buffer.from([0xff, 0xd8, 0x00, 0x10]), 'october.csv: this is not text. Save the sheet as "CSV UTF-8 (comma delimited)" and send that.'],
  ['in an older encoding', Buffer.from('hotspot,date\nCaf\xe9,x', 'latin1'), 'october.csv: the text is not UTF-8. Save the sheet as "CSV UTF-8 (comma delimited)" and send that.'],
  ['cut off inside quotation marks', Buffer.from('hotspot,date\n"York Road,2023'), 'The file is not CSV: line 2 cannot be parted into cells. Check its quotation marks, or save the sheet as CSV again.'],
  ['headings alone', Buffer.from(`${headings}\n`), 'october.csv: 1 error; nothing was recorded. Correct the rows named and send the file again.'],
])('a file that is %s is refused in words', async (_what, body, detail) => {
  const answer = await send(body);
  expect(answer.status).toBe(422);
  expect(answer.body.detail).toBe(detail);
});

test('the template has a column for every kind of action and is read back', async () => {
  const client = await service.client('lead@hartlepool.demo');
  const template = await client.get('/api/visits/template').expect(200);
  expect(template.headers['content-type']).toMatch(/^text\/csv/);
  const columns = template.text.trim().split(',');
  expect(columns.slice(0, 6)).toEqual(['id', 'hotspot', 'date', 'start', 'end', 'persons']);
  expect(columns).toHaveLength(14 + 27);
  const row = columns.map((column) => ({ hotspot: 'York Road', date: '2023-10-02', start: '18:00', end: '18:15', persons: '2', intelligence_report: '1' })[column] ?? '').join(',');
  expect((await send(`${template.text}${row}\n`)).body).toMatchObject({ recorded: 1, personMinutes: 30 });
});

test('a list parted by semicolons is read; only people who record visits may send one', async () => {
  expect((await send('hotspot;date;start;end;persons\nYork Road;2023-10-02;18:00;18:15;2\n', { email: 'warden@hartlepool.demo' })).body.recorded).toBe(1);
  expect((await send(headings, { email: 'analyst@opcc.demo' })).status).toBe(403);
});

test('5,000 visits are recorded in one go', async () => {
  const rows = Array.from({ length: 5000 }, (_, index) => {
    const day = new Date(Date.UTC(2023, 7, 1) + Math.floor(index / 50) * 86_400_000).toISOString().slice(0, 10);
    const minute = 600 + (index % 50) * 16;
    const clock = (at: number) => `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
    return `York Road,${day},${clock(minute)},${clock(minute + 15)},2,nfc,P-${index},H-01,no,1,`;
  });
  expect((await send([headings, ...rows].join('\n'))).body).toMatchObject({ rows: 5000, recorded: 5000, personMinutes: 150_000 });
});
