import type { Knex } from 'knex';

/**
 * How a month's return goes out: asked for by one person, certified by another, sent, and what the funder answered. Steps only grow;
 * the state is what they add up to, kept beside them for the board.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table return_step (
      return_id uuid not null references monitoring_return,
      position integer not null,
      step text not null constraint return_step_known check (step in ('signOffAsked', 'signOffTakenBack', 'certified', 'sentBack', 'accepted', 'changesRequested')),
      version integer not null,
      taken_by uuid not null,
      taken_at timestamptz not null,
      reason text not null default '',
      -- Which parts the funder wants changed.
      sections text[] not null default '{}',
      -- Who asked for this sign-off, and who kept the version: neither certifies it.
      prepared_by uuid,
      kept_by uuid,
      -- The number of the last journal of every ledger when the return went out: made again from there, the money is the same.
      ledger_marks jsonb,
      primary key (return_id, position),
      constraint return_step_of_version foreign key (return_id, version) references return_version (return_id, version),
      constraint return_preparer_is_not_certifier check (step <> 'certified' or (prepared_by is not null and taken_by <> prepared_by and taken_by is distinct from kept_by)),
      constraint return_step_reason_given check (step not in ('sentBack', 'changesRequested', 'signOffTakenBack') or length(btrim(reason)) > 0)
    );
    create trigger return_step_append_only before update or delete or truncate on return_step for each statement execute function refuse_change();

    -- Takes the return's row, so that two steps at once stand one after the other.
    create function enter_return_step() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
    declare
      was text;
      latest return_step;
      sent integer;
    begin
      if current_setting('role') = 'hotspots_app' then new.taken_by := nullif(current_setting('app.person', true), '')::uuid; end if;
      select state into was from monitoring_return where id = new.return_id for update;
      select * into latest from return_step where return_id = new.return_id order by position desc limit 1;
      select max(version) into sent from return_step where return_id = new.return_id and step = 'certified';
      new.position := coalesce(latest.position, 0) + 1;
      if new.step = 'signOffAsked' then
        if was = 'awaiting sign-off' then perform refuse_as('return_step_in_order', 'The return waits for its sign-off already.'); end if;
        if new.version <= coalesce(sent, 0) then perform refuse_as('return_step_version_is_new', 'This version went out before.'); end if;
      elsif new.step in ('certified', 'sentBack', 'signOffTakenBack') then
        if was <> 'awaiting sign-off' or latest.version <> new.version then perform refuse_as('return_step_in_order', 'No sign-off of this version was asked for.'); end if;
      elsif was <> 'submitted' or latest.version <> new.version then perform refuse_as('return_step_in_order', 'This version is not with the funder.');
      end if;
      new.prepared_by := case when new.step = 'certified' then latest.taken_by end;
      new.kept_by := case when new.step = 'certified' then (select made_by from return_version where return_id = new.return_id and version = new.version) end;
      new.ledger_marks := case when new.step = 'certified' then (select coalesce(jsonb_object_agg(agreement_id, journals), '{}') from ledger) end;
      update monitoring_return set state = case new.step
        when 'signOffAsked' then 'awaiting sign-off' when 'certified' then 'submitted' when 'accepted' then 'accepted' when 'changesRequested' then 'changes requested' else 'in progress' end
        where id = new.return_id;
      return new;
    end $$;
    create trigger return_step_entered before insert on return_step for each row execute function enter_return_step();

    alter table return_step enable row level security;
    create policy return_step_fence on return_step to hotspots_app using (sees_council('')) with check (sees_council(''));
    create policy return_step_service on return_step to hotspots_service using (true) with check (true);
    revoke all on return_step from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select, insert on return_step to hotspots_app;
    grant select on return_step to hotspots_service;
    -- The state follows from the steps; nobody writes one.
    revoke update, delete on monitoring_return from hotspots_app, hotspots_service;
    revoke execute on function enter_return_step() from public`);
}
