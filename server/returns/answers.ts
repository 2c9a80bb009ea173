/** One figure asked of a loaded month, with the rows it is the sum of, or the figures its formula was worked from. Pure. */
import { amountMeasures, amountsOf, isAmount } from './amounts.ts';
import { type DefinitionField, type Figure, type FigureRows, monthlyDefinition } from './contract.ts';
import { evaluate, fractionOf, isFault, type Lookup, namesIn, parseFormula, rounded } from './definitionFormula.ts';
import { before, fieldNamed, measureOf } from './fields.ts';
import type { CountedRow, Gap, Measure } from './measures.ts';
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

export type Valued = Pick<Figure, 'value' | 'status' | 'why'>;

/** A figure's value alone, with nothing gathered or written for it. Throws as `answer` does. */
export function valueAsked(question: Question): Valued {
  const { field } = question;
  if (field.formula !== undefined) return formulaValue(question, field.formula);
  if (isAmount(field.measure)) return amountValue(question, field.measure).value;
  return countedValue(question, countedMeasure(field)).value;
}

/** One figure with the rows it is the sum of. Throws for a field whose definition names no measure. */
export function answer(question: Question): Answer {
  const { field, part } = question;
  const named = { field: field.code, breakdown: part, rows: rowsAddress(question) };
  // A formula's figure has no rows of its own: it leads to the figures it was worked from, and they to theirs.
  if (field.formula !== undefined) return { ...named, ...formulaValue(question, field.formula), from: field.formula, counted: () => [], total: 0, of: null };
  if (isAmount(field.measure)) return { ...named, ...amountAnswer(question, field.measure) };
  const measure = countedMeasure(field);
  const { value, total, of, gap } = countedValue(question, measure);
  const started = question.hotspots.filter((hotspot) => measure.gap(hotspot, question) === undefined);
  const counted = (): CountedRow[] => {
    const rows = gap ? [] : started.flatMap((hotspot) => measure.rows(hotspot, question));
    return measure.once ? eachOnce(rows) : rows;
  };
  const from = [...new Set((gap ? question.hotspots : started).map((hotspot) => measure.from(hotspot, question)))].join('; ');
  return { ...named, ...value, from, counted, total, of };
}

function countedMeasure(field: DefinitionField): Measure {
  const measure = measureOf(field);
  if (!measure) throw new Error(`The field ${field.code} is not counted: its definition names no measure.`);
  return measure;
}

/** The sum of what rows add, and of what they are divided by. */
interface Sum {
  total: number;
  whole: number;
}

function countedValue(question: Question, measure: Measure): { value: Valued; total: number; of: number | null; gap: Gap | undefined } {
  const gap = gapOf(question, measure);
  const { total, whole } = gap ? { total: 0, whole: 0 } : measure.once ? sumOnce(question, measure) : sumOf(question, measure);
  const of = measure.of && !gap ? whole : null;
  return { value: valueOf({ total, of, gap, measure }), total, of, gap };
}

function sumOf(question: Question, measure: Measure): Sum {
  const sum = { total: 0, whole: 0 };
  const add = (amount: number): void => {
    sum.total += amount;
    sum.whole += measure.of?.(amount) ?? 0;
  };
  for (const hotspot of question.hotspots) if (measure.gap(hotspot, question) === undefined) measure.each(hotspot, question, add);
  return sum;
}

/** The same thing in two hotspots counts once, as it is in the first. */
function sumOnce(question: Question, measure: Measure): Sum {
  const seen = new Set<string>();
  const sum = { total: 0, whole: 0 };
  const add = (amount: number, key: string): void => {
    if (seen.has(key)) return;
    seen.add(key);
    sum.total += amount;
    sum.whole += measure.of?.(amount) ?? 0;
  };
  for (const hotspot of question.hotspots) if (measure.gap(hotspot, question) === undefined) measure.keyed(hotspot, question, add);
  return sum;
}

const noHotspot: Gap = { status: 'not applicable', why: 'No hotspot was live in the period.' };

function amountValue({ part, agreements, amounts, where }: Question, measure: string): { value: Valued; rows: readonly LoadedAmount[]; total: number } {
  const { rows, gap } = amountsOf({ measure, part, council: where.council ?? null, agreements, amounts });
  const total = rows.reduce((sum, { amount }) => sum + amount, 0);
  return { value: gap ? { value: null, ...gap } : { value: total, status: 'counted', why: null }, rows, total };
}

function amountAnswer(question: Question, measure: string): Valued & Pick<Answer, 'from' | 'counted' | 'total' | 'of'> {
  const { value, rows, total } = amountValue(question, measure);
  const counted = (): CountedRow[] => rows.map((row) => ({ key: `${row.measure} ${row.id}`, amount: row.amount, row: () => toAmountRow(row) }));
  return { ...value, from: amountMeasures[measure]?.says ?? measure, counted, total, of: null };
}

function formulaValue(question: Question, text: string): Valued {
  const formula = parseFormula(text);
  const found = isFault(formula) ? { status: 'not available' as const, why: formula.message } : evaluate(formula, lookup(question));
  return 'value' in found ? { value: rounded(found.value, question.field.unit === 'per cent' ? 1 : 0), status: 'counted', why: null } : { value: null, ...found };
}

/** What a formula's names stand for: the figures of the same area; and the same for each of its councils, which is itself where it is one. */
function lookup(question: Question): Lookup {
  const { hotspots, agreements, where } = question;
  const self: Lookup = {
    figure: (name, part) => {
      const asked = termOf(question, name, part);
      if (!asked) return { status: 'not available', why: `“${name}” is not a figure of this definition.` };
      const { value, status, why } = valueAsked(asked);
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
function gapOf(question: Question, measure: Measure): Gap | undefined {
  let first: Gap | undefined;
  let without = 0;
  let unavailable: Set<string> | undefined;
  for (const hotspot of question.hotspots) {
    const gap = measure.gap(hotspot, question);
    if (!gap) continue;
    first ??= gap;
    without += 1;
    if (gap.status === 'not available') (unavailable ??= new Set()).add(gap.why);
  }
  if (question.hotspots.length === 0) return noHotspot;
  if (unavailable) return { status: 'not available', why: [...unavailable].join(' ') };
  return without === question.hotspots.length ? first : undefined;
}

function valueOf({ total, of, gap, measure }: { total: number; of: number | null; gap: Gap | undefined; measure: Measure }): Valued {
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
