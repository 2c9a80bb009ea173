/** What makes a missed visit one that may be kept. Pure. */
import { addDays, mondayOf } from '../patrols/calendar.ts';
import type { HotspotFact } from '../patrols/visits.ts';
import type { MissedReason, MissedVisit } from './contract.ts';

export interface GivenMissed {
  readonly hotspotId: string;
  readonly missedOn: string;
  readonly band: number;
  readonly reasonCode: string;
}

export interface MissedFacts {
  readonly hotspot: HotspotFact | undefined;
  readonly reasons: readonly MissedReason[];
  /** The day the council's patrols start, if it is said. */
  readonly startedOn: string | undefined;
  /** The local day and band it is. */
  readonly today: string;
  readonly bandNow: number;
}

export interface MissedProblem {
  readonly field: string;
  readonly message: string;
}

/** Everything wrong with a missed visit, by field. */
export function checkMissed(given: GivenMissed, { hotspot, reasons, startedOn, today, bandNow }: MissedFacts): MissedProblem[] {
  if (!hotspot) return [{ field: 'hotspotId', message: 'There is no such hotspot, or it is not yours. Choose one from the list.' }];
  const problems: MissedProblem[] = [];
  const on = (message: string): number => problems.push({ field: 'missedOn', message });
  if (given.missedOn > today || (given.missedOn === today && given.band > bandNow)) on('This band has not begun. Record a visit as missed once its time has come.');
  else if (given.missedOn < hotspot.liveFrom || (hotspot.liveTo !== null && given.missedOn >= hotspot.liveTo) || hotspot.state === 'proposed') on(`${hotspot.name} was not live on ${given.missedOn}. Check the day, or the hotspot.`);
  else if (startedOn === undefined || given.missedOn < startedOn) on(startedOn ? `The council’s patrols start on ${startedOn}. Check the day.` : 'The council has not said when its patrols start. Enter the first day on the wardens page.');
  const reason = reasons.find(({ code }) => code === given.reasonCode);
  if (!reason || given.missedOn < reason.validFrom || (reason.validTo !== null && given.missedOn >= reason.validTo)) {
    problems.push({ field: 'reasonCode', message: `Choose a reason of the list: ${reasons.filter(({ validTo }) => validTo === null || given.missedOn < validTo).map(({ name }) => name.toLowerCase()).join(', ')}.` });
  }
  return problems;
}

export interface MissedTotals {
  readonly visits: number;
  readonly byReason: MissedTotal[];
  readonly byHotspot: MissedTotal[];
  /** By the Monday of the week. */
  readonly byWeek: MissedTotal[];
}

interface MissedTotal {
  readonly key: string;
  readonly name: string;
  readonly visits: number;
}

/** Missed visits added up by reason and by hotspot, most first, and by week in order. */
export function totalMissed(rows: readonly MissedVisit[]): MissedTotals {
  const by = (keyOf: (row: MissedVisit) => string, nameOf: (row: MissedVisit) => string): MissedTotal[] => {
    const found = new Map<string, MissedTotal>();
    for (const row of rows) found.set(keyOf(row), { key: keyOf(row), name: nameOf(row), visits: (found.get(keyOf(row))?.visits ?? 0) + row.visits });
    return [...found.values()].sort((a, b) => b.visits - a.visits || (a.name < b.name ? -1 : 1));
  };
  const week = (row: MissedVisit): string => mondayOf(row.missedOn);
  return {
    visits: rows.reduce((sum, row) => sum + row.visits, 0),
    byReason: by((row) => row.reasonCode, (row) => row.reason),
    byHotspot: by((row) => row.hotspotId, (row) => row.hotspot),
    byWeek: by(week, (row) => `${week(row)} to ${addDays(week(row), 6)}`).sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}
