import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AllocationInput } from '../../server/patrols/allocation.ts';
import { allocateWith } from '../../server/patrols/allocation.ts';
import { bandsOfWeek } from '../../server/patrols/bands.ts';
import { addDays } from '../../server/patrols/calendar.ts';
import { coverage, visitCostPence, visitGain } from '../../server/patrols/gain.ts';
import type { Solver } from '../../server/patrols/solver.ts';
import { loadSolver } from '../../server/patrols/solver.ts';
import type { Visited } from './allocationWeeks.ts';
import { agreement, brokenLimits, hotspot, inBands, pointsLost, visitedBy, week } from './allocationWeeks.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

/** The weeks when the clocks change, an ordinary one, and the first of an agreement. */
const weekStarts = ['2023-10-02', '2023-10-23', '2024-03-25', '2023-07-31'];

interface Shape {
  readonly mostHotspots: number;
  readonly mostBands: number;
  readonly mostPence: number;
}

/** Weeks of any kind: part-weeks, rotas, few and many bands, shares of every width. */
function anyWeek({ mostHotspots, mostBands, mostPence }: Shape): fc.Arbitrary<AllocationInput> {
  const day = fc.integer({ min: 0, max: 6 });
  return fc.record({
    weekStart: fc.constantFrom(...weekStarts),
    bands: fc.uniqueArray(fc.integer({ min: 0, max: 41 }), { minLength: 1, maxLength: mostBands }),
    rates: fc.array(fc.integer({ min: 1_200, max: 4_000 }), { minLength: 42, maxLength: 42 }),
    ratio: fc.integer({ min: 40, max: 100 }),
    moneyPence: fc.integer({ min: 0, max: mostPence }),
    rota: fc.option(fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 42, maxLength: 42 })),
    starts: fc.option(day, { freq: 4 }),
    places: fc.array(fc.record({
      expected: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 42, maxLength: 42 }),
      from: fc.option(day, { freq: 4 }), to: fc.option(day, { freq: 4 }), last: fc.option(fc.integer({ min: 1, max: 6 })),
      personMinutes: fc.constantFrom(24, 48),
    }), { minLength: 1, maxLength: mostHotspots }),
    settings: fc.record({
      minimumVisitsPerWeek: fc.integer({ min: 0, max: 3 }), maxGapDays: fc.integer({ min: 2, max: 5 }), maxVisitsPerBand: fc.integer({ min: 1, max: 4 }),
      maxPerShift: fc.integer({ min: 1, max: 4 }), maxShare: fc.constantFrom(0.15, 0.4, 1), minShareOfEqual: fc.constantFrom(0, 1, 2), residualHours: fc.constantFrom(0, 2),
    }),
  }).map(({ weekStart, bands, rates, ratio, moneyPence, rota, starts, places, settings }) => {
    const allowed = inBands(bands, true, false);
    const of = agreement({
      moneyPence, productiveRatio: ratio / 100, ratesPencePerHour: rates.map((rate, index) => (allowed[index] ? rate : null)), personMinutesAvailable: rota,
      startsOn: starts === null ? '2023-07-01' : addDays(weekStart, starts),
    });
    return week([of], places.map((place, index) => {
      const liveFrom = place.from === null ? '2023-07-01' : addDays(weekStart, place.from);
      const liveTo = place.to === null ? null : addDays(weekStart, place.to);
      return hotspot({
        id: `h${index}`, expected: place.expected.map((value) => value / 10), personMinutesPerVisit: place.personMinutes,
        liveFrom, liveTo: liveTo !== null && liveTo < liveFrom ? liveFrom : liveTo, lastVisitOn: place.last === null ? null : addDays(weekStart, -place.last),
      });
    }), settings, weekStart);
  });
}

