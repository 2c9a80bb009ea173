/** Trying a set before it is adopted: months chosen, counts loaded, scores put into words. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import { AppError, invalid } from '../errors.ts';
import type { Analysis, Candidate } from '../hotspots/contract.ts';
import type { IncidentFilter } from '../hotspots/incidentFilter.ts';
import { addMonths, monthsBetween } from '../hotspots/months.ts';
import { numberOf } from '../hotspots/settings.ts';
import { whole } from '../hotspots/words.ts';
import { monthsOfAll } from '../insight/asked.ts';
import { loadAsked, loadShapes } from '../insight/loadQueries.ts';
import { cellMonths } from '../insight/queries.ts';
import { percentWords, periodWords } from '../insight/words.ts';
import type { tryHotspots, TrialScore } from './contract.ts';
import { candidatesOf, getRun, type Looking } from './refreshWork.ts';
import type { TrialAnswer } from './trial.ts';
import type { Trials } from './trialPool.ts';
import { agreedMonths } from './trialQueries.ts';

type Asked = z.output<typeof tryHotspots.input>;
const yearMonths = 12;

export async function tryCandidates(db: Knex, asked: Asked, looking: Looking, trials: Trials): Promise<z.input<typeof tryHotspots.output>> {
  const run = await getRun(db, looking, asked.id);
  const chosen = chooseCandidates(await candidatesOf(db, run, looking), asked.candidates);
  const { parameters } = run;
  const about = { council: parameters.councils, category: parameters.categories, source: parameters.sources };
  const latest = await loadAsked(db, { ...about, ...(asked.from ? { from: asked.from } : {}), ...(asked.to ? { to: asked.to } : {}) }, looking);
  const held = monthsOfAll(latest.held, latest.filter.sources);
  const to = asked.to ?? latest.filter.to;
  const from = asked.from ?? addMonths(to, 1 - yearMonths);
  const months = monthsBetween(from, to).filter((month) => held.has(month));
  if (months.length === 0) throw new AppError(409, 'no_data_in_period', `No month of ${from} to ${to} is held from every source of the run, so the set cannot be tried on it. Choose other months.`);
  const learnt = monthsBetween(addMonths(from, -yearMonths), addMonths(from, -1)).filter((month) => held.has(month));
  const { filter } = await loadAsked(db, { ...about, from: learnt[0] ?? from, to }, looking);
  const draws = numberOf(latest.settings, 'trial_draws');
  const seed = `${run.hash}|${from}|${to}`;
  const answer = await trials({
    shapes: await loadShapes(db, filter), resolution: parameters.resolution, counts: await cellMonths(db, filter, parameters.resolution), months, learnt,
    proposed: chosen.flatMap((one) => one.cells), agreed: await agreedMonths(db, { ...about, months, today: looking.now.toISOString().slice(0, 10) }), draws, seed,
  });
  return {
    from, to, months: months.length, n: answer.n, areaKm2: answer.areaKm2, scores: answer.scores, draws, seed, warnings: warningsOf(run, { from, to, months, learnt, filter }, answer),
    says: trialWords(answer, { from, to }, chosen.length),
    method: `Cells of resolution ${parameters.resolution}, months held by every source; hit rate n/N, predictive accuracy index (Chainey, Tompson & Uhlig 2008), prediction efficiency index (Hunt 2016); `
      + `95% intervals by drawing the ${months.length} months again ${draws} times (percentile bootstrap, Efron & Tibshirani 1993)`,
  };
}

function chooseCandidates(all: readonly Candidate[], keys: readonly string[] | undefined): readonly Candidate[] {
  const chosen = keys ? keys.map((key) => all.find((one) => one.cells[0] === key) ?? key) : all;
  const unknown = chosen.filter((one) => typeof one === 'string');
  if (unknown.length > 0) throw invalid([{ field: 'candidates', message: `The run has no candidate with the strongest cell ${unknown.slice(0, 5).join(', ')}. Choose from its list.` }]);
  if (chosen.length === 0) throw new AppError(422, 'no_candidates', 'The set is empty: the run has no candidate, or none is chosen. There is nothing to try.');
  return chosen.filter((one) => typeof one !== 'string');
}

interface About {
  readonly from: string;
  readonly to: string;
  readonly months: readonly string[];
  readonly learnt: readonly string[];
  readonly filter: IncidentFilter;
}

function warningsOf({ parameters }: Analysis, { from, to, months, learnt, filter }: About, answer: TrialAnswer): string[] {
  const overlap = monthsBetween(parameters.from > from ? parameters.from : from, parameters.to < to ? parameters.to : to).length;
  const missing = monthsBetween(from, to).length - months.length;
  return [
    ...filter.crossings.map(({ says }) => `${says} Months on either side are not comparable.`),
    ...(overlap > 0 ? [`The proposed set was chosen on ${overlap} of these months, so its figures flatter it. “The rule, a year earlier” shows how such a choice does on months it has not seen; or choose a run that ends before ${from}.`] : []),
    ...(missing > 0 ? [`${missing} of the months asked for are not held from every source and are left out.`] : []),
    ...(learnt.length === 0 ? [`No month of the year before ${from} is held, so there is no last year’s top list to compare with.`] : learnt.length < yearMonths ? [`Only ${learnt.length} months of the year before ${from} are held: last year’s top list is made from those.`] : []),
    ...(months.length < 6 ? ['Under 6 months say nothing about how much months vary: there are no intervals.'] : []),
    ...(answer.unknownCells > 0 ? [`${answer.unknownCells} chosen cells are not in the area by today’s boundaries and are left out.`] : []),
  ];
}

function trialWords({ n, scores }: TrialAnswer, period: { from: string; to: string }, candidates: number): string {
  const proposed = scores.find((score) => score.set === 'proposed');
  if (!proposed || n === 0) return `There were no such incidents in ${periodWords(period)}, so there was nothing to catch.`;
  const rate = ({ hitRate, hitRateInterval }: TrialScore): string => `${percentWords(hitRate)}${hitRateInterval ? ` (95% interval ${percentWords(hitRateInterval.lower)} to ${percentWords(hitRateInterval.upper)})` : ''}`;
  const others = scores.filter((score) => score.set === 'last-year' || score.set === 'chance').map((score) => `${score.set === 'chance' ? 'chance' : 'last year’s top list'} ${rate(score)}`);
  const list = scores.find((score) => score.set === 'last-year');
  return `In ${periodWords(period)} the ${candidates} places, ${percentWords(proposed.areaShare)} of the area, would have caught ${rate(proposed)} of ${whole(n)} incidents; ${others.join(', ')}.${verdict(list)}`;
}

function verdict(list: TrialScore | undefined): string {
  const interval = list?.paiDifferenceInterval;
  if (!interval) return '';
  if (interval.lower > 0) return ' Last year’s top list did better.';
  return interval.upper < 0 ? ' That is better than last year’s top list.' : ' The two cannot be told apart.';
}
