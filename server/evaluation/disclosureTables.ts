/** Tables that are published beside each other as one set of cells with the sums that bind them: what somebody who subtracts has in front of them. Pure. */

/** One way of breaking down; `parts` names what each total is made of, `''` being the whole: `{ '': ['north', 'south'], north: ['A', 'B'] }`. */
export interface Dimension {
  readonly name: string;
  readonly parts: Readonly<Record<string, readonly string[]>>;
}

export interface CountTable {
  readonly name: string;
  readonly dimensions: readonly Dimension[];
  /** Counts of the finest cells, one code for each dimension; what is not named is 0. */
  readonly counts: readonly { readonly at: readonly string[]; readonly n: number }[];
}

export interface LinkedCells {
  readonly keys: readonly string[];
  readonly values: readonly number[];
  /** How many dimensions of its table a cell adds up. */
  readonly totals: readonly number[];
  /** Each total with its parts, by place in `keys`. */
  readonly sums: readonly { readonly total: number; readonly parts: readonly number[] }[];
}

/** The same cell of two tables has one key: what it says of each dimension, totals left out. */
export function cellKey(pairs: readonly (readonly [dimension: string, code: string])[]): string {
  return pairs.filter(([, code]) => code !== '').map(([name, code]) => `${name}=${code}`).sort().join('; ');
}

/**
 * All cells of the tables, totals included, with the sums between them; cells that two tables share stand once.
 * @throws RangeError when a count is no whole number from 0, a code is unknown, or two tables give different totals for the same thing.
 */
export function linkTables(tables: readonly CountTable[]): LinkedCells {
  const found = new Map<string, { value: number; totals: number; table: string }>();
  const sums = new Map<string, { total: string; parts: string[] }>();
  for (const table of tables) {
    const values = addUp(table);
    for (const codes of combinations(table.dimensions.map(nodesOf))) {
      const key = keyOf(table, codes);
      const value = values.get(key) ?? 0;
      const known = found.get(key);
      if (known && known.value !== value) throw new RangeError(`“${known.table}” and “${table.name}” give ${known.value} and ${value} for the same thing (${key || 'the total'}). Find out which is right before they are published beside each other.`);
      found.set(key, known ?? { value, totals: codes.filter((code, nth) => code in (table.dimensions[nth]?.parts ?? {})).length, table: table.name });
      for (const parts of partsOf(table, codes)) sums.set(`${key} <- ${parts.join(', ')}`, { total: key, parts });
    }
  }
  const keys = [...found.keys()];
  const place = new Map(keys.map((key, index) => [key, index]));
  const at = (key: string): number => place.get(key) ?? -1;
  return {
    keys, values: keys.map((key) => found.get(key)?.value ?? 0), totals: keys.map((key) => found.get(key)?.totals ?? 0),
    sums: [...sums.values()].map(({ total, parts }) => ({ total: at(total), parts: parts.map(at) })),
  };
}

const nodesOf = ({ parts }: Dimension): string[] => [...new Set(['', ...Object.keys(parts), ...Object.values(parts).flat()])];

const keyOf = ({ dimensions }: CountTable, codes: readonly string[]): string => cellKey(dimensions.map(({ name }, nth) => [name, codes[nth] ?? '']));

/** Each total of the cell, dimension by dimension, as its parts. */
function partsOf(table: CountTable, codes: readonly string[]): string[][] {
  return table.dimensions.flatMap(({ parts }, nth) => {
    const list = parts[codes[nth] ?? ''];
    return list ? [list.map((code) => keyOf(table, codes.with(nth, code)))] : [];
  });
}

function combinations(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>((made, list) => made.flatMap((start) => list.map((code) => [...start, code])), [[]]);
}

/** Every cell's value: each count goes into its own cell and every total above it. */
function addUp(table: CountTable): Map<string, number> {
  const above = table.dimensions.map((dimension) => pathsOf(dimension));
  const values = new Map<string, number>();
  for (const { at, n } of table.counts) {
    if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`“${table.name}” holds ${n} for ${at.join(', ')}. A count is a whole number from 0.`);
    const paths = at.map((code, nth) => above[nth]?.get(code) ?? unknown(table.name, code));
    for (const codes of combinations(paths)) values.set(keyOf(table, codes), (values.get(keyOf(table, codes)) ?? 0) + n);
  }
  return values;
}

function unknown(table: string, code: string): never {
  throw new RangeError(`“${table}” has a count for “${code}”, which is none of its finest parts. Name it among the parts, or take it out.`);
}

/** Of each finest code: itself and every total it belongs to. */
function pathsOf({ parts }: Dimension): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  const visit = (node: string, path: readonly string[]): void => {
    for (const part of parts[node] ?? []) {
      if (part in parts) visit(part, [...path, part]);
      else paths.set(part, [...path, part]);
    }
  };
  visit('', ['']);
  return paths;
}

/** A dimension without groups: the whole and its parts. */
export const plainDimension = (name: string, codes: readonly string[]): Dimension => ({ name, parts: { '': codes } });
