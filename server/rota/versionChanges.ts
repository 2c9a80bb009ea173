/** Whose shifts differ between two versions of a rota, in words. Pure. */
import { sayDate } from '../patrols/calendar.ts';

export interface VersionShift {
  readonly day: string;
  readonly name: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly wardenIds: readonly string[];
}

const listed = 6;

/** Wardens with a change -> what changed: `On: Late on Monday 2 October. Off: …`. Without a version before: how many shifts each has. */
export function changesBetween(before: readonly VersionShift[] | null, after: readonly VersionShift[]): Map<string, string> {
  const now = byWarden(after);
  if (before === null) return new Map([...now].map(([warden, shifts]) => [warden, `${shifts.size} ${shifts.size === 1 ? 'shift' : 'shifts'} in the first version.`]));
  const then = byWarden(before);
  const changes = new Map<string, string>();
  for (const warden of new Set([...now.keys(), ...then.keys()])) {
    const on = missing(now.get(warden), then.get(warden));
    const off = missing(then.get(warden), now.get(warden));
    const says = [on.length > 0 ? `On: ${say(on)}.` : '', off.length > 0 ? `Off: ${say(off)}.` : ''].filter(Boolean).join(' ');
    if (says) changes.set(warden, says);
  }
  return changes;
}

type Own = ReadonlyMap<string, string>;

function byWarden(shifts: readonly VersionShift[]): Map<string, Own> {
  const own = new Map<string, Map<string, string>>();
  for (const { day, name, startsAt, endsAt, wardenIds } of shifts) {
    for (const warden of wardenIds) own.set(warden, (own.get(warden) ?? new Map()).set(`${name} ${startsAt} ${endsAt}`, `${name} on ${sayDate(day)}`));
  }
  return own;
}

/** What the first has and the second has not. */
const missing = (has: Own | undefined, lacks: Own | undefined): string[] => [...(has ?? new Map<string, string>())].filter(([key]) => !lacks?.has(key)).map(([, says]) => says);
const say = (shifts: readonly string[]): string => (shifts.length > listed ? `${shifts.slice(0, listed).join(', ')} and ${shifts.length - listed} more` : shifts.join(', '));
