/** The budget profile of an agreement, cumulative by month: as agreed where it is, else an even spread that says so. Pure. */
import { addDays, daysBetween } from '../patrols/calendar.ts';
import { monthsBetween } from './outturn.ts';

export interface Profile {
  readonly basis: 'agreed' | 'even';
  readonly says: string;
  readonly months: readonly { readonly month: string; readonly pence: number }[];
}

interface Terms {
  readonly startsOn: string;
  readonly endsOn: string;
  readonly ceilingPence: number;
}

/** Parts of a profile (pence from a period's first day to the day before the next one's) -> cumulative pence at each month's end, each part spread evenly over its days. */
export function profileOf(terms: Terms, parts: readonly { readonly startsOn: string; readonly pence: number }[]): Profile {
  const agreed = parts.length > 0;
  const sorted = [...(agreed ? parts : [{ startsOn: terms.startsOn, pence: terms.ceilingPence }])].sort((a, b) => (a.startsOn < b.startsOn ? -1 : 1));
  const starts = [...new Set(sorted.map(({ startsOn }) => startsOn))];
  const spans = starts.map((startsOn, index) => ({
    startsOn, endsOn: starts[index + 1] === undefined ? terms.endsOn : addDays(starts[index + 1] ?? terms.endsOn, -1),
    pence: sorted.filter((part) => part.startsOn === startsOn).reduce((sum, { pence }) => sum + pence, 0),
  }));
  const months = monthsBetween(terms.startsOn, terms.endsOn).map((month) => {
    const last = addDays(`${addDays(`${month}-01`, 31).slice(0, 7)}-01`, -1);
    return { month, pence: Math.round(spans.reduce((sum, span) => sum + span.pence * shareBy(span, last < terms.endsOn ? last : terms.endsOn), 0)) };
  });
  return { basis: agreed ? 'agreed' : 'even', months, says: agreed ? 'Budget profile as agreed by period, each period spread evenly over its days.' : 'No budget profile is agreed: the ceiling is spread evenly over the agreement’s days.' };
}

function shareBy({ startsOn, endsOn }: { startsOn: string; endsOn: string }, day: string): number {
  const whole = daysBetween(startsOn, endsOn) + 1;
  return whole <= 0 ? Number(day >= startsOn) : Math.min(1, Math.max(0, (daysBetween(startsOn, day) + 1) / whole));
}
