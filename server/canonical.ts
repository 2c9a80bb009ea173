/** One way of writing a JSON value, so that the same figures always give the same hash. */
import { createHash } from 'node:crypto';

/**
 * JSON with object keys sorted by UTF-16 code units and no white space, numbers and strings as ECMAScript writes them (RFC 8785).
 * Properties that are undefined are left out. Throws a TypeError for what JSON does not have: NaN, infinity, a lone surrogate, a function, an undefined array entry.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value);
  throw new TypeError(`JSON has no ${typeof value}; give null, true, false, a number, a text, a list or an object.`);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`JSON has no ${value}; give null for what is not known.`);
  return JSON.stringify(value);
}

function canonicalString(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new TypeError('The text holds half of a character (a lone surrogate), which has no one way of being written.');
  return JSON.stringify(value);
}

function canonicalObject(value: object): string {
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  // The default order of sort() is by UTF-16 code units, which is what the RFC asks for.
  const sorted = entries.map(([key]) => key).sort();
  const held = new Map(entries);
  return `{${sorted.map((key) => `${canonicalString(key)}:${canonicalJson(held.get(key))}`).join(',')}}`;
}

/** SHA-256 of the canonical JSON, as 64 hexadecimal digits. */
export function canonicalHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value), 'utf8').digest('hex');
}
