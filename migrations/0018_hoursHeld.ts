import type { Knex } from 'knex';

/**
 * The minutes that stand behind a claim on verified hours. From its submission on they are held: no other claim may have a minute of the
 * same person, whatever agreement it is under, and the visits they come from stay as they are.
 */
export async function up(db: Knex): Promise<void> {
  for (const part of [hours, holding, visits, joint, rights]) await db.raw(part);
}

const hours = `
  create table claim_hours (
    claim_id uuid not null,
    agreement_id uuid not null,
    visit_id uuid not null constraint claim_hours_of_visit references visit,
    -- Who was there: a warden by id, or the n-th person not named of a patrol.
    person text not null,
    -- The local day of the minutes.
    day date not null,
    from_at timestamptz not null,
    to_at timestamptz not null,
    head text not null,
    band text not null,
    pence_per_hour bigint not null constraint claim_hours_rate_over_zero check (pence_per_hour > 0),
    minutes integer generated always as ((extract(epoch from (to_at - from_at)) / 60)::integer) stored,
    held boolean not null default false,
    primary key (claim_id, person, from_at),
    constraint claim_hours_of_claim foreign key (agreement_id, claim_id) references claim (agreement_id, id),
    constraint claim_hours_times_in_order check (to_at > from_at),
    constraint claim_hours_whole_minutes check (mod(extract(epoch from (to_at - from_at)), 60) = 0),
    constraint claim_hours_minute_claimed_once exclude using gist (person with =, tstzrange(from_at, to_at) with &&) where (held),
    constraint claim_hours_minute_once_in_claim exclude using gist (claim_id with =, person with =, tstzrange(from_at, to_at) with &&)
  );
  create index claim_hours_visit on claim_hours (visit_id);
  alter table claim_hours enable row level security;
  create policy claim_hours_fence on claim_hours to hotspots_app using (exists (select from agreement a where a.id = agreement_id)) with check (exists (select from agreement a where a.id = agreement_id));
  create policy claim_hours_service on claim_hours to hotspots_service using (true) with check (true);
`;

const holding = `
  create function keep_claim_hours() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    of_claim claim;
  begin
    if tg_op = 'UPDATE' then
      if pg_trigger_depth() < 2 then perform refuse_as('claim_hours_follow_claim', 'Minutes are held and let go by their claim.'); end if;
      return new;
    end if;
    -- The claim's row is locked, so that no minute slips in beside a submission.
    select * into of_claim from claim where id = coalesce(new.claim_id, old.claim_id) for update;
    if of_claim.state <> 'draft' then perform refuse_as('claim_hours_only_in_draft', 'Minutes change in a draft only.'); end if;
    if tg_op = 'INSERT' then new.held := false; end if;
    return coalesce(new, old);
  end $$;
  create trigger claim_hours_kept before insert or update or delete on claim_hours for each row execute function keep_claim_hours();
  create trigger claim_hours_append_only before truncate on claim_hours for each statement execute function refuse_change();

  -- A claim on verified hours claims the minutes that stand behind it, by head and rate, and no others; they are held while it stands.
  create function hold_claim_hours() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if new.state = 'submitted' and old.state = 'draft' and new.basis = 'hours' and exists (
      select from (select head, pence_per_hour, sum(minutes) as minutes from claim_line where claim_id = new.id group by 1, 2) l
      full join (select head, pence_per_hour, sum(minutes) as minutes from claim_hours where claim_id = new.id group by 1, 2) h using (head, pence_per_hour)
      where l.minutes is distinct from h.minutes) then
      perform refuse_as('claim_hours_stand_behind_lines', 'The lines are not the verified minutes.');
    end if;
    update claim_hours set held = new.state not in ('draft', 'withdrawn', 'refused') where claim_id = new.id and held <> (new.state not in ('draft', 'withdrawn', 'refused'));
    return null;
  end $$;
  create trigger claim_holds_hours after update of state on claim for each row when (new.state <> old.state) execute function hold_claim_hours();
`;

const visits = `
  -- A visit whose minutes a claim holds stays; one that stands in drafts leaves them, so that they are filled again.
  create function keep_claimed_visit() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if tg_op = 'UPDATE' and (new.hotspot_id, new.started_at, new.ended_at, new.staff_category, new.persons, new.patrol_reference, new.council_code)
      is not distinct from (old.hotspot_id, old.started_at, old.ended_at, old.staff_category, old.persons, old.patrol_reference, old.council_code) then return new; end if;
    if exists (select from claim_hours where visit_id = old.id and held) then perform refuse_as('visit_stands_in_claim', 'A claim holds minutes of the visit.'); end if;
    delete from claim_hours h using claim c where h.visit_id = old.id and c.id = h.claim_id and c.state = 'draft';
    return coalesce(new, old);
  end $$;
  create trigger visit_stands_in_claim before update or delete on visit for each row execute function keep_claimed_visit();
  create function keep_claimed_wardens() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if exists (select from claim_hours where visit_id = old.visit_id and held) then perform refuse_as('visit_stands_in_claim', 'A claim holds minutes of the visit.'); end if;
    delete from claim_hours h using claim c where h.visit_id = old.visit_id and c.id = h.claim_id and c.state = 'draft';
    return coalesce(new, old);
  end $$;
  create trigger visit_warden_stands_in_claim before update or delete on visit_warden for each row execute function keep_claimed_wardens();
`;

const joint = `
  create function may_see_council(code text) returns boolean language sql stable as $$
    select current_setting('role') <> 'hotspots_app' or sees_council(code)
  $$;
  -- Visits of other councils under the patrol reference of one of this council's, at the same time. Whose they are is told to those who may see it.
  create function joint_patrols(council text, first_day date, last_day date)
  returns table (visit_id uuid, other_visit_id uuid, other_council text, from_at timestamptz, to_at timestamptz, first boolean, claim text)
  language sql stable security definer set search_path = public, pg_temp as $$
    select v.id, case when may_see_council(o.council_code) then o.id end, case when may_see_council(o.council_code) then org.name else 'Another council' end,
      o.started_at, o.ended_at, (o.recorded_at, o.council_code) < (v.recorded_at, v.council_code),
      (select case when may_see_council(o.council_code) then 'claim ' || c.number || ' of ' || a.reference else 'a claim of its own' end
       from claim_hours h join claim c on c.id = h.claim_id join agreement a on a.id = c.agreement_id where h.visit_id = o.id and h.held order by c.submitted_at limit 1)
    from visit v join visit o on lower(o.patrol_reference) = lower(v.patrol_reference) and o.council_code <> v.council_code and o.staff_category = v.staff_category
      and o.started_at < v.ended_at and o.ended_at > v.started_at
    join organisation org on org.council_code = o.council_code
    where v.council_code = council and may_see_council(council) and v.visited_on between first_day - 1 and last_day and o.visited_on between first_day - 2 and last_day + 1
  $$;
`;

const rights = `
  revoke all on claim_hours from hotspots_app, hotspots_service, hotspots_sign_in;
  grant select, delete, insert (claim_id, agreement_id, visit_id, person, day, from_at, to_at, head, band, pence_per_hour) on claim_hours to hotspots_app, hotspots_service;
  revoke execute on function joint_patrols from public;
  grant execute on function joint_patrols to hotspots_app, hotspots_service;
`;
