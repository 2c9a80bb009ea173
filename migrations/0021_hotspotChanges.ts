import type { Knex } from 'knex';

/** How the agreed set changes: outlines with the days they hold, pauses, what took a hotspot's place, and refreshes with what was decided. */
export async function up(db: Knex): Promise<void> {
  await db.raw(outlines);
  await db.raw(states);
  await db.raw(refreshes);
  await fence(db, 'hotspot_outline', ofHotspot);
  await fence(db, 'hotspot_outline_baseline', 'exists (select from hotspot_outline o where o.id = outline_id)');
  await fence(db, 'hotspot_pause', ofHotspot);
  await fence(db, 'hotspot_succession', ofHotspot);
  await fence(db, 'hotspot_refresh', `sees_council('') or not exists (select from unnest(councils) c where not sees_council(c))`);
  await fence(db, 'hotspot_refresh_decision', 'sees_council(council_code)');
  await db.raw(rights);
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

const ofHotspot = 'exists (select from hotspot h where h.id = hotspot_id)';

const outlines = `
  -- The name is wanted for the table.
  alter index hotspot_outline rename to hotspot_latest_outline;
  create table hotspot_outline (
    id uuid primary key default gen_random_uuid(),
    hotspot_id uuid not null references hotspot,
    -- The first outline stands for the days before it too: those of the months its baseline is made of.
    first boolean not null,
    valid_from date not null,
    valid_to date,
    days daterange generated always as (daterange(case when first then null else valid_from end, valid_to)) stored,
    outline geometry(MultiPolygon, 4326) not null,
    outline_27700 geometry(MultiPolygon, 27700) not null,
    cells text[] not null default '{}',
    reason text not null,
    changed_by uuid,
    changed_at timestamptz not null default now(),
    -- First day of the first and last month of the baseline of an outline that was moved; the first outline's is the hotspot's.
    baseline_from date,
    baseline_to date,
    constraint hotspot_outline_shape_is_sound check (st_isvalid(outline) and not st_isempty(outline)),
    constraint hotspot_outline_days_in_order check (valid_to is null or valid_to > valid_from),
    constraint hotspot_outline_one_a_day exclude using gist (hotspot_id with =, days with &&)
  );
  create index hotspot_outline_ground on hotspot_outline using gist (outline_27700);
  create table hotspot_outline_baseline (
    outline_id uuid not null references hotspot_outline,
    month date not null,
    source_code text not null,
    n integer not null,
    frozen_at timestamptz not null default now(),
    primary key (outline_id, month, source_code)
  );
  create trigger hotspot_outline_baseline_append_only before update or delete or truncate on hotspot_outline_baseline
    for each statement execute function refuse_change();
  create trigger hotspot_outline_append_only before delete or truncate on hotspot_outline for each statement execute function refuse_change();

  insert into hotspot_outline (hotspot_id, first, valid_from, outline, outline_27700, cells, reason, changed_by, changed_at)
    select id, true, live_from, outline, outline_27700, cells, reason, adopted_by, adopted_at from hotspot;

  create function keep_first_outline() returns trigger language plpgsql as $$
  begin
    insert into hotspot_outline (hotspot_id, first, valid_from, outline, outline_27700, cells, reason, changed_by, changed_at)
      values (new.id, true, new.live_from, new.outline, new.outline_27700, new.cells, new.reason, new.adopted_by, new.adopted_at);
    return null;
  end $$;
  create trigger hotspot_first_outline after insert on hotspot for each row execute function keep_first_outline();
  -- hotspot.outline is the latest one: what plans are made with.
  create function follow_outline() returns trigger language plpgsql as $$
  begin
    update hotspot set outline = new.outline, outline_27700 = new.outline_27700, cells = new.cells where id = new.hotspot_id;
    return null;
  end $$;
  create trigger hotspot_outline_followed after insert on hotspot_outline for each row when (not new.first) execute function follow_outline();
  create function keep_outline() returns trigger language plpgsql as $$
  begin
    if tg_table_name = 'hotspot' then
      if pg_trigger_depth() < 2 then
        raise exception 'An outline is changed by moving the hotspot.' using errcode = 'restrict_violation', constraint = 'hotspot_outline_changes_by_move';
      end if;
      return new;
    end if;
    if old.valid_to is not null or (new.hotspot_id, new.first, new.valid_from, new.cells, new.reason) is distinct from (old.hotspot_id, old.first, old.valid_from, old.cells, old.reason)
      or not st_equals(new.outline, old.outline) then
      raise exception 'An outline that held is never changed.' using errcode = 'restrict_violation', constraint = 'hotspot_outline_append_only';
    end if;
    return new;
  end $$;
  create trigger hotspot_outline_kept before update on hotspot_outline for each row execute function keep_outline();
  create trigger hotspot_outline_guarded before update of outline, outline_27700 on hotspot for each row
    when (old.outline is distinct from new.outline) execute function keep_outline();
`;

const states = `
  create table hotspot_pause (
    id uuid primary key default gen_random_uuid(),
    hotspot_id uuid not null references hotspot,
    paused_from date not null,
    paused_to date,
    reason text not null,
    paused_by uuid,
    paused_at timestamptz not null default now(),
    resumed_reason text,
    resumed_by uuid,
    resumed_at timestamptz,
    constraint hotspot_pause_days_in_order check (paused_to is null or paused_to > paused_from),
    constraint hotspot_pause_one_at_a_time exclude using gist (hotspot_id with =, daterange(paused_from, paused_to) with &&)
  );
  create trigger hotspot_pause_append_only before delete or truncate on hotspot_pause for each statement execute function refuse_change();
  create table hotspot_succession (
    hotspot_id uuid not null references hotspot,
    successor_id uuid not null references hotspot,
    kind text not null constraint hotspot_succession_kind_known check (kind in ('replaced', 'split', 'merged')),
    effective_on date not null,
    primary key (hotspot_id, successor_id),
    constraint hotspot_succession_not_itself check (hotspot_id <> successor_id)
  );
  create trigger hotspot_succession_append_only before update or delete or truncate on hotspot_succession for each statement execute function refuse_change();
  insert into hotspot_succession select id, replaced_by, 'replaced', live_to from hotspot where replaced_by is not null and live_to is not null;
`;

const refreshes = `
  create table hotspot_refresh (
    id uuid primary key,
    run_id uuid not null references analysis_run,
    previous_run_id uuid references analysis_run,
    councils text[] not null,
    effective_on date not null,
    figures jsonb not null,
    decided_by uuid,
    decided_at timestamptz not null default now()
  );
  create table hotspot_refresh_decision (
    refresh_id uuid not null references hotspot_refresh,
    number integer not null,
    council_code text not null,
    found text not null constraint hotspot_refresh_found_known check (found in ('kept', 'shifted', 'dropped', 'new')),
    hotspot_id uuid references hotspot,
    -- The strongest cell of the candidate.
    cell text,
    name text not null,
    why text not null,
    decision text not null constraint hotspot_refresh_decision_known check (decision in ('keep', 'retire', 'adopt', 'replace', 'leave')),
    reason text not null,
    primary key (refresh_id, number)
  );
  create trigger hotspot_refresh_append_only before update or delete or truncate on hotspot_refresh for each statement execute function refuse_change();
  create trigger hotspot_refresh_decision_append_only before update or delete or truncate on hotspot_refresh_decision for each statement execute function refuse_change();
`;

const rights = `
  grant insert (id, hotspot_id, first, valid_from, outline, outline_27700, cells, reason, changed_by, changed_at, baseline_from, baseline_to), update (valid_to) on hotspot_outline to hotspots_app, hotspots_service;
  grant insert on hotspot_outline_baseline to hotspots_app, hotspots_service;
  grant insert, update (paused_to, resumed_reason, resumed_by, resumed_at) on hotspot_pause to hotspots_app, hotspots_service;
  grant insert on hotspot_succession to hotspots_app, hotspots_service;
  grant insert on hotspot_refresh to hotspots_app, hotspots_service;
  grant insert on hotspot_refresh_decision to hotspots_app, hotspots_service;
`;

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}

/** Name, value, unit, what it is, and where it comes from. */
const settings: readonly [string, number | string, string, string, string][] = [
  ['facility_names', 'Supermarket;Police Station;Hospital;Petrol Station;Shopping Area;Nightclub;Bus/Coach Station;Further/Higher Educational Building;Theatre/Concert Hall;Conference/Exhibition Centre;Airport/Airfield;Race Track;Prison;Sports/Recreation Area;Motorway Service Area', 'names', 'Place names that stand for a facility: a candidate whose incidents are mostly recorded at them is tagged with it', 'Snap point types of data.police.uk that name a building or an enterprise; there is no layer of points of interest here'],
  ['facility_share', 0.5, 'share', 'Share of a candidate’s incidents at facilities, or at one point, from which it is tagged with that', 'Office policy: more than half'],
  ['trial_draws', 399, 'draws', 'How often the months of a trial are drawn again for its intervals', 'Efron & Tibshirani 1993: a few hundred are enough for 95 % intervals'],
];
