import type { Knex } from 'knex';

/** Tables of figures that others published, as printed, with their source and what in them does not agree. Public already: nobody's alone. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table published_table (
      id uuid primary key,
      title text not null constraint published_table_title_given check (length(btrim(title)) > 0),
      source text not null constraint published_table_source_given check (length(btrim(source)) > 0),
      address text not null default '',
      -- Columns with their meaning, rows with their cells as printed, and how many comparisons were made.
      content jsonb not null,
      flags jsonb not null,
      disagreements integer not null,
      entered_by uuid,
      entered_at timestamptz not null default now()
    );
    create trigger published_table_append_only before update or delete or truncate on published_table for each statement execute function refuse_change();
    alter table published_table enable row level security;
    create policy published_table_fence on published_table to hotspots_app using (true) with check (true);
    create policy published_table_service on published_table to hotspots_service using (true) with check (true);
    revoke all on published_table from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select, insert on published_table to hotspots_app;
    grant select on published_table to hotspots_service`);
}
