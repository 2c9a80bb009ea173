import type { Knex } from 'knex';

/**
 * What the public sees: versions that never change with who released them, the reasons the statutory files need, how far each layer may go,
 * and the figures that were given to the press.
 */
export async function up(db: Knex): Promise<void> {
  for (const part of [publications, reasons, layers, press]) await db.raw(part);
  await fence(db, 'publication', `sees_council('') or exists (select from publication_release r where r.publication_id = id)`, `sees_council('')`);
  // Who released and withdrew is no secret of a council; what was released is public.
  for (const table of ['publication_release', 'publication_withdrawal', 'published_layer', 'layer_release']) await fence(db, table, 'true', `sees_council('')`);
  await fence(db, 'publication_reason', 'exists (select from agreement a where a.id = agreement_id)', `sees_council('')`);
  await fence(db, 'press_figure', `sees_council('')`, `sees_council('')`);
  await db.raw(rights);
  await db('published_layer').insert(layerRows.map(([code, name, describes], position) => ({ code, name, describes, position })));
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

const publications = `
  create table publication (
    id uuid primary key,
    kind text not null constraint publication_kind_known check (kind in ('grants', 'spending', 'public page')),
    month date not null constraint publication_month_is_first_day check (extract(day from month) = 1),
    version integer not null constraint publication_version_from_1 check (version >= 1),
    content jsonb not null,
    -- Rows that lack what the law asks for; until there is none it is not released.
    faults jsonb not null default '[]',
    -- Of the canonical JSON of the content.
    sha256 text not null constraint publication_sha256_is_hex check (sha256 ~ '^[0-9a-f]{64}$'),
    -- Who made the draft and whoever wrote a reason in it; nobody where the clock did.
    preparers uuid[] not null default '{}',
    made_by uuid,
    made_at timestamptz not null default now(),
    constraint publication_version_once unique (kind, month, version)
  );
  create table publication_release (
    publication_id uuid primary key references publication,
    released_by uuid not null,
    released_at timestamptz not null default now(),
    preparers uuid[] not null default '{}',
    constraint publication_preparer_is_not_approver check (released_by <> all (preparers))
  );
  create table publication_withdrawal (
    publication_id uuid primary key references publication_release,
    withdrawn_by uuid not null,
    withdrawn_at timestamptz not null default now(),
    reason text not null constraint publication_withdrawal_reason_given check (length(btrim(reason)) > 0)
  );
  -- In the name of who is signed in, the preparers as the draft has them, and only what is whole.
  create function keep_publication_release() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  declare
    draft publication;
  begin
    select * into draft from publication where id = new.publication_id;
    if current_setting('role') = 'hotspots_app' then new.released_by := nullif(current_setting('app.person', true), '')::uuid; end if;
    new.preparers := draft.preparers;
    if jsonb_array_length(draft.faults) > 0 then perform refuse_as('publication_is_whole', 'Rows of this publication lack what the law asks for.'); end if;
    if exists (select from publication p where p.kind = draft.kind and p.month = draft.month and p.version > draft.version) then
      perform refuse_as('publication_is_latest', 'There is a later version.');
    end if;
    return new;
  end $$;
  create trigger publication_release_kept before insert on publication_release for each row execute function keep_publication_release();
  create trigger publication_append_only before update or delete or truncate on publication for each statement execute function refuse_change();
  create trigger publication_release_append_only before update or delete or truncate on publication_release for each statement execute function refuse_change();
  create trigger publication_withdrawal_append_only before update or delete or truncate on publication_withdrawal for each statement execute function refuse_change();
`;

const reasons = `
  -- What the statutory files say of a grant or of a payment; the latest row holds.
  create table publication_reason (
    id uuid primary key,
    agreement_id uuid not null references agreement,
    subject_kind text not null constraint publication_reason_subject_known check (subject_kind in ('agreement', 'payment')),
    subject_id uuid not null,
    purpose text not null constraint publication_reason_purpose_given check (length(btrim(purpose)) > 0),
    -- Why the grant was made, or why the payment is good value for money.
    reason text not null constraint publication_reason_given check (length(btrim(reason)) > 0),
    entered_by uuid,
    entered_at timestamptz not null default clock_timestamp()
  );
  create index publication_reason_subject on publication_reason (subject_id, entered_at desc);
  create trigger publication_reason_append_only before update or delete or truncate on publication_reason for each statement execute function refuse_change();
`;

const layers = `
  create table published_layer (
    code text primary key,
    name text not null,
    describes text not null,
    position integer not null
  );
  create table layer_release (
    id uuid primary key,
    layer text not null references published_layer,
    level text not null constraint layer_release_level_known check (level in ('internal', 'partners', 'public')),
    valid_from date not null,
    reason text not null constraint layer_release_reason_given check (length(btrim(reason)) > 0),
    proposed_by uuid not null,
    proposed_at timestamptz not null default clock_timestamp(),
    approved_by uuid,
    approved_at timestamptz,
    constraint layer_release_preparer_is_not_approver check (approved_by <> proposed_by)
  );
  create unique index layer_release_one_at_a_time on layer_release (layer) where approved_by is null;
  create function keep_layer_release() returns trigger language plpgsql as $$
  declare
    person uuid := case when current_setting('role') = 'hotspots_app' then nullif(current_setting('app.person', true), '')::uuid end;
  begin
    if tg_op = 'INSERT' then
      new.proposed_by := coalesce(person, new.proposed_by);
      new.approved_by := null;
      new.approved_at := null;
      return new;
    end if;
    if old.approved_by is not null or new.approved_by is null then perform refuse_as('layer_release_once', 'A level is approved once.'); end if;
    old.approved_by := coalesce(person, new.approved_by);
    old.approved_at := clock_timestamp();
    return old;
  end $$;
  create trigger layer_release_kept before insert or update on layer_release for each row execute function keep_layer_release();
  create trigger layer_release_append_only before delete or truncate on layer_release for each statement execute function refuse_change();
`;

const press = `
  -- Figures given to the press as they were given, with the definition they were on.
  create table press_figure (
    id uuid primary key,
    told_on date not null,
    told_to text not null constraint press_figure_told_to_given check (length(btrim(told_to)) > 0),
    -- What is counted, so that two figures of one thing are seen beside each other.
    measure text not null constraint press_figure_measure_given check (length(btrim(measure)) > 0),
    said text not null constraint press_figure_said_given check (length(btrim(said)) > 0),
    value double precision not null,
    unit text not null,
    definition text not null constraint press_figure_definition_given check (length(btrim(definition)) > 0),
    period_from date not null,
    period_to date not null,
    source text not null constraint press_figure_source_given check (length(btrim(source)) > 0),
    -- Of the return's version it was copied from; empty where it was typed from elsewhere.
    snapshot_sha256 text,
    entered_by uuid,
    entered_at timestamptz not null default clock_timestamp(),
    constraint press_figure_period_in_order check (period_to >= period_from)
  );
  create trigger press_figure_append_only before update or delete or truncate on press_figure for each statement execute function refuse_change();
`;

async function fence(db: Knex, table: string, seen: string, written: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_read on ${table} for select to hotspots_app using (${seen});
    create policy ${table}_fence on ${table} to hotspots_app using (${written}) with check (${written});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}

const rights = `
  grant insert on publication to hotspots_app, hotspots_service;
  grant insert (publication_id, released_by, released_at) on publication_release to hotspots_app;
  grant insert on publication_withdrawal, publication_reason, press_figure to hotspots_app;
  grant insert (id, layer, level, valid_from, reason, proposed_by) on layer_release to hotspots_app;
  grant update (approved_by) on layer_release to hotspots_app;
`;

const layerRows: readonly (readonly [code: string, name: string, describes: string])[] = [
  ['ward_patrols', 'Patrols by ward', 'Hotspots, visits and person-hours of a month by ward; never when in the month'],
  ['ward_incidents', 'Incidents by ward', 'Anti-social behaviour incidents of a month by ward, small counts hidden'],
  ['ward_actions', 'Actions by ward', 'What was done on visits of a month by ward, small counts hidden'],
  ['hotspot_names', 'Names of hotspots', 'The names of agreed hotspots with their ward'],
  ['hotspot_outlines', 'Outlines of hotspots', 'Where exactly the agreed hotspots are'],
];

const settings: readonly (readonly [string, number | string, string, string, string])[] = [
  ['disclosure_threshold', 10, 'count', 'Counts from 1 to under this are hidden in what is published', 'Usual practice of community safety partnerships: “<10”'],
  ['publication_item_pence', 50_000, 'pence', 'Items over this amount are published with recipient, purpose and value for money', 'SI 2011/3050, as amended: items of expenditure over £500'],
  ['publication_draft_day', 5, 'day of the month', 'Drafts of the month before are made from this day', 'Office policy: as soon as practicable after the month’s end'],
  ['publication_360_prefix', '360G-hotspotpatrols', 'prefix', 'Prefix of grant identifiers in 360Giving files', 'A placeholder: 360Giving gives each publisher its own'],
  ['publication_easy_read', 'Ask the office for any of this in easy read, in large print, in British Sign Language or read out to you. You do not have to phone: write, e-mail, or ask somebody to ask for you.', 'words', 'Where the public page says how to get it in easy read', 'Equality impact assessment 2023: residents who are deaf or have a learning disability'],
  ['publication_translation', 'Ask for this page in your language. The office uses an interpreting and translation service, and it costs you nothing.', 'words', 'Where the public page says how to get it translated', 'Equality impact assessment 2023: translation services'],
  ['publication_report', 'Tell the police about anti-social behaviour on 101 or on their website, and your council about noise, fly-tipping and litter. In an emergency call 999; text 18000 if you cannot hear or speak on the phone.', 'words', 'Where the public page says whom to tell', 'Office policy'],
];
