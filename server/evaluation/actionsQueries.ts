/** Equality actions with their steps, and training by warden. */
import type { Knex } from 'knex';
import type { EqualityAction, TrainingRow } from './actionsContract.ts';

export async function listActions(db: Knex, on: string, id: string | null = null): Promise<EqualityAction[]> {
  const { rows } = await db.raw(`
    select a.id, a.title, a.basis, a.characteristic, s.state, s.owner, s.due_on as "dueOn", s.evidence, s.reason, s.state in ('open', 'in progress') and s.due_on < cast(:on as date) as overdue,
      (select jsonb_agg(jsonb_build_object('state', x.state, 'owner', x.owner, 'dueOn', x.due_on, 'evidence', x.evidence, 'reason', x.reason, 'by', p.name, 'at', to_json(x.taken_at) #>> '{}') order by x.position)
        from equality_step x left join person p on p.id = x.taken_by where x.action_id = a.id) as steps
    from equality_action a join lateral (select * from equality_step s where s.action_id = a.id order by s.position desc limit 1) as s on true
    where cast(:id as uuid) is null or a.id = cast(:id as uuid) order by s.state in ('done', 'not needed'), s.due_on, a.title`, { on, id });
  return rows as EqualityAction[];
}

export async function insertAction(trx: Knex.Transaction, row: { id: string; title: string; basis: string; characteristic: string; by: string | null }): Promise<void> {
  await trx('equality_action').insert({ id: row.id, title: row.title, basis: row.basis, characteristic: row.characteristic, added_by: row.by });
}

export async function insertStep(trx: Knex.Transaction, row: { id: string; actionId: string; state: string; owner: string; dueOn: string; evidence: string; reason: string; by: string | null; at?: Date }): Promise<void> {
  await trx('equality_step').insert({ id: row.id, action_id: row.actionId, state: row.state, owner: row.owner, due_on: row.dueOn, evidence: row.evidence, reason: row.reason, taken_by: row.by, ...(row.at ? { taken_at: row.at } : {}) });
}

/** The day each warden was trained in each topic, as last recorded. */
const trained = `select distinct on (t.warden_id, t.topic) t.warden_id, t.topic, t.trained_on from warden_training t order by t.warden_id, t.topic, t.position desc`;

/** By council and topic: wardens employed on the day, and those of them trained by it. */
export async function listTraining(db: Knex, on: string, councils: readonly string[]): Promise<TrainingRow[]> {
  const { rows } = await db.raw(`
    with held as (${trained})
    select o.council_code as "councilCode", o.name as council, p.code as topic, p.name, count(w.id)::int as wardens,
      count(held.trained_on)::int as trained, min(held.trained_on) as first, max(held.trained_on) as last
    from organisation o cross join training_topic p
      left join warden w on w.council_code = o.council_code and w.employed_from <= cast(:on as date) and (w.employed_to is null or w.employed_to > cast(:on as date))
      left join held on held.warden_id = w.id and held.topic = p.code and held.trained_on <= cast(:on as date)
    where o.kind = 'council' and (:all or o.council_code = any(:councils)) group by 1, 2, 3, 4, p.position order by 1, p.position`, { on, all: councils.includes('*'), councils: [...councils] });
  return rows as TrainingRow[];
}

export async function listTopics(db: Knex): Promise<{ code: string; name: string; source: string }[]> {
  return db('training_topic').select('code', 'name', 'source').orderBy('position');
}

/** Wardens of the councils by reference, with the day of each training. */
export async function listTrained(db: Knex, on: string, councils: readonly string[]): Promise<{ id: string; reference: string; trained: Record<string, string> }[]> {
  const { rows } = await db.raw(`
    with held as (${trained})
    select w.id, w.reference, coalesce((select jsonb_object_agg(held.topic, held.trained_on) from held where held.warden_id = w.id and held.trained_on is not null), '{}') as trained
    from warden w where w.council_code = any(:councils) and w.employed_from <= cast(:on as date) and (w.employed_to is null or w.employed_to > cast(:on as date)) order by w.reference`, { on, councils: [...councils] });
  return rows as { id: string; reference: string; trained: Record<string, string> }[];
}

export async function findWardenCouncil(db: Knex, id: string, councils: readonly string[]): Promise<string | undefined> {
  const row: { councilCode: string } | undefined = await db('warden').where({ id }).first('council_code as councilCode');
  return row && (councils.includes('*') || councils.includes(row.councilCode)) ? row.councilCode : undefined;
}

export async function insertTraining(trx: Knex.Transaction, row: { id: string; wardenId: string; topic: string; trainedOn: string | null; by: string | null }): Promise<void> {
  await trx('warden_training').insert({ id: row.id, warden_id: row.wardenId, topic: row.topic, trained_on: row.trainedOn, recorded_by: row.by });
}
