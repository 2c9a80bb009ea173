/**
 * The allocation: which visits a week's money in each grant agreement buys, where and when they prevent most, and why each was chosen.
 *
 * Maximises incidents prevented over visits (hotspot, day, 4-hour band, ordinal) within each agreement's money, the wardens on the rota, the
 * live dates of hotspots and the agreement, and a share limit. Minimum visits come first; where they cannot all be kept the fewest
 * possible are given up and the hotspots that get less are listed. Plain data in, plain data out: no database, no clock, no dice.
 */
import { bandsOfWeek } from './bands.ts';
import { checkAllocationInput } from './allocationCheck.ts';
import { emptyPlan, explainPlan } from './allocationExplain.ts';
import { gapOf } from './gain.ts';
import { buildProblem } from './allocationModel.ts';
import { solveProblem } from './allocationSolve.ts';
import { loadSolver } from './solver.ts';
import type { Problem } from './allocationModel.ts';
import type { Solver } from './solver.ts';

/** Every number of the rule. Each is data: an office that believes otherwise changes it here and sees the plan change. */
export interface AllocationSettings {
  /** α: share of expected incidents prevented while a hotspot is fully covered. Plans use `central`; results also show the other two. */
  readonly effect: { readonly low: number; readonly central: number; readonly high: number };
  readonly visitMinutes: number;
  /** Minutes of travel and writing up that each visit costs besides. */
  readonly overheadMinutes: number;
  readonly crew: number;
  /** ρ: hours for which the effect lasts after a visit; 0 for those who believe it ends at once. */
  readonly residualHours: number;
  /** L: hours over which visits share the same incidents, the length of a usual band. */
  readonly horizonHours: number;
  readonly maxVisitsPerBand: number;
  readonly maxPerShift: number;
  /** Minutes between two visits to the same hotspot. */
  readonly minutesApart: number;
  /** Bands (0 to 5) that make a shift. */
  readonly shifts: readonly (readonly number[])[];
  readonly minimumVisitsPerWeek: number;
  /** A live hotspot is not left this many days running without a visit. */
  readonly maxGapDays: number;
  /** Largest share of the week's money for one hotspot. */
  readonly maxShare: number;
  /** The share limit is never under this many equal shares, or a council with few hotspots could not spend its money. */
  readonly minShareOfEqual: number;
  /** Points a plan loses for each visit short, each hotspot left too long and each floor visit short; fewest points come before any gain. */
  readonly relaxationPenalty: { readonly minimum: number; readonly gap: number; readonly floor: number };
  /** A plan proved to be within this fraction of the bound is good enough. */
  readonly targetGap: number;
  /** Branches HiGHS may look at; the same input so gives the same plan on a slow and a fast machine. */
  readonly maxNodes: number;
  /** Breaks the solver's ties; kept with a run, so that it can be made again. */
  readonly seed: number;
  /** Upper stop for each solve. */
  readonly timeLimitSeconds: number;
}

/** What the service begins with, and where each figure comes from. */
export const defaultAllocationSettings: AllocationSettings = {
  // Hot spots policing trials: Braga and others 2019 (65 studies, small and significant); community support officers in Peterborough 2016.
  effect: { low: 0.1, central: 0.2, high: 0.3 },
  // Koper 1995: disorder is rarest after stays of 10 to 16 minutes; Underground platforms trial (Ariel, Sherman, Newton): 15 minutes.
  visitMinutes: 15,
  // 0.15 h of walking between hotspots and writing up: a planning assumption, to be replaced by a council's own figure.
  overheadMinutes: 9,
  // The trials' visits were made by pairs.
  crew: 2,
  // Contested: platforms and Southend found an effect that lasts, Bedfordshire and Essex one that does not. See `underBothBeliefs`.
  residualHours: 2,
  horizonHours: 4,
  // Four 15-minute visits 60 minutes apart just fit into four hours.
  maxVisitsPerBand: 4,
  maxPerShift: 3,
  minutesApart: 60,
  shifts: [[0, 1], [2, 3], [4, 5]],
  minimumVisitsPerWeek: 2,
  // Perth (Barnes and others 2020): the effect of a daily visit holds four days, then reverses.
  maxGapDays: 4,
  maxShare: 0.15,
  minShareOfEqual: 2,
  relaxationPenalty: { minimum: 1, gap: 1, floor: 1 },
  targetGap: 0.001,
  maxNodes: 2_000,
  seed: 0,
  timeLimitSeconds: 10,
};

/** A promise to part of a council (a ward): at least so many visits a week over these hotspots together. */
export interface AllocationFloor {
  readonly name: string;
  readonly hotspotIds: readonly string[];
  readonly minimumVisits: number;
}

export interface AllocationAgreement {
  readonly id: string;
  readonly councilCode: string;
  /** Whole pence that this week may cost; see `rollingMoneyPence`. */
  readonly moneyPence: number;
  /** Patrol hours per paid hour, over 0 and at most 1. */
  readonly productiveRatio: number;
  /** 42 whole pence per paid hour, one for each band of the week; null where no rate is agreed. See `ratesOfWeek`. */
  readonly ratesPencePerHour: readonly (number | null)[];
  /** 42 person-minutes on the rota; null when there is no rota to keep to. */
  readonly personMinutesAvailable: readonly number[] | null;
  /** First and last day, both included. */
  readonly startsOn: string;
  readonly endsOn: string;
  readonly floors?: readonly AllocationFloor[];
}

