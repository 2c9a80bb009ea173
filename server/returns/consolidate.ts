/** The councils' months in one: totals, and every conflict named and never settled. Pure. */
import type { ConsolidatedFigure, CouncilMonth, Flag, SectionFigure } from './collectContract.ts';
import { figureKey, headlinesOf, nameOf } from './collectSections.ts';
import type { MonthlyFigures } from './contract.ts';

export interface ToConsolidate {
  readonly figures: MonthlyFigures;
  readonly months: readonly CouncilMonth[];
  /** Person-minutes in the claims of the month, by council code. */
  readonly claimedMinutes: ReadonlyMap<string, number>;
}

/** What a council says of a figure: its last word, or what was counted. */
const valueOf = (figure: SectionFigure | undefined): number | null => (figure ? (figure.given ? figure.given.value : figure.counted) : null);
const isCorrected = (figure: SectionFigure | undefined): boolean => figure?.given != null && figure.given.value !== figure.counted;

/** Fields whose councils add up: not percentages, and not what is given for areas only because it counts once over several hotspots. */
export function additiveFields(figures: MonthlyFigures): Set<string> {
  const byHotspot = new Set(figures.hotspots.flatMap((hotspot) => hotspot.figures.map((figure) => figure.field)));
  return new Set(figures.fields.filter((field) => field.unit !== 'per cent' && byHotspot.has(field.code)).map(({ code }) => code));
}

/** Each figure of each section with what every council says, and all together. */
export function consolidatedFigures({ figures, months }: ToConsolidate): ConsolidatedFigure[] {
  const additive = additiveFields(figures);
  const whole = new Map((figures.areas.find(({ councilCode }) => councilCode === null)?.figures ?? []).map((figure) => [figureKey(figure.field, figure.breakdown ?? ''), figure.value]));
  const found = new Map<string, ConsolidatedFigure>();
  for (const section of months[0]?.sections ?? []) {
    for (const figure of months.flatMap((month) => month.sections.find(({ code }) => code === section.code)?.figures ?? [])) {
      const key = figureKey(figure.field, figure.part);
      if (found.has(key)) continue;
      const each = months.map((month) => month.sections.find(({ code }) => code === section.code)?.figures.find((one) => figureKey(one.field, one.part) === key));
      const values = each.map(valueOf);
      const adds = figure.unit === 'pence' || additive.has(figure.field);
      const counted = figure.unit === 'pence' ? sum(each.map((one) => one?.counted ?? null)) : (whole.get(key) ?? null);
      found.set(key, {
        section: section.code, field: figure.field, part: figure.part, name: figure.name, partName: figure.partName, unit: figure.unit,
        values, corrected: each.map(isCorrected), total: adds ? sum(values) : counted, counted,
      });
    }
  }
  return [...found.values()];
}

/** The sum of what there is; null where there is nothing. */
function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

type FoundFlag = Omit<Flag, 'explanation' | 'explainedBy'>;

/** Every conflict of a month, council by council and then of all together. */
export function flagsOf(given: ToConsolidate): FoundFlag[] {
  return [...given.months.flatMap((month) => councilFlags(month, given)), ...wholeFlags(given)];
}

function councilFlags(month: CouncilMonth, { figures, claimedMinutes }: ToConsolidate): FoundFlag[] {
  const additive = additiveFields(figures);
  const flags: FoundFlag[] = [];
  for (const section of month.sections) {
    const raise = (kind: Flag['kind'], figure: SectionFigure, says: string, pair: { one: number | null; other: number | null }, councilSays = ''): void => {
      flags.push({ key: [kind, month.councilCode, figureKey(figure.field, figure.part)].join('|'), kind, section: section.code, councilCode: month.councilCode, council: month.council, figure: nameOf(figure), says, ...pair, unit: figure.unit, councilSays });
    };
    for (const figure of section.figures) {
      const value = valueOf(figure);
      if (isCorrected(figure)) raise(section.kind === 'money' ? 'ledger' : 'council and counted', figure, section.kind === 'money' ? 'The council says one amount, the ledger another.' : 'The council says one number, the rows counted give another.', { one: value, other: figure.counted }, figure.given?.reason);
      if (figure.mustExplain) raise('last month', figure, 'Changed more than usual since last month.', { one: value, other: figure.lastMonth }, figure.given?.explanation);
      const placed = Object.values(figure.given?.hotspots ?? {});
      if (placed.length > 0 && additive.has(figure.field) && sum(placed) !== value) raise('parts and total', figure, 'The hotspots do not add up to the total the council gave.', { one: sum(placed), other: value }, figure.given?.reason);
    }
    for (const all of headlinesOf(section.figures)) {
      const parts = section.figures.filter((one) => one.field === all.field && one.part !== '').map(valueOf);
      const adds = section.kind === 'money' || additive.has(all.field);
      if (adds && parts.length > 0 && !parts.includes(null) && sum(parts) !== valueOf(all)) raise('parts and total', all, 'The parts do not add up to the total.', { one: sum(parts), other: valueOf(all) }, all.given?.reason);
    }
    const hours = section.figures.find(({ field, part }) => field === 'person_minutes' && part === '');
    const claimed = claimedMinutes.get(month.councilCode) ?? 0;
    if (hours && claimed > (valueOf(hours) ?? 0)) raise('between sources', hours, 'More person-hours stand on claims than were delivered.', { one: claimed, other: valueOf(hours) });
  }
  return flags;
}

/** Where the councils' own figures do not add up to what was counted for the whole area. */
function wholeFlags(given: ToConsolidate): FoundFlag[] {
  const additive = additiveFields(given.figures);
  return consolidatedFigures(given).filter((figure) => figure.unit !== 'pence' && additive.has(figure.field) && figure.counted !== null && figure.total !== figure.counted && !figure.corrected.includes(true)).map((figure) => ({
    key: ['parts and total', 'all', figureKey(figure.field, figure.part)].join('|'), kind: 'parts and total', section: figure.section, councilCode: null, council: 'All councils', figure: nameOf(figure),
    says: 'The councils do not add up to what was counted for all hotspots.', one: figure.total, other: figure.counted, unit: figure.unit, councilSays: '',
  }));
}
