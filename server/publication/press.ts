/** Figures given to the press: copied from a kept return with everything they stand on, and laid beside each other. Pure. */
import type { MonthlyFigures } from '../returns/contract.ts';
import type { PressFigure } from './contract.ts';

export interface Copied {
  readonly measure: string;
  readonly value: number;
  readonly unit: string;
  readonly definition: string;
  readonly source: string;
}

/** A figure of a kept return for all councils, with its definition; a sentence where it has none. */
export function copyFigure(figures: MonthlyFigures, { version, field, breakdown }: { version: number; field: string; breakdown: string | null }): Copied | string {
  const defined = figures.fields.find(({ code }) => code === field);
  if (!defined) return `The return of ${figures.month} has no field “${field}”. Choose one of its fields.`;
  const figure = figures.areas.find(({ councilCode }) => councilCode === null)?.figures.find((each) => each.field === field && each.breakdown === breakdown);
  if (!figure || figure.value === null) return `${defined.name} has no value in version ${version} of ${figures.month}${figure?.why ? `: ${figure.why}` : ''}. Blank is not zero, so there is nothing to give.`;
  const part = defined.parts.find(({ code }) => code === breakdown)?.name;
  return {
    measure: part ? `${defined.name}: ${part}` : defined.name, value: figure.value, unit: defined.unit, definition: `${defined.definition} Counted: ${figure.from}.`,
    source: `${figures.definition.name}, ${figures.month}, version ${version} (definition ${figures.definition.version})`,
  };
}

/** Each figure with every other that gives something else for the same measure and overlapping days, or the same value on another definition. */
export function withConflicts(figures: readonly Omit<PressFigure, 'conflicts'>[]): PressFigure[] {
  return figures.map((figure) => ({ ...figure, conflicts: figures.flatMap((other) => conflictOf(figure, other) ?? []) }));
}

type Figure = Omit<PressFigure, 'conflicts'>;
const told = ({ value, unit, toldTo, toldOn }: Figure): string => `${value.toLocaleString('en-GB')} ${unit}`.trim() + ` told to ${toldTo} on ${toldOn}`;

function conflictOf(figure: Figure, other: Figure): string | undefined {
  if (figure.id === other.id || plain(figure.measure) !== plain(other.measure)) return undefined;
  const same = figure.periodFrom === other.periodFrom && figure.periodTo === other.periodTo;
  if (!same) return undefined;
  if (figure.value !== other.value) {
    const gap = Math.abs(figure.value - other.value);
    return `${told(other)} for the same period (${gap.toLocaleString('en-GB')} apart)${plain(figure.definition) === plain(other.definition) ? '' : ', on another definition'}.`;
  }
  return plain(figure.definition) === plain(other.definition) ? undefined : `${told(other)} is the same number on another definition.`;
}

const plain = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, ' ');