describe('any week', () => {
  it('keeps every limit, to the penny and the minute, with and without the solver', () => {
    fc.assert(fc.property(anyWeek({ mostHotspots: 8, mostBands: 42, mostPence: 150_000 }), fc.boolean(), (input, greedy) => {
      const of = input.agreements[0]!;
      const plan = allocateWith(input, greedy ? null : solver).agreements[0]!;
      expect(brokenLimits(input, of, visitedBy(plan))).toEqual([]);
      expect(plan.spentPence + plan.leftPence).toBe(of.moneyPence);
      expect(plan.spentPence).toBe(plan.visits.reduce((sum, visit) => sum + visit.costPence, 0));
      expect(plan.objective).toBeCloseTo(plan.visits.reduce((sum, visit) => sum + visit.gain, 0), 9);
      expect(plan.bound).toBeGreaterThanOrEqual(plan.objective);
      expect(plan.lpBound).toBeGreaterThanOrEqual(plan.bound - 1e-9);
      expect(plan.visits.length === 0).toBe(plan.reason !== null);
      expect(plan.hours.reduce((sum, hour) => sum + hour.visits, 0)).toBe(plan.visits.length);
    }), { numRuns: 80 });
  });

  it('reports every promise it does not keep, and none that it keeps', () => {
    fc.assert(fc.property(anyWeek({ mostHotspots: 6, mostBands: 42, mostPence: 60_000 }), (input) => {
      const plan = allocateWith(input, null).agreements[0]!;
      const reported = plan.shortfalls.reduce((sum, { rule, wanted, got }) => sum + (rule === 'gap' ? 1 : wanted - got), 0);
      expect(reported).toBe(pointsLost(input, input.agreements[0]!, visitedBy(plan)));
      expect(plan.shortfalls.filter(({ rule, wanted, got }) => rule === 'gap' && got <= wanted)).toEqual([]);
    }), { numRuns: 60 });
  });

  it('proves its plan within 1 % of the bound', () => {
    fc.assert(fc.property(anyWeek({ mostHotspots: 8, mostBands: 42, mostPence: 150_000 }), (input) => {
      expect(allocateWith(input, solver).gap).toBeLessThanOrEqual(0.01);
    }), { numRuns: 60 });
  });

  it('gives the same plan for the same input', () => {
    fc.assert(fc.property(anyWeek({ mostHotspots: 6, mostBands: 20, mostPence: 80_000 }), (input) => {
      expect(allocateWith(structuredClone(input), solver)).toEqual(allocateWith(input, solver));
    }), { numRuns: 25 });
  });
});

interface Choice extends Visited {
  readonly gain: number;
  readonly cell: number;
}

/** Every visit that any plan could hold, band by band and ordinal by ordinal. */
function choicesOf(input: AllocationInput): Choice[][] {
  const of = input.agreements[0]!;
  const { settings } = input;
  let cell = -1;
  return input.hotspots.flatMap((place) => bandsOfWeek(input.weekStart).flatMap((band) => {
    const rate = of.ratesPencePerHour[band.index];
    if (rate === null || rate === undefined) return [];
    cell += 1;
    const expected = (place.expected[band.index]! * band.minutes) / 240;
    return [Array.from({ length: settings.maxVisitsPerBand }, (_, visit): Choice => ({
      hotspotId: place.id, date: band.date, band: band.band, personMinutes: place.personMinutesPerVisit, cell,
      costPence: visitCostPence(place.personMinutesPerVisit, rate, of.productiveRatio),
      gain: visitGain(expected, settings.effect.central, coverage(settings, band.minutes), visit + 1),
    }))];
  }));
}

/** Fewest points lost, and the most gain with those, over every plan there is. */
function bestOfAll(input: AllocationInput): { points: number; gain: number } {
  const of = input.agreements[0]!;
  let best = { points: Number.POSITIVE_INFINITY, gain: 0 };
  const cells = choicesOf(input);
  const walk = (cell: number, chosen: Choice[]): void => {
    if (brokenLimits(input, of, chosen).length > 0) return;
    if (cell === cells.length) {
      const found = { points: pointsLost(input, of, chosen), gain: chosen.reduce((sum, visit) => sum + visit.gain, 0) };
      if (found.points < best.points || (found.points === best.points && found.gain > best.gain)) best = found;
      return;
    }
    const here = cells[cell] ?? [];
    for (let visits = 0; visits <= here.length; visits++) walk(cell + 1, [...chosen, ...here.slice(0, visits)]);
  };
  walk(0, []);
  return best;
}

describe('against every plan there is', () => {
  /** At most 3 hotspots in 2 bands with 2 visits, or the like; the share of money only, as a rota changes what a share is of. */
  const small = anyWeek({ mostHotspots: 3, mostBands: 2, mostPence: 25_000 }).map((input) => ({
    ...input,
    agreements: input.agreements.map((of) => (input.settings.maxShare < 1 ? { ...of, personMinutesAvailable: null } : of)),
    settings: { ...input.settings, maxVisitsPerBand: Math.min(2, input.settings.maxVisitsPerBand), targetGap: 0 },
  }));

  it('loses the fewest points possible, and of those plans has the one that prevents most', () => {
    fc.assert(fc.property(small, (input) => {
      const plan = allocateWith(input, solver).agreements[0]!;
      const best = bestOfAll(input);
      expect(pointsLost(input, input.agreements[0]!, visitedBy(plan))).toBe(best.points);
      expect(plan.objective).toBeCloseTo(best.gain, 6);
      expect(plan.bound).toBeGreaterThanOrEqual(best.gain - 1e-6);
    }), { numRuns: 80 });
  });

  it('bounds them all without the solver too', () => {
    fc.assert(fc.property(small, (input) => {
      const plan = allocateWith(input, null).agreements[0]!;
      expect(plan.bound).toBeGreaterThanOrEqual(bestOfAll(input).gain - 1e-6);
    }), { numRuns: 60 });
  });
});
