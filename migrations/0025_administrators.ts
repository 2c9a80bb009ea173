import type { Knex } from 'knex';

/**
 * Administrators see people and nothing else: of the audit trail what happened to people and accounts, no money, no council's data.
 * And an account whose second factor was taken off is entered again by a new one-time link, never by a password alone.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create function holds_more_than(lesser text) returns boolean language sql stable as $$
      select exists (select from unnest(string_to_array(current_setting('app.roles', true), ',')) held where held not in (lesser, 'public', ''))
    $$;
    drop policy audit_event_read on audit_event;
    create policy audit_event_read on audit_event for select to hotspots_app using (
      holds_role('auditor') or is_person(person_id)
      or (holds_role('administrator') and subject_kind in ('person', 'people', 'account', 'issuer', 'audit'))
      or (holds_more_than('administrator') and sees_council(coalesce(council_code, ''))));
    -- An administrator's own scope holds no council; whom somebody works for is still asked for.
    create policy organisation_administrator on organisation for select to hotspots_app using (holds_role('administrator'));

    create or replace function take_off_second_factor() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      update person set password_hash = null, second_factor = null, second_factor_confirmed_at = null, second_factor_last_step = 0 where id = new.person_id;
      delete from recovery_code where person_id = new.person_id;
      delete from session where sess ->> 'personId' = new.person_id::text;
      return null;
    end $$`);
}
