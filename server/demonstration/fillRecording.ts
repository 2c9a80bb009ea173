/** What stands beside the demonstration's visits: why planned ones were not made, a word for the next shift, the devices wardens carry. All invented. */
import type { Knex } from 'knex';
import { createRandom, type RandomStream } from '../../geo/random.ts';
import { recordEvent } from '../audit.ts';
import { insertDevice } from '../recording/listQueries.ts';
import { insertMissed, insertNote } from '../recording/missedQueries.ts';
import { demonstrationActor } from './actor.ts';
import { demonstrationAgreements } from './grant.ts';
import { repeatableId } from './repeatableId.ts';

/** Share of the days without any of their planned visits that a crew gave a reason for. */
const explained = 0.8;
const reasons = [['abstraction', 8], ['vacancy', 5], ['weather', 4], ['incident', 2], ['other', 1]] as const;
const notes = ['Lights out by the underpass; reported to the council', 'Shopkeepers ask for a visit at closing time', 'Fence cut behind the shelters: look on the way round'];
const hour = 3_600_000;

export async function fillRecording(trx: Knex.Transaction, { seed, now }: { seed: number; now: Date }): Promise<void> {
  for (const [index, { councilCode, reference, patrolsFrom }] of demonstrationAgreements.entries()) {
    const random = createRandom(`${seed} recording ${councilCode}`);
    await fillMissed(trx, random, councilCode);
    await insertDevice(trx, {
      id: repeatableId(random), councilCode, product: 'Lone-worker device (BS 8484), invented', deviceId: `DEMO-${reference.slice(-1)}-1`, alarmNumber: `01632 96000${index + 1}`, validFrom: patrolsFrom, validTo: null,
    });
    // Kept for as long as a note may be, so that whoever looks a few days later still finds one.
    const note = notes[index];
    if (note) await insertNote(trx, { id: repeatableId(random), councilCode, hotspotId: null, note, writtenAt: new Date(now.getTime() - hour), expiresAt: new Date(now.getTime() + 300 * hour) }, null);
  }
}

interface Unmade {
  readonly hotspotId: string;
  readonly missedOn: string;
  readonly band: number;
  readonly visits: number;
}

/** Planned visits of days on which a hotspot was not visited at all, most of them with a reason. */
async function fillMissed(trx: Knex.Transaction, random: RandomStream, councilCode: string): Promise<void> {
  const { rows } = await trx.raw(
    `select p.hotspot_id as "hotspotId", p.week + p.band_day - 1 as "missedOn", p.band, p.visits from planned_hours p join patrol_start s using (council_code)
     where p.council_code = :councilCode and p.visits between 1 and 20 and p.week + p.band_day - 1 >= s.started_on
       and exists (select from visit v where v.council_code = p.council_code and v.visited_on = p.week + p.band_day - 1)
       and not exists (select from visit v where v.hotspot_id = p.hotspot_id and v.visited_on = p.week + p.band_day - 1)
     order by p.week, p.band_day, p.band, p.hotspot_id`, { councilCode });
  const missed = (rows as Unmade[]).filter(() => random.uniform() < explained).map((row) => ({
    ...row, id: repeatableId(random), councilCode, note: '', reasonCode: reasons[random.pick(reasons.map(([, weight]) => weight))]?.[0] ?? 'other',
  }));
  for (const row of missed) await insertMissed(trx, row, null);
  const [first] = missed;
  if (first) await recordEvent(trx, demonstrationActor, { action: 'missedVisitsRecorded', subjectKind: 'missedVisits', subjectId: first.id, councilCode, after: { missed: missed.length } });
}
