/** Timings and gaps of the allocation on made-up weeks of four councils: 25 hotspots each, 42 bands, up to 4 visits a band. */
import { execFileSync } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import loadHighs from 'highs';
import { createAllocationPool } from '../../server/grants/allocationPool.ts';
import type { AllocationInput } from '../../server/patrols/allocation.ts';
import { allocateWith, defaultAllocationSettings, problemsOf } from '../../server/patrols/allocation.ts';
import type { LinearProblem } from '../../server/patrols/allocationLinear.ts';
import { linearOf } from '../../server/patrols/allocationLinear.ts';
import { personMinutesPerVisit } from '../../server/patrols/gain.ts';
import { workOn } from '../../server/patrols/greedy.ts';
import { loadSolver } from '../../server/patrols/solver.ts';

/** A repeatable stream of fractions from a seed (Park and Miller's multiplicative congruence, 48271 modulo 2^31 − 1). */
export function fractions(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  const next = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  for (let warm = 0; warm < 8; warm++) next();
  return next;
}

/** Share of a day's incidents in each band: few at night's end, most in the evening. */
const dayShape = [0.11, 0.03, 0.09, 0.2, 0.33, 0.24];
const weekShape = [0.12, 0.12, 0.13, 0.13, 0.17, 0.19, 0.14];

/** A made-up week: councils with few heavy and many light hotspots, dearer evenings and weekends, and a rota where `rota` says so. */
export function madeUpWeek(seed: number, shape: { councils?: number; hotspots?: number; rota?: boolean } = {}): AllocationInput {
  const next = fractions(seed);
  const settings = defaultAllocationSettings;
  const hotspots: AllocationInput['hotspots'][number][] = [];
  const agreements = Array.from({ length: shape.councils ?? 4 }, (_, council) => {
    const id = `agreement-${council + 1}`;
    const base = 1_900 + Math.floor(next() * 1_200);
    for (let place = 0; place < (shape.hotspots ?? 25); place++) {
      const weekly = 1.5 * (1 - next()) ** -0.5;
      hotspots.push({
        id: `${id}-hotspot-${String(place + 1).padStart(2, '0')}`, agreementId: id, liveFrom: '2023-08-01', liveTo: null,
        expected: weekOfIncidents(weekly, next), personMinutesPerVisit: personMinutesPerVisit(settings),
      });
    }
    return {
      id, councilCode: `E0600000${council + 1}`,
      // The more hotspots the more money: about what 25 of them have, each.
      moneyPence: Math.floor(((350_000 + Math.floor(next() * 450_000)) * (shape.hotspots ?? 25)) / 25),
      productiveRatio: 0.5 + Math.floor(next() * 30) / 100,
      ratesPencePerHour: Array.from({ length: 42 }, (_, index) => rateOf(base, Math.floor(index / 6), index % 6)),
      personMinutesAvailable: shape.rota ? Array.from({ length: 42 }, (_, index) => (index % 6 === 0 || index % 6 === 1 ? 240 : 480) + 240 * Math.floor(next() * 2)) : null,
      startsOn: '2023-08-01', endsOn: '2024-03-31',
    };
  });
  return { weekStart: '2023-10-02', agreements, hotspots, settings };
}

function weekOfIncidents(weekly: number, next: () => number): number[] {
  const raw = Array.from({ length: 42 }, (_, index) => (dayShape[index % 6] ?? 0) * (weekShape[Math.floor(index / 6)] ?? 0) * (0.4 + 1.2 * next()));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map((value) => (weekly * value) / total);
}

function rateOf(base: number, day: number, band: number): number {
  const night = band === 0 || band === 1 ? 1.33 : band === 5 ? 1.2 : 1;
  const weekend = day === 5 ? 1.25 : day === 6 ? 1.5 : 1;
  return Math.round(base * Math.max(night, weekend));
}

/**
 * Figures of the allocation on made-up weeks. Milliseconds are medians of 5 after one run to warm up; gaps are the worst of 3 weeks.
 * `allocationFourCouncilsMs` is the linear bound of four councils, rows and columns built and solved; its `…Reference` is the same programme
 * written as text and solved through the solver's own one-shot text interface. `greedyGap` is the greedy plan against the proved bound.
 * `allocationWorkerMs` is the same bound of four councils asked of a new thread, its start and the solver's loading included; `allocationLoopLagMs` the longest the asking
 * thread was held up meanwhile. `allocation39Weeks…` is one council's money over 39 weeks in a process of its own, `allocation43ForcesMs` a week of 43 forces of 100 hotspots.
 */
