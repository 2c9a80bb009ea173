import { cellCentre } from './cells.ts';
import { densityAt } from './density.ts';
import type { DensityMethod, WeightedPoints } from './density.ts';
import { sharedMass } from './densityNodes.ts';
import { kernelAt, kernelReach } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { toGrid } from './projection.ts';
import type { PointArrays } from './shapes.ts';

/** Nodes a lattice may have before incidents are summed one by one instead. */
const mostNodes = 8_000_000;

/**
 * Incidents per km² at chosen places (metres): `exact` over all incidents within reach; `binned` from their mass on nodes a tenth of the
 * quartic's bandwidth (a quarter of the Gaussian's deviation) apart, within 1 % of the peak; `auto` is exact to 100,000 incidents.
 */
export function densityAtPlaces(points: WeightedPoints, places: PointArrays, kernel: Kernel, method: DensityMethod = 'auto'): Float64Array {
  kernelReach(kernel);
  if (places.x.length === 0) return new Float64Array();
  if (method === 'exact' || (method === 'auto' && points.x.length <= 100_000)) return densityAt(points, places, kernel);
  return binnedAt(points, places, kernel) ?? densityAt(points, places, kernel);
}

/** The same at the middles of H3 cells. */
export function densityAtCells(points: WeightedPoints, cells: readonly string[], kernel: Kernel, method: DensityMethod = 'auto'): Float64Array {
  const middles = cells.map((cell) => toGrid(...cellCentre(cell)));
  return densityAtPlaces(points, { x: Float64Array.from(middles, ({ easting }) => easting), y: Float64Array.from(middles, ({ northing }) => northing) }, kernel, method);
}

function binnedAt(points: WeightedPoints, places: PointArrays, kernel: Kernel): Float64Array | undefined {
  const quartic = kernel.name === 'quartic';
  const step = kernel.bandwidthMetres * (quartic ? 0.1 : 0.25);
  const reach = (quartic ? 1 : 4) * kernel.bandwidthMetres;
  const [west, south] = [least(places.x) - reach - 2 * step, least(places.y) - reach - 2 * step];
  const columns = Math.ceil((-least(places.x, -1) + reach + 2 * step - west) / step) + 1;
  const rows = Math.ceil((-least(places.y, -1) + reach + 2 * step - south) / step) + 1;
  if (!(columns * rows <= mostNodes)) return undefined;
  const mass = sharedMass(points, { west, south, step, columns, rows });
  const hill = narrowedHill(kernel, step);
  return Float64Array.from(places.x, (x, place) => {
    const [atX, atY] = [(x - west) / step, ((places.y[place] as number) - south) / step];
    const far = reach / step;
    let sum = 0;
    for (let row = Math.ceil(atY - far); row <= atY + far; row++) {
      const dy = row - atY;
      const half = Math.sqrt(Math.max(0, far * far - dy * dy));
      for (let column = Math.ceil(atX - half); column <= atX + half; column++) {
        const amount = mass[row * columns + column] as number;
        if (amount !== 0) sum += amount * hill((column - atX) ** 2 + dy * dy);
      }
    }
    return sum;
  });
}

/** The least of the values (or, with sign −1, less the largest). */
function least(values: Float64Array, sign: 1 | -1 = 1): number {
  let found = Infinity;
  for (let i = 0; i < values.length; i++) found = Math.min(found, sign * (values[i] as number));
  return found;
}

/**
 * The hill per km² by squared distance in steps, less a fourteenth of its curvature: sharing an incident between nodes widens it by none to
 * an eighth. Quartic: ∇²K = K(0)·(16r² − 8)/h²; Gaussian: ∇²K = K·(d²/σ² − 2)/σ².
 */
function narrowedHill(kernel: Kernel, step: number): (squaredSteps: number) => number {
  const inverse = (step / kernel.bandwidthMetres) ** 2;
  const top = 1e6 * kernelAt(kernel, 0);
  if (kernel.name === 'gaussian') {
    return (squared) => {
      const height = top * Math.exp(-0.5 * squared * inverse);
      return height - (height * (squared * inverse - 2) * inverse) / 14;
    };
  }
  return (squared) => {
    const left = 1 - squared * inverse;
    return left > 0 ? top * (left * left - ((8 - 16 * left) * inverse) / 14) : 0;
  };
}
