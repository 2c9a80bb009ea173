/** Rounds of a shift: every rule kept for any seed, repeated by the seed, unforeseeable without it, and what is left out with the reason. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawsOf } from '../../server/rounds/roundDraw.ts';
import { legsOf, planRounds, type RoundInputs, type ShiftPlan } from '../../server/rounds/roundPlan.ts';
import { straightMinutes, travelTable } from '../../server/rounds/roundTravel.ts';
import { shiftOf, usualRoundRules, usualTravelRules } from '../support/shifts.ts';

const seedOf = (word: string): string => createHmac('sha256', 'secret').update(word).digest('hex');

/** Everything a plan does against the rules, checked apart from the planner. */
function faultsOf({ visits, travel, places, rules, shiftMinutes, crews }: RoundInputs, plan: ShiftPlan): string[] {
  const faults: string[] = [];
  const say = (fault: string, wrong: boolean): void => void (wrong && faults.push(fault));
  const seen = plan.legs.flatMap(({ stops }) => stops.map(({ visit }) => visit));
  say('a visit twice', new Set(seen).size < seen.length);
  say('a visit neither made nor left out', [...seen, ...plan.leftOut.map(({ visit }) => visit)].sort((a, b) => a - b).join() !== visits.map((_, visit) => visit).join());
  const times = new Map<number, number[]>();
  for (const { crew, leg, leavesBase, backAtBase, stops, shareOfBest } of plan.legs) {
    say('too many crews', crew >= crews);
    say('outside the shift', leavesBase < 0 || backAtBase > shiftMinutes);
    say('a leg too long', backAtBase - leavesBase > rules.legMinutes * rules.planShare + 1e-6);
    say('too far below the best', shareOfBest < rules.nearBestShare - 1e-6);
    say('started too far off', Math.abs(leavesBase - legsOf({ shiftMinutes, rules }).starts[leg]!) > rules.startShiftMinutes);
    let [at, time] = [0, leavesBase];
    for (const { visit, arrives, leaves, travelMinutes } of stops) {
      const { place, opens, closes } = visits[visit]!;
      say('the way does not add up', travelMinutes !== travel[at * places.length + place] || arrives < time + travelMinutes);
      say('outside its hours', arrives < opens || leaves > closes);
      say('not the minutes of a visit', leaves - arrives !== rules.stopMinutes);
      times.set(place, [...(times.get(place) ?? []), arrives]);
      [at, time] = [place, leaves];
    }
    say('not home in time', backAtBase < time + travel[at * places.length]!);
  }
  for (const starts of times.values()) for (const [n, start] of starts.sort((a, b) => a - b).slice(1).entries()) say('too soon after the visit before', start - starts[n]! < rules.stopMinutes + rules.apartMinutes);
  for (const crew of Array.from({ length: crews }, (_, each) => each)) {
    const own = plan.legs.filter((leg) => leg.crew === crew);
    for (const [n, leg] of own.slice(1).entries()) say('no break', leg.leavesBase - own[n]!.backAtBase < rules.breakMinutes);
  }
  return [...new Set(faults)];
}

