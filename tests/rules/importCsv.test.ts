import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from '../../server/places/csv.ts';
import { FileFault } from '../../server/places/fault.ts';

async function read(text: string | Uint8Array, chunk = 1_000_000, options = {}): Promise<string[][]> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunk) chunks.push(bytes.subarray(at, at + chunk));
  const rows: string[][] = [];
  for await (const batch of readCsv(chunks, options)) rows.push(...batch.map(({ fields }) => fields));
  return rows;
}

async function faultOf(text: string | Uint8Array): Promise<unknown> {
  return read(text).then(() => 'no fault', (error: unknown) => (error instanceof FileFault ? error.fault : error));
}

const quoted = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
const field = fc.string({ unit: fc.constantFrom('a', 'é', '💧', ' ', ',', '"', '\r', '\n', '0'), maxLength: 6 });
const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });

describe('reading CSV', () => {
  test('whatever was written is read, in chunks of any size, with either line end', async () => {
    await fc.assert(fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 40 }), fc.boolean(), async (rows, end, chunk, last) => {
      const text = rows.map((row) => row.map(quoted).join(',')).join(end) + (last ? end : '');
      expect(await read(text, chunk)).toEqual(rows);
    }), { numRuns: 400 });
  });

  test('it reads what csv-parse reads', async () => {
    await fc.assert(fc.asyncProperty(table, async (rows) => {
      const text = rows.map((row) => row.map(quoted).join(',')).join('\n');
      const peer = parse(text, { relaxColumnCount: true, skipEmptyLines: true, recordDelimiter: '\n' }) as string[][];
      expect(await read(text)).toEqual(peer);
    }), { numRuns: 200 });
  });

  test('a byte-order mark is no part of the first column', async () => {
    expect(await read('\ufeffMonth,Longitude\n2023-07,-1.2')).toEqual([['Month', 'Longitude'], ['2023-07', '-1.2']]);
  });

  test('blank lines are left out and still counted', async () => {
    const rows: number[] = [];
    for await (const batch of readCsv([new TextEncoder().encode('a,b\n\n1,2\n\n')])) rows.push(...batch.map(({ row }) => row));
    expect(rows).toEqual([1, 3]);
  });

  test('a quotation mark inside a plain text belongs to it, as in a spreadsheet', async () => {
    expect(await read('a,b\n5" pipe,x')).toEqual([['a', 'b'], ['5" pipe', 'x']]);
  });

  test('a mark never closed, text after a closing mark, and bytes that are no UTF-8 are told with their row', async () => {
    expect(await faultOf('a,b\n1,"two\nthree')).toMatchObject({ row: 2, rule: 'A quotation mark is opened and never closed.' });
    expect(await faultOf('a,b\n1,"two"x\n')).toMatchObject({ row: 2, column: 'number 2', rule: 'Text stands after a closing quotation mark.' });
    expect(await faultOf(Uint8Array.of(0x61, 0x2c, 0x62, 0x0a, 0xe9, 0x2c, 0x31, 0x0a))).toMatchObject({ row: 1, rule: 'The text is not UTF-8.' });
  });

  test('a record that never ends is refused before it fills the memory', async () => {
    const forever = function* () {
      for (let i = 0; i < 100; i++) yield new TextEncoder().encode(i === 0 ? 'a,"' : 'x'.repeat(1000));
    };
    const reading = async () => {
      for await (const batch of readCsv(forever(), { longestRecord: 5_000 })) expect(batch).toEqual([]);
    };
    await expect(reading()).rejects.toThrow('never closed');
  });
});
