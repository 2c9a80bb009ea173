/** A base for each council, and the rounds of the last week that is both planned and on a rota, up to Thursday; the rest of it is left to be drawn. Invented. */
import type { Knex } from 'knex';
import { createRandom } from '../../geo/random.ts';
import { addDays } from '../patrols/calendar.ts';
import { insertBase, listShifts } from '../rounds/queries.ts';
import { drawRounds } from '../rounds/roundWork.ts';
import { demonstrationActor } from './actor.ts';
import { rotaStarts } from './fillRotas.ts';
import { demonstrationAgreements, demonstrationFund } from './grant.ts';
import { repeatableId } from './repeatableId.ts';

const week = rotaStarts[2];

export async function fillRounds(trx: Knex.Transaction, { seed, now }: { seed: number; now: Date }): Promise<void> {
  for (const { councilCode } of demonstrationAgreements) {
    const { lng, lat } = (await trx('hotspot').where({ council_code: councilCode }).first(trx.raw('avg(st_x(st_centroid(outline))) as lng, avg(st_y(st_centroid(outline))) as lat'))) as { lng: number; lat: number };
    const id = repeatableId(createRandom(`${seed} base ${councilCode}`));
    await insertBase(trx, { id, councilCode, name: 'Wardens’ office', lng: Number(lng.toFixed(5)), lat: Number(lat.toFixed(5)), travel: 'vehicle', validFrom: demonstrationFund.startsOn, validTo: null }, null);
    const shifts = await listShifts(trx, { councils: [councilCode], from: week, to: addDays(week, 3), own: false });
    for (const { shift } of shifts.filter(({ planned }) => planned > 0)) await drawRounds(trx, { actor: demonstrationActor, councils: [councilCode], now }, { shift, base: id, reason: '' });
  }
}
