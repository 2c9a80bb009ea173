import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePounds as parseOnScreen } from '../../client/amount.ts';
import { money } from '../../client/format.ts';
import { parsePounds } from '../../server/grants/money.ts';

describe('pounds as people write them', () => {
  test.each([
    ['£1,234.56', 123_456], ['1234.56', 123_456], [' 1 234.5 ', 123_450], ['4.35', 435], ['0.29', 29], ['1.1', 110], ['12', 1200], ['0', 0], ['-0', 0],
    ['-12', -1200], ['-£12.34', -1234], ['£-12.34', -1234], ['−£12', -1200], ['£ 1,000,000', 100_000_000], ['007', 700], ['1,234,567.89', 123_456_789],
    ['90071992547409.91', 9_007_199_254_740_991],
  ])('%s is %i pence', (text, pence) => {
    expect(parsePounds(text)).toEqual({ ok: true, pence });
  });

  test.each([
    ['1,23', '"1,23" has a comma in an unusual place. Commas part thousands: write 1,234 or 1234.'],
    ['12,34,567', '"12,34,567" has a comma in an unusual place. Commas part thousands: write 1,234 or 1234.'],
    [',123', '",123" has a comma in an unusual place. Commas part thousands: write 1,234 or 1234.'],
    ['1234,567', '"1234,567" has a comma in an unusual place. Commas part thousands: write 1,234 or 1234.'],
    ['1.2,3', '"1.2,3" has a comma in an unusual place. Commas part thousands: write 1,234 or 1234.'],
    ['12.', '"12." ends with a point. Write the pence after it or leave it out.'],
    ['.50', '".50" begins with a point. Write 0 before it.'],
    ['4.567', '"4.567" has more than two decimals. Amounts stop at whole pence.'],
    ['1e3', '"1e3" is written with a power of ten. Write the amount out, for example 1,000.'],
    ['1E+3', '"1E+3" is written with a power of ten. Write the amount out, for example 1,000.'],
    ['١٢٣', '"١٢٣" has digits of another script. Use 0 to 9.'],
    ['１２', '"１２" has digits of another script. Use 0 to 9.'],
    ['--12', '"--12" is not an amount. Use digits and one point, for example 1,234.56.'],
    ['12-', '"12-" is not an amount. Use digits and one point, for example 1,234.56.'],
    ['1.2.3', '"1.2.3" is not an amount. Use digits and one point, for example 1,234.56.'],
    ['£', 'Enter an amount in pounds, for example 1,234.56.'],
    ['', 'Enter an amount in pounds, for example 1,234.56.'],
    ['-', 'Enter an amount in pounds, for example 1,234.56.'],
    ['12 pounds', '"12 pounds" is not an amount. Use digits and one point, for example 1,234.56.'],
    ['0x10', '"0x10" is not an amount. Use digits and one point, for example 1,234.56.'],
    ['Infinity', '"Infinity" is not an amount. Use digits and one point, for example 1,234.56.'],
    ['90071992547409.92', '"90071992547409.92" is too large an amount.'],
  ])('%s is refused, saying which', (text, why) => {
    expect(parsePounds(text)).toEqual({ ok: false, why });
  });

  test('every amount written on a screen is read back to the same pence', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (pence) => {
      expect(parsePounds(money(pence))).toEqual({ ok: true, pence: pence === 0 ? 0 : pence });
    }));
  });

  test('no text makes it throw, and what it reads is a whole number of pence', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-£0-9.,e ]{0,12}$/)), (text) => {
      const read = parsePounds(text);
      expect(read.ok ? Number.isSafeInteger(read.pence) : read.why.length > 10).toBe(true);
    }));
  });

  test('the screen and the service agree on what is an amount', () => {
    fc.assert(fc.property(fc.stringMatching(/^[-£0-9.,]{1,10}$/), (text) => {
      const here = parsePounds(text);
      // What the service reads the screen reads too, and to the same pence.
      expect(here.ok ? parseOnScreen(text) : here).toEqual(here);
    }), { numRuns: 2000 });
  });
});
