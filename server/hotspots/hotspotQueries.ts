/** The agreed hotspots: outlines with dates, their frozen baselines, and counts inside them. */
import type { Knex } from 'knex';
import { toGrid } from '../../geo/projection.ts';
import { mapShape } from '../../geo/shapes.ts';
import type { Hotspot, MultiPolygon } from './contract.ts';
import type { LiveOutline } from './candidates.ts';
import type { MonthCount } from './comparison.ts';

/** State on `:today`: dates and pauses decide; a proposed one waits to be agreed. */
const hotspotSelect = `
  hotspot.id, hotspot.name, hotspot.council_code as "councilCode", coalesce(organisation.name, hotspot.council_code) as council,
  hotspot.ward_code as "wardCode", ward.name as ward,
  case when hotspot.live_to <= :today::date then 'retired' when hotspot.state = 'proposed' or hotspot.live_from > :today::date then 'proposed'
    when hotspot.state = 'paused' or exists (select from hotspot_pause p where p.hotspot_id = hotspot.id and daterange(p.paused_from, p.paused_to) @> :today::date) then 'paused' else 'live' end as state,
  hotspot.state <> 'proposed' as agreed, hotspot.live_from as "liveFrom", hotspot.live_to as "liveTo",
  st_area(ground.outline_27700) / 1e6 as "areaKm2", st_maxdistance(ground.outline_27700, ground.outline_27700) as "acrossMetres",
  coalesce(frozen.n, 0)::int as "baselineIncidents", coalesce(frozen.months, 0)::int as "baselineMonths"`;
/** With the outline in force on `:day`; the days of a hotspot's outlines leave no gap. */
const hotspotFrom = `
  from hotspot
  join hotspot_outline as ground on ground.hotspot_id = hotspot.id and ground.days @> :day::date
  left join organisation on organisation.council_code = hotspot.council_code
  left join boundary as ward on ward.kind = 'ward' and ward.code = hotspot.ward_code and daterange(ward.valid_from, ward.valid_to) @> hotspot.live_from
  left join lateral (select sum(n) as n, count(distinct month) as months from hotspot_baseline where hotspot_id = hotspot.id) as frozen on true`;
const inScope = `(:everywhere or hotspot.council_code = any(:scope::text[]))`;

export interface HotspotView {
  readonly scope: readonly string[];
  readonly today: string;
}

export interface HotspotChoice extends HotspotView {
  /** Codes or names. */
  readonly council?: readonly string[] | undefined;
  /** Live on this day; today when left out. */
  readonly on?: string | undefined;
  /** Every hotspot there ever was, instead of those live on a day. */
  readonly all: boolean;
}

function viewBindings({ scope, today }: HotspotView): { everywhere: boolean; scope: string[]; today: string } {
  return { everywhere: scope.includes('*'), scope: [...scope], today };
}

const shapeSelect = `st_asgeojson(ground.outline, 6)::json as outline`;

/** Hotspots with their outlines, by council and name. */
export async function listHotspotShapes(db: Knex, choice: HotspotChoice): Promise<{ hotspot: Hotspot; outline: MultiPolygon }[]> {
  const councils = (choice.council ?? []).map((value) => value.toLowerCase());
  const { rows } = await db.raw(
    `select ${hotspotSelect}, ${shapeSelect} ${hotspotFrom}
     where ${inScope} and (:anyCouncil or lower(hotspot.council_code) = any(:councils::text[]) or lower(organisation.name) = any(:councils::text[]))
       and (:all or (hotspot.state <> 'proposed' and daterange(hotspot.live_from, hotspot.live_to) @> :day::date))
     order by hotspot.council_code, hotspot.name, hotspot.live_from`,
    { ...viewBindings(choice), anyCouncil: councils.length === 0, councils, all: choice.all, day: choice.on ?? choice.today },
  );
  return (rows as (Hotspot & { outline: MultiPolygon })[]).map(({ outline, ...hotspot }) => ({ hotspot, outline }));
}

export async function listHotspots(db: Knex, choice: HotspotChoice): Promise<Hotspot[]> {
  return (await listHotspotShapes(db, choice)).map(({ hotspot }) => hotspot);
}

export interface HotspotRecord extends Hotspot {
  readonly outline: MultiPolygon;
  readonly cells: string[];
  readonly runId: string | null;
  readonly reason: string;
  readonly adoptedAt: Date;
  readonly retiredReason: string | null;
  readonly replacedBy: string | null;
  readonly baselineFrom: string | null;
  readonly baselineTo: string | null;
}

