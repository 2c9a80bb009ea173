import fc from 'fast-check';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hourOfWeek, localInstant, londonOffset } from '../../geo/clock.ts';
import { observedHours, seasonalIndex, shareOut, weekProfile } from '../../geo/temporal.ts';
import { orWhyNot, readRealData, realData } from './realData.ts';

const hour = 3_600_000;
const utc = () => 0;
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

describe('London clocks', () => {
  it('change at 01:00 UTC on the last Sundays of March and October', () => {
    expect(londonOffset(Date.UTC(2023, 2, 26, 0, 59))).toBe(0);
    expect(londonOffset(Date.UTC(2023, 2, 26, 1, 0))).toBe(60);
    expect(londonOffset(Date.UTC(2023, 9, 29, 0, 59))).toBe(60);
    expect(londonOffset(Date.UTC(2023, 9, 29, 1, 0))).toBe(0);
    // 31 March 2024 and 31 August: a month's last day that is a Sunday, and high summer.
    expect(londonOffset(Date.UTC(2024, 2, 31, 1, 0))).toBe(60);
    expect(londonOffset(Date.UTC(2024, 7, 1))).toBe(60);
  });

  it('agree with the time zone database over twenty years', () => {
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', hourCycle: 'h23' });
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2010, 0, 1), max: Date.UTC(2030, 0, 1) }), (at) => {
        expect(Number(clock.format(at))).toBe(new Date(at + londonOffset(at) * 60_000).getUTCHours());
      }),
    );
  });

  it('show some times twice and some never', () => {
    expect(localInstant(Date.UTC(2023, 6, 1, 14, 30))).toEqual({ utcMs: Date.UTC(2023, 6, 1, 13, 30), came: 'once' });
    expect(localInstant(Date.UTC(2023, 9, 29, 1, 30))).toEqual({ utcMs: Date.UTC(2023, 9, 29, 0, 30), came: 'twice' });
    expect(localInstant(Date.UTC(2023, 2, 26, 1, 30))).toEqual({ utcMs: Date.UTC(2023, 2, 26, 1, 30), came: 'never' });
    expect(() => localInstant(NaN)).toThrow('A clock time of NaN');
  });

  it('number the hours of the week from Monday', () => {
    expect(hourOfWeek(Date.UTC(2024, 0, 1, 0, 0))).toBe(0);
    expect(hourOfWeek(Date.UTC(2024, 0, 7, 23, 59))).toBe(167);
    // 23:30 UTC on a Sunday in July is half past midnight on Monday.
    expect(hourOfWeek(Date.UTC(2023, 6, 2, 23, 30))).toBe(0);
  });

  it('undo stop-and-search times, local midnight written in UTC', () => {
    const local = new Date(Date.parse('2023-06-30T23:00:00Z') + londonOffset(Date.parse('2023-06-30T23:00:00Z')) * 60_000);
    expect(local.toISOString().slice(0, 10)).toBe('2023-07-01');
  });
});

