import type { Knex } from 'knex';

/** What was corrected or withdrawn of a recorded visit, kept with its reason; what a phone's fixes showed; and which police force a joint patrol was with. */
export async function up(db: Knex): Promise<void> {
  for (const part of [changes, fixes, forces]) await db.raw(part);
  await fence(db, 'visit_change', 'sees_council(council_code)');
  await fence(db, 'visit_fix', 'exists (select from visit v where v.id = visit_id)');
  await db.raw(rights);
}

const changes = `
  -- A withdrawn visit leaves the record; this row keeps it, and that a phone which sends it again does not bring it back.
  create table visit_change (
    visit_id uuid not null,
    number integer not null constraint visit_change_number_from_1 check (number > 0),
    council_code text not null references organisation (council_code),
    -- A visit, or a visit missed.
    subject text not null constraint visit_change_subject_known check (subject in ('visit', 'missed')),
    kind text not null constraint visit_change_kind_known check (kind in ('corrected', 'withdrawn')),
    before jsonb not null,
    after jsonb,
    reason text not null constraint visit_change_has_reason check (length(btrim(reason)) > 0),
    changed_by uuid,
    changed_at timestamptz not null default now(),
    primary key (visit_id, number),
    constraint visit_change_whole check ((kind = 'corrected') = (after is not null))
  );
  create index visit_change_day on visit_change (council_code, changed_at);
  create trigger visit_change_append_only before update or delete or truncate on visit_change for each statement execute function refuse_change();
`;

const fixes = `
  -- Where the phone was is never sent: only whether it was there, and how sure that is.
  create table visit_fix (
    visit_id uuid not null references visit on delete cascade,
    moment text not null constraint visit_fix_moment_known check (moment in ('arrived', 'left')),
    found text not null constraint visit_fix_found_known check (found in ('inside', 'near', 'outside', 'none')),
    accuracy_metres integer constraint visit_fix_accuracy_positive check (accuracy_metres >= 0),
    primary key (visit_id, moment),
    constraint visit_fix_accuracy_of_a_fix check ((found = 'none') = (accuracy_metres is null))
  );
`;

const forces = `
  alter table visit add column joint_force text constraint visit_joint_force_known references organisation (council_code),
    add constraint visit_joint_force_of_joint_patrol check (joint_force is null or joint_with_police);
  -- A council's people do not see the force's own rows; whom they patrol with they may name.
  create function police_forces() returns table (code text, name text) language sql stable security definer set search_path = public, pg_temp as $$
    select council_code, name from organisation where kind = 'police' order by name
  $$;
`;

const rights = `
  grant insert on visit_change to hotspots_app, hotspots_service;
  grant insert on visit_fix to hotspots_app, hotspots_service;
  grant delete on visit_fix to hotspots_app, hotspots_service;
  revoke execute on function police_forces from public;
  grant execute on function police_forces to hotspots_app, hotspots_service;
`;

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}
