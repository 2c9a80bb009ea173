/** What a file is, told from its first bytes and its header; its name is not believed. */
import { type Fault, faultOfFile, FileFault } from '../places/fault.ts';
import { readCsv } from '../places/csv.ts';
import { findTable } from '../places/statistics.ts';
import type { Table } from '../places/tableRow.ts';
import type { ColumnMapping } from './contract.ts';
import { missingColumns } from './mapping.ts';
import { isOutcomesHeader, isStopAndSearchHeader, isStreetHeader, missingStreetColumns } from './policeUk.ts';

export interface NamedMapping {
  readonly name: string;
  readonly mapping: ColumnMapping;
}

export type Recognised =
  | { readonly kind: 'street' }
  | { readonly kind: 'mapped'; readonly mapping: NamedMapping }
  | { readonly kind: 'boundaries' }
  | { readonly kind: 'table'; readonly table: Table }
  /** Known, and no source of incidents: refused when named, left out when met in a folder or an archive. */
  | { readonly kind: 'other'; readonly fault: Fault };

/** How many bytes of a file are looked at. */
export const headBytes = 64 * 1024;

/** Tells what a file is; throws FileFault when it is nothing the service can use. `chosen` is the mapping asked for, `saved` those that may fit. */
export async function recognise(head: Uint8Array, saved: readonly NamedMapping[], chosen?: NamedMapping): Promise<Recognised> {
  if (head.length === 0) throw new FileFault(faultOfFile('The file is empty.', 'Get it again; an export that failed often leaves an empty file.'));
  const fault = faultOfBytes(head);
  if (fault) throw new FileFault(fault);
  const start = new TextDecoder().decode(head.subarray(0, 200)).trimStart();
  if (start.startsWith('{') || start.startsWith('[')) return { kind: 'boundaries' };
  const header = await readHeader(head, chosen?.mapping.delimiter ?? ',');
  if (isStreetHeader(header)) return street(header);
  if (isStopAndSearchHeader(header)) return { kind: 'other', fault: notIncidents.stopAndSearch };
  if (isOutcomesHeader(header)) return { kind: 'other', fault: notIncidents.outcomes };
  const table = findTable(header);
  if (table) return { kind: 'table', table };
  const fitting = chosen ?? saved.find(({ mapping }) => missingColumns(mapping, header).length === 0);
  if (!fitting) throw new FileFault(faultOfHeader(header));
  const missing = missingColumns(fitting.mapping, header);
  if (missing.length === 0) return { kind: 'mapped', mapping: fitting };
  throw new FileFault({ ...faultOfFile(`The columns ${missing.join(', ')} of the mapping ${fitting.name} are missing.`, 'Correct the mapping, or give the one that belongs to this file.', header.join(','), missing.join(', ')), row: 1 });
}

const notIncidents = {
  stopAndSearch: faultOfFile(
    'It is a stop-and-search file: searches, not incidents, and its times are local midnight written in UTC, so that a row can carry the day before.',
    'Leave it out; incidents come from street files.',
  ),
  outcomes: faultOfFile('It is an outcomes file: what became of crimes, not where they happened again.', 'Leave it out; incidents come from street files.'),
};

function faultOfBytes(head: Uint8Array): Fault | undefined {
  const first = Buffer.from(head.subarray(0, 8)).toString('latin1');
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return faultOfFile('The text is UTF-16, not UTF-8.', 'Save the file again as "CSV UTF-8".');
  if (first.startsWith('%PDF')) return faultOfFile('The file is a PDF, not CSV.', 'Ask for the data as CSV.', first.slice(0, 8));
  if (first.startsWith('PK')) return faultOfFile('An archive stands inside an archive.', 'Unpack it and import the files.');
  if (head.includes(0)) return faultOfFile('The file is not CSV: it holds bytes that are no text.', 'Export the data as CSV.', printable(head));
  return undefined;
}

const printable = (head: Uint8Array): string => Array.from(head.subarray(0, 16), (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join('');

async function readHeader(head: Uint8Array, delimiter: string): Promise<string[]> {
  // The last bytes may cut a character in two; a header is far shorter than what is looked at.
  const whole = head.length < headBytes ? head : head.subarray(0, headBytes - 4);
  for await (const batch of readCsv([whole], { delimiter })) return (batch[0]?.fields ?? []).map((name) => name.trim());
  throw new FileFault(faultOfFile('The file holds no rows.', 'Get it again.'));
}

function street(header: readonly string[]): Recognised {
  const missing = missingStreetColumns(header);
  if (missing.length === 0) return { kind: 'street' };
  const what = missing.some((name) => name === 'Longitude' || name === 'Latitude') ? 'The coordinate columns' : 'The columns';
  throw new FileFault({ ...faultOfFile(`${what} ${missing.join(' and ')} are missing.`, 'Use the street file as police.uk publishes it, with all its columns.', header.join(','), missing.join(', ')), row: 1 });
}

const coordinateName = /^(lon|lng|long|longitude|lat|latitude|easting|eastings|northing|northings|x|y)$/i;

function faultOfHeader(header: readonly string[]): Fault {
  const line = header.join(',');
  if (header.length === 1) {
    const other = /[;\t|]/.exec(line)?.[0];
    if (other) return { ...faultOfFile('The columns are not separated by commas.', `Save it with commas, or name the delimiter ${JSON.stringify(other)} in a mapping.`, line), row: 1 };
    return { ...faultOfFile('The file is not CSV: its first line names no columns.', 'Export the data as CSV with a header line.', line), row: 1 };
  }
  const found = header.filter((name) => coordinateName.test(name));
  const where = { ...faultOfFile('', '', line, 'Longitude, Latitude'), row: 1 };
  if (found.length >= 2) return { ...where, column: null, rule: 'No saved column mapping fits these columns.', cure: 'Describe them in a mapping file and give it with --mapping FILE.json.' };
  return { ...where, rule: 'There are no columns of coordinates.', cure: 'Export the data with longitude and latitude, or easting and northing, and name them in a mapping (--mapping FILE.json).' };
}
