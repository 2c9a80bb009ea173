/** The forecast's rule: the pilot replayed from what is published, Essex at month three, and what holds for any agreement. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causesInData } from '../../server/forecast/causes.ts';
import { type ForecastInput, rateAt } from '../../server/forecast/known.ts';
import { forecastOutturn } from '../../server/forecast/outturn.ts';
import { profileOf } from '../../server/forecast/profile.ts';
import { progressOf } from '../../server/forecast/progress.ts';
import { passesThreshold, rate } from '../../server/forecast/rating.ts';
import { addDays } from '../../server/patrols/calendar.ts';
import { contractMinutes, octoberReturn, pencePerPatrolHour, pilotCeilingPence, pilotDays, pilotPosts, pilotSpan, pilotStarts, productiveRatio, weeklyMinutes } from '../support/pilot.ts';

const assumed: ForecastInput['assumed'] = {
  runRateWeeks: 8, leastWeeks: 4, spreadShare: 0.1, recruitWeeksCentral: 13, recruitWeeksHigh: 6, slipWeeksLow: 22, slipWeeksCentral: 9, slipWeeksHigh: 4, contractHours: 37, recordShare: 0.33,
};
const emptyLedger: ForecastInput['ledger'] = { paidPence: 0, approvedPence: 0, claimedPence: 0, accruedPence: 0, atRiskPence: 0, coveredTo: null, movements: [] };

function inputOf(given: Partial<ForecastInput> = {}): ForecastInput {
  return {
    agreementId: '00000000-0000-4000-8000-000000000001', knownOn: '2023-10-01', ...pilotSpan, ceilingPence: pilotCeilingPence, productiveRatio: 0.5, basis: 'hours', patrolsStart: null, plan: null,
    wardens: [], rates: [{ band: 'day', pencePerHour: 2_000, validFrom: '2023-07-01', validTo: null }], bankHolidays: [], delivered: [], ledger: emptyLedger, commitments: [], assumed, ...given,
  };
}

/** One council of the pilot as it was known on a day. A start after that day is known only when `dated`. */
function pilotCouncil(start: string, knownOn: string, given: { dated?: boolean; pencePerHour?: number } = {}): ForecastInput {
  const begun = start <= knownOn;
  return inputOf({
    knownOn, productiveRatio, patrolsStart: begun || given.dated ? start : null,
    plan: { startsOn: pilotSpan.startsOn, posts: pilotPosts, minutesPerWeek: contractMinutes, filledOn: null },
    wardens: begun ? Array.from({ length: pilotPosts }, () => ({ employedFrom: start, employedTo: null, minutesPerWeek: contractMinutes, clearedOn: null })) : [],
    rates: [{ band: 'day', pencePerHour: given.pencePerHour ?? pencePerPatrolHour, validFrom: pilotSpan.startsOn, validTo: null }],
    delivered: begun ? pilotDays(start, knownOn).map(({ on, minutes }) => ({ on, band: 3, minutes })) : [],
  });
}

const pilotUnderspend = (knownOn: string, given: { dated?: boolean; pencePerHour?: number } = {}): number =>
  Object.values(pilotStarts).reduce((sum, start) => sum + forecastOutturn(pilotCouncil(start, knownOn, given)).underspend.central, 0);

describe('the pilot, replayed on what was known', () => {
  test('the inputs are what the published figures come to', () => {
    expect(weeklyMinutes).toBe(2_217);
    expect(productiveRatio).toBe(0.25);
    expect(pencePerPatrolHour).toBe(10_926);
  });

  test('at the October return the forecast underspend is over £400,000, and near the £537,776 that was published later', () => {
    expect(pilotUnderspend(octoberReturn)).toBeGreaterThan(40_000_000);
    expect(pilotUnderspend(octoberReturn, { dated: true })).toBeGreaterThan(40_000_000);
    expect(Math.abs(pilotUnderspend(octoberReturn, { dated: true }) - 53_777_600)).toBeLessThan(2_000_000);
  });

  // Published prices of a patrol hour: the national plan's lowest and highest, and this area's money over its hours of 2024.
  test.each([7_333, 11_000, 12_863])('so it is at %i pence an hour, whichever published price is taken', (pencePerHour) => {
    expect(pilotUnderspend(octoberReturn, { dated: true, pencePerHour })).toBeGreaterThan(40_000_000);
  });

  test('even the high forecast passes the alert’s 5 % for the fund, more than three months before the end', () => {
    const high = Object.values(pilotStarts).reduce((sum, start) => sum + forecastOutturn(pilotCouncil(start, octoberReturn)).outturn.high, 0);
    expect(passesThreshold({ ceilingPence: 4 * pilotCeilingPence, underspendPence: 4 * pilotCeilingPence - high }, 0.05)).toBe(true);
    expect(octoberReturn <= '2023-12-31').toBe(true);
  });

  test('a straight line from July would have hidden it: the money of the months gone does not tell when patrols began', () => {
    const late = forecastOutturn(pilotCouncil('2023-10-01', octoberReturn));
    const gone = 137 / 275;
    expect(late.toDate.totalPence / gone).toBeLessThan(late.outturn.central * 0.6);
  });

  test('the late start is the first cause in the data, at its days times the planned weekly money', () => {
    const input = pilotCouncil('2023-10-01', octoberReturn);
    const [first] = causesInData(input, forecastOutturn(input));
    expect(first).toMatchObject({ cause: 'late start', pence: Math.round((92 * 25_000_000) / 275) });
  });
});

