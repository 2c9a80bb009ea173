/** What a roster costs, item by item with its weight: the cost of a rota is the sum of these. */
import { addDays, sayDate, weekdayOf } from '../patrols/calendar.ts';
import { contractMinutes, factsOfShifts, inHours, isAccredited, sayShift, shiftsFromContract, type ShiftFacts } from './rotaFacts.ts';
import type { RotaProblem, RotaWarden, RotaWeights } from './rotaProblem.ts';

export interface RotaPenalty {
  readonly kind: keyof RotaWeights;
  readonly wardenId: string | null;
  readonly shiftId: string | null;
  readonly date: string | null;
  /** How often, and what one costs. */
  readonly count: number;
  readonly weight: number;
  readonly cost: number;
  readonly sentence: string;
}

/** A warden's shifts in the rota, by their start. */
export interface Worker {
  readonly warden: RotaWarden;
  readonly shifts: readonly ShiftFacts[];
}

type Item = Omit<RotaPenalty, 'cost' | 'wardenId' | 'shiftId' | 'date'> & Partial<Pick<RotaPenalty, 'wardenId' | 'shiftId' | 'date'>>;

const priced = (items: readonly Item[]): RotaPenalty[] => items.filter(({ count, weight }) => count * weight !== 0).map((item) => ({ wardenId: null, shiftId: null, date: null, ...item, cost: item.count * item.weight }));

/** Every departure from the wanted in a roster given as its workers; those of weight 0 are left out. */
export function penaltiesOf(problem: RotaProblem, workers: readonly Worker[]): RotaPenalty[] {
  return priced([...coverItems(problem, workers), ...pairItems(problem, workers), ...workers.flatMap((worker) => [...contractItems(problem, worker), ...weekendItems(problem, worker), ...isolatedItems(problem, worker), ...wishItems(problem, worker)])]);
}

function coverItems(problem: RotaProblem, workers: readonly Worker[]): Item[] {
  const onShift = new Map<string, RotaWarden[]>();
  for (const { warden, shifts } of workers) for (const { shift } of shifts) onShift.set(shift.id, [...(onShift.get(shift.id) ?? []), warden]);
  return factsOfShifts(problem).flatMap((facts): Item[] => {
    const { shift } = facts;
    const there = onShift.get(shift.id) ?? [];
    const { crews, crewSize } = shift.cover;
    const formed = Math.min(crews, Math.floor(there.length / crewSize));
    const short = crews - formed;
    const spare = there.length - formed * crewSize;
    const accredited = there.filter((warden) => isAccredited(problem, warden, facts)).length;
    const about = { shiftId: shift.id, date: shift.date };
    const crew = crewSize === 2 ? 'pair' : crewSize === 1 ? 'person' : `crew of ${crewSize}`;
    return [
      { ...about, kind: 'underCover', count: short, weight: shift.cover.underWeight ?? problem.weights.underCover, sentence: `${sayShift(shift)} is ${short} ${crew}${short === 1 ? '' : 's'} short of ${crews}.` },
      { ...about, kind: 'overCover', count: spare, weight: shift.cover.overWeight ?? problem.weights.overCover, sentence: `${sayShift(shift)} has ${spare} ${spare === 1 ? 'person' : 'persons'} beside the ${formed} ${crew}${formed === 1 ? '' : 's'} it makes up.` },
      { ...about, kind: 'noAccredited', count: Math.max(0, formed - accredited), weight: problem.weights.noAccredited, sentence: `${sayShift(shift)} has ${accredited} accredited for ${formed} ${crew}${formed === 1 ? '' : 's'}.` },
    ];
  });
}

function pairItems(problem: RotaProblem, workers: readonly Worker[]): Item[] {
  const byId = new Map(workers.map((worker) => [worker.warden.id, worker]));
  return problem.pairs.filter(({ kind }) => kind === 'shouldNot').flatMap(({ first, second }) => {
    const other = byId.get(second);
    const shared = byId.get(first)?.shifts.filter(({ shift }) => other?.shifts.some((theirs) => theirs.shift.id === shift.id)) ?? [];
    return shared.map(({ shift }): Item => ({
      kind: 'shouldNotTogether', wardenId: first, shiftId: shift.id, date: shift.date, count: 1, weight: problem.weights.shouldNotTogether,
      sentence: `${byId.get(first)?.warden.reference} and ${other?.warden.reference} should not work together: ${sayShift(shift)}.`,
    }));
  });
}

