import type { Knex } from 'knex';

/** Boundaries with dates, the points incidents happen at, and what is known of the people who live around them. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- Who published what is known of places, under which licence, and the words to show beside any figure made from it.
    create table place_source (
      name text primary key,
      publisher text not null,
      licence text not null,
      attribution text not null
    );
    create table boundary (
      id integer generated always as identity primary key,
      kind text not null constraint boundary_kind_known check (kind in ('council', 'ward', 'lsoa', 'force')),
      code text not null,
      name text not null,
      council_code text,
      valid_from date not null,
      valid_to date,
      source text not null references place_source,
      schematic boolean not null default false,
      geom geometry(MultiPolygon, 4326) not null,
      geom_27700 geometry(MultiPolygon, 27700) not null,
      constraint boundary_dates_in_order check (valid_to is null or valid_to > valid_from),
      constraint boundary_one_a_day exclude using gist (kind with =, code with =, daterange(valid_from, valid_to) with &&) deferrable
    );
    create index boundary_geom on boundary using gist (geom);
    create index boundary_geom_27700 on boundary using gist (geom_27700);

    -- A point on the ground, rounded to whole OSGB metres, once however many incidents were recorded at it.
    -- A point beyond the National Grid's reach (another country's data, for trying things out) has no easting and northing.
    create table location (
      id integer generated always as identity primary key,
      easting integer,
      northing integer,
      lng double precision not null,
      lat double precision not null,
      cell8 text collate "C" not null,
      cell9 text collate "C" not null,
      cell10 text collate "C" not null,
      geom geometry(Point, 4326) not null generated always as (st_setsrid(st_makepoint(lng, lat), 4326)) stored,
      geom_27700 geometry(Point, 27700) generated always as (st_setsrid(st_makepoint(easting, northing), 27700)) stored,
      constraint location_grid_whole check ((easting is null) = (northing is null)),
      constraint location_once unique (easting, northing)
    );
    create unique index location_beyond_grid_once on location (lng, lat) where easting is null;
    create index location_geom on location using gist (geom);
    create index location_geom_27700 on location using gist (geom_27700);
    create index location_cell9 on location (cell9);

    -- Which boundaries a location lies in, every version of them; the date picks one. Where two of a kind touch, the lower code has the edge.
    -- Rows are only ever made from the two tables joined; a foreign key looked up row by row would take longer than finding them.
    create table location_boundary (
      location_id integer not null,
      boundary_id integer not null,
      primary key (location_id, boundary_id)
    );
    create index location_boundary_boundary on location_boundary (boundary_id);
    create function forget_places() returns trigger language plpgsql as $$
    begin
      if tg_table_name = 'boundary' then delete from location_boundary using gone where boundary_id = gone.id;
      else delete from location_boundary using gone where location_id = gone.id;
      end if;
      return null;
    end $$;
    create trigger boundary_forgotten after delete on boundary referencing old table as gone for each statement execute function forget_places();
    create trigger location_forgotten after delete on location referencing old table as gone for each statement execute function forget_places();

    create table population (
      area_kind text not null,
      area_code text not null,
      year integer not null,
      age_from integer not null,
      age_to integer,
      persons integer not null constraint population_not_negative check (persons >= 0),
      source text not null references place_source,
      primary key (area_kind, area_code, year, source, age_from)
    );
    create table deprivation (
      lsoa_code text not null,
      index_year integer not null,
      measure text not null,
      score double precision,
      rank integer,
      decile integer constraint deprivation_decile_1_to_10 check (decile between 1 and 10),
      source text not null references place_source,
      primary key (lsoa_code, index_year, measure)
    );
    -- Which area of one kind and year belongs to which of another (LSOA 2011 to 2021, LSOA to ward), or what class it is in (rural or urban).
    create table area_lookup (
      from_kind text not null,
      from_code text not null,
      to_kind text not null,
      to_code text not null,
      to_name text not null default '',
      change text,
      source text not null references place_source,
      primary key (from_kind, to_kind, from_code, to_code)
    )`);
}
