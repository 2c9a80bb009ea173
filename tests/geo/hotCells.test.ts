import { gridDisk } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { cellOfPoint, countByCell, coverArea, coverOfCells } from '../../geo/cells.ts';
import { cellNeighbours } from '../../geo/cellNeighbours.ts';
import { analyseCells } from '../../geo/hotCells.ts';
import { groupTouching, mergedOutline } from '../../geo/outlines.ts';
import { createRandom } from '../../geo/random.ts';
import { polygonsOf } from '../../geo/shapes.ts';
import type { AreaShape, MultiPolygonShape } from '../../geo/shapes.ts';
import { orWhyNot, readRealData, realData } from './realData.ts';

const middle = cellOfPoint(-1.23, 54.57, 9);
const cover = coverOfCells(gridDisk(middle, 10));
const at = (cell: string): number => cover.position.get(cell)!;
const ring = gridDisk(middle, 1).filter((cell) => cell !== middle);

/** 60 incidents in the middle cell, 10 in five of the six around it, 1 in every ninth cell. */
function field(): Float64Array {
  const counts = Float64Array.from(cover.cells, (_, i) => (i % 9 === 0 ? 1 : 0));
  for (const cell of ring) counts[at(cell)] = 10;
  counts[at(ring[0]!)] = 0;
  counts[at(middle)] = 60;
  return counts;
}

describe('the analysis of cells', () => {
  const result = analyseCells({ cover, counts: field(), windowMonths: 12 });

  it('ranks the strongest cell first by its smoothed rate on its own area', () => {
    expect(cover.cells[result.order[0]!]).toBe(middle);
    expect(result.rank[at(middle)]).toBe(1);
    expect(result.rates[at(middle)]).toBeCloseTo(60 / cover.areasKm2[at(middle)]!, 9);
    expect([...result.rank].sort((a, b) => a - b)).toEqual(cover.cells.map((_, i) => i + 1));
  });

  it('makes candidates of cells with at least 12 a year whose interval lies above the area', () => {
    expect(result.minimumCount).toBe(12);
    expect(result.candidate.reduce((sum, flag) => sum + flag, 0)).toBe(1);
    expect(result.candidate[at(middle)]).toBe(1);
    expect(result.lowerRates[at(middle)]!).toBeGreaterThan(result.meanRate);
  });

  it('scales minimum and rates to the window', () => {
    const half = analyseCells({ cover, counts: field(), windowMonths: 6 });
    expect(half.minimumCount).toBe(6);
    expect(half.rates[at(middle)]).toBeCloseTo(2 * result.rates[at(middle)]!, 9);
    expect(half.candidate.reduce((sum, flag) => sum + flag, 0)).toBe(6);
    expect([...half.giStar]).toEqual([...result.giStar]);
  });

  it('flags a hot cell without an incident of its own', () => {
    expect(result.hot[at(ring[0]!)]).toBe(1);
    expect(result.neighbourOnly[at(ring[0]!)]).toBe(1);
    expect(result.neighbourOnly[at(middle)]).toBe(0);
  });

  it('finds nothing in an even field and nothing in an empty one, without NaN', () => {
    for (const counts of [new Float64Array(cover.cells.length), new Float64Array(cover.cells.length).fill(3)]) {
      const even = analyseCells({ cover, counts, windowMonths: 12 });
      for (const list of [even.rates, even.smoothedRates, even.lowerRates, even.upperRates, even.giStar, even.ps, even.adjustedPs]) expect(list.every(Number.isFinite)).toBe(true);
      expect(even.hot.every((flag) => flag === 0)).toBe(true);
      expect(even.candidate.every((flag) => flag === 0)).toBe(true);
    }
  });

  it('works on one cell', () => {
    const one = analyseCells({ cover: coverOfCells([middle]), counts: [40], windowMonths: 12 });
    expect([one.giStar[0], one.hot[0], one.candidate[0], one.rank[0], one.adjustedPs[0]]).toEqual([0, 0, 0, 1, 1]);
  });

  it('says what is wrong with its input', () => {
    expect(() => analyseCells({ cover, counts: [1], windowMonths: 12 })).toThrow('There are 1 counts for 331 cells');
    expect(() => analyseCells({ cover, counts: field(), windowMonths: 0 })).toThrow('A window of 0 months');
    expect(() => analyseCells({ cover: { ...cover, areasKm2: new Float64Array(331) }, counts: field(), windowMonths: 12 })).toThrow('incidents and an area or population of 0');
    const broken = field();
    broken[4] = NaN;
    expect(() => analyseCells({ cover, counts: broken, windowMonths: 12 })).toThrow('Place 4 has count NaN');
  });
});

