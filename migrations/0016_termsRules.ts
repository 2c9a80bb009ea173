import type { Knex } from 'knex';

/** What keeps the terms true: versions in order and whole, budgets that add up, steps by two persons, nothing below what is spent. */
export async function up(db: Knex): Promise<void> {
  for (const part of [steps, entering, sums, following, conditions, forever]) await db.raw(part);
  await db.raw(fill);
}

const steps = `
  -- Who proposes, agrees and approves is who is signed in, whatever is written.
  create function keep_variation() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    person uuid := case when current_setting('role') = 'hotspots_app' then nullif(current_setting('app.person', true), '')::uuid end;
    kept variation := new;
  begin
    if tg_op = 'INSERT' then
      if new.state <> 'draft' then perform refuse_as('variation_starts_as_draft', 'A variation starts as a draft.'); end if;
      new.proposed_by := coalesce(person, new.proposed_by);
      new.agreed_by := null; new.approved_by := null;
      select coalesce(max(v.number), 0) + 1 into new.number from variation v where v.agreement_id = new.agreement_id;
      return new;
    end if;
    if old.state in ('effective', 'withdrawn') then perform refuse_as('variation_is_settled', 'The variation is settled.'); end if;
    if (new.effective_from, new.base_version_id, new.changes, new.difference, new.reason) is distinct from (old.effective_from, old.base_version_id, old.changes, old.difference, old.reason)
      and (old.state <> 'draft' or new.state <> 'draft') then
      perform refuse_as('variation_is_fixed', 'What was proposed is not changed.');
    end if;
    if new.state <> old.state and new.state <> 'withdrawn' and (old.state, new.state) not in
      (('draft', 'proposed'), ('proposed', 'council agreed'), ('council agreed', 'approved'), ('approved', 'effective')) then
      perform refuse_as('variation_steps_in_order', 'A variation is proposed, agreed, approved, effective.');
    end if;
    new := old;
    new.state := kept.state;
    new.held_up_by := kept.held_up_by;
    if old.state = 'draft' and kept.state = 'draft' then
      new.effective_from := kept.effective_from; new.base_version_id := kept.base_version_id; new.changes := kept.changes; new.difference := kept.difference; new.reason := kept.reason;
      new.proposed_by := coalesce(person, kept.proposed_by);
    elsif kept.state = 'proposed' and old.state <> kept.state then
      new.proposed_by := coalesce(person, kept.proposed_by); new.proposed_at := clock_timestamp();
    elsif kept.state = 'council agreed' and old.state <> kept.state then
      new.agreed_by := coalesce(person, kept.agreed_by); new.agreed_at := clock_timestamp();
      if new.agreed_by is null then perform refuse_as('variation_step_by_somebody', 'Nobody is signed in.'); end if;
    elsif kept.state = 'approved' and old.state <> kept.state then
      new.approved_by := coalesce(person, kept.approved_by); new.approved_at := clock_timestamp(); new.decision_reference := kept.decision_reference; new.approval_key := kept.approval_key;
      if new.approved_by is null then perform refuse_as('variation_step_by_somebody', 'Nobody is signed in.'); end if;
    elsif kept.state = 'effective' and old.state <> kept.state then
      if not exists (select from agreement_version v where v.variation_id = new.id) then perform refuse_as('variation_effective_has_version', 'Without a version nothing is effective.'); end if;
      new.effective_at := clock_timestamp();
    elsif kept.state = 'withdrawn' then
      new.withdrawn_by := coalesce(person, kept.withdrawn_by); new.withdrawn_at := clock_timestamp(); new.withdrawn_reason := kept.withdrawn_reason;
    end if;
    return new;
  end $$;
  create trigger variation_kept before insert or update on variation for each row execute function keep_variation();
`;

