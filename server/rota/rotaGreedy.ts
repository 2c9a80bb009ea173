/** A rota at once: shift by shift whoever costs least, then whoever still owes hours; never a rule broken. */
import { createWalk, type Walk } from './rotaAnneal.ts';
import type { RotaGrid } from './rotaGrid.ts';

/** Cells of a greedy roster; the same grid gives the same one. */
export function greedyCells(grid: RotaGrid): Int32Array {
  const walk = createWalk(grid, null);
  const order = grid.shifts.map((_, shift) => shift).toSorted((a, b) => choice(grid, a) - choice(grid, b));
  for (const shift of order) fillShift(grid, walk, shift);
  for (let changed = true; changed; ) {
    changed = false;
    for (const shift of order) while (addBest(grid, walk, shift, false)) changed = true;
  }
  return walk.cells;
}

/** Shifts that few may work come first. */
function choice({ wardens, shifts, allowed }: RotaGrid, shift: number): number {
  let able = 0;
  for (let warden = 0; warden < wardens; warden++) able += allowed[warden * shifts.length + shift]!;
  return able / Math.max(1, (shifts[shift]?.shift.cover.crews ?? 0) * (shifts[shift]?.shift.cover.crewSize ?? 1));
}

/** Fills a shift up to the crews it wants, and empties it again of persons who make up no crew. */
function fillShift(grid: RotaGrid, walk: Walk, shift: number): void {
  const { crews, crewSize } = grid.shifts[shift]!.shift.cover;
  for (let crew = 0; crew < crews; crew++) {
    const added: number[] = [];
    for (let person = 0; person < crewSize; person++) {
      const warden = addBest(grid, walk, shift, true);
      if (warden) added.push(warden - 1);
    }
    if (added.length === crewSize) continue;
    for (const warden of added) walk.set(warden, grid.day[shift]!, -1);
    walk.settle();
    walk.keep();
    return;
  }
}

/** Puts the free warden who costs least on a shift: at any cost, or only where the rota gets cheaper. The warden's number from 1, or 0 for nobody. */
function addBest(grid: RotaGrid, walk: Walk, shift: number, atAnyCost: boolean): number {
  const day = grid.day[shift]!;
  const before = { soft: walk.soft(), hard: walk.hard() };
  let best = -1;
  let least = atAnyCost ? Number.POSITIVE_INFINITY : before.soft - 1e-9;
  for (let warden = 0; warden < grid.wardens; warden++) {
    if (walk.cells[warden * grid.days + day]! >= 0 || grid.allowed[warden * grid.shifts.length + shift] === 0) continue;
    walk.set(warden, day, shift);
    walk.settle();
    if (walk.hard() <= before.hard && walk.soft() < least) {
      best = warden;
      least = walk.soft();
    }
    walk.undo();
  }
  if (best < 0) return 0;
  walk.set(best, day, shift);
  walk.settle();
  walk.keep();
  return best + 1;
}
