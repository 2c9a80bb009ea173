/** Weights, subtypes, excluded geocodes and notes over HTTP. */
import type { Knex } from 'knex';
import { type Actor, recordEvent } from '../audit.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { monthAfter } from './queries.ts';
import { countRecountsDue, endExclusionAt, listExclusionsHeld, markRecounts, saveExclusion, withdrawExclusion } from './exclusionQueries.ts';
import { listNotesHeld, notesInForce, saveNote, withdrawNoteHeld } from './noteQueries.ts';
import {
  addExclusion, addNote, crossedNotes, endExclusion, type Exclusion, getQualityPanel, listExclusions, listNotes, listSubtypes, listWeights, setSubtypes, setWeight, withdrawNote,
} from './qualityContract.ts';
import { crossedBy } from './recording.ts';
import { viewPanel } from './panelWork.ts';
import { listCategorySubtypes, listSubtypesHeld, saveSubtypes } from './subtypeQueries.ts';
import { hasSource, listWeightsSet, lockWeights, saveWeight } from './weightQueries.ts';
import { vulnerabilityRoutes } from './vulnerabilityWork.ts';
import { placeWeight } from './weights.ts';

export function qualityRoutes(mount: Mount): void {
  weightRoutes(mount);
  exclusionRoutes(mount);
  noteRoutes(mount);
  vulnerabilityRoutes(mount);
  mount(getQualityPanel, async ({ db, input, scope }) => viewPanel(db, input, scope.councils));
}

const firstDay = (month: string): string => `${month}-01`;

async function refuseUnknownSource(db: Knex, source: string | undefined): Promise<void> {
  if (source !== undefined && !(await hasSource(db, source))) throw invalid([{ field: 'source', message: `There is no source "${source}". Choose one of the list.` }]);
}

function weightRoutes(mount: Mount): void {
  mount(listWeights, async ({ db }) => ({ weights: await listWeightsSet(db) }));

  mount(setWeight, async ({ db, input, actor, now }) => {
    await refuseUnknownSource(db, input.source);
    const validFrom = firstDay(input.fromMonth);
    const placement = placeWeight(await lockWeights(db, input.source), validFrom);
    const saved = await saveWeight(db, { source: input.source, weight: input.weight, validFrom, reason: input.reason, by: actor.personId, at: now }, placement);
    await recordEvent(db, actor, { action: 'sourceWeightSet', subjectKind: 'source', subjectId: input.source, before: placement.ends, after: { weight: saved.weight, validFrom, validTo: saved.validTo }, reason: input.reason });
    return saved;
  });

  mount(listSubtypes, async ({ db }) => ({ subtypes: await listSubtypesHeld(db), categories: await listCategorySubtypes(db) }));

  mount(setSubtypes, async ({ db, input, actor }) => {
    const known = (await listSubtypesHeld(db)).map(({ code }) => code);
    const unknown = input.subtypes.find((code) => !known.includes(code));
    if (unknown !== undefined) throw invalid([{ field: 'subtypes', message: `There is no subtype "${unknown}". Use: ${known.join(', ')}.` }]);
    const before = (await listCategorySubtypes(db)).find(({ code }) => code === input.category);
    if (!before) throw notFound('category');
    await saveSubtypes(db, input.category, [...new Set(input.subtypes)]);
    const after = { ...before, subtypes: known.filter((code) => input.subtypes.includes(code)) };
    await recordEvent(db, actor, { action: 'categorySubtypesSet', subjectKind: 'category', subjectId: input.category, before: before.subtypes, after: after.subtypes, reason: input.reason });
    return after;
  });
}

