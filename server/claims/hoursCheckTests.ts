/** The tests a minute passes before it is paid, in their order: the place and the agreement, the staff, the person. Pure. */
import { type ClearanceKind, clearanceKinds } from '../patrols/contract.ts';
import type { Finding, HoursInput, HoursRules, HoursWarden, Minute, Slot } from './hoursCheckInput.ts';
import { grouped, minuteMs } from './hoursCheckInput.ts';
import { pricer } from './hoursCheckPrice.ts';
import { says } from './hoursCheckWords.ts';
import type { HoursReason } from './hoursContract.ts';

/** One test: why this minute of the slot is not paid, or null. */
export type Test = (slot: Slot, minute: Minute) => Finding | null;

/** Tests, and what they must be told of each minute that passed them all. */
export interface Tests {
  readonly inOrder: readonly Test[];
  readonly keep: (slot: Slot, minute: Minute) => void;
}

const dayMs = 24 * 60 * minuteMs;
const police = ['police_officer', 'special', 'pcso'];
const lacking = { vetting: 'not vetted', training: 'not trained', accreditation: 'not accredited' } as const satisfies Record<string, HoursReason>;
const finding = (reason: HoursReason, words: string, rows: readonly string[] = []): Finding => ({ reason, says: words, rows });
const holds = (day: string, from: string, to: string | null): boolean => day >= from && (to === null || day < to);
export const employedOn = (warden: HoursWarden, day: string): boolean => holds(day, warden.employedFrom, warden.employedTo) && (warden.contracts?.some(({ validFrom, validTo }) => holds(day, validFrom, validTo)) ?? true);
const cleared = (warden: HoursWarden, kind: string, day: string): boolean => warden.clearances.some((each) => each.kind === kind && holds(day, each.validFrom, each.validTo));
const whoIs = (slot: Slot): string => slot.warden?.reference ?? 'A person of this patrol who is not named';

/** The rules of a day; throws a RangeError naming a day on which none hold. */
export function rulesFor(input: HoursInput): (day: string) => HoursRules {
  const known = new Map<string, HoursRules>();
  return (day) => {
    const rules = known.get(day) ?? input.rules.find(({ validFrom, validTo }) => holds(day, validFrom, validTo));
    if (!rules) throw new RangeError(`No rules of the hours check hold on ${day}. Enter the settings for that day.`);
    known.set(day, rules);
    return rules;
  };
}

/** Everything a minute is tested for; slots must come to it in order of time. */
export function testsOf(input: HoursInput, slots: readonly Slot[]): Tests {
  const rules = rulesFor(input);
  const shift = shiftTest(input, rules);
  const held = heldTest(input);
  const cover = coverTest(input, slots, { rules, held });
  const overlap = overlapTest(slots);
  const inOrder = [held, placeTest(input), staffTest(rules), jointTest(input, rules), personTest(rules), ...clearanceKinds.map((kind) => clearanceTest(rules, kind)), rateTest(input), cover.test, overlap.test, shift.test];
  return { inOrder, keep: (slot, minute) => [cover, overlap, shift].forEach(({ keep }) => keep(slot, minute)) };
}

interface Remembering {
  readonly test: Test;
  readonly keep: (slot: Slot, minute: Minute) => void;
}

function placeTest({ agreement, hotspots, named }: HoursInput): Test {
  const byId = new Map(hotspots.map((hotspot) => [hotspot.id, hotspot]));
  return ({ visit }, { day }) => {
    if (day < agreement.startsOn || day > agreement.endsOn) return finding('outside agreement', says.outside(agreement, day));
    const hotspot = byId.get(visit.hotspotId);
    if (!hotspot?.agreed || !holds(day, hotspot.liveFrom, hotspot.liveTo) || hotspot.pauses.some(({ from, to }) => holds(day, from, to))) return finding('hotspot not live', says.hotspot(hotspot, day));
    const own = named.findLast(({ effectiveFrom }) => effectiveFrom <= day)?.hotspots ?? [];
    return own.length === 0 || own.includes(hotspot.id) ? null : finding('hotspot not named', says.notNamed(hotspot, day));
  };
}

