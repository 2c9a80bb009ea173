/**
 * Demonstration visits: crews of wardens go round what is planned, make most of it and not all, and note what they did.
 * Nobody is in two places at once, and what only the police may do is done only on joint patrols.
 */
import { createRandom, type RandomStream } from '../../geo/random.ts';
import { addDays, localInstant } from '../patrols/calendar.ts';
import type { StaffCategory, WayRecorded } from '../patrols/contract.ts';
import { actionsOfVisit } from './actions.ts';
import { repeatableId } from './repeatableId.ts';

/** What is planned for a hotspot in one band of a week: `day` 1 for Monday, `band` 0 to 5 of four hours each. */
export interface PlannedBand {
  readonly hotspotId: string;
  readonly day: number;
  readonly band: number;
  readonly visits: number;
}

export interface CouncilWeek {
  readonly councilCode: string;
  /** Letter for references. */
  readonly letter: string;
  /** Monday. */
  readonly week: string;
  readonly planned: readonly PlannedBand[];
  /** First day of patrols; nothing happens before. */
  readonly patrolsFrom: string;
  /** Last day of patrols, included. */
  readonly patrolsTo: string;
  /** Share of planned visits that are made, about, 0 to 1. */
  readonly delivered: number;
  readonly wardens: readonly { readonly reference: string; readonly employedFrom: string }[];
}

