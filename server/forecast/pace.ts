/** How fast money goes from the day after a forecast's last known day: starts, staff in post, posts still to be filled, hours delivered. Pure. */
import { addDays, daysBetween, mondayOf } from '../patrols/calendar.ts';
import { type ByScenario, dayRate, type ForecastInput, minutesInPost, mixOverDayRate, postsFilled, type Scenario } from './known.ts';

export interface Pace {
  /** The first day of patrols; after the agreement's last day where none is expected. */
  readonly start: ByScenario<string>;
  /** Paid minutes for each contract minute: 1 on cost, or what commitments came to; the hours delivered on hours. */
  readonly ratio: ByScenario<number>;
  /** The first day on which empty posts count as filled; null for never. */
  readonly filled: ByScenario<string | null>;
  readonly posts: number;
  readonly minutesPerPost: number;
  /** True where no number of posts is entered and it is taken from what the money would pay. */
  readonly postsFromMoney: boolean;
  /** Delivered minutes a week of a council that keeps no list of wardens; else null. */
  readonly withoutStaff: ByScenario<number> | null;
  /** Price of an hour over the day rate. */
  readonly mix: number;
  /** Delivered minutes for each contract minute in the latest full weeks; null while there are too few. */
  readonly observed: { readonly weeks: number; readonly ratio: number } | null;
  /** Where commitments record what hours cost: what they came to for each pound of contract hours in the latest full months with patrols. */
  readonly observedCost: { readonly months: readonly string[]; readonly ratio: number } | null;
}

const byScenario = <T>(value: (scenario: Scenario) => T): ByScenario<T> => ({ low: value('low'), central: value('central'), high: value('high') });

/** Weekly money the agreement was made for, in pence: its ceiling spread evenly over its days. */
export function plannedWeekPence({ ceilingPence, startsOn, endsOn }: Pick<ForecastInput, 'ceilingPence' | 'startsOn' | 'endsOn'>): number {
  return (ceilingPence * 7) / (daysBetween(startsOn, endsOn) + 1);
}

/** Every number of the run rate, low to high, from the facts known on the day. Throws a RangeError for a text that is not a date. */
export function paceOf(input: ForecastInput): Pace {
  const weeks = fullWeeks(input);
  const mix = mixOverDayRate(input);
  const observed = observedRatio(input, weeks);
  const observedCost = costObserved(input, mix);
  const ratio = ratios(input, weeks, observed, observedCost);
  const minutesPerPost = input.plan?.minutesPerWeek ?? averageWeek(input);
  const start = starts(input);
  return {
    start, ratio, mix, observed, observedCost, minutesPerPost, ...postsOf(input, { minutesPerPost, mix, ratio: input.basis === 'hours' ? input.productiveRatio : 1 }),
    filled: filledFrom(input, start), withoutStaff: input.wardens.length === 0 && weeks.length > 0 ? spreadOf(weeks.map(({ minutes }) => minutes), input.assumed.spreadShare) : null,
  };
}

interface Week {
  readonly monday: string;
  readonly minutes: number;
  readonly contract: number;
}

/** The latest full weeks of patrols, each with what was delivered and the contract minutes in post; none before patrols began. */
function fullWeeks({ patrolsStart, knownOn, delivered, wardens, assumed }: ForecastInput): Week[] {
  if (patrolsStart === null || patrolsStart > knownOn) return [];
  const weeks: Week[] = [];
  for (let monday = addDays(mondayOf(addDays(knownOn, 1)), -7); monday >= patrolsStart && weeks.length < assumed.runRateWeeks; monday = addDays(monday, -7)) {
    const next = addDays(monday, 7);
    const minutes = delivered.filter(({ on }) => on >= monday && on < next).reduce((sum, each) => sum + each.minutes, 0);
    let contract = 0;
    for (let day = monday; day < next; day = addDays(day, 1)) contract += minutesInPost(wardens, day) / 7;
    weeks.push({ monday, minutes, contract });
  }
  return weeks;
}

function observedRatio({ assumed }: ForecastInput, weeks: readonly Week[]): Pace['observed'] {
  const staffed = weeks.filter(({ contract }) => contract > 0);
  if (staffed.length < assumed.leastWeeks) return null;
  const sum = (value: (week: Week) => number): number => staffed.reduce((total, week) => total + value(week), 0);
  return { weeks: staffed.length, ratio: sum(({ minutes }) => minutes) / sum(({ contract }) => contract) };
}

/** Commitments of the latest full months against the cost of contract hours on their days with patrols; null on hours, with too few days, or where they are too little to be the cost of hours. */
function costObserved({ basis, patrolsStart, knownOn, commitments, wardens, rates, assumed }: ForecastInput, mix: number): Pace['observedCost'] {
  if (basis !== 'cost' || patrolsStart === null) return null;
  const months: string[] = [];
  let [days, spent, contract] = [0, 0, 0];
  let last = addDays(`${addDays(knownOn, 1).slice(0, 7)}-01`, -1);
  while (months.length < Math.max(1, Math.round((assumed.runRateWeeks * 12) / 52)) && last >= patrolsStart) {
    const month = last.slice(0, 7);
    months.unshift(month);
    spent += commitments.filter(({ effectiveOn }) => effectiveOn.slice(0, 7) === month).reduce((sum, { pence }) => sum + pence, 0);
    for (let on = patrolsStart > `${month}-01` ? patrolsStart : `${month}-01`; on <= last; on = addDays(on, 1)) {
      contract += ((minutesInPost(wardens, on) / 7) * dayRate(rates, on) * mix) / 60;
      days += 1;
    }
    last = addDays(`${month}-01`, -1);
  }
  return contract > 0 && spent >= contract * assumed.recordShare && days >= assumed.leastWeeks * 7 ? { months, ratio: spent / contract } : null;
}

