import type { Knex } from 'knex';

/** Wardens by reference, visits planned and delivered (kept apart), and what was done on them. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table warden (
      id uuid primary key,
      council_code text not null,
      reference text not null,
      staff_category text not null constraint warden_staff_category_known check (staff_category in
        ('warden', 'pcso', 'police_officer', 'special', 'other')),
      employed_from date not null,
      employed_to date,
      contract_minutes_per_week integer not null constraint warden_contract_not_negative check (contract_minutes_per_week >= 0),
      constraint warden_reference_once unique (council_code, reference),
      constraint warden_dates_in_order check (employed_to is null or employed_to > employed_from)
    );
    create table action_kind (
      code text primary key,
      name text not null,
      position integer not null,
      police_only boolean not null,
      enforcement boolean not null,
      asb_power boolean not null,
      valid_from date not null,
      valid_to date
    );
    create table patrol_start (
      council_code text primary key,
      started_on date not null
    );
    create table visit (
      id uuid primary key,
      hotspot_id uuid not null references hotspot,
      council_code text not null,
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
      constraint visit_times_in_order check (ended_at > started_at),
      constraint visit_under_a_day check (ended_at - started_at <= interval '24 hours')
    );
    create index visit_hotspot_time on visit (hotspot_id, started_at);
    create table visit_warden (
      visit_id uuid not null references visit on delete cascade,
      warden_id uuid not null references warden,
      primary key (visit_id, warden_id)
    );
    create table visit_action (
      visit_id uuid not null references visit on delete cascade,
      action_code text not null references action_kind,
      n integer not null constraint visit_action_positive check (n > 0),
      primary key (visit_id, action_code)
    );
    create table planned_hours (
      hotspot_id uuid not null references hotspot,
      week date not null constraint planned_hours_week_is_monday check (extract(isodow from week) = 1),
      band_day smallint not null constraint planned_hours_day_1_to_7 check (band_day between 1 and 7),
      band smallint not null constraint planned_hours_band_0_to_5 check (band between 0 and 5),
      visits integer not null constraint planned_hours_visits_not_negative check (visits >= 0),
      person_minutes integer not null constraint planned_hours_minutes_not_negative check (person_minutes >= 0),
      cost_pence bigint not null constraint planned_hours_cost_not_negative check (cost_pence >= 0),
      allocation_id uuid,
      primary key (hotspot_id, week, band_day, band)
    )`);
}
