/** Rows go to the database as arrays for `unnest`; these write PostgreSQL's array text, faster than element by element. */

/** Numbers (null allowed) as `{1,2,NULL}`. */
export function numberArray(values: ArrayLike<number | null>): string {
  const parts: (number | 'NULL')[] = [];
  for (let i = 0; i < values.length; i++) parts.push(values[i] ?? 'NULL');
  return `{${parts.join(',')}}`;
}

const joint = '","';

/** Texts as `{"a","b"}`; quotes and backslashes are escaped only where there are any. An empty text stays an empty text. */
export function textArray(values: readonly string[]): string {
  if (values.length === 0) return '{}';
  const joined = values.join(joint);
  // Two quotes a joint and none inside a value: the usual case, told by length instead of by looking at every value.
  const clean = !joined.includes('\\') && countQuotes(joined) === 2 * (values.length - 1);
  return clean ? `{"${joined}"}` : `{"${values.map(escaped).join(joint)}"}`;
}

function countQuotes(text: string): number {
  let n = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) n += 1;
  return n;
}

function escaped(value: string): string {
  return value.replace(/["\\]/g, '\\$&');
}