export async function findHotspot(db: Knex, view: HotspotView, id: string): Promise<HotspotRecord | undefined> {
  const { rows } = await db.raw(
    `select ${hotspotSelect}, ${shapeSelect}, ground.cells, hotspot.run_id as "runId", hotspot.reason, hotspot.adopted_at as "adoptedAt",
       hotspot.retired_reason as "retiredReason", hotspot.replaced_by as "replacedBy",
       to_char(hotspot.baseline_from, 'YYYY-MM') as "baselineFrom", to_char(hotspot.baseline_to, 'YYYY-MM') as "baselineTo"
     ${hotspotFrom} where ${inScope} and hotspot.id = :id`,
    { ...viewBindings(view), day: view.today, id },
  );
  return rows[0] as HotspotRecord | undefined;
}

/** One adoption at a time, so that two people cannot take the same ground. */
const adoptionLock = 7_204_533;

export async function lockAdoption(trx: Knex.Transaction): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(?)', [adoptionLock]);
}

/** Hotspots live on or after a date whose ground the outline shares from then on; shared edges do not count. */
export async function overlappingHotspots(trx: Knex.Transaction, shape: MultiPolygon, from: string, except: string | null = null): Promise<{ id: string; name: string }[]> {
  const { rows } = await trx.raw(
    `select distinct hotspot.id, name from hotspot
     join hotspot_outline as ground on ground.hotspot_id = hotspot.id and ground.days && daterange(:from::date, null)
     where (live_to is null or live_to > :from::date) and hotspot.id is distinct from :except::uuid
       and ground.outline && ${degreesShape} and st_area(st_intersection(ground.outline_27700, ${metresShape})) > 1
     order by name`,
    { from, except, ...shapeBindings(shape) },
  );
  return rows as { id: string; name: string }[];
}

export const degreesShape = 'st_setsrid(st_geomfromgeojson(:degrees), 4326)';
export const metresShape = 'st_setsrid(st_geomfromgeojson(:metres), 27700)';

export function shapeBindings(shape: MultiPolygon): { degrees: string; metres: string } {
  const metres = mapShape(shape, (lng, lat) => {
    const { easting, northing } = toGrid(lng, lat);
    return [Number(easting.toFixed(3)), Number(northing.toFixed(3))];
  });
  return { degrees: JSON.stringify(shape), metres: JSON.stringify(metres) };
}

/** The council and the ward that hold most of an outline, by the boundaries in force on a date. */
export async function areasOfShape(trx: Knex.Transaction, shape: MultiPolygon, date: string): Promise<{ councilCode: string | null; wardCode: string | null }> {
  const { rows } = await trx.raw(
    `select distinct on (kind) kind, code from boundary
     where kind in ('council', 'ward') and daterange(valid_from, valid_to) @> :day::date and geom && ${degreesShape} and st_intersects(geom_27700, ${metresShape})
     order by kind, st_area(st_intersection(geom_27700, ${metresShape})) desc, code`,
    { day: date, ...shapeBindings(shape) },
  );
  const code = (kind: string): string | null => (rows as { kind: string; code: string }[]).find((row) => row.kind === kind)?.code ?? null;
  return { councilCode: code('council'), wardCode: code('ward') };
}

export interface NewHotspot {
  readonly id: string;
  readonly name: string;
  readonly councilCode: string;
  readonly wardCode: string | null;
  readonly reason: string;
  readonly runId: string | null;
  /** Waits to be agreed: nothing is frozen yet. */
  readonly proposed: boolean;
  readonly liveFrom: string;
  readonly shape: MultiPolygon;
  readonly cells: readonly string[];
  /** First days of the baseline's first and last month. */
  readonly baselineFrom: string | null;
  readonly baselineTo: string | null;
  readonly adoptedBy: string | null;
  readonly adoptedAt: Date;
}

export async function saveHotspot(trx: Knex.Transaction, row: NewHotspot): Promise<void> {
  const { shape, ...values } = row;
  await trx.raw(
    `insert into hotspot (id, name, council_code, ward_code, reason, run_id, state, live_from, outline, outline_27700, cells, baseline_from, baseline_to, adopted_by, adopted_at)
     values (:id, :name, :councilCode, :wardCode, :reason, :runId, case when :proposed then 'proposed' else 'live' end, :liveFrom, ${degreesShape}, ${metresShape}, :cells::text[], :baselineFrom, :baselineTo, :adoptedBy, :adoptedAt)`,
    { ...values, cells: [...row.cells], ...shapeBindings(shape) },
  );
  if (!row.proposed) await freezeBaseline(trx, row.id);
}

