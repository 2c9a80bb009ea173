/**
 * What each measure of a definition counts: the rows of one hotspot's month, each with the amount it adds.
 * A figure is the sum of its rows, so the rows that are served and the figure cannot part.
 */
import type { DefinitionField, FigureRow, Status } from './contract.ts';
import type { CountedAction, HotspotMonth, LoadedIncident, LoadedVisit, Source } from './month.ts';
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
  readonly hotspot: HotspotMonth;
  /** A staff category, action kind or source; null for all. */
  readonly part: string | null;
  readonly field: DefinitionField;
  readonly sources: readonly Source[];
}

export interface Gap {
  readonly status: Exclude<Status, 'counted'>;
  readonly why: string;
}

export interface Measure {
  /** What is counted, in words. */
  readonly from: (asked: Asked) => string;
  /** Why this hotspot has no figure, or undefined when it has one. */
  readonly gap: (asked: Asked) => Gap | undefined;
  readonly rows: (asked: Asked) => CountedRow[];
  /** For a percentage: what the sum of the rows is divided by. */
  readonly of?: (rows: readonly CountedRow[]) => number;
  /** Why there is no percentage when that is 0. */
  readonly ofNothing?: string;
  /** Given for areas only: the same thing in two hotspots counts once. */
  readonly once?: true;
}

export const measures: Readonly<Record<string, Measure>> = {
  patrols: { from: () => 'patrols with a visit on a live day', gap: notStarted, rows: patrolRows },
  patrolsOnce: { from: () => 'patrols with a visit on a live day', gap: notStarted, rows: patrolRows, once: true },
  visits: visitMeasure(() => 1),
  longVisits: visitMeasure((visit, field) => (visit.minutes >= leastMinutes(field) ? 1 : undefined)),
  longVisitsShare: { ...visitMeasure((visit, field) => (visit.minutes >= leastMinutes(field) ? 1 : 0)), of: (rows) => rows.length, ofNothing: 'There was no visit.' },
  personMinutes: visitMeasure((visit) => visit.personMinutes),
  personMinutesWithoutExtended: visitMeasure((visit) => (visit.extended ? undefined : visit.personMinutes)),
  personMinutesExtended: visitMeasure((visit) => (visit.extended ? visit.personMinutes : undefined)),
  actions: actionMeasure(() => true),
  enforcementActions: actionMeasure((action) => action.kind.enforcement),
  asbPowers: actionMeasure((action) => action.kind.asbPower),
  incidents: { from: incidentsFrom, gap: notImported, rows: incidentRows },
  incidentsOnce: { from: incidentsFrom, gap: notImported, rows: incidentRows, once: true },
  incidentsYearBefore: { from: yearBeforeFrom, gap: notImportedYearBefore, rows: yearBeforeRows },
  incidentsChange: {
    from: (asked) => `${incidentsFrom(asked)}, against: ${yearBeforeFrom(asked)}`,
    gap: (asked) => notImported(asked) ?? notImportedYearBefore(asked),
    rows: (asked) => [...incidentRows(asked), ...yearBeforeRows(asked).map(negative)],
    of: (rows) => rows.reduce((sum, { amount }) => sum + Math.max(0, -amount), 0),
    ofNothing: 'There was none in the same month a year before.',
  },
};

function visitMeasure(amountOf: (visit: LoadedVisit, field: DefinitionField) => number | undefined): Measure {
  return {
    from: () => 'visits on live days',
    gap: notStarted,
    rows: ({ hotspot, part, field }) => {
      const rows: CountedRow[] = [];
      for (const visit of hotspot.visits) {
        const amount = part === null || visit.staffCategory === part ? amountOf(visit, field) : undefined;
        if (amount !== undefined) rows.push({ key: visit.id, amount, row: () => toVisitRow(visit, amount) });
      }
      return rows;
    },
  };
}

function leastMinutes(field: DefinitionField): number {
  return field.minimumMinutes ?? 15;
}

function patrolRows({ hotspot }: Asked): CountedRow[] {
  const firstVisits = new Map<string, LoadedVisit>();
  for (const visit of hotspot.visits) {
    const key = `${visit.patrolCouncil} ${visit.patrolReference}`;
    if (!firstVisits.has(key)) firstVisits.set(key, visit);
  }
  return [...firstVisits].map(([key, visit]) => ({ key, amount: 1, row: () => toPatrolRow(visit, key) }));
}

