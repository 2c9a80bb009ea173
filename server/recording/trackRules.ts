/** Which tracks are refused, by name: too long, outside the shift, faster than anybody walks. Pure. */
import { writeLocalTime } from '../patrols/localClock.ts';
import type { GpxRules, TrackFix } from './trackGpx.ts';
import { distanceMetres } from './trackGround.ts';

/** The numbers a track is judged by, each a setting in force on its day. */
export interface TrackRules extends GpxRules {
  /** Fixes with a larger error are dropped. */
  readonly worstFixMetres: number;
  readonly inMetres: number;
  readonly outMetres: number;
  readonly outSeconds: number;
  readonly bridgeSeconds: number;
  readonly mergeSeconds: number;
  readonly leastVisitSeconds: number;
  readonly longestHours: number;
  readonly outsideShiftMinutes: number;
  readonly fastestOnFootKmh: number;
}

/** Setting -> where it stands in the rules, and what one of it is. */
export const trackSettings = {
  track_most_megabytes: ['mostBytes', 1_000_000],
  track_most_points: ['mostPoints', 1],
  track_metres_per_hdop: ['metresPerHdop', 1],
  track_assumed_error_metres: ['assumedErrorMetres', 1],
  track_worst_fix_metres: ['worstFixMetres', 1],
  track_in_metres: ['inMetres', 1],
  track_out_metres: ['outMetres', 1],
  track_out_seconds: ['outSeconds', 1],
  track_bridge_seconds: ['bridgeSeconds', 1],
  track_merge_seconds: ['mergeSeconds', 1],
  track_least_visit_seconds: ['leastVisitSeconds', 1],
  track_longest_hours: ['longestHours', 1],
  track_outside_shift_minutes: ['outsideShiftMinutes', 1],
  track_fastest_on_foot_kmh: ['fastestOnFootKmh', 1],
} as const satisfies Record<string, readonly [keyof TrackRules, number]>;

/** What the National Grid reaches. */
const britain = { west: -9, east: 2.5, south: 49, north: 61.5 } as const;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The fixes good enough to be used: none worse than allowed, and no single leap there and back. */
export function usableFixes(fixes: readonly TrackFix[], rules: TrackRules): TrackFix[] {
  const good = fixes.filter(({ errorMetres }) => errorMetres <= rules.worstFixMetres);
  return good.filter((fix, at) => {
    const [before, after] = [good[at - 1], good[at + 1]];
    if (!before || !after) return true;
    const leap = speedKmh(before, fix) > rules.fastestOnFootKmh && speedKmh(fix, after) > rules.fastestOnFootKmh;
    return !leap || speedKmh(before, after) > rules.fastestOnFootKmh;
  });
}

/** What is wrong with a track as a whole, in a sentence with its cure; undefined when nothing is. `fixes` are in the order of time. */
export function trackFault(fixes: readonly TrackFix[], usable: readonly TrackFix[], { shift, onFoot }: { readonly shift: Span; readonly onFoot: boolean }, rules: TrackRules): string | undefined {
  const [first, last] = [fixes[0], fixes.at(-1)];
  if (!first || !last) return 'it has no points.';
  const abroad = fixes.find(({ lng, lat }) => lng < britain.west || lng > britain.east || lat < britain.south || lat > britain.north);
  if (abroad) return `at ${writeLocalTime(abroad.atMs)} it is at ${abroad.lat.toFixed(3)}, ${abroad.lng.toFixed(3)}, outside Great Britain. Check that latitude and longitude are the right way round, or send another track.`;
  return lengthFault(first, last, rules) ?? shiftFault(first, last, shift, rules) ?? (usable.length < 2 ? qualityFault(fixes.length, rules) : undefined) ?? (onFoot ? speedFault(usable, rules) : undefined);
}

function lengthFault(first: TrackFix, last: TrackFix, { longestHours }: TrackRules): string | undefined {
  const hours = (last.atMs - first.atMs) / 3_600_000;
  if (hours <= longestHours) return undefined;
  return `it lasts ${hours.toFixed(1)} hours, from ${writeLocalTime(first.atMs)} to ${writeLocalTime(last.atMs)}; at most ${longestHours} are one outing. Export one outing at a time.`;
}

function shiftFault(first: TrackFix, last: TrackFix, shift: Span, { outsideShiftMinutes }: TrackRules): string | undefined {
  const room = outsideShiftMinutes * 60_000;
  if (first.atMs >= shift.fromMs - room && last.atMs <= shift.toMs + room) return undefined;
  return `it runs from ${writeLocalTime(first.atMs)} to ${writeLocalTime(last.atMs)}, and the shift from ${writeLocalTime(shift.fromMs)} to ${writeLocalTime(shift.toMs)}: only ${outsideShiftMinutes} minutes before and after belong to it. Send the track of this shift, or choose the shift it belongs to.`;
}

const qualityFault = (points: number, { worstFixMetres }: TrackRules): string =>
  `of its ${points} points fewer than two are right to ${worstFixMetres} metres, so it cannot show where anybody was. Record the visits by hand.`;

/** Speed is measured over half a minute or more, and less what the two error circles may hide: a fix that wavers is not speed. */
const speedOverMs = 30_000;

function speedFault(fixes: readonly TrackFix[], { fastestOnFootKmh }: TrackRules): string | undefined {
  let to = 0;
  for (const from of fixes) {
    while (to < fixes.length && fixes[to]!.atMs - from.atMs < speedOverMs) to += 1;
    const later = fixes[to];
    if (!later) return undefined;
    const kmh = speedKmh(from, later);
    if (kmh > fastestOnFootKmh) {
      return `at ${writeLocalTime(from.atMs)} it moves at ${Math.round(kmh)} km/h, and a patrol on foot at most at ${fastestOnFootKmh}. If it went by vehicle, say so; otherwise send the track of the patrol.`;
    }
  }
  return undefined;
}

function speedKmh(from: TrackFix, to: TrackFix): number {
  const metres = Math.max(0, distanceMetres(from, to) - from.errorMetres - to.errorMetres);
  const seconds = (to.atMs - from.atMs) / 1000;
  return metres === 0 ? 0 : (metres / Math.max(seconds, 1)) * 3.6;
}