function exclusionRoutes(mount: Mount): void {
  mount(listExclusions, async ({ db }) => ({ exclusions: await listExclusionsHeld(db), recountsDue: await countRecountsDue(db) }));

  mount(addExclusion, async ({ db, input, actor, now, jobs }) => {
    await refuseUnknownSource(db, input.source);
    if (input.toMonth !== undefined && input.toMonth < input.fromMonth) throw invalid([{ field: 'toMonth', message: 'The last month stands before the first. Give a later one, or none.' }]);
    const id = await saveExclusion(db, {
      name: input.name, lng: input.lng, lat: input.lat, radiusMetres: input.radiusMetres, source: input.source ?? null, validFrom: firstDay(input.fromMonth),
      validTo: input.toMonth === undefined ? null : firstDay(monthAfter(input.toMonth)), reason: input.reason, by: actor.personId, at: now,
    });
    const exclusion = await getExclusion(db, id);
    await recordExclusion(db, actor, 'geocodeExcluded', exclusion, input.reason);
    return { exclusion, jobId: (await markRecounts(db, id)) > 0 ? await jobs.enqueue(db, 'recount', {}, actor) : null };
  });

  mount(endExclusion, async ({ db, input, actor, now, jobs }) => {
    const before = await getExclusion(db, input.id);
    if (before.withdrawnAt !== null) throw conflict('exclusion_withdrawn', `${before.name} was withdrawn already.`);
    if (input.lastMonth === undefined) await withdrawExclusion(db, input.id, { personId: actor.personId, at: now, reason: input.reason });
    else await endExclusionAt(db, input.id, firstDay(monthAfter(input.lastMonth)));
    const exclusion = await getExclusion(db, input.id);
    await recordExclusion(db, actor, input.lastMonth === undefined ? 'geocodeExclusionWithdrawn' : 'geocodeExclusionEnded', exclusion, input.reason, before);
    return { exclusion, jobId: (await markRecounts(db, input.id)) > 0 ? await jobs.enqueue(db, 'recount', {}, actor) : null };
  });
}

async function getExclusion(db: Knex, id: string): Promise<Exclusion> {
  const [found] = await listExclusionsHeld(db, { id });
  if (!found) throw notFound('excluded geocode');
  return found;
}

function recordExclusion(db: Knex.Transaction, actor: Actor, action: string, after: Exclusion, reason: string, before?: Exclusion): Promise<void> {
  return recordEvent(db, actor, { action, subjectKind: 'geocode_exclusion', subjectId: after.id, councilCode: after.councilCode || null, before, after, reason });
}

function noteRoutes(mount: Mount): void {
  mount(listNotes, async ({ db }) => ({ notes: await listNotesHeld(db) }));

  mount(addNote, async ({ db, input, actor, scope, now }) => {
    await refuseUnknownSource(db, input.source);
    if (input.kind !== 'change' && input.endsOn === undefined) throw invalid([{ field: 'endsOn', message: 'A period or a gap needs its end: the first day it is over.' }]);
    if (input.councilCode !== undefined && !scope.councils.includes('*') && !scope.councils.includes(input.councilCode)) throw notFound('council');
    const note = await saveNote(db, {
      kind: input.kind, source: input.source ?? null, councilCode: input.councilCode ?? '', startsOn: input.startsOn, endsOn: input.endsOn ?? null,
      what: input.what, knownFrom: input.knownFrom, by: actor.personId, at: now,
    });
    await recordEvent(db, actor, { action: 'recordingNoteAdded', subjectKind: 'recording_note', subjectId: note.id, councilCode: note.councilCode || null, after: note });
    return note;
  });

  mount(withdrawNote, async ({ db, input, actor, now }) => {
    const note = await withdrawNoteHeld(db, input.id, { personId: actor.personId, at: now, reason: input.reason });
    if (!note) throw notFound('note in force');
    await recordEvent(db, actor, { action: 'recordingNoteWithdrawn', subjectKind: 'recording_note', subjectId: note.id, councilCode: note.councilCode || null, after: note, reason: input.reason });
    return note;
  });

  mount(crossedNotes, async ({ db, input, scope }) => {
    const notes = await notesInForce(db);
    const all = [...new Set(notes.map(({ source }) => source).filter((source) => source !== null))];
    const councils = input.council ?? [...new Set(notes.map(({ councilCode }) => councilCode))].filter((code) => scope.councils.includes('*') || scope.councils.includes(code));
    return { crossings: crossedBy(notes, { months: input.months, sources: input.source ?? all, councils }) };
  });
}
