/** Making a month's return: the same for the API and the command line. */
import type { Knex } from 'knex';
import { canonicalHash } from '../canonical.ts';
import { AppError } from '../errors.ts';
import type { MonthlyFigures, ReturnDefinition } from './contract.ts';
import { findCollected } from './consolidateQueries.ts';
import { localMonth } from './deadline.ts';
import { monthlyFigures } from './figures.ts';
import type { LoadedMonth } from './month.ts';
import { findDefinition, findLiveSpan, loadMonth } from './queries.ts';
import { sayMonth } from './words.ts';

/** The definition this service makes monthly returns by. */
export const monthlyDefinition = 'home_office_monthly';

export interface MonthAsked {
  readonly month: string;
  /** ['*'] or council codes. */
  readonly councils: readonly string[];
  readonly now: Date;
}

export interface MadeReturn {
  readonly figures: MonthlyFigures;
  readonly sha256: string;
  readonly definition: ReturnDefinition;
  readonly monthEnded: boolean;
}

/** The month and the definition in force, or an error in words: the month is to come, nothing defines it, or no hotspot was live. */
export async function openMonth(db: Knex, { month, councils, now }: MonthAsked): Promise<{ loaded: LoadedMonth; definition: ReturnDefinition }> {
  const current = localMonth(now);
  if (month > current) {
    throw new AppError(422, 'month_in_future', `${sayMonth(month)} has not begun. Choose a month up to ${sayMonth(current)}.`);
  }
  const definition = await findDefinition(db, monthlyDefinition, month);
  if (!definition) {
    throw new AppError(404, 'no_definition', `No definition of the monthly return is in force in ${sayMonth(month)}. Choose a later month.`);
  }
  const loaded = await loadMonth(db, month, councils);
  if (loaded.hotspots.length === 0) throw await noHotspots(db, { month, councils });
  const collected = await findCollected(db, month, councils);
  return { loaded: collected ? { ...loaded, collected } : loaded, definition };
}

async function noHotspots(db: Knex, { month, councils }: Omit<MonthAsked, 'now'>): Promise<AppError> {
  const span = await findLiveSpan(db, councils);
  const cure = span
    ? `Hotspots were live from ${sayMonth(span.first)}${span.last ? ` to ${sayMonth(span.last)}` : ' on'}: choose one of those months.`
    : 'There is no hotspot yet: adopt hotspots from an analysis first.';
  return new AppError(404, 'no_live_hotspots', `No hotspot was live in ${sayMonth(month)}. ${cure}`);
}

/** The figures of a month and their hash. */
export async function makeReturn(db: Knex, asked: MonthAsked): Promise<MadeReturn> {
  const { loaded, definition } = await openMonth(db, asked);
  const figures = monthlyFigures(loaded, definition);
  return { figures, sha256: canonicalHash(figures), definition, monthEnded: asked.month < localMonth(asked.now) };
}
