import type { Knex } from 'knex';

/**
 * Forecasts and what they stand on: what was known of staff and starts at any moment, the plan of posts, causes of underspend in people's words,
 * runs with their inputs, alerts, ratings with their overrides, and the councils' own quarterly forecasts. All but alerts only grow.
 */
export async function up(db: Knex): Promise<void> {
  for (const part of [known, entered, runs, alerts]) await db.raw(part);
  const ofAgreement = 'exists (select from agreement a where a.id = agreement_id)';
  for (const table of ['staff_plan', 'underspend_cause', 'council_forecast', 'forecast_run', 'rating_override']) await fence(db, table, ofAgreement);
  await fence(db, 'forecast_alert', `case when agreement_id is null then sees_council('') else ${ofAgreement} end`);
  for (const table of ['staffing_known', 'patrol_start_known']) await fence(db, table, 'sees_council(council_code)');
  for (const table of ['staff_plan', 'underspend_cause', 'council_forecast', 'forecast_run', 'rating_override', 'staffing_known', 'patrol_start_known']) {
    await db.raw(`create trigger ${table}_append_only before update or delete or truncate on ${table} for each statement execute function refuse_change()`);
  }
  await db.raw(rights);
  await db.raw(settings);
}

// Wardens and starts are changed in place, so what was known of them at a moment is kept beside them.
const known = `
  create table staffing_known (
    id bigint generated always as identity primary key,
    recorded_at timestamptz not null default now(),
    warden_id uuid not null,
    council_code text not null,
    staff_category text not null,
    employed_from date not null,
    employed_to date,
    contract_minutes_per_week integer not null,
    -- True when the warden was taken out of the list.
    removed boolean not null default false
  );
  create index staffing_known_council on staffing_known (council_code, warden_id, recorded_at desc, id desc);
  create table patrol_start_known (
    id bigint generated always as identity primary key,
    recorded_at timestamptz not null default now(),
    council_code text not null,
    -- Null when a start was taken back.
    started_on date
  );
  create index patrol_start_known_council on patrol_start_known (council_code, recorded_at desc, id desc);
  insert into staffing_known (recorded_at, warden_id, council_code, staff_category, employed_from, employed_to, contract_minutes_per_week)
    select coalesce((select min(e.happened_at) from audit_event e where e.subject_kind = 'warden' and e.subject_id = w.id::text), now()),
      w.id, w.council_code, w.staff_category, w.employed_from, w.employed_to, w.contract_minutes_per_week from warden w;
  insert into patrol_start_known (recorded_at, council_code, started_on)
    select coalesce((select max(e.happened_at) from audit_event e where e.subject_kind = 'patrolStart' and e.subject_id = s.council_code), now()), s.council_code, s.started_on from patrol_start s;
  create function keep_staffing_known() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    w warden := case when tg_op = 'DELETE' then old else new end;
  begin
    insert into staffing_known (warden_id, council_code, staff_category, employed_from, employed_to, contract_minutes_per_week, removed)
      values (w.id, w.council_code, w.staff_category, w.employed_from, w.employed_to, w.contract_minutes_per_week, tg_op = 'DELETE');
    return null;
  end $$;
  create trigger warden_is_known after insert or update or delete on warden for each row execute function keep_staffing_known();
  create function keep_patrol_start_known() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if tg_op = 'DELETE' then insert into patrol_start_known (council_code) values (old.council_code);
    else insert into patrol_start_known (council_code, started_on) values (new.council_code, new.started_on); end if;
    return null;
  end $$;
  create trigger patrol_start_is_known after insert or update or delete on patrol_start for each row execute function keep_patrol_start_known();
`;

