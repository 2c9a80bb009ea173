import type { Knex } from 'knex';

/** Second factors, one-time links, tries at signing in, and roles that a second person must approve. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table person
      add column second_factor text,
      add column second_factor_confirmed_at timestamptz,
      add column second_factor_last_step bigint not null default 0,
      add column issuer text,
      add column issuer_subject text,
      add constraint person_issuer_subject_once unique (issuer, issuer_subject);
    create table recovery_code (
      person_id uuid not null references person on delete cascade,
      code_hash text not null,
      used_at timestamptz,
      primary key (person_id, code_hash)
    );
    create table invitation (
      id uuid primary key,
      person_id uuid not null references person,
      token_hash text not null constraint invitation_token_once unique,
      made_by uuid references person,
      made_at timestamptz not null default now(),
      expires_at timestamptz not null,
      used_at timestamptz
    );
    create table sign_in_try (
      key text primary key,
      window_started_at timestamptz not null,
      tries integer not null
    );
    alter table role_grant
      add column state text not null default 'approved' constraint role_grant_state_known check (state in ('proposed', 'approved', 'refused')),
      add column approved_by uuid references person,
      add column delegated_from uuid references person,
      add column reason text not null default '',
      -- Who may approve money is never let in by one person alone.
      add constraint role_grant_proposer_is_not_approver check (granted_by is null or approved_by is null or granted_by <> approved_by),
      add constraint role_grant_not_to_oneself check (granted_by is null or granted_by <> person_id),
      add constraint role_grant_approver_needs_two check
        (role not in ('finance_approver', 'council_finance', 'grant_manager', 'administrator') or state <> 'approved' or granted_by is null or approved_by is not null or delegated_from is not null),
      add constraint role_grant_delegation_has_end check (delegated_from is null or valid_to is not null);
    insert into setting (name, value, unit, describes, source, valid_from) values
      ('sign_in_tries_per_account', '10', 'tries in 15 minutes', 'Wrong passwords for one account before it must wait', 'OWASP Authentication Cheat Sheet: throttle by account', '2020-01-01'),
      ('sign_in_tries_per_address', '100', 'tries in 15 minutes', 'Sign-ins tried from one network address before it must wait', 'OWASP Authentication Cheat Sheet: throttle by address; a council shares one', '2020-01-01')`);
}
