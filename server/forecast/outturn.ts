/**
 * The outturn of an agreement: paid + accrued + approved + claimed + committed + delivered and not yet claimed + run rate × what remains, from the
 * council's own start and staff in post, never a straight line from the first day. Low, central and high, each assumption in words. Pure.
 */
import { addDays, daysBetween } from '../patrols/calendar.ts';
import { type ByScenario, dayRate, type ForecastInput, minutesInPost, postsFilled, rateAt, type Scenario, settled } from './known.ts';
import { assumptionsInWords } from './outturnWords.ts';
import { type Pace, paceOf, paidMinutesPerWeek } from './pace.ts';

/** What has been spent or promised by the known day, in whole pence; each penny stands in one of them. */
export interface ToDate {
  readonly paidPence: number;
  readonly approvedPence: number;
  readonly claimedPence: number;
  readonly accruedPence: number;
  readonly atRiskPence: number;
  /** Commitments of months that no claim covers yet, and of days ahead. */
  readonly committedPence: number;
  /** Cost of what was delivered in those months, as far as it is more than their commitments. */
  readonly deliveredPence: number;
  readonly totalPence: number;
}

export interface OutturnMonth {
  /** `YYYY-MM`. */
  readonly month: string;
  /** Cumulative at the end of the month, or on the known day in its month; null for months still to come. */
  readonly actualPence: number | null;
  readonly committedPence: number | null;
  /** Cumulative at the end of the month; null before the month of the known day. */
  readonly lowPence: number | null;
  readonly centralPence: number | null;
  readonly highPence: number | null;
}

export interface Outturn {
  readonly toDate: ToDate;
  /** Run rate × what remains. */
  readonly remaining: ByScenario<number>;
  /** What would be spent if the ceiling did not hold. */
  readonly uncapped: ByScenario<number>;
  /** Never over the ceiling, which is all the agreement pays. */
  readonly outturn: ByScenario<number>;
  /** Ceiling less outturn; named after the outturn it belongs to. */
  readonly underspend: ByScenario<number>;
  /** Central underspend as a share of the ceiling. */
  readonly underspendShare: number;
  /** The day on which the central forecast reaches the ceiling; null when it does not. */
  readonly moneyOutOn: string | null;
  readonly pace: Pace;
  /** On the known day. */
  readonly postsInPost: number;
  readonly contractMinutesPerWeek: number;
  readonly assumptions: readonly string[];
  readonly months: readonly OutturnMonth[];
}

/**
 * The forecast of one agreement from the facts given. Fractions of a penny are kept until the end; each component is rounded once, half up.
 * Throws a RangeError for a text that is not a date.
 */
export function forecastOutturn(given: ForecastInput): Outturn {
  const input = settled(given);
  const pace = paceOf(input);
  const spent = spentByMonth(input, pace);
  const toDate = toDateOf(input, spent);
  const days = { low: daysAhead(input, pace, 'low'), central: daysAhead(input, pace, 'central'), high: daysAhead(input, pace, 'high') };
  const each = (value: (scenario: Scenario) => number): ByScenario<number> => ({ low: value('low'), central: value('central'), high: value('high') });
  const remaining = each((scenario) => Math.round(days[scenario].reduce((sum, { pence }) => sum + pence, 0)));
  const uncapped = each((scenario) => toDate.totalPence + remaining[scenario]);
  const outturn = each((scenario) => Math.min(input.ceilingPence, uncapped[scenario]));
  const underspend = each((scenario) => input.ceilingPence - outturn[scenario]);
  return {
    toDate, remaining, uncapped, outturn, underspend, underspendShare: underspend.central / input.ceilingPence, moneyOutOn: reaches(input.ceilingPence, toDate.totalPence, days.central),
    pace, postsInPost: postsFilled(input.wardens, input.knownOn), contractMinutesPerWeek: minutesInPost(input.wardens, input.knownOn),
    assumptions: assumptionsInWords(input, pace), months: monthsOf(input, spent, toDate.totalPence, days),
  };
}

interface MonthSpent {
  readonly month: string;
  readonly committed: number;
  /** What counts beyond the commitments. */
  readonly delivered: number;
}

/** The first day that neither a claim nor an accrual covers. */
const uncoveredFrom = ({ ledger, startsOn }: ForecastInput): string => (ledger.coveredTo !== null && ledger.coveredTo >= startsOn ? addDays(ledger.coveredTo, 1) : startsOn);

/**
 * What was committed, and what was delivered beside it, in each month no claim covers. Commitments are promises beside the hours, unless they record what hours
 * cost: then a full month that has some counts those, and another the larger of both.
 */
