/** Lines of the check -> lines of a claim: no more minutes than what is left pays for, and the very minutes behind each. Pure. */
import { rateBandNames } from '../grants/contract.ts';
import type { HoursResult } from './hoursCheck.ts';
import type { PaidSpan } from './hoursCheckPrice.ts';
import { minuteMs } from './hoursCheckInput.ts';
import { penceOfMinutes } from './hoursCheckSplit.ts';

/** A line as a claim takes it. */
export interface FilledLine {
  readonly head: string;
  readonly what: string;
  readonly minutes: number;
  readonly pencePerHour: number;
}

export interface Filling {
  readonly lines: readonly FilledLine[];
  readonly spans: readonly PaidSpan[];
}

/**
 * The lines (whole minutes at pence an hour) and the spans of minutes that are theirs. A line that is capped has as many whole minutes, the
 * earliest first, as its payable pence pay for; the rest may be claimed once more money is agreed.
 */
export function fillingOf({ lines, spans }: Pick<HoursResult, 'lines' | 'spans'>): Filling {
  const filled = lines.map((line) => {
    const minutes = line.payablePence === line.amountPence ? line.minutes : affordable(line.payablePence, line.pencePerHour);
    const own = spans.filter(({ band, pencePerHour }) => band === line.band && pencePerHour === line.pencePerHour);
    return { line: { head: line.head, what: whatOf(line), minutes, pencePerHour: line.pencePerHour }, spans: firstMinutes(own, minutes) };
  }).filter(({ line }) => penceOfMinutes(line.minutes, line.pencePerHour) > 0);
  return { lines: filled.map(({ line }) => line), spans: filled.flatMap((each) => each.spans) };
}

const whatOf = ({ band, validFrom }: HoursResult['lines'][number]): string => `${rateBandNames[band]} hours verified, at the rate from ${validFrom}`;

/** Most whole minutes that cost no more than some pence. */
function affordable(pence: number, pencePerHour: number): number {
  let minutes = Math.floor((pence * 60 + 30) / pencePerHour);
  while (minutes > 0 && penceOfMinutes(minutes, pencePerHour) > pence) minutes -= 1;
  return minutes;
}

function firstMinutes(spans: readonly PaidSpan[], minutes: number): PaidSpan[] {
  let left = minutes;
  return spans.toSorted((a, b) => a.fromMs - b.fromMs || (a.person < b.person ? -1 : 1)).flatMap((span) => {
    const taken = Math.min(left, (span.toMs - span.fromMs) / minuteMs);
    left -= taken;
    return taken > 0 ? [{ ...span, toMs: span.fromMs + taken * minuteMs }] : [];
  });
}

type Kept = Pick<PaidSpan, 'person' | 'visitId' | 'fromMs' | 'toMs' | 'pencePerHour'>;

/** Minutes of kept spans that no span of the check pays any more, by pence an hour; a rate that lost none is not there. */
export function lostByRate(kept: readonly Kept[], now: readonly Kept[]): Map<number, number> {
  const key = ({ person, visitId, pencePerHour }: Kept, at: number): string => `${person} ${visitId} ${pencePerHour} ${at}`;
  const minutes = ({ fromMs, toMs }: Kept): number[] => Array.from({ length: (toMs - fromMs) / minuteMs }, (_, index) => fromMs + index * minuteMs);
  const paid = new Set(now.flatMap((span) => minutes(span).map((at) => key(span, at))));
  const lost = new Map<number, number>();
  for (const span of kept) {
    const gone = minutes(span).filter((at) => !paid.has(key(span, at))).length;
    if (gone > 0) lost.set(span.pencePerHour, (lost.get(span.pencePerHour) ?? 0) + gone);
  }
  return lost;
}

/**
 * What is wrong with approving lines (pence) when minutes were lost since: of each rate at most what is claimed less the lost minutes may be
 * approved. Gives the rates that are over, with the minutes lost and the most that may be approved.
 */
export function overApproved(lines: readonly { readonly pencePerHour: number | null; readonly claimedPence: number; readonly approvedPence: number }[], lost: ReadonlyMap<number, number>): { pencePerHour: number; minutes: number; mostPence: number }[] {
  return [...lost].flatMap(([pencePerHour, minutes]) => {
    const own = lines.filter((line) => line.pencePerHour === pencePerHour);
    const mostPence = Math.max(0, own.reduce((sum, { claimedPence }) => sum + claimedPence, 0) - penceOfMinutes(minutes, pencePerHour));
    return own.reduce((sum, { approvedPence }) => sum + approvedPence, 0) > mostPence ? [{ pencePerHour, minutes, mostPence }] : [];
  });
}
