import type { Knex } from 'knex';

/** Tracks that visits were made of: the file's hash, the visits, and the points inside hotspots until they are deleted. */
export async function up(db: Knex): Promise<void> {
  await db.raw(tables);
  // A warden sees the tracks the own account sent; who leads or checks sees the council's.
  await fence(db, 'track', `sees_council(council_code) and (holds_more_than('warden') or is_person(uploaded_by))`);
  for (const table of ['track_visit', 'track_point']) await fence(db, table, 'exists (select from track t where t.id = track_id)');
  await db.raw(rights);
  await db('setting').insert(settings.map(([name, value, unit, describes, source]) => ({ name, value: JSON.stringify(value), unit, describes, source, valid_from: '2020-01-01' })));
}

const tables = `
  create table track (
    id uuid primary key,
    council_code text not null references organisation (council_code),
    sha256 text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    shift_starts_at timestamptz not null,
    shift_ends_at timestamptz not null,
    on_foot boolean not null,
    -- Of the whole file, and of those inside hotspots: the only ones that are kept.
    points integer not null,
    points_inside integer not null,
    uploaded_by uuid,
    uploaded_at timestamptz not null default now(),
    points_deleted_at timestamptz,
    constraint track_file_once unique (council_code, sha256),
    constraint track_times_in_order check (ends_at >= starts_at)
  );
  create index track_council_day on track (council_code, starts_at);
  create table track_visit (
    track_id uuid not null references track,
    visit_id uuid not null references visit on delete cascade,
    hotspot_id uuid not null references hotspot,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    -- True when somebody had recorded the visit before the track showed it.
    recorded_before boolean not null,
    primary key (track_id, visit_id, started_at)
  );
  create index track_visit_of on track_visit (visit_id);
  create table track_point (
    track_id uuid not null references track,
    hotspot_id uuid not null references hotspot,
    at timestamptz not null,
    lng double precision not null,
    lat double precision not null,
    error_metres real not null
  );
  create index track_point_of on track_point (track_id, at);
  create trigger track_append_only before delete or truncate on track for each statement execute function refuse_change();
`;

const rights = `
  grant insert, update (points_deleted_at) on track to hotspots_app, hotspots_service;
  grant insert on track_visit to hotspots_app, hotspots_service;
  grant insert on track_point to hotspots_app;
  grant delete on track_point to hotspots_service;
`;

/** Name, value, unit, what it is, and where it comes from. */
const settings: readonly [string, number, string, string, string][] = [
  ['track_worst_fix_metres', 50, 'metres', 'Fixes of a track with a larger error are dropped', 'Simulated patrols with 5 to 20 m of noise'],
  ['track_in_metres', 10, 'metres', 'How far outside the outline a fix still counts as inside', 'Simulated patrols with 5 to 20 m of noise'],
  ['track_out_metres', 25, 'metres', 'How far outside the whole error circle must lie before a visit ends', 'Simulated patrols with 5 to 20 m of noise'],
  ['track_out_seconds', 60, 'seconds', 'How long it must lie there', 'Simulated patrols with 5 to 20 m of noise'],
  ['track_bridge_seconds', 180, 'seconds', 'Longest silence of a receiver that a visit goes on over', 'Simulated patrols with 5 to 20 m of noise'],
  ['track_merge_seconds', 180, 'seconds', 'Two stays in one hotspot with no more between them are one visit', 'Simulated patrols with 5 to 20 m of noise'],
  ['track_least_visit_seconds', 300, 'seconds', 'Shortest stay that is a visit', 'Koper 1995: stays under 5 minutes do little more than a drive past'],
  ['track_longest_hours', 24, 'hours', 'Longest track that is one outing', 'A patrol is one crew’s outing'],
  ['track_outside_shift_minutes', 30, 'minutes', 'How far a track may reach before and after its shift', 'Office policy: the way to and from the base'],
  ['track_fastest_on_foot_kmh', 60, 'km/h', 'A track on foot that is faster than this is refused', 'Office policy: only a vehicle or another person’s track is'],
  ['track_metres_per_hdop', 5, 'metres', 'Error of a fix for each unit of its horizontal dilution of precision, where the file gives no error', 'Usual user range error of GPS receivers'],
  ['track_assumed_error_metres', 10, 'metres', 'Error of a fix where the file says nothing of it', 'gps.gov: a phone under open sky is within 4.9 m; streets double it'],
  ['track_most_megabytes', 20, 'megabytes', 'Largest track file', 'A day of one fix a second is about 10 MB'],
  ['track_most_points', 100_000, 'points', 'Most points of a track file', 'A day of one fix a second has 86,400'],
];

async function fence(db: Knex, table: string, seen: string): Promise<void> {
  await db.raw(`
    alter table ${table} enable row level security;
    create policy ${table}_fence on ${table} to hotspots_app using (${seen}) with check (${seen});
    create policy ${table}_service on ${table} to hotspots_service using (true) with check (true);
    revoke all on ${table} from hotspots_app, hotspots_service, hotspots_sign_in;
    grant select on ${table} to hotspots_app, hotspots_service`);
}
