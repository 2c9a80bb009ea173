/** What reports are made from: incidents by source, council, type and ward; what was done in each; who owns what. */
import type { Knex } from 'knex';
import { addMonths } from '../hotspots/months.ts';
import { yearStart } from './numbers.ts';
import { type Indicator, type IndicatorCounts, noWard, type PartnershipFacts } from './partnership.ts';

export interface Asked {
  readonly council: string;
  readonly from: string;
  readonly to: string;
  readonly sources: readonly string[];
  readonly boundariesOn: string;
}

type Named = { readonly code: string; readonly name: string };

export async function listCouncils(db: Knex, councils: readonly string[]): Promise<Named[]> {
  const rows = db('organisation').select('council_code as code', 'name').where({ kind: 'council' }).orderBy('council_code');
  return councils.includes('*') ? rows : rows.whereIn('council_code', [...councils]);
}

/** Every source that holds something; `asb` where some of it is anti-social behaviour, and then only that is counted. Of others (fires, say) all is. */
export async function listSources(db: Knex): Promise<(Named & { readonly asb: boolean })[]> {
  const { rows } = await db.raw(`
    select s.code, s.name, h.asb from source s join (select source_code, bool_or(asb) as asb from incident_count join category on code = category_code where resolution = 8 group by 1) as h on h.source_code = s.code order by s.name`);
  return rows as (Named & { asb: boolean })[];
}

export async function findMonths(db: Knex): Promise<{ first: string | null; last: string | null }> {
  const row: { first: string | null; last: string | null } | undefined = await db('source_month').first(db.raw(`to_char(min(month), 'YYYY-MM') as first, to_char(max(month), 'YYYY-MM') as last`));
  return row ?? { first: null, last: null };
}

export async function isDemonstration(db: Knex): Promise<boolean> {
  return (await db('source_month as m').join('source as s', 's.code', 'm.source_code').where({ 's.demonstration': true }).first('m.month')) !== undefined;
}

interface Spans {
  readonly yearToDate: readonly string[];
  readonly twoBefore: readonly string[];
  readonly before: readonly string[];
  readonly now: readonly string[];
}

function monthsOf(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = from; month <= to; month = addMonths(month, 1)) months.push(month);
  return months;
}

const spansOf = ({ from, to }: Asked): Spans => ({
  yearToDate: monthsOf(yearStart(from), to), now: monthsOf(from, to), before: monthsOf(addMonths(from, -12), addMonths(to, -12)), twoBefore: monthsOf(addMonths(from, -24), addMonths(to, -24)),
});

/** Every indicator of the report, source by source. */
export async function loadIndicators(db: Knex, asked: Asked, councils: readonly Named[]): Promise<Indicator[]> {
  const spans = spansOf(asked);
  const sources = await listSources(db);
  const months = [...new Set(Object.values(spans).flat())];
  const given = { months: months.map((month) => `${month}-01`), sources: [...asked.sources], asb: sources.filter(({ asb }) => asb).map(({ code }) => code) };
  const counts = ((await db.raw(`
    select source_code as source, council_code as council, to_char(month, 'YYYY-MM') as month, sum(n)::int as n from incident_count join category on code = category_code and (asb or source_code <> all(cast(:asb as text[])))
    where resolution = 8 and month = any(cast(:months as date[])) and source_code = any(cast(:sources as text[])) group by 1, 2, 3`, given)) as { rows: { source: string; council: string; month: string; n: number }[] }).rows;
  const held = ((await db.raw(`select source_code as source, to_char(month, 'YYYY-MM') as month from source_month where month = any(cast(:months as date[]))`, given)) as { rows: { source: string; month: string }[] }).rows;
  const names = new Map(sources.map(({ code, name }) => [code, name]));
  const population = await loadPopulation(db, asked.boundariesOn);
  const found: Indicator[] = [];
  for (const source of asked.sources) {
    const holds = new Set(held.filter((row) => row.source === source).map((row) => row.month));
    const sum = (council: string, span: readonly string[]): number | null => (span.every((month) => holds.has(month)) ? counts.filter((row) => row.source === source && row.council === council && span.includes(row.month)).reduce((total, { n }) => total + n, 0) : null);
    const rows = councils.map(({ code, name }): IndicatorCounts => ({ council: code, name, yearToDate: sum(code, spans.yearToDate), twoBefore: sum(code, spans.twoBefore), before: sum(code, spans.before), now: sum(code, spans.now), population: population.get(code) ?? null }));
    const hasNow = sum(asked.council, spans.now) !== null;
    found.push({ source, name: names.get(source) ?? source, councils: rows, types: hasNow ? await loadTypes(db, asked, source, spans, holds) : [], wards: hasNow ? await loadWards(db, asked, { source, onlyAsb: given.asb.includes(source) }) : [] });
  }
  return found;
}

