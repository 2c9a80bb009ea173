import type { Knex } from 'knex';

/**
 * A warden's terms, all with dates: contracts (several over time), powers, leave and absence without medical detail, wishes, pairs, flags,
 * and which account is the warden's own. A warden's row keeps first day, last day and hours of the contracts, added up by a trigger.
 */
export async function up(db: Knex): Promise<void> {
  for (const part of [contracts, powers, absences, wishes, accounts, span]) await db.raw(part);
  await db.raw(`
    insert into warden_contract (id, warden_id, kind, valid_from, valid_to, contract_minutes_per_week)
      select gen_random_uuid(), id, case when employed_to is null then 'permanent' else 'fixed_term' end, employed_from, employed_to, contract_minutes_per_week from warden`);
  const ofCouncil = 'exists (select from warden w where w.id = warden_id)';
  await fence(db, 'warden_contract', ofCouncil);
  await fence(db, 'warden_power', ofCouncil);
  await fence(db, 'warden_account', 'sees_council(council_code)');
  // Why somebody is away, and with whom somebody cannot work, is the lead's; and of oneself.
  for (const table of ['warden_absence', 'warden_wish', 'warden_flag']) await fence(db, table, `${ofCouncil} and (holds_role('council_lead') or own_warden(warden_id))`);
  await fence(db, 'warden_pair', `sees_council(council_code) and holds_role('council_lead')`);
  await db.raw(rights);
}

const contracts = `
  create table warden_contract (
    id uuid primary key,
    warden_id uuid not null references warden on delete cascade,
    kind text not null constraint warden_contract_kind_known check (kind in ('permanent', 'fixed_term')),
    valid_from date not null,
    -- The first day it no longer holds; null while no end is set.
    valid_to date,
    contract_minutes_per_week integer not null constraint warden_contract_minutes_in_a_week check (contract_minutes_per_week between 0 and 10080),
    recorded_by uuid,
    recorded_at timestamptz not null default now(),
    constraint warden_contract_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint warden_contract_fixed_term_ends check (kind = 'permanent' or valid_to is not null),
    constraint warden_contract_one_a_day exclude using gist (warden_id with =, daterange(valid_from, valid_to) with &&)
  );
`;

const powers = `
  create table warden_power (
    id uuid primary key,
    warden_id uuid not null references warden on delete cascade,
    action_code text not null references action_kind,
    valid_from date not null,
    valid_to date,
    recorded_by uuid,
    recorded_at timestamptz not null default now(),
    constraint warden_power_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint warden_power_one_a_day exclude using gist (warden_id with =, action_code with =, daterange(valid_from, valid_to) with &&)
  );
  create function keep_warden_power() returns trigger language plpgsql as $$
  begin
    if exists (select from action_kind where code = new.action_code and police_only) then
      perform refuse_as('warden_power_not_police', 'Only the police hold this power.');
    end if;
    if not exists (select from action_kind where code = new.action_code and enforcement) then
      perform refuse_as('warden_power_is_enforcement', 'Nobody needs a power for this.');
    end if;
    return new;
  end $$;
  create trigger warden_power_kept before insert or update on warden_power for each row execute function keep_warden_power();
`;

const absences = `
  create table absence_kind (
    code text primary key,
    name text not null,
    position integer not null,
    describes text not null
  );
  insert into absence_kind values
    ('annual_leave', 'Annual leave', 1, 'Leave that was asked for and granted'),
    ('time_off_in_lieu', 'Time off in lieu', 2, 'For hours worked before'),
    ('other_leave', 'Other leave', 3, 'Family, public duties, unpaid leave: which is not kept'),
    ('absent', 'Absent', 4, 'Not at work; why is not kept'),
    ('training', 'Training', 5, 'On a course'),
    ('other_duty', 'Other duty', 6, 'At work for the council elsewhere'),
    ('unavailable', 'Unavailable', 7, 'Cannot work at these times');
  create table warden_absence (
    id uuid primary key,
    warden_id uuid not null references warden on delete cascade,
    kind text not null references absence_kind,
    first_day date not null,
    -- Included.
    last_day date not null,
    -- Minutes of each of the days on the local clock; null for whole days.
    from_minute smallint,
    until_minute smallint,
    recorded_by uuid,
    recorded_at timestamptz not null default now(),
    constraint warden_absence_dates_in_order check (last_day >= first_day),
    constraint warden_absence_times_in_order check ((from_minute is null) = (until_minute is null) and (from_minute is null or (from_minute >= 0 and until_minute > from_minute and until_minute <= 1440))),
    constraint warden_absence_one_a_day exclude using gist (warden_id with =, daterange(first_day, last_day, '[]') with &&) where (from_minute is null)
  );
`;

