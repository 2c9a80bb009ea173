/** A rota's draft over HTTP: seen, changed, worked out anew, published. */
import { recordEvent } from '../audit.ts';
import { notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import * as contract from './draftContract.ts';
import { breachKey } from './draftView.ts';
import { changeDraft, getRota, loadDraft, lockDraft, previewDraft, showDraft, takeRoster } from './draftWork.ts';
import { publishDraft } from './publishWork.ts';
import { listRuns, saveException, setJob } from './queries.ts';

export function draftRoutes(mount: Mount): void {
  mount(contract.getDraft, async ({ db, scope, input }) => showDraft(db, await loadDraft(db, await getRota(db, await councilCodes(db, scope.councils), input.id))));

  mount(contract.changeDraft, async ({ db, scope, actor, input }) => {
    const rota = await lockDraft(db, await councilCodes(db, scope.councils), input.id, input.draftNumber);
    return showDraft(db, await changeDraft(db, actor, rota, input.changes));
  });

  mount(contract.previewDraft, async ({ db, scope, input: { id, changes } }) => previewDraft(await loadDraft(db, await getRota(db, await councilCodes(db, scope.councils), id)), changes));

  mount(contract.allowBreach, async ({ db, scope, actor, input: { id, breach, reason } }) => {
    const rota = await lockDraft(db, await councilCodes(db, scope.councils), id);
    const draft = await loadDraft(db, rota);
    const found = draft.check.breaches.find((each) => breachKey(each) === breach);
    if (!found) throw notFound('breach in this rota');
    await saveException(db, id, breach, reason, actor.personId);
    await recordEvent(db, actor, { action: 'rotaBreachAllowed', subjectKind: 'rota', subjectId: id, councilCode: rota.councilCode, after: { breach, regulation: found.regulation, sentence: found.sentence }, reason });
    return showDraft(db, draft);
  });

  mount(contract.solveRota, async ({ db, scope, actor, jobs, input: { id } }) => {
    const rota = await getRota(db, await councilCodes(db, scope.councils), id);
    const jobId = await jobs.enqueue(db, 'rota', { rotaId: id }, actor, rota.councilCode);
    await setJob(db, id, jobId);
    return { jobId };
  });

  mount(contract.takeRun, async ({ db, scope, actor, input: { id, runId, draftNumber } }) => {
    const rota = await lockDraft(db, await councilCodes(db, scope.councils), id, draftNumber);
    const run = (await listRuns(db, id)).find((each) => each.id === runId);
    if (!run) throw notFound('roster of this rota');
    return showDraft(db, await takeRoster(db, actor, rota, run));
  });

  mount(contract.publishRota, async ({ db, scope, actor, input: { id, draftNumber, note } }) => publishDraft(db, actor, { councils: await councilCodes(db, scope.councils), id, draftNumber, note }));
}
