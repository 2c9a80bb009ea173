/** The latest answers of one process, kept under what they were made from. */

export interface Recent<Value> {
  /** The value kept under the key, or made now and kept; a failed making is not kept. */
  get(key: string, make: () => Promise<Value>): Promise<Value>;
  readonly size: number;
}

/** Keeps at most so many values, the least recently used leaving first. */
export function createRecent<Value>(most: number): Recent<Value> {
  const kept = new Map<string, Value>();
  return {
    async get(key, make) {
      const known = kept.get(key);
      const value = known ?? (await make());
      kept.delete(key);
      kept.set(key, value);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
      return value;
    },
    get size() {
      return kept.size;
    },
  };
}
