/** The figures of a month, by a definition: every hotspot, every council, and all together. Pure: same month in, same figures out. */
import { answer, type Question, type Which } from './answers.ts';
import { type Area, type Figure, monthlyDefinition, type MonthlyFigures, type ReportedField, type ReturnDefinition } from './contract.ts';
import { isCounted, isForAreas, partsOf } from './fields.ts';
import { type HotspotMonth, type LoadedMonth, type SortedMonth, sortMonth } from './month.ts';

/** A month's figures with what `take` makes of each. */
export type MonthOf<F> = Omit<MonthlyFigures, 'hotspots' | 'areas'> & {
  hotspots: (Omit<MonthlyFigures['hotspots'][number], 'figures'> & { figures: F[] })[];
  areas: (Omit<Area, 'figures'> & { figures: F[] })[];
};

/** The figures of a loaded month by a definition. */
export function monthlyFigures(loaded: LoadedMonth, definition: ReturnDefinition): MonthlyFigures {
  return countMonth(loaded, definition, (question): Figure => {
    const { counted: _rows, total: _total, of: _of, ...figure } = answer(question);
    return figure;
  });
}

/** A loaded month counted by a definition; `take` makes of each question what is wanted of it. */
export function countMonth<F>(loaded: LoadedMonth, definition: ReturnDefinition, take: (question: Question) => F): MonthOf<F> {
  const sorted = sortMonth(loaded);
  const fields = definition.fields.map((field) => ({ ...field, parts: partsOf(field, loaded) }));
  const byHotspot = fields.filter((field) => isCounted(field) && !isForAreas(field, fields));
  const base: Base<F> = { loaded, fields, which: { definition: definition.code }, take };
  return {
    month: loaded.month,
    ...(loaded.lastMonth === loaded.month ? {} : { lastMonth: loaded.lastMonth }),
    yearBefore: loaded.yearBefore,
    organisation: loaded.organisation,
    demonstration: loaded.demonstration,
    definition: { code: definition.code, version: definition.version, name: definition.name, basis: definition.basis },
    councils: loaded.councils.map((council) => ({ ...council, status: startedBy(council.patrolsStartedOn, loaded.lastDay) })),
    sources: [...loaded.sources],
    fields,
    hotspots: byHotspot.length === 0 ? [] : sorted.hotspots.map((hotspot) => reportedHotspot(base, byHotspot, hotspot)),
    areas: areas(base, sorted.hotspots),
    leftOut: leftOut(loaded.month, sorted, definition.code),
    ...(loaded.collected ? { collected: loaded.collected } : {}),
  };
}

const startedBy = (startedOn: string | null, lastDay: string): 'started' | 'not started' => (startedOn !== null && startedOn <= lastDay ? 'started' : 'not started');

interface Base<F> {
  readonly loaded: LoadedMonth;
  readonly fields: readonly ReportedField[];
  readonly which: Which;
  readonly take: (question: Question) => F;
}

function reportedHotspot<F>(base: Base<F>, byHotspot: readonly ReportedField[], hotspot: HotspotMonth): MonthOf<F>['hotspots'][number] {
  const { id, name, councilCode, wardCode, liveFrom, liveTo, countedFrom, countedTo, patrolsFrom } = hotspot;
  return {
    id, name, councilCode, wardCode, liveFrom, liveTo, countedFrom, countedTo, patrolsFrom,
    figures: figuresOf(base, byHotspot, [hotspot], { hotspot: id }),
  };
}

function areas<F>(base: Base<F>, hotspots: readonly HotspotMonth[]): MonthOf<F>['areas'] {
  const { councils, agreements } = base.loaded;
  const bodies = [...councils, ...agreements.filter(({ councilCode }) => !councils.some(({ code }) => code === councilCode)).map(({ councilCode: code, name }) => ({ code, name }))];
  const each = [...new Map(bodies.map((body) => [body.code, body])).values()].flatMap(({ code, name }) => {
    const own = hotspots.filter((hotspot) => hotspot.councilCode === code);
    return own.length === 0 && !agreements.some(({ councilCode }) => councilCode === code) ? [] : [area(base, own, { councilCode: code, name })];
  });
  return [area(base, hotspots, { councilCode: null, name: hotspots.length > 0 || agreements.length === 0 ? 'All hotspots' : 'All agreements' }), ...each];
}

function area<F>(base: Base<F>, hotspots: readonly HotspotMonth[], named: Pick<Area, 'councilCode' | 'name'>): MonthOf<F>['areas'][number] {
  return {
    ...named,
    hotspots: hotspots.length,
    hotspotsNotStarted: hotspots.filter((hotspot) => hotspot.patrolsFrom === null).length,
    figures: figuresOf(base, base.fields, hotspots, named.councilCode === null ? {} : { council: named.councilCode }),
  };
}

function figuresOf<F>({ loaded, fields, which, take }: Base<F>, asked: readonly ReportedField[], hotspots: readonly HotspotMonth[], where: Question['where']): F[] {
  const { month, sources, agreements, amounts } = loaded;
  return asked.filter(isCounted).flatMap((field) =>
    [null, ...field.parts.map((part) => part.code)].map((part) => take({ month, field, part, hotspots, sources, agreements, amounts, fields, where, which })));
}

/** The rows of a month that are not in any figure, by reason. */
export const leftOutReasons = {
  left_out_not_live: 'Visits on days on which the hotspot was not live',
  left_out_not_started: 'Visits before the day the council’s patrols started',
  left_out_without_police: 'Actions only the police may take, on a visit without them: mark the visit as joint with the police, or correct the action',
} as const;
export type LeftOutReason = keyof typeof leftOutReasons;

function leftOut(month: string, { leftOut: out }: SortedMonth, definition: string): MonthlyFigures['leftOut'] {
  const counts: Record<LeftOutReason, number> = {
    left_out_not_live: out.notLive.length,
    left_out_not_started: out.notStarted.length,
    left_out_without_police: out.withoutPolice.reduce((sum, action) => sum + action.n, 0),
  };
  return Object.entries(counts).map(([code, n]) => ({ code, says: leftOutReasons[code as LeftOutReason], n, rows: `/api/returns/${month}/rows?figure=${code}${definition === monthlyDefinition ? '' : `&definition=${definition}`}` }));
}

