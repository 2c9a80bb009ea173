import { cellToChildren, getPentagons, getRes0Cells, gridDisk } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { cellNeighbours } from '../../geo/cellNeighbours.ts';
import { cellOfPoint } from '../../geo/cells.ts';
import { distanceNeighbours, queenNeighbours } from '../../geo/neighbours.ts';
import type { Adjacency } from '../../geo/neighbours.ts';
import { createRandom } from '../../geo/random.ts';

function rowsOf({ offsets, targets }: Adjacency): number[][] {
  return Array.from({ length: offsets.length - 1 }, (_, i) => [...targets.subarray(offsets[i], offsets[i + 1])]);
}

function plainly(cells: readonly string[], includeSelf: boolean): number[][] {
  const position = new Map(cells.map((cell, i) => [cell, i]));
  return cells.map((cell, i) => gridDisk(cell, 1).flatMap((other) => position.get(other) ?? []).filter((at) => includeSelf || at !== i).sort((a, b) => a - b));
}

describe('touching cells', () => {
  it('of a whole disk: seven in the middle, four or five at its edge, self included', () => {
    const cells = gridDisk(cellOfPoint(-1.23, 54.57, 9), 2);
    const sizes = rowsOf(cellNeighbours(cells)).map((row) => row.length);
    expect(sizes.toSorted()).toEqual([4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 7, 7, 7, 7, 7, 7, 7]);
    expect(rowsOf(cellNeighbours(cells, false)).map((row) => row.length + 1)).toEqual(sizes);
  });

  it.each([1, 2, 5, 8, 9, 10])('are h3-js`s own at resolution %i, in patchy lists, around pentagons and across base cells', (resolution) => {
    const random = createRandom(resolution);
    const places = [cellOfPoint(-1.23, 54.57, resolution), getPentagons(resolution)[3]!, ...Array.from({ length: 8 }, () => cellOfPoint(360 * random.uniform() - 180, 160 * random.uniform() - 80, resolution))];
    for (const [k, middle] of places.entries()) {
      const cells = [...new Set(gridDisk(middle, 9))].filter(() => random.uniform() < 0.9);
      expect(rowsOf(cellNeighbours(cells, k % 2 === 0))).toEqual(plainly(cells, k % 2 === 0));
    }
  });

  it('are right over the whole globe at resolution 1 and through the plain way at resolution 0', () => {
    const all = getRes0Cells().flatMap((cell) => cellToChildren(cell, 1));
    expect(rowsOf(cellNeighbours(all))).toEqual(plainly(all, true));
    expect(rowsOf(cellNeighbours(getRes0Cells()))).toEqual(plainly(getRes0Cells(), true));
  });

  it('are mutual', () => {
    const rows = rowsOf(cellNeighbours(gridDisk(cellOfPoint(-1.3, 54.6, 9), 12)));
    rows.forEach((row, i) => row.forEach((j) => expect(rows[j]).toContain(i)));
  });

  it('of one cell are itself; of none nothing; repeats, texts and mixed resolutions are refused', () => {
    const cell = cellOfPoint(-1.23, 54.57, 9);
    expect(rowsOf(cellNeighbours([cell]))).toEqual([[0]]);
    expect(rowsOf(cellNeighbours([cell], false))).toEqual([[]]);
    expect(rowsOf(cellNeighbours([]))).toEqual([]);
    expect(() => cellNeighbours([cell, cell])).toThrow('is given twice');
    expect(() => cellNeighbours([cell, cellOfPoint(-1.23, 54.57, 8)])).toThrow('is not an H3 cell of resolution 9');
    expect(() => cellNeighbours([cell, 'hello'])).toThrow('"hello" is not an H3 cell');
  });
});

describe('queen neighbours of a grid', () => {
  it('are four, six or nine with self', () => {
    const rows = rowsOf(queenNeighbours(4, 3));
    expect(rows.map((row) => row.length)).toEqual([4, 6, 6, 4, 6, 9, 9, 6, 4, 6, 6, 4]);
    expect(rows[5]).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10]);
    expect(rowsOf(queenNeighbours(4, 3, false))[0]).toEqual([1, 4, 5]);
  });

  it('leave absent squares out and give them no row', () => {
    const rows = rowsOf(queenNeighbours(3, 1, true, Uint8Array.of(1, 0, 1)));
    expect(rows).toEqual([[0], [], [2]]);
  });
});

describe('neighbours within a distance', () => {
  it('are those no further, edge included', () => {
    expect(rowsOf(distanceNeighbours([0, 3, 3, 10], [0, 4, 4.1, 0], 5))).toEqual([[0, 1], [0, 1, 2], [1, 2], [3]]);
    expect(() => distanceNeighbours([0], [0], 0)).toThrow('Neighbours within 0');
  });
});
