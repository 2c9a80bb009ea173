import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, fractionOf, isFault, type Lookup, parseFormula, rounded, type Valued } from '../../server/returns/definitionFormula.ts';

const figures: Record<string, Valued> = {
  paid: { value: fractionOf(1000) }, planned: { value: fractionOf(3000) }, none: { value: fractionOf(0) }, 'minutes[warden]': { value: fractionOf(90) },
  unknown: { status: 'not available', why: 'Not imported.' }, idle: { status: 'not started', why: 'Not begun.' },
};
const lookup = (factor = 1n, councils: readonly Lookup[] = []): Lookup => ({
  figure: (name, part) => {
    const found = figures[part === null ? name : `${name}[${part}]`] ?? { status: 'not available' as const, why: `no ${name}` };
    return 'value' in found ? { value: { over: found.value.over * factor, under: found.value.under } } : found;
  },
  councils: () => councils,
});
const all = lookup(3n, [lookup(1n), lookup(2n)]);

function work(text: string, decimals = 1): number | string {
  const formula = parseFormula(text);
  if (isFault(formula)) return formula.message;
  const found = evaluate(formula, all);
  return 'value' in found ? rounded(found.value, decimals) : `${found.status}: ${found.why}`;
}

describe('a formula', () => {
  test.each<[string, number | string]>([
    ['1 + 2 * 3', 7], ['(1 + 2) * 3', 9], ['8 - 3 - 2', 3], ['8 / 4 / 2', 1], ['-2 + 5', 3], ['2 - -2', 4], ['1.5 * 2', 3],
    ['paid', 3000], ['planned − paid', 6000], ['paid × 2 ÷ 3', 2000], ['percent(paid, planned)', 33.3], ['percent(paid - planned, planned)', -66.7],
    // Councils hold 1,000 and 2,000; the area itself three times as much.
    ['sum(paid)', 3000], ['sum(paid * paid)', 5_000_000], ['paid * paid', 9_000_000], ['minutes[warden] / 60', 4.5],
    ['paid / none', 'not applicable: What it would be divided by is 0.'], ['percent(1, 0)', 'not applicable: What it would be divided by is 0.'],
    ['paid + unknown + idle', 'not available: Not imported.'], ['paid - idle', 'not started: Not begun.'], ['0.05 * 1', 0.1], ['-0.05 * 1', -0.1], ['1/3 + 1/3 + 1/3', 1],
  ])('%s = %s', (text, expected) => {
    expect(work(text)).toBe(expected);
  });

  test.each<[string, RegExp]>([
    ['', /At character 1: the formula is empty/], ['paid +', /At character 7: the formula ends where a name or a number belongs/], ['paid planned', /At character 6, “planned”: a sign/],
    ['(paid', /At character 6: a bracket is not closed/], ['paid)', /At character 5, “\)”: a sign/], ['max(paid)', /At character 1, “max”: there is no such function/],
    ['percent(paid)', /At character 13, “\)”: percent takes two figures/], ['paid; drop', /At character 5, “;”: this has no place/], ['process.exit(1)', /At character 8, “\.”: this has no place/],
    ['`x`', /At character 1/], ['1e9', /At character 2, “e9”/], [`${'('.repeat(40)}1${')'.repeat(40)}`, /more than 30 times/], ['1+'.repeat(300), /at most 500 characters/], ['* 2', /At character 1, “\*”: a name, a number or \( belongs here/],
  ])('%s is refused at its place', (text, says) => {
    expect(work(text)).toMatch(says);
  });

  test('whatever is typed is read or refused with a place inside it, and never throws', () => {
    const pieces = fc.array(fc.oneof(fc.constantFrom('paid', 'sum(', 'percent(', ')', '(', ',', '+', '-', '*', '/', '12', '0', '[warden]', ' ', 'constructor', '__proto__'), fc.string({ maxLength: 3 })), { maxLength: 40 });
    fc.assert(fc.property(pieces, (parts) => {
      const text = parts.join('');
      const formula = parseFormula(text);
      const inside = isFault(formula) ? formula.character >= 1 && formula.character <= text.length + 1 && formula.message.length > 20 : ['number', 'string'].includes(typeof work(text));
      expect(inside).toBe(true);
    }));
  });

  test('sums and differences are exact, whatever the numbers', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), { minLength: 1, maxLength: 20 }), (numbers) => {
      const text = numbers.map((number) => `(${number < 0 ? '-' : ''}${Math.abs(number)})`).join('+');
      expect(work(text, 0)).toBe(numbers.reduce((sum, number) => sum + number, 0) || 0);
    }));
  });
});
