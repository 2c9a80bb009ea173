/** One month as it was: hotspots with their live days, visits, actions and incidents, sorted into what counts and what is left out. */
import type { CollectedWords } from './contract.ts';
import { addMonths } from '../hotspots/months.ts';
import { yearBefore } from './deadline.ts';

export interface LoadedHotspot {
  readonly id: string;
  readonly name: string;
  readonly councilCode: string;
  readonly wardCode: string | null;
  readonly liveFrom: string;
  readonly liveTo: string | null;
  readonly countedFrom: string;
  readonly countedTo: string;
}

export interface LoadedVisit {
  readonly id: string;
  readonly hotspotId: string;
  readonly hotspot: string;
  /** The council of the hotspot. */
  readonly councilCode: string;
  /** The council whose patrol it was; a patrol's reference is only its own within it. */
  readonly patrolCouncil: string;
  readonly patrolReference: string;
  readonly on: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly minutes: number;
  readonly persons: number;
  readonly personMinutes: number;
  readonly staffCategory: string;
  readonly extended: boolean;
  readonly jointWithPolice: boolean;
}

export interface LoadedAction {
  readonly visitId: string;
  readonly code: string;
  readonly n: number;
}

export interface ActionKind {
  readonly code: string;
  readonly name: string;
  readonly policeOnly: boolean;
  readonly pcsoMay: boolean;
  readonly enforcement: boolean;
  readonly asbPower: boolean;
}

export interface LoadedIncident {
  readonly id: string;
  readonly hotspotId: string;
  readonly month: string;
  readonly sourceCode: string;
  readonly category: string;
  readonly place: string;
  /** The local day, or null where only the month is known. */
  readonly on: string | null;
}

export interface LoadedBaseline {
  readonly hotspotId: string;
  readonly sourceCode: string;
  readonly n: number;
}

export interface Council {
  readonly code: string;
  readonly name: string;
  readonly patrolsStartedOn: string | null;
}

export interface Source {
  readonly code: string;
  readonly name: string;
  readonly publisher: string;
  readonly licence: string;
  readonly timePrecision: 'minute' | 'day' | 'month';
  readonly demonstration: boolean;
  readonly imported: boolean;
  readonly importedYearBefore: boolean;
}

/** An agreement that runs in the period; money is an agreement's. */
export interface LoadedAgreement {
  readonly id: string;
  readonly reference: string;
  readonly councilCode: string;
  readonly name: string;
}

/** One row of money, of a target or of an asset, by the measure it counts in. */
export interface LoadedAmount {
  readonly measure: string;
  readonly id: string;
  readonly kind: 'journal' | 'budget' | 'target' | 'forecast' | 'asset';
  readonly agreementId: string;
  readonly councilCode: string;
  readonly head: string;
  readonly on: string;
  readonly amount: number;
  readonly about: string;
}

/** Everything the database knows of a month, or of a period of months, as loaded. */
export interface LoadedMonth {
  /** The first month; `lastMonth` is it for a period of one. */
  readonly month: string;
  readonly lastMonth: string;
  readonly yearBefore: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly organisation: string;
  readonly demonstration: boolean;
  readonly councils: readonly Council[];
  readonly sources: readonly Source[];
  readonly actionKinds: readonly ActionKind[];
  readonly hotspots: readonly LoadedHotspot[];
  readonly visits: readonly LoadedVisit[];
  readonly actions: readonly LoadedAction[];
  readonly incidents: readonly LoadedIncident[];
  readonly baselines: readonly LoadedBaseline[];
  /** What councils and office said beside the figures; absent where nothing was said. */
  readonly collected?: CollectedWords;
  /** Empty where the definition asks for no money. */
  readonly agreements: readonly LoadedAgreement[];
  readonly amounts: readonly LoadedAmount[];
}

export interface CountedAction extends LoadedAction {
  readonly visit: LoadedVisit;
  readonly kind: ActionKind;
}

/** A patrol by its first visit to the hotspot. */
export interface CountedPatrol {
  readonly key: string;
  readonly visit: LoadedVisit;
}

/** One hotspot's month with only what counts. */
export interface HotspotMonth extends LoadedHotspot {
  /** First day whose patrols count; null when the council had not started by the last live day. */
  readonly patrolsFrom: string | null;
  /** Live on every day of the period. */
  readonly wholeMonth: boolean;
  /** Live on a day of every month of the period. */
  readonly everyMonth: boolean;
  readonly visits: readonly LoadedVisit[];
  readonly patrols: readonly CountedPatrol[];
  readonly actions: readonly CountedAction[];
  readonly incidents: readonly LoadedIncident[];
  readonly incidentsYearBefore: readonly LoadedIncident[];
  readonly baselines: readonly LoadedBaseline[];
}

export interface SortedMonth {
  readonly hotspots: readonly HotspotMonth[];
  readonly leftOut: {
    /** Visits on days on which the hotspot was not live. */
    readonly notLive: readonly LoadedVisit[];
    /** Visits before the day the council's patrols started. */
    readonly notStarted: readonly LoadedVisit[];
    /** Actions only the police may take, on a visit without them. */
    readonly withoutPolice: readonly CountedAction[];
  };
}

type Fate = 'counted' | 'not live' | 'not started';

