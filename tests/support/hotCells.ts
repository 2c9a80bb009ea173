/** Ranked cells as a run gives them, for tests of the rules that read them. */
import { gridDisk } from 'h3-js';
import { cellOfPoint } from '../../geo/cells.ts';
import type { CandidateOptions } from '../../server/hotspots/candidates.ts';
import type { HotCell } from '../../server/hotspots/contract.ts';

export function hotCell(changes: Partial<HotCell> = {}): HotCell {
  return {
    rank: 1, cell: '89194654e3bffff', councilCode: 'E06000002', council: 'Middlesbrough', wardCode: 'E05000001', ward: 'Central', place: 'Elm Road',
    n: 48, weighted: 48, areaKm2: 0.0912, rate: 526.3, rateLow: 388, rateHigh: 697.8, smoothedRate: 500, z: 8.2, p: 0, falseDiscovery: true, neighbourOnly: false, candidate: true, points: 1,
    rankLow: null, rankHigh: null,
    ...changes,
  };
}

/** The cell around a point and so many rings of its neighbours. */
export function touchingCells(lng: number, lat: number, resolution: number, rings: number): string[] {
  return gridDisk(cellOfPoint(lng, lat, resolution), rings);
}

export const candidatesFixture: CandidateOptions = {
  widestMetres: 400, generalNames: new Set(['Parking Area']), live: [],
  figures: {
    in: 100, mapped: 100, outside: 0, withoutPlace: 0, excluded: 0, months: 12, missingMonths: [], cells: 100, cellsWithIncidents: 10, areaKm2: 9,
    meanRate: 26, minimumCount: 12, hotCells: 3, neighbourOnly: 0, candidates: 3,
  },
};
