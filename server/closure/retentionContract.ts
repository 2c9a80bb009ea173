/** How long each kind of record is kept, from when, and by which rule. */
import { z } from 'zod';
import { endpoint, isoDate } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';

export const retentionBases = ['end of the agreement', 'end of the financial year', 'day it was recorded'] as const;

export const retentionRule = z.object({
  kind: z.string(), name: z.string(), base: z.enum(retentionBases),
  /** One of the two. */
  keepYears: z.number().int().nullable(), keepDays: z.number().int().nullable(),
  source: z.string(), validFrom: isoDate, validTo: isoDate.nullable(),
});
export type KeptRule = z.infer<typeof retentionRule>;

const rules = z.object({ rules: z.array(retentionRule) });

export const listRetentionRules = endpoint({
  method: 'GET', path: '/api/retention-rules', allow: 'seeMoney',
  summary: 'How long each kind of record is kept, with dates and sources',
  input: z.strictObject({}), output: rules,
});

export const changeRetentionRule = endpoint({
  method: 'POST', path: '/api/retention-rules/:kind', allow: 'closeAgreements',
  summary: 'Change how long a kind of record is kept from a day on; the rule before it ends there',
  input: z.strictObject({
    kind: z.string().min(1).max(60), base: z.enum(retentionBases), length: z.number().int().min(1).max(1000), unit: z.enum(['years', 'days']),
    source: freeText(200).min(1, 'Name the rule it comes from.'), validFrom: isoDate, reason: reasonText(),
  }),
  output: rules,
});
