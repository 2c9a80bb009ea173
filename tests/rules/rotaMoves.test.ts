/** What dragging and keys do to a rota's draft. */
import { describe, expect, test } from 'vitest';
import { codesAt, move, setShift, undone } from '../../client/pages/rotaMoves.ts';

const shift = (day: string, code: string) => ({ id: `${day}-${code}`, day, code, name: code, startsAt: '', endsAt: '', minutes: 480, coverWanted: 2 });
const draft = {
  shifts: [shift('2023-10-02', 'early'), shift('2023-10-02', 'late'), shift('2023-10-03', 'late')],
  cells: [{ wardenId: 'a', shiftId: '2023-10-02-late' }, { wardenId: 'b', shiftId: '2023-10-03-late' }, { wardenId: 'c', shiftId: '2023-10-02-early' }],
};
const at = (wardenId: string, day: string) => ({ wardenId, day: `2023-10-${day}` });

describe('a shift that is put', () => {
  test('takes the place of the one there', () => {
    expect(setShift(draft, at('a', '02'), 'early')).toEqual([{ wardenId: 'a', shiftId: '2023-10-02-late', on: false }, { wardenId: 'a', shiftId: '2023-10-02-early', on: true }]);
    expect(setShift(draft, at('a', '02'), null)).toEqual([{ wardenId: 'a', shiftId: '2023-10-02-late', on: false }]);
    expect(setShift(draft, at('a', '02'), 'late')).toEqual([]);
    expect(setShift(draft, at('a', '03'), 'early')).toEqual([]);
    expect(codesAt(draft, at('a', '02'))).toEqual(['late']);
  });
});

describe('a shift that is moved', () => {
  test('leaves its place, and what was there comes back', () => {
    expect(move(draft, at('a', '02'), at('a', '03'))).toEqual([{ wardenId: 'a', shiftId: '2023-10-02-late', on: false }, { wardenId: 'a', shiftId: '2023-10-03-late', on: true }]);
    expect(move(draft, at('a', '02'), at('c', '02'))).toEqual([
      { wardenId: 'a', shiftId: '2023-10-02-late', on: false }, { wardenId: 'a', shiftId: '2023-10-02-early', on: true },
      { wardenId: 'c', shiftId: '2023-10-02-early', on: false }, { wardenId: 'c', shiftId: '2023-10-02-late', on: true },
    ]);
  });

  test('stays where the other day has no such shift, where nothing is, and on itself', () => {
    expect(move(draft, at('c', '02'), at('c', '03'))).toEqual([]);
    expect(move(draft, at('b', '02'), at('a', '02'))).toEqual([]);
    expect(move(draft, at('a', '02'), at('a', '02'))).toEqual([]);
  });

  test('is taken back by the changes turned round', () => {
    expect(undone(move(draft, at('a', '02'), at('a', '03')))).toEqual([{ wardenId: 'a', shiftId: '2023-10-03-late', on: false }, { wardenId: 'a', shiftId: '2023-10-02-late', on: true }]);
  });
});
