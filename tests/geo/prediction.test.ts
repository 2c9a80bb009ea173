import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rollingBackTest } from '../../geo/backTest.ts';
import { cellNeighbours } from '../../geo/cellNeighbours.ts';
import { cellOfPoint, coverArea } from '../../geo/cells.ts';
import { concentration } from '../../geo/concentration.ts';
import { getisOrdStar } from '../../geo/getisOrd.ts';
import { forecastScores, scoreAtArea } from '../../geo/prediction.ts';
import { polygonsOf } from '../../geo/shapes.ts';
import type { AreaShape, MultiPolygonShape } from '../../geo/shapes.ts';
import { overdispersion } from '../../geo/smallNumbers.ts';
import { empiricalBayesRates } from '../../geo/smoothing.ts';
import { orWhyNot, readRealData, realData, worstDifference } from './realData.ts';

const even = (n: number): number[] => Array.from({ length: n }, () => 1);

describe('scores of a forecast', () => {
  it('equal the worked example, ties worst first', () => {
    const scores = forecastScores({ predicted: [8, 4, 4, 2, 1, 0], observed: [6, 7, 3, 2, 1, 0], areasKm2: even(6) });
    expect(worstDifference(scores.map(({ pai }) => pai), [1.89473684211, 1.42105263158, 1.68421052632, 1.42105263158, 1.2, 1])).toBeLessThan(1e-11);
    expect(worstDifference(scores.map(({ pei }) => pei), [0.857142857143, 0.692307692308, 1, 1, 1, 1])).toBeLessThan(1e-12);
    expect(scores[0]).toMatchObject({ places: 1, hits: 6, hitRate: 6 / 19, ser: 6 });
  });

  it('never pass a PEI of 1 and end at PAI 1, whatever the areas', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(30), fc.integer({ min: 1, max: 20 })), { minLength: 1, maxLength: 25 }), (places) => {
        const scores = forecastScores({ predicted: places.map(([p]) => p), observed: places.map(([, o]) => o), areasKm2: places.map(([, , a]) => a / 10) });
        for (const { pei, hitRate } of scores) expect(pei >= 0 && pei <= 1 && hitRate <= 1 + 1e-12).toBe(true);
        expect(scores.at(-1)!.areaShare).toBeCloseTo(1, 12);
        expect(scores.at(-1)!.pai).toBeCloseTo(places.some(([, o]) => o > 0) ? 1 : 0, 12);
      }),
    );
  });

  it('choose whole places within a share of the area, at least one', () => {
    const forecast = { predicted: [5, 4, 3, 2], observed: [1, 9, 0, 0], areasKm2: [1, 1, 1, 1] };
    expect(scoreAtArea(forecast, 0.5)).toMatchObject({ places: 2, hits: 10, hitRate: 1, pai: 2, pei: 1 });
    expect(scoreAtArea(forecast, 0.01).places).toBe(1);
  });

  it('are 0 when nothing happened, and refuse what cannot be scored', () => {
    expect(scoreAtArea({ predicted: [2, 1], observed: [0, 0], areasKm2: [1, 1] }, 0.5)).toMatchObject({ hits: 0, hitRate: 0, pai: 0, pei: 0, ser: 0 });
    expect(() => forecastScores({ predicted: [1], observed: [1, 2], areasKm2: [1] })).toThrow('A forecast of 1 places cannot be scored against 2 counts');
    expect(() => forecastScores({ predicted: [1], observed: [1], areasKm2: [0] })).toThrow('area 0 km²');
    expect(() => scoreAtArea({ predicted: [1], observed: [1], areasKm2: [1] }, 0)).toThrow('A share of 0');
  });
});

describe('the rolling back-test', () => {
  it('learns only from before what it tests', () => {
    // One place busy in even months, the other in odd ones: last month's busiest is always wrong.
    const result = rollingBackTest({ counts: [9, 0, 9, 0, 9, 0, 0, 9, 0, 9, 0, 9], periods: 6, areasKm2: [1, 1], trainPeriods: 1, areaShare: 0.5, forecasters: { contrary: ({ sums }) => sums.map((count) => -count) } });
    expect(result.rounds.map(({ testStart }) => testStart)).toEqual([1, 2, 3, 4, 5]);
    expect(result.meanHitRate).toEqual({ "last year's top": 0, contrary: 1 });
    expect(result.meanPai['contrary']).toBe(2);
    expect(result.chance).toEqual({ hitRate: 0.5, pai: 1 });
  });

  it('gives each forecaster its own training table', () => {
    rollingBackTest({
      counts: [1, 2, 3, 4, 5, 6, 7, 8],
      periods: 4,
      areasKm2: [1, 1],
      trainPeriods: 3,
      forecasters: {
        seen: (training) => {
          expect([[...training.counts], [...training.sums], training.periods]).toEqual([[1, 2, 3, 5, 6, 7], [6, 18], 3]);
          return training.sums;
        },
      },
    });
    expect.assertions(1);
  });

  it('refuses too few periods or counts that do not fit', () => {
    expect(() => rollingBackTest({ counts: [1, 2], periods: 2, areasKm2: [1], forecasters: {} })).toThrow('2 periods are too few to learn from 12');
    expect(() => rollingBackTest({ counts: [1, 2, 3], periods: 2, areasKm2: [1], forecasters: {} })).toThrow('3 counts are not 2 periods for 1 places');
  });
});

describe.runIf(realData)(`forecasts of Cleveland, January 2023 to June 2024${orWhyNot}`, () => {
  it('catch over 22 % of the next month in 1 % of the area, plain counts and smoothed ones ahead of Gi*', () => {
    const councils = JSON.parse(readRealData('boundaries', 'lad_from_lsoa2021_bgc.geojson')) as { features: { geometry: AreaShape }[] };
    const shape: MultiPolygonShape = { type: 'MultiPolygon', coordinates: councils.features.flatMap(({ geometry }) => polygonsOf(geometry)) };
    const cover = coverArea(shape, 9);
    const months = Array.from({ length: 18 }, (_, i) => `${2023 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`);
    const counts = new Float64Array(cover.cells.length * 18);
    months.forEach((month, period) => {
      for (const row of readRealData('police-uk', 'street', `${month}-cleveland-street.csv`).split(/\r?\n/)) {
        if (!row.includes(',Anti-social behaviour,')) continue;
        const fields = row.split(',');
        const place = cover.position.get(cellOfPoint(Number(fields[4]), Number(fields[5]), 9));
        if (place !== undefined) counts[place * 18 + period]!++;
      }
    });
    const neighbours = cellNeighbours(cover.cells);
    const { meanHitRate, rounds } = rollingBackTest({
      counts,
      periods: 18,
      areasKm2: cover.areasKm2,
      forecasters: { smoothed: ({ sums }) => empiricalBayesRates(sums, cover.areasKm2).estimates, gi: ({ sums }) => getisOrdStar(sums, neighbours) },
    });
    expect(rounds).toHaveLength(6);
    expect(meanHitRate['smoothed']!).toBeGreaterThan(0.22);
    expect(meanHitRate["last year's top"]!).toBeGreaterThan(0.22);
    expect(meanHitRate['gi']!).toBeLessThan(meanHitRate['smoothed']!);
    const year = Float64Array.from(cover.cells, (_, place) => counts.subarray(place * 18, place * 18 + 12).reduce((sum, count) => sum + count, 0));
    expect(concentration(year).shareForHalf).toBeCloseTo(0.03, 2);
    // Monthly counts of busy cells vary about twice as much as chance: 2.03 on 36 months.
    expect(overdispersion(counts, 18)).toBeCloseTo(2.0, 1);
  });
});
