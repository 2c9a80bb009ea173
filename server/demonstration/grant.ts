/**
 * The demonstration grant: a fund of the size and period of the Cleveland pilot, four agreements, rates with dates and wardens by reference.
 * Award, period, months in which patrols began and the range of wardens are published; how the award is split, the rates and the exact days are not,
 * so what stands here is invented and says so.
 */
import { addDays, weekdayOf } from '../patrols/calendar.ts';

export const splitIsInvented = 'demonstration split, not a published figure';

export const demonstrationFund = {
  name: 'Anti-social behaviour hotspot response pilot 2023/24 (demonstration)',
  funder: 'Home Office',
  awardPence: 100_000_000,
  startsOn: '2023-07-01',
  endsOn: '2024-03-31',
  purpose: `Uniformed patrols in agreed anti-social behaviour hotspots. Four agreements: ${splitIsInvented}.`,
} as const;

export type RateBand = 'day' | 'evening' | 'night' | 'saturday' | 'sunday' | 'bank_holiday';

export interface DemonstrationAgreement {
  readonly councilCode: string;
  readonly reference: string;
  readonly ceilingPence: number;
  readonly state: 'live' | 'live at risk';
  /** Patrol hours for each paid hour; £73 to £110 a patrol hour (national plan) against pay of about £19 to £25 gives a fifth to a third. */
  readonly productiveRatio: number;
  readonly dayPencePerHour: number;
  /** First day of patrols; months as published, days invented. */
  readonly patrolsFrom: string;
  readonly wardens: number;
  /** Hotspots the council takes from the analysis, 19 in all; how many each took is invented. */
  readonly hotspots: number;
  /** Share of planned visits made once patrols have settled; a trial in Birmingham delivered 53 to 58 % of its plan. */
  readonly delivered: number;
  /** What the crews in post manage in a week, whatever the money would pay: recruiting was slow, and over half of the pilot's award stayed unspent. */
  readonly mostVisits: number;
  readonly committedPence: number;
}

export const demonstrationAgreements: readonly DemonstrationAgreement[] = [
  { councilCode: 'E06000001', reference: 'DEMO-ASB-23-H', ceilingPence: 20_500_000, state: 'live', productiveRatio: 0.23, dayPencePerHour: 2_030, patrolsFrom: '2023-10-02', wardens: 4, hotspots: 4, delivered: 0.6, mostVisits: 34, committedPence: 1_850_000 },
  { councilCode: 'E06000002', reference: 'DEMO-ASB-23-M', ceilingPence: 31_500_000, state: 'live', productiveRatio: 0.21, dayPencePerHour: 2_110, patrolsFrom: '2023-08-14', wardens: 10, hotspots: 6, delivered: 0.64, mostVisits: 54, committedPence: 2_900_000 },
  { councilCode: 'E06000003', reference: 'DEMO-ASB-23-R', ceilingPence: 21_500_000, state: 'live at risk', productiveRatio: 0.2, dayPencePerHour: 2_070, patrolsFrom: '2023-12-04', wardens: 5, hotspots: 4, delivered: 0.55, mostVisits: 30, committedPence: 1_700_000 },
  { councilCode: 'E06000004', reference: 'DEMO-ASB-23-S', ceilingPence: 26_500_000, state: 'live', productiveRatio: 0.22, dayPencePerHour: 2_050, patrolsFrom: '2023-08-21', wardens: 8, hotspots: 5, delivered: 0.58, mostVisits: 46, committedPence: 2_300_000 },
];

/** Enhancements on the day rate, invented; a pay award of 4 % comes in the autumn, so that every agreement has a rate with an end. */
const enhancements: Readonly<Record<RateBand, number>> = { day: 1, evening: 1.1, night: 1.33, saturday: 1.25, sunday: 1.5, bank_holiday: 2 };
export const payAwardOn = '2023-11-01';
const payAward = 1.04;

export interface DemonstrationRate {
  readonly band: RateBand;
  readonly pencePerHour: number;
  readonly validFrom: string;
  /** First day it no longer holds. */
  readonly validTo: string | null;
}

/** The rates of an agreement in whole pence, before and after the pay award. */
export function ratesOf(agreement: DemonstrationAgreement): DemonstrationRate[] {
  return (Object.entries(enhancements) as [RateBand, number][]).flatMap(([band, factor]) => [
    { band, pencePerHour: Math.round(agreement.dayPencePerHour * factor), validFrom: demonstrationFund.startsOn, validTo: payAwardOn },
    { band, pencePerHour: Math.round(agreement.dayPencePerHour * factor * payAward), validFrom: payAwardOn, validTo: null },
  ]);
}

export interface DemonstrationWarden {
  readonly councilCode: string;
  readonly reference: string;
  readonly employedFrom: string;
  readonly contractMinutesPerWeek: number;
}

/** Wardens by reference: half in post when patrols begin, the rest three and six weeks later, since recruiting was slow. */
export function wardensOf(agreement: DemonstrationAgreement): DemonstrationWarden[] {
  const letter = agreement.reference.slice(-1);
  return Array.from({ length: agreement.wardens }, (_, index) => ({
    councilCode: agreement.councilCode,
    reference: `DEMO-${letter}${String(index + 1).padStart(2, '0')}`,
    employedFrom: addDays(agreement.patrolsFrom, index < Math.max(4, agreement.wardens / 2) ? -14 : 21 * (1 + (index % 2))),
    contractMinutesPerWeek: index % 4 === 3 ? 1_200 : 2_220,
  }));
}

/** What an hour is paid on a date in a band of four hours (0 to 5), in pence: the highest enhancement that applies. */
export function penceAt(agreement: DemonstrationAgreement, date: string, band: number): number {
  const weekday = weekdayOf(date);
  const applies: Readonly<Record<RateBand, boolean>> = { day: true, evening: band >= 4, night: band <= 1, saturday: weekday === 5, sunday: weekday === 6, bank_holiday: false };
  return Math.max(...ratesOf(agreement).filter(({ band: kind, validFrom, validTo }) => applies[kind] && validFrom <= date && (validTo === null || date < validTo)).map(({ pencePerHour }) => pencePerHour));
}

/** First days of patrols by council. */
export function patrolStarts(): Record<string, string> {
  return Object.fromEntries(demonstrationAgreements.map(({ councilCode, patrolsFrom }) => [councilCode, patrolsFrom]));
}
