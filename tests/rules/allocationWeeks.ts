/** Small weeks for the allocation's tests, and a second, plain reading of its limits and promises to check plans by. */
import type { AgreementPlan, AllocationAgreement, AllocationHotspot, AllocationInput, AllocationSettings } from '../../server/patrols/allocation.ts';
import { defaultAllocationSettings } from '../../server/patrols/allocation.ts';
import { bandsOfWeek } from '../../server/patrols/bands.ts';
import { addDays } from '../../server/patrols/calendar.ts';

export interface Visited {
  readonly hotspotId: string;
  readonly date: string;
  readonly band: number;
  readonly costPence: number;
  readonly personMinutes: number;
}

/** 42 values: `value` in the bands named, `otherwise` elsewhere. */
export function inBands<T>(bands: readonly number[], value: T, otherwise: T): T[] {
  return Array.from({ length: 42 }, (_, index) => (bands.includes(index) ? value : otherwise));
}

/** The same value in all 42 bands. */
export function flat<T>(value: T): T[] {
  return inBands<T>([], value, value);
}

/** An agreement at £20 an hour, ratio 0.8: a pair's visit costs £20.00. */
export function agreement(changes: Partial<AllocationAgreement> = {}): AllocationAgreement {
  return {
    id: 'A', councilCode: 'E06000001', moneyPence: 100_000, productiveRatio: 0.8, ratesPencePerHour: flat(2_000),
    personMinutesAvailable: null, startsOn: '2023-08-01', endsOn: '2024-03-31', ...changes,
  };
}

/** A hotspot of agreement A with one incident expected in each band, a pair's 48 person-minutes a visit. */
export function hotspot(changes: Partial<AllocationHotspot> = {}): AllocationHotspot {
  return { id: 'h1', agreementId: 'A', liveFrom: '2023-08-01', liveTo: null, expected: flat(1), personMinutesPerVisit: 48, ...changes };
}

/** A week of those; no promises unless `settings` make them. */
export function week(agreements: AllocationAgreement[], hotspots: AllocationHotspot[], settings: Partial<AllocationSettings> = {}, weekStart = '2023-10-02'): AllocationInput {
  return { weekStart, agreements, hotspots, settings: { ...defaultAllocationSettings, ...settings } };
}

/** No minimum, no gap rule: gains alone decide. */
export const noPromises = { minimumVisitsPerWeek: 0, maxGapDays: 8 };

const openOn = (of: AllocationAgreement, place: AllocationHotspot, date: string): boolean =>
  date >= of.startsOn && date <= of.endsOn && date >= place.liveFrom && date <= (place.liveTo ?? '9999');

/** Every limit that a plan breaks, in words; an empty list for a plan that keeps all. */
export function brokenLimits(input: AllocationInput, of: AllocationAgreement, visits: readonly Visited[]): string[] {
  const { settings } = input;
  const broken: string[] = [];
  const places = input.hotspots.filter((place) => place.agreementId === of.id);
  const bands = bandsOfWeek(input.weekStart);
  const total = (some: readonly Visited[], what: 'costPence' | 'personMinutes'): number => some.reduce((sum, visit) => sum + visit[what], 0);
  if (total(visits, 'costPence') > of.moneyPence) broken.push(`spends ${total(visits, 'costPence')} of ${of.moneyPence}`);
  for (const visit of visits) {
    const place = places.find(({ id }) => id === visit.hotspotId);
    if (!place || !openOn(of, place, visit.date)) broken.push(`visits ${visit.hotspotId} on ${visit.date}`);
  }
  for (const band of bands) {
    const then = visits.filter((visit) => visit.date === band.date && visit.band === band.band);
    if (of.personMinutesAvailable && total(then, 'personMinutes') > (of.personMinutesAvailable[band.index] ?? 0)) broken.push(`takes too many wardens on ${band.date} in ${band.band}`);
    for (const { id } of places) {
      const here = then.filter((visit) => visit.hotspotId === id).length;
      if (here > settings.maxVisitsPerBand || here * 75 - 60 > band.minutes) broken.push(`visits ${id} ${here} times on ${band.date} in ${band.band}`);
    }
  }
  for (const { id } of places) {
    for (const date of new Set(bands.map((band) => band.date))) {
      for (const shift of settings.shifts) {
        const here = visits.filter((visit) => visit.hotspotId === id && visit.date === date && shift.includes(visit.band)).length;
        if (here > settings.maxPerShift) broken.push(`visits ${id} ${here} times in a shift on ${date}`);
      }
    }
  }
  return [...broken, ...overShare(input, of, visits)];
}

/** Hotspots over their share of the money, or over the price of their minimum (or one visit) where that is more. */
function overShare(input: AllocationInput, of: AllocationAgreement, visits: readonly Visited[]): string[] {
  const { settings } = input;
  const live = input.hotspots.filter((place) => place.agreementId === of.id && bandsOfWeek(input.weekStart).some(({ date }) => openOn(of, place, date)));
  const share = Math.min(1, Math.max(settings.maxShare, settings.minShareOfEqual / Math.max(1, live.length)));
  return live.flatMap((place) => {
    const { id, personMinutesPerVisit } = place;
    const spent = visits.filter((visit) => visit.hotspotId === id).reduce((sum, visit) => sum + visit.costPence, 0);
    // A band on a day before the agreement or after the hotspot has no price to count.
    const rates = bandsOfWeek(input.weekStart).filter(({ date }) => openOn(of, place, date)).map(({ index }) => of.ratesPencePerHour[index] ?? 0);
    const dearest = Math.max(...rates.map((rate) => Math.round((rate * personMinutesPerVisit) / 60 / of.productiveRatio)));
    return spent > Math.max(share * of.moneyPence, Math.max(1, settings.minimumVisitsPerWeek) * dearest) ? [`gives ${id} ${spent} of ${of.moneyPence}`] : [];
  });
}

/** Points a plan loses: visits short of each minimum, and one for each hotspot left too long; all penalties taken as 1. */
export function pointsLost(input: AllocationInput, of: AllocationAgreement, visits: readonly Visited[]): number {
  const { settings, weekStart } = input;
  return input.hotspots.filter((place) => place.agreementId === of.id).reduce((points, place) => {
    const mine = visits.filter((visit) => visit.hotspotId === place.id).map((visit) => visit.date);
    const days = Array.from({ length: 7 }, (_, day) => addDays(weekStart, day)).filter((date) => openOn(of, place, date)).length;
    const short = Math.max(0, Math.round((settings.minimumVisitsPerWeek * days) / 7) - mine.length);
    const starts = Array.from({ length: 7 }, (_, back) => back - settings.maxGapDays + 1).concat([1, 2, 3, 4, 5, 6]);
    const tooLong = starts.some((start) => {
      const run = Array.from({ length: settings.maxGapDays }, (_, index) => addDays(weekStart, start + index));
      if (start + settings.maxGapDays > 7 || start + settings.maxGapDays < 1 || !run.every((date) => openOn(of, place, date))) return false;
      if (start < 0 && (!place.lastVisitOn || place.lastVisitOn >= run[0]!)) return false;
      return !run.some((date) => mine.includes(date));
    });
    return points + short + (tooLong ? 1 : 0);
  }, 0);
}

/** The visits of a plan with nothing but what the checks read. */
export function visitedBy(plan: AgreementPlan): Visited[] {
  return plan.visits.map(({ hotspotId, date, band, costPence, personMinutes }) => ({ hotspotId, date, band, costPence, personMinutes }));
}
