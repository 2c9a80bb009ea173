/** What the hours check is asked, and the pieces it works with. Instants are milliseconds of UTC, days `YYYY-MM-DD`, money pence. */
import type { Rate } from '../grants/contract.ts';
import type { ClearanceKind, StaffCategory } from '../patrols/contract.ts';
import type { HoursReason, UnnamedRule } from './hoursContract.ts';

/** The rules of the check from one day to the day before another. */
export interface HoursRules {
  readonly validFrom: string;
  /** The first day they no longer hold; null while no end is set. */
  readonly validTo: string | null;
  /** What a warden must hold on the day. */
  readonly required: readonly ClearanceKind[];
  /** What happens with persons of a visit who are not named. */
  readonly unnamed: UnnamedRule;
  /** Staff an agreement pays for; the police pay for theirs. */
  readonly paidStaff: readonly StaffCategory[];
  /** Most minutes of one person in a day, where no rota says how long the shift is. */
  readonly dailyMinutes: number;
  /** Whether one patrol reference of two councils at one time is taken for one patrol. */
  readonly sharedReference: boolean;
}

export interface HoursVisit {
  readonly id: string;
  readonly hotspotId: string;
  readonly startedAtMs: number;
  /** Whole minutes. */
  readonly minutes: number;
  readonly persons: number;
  readonly staffCategory: StaffCategory;
  readonly patrolReference: string;
  readonly recordedAtMs: number;
  /** Ids of the wardens named, at most `persons`. */
  readonly wardens: readonly string[];
}

export interface HoursWarden {
  readonly id: string;
  readonly reference: string;
  readonly staffCategory: StaffCategory;
  readonly employedFrom: string;
  /** The first day no longer employed. */
  readonly employedTo: string | null;
  /** Contracts over time; between two of them nobody is employed. */
  readonly contracts?: readonly { readonly validFrom: string; readonly validTo: string | null }[];
  readonly clearances: readonly { readonly kind: ClearanceKind; readonly validFrom: string; readonly validTo: string | null }[];
}

/** Another council’s visit under the patrol reference of one of ours, at the same time. */
export interface Elsewhere {
  /** Ours. */
  readonly visitId: string;
  /** Theirs; null where it is not for the reader to see. */
  readonly otherVisitId: string | null;
  readonly council: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** True when theirs was recorded before ours. */
  readonly first: boolean;
  /** The claim that holds its minutes, or null. */
  readonly claim: string | null;
}

/** Minutes of one person on one day that a claim holds already. */
export interface HeldSpan {
  readonly person: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly day: string;
  readonly claim: string;
}

/** A refusal that a second person accepted: minutes of it are paid where no other rule stands against them. */
export interface Waiver {
  readonly visitId: string;
  /** Empty for everybody on the visit. */
  readonly person: string;
  readonly reason: HoursReason;
  readonly fromMs: number;
  readonly toMs: number;
  /** The visit as it was when it was accepted; a corrected visit is judged anew. */
  readonly fingerprint: string;
}

export interface HoursHotspot {
  readonly id: string;
  readonly name: string;
  /** False while it is proposed. */
  readonly agreed: boolean;
  readonly liveFrom: string;
  /** The first day no longer live. */
  readonly liveTo: string | null;
  /** Days on which it was paused: from one, to the day before another. */
  readonly pauses: readonly { readonly from: string; readonly to: string | null }[];
}

export interface HoursInput {
  readonly agreement: {
    readonly councilCode: string;
    /** First and last day, both included. */
    readonly startsOn: string;
    readonly endsOn: string;
    /** The budget head hours are paid from. */
    readonly head: string;
  };
  readonly rates: readonly Rate[];
  readonly bankHolidays: readonly string[];
  readonly hotspots: readonly HoursHotspot[];
  /** Hotspots by version of the agreement, oldest first; a version that names none is about every hotspot of the council. */
  readonly named: readonly { readonly effectiveFrom: string; readonly hotspots: readonly string[] }[];
  readonly visits: readonly HoursVisit[];
  readonly wardens: readonly HoursWarden[];
  /** How long the rota's shift of a warden is on a day; where it says nothing, the rules' daily minutes hold. */
  readonly shifts: readonly { readonly wardenId: string; readonly day: string; readonly minutes: number }[];
  readonly rules: readonly HoursRules[];
  readonly elsewhere: readonly Elsewhere[];
  readonly held: readonly HeldSpan[];
  readonly waivers: readonly Waiver[];
  /** What is left under the agreement's value; null for no cap. */
  readonly leftPence: number | null;
}

/** One minute of a visit on the clock in Britain. */
export interface Minute {
  readonly at: number;
  readonly day: string;
  /** 0 to 23. */
  readonly hour: number;
}

/** Why a minute is refused. */
export interface Finding {
  readonly reason: HoursReason;
  readonly says: string;
  /** Visits it clashes with. */
  readonly rows: readonly string[];
}

/** One person on one visit, minute by minute: refused for a reason, or to be paid. */
export interface Slot {
  readonly visit: HoursVisit;
  readonly person: string;
  readonly warden: HoursWarden | null;
  readonly minutes: readonly Minute[];
  readonly findings: (Finding | null)[];
  /** True for minutes that only a second person's acceptance lets through. */
  readonly waived: boolean[];
}

export const minuteMs = 60_000;

/** What must stay as it was for an acceptance to hold. */
export function fingerprintOf(visit: HoursVisit): string {
  return [visit.startedAtMs, visit.minutes, visit.hotspotId, visit.staffCategory, visit.persons, visit.patrolReference].join(' ');
}

/** Who a minute belongs to: a warden, or the n-th person not named of a patrol. */
export function personKey(councilCode: string, visit: HoursVisit, wardenId: string | undefined, unnamed: number): string {
  return wardenId === undefined ? `patrol ${councilCode} ${visit.staffCategory} ${visit.patrolReference.toLowerCase()} ${unnamed}` : `warden ${wardenId}`;
}

/** Minutes of visits with their local day and hour. Changes of the clock are at whole hours, so each hour is asked once. */
export function minuteReader(clock: (ms: number) => { date: string; minuteOfDay: number }): (visit: HoursVisit) => Minute[] {
  const hours = new Map<number, Omit<Minute, 'at'>>();
  const hourOf = (at: number): Omit<Minute, 'at'> => {
    const key = Math.floor(at / (60 * minuteMs));
    let known = hours.get(key);
    if (!known) {
      const { date, minuteOfDay } = clock(at);
      hours.set(key, (known = { day: date, hour: Math.floor(minuteOfDay / 60) }));
    }
    return known;
  };
  return (visit) => Array.from({ length: visit.minutes }, (_, index) => {
    const at = visit.startedAtMs + index * minuteMs;
    return { at, ...hourOf(at) };
  });
}

/** Things by a key, in their order. */
export function grouped<T, K>(things: readonly T[], keyOf: (thing: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const thing of things) {
    const group = groups.get(keyOf(thing));
    if (group) group.push(thing);
    else groups.set(keyOf(thing), [thing]);
  }
  return groups;
}
