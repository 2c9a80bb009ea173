/**
 * What each measure of a definition counts: the rows of one hotspot's month, each with the amount it adds.
 * A figure is the sum of its rows, so the rows that are served and the figure cannot part.
 */
import type { DefinitionField, FigureRow, Status } from './contract.ts';
import type { CountedAction, CountedPatrol, HotspotMonth, LoadedIncident, LoadedVisit, Source } from './month.ts';
import { toActionRow, toBaselineRow, toIncidentRow, toPatrolRow, toVisitRow } from './rowShapes.ts';

/** A row with a key that is the same for the same thing in two hotspots. */
export interface CountedRow {
  readonly key: string;
  /** What it adds to the figure. */
  readonly amount: number;
  /** As it is served: made only where it is asked for, since a return has many more rows than readers. */
  readonly row: () => FigureRow;
}

export interface Asked {
  /** A staff category, action kind or source; null for all. */
  readonly part: string | null;
  readonly field: DefinitionField;
  readonly sources: readonly Source[];
}

export interface Gap {
  readonly status: Exclude<Status, 'counted'>;
  readonly why: string;
}

/** Calls `add` with each thing that is counted and what it adds: nothing is made for a row until somebody reads it. */
type Each<T> = (hotspot: HotspotMonth, asked: Asked, add: (amount: number, thing: T) => void) => void;

interface Counting {
  /** What every row adds, with its key. */
  readonly keyed: (hotspot: HotspotMonth, asked: Asked, add: (amount: number, key: string) => void) => void;
  /** What every row adds. */
  readonly each: (hotspot: HotspotMonth, asked: Asked, add: (amount: number) => void) => void;
  readonly rows: (hotspot: HotspotMonth, asked: Asked) => CountedRow[];
}

export interface Measure extends Counting {
  /** What is counted, in words. */
  readonly from: (hotspot: HotspotMonth, asked: Asked) => string;
  /** Why this hotspot has no figure, or undefined when it has one. */
  readonly gap: (hotspot: HotspotMonth, asked: Asked) => Gap | undefined;
  /** For a percentage: what a row adds to the whole that the sum of the rows is divided by. */
  readonly of?: (amount: number) => number;
  /** Why there is no percentage when that is 0. */
  readonly ofNothing?: string;
  /** Given for areas only: the same thing in two hotspots counts once. */
  readonly once?: true;
}

/** What is said of a thing counted: its key, and its row as it is served. */
type Said<T, S> = (thing: T, of: { readonly hotspot: HotspotMonth; readonly sources: readonly Source[]; readonly amount: number }) => S;

/** One walk over the things counted: the sum and the rows are both made by it. */
function counting<T>(each: Each<T>, key: Said<T, string>, row: Said<T, FigureRow>): Counting {
  return {
    each,
    keyed: (hotspot, asked, add) => each(hotspot, asked, (amount, thing) => add(amount, key(thing, { hotspot, sources: asked.sources, amount }))),
    rows: (hotspot, asked) => {
      const rows: CountedRow[] = [];
      each(hotspot, asked, (amount, thing) => {
        const of = { hotspot, sources: asked.sources, amount };
        rows.push({ key: key(thing, of), amount, row: () => row(thing, of) });
      });
      return rows;
    },
  };
}

const patrols = counting<CountedPatrol>((hotspot, _asked, add) => hotspot.patrols.forEach((patrol) => add(1, patrol)), ({ key }) => key, ({ key, visit }) => toPatrolRow(visit, key));
const incidents = counting<LoadedIncident>(eachIncident, incidentKey, (incident, { hotspot, sources }) => toIncidentRow(hotspot, incident, sources));
/** A frozen count of a source, or an incident counted now. */
type Before = LoadedIncident | { readonly source: Source; readonly n: number };
const yearBefore = counting<Before>(eachYearBefore, beforeKey, beforeRow);
/** The month's incidents add and those of the year before take off, so the sign says which is which. */
const change = counting<Before>(
  (hotspot, asked, add) => {
    eachIncident(hotspot, asked, add);
    eachYearBefore(hotspot, asked, (amount, thing) => add(0 - amount, thing));
  },
  (thing, of) => (of.amount > 0 ? beforeKey(thing, of) : `before ${beforeKey(thing, of)}`),
  (thing, of) => ({ ...beforeRow(thing, of), amount: of.amount }),
);

export const measures: Readonly<Record<string, Measure>> = {
  patrols: { from: () => 'patrols with a visit on a live day', gap: notStarted, ...patrols },
  patrolsOnce: { from: () => 'patrols with a visit on a live day', gap: notStarted, ...patrols, once: true },
  visits: visitMeasure(() => 1),
  longVisits: visitMeasure((visit, field) => (visit.minutes >= leastMinutes(field) ? 1 : undefined)),
  longVisitsShare: { ...visitMeasure((visit, field) => (visit.minutes >= leastMinutes(field) ? 1 : 0)), of: () => 1, ofNothing: 'There was no visit.' },
  personMinutes: visitMeasure((visit) => visit.personMinutes),
  personMinutesWithoutExtended: visitMeasure((visit) => (visit.extended ? undefined : visit.personMinutes)),
  personMinutesExtended: visitMeasure((visit) => (visit.extended ? visit.personMinutes : undefined)),
  actions: actionMeasure(() => true),
  enforcementActions: actionMeasure((action) => action.kind.enforcement),
  asbPowers: actionMeasure((action) => action.kind.asbPower),
  incidents: { from: incidentsFrom, gap: notImported, ...incidents },
  incidentsOnce: { from: incidentsFrom, gap: notImported, ...incidents, once: true },
  incidentsYearBefore: { from: yearBeforeFrom, gap: notImportedYearBefore, ...yearBefore },
  incidentsChange: {
    from: (hotspot, asked) => `${incidentsFrom(hotspot, asked)}, against: ${yearBeforeFrom(hotspot, asked)}`,
    gap: (hotspot, asked) => notImported(hotspot, asked) ?? notImportedYearBefore(hotspot, asked),
    ...change,
    of: (amount) => Math.max(0, -amount),
    ofNothing: 'There was none in the same month a year before.',
  },
};

