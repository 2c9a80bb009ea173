/** Boundaries of a day, and what there is of places. */
import type { Knex } from 'knex';
import type { BoundaryFeature, BoundaryKind, PlaceSet } from './contract.ts';

interface BoundaryRow {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly councilCode: string | null;
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly schematic: boolean;
  readonly source: string;
  readonly attribution: string;
  readonly shape: string;
}

const metresInDegree = 111_320;

/** Boundaries of a kind in force on a day, simplified to within some metres, with the words of their publishers. */
export async function listBoundariesOn(
  db: Knex,
  wanted: { kind: BoundaryKind; on: string; metres: number; council?: string },
): Promise<{ features: BoundaryFeature[]; attribution: string[] }> {
  const { rows } = await db.raw(
    `select boundary.id, code, boundary.name, council_code as "councilCode", valid_from as "validFrom", valid_to as "validTo", schematic, source, attribution,
       st_asgeojson(st_multi(st_simplifypreservetopology(geom, :degrees)), 5) as shape
     from boundary join place_source on place_source.name = source
     where kind = :kind and daterange(valid_from, valid_to) @> :on::date and (:council::text is null or council_code = :council or code = :council)
     order by code`,
    { kind: wanted.kind, on: wanted.on, degrees: wanted.metres / metresInDegree, council: wanted.council ?? null },
  );
  const found = rows as BoundaryRow[];
  return { features: found.map(toFeature), attribution: [...new Set(found.map((row) => row.attribution))] };
}

function toFeature({ id, code, name, councilCode, validFrom, validTo, schematic, source, shape }: BoundaryRow): BoundaryFeature {
  return {
    type: 'Feature', id: String(id), properties: { code, name, councilCode, validFrom, validTo, schematic, source },
    geometry: JSON.parse(shape) as BoundaryFeature['geometry'],
  };
}

/** What is held of places: sets of boundaries by kind and first day, figures by kind and year. */
export async function listSets(db: Knex): Promise<PlaceSet[]> {
  const { rows } = await db.raw(`
    select set.what, set.kind, set."from", set."to", set.rows, set.source, publisher, licence, attribution
    from (
      select 'boundaries' as what, kind, valid_from::text as "from", valid_to::text as "to", count(*)::int as rows, source from boundary group by kind, valid_from, valid_to, source
      union all select 'population', area_kind, year::text, null, count(*)::int, source from population group by area_kind, year, source
      union all select 'deprivation', 'lsoa', index_year::text, null, count(*)::int, source from deprivation group by index_year, source
      union all select 'lookup', from_kind || ' to ' || to_kind, '', null, count(*)::int, source from area_lookup group by from_kind, to_kind, source
    ) as set
    join place_source on place_source.name = set.source
    order by set.what, set.kind, set."from"`);
  return rows as PlaceSet[];
}