function spentByMonth(input: ForecastInput, pace: Pace): MonthSpent[] {
  const from = uncoveredFrom(input);
  const last = input.knownOn < input.endsOn ? input.knownOn : input.endsOn;
  const found = new Map<string, { committed: number; delivered: number }>();
  const add = (on: string, key: 'committed' | 'delivered', pence: number): void => {
    const month = on.slice(0, 7);
    const row = found.get(month) ?? { committed: 0, delivered: 0 };
    found.set(month, { ...row, [key]: row[key] + pence });
  };
  for (const { effectiveOn, pence } of input.commitments) if (effectiveOn >= from && effectiveOn <= last) add(effectiveOn, 'committed', pence);
  for (const { on, pence } of deliveredDays(input, pace, from, last)) add(on, 'delivered', pence);
  const full = (month: string): boolean => addDays(`${addDays(last, 1).slice(0, 7)}-01`, -1).slice(0, 7) >= month;
  const beside = (month: string, { committed, delivered }: { committed: number; delivered: number }): number =>
    (pace.observedCost === null ? delivered : full(month) && committed > 0 ? 0 : Math.max(0, delivered - committed));
  return [...found].map(([month, row]) => ({ month, committed: row.committed, delivered: beside(month, row) })).sort((a, b) => (a.month < b.month ? -1 : 1));
}

/** What each day gone by cost: hours in hotspots on hours, contract hours of who was in post on cost. */
function deliveredDays(input: ForecastInput, pace: Pace, from: string, last: string): DayAhead[] {
  if (input.basis === 'hours') {
    return input.delivered.filter(({ on }) => on >= from && on <= last).map(({ on, band, minutes }) => ({ on, pence: (minutes * rateAt(input.rates, input.bankHolidays, on, band)) / 60 }));
  }
  const days: DayAhead[] = [];
  for (let on = from; on <= last; on = addDays(on, 1)) days.push({ on, pence: ((minutesInPost(input.wardens, on) / 7) * pace.ratio.central * dayRate(input.rates, on) * pace.mix) / 60 });
  return days;
}

function toDateOf({ ledger, commitments, knownOn }: ForecastInput, spent: readonly MonthSpent[]): ToDate {
  const ahead = commitments.filter(({ effectiveOn }) => effectiveOn > knownOn).reduce((sum, { pence }) => sum + pence, 0);
  const { paidPence, approvedPence, claimedPence, accruedPence, atRiskPence } = ledger;
  const committedPence = Math.round(spent.reduce((sum, { committed }) => sum + committed, 0) + ahead);
  const deliveredPence = Math.round(spent.reduce((sum, { delivered }) => sum + delivered, 0));
  return {
    paidPence, approvedPence, claimedPence, accruedPence, atRiskPence, committedPence, deliveredPence,
    totalPence: paidPence + approvedPence + claimedPence + accruedPence + atRiskPence + committedPence + deliveredPence,
  };
}

interface DayAhead {
  readonly on: string;
  readonly pence: number;
}

/** Each day still to come with what it costs. A day already claimed or accrued costs nothing more. */
function daysAhead(input: ForecastInput, pace: Pace, scenario: Scenario): DayAhead[] {
  const days: DayAhead[] = [];
  const covered = uncoveredFrom(input);
  let on = addDays(input.knownOn, 1);
  if (on < input.startsOn) on = input.startsOn;
  for (; on <= input.endsOn; on = addDays(on, 1)) {
    days.push({ on, pence: on < covered ? 0 : (paidMinutesPerWeek(input, pace, scenario, on) / 7 / 60) * dayRate(input.rates, on) * pace.mix });
  }
  return days;
}

function reaches(ceilingPence: number, spentPence: number, days: readonly DayAhead[]): string | null {
  let sum = spentPence;
  if (sum > ceilingPence) return days[0]?.on ?? null;
  for (const { on, pence } of days) {
    sum += pence;
    if (Math.round(sum) > ceilingPence) return on;
  }
  return null;
}

/** Cumulative rows by month from the agreement's first to its last: what the drawing and its table show. */
function monthsOf(input: ForecastInput, spent: readonly MonthSpent[], total: number, days: ByScenario<readonly DayAhead[]>): OutturnMonth[] {
  const knownMonth = input.knownOn.slice(0, 7);
  const capped = (pence: number): number => Math.min(input.ceilingPence, Math.round(pence));
  return monthsBetween(input.startsOn, input.endsOn).map((month) => {
    const past = month <= knownMonth;
    const actual = input.ledger.movements.filter(({ on }) => on.slice(0, 7) <= month).reduce((sum, { pence }) => sum + pence, 0);
    const known = spent.filter((row) => row.month <= month).reduce((sum, row) => sum + row.committed + row.delivered, 0);
    const forecast = (scenario: Scenario): number | null => (month < knownMonth ? null
      : capped(total + days[scenario].filter(({ on }) => on.slice(0, 7) <= month).reduce((sum, { pence }) => sum + pence, 0)));
    return {
      month, actualPence: past ? actual : null,
      // On the known day commitments of days ahead are in as well: that is where the forecast begins.
      committedPence: !past ? null : month === knownMonth ? total : Math.round(actual + known),
      lowPence: forecast('low'), centralPence: forecast('central'), highPence: forecast('high'),
    };
  });
}

/** Months `YYYY-MM` from the month of one day to that of another. */
export function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  for (let day = `${from.slice(0, 7)}-01`; day <= to; day = `${addDays(day, 31).slice(0, 7)}-01`) months.push(day.slice(0, 7));
  return months;
}

export const daysLeft = (knownOn: string, endsOn: string): number => Math.max(0, daysBetween(knownOn, endsOn));
