import type { Knex } from 'knex';

/** A page for partners: their accounts read its released versions behind the sign-in, and nobody without one does. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    alter table publication drop constraint publication_kind_known;
    alter table publication add constraint publication_kind_known check (kind in ('grants', 'spending', 'public page', 'partners page'));
    drop policy publication_read on publication;
    create policy publication_read on publication for select to hotspots_app using (
      sees_council('') or ((kind <> 'partners page' or nullif(current_setting('app.person', true), '') is not null) and exists (select from publication_release r where r.publication_id = id)))`);
}
