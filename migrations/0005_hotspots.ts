import type { Knex } from 'knex';

/** Analysis runs, the hot cells they found, and the hotspots people agreed from them. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table analysis_run (
      id uuid primary key,
      parameters jsonb not null,
      method_version text not null,
      data_vintage jsonb not null,
      hash text not null,
      figures jsonb not null,
      created_by uuid,
      created_at timestamptz not null default now()
    );
    create index analysis_run_hash on analysis_run (hash);
    create table hot_cell (
      run_id uuid not null references analysis_run on delete cascade,
      rank integer not null,
      cell text collate "C" not null,
      council_code text not null,
      ward_code text,
      place_name text not null default '',
      n integer not null,
      area_km2 double precision not null,
      rate double precision not null,
      rate_low double precision not null,
      rate_high double precision not null,
      smoothed_rate double precision not null,
      z double precision not null,
      p double precision not null,
      false_discovery boolean not null,
      neighbour_only boolean not null,
      candidate boolean not null,
      primary key (run_id, cell)
    );
    create table hotspot (
      id uuid primary key,
      name text not null,
      council_code text not null,
      ward_code text,
      reason text not null,
      run_id uuid references analysis_run,
      state text not null default 'live' constraint hotspot_state_known check (state in ('proposed', 'live', 'paused', 'retired')),
      live_from date not null,
      live_to date,
      replaced_by uuid references hotspot,
      outline geometry(MultiPolygon, 4326) not null,
      outline_27700 geometry(MultiPolygon, 27700) not null,
      adopted_by uuid,
      adopted_at timestamptz not null default now(),
      constraint hotspot_dates_in_order check (live_to is null or live_to > live_from),
      constraint hotspot_name_once_at_a_time exclude using gist (council_code with =, name with =, daterange(live_from, live_to) with &&)
    );
    create index hotspot_outline on hotspot using gist (outline);
    -- Counts before adoption, frozen: a later re-import never changes what a hotspot was chosen on.
    create table hotspot_baseline (
      hotspot_id uuid not null references hotspot,
      month date not null,
      source_code text not null,
      n integer not null,
      primary key (hotspot_id, month, source_code)
    );
    create trigger hotspot_baseline_append_only before update or delete or truncate on hotspot_baseline
      for each statement execute function refuse_change()`);
}
