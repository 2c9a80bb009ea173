/**
 * A rota to be made and a rota made: plain data, so that it can be hashed, kept, sent to a worker and checked while somebody edits it.
 * Dates are local days `YYYY-MM-DD`; instants are milliseconds of UTC, so a night on which the clocks change lasts 9 or 7 hours by itself.
 * Every span of dates has `to` as its first day outside, or null where no end is set.
 */

export interface Span {
  readonly from: string;
  readonly to: string | null;
}

/** How many crews a shift wants, and of how many persons: 2 where wardens patrol in pairs, 1 where persons are counted. */
export interface Cover {
  readonly crews: number;
  readonly crewSize: number;
  /** What a missing crew and a spare person cost on this shift, where it is not the rota's usual weight. */
  readonly underWeight?: number;
  readonly overWeight?: number;
}

export interface RotaShift {
  readonly id: string;
  /** The kind of shift, such as `early`; preferences and limits by kind name it. */
  readonly type: string;
  /** Said to people: `Early`. */
  readonly name: string;
  /** The local day it starts on; it belongs to this day whole. */
  readonly date: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly cover: Cover;
  readonly breakMinutes: number;
}

/** Local agreements on the pattern of a person's work, each optional. At the edges of the rota a run or a break may be shorter: its rest lies outside. */
export interface Pattern {
  readonly shortestRun?: number;
  readonly longestRun?: number;
  /** Fewest days off together. */
  readonly shortestBreak?: number;
  readonly mostWeekends?: number;
  readonly mostOfType?: Readonly<Record<string, number>>;
  readonly leastMinutes?: number;
  readonly mostMinutes?: number;
}

export interface Preference {
  readonly date: string;
  /** A kind of shift, or null for the whole day. */
  readonly type: string | null;
  readonly wish: 'desired' | 'undesired';
  /** Where it is not the rota's usual weight. */
  readonly weight?: number;
}

export type AwayReason = 'leave' | 'absence' | 'unavailable';

export interface RotaWarden {
  readonly id: string;
  /** Said to people instead of a name. */
  readonly reference: string;
  readonly employed: Span;
  /** Contracts over time; on a day without one nothing is owed. */
  readonly contracts: readonly (Span & { readonly minutesPerWeek: number })[];
  readonly noNights: boolean;
  /** Days on which a written agreement to work over 48 hours a week holds. */
  readonly optedOut: readonly Span[];
  /** Vetting, training, accreditation, with their days. */
  readonly clearances: readonly (Span & { readonly kind: string })[];
  /** Whole days. Paid ones (leave, sickness) count towards the contract: each Monday to Friday a fifth of the week. */
  readonly away: readonly (Span & { readonly reason: AwayReason; readonly paid: boolean })[];
  /** Parts of days on which nothing may be planned. */
  readonly unavailable: readonly { readonly startsAt: number; readonly endsAt: number }[];
  readonly preferences: readonly Preference[];
  /** Shifts outside the rota's days that are worked or published (28 days before, 7 after), so that rest holds across the edges. */
  readonly worked: readonly { readonly date: string; readonly startsAt: number; readonly endsAt: number }[];
  /** Weeks of seven days before the rota, the latest first, at most 16 used; fewer where employed for less. Days off by leave or sickness are left out of the average. */
  readonly history: readonly { readonly minutes: number; readonly excludedDays: number }[];
  readonly pattern?: Pattern;
}

/** `mustNot`: never on one shift. `must`: the first works only where the second does. `shouldNot`: costs its weight for each shift together. */
export interface PairRule {
  readonly kind: 'must' | 'mustNot' | 'shouldNot';
  readonly first: string;
  readonly second: string;
}

/** A limit with the name of the law or agreement it stands in. */
export interface Limit {
  readonly value: number;
  readonly regulation: string;
}

