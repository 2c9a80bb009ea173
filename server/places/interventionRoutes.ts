/** The log of interventions over HTTP. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { addIntervention, type Intervention, listInterventions, withdrawIntervention } from './interventionContract.ts';
import { findCouncilOf, listInterventionsHeld, listKinds, saveIntervention, withdrawHeld } from './interventionQueries.ts';

export function interventionRoutes(mount: Mount): void {
  mount(listInterventions, async ({ db, input }) => ({
    kinds: await listKinds(db),
    interventions: await listInterventionsHeld(db, {
      withdrawn: input.withdrawn, ...(input.from ? { from: input.from } : {}), ...(input.to ? { to: input.to } : {}), ...(input.council ? { councils: input.council } : {}),
    }),
  }));

  mount(addIntervention, async ({ db, input, actor, scope, now }) => {
    const kinds = await listKinds(db);
    if (!kinds.some(({ code }) => code === input.kind)) throw invalid([{ field: 'kind', message: `Choose one of: ${kinds.map(({ name }) => name).join(', ')}.` }]);
    if (input.endsOn !== undefined && input.endsOn < input.startsOn) throw invalid([{ field: 'endsOn', message: 'It ends before it starts. Give a later day, or none.' }]);
    const councilCode = await councilOf(db, input);
    if (!scope.councils.includes('*') && !scope.councils.includes(councilCode)) {
      if (councilCode === '') throw invalid([{ field: 'area', message: 'Only the Commissioner’s office logs what happens everywhere. Choose your council, a ward or a circle.' }]);
      throw notFound('council');
    }
    const { kind, name, about, area, startsOn } = input;
    const isCircle = area === 'circle';
    const id = await saveIntervention(db, {
      kind, name, about, area, startsOn, councilCode, wardCode: area === 'ward' ? (input.wardCode ?? null) : null,
      lng: isCircle ? (input.lng ?? null) : null, lat: isCircle ? (input.lat ?? null) : null, radiusMetres: isCircle ? (input.radiusMetres ?? null) : null,
      endsOn: input.endsOn ?? null, by: actor.personId, at: now,
    });
    const saved = await getIntervention(db, id);
    await recordEvent(db, actor, { action: 'interventionLogged', subjectKind: 'intervention', subjectId: id, councilCode: councilCode || null, after: saved });
    return saved;
  });

  mount(withdrawIntervention, async ({ db, input, actor, now }) => {
    if (!(await withdrawHeld(db, input.id, { personId: actor.personId, at: now, reason: input.reason }))) throw notFound('intervention in force');
    const after = await getIntervention(db, input.id);
    await recordEvent(db, actor, { action: 'interventionWithdrawn', subjectKind: 'intervention', subjectId: input.id, councilCode: after.councilCode || null, after, reason: input.reason });
    return after;
  });
}

/** The council an intervention lies in, '' for everywhere; says which field is missing. */
async function councilOf(db: Knex, input: z.output<typeof addIntervention.input>): Promise<string> {
  if (input.area === 'everywhere') return '';
  if (input.area === 'council') {
    if (!input.councilCode) throw invalid([{ field: 'councilCode', message: 'Choose the council.' }]);
    return input.councilCode;
  }
  if (input.area === 'ward') {
    if (!input.wardCode) throw invalid([{ field: 'wardCode', message: 'Choose the ward.' }]);
    const found = await findCouncilOf(db, { wardCode: input.wardCode }, input.startsOn);
    if (!found) throw notFound('ward');
    return found;
  }
  const { lng, lat, radiusMetres } = input;
  const missing = Object.entries({ lng, lat, radiusMetres }).filter(([, value]) => value === undefined).map(([field]) => ({ field, message: 'A circle needs its middle and its radius.' }));
  if (missing.length > 0 || lng === undefined || lat === undefined) throw invalid(missing);
  const found = await findCouncilOf(db, { lng, lat }, input.startsOn);
  if (!found) throw invalid([{ field: 'lng', message: 'The middle lies in no council you may see. Check longitude and latitude.' }]);
  return found;
}

async function getIntervention(db: Knex, id: string): Promise<Intervention> {
  const [found] = await listInterventionsHeld(db, { id, withdrawn: true });
  if (!found) throw notFound('intervention');
  const { outline: _, ...rest } = found;
  return rest;
}
