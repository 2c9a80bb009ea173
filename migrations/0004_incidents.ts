import type { Knex } from 'knex';

/** Incidents by month, where each row came from, and the counts the map is drawn from. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table source (
      code text primary key,
      name text not null,
      publisher text not null,
      licence text not null,
      attribution text not null,
      time_precision text not null constraint source_time_precision_known check (time_precision in ('minute', 'day', 'month')),
      location_precision text not null constraint source_location_precision_known check (location_precision in ('exact', 'snapped', 'area')),
      demonstration boolean not null default false
    );
    create table category (
      code text primary key,
      name text not null,
      asb boolean not null
    );
    create table column_mapping (
      name text primary key,
      source_code text not null references source,
      mapping jsonb not null,
      updated_at timestamptz not null default now()
    );
    create table import_run (
      id uuid primary key,
      started_at timestamptz not null default now(),
      finished_at timestamptz,
      by_person uuid,
      label text not null default '',
      figures jsonb,
      problem jsonb
    );
    create table import_file (
      id bigint generated always as identity primary key,
      run_id uuid not null references import_run on delete cascade,
      name text not null,
      kind text not null,
      sha256 text not null,
      state text not null constraint import_file_state_known check (state in ('imported', 'refused', 'left out')),
      figures jsonb not null
    );
    create index import_file_run on import_file (run_id);
    -- Why a file was refused: where the value stands, the rule it breaks and what to do about it. At most a thousand a file are kept.
    create table import_fault (
      id bigint generated always as identity primary key,
      file_id bigint not null references import_file on delete cascade,
      row_number integer,
      column_name text,
      value text,
      rule text not null,
      cure text not null
    );
    create index import_fault_file on import_fault (file_id);
    create table incident (
      id bigint generated always as identity,
      month date not null,
      source_code text not null,
      category_code text not null,
      location_id integer,
      occurred_from timestamptz,
      occurred_to timestamptz,
      reference text,
      place_name text not null default '',
      lsoa_code text,
      import_id uuid not null,
      constraint incident_month_is_first_day check (extract(day from month) = 1),
      constraint incident_times_in_order check (occurred_to is null or occurred_to >= occurred_from),
      primary key (month, id)
    ) partition by range (month);
    create index incident_location on incident (location_id);
    -- What foreign keys would say of source and category, looked at once a statement: row by row they took four times as long as the rows
    -- themselves. That every location is there is seen when the month is counted: an incident at none would be missing from the counts.
    create function incident_refers_to_known() returns trigger language plpgsql as $$
    declare
      wrong record;
    begin
      select source.code as source, category.code as category into wrong
      from (select distinct source_code, category_code from added) as named
      left join source on source.code = source_code
      left join category on category.code = category_code
      where source.code is null or category.code is null
      limit 1;
      if not found then return null; end if;
      if wrong.source is null then
        raise exception 'An incident names a source that is not there.' using errcode = 'foreign_key_violation', constraint = 'incident_source_known';
      end if;
      raise exception 'An incident names a category that is not there.' using errcode = 'foreign_key_violation', constraint = 'incident_category_known';
    end $$;
    create trigger incident_added after insert on incident referencing new table as added for each statement execute function incident_refers_to_known();
    create trigger incident_changed after update on incident referencing new table as added for each statement execute function incident_refers_to_known();
    create function incident_still_refers() returns trigger language plpgsql as $$
    begin
      if tg_table_name = 'category' then
        if exists (select from incident join gone on gone.code = category_code) then
          raise exception 'Incidents still name the category.' using errcode = 'foreign_key_violation', constraint = 'incident_category_known';
        end if;
      elsif exists (select from incident join gone on gone.id = location_id) then
        raise exception 'Incidents still stand at the location.' using errcode = 'foreign_key_violation', constraint = 'incident_location_known';
      end if;
      return null;
    end $$;
    create trigger category_kept after delete on category referencing old table as gone for each statement execute function incident_still_refers();
    create trigger location_kept after delete on location referencing old table as gone for each statement execute function incident_still_refers();

    -- One row a source and month that has been imported: what it holds and which import put it there.
    create table source_month (
      source_code text not null references source,
      month date not null,
      rows integer not null,
      import_id uuid not null,
      imported_at timestamptz not null default now(),
      times_replaced integer not null default 0,
      -- Set when council boundaries change under the month; its counts are then made again.
      recount_due boolean not null default false,
      primary key (source_code, month)
    );
    create function make_counts_due() returns trigger language plpgsql as $$
    begin
      if coalesce(new.kind, old.kind) = 'council' then update source_month set recount_due = true where not recount_due; end if;
      return null;
    end $$;
    create trigger boundary_makes_counts_due after insert or update or delete on boundary for each row execute function make_counts_due();

    -- Counts for maps and analyses. Every resolution holds every row, so the sum at any one of them is the rows imported:
    -- cell is '' for rows without a place (at all three resolutions), council_code is '' outside the councils of the grant.
    -- The council is the one whose boundary was in force on the first day of the month.
    create table incident_count (
      source_code text not null,
      month date not null,
      category_code text not null,
      resolution smallint not null,
      cell text collate "C" not null,
      council_code text not null,
      n integer not null constraint incident_count_positive check (n > 0)
    );
    -- Made whole, month by month, by one grouping: a key over six columns would only say again, at the price of the rows themselves, that groups differ.
    create index incident_count_month on incident_count (resolution, month);
    -- Attached, not made in place: making one in place waits for every reader and writer of all other months.
    create function make_incident_partition(first_day date) returns void language plpgsql security definer set search_path = public as $$
    declare
      name text := 'incident_' || to_char(first_day, 'YYYY_MM');
      next_month date := (first_day + interval '1 month')::date;
    begin
      if to_regclass(name) is not null then return; end if;
      perform pg_advisory_xact_lock(hashtext(name));
      if to_regclass(name) is not null then return; end if;
      execute format('create table %I (like incident including defaults including constraints including indexes)', name);
      execute format('alter table %I add constraint in_month check (month >= %L and month < %L)', name, first_day, next_month);
      execute format('alter table incident attach partition %I for values from (%L) to (%L)', name, first_day, next_month);
      execute format('alter table %I drop constraint in_month', name);
    end $$;
    -- The planner's statistics after an import: the embedded database has nobody who gathers them, a server would take a minute.
    create function freshen_statistics(months date[]) returns void language plpgsql security definer set search_path = public as $$
    declare
      partition text;
    begin
      analyze location, location_boundary, boundary, incident_count, source_month;
      for partition in select distinct 'incident_' || to_char(month, 'YYYY_MM') from unnest(months) as month loop
        if to_regclass(partition) is not null then execute format('analyze %I', partition); end if;
      end loop;
    end $$`);
}
