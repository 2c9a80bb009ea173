/** What an analyst shows a scrutiny panel: how incidents concentrate, how well a choice of places would have done, when they happen, where they repeat. */
import { z } from 'zod';
import { endpoint, isoMonth, wholeNumber } from '../endpoint.ts';
import { cellResolution, incidentCounts, incidentFilter, provenance } from '../hotspots/contract.ts';

const whole = z.number().int();
const share = z.number().min(0).max(1);
const named = z.object({ code: z.string(), name: z.string() });

/** What every answer says of itself. */
export const stated = {
  /** Incidents the figures are made from. */
  n: whole,
  /** The finding as one sentence, numbers and all. */
  says: z.string(),
  /** What a reader must know before quoting it. */
  warnings: z.array(z.string()),
  methodVersion: z.string(),
  counts: incidentCounts,
  provenance,
};

const resolution = cellResolution;

export const getConcentration = endpoint({
  method: 'GET', path: '/api/insight/concentration', allow: 'seeInsight',
  summary: 'How unevenly incidents fall on cells: the 80-20 curve, Gini and G′, and the least share of cells that holds half',
  input: z.strictObject({ ...incidentFilter, resolution }),
  output: z.object({
    ...stated,
    resolution: whole, cells: whole, cellsWithIncidents: whole, areaKm2: z.number(), meanCellKm2: z.number(),
    gini: z.number(), giniSparse: z.number(),
    /** The fewest cells that together hold this share of the incidents. */
    holding: z.array(z.object({ incidentShare: share, cells: whole, cellShare: share })),
    /** What the busiest cells hold: rows of the table. */
    busiest: z.array(z.object({ cellShare: share, cells: whole, incidents: whole, incidentShare: share })),
    curve: z.array(z.object({ placeShare: share, incidentShare: share })),
  }),
});

/** The ways of choosing places that are compared. */
export const way = z.enum(['smoothed', 'plain', 'gi-star', 'last-year', 'chance', 'hindsight']);
export type Way = z.infer<typeof way>;

const score = z.object({
  way, name: z.string(),
  /** Cells marked and the share of the area they are. */
  cells: z.number(), areaShare: share,
  /** Incidents caught, n/N, predictive accuracy index, PAI over the best possible PAI, and incidents caught per km² marked. */
  hits: z.number(), hitRate: share, pai: z.number(), pei: share, ser: z.number(),
  /** Wilson's 95 % interval of the hit rate. */
  hitRateLow: share, hitRateHigh: share,
});
export type WayScore = z.infer<typeof score>;

export const backTestMonth = z.object({ month: isoMonth, n: whole, learntFrom: isoMonth, learntTo: isoMonth, learntOn: whole, scores: z.array(score) });
export type BackTestMonth = z.infer<typeof backTestMonth>;

export const getBackTest = endpoint({
  method: 'GET', path: '/api/insight/back-test', allow: 'seeInsight',
  summary: 'Rolling back-test: learn from the months before, mark a share of the area, count what the next month brings there; from and to are the months tested',
  input: z.strictObject({
    ...incidentFilter, resolution,
    /** Share of the area marked, 0.01 for 1%. */
    areaShare: z.coerce.number().min(0.001, 'Give a share of the area from 0.001 (0.1%) to 0.25 (25%).').max(0.25, 'Give a share of the area from 0.001 (0.1%) to 0.25 (25%).').optional(),
  }),
  output: z.object({
    ...stated,
    resolution: whole, cells: whole, areaKm2: z.number(), areaShare: share, trainMonths: whole,
    months: z.array(backTestMonth),
    /** Months asked for that could not be tested, and why. */
    skipped: z.array(z.object({ month: isoMonth, why: z.string() })),
    /** Means over the months tested. */
    means: z.array(z.object({
      way, name: z.string(), about: z.string(), hitRate: share, pai: z.number(), pei: share, ser: z.number(),
      /** 95 % interval of the mean hit rate, from how much months differ; null from one month. */
      hitRateLow: z.number().nullable(), hitRateHigh: z.number().nullable(),
      /** Hit rate less that of the smoothed rate in the same months, and the 95 % interval of that difference. */
      less: z.number(), lessLow: z.number().nullable(), lessHigh: z.number().nullable(),
    })),
  }),
});

export const profileHour = z.object({
  /** 0 Monday to 6 Sunday; 0 the hour from midnight, by the local clock. */
  day: whole, hour: whole,
  /** How many hours of this kind there were in the period. */
  hoursObserved: z.number(),
  /** Incidents (shared out where only a span is known) and incidents an hour; null where hidden. */
  n: z.number().nullable(), rate: z.number().nullable(),
});
export type ProfileHour = z.infer<typeof profileHour>;

export const getProfile = endpoint({
  method: 'GET', path: '/api/insight/profile', allow: 'seeInsight',
  summary: 'Incidents by day of the week and hour of the local clock, divided by the hours there were; only from sources that know the time',
  input: z.strictObject(incidentFilter),
  output: z.object({
    ...stated,
    hours: z.array(profileHour),
    hidden: whole, fewest: whole,
    /** mapped = n + withoutTime + outsideSpan. */
    withoutTime: whole, outsideSpan: whole,
    /** Incidents known by a span of time only and shared out over it. */
    spans: whole,
    sourcesLeftOut: z.array(named.extend({ incidents: whole, why: z.string() })),
    peak: z.object({ day: whole, hour: whole, rate: z.number(), n: z.number() }).nullable(),
  }),
});

export const repeatLocation = z.object({
  rank: whole,
  /** Never a house: a street, a park, a kind of place. */
  place: z.string(),
  councilCode: z.string(), council: z.string(), ward: z.string().nullable(),
  /** The cell of resolution 9 around it. */
  cell: z.string(),
  n: whole, share, shareSoFar: share,
  categories: z.array(named.extend({ n: whole })),
  precision: z.enum(['exact', 'snapped', 'area']),
  /** What one point stands for. */
  pointSays: z.string(),
  defaultGeocode: z.boolean(),
});
export type RepeatLocation = z.infer<typeof repeatLocation>;

const repeatsAsked = z.strictObject({
  ...incidentFilter,
  fewest: wholeNumber.pipe(z.number().min(2, 'One incident is no repeat: give 2 or more.').max(10_000)).optional(),
  limit: wholeNumber.pipe(z.number().min(1).max(2000)).default(200),
  /** Leaves out the places flagged as default geocodes; they are counted. */
  leaveOutDefaults: z.stringbool().default(false),
});

export const getRepeats = endpoint({
  method: 'GET', path: '/api/insight/repeats', allow: 'seeInsight',
  summary: 'The places with most incidents, their share, what kinds they were, and what one point stands for',
  input: repeatsAsked,
  output: z.object({
    ...stated,
    fewest: whole, limit: whole,
    locations: z.array(repeatLocation),
    /** Different points in all, and how many have enough incidents to be listed. */
    points: whole, repeatPoints: whole,
    /** n = listed + pastLimit + defaultsLeftOut + underFewest. */
    listed: whole, pastLimit: whole, defaultsLeftOut: whole, underFewest: whole,
    /** The names that flag a default geocode. */
    defaultNames: z.array(z.string()),
  }),
});

export const getRepeatsFile = endpoint({
  method: 'GET', path: '/api/insight/repeats/file', allow: 'seeInsight',
  summary: 'The same list as CSV, each row with its period, source, method and attribution',
  input: repeatsAsked,
  output: z.null(),
  sends: 'text/csv',
});
