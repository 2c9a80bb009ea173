/** Kept versions of a return: made again from what they were counted from, and laid beside one another. */
import { z } from 'zod';
import { endpoint, isoMonth } from '../endpoint.ts';
import { statuses, units, whichDefinition, whichVersion } from './contract.ts';

const side = z.object({ value: z.number().nullable(), status: z.enum(statuses), why: z.string().nullable(), rows: z.string() });

/** One figure that differs; null on the side that has none of the kind. */
export const figureDifference = z.object({
  area: z.string(), field: z.string(), name: z.string(), part: z.string().nullable(), unit: z.enum(units),
  from: side.nullable(), to: side.nullable(),
});
export type FigureDifference = z.infer<typeof figureDifference>;

/** Something else than a figure that differs, in words. */
export const factDifference = z.object({ what: z.string(), from: z.string(), to: z.string() });
export type FactDifference = z.infer<typeof factDifference>;

const where = { month: isoMonth, definition: whichDefinition.optional() };

export const compareReturnVersions = endpoint({
  method: 'GET', path: '/api/returns/:month/difference', allow: 'seeReturns',
  summary: 'What differs between two kept versions of a return, or between one and the figures now; for people who see all councils',
  input: z.strictObject({ ...where, from: whichVersion, to: whichVersion.optional() }),
  output: z.object({
    from: z.object({ version: z.number().int(), sha256: z.string() }), to: z.object({ version: z.number().int().nullable(), sha256: z.string() }),
    facts: z.array(factDifference), figures: z.array(figureDifference), compared: z.number().int(),
  }),
});

export const checkReturnVersion = endpoint({
  method: 'GET', path: '/api/returns/:month/versions/:version/check', allow: 'seeReturns',
  summary: 'A kept version made again from the rows it was counted from, by the version of the definition it was made by: its hash and whether it is the same; for people who see all councils',
  input: z.strictObject({ ...where, version: whichVersion }),
  output: z.object({
    version: z.number().int(), sha256: z.string(), ofKeptFigures: z.string(), madeAgain: z.string().nullable(), same: z.boolean(),
    /** By agreement, the number of the last journal when it was certified; null while it was not. */
    ledgerMarks: z.record(z.string(), z.number()).nullable(), says: z.string(),
  }),
});
