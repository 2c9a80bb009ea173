/** A council's sections: figures in their order, what still has to be said of each, and where a section stands. Pure. */
import type { CouncilSection, Given, ReturnSection, SectionFigure, SectionState, SectionStepKind, SectionText } from './collectContract.ts';
import type { Figure, MonthlyFigures, ReportedField } from './contract.ts';

export interface VarianceRule {
  /** A change over this share is explained. */
  readonly share: number;
  /** A difference under this number is not asked about. */
  readonly least: number;
}

/** The key of a figure within a council's month. */
export const figureKey = (field: string, part: string): string => `${field}/${part}`;

/** What is known of a figure before the council says anything. */
export type CountedFigure = Omit<SectionFigure, 'given' | 'state' | 'change' | 'mustExplain'>;

/** Counted fields of a section in the definition's order; those that no section names stand in the first section of figures. */
export function fieldsOf(section: ReturnSection, sections: readonly ReturnSection[], { fields, areas }: Pick<MonthlyFigures, 'fields' | 'areas'>): ReportedField[] {
  const counted = new Set(areas.flatMap((area) => area.figures.map((figure) => figure.field)));
  const named = new Set(sections.flatMap((one) => one.fields));
  const takesRest = sections.find(({ kind }) => kind === 'figures')?.code === section.code;
  return section.kind === 'figures' ? fields.filter((field) => counted.has(field.code) && (section.fields.includes(field.code) || (takesRest && !named.has(field.code)))) : [];
}

/** A council's counted figures of a section, each with the same of the month before. */
export function countedFigures(section: ReturnSection, sections: readonly ReturnSection[], { now, before, councilCode }: { now: MonthlyFigures; before: MonthlyFigures | undefined; councilCode: string }): CountedFigure[] {
  const own = areaFigures(now, councilCode);
  const last = areaFigures(before, councilCode);
  return fieldsOf(section, sections, now).flatMap((field) =>
    [{ code: '', name: 'All' }, ...field.parts].flatMap((part) => {
      const found = own.get(figureKey(field.code, part.code));
      const asText = field.unit === 'text' || field.unit === 'date';
      if (!found || asText) return [];
      return [{
        field: field.code, part: part.code, name: field.name, partName: part.name, unit: field.unit as CountedFigure['unit'], counted: found.value, status: found.status, why: found.why,
        definition: field.definition, rows: found.rows.replace('/api/', '/'), lastMonth: last.get(figureKey(field.code, part.code))?.value ?? null,
      }];
    }),
  );
}

function areaFigures(figures: MonthlyFigures | undefined, councilCode: string): Map<string, Figure> {
  const area = figures?.areas.find((one) => one.councilCode === councilCode);
  return new Map((area?.figures ?? []).map((figure) => [figureKey(figure.field, figure.breakdown ?? ''), figure]));
}

/** Whether a value must be explained against the month before: all of a figure only, not its parts, and no percentages. */
export function mustExplain({ value, lastMonth, part, unit }: { value: number | null; lastMonth: number | null; part: string; unit: SectionFigure['unit'] }, rule: VarianceRule): boolean {
  if (value === null || lastMonth === null || part !== '' || unit === 'per cent') return false;
  const change = changeOf(value, lastMonth);
  return change !== null && Math.abs(change) > rule.share && Math.abs(value - lastMonth) >= rule.least;
}

/** The share by which a value differs from the month before; null where that was nothing. */
export function changeOf(value: number | null, lastMonth: number | null): number | null {
  return value === null || lastMonth === null || lastMonth === 0 ? null : (value - lastMonth) / Math.abs(lastMonth);
}

/** A figure with what the council said of it. */
export function judgeFigure(figure: CountedFigure, given: Given | null, rule: VarianceRule): SectionFigure {
  const value = given ? given.value : figure.counted;
  return { ...figure, change: changeOf(value, figure.lastMonth), mustExplain: mustExplain({ ...figure, value }, rule), given, state: stateOfFigure(figure, given) };
}

/** A figure counted anew since it was confirmed has to be looked at again. */
function stateOfFigure(figure: CountedFigure, given: Given | null): SectionFigure['state'] {
  if (!given) return 'to confirm';
  if (given.counted !== figure.counted) return 'changed since';
  return given.value === given.counted && Object.keys(given.hotspots).length === 0 ? 'confirmed' : 'corrected';
}

/** What stands between a section and being ready. */
export function missingOf(figures: readonly SectionFigure[], texts: readonly SectionText[], kind: ReturnSection['kind']): string[] {
  const words: string[] = [];
  const waiting = figures.filter(({ state }) => state === 'to confirm').length;
  const changed = figures.filter(({ state }) => state === 'changed since');
  if (waiting > 0) words.push(waiting === 1 ? 'One figure is not confirmed.' : `${waiting} figures are not confirmed.`);
  for (const figure of changed) words.push(`${nameOf(figure)} was counted anew since it was confirmed: confirm it again.`);
  for (const figure of figures) if (figure.mustExplain && figure.given && figure.given.explanation === '') words.push(`${nameOf(figure)} changed more than usual since last month: explain it.`);
  if (kind === 'words' && !texts.some((text) => text.kind === 'narrative' && text.text !== '')) words.push('There is no narrative yet.');
  return words;
}

export const nameOf = ({ name, part, partName }: { name: string; part: string; partName: string }): string => (part === '' ? name : `${name}, ${partName}`);

/** Where a section stands: its last step, or what was begun without one. */
export function stateOfSection(last: SectionStepKind | undefined, begun: boolean): SectionState {
  if (last === 'readied') return 'ready';
  if (last === 'submitted') return 'submitted';
  if (last === 'accepted') return 'accepted';
  if (last === 'changesRequested') return 'changes requested';
  return begun || last === 'reopened' ? 'in progress' : 'not started';
}

/** True while the council may write in a section. */
export const isOpen = (state: SectionState): boolean => state === 'not started' || state === 'in progress' || state === 'changes requested';

export const textNames: Record<SectionText['kind'], string> = { narrative: 'Narrative', risks: 'Risks', issues: 'Issues', finality: 'Figures are', as_at: 'Figures as at' };

/** Sections that still have to be sent. */
export const notSent = (sections: readonly Pick<CouncilSection, 'name' | 'state'>[]): string[] =>
  sections.filter(({ state }) => state !== 'submitted' && state !== 'accepted').map(({ name }) => name);

/** The figures that stand for all of a field. */
export const headlinesOf = <F extends { readonly part: string }>(figures: readonly F[]): F[] => figures.filter(({ part }) => part === '');
