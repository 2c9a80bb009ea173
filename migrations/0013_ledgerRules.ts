import type { Knex } from 'knex';

/** What keeps the ledger true for everybody, and `post_journal`, the only way in: the application's roles may not insert. */
export async function up(db: Knex): Promise<void> {
  for (const part of [balances, posting, moving, closing, rights]) await db.raw(part);
}

const balances = `
  -- A journal takes its number and its time from the agreement's ledger row, whose lock puts the agreement's journals in one order.
  create function enter_journal() returns trigger language plpgsql as $$
  declare
    period ledger_period;
  begin
    update ledger set journals = journals + 1, last_recorded_at = greatest(clock_timestamp(), last_recorded_at + interval '1 microsecond')
      where agreement_id = new.agreement_id returning journals, last_recorded_at into new.number, new.recorded_at;
    if not found then perform refuse_as('journal_ledger_not_open', 'The agreement has no ledger.'); end if;
    select * into period from ledger_period where agreement_id = new.agreement_id and new.effective_on between starts_on and ends_on for share;
    if not found or period.id <> coalesce(new.period_id, period.id) then perform refuse_as('journal_effective_on_in_period', 'The day is in no period, or not in the one given.'); end if;
    if period.state = 'scheduled' then perform refuse_as('journal_period_not_open_yet', 'The period is not open yet.'); end if;
    if period.state <> 'open' then perform refuse_as('journal_period_closed', 'The period is submitted or locked.'); end if;
    if new.reverses is not null and exists (select from journal where id = new.reverses and kind = 'reversal') then
      perform refuse_as('journal_reversal_is_final', 'A reversal is not reversed.');
    end if;
    new.period_id := period.id;
    return new;
  end $$;
  create trigger journal_entered before insert on journal for each row execute function enter_journal();

  -- An entry takes its version and balances from the locked account row; what is given must agree with it.
  create function enter_leg() returns trigger language plpgsql as $$
  declare
    was journal_entry := new;
  begin
    update ledger_account set balance_pence = balance_pence + new.amount_pence, version = version + 1
      where id = new.account_id returning version, balance_pence into new.version, new.balance_pence;
    select effective_on, recorded_at into new.effective_on, new.recorded_at from journal where id = new.journal_id;
    select day_balance_pence into new.day_balance_pence from journal_entry
      where account_id = new.account_id and effective_on = new.effective_on order by recorded_at desc limit 1;
    new.day_balance_pence := coalesce(new.day_balance_pence, 0) + new.amount_pence;
    if was.version <> new.version then perform refuse_as('journal_entry_versions_contiguous', 'The versions of an account follow each other.'); end if;
    if was.balance_pence <> new.balance_pence or was.day_balance_pence <> new.day_balance_pence then
      perform refuse_as('journal_entry_balance_is_running', 'The balance is the one before and this entry.');
    end if;
    if was.effective_on <> new.effective_on or was.recorded_at <> new.recorded_at then
      perform refuse_as('journal_entry_times_of_journal', 'An entry has the day and the time of its journal.');
    end if;
    return new;
  end $$;
  create trigger journal_entry_entered before insert on journal_entry for each row execute function enter_leg();

  create function check_legs() returns trigger language plpgsql as $$
  declare
    own record;
  begin
    for own in select e.journal_id, e.agreement_id, sum(e.amount_pence) as total, max(j.legs) as legs, bool_or(j.total <> 0) as uneven,
        coalesce(sum(e.amount_pence) filter (where a.kind = 'available'), 0) as available, coalesce(-sum(e.amount_pence) filter (where a.kind = 'award'), 0) as awarded
      from entered e join ledger_account a on a.id = e.account_id
      cross join lateral (select count(*) as legs, sum(amount_pence) as total from journal_entry where journal_id = e.journal_id) j
      group by e.journal_id, e.agreement_id loop
      if own.legs < 2 then perform refuse_as('journal_has_two_legs', 'A journal has at least two legs.'); end if;
      if own.uneven then perform refuse_as('journal_sums_to_zero', 'The legs of a journal sum to zero.'); end if;
      update ledger set available_pence = available_pence + own.available, awarded_pence = awarded_pence + own.awarded where agreement_id = own.agreement_id;
    end loop;
    return null;
  end $$;
  create trigger journal_entry_legs after insert on journal_entry referencing new table as entered for each statement execute function check_legs();

  -- At the end of the transaction: no journal without legs, and a reversal is the mirror of what it reverses.
  create function check_journal() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if (select count(*) < 2 from journal_entry where journal_id = new.id) then perform refuse_as('journal_has_two_legs', 'A journal has at least two legs.'); end if;
    if new.reverses is not null and exists (
      select from (select account_id, amount_pence from journal_entry where journal_id = new.reverses) o
      full join (select account_id, -amount_pence as amount_pence from journal_entry where journal_id = new.id) r using (account_id, amount_pence)
      where o is null or r is null) then
      perform refuse_as('journal_reversal_mirrors', 'A reversal has the legs of its journal with the sign turned.');
    end if;
    return null;
  end $$;
  create constraint trigger journal_checked after insert on journal deferrable initially deferred for each row execute function check_journal();

  create function copy_ceiling() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if tg_table_name = 'ledger' then
      select ceiling_pence into new.ceiling_pence from agreement where id = new.agreement_id;
      return new;
    end if;
    update ledger set ceiling_pence = new.ceiling_pence where agreement_id = new.id;
    return null;
  end $$;
  create trigger ledger_takes_ceiling before insert on ledger for each row execute function copy_ceiling();
  create trigger agreement_gives_ceiling after update of ceiling_pence on agreement for each row execute function copy_ceiling();
  create trigger ledger_balance_is_added_up before update on ledger for each row execute function refuse_written_balance();
  create trigger ledger_balance_starts_at_zero before insert on ledger
    for each row when (new.awarded_pence <> 0 or new.available_pence <> 0 or new.journals <> 0) execute function refuse_written_balance();
  create trigger ledger_account_balance_is_added_up before update on ledger_account
    for each row when ((old.balance_pence, old.version, old.agreement_id, old.kind, old.head) is distinct from (new.balance_pence, new.version, new.agreement_id, new.kind, new.head))
    execute function refuse_written_balance();
  create trigger ledger_account_balance_starts_at_zero before insert on ledger_account
    for each row when (new.balance_pence <> 0 or new.version <> 0) execute function refuse_written_balance();
`;

