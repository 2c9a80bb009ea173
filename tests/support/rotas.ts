/** A published shift without the rota that gave it: rows as a rota's first version leaves them. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { addDays } from '../../server/patrols/calendar.ts';

export interface ShiftGiven {
  readonly councilCode: string;
  readonly day: string;
  readonly name?: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly wardens: readonly string[];
}

/** Publishes one shift in a rota of its own and returns its key: the id that stays in every version. */
export async function addPublishedShift(db: Knex, given: ShiftGiven): Promise<string> {
  const [rota, version, shift, key] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  await db('rota').insert({ id: rota, council_code: given.councilCode, starts_on: given.day, ends_on: addDays(given.day, 0), seed: 'x' });
  await db('rota_version').insert({ id: version, rota_id: rota, council_code: given.councilCode, number: 1, cost: 0, input_sha256: 'x', breaches: '[]', content_sha256: 'x' });
  await db('rota_shift').insert({
    id: shift, version_id: version, rota_id: rota, council_code: given.councilCode, shift_key: key, day: given.day, shift_code: 'late', shift_name: given.name ?? 'Late',
    starts_at: given.startsAt, ends_at: given.endsAt, cover_wanted: given.wardens.length, crew_size: 2,
  });
  if (given.wardens.length > 0) await db('rota_shift_warden').insert(given.wardens.map((warden) => ({ shift_id: shift, warden_id: warden })));
  return key;
}
