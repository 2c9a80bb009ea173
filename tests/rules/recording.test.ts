import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { crossedBy, type HeldNote } from '../../server/incidents/recording.ts';
import { placeWeight, weighNothing, weightsWithin } from '../../server/incidents/weights.ts';

const note = (over: Partial<HeldNote> = {}): HeldNote => ({ id: '1', kind: 'change', source: null, councilCode: '', startsOn: '2023-05-01', endsOn: null, what: 'Noise is recorded as crime.', ...over });
const crossed = (one: HeldNote, months: string[], sources = ['police'], councils = ['E06000001']): number => crossedBy([one], { months, sources, councils }).length;

describe('a change', () => {
  test.each([
    ['both sides', ['2023-04', '2023-05'], 1], ['before it', ['2023-03', '2023-04'], 0], ['from it on', ['2023-05', '2023-06'], 0],
    ['a year before and after', ['2022-10', '2023-10'], 1], ['no month', [], 0],
  ])('is crossed by %s as it should be', (_, months, n) => expect(crossed(note(), months)).toBe(n));

  test('in the middle of a month is crossed by that month alone', () => {
    expect(crossed(note({ startsOn: '2023-05-04' }), ['2023-05'])).toBe(1);
    expect(crossed(note({ startsOn: '2023-05-04' }), ['2023-06'])).toBe(0);
  });

  test('of winter 2018/19 is crossed by any comparison with 2023', () => {
    expect(crossed(note({ startsOn: '2019-04-01' }), ['2018-12', '2019-01', '2023-12', '2024-01'])).toBe(1);
    expect(crossed(note({ startsOn: '2019-04-01' }), ['2023-01', '2024-01'])).toBe(0);
  });

  test('of another source or council is crossed by nothing', () => {
    const months = ['2023-04', '2023-05'];
    expect(crossed(note({ source: 'noise' }), months)).toBe(0);
    expect(crossed(note({ source: 'police' }), months)).toBe(1);
    expect(crossed(note({ councilCode: 'E06000002' }), months)).toBe(0);
    expect(crossed(note({ councilCode: 'E06000001' }), months)).toBe(1);
  });

  test('says from when and what', () => {
    expect(crossedBy([note()], { months: ['2023-04', '2023-05'], sources: [], councils: [] })).toEqual([
      { id: '1', kind: 'change', startsOn: '2023-05-01', endsOn: null, says: 'Recording change, from 1 May 2023 on: Noise is recorded as crime.' },
    ]);
  });
});

describe('a period recorded otherwise, and a gap', () => {
  const lockdown = note({ kind: 'period', startsOn: '2020-04-01', endsOn: '2021-07-01' });
  const gap = note({ kind: 'gap', startsOn: '2023-02-10', endsOn: '2023-03-01' });

  test('a period is crossed from inside to outside, on either side', () => {
    expect(crossed(lockdown, ['2020-03', '2020-04'])).toBe(1);
    expect(crossed(lockdown, ['2021-06', '2021-07'])).toBe(1);
    expect(crossed(lockdown, ['2020-04', '2021-06'])).toBe(0);
    expect(crossed(lockdown, ['2019-04', '2021-07'])).toBe(0);
  });

  test('a gap is crossed by any month it touches', () => {
    expect(crossed(gap, ['2023-02'])).toBe(1);
    expect(crossed(gap, ['2023-01', '2023-03'])).toBe(0);
  });
});

test('the order of the months never matters, and more months never cross less of a change', () => {
  const month = fc.integer({ min: 2018 * 12, max: 2025 * 12 }).map((n) => `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`);
  fc.assert(fc.property(fc.array(month, { minLength: 1 }), month, (months, more) => {
    const one = note({ startsOn: '2021-06-15' });
    expect(crossed(one, [...months].reverse())).toBe(crossed(one, months));
    expect(crossed(one, [...months, more])).toBeGreaterThanOrEqual(crossed(one, months));
  }));
});

describe('weights', () => {
  const set = (source: string, weight: number, validFrom: string, validTo: string | null = null) => ({ source, weight, validFrom, validTo, reason: 'x' });
  const known = [set('noise', 0.5, '2023-01-01', '2023-07-01'), set('noise', 0.25, '2023-07-01'), set('fires', 2, '2024-01-01')];

  test('within a period are those of its months and sources', () => {
    expect(weightsWithin(known, { from: '2023-01', to: '2023-06' }, ['noise', 'fires']).map(({ weight }) => weight)).toEqual([0.5]);
    expect(weightsWithin(known, { from: '2023-06', to: '2023-07' }, ['noise']).map(({ weight }) => weight)).toEqual([0.5, 0.25]);
    expect(weightsWithin(known, { from: '2022-01', to: '2022-12' }, ['noise'])).toEqual([]);
    expect([weighNothing([]), weighNothing([{ weight: 1 }]), weighNothing(known)]).toEqual([true, true, false]);
  });

  test('a new one ends the one before and stops where a later one begins', () => {
    expect(placeWeight([], '2023-01-01')).toEqual({ ends: undefined, validTo: null });
    expect(placeWeight([set('noise', 2, '2024-01-01')], '2023-01-01')).toEqual({ ends: undefined, validTo: '2024-01-01' });
    expect(placeWeight(known.slice(0, 2), '2023-03-01')).toEqual({ ends: known[0], validTo: '2023-07-01' });
    expect(placeWeight(known.slice(0, 2), '2023-07-01')).toEqual({ ends: known[1], validTo: null });
  });
});
