/** A period made from its neighbour is the period read whole. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { monthsBetween } from '../../server/hotspots/months.ts';
import { createSliding } from '../../server/hotspots/sliding.ts';

interface Row {
  readonly place: string;
  readonly n: number;
  readonly weighted: number;
}

const months = monthsBetween('2023-01', '2023-12');
const table = fc.array(fc.record({ month: fc.constantFrom(...months), place: fc.constantFrom('a', 'b', 'c', 'd', 'e'), n: fc.integer({ min: 1, max: 9 }), weight: fc.constantFrom(0.5, 1, 0.1, 1.25) }), { maxLength: 60 });
const period = fc.tuple(fc.nat(11), fc.nat(11)).map(([a, b]) => months.slice(Math.min(a, b), Math.max(a, b) + 1));

function readFrom(rows: readonly { month: string; place: string; n: number; weight: number }[]) {
  return (wanted: readonly string[]): Row[] => {
    const sums = new Map<string, Row>();
    for (const { month, place, n, weight } of rows) {
      if (!wanted.includes(month)) continue;
      const sum = sums.get(place);
      sums.set(place, { place, n: (sum?.n ?? 0) + n, weighted: (sum?.weighted ?? 0) + n * weight });
    }
    return [...sums.values()];
  };
}

const inOrder = (rows: readonly Row[]): Row[] => rows.map(({ place, n, weighted }) => ({ place, n, weighted: Math.round(weighted * 1e6) / 1e6 })).sort((a, b) => (a.place < b.place ? -1 : 1));

test('whatever periods are asked for, one after the other, each is what reading it whole gives', async () => {
  await fc.assert(fc.asyncProperty(table, fc.array(period, { minLength: 1, maxLength: 20 }), async (rows, periods) => {
    const read = readFrom(rows);
    const sliding = createSliding<Row>(4, ({ place }) => place);
    for (const asked of periods) {
      expect(inOrder(await sliding.get('all', asked, async (some) => read(some)))).toEqual(inOrder(read(asked)));
    }
  }));
});

test('a step of one month reads that month only, and another question reads its own', async () => {
  const read: string[][] = [];
  const sliding = createSliding<Row>(4, ({ place }) => place);
  const ask = (rest: string, asked: readonly string[]) => sliding.get(rest, asked, async (some) => {
    read.push([...some]);
    return some.map((month) => ({ place: month, n: 1, weighted: 1 }));
  });
  await ask('police', months.slice(0, 6));
  await ask('police', months.slice(1, 7));
  await ask('police', months.slice(0, 6));
  await ask('council', months.slice(0, 6));
  expect(read).toEqual([months.slice(0, 6), ['2023-07'], ['2023-01'], months.slice(0, 6)]);
});
