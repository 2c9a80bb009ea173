/** Cells of a sheet: what they hold when read, their names, and the days their numbers stand for. Pure. */

export type CellKind = 'text' | 'number' | 'date' | 'time' | 'boolean' | 'error';

export interface ReadCell {
  readonly kind: CellKind;
  /** Text as it stands; a number for dates (days since 1899-12-30) and times (parts of a day) too; null for a formula without a kept value. */
  readonly value: string | number | boolean | null;
  readonly formula: boolean;
}

export interface Area {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** A sheet's cells from row 1 and column A, as places 0 and 0; what is blank is not there. */
export interface Grid {
  readonly name: string;
  readonly hidden: boolean;
  readonly rows: readonly (readonly (ReadCell | undefined)[])[];
  readonly merged: readonly Area[];
}

/** "B12" -> row 11, column 1. */
export function placeOf(name: string): { row: number; column: number } {
  const [, letters = 'A', digits = '1'] = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(name) ?? [];
  return { row: Number(digits) - 1, column: [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 };
}

/** Row 11, column 1 -> "B12". */
export function cellName(row: number, column: number): string {
  let letters = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  return `${letters}${row + 1}`;
}

/** Days since 1899-12-30 -> "2023-10-02"; undefined for what no calendar has. */
export function dateOfSerial(serial: number): string | undefined {
  return serial >= 1 && serial < 2_958_466 ? new Date(Math.round((Math.floor(serial) - 25_569) * 86_400_000)).toISOString().slice(0, 10) : undefined;
}