describe('Essex at month three', () => {
  test('4,157 of 30,000 hours are 13.9 % against 33 % of the nine months, which is 42 % at this rate', () => {
    const { deliveredShare, timeShare, atThisRate } = progressOf({ delivered: 4_157, target: 30_000, gone: 3, whole: 9 });
    expect(Math.round(deliveredShare * 1000) / 10).toBe(13.9);
    expect(Math.round(timeShare * 100)).toBe(33);
    expect(Math.round((atThisRate ?? 0) * 1000) / 10).toBe(41.6);
    expect(() => progressOf({ delivered: 1, target: 0, gone: 1, whole: 9 })).toThrow('both are over 0');
  });

  test('and the forecast says so in money: £1.1 million for 30,000 hours leaves over half unspent', () => {
    // 4,157 hours over the 92 days from July to September, at the plan's £36.67 an hour; nothing is known of staff.
    const delivered = Array.from({ length: 92 }, (_, day) => ({ on: addDays('2023-07-01', day), band: 3, minutes: Math.round((4_157 * 60) / 92) }));
    const { outturn } = forecastOutturn(inputOf({
      knownOn: '2023-09-30', ceilingPence: 110_000_000, patrolsStart: '2023-07-01', delivered, rates: [{ band: 'day', pencePerHour: 3_667, validFrom: '2023-07-01', validTo: null }],
    }));
    expect(Math.round(outturn.central / 100)).toBeGreaterThan(455_000);
    expect(Math.round(outturn.central / 100)).toBeLessThan(457_000);
  });
});

