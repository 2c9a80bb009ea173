import type { Knex } from 'knex';

/**
 * A council's month on its way into the return: sections as data, the steps of each, figures confirmed or corrected, words, uploads,
 * and what was said of each conflict. Everything but an upload's own state only grows.
 */
export async function up(db: Knex): Promise<void> {
  for (const part of [sections, steps, entries, uploads]) await db.raw(part);
  for (const table of ['section_step', 'collected_figure', 'collected_text', 'flag_explanation', 'return_upload']) await fence(db, table, `sees_council(coalesce(council_code, ''))`);
  await fence(db, 'return_section', 'true');
  await db.raw(rights);
  await db('return_section').insert(builtIn.map(([code, name, kind, fields, about], index) => ({ code, name, kind, fields, about, position: index + 1, valid_from: '2023-04-01' })));
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

const sections = `
  create table return_section (
    code text not null constraint return_section_code_plain check (code ~ '^[a-z_]{1,40}$'),
    name text not null,
    kind text not null constraint return_section_kind_known check (kind in ('figures', 'money', 'words')),
    -- Fields of the definition it asks for; those no section names are asked for in the first one.
    fields text[] not null,
    about text not null,
    position integer not null,
    valid_from date not null,
    valid_to date,
    primary key (code, valid_from),
    constraint return_section_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint return_section_one_a_day exclude using gist (code with =, daterange(valid_from, valid_to) with &&)
  );
`;

const steps = `
  create table section_step (
    position bigint generated always as identity primary key,
    month date not null constraint section_step_month_is_first_day check (extract(day from month) = 1),
    council_code text not null references organisation (council_code),
    section text not null,
    step text not null constraint section_step_known check (step in ('readied', 'reopened', 'submitted', 'accepted', 'changesRequested')),
    reason text not null default '',
    taken_by uuid,
    taken_at timestamptz not null,
    -- Who submitted the section that is accepted.
    submitted_by uuid,
    constraint section_step_reason_given check (step not in ('changesRequested', 'reopened') or length(btrim(reason)) > 0),
    constraint section_step_submitter_is_not_accepter check (step <> 'accepted' or submitted_by is null or taken_by is distinct from submitted_by)
  );
  create index section_step_of on section_step (month, council_code, section, position);
  create trigger section_step_append_only before update or delete or truncate on section_step for each statement execute function refuse_change();

  -- One section's steps stand one after the other, also when two people take them at once.
  create function enter_section_step() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    latest section_step;
  begin
    if current_setting('role') = 'hotspots_app' then new.taken_by := nullif(current_setting('app.person', true), '')::uuid; end if;
    perform pg_advisory_xact_lock(hashtextextended('section ' || new.month || new.council_code || new.section, 0));
    select * into latest from section_step where month = new.month and council_code = new.council_code and section = new.section order by position desc limit 1;
    if new.step = 'readied' and coalesce(latest.step, 'reopened') not in ('reopened', 'changesRequested')
      or new.step = 'submitted' and coalesce(latest.step, '') <> 'readied'
      or new.step = 'reopened' and coalesce(latest.step, '') not in ('readied', 'submitted')
      or new.step in ('accepted', 'changesRequested') and coalesce(latest.step, '') not in ('submitted', 'accepted')
      or new.step = 'accepted' and latest.step = 'accepted' then
      perform refuse_as('section_step_in_order', 'The section is not at that step.');
    end if;
    new.submitted_by := case when new.step = 'accepted' then latest.taken_by end;
    return new;
  end $$;
  create trigger section_step_entered before insert on section_step for each row execute function enter_section_step();
`;

const entries = `
  create table collected_figure (
    position bigint generated always as identity primary key,
    month date not null constraint collected_figure_month_is_first_day check (extract(day from month) = 1),
    council_code text not null references organisation (council_code),
    field text not null,
    -- The part of a breakdown, a budget head; empty for all of it.
    part text not null default '',
    -- What the service counted when it was confirmed, and what the council says; null where there is no figure.
    counted numeric,
    value numeric,
    -- Hotspot id -> what the council says of it, where it differs.
    hotspots jsonb not null default '{}',
    reason text not null default '',
    explanation text not null default '',
    origin text not null constraint collected_figure_origin_known check (origin in ('page', 'workbook', 'csv')),
    upload_id uuid,
    recorded_by uuid,
    recorded_at timestamptz not null,
    constraint collected_figure_correction_has_reason check ((value is not distinct from counted and hotspots = '{}') or length(btrim(reason)) > 0)
  );
  create index collected_figure_of on collected_figure (month, council_code, field, part, position desc);
  create table collected_text (
    position bigint generated always as identity primary key,
    month date not null constraint collected_text_month_is_first_day check (extract(day from month) = 1),
    -- Null for the office's own words on the whole return.
    council_code text references organisation (council_code),
    kind text not null constraint collected_text_kind_known check (kind in ('narrative', 'risks', 'issues', 'finality', 'as_at')),
    text text not null,
    recorded_by uuid,
    recorded_at timestamptz not null
  );
  create index collected_text_of on collected_text (month, council_code, kind, position desc);
  create table flag_explanation (
    position bigint generated always as identity primary key,
    month date not null constraint flag_explanation_month_is_first_day check (extract(day from month) = 1),
    council_code text references organisation (council_code),
    flag text not null,
    explanation text not null constraint flag_explanation_given check (length(btrim(explanation)) > 0),
    recorded_by uuid,
    recorded_at timestamptz not null
  );
  create index flag_explanation_of on flag_explanation (month, flag, position desc);
  create trigger collected_figure_append_only before update or delete or truncate on collected_figure for each statement execute function refuse_change();
  create trigger collected_text_append_only before update or delete or truncate on collected_text for each statement execute function refuse_change();
  create trigger flag_explanation_append_only before update or delete or truncate on flag_explanation for each statement execute function refuse_change();

  create function enter_collected() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if current_setting('role') = 'hotspots_app' then new.recorded_by := nullif(current_setting('app.person', true), '')::uuid; end if;
    return new;
  end $$;
  create trigger collected_figure_entered before insert on collected_figure for each row execute function enter_collected();
  create trigger collected_text_entered before insert on collected_text for each row execute function enter_collected();
  create trigger flag_explanation_entered before insert on flag_explanation for each row execute function enter_collected();
`;

const uploads = `
  create table return_upload (
    id uuid primary key,
    month date not null constraint return_upload_month_is_first_day check (extract(day from month) = 1),
    council_code text not null references organisation (council_code),
    kind text not null constraint return_upload_kind_known check (kind in ('return', 'patrol log')),
    media text not null constraint return_upload_media_known check (media in ('xlsx', 'csv')),
    file_name text not null,
    bytes bigint not null,
    sha256 text not null,
    -- The file itself, for the marked-up copy; taken out again after a while.
    content bytea,
    state text not null constraint return_upload_state_known check (state in ('refused', 'needs reasons', 'imported')),
    report jsonb not null,
    uploaded_by uuid,
    uploaded_at timestamptz not null
  );
  create index return_upload_of on return_upload (month, council_code, uploaded_at desc);
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
  grant insert on section_step, collected_figure, collected_text, flag_explanation, return_upload to hotspots_app, hotspots_service;
  grant update (state, report, content) on return_upload to hotspots_app, hotspots_service;
  revoke execute on function enter_section_step() from public;
  revoke execute on function enter_collected() from public;
`;

const builtIn: readonly (readonly [code: string, name: string, kind: string, fields: string[], about: string])[] = [
  ['patrols', 'Patrols and person-hours', 'figures',
    ['patrols', 'patrols_once', 'visits', 'long_visits', 'long_visits_share', 'person_minutes', 'person_minutes_without_extended', 'person_minutes_extended'], 'Counted from the visits of the month.'],
  ['actions', 'Actions', 'figures', ['actions', 'enforcement_actions', 'asb_powers'], 'Counted from what was recorded on the visits.'],
  ['incidents', 'Incidents', 'figures', ['asb_incidents', 'asb_incidents_once', 'asb_incidents_year_before', 'asb_incidents_change'], 'Counted from the imported incidents inside the outlines.'],
  ['money', 'Money', 'money', [], 'Taken from the ledger of the agreement, by budget head.'],
  ['words', 'Narrative, risks and issues', 'words', [], 'What the figures do not say. Nothing about a person.'],
];

const settings: readonly (readonly [name: string, value: number, unit: string, describes: string, source: string])[] = [
  ['return_variance_share', 0.1, 'share', 'A figure that differs from last month by more than this needs an explanation', 'Office rule: a change over 10 % warns and needs a reason'],
  ['return_variance_least', 5, 'number', 'A difference from last month smaller than this is not asked about, whatever its share', 'Office rule, so that one arrest after none is not a change of the month'],
  ['return_council_working_day', 5, 'working day', 'The working day of the next month by which a council sends its month', 'Office default: half the time to the suggested tenth working day'],
  ['return_large_accrual_share', 0.25, 'share', 'An accrual over this share of its budget head needs a reason', 'Office default'],
  ['return_upload_keep_days', 30, 'days', 'How long an uploaded return is kept for its marked-up copy', 'Office default'],
];
