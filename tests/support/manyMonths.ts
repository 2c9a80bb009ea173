/** Hotspots patrolled every day for many months, written by the database itself: what a return of three years is counted from. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { addMonths } from '../../server/hotspots/months.ts';

export interface Many {
  readonly hotspots: number;
  readonly from: string;
  readonly months: number;
  /** Days between two visits of a hotspot. */
  readonly every?: number;
  readonly incidentsAMonth?: number;
}

const councils = ['E06000001', 'E06000002', 'E06000003', 'E06000004'];

/**
 * Squares of 200 m apart from each other, in four councils turn about; each visited for 20 minutes by two wardens every so many days, a
 * warning on every fourth visit, and so many incidents a month there, also in the year before.
 */
export async function fillMany(db: Knex, { hotspots, from, months, every = 1, incidentsAMonth = 8 }: Many): Promise<void> {
  const first = `${from}-01`;
  const next = `${addMonths(from, months)}-01`;
  const before = `${addMonths(from, -12)}-01`;
  await db.transaction(async (trx) => {
    await trx('patrol_start').insert(councils.map((council_code) => ({ council_code, started_on: first }))).onConflict('council_code').merge();
    await trx('source').insert({ code: 'many', name: 'Police log', time_precision: 'day', demonstration: false, publisher: 'Test', licence: 'None', attribution: 'Test', location_precision: 'exact' });
    await trx('category').insert({ code: 'many-asb', name: 'Nuisance', asb: true });
    for (let month = before.slice(0, 7); `${month}-01` < next; month = addMonths(month, 1)) {
      await trx.raw('select make_incident_partition(?)', [`${month}-01`]);
      await trx('source_month').insert({ source_code: 'many', month: `${month}-01`, rows: 1, import_id: randomUUID() });
    }
    await trx('incident_count').insert({ source_code: 'many', month: first, category_code: 'many-asb', resolution: 8, cell: '', council_code: '', n: 1 });
    await trx.raw(`
      insert into hotspot (id, name, council_code, reason, state, live_from, outline, outline_27700)
      select gen_random_uuid(), 'Hotspot ' || n, (cast(:councils as text[]))[1 + n % 4], 'x', 'live', cast(:first as date), st_transform(g, 4326), g
      from generate_series(0, :hotspots - 1) n cross join lateral (select st_multi(st_makeenvelope(440000 + (n % 20) * 500, 515000 + (n / 20) * 500, 440200 + (n % 20) * 500, 515200 + (n / 20) * 500, 27700)) as g) s`,
    { councils, first, hotspots });
    await trx.raw(`
      insert into location (easting, northing, lng, lat, cell8, cell9, cell10)
      select e, n, st_x(p), st_y(p), '', '', '' from (select round(st_x(c))::int + k * 7 as e, round(st_y(c))::int + k as n from hotspot, lateral st_centroid(outline_27700) c, generate_series(0, :each - 1) k) at
      cross join lateral (select st_transform(st_setsrid(st_makepoint(e, n), 27700), 4326) as p) s on conflict do nothing`, { each: incidentsAMonth });
    await trx.raw(`
      insert into incident (month, source_code, category_code, location_id, occurred_from, place_name, import_id)
      select m::date, 'many', 'many-asb', id, m + interval '12 days 20 hours', 'On or near', :run from location, generate_series(cast(:before as timestamp), cast(:last as timestamp), interval '1 month') m`,
    { run: randomUUID(), before, last: `${addMonths(from, months - 1)}-01` });
    await trx.raw(`
      insert into visit (id, hotspot_id, council_code, started_at, ended_at, staff_category, persons, recorded_how, patrol_reference)
      select gen_random_uuid(), h.id, h.council_code, d + interval '15 hours', d + interval '15 hours 20 minutes', 'warden', 2, 'self_report', h.name || ' ' || d::date
      from hotspot h, generate_series(cast(:first as timestamp), cast(:next as timestamp) - interval '1 day', make_interval(days => :every)) d`, { first, next, every });
    await trx.raw(`insert into visit_action select id, 'informal_warning', 1 from visit where extract(day from started_at)::int % 4 = 0`);
  });
  await db.raw('analyze');
}
