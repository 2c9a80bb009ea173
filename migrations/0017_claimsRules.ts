import type { Knex } from 'knex';

/** What keeps claims true for everybody: steps in order, lines frozen once submitted, totals added up, two people, and one truth with the ledger. */
export async function up(db: Knex): Promise<void> {
  for (const part of [keeping, adding, growing, agreeing]) await db.raw(part);
}

const keeping = `
  create function signed_in_person() returns uuid language sql stable as $$
    select case when current_setting('role') = 'hotspots_app' then nullif(current_setting('app.person', true), '')::uuid end
  $$;

  -- Who prepares, submits and approves is who is signed in, whatever is written.
  create function keep_claim() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    period ledger_period;
  begin
    if tg_op = 'INSERT' then
      if new.state <> 'draft' then perform refuse_as('claim_starts_as_draft', 'A claim starts as a draft.'); end if;
      select * into period from ledger_period where id = new.period_id;
      if period.state = 'scheduled' then perform refuse_as('claim_period_not_open_yet', 'The period is not open yet.'); end if;
      if new.starts_on < period.starts_on or new.ends_on > period.ends_on then perform refuse_as('claim_dates_in_period', 'A claim stays in one period.'); end if;
      new.prepared_by := coalesce(signed_in_person(), new.prepared_by);
      new.preparers := array[new.prepared_by];
      return new;
    end if;
    if (new.id, new.agreement_id, new.period_id, new.number, new.basis, new.starts_on, new.ends_on, new.prepared_by)
      is distinct from (old.id, old.agreement_id, old.period_id, old.number, old.basis, old.starts_on, old.ends_on, old.prepared_by) then
      perform refuse_as('claim_stays_what_it_is', 'A claim keeps its agreement, period and basis.');
    end if;
    if new.state = old.state then
      if (new.submitted_by, new.submitted_at, new.due_on, new.late_days, new.late_reason, new.approved_by, new.approved_at)
        is distinct from (old.submitted_by, old.submitted_at, old.due_on, old.late_days, old.late_reason, old.approved_by, old.approved_at) then
        perform refuse_as('claim_stays_what_it_is', 'Who submitted and who approved is written once.');
      end if;
      return new;
    end if;
    if (old.state, new.state) not in (
      ('draft', 'submitted'), ('draft', 'withdrawn'), ('submitted', 'query'), ('query', 'submitted'), ('submitted', 'withdrawn'), ('query', 'withdrawn'),
      ('submitted', 'refused'), ('query', 'refused'), ('submitted', 'approved'), ('approved', 'paid'), ('approved', 'adjusted'), ('approved', 'recovered'),
      ('paid', 'adjusted'), ('paid', 'recovered'), ('adjusted', 'paid'), ('adjusted', 'recovered'), ('recovered', 'paid'), ('recovered', 'adjusted')) then
      perform refuse_as('claim_steps_in_order', 'A claim goes one step at a time.');
    end if;
    if (old.state, new.state) = ('draft', 'submitted') then
      new.submitted_by := coalesce(signed_in_person(), new.submitted_by);
      new.preparers := array(select distinct unnest(old.preparers || new.submitted_by));
    end if;
    if new.state = 'approved' then new.approved_by := coalesce(signed_in_person(), new.approved_by); end if;
    return new;
  end $$;
  create trigger claim_kept before insert or update on claim for each row execute function keep_claim();

  -- What is claimed changes in a draft only; what is approved, once it is submitted. The claim's row is locked, so that no line slips in beside a submission.
  create function keep_claim_line() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    of_claim claim;
  begin
    select * into of_claim from claim where id = coalesce(new.claim_id, old.claim_id) for update;
    if tg_op = 'UPDATE' and (new.id, new.claim_id, new.agreement_id, new.head, new.what, new.minutes, new.pence_per_hour, new.gross_pence, new.recoverable_vat_pence, new.claimed_pence, new.rounding)
      is not distinct from (old.id, old.claim_id, old.agreement_id, old.head, old.what, old.minutes, old.pence_per_hour, old.gross_pence, old.recoverable_vat_pence, old.claimed_pence, old.rounding) then
      if of_claim.state in ('draft', 'query', 'refused', 'withdrawn') then perform refuse_as('claim_line_decided_once_submitted', 'A line is decided on once its claim is submitted.'); end if;
      return new;
    end if;
    if of_claim.state <> 'draft' or (tg_op = 'UPDATE' and new.claim_id <> old.claim_id) then perform refuse_as('claim_line_only_in_draft', 'Lines change in a draft only.'); end if;
    if tg_op <> 'DELETE' and (new.minutes is not null) <> (of_claim.basis = 'hours') then perform refuse_as('claim_line_has_basis_of_claim', 'A line has its claim''s basis.'); end if;
    if tg_op <> 'DELETE' and new.approved_pence is not null then perform refuse_as('claim_line_decided_once_submitted', 'A line is decided on once its claim is submitted.'); end if;
    return coalesce(new, old);
  end $$;
  create trigger claim_line_kept before insert or update or delete on claim_line for each row execute function keep_claim_line();
`;

