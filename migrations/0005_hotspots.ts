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
      -- Different points on the ground with an incident: 1 may be a single address.
      points integer not null default 0,
      primary key (run_id, cell)
    );
    create index hot_cell_rank on hot_cell (run_id, rank);
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
      -- The hot cells the outline was merged from; empty when it was drawn another way.
      cells text[] not null default '{}',
      -- First day of the baseline's first and last month.
      baseline_from date,
      baseline_to date,
      adopted_by uuid,
      adopted_at timestamptz not null default now(),
      retired_by uuid,
      retired_at timestamptz,
      retired_reason text,
      constraint hotspot_outline_is_sound check (st_isvalid(outline) and not st_isempty(outline)),
      constraint hotspot_dates_in_order check (live_to is null or live_to > live_from),
      constraint hotspot_name_once_at_a_time exclude using gist (council_code with =, name with =, daterange(live_from, live_to) with &&)
    );
    create index hotspot_outline on hotspot using gist (outline);
    create index hotspot_outline_27700 on hotspot using gist (outline_27700);
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

  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

const streetFiles = 'Cleveland police.uk street files, 51,366 anti-social behaviour rows of 2023 to 2025';

/** Name, value, unit, what it is, and where it comes from. */
const settings: readonly [string, number | string, string, string, string][] = [
  ['analysis_window_months', 12, 'months', 'Months an analysis looks back over unless told', `${streetFiles}: every season once, and the top 20 cells fall back half as much a year later as with 3 months (17.3 % against 35.5 %)`],
  ['analysis_resolution', 9, 'H3 resolution', 'Size of the cells of an analysis unless told', `${streetFiles}: 28.5 % of occupied cells hold a single point at 9, 75.5 % at 10`],
  ['analysis_false_discovery_rate', 0.05, 'share', 'Share of false discoveries accepted among cells flagged as hot', 'Benjamini & Hochberg 1995'],
  ['analysis_minimum_incidents', 12, 'incidents a year', 'Incidents a year a candidate needs at least', 'Office policy: one a month'],
  ['hotspot_widest_metres', 400, 'metres', 'How far across a hotspot may be, so that one patrol covers it on foot', 'Office policy: the size of one cell of resolution 9'],
  ['hotspot_baseline_months', 12, 'months', 'Months before a hotspot goes live whose counts are frozen as its baseline', 'Office policy: every season once'],
  ['count_overdispersion', 2.03, 'ratio', 'How much more monthly counts of a cell vary than chance alone; widens intervals of a change', `${streetFiles}, resolution 9`],
  ['density_bandwidth_metres', 250, 'metres', 'Bandwidth of the density surface unless told', `${streetFiles}: automatic bandwidths give 1,000 to 6,000 m for hotspots 150 to 400 m across`],
  ['density_bandwidth_least_metres', 150, 'metres', 'Narrowest bandwidth on snapped points', `${streetFiles}: the median gap between points is 76 m`],
  ['density_bandwidth_most_metres', 500, 'metres', 'Widest bandwidth', 'Office policy: twice the usual bandwidth'],
  ['density_square_metres', 50, 'metres', 'Side of the squares of the density surface', 'A fifth of the usual bandwidth'],
  ['map_most_shapes', 2000, 'shapes', 'Shapes a map view draws at most', 'What a telephone draws without a pause'],
  ['map_exact_share', 0.9, 'share', 'Share of points that must be exact before cells of resolution 10 are shown', `${streetFiles}: snapped points make single-point cells at 10`],
  ['map_class_breaks', '0;25;75;200;500', 'incidents per km² a year', 'Where the classes of the map start: one scale for all periods', `${streetFiles}: about the 30th, 60th, 83rd and 96th of 100 occupied cells of resolution 9`],
  ['place_names_general', 'Parking Area;Supermarket;Police Station;Petrol Station;Shopping Area;Hospital;Sports/Recreation Area;Park/Open Space;Nightclub;Pedestrian Subway;Further/Higher Educational Building;Theatre/Concert Hall;Conference/Exhibition Centre;Bus/Coach Station;Airport/Airfield;Race Track;Prison;Motorway Service Area', 'names', 'Place names that say what a place is and not where: never proposed as a hotspot’s name', 'Snap point types of data.police.uk'],
];
