/** Retention rules over HTTP. */
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import * as contract from './retentionContract.ts';

export function retentionRoutes(mount: Mount): void {
  mount(contract.listRetentionRules, async ({ db }) => ({ rules: await listRules(db) }));

  mount(contract.changeRetentionRule, async ({ db, actor, input: { kind, base, length, unit, source, validFrom, reason } }) => {
    const before = (await listRules(db)).filter((rule) => rule.kind === kind).at(-1);
    if (!before) throw notFound('kind of record');
    if (validFrom <= before.validFrom) throw invalid([{ field: 'validFrom', message: `The rule in force began on ${before.validFrom}. Give a later day.` }]);
    const after = { kind, name: before.name, base, keep_years: unit === 'years' ? length : null, keep_days: unit === 'days' ? length : null, source, valid_from: validFrom };
    await db('retention_rule').where({ kind, valid_from: before.validFrom }).update({ valid_to: validFrom });
    await db('retention_rule').insert(after);
    await recordEvent(db, actor, { action: 'retentionRuleChanged', subjectKind: 'retentionRule', subjectId: kind, before, after, reason });
    return { rules: await listRules(db) };
  });
}

async function listRules(db: Knex): Promise<contract.KeptRule[]> {
  return db('retention_rule').select('kind', 'name', 'base', 'keep_years as keepYears', 'keep_days as keepDays', 'source', 'valid_from as validFrom', 'valid_to as validTo').orderBy(['name', 'valid_from']);
}
