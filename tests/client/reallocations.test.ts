import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOf, linesOf, movementsOf } from '../../client/pages/reallocationMovements.ts';

const [a, b] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];

test('movements are one line a head, add up to zero, and what comes to nothing is left out', () => {
  expect(linesOf([{ from: keyOf(a, 'Wardens'), to: keyOf(b, 'Extra patrols'), pence: 500 }, { from: keyOf(a, 'Wardens'), to: keyOf(a, ''), pence: 200 }, { from: keyOf(a, ''), to: keyOf(b, 'Extra patrols'), pence: 200 }])).toEqual([
    { agreementId: a, head: 'Wardens', amountPence: -700 }, { agreementId: b, head: 'Extra patrols', amountPence: 700 },
  ]);
  const key = fc.constantFrom(keyOf(a, 'Wardens'), keyOf(a, ''), keyOf(b, 'Wardens'));
  fc.assert(fc.property(fc.array(fc.record({ from: key, to: key, pence: fc.nat() })), (movements) => {
    expect(linesOf(movements).reduce((sum, { amountPence }) => sum + amountPence, 0)).toBe(0);
  }));
});

test('a suggestion becomes movements out of the heads with most left', () => {
  const row = (agreementId: string, suggestedPence: number, heads: { head: string; budgetPence: number; spentPence: number }[]) => ({ agreementId, heads, figures: { suggestedPence } });
  const agreements = [row(a, -900, [{ head: 'Equipment', budgetPence: 500, spentPence: 100 }, { head: 'Wardens', budgetPence: 1000, spentPence: 200 }]), row(b, 900, [])] as unknown as Parameters<typeof movementsOf>[0]['agreements'];
  expect(movementsOf({ agreements }, 'Extra patrols')).toEqual([
    { from: keyOf(a, 'Wardens'), to: keyOf(b, 'Extra patrols'), pence: 800 }, { from: keyOf(a, 'Equipment'), to: keyOf(b, 'Extra patrols'), pence: 100 },
  ]);
});
