import type { Knex } from 'knex';

/** Counts by point and month for surfaces that follow a slider, analyses by the calendar, and how sure a rank is. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    -- Incidents by point: the cost of a surface does not grow with the incidents. Points outside the councils have council_code ''.
    create table location_count (
      source_code text not null,
      month date not null,
      category_code text not null,
      location_id integer not null,
      council_code text not null,
      n integer not null constraint location_count_positive check (n > 0)
    );
    insert into location_count (source_code, month, category_code, location_id, council_code, n)
      with council as materialized (
        select boundary.id, boundary.code, valid_from, valid_to from boundary join organisation on organisation.council_code = boundary.code where boundary.kind = 'council'
      ), here as materialized (
        select source_code, month, category_code, location_id, count(*)::int as n from incident where location_id is not null group by 1, 2, 3, 4
      ), inside as materialized (
        select location_boundary.location_id, council.code, council.valid_from, council.valid_to from location_boundary join council on council.id = location_boundary.boundary_id
      )
      select here.source_code, here.month, here.category_code, here.location_id, coalesce(inside.code, ''), here.n
      from here left join inside on inside.location_id = here.location_id and daterange(inside.valid_from, inside.valid_to) @> here.month;
    create index location_count_month on location_count (month);

    alter table analysis_run add column scheduled_for date;
    -- Where a cell's rank lies in 90 of 100 worlds that its counts could have come from; null in runs made before.
    alter table hot_cell add column rank_low integer, add column rank_high integer;

    -- One row a month the calendar has asked to be analysed.
    create table scheduled_analysis (
      month date primary key constraint scheduled_analysis_month_is_first_day check (extract(day from month) = 1),
      job_id uuid not null,
      tries integer not null default 1,
      asked_at timestamptz not null default now()
    )`);
  await fence(db, 'location_count', 'sees_council(council_code)');
  await fence(db, 'scheduled_analysis', `sees_council('')`);
  // The planner's statistics of the new counts are gathered with those of the old.
  await db.raw(`
    create or replace function freshen_statistics(months date[]) returns void language plpgsql security definer set search_path = public as $$
    declare
      partition text;
    begin
      analyze location, location_boundary, boundary, incident_count, location_count, source_month;
      for partition in select distinct 'incident_' || to_char(month, 'YYYY_MM') from unnest(months) as month loop
        if to_regclass(partition) is not null then execute format('analyze %I', partition); end if;
      end loop;
    end $$`);
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    grant select, insert, update, delete on ${table} to hotspots_app, hotspots_service`);
}

/** Name, value, unit, what it is, and where it comes from. */
const settings: readonly [string, number | string, string, string, string][] = [
  ['analysis_schedule', 'monthly', 'monthly, quarterly or off', 'How often an analysis is made by itself, once the month’s data has come in', 'Office policy: the published files come monthly'],
  ['analysis_schedule_wait_days', 75, 'days', 'Days after a month’s end after which it is analysed even if a source that had the month before lacks it', 'data.police.uk publishes a month about two months after its end'],
  ['analysis_rank_draws', 200, 'draws', 'Draws behind the interval of a rank; 0 makes none', 'An interval of 90 % from 200 draws rests on ten at either end'],
  ['persistence_months', 12, 'months', 'Latest months that persistence is read from unless told; at least ten are needed', 'Every season once'],
  ['near_repeat_metres', '0;100;200;400', 'metres', 'Upper ends of the bands of distance of the near-repeat test; 0 is the same place', 'Johnson et al. 2007 use bands of 100 m'],
  ['near_repeat_days', '7;14;28', 'days', 'Upper ends of the bands of days of the near-repeat test', 'Johnson et al. 2007 use bands of 14 days; one of a week first'],
  ['near_repeat_most', 4000, 'incidents', 'Incidents a near-repeat test takes at most', 'Pairs grow with the square of the incidents'],
  ['near_repeat_permutations', 199, 'deals', 'How often dates are dealt out anew in the near-repeat test', 'The least p is 1 in 200'],
];