describe('an outturn on paper', () => {
  const staff = [{ employedFrom: '2023-07-01', employedTo: null, minutesPerWeek: 2_100, clearedOn: null }];

  test('on cost: 35 hours a week at £20 for the 13 weeks left are £9,100, and the 13 weeks gone are counted as cost', () => {
    const { toDate, remaining, outturn } = forecastOutturn(inputOf({ basis: 'cost', startsOn: '2023-07-03', endsOn: '2023-12-31', knownOn: '2023-10-01', patrolsStart: '2023-07-03', wardens: staff, plan: { startsOn: '2023-07-03', posts: 1, minutesPerWeek: 2_100, filledOn: null } }));
    expect(toDate).toMatchObject({ deliveredPence: 910_000, committedPence: 0, totalPence: 910_000 });
    expect(remaining).toEqual({ low: 819_000, central: 910_000, high: 1_001_000 });
    expect(outturn.central).toBe(1_820_000);
  });

  test('on hours: a warden of 35 hours at the agreed half gives 17½ hours a week once patrols begin, and none before', () => {
    const { remaining } = forecastOutturn(inputOf({ startsOn: '2023-07-03', endsOn: '2023-12-31', knownOn: '2023-10-01', patrolsStart: '2023-10-30', wardens: staff, plan: { startsOn: '2023-07-03', posts: 1, minutesPerWeek: 2_100, filledOn: null } }));
    // 9 weeks × 17.5 h × £20; low four weeks later and 10 % less.
    expect(remaining.central).toBe(315_000);
    expect(remaining.low).toBe(Math.round(5 * 17.5 * 2_000 * 0.9));
  });

  test('days in post before vetting are a cause where hours are paid, at what they would have come to', () => {
    const known = inputOf({ startsOn: '2023-07-03', endsOn: '2023-12-31', knownOn: '2023-10-01', patrolsStart: '2023-07-03', wardens: staff.map((each) => ({ ...each, clearedOn: '2023-07-17' })) });
    // Two weeks × 17.5 h × £20.
    expect(causesInData(known, forecastOutturn(known)).find(({ cause }) => cause === 'vetting')?.pence).toBe(70_000);
    const onCost = { ...known, basis: 'cost' as const };
    expect(causesInData(onCost, forecastOutturn(onCost)).some(({ cause }) => cause === 'vetting')).toBe(false);
  });

  test('a claim covers its days: they are counted once, as claimed, with the commitments in them', () => {
    const { toDate } = forecastOutturn(inputOf({
      basis: 'cost', startsOn: '2023-07-03', endsOn: '2023-12-31', knownOn: '2023-10-15', patrolsStart: '2023-07-03', wardens: staff,
      ledger: { ...emptyLedger, paidPence: 900_000, coveredTo: '2023-10-01', movements: [{ on: '2023-09-30', pence: 900_000 }] },
      commitments: [{ effectiveOn: '2023-07-03', pence: 50_000 }, { effectiveOn: '2023-11-20', pence: 70_000 }],
    }));
    expect(toDate).toMatchObject({ paidPence: 900_000, committedPence: 70_000, deliveredPence: 140_000, totalPence: 1_110_000 });
  });

  test('commitments are promises beside the hours', () => {
    const known = { basis: 'cost', startsOn: '2023-07-03', endsOn: '2023-12-31', knownOn: '2023-07-30', patrolsStart: '2023-07-03', wardens: staff } as const;
    expect(forecastOutturn(inputOf({ ...known, commitments: [{ effectiveOn: '2023-07-05', pence: 100_000 }] })).toDate).toMatchObject({ committedPence: 100_000, deliveredPence: 280_000 });
  });

  test('unless they are as much as hours cost: a full month counts them, and the run rate goes by them', () => {
    // July from Monday 3rd has 29 days: 29 × £100 of contract hours, of which £2,175 was spent: three quarters.
    const known = { basis: 'cost', startsOn: '2023-07-03', endsOn: '2023-12-31', knownOn: '2023-08-06', patrolsStart: '2023-07-03', wardens: staff } as const;
    const { toDate, pace, remaining } = forecastOutturn(inputOf({ ...known, commitments: [{ effectiveOn: '2023-07-31', pence: 217_500 }] }));
    expect(pace.observedCost).toEqual({ months: ['2023-07'], ratio: 0.75 });
    expect(toDate).toMatchObject({ committedPence: 217_500, deliveredPence: 45_000 });
    expect(remaining.central).toBe(147 * 7_500);
    // A pound less than a third of the contract hours, and they are promises again.
    expect(forecastOutturn(inputOf({ ...known, commitments: [{ effectiveOn: '2023-07-31', pence: 95_600 }] }))).toMatchObject({ pace: { observedCost: null }, toDate: { committedPence: 95_600, deliveredPence: 350_000 } });
  });

  test('after the last day it stands on that day, however long ago it is', () => {
    const known = inputOf({ basis: 'cost', startsOn: '2023-07-03', endsOn: '2023-12-31', patrolsStart: '2023-07-03', wardens: staff, commitments: [{ effectiveOn: '2023-11-30', pence: 300_000 }, { effectiveOn: '2023-12-31', pence: 310_000 }] });
    const last = forecastOutturn({ ...known, knownOn: '2023-12-31' });
    expect(forecastOutturn({ ...known, knownOn: '2026-11-22' })).toEqual(last);
    expect(last.pace.observedCost?.months).toEqual(['2023-11', '2023-12']);
    expect(last.remaining).toEqual({ low: 0, central: 0, high: 0 });
  });

  test('the ceiling caps it, and the day the money runs out is named', () => {
    const { outturn, uncapped, moneyOutOn, underspend } = forecastOutturn(inputOf({ basis: 'cost', startsOn: '2023-07-03', endsOn: '2023-12-31', knownOn: '2023-10-01', patrolsStart: '2023-07-03', wardens: staff, ceilingPence: 1_050_000 }));
    expect([uncapped.central, outturn.central, underspend.central]).toEqual([1_820_000, 1_050_000, 0]);
    expect(moneyOutOn).toBe('2023-10-16');
  });

  test('the highest rate that applies is paid, and the mix of hours worked carries on', () => {
    const rates = [{ band: 'day', pencePerHour: 2_000, validFrom: '2023-07-01', validTo: null }, { band: 'sunday', pencePerHour: 3_000, validFrom: '2023-07-01', validTo: null }, { band: 'evening', pencePerHour: 2_200, validFrom: '2023-07-01', validTo: '2023-08-01' }] as const;
    expect(rateAt(rates, [], '2023-07-09', 5)).toBe(3_000);
    expect(rateAt(rates, [], '2023-07-10', 5)).toBe(2_200);
    expect(rateAt(rates, [], '2023-08-10', 5)).toBe(2_000);
    const { pace } = forecastOutturn(inputOf({ rates, patrolsStart: '2023-07-03', delivered: [{ on: '2023-07-08', band: 2, minutes: 600 }, { on: '2023-07-09', band: 2, minutes: 600 }] }));
    expect(pace.mix).toBe(1.25);
  });
});

