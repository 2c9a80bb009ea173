/**
 * Schematic outlines of the four councils and their wards: a bent grid with invented corners, each council roughly where it lies.
 * Neighbours share their corners exactly, so nothing overlaps; nobody can take them for the real boundaries, and each says what it is.
 */
import { createRandom } from '../../geo/random.ts';
import type { LngLat } from '../../geo/shapes.ts';

export const outlineSource = 'Schematic outline made for demonstration; not a real boundary';

/** First day the outlines are good for, before the first incident. */
export const outlinesFrom = '2020-01-01';
/** The day one ward is divided, so that a ward by date has something to show. */
export const wardChangeOn = '2023-05-04';

/** One outline over the dates it is good for; `rings` are closed, anticlockwise, WGS84 [lng, lat]. */
export interface DemonstrationOutline {
  readonly kind: 'council' | 'ward';
  readonly code: string;
  readonly name: string;
  readonly councilCode: string;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly ring: readonly LngLat[];
}

interface DemonstrationCouncil {
  readonly letter: string;
  readonly code: string;
  readonly name: string;
}

/** The councils of the grant (ONS local authority codes) and the letter their squares carry below. */
export const demonstrationCouncils: readonly DemonstrationCouncil[] = [
  { letter: 'H', code: 'E06000001', name: 'Hartlepool' },
  { letter: 'M', code: 'E06000002', name: 'Middlesbrough' },
  { letter: 'R', code: 'E06000003', name: 'Redcar and Cleveland' },
  { letter: 'S', code: 'E06000004', name: 'Stockton-on-Tees' },
];

/** West to east, north to south; a square is about 3.2 by 3.3 km. */
const squares: readonly (readonly string[])[] = [
  '.. .. .. .. H1 H2 .. .. .. .. .. ..',
  '.. .. .. H3 H4 H5 .. .. .. .. .. ..',
  '.. .. .. H3 H4 H5 .. .. .. .. .. ..',
  '.. .. S1 S1 S2 .. .. .. .. .. .. ..',
  '.. S3 S3 S4 S2 .. R1 R1 R2 .. .. ..',
  '.. S5 S6 S4 M1 M2 R3 R1 R2 R4 .. ..',
  '.. S5 S6 S7 M1 M3 R3 R5 R5 R4 R6 R6',
  '.. .. S8 S8 M4 M4 .. R7 R7 R8 R8 R6',
].map((row) => row.split(' '));

const west = -1.46;
const north = 54.74;
const squareLng = 0.05;
const squareLat = 0.03;
/** How far a corner may stray, as a share of a square; under a quarter, so no two lines can cross. */
const cornerStray = 0.2;
const middleStray = 0.07;

/** Every council and ward outline with its dates, the same for the same seed. */
export function makeOutlines(seed: number): DemonstrationOutline[] {
  const ringOf = (belongs: (square: string) => boolean): LngLat[] => traceOutline(seed, belongs);
  return demonstrationCouncils.flatMap(({ letter, code, name }) => [
    { kind: 'council' as const, code, name, councilCode: code, validFrom: outlinesFrom, validTo: null, ring: ringOf((square) => square.startsWith(letter)) },
    ...wardVersions(letter).map(({ ward, parts, validFrom, validTo }) => ({
      kind: 'ward' as const, code: `DEMO-${ward}`, name: `Demonstration ward ${ward}`, councilCode: code, validFrom, validTo, ring: ringOf((square) => parts.includes(square)),
    })),
  ]);
}

interface WardVersion {
  readonly ward: string;
  readonly parts: readonly string[];
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** S4 covered S7 as well until the change; every other ward stays as it is. */
function wardVersions(letter: string): WardVersion[] {
  const wards = [...new Set(squares.flat())].filter((square) => square.startsWith(letter)).sort();
  return wards.flatMap((ward): WardVersion[] => {
    if (ward === 'S4') {
      return [
        { ward, parts: ['S4', 'S7'], validFrom: outlinesFrom, validTo: wardChangeOn },
        { ward, parts: ['S4'], validFrom: wardChangeOn, validTo: null },
      ];
    }
    return [{ ward, parts: [ward], validFrom: ward === 'S7' ? wardChangeOn : outlinesFrom, validTo: null }];
  });
}

type Corner = readonly [column: number, row: number];

/** Walks round the squares that belong: a side walked both ways lies between two of them and is no part of the outline. */
function traceOutline(seed: number, belongs: (square: string) => boolean): LngLat[] {
  const sides = new Map(sidesOf(belongs).map((side) => [sideKey(...side), side]));
  const outer = [...sides.values()].filter(([from, to]) => !sides.has(sideKey(to, from)));
  const next = new Map(outer.map(([from, to]) => [key(from), to]));
  const [start] = outer[0] ?? [[0, 0] as Corner];
  const ring: LngLat[] = [];
  let from: Corner = start;
  for (let walked = 0; walked < outer.length; walked++) {
    const to = next.get(key(from));
    if (!to) throw new Error(`The schematic outline is broken at corner ${key(from)}.`);
    ring.push(cornerPlace(seed, from), middlePlace(seed, from, to));
    from = to;
  }
  return [...ring, ring[0] ?? [0, 0]];
}

/** The sides of every square that belongs, anticlockwise on the ground (rows count southwards). */
function sidesOf(belongs: (square: string) => boolean): [Corner, Corner][] {
  return squares.flatMap((row, y) => row.flatMap((square, x): [Corner, Corner][] => {
    if (!belongs(square)) return [];
    return [[[x, y], [x, y + 1]], [[x, y + 1], [x + 1, y + 1]], [[x + 1, y + 1], [x + 1, y]], [[x + 1, y], [x, y]]];
  }));
}

const key = ([column, row]: Corner): string => `${column},${row}`;
const sideKey = (from: Corner, to: Corner): string => `${key(from)}>${key(to)}`;

function cornerPlace(seed: number, [column, row]: Corner): LngLat {
  return strayed(`${seed} corner ${column} ${row}`, column, row, cornerStray);
}

/** The same middle whichever way the side is walked, so that neighbours share it. */
function middlePlace(seed: number, a: Corner, b: Corner): LngLat {
  const [first, second] = key(a) < key(b) ? [a, b] : [b, a];
  const [lngA, latA] = cornerPlace(seed, first);
  const [lngB, latB] = cornerPlace(seed, second);
  const [lng, lat] = strayed(`${seed} side ${key(first)} ${key(second)}`, 0, 0, middleStray);
  return [rounded((lngA + lngB) / 2 + lng - west), rounded((latA + latB) / 2 + lat - north)];
}

function strayed(seed: string, column: number, row: number, share: number): LngLat {
  const random = createRandom(seed);
  const stray = (): number => (2 * random.uniform() - 1) * share;
  return [rounded(west + (column + stray()) * squareLng), rounded(north - (row + stray()) * squareLat)];
}

const rounded = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;