/** Personal, nuisance and environmental, as the source's categories are entered under them. */
async function loadTypes(db: Knex, { council }: Asked, source: string, { before, now }: Spans, holds: ReadonlySet<string>): Promise<Indicator['types']> {
  const { rows } = await db.raw(`
    select s.name, coalesce(sum(i.n) filter (where i.month = any(cast(:before as date[]))), 0)::int as before, coalesce(sum(i.n) filter (where i.month = any(cast(:now as date[]))), 0)::int as now
    from incident_count i join category c on c.code = i.category_code join category_subtype cs on cs.category_code = c.code join subtype s on s.code = cs.subtype_code
    where i.resolution = 8 and i.source_code = :source and i.council_code = :council and s.code in ('personal', 'nuisance', 'environmental') group by s.name, s.position order by s.name`,
    { source, council, before: before.map((month) => `${month}-01`), now: now.map((month) => `${month}-01`) });
  const known = before.every((month) => holds.has(month));
  return (rows as { name: string; before: number; now: number }[]).map((row) => ({ ...row, before: known ? row.before : null }));
}

/** Every ward of the council on the day, with what happened in it, and what happened in none. */
async function loadWards(db: Knex, { council, from, to, boundariesOn }: Asked, { source, onlyAsb }: { source: string; onlyAsb: boolean }): Promise<Indicator['wards']> {
  const { rows } = await db.raw(`
    with happened as (
      select w.name, count(*)::int as n
      from incident i join category c on c.code = i.category_code and (c.asb or not :onlyAsb)
        join location_boundary at on at.location_id = i.location_id join boundary b on b.id = at.boundary_id and b.kind = 'council' and b.code = :council and daterange(b.valid_from, b.valid_to) @> i.month
        left join lateral (select ward.name from location_boundary lb join boundary ward on ward.id = lb.boundary_id and ward.kind = 'ward' and ward.council_code = :council and daterange(ward.valid_from, ward.valid_to) @> cast(:on as date)
          where lb.location_id = i.location_id order by ward.code limit 1) as w on true
      where i.source_code = :source and i.month between cast(:from as date) and cast(:to as date) group by 1
    )
    select name, n from (
      select b.name, coalesce(h.n, 0) as n, 0 as last from boundary b left join happened h on h.name = b.name where b.kind = 'ward' and b.council_code = :council and daterange(b.valid_from, b.valid_to) @> cast(:on as date)
      union all select :noWard, n, 1 from happened where name is null) as every_ward order by last, name`, { council, source, onlyAsb, from: `${from}-01`, to: `${to}-01`, on: boundariesOn, noWard });
  return rows as Indicator['wards'];
}

/** Residents of each council from its small areas: the latest year, of the source that knows the most ages. */
async function loadPopulation(db: Knex, on: string): Promise<Map<string, IndicatorCounts['population']>> {
  const { rows } = await db.raw(`
    with best as (select year, source from population where area_kind = 'lsoa' group by year, source order by year desc, count(distinct age_from) desc, source limit 1)
    select b.council_code as council, best.year, best.source, sum(p.persons)::int as persons
    from best join population p on p.area_kind = 'lsoa' and p.year = best.year and p.source = best.source
      join boundary b on b.kind = 'lsoa' and b.code = p.area_code and daterange(b.valid_from, b.valid_to) @> cast(:on as date) group by 1, 2, 3`, { on });
  return new Map((rows as { council: string; persons: number; year: number; source: string }[]).map(({ council, ...population }) => [council, population]));
}

export async function loadPartnership(db: Knex, asked: Asked, councils: readonly Named[], threshold: number): Promise<PartnershipFacts> {
  return {
    council: asked.council, councilName: councils.find(({ code }) => code === asked.council)?.name ?? asked.council, from: asked.from, to: asked.to, boundariesOn: asked.boundariesOn,
    demonstration: await isDemonstration(db), threshold, indicators: await loadIndicators(db, asked, councils),
  };
}
