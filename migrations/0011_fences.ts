import type { Knex } from 'knex';

/**
 * The second fence: row-level security under the role a transaction takes, so that a query that forgets its `where` still
 * returns only what the person may see. hotspots_app: people. hotspots_service: long work, every council, no accounts.
 * hotspots_sign_in: accounts only. None of them owns a table.
 */
export async function up(db: Knex): Promise<void> {
  for (const role of ['hotspots_service', 'hotspots_sign_in']) {
    await db.raw(`
      do $$ begin
        if not exists (select from pg_roles where rolname = '${role}') then
          create role ${role} nologin;
        end if;
      exception when duplicate_object or unique_violation then null;
      end $$;
      do $$ begin execute format('grant ${role} to %I', current_user); end $$;
      grant usage on schema public to ${role}`);
  }
  // From here on every table says itself who may use it; a partition is reached through its parent alone.
  await db.raw(`
    alter default privileges in schema public revoke all on tables from hotspots_app;
    revoke all on all tables in schema public from hotspots_app;
    revoke execute on function make_incident_partition(date) from public;
    grant execute on function make_incident_partition(date) to hotspots_service;

    create function sees_council(code text) returns boolean language sql stable as $$
      select coalesce(current_setting('app.councils', true), '') = '*' or code = any (string_to_array(current_setting('app.councils', true), ','))
    $$;
    create function sees_agreement(id uuid) returns boolean language sql stable as $$
      select coalesce(current_setting('app.agreements', true), '') = '*' or id::text = any (string_to_array(current_setting('app.agreements', true), ','))
    $$;
    -- Which run the names of places come from: an id alone, so that a council's people see their own cells of it.
    create function latest_analysis(wanted integer) returns uuid language sql stable security definer set search_path = public as $$
      select id from analysis_run where (parameters ->> 'resolution')::int = wanted order by created_at desc limit 1
    $$;
    create function holds_role(wanted text) returns boolean language sql stable as $$
      select wanted = any (string_to_array(current_setting('app.roles', true), ','))
    $$;
    create function is_person(id uuid) returns boolean language sql stable as $$
      select id::text = current_setting('app.person', true)
    $$`);
  for (const [table, seen] of Object.entries(fenced)) await fence(db, table, seen);
  for (const table of open) await db.raw(`grant select, insert, update, delete on ${table} to hotspots_app, hotspots_service`);
  for (const table of accounts) await db.raw(`grant select, insert, update, delete on ${table} to hotspots_sign_in`);
  await appendOnly(db);
}

/** Table -> which of its rows a person sees and may write. */
const fenced: Record<string, string> = {
  job: `sees_council(coalesce(council_code, '')) or is_person(created_by)`,
  boundary: `case kind when 'council' then sees_council(code) when 'force' then true else council_code is null or sees_council(council_code) end`,
  import_run: `sees_council('')`,
  import_file: `sees_council('')`,
  import_fault: `sees_council('')`,
  incident: `sees_council('') or exists (
    select from location_boundary lb join boundary b on b.id = lb.boundary_id
    where lb.location_id = incident.location_id and b.kind = 'council' and sees_council(b.code))`,
  incident_count: `sees_council(council_code)`,
  analysis_run: `sees_council('') or not exists (select from jsonb_array_elements_text(parameters -> 'councils') c where not sees_council(c))`,
  hot_cell: `sees_council(council_code)`,
  hotspot: `sees_council(council_code)`,
  hotspot_baseline: `exists (select from hotspot h where h.id = hotspot_id)`,
  warden: `sees_council(council_code)`,
  patrol_start: `sees_council(council_code)`,
  visit: `sees_council(council_code)`,
  visit_warden: `exists (select from visit v where v.id = visit_id)`,
  visit_action: `exists (select from visit v where v.id = visit_id)`,
  planned_hours: `exists (select from hotspot h where h.id = hotspot_id)`,
  agreement: `sees_council(council_code) and sees_agreement(id)`,
  agreement_rate: `exists (select from agreement a where a.id = agreement_id)`,
  commitment: `exists (select from agreement a where a.id = agreement_id)`,
  allocation_run: `sees_council('') or exists (select from allocation_plan p where p.run_id = allocation_run.id) or is_person(created_by)`,
  allocation_plan: `sees_council(council_code) and sees_agreement(agreement_id)`,
  monitoring_return: `true`,
  return_version: `sees_council('')`,
  organisation: `council_code is null or sees_council(council_code)`,
  person: `is_person(id) or holds_role('administrator') or holds_role('auditor') or organisation_id in (select p.organisation_id from person_organisation p)`,
  role_grant: `is_person(person_id) or is_person(granted_by) or holds_role('administrator') or holds_role('auditor')`,
  session: `sess ->> 'personId' = current_setting('app.person', true) or holds_role('administrator')`,
  invitation: `holds_role('administrator')`,
  recovery_code: `is_person(person_id)`,
};

