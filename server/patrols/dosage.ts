/** Planned against delivered: what is nothing, what is zero, and what is not known, kept apart. Pure. */
import type { DosageRow } from './contract.ts';
import { addDays } from './calendar.ts';

/** One hotspot in one week as the tables hold it. */
export interface DosageFact {
  readonly hotspotId: string;
  readonly hotspot: string;
  readonly councilCode: string;
  readonly week: string;
  readonly liveFrom: string;
  readonly liveTo: string | null;
  readonly patrolsStart: string | null;
  readonly plannedVisits: number | null;
  readonly plannedPersonMinutes: number | null;
  readonly visits: number;
  readonly qualifyingVisits: number;
  readonly patrols: number;
  readonly minutes: number;
  readonly personMinutes: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/**
 * One row as people see it. A council whose patrols have not started by the week's Sunday has "not started", never 0; a hotspot with no live
 * day in the week has no row; a live hotspot of a started council nobody went to has 0. Planned is null where no plan was made for the council that week.
 */
export function dosageRow(fact: DosageFact): DosageRow {
  const { hotspotId, hotspot, councilCode, week, plannedVisits, plannedPersonMinutes } = fact;
  const base = { hotspotId, hotspot, councilCode, week, plannedVisits, plannedPersonMinutes };
  const state = stateOf(fact);
  if (state !== 'recorded') {
    return { ...base, state, deliveredVisits: null, qualifyingVisits: null, patrols: null, patrolMinutes: null, deliveredPersonMinutes: null, personMinutesByClass: null };
  }
  return {
    ...base, state,
    deliveredVisits: fact.visits, qualifyingVisits: fact.qualifyingVisits, patrols: fact.patrols,
    patrolMinutes: fact.minutes, deliveredPersonMinutes: fact.personMinutes,
    personMinutesByClass: { A: fact.a, B: fact.b, C: fact.c, D: fact.d },
  };
}

function stateOf(fact: DosageFact): DosageRow['state'] {
  const sunday = addDays(fact.week, 6);
  if (fact.liveFrom > sunday || (fact.liveTo !== null && fact.liveTo <= fact.week)) return 'not live';
  return fact.patrolsStart === null || fact.patrolsStart > sunday ? 'not started' : 'recorded';
}

/** A plan's hours for a hotspot, day and band. */
export interface PlannedRow {
  readonly hotspotId: string;
  readonly councilCode: string;
  readonly agreementId: string;
  readonly day: number;
  readonly band: number;
  readonly visits: number;
  readonly personMinutes: number;
  readonly paidMinutes: number;
  readonly costPence: number;
}
