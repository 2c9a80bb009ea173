import type { Knex } from 'knex';

/** What is reported to the funder: definitions that are data, and versions kept for ever. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table return_definition (
      code text not null,
      version integer not null,
      name text not null,
      fields jsonb not null,
      deadline jsonb not null,
      basis text not null,
      valid_from date not null,
      valid_to date,
      primary key (code, version),
      constraint return_definition_one_a_day exclude using gist (code with =, daterange(valid_from, valid_to) with &&)
    );
    create table monitoring_return (
      id uuid primary key,
      definition_code text not null,
      month date not null,
      state text not null default 'in progress' constraint monitoring_return_state_known check (state in
        ('not started', 'in progress', 'ready', 'awaiting sign-off', 'submitted', 'accepted', 'changes requested')),
      constraint monitoring_return_once_a_month unique (definition_code, month)
    );
    create table return_version (
      return_id uuid not null references monitoring_return,
      version integer not null,
      definition_version integer not null,
      figures jsonb not null,
      sha256 text not null,
      made_by uuid,
      made_at timestamptz not null default now(),
      primary key (return_id, version)
    );
    create trigger return_version_append_only before update or delete or truncate on return_version
      for each statement execute function refuse_change()`);
}
