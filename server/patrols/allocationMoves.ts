/** Moving money between agreements to where it prevents most, by their value curves. It explains itself; people decide. Pure. */
import { pounds } from './allocationWords.ts';

/** A point of an agreement's value curve for one week. */
export interface ValuePoint {
  readonly moneyPence: number;
  readonly prevented: number;
}

export interface MovingParty {
  readonly agreementId: string;
  readonly name: string;
  /** What its money for the week is, and the weeks (with their fraction) left of it. */
  readonly weekPence: number;
  readonly weeksLeft: number;
  /** The most it may give and take over all those weeks, whole pence. */
  readonly mostGivesPence: number;
  readonly mostTakesPence: number;
  /** By money, lowest first. */
  readonly curve: readonly ValuePoint[];
}

export interface Move {
  readonly agreementId: string;
  /** Below zero gives. Together they are zero. */
  readonly pence: number;
  /** Incidents more (below zero: fewer) it prevents over the weeks left. */
  readonly prevented: number;
  readonly because: string;
}

interface Piece {
  readonly party: number;
  readonly pence: number;
  readonly perPenny: number;
}

/** A move is whole pounds: nobody varies an agreement by pennies. */
const step = 100;

/**
 * Moves that prevent most in sum, if each week left is like the one the curves are of: everybody's money is taken down as far as it may fall, and what that frees is given out
 * piece by piece where a penny prevents most, as far as each may rise. Amounts under `leastPence` are left alone; an empty list where nothing is gained.
 */
export function moneyMoves(parties: readonly MovingParty[], leastPence: number): Move[] {
  const order = parties.filter(({ weekPence, weeksLeft, curve }) => weekPence > 0 && weeksLeft > 0 && curve.length > 1).toSorted((a, b) => (a.agreementId < b.agreementId ? -1 : 1));
  if (order.length < 2) return [];
  const moved = order.map(({ mostGivesPence }) => -mostGivesPence);
  let pool = order.reduce((sum, { mostGivesPence }) => sum + mostGivesPence, 0);
  for (const piece of order.flatMap(piecesOf).toSorted((a, b) => b.perPenny - a.perPenny || a.party - b.party)) {
    const pence = Math.min(piece.pence, pool);
    moved[piece.party] = (moved[piece.party] ?? 0) + pence;
    pool -= pence;
  }
  return settle(order, moved, pool, leastPence);
}

/** What lies between the least and the most an agreement may have, cut where its curve bends; a curve that dips is taken as flat there, so that pieces only get flatter. */
function piecesOf(party: MovingParty, index: number): Piece[] {
  const at = (moved: number): number => valueAt(party, moved);
  const bends = party.curve.map(({ moneyPence }) => Math.round((moneyPence - party.weekPence) * party.weeksLeft));
  const cuts = [-party.mostGivesPence, ...bends.filter((cut) => cut > -party.mostGivesPence && cut < party.mostTakesPence), party.mostTakesPence].toSorted((a, b) => a - b);
  let flattest = Number.POSITIVE_INFINITY;
  return cuts.slice(1).flatMap((cut, place) => {
    const from = cuts[place] ?? cut;
    if (cut <= from) return [];
    flattest = Math.min(flattest, Math.max(0, (at(cut) - at(from)) / (cut - from)));
    return flattest > 0 ? [{ party: index, pence: cut - from, perPenny: flattest }] : [];
  });
}

/** Incidents prevented over the weeks left with so much more money in all. */
function valueAt({ weekPence, weeksLeft, curve }: MovingParty, moved: number): number {
  const week = Math.max(0, weekPence + moved / weeksLeft);
  const next = curve.findIndex(({ moneyPence }) => moneyPence >= week);
  const after = curve[next] ?? curve.at(-1);
  const before = next > 0 ? curve[next - 1] : after;
  if (!after || !before) return 0;
  const width = after.moneyPence - before.moneyPence;
  return weeksLeft * (width <= 0 ? after.prevented : before.prevented + ((after.prevented - before.prevented) * (week - before.moneyPence)) / width);
}

/** Whole pounds that add up to nothing: money nobody can use goes back to those who gave, and what is too little to move stays. */
function settle(order: readonly MovingParty[], moved: number[], pool: number, leastPence: number): Move[] {
  let left = pool;
  moved.forEach((pence, index) => {
    const back = Math.min(left, Math.max(0, -pence));
    moved[index] = pence + back;
    left -= back;
  });
  const gives = moved.map((pence) => (pence < 0 ? Math.floor(-pence / step) * step : 0)).map((pence) => (pence >= leastPence ? pence : 0));
  let free = gives.reduce((sum, pence) => sum + pence, 0);
  const takes = moved.map((pence) => {
    const take = Math.min(free, pence >= leastPence ? Math.floor(pence / step) * step : 0);
    free -= take;
    return take;
  });
  for (const index of gives.keys()) {
    const back = Math.min(free, gives[index] ?? 0);
    gives[index] = (gives[index] ?? 0) - back;
    free -= back;
  }
  const moves = order.map((party, index) => said(party, (takes[index] ?? 0) - (gives[index] ?? 0))).filter(({ pence }) => pence !== 0);
  return moves.reduce((sum, { prevented }) => sum + prevented, 0) > 1e-9 ? moves : [];
}

function said(party: MovingParty, pence: number): Move {
  const prevented = valueAt(party, pence) - valueAt(party, 0);
  const rate = Math.abs(pence) > 0 ? Math.abs((prevented / pence) * 100_000).toFixed(2) : '0.00';
  const bound = pence === -party.mostGivesPence || -pence > party.mostGivesPence - step ? ' This is as much as it may give.' : pence > party.mostTakesPence - step ? ' This is as much as it may take.' : '';
  const because = pence < 0 ? `${party.name} gives ${pounds(-pence)}: ${rate} incidents fewer prevented there for each £1,000.${pence < 0 ? bound : ''}` : `${party.name} takes ${pounds(pence)}: ${rate} incidents more prevented there for each £1,000.${bound}`;
  return { agreementId: party.agreementId, pence, prevented, because };
}
