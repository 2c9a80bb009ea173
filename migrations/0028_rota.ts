import type { Knex } from 'knex';

/**
 * Rotas: shifts a council works, a draft that is edited, and versions that are published and never changed. What wardens ask for, who was
 * told, and the calendar addresses that can be taken back.
 */
export async function up(db: Knex): Promise<void> {
  for (const part of [drafts, versions, asked]) await db.raw(part);
  for (const table of ['shift_type', 'rota', 'rota_version', 'rota_shift']) await fence(db, table, 'sees_council(council_code)');
  const ofRota = `exists (select from rota r where r.id = rota_id) and holds_more_than('warden')`;
  for (const table of ['rota_cell', 'rota_exception', 'rota_run']) await fence(db, table, ofRota);
  await fence(db, 'rota_shift_warden', 'exists (select from rota_shift s where s.id = shift_id) and sees_warden(warden_id)');
  await fence(db, 'rota_told', 'exists (select from rota_version v where v.id = version_id) and sees_warden(warden_id)');
  for (const table of ['rota_request', 'rota_calendar']) await fence(db, table, 'sees_council(council_code) and sees_warden(warden_id)');
  await db.raw(rights);
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

const drafts = `
  create table shift_type (
    id uuid primary key,
    council_code text not null references organisation (council_code),
    code text not null constraint shift_type_code_plain check (code ~ '^[a-z0-9-]{1,12}$'),
    name text not null,
    -- Minutes of the day on the local clock; an end at or before the start is on the next day.
    start_minute smallint not null constraint shift_type_starts_in_day check (start_minute between 0 and 1439),
    end_minute smallint not null constraint shift_type_ends_in_day check (end_minute between 0 and 1439),
    -- Crews wanted from Monday to Sunday; a day that wants none has no such shift. On a bank holiday those given for it, else the day's own.
    crews smallint[] not null constraint shift_type_crews_of_seven_days check (cardinality(crews) = 7 and 0 <= all (crews) and 20 >= all (crews)),
    bank_holiday_crews smallint constraint shift_type_bank_holiday_crews check (bank_holiday_crews between 0 and 20),
    crew_size smallint not null default 2 constraint shift_type_crew_1_to_6 check (crew_size between 1 and 6),
    break_minutes smallint not null default 30 constraint shift_type_break_0_to_120 check (break_minutes between 0 and 120),
    valid_from date not null,
    valid_to date,
    constraint shift_type_lasts check (start_minute <> end_minute),
    constraint shift_type_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint shift_type_one_a_day exclude using gist (council_code with =, code with =, daterange(valid_from, valid_to) with &&)
  );
  create table rota (
    id uuid primary key,
    council_code text not null references organisation (council_code),
    starts_on date not null,
    -- Included.
    ends_on date not null,
    seed text not null,
    -- Counts the changes of the draft: who edits says which one was seen.
    draft_number integer not null default 0,
    draft_from text not null default 'hand' constraint rota_draft_from_known check (draft_from in ('greedy', 'solver', 'hand', 'published')),
    job_id uuid,
    created_by uuid,
    created_at timestamptz not null default now(),
    constraint rota_dates_in_order check (ends_on >= starts_on),
    constraint rota_at_most_ten_weeks check (ends_on - starts_on < 70),
    constraint rota_of_council unique (id, council_code),
    constraint rota_one_a_day exclude using gist (council_code with =, daterange(starts_on, ends_on, '[]') with &&)
  );
  create table rota_cell (
    rota_id uuid not null references rota on delete cascade,
    day date not null,
    shift_code text not null,
    warden_id uuid not null references warden,
    primary key (rota_id, day, shift_code, warden_id)
  );
  -- A breach that a lead lets stand, and why; it is reported wherever the rota is.
  create table rota_exception (
    rota_id uuid not null references rota on delete cascade,
    breach text not null,
    reason text not null constraint rota_exception_reason_given check (length(btrim(reason)) > 0),
    made_by uuid,
    made_at timestamptz not null default now(),
    primary key (rota_id, breach)
  );
  -- Rosters that were worked out, kept and compared.
  create table rota_run (
    id uuid primary key,
    rota_id uuid not null references rota on delete cascade,
    method text not null,
    seed text not null,
    input_sha256 text not null,
    cost double precision not null,
    bound double precision,
    roster jsonb not null,
    -- True when it became the draft.
    used boolean not null,
    made_at timestamptz not null default clock_timestamp()
  );
  create index rota_run_rota on rota_run (rota_id, made_at);
`;

const versions = `
  create table rota_version (
    id uuid primary key,
    rota_id uuid not null,
    council_code text not null,
    number integer not null,
    note text not null default '',
    cost double precision not null,
    bound double precision,
    input_sha256 text not null,
    -- Every breach with its regulation, and the reason it stands.
    breaches jsonb not null,
    content_sha256 text not null,
    published_by uuid,
    published_at timestamptz not null default now(),
    constraint rota_version_number_once unique (rota_id, number),
    constraint rota_version_same_council foreign key (rota_id, council_code) references rota (id, council_code)
  );
  create table rota_shift (
    id uuid primary key default gen_random_uuid(),
    version_id uuid not null references rota_version,
    rota_id uuid not null references rota,
    council_code text not null,
    -- The same in every version: what a round or a calendar entry hangs on.
    shift_key uuid not null,
    day date not null,
    shift_code text not null,
    shift_name text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    minutes integer not null generated always as ((extract(epoch from (ends_at - starts_at)) / 60)::integer) stored,
    -- Persons wanted, and of how many a crew is.
    cover_wanted smallint not null,
    crew_size smallint not null,
    constraint rota_shift_once_a_version unique (version_id, day, shift_code),
    constraint rota_shift_times_in_order check (ends_at > starts_at)
  );
  create index rota_shift_council_day on rota_shift (council_code, day);
  create index rota_shift_key_of on rota_shift (shift_key);
  create table rota_shift_warden (
    shift_id uuid not null references rota_shift,
    warden_id uuid not null references warden,
    primary key (shift_id, warden_id)
  );
  create index rota_shift_warden_of on rota_shift_warden (warden_id);
  create view rota_shift_in_force with (security_invoker = true) as
    select s.shift_key as id, s.id as shift_id, s.rota_id, s.version_id, v.number as version, s.council_code, s.day, s.shift_code, s.shift_name, s.starts_at, s.ends_at, s.minutes, s.cover_wanted, s.crew_size,
      coalesce((select array_agg(w.warden_id order by w.warden_id) from rota_shift_warden w where w.shift_id = s.id), '{}') as wardens
    from rota_shift s join rota_version v on v.id = s.version_id
    where v.number = (select max(latest.number) from rota_version latest where latest.rota_id = s.rota_id);
  create table rota_told (
    version_id uuid not null references rota_version,
    warden_id uuid not null references warden,
    how text not null constraint rota_told_how_known check (how in ('service', 'calendar', 'in_person', 'telephone', 'print')),
    told_by uuid,
    told_at timestamptz not null default clock_timestamp(),
    primary key (version_id, warden_id, how)
  );
  create trigger rota_version_append_only before update or delete or truncate on rota_version for each statement execute function refuse_change();
  create trigger rota_shift_append_only before update or delete or truncate on rota_shift for each statement execute function refuse_change();
  create trigger rota_shift_warden_append_only before update or delete or truncate on rota_shift_warden for each statement execute function refuse_change();
  create trigger rota_told_append_only before update or delete or truncate on rota_told for each statement execute function refuse_change();
`;

const asked = `
  create table rota_request (
    id uuid primary key,
    rota_id uuid not null references rota,
    council_code text not null references organisation (council_code),
    warden_id uuid not null references warden,
    kind text not null constraint rota_request_kind_known check (kind in ('cover', 'swap')),
    shift_key uuid not null,
    -- The shift wanted in return.
    return_shift_key uuid,
    reason text not null constraint rota_request_reason_given check (length(btrim(reason)) > 0),
    state text not null default 'asked' constraint rota_request_state_known check (state in ('asked', 'granted', 'refused', 'withdrawn')),
    asked_by uuid not null,
    asked_at timestamptz not null default now(),
    taken_by uuid references warden,
    decided_by uuid,
    decided_at timestamptz,
    decided_why text,
    version_id uuid references rota_version,
    constraint rota_request_swap_names_return check ((kind = 'swap') = (return_shift_key is not null)),
    constraint rota_request_decided_whole check ((state in ('granted', 'refused')) = (decided_by is not null)),
    constraint rota_request_granted_has_version check ((state = 'granted') = (version_id is not null)),
    constraint rota_request_preparer_is_not_approver check (decided_by <> asked_by)
  );
  create unique index rota_request_one_at_a_time on rota_request (shift_key, warden_id) where state = 'asked';

  -- Who asks and who decides is who is signed in, whatever is written; decided once.
  create function keep_rota_request() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    person uuid := case when current_setting('role') = 'hotspots_app' then nullif(current_setting('app.person', true), '')::uuid end;
  begin
    if tg_op = 'INSERT' then
      if new.state <> 'asked' then perform refuse_as('rota_request_starts_asked', 'A request is asked first.'); end if;
      new.asked_by := coalesce(person, new.asked_by);
      return new;
    end if;
    if old.state <> 'asked' or new.state = 'asked' then perform refuse_as('rota_request_once', 'A request is decided once.'); end if;
    old.state := new.state;
    if new.state <> 'withdrawn' then old.decided_by := coalesce(person, new.decided_by); end if;
    old.decided_at := clock_timestamp();
    old.decided_why := new.decided_why;
    old.taken_by := new.taken_by;
    old.version_id := new.version_id;
    return old;
  end $$;
  create trigger rota_request_kept before insert or update on rota_request for each row execute function keep_rota_request();
  create trigger rota_request_append_only before delete or truncate on rota_request for each statement execute function refuse_change();

  create table rota_calendar (
    id uuid primary key,
    warden_id uuid not null references warden on delete cascade,
    council_code text not null references organisation (council_code),
    -- Of the token in its address, which is shown once and kept by nobody here.
    token_sha256 text not null constraint rota_calendar_token_once unique,
    made_by uuid,
    made_at timestamptz not null default now(),
    revoked_at timestamptz
  );
  -- What a calendar is given: every published version of the warden's shifts, without a place. Nothing for an address taken back.
  create function calendar_shifts(token text) returns table (shift_key uuid, warden_id uuid, rota_id uuid, version integer, latest integer, published_at timestamptz, shift_name text, starts_at timestamptz, ends_at timestamptz)
    language sql stable security definer set search_path = public, pg_temp as $$
    select s.shift_key, c.warden_id, s.rota_id, v.number, (select max(l.number) from rota_version l where l.rota_id = s.rota_id), v.published_at, s.shift_name, s.starts_at, s.ends_at
    from rota_calendar c join rota_shift_warden w on w.warden_id = c.warden_id join rota_shift s on s.id = w.shift_id join rota_version v on v.id = s.version_id
    where c.token_sha256 = token and c.revoked_at is null order by s.starts_at, s.shift_key, v.number
  $$;
  create function calendar_lives(token text) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from rota_calendar where token_sha256 = token and revoked_at is null)
  $$;
  -- When each version of the rotas a calendar tells of was published.
  create function calendar_versions(token text) returns table (rota_id uuid, version integer, published_at timestamptz)
    language sql stable security definer set search_path = public, pg_temp as $$
    select v.rota_id, v.number, v.published_at from rota_calendar c join rota_version v on v.council_code = c.council_code
    where c.token_sha256 = token and c.revoked_at is null
  $$;
`;

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}

