import type { Knex } from 'knex';

/**
 * The ledger of an agreement: where every penny of it stands. Money moves between accounts (awarded, available, claimed, approved,
 * paid, accrued, at risk) in journals that sum to zero. The rules are triggers of the next file.
 */
export async function up(db: Knex): Promise<void> {
  for (const part of [periods, accounts, journals]) await db.raw(part);
  for (const table of ['ledger', 'ledger_account', 'ledger_period', 'period_unlock', 'journal', 'journal_entry']) {
    await fence(db, table, 'exists (select from agreement a where a.id = agreement_id)');
  }
  await fence(db, 'ledger_alert', `sees_council('')`);
  await db.raw(rights);
}

const periods = `
  create table ledger (
    agreement_id uuid primary key references agreement,
    -- A copy that a trigger keeps, so that one locked row holds what the caps are checked against.
    ceiling_pence bigint not null,
    awarded_pence bigint not null default 0,
    available_pence bigint not null default 0,
    -- The number of the last journal: the high-water mark a return is made at.
    journals bigint not null default 0,
    last_recorded_at timestamptz not null default '-infinity',
    opened_at timestamptz not null default now(),
    constraint ledger_award_within_ceiling check (awarded_pence between 0 and ceiling_pence),
    constraint ledger_within_agreement_value check (available_pence >= 0)
  ) with (fillfactor = 20);
  create table ledger_period (
    id uuid primary key default gen_random_uuid(),
    agreement_id uuid not null references ledger,
    -- First and last day, both included.
    starts_on date not null,
    ends_on date not null,
    state text not null default 'scheduled' constraint ledger_period_state_known check (state in ('scheduled', 'open', 'submitted', 'locked')),
    constraint ledger_period_dates_in_order check (ends_on >= starts_on),
    constraint ledger_period_of_agreement unique (agreement_id, id),
    constraint ledger_period_never_overlap exclude using gist (agreement_id with =, daterange(starts_on, ends_on, '[]') with &&)
  );
  create table period_unlock (
    id uuid primary key,
    agreement_id uuid not null,
    period_id uuid not null,
    reason text not null constraint period_unlock_reason_given check (length(btrim(reason)) > 0),
    proposed_by uuid not null,
    proposed_at timestamptz not null default now(),
    approved_by uuid,
    approved_at timestamptz,
    constraint period_unlock_same_agreement foreign key (agreement_id, period_id) references ledger_period (agreement_id, id),
    constraint period_unlock_proposer_is_not_approver check (approved_by <> proposed_by)
  );
  create unique index period_unlock_one_at_a_time on period_unlock (period_id) where approved_by is null;

  create function refuse_as(what text, says text) returns void language plpgsql as $$
  begin raise exception '%', says using errcode = 'restrict_violation', constraint = what; end $$;

  -- Forward one step at a time; back to open only through an unlock that a second person approved.
  create function keep_period() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' then
      if old.state <> 'scheduled' then perform refuse_as('ledger_period_stays', 'Only a scheduled period can be taken out.'); end if;
      return old;
    end if;
    if tg_op = 'INSERT' then
      if new.state <> 'scheduled' then perform refuse_as('ledger_period_starts_scheduled', 'A period starts as scheduled.'); end if;
      return new;
    end if;
    if (new.agreement_id, new.starts_on, new.ends_on, new.id) is distinct from (old.agreement_id, old.starts_on, old.ends_on, old.id) and old.state <> 'scheduled' then
      perform refuse_as('ledger_period_stays', 'The dates of a period are fixed once it opens.');
    end if;
    if new.state <> old.state and (old.state, new.state) not in (('scheduled', 'open'), ('open', 'submitted'), ('submitted', 'locked'))
      and not (new.state = 'open' and old.state in ('submitted', 'locked') and pg_trigger_depth() > 1) then
      if new.state = 'open' then perform refuse_as('ledger_period_unlock_needs_two', 'Unlocking needs a reason and a second person.'); end if;
      perform refuse_as('ledger_period_steps_in_order', 'A period goes from scheduled to open, submitted and locked.');
    end if;
    return new;
  end $$;
  create trigger ledger_period_kept before insert or update or delete on ledger_period for each row execute function keep_period();

  create function check_tiling() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    agreement_key uuid;
    tiled boolean;
  begin
    if tg_table_name = 'agreement' then agreement_key := new.id; else agreement_key := coalesce(new.agreement_id, old.agreement_id); end if;
    -- They never overlap, so the same first day, last day and number of days leave no gap.
    select min(p.starts_on) = a.starts_on and max(p.ends_on) = a.ends_on and sum(p.ends_on - p.starts_on + 1) = a.ends_on - a.starts_on + 1
      into tiled from agreement a join ledger_period p on p.agreement_id = a.id where a.id = agreement_key group by a.id;
    if tiled is false then perform refuse_as('ledger_period_tiles_agreement', 'The periods do not cover the agreement.'); end if;
    return null;
  end $$;
  create constraint trigger ledger_period_tiles after insert or update or delete on ledger_period
    deferrable initially deferred for each row execute function check_tiling();
  create constraint trigger agreement_tiled after update of starts_on, ends_on on agreement
    deferrable initially deferred for each row execute function check_tiling();

  -- Who proposes and who approves is who is signed in, whatever is written.
  create function keep_unlock() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    person uuid := case when current_setting('role') = 'hotspots_app' then nullif(current_setting('app.person', true), '')::uuid end;
  begin
    if tg_op = 'INSERT' then
      new.proposed_by := coalesce(person, new.proposed_by);
      new.approved_by := null;
      if not exists (select from ledger_period where id = new.period_id and state in ('submitted', 'locked')) then
        perform refuse_as('period_unlock_of_closed', 'Only a submitted or locked period is unlocked.');
      end if;
      return new;
    end if;
    if old.approved_by is not null or new.approved_by is null then perform refuse_as('period_unlock_once', 'An unlock is approved once.'); end if;
    old.approved_by := coalesce(person, new.approved_by);
    old.approved_at := clock_timestamp();
    return old;
  end $$;
`;

