/** What is explored as a picture: cells, contours, councils, the busiest rows, and what they rest on. */
import type { MapCell } from '../../../server/hotspots/contract.ts';
import { count, period } from '../../format.ts';
import { decodeLine } from '../../lineCode.ts';
import { classFor } from '../../map/classes.ts';
import type { Picture, PictureArea } from '../../picture.ts';
import { type Boundaries, type Cells, cellName, classesOfCells, type Contours, unit } from '../map/layers.ts';
import { sourceWords } from '../map/words.ts';

export interface Explored {
  readonly cells: Cells;
  readonly contours: Contours;
  readonly shown: readonly MapCell[];
  readonly councils: Boundaries;
}

export function explorePicture({ cells, contours, shown, councils }: Explored): Picture {
  const classes = classesOfCells(cells);
  const { provenance } = contours;
  const chosen = new Set(provenance.councils.map((one) => one.code));
  const outlines = councils.features.filter((feature) => chosen.has(feature.properties.code));
  return {
    title: `Incidents, ${period(provenance.from, provenance.to)}`,
    lines: [
      `n = ${count(cells.counts.mapped)}; ${provenance.categories.map((one) => one.name).join(', ')}; ${provenance.councils.map((one) => one.name).join(', ')}`,
      `${count(shown.length)} cells of H3 resolution ${cells.resolution}; density at ${contours.breaks.join(', ')} ${unit}, bandwidth ${contours.bandwidthMetres} m`,
    ],
    areas: [
      ...outlines.map((feature): PictureArea => ({ geometry: feature.geometry, fill: '#ffffff' })),
      ...shown.map((cell): PictureArea => ({ geometry: { type: 'Polygon', coordinates: [cell.ring] }, fill: classFor(cell.rate, classes)?.colour ?? '#ffffff', line: '#ffffff', width: 0.5 })),
      ...contours.contours.map(({ shape, lines = [] }, at): PictureArea => ({ geometry: shape ?? { type: 'MultiPolygon', coordinates: lines.map((rings) => rings.map(decodeLine)) }, line: '#3d1452', width: 0.8 + at * 0.6 })),
      ...outlines.map((feature): PictureArea => ({ geometry: feature.geometry, line: '#2f3b37', width: 2 })),
    ],
    legend: { title: `Incidents ${unit}`, classes, lines: [{ label: 'Density contour', line: '#3d1452', width: 2 }, { label: 'Council', line: '#2f3b37', width: 2 }] },
    table: { headings: ['', 'Place', 'n', 'Rate'], rows: [...shown].sort((a, b) => b.n - a.n).slice(0, 22).map((cell, at) => [String(at + 1), cellName(cell), count(cell.n), count(cell.rate)]) },
    notes: [`Sources: ${sourceWords(provenance)}. ${provenance.precision}.`, `Cells: ${cells.provenance.method}. Density: ${provenance.method}.`, provenance.attribution.join(' · ')],
  };
}
