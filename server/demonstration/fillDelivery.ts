/** Alerts as they would have been raised while patrols ran, and what comes first at each hotspot. */
import type { Knex } from 'knex';
import { createRandom } from '../../geo/random.ts';
import { recordEvent } from '../audit.ts';
import { acknowledge, listAlerts } from '../delivery/alertQueries.ts';
import { alertsAsAt } from '../delivery/alertWork.ts';
import { listPriorities, savePriority } from '../delivery/hotspotQueries.ts';
import { addDays } from '../patrols/calendar.ts';
import { demonstrationActor } from './actor.ts';
import { demonstrationAgreements, demonstrationFund, patrolStarts } from './grant.ts';
import { repeatableId } from './repeatableId.ts';

/** Invented, in the words crews use; none is of a real place. */
const firsts = ['Groups gathering after school', 'Drinking in the open', 'Off-road bikes on the grass', 'Noise outside the shops after dark', 'Litter and broken glass by the benches', 'Shouting at passers-by near the bus stop'];

export async function fillDelivery(trx: Knex.Transaction, seed: number): Promise<void> {
  await fillPriorities(trx, seed);
  // Thursdays and Sundays: a night's look at every day of eight months would keep a first start waiting.
  const [first = demonstrationFund.startsOn] = Object.values(patrolStarts()).sort();
  for (let day = addDays(first, 7); day <= demonstrationFund.endsOn; day = addDays(day, 1)) {
    if ([0, 4].includes(new Date(`${day}T00:00:00Z`).getUTCDay())) await alertsAsAt(trx, demonstrationActor, day);
  }
  const lead = await trx('person').where({ email: 'lead@hartlepool.demo' }).first('id');
  const [ended] = (await listAlerts(trx, { councils: demonstrationAgreements.map(({ councilCode }) => councilCode).slice(0, 1) })).filter(({ kind }) => kind === 'gap');
  if (lead && ended) await acknowledge(trx, ended.id, lead.id as string, 'A pair of the late shift goes there first tomorrow');
}

async function fillPriorities(trx: Knex.Transaction, seed: number): Promise<void> {
  const hotspots: { id: string; name: string; councilCode: string; liveFrom: string }[] = await trx('hotspot').select('id', 'name', 'council_code as councilCode', 'live_from as liveFrom').orderBy(['council_code', 'name']);
  for (const [index, { id, name, councilCode, liveFrom }] of hotspots.entries()) {
    for (const position of [1, 2, 3].slice(0, 1 + (index % 3))) {
      const words = firsts[(index * 2 + position) % firsts.length] ?? '';
      await savePriority(trx, { id: repeatableId(createRandom(`${seed} priority ${councilCode} ${name} ${position}`)), hotspotId: id, position, words, fromOn: liveFrom, untilOn: null, setBy: null });
    }
    await recordEvent(trx, demonstrationActor, { action: 'hotspotPrioritySet', subjectKind: 'hotspot', subjectId: id, councilCode, after: await listPriorities(trx, id) });
  }
}