const wishes = `
  create table warden_wish (
    id uuid primary key,
    warden_id uuid not null references warden on delete cascade,
    wanted boolean not null,
    -- 1 for Monday; null for every day.
    weekday smallint constraint warden_wish_weekday_1_to_7 check (weekday between 1 and 7),
    -- The code of a shift; null for every shift.
    shift_code text,
    valid_from date not null,
    valid_to date,
    recorded_by uuid,
    recorded_at timestamptz not null default now(),
    constraint warden_wish_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint warden_wish_names_day_or_shift check (weekday is not null or shift_code is not null)
  );
  create table warden_flag (
    id uuid primary key,
    warden_id uuid not null references warden on delete cascade,
    kind text not null constraint warden_flag_kind_known check (kind in ('no_nights', 'opted_out_48')),
    -- The day an opt-out was signed.
    signed_on date,
    valid_from date not null,
    valid_to date,
    recorded_by uuid,
    recorded_at timestamptz not null default now(),
    constraint warden_flag_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint warden_flag_opt_out_signed check (kind <> 'opted_out_48' or (signed_on is not null and signed_on <= valid_from)),
    constraint warden_flag_one_a_day exclude using gist (warden_id with =, kind with =, daterange(valid_from, valid_to) with &&)
  );
  alter table warden add constraint warden_of_council unique (id, council_code);
  create table warden_pair (
    id uuid primary key,
    council_code text not null references organisation (council_code),
    first_warden uuid not null,
    second_warden uuid not null,
    rule text not null constraint warden_pair_rule_known check (rule in ('cannot', 'should_not')),
    valid_from date not null,
    valid_to date,
    recorded_by uuid,
    recorded_at timestamptz not null default now(),
    constraint warden_pair_of_two check (first_warden < second_warden),
    constraint warden_pair_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint warden_pair_first_of_council foreign key (first_warden, council_code) references warden (id, council_code) on delete cascade,
    constraint warden_pair_second_of_council foreign key (second_warden, council_code) references warden (id, council_code) on delete cascade,
    constraint warden_pair_one_a_day exclude using gist (first_warden with =, second_warden with =, daterange(valid_from, valid_to) with &&)
  );
`;

const accounts = `
  create table warden_account (
    warden_id uuid primary key,
    council_code text not null references organisation (council_code),
    person_id uuid not null constraint warden_account_of_one_warden unique references person,
    linked_by uuid,
    linked_at timestamptz not null default now(),
    constraint warden_account_warden_of_council foreign key (warden_id, council_code) references warden (id, council_code) on delete cascade
  );
  create function keep_warden_account() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if not exists (select from person p join organisation o on o.id = p.organisation_id where p.id = new.person_id and o.council_code = new.council_code) then
      perform refuse_as('warden_account_same_council', 'The account is of another council.');
    end if;
    return new;
  end $$;
  create trigger warden_account_kept before insert or update on warden_account for each row execute function keep_warden_account();
  -- True for the warden whose own account is signed in.
  create function own_warden(id uuid) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from warden_account a where a.warden_id = own_warden.id and a.person_id::text = current_setting('app.person', true))
  $$;
  -- Whose shifts a person sees: a warden sees the own ones, whoever holds more than that role everybody's of the council.
  create function sees_warden(id uuid) returns boolean language sql stable as $$
    select holds_more_than('warden') or own_warden(id)
  $$;
`;

const span = `
  -- The contracts are what is agreed; the warden's row repeats their first day, last day and latest hours.
  create function span_of_contracts() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    whose uuid := coalesce(new.warden_id, old.warden_id);
    first_day date;
    last_day date;
    minutes integer;
  begin
    if not exists (select from warden where id = whose) then return null; end if;
    select min(valid_from), case when bool_or(valid_to is null) then null else max(valid_to) end,
        (array_agg(contract_minutes_per_week order by valid_from desc))[1]
      into first_day, last_day, minutes from warden_contract where warden_id = whose;
    if first_day is null then perform refuse_as('warden_contract_one_stays', 'A warden has at least one contract.'); end if;
    update warden set employed_from = first_day, employed_to = last_day, contract_minutes_per_week = minutes
      where id = whose and (employed_from, employed_to, contract_minutes_per_week) is distinct from (first_day, last_day, minutes);
    return null;
  end $$;
  create trigger warden_contract_spans after insert or update or delete on warden_contract for each row execute function span_of_contracts();

  -- Whoever enters a warden enters the first contract; dates changed on the row change it while it is the only one.
  create function contract_of_warden() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if tg_op = 'INSERT' then
      insert into warden_contract (id, warden_id, kind, valid_from, valid_to, contract_minutes_per_week)
        values (gen_random_uuid(), new.id, case when new.employed_to is null then 'permanent' else 'fixed_term' end, new.employed_from, new.employed_to, new.contract_minutes_per_week);
    elsif (new.employed_from, new.employed_to, new.contract_minutes_per_week) is distinct from (old.employed_from, old.employed_to, old.contract_minutes_per_week) and pg_trigger_depth() = 1 then
      if (select count(*) from warden_contract where warden_id = new.id) > 1 then
        perform refuse_as('warden_has_contracts', 'The warden has several contracts.');
      end if;
      update warden_contract set valid_from = new.employed_from, valid_to = new.employed_to, contract_minutes_per_week = new.contract_minutes_per_week,
        kind = case when new.employed_to is null then 'permanent' else kind end where warden_id = new.id;
    end if;
    return null;
  end $$;
  create trigger warden_has_contract after insert or update on warden for each row execute function contract_of_warden();
`;

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select, insert, update, delete on ${table} to hotspots_app, hotspots_service`);
}

const rights = `
  revoke all on absence_kind from hotspots_app, hotspots_service, hotspots_sign_in;
  grant select on absence_kind to hotspots_app, hotspots_service;
`;
