import type { Knex } from 'knex';

/** A lost second factor taken off by two administrators, and a role withdrawn before it lasted a day. */
export async function up(db: Knex): Promise<void> {
  for (const part of [resets, fence, effect, withdrawal]) await db.raw(part);
}

const resets = `
  create table second_factor_reset (
    id uuid primary key,
    person_id uuid not null references person,
    state text not null default 'proposed' constraint second_factor_reset_state_known check (state in ('proposed', 'approved', 'refused')),
    reason text not null,
    proposed_by uuid not null references person,
    proposed_at timestamptz not null,
    decided_by uuid references person,
    decided_at timestamptz,
    decision_reason text,
    -- Whoever resets a second factor can be let in without it: never one person alone, never for oneself.
    constraint second_factor_reset_not_for_oneself check (proposed_by <> person_id),
    constraint second_factor_reset_proposer_is_not_approver check (decided_by is null or decided_by <> proposed_by),
    constraint second_factor_reset_holder_is_not_approver check (decided_by is null or decided_by <> person_id),
    constraint second_factor_reset_decided_whole check
      ((state = 'proposed') = (decided_by is null) and (decided_by is null) = (decided_at is null) and (decided_by is null) = (decision_reason is null))
  );
  create unique index second_factor_reset_one_at_a_time on second_factor_reset (person_id) where state = 'proposed'`;

const fence = `
  alter table second_factor_reset enable row level security;
  create policy second_factor_reset_read on second_factor_reset for select to hotspots_app using (holds_role('administrator') or holds_role('auditor'));
  create policy second_factor_reset_propose on second_factor_reset for insert to hotspots_app with check (holds_role('administrator'));
  create policy second_factor_reset_decide on second_factor_reset for update to hotspots_app using (holds_role('administrator')) with check (holds_role('administrator'));
  grant select, insert on second_factor_reset to hotspots_app;
  grant update (state, decided_by, decided_at, decision_reason) on second_factor_reset to hotspots_app;
  create function second_factor_reset_in_own_name() returns trigger language plpgsql as $$
  begin
    if current_user <> 'hotspots_app' then return new; end if;
    if tg_op = 'INSERT' and new.state = 'proposed' and is_person(new.proposed_by) then return new; end if;
    if tg_op = 'UPDATE' and old.state = 'proposed' and new.state <> 'proposed' and is_person(new.decided_by) then return new; end if;
    raise exception 'A reset is proposed and decided once, in one''s own name.' using errcode = 'check_violation', constraint = 'second_factor_reset_in_own_name';
  end $$;
  create trigger second_factor_reset_in_own_name before insert or update on second_factor_reset for each row execute function second_factor_reset_in_own_name()`;

/** The application may not write a second factor: the approved row itself, and nothing else, takes it off. */
const effect = `
  create function take_off_second_factor() returns trigger language plpgsql security definer set search_path = public as $$
  begin
    update person set second_factor = null, second_factor_confirmed_at = null, second_factor_last_step = 0 where id = new.person_id;
    delete from recovery_code where person_id = new.person_id;
    delete from session where sess ->> 'personId' = new.person_id::text;
    return null;
  end $$;
  revoke execute on function take_off_second_factor() from public;
  create trigger second_factor_reset_approved after update on second_factor_reset for each row
    when (old.state = 'proposed' and new.state = 'approved') execute function take_off_second_factor()`;

/** Withdrawn: the role never lasted a day. Only what counts, or may come to count, stands in the way of the same role again. */
const withdrawal = `
  alter table role_grant
    drop constraint role_grant_state_known,
    add constraint role_grant_state_known check (state in ('proposed', 'approved', 'refused', 'withdrawn')),
    drop constraint role_grant_once_at_a_time,
    add constraint role_grant_once_at_a_time exclude using gist
      (person_id with =, role with =, daterange(valid_from, valid_to) with &&) where (agreement_id is null and state in ('proposed', 'approved'));
  create or replace function role_grant_in_own_name() returns trigger language plpgsql as $$
  begin
    if current_user <> 'hotspots_app' then return new; end if;
    if tg_op = 'INSERT' and is_person(new.granted_by) and coalesce(is_person(new.delegated_from), true) and new.approved_by is null then return new; end if;
    if tg_op = 'UPDATE' and new.approved_by is not distinct from old.approved_by
      and (new.state = old.state or (old.state in ('proposed', 'approved') and new.state = 'withdrawn')) then return new; end if;
    if tg_op = 'UPDATE' and old.state = 'proposed' and new.state in ('approved', 'refused') and is_person(new.approved_by) then return new; end if;
    raise exception 'A role is proposed and decided once, in one''s own name.' using errcode = 'check_violation', constraint = 'role_grant_in_own_name';
  end $$`;