export interface AllocationHotspot {
  readonly id: string;
  readonly agreementId: string;
  /** First live day. */
  readonly liveFrom: string;
  /** Last live day, included; null while no end is set. */
  readonly liveTo: string | null;
  /** λ: 42 incidents expected, one for each usual band of the week. See `expectedIncidents`. */
  readonly expected: readonly number[];
  /** See the function of the same name in gain.ts: 48 for a pair. */
  readonly personMinutesPerVisit: number;
  /** The last day it was visited before this week; left out or null when that is not known, and the gap is then counted from Monday. */
  readonly lastVisitOn?: string | null;
}

export interface AllocationInput {
  /** A Monday. */
  readonly weekStart: string;
  readonly agreements: readonly AllocationAgreement[];
  readonly hotspots: readonly AllocationHotspot[];
  readonly settings: AllocationSettings;
  /** IANA name; Europe/London when left out. */
  readonly zone?: string;
}

export interface PlannedVisit {
  readonly hotspotId: string;
  readonly date: string;
  readonly band: number;
  readonly ordinal: number;
  /** Incidents expected in the band without any visit. */
  readonly expected: number;
  /** Incidents this visit is expected to prevent, at the central effect. */
  readonly gain: number;
  readonly costPence: number;
  readonly personMinutes: number;
  readonly why: string;
}

export interface PlannedHours {
  readonly hotspotId: string;
  readonly date: string;
  readonly band: number;
  readonly visits: number;
  /** Minutes inside the hotspot with any warden present. */
  readonly visitMinutes: number;
  /** Minutes of all wardens together, travel included. */
  readonly personMinutes: number;
}

export interface Shortfall {
  /** Null for a floor that covers several hotspots. */
  readonly hotspotId: string | null;
  readonly rule: 'minimum' | 'gap' | 'floor';
  /** Visits for `minimum` and `floor`; for `gap` the longest allowed run of days without a visit. */
  readonly wanted: number;
  readonly got: number;
  readonly why: string;
}

export type NothingCode =
  | 'agreement-not-started' | 'agreement-ended' | 'no-live-hotspot' | 'no-money' | 'no-rate' | 'no-wardens' | 'money-below-one-visit' | 'nothing-expected';

export type AllocationMethod = 'none' | 'greedy' | 'rounding' | 'milp';

export interface AgreementPlan {
  readonly agreementId: string;
  readonly councilCode: string;
  /** Null when visits are given; otherwise what stands in the way. */
  readonly reason: { readonly code: NothingCode; readonly text: string } | null;
  readonly visits: readonly PlannedVisit[];
  readonly hours: readonly PlannedHours[];
  readonly spentPence: number;
  readonly leftPence: number;
  /** Incidents prevented at the central effect, and at the low and the high one. */
  readonly objective: number;
  readonly objectiveRange: { readonly low: number; readonly high: number };
  /** No plan that misses as few minimums as this one prevents more. The linear bound, or the branch-and-bound one where that is tighter. */
  readonly bound: number;
  readonly lpBound: number;
  /** (bound − objective) ÷ bound; 0 when the bound is 0. */
  readonly gap: number;
  readonly method: AllocationMethod;
  /** Incidents the next £1,000 would prevent, at the margin. */
  readonly shadowPricePerThousandPounds: number;
  readonly shortfalls: readonly Shortfall[];
  /** What stops more: plain sentences for the foot of the plan. */
  readonly binding: readonly string[];
}

export interface Allocation {
  readonly weekStart: string;
  readonly agreements: readonly AgreementPlan[];
  readonly spentPence: number;
  readonly objective: number;
  readonly bound: number;
  readonly gap: number;
}

export interface AllocateOptions {
  /** `greedy` needs no solver and is instant; `best` proves its gap. */
  readonly method?: 'best' | 'greedy';
}

/**
 * A plan for each agreement of the week, in the order of the agreements; the same input always gives the same plan.
 * Throws a RangeError naming the agreement or hotspot, the value and the cure for input that cannot be meant; too little money or too few wardens is no error.
 */
export async function allocate(input: AllocationInput, options: AllocateOptions = {}): Promise<Allocation> {
  checkAllocationInput(input);
  // A machine that cannot load the solver still gets a plan: the greedy one, with a looser bound.
  const solver = options.method === 'greedy' ? null : await loadSolver().catch(() => null);
  return allocateWith(input, solver);
}

/** `allocate` with a solver already loaded, or null for the greedy plan. */
export function allocateWith(input: AllocationInput, solver: Solver | null): Allocation {
  const plans = problemsOf(input).map((problem) =>
    problem.nothing ? emptyPlan(problem) : explainPlan(problem, solveProblem(problem, solver)),
  );
  const objective = plans.reduce((sum, plan) => sum + plan.objective, 0);
  const bound = plans.reduce((sum, plan) => sum + plan.bound, 0);
  return {
    weekStart: input.weekStart,
    agreements: plans,
    spentPence: plans.reduce((sum, plan) => sum + plan.spentPence, 0),
    objective,
    bound,
    gap: gapOf(objective, bound),
  };
}

/** One problem for each agreement: agreements share nothing, so they are solved apart. */
export function problemsOf(input: AllocationInput): Problem[] {
  const bands = bandsOfWeek(input.weekStart, input.zone);
  return input.agreements.map((agreement) => buildProblem(input, agreement, bands));
}
