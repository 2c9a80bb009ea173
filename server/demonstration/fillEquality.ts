/** The demonstration's equality record: the two actions of the pilot's assessment, gaps, and training of most wardens with its days. */
import type { Knex } from 'knex';
import { createRandom } from '../../geo/random.ts';
import { insertAction, insertStep, insertTraining, listTopics } from '../evaluation/actionsQueries.ts';
import { addDays } from '../patrols/calendar.ts';
import { demonstrationPeople } from './fillClaims.ts';
import { demonstrationAgreements, wardensOf } from './grant.ts';
import { repeatableId } from './repeatableId.ts';

const basis = 'Equality impact assessment of the pilot, 2023';
const actions = [
  { title: 'Train every patrol officer in health conditions, in when it is harassment or hate crime, and in translation services', characteristic: 'all', owner: 'Councils’ patrol leads', dueOn: '2023-12-31', state: 'in progress', evidence: '' },
  { title: 'Put engaging with young people and pointing to youth diversion into the briefing pack', characteristic: 'age', owner: 'Office of the Commissioner, grant manager', dueOn: '2023-10-31', state: 'done', evidence: 'Briefing pack, version 1 (demonstration words)' },
  { title: 'Offer the public page in easy read and say how to reach the office without a phone', characteristic: 'disability', owner: 'Office of the Commissioner, communications', dueOn: '2024-01-31', state: 'done', evidence: 'Public page, easy read (demonstration words)' },
  { title: 'Look at the gaps in what is known of who lives in patrolled areas', characteristic: 'race', owner: 'Office of the Commissioner, analyst', dueOn: '2024-05-31', state: 'open', evidence: '' },
  { title: 'Review the assessment with the review of the grant', characteristic: 'all', owner: 'Office of the Commissioner, grant manager', dueOn: '2024-09-30', state: 'open', evidence: '' },
] as const;

export async function fillEquality(trx: Knex.Transaction, seed: number): Promise<void> {
  const idOf = (what: string): string => repeatableId(createRandom(`${seed} ${what}`));
  const manager = (await demonstrationPeople(trx))('grant_manager', null);
  for (const [nth, { title, characteristic, state, ...step }] of actions.entries()) {
    const id = idOf(`equality ${nth}`);
    await insertAction(trx, { id, title, basis, characteristic, by: manager.personId });
    await insertStep(trx, { id, actionId: id, ...step, state: 'open', evidence: '', reason: '', by: manager.personId, at: new Date('2023-08-14T09:00:00Z') });
    if (state !== 'open') await insertStep(trx, { id: idOf(`equality step ${nth}`), actionId: id, ...step, state, reason: '', by: manager.personId, at: new Date('2024-02-01T09:00:00Z') });
  }
  const topics = await listTopics(trx);
  for (const [council, agreement] of demonstrationAgreements.entries()) {
    for (const [nth, { reference, employedFrom }] of wardensOf(agreement).entries()) {
      // The last warden of a council has the first topic only, and one council has not begun with the last.
      for (const [place, { code }] of topics.entries()) {
        if ((nth === wardensOf(agreement).length - 1 && place > 0) || (council === 2 && place === topics.length - 1)) continue;
        await insertTraining(trx, { id: idOf(`training ${reference} ${code}`), wardenId: idOf(`warden ${reference}`), topic: code, trainedOn: addDays(employedFrom, 14 * (place + 1)), by: null });
      }
    }
  }
}
