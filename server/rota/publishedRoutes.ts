/** Published rotas over HTTP: versions, who was told, and what wardens ask for. */
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import { findWarden, listWardens } from '../patrols/wardenQueries.ts';
import { getRota } from './draftWork.ts';
import * as contract from './publishedContract.ts';
import { findVersion, listPublished, listShiftsOfVersion, listTold, listVersions, type PublishedRow, saveTold, type Told, type VersionRow } from './publishedQueries.ts';
import { listRequestRows, revokeCalendars } from './requestQueries.ts';
import { choicesFor, getRequest, grant, refuse, showRequests } from './requestWork.ts';
import type { Rota } from './rows.ts';
import { changesBetween } from './versionChanges.ts';

export function publishedRoutes(mount: Mount): void {
  mount(contract.getPublishedRota, async ({ db, scope, input: { id } }) => {
    const rota = await getRota(db, await councilCodes(db, scope.councils), id);
    return { rota, shifts: await listPublished(db, { councils: [rota.councilCode], rotaId: id }), versions: await versionsOut(db, rota) };
  });

  mount(contract.listPublishedShifts, async ({ db, scope, input: { council, from, to } }) => ({ shifts: await listPublished(db, { councils: await councilCodes(db, scope.councils, council), from, to }) }));

  mount(contract.recordTold, async ({ db, scope, actor, input: { id, wardenIds, how } }) => {
    const councils = await councilCodes(db, scope.councils);
    const version = await findVersion(db, councils, id);
    if (!version) throw notFound('version of a rota');
    const own = new Set((await listWardens(db, councils)).map((warden) => warden.id));
    if (wardenIds.some((warden) => !own.has(warden))) throw notFound('warden');
    await saveTold(db, id, [...new Set(wardenIds)], how, actor.personId);
    await recordEvent(db, actor, { action: 'rotaTold', subjectKind: 'rota', subjectId: version.rotaId, councilCode: version.councilCode, after: { version: version.number, wardenIds, how } });
    return { done: true as const };
  });

  mount(contract.listRequests, async ({ db, scope, input }) => {
    const councils = await councilCodes(db, scope.councils, input.council);
    return { requests: await showRequests(db, councils, await listRequestRows(db, councils)) };
  });

  mount(contract.whoMayTake, async ({ db, scope, input, now }) => ({ choices: await choicesFor(db, await getRequest(db, await councilCodes(db, scope.councils), input.id), now) }));

  mount(contract.decideRequest, async ({ db, scope, actor, input, now }) => {
    const councils = await councilCodes(db, scope.councils);
    const row = await getRequest(db, councils, input.id);
    if (input.decision === 'refused') await refuse(db, actor, row, input.why);
    else if (input.takenBy === undefined) throw invalid([{ field: 'takenBy', message: 'Choose who takes the shift.' }]);
    else await grant(db, actor, row, { takenBy: input.takenBy, why: input.why, now });
    const [shown] = await showRequests(db, councils, [await getRequest(db, councils, input.id)]);
    if (!shown) throw notFound('request');
    return shown;
  });

  mount(contract.revokeCalendarsOf, async ({ db, scope, actor, input: { id } }) => {
    const warden = await findWarden(db, await councilCodes(db, scope.councils), id);
    if (!warden) throw notFound('warden');
    const revoked = await revokeCalendars(db, id);
    await recordEvent(db, actor, { action: 'calendarsRevoked', subjectKind: 'warden', subjectId: id, councilCode: warden.councilCode, after: { revoked } });
    return { revoked };
  });
}

/** Versions, the latest first, each with whose shifts it changed and how they were told. */
async function versionsOut(db: Knex, rota: Rota): Promise<contract.RotaVersion[]> {
  const versions = await listVersions(db, rota.id);
  const told = await listTold(db, rota.id);
  const references = new Map((await listWardens(db, [rota.councilCode])).map(({ id, reference }) => [id, reference]));
  const shifts = new Map<number, PublishedRow[]>();
  for (const { number } of versions) shifts.set(number, await listShiftsOfVersion(db, rota.id, number));
  return versions.map((version) => versionOut(version, changesBetween(shifts.get(version.number - 1) ?? null, shifts.get(version.number) ?? []), told, references));
}

function versionOut(version: VersionRow, changes: ReadonlyMap<string, string>, told: readonly Told[], references: ReadonlyMap<string, string>): contract.RotaVersion {
  const changed = [...changes].map(([wardenId, says]) => ({
    wardenId, reference: references.get(wardenId) ?? '', says, told: told.filter((each) => each.versionId === version.id && each.wardenId === wardenId).map(({ how, at }) => ({ how, at })),
  }));
  return { ...version, breaches: [...version.breaches], changed: changed.toSorted((a, b) => a.reference.localeCompare(b.reference)) };
}
