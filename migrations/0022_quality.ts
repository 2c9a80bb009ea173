import type { Knex } from 'knex';

/**
 * How good the data are and what else is known of places: weights of sources with dates, subtypes of categories, geocodes left out,
 * notes of recording changes and gaps, interventions. What is left out stays in the tables and is counted as excluded.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(tables);
  await db.raw(counted);
  await db.raw(readers);
  for (const [table, { seen, written, rights }] of Object.entries(fenced)) await fence(db, table, seen, written, rights);
  await db('subtype').insert(subtypes.map(([code, name, about], index) => ({ code, name, about, position: index + 1 })));
  await db('intervention_kind').insert(kinds.map(([code, name], index) => ({ code, name, position: index + 1 })));
  await db('source').insert(sources).onConflict('code').ignore();
  await db('recording_note').insert(notes);
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

const tables = `
  -- What an incident of a source counts in weighted figures, by the incident's month; a source without a row counts 1.
  create table source_weight (
    id uuid primary key default gen_random_uuid(),
    source_code text not null references source,
    weight double precision not null constraint source_weight_from_0_to_100 check (weight between 0 and 100),
    valid_from date not null constraint source_weight_from_first_day check (extract(day from valid_from) = 1),
    valid_to date,
    reason text not null constraint source_weight_reason_given check (length(btrim(reason)) > 0),
    set_by uuid,
    set_at timestamptz not null default now(),
    constraint source_weight_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint source_weight_one_a_day exclude using gist (source_code with =, daterange(valid_from, valid_to) with &&)
  );
  create table subtype (
    code text primary key,
    name text not null,
    about text not null,
    position integer not null
  );
  -- A category may have several subtypes: a burnt-out car is environmental and of vehicles.
  create table category_subtype (
    category_code text not null references category on delete cascade,
    subtype_code text not null references subtype,
    primary key (category_code, subtype_code)
  );
  -- Points where incidents are put when nobody knows where they happened. Rows there stay, are counted as excluded and drawn nowhere.
  create table geocode_exclusion (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    lng double precision not null,
    lat double precision not null,
    easting double precision not null,
    northing double precision not null,
    radius_metres integer not null constraint geocode_exclusion_radius_small check (radius_metres between 0 and 250),
    geom_27700 geometry(Point, 27700) generated always as (st_setsrid(st_makepoint(easting, northing), 27700)) stored,
    -- Of one source, or of every source when empty.
    source_code text references source,
    council_code text not null default '',
    valid_from date not null constraint geocode_exclusion_from_first_day check (extract(day from valid_from) = 1),
    valid_to date constraint geocode_exclusion_to_first_day check (extract(day from valid_to) = 1),
    reason text not null constraint geocode_exclusion_reason_given check (length(btrim(reason)) > 0),
    added_by uuid,
    added_at timestamptz not null default now(),
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawn_reason text,
    constraint geocode_exclusion_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint geocode_exclusion_withdrawn_with_reason check ((withdrawn_at is null) = (withdrawn_reason is null))
  );
  create index geocode_exclusion_geom on geocode_exclusion using gist (geom_27700);
  create table recording_note (
    id uuid primary key default gen_random_uuid(),
    -- change: from the first day on things are recorded otherwise. period: only between the days. gap: what was recorded between them is incomplete.
    kind text not null constraint recording_note_kind_known check (kind in ('change', 'period', 'gap')),
    source_code text references source,
    council_code text not null default '',
    starts_on date not null,
    ends_on date,
    what text not null constraint recording_note_says_what check (length(btrim(what)) > 0),
    known_from text not null default '',
    added_by uuid,
    added_at timestamptz not null default now(),
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawn_reason text,
    constraint recording_note_dates_in_order check (ends_on is null or ends_on > starts_on),
    constraint recording_note_has_end check (kind = 'change' or ends_on is not null),
    constraint recording_note_withdrawn_with_reason check ((withdrawn_at is null) = (withdrawn_reason is null))
  );
  create table intervention_kind (
    code text primary key,
    name text not null,
    position integer not null
  );
  create table intervention (
    id uuid primary key default gen_random_uuid(),
    kind text not null references intervention_kind,
    name text not null,
    about text not null default '',
    area text not null constraint intervention_area_known check (area in ('everywhere', 'council', 'ward', 'circle')),
    council_code text not null default '',
    ward_code text,
    lng double precision,
    lat double precision,
    radius_metres integer constraint intervention_radius_sound check (radius_metres between 10 and 20000),
    geom_27700 geometry(MultiPolygon, 27700),
    starts_on date not null,
    ends_on date,
    added_by uuid,
    added_at timestamptz not null default now(),
    withdrawn_by uuid,
    withdrawn_at timestamptz,
    withdrawn_reason text,
    constraint intervention_dates_in_order check (ends_on is null or ends_on >= starts_on),
    constraint intervention_area_given check ((area = 'everywhere' and council_code = '') or (area <> 'everywhere' and council_code <> '' and geom_27700 is not null)),
    constraint intervention_withdrawn_with_reason check ((withdrawn_at is null) = (withdrawn_reason is null))
  );
  create index intervention_geom on intervention using gist (geom_27700);
  create trigger geocode_exclusion_append_only before delete on geocode_exclusion for each statement execute function refuse_change();
  create trigger recording_note_append_only before delete on recording_note for each statement execute function refuse_change();
  create trigger intervention_append_only before delete on intervention for each statement execute function refuse_change()`;

const counted = `
  -- Rows at an excluded geocode: cell '' at every resolution, the council they lie in kept.
  alter table incident_count add column excluded boolean not null default false;
  -- How often a month was counted: what was drawn from older counts is known by it.
  alter table source_month add column times_counted integer not null default 1;
  -- A cell's incidents, each as much as its source's weight; empty for runs made before there were weights.
  alter table hot_cell add column weighted double precision`;

const readers = `
  -- Locations within an exclusion, for which source (empty: every one) and months.
  create view excluded_place as
    select location.id as location_id, e.source_code, e.valid_from, e.valid_to
    from geocode_exclusion e join location on st_dwithin(location.geom_27700, e.geom_27700, e.radius_metres + 0.5)
    where e.withdrawn_at is null;
  grant select on excluded_place to hotspots_app, hotspots_service`;

interface Fence {
  readonly seen: string;
  readonly written: string;
  readonly rights: string;
}

const withdrawing = 'update (withdrawn_by, withdrawn_at, withdrawn_reason)';
const wholeArea = `sees_council('')`;
const ownOrNobodys = `council_code = '' or sees_council(council_code)`;

/** Notes and interventions of no council alone are everybody's to read, and only those who see every council write them. */
const fenced: Record<string, Fence> = {
  source_weight: { seen: 'true', written: wholeArea, rights: 'insert, update, delete' },
  subtype: { seen: 'true', written: 'false', rights: '' },
  category_subtype: { seen: 'true', written: wholeArea, rights: 'insert, delete' },
  geocode_exclusion: { seen: ownOrNobodys, written: wholeArea, rights: `insert, ${withdrawing}, update (valid_to)` },
  recording_note: { seen: ownOrNobodys, written: wholeArea, rights: `insert, ${withdrawing}` },
  intervention_kind: { seen: 'true', written: 'false', rights: '' },
  intervention: { seen: ownOrNobodys, written: 'sees_council(council_code)', rights: `insert, ${withdrawing}` },
};

