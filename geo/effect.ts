import { twoSidedP } from './normal.ts';
import type { Interval } from './smallNumbers.ts';

/** Counts of one area before and after. */
export interface BeforeAfter {
  before: number;
  after: number;
}

/** The 97.5 % point of the normal distribution. */
const z95 = 1.959963984540054;

/** What happened against a control area and, where there is a buffer, around it. */
export interface WeightedDisplacement {
  /** Fall in the response area, before less after. */
  grossEffect: number;
  /** Rb/Cb − Ra/Ca: above 0 where the response area did better than the control. */
  netEffect: number;
  /** Weighted displacement quotient; undefined unless the response area did better than the control. */
  quotient: number | undefined;
  /** Total net effect in incidents: those prevented in response area and buffer against the control's change. */
  totalNetEffect: number;
}

/**
 * Weighted displacement quotient and total net effect (Bowers & Johnson 2003, J. Quantitative Criminology 19:275-301), R response, D buffer,
 * C control: WDQ = (Da/Ca − Db/Cb)/(Ra/Ca − Rb/Cb), TNE = [Rb·Ca/Cb − Ra] + [Db·Ca/Cb − Da]. Above 0 the buffer gained with the response
 * area, below −1 displacement outweighed the effect. Throws when a control count is 0.
 */
export function weightedDisplacement(response: BeforeAfter, buffer: BeforeAfter, control: BeforeAfter): WeightedDisplacement {
  for (const counts of [response, buffer, control]) checkCounts(counts);
  if (control.before === 0 || control.after === 0) throw new RangeError('The control area has a count of 0: choose a larger control area or a longer period.');
  const below = response.after / control.after - response.before / control.before;
  const trend = control.after / control.before;
  return {
    grossEffect: response.before - response.after,
    netEffect: -below,
    quotient: below < 0 ? (buffer.after / control.after - buffer.before / control.before) / below : undefined,
    totalNetEffect: response.before * trend - response.after + (buffer.before * trend - buffer.after),
  };
}

/** A count for the weighted displacement difference; `weight` where its period or area is that many times the standard one. */
export interface WeightedCount extends BeforeAfter {
  weightBefore?: number;
  weightAfter?: number;
}

/** An effect with its uncertainty. */
export interface Effect {
  estimate: number;
  variance: number;
  z: number;
  p: number;
  interval95: Interval;
}

/** The weighted displacement difference, apart for the response area and the buffer, and together. */
export interface DisplacementDifference extends Effect {
  local: number;
  displaced: number;
}

/**
 * Weighted displacement difference (Wheeler & Ratcliffe 2018, Crime Science 7:11): (ΔT − ΔC) + (ΔD − ΔDC), its variance the sum of all eight
 * counts; a count over a period or area w times the standard is divided by w and its variance by w². Below 0 is fewer incidents. Standard
 * errors grow by √φ when counts are overdispersed. No incident at all gives 0 with an interval of no width.
 */
export function displacementDifference(target: WeightedCount, control: WeightedCount, buffer: WeightedCount, bufferControl: WeightedCount, overdispersion = 1): DisplacementDifference {
  const local = change(target) - change(control);
  const displaced = change(buffer) - change(bufferControl);
  const variance = overdispersion * [target, control, buffer, bufferControl].reduce((sum, counts) => sum + varianceOf(counts), 0);
  return { local, displaced, ...effectOf(local + displaced, variance) };
}

function change({ before, after, weightBefore = 1, weightAfter = 1 }: WeightedCount): number {
  checkCounts({ before, after });
  if (!(weightBefore > 0 && weightAfter > 0)) throw new RangeError(`Weights of ${weightBefore} and ${weightAfter} cannot be used: a period or area is above 0.`);
  return after / weightAfter - before / weightBefore;
}

function varianceOf({ before, after, weightBefore = 1, weightAfter = 1 }: WeightedCount): number {
  return before / weightBefore ** 2 + after / weightAfter ** 2;
}

function effectOf(estimate: number, variance: number): Effect {
  const se = Math.sqrt(variance);
  const z = se > 0 ? estimate / se : 0;
  return { estimate, variance, z, p: twoSidedP(z), interval95: { lower: estimate - z95 * se, upper: estimate + z95 * se } };
}

/** A ratio of rates with its uncertainty: below 1 is fewer incidents than the comparator leads one to expect. */
export interface RateRatio {
  ratio: number;
  logRatio: number;
  logStandardError: number;
  z: number;
  p: number;
  interval95: Interval;
}

/**
 * Difference in differences as a ratio of incidence rates: ln IRR = ln(T1/T0) − ln(C1/C0), standard error √Σ1/n, times √φ when counts are
 * overdispersed. A half is added to all four counts when one is 0 (Haldane), so that a quiet month gives a wide interval and not nothing.
 */
export function differenceInDifferences(target: BeforeAfter, control: BeforeAfter, overdispersion = 1): RateRatio {
  checkCounts(target);
  checkCounts(control);
  const raw = [target.after, target.before, control.after, control.before];
  const [t1, t0, c1, c0] = raw.map((count) => (raw.includes(0) ? count + 0.5 : count)) as [number, number, number, number];
  const logRatio = Math.log(t1 / t0) - Math.log(c1 / c0);
  const logStandardError = Math.sqrt(Math.max(1, overdispersion) * (1 / t1 + 1 / t0 + 1 / c1 + 1 / c0));
  const { z, p, interval95 } = effectOf(logRatio, logStandardError ** 2);
  return { ratio: Math.exp(logRatio), logRatio, logStandardError, z, p, interval95: { lower: Math.exp(interval95.lower), upper: Math.exp(interval95.upper) } };
}

/**
 * The smallest change in incidents that such counts could show with 80 % power at the 5 % level: about 2.8·√(φ·Σcounts). To be printed before
 * any result; one cell can hardly ever be evaluated.
 */
export function minimumDetectableEffect(counts: readonly number[], overdispersion = 1): number {
  return 2.8 * Math.sqrt(Math.max(1, overdispersion) * counts.reduce((sum, count) => sum + count, 0));
}

/** p of an observed change among placebo changes (sets chosen by the same rule a year earlier): (1 + as far or further below)/(B + 1). */
export function placeboP(observed: number, placebos: ArrayLike<number>): number {
  if (placebos.length === 0) throw new RangeError('There is no placebo to compare with: choose sets by the same rule in the year before.');
  let asFar = 0;
  for (let i = 0; i < placebos.length; i++) if ((placebos[i] as number) <= observed) asFar++;
  return (1 + asFar) / (placebos.length + 1);
}

function checkCounts({ before, after }: BeforeAfter): void {
  if (!(before >= 0 && after >= 0 && before < Infinity && after < Infinity)) throw new RangeError(`Counts of ${before} before and ${after} after cannot be compared: counts are 0 or more.`);
}
