import { describe, expect, test } from 'vitest';
import { columnMapping, type ColumnMapping } from '../../server/incidents/contract.ts';
import { readTime } from '../../server/incidents/clock.ts';
import { readPoint } from '../../server/incidents/coordinates.ts';
import { codeOf } from '../../server/incidents/incident.ts';
import { mappedReader } from '../../server/incidents/mapping.ts';
import { streetReader, streetSource } from '../../server/incidents/policeUk.ts';

const header = ['Crime ID', 'Month', 'Reported by', 'Falls within', 'Longitude', 'Latitude', 'Location', 'LSOA code', 'LSOA name', 'Crime type', 'Last outcome category', 'Context'];
const street = (over: Partial<Record<string, string>> = {}): string[] => {
  const row: Record<string, string> = {
    Month: '2023-07', 'Reported by': 'Cleveland Police', Longitude: '-1.234567', Latitude: '54.567890', Location: 'On or near ', 'Crime type': 'Anti-social behaviour', ...over,
  };
  return header.map((name) => row[name] ?? '');
};

describe('a street file’s rows', () => {
  const { read } = streetReader(header);

  test('become incidents with a month and no time', () => {
    expect(read(street(), 2)).toEqual({
      source: 'police-uk-cleveland', month: '2023-07',
      incident: { lng: -1.234567, lat: 54.56789, category: 'anti-social-behaviour', placeName: 'On or near', reference: '', lsoaCode: '', spot: expect.any(Number) },
    });
  });

  test('may have no place', () => {
    expect(read(street({ Longitude: '', Latitude: '' }), 2)).toMatchObject({ incident: { lng: null, lat: null } });
  });

  test.each([
    ['a latitude of 5460', { Latitude: '5460' }, { column: 'Latitude', value: '5460', rule: 'A latitude lies between -90 and 90 degrees.' }],
    ['a month of 2023-13', { Month: '2023-13' }, { column: 'Month', value: '2023-13', rule: 'A month is written YYYY-MM with a month from 01 to 12.' }],
    ['one coordinate alone', { Longitude: '' }, { column: 'Longitude', value: '', rule: 'One coordinate is given without the other.' }],
    ['swapped coordinates', { Longitude: '54.5', Latitude: '-1.2' }, { column: 'Longitude, Latitude', value: '54.5, -1.2', rule: 'The point is not in Great Britain.' }],
    ['no kind', { 'Crime type': '' }, { column: 'Crime type', value: '' }],
    ['words for a number', { Latitude: '54,5' }, { column: 'Latitude', value: '54,5', rule: 'A coordinate is a number of degrees.' }],
  ])('with %s are refused, with column, value, rule and cure', (_, over, fault) => {
    expect(read(street(over), 7)).toMatchObject({ row: 7, ...fault, cure: expect.stringMatching(/\w/) });
  });

  test('cut short are refused', () => {
    expect(read(street().slice(0, 5), 9)).toMatchObject({ row: 9, rule: 'The row has 5 fields and the header 12.' });
  });

  test('only anti-social behaviour is ASB, and codes are those of police.uk', () => {
    const reader = streetReader(header);
    for (const type of ['Anti-social behaviour', 'Criminal damage and arson', 'Violence and sexual offences', 'Theft from the person']) reader.read(street({ 'Crime type': type }), 2);
    expect([...reader.categories.values()]).toEqual([
      { code: 'anti-social-behaviour', name: 'Anti-social behaviour', asb: true },
      { code: 'criminal-damage-arson', name: 'Criminal damage and arson', asb: false },
      { code: 'violent-crime', name: 'Violence and sexual offences', asb: false },
      { code: 'theft-from-the-person', name: 'Theft from the person', asb: false },
    ]);
  });
});

test('a force’s source is named after it', () => {
  expect(['Cleveland Police', 'West Mercia Police', 'Devon & Cornwall Police', 'Metropolitan Police Service', 'Durham Constabulary'].map((force) => streetSource(force).code)).toEqual([
    'police-uk-cleveland', 'police-uk-west-mercia', 'police-uk-devon-cornwall', 'police-uk-metropolitan', 'police-uk-durham',
  ]);
  expect(codeOf('Café, “Noisy” neighbour’s')).toBe('cafe-noisy-neighbours');
});

test('the swapped point says so', () => {
  expect(readPoint('54.5', '-1.2', 3, { lng: 'x', lat: 'y' })).toMatchObject({ cure: expect.stringContaining('swapped') });
  expect(readPoint('-89.9', '35.1', 3, { lng: 'x', lat: 'y' }, true)).toEqual({ lng: -89.9, lat: 35.1 });
});

