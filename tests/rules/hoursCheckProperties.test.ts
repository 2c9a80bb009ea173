/** What holds of the hours check whatever was recorded. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkHours } from '../../server/claims/hoursCheck.ts';
import type { HeldSpan, HoursInput, HoursVisit } from '../../server/claims/hoursCheckInput.ts';
import { splitPence } from '../../server/claims/hoursCheckSplit.ts';
import { at, hoursInput, riverside, rules, wardenOf } from '../support/hours.ts';

const minute = 60_000;
const wardens = [
  wardenOf('w1'), wardenOf('w2', { employedTo: '2023-10-30' }), wardenOf('w3', { clearances: [{ kind: 'vetting', validFrom: '2023-10-29', validTo: null }, { kind: 'training', validFrom: '2023-07-01', validTo: '2023-11-01' }] }),
  wardenOf('w4', { staffCategory: 'other' }),
];
const hotspots = [riverside, { ...riverside, id: 'market', name: 'Market', liveFrom: '2023-10-30' }];

/** A handful of visits crowded into the five days around the change of the clocks and of the rates, so that they meet. */
const visit = fc.record({
  id: fc.uuid(), hotspotId: fc.constantFrom('riverside', 'market'), startedAtMs: fc.integer({ min: 0, max: 5 * 24 * 60 * 2 }).map((half) => at('2023-10-28T18:00Z') + half * (minute / 2)),
  minutes: fc.integer({ min: 1, max: 300 }), persons: fc.integer({ min: 1, max: 4 }), staffCategory: fc.constantFrom('warden', 'warden', 'warden', 'other', 'police_officer'),
  patrolReference: fc.constantFrom('P-1', 'p-1', 'P-2', 'P-3'), recordedAtMs: fc.constantFrom(1, 2), named: fc.subarray(['w1', 'w2', 'w3', 'w4']),
}).map(({ named, ...rest }): HoursVisit => ({ ...rest, wardens: named.slice(0, rest.persons) }));

const input = fc.record({
  visits: fc.uniqueArray(visit, { maxLength: 9, selector: ({ id }) => id }), unnamed: fc.constantFrom('cover', 'pay', 'refuse'), dailyMinutes: fc.constantFrom(60, 480),
  leftPence: fc.option(fc.integer({ min: 0, max: 20_000 })),
}).map(({ visits, unnamed, dailyMinutes, leftPence }): HoursInput => hoursInput({ visits, wardens, hotspots, leftPence, rules: [{ ...rules, unnamed, dailyMinutes }] }));

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
const recorded = ({ visits }: HoursInput): number => sum(visits.map(({ minutes, persons }) => minutes * persons));

/** How often each minute of each person is paid at most. */
function mostPaid(spans: readonly { person: string; fromMs: number; toMs: number }[]): number {
  const byPerson = new Map<string, { fromMs: number; toMs: number }[]>();
  for (const span of spans) byPerson.set(span.person, [...(byPerson.get(span.person) ?? []), span]);
  return Math.max(0, ...[...byPerson.values()].flatMap((own) => own.map(({ fromMs, toMs }) => own.filter((other) => other.fromMs < toMs && other.toMs > fromMs).length)));
}

describe('whatever was recorded', () => {
  test('accepted and refused minutes together are the recorded minutes', () => {
    fc.assert(fc.property(input, (given) => {
      const { lines, refused, spans, totals } = checkHours(given);
      const paid = sum(lines.map(({ minutes }) => minutes));
      expect(paid + sum(refused.map(({ minutes }) => minutes))).toBe(recorded(given));
      expect([totals.payablePersonMinutes, totals.refusedPersonMinutes, totals.recordedPersonMinutes]).toEqual([paid, recorded(given) - paid, recorded(given)]);
      expect(sum(spans.map(({ fromMs, toMs }) => (toMs - fromMs) / minute))).toBe(paid);
    }), { numRuns: 100 });
  });

  test('the order of rows changes nothing', () => {
    fc.assert(fc.property(input.chain((given) => fc.record({ given: fc.constant(given), turned: fc.shuffledSubarray([...given.visits], { minLength: given.visits.length }) })), ({ given, turned }) => {
      const other = { ...given, visits: turned, wardens: [...given.wardens].reverse(), rates: [...given.rates].reverse(), hotspots: [...given.hotspots].reverse() };
      expect(checkHours(other)).toEqual(checkHours(given));
    }), { numRuns: 150 });
  });

  test('no minute of one person is paid twice, in one claim or in the next', () => {
    fc.assert(fc.property(input, input, (first, second) => {
      const before = checkHours(first).spans;
      expect(mostPaid(before)).toBeLessThanOrEqual(1);
      const held = before.map(({ person, fromMs, toMs, day }): HeldSpan => ({ person, fromMs, toMs, day, claim: 'claim 1' }));
      const after = checkHours({ ...second, held }).spans;
      expect(mostPaid([...before, ...after])).toBeLessThanOrEqual(1);
      // The same visits again are all there already.
      const again = checkHours({ ...first, held });
      expect(again.lines).toEqual([]);
    }), { numRuns: 150 });
  });

  test('nobody is paid beyond the shift of a day, nor the agreement beyond what is left', () => {
    fc.assert(fc.property(input, (given) => {
      const { spans, totals, lines } = checkHours(given);
      const days = new Map<string, number>();
      for (const { person, day, fromMs, toMs } of spans) days.set(`${person} ${day}`, (days.get(`${person} ${day}`) ?? 0) + (toMs - fromMs) / minute);
      expect(Math.max(0, ...days.values())).toBeLessThanOrEqual(given.rules[0]?.dailyMinutes ?? 0);
      expect(totals.payablePence).toBe(Math.min(totals.amountPence, given.leftPence ?? totals.amountPence));
      for (const { amountPence, visits } of lines) expect(sum(visits.map((each) => each.amountPence))).toBe(amountPence);
    }), { numRuns: 150 });
  });

  test('each line is its minutes at its rate, less than a penny off, and rounded up only from the half', () => {
    fc.assert(fc.property(input, (given) => {
      for (const { minutes, pencePerHour, amountPence } of checkHours(given).lines) {
        const over = amountPence * 60 - minutes * pencePerHour;
        expect(over > -30 && over <= 30).toBe(true);
      }
    }), { numRuns: 100 });
  });

  test('keys of refusals are their own', () => {
    fc.assert(fc.property(input, (given) => {
      const keys = checkHours(given).refused.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }), { numRuns: 100 });
  });

  test('a split sums to the whole and no part is a penny or more off', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10_000_000 }), fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1 }), (total, weights) => {
      const parts = splitPence(total, weights);
      const all = sum(weights);
      expect(sum(parts)).toBe(all === 0 ? 0 : total);
      const off = parts.map((part, index) => (all === 0 ? 0 : Math.abs(part - (total * (weights[index] ?? 0)) / all)));
      expect(Math.max(...off)).toBeLessThan(1);
    }));
  });
});
