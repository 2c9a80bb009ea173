import type { Knex } from 'knex';

/**
 * The agreed money: an award, agreements under it, dated rates, and what is committed.
 * Caps are checks on a balance row that triggers keep, so two writers at once cannot both fit under one ceiling.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table fund (
      id uuid primary key,
      name text not null constraint fund_name_once unique,
      funder text not null,
      award_pence bigint not null constraint fund_award_positive check (award_pence > 0),
      starts_on date not null,
      ends_on date not null,
      purpose text not null,
      agreed_pence bigint not null default 0,
      constraint fund_dates_in_order check (ends_on > starts_on),
      constraint fund_agreements_within_award check (agreed_pence between 0 and award_pence)
    );
    create table agreement (
      id uuid primary key,
      fund_id uuid not null references fund,
      council_code text not null references organisation (council_code),
      reference text not null constraint agreement_reference_once unique,
      ceiling_pence bigint not null constraint agreement_ceiling_positive check (ceiling_pence > 0),
      -- First and last day, both included.
      starts_on date not null,
      ends_on date not null,
      state text not null constraint agreement_state_known check (state in
        ('draft', 'in legal', 'sent', 'signed', 'live', 'live at risk', 'closing', 'closed')),
      -- Patrol hours for each paid hour.
      productive_ratio numeric(4, 3) not null constraint agreement_productive_ratio_a_share check (productive_ratio > 0 and productive_ratio <= 1),
      committed_pence bigint not null default 0,
      constraint agreement_dates_in_order check (ends_on > starts_on),
      constraint agreement_commitments_within_ceiling check (committed_pence between 0 and ceiling_pence),
      constraint agreement_one_a_council_at_a_time exclude using gist
        (fund_id with =, council_code with =, daterange(starts_on, ends_on, '[]') with &&)
    );
    create table agreement_rate (
      agreement_id uuid not null references agreement,
      band text not null constraint agreement_rate_band_known check (band in ('day', 'evening', 'night', 'saturday', 'sunday', 'bank_holiday')),
      pence_per_hour bigint not null constraint agreement_rate_positive check (pence_per_hour > 0),
      valid_from date not null,
      -- The first day it no longer holds; null while no end is set.
      valid_to date,
      constraint agreement_rate_dates_in_order check (valid_to is null or valid_to > valid_from),
      constraint agreement_rate_one_a_day exclude using gist (agreement_id with =, band with =, daterange(valid_from, valid_to) with &&)
    );
    create table bank_holiday (
      held_on date primary key,
      name text not null
    );
    create table commitment (
      id uuid primary key,
      agreement_id uuid not null references agreement,
      amount_pence bigint not null constraint commitment_not_zero check (amount_pence <> 0),
      effective_on date not null,
      what text not null,
      made_by uuid,
      recorded_at timestamptz not null default now()
    );
    create index commitment_agreement on commitment (agreement_id, effective_on);
    create trigger commitment_append_only before update or delete or truncate on commitment
      for each statement execute function refuse_change();
    revoke update, delete on commitment from hotspots_app;

    create function keep_fund_balance() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      if tg_op <> 'INSERT' then update fund set agreed_pence = agreed_pence - old.ceiling_pence where id = old.fund_id; end if;
      if tg_op <> 'DELETE' then update fund set agreed_pence = agreed_pence + new.ceiling_pence where id = new.fund_id; end if;
      return null;
    end $$;
    create trigger agreement_keeps_fund_balance after insert or delete or update of ceiling_pence, fund_id on agreement
      for each row execute function keep_fund_balance();

    create function keep_agreement_balance() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      update agreement set committed_pence = committed_pence + new.amount_pence where id = new.agreement_id;
      return null;
    end $$;
    create trigger commitment_keeps_agreement_balance after insert on commitment
      for each row execute function keep_agreement_balance();

    -- A balance is what triggers add up; nobody writes one.
    create function refuse_written_balance() returns trigger language plpgsql as $$
    begin
      if pg_trigger_depth() > 1 then return new; end if;
      raise exception 'The balance of % is added up, never written.', tg_table_name using errcode = 'restrict_violation', constraint = tg_table_name || '_balance_is_added_up';
    end $$;
    create trigger fund_balance_is_added_up before update of agreed_pence on fund
      for each row when (old.agreed_pence is distinct from new.agreed_pence) execute function refuse_written_balance();
    create trigger fund_balance_starts_at_zero before insert on fund
      for each row when (new.agreed_pence <> 0) execute function refuse_written_balance();
    create trigger agreement_balance_is_added_up before update of committed_pence on agreement
      for each row when (old.committed_pence is distinct from new.committed_pence) execute function refuse_written_balance();
    create trigger agreement_balance_starts_at_zero before insert on agreement
      for each row when (new.committed_pence <> 0) execute function refuse_written_balance();

    create table allocation_run (
      id uuid primary key,
      week date not null constraint allocation_run_week_is_monday check (extract(isodow from week) = 1),
      parameters jsonb not null,
      -- SHA-256 of everything the plan was made from.
      hash text not null,
      created_by uuid,
      created_at timestamptz not null default now()
    );
    create index allocation_run_week on allocation_run (week, created_at desc);
    -- One plan an agreement, so that a council's plan can be fenced like everything else of that council.
    create table allocation_plan (
      run_id uuid not null references allocation_run on delete cascade,
      agreement_id uuid not null references agreement,
      council_code text not null references organisation (council_code),
      plan jsonb not null,
      visits jsonb not null,
      primary key (run_id, agreement_id)
    );
    create index allocation_plan_council on allocation_plan (council_code, run_id);
    alter table planned_hours
      add constraint planned_hours_agreement foreign key (agreement_id) references agreement,
      add constraint planned_hours_allocation foreign key (allocation_id) references allocation_run on delete set null`);
  // England and Wales, as published on gov.uk/bank-holidays; later years are entered on the agreements page.
  await db.raw(`
    insert into bank_holiday (held_on, name) values
      ('2023-08-28', 'Summer bank holiday'),
      ('2023-12-25', 'Christmas Day'),
      ('2023-12-26', 'Boxing Day'),
      ('2024-01-01', 'New Year’s Day'),
      ('2024-03-29', 'Good Friday')`);
  await db.raw(settings);
}

// The allocation's numbers, each with where it comes from: an office that believes otherwise changes them on the settings page.
const settings = `
  insert into setting (name, value, unit, describes, source, valid_from) values
    ('allocation_effect_low', '0.10', 'share', 'Incidents prevented while a hotspot is covered: cautious', 'Braga and others 2019: 65 studies, small and significant', '2020-01-01'),
    ('allocation_effect_central', '0.20', 'share', 'Incidents prevented while a hotspot is covered: what plans use', 'Community support officers in Peterborough 2016; Underground platforms trial', '2020-01-01'),
    ('allocation_effect_high', '0.30', 'share', 'Incidents prevented while a hotspot is covered: hopeful', 'Community support officers in Peterborough 2016: 39 % of crime', '2020-01-01'),
    ('allocation_visit_minutes', '15', 'minutes', 'Length of a planned visit', 'Koper 1995: least disorder after stays of 10 to 16 minutes', '2020-01-01'),
    ('allocation_overhead_minutes', '9', 'minutes', 'Travel and writing up for each visit', 'Planning assumption; replace with a measured figure', '2020-01-01'),
    ('allocation_crew', '2', 'persons', 'Wardens on a visit', 'The trials’ visits were made by pairs', '2020-01-01'),
    ('allocation_residual_hours', '2', 'hours', 'How long the effect lasts after a visit', 'Contested: Underground platforms and Southend found one, Bedfordshire and Essex none', '2020-01-01'),
    ('allocation_minimum_visits', '2', 'visits a week', 'Least visits to a live hotspot', 'Planning rule with the trials’ daily visits as the upper end', '2020-01-01'),
    ('allocation_max_gap_days', '4', 'days', 'A live hotspot is not left this long without a visit', 'Barnes and others 2020 (Perth): the effect holds four days', '2020-01-01'),
    ('allocation_max_share', '0.15', 'share', 'Largest share of a week’s money for one hotspot', 'Planning rule', '2020-01-01')`;
