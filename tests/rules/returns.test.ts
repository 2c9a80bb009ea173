import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalHash, canonicalJson } from '../../server/canonical.ts';
import type { DefinitionField, ReturnDefinition } from '../../server/returns/contract.ts';
import { dueOn, lastDayOf, localMonth, yearBefore } from '../../server/returns/deadline.ts';
import { answer, percentage, valueAsked } from '../../server/returns/answers.ts';
import { countMonth, monthlyFigures } from '../../server/returns/figures.ts';
import type { LoadedHotspot, LoadedMonth, LoadedVisit } from '../../server/returns/month.ts';
import { rowsOf } from '../../server/returns/rows.ts';

describe('canonical JSON', () => {
  // Numbers, literals and the order of keys as in the examples of RFC 8785, section 3.2.
  test('numbers, texts and keys have one way of being written', () => {
    expect(canonicalJson([Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27, -0])).toBe('[333333333.3333333,1e+30,4.5,0.002,1e-27,0]');
    expect(canonicalJson('\u20ac$\u000f\nA\'B"\\\\"/')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
    const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalJson(keys)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
    expect(canonicalJson({ b: undefined, a: null })).toBe('{"a":null}');
  });

  test('a hash is the SHA-256 of it', () => {
    // sha256 of the two bytes {}
    expect(canonicalHash({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  });

  test.each([NaN, Infinity, '\ud800', undefined, [undefined], () => 1])('%s has no one way of being written', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  test('reads back as the same value, whatever the order of its keys', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }));
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
      expect(canonicalHash(Object.fromEntries(Object.entries(value).toReversed()))).toBe(canonicalHash(value));
    }));
  });
});

describe('days', () => {
  test('the tenth working day of the following month', () => {
    expect(dueOn('2023-10', 10, new Set())).toBe('2023-11-14');
    expect(dueOn('2023-12', 10, new Set(['2024-01-01']))).toBe('2024-01-15');
    expect(dueOn('2023-12', 1, new Set(['2024-01-01']))).toBe('2024-01-02');
    expect(() => dueOn('2023-12', 0, new Set())).toThrow(/not a working day/);
  });

  test('last days, a year before and the local month', () => {
    expect(['2023-02', '2024-02', '2023-12'].map(lastDayOf)).toEqual(['2023-02-28', '2024-02-29', '2023-12-31']);
    expect(['2024-02-29', '2024-03-01'].map(yearBefore)).toEqual(['2023-02-28', '2023-03-01']);
    expect([localMonth(new Date('2024-03-31T23:30:00Z')), localMonth(new Date('2024-10-31T23:30:00Z'))]).toEqual(['2024-04', '2024-10']);
  });
});

describe('percentages', () => {
  // Published figures of anti-social behaviour, 2020 to 2021, with more places: 1187 to 983, 93 to 66, 341 to 407.
  test.each([[-204, 1187, -17.2], [-27, 93, -29], [66, 341, 19.4], [1, 3, 33.3], [1, 2000, 0.1], [-1, 2000, -0.1], [-1, 2001, 0], [0, 7, 0], [7, 8, 87.5]])('%i of %i is %f %%', (part, whole, expected) => {
    expect(percentage(part, whole)).toBe(expected);
  });
});

const plain: Omit<DefinitionField, 'code' | 'measure'> = { name: 'Name', unit: 'count', breakdown: 'none', definition: 'What it is.', basis: 'Test' };
const definition: ReturnDefinition = {
  code: 'test', version: 3, name: 'Test', basis: 'Test', deadline: { workingDay: 10, basis: 'Test' }, frequency: 'monthly', signatories: [],
  fields: [
    { ...plain, code: 'visits', measure: 'visits' },
    { ...plain, code: 'long', measure: 'longVisits', minimumMinutes: 20 },
    { ...plain, code: 'hours', measure: 'personMinutes', unit: 'person-minutes', breakdown: 'staff category' },
    { ...plain, code: 'story', measure: null },
  ],
};
const hotspot = (id: string, rest: Partial<LoadedHotspot> = {}): LoadedHotspot => ({
  id, name: id, councilCode: 'A', wardCode: null, liveFrom: '2023-08-01', liveTo: null, countedFrom: '2023-10-01', countedTo: '2023-10-31', ...rest,
});
const visit = (id: string, hotspotId: string, on: string, minutes: number, staffCategory = 'warden'): LoadedVisit => ({
  id, hotspotId, hotspot: hotspotId, councilCode: 'A', patrolCouncil: 'A', patrolReference: id, on, startedAt: `${on}T12:00:00.000Z`, endedAt: `${on}T13:00:00.000Z`,
  minutes, persons: 2, personMinutes: minutes * 2, staffCategory, extended: false, jointWithPolice: false,
});
const month = (hotspots: LoadedHotspot[], visits: LoadedVisit[]): LoadedMonth => ({
  month: '2023-10', lastMonth: '2023-10', agreements: [], amounts: [], yearBefore: '2022-10', firstDay: '2023-10-01', lastDay: '2023-10-31', organisation: 'Test', demonstration: false,
  councils: [{ code: 'A', name: 'A', patrolsStartedOn: '2023-10-05' }], sources: [], actionKinds: [], hotspots, visits, actions: [], incidents: [], baselines: [],
});

