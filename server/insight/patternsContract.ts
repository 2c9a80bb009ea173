/** Patterns in time: places hot month after month, seasons, and incidents that follow one another nearby. */
import { z } from 'zod';
import { endpoint, isoMonth, wholeNumber } from '../endpoint.ts';
import { cellResolution, incidentFilter } from '../hotspots/contract.ts';
import { stated } from './contract.ts';

const whole = z.number().int();

export const emergingClass = z.enum(['intensifying', 'persistent', 'diminishing', 'consecutive', 'new', 'sporadic', 'oscillating', 'historical', 'none']);
export type EmergingName = z.infer<typeof emergingClass>;

export const persistentCell = z.object({
  cell: z.string(), ring: z.array(z.tuple([z.number(), z.number()])), place: z.string(), councilCode: z.string(), council: z.string(),
  class: emergingClass,
  /** Months hot by Gi* under false-discovery control. */
  hotMonths: whole,
  n: whole, areaKm2: z.number(), rate: z.number(),
  /** Mann-Kendall on the cell's monthly Gi*. */
  trendZ: z.number(), trendP: z.number(),
  /** Incidents month by month, in the order of `months`. */
  counts: z.array(whole),
});
export type PersistentCell = z.infer<typeof persistentCell>;

export const getPersistence = endpoint({
  method: 'GET', path: '/api/insight/persistence', allow: 'seeInsight',
  summary: 'Which cells are hot month after month: Gi* in each month, Mann-Kendall on its trend, classes with their definitions',
  input: z.strictObject({ ...incidentFilter, resolution: cellResolution }),
  output: z.object({
    ...stated,
    resolution: whole, cells: whole, areaKm2: z.number(), months: z.array(isoMonth), falseDiscoveryRate: z.number(),
    classes: z.array(z.object({ class: emergingClass, name: z.string(), about: z.string(), cells: whole })),
    /** Cells that were hot in at least one month, the longest hot first. */
    hot: z.array(persistentCell),
  }),
});

export const getSeasons = endpoint({
  method: 'GET', path: '/api/insight/seasons', allow: 'seeInsight',
  summary: 'Seasonal index by calendar month from whole years, and every month’s count',
  input: z.strictObject(incidentFilter),
  output: z.object({
    ...stated,
    /** January to December; 1 is an average month. Null without a whole year. */
    index: z.array(z.object({ month: whole, index: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() })),
    wholeYears: z.array(z.string()),
    months: z.array(z.object({ month: isoMonth, n: whole, perDay: z.number() })),
  }),
});

export const getNearRepeats = endpoint({
  method: 'GET', path: '/api/insight/near-repeats', allow: 'seeInsight',
  summary: 'Knox’s test: do incidents follow one another nearby sooner than chance has it; only from sources that know the day',
  input: z.strictObject({ ...incidentFilter, seed: wholeNumber.pipe(z.number().min(0).max(4_294_967_295)).default(1) }),
  output: z.object({
    ...stated,
    permutations: whole, seed: whole,
    bands: z.array(z.object({
      /** In metres, both included; from 0 to 0 is the same place. */
      fromMetres: z.number(), toMetres: z.number(), fromDays: z.number(), toDays: z.number(),
      observed: whole, expected: z.number(), ratio: z.number().nullable(), p: z.number(),
    })),
    withoutDay: whole,
    sourcesLeftOut: z.array(z.object({ code: z.string(), name: z.string(), why: z.string() })),
  }),
});
