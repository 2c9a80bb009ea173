/** How figures are written on screens. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePounds, poundsText } from '../../client/amount.ts';
import {
  change, clockTime, count, date, decimal, decimalHours, hoursMinutes, instant, money, month, notStarted, orMissing, percent, period, shortDate, shortInstant, shortMonth, wholePounds,
} from '../../client/format.ts';

describe('money', () => {
  test('pence are written as pounds with both decimals', () => {
    expect(money(123_456)).toBe('£1,234.56');
    expect(money(5)).toBe('£0.05');
    expect(money(-1200)).toBe('−£12.00');
    expect(money(142_042_300)).toBe('£1,420,423.00');
    expect(wholePounds(98_850_049)).toBe('£988,500');
    expect(wholePounds(-40)).toBe('£0');
  });

  test('pounds as typed become pence without a fraction in between', () => {
    const typed = { '£1,234.56': 123_456, ' 1 234.5 ': 123_450, '-12': -1200, '4.35': 435, '£0': 0, '-£5': -500, '9,999,999,999,999.99': 999_999_999_999_999 };
    for (const [text, pence] of Object.entries(typed)) expect(parsePounds(text), text).toEqual({ ok: true, pence });
  });

  test('what is not an amount is refused with its reason', () => {
    const reasons = { '1,23': 'comma', '12.': 'ends with a point', '4.567': 'two decimals', '1e3': 'not an amount', '٣': 'not an amount', '': 'Enter an amount', '1,2345': 'comma', '99999999999999999': 'too large' };
    for (const [text, reason] of Object.entries(reasons)) expect(parsePounds(text), text).toEqual({ ok: false, why: expect.stringContaining(reason) });
  });

  test('what stands in a field reads back as the same pence', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (pence) => {
      expect(parsePounds(poundsText(pence))).toEqual({ ok: true, pence: pence === 0 ? 0 : pence });
      expect(parsePounds(money(pence))).toEqual({ ok: true, pence: pence === 0 ? 0 : pence });
    }));
  });
});

describe('time worked', () => {
  test('minutes are written as hours and minutes', () => {
    expect(hoursMinutes(1_827_037)).toBe('30,450 h 37 min');
    expect(hoursMinutes(45)).toBe('0 h 45 min');
    expect(hoursMinutes(-61)).toBe('−1 h 1 min');
    expect(decimalHours(750)).toBe('12.5 h');
  });
});

describe('counts, rates, shares', () => {
  test('thousands are grouped and decimals kept', () => {
    expect(count(1_234_567)).toBe('1,234,567');
    expect(decimal(1234.567)).toBe('1,234.6');
    expect(decimal(-0.04)).toBe('0.0');
    expect(percent(0.538)).toBe('53.8%');
  });

  test('a change carries its sign, and none at zero', () => {
    expect(change(0.123)).toBe('+12.3%');
    expect(change(-0.214)).toBe('−21.4%');
    expect(change(0)).toBe('0.0%');
    expect(change(0.0001)).toBe('0.0%');
  });

  test('what is not known is never 0', () => {
    expect(orMissing(null, money)).toBe('not available');
    expect(orMissing(undefined, count, notStarted)).toBe('not started');
    expect(orMissing(0, count)).toBe('0');
  });
});

describe('dates', () => {
  test('dates, months and periods', () => {
    expect(date('2023-07-01')).toBe('1 July 2023');
    expect(shortDate('2023-12-25')).toBe('25 Dec 2023');
    expect(month('2023-10')).toBe('October 2023');
    expect(shortMonth('2023-10')).toBe('Oct 2023');
    expect(period('2023-04', '2024-03')).toBe('April 2023 to March 2024');
    expect(period('2023-10', '2023-10')).toBe('October 2023');
    expect(period('2023-10-02', '2023-10-08')).toBe('2 October 2023 to 8 October 2023');
  });

  test('instants are shown in British time, summer and winter', () => {
    expect(instant('2023-07-01T13:05:00Z')).toBe('1 July 2023, 14:05');
    expect(instant('2023-07-01T23:30:00Z')).toBe('2 July 2023, 00:30');
    expect(shortInstant('2023-12-01T13:05:00Z')).toBe('1 Dec 2023, 13:05');
    expect(clockTime('2023-10-29T00:30:00Z')).toBe('01:30');
  });
});
