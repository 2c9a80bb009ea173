/** One agreement's week as a problem: the bands each hotspot may be visited in, what visits there cost and gain, and the limits on them. */
import type { AllocationAgreement, AllocationHotspot, AllocationInput, AllocationSettings, NothingCode } from './allocation.ts';
import type { Band } from './bands.ts';
import { bandsPerDay, daysPerWeek, usualBandMinutes } from './bands.ts';
import { isOpenOn, requirementsOf } from './allocationMinimums.ts';
import { coverage, visitCostPence, visitGain, visitsThatFit } from './gain.ts';
import { pounds } from './allocationWords.ts';

/** A hotspot and a band in which it may be visited. */
export interface Cell {
  readonly hotspot: number;
  readonly band: Band;
  /** λ in this band's real minutes. */
  readonly expected: number;
  readonly costPence: number;
  readonly personMinutes: number;
  readonly max: number;
  /** Cells of one hotspot in one shift share a group; -1 when the band is in no shift. */
  readonly group: number;
  /** Gains of the first, second, … visit; falling. */
  readonly gains: readonly number[];
}

/** A promise: in every row at least `wanted` visits. What is missing is the largest lack of any row. */
export interface Requirement {
  readonly rule: 'minimum' | 'gap' | 'floor';
  readonly hotspot: number;
  readonly name: string;
  readonly penalty: number;
  readonly rows: readonly { readonly wanted: number; readonly cells: readonly number[] }[];
}

export interface Problem {
  readonly agreement: AllocationAgreement;
  readonly settings: AllocationSettings;
  readonly bands: readonly Band[];
  /** Live hotspots with at least one day inside the agreement, by id. */
  readonly hotspots: readonly AllocationHotspot[];
  readonly cells: readonly Cell[];
  /** First cell of each hotspot, and one past the last. */
  readonly cellStart: readonly number[];
  readonly moneyPence: number;
  readonly shareLimitPence: readonly number[];
  /** Pence by which each share limit grows with a penny more money; 0 where something else sets it. */
  readonly shareSlope: readonly number[];
  readonly minutesAvailable: readonly number[] | null;
  readonly groups: number;
  readonly requirements: readonly Requirement[];
  readonly nothing: { readonly code: NothingCode; readonly text: string } | null;
}

/** The problem of one agreement in the week of `bands` (42). Hotspots are put in the order of their ids, so that the order given never decides. */
export function buildProblem(input: AllocationInput, agreement: AllocationAgreement, bands: readonly Band[]): Problem {
  const hotspots = input.hotspots
    .filter((hotspot) => hotspot.agreementId === agreement.id && bands.some((band) => isOpenOn(agreement, hotspot, band.date)))
    .toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const cells: Cell[] = [];
  const cellStart = [0];
  hotspots.forEach((hotspot, index) => {
    for (const band of bands) {
      const cell = cellOf(input.settings, agreement, hotspot, index, band);
      if (cell) cells.push(cell);
    }
    cellStart.push(cells.length);
  });
  const requirements = requirementsOf(input.settings, agreement, hotspots, cells, cellStart, bands);
  return {
    agreement, settings: input.settings, bands, hotspots, cells, cellStart, requirements,
    moneyPence: agreement.moneyPence,
    ...shareLimits(input.settings, agreement, cells, cellStart),
    minutesAvailable: agreement.personMinutesAvailable,
    groups: hotspots.length * daysPerWeek * input.settings.shifts.length,
    nothing: nothingBecause(agreement, hotspots.length, cells, bands),
  };
}

