/** Layers of areas under the incidents: deprivation and people by age. They are looked at; no rank is made from them. */
import { z } from 'zod';
import { commaList, endpoint, isoDate, wholeNumber } from '../endpoint.ts';

const position = z.array(z.number());
const shape = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(position)) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) }),
]);

export const layerArea = z.object({
  code: z.string(), name: z.string(), councilCode: z.string().nullable(),
  /** What the layer shows of the area; null where nothing is published for it. */
  value: z.number().nullable(),
  /** Which of `classes`, light to dark; null without a value. */
  class: z.number().int().nullable(),
  detail: z.string(), geometry: shape,
});
export type LayerArea = z.infer<typeof layerArea>;

export const areaLayer = z.object({
  title: z.string(), unit: z.string(), classes: z.array(z.string()), areas: z.array(layerArea),
  /** Boundaries in force on this day. */
  on: isoDate,
  /** What a reader must know; why it is empty when it is. */
  notes: z.array(z.string()), attribution: z.array(z.string()),
});
export type AreaLayer = z.infer<typeof areaLayer>;

export const deprivationMeasure = z.enum(['overall', 'income', 'employment', 'education', 'health', 'crime', 'housing', 'environment']);

export const getDeprivation = endpoint({
  method: 'GET', path: '/api/layers/deprivation', allow: 'seeMap',
  summary: 'The English Indices of Deprivation by LSOA, 2019 (2011 areas) or 2025 (2021 areas): deciles of England',
  input: z.strictObject({ year: wholeNumber.pipe(z.union([z.literal(2019), z.literal(2025)], 'Give the year as 2019 or 2025.')).default(2025), measure: deprivationMeasure.default('overall'), council: commaList.optional() }),
  output: areaLayer,
});

export const getPopulation = endpoint({
  method: 'GET', path: '/api/layers/population', allow: 'seeMap',
  summary: 'People of an age band by LSOA, as a share of its residents',
  input: z.strictObject({ year: wholeNumber.pipe(z.number().min(1900).max(2100)).optional(), ageFrom: wholeNumber.pipe(z.number().min(0).max(120)).default(15), ageTo: wholeNumber.pipe(z.number().min(0).max(120)).default(24), council: commaList.optional() }),
  output: areaLayer.extend({ years: z.array(z.number().int()) }),
});