function actionMeasure(counts: (action: CountedAction) => boolean): Measure {
  return {
    from: () => 'actions on visits on live days',
    gap: notStarted,
    rows: ({ hotspot, part }) =>
      hotspot.actions
        .filter((action) => counts(action) && (part === null || action.code === part))
        .map((action) => ({ key: `${action.visitId} ${action.code}`, amount: action.n, row: () => toActionRow(action) })),
  };
}

function notStarted({ hotspot }: Asked): Gap | undefined {
  if (hotspot.patrolsFrom !== null) return undefined;
  return { status: 'not started', why: 'The council had not started patrols by the last day counted.' };
}

const askedSources = ({ sources, part }: Asked): readonly Source[] => sources.filter((source) => part === null || source.code === part);

function notImported(asked: Asked): Gap | undefined {
  const sources = askedSources(asked);
  if (sources.length === 0) return { status: 'not available', why: 'No incidents have been imported.' };
  return missing(sources.filter((source) => !source.imported), 'this month');
}

function notImportedYearBefore(asked: Asked): Gap | undefined {
  const sources = askedSources(asked);
  if (sources.length === 0) return { status: 'not available', why: 'No incidents have been imported.' };
  return missing(sources.filter((source) => !source.importedYearBefore && !frozenFor(asked.hotspot, source)), 'the same month a year before');
}

function missing(sources: readonly Source[], when: string): Gap | undefined {
  if (sources.length === 0) return undefined;
  return { status: 'not available', why: `${sources.map((source) => source.name).join(', ')}: ${when} has not been imported.` };
}

function incidentsFrom(asked: Asked): string {
  return `incidents in the outline, ${daysCounted(asked.hotspot, askedSources(asked))}`;
}

/** A source that gives months only cannot be cut at the day a hotspot went live or was retired. */
function daysCounted(hotspot: HotspotMonth, sources: readonly Source[]): string {
  if (hotspot.wholeMonth) return 'whole month';
  const monthly = sources.filter((source) => source.timePrecision === 'month');
  if (monthly.length === 0) return 'live days';
  return monthly.length === sources.length ? 'whole month (the source gives months only)' : `live days, and the whole month from sources that give months only: ${monthly.map((source) => source.name).join(', ')}`;
}

function incidentRows(asked: Asked): CountedRow[] {
  const codes = new Set(askedSources(asked).map((source) => source.code));
  return asked.hotspot.incidents.filter((incident) => codes.has(incident.sourceCode)).map((incident) => incidentRow(asked.hotspot, incident, asked.sources));
}

function incidentRow(hotspot: HotspotMonth, incident: LoadedIncident, sources: readonly Source[]): CountedRow {
  return { key: `${incident.month} ${incident.id}`, amount: 1, row: () => toIncidentRow(hotspot, incident, sources) };
}

/** The frozen baseline holds whole months, so it stands only where it is compared with a whole month. */
function frozenFor(hotspot: HotspotMonth, source: Source): number | undefined {
  if (!hotspot.wholeMonth && !(hotspot.everyMonth && source.timePrecision === 'month')) return undefined;
  return hotspot.baselines.find((baseline) => baseline.sourceCode === source.code)?.n;
}

function yearBeforeRows(asked: Asked): CountedRow[] {
  const { hotspot, sources } = asked;
  return askedSources(asked).flatMap((source) => {
    const frozen = frozenFor(hotspot, source);
    if (frozen !== undefined) return [{ key: `${hotspot.id} ${source.code}`, amount: frozen, row: () => toBaselineRow(hotspot, source, frozen) }];
    return hotspot.incidentsYearBefore.filter((incident) => incident.sourceCode === source.code).map((incident) => incidentRow(hotspot, incident, sources));
  });
}

function yearBeforeFrom(asked: Asked): string {
  const sources = askedSources(asked);
  const frozen = sources.filter((source) => frozenFor(asked.hotspot, source) !== undefined);
  const counted = `counted now, ${daysCounted(asked.hotspot, sources.filter((source) => !frozen.includes(source)))}`;
  if (sources.length > 0 && frozen.length === sources.length) return 'baseline frozen when the hotspot was agreed';
  return frozen.length === 0 ? counted : `baseline frozen when the hotspot was agreed (${frozen.map((source) => source.name).join(', ')}); the rest ${counted}`;
}

function negative({ key, amount, row }: CountedRow): CountedRow {
  return { key: `before ${key}`, amount: 0 - amount, row: () => ({ ...row(), amount: 0 - amount }) };
}
