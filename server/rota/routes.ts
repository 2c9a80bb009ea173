/** Shifts a council works and its rotas, over HTTP. */
import { recordEvent } from '../audit.ts';
import { AppError, conflict, notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import { numberSetting } from '../settings/queries.ts';
import * as contract from './contract.ts';
import { draftRoutes } from './draftRoutes.ts';
import { draftGreedily, getRota, lastDayOf, newSeed } from './draftWork.ts';
import { ownShiftRoutes } from './ownShiftRoutes.ts';
import { publishedRoutes } from './publishedRoutes.ts';
import { createDraftPool } from './rotaPool.ts';
import { deleteRota, findRota, findShiftType, insertRota, listRotas, listShiftTypes, saveShiftType, setJob } from './queries.ts';

export function rotaRoutes(mount: Mount): void {
  shiftTypeRoutes(mount);
  draftRoutes(mount);
  publishedRoutes(mount);
  ownShiftRoutes(mount);
  const draft = createDraftPool();

  mount(contract.listRotas, async ({ db, scope, input }) => ({ rotas: await listRotas(db, await councilCodes(db, scope.councils, input.council)) }));

  mount(contract.addRota, async (call) => {
    const { db, actor, jobs, input: { rotaId, startsOn } } = call;
    const councilCode = ownCouncil(call);
    const known = await findRota(db, [councilCode], rotaId);
    if (known && known.startsOn !== startsOn) throw conflict('rota_id_taken', 'This id stands for another rota. Begin this one under a new id.');
    if (known) return { id: known.id, jobId: known.jobId };
    const endsOn = call.input.endsOn ?? lastDayOf(startsOn, await numberSetting(db, 'rota_days', startsOn));
    await insertRota(db, { id: rotaId, councilCode, startsOn, endsOn, seed: newSeed() }, actor.personId);
    await recordEvent(db, actor, { action: 'rotaBegun', subjectKind: 'rota', subjectId: rotaId, councilCode, after: { startsOn, endsOn } });
    await draftGreedily(db, await getRota(db, [councilCode], rotaId), draft);
    const jobId = await jobs.enqueue(db, 'rota', { rotaId }, actor, councilCode);
    await setJob(db, rotaId, jobId);
    return { id: rotaId, jobId };
  });

  mount(contract.removeRota, async ({ db, scope, actor, input: { id, reason } }) => {
    const before = await getRota(db, await councilCodes(db, scope.councils), id);
    if (before.version !== null) throw conflict('rota_is_published', 'This rota is published and stays. Publish a new version of it instead.');
    await deleteRota(db, id);
    await recordEvent(db, actor, { action: 'rotaRemoved', subjectKind: 'rota', subjectId: id, councilCode: before.councilCode, before: { startsOn: before.startsOn, endsOn: before.endsOn }, reason });
    return { done: true as const };
  });
}

function shiftTypeRoutes(mount: Mount): void {
  mount(contract.listShiftTypes, async ({ db, scope, input }) => ({ types: await listShiftTypes(db, await councilCodes(db, scope.councils, input.council)) }));

  mount(contract.addShiftType, async (call) => {
    const { db, actor, input: { shiftTypeId, ...fields } } = call;
    const councilCode = ownCouncil(call);
    const row = { ...fields, id: shiftTypeId, councilCode };
    const known = await findShiftType(db, [councilCode], shiftTypeId);
    if (known && known.code !== row.code) throw conflict('shift_type_id_taken', 'This id stands for another shift. Enter this one under a new id.');
    if (known) return known;
    await saveShiftType(db, row);
    await recordEvent(db, actor, { action: 'shiftTypeAdded', subjectKind: 'shiftType', subjectId: row.id, councilCode, after: row });
    return row;
  });

  mount(contract.changeShiftType, async ({ db, scope, actor, input: { reason, ...after } }) => {
    const before = await findShiftType(db, await councilCodes(db, scope.councils), after.id);
    if (!before) throw notFound('shift');
    const row = { ...after, councilCode: before.councilCode };
    await saveShiftType(db, row);
    await recordEvent(db, actor, { action: 'shiftTypeChanged', subjectKind: 'shiftType', subjectId: row.id, councilCode: row.councilCode, before, after: row, reason });
    return row;
  });
}

function ownCouncil({ person }: Pick<Call<unknown>, 'person'>): string {
  if (!person?.councilCode) throw new AppError(403, 'no_council', 'Rotas belong to a council. Sign in as the lead of one.');
  return person.councilCode;
}
