/** What candidates are tagged from: the points their incidents are at, and the edge of the area that was analysed. */
import type { Knex } from 'knex';
import { coverArea } from '../../geo/cells.ts';
import { polygonsOf } from '../../geo/shapes.ts';
import { councilBoundaries } from './analysisQueries.ts';
import type { Analysis, HotCell } from './contract.ts';
import { createRecent } from './recent.ts';
import { listedNames } from './placeNames.ts';
import { numberOf, textOf } from './settings.ts';
import { edgeCellsOf, type PointName, type TagEvidence } from './tags.ts';
import { firstDay } from './months.ts';

/** Covers of the last few study areas, by councils, day and resolution, and the boundaries' version. */
const covers = createRecent<ReadonlySet<string>>(6);

/** Everything tags of these cells of a run are decided from. */
export async function tagEvidence(db: Knex, run: Analysis, cells: readonly HotCell[], settings: ReadonlyMap<string, number | string | boolean>): Promise<TagEvidence> {
  const ids = cells.map((cell) => cell.cell);
  return {
    points: await pointNames(db, run, ids), edgeCells: edgeCellsOf(ids, await areaCells(db, run)),
    facilityNames: listedNames(textOf(settings, 'facility_names')), share: numberOf(settings, 'facility_share'),
  };
}

async function pointNames(db: Knex, { parameters, dataVintage }: Analysis, cells: readonly string[]): Promise<PointName[]> {
  const column = `cell${[8, 9, 10].find((resolution) => resolution === parameters.resolution) ?? 9}`;
  const { rows } = await db.raw(
    `select location.${column} as cell, location.id as "locationId", incident.place_name as name, count(*)::int as n
     from location join incident on incident.location_id = location.id
     where location.${column} = any(:cells::text[]) and incident.month = any(:months::date[])
       and incident.source_code = any(:sources::text[]) and incident.category_code = any(:categories::text[])
     group by 1, 2, 3 order by 1, 2, 3`,
    { cells: [...cells], months: [...new Set(dataVintage.months.map(({ month }) => firstDay(month)))], sources: parameters.sources, categories: parameters.categories },
  );
  return rows as PointName[];
}

async function areaCells(db: Knex, { parameters }: Analysis): Promise<ReadonlySet<string>> {
  const { rows } = await db.raw(`select concat(count(*), '-', max(id)) as version from boundary where kind = 'council'`);
  const key = [parameters.councils.join(','), parameters.to, parameters.resolution, rows[0].version].join('|');
  return covers.get(key, async () => {
    const boundaries = await councilBoundaries(db, parameters.councils.map((code) => ({ code, name: code })), firstDay(parameters.to));
    const polygons = boundaries.flatMap(({ shape }) => polygonsOf(shape));
    return new Set(polygons.length === 0 ? [] : coverArea({ type: 'MultiPolygon', coordinates: polygons }, parameters.resolution).cells);
  });
}
