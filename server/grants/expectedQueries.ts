/** What happened inside each hotspot's outline before a week, and at what hours: what the allocation expects there. */
import type { Knex } from 'knex';
import { notExcludedOf } from '../incidents/exclusionQueries.ts';
import { bandsPerWeek } from '../patrols/bands.ts';
import { addDays, daysBetween } from '../patrols/calendar.ts';
import type { HotspotOfWeek } from './weekPlan.ts';

export interface MonthWindow {
  /** First days of the first month and of the month after the last. */
  readonly from: string;
  readonly to: string;
}

/** The twelve whole months before the month of a week's Monday. */
export function monthsBefore(week: string): MonthWindow {
  const year = Number(week.slice(0, 4));
  const rest = week.slice(4, 7);
  return { from: `${year - 1}${rest}-01`, to: `${year}${rest}-01` };
}

export interface SourceWeeks {
  readonly code: string;
  readonly name: string;
  readonly timePrecision: 'minute' | 'day' | 'month';
  /** Months of the window with data, and the weeks they have. */
  readonly months: number;
  readonly weeks: number;
}

/** Each source with how much of the window it has; sources without a month in it are left out. */
export async function listSourceWeeks(db: Knex, window: MonthWindow): Promise<SourceWeeks[]> {
  const { rows } = await db.raw(
    `select s.code, s.name, s.time_precision as "timePrecision", count(*)::int as months,
       (sum((m.month + interval '1 month')::date - m.month) / 7.0)::float8 as weeks
     from source_month m join source s on s.code = m.source_code
     where m.month >= cast(:from as date) and m.month < cast(:to as date) group by s.code order by s.code`,
    { ...window },
  );
  return rows as SourceWeeks[];
}

// The band of the local clock, Monday 00:00 first; null for a row without a time of its own.
const bandOf = `case when s.time_precision = 'minute' and i.occurred_from is not null then
  (extract(isodow from i.occurred_from at time zone 'Europe/London')::int - 1) * 6 + floor(extract(hour from i.occurred_from at time zone 'Europe/London') / 4)::int end`;

interface CountRow {
  readonly id: string;
  readonly source: string;
  readonly band: number | null;
  readonly n: number;
}

/** Hotspots live on any day from a Monday to the day before `until`, with their weekly incidents and hours. */
export async function listHotspotsOfWeek(db: Knex, councils: readonly string[], { week, until }: { week: string; until: string }, window: MonthWindow, sources: readonly SourceWeeks[]): Promise<HotspotOfWeek[]> {
  const { rows: places } = await db.raw(
    `select h.id, h.name, h.council_code as "councilCode", h.live_from as "liveFrom", h.live_to as "liveTo",
       (select max(v.visited_on) from visit v where v.hotspot_id = h.id and v.visited_on < cast(:week as date)) as "lastVisitOn"
     from hotspot h
     where h.council_code = any(cast(:councils as text[])) and h.state not in ('proposed', 'paused')
       and not exists (select from hotspot_pause p where p.hotspot_id = h.id and daterange(p.paused_from, p.paused_to) @> daterange(cast(:week as date), cast(:until as date)))
       and daterange(h.live_from, h.live_to) && daterange(cast(:week as date), cast(:until as date))
     order by h.council_code, h.name`,
    { councils: [...councils], week, until },
  );
  const found = places as Omit<HotspotOfWeek, 'weekly' | 'timed'>[];
  const counts = await countInside(db, found.map((place) => place.id), window);
  return found.map((place) => ({ ...place, ...ofHotspot(counts.filter((row) => row.id === place.id), sources) }));
}

async function countInside(db: Knex, hotspotIds: readonly string[], window: MonthWindow): Promise<CountRow[]> {
  const { rows } = await db.raw(
    `select h.id, i.source_code as source, ${bandOf} as band, count(*)::int as n
     from hotspot h
     join location l on st_covers(h.outline, l.geom)
     join incident i on i.location_id = l.id and i.month >= cast(:from as date) and i.month < cast(:to as date) and ${notExcludedOf('i')}
     join source s on s.code = i.source_code
     join category c on c.code = i.category_code and c.asb
     where h.id = any(cast(:hotspotIds as uuid[])) group by 1, 2, 3`,
    { ...window, hotspotIds: [...hotspotIds] },
  );
  return rows as CountRow[];
}