const accounts = `
  create table ledger_account (
    id uuid primary key default gen_random_uuid(),
    agreement_id uuid not null references ledger,
    kind text not null constraint ledger_account_kind_known check (kind in ('award', 'available', 'pending', 'approved', 'paid', 'accrued', 'at risk')),
    -- A budget head; empty for money that is under none.
    head text not null default '',
    name text not null,
    -- How far approvals may pass this head's budget before a virement is needed.
    tolerance_pence bigint not null default 0 constraint ledger_account_tolerance_not_negative check (tolerance_pence >= 0),
    balance_pence bigint not null default 0,
    -- Entries so far.
    version bigint not null default 0,
    constraint ledger_account_once unique (agreement_id, kind, head),
    constraint ledger_account_of_agreement unique (agreement_id, id),
    constraint ledger_account_award_not_above_zero check (kind <> 'award' or balance_pence <= 0),
    constraint ledger_account_available_within_head check (kind <> 'available' or balance_pence >= -tolerance_pence),
    constraint ledger_account_pending_not_below_zero check (kind <> 'pending' or balance_pence >= 0),
    constraint ledger_account_paid_within_approved check (kind <> 'approved' or balance_pence >= 0),
    constraint ledger_account_recovered_within_paid check (kind <> 'paid' or balance_pence >= 0),
    constraint ledger_account_accrued_not_below_zero check (kind <> 'accrued' or balance_pence >= 0),
    constraint ledger_account_at_risk_not_below_zero check (kind <> 'at risk' or balance_pence >= 0)
  ) with (fillfactor = 50);
`;

const journals = `
  create table journal (
    id uuid primary key default gen_random_uuid(),
    agreement_id uuid not null references ledger,
    number bigint not null,
    period_id uuid not null,
    kind text not null constraint journal_kind_known check (kind in
      ('award', 'variation', 'virement', 'reallocation', 'claim', 'approval', 'payment', 'recovery', 'accrual', 'at risk', 'adjustment', 'reversal')),
    reason text not null constraint journal_reason_given check (length(btrim(reason)) > 0),
    effective_on date not null,
    recorded_at timestamptz not null,
    made_by uuid,
    idempotency_key text not null constraint journal_key_given check (length(btrim(idempotency_key)) > 0),
    content_sha256 text not null,
    reverses uuid,
    corrects uuid,
    constraint journal_number_once unique (agreement_id, number),
    constraint journal_key_once unique (agreement_id, idempotency_key),
    constraint journal_of_agreement unique (agreement_id, id),
    constraint journal_reversed_once unique (reverses),
    constraint journal_period_of_agreement foreign key (agreement_id, period_id) references ledger_period (agreement_id, id),
    constraint journal_reverses_same_agreement foreign key (agreement_id, reverses) references journal (agreement_id, id),
    constraint journal_corrects_same_agreement foreign key (agreement_id, corrects) references journal (agreement_id, id),
    constraint journal_reversal_names_journal check ((kind = 'reversal') = (reverses is not null)),
    constraint journal_adjustment_names_journal check ((kind = 'adjustment') = (corrects is not null))
  );
  create index journal_period on journal (period_id);
  create table journal_entry (
    agreement_id uuid not null,
    journal_id uuid not null,
    account_id uuid not null,
    version bigint not null,
    amount_pence bigint not null constraint journal_entry_not_zero check (amount_pence <> 0),
    balance_pence bigint not null,
    effective_on date not null,
    recorded_at timestamptz not null,
    -- Running sum of the account's entries effective on this day: what makes any report as at any moment a few look-ups.
    day_balance_pence bigint not null,
    primary key (account_id, version),
    constraint journal_entry_account_once unique (journal_id, account_id),
    constraint journal_entry_one_agreement foreign key (agreement_id, journal_id) references journal (agreement_id, id),
    constraint journal_entry_account_of_agreement foreign key (agreement_id, account_id) references ledger_account (agreement_id, id)
  );
  create index journal_entry_day on journal_entry (account_id, effective_on, recorded_at) include (day_balance_pence);
  create table ledger_alert (
    id uuid primary key default gen_random_uuid(),
    raised_at timestamptz not null default now(),
    fault text not null,
    found bigint not null
  );
  create trigger journal_append_only before update or delete or truncate on journal for each statement execute function refuse_change();
  create trigger journal_entry_append_only before update or delete or truncate on journal_entry for each statement execute function refuse_change();
  create trigger ledger_account_append_only before delete or truncate on ledger_account for each statement execute function refuse_change();
  create trigger ledger_append_only before delete or truncate on ledger for each statement execute function refuse_change();
  create trigger ledger_period_append_only before truncate on ledger_period for each statement execute function refuse_change();
  create trigger period_unlock_append_only before delete or truncate on period_unlock for each statement execute function refuse_change();
  create trigger ledger_alert_append_only before update or delete or truncate on ledger_alert for each statement execute function refuse_change();
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
  grant insert (agreement_id) on ledger to hotspots_app, hotspots_service;
  grant insert (id, agreement_id, kind, head, name, tolerance_pence), update (tolerance_pence, name) on ledger_account to hotspots_app, hotspots_service;
  grant insert (id, agreement_id, starts_on, ends_on), delete on ledger_period to hotspots_app, hotspots_service;
  grant insert (id, agreement_id, period_id, reason, proposed_by), update (approved_by) on period_unlock to hotspots_app, hotspots_service;
  grant insert on ledger_alert to hotspots_service;
`;
