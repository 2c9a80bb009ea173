/** Days without a visit at live hotspots. Pure. */
import { addDays, daysBetween } from '../patrols/calendar.ts';
import type { DeliveryGap } from './contract.ts';

export interface VisitedPlace {
  readonly hotspotId: string;
  readonly hotspot: string;
  readonly councilCode: string;
  /** First day it is live and patrols have begun; null while they have not. */
  readonly beginsOn: string | null;
  /** First day it is no longer live; null while no end is set. */
  readonly liveTo: string | null;
  /** Days with a visit, each once, in order: those of the span, the last before it and the first after it. */
  readonly visitedOn: readonly string[];
}

/** The day that visits are counted from: the one before they were to begin. */
export const dayBefore = (beginsOn: string): string => addDays(beginsOn, -1);

/**
 * Every run of more than `limitDays` days from one visit to the next that reaches into the span; days are whole days between the two dates. `on` is the last day that is looked at:
 * a gap that still stands counts to it. A hotspot that is no longer live owes no visit. Longest first.
 */
export function gapsOf(places: readonly VisitedPlace[], span: { from: string; on: string }, limitDays: number): DeliveryGap[] {
  return places.flatMap((place) => ownGaps(place, span, limitDays)).toSorted((a, b) => b.days - a.days || (a.hotspot < b.hotspot ? -1 : 1));
}

function ownGaps({ hotspotId, hotspot, councilCode, beginsOn, liveTo, visitedOn }: VisitedPlace, { from, on }: { from: string; on: string }, limitDays: number): DeliveryGap[] {
  if (beginsOn === null || beginsOn > on) return [];
  const start = dayBefore(beginsOn);
  const last = liveTo !== null && liveTo <= on ? dayBefore(liveTo) : on;
  const days = [start, ...visitedOn.filter((day) => day > start)];
  return days.flatMap((afterOn, index): DeliveryGap[] => {
    const next = days[index + 1];
    const untilOn = next !== undefined && next <= last ? next : null;
    if (afterOn >= last || (untilOn ?? last) < from) return [];
    const between = daysBetween(afterOn, untilOn ?? last);
    return between > limitDays ? [{ hotspotId, hotspot, councilCode, afterOn, untilOn, days: between }] : [];
  });
}
