/** A polygon's sides sorted into bands of y, so that a point is compared only with the sides near it. */
export interface EdgeBands {
  south: number;
  perUnit: number;
  /** Sides of band k are `members[starts[k]] .. members[starts[k + 1] - 1]`, each the number of a side. */
  starts: Int32Array;
  members: Int32Array;
  /** Four numbers a side: x and y of its two ends. */
  sides: Float64Array;
}

/** Bands over all rings of one polygon (outer and holes), in the units of its coordinates. */
export function edgeBands(rings: number[][][]): EdgeBands {
  const sides = Float64Array.from(rings.flatMap(ringSides));
  let [south, north] = [Infinity, -Infinity];
  for (let s = 1; s < sides.length; s += 2) {
    south = Math.min(south, sides[s] as number);
    north = Math.max(north, sides[s] as number);
  }
  const count = Math.min(4096, Math.max(1, sides.length >> 2));
  const perUnit = north > south ? count / (north - south) : 0;
  const band = (y: number): number => Math.min(count - 1, Math.floor((y - south) * perUnit));
  const spans = Array.from({ length: sides.length / 4 }, (_, k) => [band(Math.min(sides[4 * k + 1] as number, sides[4 * k + 3] as number)), band(Math.max(sides[4 * k + 1] as number, sides[4 * k + 3] as number))] as const);
  const starts = new Int32Array(count + 1);
  for (const [first, last] of spans) for (let k = first; k <= last; k++) starts[k + 1] = (starts[k + 1] as number) + 1;
  for (let k = 0; k < count; k++) starts[k + 1] = (starts[k + 1] as number) + (starts[k] as number);
  const members = new Int32Array(starts[count] as number);
  const next = starts.slice();
  spans.forEach(([first, last], side) => {
    for (let k = first; k <= last; k++) {
      members[next[k] as number] = side;
      next[k] = (next[k] as number) + 1;
    }
  });
  return { south, perUnit, starts, members, sides };
}

function ringSides(ring: number[][]): number[] {
  return ring.flatMap(([x = NaN, y = NaN], i) => {
    const [lastX = NaN, lastY = NaN] = ring[(i + ring.length - 1) % ring.length] ?? [];
    return lastY === y ? [] : [x, y, lastX, lastY];
  });
}

/** Whether a point lies in the polygon the bands were made from (even-odd rule). */
export function insideBands({ south, perUnit, starts, members, sides }: EdgeBands, x: number, y: number): boolean {
  const band = Math.floor((y - south) * perUnit);
  if (!(band >= 0 && band < starts.length - 1)) return false;
  let inside = false;
  for (let k = starts[band] as number; k < (starts[band + 1] as number); k++) {
    const side = 4 * (members[k] as number);
    const sideY = sides[side + 1] as number;
    const lastY = sides[side + 3] as number;
    if (sideY > y !== lastY > y) {
      const sideX = sides[side] as number;
      if (x < (((sides[side + 2] as number) - sideX) * (y - sideY)) / (lastY - sideY) + sideX) inside = !inside;
    }
  }
  return inside;
}
