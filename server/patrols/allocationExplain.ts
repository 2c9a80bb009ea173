/** A solved plan as it is shown: visits with their reasons, hours, money, and the promises that could not be kept. */
import type { AgreementPlan, PlannedHours, PlannedVisit, Shortfall } from './allocation.ts';
import type { Problem, Requirement } from './allocationModel.ts';
import { isOpenOn } from './allocationMinimums.ts';
import type { SolvedPlan } from './allocationSolve.ts';
import type { PlanState, Stop } from './allocationState.ts';
import { emptyState, lacksOf, stopAt } from './allocationState.ts';
import { pounds, sayCount, sayShortfall, sayVisit } from './allocationWords.ts';
import { bandsPerDay } from './bands.ts';
import { addDays, daysBetween } from './calendar.ts';
import { gapOf } from './gain.ts';
import type { Work } from './greedy.ts';
import { workOn } from './greedy.ts';

const thousandPoundsInPence = 100_000;

/** The plan of one agreement as data for people; every figure is added again from the visits. */
export function explainPlan(problem: Problem, solved: SolvedPlan): AgreementPlan {
  const { work, state, objective, bound, lpBound } = solved;
  const visits = visitsOf(work, state, solved.gainPerPenny);
  const spentPence = visits.reduce((sum, visit) => sum + visit.costPence, 0);
  const scale = problem.settings.effect.central > 0 ? objective / problem.settings.effect.central : 0;
  return {
    agreementId: problem.agreement.id,
    councilCode: problem.agreement.councilCode,
    reason: visits.length > 0 ? null : { code: 'nothing-expected', text: 'No visit would prevent anything: no incidents are expected and no minimum is set.' },
    visits,
    hours: hoursOf(problem, state),
    spentPence,
    leftPence: problem.moneyPence - spentPence,
    objective,
    objectiveRange: { low: scale * problem.settings.effect.low, high: scale * problem.settings.effect.high },
    bound, lpBound,
    gap: gapOf(objective, bound),
    method: solved.method,
    shadowPricePerThousandPounds: solved.gainPerPenny * thousandPoundsInPence,
    shortfalls: shortfallsOf(work, state),
    binding: bindingOf(problem, state),
  };
}

/** The plan of an agreement that can give nothing: the reason, and the promises broken by it. */
export function emptyPlan(problem: Problem): AgreementPlan {
  const work = workOn(problem);
  const first = problem.cells[work.order.cells[0] ?? -1];
  return {
    agreementId: problem.agreement.id,
    councilCode: problem.agreement.councilCode,
    reason: problem.nothing,
    visits: [], hours: [],
    spentPence: 0,
    leftPence: problem.moneyPence,
    objective: 0,
    objectiveRange: { low: 0, high: 0 },
    bound: 0, lpBound: 0, gap: 0,
    method: 'none',
    shadowPricePerThousandPounds: first ? ((first.gains[0] ?? 0) / Math.max(1, first.costPence)) * thousandPoundsInPence : 0,
    shortfalls: problem.hotspots.length === 0 ? [] : shortfallsOf(work, emptyState(problem, work.rows)),
    binding: problem.nothing ? [problem.nothing.text] : [],
  };
}

function visitsOf(work: Work, state: PlanState, gainPerPenny: number): PlannedVisit[] {
  const { problem } = work;
  return problem.cells.flatMap((cell, index) =>
    Array.from({ length: state.counts[index] ?? 0 }, (_, position) => {
      const gain = cell.gains[position] ?? 0;
      const worthLess = gain < gainPerPenny * cell.costPence * (1 - 1e-6);
      return {
        hotspotId: problem.hotspots[cell.hotspot]?.id ?? '',
        date: cell.band.date,
        band: cell.band.band,
        ordinal: position + 1,
        expected: cell.expected,
        gain,
        costPence: cell.costPence,
        personMinutes: cell.personMinutes,
        why: sayVisit(problem, cell, position + 1, worthLess ? neededBy(work, state, index) : null, stopAt(problem, state, index)),
      };
    }),
  );
}

