/** The list of costs that are never claimed, over HTTP. */
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import * as contract from './ineligibleContract.ts';

export function ineligibleRoutes(mount: Mount): void {
  mount(contract.listIneligibleCosts, async ({ db }) => ({ costs: await listCosts(db) }));

  mount(contract.addIneligibleCost, async ({ db, actor, input: { costId, what, source, validFrom } }) => {
    const added = await db('ineligible_cost').insert({ code: costId, what, source, valid_from: validFrom }).onConflict('code').ignore().returning('code');
    if (added.length > 0) await recordEvent(db, actor, { action: 'ineligibleCostAdded', subjectKind: 'ineligibleCost', subjectId: costId, after: { what, source, validFrom } });
    return { costs: await listCosts(db) };
  });

  mount(contract.endIneligibleCost, async ({ db, actor, input: { code, validTo, reason } }) => {
    const before = (await listCosts(db)).find((one) => one.code === code);
    if (!before) throw notFound('cost');
    await db('ineligible_cost').where({ code }).update({ valid_to: validTo });
    await recordEvent(db, actor, { action: 'ineligibleCostEnded', subjectKind: 'ineligibleCost', subjectId: code, before, after: { ...before, validTo }, reason });
    return { costs: await listCosts(db) };
  });
}

async function listCosts(db: Knex): Promise<contract.IneligibleCost[]> {
  return db('ineligible_cost').select('code', 'what', 'source', 'valid_from as validFrom', 'valid_to as validTo').orderBy(['what', 'valid_from']);
}
