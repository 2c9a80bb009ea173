import type { Knex } from 'knex';

/** What the hours check goes by: wardens' clearances with their dates, its settings, and what was decided about minutes it refuses. */
export async function up(db: Knex): Promise<void> {
  await db.raw(clearances);
  await db.raw(decisions);
  await fence(db, 'warden_clearance', 'exists (select from warden w where w.id = warden_id)');
  await fence(db, 'hours_decision', 'exists (select from agreement a where a.id = agreement_id)');
  await db.raw(rights);
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

const clearances = `
  create table warden_clearance (
    id uuid primary key,
    warden_id uuid not null references warden,
    kind text not null constraint warden_clearance_kind_known check (kind in ('vetting', 'training', 'accreditation')),
    valid_from date not null,
    -- The first day it no longer holds; null while no end is set.
    valid_to date,
    recorded_by uuid,
    recorded_at timestamptz not null default now(),
    constraint warden_clearance_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint warden_clearance_one_a_day exclude using gist (warden_id with =, kind with =, daterange(valid_from, valid_to) with &&)
  );
`;

const decisions = `
  -- Refused minutes that a council explained, and what a second person made of it; or a visit that was corrected because of them.
  create table hours_decision (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    visit_id uuid not null references visit,
    -- Empty for everybody on the visit.
    person text not null,
    reason text not null constraint hours_decision_reason_named check (length(reason) > 0),
    day date not null,
    from_at timestamptz not null,
    to_at timestamptz not null,
    -- The visit as it was: a corrected one is judged anew.
    fingerprint text not null,
    minutes integer not null constraint hours_decision_minutes_over_zero check (minutes > 0),
    state text not null default 'explained' constraint hours_decision_state_known check (state in ('explained', 'accepted', 'declined', 'corrected')),
    explanation text not null constraint hours_decision_explained check (length(btrim(explanation)) > 0),
    explained_by uuid not null,
    explained_at timestamptz not null default now(),
    decided_by uuid,
    decided_at timestamptz,
    decided_why text,
    constraint hours_decision_times_in_order check (to_at > from_at),
    constraint hours_decision_decided_whole check ((state in ('accepted', 'declined')) = (decided_by is not null)),
    constraint hours_decision_has_why check (decided_by is null or length(btrim(coalesce(decided_why, ''))) > 0),
    constraint hours_decision_preparer_is_not_approver check (decided_by <> explained_by)
  );
  create unique index hours_decision_one_at_a_time on hours_decision (visit_id, person, reason, from_at, to_at, fingerprint) where state in ('explained', 'accepted');
  create index hours_decision_agreement on hours_decision (agreement_id, day);

  -- Who explains and who decides is who is signed in, whatever is written; decided once.
  create function keep_hours_decision() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    person uuid := case when current_setting('role') = 'hotspots_app' then nullif(current_setting('app.person', true), '')::uuid end;
  begin
    if tg_op = 'INSERT' then
      if new.state not in ('explained', 'corrected') then perform refuse_as('hours_decision_starts_explained', 'Minutes are explained before they are accepted.'); end if;
      new.explained_by := coalesce(person, new.explained_by);
      return new;
    end if;
    if old.state <> 'explained' or new.state not in ('accepted', 'declined') then perform refuse_as('hours_decision_once', 'An explanation is decided on once.'); end if;
    old.state := new.state;
    old.decided_by := coalesce(person, new.decided_by);
    old.decided_at := clock_timestamp();
    old.decided_why := new.decided_why;
    return old;
  end $$;
  create trigger hours_decision_kept before insert or update on hours_decision for each row execute function keep_hours_decision();
  create trigger hours_decision_append_only before delete or truncate on hours_decision for each statement execute function refuse_change();
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
  grant insert, delete, update (kind, valid_from, valid_to) on warden_clearance to hotspots_app, hotspots_service;
  grant insert (id, agreement_id, visit_id, person, reason, day, from_at, to_at, fingerprint, minutes, state, explanation, explained_by),
    update (state, decided_by, decided_why) on hours_decision to hotspots_app, hotspots_service;
`;

/** Name, value, unit, what it is, and where it comes from. */
const settings: readonly [string, number | string | boolean, string, string, string][] = [
  ['hours_clearances', 'vetting;training', 'clearances', 'What a warden must hold on the day for an hour to be paid: vetting, training, accreditation, with ; between', 'Grant agreements: wardens are vetted and trained before they patrol'],
  ['hours_unnamed', 'cover', 'rule', 'Persons on a visit who are not named: cover (paid while as many cleared wardens are not known to be elsewhere at that minute), pay, or refuse', 'Office policy: nobody is paid beyond the wardens a council has'],
  ['hours_paid_staff', 'warden;other', 'staff', 'Staff an agreement pays for, with ; between; the police pay for their own', 'Grant agreements with councils: council staff only'],
  ['hours_daily_minutes', 480, 'minutes', 'Most minutes of one person paid in a day, where no rota says how long the shift is', 'Five shifts or 40 hours in seven days: eight hours a shift'],
  ['hours_shared_reference', true, 'yes or no', 'Whether visits of two councils under one patrol reference at one time are taken for one patrol, paid to one of them', 'Grant agreements: a joint patrol is not claimed by two bodies'],
  ['hours_head', 'Wardens', 'budget head', 'The budget head that hours are claimed under, where the agreement has it; else its only or first head', 'Budget heads of the agreements: pay of wardens on patrol'],
];
