import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of real open data, when the environment names one. */
export const realData = process.env['REAL_DATA'];

/** The end of a real-data group's title, so that a run without the folder says why nothing in it ran. */
export const orWhyNot = realData ? '' : ' (set REAL_DATA to the folder of real open data to run this)';

/** The text of a file under the real-data folder. */
export function readRealData(...path: string[]): string {
  return readFileSync(join(realData ?? '', ...path), 'utf8');
}

/** Rows of numbers of a plain CSV with a header, quotes dropped. */
export function numberRows(text: string): number[][] {
  return text.trim().split(/\r?\n/).slice(1).map((line) => line.replaceAll('"', '').split(',').map(Number));
}

/** The largest difference between two lists of numbers; infinite when their lengths differ, NaN when one holds a NaN. */
export function worstDifference(some: ArrayLike<number>, others: ArrayLike<number>): number {
  if (some.length !== others.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < some.length; i++) {
    const difference = Math.abs(some[i]! - others[i]!);
    if (!(difference <= worst)) worst = difference;
  }
  return worst;
}
