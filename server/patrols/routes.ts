/** Wardens, the start of patrols, visits and dosage over HTTP. Every answer holds the person's own councils only. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { recordEvent } from '../audit.ts';
import { AppError, conflict, invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { numberSetting } from '../settings/queries.ts';
import * as contract from './contract.ts';
import { councilCodes } from './councilQueries.ts';
import { dosageRow } from './dosage.ts';
import { listDosage, listPlannedHours } from './dosageQueries.ts';
import { checkWeekSpan, checkMonday } from './weeks.ts';
import { csvTemplate, readVisitCsv } from './visitCsv.ts';
import { refuseTooLarge, sayCsvProblems, sayKept, textOf } from './visitFile.ts';
import { toNewVisit } from './visitInput.ts';
import { listHotspotFacts, listVisits, sumVisits } from './visitQueries.ts';
import { saveVisits } from './visitWork.ts';
import { clearanceRoutes } from './wardenRoutes.ts';
import { wardenTermsRoutes } from './wardenTermsRoutes.ts';
import { findWarden, firstVisitOn, listActionKinds, listPatrolStarts, listWardens, savePatrolStart, saveWarden } from './wardenQueries.ts';

export function patrolRoutes(mount: Mount): void {
  wardenRoutes(mount);
  clearanceRoutes(mount);
  wardenTermsRoutes(mount);
  startRoutes(mount);
  visitRoutes(mount);
  dosageRoutes(mount);
}

function wardenRoutes(mount: Mount): void {
  mount(contract.listWardens, async ({ db, scope, input }) => ({ wardens: await listWardens(db, await councilCodes(db, scope.councils, input.council)) }));

  mount(contract.addWarden, async ({ db, input, actor, person }) => {
    if (!person?.councilCode) throw new AppError(403, 'no_council', 'Wardens belong to a council. Sign in as the lead of one.');
    const row = { ...input, id: randomUUID(), councilCode: person.councilCode, employedTo: input.employedTo ?? null };
    await saveWarden(db, row);
    await recordEvent(db, actor, { action: 'wardenAdded', subjectKind: 'warden', subjectId: row.id, councilCode: row.councilCode, after: row });
    return row;
  });

  mount(contract.changeWarden, async ({ db, scope, input, actor }) => {
    const before = await findWarden(db, await councilCodes(db, scope.councils), input.id);
    if (!before) throw notFound('warden');
    const after = { ...input, councilCode: before.councilCode, employedTo: input.employedTo ?? null };
    await saveWarden(db, after);
    await recordEvent(db, actor, { action: 'wardenChanged', subjectKind: 'warden', subjectId: after.id, councilCode: after.councilCode, before, after });
    return after;
  });
}

function startRoutes(mount: Mount): void {
  mount(contract.listPatrolStarts, async ({ db, scope }) => ({ councils: await listPatrolStarts(db, await councilCodes(db, scope.councils)) }));

  mount(contract.changePatrolStart, async ({ db, scope, input, actor }) => {
    const [councilCode] = await councilCodes(db, scope.councils, input.councilCode);
    const first = councilCode && (await firstVisitOn(db, councilCode));
    if (!councilCode) throw notFound('council');
    if (first && input.startedOn > first) throw invalid([{ field: 'startedOn', message: `A visit is recorded on ${first}, before ${input.startedOn}. Give that day or an earlier one.` }]);
    const [before] = await listPatrolStarts(db, [councilCode]);
    await savePatrolStart(db, councilCode, input.startedOn);
    const [after] = await listPatrolStarts(db, [councilCode]);
    await recordEvent(db, actor, { action: 'patrolStartSet', subjectKind: 'council', subjectId: councilCode, councilCode, before, after });
    return after ?? { councilCode, council: '', startedOn: input.startedOn };
  });

  mount(contract.listActionKinds, async ({ db, input }) => ({ kinds: await listActionKinds(db, input.on) }));
}

function visitRoutes(mount: Mount): void {
  mount(contract.listVisits, async ({ db, scope, input }) => {
    if (input.to < input.from) throw invalid([{ field: 'to', message: `${input.to} is before ${input.from}. Give a later day.` }]);
    const filter = { ...input, councils: await councilCodes(db, scope.councils, input.council) };
    const qualifyingMinutes = await numberSetting(db, 'qualifying_visit_minutes', input.to);
    return { visits: await listVisits(db, filter), totals: await sumVisits(db, filter, qualifyingMinutes) };
  });

  // Before /api/visits/:id, which would take "template" for an id.
  mount(contract.visitTemplate, async ({ db, now }) => ({
    fileName: 'visits.csv',
    body: Buffer.from(csvTemplate(await listActionKinds(db, now.toISOString().slice(0, 10)))),
  }));

  mount(contract.getVisit, async ({ db, scope, input }) => {
    const [found] = await listVisits(db, { councils: await councilCodes(db, scope.councils), ids: [input.id] });
    if (!found) throw notFound('visit');
    return found;
  });

  mount(contract.recordVisit, async ({ db, scope, input, actor, now }) => {
    const councils = await councilCodes(db, scope.councils);
    const visit = toNewVisit(input);
    const kept = await saveVisits(db, { actor, councils, now }, [visit]);
    if (kept.conflicts.length > 0) throw conflict('visit_id_taken', `Another visit was recorded under the id ${visit.id}. Record this one under a new id.`);
    if (kept.problems.length > 0) throw invalid(kept.problems.map(({ field, message }) => ({ field, message })));
    const [found] = await listVisits(db, { councils, ids: [visit.id] });
    if (!found) throw conflict('visit_withdrawn', 'This visit was recorded before and withdrawn since, so it is not recorded again. If it was made, enter it as a new one.');
    return { visit: found, alreadyRecorded: kept.alreadyRecorded > 0 };
  });

  mount(contract.importVisits, async ({ db, scope, input, actor, now, file }) => {
    if (file) refuseTooLarge(input.fileName, file.size);
    const text = textOf(input.fileName, file ? await readFile(file.path) : Buffer.alloc(0));
    const councils = await councilCodes(db, scope.councils);
    const read = readVisitCsv(text, { hotspots: await listHotspotFacts(db, councils), kinds: await listActionKinds(db) });
    if (read.problems.length > 0) throw sayCsvProblems(input.fileName, read.problems);
    const kept = await saveVisits(db, { actor, councils, now }, read.visits, { madeIds: read.madeIds });
    if (kept.problems.length + kept.conflicts.length > 0) throw sayCsvProblems(input.fileName, kept.problems, kept.conflicts, read.rows);
    const personMinutes = read.visits.reduce((sum, visit) => sum + Math.floor((Date.parse(visit.endedAt) - Date.parse(visit.startedAt)) / 60_000) * visit.persons, 0);
    const { recorded, alreadyRecorded, withdrawnBefore } = kept;
    return { fileName: input.fileName, rows: read.visits.length, recorded, alreadyRecorded, withdrawnBefore, says: sayKept(kept), personMinutes };
  });
}

function dosageRoutes(mount: Mount): void {
  mount(contract.getDosage, async ({ db, scope, input }) => {
    const weeks = checkWeekSpan(input.from, input.to);
    const filter = { ...input, councils: await councilCodes(db, scope.councils, input.council) };
    const facts = await listDosage(db, filter, await numberSetting(db, 'qualifying_visit_minutes', input.to));
    return { weeks, rows: facts.map(dosageRow).filter((row) => row.state !== 'not live') };
  });

  mount(contract.listPlannedHours, async ({ db, scope, input }) => {
    checkMonday('week', input.week);
    const councils = await councilCodes(db, scope.councils, input.council);
    return { week: input.week, rows: await listPlannedHours(db, { councils, week: input.week, hotspots: input.hotspots }) };
  });
}
