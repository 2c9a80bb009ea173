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
      constraint fund_agreements_within_award check (agreed_pence <= award_pence)
    );
    create table agreement (
      id uuid primary key,
      fund_id uuid not null references fund,
      council_code text not null,
      reference text not null constraint agreement_reference_once unique,
      ceiling_pence bigint not null constraint agreement_ceiling_positive check (ceiling_pence > 0),
      starts_on date not null,
      ends_on date not null,
      state text not null constraint agreement_state_known check (state in
        ('draft', 'in legal', 'sent', 'signed', 'live', 'live at risk', 'closing', 'closed')),
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

    create table allocation_run (
      id uuid primary key,
      week date not null constraint allocation_run_week_is_monday check (extract(isodow from week) = 1),
      parameters jsonb not null,
      hash text not null,
      figures jsonb not null,
      visits jsonb not null,
      created_by uuid,
      created_at timestamptz not null default now()
    )`);
}
