/** What a grant never pays for: a list with its sources and dates. */
import { z } from 'zod';
import { endpoint, id, isoDate } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';

export const ineligibleCost = z.object({ code: z.string(), what: z.string(), source: z.string(), validFrom: isoDate, validTo: isoDate.nullable() });
export type IneligibleCost = z.infer<typeof ineligibleCost>;

const costs = z.object({ costs: z.array(ineligibleCost) });

export const listIneligibleCosts = endpoint({
  method: 'GET', path: '/api/ineligible-costs', allow: 'seeMoney',
  summary: 'Costs that are never claimed, with their sources and dates',
  input: z.strictObject({}), output: costs,
});

export const addIneligibleCost = endpoint({
  method: 'POST', path: '/api/ineligible-costs', allow: 'keepTerms',
  summary: 'Add a cost that is never claimed; the id is made where it is entered, so that sending it twice adds it once',
  input: z.strictObject({ costId: id, what: freeText(200).min(1, 'Say what is never claimed.'), source: freeText(200).min(1, 'Name the rule or agreement it comes from.'), validFrom: isoDate }),
  output: costs,
});

export const endIneligibleCost = endpoint({
  method: 'POST', path: '/api/ineligible-costs/:code/end', allow: 'keepTerms',
  summary: 'Take a cost off the list from a day on, with a reason; claims of earlier days keep it',
  input: z.strictObject({ code: z.string().min(1).max(80), validTo: isoDate, reason: reasonText() }),
  output: costs,
});
