/** Comma-separated text as RFC 4180 has it, read in a stream: quotes, line ends of either kind, a byte-order mark. */
import { faultAt, faultOfFile, FileFault } from './fault.ts';

export interface CsvRecord {
  /** As a spreadsheet counts: the header is row 1; blank lines are counted and left out. */
  readonly row: number;
  readonly fields: string[];
}

export interface CsvOptions {
  readonly delimiter?: string;
  /** Characters; a quote that is opened and never closed is told apart from a long text by it. */
  readonly longestRecord?: number;
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Reads records in batches, one a chunk; throws FileFault for text that is not UTF-8, a quote never closed, or text after a closing quote.
 * Most lines hold no quote and are split as they are, which is several times faster than looking at every character.
 */
export async function* readCsv(chunks: Chunks, options: CsvOptions = {}): AsyncGenerator<CsvRecord[]> {
  const scanner = createScanner(options.delimiter ?? ',', options.longestRecord ?? 1_000_000);
  const decode = utf8Decoder();
  for await (const chunk of chunks) {
    const batch = scanner.take(decode(chunk, scanner.row()));
    if (batch.length) yield batch;
  }
  const rest = scanner.finish(decode(undefined, scanner.row()));
  if (rest.length) yield rest;
}

function utf8Decoder(): (chunk: Uint8Array | undefined, row: number) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return (chunk, row) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new FileFault({ ...faultOfFile('The text is not UTF-8.', 'Save the file again as "CSV UTF-8".'), row: row + 1 });
    }
  };
}

interface Scanner {
  take(text: string): CsvRecord[];
  finish(text: string): CsvRecord[];
  /** The last row read. */
  row(): number;
}

function createScanner(delimiter: string, longestRecord: number): Scanner {
  let carried = '';
  let row = 0;

  function scan(text: string, last: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let at = 0;
    let quote = text.indexOf('"');
    while (at < text.length) {
      let end = text.indexOf('\n', at);
      if (end === -1 && last) end = text.length;
      if (quote !== -1 && quote < at) quote = text.indexOf('"', at);
      const quoted = quote !== -1 && (end === -1 || quote < end) ? readQuoted(text, at, delimiter, last, row + 1) : undefined;
      if (quoted === 'more' || (end === -1 && !quoted)) break;
      const fields = quoted ? quoted.fields : lineOf(text, at, end).split(delimiter);
      at = quoted ? quoted.next : end + 1;
      row += 1;
      if (fields.length > 1 || fields[0] !== '') records.push({ row, fields });
    }
    carried = text.slice(at);
    if (carried.length > longestRecord) throw new FileFault(neverClosed(row + 1, carried));
    return records;
  }

  return {
    take: (text) => scan(carried + text, false),
    finish(text) {
      const records = scan(carried + text, true);
      if (carried) throw new FileFault(neverClosed(row + 1, carried));
      return records;
    },
    row: () => row,
  };
}

function neverClosed(row: number, text: string): FileFault['fault'] {
  return { ...faultOfFile('A quotation mark is opened and never closed.', 'Close it, or double it where the text itself holds one.', text.slice(0, 80)), row };
}

function lineOf(text: string, from: number, end: number): string {
  return text.slice(from, text.charCodeAt(end - 1) === 13 && end > from ? end - 1 : end);
}

/** Reads one record that holds a quote; 'more' when it goes on beyond the text. */
function readQuoted(text: string, from: number, delimiter: string, last: boolean, row: number): { fields: string[]; next: number } | 'more' {
  const fields: string[] = [];
  let at = from;
  for (;;) {
    const field = text[at] === '"' ? readQuotedField(text, at, row) : readPlainField(text, at, delimiter);
    if (field === 'more' || (field.next >= text.length && !last)) return 'more';
    fields.push(field.value);
    at = field.next;
    if (text.startsWith(delimiter, at)) {
      at += delimiter.length;
      continue;
    }
    if (text[at] === '\r' && at + 1 >= text.length && !last) return 'more';
    if (text[at] === '\r' && (text[at + 1] === '\n' || at + 1 >= text.length)) return { fields, next: at + 2 };
    if (text[at] === '\n' || at >= text.length) return { fields, next: at + 1 };
    throw new FileFault(faultAt(row, `number ${fields.length}`, text.slice(from, at + 20), 'Text stands after a closing quotation mark.', 'Double the quotation marks inside a quoted text.'));
  }
}

function readQuotedField(text: string, from: number, row: number): { value: string; next: number } | 'more' {
  let search = from + 1;
  for (;;) {
    const close = text.indexOf('"', search);
    if (close === -1) return 'more';
    if (text[close + 1] !== '"') return { value: text.slice(from + 1, close).replaceAll('""', '"'), next: close + 1 };
    search = close + 2;
    if (search - from > 10_000_000) throw new FileFault(neverClosed(row, text.slice(from, from + 80)));
  }
}

/** A field without an opening quote; a quote inside it is part of the text, as spreadsheets read it. */
function readPlainField(text: string, from: number, delimiter: string): { value: string; next: number } {
  let end = text.indexOf('\n', from);
  if (end === -1) end = text.length;
  if (text[end - 1] === '\r' && end > from) end -= 1;
  const comma = text.indexOf(delimiter, from);
  const next = comma !== -1 && comma < end ? comma : end;
  return { value: text.slice(from, next), next };
}