describe('aoristic shares', () => {
  const shared = (from: number, to: number): Float64Array => {
    const sums = new Float64Array(168);
    shareOut(from, to, 1, utc, sums);
    return sums;
  };

  it('of 08:00 to 16:00 are an eighth an hour', () => {
    const sums = shared(Date.UTC(2024, 0, 1, 8), Date.UTC(2024, 0, 1, 16));
    expect(sums.slice(7, 17)).toEqual(Float64Array.of(0, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0));
  });

  it('of 22:30 to 01:15 run over midnight into the next day', () => {
    const sums = shared(Date.UTC(2024, 0, 1, 22, 30), Date.UTC(2024, 0, 2, 1, 15));
    expect([22, 23, 24, 25].map((at) => sums[at])).toEqual([0.181818181818, 0.363636363636, 0.363636363636, 0.090909090909].map((share) => expect.closeTo(share, 11)));
  });

  it('always add up to the incident, clock changes or not', () => {
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2022, 0, 1), max: Date.UTC(2025, 0, 1) }), fc.integer({ min: 0, max: 40 * hour }), (start, length) => {
        const sums = new Float64Array(168);
        shareOut(start, start + length, 1, londonOffset, sums);
        expect(sum(sums)).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('the hours observed', () => {
  it('of a day are 24, of the days the clocks change 23 and 25', () => {
    const day = (month: number, date: number): Float64Array => observedHours(localInstant(Date.UTC(2023, month, date)).utcMs, localInstant(Date.UTC(2023, month, date + 1)).utcMs);
    expect(sum(day(5, 10))).toBe(24);
    const [spring, autumn] = [day(2, 26), day(9, 29)];
    expect([sum(spring), spring[144 + 1]]).toEqual([23, 0]);
    expect([sum(autumn), autumn[144 + 1]]).toEqual([25, 2]);
  });

  it('of a year are its hours, 52 or 53 of each', () => {
    const hours = observedHours(Date.UTC(2023, 0, 1), Date.UTC(2024, 0, 1));
    expect(sum(hours)).toBe(8760);
    expect(hours.every((value) => value >= 51 && value <= 53)).toBe(true);
    expect(() => observedHours(5, 5)).toThrow('A period from 5 to 5');
  });
});

describe('a profile of the week', () => {
  const period = { fromMs: Date.UTC(2023, 0, 2), toMs: Date.UTC(2023, 11, 25), precision: 'minute' as const };

  it('counts by the local clock and hides what is under five', () => {
    const six = Array.from({ length: 6 }, (_, week) => Date.UTC(2023, 6, 3 + 7 * week, 21, 30));
    const profile = weekProfile({ startMs: [...six, Date.UTC(2023, 0, 2, 21, 30)] }, period);
    expect([profile.sums[22], profile.sums[21], profile.n, profile.leftOut]).toEqual([6, 1, 7, 0]);
    expect([profile.hidden[22], profile.hidden[21]]).toEqual([0, 1]);
    expect(profile.rates[22]).toBeCloseTo(6 / 51, 3);
  });

  it('leaves out and counts what it cannot place', () => {
    const at = Date.UTC(2023, 5, 1);
    const profile = weekProfile({ startMs: [at, at, at, Date.UTC(2021, 1, 1)], endMs: [NaN, at - hour, at + 100 * hour, NaN] }, period);
    expect([profile.n, profile.leftOut]).toEqual([1, 3]);
    expect(weekProfile({ startMs: [] }, period).n).toBe(0);
  });

  it('is refused for a source that knows only the month or the day', () => {
    expect(() => weekProfile({ startMs: [0] }, { ...period, precision: 'month' })).toThrow('This source knows the month of an incident and not the hour');
    expect(() => weekProfile({ startMs: [0] }, { ...period, precision: 'day' })).toThrow('no profile by hour');
  });
});

describe('the seasonal index', () => {
  it('is each month over its year`s mean, part years left out', () => {
    const year = (name: string, july: number) => Array.from({ length: 12 }, (_, i) => ({ month: `${name}-${String(i + 1).padStart(2, '0')}`, count: i === 6 ? july : 10 }));
    const index = seasonalIndex([...year('2022', 130), ...year('2023', 10), { month: '2024-01', count: 999 }])!;
    expect(sum(index)).toBeCloseTo(12, 12);
    expect(index[6]).toBeCloseTo((130 / 20 + 1) / 2, 12);
    expect(seasonalIndex([{ month: '2024-01', count: 4 }])).toBeUndefined();
    expect(() => seasonalIndex([{ month: '2023-13', count: 4 }])).toThrow('"2023-13" is not a month');
  });
});

describe.runIf(realData)(`profiles of real times${orWhyNot}`, () => {
  it('keep every Memphis robbery of 2019', () => {
    const rows = readRealData('timed', 'memphis_robberies_2019.csv').trim().split('\n').slice(1);
    const startMs = rows.map((row) => Date.parse(`${row.split(',')[2]!.replaceAll('"', '').replace(' ', 'T')}Z`));
    const profile = weekProfile({ startMs }, { fromMs: Date.UTC(2019, 0, 1), toMs: Date.UTC(2020, 0, 1), precision: 'minute', offset: utc });
    expect(profile.n + profile.leftOut).toBe(rows.length);
    expect(profile.leftOut).toBe(0);
    expect(sum(profile.sums)).toBeCloseTo(rows.length, 6);
  });

  it('share every New York theft of up to a day over its span', () => {
    const text = gunzipSync(readFileSync(join(realData ?? '', 'timed', 'nyc_vehicle_thefts_start-end.csv.gz'))).toString();
    const rows = text.trim().split('\n').slice(1).map((row) => row.replaceAll('"', '').split(','));
    const read = (field: string): number => Date.parse(`${field.replace(' ', 'T')}Z`);
    const profile = weekProfile({ startMs: rows.map((row) => read(row[2]!)), endMs: rows.map((row) => read(row[3]!)) }, { fromMs: Date.UTC(2013, 0, 1), toMs: Date.UTC(2018, 0, 1), precision: 'minute', offset: utc });
    expect(profile.n + profile.leftOut).toBe(rows.length);
    expect(profile.n).toBeGreaterThan(rows.length / 2);
    expect(sum(profile.sums)).toBeCloseTo(profile.n, 6);
  });

  it('show summer above winter in Cleveland`s ASB of 2023', () => {
    const months = Array.from({ length: 12 }, (_, i) => `2023-${String(i + 1).padStart(2, '0')}`);
    const index = seasonalIndex(months.map((month) => ({ month, count: readRealData('police-uk', 'street', `${month}-cleveland-street.csv`).split(',Anti-social behaviour,').length - 1 })))!;
    expect(index[6]).toBeCloseTo((1696 * 12) / 17453, 9);
    expect(index[11]).toBeCloseTo((928 * 12) / 17453, 9);
  });
});
