/** The plan's sentences: why a visit is there, what stops the next one, who gets less and why. */
import type { AllocationSettings } from './allocation.ts';
import type { Cell, Problem, Requirement } from './allocationModel.ts';
import type { Stop } from './allocationState.ts';
import { sayDateAndBand } from './bands.ts';

/** Pence as pounds on screen: £1,234.50. */
export function pounds(pence: number): string {
  return `£${Math.floor(pence / 100).toString().replace(/\B(?=(\d{3})+$)/g, ',')}.${String(pence % 100).padStart(2, '0')}`;
}

/** `1 visit`, `2 visits`. */
export function sayCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What keeps one more visit out of a cell, as the end of a sentence; a `stop` of null means that only its worth does. */
export function sayStop(problem: Problem, cell: Cell, stop: Stop | null): string {
  const settings: AllocationSettings = problem.settings;
  switch (stop) {
    case 'band': return `no more than ${sayCount(cell.max, 'visit')} ${cell.max === 1 ? 'fits' : 'fit'} into this band`;
    case 'shift': return `a shift has at most ${sayCount(settings.maxPerShift, 'visit')} to one hotspot`;
    case 'share': return `the hotspot would pass its share of the week's money, ${pounds(problem.shareLimitPence[cell.hotspot] ?? 0)}`;
    case 'rota': return 'the rota has no more wardens then';
    case 'money': return "the week's money is used";
    case null: return 'another visit would prevent nothing';
  }
}

/** One visit explained: what is expected, what it gains and costs, which promise needs it, and what stops the next. */
export function sayVisit(problem: Problem, cell: Cell, ordinal: number, promise: Requirement | null, stop: Stop | null): string {
  const gain = cell.gains[ordinal - 1] ?? 0;
  const perThousand = (gain / Math.max(1, cell.costPence)) * 100_000;
  const kept = promise ? ` Chosen to keep ${sayPromise(problem.settings, promise)}.` : '';
  return (
    `${sayDateAndBand(cell.band.date, cell.band.band)}: ${cell.expected.toFixed(2)} incidents expected; visit ${ordinal} prevents ${gain.toFixed(3)} ` +
    `for ${pounds(cell.costPence)} (${perThousand.toFixed(2)} prevented per £1,000).${kept} One more here: ${sayStop(problem, cell, stop)}.`
  );
}

/** A promise as people say it. */
export function sayPromise(settings: AllocationSettings, promise: Requirement): string {
  const wanted = promise.rows[0]?.wanted ?? 0;
  if (promise.rule === 'minimum') return `the minimum of ${sayCount(wanted, 'visit')} this week`;
  if (promise.rule === 'floor') return `the floor of ${sayCount(wanted, 'visit')} for ${promise.name}`;
  return `no ${settings.maxGapDays} days running without a visit`;
}

/** Why a promise could not be kept, from what stops the cells that would have served it. */
export function sayShortfall(problem: Problem, stops: readonly (Stop | null)[]): string {
  if (stops.length === 0) return 'No band on the days in question has both a rate and enough wardens on the rota.';
  const has = (stop: Stop): boolean => stops.includes(stop);
  if (has('money')) return `The week's ${pounds(problem.moneyPence)} does not reach: it keeps the promises to other hotspots first where that costs least or prevents most.`;
  if (has('rota')) return 'The rota has no wardens left in the bands that would serve.';
  if (has('share')) return "The hotspot would pass its share of the week's money.";
  return 'No more visits fit into the shifts that would serve.';
}
