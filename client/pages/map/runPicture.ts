/** An analysis run as a picture: its ranked cells or candidates, the councils, the first rows, and what all of it rests on. */
import type { z } from 'zod';
import type { getAnalysis, HotCell, listCandidates } from '../../../server/hotspots/contract.ts';
import { count, decimal, instant, period } from '../../format.ts';
import { classesAt, classFor } from '../../map/classes.ts';
import type { Picture, PictureArea } from '../../picture.ts';
import { type Boundaries, unit } from './layers.ts';
import { sourceWords } from './words.ts';

export interface RunInPicture {
  readonly run: z.output<typeof getAnalysis.output>;
  readonly candidates: z.output<typeof listCandidates.output>;
  readonly cells: readonly HotCell[];
  readonly councils: Boundaries;
}

const rowsShown = 22;

export function runPicture({ run, candidates, councils }: RunInPicture): Picture {
  const classes = classesAt(candidates.breaks, unit);
  const { parameters, figures, provenance } = run;
  const outlines = councils.features.filter((feature) => parameters.councils.includes(feature.properties.code));
  return {
    title: `Candidate hotspots, ${period(parameters.from, parameters.to)}`,
    lines: [
      `${count(figures.mapped)} incidents in ${provenance.councils.map((one) => one.name).join(', ')}; ${provenance.categories.map((one) => one.name).join(', ')}`,
      `${count(figures.candidates)} candidate cells of ${count(figures.cells)} (H3 resolution ${parameters.resolution}), in ${count(candidates.candidates.length)} places; the area’s rate is ${decimal(figures.meanRate, 1)} ${unit}`,
    ],
    areas: [
      ...outlines.map((feature): PictureArea => ({ geometry: feature.geometry, fill: '#ffffff' })),
      ...candidates.candidates.map((one): PictureArea => ({ geometry: one.shape, fill: classFor(one.rate, classes)?.colour ?? '#ffffff', line: '#14201d', width: 1 })),
      ...outlines.map((feature): PictureArea => ({ geometry: feature.geometry, line: '#2f3b37', width: 2 })),
    ],
    legend: { title: `Incidents ${unit}`, classes, lines: [{ label: 'Council', line: '#2f3b37', width: 2 }] },
    table: {
      headings: ['', 'Place', 'n', 'Rate'],
      rows: candidates.candidates.slice(0, rowsShown).map((one) => [String(one.rank), one.suggestedName, count(one.n), count(one.rate)]),
    },
    notes: runNotes(run),
  };
}

/** What every picture of a run says under it. */
export function runNotes({ provenance, methodVersion, hash, createdAt, parameters }: RunInPicture['run']): string[] {
  return [
    `Sources: ${sourceWords(provenance)}. ${provenance.precision}.`, `Method: ${provenance.method}.`,
    `Method version ${methodVersion}; seed ${parameters.seed ?? 'none'}; run ${instant(createdAt)}; hash ${hash}.`, provenance.attribution.join(' · '),
  ];
}
