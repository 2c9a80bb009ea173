/** The long work of a rota: a better one than the first draft, which takes its place when nobody changed it meanwhile. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { recordEvent } from '../audit.ts';
import { id } from '../endpoint.ts';
import { notFound } from '../errors.ts';
import type { JobContext } from '../jobs.ts';
import { listCouncils } from '../patrols/councilQueries.ts';
import { loadSolver } from '../patrols/solver.ts';
import { gapOf } from './draftView.ts';
import { afterChange, cellsOf, getRota, loadDraft } from './draftWork.ts';
import { countDraft, lockRota, replaceCells, saveRun } from './queries.ts';
import { solveRota } from './rotaSolve.ts';

const taskInput = z.object({ rotaId: id });

/** Works the rota out and keeps the result; `used` says whether it became the draft. */
export async function rotaJob({ db, input, actor, report }: JobContext): Promise<unknown> {
  const { rotaId } = taskInput.parse(input);
  const councils = (await listCouncils(db, ['*'])).map(({ code }) => code);
  report(0.05, 'Reading wardens and shifts');
  const before = await db.transaction(async (trx) => loadDraft(trx, await getRota(trx, councils, rotaId)));
  report(0.1, 'Working the rota out');
  // Long work has a thread of its own already.
  const plan = solveRota(before.problem, await loadSolver(), () => performance.now());
  const solved = { method: plan.method, cost: plan.check.cost, bound: plan.bound, assignments: plan.roster.assignments };
  report(0.95, 'Keeping it');
  return db.transaction(async (trx) => {
    await lockRota(trx, rotaId);
    const rota = await getRota(trx, councils, rotaId).catch(() => {
      throw notFound('rota any more: it was taken out meanwhile');
    });
    const used = rota.draftNumber === before.rota.draftNumber && rota.draftFrom !== 'hand' && solved.cost < before.check.cost;
    const runId = randomUUID();
    await saveRun(trx, rotaId, { id: runId, method: solved.method, seed: rota.seed, inputSha256: before.inputSha256, cost: solved.cost, bound: solved.bound, roster: solved.assignments, used });
    if (used) {
      await replaceCells(trx, rotaId, cellsOf(solved.assignments));
      await countDraft(trx, rotaId, 'solver');
      await afterChange(trx, rota);
    }
    await recordEvent(trx, actor, { action: 'rotaWorkedOut', subjectKind: 'rota', subjectId: rotaId, councilCode: rota.councilCode, after: { runId, cost: solved.cost, bound: solved.bound, inputSha256: before.inputSha256, used } });
    return { runId, cost: solved.cost, bound: solved.bound, gap: gapOf(solved.cost, solved.bound), used };
  });
}
