/**
 * Who walks with whom: the wardens of a shift parted into crews, so that nobody is with whom they cannot work, who works only beside another is,
 * and somebody of each crew holds what is wanted. Among the best ways one is drawn. The same wardens, rules and seed give the same crews. Pure.
 */
import type { Draw } from './roundDraw.ts';

export interface CrewMember {
  readonly id: string;
  readonly reference: string;
  /** Kinds of clearance held on every day of the shift. */
  readonly holds: readonly string[];
}

/** `beside`: the first is only where the second is. */
export interface CrewPair {
  readonly rule: 'cannot' | 'should_not' | 'beside';
  readonly first: string;
  readonly second: string;
}

export interface CrewInputs {
  readonly crewSize: number;
  readonly members: readonly CrewMember[];
  readonly pairs: readonly CrewPair[];
  /** Kinds of clearance that somebody of each crew should hold. */
  readonly wants: readonly string[];
}

export interface Crews {
  /** Ids of wardens, crew by crew; a last crew that is not full stands last. */
  readonly crews: readonly (readonly string[])[];
  /** Wants that no crew could be given. */
  readonly lacking: readonly { readonly crew: number; readonly kind: string }[];
  /** Rules that no parting keeps. */
  readonly broken: readonly CrewPair[];
}

/** The rota's weights: a crew without what it wants, and two who should not be together; a rule that must hold comes before any number of either. */
const costOf = { broken: 1e6, lacking: 40, shouldNot: 2 } as const;
const mostTries = 200_000;

/** The crews of a shift, as many as its wardens fill. */
export function crewsOf(inputs: CrewInputs, draw: Draw): Crews {
  const best = bestParting(inputs, shuffled(inputs.members, draw));
  const holds = new Map(inputs.members.map((member) => [member.id, member.holds]));
  return {
    crews: best,
    lacking: best.flatMap((crew, index) => inputs.wants.filter((kind) => !crew.some((id) => holds.get(id)?.includes(kind))).map((kind) => ({ crew: index, kind }))),
    broken: inputs.pairs.filter((pair) => pair.rule !== 'should_not' && best.some((crew) => breaks(pair, crew))),
  };
}

function shuffled(members: readonly CrewMember[], draw: Draw): CrewMember[] {
  const order = [...members];
  for (let at = order.length - 1; at > 0; at--) {
    const other = draw.integer('who is with whom', 0, at);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

/** The cheapest parting, found depth first: crews of the full size around whoever comes first, one crew that is not full of anybody. */
function bestParting({ crewSize, pairs, wants }: CrewInputs, order: readonly CrewMember[]): string[][] {
  let best: { cost: number; crews: CrewMember[][] } = { cost: Number.POSITIVE_INFINITY, crews: [] };
  let tries = 0;
  const part = (left: readonly CrewMember[], crews: readonly CrewMember[][], cost: number): void => {
    if (cost >= best.cost || best.cost === 0 || tries++ > mostTries) return;
    const [first, ...others] = left;
    if (!first) return void (best = { cost, crews: [...crews] });
    const short = left.length % crewSize;
    const choices = short > 0 ? choose(left, short) : choose(others, crewSize - 1).map((rest) => [first, ...rest]);
    for (const crew of choices) part(left.filter((member) => !crew.includes(member)), short > 0 ? [...crews, crew] : [crew, ...crews], cost + crewCost(crew, pairs, wants));
  };
  part(order, [], 0);
  return best.crews.map((crew) => crew.toSorted((a, b) => (a.reference < b.reference ? -1 : 1)).map(({ id }) => id));
}

/** Every choice of so many, in their order. */
function choose<T>(from: readonly T[], many: number): T[][] {
  if (many === 0) return [[]];
  return from.flatMap((each, at) => choose(from.slice(at + 1), many - 1).map((rest) => [each, ...rest]));
}

function crewCost(crew: readonly CrewMember[], pairs: readonly CrewPair[], wants: readonly string[]): number {
  const ids = crew.map(({ id }) => id);
  const broken = pairs.filter((pair) => pair.rule !== 'should_not' && breaks(pair, ids)).length;
  const apart = pairs.filter(({ rule, first, second }) => rule === 'should_not' && ids.includes(first) && ids.includes(second)).length;
  const lacking = wants.filter((kind) => !crew.some(({ holds }) => holds.includes(kind))).length;
  return broken * costOf.broken + lacking * costOf.lacking + apart * costOf.shouldNot;
}

const breaks = ({ rule, first, second }: CrewPair, crew: readonly string[]): boolean =>
  crew.includes(first) && (rule === 'cannot' ? crew.includes(second) : rule === 'beside' && !crew.includes(second));
