/** Analysis runs beside one another, as files, and by the calendar. */
import { z } from 'zod';
import { crossing } from '../incidents/qualityContract.ts';
import { endpoint, id, isoMonth } from '../endpoint.ts';
import { analysis } from './contract.ts';

const whole = z.number().int();
const side = z.object({ rank: whole, rankLow: whole.nullable(), rankHigh: whole.nullable(), n: whole, rate: z.number(), smoothedRate: z.number(), candidate: z.boolean() });

/** A cell in one run or both, and why its rank is another. */
export const comparedCell = z.object({
  cell: z.string(), place: z.string(), council: z.string(), ward: z.string().nullable(),
  first: side.nullable(), second: side.nullable(),
  /** Places gained from the first run to the second; null where it is in one of them only. */
  moved: whole.nullable(),
  /** Poisson z of the change of its count, a month; null where it is in one of them only. */
  z: z.number().nullable(),
  why: z.string(),
});
export type ComparedCell = z.infer<typeof comparedCell>;

export const comparison = z.object({
  /** Same hash: the same parameters on the same data. */
  same: z.boolean(),
  says: z.string(),
  /** Null where cells can be compared, else why not. */
  notComparable: z.string().nullable(),
  parameters: z.array(z.object({ name: z.string(), first: z.string(), second: z.string(), differs: z.boolean() })),
  /** Months that only one run used, and months that came again between the two. */
  data: z.object({ onlyFirst: z.array(z.string()), onlySecond: z.array(z.string()), cameAgain: z.array(z.string()) }),
  cells: z.array(comparedCell),
  counts: z.object({ both: whole, onlyFirst: whole, onlySecond: whole, candidatesKept: whole, candidatesNew: whole, candidatesDropped: whole, toldApart: whole }),
});
export type Comparison = z.infer<typeof comparison>;

const listed = analysis.omit({ dataVintage: true });

export const compareAnalyses = endpoint({
  method: 'GET', path: '/api/analyses/:id/compared-with/:other', allow: 'seeAnalyses',
  summary: 'Two runs side by side: parameters, data, ranks that moved and why, cells in one and not the other',
  input: z.strictObject({ id, other: id }),
  /** With the recording changes and gaps that the months of both runs together cross. */
  output: comparison.extend({ first: listed, second: listed, crossings: z.array(crossing) }),
});

const what = z.enum(['cells', 'candidates']).default('cells');

export const getAnalysisCsv = endpoint({
  method: 'GET', path: '/api/analyses/:id/csv', allow: 'seeAnalyses', sends: 'text/csv',
  summary: 'A run’s ranked cells, or its candidates, as CSV; each row with its period, sources, parameters, method, seed and hash',
  input: z.strictObject({ id, what }),
  output: z.null(),
});

export const getAnalysisGeoJson = endpoint({
  method: 'GET', path: '/api/analyses/:id/geojson', allow: 'seeAnalyses', sends: 'application/geo+json',
  summary: 'A run’s ranked cells, or its candidates, as GeoJSON with its provenance',
  input: z.strictObject({ id, what }),
  output: z.null(),
});

export const getAnalysisGeoPackage = endpoint({
  method: 'GET', path: '/api/analyses/:id/geopackage', allow: 'seeAnalyses', sends: 'application/geopackage+sqlite3',
  summary: 'A run as GeoPackage: layers of ranked cells and of candidates, and its provenance as a table',
  input: z.strictObject({ id }),
  output: z.null(),
});

export const getAnalysisSchedule = endpoint({
  method: 'GET', path: '/api/analysis-schedule', allow: 'seeAnalyses',
  summary: 'Which analyses are made by the calendar, and what the next one waits for',
  input: z.strictObject({}),
  output: z.object({
    every: z.enum(['monthly', 'quarterly', 'off']),
    says: z.string(),
    asked: z.array(z.object({ month: isoMonth, jobId: id, tries: whole, runId: id.nullable(), state: z.string() })),
  }),
});
