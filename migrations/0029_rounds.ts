import type { Knex } from 'knex';

/**
 * Rounds: bases, road times, and for each shift the rounds that were drawn, with the visits left out. What the draw depends on is kept, but
 * for a secret that no role of the application can read: who knows everything else still cannot foretell a round.
 */
export async function up(db: Knex): Promise<void> {
  for (const part of [places, draws, secret]) await db.raw(part);
  for (const table of ['round_base', 'road_time', 'round_draw']) await fence(db, table, 'sees_council(council_code)');
  await fence(db, 'round', `sees_council(council_code) and (holds_more_than('warden') or own_round(id))`);
  for (const table of ['round_stop', 'round_warden']) await fence(db, table, 'exists (select from round r where r.id = round_id)');
  await fence(db, 'round_left_out', `exists (select from round_draw d where d.id = draw_id) and holds_more_than('warden')`);
  await db.raw(rights);
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

const places = `
  create table round_base (
    id uuid primary key,
    council_code text not null references organisation (council_code),
    name text not null constraint round_base_named check (length(btrim(name)) > 0),
    lng double precision not null,
    lat double precision not null,
    -- How crews get from stop to stop from here.
    travel text not null constraint round_base_travel_known check (travel in ('walk', 'vehicle')),
    valid_from date not null,
    -- The first day it is no longer used.
    valid_to date,
    made_by uuid,
    constraint round_base_in_britain check (lng between -9 and 2.5 and lat between 49 and 61.5),
    constraint round_base_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint round_base_name_once_a_day exclude using gist (council_code with =, name with =, daterange(valid_from, valid_to) with &&)
  );
  -- Minutes from hotspot or base to hotspot or base, from a road network; each load takes the place of the one before.
  create table road_time (
    council_code text not null references organisation (council_code),
    travel text not null constraint road_time_travel_known check (travel in ('walk', 'vehicle')),
    from_id uuid not null,
    to_id uuid not null,
    minutes real not null constraint road_time_minutes_0_to_600 check (minutes between 0 and 600),
    loaded_by uuid,
    loaded_at timestamptz not null default now(),
    primary key (council_code, travel, from_id, to_id)
  );
`;

const draws = `
  create table round_draw (
    id uuid primary key,
    council_code text not null references organisation (council_code),
    -- The published shift, the same in every version of its rota.
    shift_key uuid not null,
    shift_name text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    number integer not null,
    base_id uuid not null references round_base,
    reason text not null default '',
    nonce uuid not null constraint round_draw_nonce_once unique,
    inputs jsonb not null,
    -- Of their canonical JSON; and of the seed, which is not kept.
    inputs_sha256 text not null,
    plan_sha256 text not null,
    seed_sha256 text not null,
    -- Ways that no road time was known for, of all ways asked about.
    ways_estimated integer not null,
    ways integer not null,
    planned_by uuid,
    planned_at timestamptz not null default now(),
    withdrawn_at timestamptz,
    constraint round_draw_times_in_order check (ends_at > starts_at),
    constraint round_draw_number_once unique (shift_key, number),
    constraint round_draw_reason_given check (number = 1 or length(btrim(reason)) > 0)
  );
  create unique index round_draw_one_in_force on round_draw (shift_key) where withdrawn_at is null;
  create index round_draw_council on round_draw (council_code, starts_at);
  -- One leg of one crew, from base to base.
  create table round (
    id uuid primary key,
    draw_id uuid not null references round_draw,
    council_code text not null,
    crew smallint not null,
    leg smallint not null,
    leaves_at timestamptz not null,
    back_at timestamptz not null,
    -- How many different rounds it was drawn from, and its worth beside the best of them.
    among integer not null,
    share_of_best real not null,
    constraint round_once unique (draw_id, crew, leg)
  );
  create table round_warden (
    round_id uuid not null references round,
    warden_id uuid not null references warden,
    primary key (round_id, warden_id)
  );
  create index round_warden_of on round_warden (warden_id);
  create table round_stop (
    round_id uuid not null references round,
    position smallint not null,
    hotspot_id uuid not null references hotspot,
    -- The visit of the plan: the day and four hours it was planned in, and which of them.
    band_on date not null,
    band smallint not null,
    nth smallint not null,
    arrives_at timestamptz not null,
    leaves_at timestamptz not null,
    travel_minutes smallint not null,
    primary key (round_id, position)
  );
  create index round_stop_hotspot on round_stop (hotspot_id, arrives_at);
  create table round_left_out (
    draw_id uuid not null references round_draw,
    hotspot_id uuid not null references hotspot,
    band_on date not null,
    band smallint not null,
    nth smallint not null,
    why text not null,
    primary key (draw_id, hotspot_id, band_on, band, nth)
  );
  create function own_round(id uuid) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from round_warden w where w.round_id = own_round.id and own_warden(w.warden_id))
  $$;

  -- A round is withdrawn, never changed, and stays as it is once its shift has begun.
  create function keep_round_draw() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if old.starts_at <= clock_timestamp() then perform refuse_as('round_begun_stays', 'The shift has begun.'); end if;
    if old.withdrawn_at is not null then perform refuse_as('round_withdrawn_stays', 'It was withdrawn.'); end if;
    old.withdrawn_at := clock_timestamp();
    return old;
  end $$;
  create trigger round_draw_kept before update on round_draw for each row execute function keep_round_draw();
  create trigger round_draw_append_only before delete or truncate on round_draw for each statement execute function refuse_change();
  -- Its parts are written with it and never after.
  create function keep_round_part() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    planned timestamptz;
  begin
    if tg_table_name in ('round', 'round_left_out') then select planned_at into planned from round_draw where id = new.draw_id;
    else select d.planned_at into planned from round r join round_draw d on d.id = r.draw_id where r.id = new.round_id;
    end if;
    if planned is distinct from now() then perform refuse_as('round_parts_with_draw', 'The round is written already.'); end if;
    return new;
  end $$;
  ${['round', 'round_warden', 'round_stop', 'round_left_out'].map((table) => `
  create trigger ${table}_with_draw before insert on ${table} for each row execute function keep_round_part();
  create trigger ${table}_append_only before update or delete or truncate on ${table} for each statement execute function refuse_change();`).join('')}
`;

const secret = `
  -- 244 random bits, made here and read by nobody: no role is granted the table, and row-level security without a policy shows it to none.
  create table round_secret (id smallint primary key constraint round_secret_only_one check (id = 1), secret bytea not null);
  insert into round_secret values (1, decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));
  alter table round_secret enable row level security;
  revoke all on round_secret from public;
  -- HMAC-SHA-256 (RFC 2104) for a key of at most 64 bytes.
  create function round_hmac(key bytea, message bytea) returns bytea language plpgsql immutable strict as $$
  declare
    inner_pad bytea := decode(repeat('36', 64), 'hex');
    outer_pad bytea := decode(repeat('5c', 64), 'hex');
  begin
    for at in 0 .. length(key) - 1 loop
      inner_pad := set_byte(inner_pad, at, get_byte(inner_pad, at) # get_byte(key, at));
      outer_pad := set_byte(outer_pad, at, get_byte(outer_pad, at) # get_byte(key, at));
    end loop;
    return sha256(outer_pad || sha256(inner_pad || message));
  end $$;
  -- The seed of a round: for a nonce that no round has yet, or for an auditor who repeats one.
  create function round_seed(council text, shift uuid, asked uuid) returns text language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if exists (select from round_draw where nonce = asked) and not holds_role('auditor') then
      perform refuse_as('round_seed_for_auditor', 'The seed of a round that was drawn is for the auditor.');
    end if;
    return encode(round_hmac((select secret from round_secret), convert_to(council || ' ' || shift || ' ' || asked, 'UTF8')), 'hex');
  end $$;
  revoke execute on function round_seed(text, uuid, uuid), round_hmac(bytea, bytea) from public;
  grant execute on function round_seed(text, uuid, uuid) to hotspots_app, hotspots_service;
`;

const rights = `
  grant insert, update (valid_to) on round_base to hotspots_app, hotspots_service;
  grant insert, delete on road_time to hotspots_app, hotspots_service;
  grant insert, update (withdrawn_at) on round_draw to hotspots_app, hotspots_service;
  grant insert on round, round_warden, round_stop, round_left_out to hotspots_app, hotspots_service;
`;

/** Name, value, unit, what it is, and where it comes from. */
const settings: readonly [string, number, string, string, string][] = [
  ['round_leg_minutes', 225, 'minutes', 'Longest leg of a round, from base to base', 'Two legs and a break fill a shift of eight hours'],
  ['round_plan_share', 0.9, 'share', 'Share of a leg that is planned; the rest is for what happens', 'Birmingham (Williams and Coupe 2017): 24 to 26 of 45 planned minutes were delivered'],
  ['round_stop_minutes', 15, 'minutes', 'Length of a stop', 'Koper 1995: least disorder after stays of 10 to 16 minutes'],
  ['round_apart_minutes', 60, 'minutes', 'Least time between two visits to one hotspot', 'Office policy: visits spread over the shift'],
  ['round_break_minutes', 30, 'minutes', 'Break between two legs', 'Working Time Regulations 1998, regulation 12: 20 minutes over six hours'],
  ['round_start_shift_minutes', 20, 'minutes', 'How far a leg may begin before or after its usual time', 'London bus stops (Ariel and Partridge): predictable visits moved victims’ crime up by 25 %'],
  ['round_near_best_share', 0.95, 'share', 'Rounds worth at least this share of the best are drawn from', 'London bus stops (Ariel and Partridge): predictable visits moved victims’ crime up by 25 %'],
  ['round_tries', 300, 'rounds', 'Rounds built by chance to draw from', 'A third of a second for the widest shifts'],
  ['round_unvisited_bonus', 0.5, 'share', 'How much more a visit is worth where nobody has been for longest', 'Perth (Barnes and others 2020): the effect holds four days and then turns'],
  ['round_walk_kmh', 4.8, 'km/h', 'Walking speed', 'Office policy: an unhurried pace'],
  ['round_vehicle_kmh', 20, 'km/h', 'Speed of a vehicle in towns', 'Office policy: town traffic with its stops'],
  ['round_detour', 1.3, 'ratio', 'How much longer a way is than the straight line', 'Office policy: ways in towns are about a third longer than the straight line'],
  ['round_vehicle_minutes', 2, 'minutes', 'Getting in, parking and getting out', 'Office policy'],
];

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}
