/**
 * What an endpoint is: one contract that the server mounts, the client calls and `/api/openapi.json` prints.
 * Shared with the client, so it imports zod and nothing else.
 */
import { z } from 'zod';
import type { Permission } from './permissions.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A contract. `input` holds path parameters, query (GET, DELETE) or JSON body (the rest) in one flat strict object. */
export interface Endpoint<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly method: Method;
  readonly path: `/${string}`;
  /** The row of `permissions.ts` a person needs; without it the endpoint does not compile. */
  readonly allow: Permission;
  readonly summary: string;
  readonly input: I;
  readonly output: O;
  /** Set where nobody is signed in yet and accounts must be read: the transaction may see those and nothing else. */
  readonly identity?: 'hotspots_sign_in';
  /** Set when the answer is a file of this media type, not JSON; `output` is then `z.null()`. */
  readonly sends?: string;
  /** Set when the answer sends the browser to another address; `output` is then `z.null()`. */
  readonly redirects?: true;
  /** Set when the body is a raw file (its name in the input's `fileName`); the input comes from path and query. */
  readonly receivesFile?: true;
}

/** An endpoint that answers a file. */
export interface FileEndpoint<I extends z.ZodType = z.ZodType> extends Endpoint<I, z.ZodNull> {
  readonly sends: string;
}

/** An endpoint a browser is sent to and sent on from. */
export interface RedirectEndpoint<I extends z.ZodType = z.ZodType> extends Endpoint<I, z.ZodNull> {
  readonly redirects: true;
}

export function endpoint<I extends z.ZodType>(contract: FileEndpoint<I>): FileEndpoint<I>;
export function endpoint<I extends z.ZodType>(contract: RedirectEndpoint<I>): RedirectEndpoint<I>;
export function endpoint<I extends z.ZodType, O extends z.ZodType>(contract: Endpoint<I, O>): Endpoint<I, O>;
export function endpoint(contract: Endpoint): Endpoint {
  return contract;
}

/** Problem details (RFC 9457) with a stable code; the one shape every failure has. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

/** `2023-07-01`, in a year that a month may have too. */
export const isoDate = z.iso.date().refine((date) => /^(19|20)/.test(date), 'Give a date between 1900 and 2099.');
/** `2023-07`, a month that exists. */
export const isoMonth = z.string().regex(/^(19|20)\d\d-(0[1-9]|1[0-2])$/, 'Give a month as YYYY-MM, for example 2023-10.');
/** An instant with its offset. */
export const isoInstant = z.iso.datetime({ offset: true });
/** Whole pence; pounds appear only on screens. */
export const pence = z.number().int();
export const id = z.uuid();
export const lngLat = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
/** A whole number that may come from the query string. */
export const wholeNumber = z.coerce.number().int();
/** A list that comes from the query string as `a,b,c`. */
export const commaList = z
  .union([z.array(z.string()), z.string()])
  .transform((value) => (Array.isArray(value) ? value : value.split(',').filter(Boolean)));