function contractItems(problem: RotaProblem, { warden, shifts }: Worker): Item[] {
  const owed = contractMinutes(problem, warden);
  const minutes = shifts.reduce((sum, shift) => sum + shift.minutes, 0);
  const apart = shiftsFromContract(minutes, owed, problem.usualShiftMinutes);
  if (apart === 0) return [];
  const sentence = `${warden.reference} is planned for ${inHours(minutes)} and owes ${inHours(owed)}: ${Math.abs(apart)} ${Math.abs(apart) === 1 ? 'shift' : 'shifts'} ${apart > 0 ? 'over' : 'short'}.`;
  return [{ kind: apart > 0 ? 'overContract' : 'shortOfContract', wardenId: warden.id, count: Math.abs(apart), weight: apart > 0 ? problem.weights.overContract : problem.weights.shortOfContract, sentence }];
}

const saturdayOf = (date: string): string => (weekdayOf(date) === 6 ? addDays(date, -1) : date);

function weekendItems(problem: RotaProblem, { warden, shifts }: Worker): Item[] {
  const inRota = new Set(shifts.filter(({ weekend }) => weekend).map(({ shift }) => saturdayOf(shift.date)));
  const worked = new Set([...inRota, ...warden.worked.filter(({ date }) => weekdayOf(date) >= 5 && date < problem.from).map(({ date }) => saturdayOf(date))]);
  return [...inRota].flatMap((saturday): Item[] => {
    const before = [7, 14, 21].filter((days) => worked.has(addDays(saturday, -days))).length;
    if (before < 2) return [];
    return [{ kind: 'thirdWeekend', wardenId: warden.id, date: saturday, count: 1, weight: problem.weights.thirdWeekend, sentence: `${warden.reference} works the weekend of ${sayDate(saturday)}, after ${before} of the three before it.` }];
  });
}

/** A day of work between two days off. The day after the rota is not known, so the last day is never one unless what follows is. */
function isolatedItems(problem: RotaProblem, { warden, shifts }: Worker): Item[] {
  const days = new Set([...shifts.map(({ shift }) => shift.date), ...warden.worked.map(({ date }) => date)]);
  const end = addDays(problem.from, problem.days - 1);
  return [...new Set(shifts.map(({ shift }) => shift.date))].filter((date) => date !== end && !days.has(addDays(date, -1)) && !days.has(addDays(date, 1))).map((date) => ({
    kind: 'isolatedDay', wardenId: warden.id, date, count: 1, weight: problem.weights.isolatedDay, sentence: `${warden.reference} works ${sayDate(date)} between two days off.`,
  }));
}

function wishItems(problem: RotaProblem, { warden, shifts }: Worker): Item[] {
  const first = problem.from;
  const last = addDays(problem.from, problem.days - 1);
  return warden.preferences.filter(({ date }) => first <= date && date <= last).flatMap(({ date, type, wish, weight }): Item[] => {
    const worked = shifts.find(({ shift }) => shift.date === date && (type === null || shift.type === type));
    if ((worked !== undefined) === (wish === 'desired')) return [];
    const what = worked ? sayShift(worked.shift) : `${type ?? 'a shift'} on ${sayDate(date)}`;
    return [{
      kind: wish === 'desired' ? 'desiredMissed' : 'undesired', wardenId: warden.id, shiftId: worked?.shift.id ?? null, date, count: 1,
      weight: weight ?? (wish === 'desired' ? problem.weights.desiredMissed : problem.weights.undesired),
      sentence: `${warden.reference} ${wish === 'desired' ? 'asked for' : 'asked not to work'} ${what}.`,
    }];
  });
}