/** Reference data and public statistics: nothing of one council or person alone. */
const open = [
  'setting', 'place_source', 'location', 'location_boundary', 'population', 'deprivation', 'area_lookup', 'source', 'category', 'column_mapping',
  'source_month', 'action_kind', 'bank_holiday', 'fund', 'return_definition', 'migration',
];

/** What signing in needs. */
const accounts = ['person', 'role_grant', 'organisation', 'session', 'invitation', 'recovery_code', 'sign_in_try'];

/** Long work has no business with accounts. */
const notForService = new Set(['person', 'role_grant', 'session', 'invitation', 'recovery_code']);

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  if (table === 'person') await colleagues(db);
  await db.raw(`alter table ${table} enable row level security`);
  await db.raw(`create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen})`);
  await db.raw(`grant select, insert, update, delete on ${table} to hotspots_app`);
  if (accounts.includes(table)) await db.raw(`create policy ${table}_sign_in on ${table} to hotspots_sign_in using (true) with check (true)`);
  if (notForService.has(table)) return;
  await db.raw(`create policy ${table}_service on ${table} to hotspots_service using (true) with check (true)`);
  await db.raw(`grant select, insert, update, delete on ${table} to hotspots_service`);
}

/** A person sees the colleagues of the own organisation; a view of the owner's, since a policy cannot ask its own table. */
async function colleagues(db: Knex): Promise<void> {
  await db.raw(`
    create view person_organisation as select organisation_id from person where id::text = current_setting('app.person', true);
    grant select on person_organisation to hotspots_app`);
}

/** Everybody writes events and nobody changes one; only those who check read the whole trail. */
async function appendOnly(db: Knex): Promise<void> {
  await db.raw(`
    alter table audit_event enable row level security;
    create policy audit_event_read on audit_event for select to hotspots_app
      using (holds_role('auditor') or holds_role('administrator') or is_person(person_id) or sees_council(coalesce(council_code, '')));
    create policy audit_event_write on audit_event for insert to hotspots_app, hotspots_service, hotspots_sign_in with check (true);
    grant select, insert on audit_event to hotspots_app;
    grant insert on audit_event to hotspots_service, hotspots_sign_in;
    grant select on audit_digest to hotspots_app;
    grant select on setting to hotspots_sign_in;
    -- Nobody reads a password's hash or a second factor but the identity that signs people in.
    revoke select, update on person from hotspots_app;
    grant select (id, organisation_id, name, email, demonstration, created_at, disabled_at, second_factor_confirmed_at, issuer) on person to hotspots_app;
    grant update (disabled_at) on person to hotspots_app;
    revoke update, delete on hotspot_baseline, commitment, return_version from hotspots_app, hotspots_service;
    grant usage, select on all sequences in schema public to hotspots_app, hotspots_service, hotspots_sign_in;
    alter default privileges in schema public grant usage, select on sequences to hotspots_service, hotspots_sign_in`);
}