const posting = `
  -- The only way in. Legs: [{"kind", "head", "pence"}]. The same key again gives the journal it gave before and posts nothing.
  create function post_journal(agreement uuid, journal_kind text, effective date, why text, key text, legs jsonb,
    maker uuid default null, reverses_journal uuid default null, corrects_journal uuid default null)
  returns table (id uuid, fresh boolean) language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    made uuid := gen_random_uuid();
    sent text := encode(sha256(convert_to(jsonb_build_object('kind', journal_kind, 'on', effective, 'why', why, 'legs', legs, 'reverses', reverses_journal, 'corrects', corrects_journal)::text, 'utf8')), 'hex');
    known journal;
    person boolean := current_setting('role') = 'hotspots_app';
  begin
    if person and not exists (select from agreement a where a.id = agreement and sees_council(a.council_code) and sees_agreement(a.id)) then
      perform refuse_as('journal_ledger_not_open', 'The agreement has no ledger.');
    end if;
    perform from ledger where agreement_id = agreement for update;
    select * into known from journal where agreement_id = agreement and idempotency_key = key;
    if found then
      if known.content_sha256 <> sent then perform refuse_as('journal_key_once', 'The key stands for another journal.'); end if;
      return query select known.id, false;
      return;
    end if;
    insert into journal (id, agreement_id, kind, effective_on, reason, idempotency_key, content_sha256, made_by, reverses, corrects)
      values (made, agreement, journal_kind, effective, why, key, sent, case when person then nullif(current_setting('app.person', true), '')::uuid else maker end, reverses_journal, corrects_journal);
    if exists (select from jsonb_to_recordset(legs) leg (kind text, head text) where not exists (
      select from ledger_account a where a.agreement_id = agreement and a.kind = leg.kind and a.head = coalesce(leg.head, ''))) then
      perform refuse_as('journal_account_unknown', 'The agreement has no such account.');
    end if;
    -- Accounts are locked by id, as everywhere.
    insert into journal_entry (agreement_id, journal_id, account_id, amount_pence)
      select agreement, made, a.id, leg.pence from jsonb_to_recordset(legs) leg (kind text, head text, pence bigint)
      join ledger_account a on a.agreement_id = agreement and a.kind = leg.kind and a.head = coalesce(leg.head, '') order by a.id;
    return query select made, true;
  end $$;

  create function reverse_journal(agreement uuid, reversed uuid, effective date, why text, key text, maker uuid default null)
  returns table (id uuid, fresh boolean) language sql as $$
    select * from post_journal(agreement, 'reversal', effective, why, key, coalesce((
      select jsonb_agg(jsonb_build_object('kind', a.kind, 'head', a.head, 'pence', -e.amount_pence) order by a.kind, a.head)
      from journal_entry e join ledger_account a on a.id = e.account_id where e.journal_id = reversed and e.agreement_id = agreement), '[]'), maker, reversed)
  $$;
`;

