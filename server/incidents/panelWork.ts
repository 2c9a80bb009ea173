/** The data quality panel put together: every figure of one period, for the councils a person may see. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import { AppError, invalid } from '../errors.ts';
import type { QualityMonth } from './contract.ts';
import { countRecountsDue, listExclusionsHeld } from './exclusionQueries.ts';
import { listNotesHeld } from './noteQueries.ts';
import { boundarySets, holdsLsoaLookup, lsoaVintages, refusedByRule, sourceFigures } from './panelQueries.ts';
import type { getQualityPanel, SourceQuality } from './qualityContract.ts';
import { listQuality, listSourcesHeld, monthAfter } from './queries.ts';
import { crossedBy } from './recording.ts';
import { listWeightsSet } from './weightQueries.ts';

type Panel = z.input<typeof getQualityPanel.output>;
type Asked = z.output<typeof getQualityPanel.input>;

/** Months a panel shows unless told: one of every season. */
const usualMonths = 12;

export async function viewPanel(db: Knex, asked: Asked, councils: readonly string[]): Promise<Panel> {
  const held = (await listSourcesHeld(db)).filter(({ months, code }) => months > 0 && (asked.source === undefined || asked.source.includes(code)));
  const last = held.map(({ lastMonth }) => lastMonth ?? '').sort().at(-1);
  if (!last) throw new AppError(409, 'no_data', 'No incidents have been imported yet, so there is no quality to show. Import some first.');
  const to = asked.to ?? last;
  const from = asked.from ?? monthsBack(to, usualMonths - 1);
  if (from > to) throw invalid([{ field: 'from', message: `${from} is after ${to}. Give the earlier month as from.` }]);
  const range = { from, to, sources: held.map(({ code }) => code) };
  const months = monthsOf(from, to);
  const quality = (await listQuality(db, { from, to, councils })).filter(({ source }) => range.sources.includes(source));
  const notes = await listNotesHeld(db);
  const [figures, weights] = [await sourceFigures(db, range), await listWeightsSet(db)];
  const weightOf = (code: string): number => weights.find((one) => one.source === code && one.validFrom <= `${to}-01` && (one.validTo === null || one.validTo > `${to}-01`))?.weight ?? 1;
  return {
    from, to, total: totalOf(quality),
    sources: held.map(({ code, name, timePrecision, locationPrecision }): SourceQuality => ({
      ...(figures.find((one) => one.code === code) ?? { ...noFigures, code }), name, timePrecision, locationPrecision, weight: weightOf(code),
      missingMonths: months.filter((month) => !quality.some((row) => row.source === code && row.month === month)),
    })),
    refused: await refusedByRule(db), exclusions: await listExclusionsHeld(db, { from, to }),
    lsoas: await lsoaVintages(db, range), lsoaLookup: await holdsLsoaLookup(db), boundarySets: await boundarySets(db, range),
    crossings: crossedBy(notes.filter(({ withdrawnAt }) => withdrawnAt === null), { months, sources: range.sources, councils: councilsIn(quality) }),
    notes, missingMonths: months.filter((month) => !quality.some((row) => row.month === month)), recountsDue: await countRecountsDue(db),
  };
}

const noFigures = { rows: 0, withPlace: 0, withTime: 0, points: 0, mostAtOnePoint: 0, identicalRows: 0, cells9: 0, cells9OfOnePoint: 0, cells10: 0, cells10OfOnePoint: 0 };

function monthsOf(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = from; month <= to; month = monthAfter(month)) months.push(month);
  return months;
}

function monthsBack(month: string, by: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 - by;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}

const councilsIn = (quality: readonly QualityMonth[]): string[] => [...new Set(quality.flatMap(({ byCouncil }) => Object.keys(byCouncil)))];

function totalOf(quality: readonly QualityMonth[]): Panel['total'] {
  const total = { rows: 0, mapped: 0, outside: 0, withoutPlace: 0, excluded: 0, notShown: 0 };
  for (const month of quality) for (const what of Object.keys(total) as (keyof typeof total)[]) total[what] += month[what];
  return total;
}
