/** Weights of sources as they are kept. */
import type { Knex } from 'knex';
import type { SourceWeight } from './qualityContract.ts';
import type { DatedWeight, Placement } from './weights.ts';

const columns = ['source_weight.id', 'source_code as source', 'source.name as sourceName', 'weight', 'valid_from as validFrom', 'valid_to as validTo', 'reason', 'set_at as setAt'];

interface WeightRow extends Omit<SourceWeight, 'setAt'> {
  readonly setAt: Date;
}

const toWeight = (row: WeightRow): SourceWeight => ({ ...row, setAt: row.setAt.toISOString() });

export async function listWeightsSet(db: Knex): Promise<SourceWeight[]> {
  const rows: WeightRow[] = await db('source_weight').join('source', 'source.code', 'source_code').select(columns).orderBy(['source_code', 'valid_from']);
  return rows.map(toWeight);
}

export async function hasSource(db: Knex, code: string): Promise<boolean> {
  return (await db('source').where({ code }).first('code')) !== undefined;
}

/** The weights of one source, held until the transaction ends. */
export async function lockWeights(trx: Knex.Transaction, source: string): Promise<DatedWeight[]> {
  return trx('source_weight').where({ source_code: source }).select('source_code as source', 'weight', 'valid_from as validFrom', 'valid_to as validTo', 'reason').forUpdate();
}

export async function saveWeight(trx: Knex.Transaction, row: { source: string; weight: number; validFrom: string; reason: string; by: string | null; at: Date }, { ends, validTo }: Placement): Promise<SourceWeight> {
  const before = { source_code: row.source, valid_from: ends?.validFrom ?? '' };
  if (ends?.validFrom === row.validFrom) await trx('source_weight').where(before).delete();
  else if (ends) await trx('source_weight').where(before).update({ valid_to: row.validFrom });
  const [{ id }] = await trx('source_weight').insert({
    source_code: row.source, weight: row.weight, valid_from: row.validFrom, valid_to: validTo, reason: row.reason, set_by: row.by, set_at: row.at,
  }).returning('id') as [{ id: string }];
  const saved: WeightRow = await trx('source_weight').join('source', 'source.code', 'source_code').select(columns).where('source_weight.id', id).first();
  return toWeight(saved);
}
