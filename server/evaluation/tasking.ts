/** The monthly tasking document: each hotspot with its trend, peak, hours, owner and action, rated by a rule that stands on the page. Pure. */
import type { Report } from './contract.ts';
import { ratioOf } from './numbers.ts';

export interface TaskingFact {
  readonly hotspotId: string;
  readonly name: string;
  readonly now: number;
  /** Of the three months before, together. */
  readonly threeBefore: number;
  readonly yearBefore: number;
  /** The busiest three hours of the week over a year, from sources that know the time; null under five incidents. */
  readonly peak: { readonly day: number; readonly hour: number; readonly n: number } | null;
  readonly planned: number;
  readonly delivered: number;
  readonly lastVisit: string | null;
  readonly daysSince: number | null;
  readonly owner: string | null;
  readonly action: string | null;
}

export interface TaskingRule {
  /** Rise over the mean of the three months before from which a hotspot is red. */
  readonly redChange: number;
  readonly amberDelivered: number;
  readonly maxGapDays: number;
}

export type TaskingRating = 'red' | 'amber' | 'green';

/** The rule in a sentence, as it stands on the document. */
export const ruleSaid = ({ redChange, amberDelivered, maxGapDays }: TaskingRule): string =>
  `Red: incidents at least ${Math.round(redChange * 100)}% over the mean of the three months before, or no visit for more than ${maxGapDays} days at the month’s end. Amber: over that mean, or under ${Math.round(amberDelivered * 100)}% of the planned person-hours. Green: neither.`;

/** A hotspot's rating and why. */
export function rateHotspot({ now, threeBefore, planned, delivered, daysSince }: TaskingFact, { redChange, amberDelivered, maxGapDays }: TaskingRule): { rating: TaskingRating; because: string } {
  if (daysSince === null) return { rating: 'red', because: 'never visited' };
  if (daysSince > maxGapDays) return { rating: 'red', because: `no visit for ${daysSince} days` };
  // Compared without dividing, so that no rounding decides: now against (1 + red) × a third of the three months.
  if (now > 0 && 3 * now >= (1 + redChange) * threeBefore - 1e-9 && 3 * now > threeBefore) return { rating: 'red', because: 'incidents rising' };
  if (3 * now > threeBefore) return { rating: 'amber', because: 'a little more than of late' };
  if (planned > 0 && delivered < amberDelivered * planned) return { rating: 'amber', because: `${ratioOf(delivered, planned, 100)}% of planned hours delivered` };
  return { rating: 'green', because: 'no rise, hours delivered' };
}

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const clock = (hour: number): string => `${String(hour % 24).padStart(2, '0')}:00`;
export const peakSaid = (peak: TaskingFact['peak']): string => (peak ? `${days[peak.day - 1] ?? ''} ${clock(peak.hour)} to ${clock(peak.hour + 3)} (${peak.n} in a year)` : 'not known');

export interface TaskingFacts {
  readonly councilName: string;
  readonly period: string;
  readonly demonstration: boolean;
  readonly rule: TaskingRule;
  readonly hotspots: readonly TaskingFact[];
}

const order: Record<TaskingRating, number> = { red: 0, amber: 1, green: 2 };

export function taskingReport({ councilName, period, demonstration, rule, hotspots }: TaskingFacts): Report {
  const rated = hotspots.map((fact) => ({ fact, ...rateHotspot(fact, rule) })).toSorted((a, b) => order[a.rating] - order[b.rating] || (a.fact.name < b.fact.name ? -1 : 1));
  return {
    title: `${councilName}: tasking document`, caption: period, demonstration, about: [ruleSaid(rule), 'For partners, not for publication: it says where and when.'],
    tables: [{
      title: 'Hotspots', about: [`${period}; trend against the mean of the three months before.`],
      columns: [
        { label: 'Hotspot', kind: 'text' }, { label: 'Rating', kind: 'text' }, { label: 'Why', kind: 'text' }, { label: 'Incidents', kind: 'count' }, { label: 'Trend %', kind: 'change' }, { label: 'Same month last year', kind: 'count' }, { label: 'Peak', kind: 'text' },
        { label: 'Planned', kind: 'hours' }, { label: 'Delivered', kind: 'hours' }, { label: 'Last visit', kind: 'date' }, { label: 'Owner', kind: 'text' }, { label: 'Action', kind: 'text' },
      ],
      rows: rated.map(({ fact, rating, because }) => [fact.name, rating, because, fact.now, ratioOf(3 * fact.now - fact.threeBefore, fact.threeBefore, 100), fact.yearBefore, peakSaid(fact.peak), fact.planned, fact.delivered, fact.lastVisit, fact.owner ?? 'nobody yet', fact.action ?? 'none entered']),
      says: [`${rated.filter(({ rating }) => rating === 'red').length} red, ${rated.filter(({ rating }) => rating === 'amber').length} amber, ${rated.filter(({ rating }) => rating === 'green').length} green.`], conflicts: [],
    }],
  };
}
