import { cellId } from './cellNumber.ts';
import { pointCellsInto } from './pointCells.ts';
import { projectInto, unprojectInto } from './projection.ts';

/** Where a point is counted: whole National Grid metres and the H3 ids of its cells at resolutions 8, 9 and 10. */
export interface PlacedPoint {
  readonly easting: number;
  readonly northing: number;
  readonly cell8: string;
  readonly cell9: string;
  readonly cell10: string;
}

const resolutions = [8, 9, 10] as const;

/**
 * A function that places WGS84 points: rounded to whole National Grid metres, cells indexed from that rounded place at each resolution.
 * police.uk repeats the same snap points month after month, so the last `limit` different points are remembered and given back as they were
 * (about 90 bytes of keys and strings each); when full it forgets all and starts again. Throws for a point out of reach of the National Grid.
 */
export function rememberPoints(limit = 200_000): (lng: number, lat: number) => PlacedPoint {
  const metres = new Float64Array(2);
  const back = new Float64Array(2);
  return remembering(limit, (lng, lat) => {
    projectInto(lng, lat, metres, 0);
    const easting = Math.round(metres[0] as number);
    const northing = Math.round(metres[1] as number);
    unprojectInto(easting, northing, back, 0);
    return { easting, northing, ...cellsOfPoint(back[0] as number, back[1] as number) };
  });
}

/** As `rememberPoints`, for the cells of the points as they are given, anywhere on the globe. */
export function rememberCells(limit = 200_000): (lng: number, lat: number) => PointCellIds {
  return remembering(limit, cellsOfPoint);
}

/** The H3 ids of a point's cells at resolutions 8, 9 and 10. */
export interface PointCellIds {
  readonly cell8: string;
  readonly cell9: string;
  readonly cell10: string;
}

const numbers = new Float64Array(3);

/** The H3 ids of a WGS84 point's cells at resolutions 8, 9 and 10, each indexed from the point itself. */
export function cellsOfPoint(lng: number, lat: number): PointCellIds {
  pointCellsInto(lng, lat, resolutions, numbers, 0);
  return { cell8: cellId(numbers[0] as number, 8), cell9: cellId(numbers[1] as number, 9), cell10: cellId(numbers[2] as number, 10) };
}

/** Remembers what was worked out for a pair of numbers, in an open-addressed table of keys beside a table of answers. */
function remembering<T>(limit: number, work: (lng: number, lat: number) => T): (lng: number, lat: number) => T {
  if (!(limit >= 1)) throw new RangeError(`A memory of ${limit} points cannot be made: give a whole number from 1.`);
  const mask = 2 ** Math.ceil(Math.log2(limit * 2)) - 1;
  const keys = new Float64Array(2 * (mask + 1)).fill(NaN);
  let answers: (T | undefined)[] = Array.from({ length: mask + 1 });
  let held = 0;
  return (lng, lat) => {
    let mixed = Math.imul((lng * 1e7) | 0, 0x9e3779b1) ^ Math.imul((lat * 1e7) | 0, 0x85ebca6b);
    mixed ^= mixed >>> 15;
    let slot = Math.imul(mixed, 0x2c1b3c6d) >>> 7 & mask;
    for (;;) {
      if (keys[2 * slot] === lng && keys[2 * slot + 1] === lat) return answers[slot] as T;
      if (answers[slot] === undefined) break;
      slot = (slot + 1) & mask;
    }
    const answer = work(lng, lat);
    if (++held > limit) {
      keys.fill(NaN);
      answers = Array.from({ length: mask + 1 });
      held = 1;
    }
    keys[2 * slot] = lng;
    keys[2 * slot + 1] = lat;
    answers[slot] = answer;
    return answer;
  };
}
