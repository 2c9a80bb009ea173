/** A definition tried on a past month: its figures beside those of the definition in force, nothing kept. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import { AppError } from '../errors.ts';
import type { MonthlyFigures, ReturnDefinition } from './contract.ts';
import { localMonth, periodOf } from './deadline.ts';
import { definitionFaults } from './definitionCheck.ts';
import type { DefinitionDraft, TrialDifference, tryDefinition } from './definitionContract.ts';
import { monthlyFigures } from './figures.ts';
import { findDefinition } from './queries.ts';
import { loadFor } from './returnWork.ts';
import { differenceOf } from './versionDifference.ts';
import { sayMonth } from './words.ts';

export interface Trial {
  readonly code: string;
  readonly month: string;
  readonly draft: DefinitionDraft;
  readonly councils: readonly string[];
  readonly now: Date;
}

/** Tries a draft on the period with a month; a draft with faults is not counted by. */
export async function tryOn(db: Knex, { code, month, draft, councils, now }: Trial): Promise<z.input<typeof tryDefinition.output>> {
  const faults = definitionFaults(draft);
  const inForce = await findDefinition(db, code, month);
  const against = inForce?.version ?? null;
  if (faults.length > 0) return { faults, figures: [], differences: [], against };
  if (month > localMonth(now)) throw new AppError(422, 'month_in_future', `${sayMonth(month)} has not begun. Try it on a month up to ${sayMonth(localMonth(now))}.`);
  const made = await figuresBy(db, { code, version: (against ?? 0) + 1, ...draft }, { month, councils });
  const standing = inForce && (await figuresBy(db, inForce, { month, councils }));
  return { faults, figures: flat(made), differences: standing ? differences(standing, made) : [], against };
}

async function figuresBy(db: Knex, definition: ReturnDefinition, { month, councils }: Pick<Trial, 'month' | 'councils'>): Promise<MonthlyFigures> {
  return monthlyFigures(await loadFor(db, definition, { month: periodOf(month, definition.frequency).month, councils }), definition);
}

function flat({ fields, areas }: MonthlyFigures): z.input<typeof tryDefinition.output>['figures'] {
  return areas.flatMap((area) => area.figures.map(({ field, breakdown, value, status, why }) => {
    const named = fields.find(({ code }) => code === field);
    return { area: area.name, field, name: named?.name ?? field, breakdown, unit: named?.unit ?? 'count', value, status, why };
  }));
}

/** Figures that differ, those of areas first; hotspots follow the same rules. */
function differences(before: MonthlyFigures, after: MonthlyFigures): TrialDifference[] {
  return differenceOf({ ...before, hotspots: [] }, { ...after, hotspots: [] }).figures.map(({ area, field, name, part, unit, from, to }) => ({ area, field, name, breakdown: part, unit, inForce: from, trial: to }));
}
