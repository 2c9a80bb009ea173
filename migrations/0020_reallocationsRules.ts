import type { Knex } from 'knex';

/** What keeps a reallocation true: it sums to zero, stays in one fund, takes nobody below what is spent, and each step is made once by who may. */
export async function up(db: Knex): Promise<void> {
  for (const part of [steps, adding, sums, answering, forever]) await db.raw(part);
}

const steps = `
  -- Who proposes and who approves is who is signed in, whatever is written.
  create function keep_reallocation() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    kept reallocation := new;
    by_rows boolean := pg_trigger_depth() > 1;
  begin
    if tg_op = 'INSERT' then
      if new.state <> 'proposed' then perform refuse_as('reallocation_starts_as_proposed', 'A reallocation starts as proposed.'); end if;
      new.proposed_by := coalesce(signed_in_person(), new.proposed_by);
      new.approved_by := null;
      perform from fund where id = new.fund_id for no key update;
      select coalesce(max(number), 0) + 1 into new.number from reallocation where fund_id = new.fund_id;
      return new;
    end if;
    if old.state in ('effective', 'refused', 'withdrawn') then perform refuse_as('reallocation_is_settled', 'The reallocation is settled.'); end if;
    if (new.id, new.fund_id, new.kind, new.number, new.effective_from, new.reason) is distinct from (old.id, old.fund_id, old.kind, old.number, old.effective_from, old.reason) then
      perform refuse_as('reallocation_is_fixed', 'What was proposed is not changed.');
    end if;
    if new.state <> old.state and new.state <> 'withdrawn' and not (by_rows and new.state = 'refused') and (old.state, new.state) not in (('proposed', 'agreed'), ('agreed', 'approved'), ('approved', 'effective')) then
      perform refuse_as('reallocation_steps_in_order', 'A reallocation is proposed, agreed, approved, effective.');
    end if;
    new := old;
    new.state := kept.state;
    if kept.state = 'agreed' and old.state = 'proposed' then
      if exists (select from reallocation_party where reallocation_id = old.id and agreed_by is null) then perform refuse_as('reallocation_agreed_by_all', 'Not everybody has agreed.'); end if;
      new.agreed_at := clock_timestamp();
    elsif kept.state = 'approved' and old.state = 'agreed' then
      new.approved_by := coalesce(signed_in_person(), kept.approved_by);
      if new.approved_by is null then perform refuse_as('reallocation_approved_by_somebody', 'Nobody is signed in.'); end if;
      new.approved_at := clock_timestamp();
      new.decision_reference := kept.decision_reference; new.funder_consent := kept.funder_consent; new.funder_consent_on := kept.funder_consent_on;
    elsif kept.state = 'effective' and old.state = 'approved' then
      perform check_effect(new.id);
      new.effective_at := clock_timestamp();
    elsif kept.state = 'withdrawn' then
      new.withdrawn_by := coalesce(signed_in_person(), kept.withdrawn_by); new.withdrawn_at := clock_timestamp(); new.withdrawn_reason := kept.withdrawn_reason;
    end if;
    return new;
  end $$;
  create trigger reallocation_kept before insert or update on reallocation for each row execute function keep_reallocation();

  -- In effect: every agreement has the version that carries it, and all reallocations together stay within the limit.
  create function check_effect(wanted uuid) returns void language plpgsql as $$
  begin
    if exists (select from reallocation_party p where p.reallocation_id = wanted and not exists (
      select from agreement_version v where v.agreement_id = p.agreement_id and (v.source_id = wanted or (p.value_pence = 0 and v.number = 1)))) then
      perform refuse_as('reallocation_effective_has_versions', 'Without its versions nothing is effective.');
    end if;
    if exists (select from reallocation_party p join agreement a on a.id = p.agreement_id where p.reallocation_id = wanted
      and abs(a.ceiling_pence - signed_value(a.id)) * 100 > signed_value(a.id) * p.limit_percent) then
      perform refuse_as('reallocation_party_within_limit', 'Together they pass the limit.');
    end if;
  end $$;
  -- The amount last signed or varied; 0 while an agreement has no money yet.
  create function signed_value(wanted uuid) returns bigint language sql stable as $$
    select coalesce((select ceiling_pence from agreement_version where agreement_id = wanted and source_kind in ('signed', 'variation') order by number desc limit 1),
      (select ceiling_pence from agreement where id = wanted))
  $$;
`;

