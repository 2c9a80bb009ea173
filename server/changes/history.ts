/** What was done to a hotspot, in sentences. Pure: events of the trail in, entries out. */
import { whole } from '../hotspots/words.ts';
import type { HistoryEntry } from './contract.ts';

export interface EventFacts {
  readonly happenedAt: string;
  readonly action: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly reason: string | null;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(' and ') : '');
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Adopted, moved, renamed …: the day it holds from, and the figures that changed. */
export function historyEntry(event: EventFacts): HistoryEntry {
  const after = event.after ?? {};
  const day = text(after['from']) || text(after['liveFrom']) || text(after['liveTo']);
  return { happenedAt: event.happenedAt, effectiveOn: day || null, reason: event.reason, ...wordsOf(event.action, event.before ?? {}, after) };
}

type Facts = Readonly<Record<string, unknown>>;

function wordsOf(action: string, before: Facts, after: Facts): { what: string; says: string } {
  switch (action) {
    case 'hotspotProposed': return { what: 'Proposed', says: `Put forward as ${text(after['name'])}.` };
    case 'hotspotAgreed': return { what: 'Agreed', says: `Live from ${text(after['liveFrom'])}; ${baselineWords(after)}` };
    case 'hotspotAdopted': return { what: 'Adopted', says: `${originWords(after)}Live from ${text(after['liveFrom'])}; ${baselineWords(after)}` };
    case 'hotspotMoved': return { what: 'Moved', says: `${moveWords(number(after['eastMetres']), number(after['northMetres']))} from ${text(after['from'])} on; the outline before keeps its days, and the moved one has a baseline of its own (${spanWords(after['baseline'])}).` };
    case 'hotspotRenamed': return { what: 'Renamed', says: `From ${text(before['name'])} to ${text(after['name'])}.` };
    case 'hotspotPaused': return { what: 'Paused', says: `From ${text(after['from'])}${text(after['to']) ? ` until ${text(after['to'])}` : ' until further notice'}.` };
    case 'hotspotResumed': return { what: 'Taken up again', says: `From ${text(after['from'])}.` };
    case 'hotspotSplit': return { what: 'Split', says: `Ended on ${text(after['liveTo'])} and became ${list(after['into'])}.` };
    case 'hotspotMerged': return { what: 'Merged', says: `Ended on ${text(after['liveTo'])} and became part of ${list(after['into'])}.` };
    case 'hotspotRetired': return { what: 'Retired', says: `Not patrolled from ${text(after['liveTo'])} on.` };
    default: return { what: action, says: '' };
  }
}

function originWords(after: Facts): string {
  if (after['splitFrom']) return `Split from ${list(after['splitFrom'])}. `;
  return after['mergedFrom'] ? `Merged from ${list(after['mergedFrom'])}. ` : '';
}

function baselineWords(after: Facts): string {
  return `baseline of ${whole(number(after['baselineIncidents']))} incidents frozen for ${spanWords(after['baseline'])}.`;
}

function spanWords(baseline: unknown): string {
  const { from, to } = (typeof baseline === 'object' && baseline !== null ? baseline : {}) as { from?: string; to?: string };
  return from && to ? `${from} to ${to}` : 'no months';
}

function moveWords(east: number, north: number): string {
  const part = (metres: number, one: string, other: string): string[] => (Math.round(metres) === 0 ? [] : [`${whole(Math.abs(metres))} m ${metres > 0 ? one : other}`]);
  const parts = [...part(east, 'east', 'west'), ...part(north, 'north', 'south')].join(' and ');
  return parts.charAt(0).toUpperCase() + parts.slice(1);
}
