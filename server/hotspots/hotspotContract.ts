/** One agreed hotspot: its months, its frozen baselines, its outlines over time, and what its figures must be read with. */
import { z } from 'zod';
import { endpoint, id, isoDate, isoMonth } from '../endpoint.ts';
import { beside } from './besideContract.ts';
import { hotspot, multiPolygon } from './contract.ts';

/** A month of a hotspot beside the same month of its baseline and the rest of its council; null where there is no data. */
export const hotspotMonth = z.object({
  month: isoMonth, n: z.number().int().nullable(), live: z.boolean(),
  baselineMonth: isoMonth.nullable(), baseline: z.number().int().nullable(),
  rest: z.number().int().nullable(), restBaseline: z.number().int().nullable(),
});
export type HotspotMonth = z.infer<typeof hotspotMonth>;

const frozenCount = z.object({ month: isoMonth, source: z.string(), n: z.number().int() });
export const hotspotOutline = z.object({
  id, validFrom: isoDate, validTo: isoDate.nullable(), outline: multiPolygon, reason: z.string(),
  areaKm2: z.number(), acrossMetres: z.number(),
  baselineFrom: isoMonth.nullable(), baselineTo: isoMonth.nullable(), frozen: z.array(frozenCount),
});
export type HotspotOutline = z.infer<typeof hotspotOutline>;

export const hotspotDetail = hotspot.extend({
  outline: multiPolygon, cells: z.array(z.string()), runId: id.nullable(), reason: z.string(), adoptedAt: z.string(),
  retiredReason: z.string().nullable(), replacedBy: id.nullable(),
  baselineFrom: isoMonth.nullable(), baselineTo: isoMonth.nullable(),
  /** The frozen counts, months before adoption. */
  frozen: z.array(frozenCount),
  /** Every outline it has had, oldest first; a moved one has a baseline of its own, with the months it is of. */
  outlines: z.array(hotspotOutline),
  pauses: z.array(z.object({ from: isoDate, to: isoDate.nullable(), reason: z.string() })),
  /** What took its place, and what it took the place of. */
  successors: z.array(z.object({ id, name: z.string(), kind: z.enum(['replaced', 'split', 'merged']) })),
  predecessors: z.array(z.object({ id, name: z.string(), kind: z.enum(['replaced', 'split', 'merged']) })),
  months: z.array(hotspotMonth),
  beside,
  /** Whole live months against the same months of the baseline; null until there is one. */
  comparison: z.object({
    months: z.number().int(), n: z.number().int(), baseline: z.number().int(), rest: z.number().int(), restBaseline: z.number().int(),
    /** (n / baseline) / (rest / restBaseline) with its 95 % interval; null where a count is under 10. */
    ratio: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
    says: z.string(),
  }).nullable(),
  notes: z.array(z.string()),
  attribution: z.array(z.string()),
});
export type HotspotDetail = z.infer<typeof hotspotDetail>;

export const getHotspot = endpoint({
  method: 'GET', path: '/api/hotspots/:id', allow: 'seeMap',
  summary: 'A hotspot with its outline, its months and its frozen baseline',
  input: z.strictObject({ id }),
  output: hotspotDetail,
});