function ofHotspot(counts: readonly CountRow[], sources: readonly SourceWeeks[]): Pick<HotspotOfWeek, 'weekly' | 'timed'> {
  const weekly = sources.reduce((sum, source) => {
    const n = counts.filter((row) => row.source === source.code).reduce((total, row) => total + row.n, 0);
    return sum + n / source.weeks;
  }, 0);
  return { weekly, timed: profileOf(counts) };
}

function profileOf(counts: readonly { readonly band: number | null; readonly n: number }[]): number[] | null {
  const profile = Array.from({ length: bandsPerWeek }, () => 0);
  for (const { band, n } of counts) if (band !== null) profile[band] = (profile[band] ?? 0) + n;
  return profile.some((n) => n > 0) ? profile : null;
}

/** Incidents with a time by band of the week: of each council, and under '' of the whole area. */
export async function listBandProfiles(db: Knex, window: MonthWindow): Promise<Map<string, readonly number[]>> {
  const { rows } = await db.raw(
    `select b.code as council, ${bandOf} as band, count(*)::int as n
     from incident i
     join source s on s.code = i.source_code and s.time_precision = 'minute'
     join category c on c.code = i.category_code and c.asb
     join location_boundary lb on lb.location_id = i.location_id
     join boundary b on b.id = lb.boundary_id and b.kind = 'council' and daterange(b.valid_from, b.valid_to) @> i.month
     where i.month >= cast(:from as date) and i.month < cast(:to as date) and i.occurred_from is not null and ${notExcludedOf('i')}
     group by 1, 2`,
    { ...window },
  );
  const counts = rows as { council: string; band: number | null; n: number }[];
  const profiles = new Map<string, readonly number[]>();
  for (const council of ['', ...new Set(counts.map((row) => row.council))]) {
    const profile = profileOf(counts.filter((row) => council === '' || row.council === council));
    if (profile) profiles.set(council, profile);
  }
  return profiles;
}

/** What should be known of the data a plan stands on. */
export function notesOn(window: MonthWindow, sources: readonly SourceWeeks[]): string[] {
  const last = addDays(window.to, -1).slice(0, 7);
  const span = `${window.from.slice(0, 7)} to ${last}`;
  if (sources.length === 0) return [`No incidents are held for ${span}: nothing is expected anywhere. Import them first.`];
  const whole = Math.round(daysBetween(window.from, window.to) / 30.4);
  const short = sources.filter((source) => source.months < whole).map((source) => `${source.name} has ${source.months} of the ${whole} months ${span}; its weekly figure is over those.`);
  const monthly = sources.filter((source) => source.timePrecision !== 'minute').map((source) => `${source.name} gives no times of day: its incidents are spread by the hours of sources that do.`);
  const untimed = sources.every((source) => source.timePrecision !== 'minute') ? ['No source gives times of day: incidents are spread evenly over the week, so the hours are not evidence.'] : monthly;
  return [...short, ...untimed];
}

/** Minutes of wardens on published shifts by band of a week (42, local clock, real minutes), of each council whose published rotas cover all seven days. */
export async function listRotaMinutes(db: Knex, councils: readonly string[], week: string): Promise<Map<string, number[]>> {
  const { rows } = await db.raw(
    `with covered as (select r.council_code from rota r cross join generate_series(0, 6) as day
         where r.council_code = any(cast(:councils as text[])) and cast(:week as date) + day between r.starts_on and r.ends_on and exists (select from rota_version v where v.rota_id = r.id)
         group by 1 having count(distinct day) = 7),
       band as (select day * 6 + part as index, (cast(:week as date) + day + make_interval(hours => part * 4)) at time zone 'Europe/London' as starts_at,
         (cast(:week as date) + day + make_interval(hours => (part + 1) * 4)) at time zone 'Europe/London' as ends_at from generate_series(0, 6) as day cross join generate_series(0, 5) as part)
     select c.council_code as "councilCode", b.index, coalesce(sum(cardinality(s.wardens) * extract(epoch from least(s.ends_at, b.ends_at) - greatest(s.starts_at, b.starts_at)) / 60), 0)::int as minutes
     from covered c cross join band b left join rota_shift_in_force s on s.council_code = c.council_code and s.starts_at < b.ends_at and s.ends_at > b.starts_at
     group by 1, 2 order by 1, 2`, { councils: [...councils], week });
  const found = new Map<string, number[]>();
  for (const { councilCode, minutes } of rows as { councilCode: string; minutes: number }[]) found.set(councilCode, [...(found.get(councilCode) ?? []), minutes]);
  return found;
}