function cellOf(settings: AllocationSettings, agreement: AllocationAgreement, hotspot: AllocationHotspot, index: number, band: Band): Cell | null {
  const rate = agreement.ratesPencePerHour[band.index] ?? null;
  if (rate === null || !isOpenOn(agreement, hotspot, band.date)) return null;
  const personMinutes = hotspot.personMinutesPerVisit;
  const onRota = agreement.personMinutesAvailable?.[band.index] ?? Number.POSITIVE_INFINITY;
  const shift = settings.shifts.findIndex((bandsOfShift) => bandsOfShift.includes(band.band));
  const max = Math.min(
    settings.maxVisitsPerBand, visitsThatFit(settings, band.minutes), Math.floor(onRota / personMinutes),
    shift < 0 ? Number.POSITIVE_INFINITY : settings.maxPerShift,
  );
  if (max < 1) return null;
  const expected = ((hotspot.expected[band.index] ?? 0) * band.minutes) / usualBandMinutes;
  const kappa = coverage(settings, band.minutes);
  return {
    hotspot: index, band, expected, personMinutes, max,
    costPence: visitCostPence(personMinutes, rate, agreement.productiveRatio),
    group: shift < 0 ? -1 : (index * daysPerWeek + band.day) * settings.shifts.length + shift,
    gains: Array.from({ length: max }, (_, ordinal) => visitGain(expected, settings.effect.central, kappa, ordinal + 1)),
  };
}

/**
 * Most that one hotspot may cost: its share of what the week can buy (the money, or what the rota's minutes cost if that is less).
 * Never less than its minimum visits (or one) at their dearest, so that the limit alone leaves nobody short.
 */
export function shareLimits(settings: AllocationSettings, agreement: AllocationAgreement, cells: readonly Cell[], cellStart: readonly number[]) {
  const count = cellStart.length - 1;
  const share = Math.min(1, Math.max(settings.maxShare, settings.minShareOfEqual / Math.max(1, count)));
  const rota = rotaWorthPence(agreement);
  const limit = Math.floor(share * Math.min(agreement.moneyPence, rota));
  const shareLimitPence: number[] = [];
  const shareSlope: number[] = [];
  for (let hotspot = 0; hotspot < count; hotspot++) {
    const dearest = cells.slice(cellStart[hotspot], cellStart[hotspot + 1]).reduce((most, cell) => Math.max(most, cell.costPence), 0);
    const minimum = Math.max(1, settings.minimumVisitsPerWeek) * dearest;
    shareLimitPence.push(Math.max(limit, minimum));
    shareSlope.push(limit >= minimum && agreement.moneyPence < rota ? share : 0);
  }
  return { shareLimitPence, shareSlope };
}

function rotaWorthPence(agreement: AllocationAgreement): number {
  if (agreement.personMinutesAvailable === null) return Number.POSITIVE_INFINITY;
  return agreement.personMinutesAvailable.reduce((sum, minutes, index) => sum + visitCostPence(minutes, agreement.ratesPencePerHour[index] ?? 0, agreement.productiveRatio), 0);
}

/** Why no visit at all can be given, first cause first; null when one can. */
function nothingBecause(agreement: AllocationAgreement, hotspots: number, cells: readonly Cell[], bands: readonly Band[]): Problem['nothing'] {
  const monday = bands[0]?.date ?? '';
  const sunday = bands[bandsPerDay * daysPerWeek - 1]?.date ?? '';
  if (agreement.startsOn > sunday) return { code: 'agreement-not-started', text: `The agreement starts on ${agreement.startsOn}, after this week.` };
  if (agreement.endsOn < monday) return { code: 'agreement-ended', text: `The agreement ended on ${agreement.endsOn}, before this week.` };
  if (hotspots === 0) return { code: 'no-live-hotspot', text: 'No hotspot of this agreement is live this week. Adopt one, or check the live dates.' };
  if (agreement.moneyPence === 0) return { code: 'no-money', text: 'No money is left in the agreement for this week.' };
  const inForce = bands.filter((band) => band.date >= agreement.startsOn && band.date <= agreement.endsOn);
  if (inForce.every((band) => (agreement.ratesPencePerHour[band.index] ?? null) === null)) {
    return { code: 'no-rate', text: 'No hourly rate is agreed for any day of this week. Enter one with its dates.' };
  }
  if (cells.length === 0) return { code: 'no-wardens', text: 'The rota has no band this week with enough wardens for a visit.' };
  const cheapest = cells.reduce((least, cell) => Math.min(least, cell.costPence), Number.POSITIVE_INFINITY);
  if (cheapest > agreement.moneyPence) {
    return { code: 'money-below-one-visit', text: `The cheapest visit costs ${pounds(cheapest)}; the week has ${pounds(agreement.moneyPence)}.` };
  }
  return null;
}
