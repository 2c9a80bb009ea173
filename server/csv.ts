/** CSV as the service sends it: UTF-8 with a mark, CRLF, text that a spreadsheet would run as a formula made inert. */

export type CsvValue = string | number | boolean | null | undefined;

/**
 * One field. A text that a spreadsheet would run is led by an apostrophe: one that begins with a sign of a formula, also in its
 * wide form, or with a tab or line end (OWASP, CSV Injection); a number as text stays one.
 */
export function csvField(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const runs = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/.test(value) && !/^[+-]?\d+(?:\.\d+)?$/.test(value);
  const inert = runs ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** Rows, the headings first, as the bytes of a CSV file. */
export function csvFile(rows: readonly (readonly CsvValue[])[]): Buffer {
  return Buffer.from(`\uFEFF${rows.map((row) => row.map(csvField).join(',')).join('\r\n')}\r\n`);
}
