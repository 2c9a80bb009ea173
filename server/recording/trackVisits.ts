/**
 * A track -> the visits it shows (rules and figures: the recording section of the patrol paper). A visit begins when a fix lies in the outline
 * or within a few metres of it, and is over only when the whole error circle has stayed well outside for a while, so that a wavering fix
 * neither ends a visit nor begins another. Pure.
 */
import { groundOf, onGrid, outsideMetres, type TrackHotspot } from './trackGround.ts';
import type { TrackFix } from './trackGpx.ts';
import type { Span, TrackRules } from './trackRules.ts';

export interface TrackVisit extends Span {
  readonly hotspotId: string;
}

/** The visits a track shows, in the order of time and never two at once. `fixes` are the usable ones, in the order of time. */
export function visitsOfTrack(fixes: readonly TrackFix[], hotspots: readonly TrackHotspot[], rules: TrackRules): TrackVisit[] {
  const places = steadied(fixes);
  const lostMs = rules.bridgeSeconds * 1000 + usualStepMs(fixes);
  const stays = hotspots.flatMap(({ id, rings }) => {
    const ground = groundOf(rings);
    const outside = places.map(([x, y]) => outsideMetres(ground, x, y));
    return merged(staysOf(fixes, outside, lostMs, rules), rules).map((span): TrackVisit => ({ hotspotId: id, ...span }));
  });
  return onePlaceAtATime(stays).filter(({ fromMs, toMs }) => toMs - fromMs >= rules.leastVisitSeconds * 1000);
}

/** A receiver's noise is averaged out over this long on either side; where fixes are rarer each stands for itself. */
const steadyMs = 30_000;

/** Where each fix lies on the grid, as the mean of the fixes about it: the first of many that waver over the line is not the arrival. */
function steadied(fixes: readonly TrackFix[]): (readonly [x: number, y: number])[] {
  const places = fixes.map(onGrid);
  let [from, to, sumX, sumY] = [0, 0, 0, 0];
  return fixes.map(({ atMs }) => {
    for (; to < fixes.length && fixes[to]!.atMs - atMs < steadyMs; to++) [sumX, sumY] = [sumX + places[to]![0], sumY + places[to]![1]];
    for (; atMs - fixes[from]!.atMs >= steadyMs; from++) [sumX, sumY] = [sumX - places[from]![0], sumY - places[from]![1]];
    return [sumX / (to - from), sumY / (to - from)] as const;
  });
}

/** The time from fix to fix (the median), at most a minute: signal is lost only once the next fix is overdue. */
function usualStepMs(fixes: readonly TrackFix[]): number {
  const steps = fixes.slice(1).map(({ atMs }, at) => atMs - fixes[at]!.atMs).sort((a, b) => a - b);
  return Math.min(60_000, steps[Math.floor(steps.length / 2)] ?? 0);
}

/** Times inside one outline; `outside` holds for each fix how far out it lies, `lostMs` is a silence too long to be bridged. */
function staysOf(fixes: readonly TrackFix[], outside: readonly number[], lostMs: number, rules: TrackRules): Span[] {
  const stays: Span[] = [];
  let stay: { fromMs: number; lastIn: number } | undefined;
  let outSince = Infinity;
  const end = (): void => {
    if (stay) stays.push({ fromMs: stay.fromMs, toMs: crossing(fixes, outside, stay.lastIn, stay.lastIn + 1, lostMs) });
    stay = undefined;
    outSince = Infinity;
  };
  for (const [at, { atMs, errorMetres }] of fixes.entries()) {
    if (at > 0 && atMs - fixes[at - 1]!.atMs > lostMs) end();
    const metres = outside[at]!;
    if (metres <= rules.inMetres) {
      stay ??= { fromMs: crossing(fixes, outside, at, at - 1, lostMs), lastIn: at };
      stay.lastIn = at;
      outSince = Infinity;
    } else if (metres - errorMetres > rules.outMetres) {
      outSince = Math.min(outSince, atMs);
      if (stay && atMs - outSince >= rules.outSeconds * 1000) end();
    } else outSince = Infinity;
  }
  end();
  return stays;
}

/** When the outline was crossed between a fix inside and its neighbour outside: in proportion to how far each lies from it. */
function crossing(fixes: readonly TrackFix[], outside: readonly number[], inside: number, neighbour: number, lostMs: number): number {
  const [here, there] = [fixes[inside]!, fixes[neighbour]];
  if (!there || Math.abs(there.atMs - here.atMs) > lostMs) return here.atMs;
  const [near, far] = [-outside[inside]!, outside[neighbour]!];
  if (near <= 0 || far <= 0) return here.atMs;
  return Math.round(here.atMs + (there.atMs - here.atMs) * (near / (near + far)));
}

/** Stays in one outline with little between them are one. */
function merged(stays: readonly Span[], { mergeSeconds }: TrackRules): Span[] {
  const whole: Span[] = [];
  for (const stay of stays) {
    const before = whole.at(-1);
    if (before && stay.fromMs - before.toMs <= mergeSeconds * 1000) whole[whole.length - 1] = { fromMs: before.fromMs, toMs: Math.max(before.toMs, stay.toMs) };
    else whole.push(stay);
  }
  return whole;
}

/** Outlines that touch may both hold a fix: the earlier stay keeps what two share. */
function onePlaceAtATime(stays: readonly TrackVisit[]): TrackVisit[] {
  const apart: TrackVisit[] = [];
  let until = -Infinity;
  for (const stay of stays.toSorted((a, b) => a.fromMs - b.fromMs || b.toMs - a.toMs || (a.hotspotId < b.hotspotId ? -1 : 1))) {
    if (stay.toMs <= until) continue;
    apart.push({ ...stay, fromMs: Math.max(stay.fromMs, until) });
    until = stay.toMs;
  }
  return apart;
}
