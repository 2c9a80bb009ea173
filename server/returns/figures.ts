/** The figures of a month, by a definition: every hotspot, every council, and all together. Pure: same month in, same figures out. */
import type { Area, DefinitionField, Figure, FigureRows, MonthlyFigures, ReportedField, ReturnDefinition } from './contract.ts';
import { type CountedRow, type Gap, type Measure, measures } from './measures.ts';
import { type ActionKind, type HotspotMonth, type LoadedMonth, type SortedMonth, sortMonth, type Source } from './month.ts';

export const staffCategories: readonly { code: string; name: string }[] = [
  { code: 'warden', name: 'Council warden' },
  { code: 'pcso', name: 'Police community support officer' },
  { code: 'police_officer', name: 'Police officer' },
  { code: 'special', name: 'Special constable' },
  { code: 'other', name: 'Other staff' },
];

/** What one figure is asked of: hotspots, a field and perhaps one part of its breakdown. */
export interface Question {
  readonly month: string;
  readonly field: DefinitionField;
  readonly part: string | null;
  readonly hotspots: readonly HotspotMonth[];
  readonly sources: readonly Source[];
  /** What stands in the address of the rows. */
  readonly where: { readonly hotspot?: string; readonly council?: string };
}

export interface Answer extends Figure {
  readonly counted: readonly CountedRow[];
  readonly total: number;
  readonly of: number | null;
}

/** The figures of a loaded month by a definition. */
export function monthlyFigures(loaded: LoadedMonth, definition: ReturnDefinition): MonthlyFigures {
  const sorted = sortMonth(loaded);
  const fields = definition.fields.map((field) => ({ ...field, parts: partsOf(field, loaded) }));
  return {
    month: loaded.month,
    yearBefore: loaded.yearBefore,
    organisation: loaded.organisation,
    demonstration: loaded.demonstration,
    definition: { code: definition.code, version: definition.version, name: definition.name, basis: definition.basis },
    councils: loaded.councils.map((council) => ({ ...council, status: startedBy(council.patrolsStartedOn, loaded.lastDay) })),
    sources: [...loaded.sources],
    fields,
    hotspots: sorted.hotspots.map((hotspot) => reportedHotspot(loaded, fields, hotspot)),
    areas: areas(loaded, fields, sorted.hotspots),
    leftOut: leftOut(loaded.month, sorted),
    ...(loaded.collected ? { collected: loaded.collected } : {}),
  };
}

const startedBy = (startedOn: string | null, lastDay: string): 'started' | 'not started' => (startedOn !== null && startedOn <= lastDay ? 'started' : 'not started');

/** The parts a field's breakdown has in a month. */
export function partsOf(field: DefinitionField, { actionKinds, sources }: { actionKinds: readonly ActionKind[]; sources: readonly Source[] }): ReportedField['parts'] {
  if (field.breakdown === 'staff category') return [...staffCategories];
  if (field.breakdown === 'action kind') return actionKinds.map(({ code, name }) => ({ code, name }));
  if (field.breakdown === 'source') return sources.map(({ code, name }) => ({ code, name }));
  return [];
}

/**
 * The measure a field names, or undefined for one that is not counted: a field not collected, or one that describes the hotspot.
 * Throws for a measure that is not known, since a definition is edited by hand.
 */
export function measureOf({ code, measure }: DefinitionField): Measure | undefined {
  if (measure === null || measure === 'hotspot') return undefined;
  const known = Object.hasOwn(measures, measure) ? measures[measure] : undefined;
  if (!known) throw new Error(`The field ${code} names the measure "${measure}", which is not known. Use one of: ${Object.keys(measures).join(', ')}.`);
  return known;
}

function reportedHotspot(loaded: LoadedMonth, fields: readonly ReportedField[], hotspot: HotspotMonth): MonthlyFigures['hotspots'][number] {
  const { id, name, councilCode, wardCode, liveFrom, liveTo, countedFrom, countedTo, patrolsFrom } = hotspot;
  const ofHotspot = fields.filter((field) => !measureOf(field)?.once);
  return {
    id, name, councilCode, wardCode, liveFrom, liveTo, countedFrom, countedTo, patrolsFrom,
    figures: figuresOf(loaded, ofHotspot, [hotspot], { hotspot: id }),
  };
}

function areas(loaded: LoadedMonth, fields: readonly ReportedField[], hotspots: readonly HotspotMonth[]): Area[] {
  const all = area(loaded, fields, hotspots, { councilCode: null, name: 'All hotspots' });
  const each = loaded.councils.flatMap(({ code, name }) => {
    const own = hotspots.filter((hotspot) => hotspot.councilCode === code);
    return own.length === 0 ? [] : [area(loaded, fields, own, { councilCode: code, name })];
  });
  return [all, ...each];
}

