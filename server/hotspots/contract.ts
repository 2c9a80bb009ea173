/** Where incidents gather: the map, analysis runs and their hot cells, and the agreed hotspots. */
import { z } from 'zod';
import { freeText } from '../freeText.ts';
import { commaList, endpoint, id, isoDate, isoMonth, lngLat, wholeNumber } from '../endpoint.ts';
import { crossing, weightUsed } from '../incidents/qualityContract.ts';
import { jobStarted } from '../work/contract.ts';

/** Which incidents: months, councils (code or name), categories and sources by code; what is left out takes its default. */
export const incidentFilter = {
  from: isoMonth.optional(),
  to: isoMonth.optional(),
  council: commaList.optional(),
  category: commaList.optional(),
  source: commaList.optional(),
  /** Narrows the categories to those of these subtypes. */
  subtype: commaList.optional(),
};

const named = z.object({ code: z.string(), name: z.string() });
const ring = z.array(lngLat);
export const multiPolygon = z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring)) });
export type MultiPolygon = z.infer<typeof multiPolygon>;

/** Every incident the filters let in, by where it went: in = mapped + outside + withoutPlace + excluded (at a geocode left out). */
export const incidentCounts = z.object({ in: z.number().int(), mapped: z.number().int(), outside: z.number().int(), withoutPlace: z.number().int(), excluded: z.number().int().default(0) });
export type IncidentCounts = z.infer<typeof incidentCounts>;

/** What every map and export says of itself. */
export const provenance = z.object({
  from: isoMonth,
  to: isoMonth,
  /** Months of the period with data, and those without. */
  months: z.number().int(),
  missingMonths: z.array(isoMonth),
  sources: z.array(named.extend({ incidents: z.number().int(), locationPrecision: z.enum(['exact', 'snapped', 'area']), timePrecision: z.enum(['minute', 'day', 'month']) })),
  categories: z.array(named),
  councils: z.array(named),
  subtypes: z.array(named).default([]),
  /** What incidents of a source count in weighted figures, by month; a source without a weight counts 1. */
  weights: z.array(weightUsed).default([]),
  /** Recording changes and gaps within the period: the banners of every figure made from it. */
  crossings: z.array(crossing).default([]),
  /** Incidents at excluded geocodes, counted and left out. */
  excluded: z.number().int().default(0),
  precision: z.string(),
  method: z.string(),
  unit: z.string(),
  attribution: z.array(z.string()),
});
export type Provenance = z.infer<typeof provenance>;

/** Size of cells; left out, the service chooses. */
export const cellResolution = wholeNumber.pipe(z.union([z.literal(8), z.literal(9), z.literal(10)], 'Give the resolution as 8, 9 or 10.')).optional();

const shareOfMap = z.object({ cells: z.number().int(), incidents: z.number().int() });

export const mapCell = z.object({
  cell: z.string(), ring, n: z.number().int(), areaKm2: z.number(),
  /** Incidents per km² a year. */
  rate: z.number(),
  /** Each incident as much as its source's weight. */
  weighted: z.number(), weightedRate: z.number(),
  /** From 0; class k starts at `breaks[k]`. */
  class: z.number().int(),
  place: z.string(),
  councilCode: z.string(),
  council: z.string(),
});
export type MapCell = z.infer<typeof mapCell>;

const bbox = z.string().regex(/^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){3}$/, 'Give the box as west,south,east,north in degrees, for example -1.4,54.5,-1.1,54.7.').optional();

export const getMapCells = endpoint({
  method: 'GET', path: '/api/map/cells', allow: 'seeMap',
  summary: 'Cells with their incidents for a view of the map; the size of the cells follows the zoom',
  input: z.strictObject({ ...incidentFilter, bbox, zoom: z.coerce.number().min(0).max(22).default(10), resolution: cellResolution }),
  output: z.object({
    resolution: z.number().int(),
    breaks: z.array(z.number()),
    cells: z.array(mapCell),
    counts: incidentCounts,
    /** mapped = drawn + outOfView + leftOut; what is left out are the cells with the fewest incidents. */
    drawn: shareOfMap, outOfView: shareOfMap, leftOut: shareOfMap,
    provenance,
  }),
});

export const getMapContours = endpoint({
  method: 'GET', path: '/api/map/contours', allow: 'seeMap',
  summary: 'The density surface as contours: quartic kernel of a fixed bandwidth',
  input: z.strictObject({
    ...incidentFilter, bandwidth: z.coerce.number().optional(),
    /** Outlines as encoded polylines (longitude first, 10⁻⁵ of a degree) in place of GeoJSON: a tenth of the work on either side. */
    encoded: z.stringbool().default(false),
    /** Squares twice as wide: a quarter of the work, for as long as a slider moves. The answer says its squares. */
    draft: z.stringbool().default(false),
  }),
  output: z.object({
    bandwidthMetres: z.number(), squareMetres: z.number(), peak: z.number(), edgeCorrected: z.boolean(),
    breaks: z.array(z.number()),
    contours: z.array(z.object({ level: z.number(), shape: multiPolygon.optional(), lines: z.array(z.array(z.string())).optional() })),
    counts: incidentCounts, provenance,
  }),
});

