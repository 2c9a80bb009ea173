/** What a refresh is compared from, and what is kept of it. */
import type { Knex } from 'knex';
import { toGrid } from '../../geo/projection.ts';
import { mapShape } from '../../geo/shapes.ts';
import type { Analysis, Candidate, Hotspot, MultiPolygon } from '../hotspots/contract.ts';
import { firstDay } from '../hotspots/months.ts';
import type { CellBefore } from './refresh.ts';

/** The run of the latest confirmed refresh made before this run, else the latest run before it over the same councils and cells. */
export async function previousRunId(db: Knex, run: Analysis): Promise<string | undefined> {
  const { rows } = await db.raw(
    `select earlier.id from analysis_run earlier
     left join hotspot_refresh refresh on refresh.run_id = earlier.id
     where earlier.id <> :id and earlier.created_at < :createdAt and earlier.parameters -> 'councils' = :councils::jsonb and earlier.parameters -> 'resolution' = :resolution::jsonb
       and earlier.parameters ->> 'to' < :to
     order by (refresh.id is not null) desc, earlier.created_at desc limit 1`,
    { id: run.id, createdAt: run.createdAt, councils: JSON.stringify(run.parameters.councils), resolution: JSON.stringify(run.parameters.resolution), to: run.parameters.to },
  );
  return (rows as { id: string }[])[0]?.id;
}

/** Incidents of a run's months, sources and categories inside the latest outline of each hotspot. */
export async function incidentsOnGround(db: Knex, run: Analysis, hotspotIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.raw(
    `select hotspot.id, count(*)::int as n
     from hotspot join location on st_covers(hotspot.outline_27700, location.geom_27700)
     join incident on incident.location_id = location.id and incident.month = any(:months::date[])
       and incident.source_code = any(:sources::text[]) and incident.category_code = any(:categories::text[])
     where hotspot.id = any(:ids::uuid[]) group by hotspot.id`,
    { ids: [...hotspotIds], months: [...new Set(run.dataVintage.months.map(({ month }) => firstDay(month)))], sources: run.parameters.sources, categories: run.parameters.categories },
  );
  return new Map((rows as { id: string; n: number }[]).map(({ id, n }) => [id, n]));
}

/** Which hotspots and candidates share ground, and how much of the hotspot's; edges alone do not count. */
export async function sharedGround(db: Knex, hotspots: readonly Hotspot[], candidates: readonly Candidate[]): Promise<{ hotspotId: string; rank: number; share: number }[]> {
  const shapes = candidates.map(({ rank, shape }) => ({ rank, shape: inMetres(shape) }));
  const { rows } = await db.raw(
    `select hotspot.id as "hotspotId", candidate.rank, st_area(st_intersection(hotspot.outline_27700, candidate.geom)) / st_area(hotspot.outline_27700) as share
     from hotspot
     join (select rank, st_setsrid(st_geomfromgeojson(shape::text), 27700) as geom from json_to_recordset(:shapes::json) as row (rank int, shape json)) as candidate
       on candidate.geom && hotspot.outline_27700
     where hotspot.id = any(:ids::uuid[]) and st_area(st_intersection(hotspot.outline_27700, candidate.geom)) > 1`,
    { shapes: JSON.stringify(shapes), ids: hotspots.map((hotspot) => hotspot.id) },
  );
  return rows as { hotspotId: string; rank: number; share: number }[];
}

function inMetres(shape: MultiPolygon): object {
  return mapShape(shape, (lng, lat) => {
    const { easting, northing } = toGrid(lng, lat);
    return [Number(easting.toFixed(3)), Number(northing.toFixed(3))];
  });
}

/** What the cells were in an earlier run. */
export async function cellsBefore(db: Knex, runId: string, cells: readonly string[]): Promise<Map<string, CellBefore>> {
  const rows: (CellBefore & { cell: string })[] = await db('hot_cell').select('cell', 'n', 'rank', 'candidate').where({ run_id: runId }).whereIn('cell', [...cells]);
  return new Map(rows.map(({ cell, ...before }) => [cell, before]));
}

export interface KeptDecision {
  readonly councilCode: string;
  readonly found: string;
  readonly hotspotId: string | null;
  readonly cell: string | null;
  readonly name: string;
  readonly why: string;
  readonly decision: string;
  readonly reason: string;
}

export interface KeptRefresh {
  readonly id: string;
  readonly runId: string;
  readonly previousRunId: string | null;
  readonly councils: readonly string[];
  readonly effectiveOn: string;
  readonly figures: object;
  readonly by: string | null;
  readonly at: Date;
}

export async function saveRefresh(trx: Knex.Transaction, row: KeptRefresh, decisions: readonly KeptDecision[]): Promise<void> {
  await trx('hotspot_refresh').insert({
    id: row.id, run_id: row.runId, previous_run_id: row.previousRunId, councils: [...row.councils], effective_on: row.effectiveOn,
    figures: JSON.stringify(row.figures), decided_by: row.by, decided_at: row.at,
  });
  await trx('hotspot_refresh_decision').insert(decisions.map((one, index) => ({
    refresh_id: row.id, number: index + 1, council_code: one.councilCode, found: one.found, hotspot_id: one.hotspotId, cell: one.cell, name: one.name, why: one.why, decision: one.decision, reason: one.reason,
  })));
}

export interface RefreshListed {
  readonly id: string;
  readonly runId: string;
  readonly effectiveOn: string;
  readonly decidedAt: string;
  readonly figures: { kept: number; shifted: number; dropped: number; new: number };
  readonly decisions: { found: 'kept' | 'shifted' | 'dropped' | 'new'; name: string; hotspotId: string | null; why: string; decision: 'keep' | 'retire' | 'adopt' | 'replace' | 'leave'; reason: string }[];
}

/** Confirmed refreshes, newest first; those of one run when one is named. */
export async function listKeptRefreshes(db: Knex, runId: string | null = null): Promise<RefreshListed[]> {
  const { rows } = await db.raw(
    `select id, run_id as "runId", effective_on as "effectiveOn", decided_at as "decidedAt", figures,
       coalesce((select json_agg(json_build_object('found', found, 'name', name, 'hotspotId', hotspot_id, 'why', why, 'decision', decision, 'reason', reason) order by number)
         from hotspot_refresh_decision d where d.refresh_id = hotspot_refresh.id), '[]') as decisions
     from hotspot_refresh where :anyRun or run_id = :runId::uuid order by decided_at desc limit 100`,
    { anyRun: runId === null, runId },
  );
  return (rows as (Omit<RefreshListed, 'decidedAt'> & { decidedAt: Date })[]).map((row) => ({ ...row, decidedAt: row.decidedAt.toISOString() }));
}
