/** Thresholds and defaults: data with dates, a source and a unit, changed on a screen and never in code. */
import { z } from 'zod';
import { endpoint, isoDate } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';

export const setting = z.object({
  name: z.string(),
  value: z.union([z.number(), z.string(), z.boolean()]),
  unit: z.string(),
  describes: z.string(),
  source: z.string(),
  validFrom: isoDate,
  validTo: isoDate.nullable(),
});
export type Setting = z.infer<typeof setting>;

export const listSettings = endpoint({
  method: 'GET', path: '/api/settings', allow: 'seeSettings',
  summary: 'Every setting with its dates',
  input: z.strictObject({}),
  output: z.object({ settings: z.array(setting) }),
});

export const changeSetting = endpoint({
  method: 'POST', path: '/api/settings/:name', allow: 'changeSettings',
  summary: 'Give a setting a new value from a date on; what was in force before stays in force for its dates',
  input: z.strictObject({
    name: z.string().max(80),
    value: z.union([z.number(), freeText(2000), z.boolean()]),
    validFrom: isoDate,
    reason: reasonText(),
  }),
  output: setting,
});
