import type { Knex } from 'knex';

/** Requests counted by person and by network; and a role's grant that is never rewritten, nor approved by who proposed or would hold it. */
export async function up(db: Knex): Promise<void> {
  // Unlogged: lost in a crash it costs a minute's count, kept it would cost a write to the log for every request.
  // Fenced with no policy and no grant: only the service itself reaches it.
  await db.raw(`
    create unlogged table request_count (
      key text primary key,
      window_started_at timestamptz not null,
      requests integer not null
    ) with (fillfactor = 50);
    alter table request_count enable row level security;
    revoke all on request_count from hotspots_app, hotspots_service, hotspots_sign_in;
    insert into setting (name, value, unit, describes, source, valid_from) values
      ('requests_per_minute_person', '600', 'requests a minute', 'Requests of one person before they must wait', 'Ten a second: four times what the busiest screen asks for when its map is dragged', '2020-01-01'),
      ('requests_per_minute_address', '3000', 'requests a minute', 'Requests from one network address before it must wait', 'Five busy people at once behind the one address a council shares', '2020-01-01')`);
  await db.raw(`
    alter table role_grant add constraint role_grant_holder_is_not_approver check (state <> 'approved' or approved_by is null or approved_by <> person_id);
    revoke update, delete, truncate on role_grant from hotspots_app;
    grant update (state, approved_by, valid_to) on role_grant to hotspots_app;
    revoke insert, update, delete, truncate on role_grant from hotspots_sign_in;
    -- Who proposes, lends and decides is who asks: code that hands over another's id is refused, and so is a second decision.
    create function role_grant_in_own_name() returns trigger language plpgsql as $$
    begin
      if current_user <> 'hotspots_app' then return new; end if;
      if tg_op = 'INSERT' and is_person(new.granted_by) and coalesce(is_person(new.delegated_from), true) and new.approved_by is null then return new; end if;
      if tg_op = 'UPDATE' and new.state = old.state and new.approved_by is not distinct from old.approved_by then return new; end if;
      if tg_op = 'UPDATE' and old.state = 'proposed' and new.state <> 'proposed' and is_person(new.approved_by) then return new; end if;
      raise exception 'A role is proposed and decided once, in one''s own name.' using errcode = 'check_violation', constraint = 'role_grant_in_own_name';
    end $$;
    create trigger role_grant_in_own_name before insert or update on role_grant for each row execute function role_grant_in_own_name()`);
}