export const getMapChoices = endpoint({
  method: 'GET', path: '/api/map/choices', allow: 'seeMap',
  summary: 'What the filters of map and analysis can be set to, and their defaults',
  input: z.strictObject({}),
  output: z.object({
    months: z.array(isoMonth),
    from: isoMonth.nullable(), to: isoMonth.nullable(),
    councils: z.array(named),
    categories: z.array(named.extend({ asb: z.boolean() })),
    sources: z.array(named),
    subtypes: z.array(named).default([]),
    bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable(),
    resolution: z.number().int(),
    bandwidth: z.object({ usual: z.number(), least: z.number(), most: z.number() }),
  }),
});

export const hotspotState = z.enum(['proposed', 'live', 'paused', 'retired']);

const hotspotFields = {
  id, name: z.string(), councilCode: z.string(), council: z.string(), wardCode: z.string().nullable(), ward: z.string().nullable(),
  /** Not agreed while it is only put forward; a proposed one that is agreed is yet to begin. */
  state: hotspotState, agreed: z.boolean(), liveFrom: isoDate, liveTo: isoDate.nullable(),
  areaKm2: z.number(), acrossMetres: z.number(),
  /** Incidents frozen at adoption, over so many months with data. */
  baselineIncidents: z.number().int(), baselineMonths: z.number().int(),
};
export const hotspot = z.object(hotspotFields);
export type Hotspot = z.infer<typeof hotspot>;

export const getMapHotspots = endpoint({
  method: 'GET', path: '/api/map/hotspots', allow: 'seeMap',
  summary: 'Agreed hotspots as GeoJSON: those live on a day, or all',
  input: z.strictObject({ council: commaList.optional(), on: isoDate.optional(), all: z.stringbool().default(false) }),
  output: z.object({
    type: z.literal('FeatureCollection'),
    features: z.array(z.object({ type: z.literal('Feature'), id, geometry: multiPolygon, properties: hotspot })),
    attribution: z.array(z.string()),
  }),
});

const analysisAsked = z.strictObject({
  ...incidentFilter,
  resolution: cellResolution,
  /** Incidents a year a candidate needs at least, and the share of false discoveries accepted; as set unless told. */
  minimumPerYear: z.coerce.number().min(1, 'Give at least 1 incident a year.').max(10_000).optional(),
  falseDiscoveryRate: z.coerce.number().gt(0, 'Give a share over 0 and at most 0.5, for example 0.05.').max(0.5, 'Give a share over 0 and at most 0.5, for example 0.05.').optional(),
  /** Starts the dice behind the intervals of ranks; the same seed throws the same dice. */
  seed: wholeNumber.pipe(z.number().min(0).max(4_294_967_295)).optional(),
});
export type AnalysisAsked = z.infer<typeof analysisAsked>;

/** What decided a run, written out: the same parameters and data give the same hash. */
export const analysisParameters = z.object({
  from: isoMonth, to: isoMonth, resolution: z.number().int(),
  councils: z.array(z.string()), categories: z.array(z.string()), sources: z.array(z.string()),
  minimumPerYear: z.number(), falseDiscoveryRate: z.number(),
  /** Left out when every source counts 1, and in runs made before there were weights. */
  weights: z.array(weightUsed).optional(),
  /** Runs made before there were dice have neither. */
  seed: z.number().int().optional(), rankDraws: z.number().int().optional(),
  /** Incidents a candidate needs however short the period; 5 in runs that do not say. */
  fewest: z.number().optional(),
});
export type AnalysisParameters = z.infer<typeof analysisParameters>;

export const analysisFigures = incidentCounts.extend({
  months: z.number().int(), missingMonths: z.array(isoMonth),
  cells: z.number().int(), cellsWithIncidents: z.number().int(), areaKm2: z.number(),
  /** Rates are incidents per km² a year; the minimum is incidents in the period. */
  meanRate: z.number(), minimumCount: z.number(),
  hotCells: z.number().int(), neighbourOnly: z.number().int(), candidates: z.number().int(),
});
export type AnalysisFigures = z.infer<typeof analysisFigures>;

export const dataVintage = z.object({
  months: z.array(z.object({ source: z.string(), month: isoMonth, importId: z.string(), rows: z.number().int() })),
  boundaries: z.array(z.object({ code: z.string(), name: z.string(), source: z.string(), validFrom: isoDate })),
});
export type DataVintage = z.infer<typeof dataVintage>;

export const analysis = z.object({
  id, parameters: analysisParameters, methodVersion: z.string(), hash: z.string(),
  figures: analysisFigures, dataVintage, createdAt: z.string(),
  /** The month the calendar asked for; null where a person did. */
  scheduledFor: isoMonth.nullable(),
});
export type Analysis = z.infer<typeof analysis>;

