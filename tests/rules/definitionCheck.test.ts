import { describe, expect, test } from 'vitest';
import type { DefinitionDraft } from '../../server/returns/definitionContract.ts';
import { definitionFaults, distance } from '../../server/returns/definitionCheck.ts';
import { deadlineOf, periodOf } from '../../server/returns/deadline.ts';

type Field = DefinitionDraft['fields'][number];
const field = (code: string, rest: Partial<Field>): Field => ({ code, name: code, unit: 'count', breakdown: 'none', measure: null, definition: 'x', basis: 'x', ...rest });
const draft = (fields: Field[], rest: Partial<DefinitionDraft> = {}): DefinitionDraft => ({ name: 'x', basis: 'x', frequency: 'monthly', deadline: { basis: 'x' }, fields, signatories: [], sources: [], template: null, ...rest });
const visits = field('visits', { measure: 'visits' });

describe('a definition', () => {
  test('that can be counted has no fault', () => {
    expect(definitionFaults(draft([visits, field('paid', { measure: 'paid', unit: 'pence', breakdown: 'budget head' }), field('each', { formula: 'paid / visits', unit: 'pence' }), field('wardens', { formula: 'paid[Wardens]', unit: 'pence' })]))).toEqual([]);
  });

  test.each<[string, Field[], string, string, RegExp]>([
    ['an unknown measure', [field('a', { measure: 'vists' })], 'Field 1, a: measure', 'vists', /no such measure. Did you mean visits\?/],
    ['a formula that names nothing', [visits, field('a', { formula: 'visitz * 2' })], 'Field 2, a: formula', 'visitz', /At character 1, “visitz”: there is no such field or measure. Did you mean visits\?/],
    ['a formula that names itself', [field('a', { formula: 'a + 1' })], 'Field 1, a: formula', 'a', /fields that stand before its own/],
    ['a formula that names a later field', [field('a', { formula: 'b' }), field('b', { measure: 'visits' })], 'Field 1, a: formula', 'b', /Move “b” up/],
    ['a formula cut short', [field('a', { formula: '2 *' })], 'Field 1, a: formula', '2 *', /At character 4/],
    ['a part of what has none', [visits, field('a', { formula: 'visits[warden]' })], 'Field 2, a: formula', 'visits[warden]', /has no parts/],
    ['a text in a formula', [field('t', { unit: 'text' }), field('a', { formula: 't + 1' })], 'Field 2, a: formula', 't', /there is no such field or measure|is text/],
    ['a code twice', [visits, field('visits', { measure: 'patrols' })], 'Field 2, visits: code', 'visits', /Field 1 has this code too/],
    ['a wrong unit', [field('a', { measure: 'paid' })], 'Field 1, a: unit', 'count', /is in pence/],
    ['a wrong breakdown', [field('a', { measure: 'paid', unit: 'pence', breakdown: 'source' })], 'Field 1, a: breakdown', 'source', /none, budget head/],
    ['measure and formula', [field('a', { measure: 'visits', formula: '1' })], 'Field 1, a: formula', '1', /not both/],
  ])('%s is named', (_, fields, place, value, says) => {
    const faults = definitionFaults(draft(fields));
    expect(faults[0]).toMatchObject({ place, value, message: expect.stringMatching(says) });
    expect(faults).toHaveLength(1);
  });

  test('two deadlines and a cell for what is not collected are named', () => {
    const template = { templateId: crypto.randomUUID(), cells: [{ place: 'A!B1', what: 'story', form: 'number' as const, blank: false }, { place: 'A!B2', what: 'perod', form: 'number' as const, blank: false }], rows: [] };
    expect(definitionFaults(draft([visits, field('story', { unit: 'text' })], { deadline: { workingDay: 3, days: 4, basis: 'x' }, template })).map(({ place }) => place)).toEqual(['Deadline', 'Cell A!B1', 'Cell A!B2']);
  });

  test('letters to change', () => {
    expect([distance('kitten', 'sitting'), distance('', 'abc'), distance('same', 'same')]).toEqual([3, 3, 0]);
  });
});

describe('periods and deadlines', () => {
  test('quarters, halves and years are those of a year from April', () => {
    expect(['2023-03', '2023-04', '2023-06', '2023-07', '2023-12', '2024-01'].map((month) => periodOf(month, 'quarterly').month)).toEqual(['2023-01', '2023-04', '2023-04', '2023-07', '2023-10', '2024-01']);
    expect(['2023-09', '2023-10', '2024-03'].map((month) => periodOf(month, 'half-yearly'))).toEqual([{ month: '2023-04', lastMonth: '2023-09', months: 6 }, { month: '2023-10', lastMonth: '2024-03', months: 6 }, { month: '2023-10', lastMonth: '2024-03', months: 6 }]);
    expect([periodOf('2024-03', 'yearly'), periodOf('2024-03', 'monthly').lastMonth]).toEqual([{ month: '2023-04', lastMonth: '2024-03', months: 12 }, '2024-03']);
  });

  test('30 October for the half-year to September, 31 March before the year, the tenth working day, and none', () => {
    const half = { first: '2023-04-01', last: '2023-09-30' };
    expect([deadlineOf({ days: 30 }, half, new Set()), deadlineOf({ daysFromStart: -1 }, { first: '2025-04-01', last: '2026-03-31' }, new Set()), deadlineOf({ workingDay: 10 }, { first: '2023-10-01', last: '2023-10-31' }, new Set()), deadlineOf({}, half, new Set())])
      .toEqual(['2023-10-30', '2025-03-31', '2023-11-14', null]);
  });
});
