/**
 * What one visit is worth and what it costs.
 *
 * While wardens are in a hotspot, and for some time after they leave, a part of the incidents does not happen. Each further visit in the
 * same band adds less, because more of the band is already covered: 1 − e^(−κn) of it after n visits, κ = (stay + residual) / band length.
 */
import type { AllocationSettings } from './allocation.ts';
import { bandsPerWeek, usualBandMinutes } from './bands.ts';

/** Weeks of data at which a hotspot's own band profile counts as much as its council's. */
export const shrinkageWeeks = 34;

/**
 * κ, the share of a band one visit covers: (visit hours + residual hours) ÷ the band's hours; no unit.
 * `bandMinutes` is the band's real length, so that the short night in spring has a larger κ. Default settings give 0.5625; without residual effect 0.0625.
 */
export function coverage(settings: AllocationSettings, bandMinutes: number = usualBandMinutes): number {
  const bandHours = settings.horizonHours * (bandMinutes / usualBandMinutes);
  return (settings.visitMinutes / 60 + settings.residualHours) / bandHours;
}

/**
 * Incidents the `ordinal`-th visit (1, 2, …) in a band prevents: λ·α·(e^(−κ(s−1)) − e^(−κs)).
 * `expected` is λ, incidents expected in the band; `effect` is α, the share prevented while fully covered.
 */
export function visitGain(expected: number, effect: number, kappa: number, ordinal: number): number {
  return expected * effect * (Math.exp(-kappa * (ordinal - 1)) - Math.exp(-kappa * ordinal));
}

/** Person-minutes one visit takes from the rota: crew × (stay + time to get there and write up); 48 with the default settings. */
export function personMinutesPerVisit(settings: AllocationSettings, crew: number = settings.crew): number {
  return crew * (settings.visitMinutes + settings.overheadMinutes);
}

/**
 * The cost of a visit in whole pence, rounded once, half up: person-minutes ÷ 60 × rate ÷ productive ratio.
 * `ratePencePerHour` is a whole number of pence per paid hour; `productiveRatio` is patrol hours per paid hour, read to four decimals.
 * Worked in whole numbers throughout, so that no binary fraction decides a halfpenny.
 */
export function visitCostPence(personMinutes: number, ratePencePerHour: number, productiveRatio: number): number {
  const numerator = personMinutes * ratePencePerHour * 10_000;
  const denominator = 60 * Math.round(productiveRatio * 10_000);
  return Math.floor((2 * numerator + denominator) / (2 * denominator));
}

/** Visits of one hotspot that fit into a band with the rest between them: 4 in 240 minutes, 3 in 180, with 15-minute visits 60 apart. */
export function visitsThatFit(settings: AllocationSettings, bandMinutes: number): number {
  return Math.floor((bandMinutes + settings.minutesApart) / (settings.visitMinutes + settings.minutesApart));
}

/** (bound − objective) ÷ bound as a fraction; 0 when there is nothing to gain. */
export function gapOf(objective: number, bound: number): number {
  return bound > 0 ? Math.max(0, (bound - objective) / bound) : 0;
}

export interface ExpectedIncidents {
  /** 42 incidents expected a week, Monday 00:00 first. */
  readonly expected: readonly number[];
  readonly profile: 'own' | 'council' | 'flat';
  /** How the hours were found, for the screen. */
  readonly says: string;
}

/**
 * Spreads a hotspot's weekly count over the 42 bands, its own profile drawn towards its council's with weight T/(T+34) for T weeks of data.
 * Profiles are 42 counts or shares, or null for a source without times; the council's stands in, or a flat one, and `says` tells which.
 * Throws a RangeError when a profile has not 42 values that are zero or more.
 */
export function expectedIncidents(
  weeklyCount: number,
  bandProfile: readonly number[] | null,
  councilProfile: readonly number[] | null,
  weeksOfData: number,
): ExpectedIncidents {
  checkCount('The weekly count', weeklyCount);
  checkCount('The weeks of data', weeksOfData);
  const council = shares(councilProfile, 'council');
  const base = council ?? Array.from({ length: bandsPerWeek }, () => 1 / bandsPerWeek);
  const own = shares(bandProfile, 'hotspot');
  const weight = own ? weeksOfData / (weeksOfData + shrinkageWeeks) : 0;
  const expected = base.map((share, index) => weeklyCount * (weight * (own?.[index] ?? 0) + (1 - weight) * share));
  return { expected, profile: weight > 0 ? 'own' : council ? 'council' : 'flat', says: sayProfile(weight, weeksOfData, council !== null) };
}

function sayProfile(weight: number, weeks: number, hasCouncil: boolean): string {
  const rest = hasCouncil ? "the council's" : 'a flat one';
  if (weight > 0) return `Hours from this hotspot's own ${weeks} weeks (weight ${weight.toFixed(2)}), drawn towards ${rest}.`;
  if (hasCouncil) return "This hotspot's source gives no times: the hours are those of the council's sources that have them.";
  return 'No source gives times here: incidents are spread evenly over the week, so the hours are not evidence.';
}

/** The profile as shares of 1; null when there is none or it is empty. */
function shares(profile: readonly number[] | null, whose: string): number[] | null {
  if (profile === null) return null;
  if (profile.length !== bandsPerWeek) {
    throw new RangeError(`The ${whose} band profile has ${profile.length} values; give ${bandsPerWeek}, one for each 4-hour band of the week.`);
  }
  profile.forEach((value, index) => checkCount(`Value ${index + 1} of the ${whose} band profile`, value));
  const total = profile.reduce((sum, value) => sum + value, 0);
  return total > 0 ? profile.map((value) => value / total) : null;
}

function checkCount(place: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`${place} is ${value}; give a number that is zero or more.`);
}
