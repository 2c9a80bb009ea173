/** The fields of a definition: what each counts, its parts, and whether it is given for hotspots or for areas only. Pure. */
import { amountMeasures, isAmount } from './amounts.ts';
import type { DefinitionField, ReportedField } from './contract.ts';
import { isFault, namesIn, parseFormula, sumsCouncils } from './definitionFormula.ts';
import { type Measure, measures } from './measures.ts';
import type { LoadedMonth } from './month.ts';

export const staffCategories: readonly { code: string; name: string }[] = [
  { code: 'warden', name: 'Council warden' },
  { code: 'pcso', name: 'Police community support officer' },
  { code: 'police_officer', name: 'Police officer' },
  { code: 'special', name: 'Special constable' },
  { code: 'other', name: 'Other staff' },
];

/** The parts a field's breakdown has in a month. */
export function partsOf(field: DefinitionField, { actionKinds, sources, amounts }: Pick<LoadedMonth, 'actionKinds' | 'sources' | 'amounts'>): ReportedField['parts'] {
  if (field.breakdown === 'staff category') return [...staffCategories];
  if (field.breakdown === 'action kind') return actionKinds.map(({ code, name }) => ({ code, name }));
  if (field.breakdown === 'source') return sources.map(({ code, name }) => ({ code, name }));
  if (field.breakdown === 'budget head') return [...new Set(amounts.map(({ head }) => head))].filter((head) => head !== '').sort().map((head) => ({ code: head, name: head }));
  return [];
}

/**
 * The measure of hotspots a field names, or undefined for one that is not counted there: money, a formula, a field not collected, or one
 * that describes the hotspot. Throws for a measure that is not known, since a definition is edited by hand.
 */
export function measureOf({ code, measure, formula }: Pick<DefinitionField, 'code' | 'measure' | 'formula'>): Measure | undefined {
  if (measure === null || measure === 'hotspot' || formula !== undefined || isAmount(measure)) return undefined;
  const known = Object.hasOwn(measures, measure) ? measures[measure] : undefined;
  if (!known) throw new Error(`The field ${code} names the measure "${measure}", which is not known. Use one of: ${[...Object.keys(measures), ...Object.keys(amountMeasures)].join(', ')}.`);
  return known;
}

/** Whether a field has figures: a measure or a formula. */
export const isCounted = (field: DefinitionField): boolean => field.formula !== undefined || isAmount(field.measure) || measureOf(field) !== undefined;

/** Whether a figure is given for areas only: money, what counts once, and formulas that use either or sum over councils. */
export function isForAreas(field: DefinitionField, fields: readonly DefinitionField[]): boolean {
  if (field.formula === undefined) return isAmount(field.measure) || measureOf(field)?.once === true;
  const formula = parseFormula(field.formula);
  if (isFault(formula)) return true;
  return sumsCouncils(formula) || namesIn(formula).some(({ name }) => {
    const named = fieldNamed(name, before(field, fields));
    return named === undefined || isForAreas(named, before(field, fields));
  });
}

/** The fields that stand before one: what its formula may name. */
export const before = (field: DefinitionField, fields: readonly DefinitionField[]): readonly DefinitionField[] => {
  const place = fields.findIndex(({ code }) => code === field.code);
  return place < 0 ? fields : fields.slice(0, place);
};

/** A field by its code, or a measure by its name as a field of its own. */
export function fieldNamed(name: string, fields: readonly DefinitionField[]): DefinitionField | undefined {
  const field = fields.find(({ code }) => code === name);
  if (field && isCounted(field)) return field;
  const amount = isAmount(name) ? amountMeasures[name] : undefined;
  if (!amount && !Object.hasOwn(measures, name)) return undefined;
  const says = amount?.says ?? name;
  const unit = amount?.unit ?? measureUnit(name);
  return { code: name, name: says, unit, breakdown: amount ? 'budget head' : 'none', measure: name, definition: `${says}.`, basis: 'A measure of this service.' };
}

const measureUnit = (name: string): DefinitionField['unit'] => (name.startsWith('personMinutes') ? 'person-minutes' : /Share$|Change$/.test(name) ? 'per cent' : 'count');