function area(loaded: LoadedMonth, fields: readonly ReportedField[], hotspots: readonly HotspotMonth[], named: Pick<Area, 'councilCode' | 'name'>): Area {
  return {
    ...named,
    hotspots: hotspots.length,
    hotspotsNotStarted: hotspots.filter((hotspot) => hotspot.patrolsFrom === null).length,
    figures: figuresOf(loaded, fields, hotspots, named.councilCode === null ? {} : { council: named.councilCode }),
  };
}

function figuresOf({ month, sources }: LoadedMonth, fields: readonly ReportedField[], hotspots: readonly HotspotMonth[], where: Question['where']): Figure[] {
  const counted = fields.filter((field) => measureOf(field) !== undefined);
  return counted.flatMap((field) =>
    [null, ...field.parts.map((part) => part.code)].map((part) => {
      const { counted: _rows, total: _total, of: _of, ...figure } = answer({ month, field, part, hotspots, sources, where });
      return figure;
    }),
  );
}

/** One figure with the rows it is the sum of. Throws for a field whose definition names no measure. */
export function answer(question: Question): Answer {
  const { field, part, hotspots, sources } = question;
  const measure = measureOf(field);
  if (!measure) throw new Error(`The field ${field.code} is not counted: its definition names no measure.`);
  const asked = hotspots.map((hotspot) => ({ hotspot, part, field, sources }));
  const gap = gapOf(asked.map(measure.gap));
  const started = gap ? [] : asked.filter((one) => measure.gap(one) === undefined);
  const rows = started.flatMap(measure.rows);
  const counted = measure.once ? eachOnce(rows) : rows;
  const total = counted.reduce((sum, { row }) => sum + row.amount, 0);
  const of = measure.of && !gap ? measure.of(counted) : null;
  const from = [...new Set((started.length > 0 ? started : asked).map(measure.from))].join('; ');
  return { field: field.code, breakdown: part, ...valueOf({ total, of, gap, measure }), from, rows: rowsAddress(question), counted, total, of };
}

/** Several hotspots together lack a figure when one of them is not available, or when none has started. */
function gapOf(gaps: readonly (Gap | undefined)[]): Gap | undefined {
  const known = gaps.filter((gap) => gap !== undefined);
  const unavailable = known.filter((gap) => gap.status === 'not available');
  if (unavailable.length > 0) return { status: 'not available', why: [...new Set(unavailable.map((gap) => gap.why))].join(' ') };
  return known.length === gaps.length ? known[0] : undefined;
}

function valueOf({ total, of, gap, measure }: { total: number; of: number | null; gap: Gap | undefined; measure: Measure }): Pick<Figure, 'value' | 'status' | 'why'> {
  if (gap) return { value: null, ...gap };
  if (of === 0) return { value: null, status: 'not applicable', why: measure.ofNothing ?? 'There is nothing to take a percentage of.' };
  return { value: of === null ? total : percentage(total, of), status: 'counted', why: null };
}

/** 100 × part ÷ whole to one decimal, half away from zero; worked in whole numbers, so that 0.05 never rounds by accident. */
export function percentage(part: number, whole: number): number {
  const tenths = Math.floor((2000 * Math.abs(part) + whole) / (2 * whole));
  return part < 0 && tenths > 0 ? -tenths / 10 : tenths / 10;
}

function eachOnce(rows: readonly CountedRow[]): CountedRow[] {
  return [...new Map(rows.toReversed().map((row) => [row.key, row])).values()].toReversed();
}

function rowsAddress({ month, field, part, where }: Question): string {
  const query = new URLSearchParams({ figure: field.code, ...(part === null ? {} : { breakdown: part }), ...where });
  return `/api/returns/${month}/rows?${query}`;
}

/** The rows of a month that are not in any figure, by reason. */
export const leftOutReasons = {
  left_out_not_live: 'Visits on days on which the hotspot was not live',
  left_out_not_started: 'Visits before the day the council’s patrols started',
  left_out_without_police: 'Actions only the police may take, on a visit without them: mark the visit as joint with the police, or correct the action',
} as const;
export type LeftOutReason = keyof typeof leftOutReasons;

function leftOut(month: string, { leftOut: out }: SortedMonth): MonthlyFigures['leftOut'] {
  const counts: Record<LeftOutReason, number> = {
    left_out_not_live: out.notLive.length,
    left_out_not_started: out.notStarted.length,
    left_out_without_police: out.withoutPolice.reduce((sum, action) => sum + action.n, 0),
  };
  return Object.entries(counts).map(([code, n]) => ({ code, says: leftOutReasons[code as LeftOutReason], n, rows: `/api/returns/${month}/rows?figure=${code}` }));
}

/** What the rows endpoint answers for a figure. */
export function toFigureRows(question: Question, found: Answer): FigureRows {
  const { field, month, where } = question;
  const partName = question.part;
  return {
    month, figure: field.code, name: field.name, definition: field.definition, unit: field.unit, breakdown: partName,
    hotspot: where.hotspot ?? null, council: where.council ?? null,
    value: found.value, status: found.status, why: found.why, from: found.from, total: found.total, of: found.of,
    rows: found.counted.map(({ row }) => row),
  };
}
