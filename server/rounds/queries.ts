/** Bases, road times and what a shift's rounds are planned from. */
import type { Knex } from 'knex';
import type { RoundBase, RoundShift } from './contract.ts';
import type { RoadTime } from './roadFile.ts';
import type { TravelBy } from './roundTravel.ts';

const baseColumns = ['id', 'council_code as councilCode', 'name', 'lng', 'lat', 'travel', 'valid_from as validFrom', 'valid_to as validTo'];

export async function listBases(db: Knex, councils: readonly string[]): Promise<RoundBase[]> {
  return db('round_base').select(baseColumns).whereIn('council_code', [...councils]).orderBy(['council_code', 'valid_from', 'name']);
}

export async function insertBase(db: Knex, base: RoundBase, madeBy: string | null): Promise<void> {
  await db('round_base').where({ council_code: base.councilCode, name: base.name, valid_to: null }).where('valid_from', '<', base.validFrom).update({ valid_to: base.validFrom });
  await db('round_base').insert({ id: base.id, council_code: base.councilCode, name: base.name, lng: base.lng, lat: base.lat, travel: base.travel, valid_from: base.validFrom, valid_to: base.validTo, made_by: madeBy });
}

export const endBase = (db: Knex, id: string, validTo: string): Promise<unknown> => db('round_base').where({ id }).update({ valid_to: validTo });

export async function listRoads(db: Knex, councils: readonly string[]): Promise<{ councilCode: string; travel: TravelBy; ways: number; loadedAt: string }[]> {
  const rows = await db('road_time').select('council_code as councilCode', 'travel').count('* as ways').max('loaded_at as loadedAt').whereIn('council_code', [...councils]).groupBy('council_code', 'travel').orderBy(['council_code', 'travel']);
  return (rows as unknown as { councilCode: string; travel: TravelBy; ways: number; loadedAt: Date }[]).map((row) => ({ ...row, ways: Number(row.ways), loadedAt: row.loadedAt.toISOString() }));
}

/** Puts a load of road times in the place of the one before. */
export async function replaceRoads(db: Knex, of: { councilCode: string; travel: TravelBy; loadedBy: string | null }, times: readonly RoadTime[]): Promise<void> {
  await db('road_time').where({ council_code: of.councilCode, travel: of.travel }).delete();
  await db.raw(
    `insert into road_time (council_code, travel, from_id, to_id, minutes, loaded_by)
     select :councilCode, :travel, r."fromId", r."toId", r.minutes, cast(:loadedBy as uuid) from jsonb_to_recordset(cast(:json as jsonb)) as r("fromId" uuid, "toId" uuid, minutes real)`,
    { ...of, json: JSON.stringify(times) },
  );
}

/** Minutes by `from to`, between some places. */
export async function roadMinutes(db: Knex, councilCode: string, travel: TravelBy, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await db('road_time').select('from_id as fromId', 'to_id as toId', 'minutes').where({ council_code: councilCode, travel }).whereIn('from_id', [...ids]).whereIn('to_id', [...ids]);
  return new Map((rows as RoadTime[]).map(({ fromId, toId, minutes }) => [`${fromId} ${toId}`, minutes]));
}

export interface ShiftOfRota {
  readonly id: string;
  readonly councilCode: string;
  readonly name: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly wardens: readonly string[];
  readonly coverWanted: number;
  readonly crewSize: number;
}

/** A published shift in force, as the rota has it now. */
export async function findShift(db: Knex, councils: readonly string[], id: string): Promise<ShiftOfRota | undefined> {
  return db('rota_shift_in_force')
    .select('id', 'council_code as councilCode', 'shift_name as name', 'starts_at as startsAt', 'ends_at as endsAt', 'wardens', 'cover_wanted as coverWanted', 'crew_size as crewSize')
    .where({ id }).whereIn('council_code', [...councils]).first();
}

/** Published shifts that start between two days, with what is planned in their hours and their rounds in force; only the own ones where `own`. */
export async function listShifts(db: Knex, { councils, from, to, own }: { councils: readonly string[]; from: string; to: string; own: boolean }): Promise<RoundShift[]> {
  const { rows } = await db.raw(
    `select s.id as shift, s.council_code as "councilCode", o.name as council, s.day, s.shift_name as name, s.starts_at as "startsAt", s.ends_at as "endsAt",
       coalesce((select jsonb_agg(w.reference order by w.reference) from warden w where w.id = any(s.wardens)), '[]') as wardens,
       coalesce((select sum(p.visits) from planned_hours p
         where p.council_code = s.council_code and p.week between date_trunc('week', s.day)::date - 7 and date_trunc('week', s.day)::date + 7
           and tstzrange((p.week + (p.band_day - 1) + make_interval(hours => p.band * 4)) at time zone 'Europe/London', (p.week + (p.band_day - 1) + make_interval(hours => p.band * 4 + 4)) at time zone 'Europe/London')
             && tstzrange(s.starts_at, s.ends_at)), 0)::int as planned,
       (select jsonb_build_object('id', d.id, 'number', d.number, 'plannedAt', to_char(d.planned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
           'stops', (select count(*) from round_stop t join round r on r.id = t.round_id where r.draw_id = d.id),
           'legs', (select count(*) from round r where r.draw_id = d.id), 'leftOut', (select count(*) from round_left_out l where l.draw_id = d.id))
         from round_draw d where d.shift_key = s.id and d.withdrawn_at is null) as rounds
     from rota_shift_in_force s join organisation o on o.council_code = s.council_code
     where s.council_code = any(cast(:councils as text[])) and s.day between cast(:from as date) and cast(:to as date) and (not :own or cardinality(s.wardens) > 0)
     order by s.starts_at, s.council_code, s.shift_name`,
    { councils: [...councils], from, to, own },
  );
  return (rows as (RoundShift & { startsAt: Date; endsAt: Date })[]).map((row) => ({ ...row, startsAt: row.startsAt.toISOString(), endsAt: row.endsAt.toISOString() }));
}