const entering = `
  -- Versions follow each other in number and day; one by a variation needs its approval; none falls below what is spent or committed.
  create function enter_version() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    last agreement_version;
    own agreement;
    spent bigint;
  begin
    select * into own from agreement where id = new.agreement_id for update;
    select * into last from agreement_version where agreement_id = new.agreement_id order by number desc limit 1;
    if new.number <> coalesce(last.number, 0) + 1 then perform refuse_as('agreement_version_follows', 'Versions follow each other.'); end if;
    if new.effective_from < coalesce(last.effective_from, own.starts_on) then perform refuse_as('agreement_version_days_in_order', 'It would begin before the one before it.'); end if;
    if new.effective_from > new.ends_on then perform refuse_as('agreement_version_within_agreement', 'It would begin after its end.'); end if;
    if new.variation_id is not null and not exists (select from variation v where v.id = new.variation_id and v.state = 'approved' and v.effective_from = new.effective_from) then
      perform refuse_as('agreement_version_needs_approval', 'The variation is not approved.');
    end if;
    perform from ledger where agreement_id = new.agreement_id for update;
    select sum(balance_pence) into spent from ledger_account where agreement_id = new.agreement_id and kind not in ('award', 'available');
    if new.ceiling_pence < spent then perform refuse_as('agreement_version_not_below_spent', 'Below what is spent.'); end if;
    if new.ceiling_pence < own.committed_pence then perform refuse_as('agreement_version_not_below_committed', 'Below what is committed.'); end if;
    return new;
  end $$;
  create trigger agreement_version_entered before insert on agreement_version for each row execute function enter_version();

  -- What belongs to a version is written with it.
  create function enter_part() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if not exists (select from agreement_version v where v.id = new.version_id and v.created_at = now()) then perform refuse_as('agreement_version_is_whole', 'A version is written whole.'); end if;
    if tg_table_name = 'budget_line' then
      if new.budget_pence + new.tolerance_pence < (select sum(balance_pence) from ledger_account where agreement_id = new.agreement_id and head = new.head and kind not in ('award', 'available')) then
        perform refuse_as('budget_line_not_below_spent', 'Below what is spent under the head.');
      end if;
    end if;
    return new;
  end $$;
  create trigger budget_line_entered before insert on budget_line for each row execute function enter_part();
  create trigger budget_profile_entered before insert on budget_profile for each row execute function enter_part();
  create trigger target_entered before insert on target for each row execute function enter_part();
  create trigger version_hotspot_entered before insert on version_hotspot for each row execute function enter_part();

  -- Rates of what is signed change with a version, so by two persons.
  create function keep_rate() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    agreement_key uuid := coalesce(new.agreement_id, old.agreement_id);
  begin
    if exists (select from agreement_version v where v.agreement_id = agreement_key) and not exists (select from agreement_version v where v.agreement_id = agreement_key and v.created_at = now()) then
      perform refuse_as('agreement_rate_by_variation', 'The rates are signed.');
    end if;
    return coalesce(new, old);
  end $$;
  create trigger agreement_rate_kept before insert or update or delete on agreement_rate for each row execute function keep_rate();
`;

const sums = `
  create function check_budget() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    version_key uuid;
    own agreement_version;
  begin
    if tg_table_name = 'agreement_version' then version_key := new.id; else version_key := new.version_id; end if;
    select * into own from agreement_version where id = version_key;
    if own.ceiling_pence <> (select coalesce(sum(budget_pence), 0) from budget_line where version_id = own.id) then
      perform refuse_as('budget_line_sum_is_value', 'The budgets do not add up to the value.');
    end if;
    if exists (select from budget_line l join budget_profile p using (version_id, head) where l.version_id = own.id group by l.head, l.budget_pence having sum(p.amount_pence) <> l.budget_pence) then
      perform refuse_as('budget_profile_sum_is_budget', 'The profile does not add up to the budget.');
    end if;
    if not own.overheads_agreed and exists (select from budget_line l join budget_head h on h.name = l.head where l.version_id = own.id and h.needs_agreement) then
      perform refuse_as('budget_line_overheads_agreed', 'Overheads are not agreed.');
    end if;
    if own.overheads_percent is not null and exists (select from budget_line l join budget_head h on h.name = l.head where l.version_id = own.id
      having sum(l.budget_pence) filter (where h.needs_agreement) > round(sum(l.budget_pence) filter (where not h.needs_agreement) * own.overheads_percent / 100)) then
      perform refuse_as('budget_line_overheads_within_percent', 'Overheads pass their percentage.');
    end if;
    return null;
  end $$;
  create constraint trigger budget_line_sum_is_value after insert on agreement_version deferrable initially deferred for each row execute function check_budget();
  create constraint trigger budget_line_adds_up after insert on budget_line deferrable initially deferred for each row execute function check_budget();
  create constraint trigger budget_profile_adds_up after insert on budget_profile deferrable initially deferred for each row execute function check_budget();
`;