describe('the rounds of a shift', () => {
  test('keep every rule, whatever the plan, the crews and the seed', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3 }), fc.constantFrom(240, 420, 480, 540), (seed, hotspots, crews, shiftMinutes) => {
      const inputs = shiftOf(seed, { hotspots, crews, shiftMinutes, spread: 4000 });
      expect(faultsOf(inputs, planRounds(inputs, seedOf(String(seed))))).toEqual([]);
    }), { numRuns: 25 });
  });

  test('are the same for the same seed, and nearly never for another', () => {
    const inputs = shiftOf(5, { hotspots: 8 });
    const plans = Array.from({ length: 24 }, (_, nth) => planRounds(inputs, seedOf(String(nth))));
    expect(planRounds(inputs, seedOf('7'))).toEqual(plans[7]);
    expect(new Set(plans.map(({ legs }) => JSON.stringify(legs.map(({ stops }) => stops.map(({ visit }) => visit))))).size).toBeGreaterThanOrEqual(18);
    expect(new Set(plans.map(({ legs }) => legs[0]!.leavesBase)).size).toBeGreaterThan(8);
    expect(new Set(plans.map(({ legs }) => inputs.visits[legs[0]!.stops[0]!.visit]!.hotspotId)).size).toBeGreaterThan(2);
  });

  test('begin within 20 minutes of the usual time, and legs are as few as none is too long for', () => {
    expect(legsOf({ shiftMinutes: 480, rules: usualRoundRules }).starts).toEqual([0, 255]);
    expect(legsOf({ shiftMinutes: 420, rules: usualRoundRules }).starts).toEqual([0, 225]);
    expect(legsOf({ shiftMinutes: 540, rules: usualRoundRules }).starts).toEqual([0, 190, 380]);
    expect(legsOf({ shiftMinutes: 225, rules: usualRoundRules }).starts).toEqual([0]);
  });

  test('go first where nobody has been for longest', () => {
    const inputs = shiftOf(5, { hotspots: 14, spread: 5000 });
    const alike = { ...inputs, visits: inputs.visits.map((visit) => ({ ...visit, worth: 1, unvisitedDays: visit.place <= 4 ? 6 : 0 })) };
    const share = (longest: boolean): number => {
      const wanted = alike.visits.flatMap((visit, index) => ((visit.place <= 4) === longest ? [index] : []));
      const plans = Array.from({ length: 4 }, (_, nth) => planRounds({ ...alike, rules: { ...alike.rules, unvisitedBonus: 2 } }, seedOf(String(nth))));
      return plans.reduce((sum, { legs }) => sum + legs.flatMap(({ stops }) => stops).filter(({ visit }) => wanted.includes(visit)).length, 0) / plans.length / wanted.length;
    };
    expect(share(true)).toBeGreaterThan(share(false));
  });

  test('say of each visit left out why', () => {
    const base = shiftOf(1, { hotspots: 3, spread: 1000 });
    const why = (inputs: RoundInputs): string[] => planRounds(inputs, seedOf('w')).leftOut.map(({ why: words }) => words);
    const visit = { hotspotId: 'h1', place: 1, day: 5, band: 4, nth: 1, opens: 120, closes: 360, worth: 1, unvisitedDays: 0 };
    expect(why({ ...base, visits: [{ ...visit, band: 5, opens: 470, closes: 710 }] })).toEqual(['Its hours, 20:00 to 24:00, share less than 15 minutes with the shift.']);
    expect(why({ ...base, visits: [visit], travel: base.travel.map((minutes) => minutes * 100) })[0]).toMatch(/^Too far: \d+ minutes there and \d+ back with 15 at the stop are more than the 202 that a leg is planned to\.$/);
    expect(why({ ...base, visits: [1, 2, 3, 4, 5].map((nth) => ({ ...visit, nth })) })).toContain('No time left 60 minutes after the visit before it, within 16:00 to 20:00.');
    const many = shiftOf(2, { hotspots: 20, spread: 8000 });
    expect(why(many)).toContain('No time left: the crews’ legs are full with visits worth more in 16:00 to 20:00 or on the way.');
  });
});

describe('the way', () => {
  const [a, b, c] = [{ id: 'a', easting: 0, northing: 0 }, { id: 'b', easting: 800, northing: 0 }, { id: 'c', easting: 0, northing: 1600 }];
  test('is walked at 4.8 km/h over 1.3 times the straight line, or driven at 20 with two minutes more', () => {
    expect(straightMinutes(a, b, 'walk', usualTravelRules)).toBeCloseTo(13, 9);
    expect(straightMinutes(a, b, 'vehicle', usualTravelRules)).toBeCloseTo(5.12, 9);
    expect(straightMinutes(a, a, 'vehicle', usualTravelRules)).toBe(0);
  });
  test('is the road matrix’s where there is one, and never longer than two others', () => {
    const road = new Map([['a b', 7.2], ['b a', 9], ['b c', 4], ['a c', 40]]);
    expect(travelTable([a, b, c], 'walk', usualTravelRules, road)).toEqual({ ways: 6, estimated: 2, minutes: [0, 8, 12, 9, 0, 4, 26, 30, 0].map((minutes, at) => (at === 7 ? 30 : minutes)) });
  });
});

test('draws are spread evenly, and each name has its own', () => {
  const draw = drawsOf(seedOf('even'));
  const counts = Array(6).fill(0) as number[];
  for (let nth = 0; nth < 6000; nth++) counts[draw.integer('die', 1, 6) - 1]! += 1;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(120);
  expect(drawsOf('00').integer('a', 0, 1e9)).not.toBe(drawsOf('00').integer('b', 0, 1e9));
});