describe('times', () => {
  test.each([
    ['2023-07-01 21:30', 'ymd', '2023-07-01 21:30:00', '2023-07-01', true],
    ['2023-07-01T21:30:15.250', 'ymd', '2023-07-01 21:30:15', '2023-07-01', true],
    ['1/7/2023 9:05', 'dmy', '2023-07-01 09:05:00', '2023-07-01', true],
    ['07/01/2023', 'mdy', '2023-07-01 00:00:00', '2023-07-01', false],
    ['2024-02-29', 'dmy', '2024-02-29 00:00:00', '2024-02-29', false],
    // Half past eleven at night in Greenwich is half past midnight in British Summer Time: the next day.
    ['2023-06-30T23:30:00Z', 'ymd', '2023-06-30 23:30:00Z', '2023-07-01', true],
    ['2023-07-01T00:30:00+01:00', 'ymd', '2023-07-01 00:30:00+01:00', '2023-07-01', true],
  ] as const)('%s in order %s', (text, order, local, day, hasTime) => {
    expect(readTime(text, order, 'Europe/London')).toEqual({ text: local, day, hasTime });
  });

  test.each(['2023-02-29', '2023-13-01', '31/04/2023', '2023-07-01 24:00', '2023-07-01 12:60', 'yesterday', '', '23-07-01'])('%s is none', (text) => {
    expect(readTime(text, text.includes('/') ? 'dmy' : 'ymd', 'Europe/London')).toBeUndefined();
  });
});

describe('a mapped row', () => {
  const mapping = (over: object = {}): ColumnMapping => columnMapping.parse({
    source: { code: 'calls', name: 'Calls', publisher: 'A council', licence: 'Internal', timePrecision: 'minute', locationPrecision: 'exact' },
    columns: { longitude: 'lon', latitude: 'lat', category: 'kind', reference: 'ref', from: 'start', to: 'end', council: 'council' },
    categories: { Noise: { asb: true }, 'Fly tip': { code: 'fly-tipping', asb: false } },
    ...over,
  });
  const columns = ['ref', 'kind', 'lon', 'lat', 'start', 'end', 'council'];
  const councils = new Set(['e06000001', 'hartlepool']);
  const row = (...values: string[]) => mappedReader(mapping(), columns, councils).read(values, 5);

  test('keeps start, end, category and reference', () => {
    expect(row('A1', 'Noise', '-1.2', '54.6', '2023-07-31 23:50', '2023-08-01 00:20', 'Hartlepool')).toMatchObject({
      source: 'calls', month: '2023-07', incident: { category: 'noise', reference: 'A1', occurredFrom: '2023-07-31 23:50:00', occurredTo: '2023-08-01 00:20:00' },
    });
  });

  test.each([
    [['A1', 'Noise', '-1.2', '54.6', '2023-07-31 23:50', '2023-07-31 23:40', ''], { column: 'end', rule: 'It ends before it starts.' }],
    [['A1', 'Noise', '-1.2', '54.6', '2023-07-31', '', ''], { column: 'start', rule: 'The time of day is missing.' }],
    [['A1', 'Shouting', '-1.2', '54.6', '2023-07-31 23:50', '', ''], { column: 'kind', value: 'Shouting', rule: 'The mapping does not say what this category is.' }],
    [['A1', 'constructor', '-1.2', '54.6', '2023-07-31 23:50', '', ''], { column: 'kind', value: 'constructor' }],
    [['A1', 'Noise', '-1.2', '54.6', '2023-07-31 23:50', '', 'Atlantis'], { column: 'council', value: 'Atlantis', rule: 'The service knows no council of this code or name.' }],
    [['A1', 'Noise', '-1.2', '54.6', '31/07/2023 23:50', '', ''], { column: 'start', value: '31/07/2023 23:50', rule: 'It is no date there is.' }],
    [['A1', 'Noise', '-1.2'], { rule: 'The row has 3 fields and the header 7.' }],
  ])('%j is refused', (values, fault) => {
    expect(row(...values)).toMatchObject({ row: 5, ...fault, cure: expect.stringMatching(/\w/) });
  });

  test('a day stands for the time from its midnight to the next', () => {
    const daily = mapping({ source: { ...mapping().source, timePrecision: 'day' } });
    expect(mappedReader(daily, columns, councils).read(['A1', 'Noise', '-1.2', '54.6', '2023-02-28', '', ''], 2)).toMatchObject({
      incident: { occurredFrom: '2023-02-28 00:00:00', occurredTo: '2023-03-01 00:00:00' },
    });
  });

  test('may stand on the National Grid', () => {
    const grid = mapping({ columns: { easting: 'lon', northing: 'lat', category: 'kind', from: 'start' } });
    const { read } = mappedReader(grid, columns, councils);
    expect(read(['', 'Noise', '449171', '514239', '2023-07-01 10:00', '', ''], 2)).toMatchObject({ incident: { lng: expect.closeTo(-1.241874, 4), lat: expect.closeTo(54.521066, 4) } });
    expect(read(['', 'Noise', '-1.2', '54.6', '2023-07-01 10:00', '', ''], 2)).toMatchObject({ column: 'lon, lat', rule: 'It is no place on the National Grid.' });
  });

  test('a mapping must name its coordinates, its times and a real clock', () => {
    const wrong = columnMapping.safeParse({ ...mapping(), columns: { longitude: 'lon' }, category: 'x', zone: 'Europe/Middlesbrough' });
    expect(wrong.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
      ['columns', 'Name either longitude and latitude, or easting and northing.'],
      ['columns', 'Name the from column.'],
      ['zone', 'Give a time zone such as Europe/London.'],
    ]);
  });
});
