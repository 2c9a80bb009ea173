/**
 * The rounds of a shift: the visits that the plan in force has in its hours, shared out among its crews, in legs from base to base, drawn so
 * that they cannot be foretold. The same inputs and seed give the same rounds: that is how an auditor repeats them. Pure.
 */
import { drawRound, drawsOf, type Draw } from './roundDraw.ts';
import { type RoundProblem, type RoundStop, walk } from './roundProblem.ts';
import { leftOutWhy } from './roundWords.ts';

/** A visit of the plan in force. Minutes are counted from the start of the shift. */
export interface WantedVisit {
  readonly hotspotId: string;
  /** Of `places`. */
  readonly place: number;
  readonly day: number;
  readonly band: number;
  /** The first, second … visit to the hotspot in the band. */
  readonly nth: number;
  readonly opens: number;
  readonly closes: number;
  /** Incidents it is expected to prevent, in any unit. */
  readonly worth: number;
  /** Days since anybody visited; null for never. */
  readonly unvisitedDays: number | null;
}

export interface RoundRules {
  readonly legMinutes: number;
  readonly planShare: number;
  readonly stopMinutes: number;
  readonly apartMinutes: number;
  readonly breakMinutes: number;
  readonly startShiftMinutes: number;
  readonly unvisitedBonus: number;
  readonly nearBestShare: number;
  readonly tries: number;
  readonly starts?: number;
}

export interface RoundInputs {
  readonly shiftMinutes: number;
  readonly crews: number;
  readonly visits: readonly WantedVisit[];
  /** Whole minutes from place to place, row after row; the base is place 0. */
  readonly travel: readonly number[];
  /** Where the places lie from the base, in metres: east and north. */
  readonly places: readonly (readonly [east: number, north: number])[];
  readonly rules: RoundRules;
}

export interface PlannedStop {
  /** Of `visits`. */
  readonly visit: number;
  readonly arrives: number;
  readonly leaves: number;
  /** From the stop before, or the base. */
  readonly travelMinutes: number;
}

export interface PlannedLeg {
  readonly crew: number;
  readonly leg: number;
  readonly leavesBase: number;
  readonly backAtBase: number;
  readonly stops: readonly PlannedStop[];
  /** How many different rounds it was drawn from, and what it is worth beside the best. */
  readonly among: number;
  readonly shareOfBest: number;
}

export interface ShiftPlan {
  readonly legs: readonly PlannedLeg[];
  readonly leftOut: readonly { readonly visit: number; readonly why: string }[];
}

/** The rounds of a shift for a seed in hexadecimal. */
export function planRounds(inputs: RoundInputs, seed: string): ShiftPlan {
  const draw = drawsOf(seed);
  const made = new Map<number, PlannedStop>();
  const legs: PlannedLeg[] = [];
  let offered: number[] = [];
  const shares = shareOut(inputs, draw);
  for (const [crew, own] of shares.entries()) {
    // What one crew has no time for is offered to the next.
    offered = [...offered, ...own].filter((visit) => !made.has(visit));
    let free = 0;
    for (const [leg, nominal] of legsOf(inputs).starts.entries()) {
      const planned = planLeg(inputs, { crew, leg, nominal, free }, offered.filter((visit) => !made.has(visit)), made, draw);
      if (!planned) continue;
      for (const stop of planned.stops) made.set(stop.visit, stop);
      legs.push(planned);
      free = planned.backAtBase + inputs.rules.breakMinutes;
    }
  }
  const leftOut = inputs.visits.flatMap((_, visit) => (made.has(visit) ? [] : [{ visit, why: leftOutWhy(inputs, visit, legs) }]));
  return { legs, leftOut };
}

/** When each leg would begin and how long it is: as few legs as none is too long for, with breaks between. */
export function legsOf({ shiftMinutes, rules: { legMinutes, breakMinutes } }: Pick<RoundInputs, 'shiftMinutes' | 'rules'>): { starts: number[]; length: number } {
  const many = Math.max(1, Math.ceil((shiftMinutes + breakMinutes) / (legMinutes + breakMinutes) - 1e-9));
  const length = Math.floor((shiftMinutes - breakMinutes * (many - 1)) / many);
  return { starts: Array.from({ length: many }, (_, leg) => leg * (length + breakMinutes)), length };
}