const rights = `
  grant insert, update, delete on shift_type, rota_cell, rota_exception to hotspots_app, hotspots_service;
  grant insert, delete, update (draft_number, draft_from, job_id) on rota to hotspots_app, hotspots_service;
  grant insert on rota_run, rota_version, rota_shift, rota_shift_warden, rota_told to hotspots_app, hotspots_service;
  grant insert, update (state, decided_by, decided_why, taken_by, version_id) on rota_request to hotspots_app, hotspots_service;
  grant insert, update (revoked_at) on rota_calendar to hotspots_app, hotspots_service;
  grant select on rota_shift_in_force to hotspots_app, hotspots_service;
`;

/** Name, value, unit, what it is, and where it comes from. */
const settings: readonly [string, number, string, string, string][] = [
  ['rota_days', 28, 'days', 'How long a new rota is, where no last day is given', 'Office policy: four weeks are planned together'],
  ['rota_usual_shift_minutes', 480, 'minutes', 'What counts as one shift of contract', 'Five shifts or 40 hours in seven days: eight hours a shift'],
  ['rota_weight_under_cover', 100, 'points a crew', 'What each crew short of the cover wanted counts against a rota', 'Rota model: cover before everything that is not law'],
  ['rota_weight_no_accredited', 40, 'points a crew', 'What a crew without an accredited person counts', 'Rota model: somebody of each crew can use the powers'],
  ['rota_weight_third_weekend', 10, 'points a weekend', 'What a third worked weekend of four counts', 'Rota model: two weekends of four off'],
  ['rota_weight_short_of_contract', 5, 'points a shift', 'What a shift short of contract counts', 'Rota model: contracts are worked'],
  ['rota_weight_over_contract', 10, 'points a shift', 'What a shift above contract counts', 'Rota model: contracts are kept'],
  ['rota_weight_isolated_day', 3, 'points a day', 'What a single worked day between days off counts', 'Rota model: days off come together'],
  ['rota_weight_undesired', 2, 'points a shift', 'What a shift against a wish counts', 'Rota model: wishes count where cover allows'],
  ['rota_weight_desired_missed', 1, 'points a day', 'What a wished-for shift that is not given counts', 'Rota model: wishes count where cover allows'],
  ['rota_weight_should_not_together', 2, 'points a shift', 'What two wardens who should not work together on one shift count', 'Rota model: as much as a wish'],
  ['rota_weight_over_cover', 1, 'points a person', 'What each person above the cover wanted counts', 'Rota model: hours go where they are wanted'],
  ['rota_rest_minutes', 660, 'minutes', 'Least rest between two shifts', 'Working Time Regulations 1998, regulation 10(1): 11 hours in each 24'],
  ['rota_shifts_in_seven_days', 5, 'shifts', 'Most shifts in any seven days', 'Rota model: five shifts or 40 hours in seven days'],
  ['rota_minutes_in_seven_days', 2400, 'minutes', 'Most minutes in any seven days', 'Rota model: five shifts or 40 hours in seven days'],
  ['rota_shifts_above_contract', 2, 'shifts', 'Most shifts above contract in a rota', 'Rota model'],
  ['rota_average_minutes_per_week', 2880, 'minutes a week', 'Most working time a week on average, unless a warden opted out in writing', 'Working Time Regulations 1998, regulation 4(1): 48 hours'],
  ['rota_average_weeks', 17, 'weeks', 'Over how many weeks working time is averaged', 'Working Time Regulations 1998, regulation 4(3)'],
  ['rota_weekly_rest_minutes', 1440, 'minutes', 'Least rest without a break in each seven days', 'Working Time Regulations 1998, regulation 11(1)'],
  ['rota_fortnight_rest_minutes', 2880, 'minutes', 'Least rest in fourteen days, where seven have none', 'Working Time Regulations 1998, regulation 11(2)'],
  ['rota_night_minutes_per_day', 480, 'minutes', 'Most a night worker works in 24 hours on average', 'Working Time Regulations 1998, regulation 6(1)'],
  ['rota_break_after_minutes', 360, 'minutes', 'Working time after which a break is due', 'Working Time Regulations 1998, regulation 12(1)'],
  ['rota_break_minutes', 20, 'minutes', 'The break that is due then', 'Working Time Regulations 1998, regulation 12(3)'],
];
