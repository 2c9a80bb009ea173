/** The small changes by which a rota is searched. */
import type { RandomStream } from '../../geo/random.ts';
import type { Walk } from './rotaAnneal.ts';
import type { RotaGrid } from './rotaGrid.ts';

/** One random move: a cell changed, a shift moved to another day, or a stretch of days exchanged between two wardens. False when it would change nothing. */
export function createMoves(grid: RotaGrid, walk: Walk, random: RandomStream): () => boolean {
  const { wardens, days, ofDay, allowed, clash } = grid;
  const count = grid.shifts.length;
  const saturdays = Array.from(grid.weekend).flatMap((of, day) => (of >= 0 && (day === 0 || grid.weekend[day - 1] !== of) ? [day] : []));
  const below = (n: number): number => Math.floor(random.uniform() * n);
  const may = (warden: number, shift: number): boolean => shift < 0 || allowed[warden * count + shift] === 1;
  const restsAt = (warden: number, day: number): boolean => {
    if (day <= 0 || day >= days) return true;
    const before = walk.cells[warden * days + day - 1]!;
    const after = walk.cells[warden * days + day]!;
    return before < 0 || after < 0 || clash[before * count + after] === 0;
  };
  /** Allowed, and with enough rest beside the neighbouring days: what fails here is not worth working out. */
  const fits = (warden: number, day: number, shift: number): boolean => {
    if (shift < 0) return true;
    if (allowed[warden * count + shift] === 0) return false;
    const before = day > 0 ? walk.cells[warden * days + day - 1]! : -1;
    if (before >= 0 && clash[before * count + shift] !== 0) return false;
    const after = day + 1 < days ? walk.cells[warden * days + day + 1]! : -1;
    return after < 0 || clash[shift * count + after] === 0;
  };
  const change = (): boolean => {
    const warden = below(wardens);
    const day = below(days);
    const options = ofDay[day]!;
    const pick = below(options.length + 1);
    const shift = pick === options.length ? -1 : options[pick]!;
    if (walk.cells[warden * days + day] === shift || !fits(warden, day, shift)) return false;
    walk.set(warden, day, shift);
    return true;
  };
  const move = (): boolean => {
    const warden = below(wardens);
    const from = below(days);
    const to = below(days);
    const old = walk.cells[warden * days + from]!;
    if (old < 0 || walk.cells[warden * days + to]! >= 0) return false;
    const options = ofDay[to]!;
    if (options.length === 0) return false;
    const shift = options[below(options.length)]!;
    if (!fits(warden, to, shift)) return false;
    walk.set(warden, from, -1);
    walk.set(warden, to, shift);
    return true;
  };
  const exchange = (length: number): boolean => {
    const one = below(wardens);
    const other = below(wardens);
    const from = below(days);
    const to = Math.min(days, from + length);
    let changed = false;
    for (let day = from; day < to; day++) {
      const a = walk.cells[one * days + day]!;
      const b = walk.cells[other * days + day]!;
      if (a === b) continue;
      if (!may(one, b) || !may(other, a)) return undoSets(walk);
      walk.set(one, day, b);
      walk.set(other, day, a);
      changed = true;
    }
    if (!restsAt(one, from) || !restsAt(one, to) || !restsAt(other, from) || !restsAt(other, to)) return undoSets(walk);
    return changed;
  };
  const exchangeDay = (one: number, other: number, day: number): boolean => {
    const a = walk.cells[one * days + day]!;
    const b = walk.cells[other * days + day]!;
    if (a === b || !fits(one, day, b) || !fits(other, day, a)) return false;
    walk.set(one, day, b);
    walk.set(other, day, a);
    return true;
  };
  /** How many shifts more the first would work than the second on a day. */
  const surplus = (one: number, other: number, day: number): number => Number(walk.cells[one * days + day]! >= 0) - Number(walk.cells[other * days + day]! >= 0);
  /** A weekend or a few days exchanged, and other days back, so that both keep their number of shifts. */
  const exchangeBalanced = (): boolean => {
    const one = below(wardens);
    const other = below(wardens);
    const atWeekend = saturdays.length > 0 && random.uniform() < 0.6;
    const from = atWeekend ? saturdays[below(saturdays.length)]! : below(days);
    const to = Math.min(days, from + (atWeekend ? 2 : 1 + below(3)));
    let owed = 0;
    let changed = false;
    for (let day = from; day < to; day++) {
      const moved = surplus(one, other, day);
      if (!exchangeDay(one, other, day)) continue;
      owed += moved;
      changed = true;
    }
    const first = below(days);
    for (let later = 0; changed && owed !== 0 && later < days; later++) {
      const day = (first + later) % days;
      if (day >= from && day < to) continue;
      const moved = surplus(one, other, day);
      if (moved * owed < 0 && exchangeDay(one, other, day)) owed += moved;
    }
    return changed && owed === 0 ? true : undoSets(walk);
  };
  /** Two who do the same on a day change together: a pair comes, goes or changes shift whole. */
  const changePair = (): boolean => {
    const day = below(days);
    const options = ofDay[day]!;
    const one = below(wardens);
    const other = below(wardens);
    const old = walk.cells[one * days + day]!;
    const pick = below(options.length + 1);
    const shift = pick === options.length ? -1 : options[pick]!;
    if (one === other || old === shift || walk.cells[other * days + day] !== old || !fits(one, day, shift) || !fits(other, day, shift)) return false;
    walk.set(one, day, shift);
    walk.set(other, day, shift);
    return true;
  };
  /** Two who work one shift are moved to another day together. */
  const movePair = (): boolean => {
    const one = below(wardens);
    const other = below(wardens);
    const from = below(days);
    const to = below(days);
    const old = walk.cells[one * days + from]!;
    const options = ofDay[to]!;
    if (one === other || old < 0 || walk.cells[other * days + from] !== old || options.length === 0 || walk.cells[one * days + to]! >= 0 || walk.cells[other * days + to]! >= 0) return false;
    const shift = options[below(options.length)]!;
    if (!fits(one, to, shift) || !fits(other, to, shift)) return false;
    for (const warden of [one, other]) {
      walk.set(warden, from, -1);
      walk.set(warden, to, shift);
    }
    return true;
  };
  return () => {
    const kind = random.uniform();
    const changed = kind < 0.15 ? exchangeBalanced() : kind < 0.35 ? change() : kind < 0.45 ? move() : kind < 0.65 ? exchange(1) : kind < 0.82 ? exchange(2 + below(6)) : kind < 0.93 ? changePair() : movePair();
    if (changed) walk.settle();
    return changed;
  };
}

function undoSets(walk: Walk): false {
  walk.undo();
  return false;
}
