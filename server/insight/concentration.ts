/** How incidents concentrate on the cells of an area, decided from counts. */
import { concentration } from '../../geo/concentration.ts';

/** Changes whenever the same counts would give other figures. */
export const concentrationVersion = 'concentration-1';

export interface ConcentrationFigures {
  readonly cells: number;
  readonly cellsWithIncidents: number;
  readonly incidents: number;
  readonly gini: number;
  readonly giniSparse: number;
  readonly holding: { incidentShare: number; cells: number; cellShare: number }[];
  readonly busiest: { cellShare: number; cells: number; incidents: number; incidentShare: number }[];
  readonly curve: { placeShare: number; incidentShare: number }[];
}

const heldShares = [0.25, 0.5, 0.8];
const busiestShares = [0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5];

/**
 * The 80-20 curve of counts (one a cell, zeros included), Gini and G′ (Bernasco & Steenbeek 2017), the fewest cells that hold a quarter,
 * half and four fifths, and what the busiest shares of cells hold (whole cells, at least one). Throws without cells.
 */
export function decideConcentration(counts: Float64Array): ConcentrationFigures {
  const { places, incidents, gini, giniSparse, curve } = concentration(counts);
  const busiestFirst = Float64Array.from(counts).sort().reverse();
  const held = runningSums(busiestFirst);
  const fewest = (incidentShare: number): number => (incidents === 0 ? 0 : held.findIndex((sum) => sum >= incidentShare * incidents * (1 - 1e-12)) + 1);
  return {
    cells: places, cellsWithIncidents: counts.filter((count) => count > 0).length, incidents, gini, giniSparse, curve,
    holding: heldShares.map((incidentShare) => ({ incidentShare, cells: fewest(incidentShare), cellShare: fewest(incidentShare) / places })),
    busiest: busiestShares.map((cellShare) => {
      const cells = Math.max(1, Math.floor(cellShare * places));
      const caught = held[cells - 1] ?? 0;
      return { cellShare: cells / places, cells, incidents: caught, incidentShare: incidents === 0 ? 0 : caught / incidents };
    }).filter((row, index, rows) => row.cells !== rows[index - 1]?.cells),
  };
}

function runningSums(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => (sum += value));
}