/** The first promise that would be broken by one visit less in a cell. */
function neededBy(work: Work, state: PlanState, cell: number): Requirement | null {
  const row = (work.rows.ofCell[cell] ?? []).find((index) => (state.rowVisits[index] ?? 0) <= (work.rows.wanted[index] ?? 0));
  return row === undefined ? null : (work.problem.requirements[work.rows.requirement[row] ?? -1] ?? null);
}

function hoursOf(problem: Problem, state: PlanState): PlannedHours[] {
  return problem.cells.flatMap((cell, index) => {
    const visits = state.counts[index] ?? 0;
    if (visits === 0) return [];
    return [{
      hotspotId: problem.hotspots[cell.hotspot]?.id ?? '',
      date: cell.band.date,
      band: cell.band.band,
      visits,
      visitMinutes: visits * problem.settings.visitMinutes,
      personMinutes: visits * cell.personMinutes,
    }];
  });
}

function shortfallsOf(work: Work, state: PlanState): Shortfall[] {
  const { problem } = work;
  return lacksOf(problem, work.rows, state).flatMap((lack, index) => {
    const promise = problem.requirements[index];
    if (!promise || lack === 0) return [];
    const missed = promise.rows.filter((row) => visitsIn(state, row.cells) < row.wanted).flatMap((row) => row.cells);
    const stops = [...new Set(missed)].map((cell): Stop | null => stopAt(problem, state, cell));
    const wanted = promise.rule === 'gap' ? problem.settings.maxGapDays - 1 : (promise.rows[0]?.wanted ?? 0);
    return [{
      hotspotId: problem.hotspots[promise.hotspot]?.id ?? null,
      rule: promise.rule,
      wanted,
      got: promise.rule === 'gap' ? longestRun(problem, state, promise.hotspot) : wanted - lack,
      why: `${promise.rule === 'floor' ? `${promise.name}: ` : ''}${sayShortfall(problem, stops)}`,
    }];
  });
}

function visitsIn(state: PlanState, cells: readonly number[]): number {
  return cells.reduce((sum, cell) => sum + (state.counts[cell] ?? 0), 0);
}

/** The longest run of live days without a visit, days since the last known visit before the week included. */
function longestRun(problem: Problem, state: PlanState, hotspot: number): number {
  const place = problem.hotspots[hotspot];
  const monday = problem.bands[0]?.date;
  if (!place || !monday) return 0;
  const visited = new Set<string>();
  problem.cells.forEach((cell, index) => (cell.hotspot === hotspot && (state.counts[index] ?? 0) > 0 ? visited.add(cell.band.date) : undefined));
  const before = place.lastVisitOn ? daysBetween(place.lastVisitOn, monday) - 1 : 0;
  let [longest, run] = [0, 0];
  for (let day = -before; day < problem.bands.length / bandsPerDay; day++) {
    const date = addDays(monday, day);
    run = isOpenOn(problem.agreement, place, date) && !visited.has(date) ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** What stops more visits, over the whole plan. */
function bindingOf(problem: Problem, state: PlanState): string[] {
  const stops = problem.cells.map((cell, index) => ({ cell, stop: stopAt(problem, state, index) }));
  const hotspots = new Set(stops.filter(({ stop }) => stop === 'share').map(({ cell }) => cell.hotspot)).size;
  const bands = new Set(stops.filter(({ stop }) => stop === 'rota').map(({ cell }) => cell.band.index)).size;
  const says: string[] = [];
  if (stops.some(({ stop }) => stop === 'money')) says.push(`The money binds: the ${pounds(problem.moneyPence - state.spentPence)} left is less than the next visit costs.`);
  if (hotspots > 0) says.push(`${sayCount(hotspots, 'hotspot')} at the share limit.`);
  if (bands > 0) says.push(`The rota has no more wardens in ${sayCount(bands, 'band')} of the week.`);
  return says.length > 0 ? says : ['Every visit that would prevent anything is given.'];
}