const adding = `
  -- A head's budget: of the last version; without one, what the ledger gave it, the rest of the ceiling under no head.
  create function head_budget(wanted uuid, of_head text) returns bigint language sql stable as $$
    select case when exists (select from agreement_version where agreement_id = wanted)
      then coalesce((select budget_pence from budget_line where head = of_head and version_id = (select id from agreement_version where agreement_id = wanted order by number desc limit 1)), 0)
      else coalesce((select sum(balance_pence) from ledger_account where agreement_id = wanted and kind <> 'award' and head = of_head), 0)::bigint
        + case when of_head = '' then (select ceiling_pence from agreement where id = wanted) - coalesce((select awarded_pence from ledger where agreement_id = wanted), 0) else 0 end end
  $$;
  create function spent_under(wanted uuid, of_head text default null) returns bigint language sql stable as $$
    select coalesce(sum(balance_pence), 0)::bigint from ledger_account where agreement_id = wanted and kind not in ('award', 'available') and head = coalesce(of_head, head)
  $$;

  create function enter_line() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if exists (select from reallocation_party where reallocation_id = new.reallocation_id) then perform refuse_as('reallocation_is_whole', 'A reallocation is entered whole.'); end if;
    new.budget_pence := head_budget(new.agreement_id, new.head);
    if new.amount_pence < 0 and new.budget_pence + new.amount_pence between 0 and spent_under(new.agreement_id, new.head) - 1 then
      perform refuse_as('reallocation_line_not_below_spent', 'Below what is spent under the head.');
    end if;
    return new;
  end $$;
  create trigger reallocation_line_entered before insert on reallocation_line for each row execute function enter_line();

  -- The lines come in one statement; from them the database adds up whose money changes.
  create function add_parties() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    own reallocation;
    party record;
  begin
    select r.* into own from reallocation r where r.id = (select reallocation_id from entered limit 1);
    if own.state <> 'proposed' or own.proposed_at <> now() then perform refuse_as('reallocation_is_whole', 'A reallocation is entered whole.'); end if;
    for party in
      select e.agreement_id, a.fund_id, a.state, a.ceiling_pence, a.committed_pence, a.starts_on, a.ends_on, sum(e.amount_pence)::bigint as net,
        least(coalesce(sum(e.amount_pence) filter (where e.amount_pence > 0), 0), -coalesce(sum(e.amount_pence) filter (where e.amount_pence < 0), 0))::bigint as moved
      from entered e join agreement a on a.id = e.agreement_id group by e.agreement_id, a.fund_id, a.state, a.ceiling_pence, a.committed_pence, a.starts_on, a.ends_on order by e.agreement_id loop
      if party.fund_id <> own.fund_id then perform refuse_as('reallocation_one_fund', 'Money stays in its fund.'); end if;
      if party.state in ('closing', 'closed') then perform refuse_as('reallocation_of_running_agreements', 'The agreement is closing or closed.'); end if;
      if own.effective_from not between party.starts_on and party.ends_on then perform refuse_as('reallocation_within_agreements', 'The day is outside an agreement.'); end if;
      if exists (select from agreement_version v where v.agreement_id = party.agreement_id and v.effective_from > own.effective_from) then perform refuse_as('reallocation_after_last_version', 'A later version is there.'); end if;
      if party.ceiling_pence + party.net < spent_under(party.agreement_id) then perform refuse_as('reallocation_party_not_below_spent', 'Below what is spent.'); end if;
      if party.ceiling_pence + party.net < party.committed_pence then perform refuse_as('reallocation_party_not_below_committed', 'Below what is committed.'); end if;
      insert into reallocation_party (reallocation_id, agreement_id, ceiling_pence, net_pence, moved_pence, value_pence, limit_percent)
        values (own.id, party.agreement_id, party.ceiling_pence, party.net, party.moved, signed_value(party.agreement_id),
          (select (value #>> '{}')::numeric from setting where name = 'reallocation_limit_percent' and daterange(valid_from, valid_to) @> own.effective_from));
    end loop;
    if (own.kind = 'virement') <> ((select count(*) from reallocation_party where reallocation_id = own.id) = 1) then
      perform refuse_as('reallocation_kind_fits', 'A virement is of one agreement, a reallocation of several.');
    end if;
    return null;
  end $$;
  create trigger reallocation_line_parties after insert on reallocation_line referencing new table as entered for each statement execute function add_parties();
`;