const following = `
  create function check_follows() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    agreement_key uuid;
    follows boolean;
  begin
    if tg_table_name = 'agreement' then agreement_key := new.id; else agreement_key := new.agreement_id; end if;
    select (a.ceiling_pence, a.ends_on, a.productive_ratio) = (v.ceiling_pence, v.ends_on, v.productive_ratio) into follows
      from agreement a join agreement_version v on v.agreement_id = a.id where a.id = agreement_key order by v.number desc limit 1;
    if follows is false then perform refuse_as('agreement_follows_its_version', 'The agreement is not what its version says.'); end if;
    return null;
  end $$;
  create constraint trigger agreement_follows_its_version after update of ceiling_pence, ends_on, productive_ratio on agreement deferrable initially deferred for each row execute function check_follows();
  create constraint trigger agreement_version_followed after insert on agreement_version deferrable initially deferred for each row execute function check_follows();
`;

const conditions = `
  create function keep_condition() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    person uuid := case when current_setting('role') = 'hotspots_app' then nullif(current_setting('app.person', true), '')::uuid end;
  begin
    if tg_op = 'DELETE' then
      if old.from_version is not null then perform refuse_as('agreement_condition_is_signed', 'The condition is signed.'); end if;
      return old;
    end if;
    if tg_op = 'INSERT' then
      new.done_on := null; new.done_by := null; new.evidence := null; new.accepted_by := null; new.accepted_at := null;
      return new;
    end if;
    if old.from_version is not null and (new.kind, new.what, new.owed_by, new.due_on, new.from_version) is distinct from (old.kind, old.what, old.owed_by, old.due_on, old.from_version) then
      perform refuse_as('agreement_condition_is_signed', 'The condition is signed.');
    end if;
    if old.accepted_by is not null and (new.accepted_by, new.done_on, new.done_by, new.evidence) is distinct from (old.accepted_by, old.done_on, old.done_by, old.evidence) then
      perform refuse_as('agreement_condition_accepted_once', 'It is accepted already.');
    end if;
    if (new.done_on, new.evidence) is distinct from (old.done_on, old.evidence) and new.done_on is not null then new.done_by := coalesce(person, new.done_by); end if;
    if new.accepted_by is not null and old.accepted_by is null then
      new.accepted_by := coalesce(person, new.accepted_by);
      new.accepted_at := clock_timestamp();
    end if;
    return new;
  end $$;
  create trigger agreement_condition_kept before insert or update or delete on agreement_condition for each row execute function keep_condition();
`;

const forever = `
  create trigger agreement_version_append_only before update or delete or truncate on agreement_version for each statement execute function refuse_change();
  create trigger budget_line_append_only before update or delete or truncate on budget_line for each statement execute function refuse_change();
  create trigger budget_profile_append_only before update or delete or truncate on budget_profile for each statement execute function refuse_change();
  create trigger target_append_only before update or delete or truncate on target for each statement execute function refuse_change();
  create trigger version_hotspot_append_only before update or delete or truncate on version_hotspot for each statement execute function refuse_change();
  create trigger variation_append_only before delete or truncate on variation for each statement execute function refuse_change();
  create trigger agreement_condition_append_only before truncate on agreement_condition for each statement execute function refuse_change();
`;

// Ledgers opened before have their heads as version 1; what a ceiling has over the award stands under no head.
const fill = `
  insert into budget_head (name, describes, source, valid_from)
    select distinct head, head, 'In use in a ledger before the list', date '2020-01-01' from ledger_account on conflict do nothing;
  insert into agreement_version (agreement_id, number, effective_from, ceiling_pence, ends_on, productive_ratio, payment_basis, reason, source_kind, source_id)
    select a.id, 1, a.starts_on, a.ceiling_pence, a.ends_on, a.productive_ratio, 'cost', 'As the ledger stood when versions began', 'signed', a.id
    from agreement a join ledger l on l.agreement_id = a.id;
  insert into budget_line (version_id, agreement_id, head, budget_pence, tolerance_pence)
    select v.id, v.agreement_id, h.head, h.pence, h.tolerance from agreement_version v cross join lateral (
      select head, sum(pence)::bigint as pence, max(tolerance)::bigint as tolerance from (
        select head, balance_pence as pence, tolerance_pence as tolerance from ledger_account where agreement_id = v.agreement_id and kind <> 'award'
        union all select '', v.ceiling_pence - l.awarded_pence, 0 from ledger l where l.agreement_id = v.agreement_id) parts
      group by head having sum(pence) > 0) h;
`;