export interface RotaRules {
  readonly restMinutes: Limit;
  readonly shiftsInSevenDays: Limit;
  readonly minutesInSevenDays: Limit;
  readonly shiftsAboveContract: Limit;
  readonly averageMinutesPerWeek: Limit;
  readonly averageWeeks: Limit;
  readonly weeklyRestMinutes: Limit;
  readonly fortnightRestMinutes: Limit;
  readonly nightMinutesPerDay: Limit;
  readonly breakAfterMinutes: Limit;
  readonly breakMinutes: Limit;
  /** A shift is a night shift when at least `minutes` of it lie between these minutes of the local day. */
  readonly night: { readonly fromMinute: number; readonly toMinute: number; readonly minutes: number; readonly regulation: string };
  /** Kinds of clearance without which nobody is planned. */
  readonly clearances: readonly string[];
  /** The kind of clearance of which each crew wants one person. */
  readonly accreditation: string;
}

/** What each departure from the wanted costs, in the order in which the rota weighs them. */
export interface RotaWeights {
  readonly underCover: number;
  readonly noAccredited: number;
  readonly thirdWeekend: number;
  readonly shortOfContract: number;
  readonly overContract: number;
  readonly isolatedDay: number;
  readonly undesired: number;
  readonly desiredMissed: number;
  readonly shouldNotTogether: number;
  readonly overCover: number;
}

/** Iterations, rounds and branches keep the same input on the same rota; seconds are an upper stop only. */
export interface RotaCaps {
  readonly seeds: number;
  readonly iterations: number;
  /** Rounds of the search by whole rows. */
  readonly rounds: number;
  readonly nodes: number;
  readonly seconds: number;
}

export interface RotaProblem {
  readonly from: string;
  readonly days: number;
  /** Minutes that count as one shift of contract. */
  readonly usualShiftMinutes: number;
  readonly wardens: readonly RotaWarden[];
  readonly shifts: readonly RotaShift[];
  readonly pairs: readonly PairRule[];
  readonly rules: RotaRules;
  readonly weights: RotaWeights;
  readonly seed: number;
  readonly caps: RotaCaps;
}

export interface Assignment {
  readonly wardenId: string;
  readonly shiftId: string;
}

export interface Roster {
  readonly assignments: readonly Assignment[];
}

const wtr = 'Working Time Regulations 1998, regulation';

/** The limits a council begins with; it may enter stricter ones. */
export const usualRotaRules: RotaRules = {
  restMinutes: { value: 660, regulation: `${wtr} 10(1)` },
  shiftsInSevenDays: { value: 5, regulation: 'Rota agreement: shifts in seven days' },
  minutesInSevenDays: { value: 2400, regulation: 'Rota agreement: hours in seven days' },
  shiftsAboveContract: { value: 2, regulation: 'Rota agreement: shifts above contract' },
  averageMinutesPerWeek: { value: 2880, regulation: `${wtr} 4(1)` },
  averageWeeks: { value: 17, regulation: `${wtr} 4(3)` },
  weeklyRestMinutes: { value: 1440, regulation: `${wtr} 11(1)` },
  fortnightRestMinutes: { value: 2880, regulation: `${wtr} 11(2)` },
  nightMinutesPerDay: { value: 480, regulation: `${wtr} 6(1)` },
  breakAfterMinutes: { value: 360, regulation: `${wtr} 12(1)` },
  breakMinutes: { value: 20, regulation: `${wtr} 12(3)` },
  night: { fromMinute: 1380, toMinute: 360, minutes: 180, regulation: `${wtr} 2(1)` },
  clearances: ['vetting', 'training'],
  accreditation: 'accreditation',
};

export const usualRotaWeights: RotaWeights = {
  underCover: 100, noAccredited: 40, thirdWeekend: 10, shortOfContract: 5, overContract: 10,
  isolatedDay: 3, undesired: 2, desiredMissed: 1, shouldNotTogether: 2, overCover: 1,
};

export const usualRotaCaps: RotaCaps = { seeds: 3, iterations: 2_000_000, rounds: 60, nodes: 100_000, seconds: 10 };

/**
 * Caps that fit the seconds on a usual machine. A small team leaves most of its time to the search by rows; for a large one a single long search
 * finds more than three short ones, so that three begin at 30 seconds.
 */
export function capsFor(wardens: number, seconds = usualRotaCaps.seconds): RotaCaps {
  const small = wardens <= 12;
  const seeds = small || seconds >= 30 ? 3 : 1;
  return { ...usualRotaCaps, seconds, seeds, rounds: Math.round(seconds * 6), iterations: Math.round((seconds * (small ? 130_000 : 600_000)) / seeds) };
}
