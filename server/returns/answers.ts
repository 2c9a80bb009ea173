/** One figure asked of a loaded month, with the rows it is the sum of, or the figures its formula was worked from. Pure. */
import { amountMeasures, amountsOf, isAmount } from './amounts.ts';
import { type DefinitionField, type Figure, type FigureRows, monthlyDefinition } from './contract.ts';
import { evaluate, fractionOf, isFault, type Lookup, namesIn, parseFormula, rounded } from './definitionFormula.ts';
import { before, fieldNamed, measureOf } from './fields.ts';
import type { Asked, CountedRow, Gap, Measure } from './measures.ts';
import type { HotspotMonth, LoadedAgreement, LoadedAmount, Source } from './month.ts';
import { toAmountRow } from './rowShapes.ts';

/** What one figure is asked of: hotspots, agreements, a field and perhaps one part of its breakdown. */
export interface Question {
  readonly month: string;
  readonly field: DefinitionField;
  readonly part: string | null;
  readonly hotspots: readonly HotspotMonth[];
  readonly sources: readonly Source[];
  readonly agreements: readonly LoadedAgreement[];
  readonly amounts: readonly LoadedAmount[];
  /** The definition's fields: a formula may name those that stand before it. */
  readonly fields: readonly DefinitionField[];
  /** What stands in the address of the rows. */
  readonly where: { readonly hotspot?: string; readonly council?: string };
  readonly which: Which;
}

/** Which return the rows are of: a definition, and a kept version where it is not made now. */
export interface Which {
  readonly definition: string;
  readonly version?: number;
}

export interface Answer extends Figure {
  /** The rows it is the sum of: gathered where they are asked for, since a return has many more rows than readers. */
  readonly counted: () => readonly CountedRow[];
  readonly total: number;
  readonly of: number | null;
}

/** One figure with the rows it is the sum of. Throws for a field whose definition names no measure. */
export function answer(question: Question): Answer {
  const { field, part, hotspots, sources } = question;
  if (field.formula !== undefined) return answerFormula(question, field.formula);
  if (isAmount(field.measure)) return answerAmount(question, field.measure);
  const measure = measureOf(field);
  if (!measure) throw new Error(`The field ${field.code} is not counted: its definition names no measure.`);
  const asked = hotspots.map((hotspot) => ({ hotspot, part, field, sources }));
  const gap = asked.length === 0 ? noHotspot : gapOf(asked.map(measure.gap));
  const started = gap ? [] : asked.filter((one) => measure.gap(one) === undefined);
  const key = `${field.minimumMinutes ?? ''} ${part ?? ''}`;
  const rows = started.map((one) => rowsOnce(measure, one, key));
  const counted = (): CountedRow[] => (measure.once ? eachOnce(rows.flat()) : rows.flat());
  const total = measure.once ? sumOf(counted()) : rows.reduce((sum, own) => sum + sumOf(own), 0);
  const of = measure.of && !gap ? measure.of(counted()) : null;
  const from = [...new Set((started.length > 0 ? started : asked).map(measure.from))].join('; ');
  return { field: field.code, breakdown: part, ...valueOf({ total, of, gap, measure }), from, rows: rowsAddress(question), counted, total, of };
}

const sumOf = (rows: readonly CountedRow[]): number => rows.reduce((sum, { amount }) => sum + amount, 0);

/** Rows of a hotspot's month by how they are counted, least minutes and part: its council and all together ask for the same ones, and so do patrols and "each counted once". */
const rowsHeld = new WeakMap<HotspotMonth, Map<Measure['rows'], Map<string, CountedRow[]>>>();

function rowsOnce(measure: Measure, asked: Asked, key: string): CountedRow[] {
  let ways = rowsHeld.get(asked.hotspot);
  if (!ways) rowsHeld.set(asked.hotspot, (ways = new Map()));
  let held = ways.get(measure.rows);
  if (!held) ways.set(measure.rows, (held = new Map()));
  const found = held.get(key) ?? measure.rows(asked);
  held.set(key, found);
  return found;
}

const noHotspot: Gap = { status: 'not applicable', why: 'No hotspot was live in the period.' };

