/** Whether a definition can be counted by: every fault with its place, what stands there and the cure. Pure. */
import { amountMeasures, isAmount } from './amounts.ts';
import { type CellMap, cellFacts, type DefinitionDraft, type DefinitionFault, type RowsMap, rowFacts } from './definitionContract.ts';
import { isFault, namesIn, parseFormula } from './definitionFormula.ts';
import { fieldNamed } from './fields.ts';
import { measures } from './measures.ts';
import type { DefinitionField } from './contract.ts';

type DraftField = DefinitionDraft['fields'][number];

/** Every fault of a draft; none means that it can be tried and kept. */
export function definitionFaults({ fields, deadline, template }: DefinitionDraft): DefinitionFault[] {
  const rules = [deadline.workingDay, deadline.days, deadline.daysFromStart].filter((rule) => rule !== undefined);
  return [
    ...(rules.length > 1 ? [{ place: 'Deadline', value: rules.join(', '), message: 'There is more than one rule for the deadline. Keep one: a working day, days after the period, or days from its start.' }] : []),
    ...fields.flatMap((field, index) => fieldFaults(field, index, fields)),
    ...(template ? [...template.cells.flatMap((cell) => whatFaults(`Cell ${cell.place}`, cell, cellFacts, fields)), ...template.rows.flatMap((rows) => rowsFaults(rows, fields))] : []),
  ];
}

function fieldFaults(field: DraftField, index: number, fields: readonly DraftField[]): DefinitionFault[] {
  const place = `Field ${index + 1}, ${field.name}`;
  const refuse = (what: string, value: string, message: string): DefinitionFault => ({ place: `${place}: ${what}`, value, message });
  const faults: DefinitionFault[] = [];
  const first = fields.findIndex(({ code }) => code === field.code);
  if (first < index) faults.push(refuse('code', field.code, `Field ${first + 1} has this code too. Give each its own.`));
  if (field.measure !== null && field.formula !== undefined) faults.push(refuse('formula', field.formula, 'A field has a measure or a formula, not both. Take one out.'));
  if (field.measure !== null && field.measure !== 'hotspot' && !isMeasure(field.measure)) faults.push(refuse('measure', field.measure, `There is no such measure. ${suggest(field.measure, measureNames)}`));
  if (field.minimumMinutes !== undefined && !field.measure?.startsWith('longVisits')) faults.push(refuse('shortest visit', String(field.minimumMinutes), 'Only the measures of long visits have a shortest visit. Take it out, or choose longVisits.'));
  if (isMeasure(field.measure)) faults.push(...unitFaults(field, refuse));
  if (field.formula !== undefined) faults.push(...formulaFaults(field.formula, fields.slice(0, index), fields, refuse));
  return faults;
}

const measureNames = [...Object.keys(measures), ...Object.keys(amountMeasures)];
const isMeasure = (name: string | null): name is string => name !== null && (Object.hasOwn(measures, name) || isAmount(name));

/** Whether a field has figures. Of a draft the measure need not be known: that is a fault of its own. */
const countable = ({ formula, measure }: DefinitionField): boolean => formula !== undefined || isMeasure(measure);

/** The breakdowns a measure can be given by. */
function breakdownsOf(measure: string): readonly string[] {
  if (Object.hasOwn(amountMeasures, measure)) return ['none', 'budget head'];
  if (/^(visits|longVisits|personMinutes)/.test(measure)) return ['none', 'staff category'];
  if (measure.startsWith('incidents')) return ['none', 'source'];
  return measure === 'actions' || /^(enforcementActions|asbPowers)$/.test(measure) ? ['none', 'action kind'] : ['none'];
}

type Refuse = (what: string, value: string, message: string) => DefinitionFault;

function unitFaults(field: DraftField, refuse: Refuse): DefinitionFault[] {
  const wanted = fieldNamed(field.measure ?? '', [])?.unit;
  const allowed = breakdownsOf(field.measure ?? '');
  return [
    ...(wanted && wanted !== field.unit ? [refuse('unit', field.unit, `The measure ${field.measure} is in ${wanted}. Choose that unit, or work it out by a formula.`)] : []),
    ...(allowed.includes(field.breakdown) ? [] : [refuse('breakdown', field.breakdown, `The measure ${field.measure} has no parts of this kind. Choose: ${allowed.join(', ')}.`)]),
  ];
}

function formulaFaults(text: string, before: readonly DefinitionField[], all: readonly DraftField[], refuse: Refuse): DefinitionFault[] {
  const formula = parseFormula(text);
  if (isFault(formula)) return [refuse('formula', formula.found || text, formula.message)];
  return namesIn(formula).flatMap(({ name, part, at }) => {
    const field = fieldNamed(name, before);
    const where = `At character ${at + 1}, “${name}”: `;
    if (field) return part !== null && field.breakdown === 'none' ? [refuse('formula', `${name}[${part}]`, `${where}it has no parts. Take [${part}] out.`)] : [];
    const later = all.find(({ code }) => code === name);
    if (later && !countable(later)) return [refuse('formula', name, `${where}this field is text and has no figure. Name another.`)];
    if (later) return [refuse('formula', name, `${where}a formula names fields that stand before its own. Move “${later.name}” up, or write its formula here.`)];
    return [refuse('formula', name, `${where}there is no such field or measure. ${suggest(name, [...before.filter(countable).map(({ code }) => code), ...measureNames])}`)];
  });
}

function whatFaults(place: string, { what, part, council }: Pick<CellMap, 'what' | 'part'> & { council?: string | undefined }, facts: readonly string[], fields: readonly DraftField[]): DefinitionFault[] {
  const field = fields.find(({ code }) => code === what);
  // A field that describes the hotspot, as "live_from" does, is a fact of its row.
  if (facts.includes(what) && !(field && countable(field)) && part === undefined && council === undefined) return [];
  if (!field) return [{ place, value: what, message: `There is no such field or fact. ${suggest(what, [...fields.filter(countable).map(({ code }) => code), ...facts])}` }];
  if (!countable(field)) return [{ place, value: what, message: `“${field.name}” is not collected by this service, so nothing can be written. Take the cell out of the map.` }];
  return part !== undefined && field.breakdown === 'none' ? [{ place, value: `${what}[${part}]`, message: `“${field.name}” has no parts. Take the part out.` }] : [];
}

function rowsFaults(rows: RowsMap, fields: readonly DraftField[]): DefinitionFault[] {
  const place = `Rows ${rows.firstRow} to ${rows.lastRow} of ${rows.sheet}`;
  const order = rows.lastRow < rows.firstRow ? [{ place, value: String(rows.lastRow), message: 'The last row stands before the first. Exchange them.' }] : [];
  return [...order, ...rows.columns.flatMap((column) => whatFaults(`${place}, column ${column.column}`, column, rowFacts, fields))];
}

/** “Did you mean …?” where something is near, otherwise what there is. */
export function suggest(given: string, known: readonly string[]): string {
  const near = known.map((name) => ({ name, far: distance(given.toLowerCase(), name.toLowerCase()) })).sort((a, b) => a.far - b.far)[0];
  return near && near.far <= Math.max(2, given.length / 3) ? `Did you mean ${near.name}?` : `There are: ${known.slice(0, 40).join(', ')}.`;
}

/** Letters to change, add or take out to make one text the other (Levenshtein, 1966). */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length] ?? 0;
}
