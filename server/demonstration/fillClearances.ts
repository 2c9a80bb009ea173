/** When the demonstration's wardens were vetted and trained: dates are invented, and some are late or run out, so that there is something to settle. */
import type { Knex } from 'knex';
import { createRandom } from '../../geo/random.ts';
import { addDays } from '../patrols/calendar.ts';
import { insertClearance } from '../patrols/wardenClearanceQueries.ts';
import { demonstrationAgreements, wardensOf } from './grant.ts';
import { repeatableId } from './repeatableId.ts';

/** The last warden of a council was trained this many days after beginning; the first one's vetting ran out on the day. */
const trainedLate = 12;
const vettingRanOut = '2024-02-19';

export async function fillClearances(trx: Knex.Transaction, seed: number): Promise<void> {
  const idOf = (what: string): string => repeatableId(createRandom(`${seed} ${what}`));
  for (const agreement of demonstrationAgreements) {
    const wardens = wardensOf(agreement);
    for (const [index, { reference, employedFrom }] of wardens.entries()) {
      const wardenId = idOf(`warden ${reference}`);
      const late = index === wardens.length - 1;
      await insertClearance(trx, { id: idOf(`vetting ${reference}`), wardenId, kind: 'vetting', validFrom: addDays(employedFrom, -21), validTo: index === 0 ? vettingRanOut : null }, null);
      await insertClearance(trx, { id: idOf(`training ${reference}`), wardenId, kind: 'training', validFrom: late ? addDays(employedFrom, trainedLate) : employedFrom, validTo: null }, null);
    }
  }
}
