/** The lists of the phone page over HTTP: a council keeps its own, the Commissioner's office those of all. */
import { recordEvent } from '../audit.ts';
import { AppError, conflict, invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import * as contract from './listContract.ts';
import { endDevice, endPrompt, findReason, insertDevice, insertPrompt, listDevices, listPrompts, listReasons, type PromptRow, saveReason } from './listQueries.ts';

export function listRoutes(mount: Mount): void {
  reasonRoutes(mount);
  promptRoutes(mount);
  deviceRoutes(mount);
}

function reasonRoutes(mount: Mount): void {
  mount(contract.listMissedReasons, async ({ db }) => ({ reasons: await listReasons(db) }));

  mount(contract.addMissedReason, async ({ db, input, actor }) => {
    if (await findReason(db, input.code)) throw conflict('missed_reason_pkey', 'Another reason has this code. Give a different one.');
    await saveReason(db, { ...input, validTo: null });
    const after = await findReason(db, input.code);
    if (!after) throw notFound('reason');
    await recordEvent(db, actor, { action: 'missedReasonAdded', subjectKind: 'missedReason', subjectId: input.code, after });
    return after;
  });

  mount(contract.changeMissedReason, async ({ db, input: { reasonCode, name, validTo }, actor }) => {
    const before = await findReason(db, reasonCode);
    if (!before) throw notFound('reason');
    if (validTo !== null && validTo <= before.validFrom) throw invalid([{ field: 'validTo', message: `The reason is offered from ${before.validFrom}. Give a later day.` }]);
    const after = { ...before, name, validTo };
    await saveReason(db, after);
    await recordEvent(db, actor, { action: 'missedReasonChanged', subjectKind: 'missedReason', subjectId: reasonCode, before, after });
    return after;
  });
}

function promptRoutes(mount: Mount): void {
  const keeps = (councils: readonly string[], row: PromptRow): boolean => councils.includes('*') || (row.councilCode !== null && councils.includes(row.councilCode));

  mount(contract.listPrompts, async ({ db, scope }) =>
    ({ prompts: (await listPrompts(db, await councilCodes(db, scope.councils))).map((row) => ({ ...row, mayEnd: keeps(scope.councils, row) })) }));

  mount(contract.addPrompt, async ({ db, scope, input, actor, person }) => {
    const row: PromptRow = { ...input, councilCode: person?.councilCode ?? null, validTo: null };
    const kept = (await listPrompts(db, await councilCodes(db, scope.councils))).find(({ id }) => id === row.id);
    if (kept) return { ...kept, mayEnd: keeps(scope.councils, kept) };
    await insertPrompt(db, row);
    await recordEvent(db, actor, { action: 'phonePromptAdded', subjectKind: 'phonePrompt', subjectId: row.id, councilCode: row.councilCode, after: row });
    return { ...row, mayEnd: true };
  });

  mount(contract.endPrompt, async ({ db, scope, input: { id, validTo }, actor }) => {
    const before = (await listPrompts(db, await councilCodes(db, scope.councils))).find((row) => row.id === id && keeps(scope.councils, row));
    if (!before) throw notFound('prompt');
    if (validTo <= before.validFrom) throw invalid([{ field: 'validTo', message: `The prompt is shown from ${before.validFrom}. Give a later day.` }]);
    await endPrompt(db, id, validTo);
    await recordEvent(db, actor, { action: 'phonePromptEnded', subjectKind: 'phonePrompt', subjectId: id, councilCode: before.councilCode, before, after: { ...before, validTo } });
    return { ...before, validTo, mayEnd: true };
  });
}

function deviceRoutes(mount: Mount): void {
  mount(contract.listDevices, async ({ db, scope, input }) => ({ devices: await listDevices(db, await councilCodes(db, scope.councils, input.council)) }));

  mount(contract.addDevice, async ({ db, scope, input, actor, person }) => {
    if (!person?.councilCode) throw new AppError(403, 'no_council', 'Devices belong to a council. Sign in as the lead of one.');
    const row = { ...input, councilCode: person.councilCode, validTo: null };
    const kept = (await listDevices(db, await councilCodes(db, scope.councils))).find(({ id }) => id === row.id);
    if (kept) return kept;
    await insertDevice(db, row);
    await recordEvent(db, actor, { action: 'loneWorkerDeviceAdded', subjectKind: 'loneWorkerDevice', subjectId: row.id, councilCode: row.councilCode, after: row });
    return row;
  });

  mount(contract.endDevice, async ({ db, scope, input: { id, validTo }, actor }) => {
    const before = (await listDevices(db, await councilCodes(db, scope.councils))).find((row) => row.id === id);
    if (!before) throw notFound('device');
    if (validTo <= before.validFrom) throw invalid([{ field: 'validTo', message: `The device is used from ${before.validFrom}. Give a later day.` }]);
    await endDevice(db, id, validTo);
    await recordEvent(db, actor, { action: 'loneWorkerDeviceEnded', subjectKind: 'loneWorkerDevice', subjectId: id, councilCode: before.councilCode, before, after: { ...before, validTo } });
    return { ...before, validTo };
  });
}
