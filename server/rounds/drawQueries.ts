/** Rounds that were drawn, as rows: written once, read back, withdrawn. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { RoundLeg, RoundsOut } from './contract.ts';
import type { KeptInputs, VisitKey } from './drawInputs.ts';
import type { ShiftOfRota } from './queries.ts';

/** The seed the database makes of its secret for a council, a shift and a nonce. */
export async function seedOf(db: Knex, councilCode: string, shift: string, nonce: string): Promise<string> {
  const { rows } = await db.raw('select round_seed(:councilCode, cast(:shift as uuid), cast(:nonce as uuid)) as seed', { councilCode, shift, nonce });
  return (rows[0] as { seed: string }).seed;
}

/** The rounds of a shift now in force, kept from being replaced by two at once; and how often it was drawn. */
export async function lockDraws(db: Knex, shift: string): Promise<{ drawn: number; inForce: string | undefined }> {
  await db.raw(`select pg_advisory_xact_lock(hashtext('rounds of ' || ?))`, [shift]);
  const rows = (await db('round_draw').select('id', 'withdrawn_at').where({ shift_key: shift })) as { id: string; withdrawn_at: Date | null }[];
  return { drawn: rows.length, inForce: rows.find(({ withdrawn_at: at }) => at === null)?.id };
}

export const withdrawDraw = (db: Knex, id: string, at: Date): Promise<unknown> => db('round_draw').where({ id }).update({ withdrawn_at: at });

export interface DrawRow {
  readonly id: string;
  readonly shift: ShiftOfRota;
  readonly number: number;
  readonly baseId: string;
  readonly reason: string;
  readonly nonce: string;
  readonly inputs: KeptInputs;
  readonly inputsSha256: string;
  readonly planSha256: string;
  readonly seedSha256: string;
  readonly waysEstimated: number;
  readonly ways: number;
  readonly plannedBy: string | null;
  /** What the crews could not be given, in words. */
  readonly notes: readonly string[];
  readonly solverVersion: number;
  readonly legs: readonly LegRow[];
  readonly leftOut: readonly (VisitKey & { readonly why: string })[];
}

export interface LegRow {
  readonly crew: number;
  readonly leg: number;
  readonly leavesAt: string;
  readonly backAt: string;
  readonly among: number;
  readonly shareOfBest: number;
  readonly wardens: readonly string[];
  readonly stops: readonly (VisitKey & { readonly arrivesAt: string; readonly leavesAt: string; readonly travelMinutes: number })[];
}

/** Keeps rounds with everything the draw depends on but the secret. */
export async function insertDraw(db: Knex, row: DrawRow): Promise<void> {
  const { shift } = row;
  await db('round_draw').insert({
    id: row.id, council_code: shift.councilCode, shift_key: shift.id, shift_name: shift.name, starts_at: shift.startsAt, ends_at: shift.endsAt, number: row.number, base_id: row.baseId,
    reason: row.reason, nonce: row.nonce, inputs: JSON.stringify(row.inputs), inputs_sha256: row.inputsSha256, plan_sha256: row.planSha256, seed_sha256: row.seedSha256,
    ways_estimated: row.waysEstimated, ways: row.ways, planned_by: row.plannedBy, notes: JSON.stringify(row.notes), solver_version: row.solverVersion,
  });
  for (const leg of row.legs) {
    const id = randomUUID();
    await db('round').insert({ id, draw_id: row.id, council_code: shift.councilCode, crew: leg.crew, leg: leg.leg, leaves_at: leg.leavesAt, back_at: leg.backAt, among: leg.among, share_of_best: leg.shareOfBest });
    if (leg.wardens.length > 0) await db('round_warden').insert(leg.wardens.map((warden) => ({ round_id: id, warden_id: warden })));
    await db('round_stop').insert(leg.stops.map((stop, at) => ({
      round_id: id, position: at + 1, hotspot_id: stop.hotspotId, band_on: stop.bandOn, band: stop.band, nth: stop.nth, arrives_at: stop.arrivesAt, leaves_at: stop.leavesAt, travel_minutes: stop.travelMinutes,
    })));
  }
  if (row.leftOut.length > 0) await db('round_left_out').insert(row.leftOut.map((one) => ({ draw_id: row.id, hotspot_id: one.hotspotId, band_on: one.bandOn, band: one.band, nth: one.nth, why: one.why })));
}

