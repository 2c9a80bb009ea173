/** Published orienteering instances as rounds: Tsiligirides 1984, and Solomon's with prizes and windows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RoundProblem, RoundStop } from '../../server/rounds/roundProblem.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

function problemOf(points: readonly (Point & RoundStop)[], from: Point, to: Point, endBy: number, round: (distance: number) => number): RoundProblem {
  const places: readonly Point[] = [...points, from, to];
  const travel = Float64Array.from(places.flatMap((a) => places.map((b) => round(Math.hypot(a.x - b.x, a.y - b.y)))));
  return { stops: points.map(({ prize, opens, closes, minutes }) => ({ prize, opens, closes, minutes })), travel, startAt: 0, endBy, apart: 0 };
}

/** First line the budget, then x, y and prize: the start, the end, and the places between. */
export function tsiligirides(folder: string, set: 1 | 2, budget: number): RoundProblem {
  const file = join(folder, 'routes', `Tsiligirides_${set}`, `tsiligirides_problem_${set}_budget_${String(budget).padStart(2, '0')}.txt`);
  const [head, ...rows] = readFileSync(file, 'utf8').trim().split(/\r?\n/).map((line) => line.trim().split(/\s+/).map(Number));
  const endBy = head![0]!;
  const points = rows.map(([x = 0, y = 0, prize = 0]) => ({ x, y, prize, opens: 0, closes: endBy, minutes: 0 }));
  return problemOf(points.slice(2), points[0]!, points[1]!, endBy, (distance) => distance);
}

/** Number, x, y, minutes, prize, … and the window; the first row is the base, whose window ends the round. Distances are cut to one decimal. */
export function solomon(folder: string, name: string): RoundProblem {
  const rows = readFileSync(join(folder, 'routes', `${name}.txt`), 'utf8').trim().split(/\r?\n/).slice(2).map((line) => line.trim().split(/\s+/).map(Number));
  const points = rows.map((row) => ({ x: row[1]!, y: row[2]!, minutes: row[3]!, prize: row[4]!, opens: row.at(-2)!, closes: row.at(-1)! }));
  const base = points[0]!;
  return problemOf(points.slice(1), base, base, rows[0]!.at(-1)!, (distance) => Math.floor(distance * 10) / 10);
}
