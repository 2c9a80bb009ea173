import type { Knex } from 'knex';

/** Alerts of patrols that lag behind their plan, and the priorities of each hotspot. */
export async function up(db: Knex): Promise<void> {
  for (const part of [alerts, priorities]) await db.raw(part);
  await fence(db, 'delivery_alert', 'sees_council(council_code)');
  await fence(db, 'hotspot_priority', 'exists (select from hotspot h where h.id = hotspot_id)');
  await db.raw(rights);
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

const alerts = `
  create table delivery_alert (
    id uuid primary key,
    council_code text not null references organisation (council_code),
    -- Null for the council as a whole.
    hotspot_id uuid references hotspot,
    kind text not null constraint delivery_alert_kind_known check (kind in ('gap', 'week', 'silent')),
    raised_on date not null,
    raised_at timestamptz not null default now(),
    -- The last visit before it was raised, or the day visits were to begin; for a week its Monday.
    since_on date not null,
    -- Days without a visit, or for a week the share of the plan, and the threshold it passed.
    found numeric(8, 3) not null,
    threshold numeric(8, 3) not null,
    -- Set when the visit came, the week was made up or is over, or nothing is owed any more.
    ended_on date,
    ended_by text constraint delivery_alert_ended_by_known check (ended_by in ('visit', 'caught up', 'week over', 'not live')),
    acknowledged_by uuid,
    acknowledged_at timestamptz,
    acknowledged_reason text,
    constraint delivery_alert_of_hotspot_or_council check ((kind = 'gap') = (hotspot_id is not null)),
    constraint delivery_alert_ends_after_it_began check (ended_on is null or ended_on >= raised_on),
    constraint delivery_alert_end_says_why check ((ended_on is null) = (ended_by is null)),
    constraint delivery_alert_acknowledged_with_reason check ((acknowledged_by is null) = (acknowledged_reason is null) and (acknowledged_reason is null or length(btrim(acknowledged_reason)) > 0))
  );
  create unique index delivery_alert_one_stands on delivery_alert (council_code, kind, coalesce(hotspot_id, '00000000-0000-0000-0000-000000000000'::uuid)) where ended_on is null;
  create unique index delivery_alert_once_for_each_cause on delivery_alert (council_code, kind, coalesce(hotspot_id, '00000000-0000-0000-0000-000000000000'::uuid), since_on);

  -- Raised once, acknowledged once by who is signed in, ended once; nothing else of it changes.
  create function keep_delivery_alert() returns trigger language plpgsql as $$
  declare
    person uuid := case when current_setting('role') = 'hotspots_app' then nullif(current_setting('app.person', true), '')::uuid end;
  begin
    if (new.id, new.council_code, new.hotspot_id, new.kind, new.raised_on, new.raised_at, new.since_on, new.found, new.threshold)
      is distinct from (old.id, old.council_code, old.hotspot_id, old.kind, old.raised_on, old.raised_at, old.since_on, old.found, old.threshold) then
      perform refuse_as('delivery_alert_stays', 'What raised an alert is never changed.');
    end if;
    if old.ended_on is not null and (new.ended_on, new.ended_by) is distinct from (old.ended_on, old.ended_by) then perform refuse_as('delivery_alert_ended_once', 'The alert ended already.'); end if;
    if (new.acknowledged_by, new.acknowledged_reason) is distinct from (old.acknowledged_by, old.acknowledged_reason) then
      if old.acknowledged_by is not null then perform refuse_as('delivery_alert_acknowledged_once', 'The alert was acknowledged already.'); end if;
      new.acknowledged_by := coalesce(person, new.acknowledged_by);
      new.acknowledged_at := clock_timestamp();
    else
      new.acknowledged_at := old.acknowledged_at;
    end if;
    return new;
  end $$;
  create trigger delivery_alert_kept before update on delivery_alert for each row execute function keep_delivery_alert();
  create trigger delivery_alert_append_only before delete or truncate on delivery_alert for each statement execute function refuse_change();

  -- The visit an alert waited for ends it, whichever way it was recorded.
  create function visit_ends_delivery_alert() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    update delivery_alert a set ended_on = greatest(a.raised_on, n.visited_on), ended_by = 'visit'
      from (select hotspot_id, council_code, max(visited_on) as visited_on from arrived group by 1, 2) n
      where a.ended_on is null and n.visited_on > a.since_on and ((a.kind = 'gap' and a.hotspot_id = n.hotspot_id) or (a.kind = 'silent' and a.council_code = n.council_code));
    return null;
  end $$;
  create trigger visit_ends_alert after insert on visit referencing new table as arrived for each statement execute function visit_ends_delivery_alert();
`;

const priorities = `
  -- What a crew does first at a hotspot: at most three short texts at a time, each with its days. One that is over stays.
  create table hotspot_priority (
    id uuid primary key,
    hotspot_id uuid not null references hotspot,
    position smallint not null constraint hotspot_priority_1_to_3 check (position between 1 and 3),
    words text not null constraint hotspot_priority_says_something check (length(btrim(words)) > 0),
    from_on date not null,
    -- The first day it no longer holds.
    until_on date,
    set_by uuid,
    set_at timestamptz not null default now(),
    constraint hotspot_priority_dates_in_order check (until_on is null or until_on > from_on),
    constraint hotspot_priority_one_a_place_a_day exclude using gist (hotspot_id with =, position with =, daterange(from_on, until_on) with &&)
  );
  create trigger hotspot_priority_append_only before truncate on hotspot_priority for each statement execute function refuse_change();
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
  grant update (acknowledged_by, acknowledged_reason) on delivery_alert to hotspots_app;
  grant insert, update (ended_on, ended_by) on delivery_alert to hotspots_service;
  grant insert, update (until_on), delete on hotspot_priority to hotspots_app, hotspots_service;
`;

const settings: readonly (readonly [name: string, value: number, unit: string, describes: string, source: string])[] = [
  ['delivery_alert_gap_days', 4, 'days', 'A live hotspot without a visit for more days than this raises an alert', 'Barnes and others 2020 (Perth): the effect of a daily visit holds four days, then reverses'],
  ['delivery_alert_week_share', 0.5, 'share', 'A council that has delivered less than this share of its week’s planned person-minutes by the day below raises an alert', 'Planning rule: by the end of Thursday four sevenths of a week are gone'],
  ['delivery_alert_week_day', 4, 'day of the week', 'The day by whose end the share is looked at; 1 is Monday', 'Planning rule: Thursday leaves the weekend to catch up'],
  ['delivery_alert_silent_days', 7, 'days', 'A council from which no visit at all was recorded for more days than this raises an alert', 'Planning rule: a week without a record is a record that stopped, or patrols that did'],
];
