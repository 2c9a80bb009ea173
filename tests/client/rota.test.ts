/** What a rota's screens say of its places. */
import { expect, test } from 'vitest';
import { coverWords } from '../../client/pages/rotaGrid.ts';
import { placesFact } from '../../client/pages/rotaLists.ts';

const shifts = ['2024-03-04-late', '2024-03-05-late'].map((id) => ({ id, coverWanted: 2 }));
const on = (shiftId: string, count: number): { shiftId: string }[] => Array.from({ length: count }, () => ({ shiftId }));

test('a shift over-full fills its own places and no other’s', () => {
  const cells = [...on('2024-03-04-late', 3), ...on('2024-03-05-late', 1)];
  expect(placesFact({ shifts, cells })).toEqual({ label: 'Places filled', value: '3 of 4', note: 'and 1 person more than wanted, on shifts already full' });
});

test('as many as wanted says no more', () => {
  const cells = [...on('2024-03-04-late', 2), ...on('2024-03-05-late', 2)];
  expect(placesFact({ shifts, cells })).toEqual({ label: 'Places filled', value: '4 of 4', note: 'Persons on shifts, of those wanted' });
});

test.each([[0, 2, '0 of 2', '2 short', ''], [2, 2, '2 of 2', '', ''], [3, 2, '2 of 2', '', 'and 1 more']])('%i on a shift that wants %i', (count, wanted, filled, short, more) => {
  expect(coverWords(count, wanted)).toEqual({ filled, short, more });
});
