/** CSV as people open it: UTF-8 with a mark so that spreadsheets read £ and names right, and formulas made inert. */

export type CsvValue = string | number | null | undefined;

/** One field, quoted when it must be; text a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvField(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const inert = /^\s*[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** Rows (the first one the headings) as the text of a CSV file. */
export function csvText(rows: readonly (readonly CsvValue[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(csvField).join(',')).join('\r\n')}\r\n`;
}

/** "Hot cells, April 2023" -> "hot-cells-april-2023.csv"; says so when the data is made up. */
export function csvFileName(caption: string, demonstration: boolean): string {
  const base = caption.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 80) || 'table';
  return `${base}${demonstration ? '-demonstration-data' : ''}.csv`;
}