/** The rounds of a draw as the reader may see them: a warden the own legs. */
export async function findRounds(db: Knex, councils: readonly string[], id: string): Promise<Omit<RoundsOut, 'base'> & { baseId: string } | undefined> {
  const draw = await db('round_draw as d').join('organisation as o', 'o.council_code', 'd.council_code').where('d.id', id).whereIn('d.council_code', [...councils])
    .select('d.id', 'd.council_code as councilCode', 'o.name as council', 'd.shift_key as shift', 'd.shift_name as name', 'd.starts_at as startsAt', 'd.ends_at as endsAt', 'd.number', 'd.reason',
      'd.planned_at as plannedAt', 'd.withdrawn_at as withdrawnAt', 'd.base_id as baseId', 'd.ways_estimated as waysEstimated', 'd.ways', 'd.notes').first();
  if (!draw) return undefined;
  const at = (value: Date): string => value.toISOString();
  const leftOut = await db('round_left_out as l').join('hotspot as h', 'h.id', 'l.hotspot_id').where('l.draw_id', id)
    .select('h.id as hotspotId', 'h.name as hotspot', 'l.band_on as bandOn', 'l.band', 'l.nth', 'l.why').orderBy(['l.band_on', 'l.band', 'h.name', 'l.nth']);
  return {
    ...draw, startsAt: at(draw.startsAt), endsAt: at(draw.endsAt), plannedAt: at(draw.plannedAt), withdrawnAt: draw.withdrawnAt && at(draw.withdrawnAt), legs: await listLegs(db, id, draw.startsAt), leftOut,
  };
}

const instantText = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

async function listLegs(db: Knex, drawId: string, day: Date): Promise<RoundLeg[]> {
  const { rows } = await db.raw(
    `select r.id, r.crew, r.leg, ${instantText('r.leaves_at')} as "leavesAt", ${instantText('r.back_at')} as "backAt", r.among, r.share_of_best as "shareOfBest",
       coalesce((select jsonb_agg(w.reference order by w.reference) from round_warden rw join warden w on w.id = rw.warden_id where rw.round_id = r.id), '[]') as wardens,
       coalesce((select jsonb_agg(jsonb_build_object('position', t.position, 'hotspotId', h.id, 'hotspot', h.name,
           'lng', round(st_x(st_transform(st_pointonsurface(o.outline_27700), 4326))::numeric, 6), 'lat', round(st_y(st_transform(st_pointonsurface(o.outline_27700), 4326))::numeric, 6),
           'bandOn', t.band_on, 'band', t.band, 'nth', t.nth, 'arrivesAt', ${instantText('t.arrives_at')}, 'leavesAt', ${instantText('t.leaves_at')}, 'travelMinutes', t.travel_minutes) order by t.position)
         from round_stop t join hotspot h on h.id = t.hotspot_id join hotspot_outline o on o.hotspot_id = h.id and o.days @> (cast(:day as timestamptz) at time zone 'Europe/London')::date
         where t.round_id = r.id), '[]') as stops
     from round r where r.draw_id = :drawId order by r.crew, r.leg`,
    { drawId, day },
  );
  return rows as RoundLeg[];
}

export interface KeptDraw {
  readonly nonce: string;
  readonly councilCode: string;
  readonly shift: string;
  readonly startsAt: Date;
  readonly inputs: KeptInputs;
  readonly inputsSha256: string;
  readonly planSha256: string;
  readonly seedSha256: string;
  readonly solverVersion: number;
}

export async function findDraw(db: Knex, councils: readonly string[], id: string): Promise<KeptDraw | undefined> {
  return db('round_draw').where({ id }).whereIn('council_code', [...councils])
    .select('nonce', 'council_code as councilCode', 'shift_key as shift', 'starts_at as startsAt', 'inputs', 'inputs_sha256 as inputsSha256', 'plan_sha256 as planSha256', 'seed_sha256 as seedSha256', 'solver_version as solverVersion').first();
}

/** Every draw of a shift, in their order. */
export async function listDraws(db: Knex, shift: string): Promise<{ id: string; number: number; plannedAt: string; withdrawnAt: string | null; reason: string }[]> {
  const rows = (await db('round_draw').where({ shift_key: shift }).select('id', 'number', 'planned_at as plannedAt', 'withdrawn_at as withdrawnAt', 'reason').orderBy('number')) as { id: string; number: number; plannedAt: Date; withdrawnAt: Date | null; reason: string }[];
  return rows.map((row) => ({ ...row, plannedAt: row.plannedAt.toISOString(), withdrawnAt: row.withdrawnAt && row.withdrawnAt.toISOString() }));
}
