/** Correcting and withdrawing visits over HTTP: the council's lead does, everybody who sees the visit sees its history. */
import { invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import type { NewVisit } from '../patrols/visits.ts';
import { councilCodes } from '../patrols/councilQueries.ts';
import { saveCorrection, withdrawVisit } from '../patrols/visitCorrectionWork.ts';
import { toNewVisit } from '../patrols/visitInput.ts';
import { listVisits } from '../patrols/visitQueries.ts';
import * as contract from './changeContract.ts';
import { findRecordedAt, listFixes, listVisitChanges } from './changeQueries.ts';

export function changeRoutes(mount: Mount): void {
  mount(contract.getVisitHistory, async ({ db, scope, input: { id } }) => {
    const councils = await councilCodes(db, scope.councils);
    const [kept] = await listVisits(db, { councils, ids: [id] });
    const changes = await listVisitChanges(db, { councils, visitId: id });
    const visit = kept ?? changes.at(-1)?.before;
    if (!visit) throw notFound('visit');
    return { visit, withdrawn: !kept, recordedAt: (await findRecordedAt(db, id)) ?? null, fixes: kept ? await listFixes(db, id) : [], changes };
  });

  mount(contract.correctRecordedVisit, async ({ db, scope, input: { reason, ...given }, actor, now }) => {
    const councils = await councilCodes(db, scope.councils);
    const [before] = await listVisits(db, { councils, ids: [given.id] });
    if (!before) throw notFound('visit');
    const { id: _, recordedHow: _how, ...sent } = toNewVisit({ ...given, recordedHow: before.recordedHow });
    const correction = { ...sent, jointForce: sent.jointForce ?? null, startedAt: sameMinute(before.startedAt, sent.startedAt), endedAt: sameMinute(before.endedAt, sent.endedAt) };
    if (says(before) === says({ ...before, ...correction })) throw invalid([{ field: 'reason', message: 'Nothing is changed. Correct a field, or leave the visit as it is.' }]);
    return saveCorrection(db, { actor, councils, now }, before, { correction, reason });
  });

  mount(contract.withdrawRecordedVisit, async ({ db, scope, input: { id, reason }, actor, now }) => {
    const councils = await councilCodes(db, scope.councils);
    const [before] = await listVisits(db, { councils, ids: [id] });
    if (!before) throw notFound('visit');
    await withdrawVisit(db, { actor, councils, now }, before, reason);
    return { id };
  });

  mount(contract.listVisitChanges, async ({ db, scope, input }) => {
    if (input.to < input.from) throw invalid([{ field: 'to', message: `${input.to} is before ${input.from}. Give a later day.` }]);
    return { changes: await listVisitChanges(db, { ...input, councils: await councilCodes(db, scope.councils, input.council) }) };
  });
}

/** Forms carry minutes: a time that was not touched keeps its seconds, and what it stands on. */
const sameMinute = (before: string, after: string): string => (before.slice(0, 16) === after.slice(0, 16) ? before : after);

/** Everything of a visit that can be corrected. */
const says = (visit: NewVisit): string => JSON.stringify([
  visit.hotspotId, visit.startedAt, visit.endedAt, visit.staffCategory, visit.persons, visit.onFoot, visit.extended, visit.jointWithPolice, visit.jointForce, visit.patrolReference, visit.note,
  visit.wardens.map((reference) => reference.toLowerCase()).toSorted(), visit.actions.map(({ code, n }) => `${code} ${n}`).toSorted(),
]);
