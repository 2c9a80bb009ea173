/** The monthly return of October 2023, made and kept as its first version. */
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { monthlyDefinition } from '../returns/contract.ts';
import { makeReturn, packRows } from '../returns/returnWork.ts';
import { listVersions, lockReturn, saveVersion } from '../returns/versionQueries.ts';
import { demonstrationActor } from './actor.ts';

export const returnMonth = '2023-10';

export async function fillReturn(trx: Knex.Transaction, now: Date): Promise<void> {
  const returnId = await lockReturn(trx, monthlyDefinition, returnMonth);
  if ((await listVersions(trx, monthlyDefinition, returnMonth)).length > 0) return;
  const { figures, sha256, definition, loaded } = await makeReturn(trx, { month: returnMonth, councils: ['*'], now });
  await saveVersion(trx, { returnId, version: 1, definitionVersion: definition.version, figures, sha256, madeBy: null, madeAt: now, rows: packRows(loaded) });
  await recordEvent(trx, demonstrationActor, { action: 'returnVersionKept', subjectKind: 'monitoring_return', subjectId: returnId, before: null, after: { month: returnMonth, version: 1, sha256 } });
}