/** Sorts a loaded month: a visit counts on days its hotspot is live and its council has started, an incident on live days. */
export function sortMonth(loaded: LoadedMonth): SortedMonth {
  const started = new Map(loaded.councils.map((council) => [council.code, council.patrolsStartedOn]));
  const hotspots = new Map(loaded.hotspots.map((hotspot) => [hotspot.id, hotspot]));
  const visits = groupBy(loaded.visits, (visit) => fateOf(visit, hotspots.get(visit.hotspotId), started.get(visit.councilCode) ?? null));
  const counted = visits.get('counted') ?? [];
  const actions = groupBy(withKinds(loaded, counted), (action) => mayBeTaken(action));
  const byHotspot = {
    visits: groupBy(counted, (visit) => visit.hotspotId),
    actions: groupBy(actions.get(true) ?? [], (action) => action.visit.hotspotId),
    incidents: groupBy(loaded.incidents, (incident) => incident.hotspotId),
    baselines: groupBy(loaded.baselines, (baseline) => baseline.hotspotId),
  };
  return {
    hotspots: loaded.hotspots.map((hotspot) => {
      const incidents = liveIncidents(loaded, hotspot, byHotspot.incidents.get(hotspot.id) ?? []);
      return {
        ...hotspot,
        patrolsFrom: patrolsFrom(hotspot, started.get(hotspot.councilCode) ?? null),
        wholeMonth: isWholeMonth(loaded, hotspot),
        everyMonth: hotspot.countedFrom.startsWith(loaded.month) && hotspot.countedTo.startsWith(loaded.lastMonth),
        visits: byHotspot.visits.get(hotspot.id) ?? [],
        patrols: patrolsOf(byHotspot.visits.get(hotspot.id) ?? []),
        actions: byHotspot.actions.get(hotspot.id) ?? [],
        incidents: incidents.filter((incident) => incident.month >= loaded.month),
        incidentsYearBefore: incidents.filter((incident) => incident.month < loaded.month),
        baselines: byHotspot.baselines.get(hotspot.id) ?? [],
      };
    }),
    leftOut: { notLive: visits.get('not live') ?? [], notStarted: visits.get('not started') ?? [], withoutPolice: actions.get(false) ?? [] },
  };
}

function patrolsOf(visits: readonly LoadedVisit[]): CountedPatrol[] {
  const found = new Map<string, CountedPatrol>();
  for (const visit of visits) {
    const key = `${visit.patrolCouncil} ${visit.patrolReference}`;
    if (!found.has(key)) found.set(key, { key, visit });
  }
  return [...found.values()];
}

/** Rows by a key, in their order. */
export function groupBy<T, K>(rows: readonly T[], keyOf: (row: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function fateOf(visit: LoadedVisit, hotspot: LoadedHotspot | undefined, startedOn: string | null): Fate {
  if (!hotspot || visit.on < hotspot.countedFrom || visit.on > hotspot.countedTo) return 'not live';
  return startedOn !== null && visit.on >= startedOn ? 'counted' : 'not started';
}

function patrolsFrom(hotspot: LoadedHotspot, startedOn: string | null): string | null {
  if (startedOn === null || startedOn > hotspot.countedTo) return null;
  return startedOn > hotspot.countedFrom ? startedOn : hotspot.countedFrom;
}

function withKinds(loaded: LoadedMonth, visits: readonly LoadedVisit[]): CountedAction[] {
  const visitOf = new Map(visits.map((visit) => [visit.id, visit]));
  const kindOf = new Map(loaded.actionKinds.map((kind) => [kind.code, kind]));
  return loaded.actions.flatMap((action) => {
    const visit = visitOf.get(action.visitId);
    const kind = kindOf.get(action.code);
    return visit && kind ? [{ ...action, visit, kind }] : [];
  });
}

/** Wardens have no police power of arrest, search or dispersal: such an action needs police on the visit. */
function mayBeTaken({ kind, visit }: CountedAction): boolean {
  if (!kind.policeOnly || visit.jointWithPolice || ['police_officer', 'special'].includes(visit.staffCategory)) return true;
  return kind.pcsoMay && visit.staffCategory === 'pcso';
}

function isWholeMonth(loaded: LoadedMonth, hotspot: LoadedHotspot): boolean {
  return hotspot.countedFrom === loaded.firstDay && hotspot.countedTo === loaded.lastDay;
}

/** Incidents on the live days, and on the same days a year before; where no day is known the whole month counts. */
function liveIncidents(loaded: LoadedMonth, hotspot: LoadedHotspot, incidents: readonly LoadedIncident[]): readonly LoadedIncident[] {
  if (isWholeMonth(loaded, hotspot)) return incidents;
  const { countedFrom, countedTo } = hotspot;
  return incidents.filter(({ on, month }) => {
    if (on === null) return touches(month >= loaded.month ? month : addMonths(month, 12), countedFrom, countedTo);
    if (month >= loaded.month) return on >= countedFrom && on <= countedTo;
    return on >= yearBefore(countedFrom) && on <= yearBefore(countedTo);
  });
}

/** A source that gives months only is counted for every month with a live day. */
const touches = (month: string, from: string, to: string): boolean => month >= from.slice(0, 7) && month <= to.slice(0, 7);
