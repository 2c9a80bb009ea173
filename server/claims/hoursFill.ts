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

/** Minutes of kept spans that no span of the check pays any more. */
export function lostMinutes(kept: readonly Pick<PaidSpan, 'person' | 'visitId' | 'fromMs' | 'toMs' | 'pencePerHour'>[], now: readonly PaidSpan[]): number {
  const key = (span: Pick<PaidSpan, 'person' | 'visitId' | 'pencePerHour'>, at: number): string => `${span.person} ${span.visitId} ${span.pencePerHour} ${at}`;
  const minutes = (span: { fromMs: number; toMs: number }): number[] => Array.from({ length: (span.toMs - span.fromMs) / minuteMs }, (_, index) => span.fromMs + index * minuteMs);
  const paid = new Set(now.flatMap((span) => minutes(span).map((at) => key(span, at))));
  return kept.reduce((lost, span) => lost + minutes(span).filter((at) => !paid.has(key(span, at))).length, 0);
}