async function fence(db: Knex, table: string, seen: string, written: string, rights: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_read on ${table} for select to hotspots_app using (${seen});
    create policy ${table}_fence on ${table} to hotspots_app using (${written}) with check (${written});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
  if (rights) await db.raw(`grant ${rights} on ${table} to hotspots_app, hotspots_service`);
}

/** The first three are the national standard's for incident recording; the others say more of the same incident. */
const subtypes: readonly (readonly [code: string, name: string, about: string])[] = [
  ['personal', 'Personal', 'Aimed at a person or a group of persons'],
  ['nuisance', 'Nuisance', 'Trouble, annoyance or suffering to a community'],
  ['environmental', 'Environmental', 'Harm to surroundings: litter, fly-tipping, fires, damage'],
  ['youth', 'Youth', 'Recorded as about young people'],
  ['vehicle', 'Vehicle', 'Vehicles used, abandoned or set alight'],
  ['alcohol', 'Alcohol', 'Recorded as about drinking'],
];

const kinds: readonly (readonly [code: string, name: string])[] = [
  ['safer-streets', 'Safer Streets'], ['cctv', 'CCTV'], ['pspo', 'Public Spaces Protection Order'], ['school-holidays', 'School holidays'], ['bonfire-night', 'Bonfire Night'], ['other', 'Other'],
];

/** Kinds of source a force area has; each file brings its own name and precision by its column mapping. */
const sources = [
  ['police-asb', 'Police: anti-social behaviour incidents', 'The police force', 'minute'],
  ['council-complaints', 'Council: complaints of anti-social behaviour', 'The councils', 'day'],
  ['council-noise', 'Council: noise complaints', 'The councils', 'minute'],
  ['council-fly-tipping', 'Council: fly-tipping reports', 'The councils', 'day'],
  ['fire-deliberate', 'Fire service: deliberate fires', 'The fire and rescue service', 'minute'],
].map(([code, name, publisher, time_precision]) => ({ code, name, publisher, licence: 'By agreement with the publisher', attribution: `Source: ${publisher}.`, time_precision, location_precision: 'exact' }));

const notes = [{
  kind: 'change', starts_on: '2019-04-01',
  what: 'Winter 2018/19 holds about twice the anti-social behaviour of 2023 to 2025 in the published files of the Cleveland area: recording changed some time after March 2019.',
  known_from: 'Counts of the street-level files of data.police.uk',
}];

const settings: readonly (readonly [string, number | string | boolean, string, string, string])[] = [
  ['vli_priority_from', 200, 'index', 'Vulnerable Localities Index from which an area is a priority neighbourhood', 'Jill Dando Institute: Tompson, JDiBrief; Chainey (2008)'],
  ['vli_burglary_categories', 'burglary-dwelling;burglary-residential', 'categories', 'Categories that are burglary to a dwelling, for the Vulnerable Localities Index', 'Office policy: police.uk does not tell dwellings apart'],
  ['vli_damage_categories', 'criminal-damage-dwelling', 'categories', 'Categories that are criminal damage to a dwelling, for the Vulnerable Localities Index', 'Office policy: police.uk does not tell dwellings apart'],
  ['vli_incident_months', 12, 'months', 'Months of burglary and damage the Vulnerable Localities Index counts', 'The window of an analysis: every season once'],
];
