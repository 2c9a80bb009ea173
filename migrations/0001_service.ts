import type { Knex } from 'knex';

/** What every feature stands on: PostGIS, the application's role, settings with dates, long work, the audit trail. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`create extension if not exists postgis`);
  await db.raw(`create extension if not exists btree_gist`);
  // A role belongs to the whole server, so two databases migrating at once may both try to make it.
  await db.raw(`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'hotspots_app') then
        create role hotspots_app nologin;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$`);
  await db.raw(`
    do $$ begin execute format('grant hotspots_app to %I', current_user); end $$;
    grant usage on schema public to hotspots_app;
    grant select on all tables in schema public to hotspots_app;
    alter default privileges in schema public grant select, insert, update, delete on tables to hotspots_app;
    alter default privileges in schema public grant usage, select on sequences to hotspots_app`);

  await db.raw(`
    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'Rows of % are never changed or removed.', tg_table_name using errcode = 'restrict_violation', constraint = tg_table_name || '_append_only';
    end $$`);

  await db.raw(`
    create table setting (
      name text not null,
      value jsonb not null,
      unit text not null,
      describes text not null,
      source text not null,
      valid_from date not null,
      valid_to date,
      constraint setting_dates_in_order check (valid_to is null or valid_to > valid_from),
      constraint setting_one_value_a_day exclude using gist (name with =, daterange(valid_from, valid_to) with &&)
    );
    create table job (
      id uuid primary key,
      kind text not null,
      input jsonb not null,
      state text not null default 'queued' constraint job_state_known check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
      progress real not null default 0 constraint job_progress_is_a_share check (progress between 0 and 1),
      step text not null default '',
      result jsonb,
      problem jsonb,
      cancel_requested boolean not null default false,
      created_by uuid,
      council_code text,
      created_at timestamptz not null default now(),
      started_at timestamptz,
      heartbeat_at timestamptz,
      finished_at timestamptz
    );
    create index job_waiting on job (created_at) where state in ('queued', 'running');
    create table audit_event (
      id bigint generated always as identity primary key,
      happened_at timestamptz not null default now(),
      person_id uuid,
      role text not null,
      action text not null,
      subject_kind text not null,
      subject_id text not null,
      council_code text,
      before jsonb,
      after jsonb,
      reason text,
      request_id text,
      address text
    );
    create index audit_event_subject on audit_event (subject_kind, subject_id);
    create index audit_event_time on audit_event (happened_at);
    create trigger audit_event_append_only before update or delete or truncate on audit_event
      for each statement execute function refuse_change();
    revoke update, delete on audit_event from hotspots_app`);
}