const sums = `
  create function check_reallocation_sum() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    wanted uuid;
  begin
    if tg_table_name = 'reallocation' then wanted := new.id; else wanted := new.reallocation_id; end if;
    if (select count(*) < 2 or sum(amount_pence) <> 0 from reallocation_line where reallocation_id = wanted) then perform refuse_as('reallocation_sums_to_zero', 'What is given is not what is taken.'); end if;
    return null;
  end $$;
  create constraint trigger reallocation_sums_to_zero after insert on reallocation deferrable initially deferred for each row execute function check_reallocation_sum();
  create constraint trigger reallocation_lines_sum_to_zero after insert on reallocation_line deferrable initially deferred for each row execute function check_reallocation_sum();
`;

const answering = `
  -- A body answers once, by a person of its own; once all agreed the reallocation is agreed, once one refused it is refused.
  create function keep_party() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    person_key uuid;
    reason text := new.refused_reason;
    own reallocation;
  begin
    select * into own from reallocation where id = old.reallocation_id for update;
    if old.agreed_by is not null or old.refused_by is not null or own.state <> 'proposed' then perform refuse_as('reallocation_party_answers_once', 'It was answered, or is settled.'); end if;
    person_key := coalesce(signed_in_person(), new.agreed_by);
    if not exists (select from person p join organisation o on o.id = p.organisation_id join agreement a on a.council_code = o.council_code where p.id = person_key and a.id = old.agreement_id) then
      perform refuse_as('reallocation_party_agreed_by_its_own', 'Somebody of the body itself answers.');
    end if;
    new := old;
    if reason is null then
      new.agreed_by := person_key; new.agreed_at := clock_timestamp();
    else
      new.refused_by := person_key; new.refused_at := clock_timestamp(); new.refused_reason := reason;
    end if;
    return new;
  end $$;
  create trigger reallocation_party_kept before update on reallocation_party for each row execute function keep_party();
  create function follow_answers() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if new.refused_by is not null then update reallocation set state = 'refused' where id = new.reallocation_id;
    elsif not exists (select from reallocation_party where reallocation_id = new.reallocation_id and agreed_by is null) then update reallocation set state = 'agreed' where id = new.reallocation_id;
    end if;
    return null;
  end $$;
  create trigger reallocation_party_answered after update on reallocation_party for each row execute function follow_answers();
`;

const forever = `
  -- Locks ledgers by id, as everybody who posts to several takes them.
  create function lock_ledgers(wanted uuid[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    perform from ledger l join agreement a on a.id = l.agreement_id
      where l.agreement_id = any (wanted) and (current_setting('role') <> 'hotspots_app' or (sees_council(a.council_code) and sees_agreement(a.id))) order by l.agreement_id for update of l;
  end $$;
  revoke execute on function lock_ledgers(uuid[]) from public;
  grant execute on function lock_ledgers(uuid[]) to hotspots_app, hotspots_service;
  -- A poster holds its ledger and looks at the key of its agreement; whoever holds the agreement and wants the ledger must let it.
  do $$ begin
    execute replace(pg_get_functiondef('enter_version()'::regprocedure), 'from agreement where id = new.agreement_id for update', 'from agreement where id = new.agreement_id for no key update');
  end $$;

  create trigger reallocation_append_only before delete or truncate on reallocation for each statement execute function refuse_change();
  create trigger reallocation_line_append_only before update or delete or truncate on reallocation_line for each statement execute function refuse_change();
  create trigger reallocation_party_append_only before delete or truncate on reallocation_party for each statement execute function refuse_change();
  create trigger reallocation_figure_append_only before update or delete or truncate on reallocation_figure for each statement execute function refuse_change();
`;
