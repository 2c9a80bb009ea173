/** From ranked cells to hotspots: candidates merged, named and explained, and what a person may adopt. */
import { cellNeighbours } from '../../geo/cellNeighbours.ts';
import { type CellGroup, groupTouching } from '../../geo/outlines.ts';
import { AppError, invalid } from '../errors.ts';
import type { AnalysisFigures, Candidate, HotCell, MultiPolygon } from './contract.ts';
import { commonestName, placeLabel, proposedName } from './placeNames.ts';
import { type TagEvidence, tagsOfCells } from './tags.ts';
import { whole } from './words.ts';

export interface GroupedCells {
  /** The strongest first. */
  readonly cells: readonly HotCell[];
  readonly shape: MultiPolygon;
  readonly acrossMetres: number;
}

/** Touching cells gathered into groups at most so wide, each from its strongest cell on. */
export function groupCells(cells: readonly HotCell[], widestMetres: number): GroupedCells[] {
  if (cells.length === 0) return [];
  const ids = cells.map((one) => one.cell);
  const groups = groupTouching(ids, new Uint8Array(ids.length).fill(1), cells.map((one) => one.smoothedRate), cellNeighbours(ids), widestMetres);
  return groups.map((group) => ({ cells: group.members.flatMap((index) => cells[index] ?? []), shape: shapeOf(group), acrossMetres: group.acrossMetres }));
}

function shapeOf(group: CellGroup): MultiPolygon {
  return { type: 'MultiPolygon', coordinates: group.shape.coordinates.map((rings) => rings.map((ring) => ring.map(([lng = NaN, lat = NaN]): [number, number] => [lng, lat]))) };
}

export interface LiveOutline {
  readonly id: string;
  readonly name: string;
  readonly cells: readonly string[];
}

export interface CandidateOptions {
  readonly widestMetres: number;
  readonly figures: AnalysisFigures;
  readonly generalNames: ReadonlySet<string>;
  readonly live: readonly LiveOutline[];
  /** What tags are decided from; without it only those the cells themselves show. */
  readonly evidence?: TagEvidence;
}

/** The candidates of a run, by their strongest cell's rank, each with a name to propose and the reason in words. */
export function describeCandidates(cells: readonly HotCell[], options: CandidateOptions): Candidate[] {
  const taken = new Set(options.live.map((hotspot) => hotspot.name.toLowerCase()));
  return groupCells(cells.filter((one) => one.candidate), options.widestMetres).map((group, index) => {
    const [first] = group.cells;
    if (!first) throw new Error('A group has no cell.');
    const sum = (pick: (cell: HotCell) => number): number => group.cells.reduce((total, cell) => total + pick(cell), 0);
    const areaKm2 = sum((cell) => cell.areaKm2);
    const n = sum((cell) => cell.n);
    const known = options.live.find((hotspot) => hotspot.cells.some((cell) => group.cells.some((one) => one.cell === cell)));
    const place = commonestName(group.cells.map(({ place: name, n: times }) => ({ name, n: times })), options.generalNames);
    const name = known?.name ?? proposedName(place, first.ward, options.generalNames, taken);
    taken.add(name.toLowerCase());
    const tags = tagsOfCells(group.cells, options.evidence ?? noEvidence);
    return {
      rank: index + 1, cells: group.cells.map((one) => one.cell), shape: group.shape, acrossMetres: group.acrossMetres, areaKm2, n,
      rate: sum((cell) => cell.rate * cell.areaKm2) / areaKm2, smoothedRate: first.smoothedRate, points: sum((cell) => cell.points),
      weighted: group.cells.some((cell) => cell.weighted === null) ? null : sum((cell) => cell.weighted ?? 0),
      councilCode: first.councilCode, council: first.council, ward: first.ward, suggestedName: name,
      why: [reasonOf(first, n, options.figures), ...tags.map(({ says }) => says)].join(' '), tags: [...tags.map(({ tag }) => tag), ...placeTags(first, options.generalNames)],
      hotspotId: known?.id ?? null, hotspotName: known?.name ?? null,
    };
  });
}

