/** Missed visits and notes for the next shift over HTTP. */
import { recordEvent } from '../audit.ts';
import { AppError, conflict, invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { bandAt, sayDateAndBand } from '../patrols/bands.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import { insertVisitChange, listFormer } from '../patrols/visitCorrectionQueries.ts';
import { listHotspotFacts, lockCouncils } from '../patrols/visitQueries.ts';
import { localDay } from '../patrols/visits.ts';
import { listPatrolStarts } from '../patrols/wardenQueries.ts';
import { numberSetting } from '../settings/queries.ts';
import * as contract from './contract.ts';
import { listReasons } from './listQueries.ts';
import { checkMissed, totalMissed } from './missed.ts';
import { deleteMissed, expireNote, findMissed, insertMissed, insertNote, listMissed, listNotes } from './missedQueries.ts';

export function missedRoutes(mount: Mount): void {
  mount(contract.recordMissedVisit, async ({ db, scope, input, actor, now }) => {
    const councils = await councilCodes(db, scope.councils);
    const hotspot = (await listHotspotFacts(db, councils)).find(({ id }) => id === input.hotspotId);
    await lockCouncils(db, hotspot ? [hotspot.councilCode] : []);
    const [former] = await listFormer<contract.MissedVisit>(db, [input.id]);
    if (former) return { missed: null, alreadyRecorded: true, says: 'Recorded before, and withdrawn by the lead since. It stays withdrawn.' };
    const kept = (await findMissed(db, councils, { id: input.id })) ?? (await findMissed(db, councils, { hotspotId: input.hotspotId, missedOn: input.missedOn, band: input.band }));
    if (kept) return repeated(kept, input);
    const { date, band } = bandAt(now.getTime());
    const [start] = hotspot ? await listPatrolStarts(db, [hotspot.councilCode]) : [];
    const problems = checkMissed(input, { hotspot, reasons: await listReasons(db), startedOn: start?.startedOn ?? undefined, today: date, bandNow: band });
    if (problems.length > 0 || !hotspot) throw invalid(problems);
    const row = { ...input, councilCode: hotspot.councilCode };
    await insertMissed(db, row, actor.personId);
    await recordEvent(db, actor, { action: 'missedVisitRecorded', subjectKind: 'missedVisit', subjectId: row.id, councilCode: row.councilCode, after: row });
    return { missed: (await findMissed(db, councils, { id: row.id })) ?? null, alreadyRecorded: false, says: 'Recorded as missed.' };
  });

  mount(contract.listMissedVisits, async ({ db, scope, input }) => {
    if (input.to < input.from) throw invalid([{ field: 'to', message: `${input.to} is before ${input.from}. Give a later day.` }]);
    const missed = await listMissed(db, { ...input, councils: await councilCodes(db, scope.councils, input.council) });
    return { missed, totals: totalMissed(missed) };
  });

  mount(contract.withdrawMissedVisit, async ({ db, scope, input: { id, reason }, actor }) => {
    const before = await findMissed(db, await councilCodes(db, scope.councils), { id });
    if (!before) throw notFound('missed visit');
    await deleteMissed(db, id);
    await insertVisitChange(db, { visitId: id, councilCode: before.councilCode, subject: 'missed', kind: 'withdrawn', before, reason }, actor.personId);
    await recordEvent(db, actor, { action: 'missedVisitWithdrawn', subjectKind: 'missedVisit', subjectId: id, councilCode: before.councilCode, before, reason });
    return { id };
  });

  noteRoutes(mount);
}

/** The same said again counts once, by whoever says it; something else of the same band is the lead's to put right. */
function repeated(kept: contract.MissedVisit, given: { readonly hotspotId: string; readonly missedOn: string; readonly band: number; readonly reasonCode: string; readonly visits: number }): { missed: contract.MissedVisit; alreadyRecorded: true; says: string } {
  const same = kept.hotspotId === given.hotspotId && kept.missedOn === given.missedOn && kept.band === given.band && kept.reasonCode === given.reasonCode && kept.visits === given.visits;
  if (same) return { missed: kept, alreadyRecorded: true, says: 'Recorded as missed before; counted once.' };
  throw conflict('missed_visit_once_a_band', `${kept.hotspot}, ${sayDateAndBand(kept.missedOn, kept.band)}: ${kept.visits === 1 ? '1 visit is' : `${kept.visits} visits are`} recorded as missed already (${kept.reason.toLowerCase()}). Delete this one, or ask the lead to withdraw what is recorded.`);
}

function noteRoutes(mount: Mount): void {
  mount(contract.listHandoverNotes, async ({ db, scope, input, actor, now }) =>
    ({ notes: await listNotes(db, { councils: await councilCodes(db, scope.councils, input.council), personId: actor.personId, at: now }) }));

  mount(contract.writeHandoverNote, async ({ db, scope, input, actor, person, now }) => {
    const councils = await councilCodes(db, scope.councils);
    const [kept] = await listNotes(db, { councils, personId: actor.personId, id: input.id });
    if (kept && (kept.note !== input.note || kept.hotspotId !== (input.hotspotId ?? null))) throw conflict('handover_note_pkey', 'This id stands for another note. Write this one anew.');
    if (kept) return { note: kept, alreadyRecorded: true, says: 'Left for the next shift before.' };
    const hotspot = input.hotspotId ? (await listHotspotFacts(db, councils)).find(({ id }) => id === input.hotspotId) : undefined;
    if (input.hotspotId && !hotspot) throw invalid([{ field: 'hotspotId', message: 'There is no such hotspot, or it is not yours. Choose one from the list.' }]);
    const councilCode = hotspot?.councilCode ?? person?.councilCode;
    if (!councilCode) throw new AppError(403, 'no_council', 'Notes are for the crews of a council. Name a hotspot.');
    const hours = input.hours ?? (await numberSetting(db, 'handover_note_hours', localDay(now.toISOString())));
    const row = { id: input.id, councilCode, hotspotId: hotspot?.id ?? null, note: input.note, writtenAt: now, expiresAt: new Date(now.getTime() + hours * 3_600_000) };
    await insertNote(db, row, actor.personId);
    await recordEvent(db, actor, { action: 'handoverNoteWritten', subjectKind: 'handoverNote', subjectId: row.id, councilCode, after: row });
    const [note] = await listNotes(db, { councils, personId: actor.personId, id: row.id });
    return { note: note ?? null, alreadyRecorded: false, says: 'Left for the next shift.' };
  });

  mount(contract.removeHandoverNote, async ({ db, scope, input: { id }, actor, now }) => {
    const [kept] = await listNotes(db, { councils: await councilCodes(db, scope.councils), personId: actor.personId, id });
    if (!kept) throw notFound('note');
    await expireNote(db, id, now);
    await recordEvent(db, actor, { action: 'handoverNoteRemoved', subjectKind: 'handoverNote', subjectId: id, councilCode: kept.councilCode, before: kept });
    return { id };
  });
}
