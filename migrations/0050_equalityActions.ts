import type { Knex } from 'knex';

/**
 * The equality impact assessment as a living record: its actions with an owning role, a day, evidence and every step; and who of the wardens, by
 * reference, was trained in what on which day, since a clause in an agreement is not training.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table equality_action (
      id uuid primary key,
      title text not null constraint equality_action_title_given check (length(btrim(title)) > 0),
      -- What it came from: an assessment, a review, a gap in the data.
      basis text not null constraint equality_action_basis_given check (length(btrim(basis)) > 0),
      characteristic text not null constraint equality_action_characteristic_known check (characteristic in
        ('age', 'disability', 'gender reassignment', 'marriage and civil partnership', 'pregnancy and maternity', 'race', 'religion or belief', 'sex', 'sexual orientation', 'all', 'other')),
      added_by uuid,
      added_at timestamptz not null default clock_timestamp()
    );
    -- What became of it; the latest row holds.
    create table equality_step (
      position bigint generated always as identity primary key,
      action_id uuid not null references equality_action,
      id uuid not null constraint equality_step_id_once unique,
      state text not null constraint equality_step_state_known check (state in ('open', 'in progress', 'done', 'not needed')),
      -- A post or an organisation, never a person.
      owner text not null constraint equality_step_owner_given check (length(btrim(owner)) > 0),
      due_on date not null,
      evidence text not null default '',
      reason text not null default '',
      taken_by uuid,
      taken_at timestamptz not null default clock_timestamp(),
      constraint equality_step_done_has_evidence check (state <> 'done' or length(btrim(evidence)) > 0),
      constraint equality_step_not_needed_has_reason check (state <> 'not needed' or length(btrim(reason)) > 0)
    );
    create index equality_step_of on equality_step (action_id, position desc);
    create table training_topic (
      code text primary key,
      name text not null,
      source text not null,
      position integer not null
    );
    -- The latest row of a warden and topic holds; without a day the one before was a mistake.
    create table warden_training (
      position bigint generated always as identity primary key,
      id uuid not null constraint warden_training_id_once unique,
      warden_id uuid not null references warden,
      topic text not null references training_topic,
      trained_on date,
      recorded_by uuid,
      recorded_at timestamptz not null default clock_timestamp()
    );
    create index warden_training_of on warden_training (warden_id, topic, position desc);
    create function enter_equality() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
    declare
      person uuid := nullif(current_setting('app.person', true), '')::uuid;
    begin
      if current_setting('role') = 'hotspots_app' then
        if tg_table_name = 'equality_action' then new.added_by := person;
        elsif tg_table_name = 'equality_step' then new.taken_by := person;
        else new.recorded_by := person;
        end if;
      end if;
      return new;
    end $$;
    revoke execute on function enter_equality() from public`);
  for (const table of ['equality_action', 'equality_step', 'warden_training']) {
    await db.raw(`create trigger ${table}_entered before insert on ${table} for each row execute function enter_equality();
      create trigger ${table}_append_only before update or delete or truncate on ${table} for each statement execute function refuse_change()`);
  }
  // The record is every partner's to read; the office keeps it. Training is the warden's council's.
  await fence(db, 'equality_action', 'true', `sees_council('')`);
  await fence(db, 'equality_step', 'true', `sees_council('')`);
  await fence(db, 'training_topic', 'true', 'false');
  await fence(db, 'warden_training', 'exists (select from warden w where w.id = warden_id)', 'exists (select from warden w where w.id = warden_id)');
  await db.raw(`grant insert on equality_action, equality_step, warden_training to hotspots_app`);
  await db('training_topic').insert(topics.map(([code, name], position) => ({ code, name, position, source: 'Equality impact assessment of the pilot, 2023: action 1, for every patrol officer' })));
}

async function fence(db: Knex, table: string, seen: string, written: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_read on ${table} for select to hotspots_app using (${seen});
    create policy ${table}_fence on ${table} to hotspots_app using (${written}) with check (${written});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}

const topics: readonly (readonly [code: string, name: string])[] = [
  ['health_conditions', 'Health conditions that may look like anti-social behaviour'], ['hate_crime', 'When it is harassment or hate crime'], ['translation', 'Translation services'], ['young_people', 'Engaging with young people and pointing to diversion'],
];
