/** Counts of a period, made from a kept neighbour's where one lies near: a slider that moves by a month reads a month, not the period. */

interface Counted {
  readonly n: number;
  /** Each incident as much as its source's weight. */
  readonly weighted?: number;
}

export interface Sliding<Row extends Counted> {
  /** The rows of these months. `rest` names everything else they are asked with, and the version of the data; `read` fetches the rows of some months. */
  get(rest: string, months: readonly string[], read: (months: readonly string[]) => Promise<readonly Row[]>): Promise<readonly Row[]>;
}

interface Kept<Row> {
  readonly rest: string;
  readonly months: ReadonlySet<string>;
  readonly rows: readonly Row[];
}

/** Keeps the rows of at most so many periods, the least recently used leaving first. `nameOf` tells which rows count the same thing. */
export function createSliding<Row extends Counted>(most: number, nameOf: (row: Row) => string): Sliding<Row> {
  const kept: Kept<Row>[] = [];
  return {
    async get(rest, months, read) {
      const near = nearest(kept, rest, months);
      const rows = near ? await moved(near, months, read, nameOf) : await read(months);
      const same = near && differences(near, months).size === 0 ? kept.indexOf(near) : -1;
      if (same >= 0) kept.splice(same, 1);
      kept.unshift({ rest, months: new Set(months), rows });
      kept.length = Math.min(kept.length, most);
      return rows;
    },
  };
}

/** The kept period with the fewest months to add or take away; none where reading the months whole is no more work. */
function nearest<Row>(kept: readonly Kept<Row>[], rest: string, months: readonly string[]): Kept<Row> | undefined {
  const [best] = kept.filter((one) => one.rest === rest).map((one) => ({ one, apart: differences(one, months).size })).sort((a, b) => a.apart - b.apart);
  return best && best.apart < months.length / 2 ? best.one : undefined;
}

function differences(from: Kept<unknown>, months: readonly string[]): { added: string[]; gone: string[]; size: number } {
  const wanted = new Set(months);
  const added = months.filter((month) => !from.months.has(month));
  const gone = [...from.months].filter((month) => !wanted.has(month));
  return { added, gone, size: added.length + gone.length };
}

async function moved<Row extends Counted>(from: Kept<Row>, months: readonly string[], read: (months: readonly string[]) => Promise<readonly Row[]>, nameOf: (row: Row) => string): Promise<readonly Row[]> {
  const { added, gone, size } = differences(from, months);
  if (size === 0) return from.rows;
  const rows = new Map<string, Row>();
  const put = (more: readonly Row[], sign: 1 | -1): void => {
    for (const row of more) {
      const name = nameOf(row);
      const sum = plus(rows.get(name), row, sign);
      if (sum.n === 0) rows.delete(name);
      else rows.set(name, sum);
    }
  };
  put(from.rows, 1);
  if (added.length > 0) put(await read(added), 1);
  if (gone.length > 0) put(await read(gone), -1);
  return [...rows.values()];
}

/** Weights are short decimals: cut to nine places, what was added and taken away again leaves nothing behind. */
function plus<Row extends Counted>(sum: Row | undefined, row: Row, sign: 1 | -1): Row {
  if (!sum && sign === 1) return row;
  const n = (sum?.n ?? 0) + sign * row.n;
  const weighted = (sum?.weighted ?? 0) + sign * (row.weighted ?? 0);
  return { ...row, n, ...(row.weighted === undefined ? {} : { weighted: Math.round(weighted * 1e9) / 1e9 }) };
}
