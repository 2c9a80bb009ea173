import type { GridSpec } from '../../geo/density.ts';
import type { Kernel } from '../../geo/kernel.ts';
import type { PointArrays } from '../../geo/shapes.ts';

/** The quartic surface as most would first write it: for every incident, every square in the box around it, kernel by formula. */
export function plainDensity(points: PointArrays, grid: GridSpec, kernel: Kernel): number[] {
  const h = kernel.bandwidthMetres;
  const surface = Array.from({ length: grid.columns * grid.rows }, () => 0);
  for (let i = 0; i < points.x.length; i++) {
    const x = points.x[i] as number;
    const y = points.y[i] as number;
    const column = Math.floor((x - grid.west) / grid.cellMetres);
    const row = Math.floor((y - grid.south) / grid.cellMetres);
    const reach = Math.ceil(h / grid.cellMetres);
    for (let r = Math.max(0, row - reach); r <= Math.min(grid.rows - 1, row + reach); r++) {
      for (let c = Math.max(0, column - reach); c <= Math.min(grid.columns - 1, column + reach); c++) {
        const distance = Math.hypot(grid.west + (c + 0.5) * grid.cellMetres - x, grid.south + (r + 0.5) * grid.cellMetres - y);
        if (distance < h) surface[r * grid.columns + c] = (surface[r * grid.columns + c] ?? 0) + (3e6 / (Math.PI * h ** 2)) * (1 - (distance / h) ** 2) ** 2;
      }
    }
  }
  return surface;
}

/** Gi* as most would first write it: lists of neighbours, sums by reduce, the formula for every place. */
export function plainGiStar(values: number[], neighbours: number[][]): number[] {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / n - mean ** 2);
  return neighbours.map((row) => {
    const weight = row.length;
    const sum = row.reduce((total, j) => total + (values[j] ?? 0), 0);
    return (sum - mean * weight) / (deviation * Math.sqrt((n * weight - weight ** 2) / (n - 1)));
  });
}