const moving = `
  -- Takes the agreement's ledger, then the period: the order of the poster, so that the two never wait for each other in a ring.
  create function move_period(agreement uuid, period uuid, wanted text) returns text language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    was text;
  begin
    if current_setting('role') = 'hotspots_app' and not exists (select from agreement a where a.id = agreement and sees_council(a.council_code) and sees_agreement(a.id)) then return null; end if;
    perform from ledger where agreement_id = agreement for update;
    select state into was from ledger_period where id = period and agreement_id = agreement for update;
    if found and was <> wanted then update ledger_period set state = wanted where id = period; end if;
    return was;
  end $$;

  create trigger period_unlock_kept before insert or update on period_unlock for each row execute function keep_unlock();
  create function open_again() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    perform from ledger where agreement_id = new.agreement_id for update;
    update ledger_period set state = 'open' where id = new.period_id;
    return null;
  end $$;
  create trigger period_unlock_opens after update on period_unlock for each row execute function open_again();
`;

const closing = `
  -- Every accrual that is not reversed, with the period its reversal belongs in; none, and it waits on the close checklist.
  create view open_accrual with (security_invoker = true) as
    select j.agreement_id, j.id as journal_id, j.number, j.effective_on, j.reason, p.id as period_id, following.id as next_period_id, following.starts_on as next_starts_on, following.state as next_state
    from journal j join ledger_period p on p.id = j.period_id
    left join ledger_period following on following.agreement_id = j.agreement_id and following.starts_on = p.ends_on + 1
    where j.kind = 'accrual' and not exists (select from journal r where r.reverses = j.id);

  create function check_closing() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if exists (select from ledger_account where agreement_id = new.id and kind not in ('award', 'paid') and balance_pence <> 0) then
      perform refuse_as('agreement_closes_with_nothing_left', 'Money is left in the ledger.');
    end if;
    return new;
  end $$;
  create trigger agreement_closes before update of state on agreement for each row when (new.state = 'closed' and old.state <> 'closed') execute function check_closing();
`;

const rights = `
  revoke all on open_accrual from hotspots_app, hotspots_service, hotspots_sign_in;
  grant select on open_accrual to hotspots_app, hotspots_service;
  revoke execute on function post_journal, reverse_journal, move_period from public;
  grant execute on function post_journal, reverse_journal, move_period to hotspots_app, hotspots_service;
`;