function answerAmount(question: Question, measure: string): Answer {
  const { field, part, agreements, amounts, where } = question;
  const { rows, gap } = amountsOf({ measure, part, council: where.council ?? null, agreements, amounts });
  const total = rows.reduce((sum, { amount }) => sum + amount, 0);
  const counted = (): CountedRow[] => rows.map((row) => ({ key: `${row.measure} ${row.id}`, amount: row.amount, row: () => toAmountRow(row) }));
  const value = gap ? { value: null, ...gap } : { value: total, status: 'counted' as const, why: null };
  return { field: field.code, breakdown: part, ...value, from: amountMeasures[measure]?.says ?? measure, rows: rowsAddress(question), counted, total, of: null };
}

/** A formula's figure has no rows of its own: it leads to the figures it was worked from, and they to theirs. */
function answerFormula(question: Question, text: string): Answer {
  const { field, part } = question;
  const formula = parseFormula(text);
  const found = isFault(formula) ? { status: 'not available' as const, why: formula.message } : evaluate(formula, lookup(question));
  const value = 'value' in found ? { value: rounded(found.value, field.unit === 'per cent' ? 1 : 0), status: 'counted' as const, why: null } : { value: null, ...found };
  return { field: field.code, breakdown: part, ...value, from: text, rows: rowsAddress(question), counted: () => [], total: 0, of: null };
}

/** What a formula's names stand for: the figures of the same area; and the same for each of its councils, which is itself where it is one. */
function lookup(question: Question): Lookup {
  const { hotspots, agreements, where } = question;
  const self: Lookup = {
    figure: (name, part) => {
      const asked = termOf(question, name, part);
      if (!asked) return { status: 'not available', why: `“${name}” is not a figure of this definition.` };
      const { value, status, why } = answer(asked);
      return value === null ? { status: status === 'counted' ? 'not available' : status, why: why ?? '' } : { value: fractionOf(value) };
    },
    councils: () => {
      if (where.council !== undefined || where.hotspot !== undefined) return [self];
      const codes = new Set([...hotspots, ...agreements].map(({ councilCode }) => councilCode));
      return [...codes].map((council) => lookup({ ...question, hotspots: hotspots.filter(({ councilCode }) => councilCode === council), where: { council } }));
    },
  };
  return self;
}

/** The question behind a name of a formula; the part of a figure by parts is asked of its terms by the same parts. */
function termOf(question: Question, name: string, part: string | null): Question | undefined {
  const fields = before(question.field, question.fields);
  const field = fieldNamed(name, fields);
  return field && { ...question, fields, field, part: part ?? (field.breakdown === question.field.breakdown ? question.part : null) };
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

function rowsAddress({ month, field, part, where, which }: Question): string {
  const { definition, version } = which;
  const query = {
    figure: field.code, ...(part === null ? {} : { breakdown: part }), ...where,
    ...(definition === monthlyDefinition ? {} : { definition }), ...(version === undefined ? {} : { version: String(version) }),
  };
  return `/api/returns/${month}/rows?${Object.entries(query).map(([name, value]) => `${name}=${encoded(value)}`).join('&')}`;
}

/** Codes and ids stand as they are, and nearly all values are one. */
const encoded = (value: string): string => (/^[\w.*-]*$/.test(value) ? value : new URLSearchParams({ value }).toString().slice('value='.length));

/** What the rows endpoint answers for a figure. */
export function toFigureRows(question: Question, found: Answer): FigureRows {
  const { field, month, where } = question;
  const partName = question.part;
  return {
    month, figure: field.code, name: field.name, definition: field.definition, unit: field.unit, breakdown: partName,
    hotspot: where.hotspot ?? null, council: where.council ?? null,
    value: found.value, status: found.status, why: found.why, from: found.from, total: found.total, of: found.of,
    rows: found.counted().map(({ row }) => row()), formula: field.formula ?? null, terms: termsOf(question),
  };
}

function termsOf(question: Question): FigureRows['terms'] {
  const formula = question.field.formula === undefined ? undefined : parseFormula(question.field.formula);
  if (!formula || isFault(formula)) return [];
  const named = new Map(namesIn(formula).map((each) => [`${each.name} ${each.part}`, each]));
  return [...named.values()].flatMap(({ name, part }) => {
    const asked = termOf(question, name, part);
    if (!asked) return [];
    const { value, status, rows } = answer(asked);
    return [{ name: part === null ? asked.field.name : `${asked.field.name}: ${part}`, unit: asked.field.unit, value, status, rows }];
  });
}
