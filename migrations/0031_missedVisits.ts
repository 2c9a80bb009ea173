import type { Knex } from 'knex';

/** What stands beside visits: those that were not made and why, notes for the next shift, what the phone page prompts with, and the devices a council gives its wardens. */
export async function up(db: Knex): Promise<void> {
  for (const part of [missed, notes, lists]) await db.raw(part);
  await fence(db, 'missed_reason', 'true', `sees_council('')`);
  await fence(db, 'missed_visit', 'sees_council(council_code)');
  await fence(db, 'handover_note', 'sees_council(council_code)');
  await fence(db, 'phone_prompt', 'council_code is null or sees_council(council_code)', `sees_council(coalesce(council_code, ''))`);
  await fence(db, 'lone_worker_device', 'sees_council(council_code)');
  await db.raw(rights);
  await db('phone_prompt').insert(prompts.map((row, index) => ({ ...row, position: index + 1, valid_from: '2020-01-01' })));
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

const missed = `
  create table missed_reason (
    code text primary key constraint missed_reason_code_plain check (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    name text not null,
    position integer not null,
    valid_from date not null,
    -- The first day it is no longer offered.
    valid_to date,
    constraint missed_reason_dates_in_order check (valid_to is null or valid_to > valid_from)
  );
  insert into missed_reason (code, name, position, valid_from) values
    ('abstraction', 'Drawn away to other duties', 1, '2020-01-01'), ('vacancy', 'Post vacant or nobody on shift', 2, '2020-01-01'),
    ('weather', 'Weather', 3, '2020-01-01'), ('incident', 'Held at an incident', 4, '2020-01-01'), ('other', 'Other', 5, '2020-01-01');
  -- Visits of one hotspot, day and band that were planned and not made. One row: two of a crew who both say so count once.
  create table missed_visit (
    id uuid primary key,
    hotspot_id uuid not null references hotspot,
    council_code text not null references organisation (council_code),
    missed_on date not null,
    band smallint not null constraint missed_visit_band_0_to_5 check (band between 0 and 5),
    visits integer not null default 1 constraint missed_visit_1_to_20 check (visits between 1 and 20),
    reason_code text not null references missed_reason,
    note text not null default '',
    recorded_by uuid,
    recorded_at timestamptz not null default now(),
    constraint missed_visit_once_a_band unique (hotspot_id, missed_on, band)
  );
  create index missed_visit_day on missed_visit (council_code, missed_on);
`;

const notes = `
  create table handover_note (
    id uuid primary key,
    council_code text not null references organisation (council_code),
    -- Null for the whole beat.
    hotspot_id uuid references hotspot,
    note text not null constraint handover_note_says_something check (length(btrim(note)) > 0),
    written_by uuid,
    written_at timestamptz not null default now(),
    expires_at timestamptz not null,
    constraint handover_note_expires_later check (expires_at >= written_at),
    constraint handover_note_within_two_weeks check (expires_at <= written_at + interval '14 days')
  );
  create index handover_note_council on handover_note (council_code, expires_at);
`;

const lists = `
  create table phone_prompt (
    id uuid primary key default gen_random_uuid(),
    -- Null for every council.
    council_code text references organisation (council_code),
    kind text not null constraint phone_prompt_kind_known check (kind in ('youth', 'translation')),
    -- A language tag (BCP 47) of the words; English for youth signposting.
    language text not null default 'en',
    heading text not null,
    words text not null,
    -- A public line or web address.
    contact text not null default '',
    source text not null,
    position integer not null,
    valid_from date not null,
    valid_to date,
    constraint phone_prompt_dates_in_order check (valid_to is null or valid_to > valid_from)
  );
  create table lone_worker_device (
    id uuid primary key default gen_random_uuid(),
    council_code text not null references organisation (council_code),
    product text not null,
    device_id text not null,
    alarm_number text not null,
    valid_from date not null,
    valid_to date,
    constraint lone_worker_device_dates_in_order check (valid_to is null or valid_to > valid_from),
    constraint lone_worker_device_once_a_day exclude using gist (council_code with =, device_id with =, daterange(valid_from, valid_to) with &&)
  );
  insert into action_kind (code, name, position, police_only, pcso_may, enforcement, asb_power, common, describes, valid_from) values
    ('youth_signposting', 'Young people signposted', 26, false, false, false, false, true, 'Told of a youth service; counted, never who', '2024-04-01'),
    ('translation_used', 'Translations used', 27, false, false, false, false, false, 'Spoken to in another language, by card or interpreter', '2024-04-01');
`;

const rights = `
  grant insert, update (name, position, valid_to) on missed_reason to hotspots_app, hotspots_service;
  grant insert, delete on missed_visit to hotspots_app, hotspots_service;
  grant insert, update (expires_at) on handover_note to hotspots_app, hotspots_service;
  grant delete on handover_note to hotspots_service;
  grant insert, update (valid_to) on phone_prompt to hotspots_app, hotspots_service;
  grant insert, update (valid_to) on lone_worker_device to hotspots_app, hotspots_service;
`;

async function fence(db: Knex, table: string, seen: string, written = seen): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${written}) with check (${written});
    ${seen === written ? '' : `create policy ${table}_read on ${table} for select to hotspots_app using (${seen});`}
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}

const drafted = 'Drafted for the service; have a translator check the words before they are used';
const say = (language: string, heading: string, words: string) => ({ kind: 'translation', language, heading, words, source: drafted, contact: '' });
const prompts = [
  { kind: 'youth', language: 'en', heading: 'Say who you are and ask', words: '“We’re council wardens. Is there somewhere you’d like to go tonight?”', source: 'Drafted for the service', contact: '' },
  { kind: 'youth', language: 'en', heading: 'Somebody to talk to', words: 'Childline: free, any time, under 19', source: 'childline.org.uk', contact: '0800 1111' },
  { kind: 'youth', language: 'en', heading: 'Missing, or away from home', words: 'Runaway Helpline: free to ring or text', source: 'runawayhelpline.org.uk', contact: '116 000' },
  say('pl', 'Polish', 'Dzień dobry. Pracuję dla urzędu miasta. Czy mogę pomóc?'),
  say('ro', 'Romanian', 'Bună ziua. Lucrez pentru primărie. Vă pot ajuta?'),
  say('uk', 'Ukrainian', 'Добрий день. Я працюю в міській раді. Чи можу я вам допомогти?'),
  say('ar', 'Arabic', 'مرحبا. أنا موظف في البلدية. هل يمكنني مساعدتك؟'),
  say('fa', 'Farsi', 'سلام. من از طرف شهرداری اینجا هستم. می‌توانم کمکتان کنم؟'),
];

/** Name, value, unit, what it is, and where it comes from. */
const settings: readonly [string, number, string, string, string][] = [
  ['phone_fix_accuracy_metres', 50, 'metres', 'A fix of a phone less sure than this proves nothing', 'Fixes worse than 50 m are dropped from tracks too'],
  ['phone_fix_outside_metres', 25, 'metres', 'How far outside a hotspot’s outline a fix still counts as there', 'Width of a street with its pavements: wardens walk along an outline'],
  ['phone_patrol_hours', 12, 'hours', 'How long the visits of one phone belong to one patrol before a new reference is made', 'A patrol is one outing; the longest shift'],
  ['handover_note_hours', 24, 'hours', 'How long a note for the next shift is shown, unless its writer says otherwise', 'Three shifts: the next crew and the one after'],
];
