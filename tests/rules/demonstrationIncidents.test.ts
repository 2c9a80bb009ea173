import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellOfPoint, coverArea } from '../../geo/cells.ts';
import { createRandom } from '../../geo/random.ts';
import { patrolStarts } from '../../server/demonstration/grant.ts';
import { makeGround } from '../../server/demonstration/ground.ts';
import { incidentMonths, incidentsOfMonth, sourcePlans, type DemonstrationIncident } from '../../server/demonstration/incidents.ts';
import { makeOutlines } from '../../server/demonstration/outlines.ts';
import { drawerOfMoments, monthsFrom, seasonalIndex, weekProfiles } from '../../server/demonstration/times.ts';
import { localTime } from '../../server/patrols/calendar.ts';

const seed = 2023;
const ground = makeGround(seed);
const months = monthsFrom(incidentMonths.first, incidentMonths.last);
const police = sourcePlans.find(({ code }) => code === 'demonstration-police');
if (!police) throw new Error('the police source is missing');
const asbOf = (month: string) => incidentsOfMonth(seed, ground, police, month, patrolStarts()).filter(({ category }) => category === 'anti-social-behaviour');
const asb = new Map(months.map((month) => [month, asbOf(month)]));
const rowsBetween = (from: string, to: string) => months.filter((month) => month >= from && month <= to).flatMap((month) => asb.get(month) ?? []);

describe('anti-social behaviour', () => {
  test('runs for 36 months at about 1,400 a month, with the seasons of Cleveland', () => {
    expect(months).toHaveLength(36);
    const kinds = ['anti-social-behaviour', 'council-asb-complaint', 'nuisance-vehicle'];
    const all = months.map((month) => sourcePlans.flatMap((source) => incidentsOfMonth(seed, ground, source, month, patrolStarts())).filter(({ category }) => kinds.includes(category)).length);
    const mean = all.reduce((sum, n) => sum + n, 0) / 36;
    expect(mean).toBeGreaterThan(1330);
    expect(mean).toBeLessThan(1470);
    seasonalIndex.forEach((index, calendarMonth) => {
      const same = months.flatMap((month, at) => (Number(month.slice(5, 7)) === calendarMonth + 1 ? [all[at] ?? 0] : []));
      expect(Math.abs(same.reduce((sum, n) => sum + n, 0) / same.length / mean - index)).toBeLessThan(0.12);
    });
  });

  test('gathers: about half of a year lies in 3 % of res-9 cells', () => {
    const cover = new Set(makeOutlines(seed).filter(({ kind }) => kind === 'council').flatMap(({ ring }) => coverArea({ type: 'Polygon', coordinates: [ring.map(([lng, lat]) => [lng, lat])] }, 9).cells));
    const counts = new Map<string, number>();
    for (const { lng, lat } of rowsBetween('2022-07-01', '2023-06-01')) {
      if (lng === null || lat === null) continue;
      const cell = cellOfPoint(lng, lat, 9);
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
    const sorted = [...counts.values()].sort((a, b) => b - a);
    const total = sorted.reduce((sum, n) => sum + n, 0);
    let held = 0;
    const cells = sorted.findIndex((n) => (held += n) >= total / 2) + 1;
    expect(cells / cover.size).toBeGreaterThan(0.025);
    expect(cells / cover.size).toBeLessThan(0.035);
  });

  test('repeats points, tells no time, and has a few rows outside and without a place', () => {
    const rows = [...asb.values()].flat();
    const placed = rows.filter(({ lng }) => lng !== null);
    expect(new Set(placed.map(({ lng, lat }) => `${lng} ${lat}`)).size).toBeLessThan(placed.length / 8);
    expect(rows.every(({ occurredFrom, occurredTo, reference }) => occurredFrom === null && occurredTo === null && reference === null)).toBe(true);
    expect(rows.length - placed.length).toBeGreaterThan(10);
    expect(placed.filter(({ lng }) => (lng ?? 0) < -1.5).length).toBeGreaterThan(0);
  });

  test('is the same for the same seed, whatever month is asked first', () => {
    expect(asbOf('2023-10-01')).toEqual(asb.get('2023-10-01'));
    expect(incidentsOfMonth(seed + 1, ground, police, '2023-10-01', {})).not.toEqual(incidentsOfMonth(seed, ground, police, '2023-10-01', {}));
  });
});

describe('sources with real times', () => {
  const timed = sourcePlans.filter(({ timePrecision }) => timePrecision === 'minute');
  const rowsOf = (month: string): DemonstrationIncident[] => timed.flatMap((source) => incidentsOfMonth(seed, ground, source, month, patrolStarts()));

  test('are complaints, noise, fly-tipping and fires, each row with its own reference', () => {
    expect(timed.map(({ code }) => code)).toEqual(['demonstration-complaints', 'demonstration-noise', 'demonstration-fly-tipping', 'demonstration-fires']);
    const references = rowsOf('2023-10-01').map(({ reference }) => reference);
    expect(new Set(references).size).toBe(references.length);
    expect(references.every((reference) => reference?.match(/^DEMO-[A-Z]{3}-2023-10-\d{4}$/))).toBe(true);
  });

  test('end in their month on the local clock, and never before they begin', () => {
    for (const month of ['2023-03-01', '2023-10-01', '2024-02-01']) {
      for (const { occurredFrom, occurredTo } of rowsOf(month)) {
        expect(localTime(occurredTo ?? occurredFrom ?? 0).date.slice(0, 7)).toBe(month.slice(0, 7));
        expect(occurredTo ?? Infinity).toBeGreaterThan(occurredFrom ?? 0);
      }
    }
  });

  test('peak when they should: complaints in the evening, noise at night, vehicles on Wednesdays, Thursdays and Sundays', () => {
    const hours = (category: string) => rowsOf('2023-07-01').filter((row) => row.category === category).map(({ occurredFrom }) => Math.floor(localTime(occurredFrom ?? 0).minuteOfDay / 60));
    const share = (values: number[], inside: (hour: number) => boolean) => values.filter(inside).length / values.length;
    expect(share(hours('council-asb-complaint'), (hour) => hour >= 16 && hour < 23)).toBeGreaterThan(0.5);
    expect(share(hours('noise'), (hour) => hour >= 21 || hour < 3)).toBeGreaterThan(0.45);
    expect(share(hours('nuisance-vehicle'), (hour) => hour >= 13 && hour < 19)).toBeGreaterThan(0.6);
  });
});

test('moments stay in their month, clock changes included', () => {
  fc.assert(fc.property(fc.integer(), fc.constantFrom('2023-03-01', '2023-10-01', '2024-02-01', '2024-03-01'), (randomSeed, month) => {
    const draw = drawerOfMoments(month, weekProfiles.night, createRandom(randomSeed));
    for (let i = 0; i < 30; i++) expect(localTime(draw()).date.slice(0, 7)).toBe(month.slice(0, 7));
  }), { numRuns: 50 });
});