describe('the definition decides', () => {
  test('which fields there are, in which order, and how long a long visit is', () => {
    const made = monthlyFigures(month([hotspot('h')], [visit('1', 'h', '2023-10-05', 19), visit('2', 'h', '2023-10-06', 20)]), definition);
    const one = made.hotspots[0]!;
    expect(one.figures.map((figure) => [figure.field, figure.breakdown, figure.value])).toEqual([
      ['visits', null, 2], ['long', null, 1], ['hours', null, 78],
      ['hours', 'warden', 78], ['hours', 'pcso', 0], ['hours', 'police_officer', 0], ['hours', 'special', 0], ['hours', 'other', 0],
    ]);
    expect(made.definition).toEqual({ code: 'test', version: 3, name: 'Test', basis: 'Test' });
  });

  test('a field that is not counted has no rows, and a measure nobody knows is named', () => {
    const loaded = month([hotspot('h')], []);
    expect(rowsOf(loaded, definition, { figure: 'story' })).toBe('figure story');
    expect(rowsOf(loaded, definition, { figure: 'visits', council: 'B' })).toBe('council with hotspots in this month');
    const unknown = { ...definition, fields: [{ ...plain, code: 'odd', measure: 'oddities' }] };
    expect(() => monthlyFigures(loaded, unknown)).toThrow('The field odd names the measure "oddities"');
  });
});

describe('a figure, its value alone and its rows', () => {
  const counted: ReturnDefinition = {
    ...definition,
    fields: [
      ...definition.fields, { ...plain, code: 'share', measure: 'longVisitsShare', unit: 'per cent' }, { ...plain, code: 'patrols', measure: 'patrols' }, { ...plain, code: 'once', measure: 'patrolsOnce' },
      { ...plain, code: 'incidents', measure: 'incidents', breakdown: 'source' }, { ...plain, code: 'before', measure: 'incidentsYearBefore' }, { ...plain, code: 'change', measure: 'incidentsChange', unit: 'per cent' },
      { ...plain, code: 'each', measure: null, formula: 'hours / visits' },
    ],
  };
  const source = { code: 's', name: 'S', publisher: 'S', licence: 'None', timePrecision: 'day' as const, demonstration: false, imported: true, importedYearBefore: true };
  const incident = (id: string, hotspotId: string, on: string) => ({ id, hotspotId, month: on.slice(0, 7), sourceCode: 's', category: 'Nuisance', place: 'x', on });

  test('say the same, and a patrol in two hotspots counts once where it should', () => {
    const row = fc.record({ at: fc.constantFrom('g', 'h'), day: fc.integer({ min: 1, max: 28 }), minutes: fc.integer({ min: 1, max: 40 }), patrol: fc.constantFrom('p', 'q', 'r') });
    const happened = fc.record({ at: fc.constantFrom('g', 'h'), year: fc.constantFrom('2022', '2023') });
    fc.assert(fc.property(fc.array(row, { maxLength: 20 }), fc.array(happened, { maxLength: 20 }), (rows, incidents) => {
      const visits = rows.map(({ at, day, minutes, patrol }, nth) => ({ ...visit(String(nth), at, `2023-10-${String(day).padStart(2, '0')}`, minutes), patrolReference: patrol }));
      const loaded = { ...month([hotspot('g'), hotspot('h', { countedTo: '2023-10-20' })], visits), sources: [source], incidents: incidents.map(({ at, year }, nth) => incident(String(nth), at, `${year}-10-12`)) };
      countMonth(loaded, counted, (question) => {
        const { value, status, why, total, of, counted: rowsOfIt } = answer(question);
        expect(valueAsked(question)).toEqual({ value, status, why });
        expect(rowsOfIt().reduce((sum, { amount }) => sum + amount, 0)).toBe(total);
        expect(rowsOfIt().reduce((sum, { row: made }) => sum + made().amount, 0)).toBe(total);
        expect(of === null && status === 'counted' && question.field.formula === undefined ? value : total).toBe(total);
      });
      const started = visits.filter(({ on, hotspotId }) => on >= '2023-10-05' && (hotspotId === 'g' || on <= '2023-10-20'));
      const whole = monthlyFigures(loaded, counted).areas[0]!.figures;
      expect(whole.find(({ field }) => field === 'once')?.value).toBe(new Set(started.map(({ patrolReference }) => patrolReference)).size);
      expect(whole.find(({ field }) => field === 'patrols')?.value).toBe(new Set(started.map(({ patrolReference, hotspotId }) => `${hotspotId} ${patrolReference}`)).size);
    }));
  });

  test('a change of incidents is their sum with those of the year before taken off, over those', () => {
    const dates = ['2023-10-02', '2023-10-03', '2023-10-04', '2022-10-09', '2022-10-10'];
    const loaded = { ...month([hotspot('h')], []), sources: [source], incidents: dates.map((on, nth) => incident(String(nth), 'h', on)) };
    const rows = rowsOf(loaded, counted, { figure: 'change', hotspot: 'h' });
    expect(rows).toMatchObject({ value: 50, total: 1, of: 2 });
    expect(typeof rows === 'string' ? [] : rows.rows.map(({ on, amount }) => [on, amount])).toEqual([['2023-10-02', 1], ['2023-10-03', 1], ['2023-10-04', 1], ['2022-10-09', -1], ['2022-10-10', -1]]);
  });
});

