/** Recording changes and gaps that a comparison of runs crosses. */
import type { Knex } from 'knex';
import { notesInForce } from '../incidents/noteQueries.ts';
import type { Crossing } from '../incidents/qualityContract.ts';
import { crossedBy } from '../incidents/recording.ts';
import type { Analysis } from './contract.ts';
import { monthsBetween } from './months.ts';

export async function crossingsOf(db: Knex, runs: readonly Analysis[]): Promise<Crossing[]> {
  const parameters = runs.map((run) => run.parameters);
  return crossedBy(await notesInForce(db), {
    months: parameters.flatMap(({ from, to }) => monthsBetween(from, to)), sources: parameters.flatMap(({ sources }) => sources), councils: parameters.flatMap(({ councils }) => councils),
  });
}
