/** A lost second factor: one administrator proposes to take it off, another decides. */
import { randomUUID } from 'node:crypto';
import { recordEvent } from '../audit.ts';
import { conflict, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { decideSecondFactorReset, proposeSecondFactorReset } from './contract.ts';
import { findAnyPerson } from './queries.ts';
import { decideReset, findReset, hasSecondFactor, saveReset } from './resetQueries.ts';

export function resetRoutes(mount: Mount): void {
  mount(proposeSecondFactorReset, async ({ db, input, actor, now }) => {
    if (!(await findAnyPerson(db, input.id))) throw notFound('person');
    if (!(await hasSecondFactor(db, input.id))) throw conflict('no_second_factor', 'This account has no second factor to reset. A new one-time link helps with a forgotten password.');
    const reset = await saveReset(db, { id: randomUUID(), personId: input.id, reason: input.reason, proposedBy: actor.personId ?? '', proposedAt: now });
    await recordEvent(db, actor, { action: 'secondFactorResetProposed', subjectKind: 'person', subjectId: input.id, after: reset, reason: input.reason });
    return reset;
  });

  mount(decideSecondFactorReset, async ({ db, input, actor, now }) => {
    const before = await findReset(db, input.id);
    if (!before) throw notFound('reset');
    if (before.state !== 'proposed') throw conflict('already_decided', `This reset was ${before.state} already.`);
    await decideReset(db, input.id, { approve: input.approve, by: actor.personId ?? '', at: now, reason: input.reason });
    const after = (await findReset(db, input.id))!;
    await recordEvent(db, actor, {
      action: input.approve ? 'secondFactorReset' : 'secondFactorResetRefused', subjectKind: 'person', subjectId: before.personId, before, after, reason: input.reason,
    });
    return after;
  });
}
