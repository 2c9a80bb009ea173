/** How far the demonstration data has come, kept as events of the audit trail: written in each step's own transaction, never changed. */
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { demonstrationActor } from './actor.ts';

const subject = { subjectKind: 'demonstration', action: 'demonstrationStepDone' } as const;

/** Two processes that fill one database take turns. */
const demonstrationLock = 7_204_534;

export async function listStepsDone(db: Knex): Promise<string[]> {
  return db('audit_event').where({ subject_kind: subject.subjectKind, action: subject.action }).orderBy('id').pluck('subject_id');
}

/** True when nothing has been put into the database yet: no people, places, incidents or money. */
export async function isEmpty(db: Knex): Promise<boolean> {
  const { rows } = await db.raw(`
    select not exists (select from person) and not exists (select from boundary) and not exists (select from source_month) and not exists (select from fund) as empty`);
  return rows[0].empty === true;
}

/** True when every person there is stands for nobody. */
export async function holdsOnlyDemonstrationPeople(db: Knex): Promise<boolean> {
  return (await db('person').where({ demonstration: false }).first('id')) === undefined;
}

/** True when the step is still to be done; holds other processes off until the transaction ends. */
export async function claimStep(trx: Knex.Transaction, name: string): Promise<boolean> {
  await trx.raw('select pg_advisory_xact_lock(?)', [demonstrationLock]);
  return !(await listStepsDone(trx)).includes(name);
}

export async function recordStep(trx: Knex.Transaction, name: string, after: unknown): Promise<void> {
  await recordEvent(trx, demonstrationActor, { ...subject, subjectId: name, after });
}

/** Where most rows of a source stand. */
export async function busiestPoint(db: Knex, source: string): Promise<{ lng: number; lat: number } | undefined> {
  const { rows } = await db.raw(
    `select lng, lat from location join (select location_id, count(*) as n from incident where source_code = :source and location_id is not null group by location_id order by n desc, location_id limit 1) as most on most.location_id = location.id`,
    { source },
  );
  return rows[0] as { lng: number; lat: number } | undefined;
}
