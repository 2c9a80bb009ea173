/** Small areas with their people, deprivation and incidents, and the hotspots that lie in them. */
import { lastDayOf } from '../returns/deadline.ts';
import type { Knex } from 'knex';
import type { EqualityFacts, PatrolledPlace, SmallArea } from './equality.ts';

interface Span {
  readonly council: string;
  readonly from: string;
  readonly to: string;
  readonly boundariesOn: string;
  readonly sources: readonly string[];
}

type Loaded = Pick<EqualityFacts, 'areas' | 'places' | 'indexYear' | 'populationYear'>;

/** The latest index of deprivation and the latest population that are held, in the small areas of the day. */
export async function loadEquality(db: Knex, { council, from, to, boundariesOn, sources }: Span): Promise<Loaded> {
  const given = { council, first: `${from}-01`, last: lastDayOf(to), on: boundariesOn, sources: [...sources] };
  const areas = ((await db.raw(`
    with best as (select year, source from population where area_kind = 'lsoa' group by year, source order by year desc, count(distinct age_from) desc, source limit 1),
    people as (select p.area_code, sum(p.persons)::int as persons, (sum(p.persons) filter (where p.age_from between 10 and 24))::int as young from best join population p on p.area_kind = 'lsoa' and p.year = best.year and p.source = best.source group by 1),
    happened as (
      select lb.boundary_id, count(*)::int as n from incident i join category c on c.code = i.category_code and c.asb join location_boundary lb on lb.location_id = i.location_id
      where i.month between cast(:first as date) and cast(:last as date) and i.source_code = any(cast(:sources as text[])) group by 1)
    select b.code, d.decile, coalesce(people.persons, 0) as persons, coalesce(people.young, 0) as young, coalesce(happened.n, 0) as incidents
    from boundary b left join people on people.area_code = b.code left join happened on happened.boundary_id = b.id
      left join deprivation d on d.lsoa_code = b.code and d.measure = 'overall' and d.index_year = (select max(index_year) from deprivation)
    where b.kind = 'lsoa' and b.council_code = :council and daterange(b.valid_from, b.valid_to) @> cast(:on as date) order by b.code`, given)) as { rows: SmallArea[] }).rows;
  const places = ((await db.raw(`
    select (select b.code from boundary b where b.kind = 'lsoa' and daterange(b.valid_from, b.valid_to) @> cast(:on as date) and st_intersects(b.geom, st_pointonsurface(h.outline)) order by b.code limit 1) as area,
      (select coalesce(sum(v.person_minutes), 0)::int from visit v where v.hotspot_id = h.id and v.visited_on between cast(:first as date) and cast(:last as date)) as "personMinutes"
    from hotspot h where h.council_code = :council and h.state <> 'proposed' and daterange(h.live_from, h.live_to) && daterange(cast(:first as date), cast(:last as date) + 1) order by h.name`, { council, first: given.first, last: given.last, on: boundariesOn })) as { rows: PatrolledPlace[] }).rows;
  const years: { index: number | null; population: number | null } | undefined = await db.first(db.raw(`(select max(index_year) from deprivation) as index, (select max(year) from population where area_kind = 'lsoa') as population`));
  return { areas, places, indexYear: years?.index ?? null, populationYear: years?.population ?? null };
}
