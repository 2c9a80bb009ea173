/** What is wrong in a file: where the value stands, the rule it breaks and what to do about it. */

export interface Fault {
  /** As a spreadsheet counts: the header is row 1. Null when the whole file is meant. */
  readonly row: number | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly rule: string;
  readonly cure: string;
}

/** Thrown when a file cannot be read any further. */
export class FileFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.rule} ${fault.cure}`);
    this.name = 'FileFault';
    this.fault = fault;
  }
}

const longestValue = 120;

/** A fault of one value; values too long to read are cut. */
export function faultAt(row: number, column: string, value: string, rule: string, cure: string): Fault {
  return { row, column, value: cut(value), rule, cure };
}

/** A fault of the file as a whole. */
export function faultOfFile(rule: string, cure: string, value: string | null = null, column: string | null = null): Fault {
  return { row: null, column, value: value === null ? null : cut(value), rule, cure };
}

function cut(value: string): string {
  return value.length > longestValue ? `${value.slice(0, longestValue)}…` : value;
}

/** A fault in one line, for a person. */
export function faultLine(file: string, fault: Fault): string {
  const where = [file, fault.row === null ? '' : `row ${fault.row}`, fault.column === null ? '' : `column ${fault.column}`, fault.value === null ? '' : `"${fault.value}"`];
  return `${where.filter(Boolean).join(', ')}: ${fault.rule} ${fault.cure}`;
}