function staffTest(rules: (day: string) => HoursRules): Test {
  return ({ visit }, { day }) => {
    if (rules(day).paidStaff.includes(visit.staffCategory)) return null;
    return police.includes(visit.staffCategory) ? finding('police time', says.police(visit)) : finding('staff not paid', says.notPaid(visit));
  };
}

/** A patrol that two councils recorded at one time is paid to the one that claimed it, else to the one that recorded it first. */
function jointTest({ elsewhere }: HoursInput, rules: (day: string) => HoursRules): Test {
  const inOrder = elsewhere.filter(({ claim, first }) => claim !== null || first)
    .toSorted((a, b) => Number(b.claim !== null) - Number(a.claim !== null) || a.fromMs - b.fromMs || compare(a.council, b.council) || compare(a.otherVisitId ?? '', b.otherVisitId ?? ''));
  const byVisit = grouped(inOrder, ({ visitId }) => visitId);
  return ({ visit }, { at, day }) => {
    const other = byVisit.get(visit.id)?.find((each) => meets(each, at));
    if (!other || !rules(day).sharedReference) return null;
    return finding('joint patrol', says.elsewhere(other.council, other.claim), other.otherVisitId === null ? [] : [other.otherVisitId]);
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const meets = ({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }, at: number): boolean => fromMs < at + minuteMs && toMs > at;
const endOf = ({ visit }: Slot): number => visit.startedAtMs + visit.minutes * minuteMs;

function personTest(rules: (day: string) => HoursRules): Test {
  return ({ warden }, { day }) => {
    if (!warden) return rules(day).unnamed === 'refuse' ? finding('not named', says.unnamed(day)) : null;
    return employedOn(warden, day) ? null : finding('not employed', says.employed(warden, day));
  };
}

/** One test a kind, so that accepting one lack does not let another through. */
function clearanceTest(rules: (day: string) => HoursRules, kind: ClearanceKind): Test {
  return ({ warden }, { day }) => (!warden || !rules(day).required.includes(kind) || cleared(warden, kind, day) ? null : finding(lacking[kind], says.cleared(warden, kind, day)));
}

function rateTest(input: HoursInput): Test {
  const price = pricer(input);
  return (_, minute) => (price(minute) ? null : finding('no rate', says.rate(minute.day)));
}

function heldTest({ held }: HoursInput): Test {
  const byPerson = grouped(held.toSorted((a, b) => a.fromMs - b.fromMs || compare(a.claim, b.claim)), (span) => span.person);
  const near = forEachSlot((slot) => (byPerson.get(slot.person) ?? []).filter((span) => span.fromMs < endOf(slot) && span.toMs > slot.visit.startedAtMs));
  return (slot, { at }) => {
    const span = near(slot).find((each) => meets(each, at));
    return span ? finding('claimed before', says.held(span.claim)) : null;
  };
}

/** Works something out once a slot. */
function forEachSlot<T>(work: (slot: Slot) => T): (slot: Slot) => T {
  const known = new Map<Slot, T>();
  return (slot) => {
    const found = known.get(slot) ?? work(slot);
    known.set(slot, found);
    return found;
  };
}

/** Persons who are not named are paid while as many cleared wardens are not known to be elsewhere at that minute. */
function coverTest(input: HoursInput, slots: readonly Slot[], { rules, held }: { rules: (day: string) => HoursRules; held: Test }): Remembering {
  const place = ({ visit }: Slot, { at }: Minute): string => `${visit.staffCategory} ${Math.floor(at / minuteMs)}`;
  const unnamed = slots.filter(({ warden }) => warden === null);
  // Only minutes on which somebody is not named are of interest.
  const out = new Map(unnamed.flatMap((slot) => slot.minutes.map((minute): [string, Set<string>] => [place(slot, minute), new Set()])));
  for (const slot of out.size === 0 ? [] : slots) {
    for (const minute of slot.warden ? slot.minutes : []) {
      if (slot.warden && isCleared(slot.warden, minute.day, rules)) out.get(place(slot, minute))?.add(slot.warden.id);
    }
  }
  const known = new Map<string, number>();
  const clearedOn = (category: string, day: string): number => {
    const key = `${category} ${day}`;
    const count = known.get(key) ?? input.wardens.filter((warden) => warden.staffCategory === category && isCleared(warden, day, rules)).length;
    known.set(key, count);
    return count;
  };
  const taken = new Map<string, number>();
  const take = (slot: Slot, minute: Minute): unknown => taken.set(place(slot, minute), (taken.get(place(slot, minute)) ?? 0) + 1);
  // What a claim holds already took its wardens too.
  for (const slot of unnamed) for (const minute of slot.minutes) if (held(slot, minute)) take(slot, minute);
  return {
    test: (slot, minute) => {
      if (slot.warden || rules(minute.day).unnamed !== 'cover') return null;
      const there = clearedOn(slot.visit.staffCategory, minute.day);
      const busy = (out.get(place(slot, minute))?.size ?? 0) + (taken.get(place(slot, minute)) ?? 0);
      return busy < there ? null : finding('not named', says.uncovered(minute.day, there));
    },
    keep: (slot, minute) => void (slot.warden || take(slot, minute)),
  };
}

const isCleared = (warden: HoursWarden, day: string, rules: (day: string) => HoursRules): boolean => employedOn(warden, day) && rules(day).required.every((kind) => cleared(warden, kind, day));

/** Of two visits of one person at one time the earlier is paid; where both began together, the one recorded first. */
function overlapTest(slots: readonly Slot[]): Remembering {
  const byPerson = grouped(slots, (slot) => slot.person);
  const places = new Map([...byPerson.values()].flatMap((own) => own.map((slot, index): [Slot, number] => [slot, index])));
  // They stand in order of time, and no visit lasts over a day: those that may meet it stand right before it.
  const near = forEachSlot((slot) => {
    const before: Slot[] = [];
    const own = byPerson.get(slot.person) ?? [];
    for (let index = (places.get(slot) ?? 0) - 1; index >= 0; index -= 1) {
      const other = own[index];
      if (!other || other.visit.startedAtMs < slot.visit.startedAtMs - dayMs) break;
      if (endOf(other) > slot.visit.startedAtMs) before.push(other);
    }
    return before.reverse();
  });
  const kept = new Map<Slot, Set<number>>();
  const isKept = (other: Slot, at: number): boolean => {
    const place = (at - other.visit.startedAtMs) / minuteMs;
    // A minute that begins between two of the other visit meets both.
    return [Math.floor(place), Math.ceil(place)].some((each) => kept.get(other)?.has(each));
  };
  return {
    test: (slot, { at }) => {
      const other = near(slot).find((each) => isKept(each, at));
      return other ? finding('overlap', says.overlap(whoIs(slot)), [other.visit.id]) : null;
    },
    keep: (slot, { at }) => void kept.set(slot, (kept.get(slot) ?? new Set()).add((at - slot.visit.startedAtMs) / minuteMs)),
  };
}

/** Minutes of one person in a day within the shift: the rota's where it has one, else the day's most. What is claimed before counts. */
function shiftTest(input: HoursInput, rules: (day: string) => HoursRules): Remembering {
  const rostered = new Map(input.shifts.map(({ wardenId, day, minutes }) => [`warden ${wardenId} ${day}`, minutes]));
  const used = new Map<string, number>();
  const key = (slot: Slot, { day }: Minute): string => `${slot.person} ${day}`;
  for (const { person, day, fromMs, toMs } of input.held) used.set(`${person} ${day}`, (used.get(`${person} ${day}`) ?? 0) + (toMs - fromMs) / minuteMs);
  return {
    test: (slot, minute) => {
      const most = rostered.get(key(slot, minute)) ?? rules(minute.day).dailyMinutes;
      return (used.get(key(slot, minute)) ?? 0) < most ? null : finding('over the shift', says.shift(whoIs(slot), minute.day, most));
    },
    keep: (slot, minute) => void used.set(key(slot, minute), (used.get(key(slot, minute)) ?? 0) + 1),
  };
}
