/** Refuses an allocation input that cannot be meant, naming the place, the value and the cure. */
import type { AllocationAgreement, AllocationHotspot, AllocationInput, AllocationSettings } from './allocation.ts';
import { bandsPerDay, bandsPerWeek } from './bands.ts';
import { daysBetween, weekDates } from './calendar.ts';

/** Throws a RangeError for the first thing wrong; returns when all can be meant. */
export function checkAllocationInput(input: AllocationInput): void {
  weekDates(input.weekStart);
  checkSettings(input.settings);
  const agreements = new Set<string>();
  for (const agreement of input.agreements) {
    if (agreements.has(agreement.id)) throw new RangeError(`Agreement ${agreement.id} is given twice; give each agreement once.`);
    agreements.add(agreement.id);
    checkAgreement(agreement);
  }
  const hotspots = new Set<string>();
  for (const hotspot of input.hotspots) {
    if (hotspots.has(hotspot.id)) throw new RangeError(`Hotspot ${hotspot.id} is given twice; give each hotspot once.`);
    hotspots.add(hotspot.id);
    if (!agreements.has(hotspot.agreementId)) throw new RangeError(`Hotspot ${hotspot.id} names agreement ${hotspot.agreementId}, which is not in the list; add it or leave the hotspot out.`);
    checkHotspot(hotspot, input.weekStart);
  }
}

function checkAgreement(agreement: AllocationAgreement): void {
  const place = `Agreement ${agreement.id}`;
  checkWhole(`${place}: money for the week`, agreement.moneyPence, 0, 'pence');
  if (!(agreement.productiveRatio >= 0.0001 && agreement.productiveRatio <= 1)) {
    throw new RangeError(`${place}: the productive ratio is ${agreement.productiveRatio}; give patrol hours per paid hour, over 0 and at most 1.`);
  }
  checkLength(`${place}: rates`, agreement.ratesPencePerHour);
  agreement.ratesPencePerHour.forEach((rate, index) => (rate === null ? undefined : checkWhole(`${place}: rate of band ${index}`, rate, 1, 'pence an hour')));
  if (agreement.personMinutesAvailable) {
    checkLength(`${place}: person-minutes on the rota`, agreement.personMinutesAvailable);
    agreement.personMinutesAvailable.forEach((minutes, index) => checkWhole(`${place}: person-minutes of band ${index}`, minutes, 0, 'minutes'));
  }
  if (daysBetween(agreement.startsOn, agreement.endsOn) < 0) throw new RangeError(`${place} ends on ${agreement.endsOn}, before it starts on ${agreement.startsOn}; correct the dates.`);
  for (const floor of agreement.floors ?? []) checkWhole(`${place}: floor of ${floor.name}`, floor.minimumVisits, 0, 'visits');
}

function checkHotspot(hotspot: AllocationHotspot, weekStart: string): void {
  const place = `Hotspot ${hotspot.id}`;
  checkLength(`${place}: expected incidents`, hotspot.expected);
  hotspot.expected.forEach((value, index) => {
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`${place}: expected incidents of band ${index} are ${value}; give a number that is zero or more.`);
  });
  checkWhole(`${place}: person-minutes of a visit`, hotspot.personMinutesPerVisit, 1, 'minutes');
  if (daysBetween(hotspot.liveFrom, hotspot.liveTo ?? hotspot.liveFrom) < 0) throw new RangeError(`${place} is live to ${hotspot.liveTo}, before it is live from ${hotspot.liveFrom}; correct the dates.`);
  if (hotspot.lastVisitOn && daysBetween(hotspot.lastVisitOn, weekStart) < 1) {
    throw new RangeError(`${place}: the last visit before the week is dated ${hotspot.lastVisitOn}; give a day before ${weekStart}.`);
  }
}

function checkSettings(settings: AllocationSettings): void {
  for (const name of ['visitMinutes', 'crew', 'maxVisitsPerBand', 'maxPerShift', 'maxGapDays', 'maxNodes'] as const) checkWhole(`Setting ${name}`, settings[name], 1, 'or more');
  for (const name of ['overheadMinutes', 'minutesApart', 'minimumVisitsPerWeek'] as const) checkWhole(`Setting ${name}`, settings[name], 0, 'or more');
  const { low, central, high } = settings.effect;
  if (!(low >= 0 && low <= central && central <= high && high <= 1)) throw new RangeError(`Setting effect is ${low}, ${central}, ${high}; give low, central and high between 0 and 1 in that order.`);
  if (!(settings.residualHours >= 0)) throw new RangeError(`Setting residualHours is ${settings.residualHours}; give hours, 0 or more.`);
  if (!(settings.horizonHours > 0)) throw new RangeError(`Setting horizonHours is ${settings.horizonHours}; give hours over 0.`);
  if (!(settings.maxShare > 0 && settings.maxShare <= 1)) throw new RangeError(`Setting maxShare is ${settings.maxShare}; give a fraction over 0 and at most 1.`);
  if (!(settings.minShareOfEqual >= 0)) throw new RangeError(`Setting minShareOfEqual is ${settings.minShareOfEqual}; give 0 or more.`);
  if (!(settings.targetGap >= 0)) throw new RangeError(`Setting targetGap is ${settings.targetGap}; give a fraction, 0 or more.`);
  if (!(settings.timeLimitSeconds > 0)) throw new RangeError(`Setting timeLimitSeconds is ${settings.timeLimitSeconds}; give seconds over 0.`);
  for (const [rule, points] of Object.entries(settings.relaxationPenalty)) checkWhole(`Setting relaxationPenalty.${rule}`, points, 1, 'points');
  const bands = settings.shifts.flat();
  if (new Set(bands).size !== bands.length || bands.some((band) => !Number.isInteger(band) || band < 0 || band >= bandsPerDay)) {
    throw new RangeError(`Setting shifts is ${JSON.stringify(settings.shifts)}; give bands 0 to ${bandsPerDay - 1}, each in one shift at most.`);
  }
}

function checkWhole(place: string, value: number, least: number, unit: string): void {
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`${place} is ${value}; give a whole number, ${least} ${unit === 'or more' ? unit : `${unit} or more`}.`);
}

function checkLength(place: string, values: readonly unknown[]): void {
  if (values.length !== bandsPerWeek) throw new RangeError(`${place} has ${values.length} values; give ${bandsPerWeek}, one for each 4-hour band of the week.`);
}