describe('for any agreement', () => {
  const day = fc.integer({ min: -30, max: 300 }).map((n) => addDays('2023-07-01', n));
  const warden = fc.record({ employedFrom: day, employedTo: fc.option(day), minutesPerWeek: fc.integer({ min: 60, max: 2_400 }), clearedOn: fc.option(day) }).map((each) => ({ ...each, employedTo: each.employedTo !== null && each.employedTo > each.employedFrom ? each.employedTo : null }));
  const anyInput = fc.record({
    knownOn: day, basis: fc.constantFrom('cost' as const, 'hours' as const), productiveRatio: fc.integer({ min: 1, max: 1000 }).map((n) => n / 1000), patrolsStart: fc.option(day), wardens: fc.array(warden, { maxLength: 6 }),
    plan: fc.option(fc.record({ startsOn: day, posts: fc.integer({ min: 0, max: 12 }), minutesPerWeek: fc.integer({ min: 60, max: 2_400 }), filledOn: fc.option(day) })),
    delivered: fc.array(fc.record({ on: day, band: fc.integer({ min: 0, max: 5 }), minutes: fc.integer({ min: 1, max: 900 }) }), { maxLength: 40 }),
    commitments: fc.array(fc.record({ effectiveOn: day, pence: fc.integer({ min: -50_000, max: 900_000 }) }), { maxLength: 5 }), ceilingPence: fc.integer({ min: 100_000, max: 40_000_000 }),
  }).map((given) => inputOf(given));

  test('low ≤ central ≤ high ≤ ceiling, underspend is what is left, the parts add up, and months never fall', () => {
    fc.assert(fc.property(anyInput, (input) => {
      const { outturn, remaining, underspend, toDate, months } = forecastOutturn(input);
      expect(remaining.low).toBeLessThanOrEqual(remaining.central);
      expect(remaining.central).toBeLessThanOrEqual(remaining.high);
      expect(outturn.high).toBeLessThanOrEqual(input.ceilingPence);
      expect(underspend.central).toBe(input.ceilingPence - outturn.central);
      expect(toDate.totalPence).toBe(toDate.paidPence + toDate.approvedPence + toDate.claimedPence + toDate.accruedPence + toDate.atRiskPence + toDate.committedPence + toDate.deliveredPence);
      const central = months.flatMap(({ centralPence }) => (centralPence === null ? [] : [centralPence]));
      expect(central).toEqual([...central].sort((a, b) => a - b));
      expect(months.at(-1)?.centralPence).toBe(outturn.central);
      const explained = causesInData(input, forecastOutturn(input)).reduce((sum, { pence }) => sum + pence, 0);
      expect(explained).toBe(underspend.central);
    }), { numRuns: 300 });
  });

  test('a day more of knowledge without a change of facts never makes a later start earlier', () => {
    fc.assert(fc.property(anyInput, (given) => {
      const input = { ...given, patrolsStart: null };
      expect(forecastOutturn({ ...input, knownOn: addDays(input.knownOn, 1) }).pace.start.central >= forecastOutturn(input).pace.start.central).toBe(true);
    }), { numRuns: 100 });
  });
});

describe('the rating', () => {
  const rule = { amberShare: 0.05, redShare: 0.15, since: '2020-01-01' };
  test.each([[100_000, 'green'], [95_000, 'green'], [94_999, 'amber'], [85_000, 'amber'], [84_999, 'red'], [105_001, 'amber'], [115_001, 'red']] as const)('%i of 100,000 is %s', (uncappedPence, expected) => {
    expect(rate({ ceilingPence: 100_000, uncappedPence }, rule).rating).toBe(expected);
  });
});

describe('the profile', () => {
  test('without an agreed one is even by day and says so', () => {
    const { months, basis, says } = profileOf({ startsOn: '2023-07-01', endsOn: '2023-09-30', ceilingPence: 9_200 }, []);
    expect([basis, months.map(({ pence }) => pence)]).toEqual(['even', [3_100, 6_200, 9_200]]);
    expect(says).toContain('No budget profile is agreed');
  });
  test('with one follows its periods', () => {
    const { months, basis } = profileOf({ startsOn: '2023-07-01', endsOn: '2023-12-31', ceilingPence: 10_000 }, [{ startsOn: '2023-10-01', pence: 9_200 }, { startsOn: '2023-07-01', pence: 300 }, { startsOn: '2023-07-01', pence: 500 }]);
    expect([basis, months.map(({ pence }) => pence)]).toEqual(['agreed', [270, 539, 800, 3_900, 6_900, 10_000]]);
  });
});
