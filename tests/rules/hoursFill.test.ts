/** A claim filled from verified hours: capped in whole minutes, and what is lost since then is not approved. */
import { describe, expect, test } from 'vitest';
import { checkHours } from '../../server/claims/hoursCheck.ts';
import { fillingOf, lostByRate, overApproved } from '../../server/claims/hoursFill.ts';
import { hoursInput, hoursVisit } from '../support/hours.ts';

const visits = [hoursVisit('a', '2023-10-02T09:00Z', '2023-10-02T09:40Z', ['w1', 'w2']), hoursVisit('b', '2023-10-02T19:00Z', '2023-10-02T19:30Z', ['w1'])];
const filled = (leftPence: number | null) => fillingOf(checkHours(hoursInput({ visits, leftPence })));
const minutesOf = (spans: readonly { fromMs: number; toMs: number }[]): number => spans.reduce((sum, { fromMs, toMs }) => sum + (toMs - fromMs) / 60_000, 0);

describe('filling', () => {
  test('takes each line with the minutes behind it', () => {
    const { lines, spans } = filled(null);
    expect(lines).toEqual([
      { head: 'Wardens', what: 'Day hours verified, at the rate from 2023-07-01', minutes: 80, pencePerHour: 2030 }, { head: 'Wardens', what: 'Evening hours verified, at the rate from 2023-07-01', minutes: 30, pencePerHour: 2233 },
    ]);
    expect(minutesOf(spans)).toBe(110);
  });

  test('stops at what is left, the earliest minutes first', () => {
    // £27.07 and £11.17 are due and £20.00 is left: £14.16 buys 41 minutes at £20.30 (£13.87), £5.84 buys 15 at £22.33 (£5.58).
    const { lines, spans } = filled(2000);
    expect(lines.map(({ minutes }) => minutes)).toEqual([41, 15]);
    expect(minutesOf(spans)).toBe(56);
    expect(filled(0)).toEqual({ lines: [], spans: [] });
  });
});

test('what is lost is counted by rate, and so much less may be approved', () => {
  const before = checkHours(hoursInput({ visits })).spans;
  const after = checkHours(hoursInput({ visits: visits.slice(0, 1), wardens: hoursInput().wardens.slice(0, 1) })).spans;
  const lost = lostByRate(before, after);
  expect([...lost]).toEqual([[2030, 40], [2233, 30]]);
  expect([...lostByRate(before, before)]).toEqual([]);
  const line = { pencePerHour: 2030, claimedPence: 2707 };
  // 40 minutes at £20.30 are £13.53.
  expect(overApproved([{ ...line, approvedPence: 1354 }], lost)).toEqual([]);
  expect(overApproved([{ ...line, approvedPence: 1355 }], lost)).toEqual([{ pencePerHour: 2030, minutes: 40, mostPence: 1354 }]);
});
