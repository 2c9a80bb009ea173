/** A council's wardens and shifts to make rotas with. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type supertest from 'supertest';
import { addWarden, hartlepool } from './patrols.ts';

export type Client = ReturnType<typeof supertest.agent>;

/** Wardens who are employed, vetted, trained and accredited, by reference. */
export async function addCrew(db: Knex, references: readonly string[], given: { councilCode?: string; employedFrom?: string } = {}): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const reference of references) {
    const id = await addWarden(db, reference, given);
    ids[reference] = id;
    await db('warden_clearance').insert(['vetting', 'training', 'accreditation'].map((kind) => ({ id: randomUUID(), warden_id: id, kind, valid_from: '2023-07-01' })));
  }
  return ids;
}

/** A shift as a client sends it: late, 14:00 to 22:00, one pair every day, unless told otherwise. */
export const shiftOf = (given: object = {}): object => ({
  shiftTypeId: randomUUID(), code: 'late', name: 'Late', startMinute: 840, endMinute: 1320, crews: [1, 1, 1, 1, 1, 1, 1], validFrom: '2023-07-01', ...given,
});

export const nightShift = shiftOf({ code: 'night', name: 'Night', startMinute: 1320, endMinute: 360 });

/** Begins a rota and waits until the better one is worked out. */
export async function beginRota(lead: Client, db: Knex, startsOn: string, endsOn: string): Promise<string> {
  const rotaId = randomUUID();
  const { body } = await lead.post('/api/rotas').send({ rotaId, startsOn, endsOn }).expect(200);
  for (let tries = 0; tries < 600; tries++) {
    const job = await db('job').where({ id: body.jobId }).first('state', 'problem');
    if (job.state === 'failed') throw new Error(JSON.stringify(job.problem));
    if (job.state === 'done') return rotaId;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The rota was not worked out.');
}

export const draftOf = async (lead: Client, id: string) => (await lead.get(`/api/rotas/${id}/draft`).expect(200)).body;

/** Publishes the draft as it is. */
export async function publish(lead: Client, id: string, note = ''): Promise<{ versionId: string; number: number }> {
  const { draftNumber } = await draftOf(lead, id);
  return (await lead.post(`/api/rotas/${id}/versions`).send({ draftNumber, note }).expect(200)).body;
}

/** Says which warden an account is. */
export async function linkAccount(db: Knex, wardenId: string, email: string): Promise<void> {
  const { id } = await db('person').where({ email }).first('id');
  await db('warden_account').insert({ warden_id: wardenId, council_code: hartlepool, person_id: id });
}