/** An incident's day where it is known, else the first of its month. */
const incidentDay = `coalesce((incident.occurred_from at time zone 'Europe/London')::date, incident.month)`;

/** Anti-social behaviour inside the outline of its day, by month and source. */
const countsInside = `
  select incident.month, incident.source_code, count(*)::int as n
  from hotspot
  join hotspot_outline as ground on ground.hotspot_id = hotspot.id
  join location on st_covers(ground.outline_27700, location.geom_27700)
  join incident on incident.location_id = location.id and ground.days @> ${incidentDay}
  join category on category.code = incident.category_code and category.asb
  where hotspot.id = :id`;

/** Sources that hold anti-social behaviour at all: for their months a count of none is a zero, not a gap. */
export const asbMonths = `
  select source_month.source_code, source_month.month from source_month
  where source_month.source_code = any(array(select distinct incident_count.source_code
    from incident_count join category on category.code = incident_count.category_code and category.asb where incident_count.resolution = 8))`;

/** Writes the baseline's counts once; months without data stay out, so that blank is not zero. */
export async function freezeBaseline(trx: Knex.Transaction, id: string): Promise<void> {
  await trx.raw(
    `insert into hotspot_baseline (hotspot_id, month, source_code, n)
     select :id, held.month, held.source_code, coalesce(counted.n, 0)
     from (${asbMonths}) as held
     join hotspot on hotspot.id = :id and held.month between hotspot.baseline_from and hotspot.baseline_to
     left join (${countsInside} and incident.month between hotspot.baseline_from and hotspot.baseline_to group by 1, 2) as counted
       on counted.month = held.month and counted.source_code = held.source_code`,
    { id },
  );
}

export async function listBaseline(db: Knex, id: string): Promise<{ month: string; source: string; n: number }[]> {
  return db('hotspot_baseline').select(db.raw(`to_char(month, 'YYYY-MM') as month`), 'source_code as source', 'n').where({ hotspot_id: id }).orderBy(['hotspot_baseline.month', 'source_code']);
}

/**
 * What `hotspotMonths` needs: counts inside, the whole council's, and the months held. Only of the sources the baseline was frozen from, since
 * a source added later would look like a rise; of all sources where nothing was frozen.
 */
export async function hotspotCounts(db: Knex, hotspot: { id: string; councilCode: string }, sources: readonly string[]): Promise<{ inside: MonthCount[]; council: MonthCount[]; held: string[] }> {
  const bindings = { id: hotspot.id, councilCode: hotspot.councilCode, anySource: sources.length === 0, sources: [...sources] };
  const ofSources = '(:anySource or source_code = any(:sources::text[]))';
  const { rows: inside } = await db.raw(
    `select to_char(month, 'YYYY-MM') as month, sum(n)::int as n from (${countsInside} group by 1, 2) as counted where ${ofSources} group by 1 order by 1`, bindings);
  const { rows: council } = await db.raw(
    `select to_char(month, 'YYYY-MM') as month, sum(n)::int as n from incident_count
     join category on category.code = incident_count.category_code and category.asb
     where resolution = 8 and council_code = :councilCode and ${ofSources} group by 1 order by 1`, bindings);
  const { rows: held } = await db.raw(`select distinct to_char(month, 'YYYY-MM') as month from (${asbMonths}) as held where ${ofSources} order by 1`, bindings);
  return { inside: inside as MonthCount[], council: council as MonthCount[], held: (held as { month: string }[]).map((row) => row.month) };
}

/** Names and cells of the hotspots of a scope live on a day. */
export async function liveOutlines(db: Knex, view: HotspotView): Promise<LiveOutline[]> {
  const { rows } = await db.raw(
    `select id, name, cells from hotspot where ${inScope} and state <> 'proposed' and daterange(live_from, live_to) @> :today::date order by name`, viewBindings(view));
  return rows as LiveOutline[];
}

export interface Retirement {
  readonly id: string;
  readonly liveTo: string;
  readonly reason: string;
  readonly replacedBy: string | null;
  readonly by: string | null;
  readonly at: Date;
}

export async function saveRetirement(trx: Knex.Transaction, row: Retirement): Promise<void> {
  await trx('hotspot').where({ id: row.id }).update({
    live_to: row.liveTo, state: 'retired', retired_reason: row.reason, replaced_by: row.replacedBy, retired_by: row.by, retired_at: row.at,
  });
}