describe('live days', () => {
  test('the first and the last day count, the days around them are left out', () => {
    const lived = hotspot('h', { countedFrom: '2023-10-10', countedTo: '2023-10-15', liveTo: '2023-10-16' });
    const made = monthlyFigures(month([lived], ['09', '10', '15', '16'].map((day) => visit(day, 'h', `2023-10-${day}`, 30))), definition);
    expect(made.hotspots[0]!.figures[0]!.value).toBe(2);
    expect(made.leftOut.map((one) => one.n)).toEqual([2, 0, 0]);
  });

  test('a council that starts after the last live day has not started; on it, it has', () => {
    const until = (countedTo: string) => monthlyFigures(month([hotspot('h', { countedTo })], [visit('1', 'h', '2023-10-04', 30)]), definition);
    expect(until('2023-10-04').hotspots[0]).toMatchObject({ patrolsFrom: null, figures: expect.arrayContaining([expect.objectContaining({ field: 'visits', value: null, status: 'not started' })]) });
    expect(until('2023-10-05').hotspots[0]).toMatchObject({ patrolsFrom: '2023-10-05', figures: expect.arrayContaining([expect.objectContaining({ field: 'visits', value: 0, status: 'counted' })]) });
  });

  test('totals are the sum of the hotspots, and every visit is counted or left out', () => {
    const day = fc.integer({ min: 1, max: 31 }).map((n) => `2023-10-${String(n).padStart(2, '0')}`);
    const one = fc.record({ at: fc.constantFrom('g', 'h', 'gone'), on: day, minutes: fc.integer({ min: 0, max: 600 }), staff: fc.constantFrom('warden', 'pcso') });
    fc.assert(fc.property(fc.array(one, { maxLength: 40 }), (drawn) => {
      const visits = drawn.map((row, index) => visit(String(index), row.at, row.on, row.minutes, row.staff));
      const made = monthlyFigures(month([hotspot('g'), hotspot('h', { countedTo: '2023-10-15' })], visits), definition);
      for (const total of made.areas[0]!.figures) {
        const parts = made.hotspots.map((each) => each.figures.find((figure) => figure.field === total.field && figure.breakdown === total.breakdown)!.value ?? 0);
        expect(total.value).toBe(parts.reduce((sum, value) => sum + value, 0));
      }
      const counted = made.areas[0]!.figures[0]!.value ?? 0;
      expect(counted + made.leftOut.reduce((sum, reason) => sum + reason.n, 0)).toBe(visits.length);
    }));
  });
});