function reasonOf(first: HotCell, n: number, figures: AnalysisFigures): string {
  const times = figures.meanRate > 0 ? `, ${(first.rate / figures.meanRate).toFixed(1)} times the area’s ${whole(figures.meanRate)}` : '';
  const flag = first.falseDiscovery ? 'survives false-discovery control' : 'does not survive false-discovery control';
  return `${whole(n)} incidents in ${figures.months} months; ${whole(first.rate)} per km² a year (95% interval ${whole(first.rateLow)} to ${whole(first.rateHigh)})${times}. `
    + `Gi* z ${first.z.toFixed(1)}, which ${flag}.`;
}

const noEvidence: TagEvidence = { points: [], edgeCells: new Set(), facilityNames: new Set(), share: 1 };

function placeTags(first: HotCell, generalNames: ReadonlySet<string>): string[] {
  const place = placeLabel(first.place);
  return [...(generalNames.has(place) ? [place] : []), ...(first.falseDiscovery ? [] : ['not flagged by Gi*'])];
}

/** How many candidates there are and by which rule; where there is none, why. */
export function candidatesWords(candidates: readonly Candidate[], { mapped, months, minimumCount, meanRate, cellsWithIncidents }: AnalysisFigures): string {
  const period = months === 1 ? 'the one month held' : `the ${months} months held`;
  if (mapped === 0) return `There were no such incidents in the area in ${period}, so no place is a candidate. Choose another period, or more categories.`;
  const rule = `at least ${whole(Math.ceil(minimumCount))} incidents in the period and a 95% interval above the area’s ${meanRate.toFixed(1)} per km² a year`;
  if (candidates.length > 0) return `${candidates.length === 1 ? 'One place has' : `${whole(candidates.length)} places have`} ${rule}, ranked by empirical-Bayes rate.`;
  const held = `${whole(mapped)} ${mapped === 1 ? 'incident' : 'incidents'} in ${whole(cellsWithIncidents)} ${cellsWithIncidents === 1 ? 'cell' : 'cells'}`;
  return `No place is a candidate: of ${held} none has ${rule}. Choose a longer period, or all councils.`;
}

export interface AdoptionAsked {
  readonly cells: readonly string[];
  readonly name: string;
  readonly split: boolean;
}

export interface NewOutline {
  readonly name: string;
  readonly cells: readonly string[];
  readonly shape: MultiPolygon;
  readonly acrossMetres: number;
}

/**
 * The outlines a person adopts: one when the cells touch and stay within the width; several, numbered, when splitting is asked for.
 * Throws in words on a cell that is not of the run, cells that do not touch, and a place too wide.
 */
export function decideAdoption(asked: AdoptionAsked, runCells: readonly HotCell[], widestMetres: number): NewOutline[] {
  const wanted = new Set(asked.cells);
  const cells = runCells.filter((one) => wanted.has(one.cell));
  const unknown = [...wanted].filter((cell) => !cells.some((one) => one.cell === cell));
  if (unknown.length > 0) throw invalid([{ field: 'cells', message: `The run has no ranked cell ${unknown.slice(0, 5).join(', ')}. Choose from its list.` }]);
  const groups = asked.split ? groupCells(cells, widestMetres) : groupCells(cells, Infinity);
  const [first] = groups;
  if (!first) throw invalid([{ field: 'cells', message: 'Choose at least one cell.' }]);
  if (!asked.split) refuseUnsound(groups, first, widestMetres);
  return groups.map((group, index) => ({
    name: groups.length === 1 ? asked.name : `${asked.name} ${index + 1}`, cells: group.cells.map((one) => one.cell), shape: group.shape, acrossMetres: group.acrossMetres,
  }));
}

function refuseUnsound(groups: readonly GroupedCells[], first: GroupedCells, widestMetres: number): void {
  if (groups.length > 1) {
    throw new AppError(422, 'cells_do_not_touch', `The cells lie in ${groups.length} places that do not touch. Adopt each by itself, or let them be split into several hotspots.`);
  }
  // One cell is as small as a place of the run gets, whatever it measures: cells grow towards the south.
  if (first.cells.length === 1 || first.acrossMetres <= widestMetres) return;
  throw new AppError(422, 'too_wide', `The ${first.cells.length} cells are ${Math.round(first.acrossMetres)} m across; a hotspot is at most ${widestMetres} m, so that one patrol covers it on foot. `
    + 'Choose fewer cells, or let them be split into several hotspots.');
}
