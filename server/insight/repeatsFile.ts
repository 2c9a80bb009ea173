/** The list of repeat locations as CSV: each row carries what is needed to quote it. */
import type { z } from 'zod';
import { csvFile } from '../csv.ts';
import type { getRepeats } from './contract.ts';

export function repeatsFile(answer: z.input<typeof getRepeats.output>): { fileName: string; body: Buffer } {
  const { provenance } = answer;
  const tail = [
    provenance.from, provenance.to, answer.n, answer.fewest, provenance.sources.map((source) => source.name).join('; '), provenance.categories.map((one) => one.name).join('; '),
    answer.methodVersion, provenance.excluded ?? 0, (provenance.weights ?? []).map(({ source, weight, validFrom }) => `${source} ${weight} from ${validFrom}`).join('; ') || 'every source 1',
    (provenance.crossings ?? []).map(({ says }) => says).join(' '), provenance.attribution.join(' '),
  ];
  return {
    fileName: `repeat-locations-${provenance.from}-to-${provenance.to}.csv`,
    body: csvFile([
      ['Rank', 'Place', 'Council', 'Ward', 'H3 cell (resolution 9)', 'Incidents', 'Share', 'Share so far', 'Kinds', 'Default geocode', 'What the point is',
        'From', 'To', 'Incidents in all', 'Fewest listed', 'Sources', 'Categories', 'Method version', 'Left out at excluded geocodes', 'Weights', 'Recording changes and gaps', 'Attribution'],
      ...answer.locations.map((row) => [
        row.rank, row.place, row.council, row.ward, row.cell, row.n, Number(row.share.toFixed(6)), Number(row.shareSoFar.toFixed(6)),
        row.categories.map((kind) => `${kind.name} ${kind.n}`).join('; '), row.defaultGeocode ? 'yes' : 'no', row.pointSays, ...tail,
      ]),
    ]),
  };
}