function visitMeasure(amountOf: (visit: LoadedVisit, field: DefinitionField) => number | undefined): Measure {
  return {
    from: () => 'visits on live days',
    gap: notStarted,
    ...counting<LoadedVisit>((hotspot, { part, field }, add) => {
      for (const visit of hotspot.visits) {
        const amount = part === null || visit.staffCategory === part ? amountOf(visit, field) : undefined;
        if (amount !== undefined) add(amount, visit);
      }
    }, ({ id }) => id, (visit, { amount }) => toVisitRow(visit, amount)),
  };
}

function leastMinutes(field: DefinitionField): number {
  return field.minimumMinutes ?? 15;
}

function actionMeasure(counts: (action: CountedAction) => boolean): Measure {
  return {
    from: () => 'actions on visits on live days',
    gap: notStarted,
    ...counting<CountedAction>((hotspot, { part }, add) => {
      for (const action of hotspot.actions) if (counts(action) && (part === null || action.code === part)) add(action.n, action);
    }, ({ visitId, code }) => `${visitId} ${code}`, toActionRow),
  };
}

function notStarted({ patrolsFrom }: HotspotMonth): Gap | undefined {
  if (patrolsFrom !== null) return undefined;
  return { status: 'not started', why: 'The council had not started patrols by the last day counted.' };
}

const askedSources = ({ sources, part }: Asked): readonly Source[] => (part === null ? sources : sources.filter((source) => source.code === part));

function notImported(_hotspot: HotspotMonth, asked: Asked): Gap | undefined {
  const sources = askedSources(asked);
  if (sources.length === 0) return { status: 'not available', why: 'No incidents have been imported.' };
  return missing(sources.filter((source) => !source.imported), 'this month');
}

function notImportedYearBefore(hotspot: HotspotMonth, asked: Asked): Gap | undefined {
  const sources = askedSources(asked);
  if (sources.length === 0) return { status: 'not available', why: 'No incidents have been imported.' };
  return missing(sources.filter((source) => !source.importedYearBefore && !frozenFor(hotspot, source)), 'the same month a year before');
}

function missing(sources: readonly Source[], when: string): Gap | undefined {
  if (sources.length === 0) return undefined;
  return { status: 'not available', why: `${sources.map((source) => source.name).join(', ')}: ${when} has not been imported.` };
}

function incidentsFrom(hotspot: HotspotMonth, asked: Asked): string {
  return `incidents in the outline, ${daysCounted(hotspot, askedSources(asked))}`;
}

/** A source that gives months only cannot be cut at the day a hotspot went live or was retired. */
function daysCounted(hotspot: HotspotMonth, sources: readonly Source[]): string {
  if (hotspot.wholeMonth) return 'whole month';
  const monthly = sources.filter((source) => source.timePrecision === 'month');
  if (monthly.length === 0) return 'live days';
  return monthly.length === sources.length ? 'whole month (the source gives months only)' : `live days, and the whole month from sources that give months only: ${monthly.map((source) => source.name).join(', ')}`;
}

function eachIncident(hotspot: HotspotMonth, { sources, part }: Asked, add: (amount: number, incident: LoadedIncident) => void): void {
  for (const incident of hotspot.incidents) {
    if (part === null ? sources.some(({ code }) => code === incident.sourceCode) : incident.sourceCode === part) add(1, incident);
  }
}

function incidentKey({ month, id }: LoadedIncident): string {
  return `${month} ${id}`;
}

/** The frozen baseline holds whole months, so it stands only where it is compared with a whole month. */
function frozenFor(hotspot: HotspotMonth, source: Source): number | undefined {
  if (!hotspot.wholeMonth && !(hotspot.everyMonth && source.timePrecision === 'month')) return undefined;
  return hotspot.baselines.find((baseline) => baseline.sourceCode === source.code)?.n;
}

function eachYearBefore(hotspot: HotspotMonth, asked: Asked, add: (amount: number, thing: Before) => void): void {
  for (const source of askedSources(asked)) {
    const n = frozenFor(hotspot, source);
    if (n !== undefined) add(n, { source, n });
    else for (const incident of hotspot.incidentsYearBefore) if (incident.sourceCode === source.code) add(1, incident);
  }
}

function beforeKey(thing: Before, { hotspot }: { readonly hotspot: HotspotMonth }): string {
  return 'source' in thing ? `${hotspot.id} ${thing.source.code}` : incidentKey(thing);
}

function beforeRow(thing: Before, { hotspot, sources }: { readonly hotspot: HotspotMonth; readonly sources: readonly Source[] }): FigureRow {
  return 'source' in thing ? toBaselineRow(hotspot, thing.source, thing.n) : toIncidentRow(hotspot, thing, sources);
}

function yearBeforeFrom(hotspot: HotspotMonth, asked: Asked): string {
  const sources = askedSources(asked);
  const frozen = sources.filter((source) => frozenFor(hotspot, source) !== undefined);
  const counted = `counted now, ${daysCounted(hotspot, sources.filter((source) => !frozen.includes(source)))}`;
  if (sources.length > 0 && frozen.length === sources.length) return 'baseline frozen when the hotspot was agreed';
  return frozen.length === 0 ? counted : `baseline frozen when the hotspot was agreed (${frozen.map((source) => source.name).join(', ')}); the rest ${counted}`;
}