export async function benchAllocation(): Promise<Record<string, number>> {
  const solver = await loadSolver();
  const highs = await (loadHighs as unknown as typeof loadHighs.default)();
  const input = madeUpWeek(1);
  const works = problemsOf(input).map(workOn);
  const linears = works.map((work) => linearOf(work, { ask: 'kept' }, true));
  const gaps = [1, 2, 3].map((seed) => {
    const week = madeUpWeek(seed);
    const plan = allocateWith(week, solver);
    return { plan: plan.gap, greedy: 1 - allocateWith(week, null).objective / plan.bound };
  });
  return {
    allocationFourCouncilsMs: medianMs(() => works.map((work) => solver.solveLinear(linearOf(work, { ask: 'kept' }, true).model, 10))),
    allocationFourCouncilsMsReference: medianMs(() => linears.map((linear) => highs.solve(textOf(linear), { output_flag: false }))),
    allocationPlanMs: medianMs(() => allocateWith(input, solver)),
    allocationGreedyMs: medianMs(() => allocateWith(input, null)),
    allocationGap: Math.max(...gaps.map(({ plan }) => plan)),
    greedyGap: Math.max(...gaps.map(({ greedy }) => greedy)),
    ...(await inWorker(input)), ...inOwnProcess(), ...manyForces(solver),
  };
}

/** From a cold thread, the median of three; the lag is the worst of them. */
async function inWorker(input: AllocationInput): Promise<Record<string, number>> {
  const times: number[] = [];
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  for (let turn = 0; turn < 3; turn++) {
    const pool = createAllocationPool();
    const from = performance.now();
    await pool.run({ ask: 'bounds', input }, 60);
    times.push(performance.now() - from);
    await pool.close();
  }
  lag.disable();
  return { allocationWorkerMs: times.sort((a, b) => a - b)[1] ?? 0, allocationLoopLagMs: lag.max / 1e6 };
}

/** Time and memory of 39 weeks where nothing else is held. */
function inOwnProcess(): Record<string, number> {
  const file = fileURLToPath(new URL('./allocationWeeks.ts', import.meta.url));
  const { ms, mb } = JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' })) as { ms: number; mb: number };
  return { allocation39WeeksMs: ms, allocation39WeeksMb: mb };
}

/** Once only, since it is long; good to 0.5 % of the bound as a week of that size is asked to be. */
function manyForces(solver: Awaited<ReturnType<typeof loadSolver>>): Record<string, number> {
  const week = madeUpWeek(3, { councils: 43, hotspots: 100 });
  const from = performance.now();
  const plan = allocateWith({ ...week, settings: { ...week.settings, targetGap: 0.005 } }, solver);
  return { allocation43ForcesMs: performance.now() - from, allocation43ForcesGap: plan.gap };
}

function medianMs(run: () => unknown): number {
  run();
  const times = Array.from({ length: 5 }, () => {
    const from = performance.now();
    run();
    return performance.now() - from;
  });
  return times.sort((a, b) => a - b)[2] ?? 0;
}

/** A programme in the LP text format that solvers share. */
export function textOf({ model }: LinearProblem): string {
  const rows = Array.from(model.rowUpper, (): string[] => []);
  model.cost.forEach((_, column) => {
    for (let entry = model.starts[column] ?? 0; entry < (model.starts[column + 1] ?? 0); entry++) rows[model.rows[entry] ?? 0]?.push(`${model.values[entry]} x${column}`);
  });
  const limits = rows.map((terms, row) => (terms.length === 0 ? '' : `r${row}: ${terms.join(' + ')} ${Number.isFinite(model.rowUpper[row]) ? `<= ${model.rowUpper[row]}` : `>= ${model.rowLower[row]}`}`));
  const bounds = Array.from(model.colUpper, (upper, column) => `0 <= x${column} <= ${upper}`);
  const objective = Array.from(model.cost, (cost, column) => `${cost} x${column}`).join(' + ');
  return `Maximize\n obj: ${objective}\nSubject To\n${limits.filter((line) => line !== '').join('\n')}\nBounds\n${bounds.join('\n')}\nEnd\n`;
}
