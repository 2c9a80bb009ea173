/** The rows behind figures as they leave: only what a figure needs, never a note, a warden or anything about a person. */
import { yearBefore } from './deadline.ts';
import type { FigureRow } from './contract.ts';
import type { CountedAction, HotspotMonth, LoadedAmount, LoadedIncident, LoadedVisit, Source } from './month.ts';

const nothing = {
  startedAt: null, endedAt: null, minutes: null, persons: null, staffCategory: null, extended: null, jointWithPolice: null,
  patrolReference: null, action: null, source: null, category: null, place: null, about: null,
};

export function toVisitRow(visit: LoadedVisit, amount: number): FigureRow {
  return { ...nothing, ...visitFacts(visit), kind: 'visit', id: visit.id, amount };
}

function visitFacts(visit: LoadedVisit) {
  const { hotspotId, hotspot, on, startedAt, endedAt, minutes, persons, staffCategory, extended, jointWithPolice, patrolReference } = visit;
  return { hotspotId, hotspot, on, startedAt, endedAt, minutes, persons, staffCategory, extended, jointWithPolice, patrolReference };
}

/** A patrol by its first visit to the hotspot. */
export function toPatrolRow(visit: LoadedVisit, key: string): FigureRow {
  const { hotspotId, hotspot, on, startedAt, patrolReference } = visit;
  return { ...nothing, kind: 'patrol', id: key, hotspotId, hotspot, on, startedAt, patrolReference, amount: 1 };
}

export function toActionRow({ visit, kind, n }: CountedAction): FigureRow {
  return { ...nothing, ...visitFacts(visit), kind: 'action', id: visit.id, action: kind.name, amount: n };
}

export function toIncidentRow(hotspot: HotspotMonth, incident: LoadedIncident, sources: readonly Source[]): FigureRow {
  return {
    ...nothing, kind: 'incident', id: incident.id, hotspotId: hotspot.id, hotspot: hotspot.name, on: incident.on ?? incident.month,
    source: sources.find((source) => source.code === incident.sourceCode)?.name ?? incident.sourceCode,
    category: incident.category, place: incident.place, amount: 1,
  };
}

/** A frozen count: one row for all the incidents it stood for, which may since have been imported anew. */
export function toBaselineRow(hotspot: HotspotMonth, source: Source, n: number): FigureRow {
  return {
    ...nothing, kind: 'baseline', id: `${hotspot.id} ${source.code}`, hotspotId: hotspot.id, hotspot: hotspot.name,
    on: yearBefore(hotspot.countedFrom).slice(0, 7), source: source.name, amount: n,
  };
}

/** Money, a target or an asset of an agreement. */
export function toAmountRow({ id, kind, on, amount, head, about }: LoadedAmount): FigureRow {
  return { ...nothing, kind, id, hotspotId: null, hotspot: '', on, amount, category: head === '' ? null : head, about };
}
