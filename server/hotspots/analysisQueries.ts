/** Analysis runs: what they are made from, and what they leave. */
import type { Knex } from 'knex';
import type { AreaShape } from '../../geo/shapes.ts';
import type { Analysis, AnalysisFigures, AnalysisParameters, DataVintage, HotCell } from './contract.ts';
import { notExcluded } from '../incidents/exclusionQueries.ts';
import type { CellDetail, RankedCell } from './hotCells.ts';
import type { IncidentFilter, Named } from './incidentFilter.ts';
import { filterBindings } from './queries.ts';

export interface CouncilBoundary {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly source: string;
  readonly validFrom: string;
  readonly shape: AreaShape;
}

/** The boundaries of these councils in force on a date. */
export async function councilBoundaries(db: Knex, councils: readonly Named[], date: string): Promise<CouncilBoundary[]> {
  const { rows } = await db.raw(
    `select id, code, name, source, valid_from as "validFrom", st_asgeojson(geom, 9)::json as shape
     from boundary where kind = 'council' and code = any(:codes::text[]) and daterange(valid_from, valid_to) @> :day::date order by code`,
    { codes: councils.map((council) => council.code), day: date },
  );
  return rows as CouncilBoundary[];
}

/** `incident` rows of the filter with their cell at a resolution of 8, 9 or 10; the resolution is a column's name and so is checked here. */
function placedRows(resolution: number): string {
  if (![8, 9, 10].includes(resolution)) throw new RangeError(`There are no cells of resolution ${resolution}.`);
  return `select location.cell${resolution} as cell, location.id as location_id, incident.place_name
    from incident join location on location.id = incident.location_id
    where incident.month = any(:months::date[]) and incident.source_code = any(:sources::text[]) and incident.category_code = any(:categories::text[]) and ${notExcluded}`;
}

/** What the incidents of each cell say of their place: names, the ward most lie in on the date, and how many different points there are. */
export async function cellDetails(db: Knex, filter: IncidentFilter, resolution: number, date: string): Promise<Map<string, CellDetail>> {
  const bindings = { ...filterBindings(filter), day: date };
  const { rows: names } = await db.raw(
    `select cell, place_name as name, count(*)::int as n from (${placedRows(resolution)}) as placed where place_name <> '' group by cell, place_name`, bindings);
  const { rows: points } = await db.raw(
    `select cell, count(distinct location_id)::int as points from (${placedRows(resolution)}) as placed group by cell`, bindings);
  const { rows: wards } = await db.raw(
    `select distinct on (cell) cell, code from (
       select counted.cell, ward.code, sum(counted.n) as n
       from (select cell, location_id, count(*) as n from (${placedRows(resolution)}) as placed group by cell, location_id) as counted
       join location_boundary on location_boundary.location_id = counted.location_id
       join boundary as ward on ward.id = location_boundary.boundary_id and ward.kind = 'ward' and daterange(ward.valid_from, ward.valid_to) @> :day::date
       group by counted.cell, ward.code
     ) as shares order by cell, n desc, code`, bindings);
  return joinDetails(names as CellName[], points as { cell: string; points: number }[], wards as { cell: string; code: string }[]);
}

interface CellName {
  readonly cell: string;
  readonly name: string;
  readonly n: number;
}

function joinDetails(names: readonly CellName[], points: readonly { cell: string; points: number }[], wards: readonly { cell: string; code: string }[]): Map<string, CellDetail> {
  const wardOf = new Map(wards.map(({ cell, code }) => [cell, code]));
  const namesOf = new Map<string, CellName[]>();
  for (const row of names) {
    const known = namesOf.get(row.cell);
    if (known) known.push(row);
    else namesOf.set(row.cell, [row]);
  }
  return new Map(points.map((row) => [row.cell, { names: namesOf.get(row.cell) ?? [], wardCode: wardOf.get(row.cell) ?? null, points: row.points }]));
}

export interface NewRun {
  readonly id: string;
  readonly parameters: AnalysisParameters;
  readonly methodVersion: string;
  readonly dataVintage: DataVintage;
  readonly hash: string;
  readonly figures: AnalysisFigures;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly scheduledFor: string | null;
}