export const hotCell = z.object({
  rank: z.number().int(), cell: z.string(), councilCode: z.string(), council: z.string(), wardCode: z.string().nullable(), ward: z.string().nullable(),
  place: z.string(), n: z.number().int(), areaKm2: z.number(),
  /** Each incident as much as its source's weight; never what the rank, the interval or the candidate rule goes by. */
  weighted: z.number().nullable(),
  rate: z.number(), rateLow: z.number(), rateHigh: z.number(), smoothedRate: z.number(),
  z: z.number(), p: z.number(), falseDiscovery: z.boolean(), neighbourOnly: z.boolean(), candidate: z.boolean(),
  /** Different points on the ground with an incident; 1 may be a single address. */
  points: z.number().int(),
  /** Where the rank lies in 90 of 100 worlds the counts could have come from; null in older runs. */
  rankLow: z.number().int().nullable(), rankHigh: z.number().int().nullable(),
});
export type HotCell = z.infer<typeof hotCell>;

export const startAnalysis = endpoint({
  method: 'POST', path: '/api/analyses', allow: 'runAnalysis',
  summary: 'Start an analysis; the job’s result names the run',
  input: analysisAsked,
  output: jobStarted,
});

export const listAnalyses = endpoint({
  method: 'GET', path: '/api/analyses', allow: 'seeAnalyses',
  summary: 'The latest 100 analysis runs',
  input: z.strictObject({}),
  output: z.object({ analyses: z.array(analysis.omit({ dataVintage: true })) }),
});

export const getAnalysis = endpoint({
  method: 'GET', path: '/api/analyses/:id', allow: 'seeAnalyses',
  summary: 'An analysis run: parameters, figures, data and method',
  input: z.strictObject({ id }),
  output: analysis.extend({ provenance }),
});

export const listHotCells = endpoint({
  method: 'GET', path: '/api/analyses/:id/cells', allow: 'seeAnalyses',
  summary: 'The ranked cells of a run: with incidents, or flagged hot by their neighbours',
  input: z.strictObject({ id, council: commaList.optional(), limit: wholeNumber.pipe(z.number().min(1).max(5000)).default(1000) }),
  output: z.object({ cells: z.array(hotCell), total: z.number().int() }),
});

export const candidate = z.object({
  rank: z.number().int(), cells: z.array(z.string()), shape: multiPolygon, acrossMetres: z.number(), areaKm2: z.number(),
  n: z.number().int(), weighted: z.number().nullable(), rate: z.number(), smoothedRate: z.number(), points: z.number().int(),
  councilCode: z.string(), council: z.string(), ward: z.string().nullable(),
  suggestedName: z.string(), why: z.string(), tags: z.array(z.string()),
  /** The live hotspot that covers part of it already. */
  hotspotId: id.nullable(), hotspotName: z.string().nullable(),
});
export type Candidate = z.infer<typeof candidate>;

export const listCandidates = endpoint({
  method: 'GET', path: '/api/analyses/:id/candidates', allow: 'seeAnalyses',
  summary: 'Candidate hotspots of a run: touching candidate cells merged within the width, ranked, named and explained',
  input: z.strictObject({ id }),
  output: z.object({ candidates: z.array(candidate), says: z.string(), widestMetres: z.number(), breaks: z.array(z.number()) }),
});

export const adoptHotspots = endpoint({
  method: 'POST', path: '/api/hotspots', allow: 'adoptHotspots',
  summary: 'Adopt a hotspot from the cells of a run; its counts before that day are frozen as the baseline',
  input: z.strictObject({
    runId: id,
    cells: z.array(z.string()).min(1, 'Choose at least one cell.').max(200),
    name: freeText(120).min(1, 'Give the hotspot a name.'),
    reason: freeText(2000).min(1, 'Say why this place is adopted.'),
    liveFrom: isoDate,
    /** Cells wider than a hotspot may be become several hotspots, numbered. */
    split: z.boolean().default(false),
    /** Only put forward: somebody agrees it later, and its baseline is frozen then. */
    propose: z.boolean().default(false),
  }),
  output: z.object({ hotspots: z.array(hotspot) }),
});

export const listHotspots = endpoint({
  method: 'GET', path: '/api/hotspots', allow: 'seeMap',
  summary: 'The agreed hotspots: those live on a day, or all',
  input: z.strictObject({ council: commaList.optional(), on: isoDate.optional(), all: z.stringbool().default(true) }),
  output: z.object({ hotspots: z.array(hotspot) }),
});

export const retireHotspot = endpoint({
  method: 'POST', path: '/api/hotspots/:id/retire', allow: 'adoptHotspots',
  summary: 'Retire a hotspot from a day on, with the reason and what replaces it',
  input: z.strictObject({ id, liveTo: isoDate, reason: freeText(2000).min(1, 'Say why the hotspot is retired.'), replacedBy: id.optional() }),
  output: hotspot,
});