const adding = `
  create function add_up_claim_lines() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    update claim set
      claimed_pence = claimed_pence + (case when tg_op = 'DELETE' then 0 else new.claimed_pence end) - (case when tg_op = 'INSERT' then 0 else old.claimed_pence end),
      approved_pence = approved_pence + (case when tg_op = 'DELETE' then 0 else coalesce(new.approved_pence, 0) end) - (case when tg_op = 'INSERT' then 0 else coalesce(old.approved_pence, 0) end),
      preparers = case when state = 'draft' and signed_in_person() is not null then array(select distinct unnest(preparers || signed_in_person())) else preparers end
      where id = coalesce(new.claim_id, old.claim_id);
    return null;
  end $$;
  create trigger claim_line_adds_up after insert or update or delete on claim_line for each row execute function add_up_claim_lines();

  create function add_up_claim_money() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    what text := case when tg_table_name = 'claim_adjustment' then to_jsonb(new) ->> 'what' else tg_table_name end;
    of_claim claim;
  begin
    update claim set
      paid_pence = paid_pence + case when what = 'payment' then new.amount_pence else 0 end,
      recovered_pence = recovered_pence + case when what = 'recovery' then new.amount_pence else 0 end
      where id = new.claim_id returning * into of_claim;
    if of_claim.approved_by is null then perform refuse_as('claim_money_moves_once_approved', 'Money of a claim moves once it is approved.'); end if;
    if tg_table_name = 'claim_adjustment' and coalesce(signed_in_person(), (to_jsonb(new) ->> 'made_by')::uuid) = any (of_claim.preparers) then
      perform refuse_as('claim_preparer_is_not_approver', 'Who prepared a claim cannot approve it.');
    end if;
    return null;
  end $$;
  create trigger payment_adds_up after insert on payment for each row execute function add_up_claim_money();
  create trigger recovery_adds_up after insert on recovery for each row execute function add_up_claim_money();
  create trigger claim_adjustment_adds_up after insert on claim_adjustment for each row execute function add_up_claim_money();

  create trigger claim_balance_is_added_up before update on claim
    for each row when ((old.claimed_pence, old.approved_pence, old.paid_pence, old.recovered_pence, old.preparers) is distinct from (new.claimed_pence, new.approved_pence, new.paid_pence, new.recovered_pence, new.preparers))
    execute function refuse_written_balance();
  create trigger claim_balance_starts_at_zero before insert on claim
    for each row when (new.claimed_pence <> 0 or new.approved_pence <> 0 or new.paid_pence <> 0 or new.recovered_pence <> 0) execute function refuse_written_balance();
`;

const growing = ['claim_event', 'claim_message', 'payment', 'recovery', 'claim_adjustment', 'claim_journal']
  .map((table) => `create trigger ${table}_append_only before update or delete or truncate on ${table} for each statement execute function refuse_change();`).join('\n')
  + `
  create trigger claim_append_only before delete or truncate on claim for each statement execute function refuse_change();
  create trigger claim_line_append_only before truncate on claim_line for each statement execute function refuse_change();`;

const agreeing = `
  -- At the end of the transaction: a claim says what the journals that are its own say, to the penny, under each kind of account.
  create function check_claim() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    of_claim claim;
    own record;
  begin
    select * into of_claim from claim where id = new.id;
    select coalesce(sum(e.amount_pence) filter (where a.kind = 'pending'), 0) as pending, coalesce(sum(e.amount_pence) filter (where a.kind = 'approved'), 0) as approved,
        coalesce(sum(e.amount_pence) filter (where a.kind = 'paid'), 0) as paid into own
      from claim_journal c join journal_entry e on e.journal_id = c.journal_id join ledger_account a on a.id = e.account_id where c.claim_id = new.id;
    if own.pending <> (case when of_claim.state in ('submitted', 'query') then of_claim.claimed_pence else 0 end)
      or own.approved <> of_claim.approved_pence - of_claim.paid_pence or own.paid <> of_claim.paid_pence - of_claim.recovered_pence then
      perform refuse_as('claim_agrees_with_ledger', 'A claim and its journals say the same.');
    end if;
    return null;
  end $$;
  create constraint trigger claim_agrees after insert or update on claim deferrable initially deferred for each row execute function check_claim();

  -- A journal of a claim is reversed and corrected by a step of the claim alone.
  create function check_claim_journal() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if exists (select from claim_journal where journal_id = coalesce(new.reverses, new.corrects)) and not exists (select from claim_journal where journal_id = new.id) then
      perform refuse_as('claim_journal_changed_by_claim', 'This journal is a claim''s.');
    end if;
    return null;
  end $$;
  create constraint trigger journal_of_claim_stays after insert on journal deferrable initially deferred
    for each row when (new.reverses is not null or new.corrects is not null) execute function check_claim_journal();
`;