/** The last day some councils have rounds on, or else a published shift. */
export async function lastShiftDay(db: Knex, councils: readonly string[]): Promise<string | null> {
  const { rows } = await db.raw(
    `select coalesce((select max((starts_at at time zone 'Europe/London')::date) from round_draw where council_code = any(cast(:councils as text[])) and withdrawn_at is null),
       (select max(day) from rota_shift_in_force where council_code = any(cast(:councils as text[]))))::text as day`,
    { councils: [...councils] },
  );
  return (rows[0] as { day: string | null }).day;
}

export interface PlannedVisitRow {
  readonly hotspotId: string;
  readonly week: string;
  readonly day: number;
  readonly band: number;
  readonly visits: number;
  readonly allocationId: string | null;
}

/** The plan in force of a council in some weeks. */
export async function listPlanned(db: Knex, councilCode: string, weeks: readonly string[]): Promise<PlannedVisitRow[]> {
  return db('planned_hours').select('hotspot_id as hotspotId', 'week', 'band_day as day', 'band', 'visits', 'allocation_id as allocationId')
    .where({ council_code: councilCode }).whereIn('week', [...weeks]).where('visits', '>', 0).orderBy(['hotspot_id', 'week', 'band_day', 'band']);
}

/** What each visit of some plans is expected to prevent, by `hotspot date band ordinal`. */
export async function visitGains(db: Knex, councilCode: string, allocations: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.raw(
    `select v.visit ->> 'hotspotId' as h, v.visit ->> 'date' as d, v.visit ->> 'band' as b, v.visit ->> 'ordinal' as n, cast(v.visit ->> 'gain' as double precision) as gain
     from allocation_plan p cross join lateral jsonb_array_elements(p.visits) as v(visit) where p.run_id = any(cast(:allocations as uuid[])) and p.council_code = :councilCode`,
    { allocations: [...allocations], councilCode },
  );
  return new Map((rows as { h: string; d: string; b: string; n: string; gain: number }[]).map(({ h, d, b, n, gain }) => [`${h} ${d} ${b} ${n}`, gain]));
}

export interface HotspotPlace {
  readonly id: string;
  readonly easting: number;
  readonly northing: number;
  /** Null where nobody ever was. */
  readonly lastVisit: string | null;
}

/** Where hotspots that are live on a day lie, and when each was last visited before an instant. */
export async function listPlaces(db: Knex, ids: readonly string[], day: string, before: Date): Promise<HotspotPlace[]> {
  const { rows } = await db.raw(
    `select h.id, st_x(st_pointonsurface(o.outline_27700)) as easting, st_y(st_pointonsurface(o.outline_27700)) as northing,
       (select max(v.visited_on)::text from visit v where v.hotspot_id = h.id and v.started_at < cast(:before as timestamptz)) as "lastVisit"
     from hotspot h join hotspot_outline o on o.hotspot_id = h.id and o.days @> cast(:day as date)
     where h.id = any(cast(:ids as uuid[])) and h.state <> 'proposed' and daterange(h.live_from, h.live_to) @> cast(:day as date) order by h.id`,
    { ids: [...ids], day, before },
  );
  return rows as HotspotPlace[];
}

export interface TakenVisit {
  readonly hotspotId: string;
  readonly bandOn: string;
  readonly band: number;
  readonly nth: number;
  readonly arrivesAt: Date;
  readonly leavesAt: Date;
}

/** Stops that the rounds in force of other shifts have about this time. */
export async function listTaken(db: Knex, shift: ShiftOfRota): Promise<TakenVisit[]> {
  const { rows } = await db.raw(
    `select t.hotspot_id as "hotspotId", t.band_on as "bandOn", t.band, t.nth, t.arrives_at as "arrivesAt", t.leaves_at as "leavesAt"
     from round_stop t join round r on r.id = t.round_id join round_draw d on d.id = r.draw_id
     where d.council_code = :councilCode and d.shift_key <> :shift and d.withdrawn_at is null
       and t.arrives_at between cast(:from as timestamptz) - interval '1 day' and cast(:to as timestamptz) + interval '1 day' order by t.arrives_at, t.hotspot_id`,
    { councilCode: shift.councilCode, shift: shift.id, from: shift.startsAt, to: shift.endsAt },
  );
  return rows as TakenVisit[];
}
