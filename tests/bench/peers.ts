/** `npm run bench -- --peers`: spatstat and spdep on the same points and cells in the same run, and what ours takes beside them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cellNeighbours } from '../../geo/cellNeighbours.ts';
import { cellCentre } from '../../geo/cells.ts';
import { densityGrid } from '../../geo/density.ts';
import { getisOrdStar } from '../../geo/getisOrd.ts';
import { toGrid } from '../../geo/projection.ts';
import { largeCover, largeCounts, median, millionPoints, usualGrid } from './geo.ts';

type Figures = Record<string, number>;

const script = fileURLToPath(new URL('./peers.R', import.meta.url));

/** Says in a sentence why the peers cannot run here, or nothing when they can. */
export function whyNoPeers(): string | undefined {
  const found = spawnSync('Rscript', ['-e', 'stopifnot(requireNamespace("spatstat.explore", quietly = TRUE), requireNamespace("spdep", quietly = TRUE))'], { encoding: 'utf8' });
  if (found.error) return 'R is not installed, so the peers are not run. On Debian: apt-get install r-cran-spatstat.explore r-cran-spdep.';
  return found.status === 0 ? undefined : 'R has no spatstat.explore or no spdep, so the peers are not run. On Debian: apt-get install r-cran-spatstat.explore r-cran-spdep.';
}

/** Ours beside R's on the same input; a key ending in `Peer` is R's, in milliseconds, but for the two that say how far the answers lie apart. */
export function benchPeers(): Figures {
  const folder = mkdtempSync(join(tmpdir(), 'hotspots-peers-'));
  try {
    return compare(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(folder: string): Figures {
  const points = millionPoints();
  const cover = largeCover();
  const counts = largeCounts(cover);
  const write = (name: string, values: Float64Array): void => writeFileSync(join(folder, name), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const neighbours = cellNeighbours(cover.cells);
  const tenth = cover.cells.slice(0, 15_000);
  const { offsets, targets } = neighbours;
  const given = { x: points.x, y: points.y, counts, offsets: Float64Array.from(offsets), targets: Float64Array.from(targets), ...middles(tenth) };
  for (const [name, values] of Object.entries(given)) write(`${name}.bin`, values);
  const peer = runPeer(folder);
  const kernel = { name: 'gaussian', bandwidthMetres: 250 } as const;
  const z = getisOrdStar(counts, neighbours);
  const peak = densityGrid(points, usualGrid, kernel, 'binned').reduce((most, value) => Math.max(most, value), 0);
  return {
    kdeBinnedMillionMs: median(() => densityGrid(points, usualGrid, kernel, 'binned')), kdeBinnedMillionMsPeer: peer['kdeBinnedMillionMs'] ?? NaN,
    neighbours15kMs: median(() => cellNeighbours(tenth)), neighbours15kMsPeer: peer['neighbours15kMs'] ?? NaN,
    giStar150kMs: median(() => getisOrdStar(counts, neighbours)), giStar150kMsPeer: peer['giStar150kMs'] ?? NaN,
    kdePeakRatio: peak / (peer['kdePeakPerKm2'] ?? NaN), giStarWorstDifference: worst(z, readNumbers(join(folder, 'z.bin'))),
  };
}

/** Middles of the cells in metres. */
function middles(cells: readonly string[]): { eastings: Float64Array; northings: Float64Array } {
  const places = cells.map((cell) => toGrid(...cellCentre(cell)));
  return { eastings: Float64Array.from(places, ({ easting }) => easting), northings: Float64Array.from(places, ({ northing }) => northing) };
}

function runPeer(folder: string): Figures {
  const { status, stdout, stderr } = spawnSync('Rscript', [script, folder], { encoding: 'utf8', timeout: 600_000 });
  if (status !== 0) throw new Error(`R failed: ${stderr.trim().split('\n').at(-1) ?? 'no words'}`);
  return Object.fromEntries(stdout.trim().split('\n').map((line) => line.trim().split(/\s+/)).map(([key = '', value]) => [key, Number(value)]));
}

function readNumbers(path: string): Float64Array {
  const bytes = readFileSync(path);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function worst(some: Float64Array, others: Float64Array): number {
  return some.length === others.length ? some.reduce((most, value, i) => Math.max(most, Math.abs(value - (others[i] as number))), 0) : NaN;
}
