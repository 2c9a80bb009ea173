/** Where things are: boundaries with dates, and what is known of the people who live in them. */
import { z } from 'zod';
import { endpoint, isoDate } from '../endpoint.ts';

export const boundaryKind = z.enum(['council', 'ward', 'lsoa', 'force']);
export type BoundaryKind = z.infer<typeof boundaryKind>;

const position = z.array(z.number());
const area = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(position)) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) }),
]);

export const boundaryFeature = z.object({
  type: z.literal('Feature'),
  id: z.string(),
  properties: z.object({
    code: z.string(),
    name: z.string(),
    councilCode: z.string().nullable(),
    validFrom: isoDate,
    validTo: isoDate.nullable(),
    /** A drawing for demonstration, not a real outline. */
    schematic: z.boolean(),
    source: z.string(),
  }),
  geometry: area,
});
export type BoundaryFeature = z.infer<typeof boundaryFeature>;

export const listBoundaries = endpoint({
  method: 'GET', path: '/api/boundaries', allow: 'seeMap',
  summary: 'Boundaries of one kind in force on a day, simplified for a map, as GeoJSON',
  input: z.strictObject({
    kind: boundaryKind.default('council'),
    /** Left out: today. */
    on: isoDate.optional(),
    council: z.string().max(20).optional(),
    /** Outlines are simplified to within so many metres. */
    metres: z.coerce.number().min(0).max(2000).default(20),
  }),
  output: z.object({
    type: z.literal('FeatureCollection'),
    features: z.array(boundaryFeature),
    on: isoDate,
    schematic: z.boolean(),
    /** The words to show beside the map, one for each source. */
    attribution: z.array(z.string()),
  }),
});

export const placeSet = z.object({
  what: z.enum(['boundaries', 'population', 'deprivation', 'lookup']),
  /** Which kind of area, index or lookup. */
  kind: z.string(),
  /** First day in force for boundaries, the year for the rest. */
  from: z.string(),
  to: z.string().nullable(),
  rows: z.number().int(),
  source: z.string(),
  publisher: z.string(),
  licence: z.string(),
  attribution: z.string(),
});
export type PlaceSet = z.infer<typeof placeSet>;

export const listPlaceSets = endpoint({
  method: 'GET', path: '/api/place-sets', allow: 'seeDataQuality',
  summary: 'Which boundaries, population and deprivation figures there are, from when to when, and who published them',
  input: z.strictObject({}),
  output: z.object({ sets: z.array(placeSet) }),
});
