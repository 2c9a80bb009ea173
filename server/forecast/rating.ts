/** Red, amber or green of an agreement by a stated rule whose thresholds are settings with dates. Pure. */
export const ratings = ['red', 'amber', 'green'] as const;
export type Rating = (typeof ratings)[number];

export interface RatingRule {
  readonly amberShare: number;
  readonly redShare: number;
  /** The first day on which both thresholds are in force. */
  readonly since: string;
}

export interface Rated {
  readonly rating: Rating;
  readonly because: string;
}

const percent = (share: number): string => `${(share * 100).toLocaleString('en-GB', { maximumFractionDigits: 1 })} %`;

/** The rule in words, with the day its thresholds are in force from. */
export function ruleInWords({ amberShare, redShare }: RatingRule): string {
  return `Red: the central forecast leaves over ${percent(redShare)} of the ceiling unspent, or would pass the ceiling by over ${percent(redShare)}. Amber: over ${percent(amberShare)} either way. Green: otherwise.`;
}

/** The rating of a central forecast before the ceiling cuts it; a share at the threshold does not pass it. Pence. */
export function rate(facts: { readonly ceilingPence: number; readonly uncappedPence: number }, rule: RatingRule): Rated {
  const share = (facts.ceilingPence - facts.uncappedPence) / facts.ceilingPence;
  const rating: Rating = Math.abs(share) > rule.redShare ? 'red' : Math.abs(share) > rule.amberShare ? 'amber' : 'green';
  if (share === 0) return { rating, because: 'The central forecast spends the ceiling.' };
  return { rating, because: share > 0 ? `${percent(share)} of the ceiling would stay unspent.` : `Spending would pass the ceiling by ${percent(-share)}.` };
}

/** True when a forecast underspend in pence passes the share of the ceiling at which an alert is raised. */
export function passesThreshold(facts: { readonly ceilingPence: number; readonly underspendPence: number }, thresholdShare: number): boolean {
  return facts.underspendPence > facts.ceilingPence * thresholdShare;
}