/** Each crew's visits: hotspots in the order of their direction from the base, from one that is drawn, cut into parts of about as many visits. */
function shareOut({ crews, visits, places }: RoundInputs, draw: Draw): number[][] {
  const turn = (draw.integer('direction', 0, 359) * Math.PI) / 180;
  const angle = (place: number): number => {
    const [east, north] = places[place]!;
    return (Math.atan2(north, east) - turn + 4 * Math.PI) % (2 * Math.PI);
  };
  const order = visits.map((_, visit) => visit).sort((a, b) => angle(visits[a]!.place) - angle(visits[b]!.place) || visits[a]!.place - visits[b]!.place || a - b);
  const shares: number[][] = Array.from({ length: crews }, () => []);
  let crew = 0;
  for (const [at, visit] of order.entries()) {
    const sameHotspot = at > 0 && visits[order[at - 1]!]!.place === visits[visit]!.place;
    if (!sameHotspot) crew = Math.min(crews - 1, Math.max(crew, Math.floor((at * crews) / order.length)));
    shares[crew]!.push(visit);
  }
  return shares;
}

interface LegAsked {
  readonly crew: number;
  readonly leg: number;
  readonly nominal: number;
  /** Not before: the break after the leg before. */
  readonly free: number;
}

function planLeg(inputs: RoundInputs, { crew, leg, nominal, free }: LegAsked, offered: readonly number[], made: ReadonlyMap<number, PlannedStop>, draw: Draw): PlannedLeg | undefined {
  const { shiftMinutes, rules } = inputs;
  const earliest = Math.max(0, free, nominal - rules.startShiftMinutes);
  const startAt = draw.integer(`start of crew ${crew}, leg ${leg}`, earliest, Math.max(earliest, nominal + rules.startShiftMinutes));
  const length = Math.min(legsOf(inputs).length, shiftMinutes - startAt);
  if (length <= 0) return undefined;
  const asked = offered.filter((visit) => inputs.visits[visit]!.closes >= startAt && inputs.visits[visit]!.opens <= startAt + length);
  const problem = problemOf(inputs, asked, made, { startAt, endBy: startAt + Math.floor(length * rules.planShare) });
  const { round, best, among } = drawRound(problem, draw, rules);
  if (round.route.length === 0) return undefined;
  const walked = walk(problem, round.route)!;
  const width = asked.length + 2;
  const stops = round.route.map((stop, at): PlannedStop => ({
    visit: asked[stop]!, arrives: walked.starts[at]!, leaves: walked.starts[at]! + rules.stopMinutes, travelMinutes: problem.travel[(round.route[at - 1] ?? asked.length) * width + stop]!,
  }));
  return { crew, leg, leavesBase: startAt, backAtBase: walked.endsAt, stops, among, shareOfBest: best.prize === 0 ? 1 : round.prize / best.prize };
}

/** The visits asked for as a problem to solve; stop numbers are places in `asked`. */
export function problemOf(inputs: RoundInputs, asked: readonly number[], made: ReadonlyMap<number, PlannedStop>, { startAt, endBy }: { startAt: number; endBy: number }): RoundProblem {
  const { visits, rules, travel } = inputs;
  const longest = Math.max(1, ...visits.map(({ unvisitedDays }) => unvisitedDays ?? 0));
  const stops = asked.map((each): RoundStop => {
    const visit = visits[each]!;
    const before = (index: number): boolean => visits[index]!.place === visit.place && (visits[index]!.opens < visit.opens || (visits[index]!.opens === visit.opens && visits[index]!.nth < visit.nth));
    const first = asked.findIndex((index) => before(index) && visits[index]!.opens === visit.opens && visits[index]!.nth === visit.nth - 1);
    const others = asked.flatMap((index, at) => (before(index) && at !== first ? [at] : []));
    const there = [...made].flatMap(([index, stop]) => (visits[index]!.place === visit.place ? [{ ...stop, later: visits[index]!.opens > visit.opens }] : []));
    const madeUntil = Math.max(-Infinity, ...there.filter(({ later }) => !later).map(({ leaves }) => leaves + rules.apartMinutes));
    const nextFrom = Math.min(Infinity, ...there.filter(({ later }) => later).map(({ arrives }) => arrives - rules.apartMinutes));
    return {
      prize: visit.worth * (1 + rules.unvisitedBonus * ((visit.unvisitedDays ?? longest) / longest)), minutes: rules.stopMinutes,
      opens: Math.max(visit.opens, madeUntil), closes: Math.min(visit.closes, nextFrom) - rules.stopMinutes,
      ...(first < 0 ? {} : { after: first }), ...(others.length === 0 ? {} : { apartFrom: others }),
    };
  });
  const at = [...asked.map((each) => visits[each]!.place), 0, 0];
  const width = inputs.places.length;
  return { stops, travel: Float64Array.from(at.flatMap((a) => at.map((b) => travel[a * width + b]!))), startAt, endBy, apart: rules.apartMinutes };
}
