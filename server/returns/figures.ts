/** The figures of a month, by a definition: every hotspot, every council, and all together. Pure: same month in, same figures out. */
import { answer, type Question, type Which } from './answers.ts';
import { type Area, type Figure, monthlyDefinition, type MonthlyFigures, type ReportedField, type ReturnDefinition } from './contract.ts';
import { isCounted, isForAreas, partsOf } from './fields.ts';
import { type HotspotMonth, type LoadedMonth, type SortedMonth, sortMonth } from './month.ts';

/** The figures of a loaded month by a definition. */
export function monthlyFigures(loaded: LoadedMonth, definition: ReturnDefinition): MonthlyFigures {
  const sorted = sortMonth(loaded);
  const fields = definition.fields.map((field) => ({ ...field, parts: partsOf(field, loaded) }));
  const byHotspot = fields.filter((field) => isCounted(field) && !isForAreas(field, fields));
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
    hotspots: byHotspot.length === 0 ? [] : sorted.hotspots.map((hotspot) => reportedHotspot({ loaded, fields, which: { definition: definition.code } }, byHotspot, hotspot)),
    areas: areas({ loaded, fields, which: { definition: definition.code } }, sorted.hotspots),
    leftOut: leftOut(loaded.month, sorted, definition.code),
    ...(loaded.collected ? { collected: loaded.collected } : {}),
  };
}

const startedBy = (startedOn: string | null, lastDay: string): 'started' | 'not started' => (startedOn !== null && startedOn <= lastDay ? 'started' : 'not started');

interface Base {
  readonly loaded: LoadedMonth;
  readonly fields: readonly ReportedField[];
  readonly which: Which;
}

function reportedHotspot(base: Base, byHotspot: readonly ReportedField[], hotspot: HotspotMonth): MonthlyFigures['hotspots'][number] {
  const { id, name, councilCode, wardCode, liveFrom, liveTo, countedFrom, countedTo, patrolsFrom } = hotspot;
  return {
    id, name, councilCode, wardCode, liveFrom, liveTo, countedFrom, countedTo, patrolsFrom,
    figures: figuresOf(base, byHotspot, [hotspot], { hotspot: id }),
  };
}

function areas(base: Base, hotspots: readonly HotspotMonth[]): Area[] {
  const { councils, agreements } = base.loaded;
  const bodies = [...councils, ...agreements.filter(({ councilCode }) => !councils.some(({ code }) => code === councilCode)).map(({ councilCode: code, name }) => ({ code, name }))];
  const each = [...new Map(bodies.map((body) => [body.code, body])).values()].flatMap(({ code, name }) => {
    const own = hotspots.filter((hotspot) => hotspot.councilCode === code);
    return own.length === 0 && !agreements.some(({ councilCode }) => councilCode === code) ? [] : [area(base, own, { councilCode: code, name })];
  });
  return [area(base, hotspots, { councilCode: null, name: hotspots.length > 0 || agreements.length === 0 ? 'All hotspots' : 'All agreements' }), ...each];
}

function area(base: Base, hotspots: readonly HotspotMonth[], named: Pick<Area, 'councilCode' | 'name'>): Area {
  return {
    ...named,
    hotspots: hotspots.length,
    hotspotsNotStarted: hotspots.filter((hotspot) => hotspot.patrolsFrom === null).length,
    figures: figuresOf(base, base.fields, hotspots, named.councilCode === null ? {} : { council: named.councilCode }),
  };
}

function figuresOf({ loaded, fields, which }: Base, asked: readonly ReportedField[], hotspots: readonly HotspotMonth[], where: Question['where']): Figure[] {
  const { month, sources, agreements, amounts } = loaded;
  return asked.filter(isCounted).flatMap((field) =>
    [null, ...field.parts.map((part) => part.code)].map((part) => {
      const { counted: _rows, total: _total, of: _of, ...figure } = answer({ month, field, part, hotspots, sources, agreements, amounts, fields, where, which });
      return figure;
    }),
  );
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