describe('groups of touching hot cells', () => {
  const fine = cellOfPoint(-1.23, 54.57, 10);
  const cells = gridDisk(fine, 6);
  const neighbours = cellNeighbours(cells);

  it('never pass 400 m across, use every cell once, and start at the strongest', () => {
    const random = createRandom(4);
    const chosen = Uint8Array.from(cells, () => (random.uniform() < 0.6 ? 1 : 0));
    const strengths = cells.map(() => random.uniform());
    const groups = groupTouching(cells, chosen, strengths, neighbours);
    expect(groups.flatMap(({ members }) => members).sort((a, b) => a - b)).toEqual(cells.flatMap((_, i) => (chosen[i] ? i : [])));
    for (const { members, acrossMetres, shape } of groups) {
      expect(acrossMetres).toBeLessThanOrEqual(400);
      expect(shape.coordinates).toHaveLength(1);
      expect(Math.max(...members.map((i) => strengths[i]!))).toBe(strengths[members[0]!]);
    }
  });

  it('take a disk of seven resolution-10 cells whole and leave a resolution-9 cell alone', () => {
    const seven = gridDisk(fine, 1);
    const [group] = groupTouching(seven, new Uint8Array(7).fill(1), seven.map(() => 1), cellNeighbours(seven));
    expect(group!.members).toHaveLength(7);
    const coarse = gridDisk(middle, 1);
    expect(groupTouching(coarse, new Uint8Array(7).fill(1), coarse.map(() => 1), cellNeighbours(coarse))).toHaveLength(7);
  });

  it('have one outline without the edges between their cells', () => {
    expect(mergedOutline(gridDisk(middle, 1)).coordinates[0]![0]).toHaveLength(19);
    expect(mergedOutline([]).coordinates).toEqual([]);
    expect(() => groupTouching(cells, new Uint8Array(cells.length), [], neighbours, 0)).toThrow('Groups 0 m across');
  });
});

describe.runIf(realData)(`the analysis of Cleveland in 2023${orWhyNot}`, () => {
  it('loses no incident and finds half of them in about 3 % of cells', () => {
    const councils = JSON.parse(readRealData('boundaries', 'lad_from_lsoa2021_bgc.geojson')) as { features: { geometry: AreaShape }[] };
    const shape: MultiPolygonShape = { type: 'MultiPolygon', coordinates: councils.features.flatMap(({ geometry }) => polygonsOf(geometry)) };
    const cleveland = coverArea(shape, 9);
    const months = Array.from({ length: 12 }, (_, i) => `2023-${String(i + 1).padStart(2, '0')}`);
    const rows = months.flatMap((month) => readRealData('police-uk', 'street', `${month}-cleveland-street.csv`).split(/\r?\n/)).filter((row) => row.includes(',Anti-social behaviour,'));
    const cells = rows.map((row) => row.split(',')).map((fields) => cellOfPoint(Number(fields[4]), Number(fields[5]), 9));
    const { counts, outside } = countByCell(cleveland, cells);
    const analysis = analyseCells({ cover: cleveland, counts, windowMonths: 12 });
    expect(rows).toHaveLength(17453);
    expect(analysis.total + outside).toBe(17453);
    expect(outside).toBeLessThan(20);
    const sorted = counts.toSorted().reverse();
    let [top, half] = [0, 0];
    while (half < 17453 / 2) half += sorted[top++]!;
    expect(top / cleveland.cells.length).toBeCloseTo(0.03, 2);
    expect(cleveland.areasKm2.reduce((sum, area) => sum + area, 0) / cleveland.cells.length).toBeCloseTo(0.0912, 3);
  });
});
