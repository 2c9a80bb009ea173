import type { Knex } from 'knex';

/** Organisations, people, what each may do from when to when, and their sessions. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table organisation (
      id uuid primary key,
      name text not null constraint organisation_name_once unique,
      kind text not null constraint organisation_kind_known check (kind in ('opcc', 'council', 'police', 'other')),
      council_code text constraint organisation_one_a_council unique,
      constraint organisation_council_has_code check ((kind = 'council') = (council_code is not null))
    );
    create table person (
      id uuid primary key,
      organisation_id uuid not null references organisation,
      name text not null,
      email text not null,
      password_hash text,
      demonstration boolean not null default false,
      created_at timestamptz not null default now(),
      disabled_at timestamptz
    );
    create unique index person_email_once on person (lower(email));
    create table role_grant (
      id uuid primary key,
      person_id uuid not null references person,
      role text not null constraint role_grant_role_known check (role in
        ('grant_manager', 'finance_approver', 'analyst', 'council_lead', 'council_finance', 'warden', 'auditor', 'administrator')),
      agreement_id uuid,
      valid_from date not null,
      valid_to date,
      granted_by uuid references person,
      constraint role_grant_dates_in_order check (valid_to is null or valid_to > valid_from),
      constraint role_grant_once_at_a_time exclude using gist
        (person_id with =, role with =, daterange(valid_from, valid_to) with &&) where (agreement_id is null)
    );
    create table session (
      sid varchar primary key,
      sess json not null,
      expire timestamptz not null
    );
    create index session_expire on session (expire)`);
  // The five bodies the grant is agreed between; council codes are ONS local authority codes.
  await db.raw(`
    insert into organisation (id, name, kind, council_code) values
      (gen_random_uuid(), 'Office of the Police and Crime Commissioner for Cleveland', 'opcc', null),
      (gen_random_uuid(), 'Hartlepool', 'council', 'E06000001'),
      (gen_random_uuid(), 'Middlesbrough', 'council', 'E06000002'),
      (gen_random_uuid(), 'Redcar and Cleveland', 'council', 'E06000003'),
      (gen_random_uuid(), 'Stockton-on-Tees', 'council', 'E06000004')`);
}
