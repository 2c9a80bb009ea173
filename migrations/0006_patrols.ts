import type { Knex } from 'knex';

/** Wardens by reference, visits planned and delivered (kept apart), and what was done on them. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table warden (
      id uuid primary key,
      council_code text not null references organisation (council_code),
      reference text not null,
      staff_category text not null constraint warden_staff_category_known check (staff_category in
        ('warden', 'pcso', 'police_officer', 'special', 'other')),
      employed_from date not null,
      -- The first day no longer employed; null while no end is set.
      employed_to date,
      contract_minutes_per_week integer not null constraint warden_contract_not_negative check (contract_minutes_per_week >= 0),
      constraint warden_dates_in_order check (employed_to is null or employed_to > employed_from)
    );
    create unique index warden_reference_once on warden (council_code, lower(reference));
    create table action_kind (
      code text primary key,
      name text not null,
      position integer not null,
      -- Needs a police officer; pcso_may widens it to police community support officers.
      police_only boolean not null,
      pcso_may boolean not null default false,
      -- Counted in the total of enforcement actions; ASB powers are a part of it.
      enforcement boolean not null,
      asb_power boolean not null,
      -- Offered first where a visit is entered.
      common boolean not null default false,
      describes text not null default '',
      valid_from date not null,
      valid_to date,
      constraint action_kind_powers_are_enforcement check (enforcement or not asb_power),
      constraint action_kind_pcso_only_where_police_only check (police_only or not pcso_may),
      constraint action_kind_dates_in_order check (valid_to is null or valid_to > valid_from)
    );
    create table patrol_start (
      council_code text primary key references organisation (council_code),
      started_on date not null
    );
    create table visit (
      id uuid primary key,
      hotspot_id uuid not null references hotspot,
      council_code text not null references organisation (council_code),
      started_at timestamptz not null,
      ended_at timestamptz not null,
      staff_category text not null constraint visit_staff_category_known check (staff_category in
        ('warden', 'pcso', 'police_officer', 'special', 'other')),
      persons integer not null constraint visit_persons_1_to_20 check (persons between 1 and 20),
      on_foot boolean not null default true,
      extended boolean not null default false,
      joint_with_police boolean not null default false,
      recorded_how text not null constraint visit_recorded_how_known check (recorded_how in ('gps', 'gpx', 'nfc', 'qr', 'self_report')),
      patrol_reference text not null,
      note text not null default '',
      recorded_by uuid,
      recorded_at timestamptz not null default now(),
      -- A visit belongs to the local day it starts on, and lasts whole minutes of real time.
      visited_on date not null generated always as ((started_at at time zone 'Europe/London')::date) stored,
      minutes integer not null generated always as (floor(extract(epoch from (ended_at - started_at)) / 60)::integer) stored,
      person_minutes integer not null generated always as (floor(extract(epoch from (ended_at - started_at)) / 60)::integer * persons) stored,
      evidence_class text not null generated always as
        (case recorded_how when 'gps' then 'A' when 'gpx' then 'A' when 'nfc' then 'B' when 'qr' then 'C' else 'D' end) stored,
      constraint visit_times_in_order check (ended_at > started_at),
      constraint visit_under_a_day check (ended_at - started_at <= interval '24 hours'),
      -- A patrol is one crew's outing: the crew is in one hotspot at a time. Police and wardens out together are two rows of one patrol.
      constraint visit_one_place_a_patrol exclude using gist
        (council_code with =, patrol_reference with =, staff_category with =, tstzrange(started_at, ended_at) with &&)
    );
    create index visit_hotspot_day on visit (hotspot_id, visited_on);
    create index visit_council_day on visit (council_code, visited_on);
    create table visit_warden (
      visit_id uuid not null references visit on delete cascade,
      warden_id uuid not null references warden,
      during tstzrange not null,
      primary key (visit_id, warden_id),
      constraint visit_warden_one_place_at_a_time exclude using gist (warden_id with =, during with &&)
    );
    create table visit_action (
      visit_id uuid not null references visit on delete cascade,
      action_code text not null references action_kind,
      n integer not null constraint visit_action_positive check (n > 0),
      primary key (visit_id, action_code)
    );
    create function visit_action_powers() returns trigger language plpgsql as $$
    begin
      if exists (
        select from visit join action_kind on action_kind.code = new.action_code
        where visit.id = new.visit_id and action_kind.police_only and not visit.joint_with_police
          and visit.staff_category not in ('police_officer', 'special') and not (action_kind.pcso_may and visit.staff_category = 'pcso')
      ) then
        raise exception 'Only the police may do %.', new.action_code using errcode = 'check_violation', constraint = 'visit_action_needs_police';
      end if;
      return new;
    end $$;
    create trigger visit_action_needs_police before insert or update on visit_action
      for each row execute function visit_action_powers();
    create table planned_hours (
      hotspot_id uuid not null references hotspot,
      council_code text not null references organisation (council_code),
      -- Constrained to an agreement once there are agreements.
      agreement_id uuid,
      allocation_id uuid,
      week date not null constraint planned_hours_week_is_monday check (extract(isodow from week) = 1),
      band_day smallint not null constraint planned_hours_day_1_to_7 check (band_day between 1 and 7),
      band smallint not null constraint planned_hours_band_0_to_5 check (band between 0 and 5),
      visits integer not null constraint planned_hours_visits_not_negative check (visits >= 0),
      -- Minutes inside the hotspot times persons: what delivered person-minutes are compared with.
      person_minutes integer not null constraint planned_hours_minutes_not_negative check (person_minutes >= 0),
      -- The same with travel and writing up: what the rota has to give.
      paid_minutes integer not null default 0 constraint planned_hours_paid_not_negative check (paid_minutes >= 0),
      cost_pence bigint not null constraint planned_hours_cost_not_negative check (cost_pence >= 0),
      primary key (hotspot_id, week, band_day, band)
    );
    create index planned_hours_week on planned_hours (week, council_code)`);
  await db.raw(actionKinds);
  await db.raw(`update action_kind set common = true where code in
    ('informal_warning', 'community_protection_warning', 'fixed_penalty_litter', 'alcohol_seized', 'intelligence_report', 'public_engagement', 'premises_visit')`);
  await db.raw(`
    insert into setting (name, value, unit, describes, source, valid_from) values
      ('qualifying_visit_minutes', '15', 'minutes', 'Shortest visit counted as a visit long enough to matter',
       'Koper 1995: least disorder after stays of 10 to 16 minutes; published pilots count patrols of 15 minutes or more', '2020-01-01')`);
}

// Kinds that pilot areas publish. Which of them are "enforcement" and which are powers of the Anti-social Behaviour, Crime and Policing Act 2014
// is stated in each row, because two published totals on different definitions cannot be one series.
const actionKinds = `
  insert into action_kind (code, name, position, police_only, pcso_may, enforcement, asb_power, describes, valid_from) values
    ('arrest', 'Arrests', 1, true, false, true, false, 'Police power', '2023-07-01'),
    ('stop_and_search', 'Stop and searches', 2, true, false, true, false, 'Police power', '2023-07-01'),
    ('informal_warning', 'Informal warnings', 3, false, false, false, false, 'A word of warning, nothing served', '2023-07-01'),
    ('community_protection_warning', 'Community protection warnings', 4, false, false, true, true, '2014 Act, section 43(5)', '2023-07-01'),
    ('community_protection_notice', 'Community protection notices', 5, false, false, true, true, '2014 Act, section 43', '2023-07-01'),
    ('pspo_enforcement', 'Public spaces protection order enforcement', 6, false, false, true, true, '2014 Act, section 63 or 67, other than a fixed penalty notice', '2023-07-01'),
    ('fixed_penalty_pspo', 'Fixed penalty notices: public spaces protection order', 7, false, false, true, true, '2014 Act, section 68', '2023-07-01'),
    ('fixed_penalty_cpn', 'Fixed penalty notices: community protection notice', 8, false, false, true, true, '2014 Act, section 52', '2023-07-01'),
    ('fixed_penalty_litter', 'Fixed penalty notices: litter', 9, false, false, true, false, 'Environmental Protection Act 1990, section 88', '2023-07-01'),
    ('fixed_penalty_other', 'Fixed penalty notices: other', 10, false, false, true, false, 'Any other fixed penalty notice', '2023-07-01'),
    ('dispersal', 'Dispersal directions', 11, true, true, true, true, '2014 Act, sections 34 and 35: police and designated support officers', '2023-07-01'),
    ('acceptable_behaviour_contract', 'Acceptable behaviour contracts', 12, false, false, false, false, 'Voluntary agreement', '2023-07-01'),
    ('civil_injunction', 'Civil injunctions', 13, false, false, true, true, '2014 Act, section 1', '2023-07-01'),
    ('criminal_behaviour_order', 'Criminal behaviour orders', 14, false, false, true, true, '2014 Act, section 22', '2023-07-01'),
    ('closure_notice', 'Closure notices', 15, false, false, true, true, '2014 Act, section 76', '2023-07-01'),
    ('closure_order', 'Closure orders', 16, false, false, true, true, '2014 Act, section 80', '2023-07-01'),
    ('weapons_seized', 'Weapons seized', 17, false, false, false, false, 'Items taken, not people dealt with', '2023-07-01'),
    ('vehicles_seized', 'Vehicles seized', 18, false, false, false, false, 'Items taken, not people dealt with', '2023-07-01'),
    ('drugs_seized', 'Drugs seizures', 19, false, false, false, false, 'Items taken, not people dealt with', '2023-07-01'),
    ('alcohol_seized', 'Alcohol seizures', 20, false, false, false, false, 'Items taken, not people dealt with', '2023-07-01'),
    ('intelligence_report', 'Intelligence reports', 21, false, false, false, false, 'Reports sent to the police', '2023-07-01'),
    ('public_engagement', 'Public engagements', 22, false, false, false, false, 'People spoken to', '2023-07-01'),
    ('premises_visit', 'Premises visits', 23, false, false, false, false, 'Shops, venues and homes called at', '2023-07-01'),
    ('safeguarding_referral', 'Safeguarding referrals', 24, false, false, false, false, 'Referrals made', '2023-07-01'),
    ('immediate_justice_referral', 'Immediate Justice referrals', 25, false, false, false, false, 'Where the scheme runs', '2023-07-01')`;
