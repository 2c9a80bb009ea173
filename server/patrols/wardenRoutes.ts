/** What wardens hold, over HTTP: the council's lead keeps it, and those who check hours see it. */
import { recordEvent } from '../audit.ts';
import { conflict, notFound } from '../errors.ts';
import type { Call, Mount } from '../mount.ts';
import { councilCodes } from './councilQueries.ts';
import { deleteClearance, findClearance, insertClearance, listClearances, updateClearance } from './wardenClearanceQueries.ts';
import * as contract from './wardenContract.ts';
import { findWarden } from './wardenQueries.ts';

export function clearanceRoutes(mount: Mount): void {
  mount(contract.listClearances, async ({ db, scope, input }) => ({ clearances: await listClearances(db, await councilCodes(db, scope.councils, input.council)) }));

  mount(contract.addClearance, async (call) => {
    const { db, scope, actor, input: { id, clearanceId, kind, validFrom, validTo = null } } = call;
    const warden = await findWarden(db, await councilCodes(db, scope.councils), id);
    if (!warden) throw notFound('warden');
    const row = { id: clearanceId, wardenId: id, kind, validFrom, validTo };
    const sent = await find(call, clearanceId);
    if (sent && !same(sent, row)) throw conflict('warden_clearance_pkey', 'This id stands for another clearance. Enter this one under a new id.');
    if (sent) return sent;
    await insertClearance(db, row, actor.personId);
    await recordEvent(db, actor, { action: 'clearanceAdded', subjectKind: 'warden', subjectId: id, councilCode: warden.councilCode, after: row });
    return get(call, clearanceId);
  });

  mount(contract.changeClearance, async (call) => {
    const { db, actor, input: { id, kind, validFrom, validTo = null, reason } } = call;
    const before = await get(call, id);
    await updateClearance(db, { id, kind, validFrom, validTo });
    const after = await get(call, id);
    await recordEvent(db, actor, { action: 'clearanceChanged', subjectKind: 'warden', subjectId: before.wardenId, councilCode: before.councilCode, before, after, reason });
    return after;
  });

  mount(contract.removeClearance, async (call) => {
    const { db, actor, input: { id, reason } } = call;
    const before = await get(call, id);
    await deleteClearance(db, id);
    await recordEvent(db, actor, { action: 'clearanceRemoved', subjectKind: 'warden', subjectId: before.wardenId, councilCode: before.councilCode, before, reason });
    return before;
  });
}

type Asked = Pick<Call<unknown>, 'db' | 'scope'>;
const find = async ({ db, scope }: Asked, id: string): Promise<contract.Clearance | undefined> => findClearance(db, await councilCodes(db, scope.councils), id);

async function get(call: Asked, id: string): Promise<contract.Clearance> {
  const found = await find(call, id);
  if (!found) throw notFound('clearance');
  return found;
}

function same(sent: contract.Clearance, row: { wardenId: string; kind: string; validFrom: string; validTo: string | null }): boolean {
  return sent.wardenId === row.wardenId && sent.kind === row.kind && sent.validFrom === row.validFrom && sent.validTo === row.validTo;
}
