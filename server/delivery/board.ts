/** A week's board from what the tables hold. Pure. */
import { daysBetween } from '../patrols/calendar.ts';
import type { BoardHotspot, BoardMoney } from './contract.ts';
import { dayBefore } from './gaps.ts';

/** One hotspot in one week as the tables hold it. */
export interface BoardFact {
  readonly hotspotId: string;
  readonly hotspot: string;
  readonly councilCode: string;
  readonly planned: boolean;
  readonly plannedMinutes: number;
  readonly plannedVisits: number;
  readonly plannedByNowMinutes: number;
  readonly beginsOn: string | null;
  readonly deliveredMinutes: number;
  readonly deliveredVisits: number;
  readonly lastVisitOn: string | null;
  readonly missedVisits: number;
}

/** An agreement's week as the tables hold it. */
export interface MoneyFact {
  readonly agreementId: string;
  readonly reference: string;
  readonly council: string;
  readonly weekPence: number;
  readonly plannedPence: number;
  readonly plannedMinutes: number;
  readonly deliveredMinutes: number;
  readonly agreementLeftPence: number;
}

/** One hotspot of the board: owed is what the plan has and nobody delivered yet; no plan is null, not begun is null, neither is 0. */
export function boardHotspot(fact: BoardFact, on: string): BoardHotspot {
  const begun = fact.beginsOn !== null && fact.beginsOn <= on;
  const since = begun && fact.beginsOn !== null ? (fact.lastVisitOn ?? dayBefore(fact.beginsOn)) : null;
  return {
    hotspotId: fact.hotspotId, hotspot: fact.hotspot, councilCode: fact.councilCode,
    plannedMinutes: fact.planned ? fact.plannedMinutes : null, plannedVisits: fact.planned ? fact.plannedVisits : null, plannedByNowMinutes: fact.planned ? fact.plannedByNowMinutes : null,
    deliveredMinutes: begun ? fact.deliveredMinutes : null, deliveredVisits: begun ? fact.deliveredVisits : null,
    owedMinutes: fact.planned && begun ? Math.max(0, fact.plannedMinutes - fact.deliveredMinutes) : null,
    lastVisitOn: fact.lastVisitOn, gapDays: since === null ? null : daysBetween(since, on), missedVisits: fact.missedVisits,
  };
}

export const moneyDefinition = 'Money for the week: what was left of the agreement when the week was allocated, shared evenly over its remaining days. Delivered: person-minutes recorded in hotspots at what a person-minute costs in the plan, an estimate until the hours are claimed. Left this week: the first less the second.';

/** Delivered money at the plan's own cost of a person-minute, rounded once, half up; 0 where the plan has no minutes. */
export function boardMoney({ plannedMinutes, deliveredMinutes, ...fact }: MoneyFact): BoardMoney {
  const deliveredPence = plannedMinutes > 0 ? Math.floor((2 * deliveredMinutes * fact.plannedPence + plannedMinutes) / (2 * plannedMinutes)) : 0;
  return { ...fact, deliveredPence, leftPence: fact.weekPence - deliveredPence };
}