export interface DemonstrationVisit {
  readonly id: string;
  readonly hotspotId: string;
  /** Milliseconds of UTC. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly staffCategory: StaffCategory;
  readonly persons: number;
  readonly onFoot: boolean;
  readonly extended: boolean;
  readonly jointWithPolice: boolean;
  readonly recordedHow: WayRecorded;
  readonly patrolReference: string;
  readonly wardens: readonly string[];
  readonly actions: readonly { readonly code: string; readonly n: number }[];
}

const minuteMs = 60_000;
/** A round sees up to four hotspots and stays the longer the fewer they are; a patrol so lasts about 62 minutes, as Cleveland's did in 2024-25. */
const visitsPerRound = 4;
const meanStay: readonly number[] = [0, 38, 29, 21.5, 17.5];
const stay = { deviation: 3, least: 6 };
/** Share of a shift's stops that are made when the shift is worked; the rest of what is missed is whole shifts, when crews are drawn away. */
const withinShift = 0.92;
const longStay = { share: 0.06, from: 35, to: 60 };
const jointShare = 0.09;
const pcsoShare = 0.06;

/** How each council's crews record, as weights: a device, a tag, a code, or by hand. Invented. */
const recording: Readonly<Record<string, readonly (readonly [WayRecorded, number])[]>> = {
  H: [['nfc', 7], ['self_report', 3]],
  M: [['gps', 8], ['self_report', 2]],
  R: [['self_report', 6], ['qr', 4]],
  S: [['qr', 5], ['gps', 2], ['gpx', 1], ['self_report', 2]],
};

/** The visits of a council in a week, in order of time; the same for the same seed and plan. */
export function visitsOfWeek(seed: number, plan: CouncilWeek): DemonstrationVisit[] {
  const random = createRandom(`${seed} visits ${plan.councilCode} ${plan.week}`);
  const busy = new Map<string, number>();
  const visits: DemonstrationVisit[] = [];
  for (const { day, band, hotspots } of roundsOf(plan, random)) {
    const date = addDays(plan.week, day - 1);
    if (date < plan.patrolsFrom || date > plan.patrolsTo) continue;
    const start = localInstant(date, band * 240) + random.integer(5, 130) * minuteMs;
    const crew = chooseCrew(plan, random, busy, date, start);
    if (!crew) continue;
    const round = goRound(plan, random, { hotspots, start, crew, number: visits.length + 1 });
    for (const warden of crew.wardens) busy.set(warden, round.at(-1)?.endedAt ?? start);
    visits.push(...round);
  }
  // What would run into Monday is left out: the next week is drawn without knowing of it.
  const weekEnds = localInstant(addDays(plan.week, 7), 0);
  return visits.filter(({ endedAt }) => endedAt <= weekEnds).sort((a, b) => a.startedAt - b.startedAt);
}

interface Round {
  readonly day: number;
  readonly band: number;
  readonly hotspots: readonly string[];
}

interface Stop {
  readonly hotspotId: string;
  readonly band: number;
}

/** The planned visits that are made, in rounds of one shift of two bands; a round begins in the band of its first stop and passes a hotspot once. */
function roundsOf(plan: CouncilWeek, random: RandomStream): Round[] {
  const shifts = new Map<number, PlannedBand[]>();
  for (const planned of plan.planned) {
    const shift = planned.day * 10 + Math.floor(planned.band / 2);
    shifts.set(shift, [...(shifts.get(shift) ?? []), planned]);
  }
  return [...shifts].toSorted(([a], [b]) => a - b).flatMap(([shift, bands]) => {
    const worked = random.uniform() < plan.delivered / withinShift;
    const stops = bands.flatMap(({ hotspotId, band, visits }) => Array.from({ length: visits }, (): Stop => ({ hotspotId, band }))).filter(() => random.uniform() < withinShift && worked);
    return dealt(random.shuffle(stops).sort((a, b) => a.band - b.band)).map((round): Round => ({
      day: Math.floor(shift / 10), band: round[0]?.band ?? 0, hotspots: round.map(({ hotspotId }) => hotspotId),
    }));
  });
}

/** Deals stops into rounds of at most four different hotspots. */
function dealt(stops: readonly Stop[]): Stop[][] {
  const rounds: Stop[][] = [];
  for (const stop of stops) {
    const open = rounds.find((round) => round.length < visitsPerRound && !round.some(({ hotspotId }) => hotspotId === stop.hotspotId));
    if (open) open.push(stop);
    else rounds.push([stop]);
  }
  return rounds;
}

interface Crew {
  readonly wardens: readonly string[];
  readonly staffCategory: StaffCategory;
  readonly persons: number;
  readonly jointWithPolice: boolean;
}

/** Two wardens who are employed and free, one where a second is missing, now and then community support officers instead; undefined when nobody is free. */
function chooseCrew(plan: CouncilWeek, random: RandomStream, busy: ReadonlyMap<string, number>, date: string, start: number): Crew | undefined {
  if (random.uniform() < pcsoShare) return { wardens: [], staffCategory: 'pcso', persons: random.integer(1, 2), jointWithPolice: false };
  const free = plan.wardens.filter(({ reference, employedFrom }) => employedFrom <= date && (busy.get(reference) ?? 0) + 10 * minuteMs <= start);
  const wardens = random.shuffle(free.map(({ reference }) => reference)).slice(0, random.uniform() < 0.06 ? 1 : 2).sort();
  if (wardens.length === 0) return undefined;
  return { wardens, staffCategory: 'warden', persons: wardens.length, jointWithPolice: random.uniform() < jointShare };
}

function goRound(plan: CouncilWeek, random: RandomStream, round: { hotspots: readonly string[]; start: number; crew: Crew; number: number }): DemonstrationVisit[] {
  const ways = recording[plan.letter] ?? [['self_report', 1] as const];
  const recordedHow = ways[random.pick(ways.map(([, weight]) => weight))]?.[0] ?? 'self_report';
  const patrolReference = `DEMO-${plan.letter}-${plan.week}-${String(round.number).padStart(3, '0')}`;
  const onFoot = random.uniform() < 0.9;
  let clock = round.start;
  return round.hotspots.map((hotspotId) => {
    const extended = random.uniform() < longStay.share;
    const minutes = extended ? random.integer(longStay.from, longStay.to) : Math.max(stay.least, Math.round(random.normal(meanStay[round.hotspots.length], stay.deviation)));
    const startedAt = clock;
    const endedAt = startedAt + minutes * minuteMs;
    clock = endedAt + random.integer(4, 11) * minuteMs;
    const { wardens, staffCategory, persons, jointWithPolice } = round.crew;
    return {
      id: repeatableId(random), hotspotId, startedAt, endedAt, staffCategory, persons, onFoot, extended, jointWithPolice, recordedHow, patrolReference, wardens,
      actions: actionsOfVisit(random, { minutes, jointWithPolice, staffCategory }),
    };
  });
}