const entered = `
  create table staff_plan (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    -- The day patrols were to begin, the posts the agreement pays for, and a week of one post.
    starts_on date not null,
    posts integer not null constraint staff_plan_posts_0_to_200 check (posts between 0 and 200),
    contract_minutes_per_week integer not null constraint staff_plan_week_up_to_48_hours check (contract_minutes_per_week between 1 and 2880),
    -- When empty posts are expected to be filled; null where nobody says.
    filled_on date,
    reason text not null constraint staff_plan_reason_given check (length(btrim(reason)) > 0),
    made_by uuid,
    recorded_at timestamptz not null default now()
  );
  create index staff_plan_agreement on staff_plan (agreement_id, recorded_at desc);
  create table underspend_cause (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    cause text not null constraint underspend_cause_known check (cause in ('vacancy', 'vetting', 'abstraction', 'late start', 'weather', 'other')),
    from_on date not null,
    to_on date not null,
    -- 0 takes back the cause it stands for.
    amount_pence bigint not null constraint underspend_cause_not_below_zero check (amount_pence >= 0),
    reason text not null constraint underspend_cause_reason_given check (length(btrim(reason)) > 0),
    -- The earlier entry this one stands in the place of.
    replaces uuid constraint underspend_cause_replaced_once unique,
    made_by uuid,
    recorded_at timestamptz not null default now(),
    constraint underspend_cause_dates_in_order check (to_on >= from_on),
    constraint underspend_cause_of_agreement unique (agreement_id, id),
    constraint underspend_cause_replaces_same_agreement foreign key (agreement_id, replaces) references underspend_cause (agreement_id, id)
  );
  create index underspend_cause_agreement on underspend_cause (agreement_id, recorded_at);
  create table council_forecast (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    -- The last day of the quarter it reports.
    quarter_ends_on date not null,
    version integer not null constraint council_forecast_version_from_1 check (version >= 1),
    actual_pence bigint not null constraint council_forecast_actual_not_below_zero check (actual_pence >= 0),
    outturn_pence bigint not null,
    signed_by text not null constraint council_forecast_signed check (length(btrim(signed_by)) > 0),
    received_on date not null,
    reason text not null default '',
    made_by uuid,
    recorded_at timestamptz not null default now(),
    constraint council_forecast_version_once unique (agreement_id, quarter_ends_on, version),
    constraint council_forecast_outturn_holds_actual check (outturn_pence >= actual_pence)
  );
  create table rating_override (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    -- Null ends the override: the computed rating stands again.
    rating text constraint rating_override_known check (rating in ('red', 'amber', 'green')),
    -- What the rule said when it was overridden.
    computed text not null,
    -- The last day it stands.
    until_on date not null,
    reason text not null constraint rating_override_reason_given check (length(btrim(reason)) > 0),
    made_by uuid,
    recorded_at timestamptz not null default now()
  );
  create index rating_override_agreement on rating_override (agreement_id, recorded_at desc);
`;

const runs = `
  create table forecast_run (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    -- The day it was made as known at, and by which knowledge: what was recorded by then, or what had happened by then.
    known_on date not null,
    knowledge text not null constraint forecast_run_knowledge_known check (knowledge in ('recorded', 'happened')),
    low_pence bigint not null,
    central_pence bigint not null,
    high_pence bigint not null,
    ceiling_pence bigint not null,
    inputs jsonb not null,
    result jsonb not null,
    -- Of the canonical JSON of the inputs: the same inputs give the same forecast.
    sha256 text not null constraint forecast_run_sha256_is_hex check (sha256 ~ '^[0-9a-f]{64}$'),
    made_by uuid,
    made_at timestamptz not null default now(),
    constraint forecast_run_once unique (agreement_id, known_on, knowledge, sha256),
    constraint forecast_run_in_order check (low_pence <= central_pence and central_pence <= high_pence)
  );
  create index forecast_run_agreement on forecast_run (agreement_id, known_on desc, made_at desc);
`;

