/** What the agreed set caught, month by month. */
import type { Knex } from 'knex';
import { firstDay } from '../hotspots/months.ts';
import type { TrialTask } from './trial.ts';

export interface AgreedAsked {
  readonly council: readonly string[];
  readonly category: readonly string[];
  readonly source: readonly string[];
  readonly months: readonly string[];
  readonly today: string;
}

/** The hotspots live today in the councils: how many, how large, and their incidents each month; null when there are none. */
export async function agreedMonths(db: Knex, { council, category, source, months, today }: AgreedAsked): Promise<TrialTask['agreed']> {
  const bindings = { council: [...council], category: [...category], source: [...source], months: months.map(firstDay), today };
  const live = `hotspot.council_code = any(:council::text[]) and hotspot.state <> 'proposed' and daterange(hotspot.live_from, hotspot.live_to) @> :today::date`;
  const { rows: totals } = await db.raw(`select count(*)::int as places, coalesce(sum(st_area(outline_27700)) / 1e6, 0) as "areaKm2" from hotspot where ${live}`, bindings);
  const { places, areaKm2 } = totals[0] as { places: number; areaKm2: number };
  if (places === 0) return null;
  const { rows } = await db.raw(
    `select to_char(incident.month, 'YYYY-MM') as month, count(*)::int as n
     from hotspot join location on st_covers(hotspot.outline_27700, location.geom_27700)
     join incident on incident.location_id = location.id and incident.month = any(:months::date[]) and incident.source_code = any(:source::text[]) and incident.category_code = any(:category::text[])
     where ${live} group by 1`, bindings);
  const byMonth = new Map((rows as { month: string; n: number }[]).map(({ month, n }) => [month, n]));
  return { places, areaKm2, hits: months.map((month) => byMonth.get(month) ?? 0) };
}
