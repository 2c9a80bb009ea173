/** The visit under way: from the tap on arriving to the tap that logs it. Pure. */
import type { Fix } from '../../server/recording/contract.ts';
import type { Crew } from './crew.ts';
import type { VisitBody } from './items.ts';

export interface Running {
  readonly id: string;
  readonly hotspotId: string;
  readonly hotspot: string;
  readonly startedAt: string;
  /** Null until left. */
  readonly endedAt: string | null;
  /** Undefined while it is being looked for. */
  readonly arrived?: Fix;
  readonly left?: Fix;
  readonly counts: Readonly<Record<string, number>>;
  readonly note: string;
}

const noFix: Fix = { found: 'none', accuracyMetres: null };

export function begin(id: string, hotspot: { readonly id: string; readonly name: string }, now: Date): Running {
  return { id, hotspotId: hotspot.id, hotspot: hotspot.name, startedAt: now.toISOString(), endedAt: null, counts: {}, note: '' };
}

/** One more or one less of an action, never under 0 or over 1,000. */
export function counted<R extends { readonly counts: Readonly<Record<string, number>> }>(running: R, code: string, by: 1 | -1): R {
  const n = Math.min(1000, Math.max(0, (running.counts[code] ?? 0) + by));
  return { ...running, counts: { ...running.counts, [code]: n } };
}

/** Whole minutes and seconds since arriving, `12:05`; hours are written out from the first. */
export function elapsed(startedAt: string, until: Date): string {
  const seconds = Math.max(0, Math.floor((until.getTime() - Date.parse(startedAt)) / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export const wholeMinutes = (from: string, to: string): number => Math.floor((Date.parse(to) - Date.parse(from)) / 60_000);

/** Counts over 0 as the service takes them. */
export const actionsOf = (counts: Readonly<Record<string, number>>): { code: string; n: number }[] =>
  Object.entries(counts).filter(([, n]) => n > 0).map(([code, n]) => ({ code, n }));

/** The visit as it is sent; a fix that was never found is said to be none. */
export function toBody(running: Running, crew: Crew, endedAt: string): VisitBody {
  return {
    id: running.id, hotspotId: running.hotspotId, startedAt: running.startedAt, endedAt,
    staffCategory: crew.staffCategory, persons: crew.persons, wardens: [...crew.wardens], onFoot: crew.onFoot,
    jointWithPolice: crew.joint, ...(crew.joint && crew.force ? { jointForce: crew.force } : {}),
    patrolReference: crew.patrol, note: running.note.trim(), actions: actionsOf(running.counts),
    arrived: running.arrived ?? noFix, left: running.left ?? noFix,
  };
}
