import type { Knex } from 'knex';

/** What is reported to the funder: definitions that are data, and versions kept for ever. */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create table return_definition (
      code text not null,
      version integer not null,
      name text not null,
      fields jsonb not null,
      deadline jsonb not null,
      basis text not null,
      valid_from date not null,
      -- The first day it no longer holds; null while no end is set.
      valid_to date,
      primary key (code, version),
      constraint return_definition_dates_in_order check (valid_to is null or valid_to > valid_from),
      constraint return_definition_one_a_day exclude using gist (code with =, daterange(valid_from, valid_to) with &&)
    );
    create table monitoring_return (
      id uuid primary key,
      definition_code text not null,
      month date not null constraint monitoring_return_month_is_first_day check (extract(day from month) = 1),
      state text not null default 'in progress' constraint monitoring_return_state_known check (state in
        ('not started', 'in progress', 'ready', 'awaiting sign-off', 'submitted', 'accepted', 'changes requested')),
      constraint monitoring_return_once_a_month unique (definition_code, month)
    );
    create table return_version (
      return_id uuid not null references monitoring_return,
      version integer not null constraint return_version_from_1 check (version >= 1),
      definition_version integer not null,
      figures jsonb not null,
      -- Of the canonical JSON of the figures, not of a workbook: its bytes differ at every writing.
      sha256 text not null constraint return_version_sha256_is_hex check (sha256 ~ '^[0-9a-f]{64}$'),
      made_by uuid,
      made_at timestamptz not null default now(),
      primary key (return_id, version)
    );
    create trigger return_version_append_only before update or delete or truncate on return_version
      for each statement execute function refuse_change();
    revoke update, delete on return_version from hotspots_app`);
  await db('return_definition').insert({
    code: 'home_office_monthly',
    version: 1,
    name: 'Monthly monitoring return',
    fields: JSON.stringify(fields.map(toField)),
    deadline: JSON.stringify({ workingDay: 10, basis: 'Suggested: the day of the month is not published, so set it to what the grant agreement says.' }),
    basis: 'Rebuilt from public pages: no copy of the Home Office template is public. Fields marked "inferred" are this office’s reading.',
    valid_from: '2023-04-01',
  });
}

type Row = readonly [code: string, name: string, unit: string, breakdown: string, measure: string | null, definition: string, basis: string];

function toField([code, name, unit, breakdown, measure, definition, basis]: Row): object {
  const long = code.startsWith('long_visits') ? { minimumMinutes: 15 } : {};
  return { code, name, unit, breakdown, measure, definition, basis, ...long };
}

const inferred = 'Inferred';
const evaluation = 'Published: pilot evaluation, gov.uk (asb-hotspot-response-pilot-evaluation)';
const decision = 'Published: Cleveland decision notice 2024-25-0003';
const durham = 'Published: Durham County Council scrutiny, 10 September 2025';
const derbyshire = 'Published: Derbyshire pilot, ITV News, 18 February 2024';

const fields: readonly Row[] = [
  ['hotspot', 'Hotspot', 'text', 'none', 'hotspot', 'Name of the agreed area.', inferred],
  ['council', 'Council', 'text', 'none', 'hotspot', 'The local authority whose agreement pays for the patrols.', inferred],
  ['ward_code', 'Ward code', 'text', 'none', 'hotspot', 'ONS code of the ward the area mostly lies in.', inferred],
  ['live_from', 'Live from', 'date', 'none', 'hotspot', 'First day on which the area was a live hotspot.', inferred],
  ['live_to', 'Last live day', 'date', 'none', 'hotspot', 'Last day on which it was live; not applicable while it is.', inferred],
  ['patrols', 'Patrols', 'count', 'none', 'patrols',
    'Different patrols with at least one visit to the hotspot. A patrol that goes to two hotspots counts in each.', decision],
  ['patrols_once', 'Patrols, each counted once', 'count', 'none', 'patrolsOnce',
    'Different patrols with at least one visit to any of the hotspots. Given for areas only.', decision],
  ['visits', 'Visits', 'count', 'none', 'visits', 'Stays in the hotspot, each belonging to the local day on which it began.', inferred],
  ['long_visits', 'Visits of 15 minutes or more', 'count', 'none', 'longVisits', 'Visits that lasted 15 whole minutes or more.', derbyshire],
  ['long_visits_share', 'Share of visits of 15 minutes or more', 'per cent', 'none', 'longVisitsShare',
    'Visits of 15 minutes or more as a percentage of all visits; not applicable where there was no visit.', derbyshire],
  ['person_minutes', 'Person-hours', 'person-minutes', 'staff category', 'personMinutes',
    'Whole minutes of each visit times the persons on it, extended patrol activity included: two wardens for one hour are two person-hours.', evaluation],
  ['person_minutes_without_extended', 'Person-hours without extended activity', 'person-minutes', 'staff category', 'personMinutesWithoutExtended',
    'The same without the visits recorded as extended patrol activity.', inferred],
  ['person_minutes_extended', 'Person-hours of extended activity', 'person-minutes', 'none', 'personMinutesExtended',
    'The visits recorded as extended patrol activity alone. That it exists is published; what it takes in is not.', evaluation],
  ['actions', 'Actions', 'count', 'action kind', 'actions',
    'What was done on visits, by kind. Each action counts once: a warning, a notice and a penalty that follow each other are three.', durham],
  ['enforcement_actions', 'Enforcement actions', 'count', 'none', 'enforcementActions',
    'Actions of the kinds marked as enforcement in the list of action kinds.', durham],
  ['asb_powers', 'Uses of anti-social behaviour powers', 'count', 'none', 'asbPowers',
    'The part of enforcement actions that uses powers of the Anti-social Behaviour, Crime and Policing Act 2014, as marked in the list of action kinds.', durham],
  ['asb_incidents', 'ASB incidents', 'count', 'source', 'incidents',
    'Anti-social behaviour incidents recorded inside the hotspot’s outline on its live days. A source that gives months only is counted for the whole month.', decision],
  ['asb_incidents_once', 'ASB incidents, each counted once', 'count', 'none', 'incidentsOnce',
    'The same where outlines overlap: an incident inside two hotspots counts once. Given for areas only.', inferred],
  ['asb_incidents_year_before', 'ASB incidents in the same month a year before', 'count', 'source', 'incidentsYearBefore',
    'From the baseline frozen when the hotspot was agreed, where it covers the month; otherwise counted now in the same outline on the same days.', decision],
  ['asb_incidents_change', 'Change in ASB incidents', 'per cent', 'source', 'incidentsChange',
    'Difference from the same month a year before as a percentage of it; not applicable where there was none then.', decision],
  ['selection', 'Selection method, sources and rank', 'text', 'none', null, 'How the hotspot was chosen, at each refresh.', inferred],
  ['problem_type', 'Problem type', 'text', 'none', null, 'Anti-social behaviour, serious violence or both.', 'Published: Cleveland decision notice 2025-26-001'],
  ['crew', 'On foot or by vehicle, single or double crewed', 'count', 'none', null, 'How visits were made.', inferred],
  ['buffer_incidents', 'ASB incidents around the hotspot', 'count', 'none', null, 'Incidents in a ring around the outline, for displacement.', inferred],
  ['problem_solving', 'Problem-solving activity', 'text', 'none', null, 'Stage, owner, action and date for each hotspot.', inferred],
  ['narrative', 'Risks, issues and narrative', 'text', 'none', null, 'Free text from the council.', inferred],
];
