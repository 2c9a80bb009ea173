/** A council's own actual and forecast beside ours. Pure. */
import type { CouncilForecast } from './contract.ts';
import type { Outturn } from './outturn.ts';
import { addDays } from '../patrols/calendar.ts';

/** Theirs (pence) against our forecast as known when theirs was received: the difference in outturn, as a share of the ceiling, and whether it lies in our band. */
export function compareForecasts(theirs: { readonly actualPence: number; readonly outturnPence: number }, ours: Outturn, ceilingPence: number): CouncilForecast['ours'] {
  const { low, central, high } = ours.outturn;
  const differencePence = theirs.outturnPence - central;
  return { actualPence: ours.toDate.totalPence, outturn: { low, central, high }, differencePence, differenceShare: differencePence / ceilingPence, within: theirs.outturnPence >= low && theirs.outturnPence <= high };
}

/** The last day of the calendar quarter that had ended by a day. */
export function lastQuarterEnd(on: string): string {
  const month = Math.floor((Number(on.slice(5, 7)) - 1) / 3) * 3 + 1;
  return addDays(`${on.slice(0, 4)}-${String(month).padStart(2, '0')}-01`, -1);
}

/** True for the last day of March, June, September or December. */
export const isQuarterEnd = (day: string): boolean => ['03-31', '06-30', '09-30', '12-31'].includes(day.slice(5));