export async function saveRun(trx: Knex.Transaction, run: NewRun, cells: readonly RankedCell[]): Promise<void> {
  await trx('analysis_run').insert({
    id: run.id, parameters: JSON.stringify(run.parameters), method_version: run.methodVersion, data_vintage: JSON.stringify(run.dataVintage),
    hash: run.hash, figures: JSON.stringify(run.figures), created_by: run.createdBy, created_at: run.createdAt,
    scheduled_for: run.scheduledFor === null ? null : `${run.scheduledFor}-01`,
  });
  await trx.raw(
    `insert into hot_cell (run_id, rank, cell, council_code, ward_code, place_name, n, weighted, area_km2, rate, rate_low, rate_high, smoothed_rate, z, p,
       false_discovery, neighbour_only, candidate, points, rank_low, rank_high)
     select :id, rank, cell, "councilCode", "wardCode", place, n, weighted, "areaKm2", rate, "rateLow", "rateHigh", "smoothedRate", z, p,
       "falseDiscovery", "neighbourOnly", candidate, points, "rankLow", "rankHigh"
     from json_to_recordset(:cells::json) as row (rank int, cell text, "councilCode" text, "wardCode" text, place text, n int, weighted float8, "areaKm2" float8, rate float8,
       "rateLow" float8, "rateHigh" float8, "smoothedRate" float8, z float8, p float8, "falseDiscovery" bool, "neighbourOnly" bool, candidate bool, points int,
       "rankLow" int, "rankHigh" int)`,
    { id: run.id, cells: JSON.stringify(cells) },
  );
}

interface RunRow extends Omit<Analysis, 'createdAt' | 'scheduledFor'> {
  createdAt: Date;
  scheduledFor: string | null;
}

const runColumns = ['id', 'parameters', 'method_version as methodVersion', 'hash', 'figures', 'data_vintage as dataVintage', 'created_at as createdAt', 'scheduled_for as scheduledFor'];

function runOf(row: RunRow): Analysis {
  return { ...row, createdAt: row.createdAt.toISOString(), scheduledFor: row.scheduledFor?.slice(0, 7) ?? null };
}

/** Runs whose councils are all within the scope. */
function visibleRuns(db: Knex, scope: readonly string[]): Knex.QueryBuilder {
  const query = db('analysis_run').select(runColumns);
  return scope.includes('*') ? query : query.whereRaw(`parameters -> 'councils' <@ ?::jsonb`, [JSON.stringify(scope)]);
}

export async function listRuns(db: Knex, scope: readonly string[]): Promise<Analysis[]> {
  const rows = (await visibleRuns(db, scope).orderBy('created_at', 'desc').limit(100)) as RunRow[];
  return rows.map(runOf);
}

export async function findRun(db: Knex, scope: readonly string[], id: string): Promise<Analysis | undefined> {
  const row = (await visibleRuns(db, scope).where({ id }).first()) as RunRow | undefined;
  return row && runOf(row);
}

/** Ranked cells of a run; wards by the name they had in the run's last month. */
export async function listRunCells(db: Knex, run: Analysis, options: { councils?: readonly string[] | undefined; candidatesOnly?: boolean; cells?: readonly string[]; limit?: number } = {}): Promise<HotCell[]> {
  const { rows } = await db.raw(
    `select rank, cell, hot_cell.council_code as "councilCode", coalesce(organisation.name, '') as council, ward_code as "wardCode", ward.name as ward,
       place_name as place, n, weighted, area_km2 as "areaKm2", rate, rate_low as "rateLow", rate_high as "rateHigh", smoothed_rate as "smoothedRate", z, p,
       false_discovery as "falseDiscovery", neighbour_only as "neighbourOnly", candidate, points,
       rank_low as "rankLow", rank_high as "rankHigh"
     from hot_cell
     left join organisation on organisation.council_code = hot_cell.council_code
     left join boundary as ward on ward.kind = 'ward' and ward.code = hot_cell.ward_code and daterange(ward.valid_from, ward.valid_to) @> :day::date
     where run_id = :id and (:allCouncils or hot_cell.council_code = any(:councils::text[])) and (:everything or candidate)
       and (:anyCell or cell = any(:cells::text[]))
     order by rank limit :limit`,
    {
      id: run.id, day: `${run.parameters.to}-01`, allCouncils: options.councils === undefined, councils: options.councils ?? [],
      everything: !options.candidatesOnly, anyCell: options.cells === undefined, cells: options.cells ?? [], limit: options.limit ?? 100_000,
    },
  );
  return rows as HotCell[];
}

export async function countRunCells(db: Knex, runId: string): Promise<number> {
  const row = await db('hot_cell').where({ run_id: runId }).count<{ count: number }[]>('* as count').first();
  return row?.count ?? 0;
}
