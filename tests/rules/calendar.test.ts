import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandAt, bandIndex, bandsOfWeek, sayBand, sayDateAndBand } from '../../server/patrols/bands.ts';
import { addDays, daysBetween, localInstant, localTime, mondayOf, sayDate, weekDates, weekdayOf } from '../../server/patrols/calendar.ts';

const anyDate = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1990-01-01', days));

describe('dates', () => {
  it('counts days over months, leap days and clock changes', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2023-10-28', 2)).toBe('2023-10-30');
    expect(addDays('2024-01-01', -1)).toBe('2023-12-31');
    expect(daysBetween('2023-08-01', '2024-03-31')).toBe(243);
    expect(daysBetween('2023-08-02', '2023-08-01')).toBe(-1);
  });

  it('knows weekdays and Mondays', () => {
    expect(weekdayOf('2023-10-02')).toBe(0);
    expect(weekdayOf('2023-10-29')).toBe(6);
    expect(mondayOf('2023-10-08')).toBe('2023-10-02');
    expect(mondayOf('2023-10-02')).toBe('2023-10-02');
    expect(sayDate('2023-10-06')).toBe('Friday 6 October');
  });

  it('refuses what is not a date, and a week that does not start on a Monday, with the cure', () => {
    for (const text of ['2023-13-01', '2023-02-29', '2 October 2023', '', '2023-1-1']) expect(() => addDays(text, 1)).toThrow(`"${text}" is not a date`);
    expect(() => weekDates('2023-10-04')).toThrow('2023-10-04 is a Wednesday. Use 2023-10-02.');
  });
});

describe('the wall clock in Europe/London', () => {
  it('is an hour ahead in summer and not in winter', () => {
    expect(localInstant('2023-07-01', 720)).toBe(Date.parse('2023-07-01T11:00:00Z'));
    expect(localInstant('2023-12-01', 720)).toBe(Date.parse('2023-12-01T12:00:00Z'));
    expect(localTime(Date.parse('2023-06-30T23:30:00Z'))).toEqual({ date: '2023-07-01', minuteOfDay: 30 });
  });

  it('counts 9 real hours from 22:00 to 06:00 on 28 October 2023 and 7 on 30 March 2024', () => {
    const hours = (date: string): number => (localInstant(addDays(date, 1), 360) - localInstant(date, 1_320)) / 3_600_000;
    expect(hours('2023-10-28')).toBe(9);
    expect(hours('2024-03-30')).toBe(7);
    expect(hours('2024-01-10')).toBe(8);
  });

  it('takes the first of a time that comes twice, and moves one that does not come', () => {
    expect(localInstant('2023-10-29', 90)).toBe(Date.parse('2023-10-29T00:30:00Z'));
    expect(localTime(localInstant('2024-03-31', 90))).toEqual({ date: '2024-03-31', minuteOfDay: 150 });
  });

  it('comes back to the same time on every day, outside the missing hour', () => {
    fc.assert(fc.property(anyDate, fc.integer({ min: 120, max: 1_439 }), (date, minuteOfDay) => {
      expect(localTime(localInstant(date, minuteOfDay))).toEqual({ date, minuteOfDay });
    }));
  });
});

describe('bands', () => {
  it('are 42 of 240 minutes in an ordinary week', () => {
    const bands = bandsOfWeek('2023-10-02');
    expect(bands).toHaveLength(42);
    expect(bands.every((band) => band.minutes === 240)).toBe(true);
    expect(bands[28]).toMatchObject({ index: 28, day: 4, date: '2023-10-06', band: 4, startsAt: Date.parse('2023-10-06T15:00:00Z') });
    expect(sayBand(0)).toBe('00:00 to 04:00');
    expect(sayDateAndBand('2023-10-06', 5)).toBe('Friday 6 October, 20:00 to 24:00');
  });

  it('have 300 minutes when the clocks go back and 180 when they go forward', () => {
    const changed = (weekStart: string) => bandsOfWeek(weekStart).filter((band) => band.minutes !== 240).map(({ date, band, minutes }) => ({ date, band, minutes }));
    expect(changed('2023-10-23')).toEqual([{ date: '2023-10-29', band: 0, minutes: 300 }]);
    expect(changed('2024-03-25')).toEqual([{ date: '2024-03-31', band: 0, minutes: 180 }]);
  });

  it('follow each other without a gap in any week, and hold the instants between', () => {
    fc.assert(fc.property(anyDate, fc.integer({ min: 0, max: 41 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (date, index, part) => {
      const bands = bandsOfWeek(mondayOf(date));
      bands.slice(1).forEach((band, before) => expect(band.startsAt).toBe(bands[before]?.endsAt));
      const band = bands[index]!;
      expect(bandAt(Math.floor(band.startsAt + part * (band.endsAt - band.startsAt)))).toEqual({ date: band.date, band: band.band, index });
      expect(bandIndex(band.day, band.band)).toBe(index);
    }), { numRuns: 60 });
  });
});