function ratios({ basis, productiveRatio, assumed }: ForecastInput, weeks: readonly Week[], observed: Pace['observed'], observedCost: Pace['observedCost']): ByScenario<number> {
  const around = (central: number): ByScenario<number> => ({ low: central * (1 - assumed.spreadShare), central, high: central * (1 + assumed.spreadShare) });
  if (basis === 'cost') return around(observedCost?.ratio ?? 1);
  if (!observed) return around(productiveRatio);
  const quartiles = spreadOf(weeks.filter(({ contract }) => contract > 0).map(({ minutes, contract }) => minutes / contract), 0);
  return { low: Math.min(quartiles.low, observed.ratio), central: observed.ratio, high: Math.max(quartiles.high, observed.ratio) };
}

/** Lower quartile, mean and upper quartile of some weeks; where they are all alike, the mean less and more a share of it. */
function spreadOf(values: readonly number[], share: number): ByScenario<number> {
  const sorted = [...values].sort((a, b) => a - b);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, sorted.length);
  const low = sorted[Math.floor((sorted.length - 1) / 4)] ?? mean;
  const high = sorted[Math.ceil(((sorted.length - 1) * 3) / 4)] ?? mean;
  return low === high ? { low: mean * (1 - share), central: mean, high: mean * (1 + share) } : { low: Math.min(low, mean), central: mean, high: Math.max(high, mean) };
}

function averageWeek({ wardens, assumed }: ForecastInput): number {
  return wardens.length === 0 ? assumed.contractHours * 60 : wardens.reduce((sum, { minutesPerWeek }) => sum + minutesPerWeek, 0) / wardens.length;
}

/** The posts planned; where no number is entered, as many whole posts as the planned weekly money pays for, or as are in post when that is more. */
function postsOf(input: ForecastInput, { minutesPerPost, mix, ratio }: { minutesPerPost: number; mix: number; ratio: number }): Pick<Pace, 'posts' | 'postsFromMoney'> {
  if (input.plan) return { posts: input.plan.posts, postsFromMoney: false };
  const day = input.rates.find(({ band }) => band === 'day')?.pencePerHour ?? 0;
  const weekly = (minutesPerPost / 60) * ratio * day * mix;
  return { posts: Math.max(weekly > 0 ? Math.floor(plannedWeekPence(input) / weekly) : 0, postsFilled(input.wardens, input.knownOn)), postsFromMoney: true };
}

/**
 * A start that has come, or that is dated, is taken as it is; a dated one may slip in the low case. One nobody has dated comes late by as much as starts
 * of this grant did, and not sooner than that from now.
 */
function starts(input: ForecastInput): ByScenario<string> {
  const { patrolsStart, knownOn, assumed: { slipWeeksLow, slipWeeksCentral, slipWeeksHigh } } = input;
  const slip = [slipWeeksHigh, slipWeeksCentral, slipWeeksLow].sort((a, b) => a - b);
  const [high = 0, central = 0, low = 0] = slip.map((weeks) => weeks * 7);
  if (patrolsStart !== null) return { low: patrolsStart <= knownOn ? patrolsStart : addDays(patrolsStart, high), central: patrolsStart, high: patrolsStart };
  const planned = input.plan?.startsOn ?? input.startsOn;
  const later = (a: string, b: string): string => (a > b ? a : b);
  return {
    high: later(addDays(planned, high), addDays(knownOn, 1)), central: later(addDays(planned, central), addDays(knownOn, Math.max(1, high))),
    low: later(addDays(planned, low), addDays(knownOn, Math.max(1, central))),
  };
}

/** When empty posts count as filled. A council with nobody in post begins with its posts on its first day of patrols. */
function filledFrom(input: ForecastInput, start: ByScenario<string>): ByScenario<string | null> {
  const { plan, knownOn, wardens, assumed } = input;
  const begun = input.patrolsStart !== null && input.patrolsStart <= knownOn;
  if (!begun && wardens.every(({ employedTo }) => employedTo !== null && employedTo <= start.high)) return start;
  if (begun && wardens.length === 0 && !plan) return byScenario(() => null);
  const high = addDays(knownOn, assumed.recruitWeeksHigh * 7);
  const central = addDays(knownOn, Math.max(assumed.recruitWeeksCentral, assumed.recruitWeeksHigh) * 7);
  const told = plan?.filledOn && plan.filledOn > knownOn ? plan.filledOn : null;
  if (!plan) return { low: null, central: null, high };
  return told ? { low: null, central: told, high: told < high ? told : high } : { low: null, central, high };
}

/** Minutes a week that are paid on a day still to come. */
export function paidMinutesPerWeek(input: ForecastInput, pace: Pace, scenario: Scenario, on: string): number {
  const patrols = on >= pace.start[scenario];
  if (pace.withoutStaff) return patrols ? pace.withoutStaff[scenario] : 0;
  if (input.basis === 'hours' && !patrols) return 0;
  const filled = pace.filled[scenario];
  const empty = patrols && filled !== null && on >= filled ? Math.max(0, pace.posts - postsFilled(input.wardens, on)) : 0;
  return (minutesInPost(input.wardens, on) + empty * pace.minutesPerPost) * pace.ratio[scenario];
}

