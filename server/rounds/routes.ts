/** Rounds over HTTP. Every answer holds the person's own councils only; a warden's holds the own rounds. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { addDays } from '../patrols/calendar.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import { refuseTooLarge, textOf } from '../patrols/visitFile.ts';
import { listHotspotFacts } from '../patrols/visitQueries.ts';
import * as contract from './contract.ts';
import { createDrawPool } from './drawPool.ts';
import { findRounds } from './drawQueries.ts';
import { endBase, insertBase, lastShiftDay, listBases, listRoads, listShifts, replaceRoads } from './queries.ts';
import { readRoads } from './roadFile.ts';
import { drawRounds, repeatDraw } from './roundWork.ts';

export function roundRoutes(mount: Mount): void {
  baseRoutes(mount);
  const draw = createDrawPool();

  mount(contract.listRounds, async ({ db, scope, input, person }) => {
    if (input.to < input.from || addDays(input.from, 62) < input.to) throw invalid([{ field: 'to', message: `Give a last day from ${input.from} to two months after it.` }]);
    const own = person?.roles.every((role) => role === 'warden') ?? false;
    const councils = await councilCodes(db, scope.councils, input.council);
    return { shifts: await listShifts(db, { ...input, own, councils }), lastDay: await lastShiftDay(db, councils) };
  });

  mount(contract.planRoundsOfShift, async ({ db, scope, input, actor, now }) => ({
    id: await drawRounds(db, { actor, now, draw, councils: await councilCodes(db, scope.councils) }, input),
  }));

  mount(contract.repeatRoundDraw, async ({ db, scope, input, actor, now }) => repeatDraw(db, { actor, now, draw, councils: await councilCodes(db, scope.councils) }, input.id));

  mount(contract.getRounds, async ({ db, scope, input, person }) => {
    const councils = await councilCodes(db, scope.councils);
    const found = await findRounds(db, councils, input.id);
    const onlyWarden = person?.roles.every((role) => role === 'warden') ?? false;
    if (!found || (onlyWarden && found.legs.length === 0)) throw notFound('rounds');
    const { baseId, ...rounds } = found;
    const base = (await listBases(db, [found.councilCode])).find(({ id }) => id === baseId);
    if (!base) throw notFound('base');
    return { ...rounds, base };
  });
}

function baseRoutes(mount: Mount): void {
  mount(contract.listRoundBases, async ({ db, scope, input }) => {
    const councils = await councilCodes(db, scope.councils, input.council);
    return { bases: await listBases(db, councils), roads: await listRoads(db, councils) };
  });

  mount(contract.addRoundBase, async ({ db, scope, input, actor }) => {
    const { council, ...given } = input;
    const base = { id: randomUUID(), councilCode: await oneCouncil(db, scope.councils, council), validTo: null, ...given };
    await insertBase(db, base, actor.personId);
    await recordEvent(db, actor, { action: 'roundBaseEntered', subjectKind: 'roundBase', subjectId: base.id, councilCode: base.councilCode, after: base });
    return base;
  });

  mount(contract.endRoundBase, async ({ db, scope, input, actor }) => {
    const before = (await listBases(db, await councilCodes(db, scope.councils))).find(({ id }) => id === input.id);
    if (!before) throw notFound('base');
    await endBase(db, input.id, input.validTo);
    const after = { ...before, validTo: input.validTo };
    await recordEvent(db, actor, { action: 'roundBaseEnded', subjectKind: 'roundBase', subjectId: after.id, councilCode: after.councilCode, before, after });
    return after;
  });

  mount(contract.loadRoadTimes, async ({ db, scope, input, actor, file }) => {
    const councilCode = await oneCouncil(db, scope.councils, input.council);
    if (file) refuseTooLarge(input.fileName, file.size);
    const text = textOf(input.fileName, file ? await readFile(file.path) : Buffer.alloc(0));
    const places = [...(await listHotspotFacts(db, [councilCode])), ...(await listBases(db, [councilCode]))];
    const times = readRoads(input.fileName, text, new Map(places.map(({ id, name }) => [name.toLowerCase(), id])));
    await replaceRoads(db, { councilCode, travel: input.travel, loadedBy: actor.personId }, times);
    await recordEvent(db, actor, { action: 'roadTimesLoaded', subjectKind: 'council', subjectId: councilCode, councilCode, after: { travel: input.travel, ways: times.length } });
    return { fileName: input.fileName, ways: times.length };
  });
}

async function oneCouncil(db: Knex, scope: readonly string[], asked: string | undefined): Promise<string> {
  const [code, ...more] = await councilCodes(db, scope, asked);
  if (!code || more.length > 0) throw invalid([{ field: 'council', message: 'Say which council.' }]);
  return code;
}