const alerts = `
  create table forecast_alert (
    id uuid primary key,
    fund_id uuid not null references fund,
    -- Null for the fund as a whole.
    agreement_id uuid references agreement,
    raised_on date not null,
    raised_at timestamptz not null default now(),
    ceiling_pence bigint not null,
    outturn_pence bigint not null,
    underspend_pence bigint not null,
    threshold_share numeric(5, 4) not null,
    -- Set when the forecast came back within the threshold: the next crossing is another alert.
    ended_on date,
    acknowledged_by uuid,
    acknowledged_at timestamptz,
    acknowledged_reason text,
    constraint forecast_alert_acknowledged_with_reason check ((acknowledged_by is null) = (acknowledged_reason is null) and (acknowledged_reason is null or length(btrim(acknowledged_reason)) > 0))
  );
  create unique index forecast_alert_once_a_crossing on forecast_alert (fund_id, coalesce(agreement_id, '00000000-0000-0000-0000-000000000000'::uuid)) where ended_on is null;
  -- Raised once, acknowledged once by who is signed in, ended once; nothing else of it changes.
  create function keep_forecast_alert() returns trigger language plpgsql as $$
  declare
    person uuid := case when current_setting('role') = 'hotspots_app' then nullif(current_setting('app.person', true), '')::uuid end;
  begin
    if old.acknowledged_by is not null and new.acknowledged_by is distinct from old.acknowledged_by then
      raise exception 'The alert was acknowledged already.' using errcode = 'restrict_violation', constraint = 'forecast_alert_acknowledged_once';
    end if;
    if old.acknowledged_by is null and new.acknowledged_by is not null then
      old.acknowledged_by := coalesce(person, new.acknowledged_by);
      old.acknowledged_reason := new.acknowledged_reason;
      old.acknowledged_at := clock_timestamp();
    end if;
    old.ended_on := coalesce(old.ended_on, new.ended_on);
    return old;
  end $$;
  create trigger forecast_alert_kept before update on forecast_alert for each row execute function keep_forecast_alert();
  create trigger forecast_alert_append_only before delete or truncate on forecast_alert for each statement execute function refuse_change();
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
  grant insert on staff_plan, underspend_cause, council_forecast, forecast_run, rating_override, forecast_alert to hotspots_app, hotspots_service;
  grant update (acknowledged_by, acknowledged_reason, ended_on) on forecast_alert to hotspots_app, hotspots_service;
`;

// Every number a forecast assumes, with where it comes from: changed on the settings page, never in code.
const pilotStarts = 'Pilot 2023/24: patrols began one, one, three and five months after the nominal July (published starts: August, August, October, December)';
const settings = `
  insert into setting (name, value, unit, describes, source, valid_from) values
    ('underspend_alert_share', '0.05', 'share', 'An alert is raised when the forecast underspend passes this share of the ceiling', 'Office default; grant agreements ask for notice as soon as an underspend is forecast', '2020-01-01'),
    ('rating_amber_share', '0.05', 'share', 'Amber: forecast underspend, or spending past the ceiling, over this share of the ceiling', 'Office rule, the same as the alert', '2020-01-01'),
    ('rating_red_share', '0.15', 'share', 'Red: the same over this share', 'Office rule; replace with the office’s own appetite for risk', '2020-01-01'),
    ('forecast_run_rate_weeks', '8', 'weeks', 'Full weeks whose delivered hours the run rate is taken from', 'Planning assumption: two months, so that one week of leave or storm does not decide', '2020-01-01'),
    ('forecast_least_weeks', '4', 'weeks', 'Full weeks of patrols before their run rate replaces the agreed productive ratio', 'Planning assumption', '2020-01-01'),
    ('forecast_spread_share', '0.10', 'share', 'How far low and high lie from central where no weeks show it', 'Planning assumption', '2020-01-01'),
    ('forecast_recruit_weeks_central', '13', 'weeks', 'From a vacancy to a warden on patrol: central', 'Planning assumption: advert, notice, vetting, training; replace with the council’s own time to hire', '2020-01-01'),
    ('forecast_recruit_weeks_high', '6', 'weeks', 'From a vacancy to a warden on patrol: at best', 'Planning assumption; replace with the council’s own time to hire', '2020-01-01'),
    ('forecast_start_slip_weeks_low', '22', 'weeks', 'How late a start nobody has dated may come: at worst', '${pilotStarts}: five months', '2020-01-01'),
    ('forecast_start_slip_weeks_central', '9', 'weeks', 'How late a start nobody has dated comes: central', '${pilotStarts}: the median, two months', '2020-01-01'),
    ('forecast_start_slip_weeks_high', '4', 'weeks', 'How late a start nobody has dated comes: at best', '${pilotStarts}: one month', '2020-01-01'),
    ('forecast_contract_hours', '37', 'hours', 'A week of a post of which nothing is known', 'National joint council for local government services (Green Book): standard week', '2020-01-01'),
    ('forecast_variance_share', '0.10', 'share', 'A council’s forecast that differs from ours by more than this needs a reason', 'Office rule: differences over 10 % warn and need a reason', '2020-01-01'),
    ('forecast_return_due_days', '30', 'days', 'Days after a quarter ends by which a council’s actual and forecast is due', 'Cleveland’s Grant Budget Return for the half year to 30 September is due by 30 October', '2020-01-01'),
    ('first_page_quiet_days', '7', 'days', 'A council whose patrols have begun and that recorded no visit for longer is on the list of whom to chase', 'Office rule', '2020-01-01')`;
