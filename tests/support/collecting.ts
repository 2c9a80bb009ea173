/** October 2023 of Stockton with six hotspots, visits of September like October's, and a ledger with four heads: what a workbook is made from. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { addLedger, asOffice } from './ledger.ts';
import { fillMonth, ids } from './monthFixture.ts';
import { move } from '../../server/ledger/ledgerWork.ts';
import { listPeriods } from '../../server/ledger/queries.ts';
import { postOne } from './ledger.ts';
import type { Consolidation } from '../../server/returns/collectContract.ts';
import type { Client } from './walk.ts';

const stockton = 'E06000004';

export async function fillStockton(db: Knex): Promise<void> {
  await fillMonth(db);
  // A council sees which sources there are by the counts of its own area.
  await db.raw(`insert into incident_count (source_code, month, category_code, resolution, cell, council_code, n) select source_code, month, category_code, resolution, cell, o.council_code, n from (select * from incident_count) held, organisation o where o.kind = 'council'`);
  // And the incidents themselves by where they lie.
  await db('place_source').insert({ name: 'Test outlines', publisher: 'Test', licence: 'None', attribution: 'Test' });
  await db.raw(
    `insert into boundary (kind, code, name, source, valid_from, geom, geom_27700)
     select 'council', code, code, 'Test outlines', '2020-01-01', st_multi(st_transform(shape, 4326)), st_multi(shape)
     from (values ('E06000001', st_makeenvelope(448500, 530000, 452000, 534000, 27700)), ('E06000002', st_makeenvelope(448500, 518500, 451000, 523000, 27700)),
       ('E06000003', st_makeenvelope(455000, 523000, 465000, 528000, 27700)), ('E06000004', st_makeenvelope(440000, 515000, 448000, 522000, 27700))) given (code, shape)`);
  await db.raw(`insert into location_boundary (location_id, boundary_id) select l.id, b.id from location l join boundary b on st_covers(b.geom_27700, l.geom_27700) on conflict do nothing`);
  for (let n = 1; n <= 4; n++) {
    await db.raw(
      `insert into hotspot (id, name, council_code, reason, state, live_from, outline, outline_27700)
       select :id, :name, :council, 'test', 'live', '2023-08-01', st_transform(shape, 4326), shape from st_multi(st_makeenvelope(:west, 518000, :east, 518200, 27700)) as shape`,
      { id: randomUUID(), name: ['Ropner Road', 'Quayside', 'Mill Lane', 'Castle Walk'][n - 1] ?? '', council: stockton, west: 440_000 + n * 1000, east: 440_200 + n * 1000 },
    );
  }
  // As many visits, minutes and persons as in October, so that nothing changed by itself.
  const visits: readonly (readonly [from: string, to: string, persons: number, staff: string])[] = [
    ['2023-09-10T10:00+01', '2023-09-10T11:00+01', 3, 'warden'], ['2023-09-20T11:00+01', '2023-09-20T11:20+01', 3, 'warden'], ['2023-09-20T12:00+01', '2023-09-20T12:10+01', 1, 'other'],
  ];
  for (const [startedAt, endedAt, persons, staff] of visits) {
    await db('visit').insert({ id: randomUUID(), hotspot_id: ids.park, council_code: stockton, started_at: startedAt, ended_at: endedAt, staff_category: staff, persons, recorded_how: 'self_report', patrol_reference: `S-${startedAt}` });
  }
  await fillLedger(db);
}

async function fillLedger(db: Knex): Promise<void> {
  const heads = [['Wardens', 6_000_000], ['On-costs', 1_600_000], ['Vehicles', 900_000], ['Equipment', 1_500_000]] as const;
  const ledger = await addLedger(db, { councilCode: stockton, ceilingPence: 10_000_000 }, { cut: 'quarter', heads: heads.map(([head, budgetPence]) => ({ head, budgetPence, tolerancePence: 0 })) });
  const second = (await listPeriods(db, ledger.agreement.id))[1];
  if (second) await asOffice(db, (context) => move(context, ledger.agreement, second.id, 'open'));
  for (const [head, budget] of heads) {
    for (const [effectiveOn, share] of [['2023-08-15', 0.1], ['2023-09-28', 0.1], ['2023-10-26', 0.1]] as const) {
      await postOne(db, ledger, { kind: 'claim', effectiveOn, legs: [{ kind: 'available', head, pence: -budget * share }, { kind: 'pending', head, pence: budget * share }] });
    }
  }
}

/** Explains every conflict of a month that nobody explained yet, as the office does before a return is certified. */
export async function explainAll(manager: Client, month: string): Promise<number> {
  const { flags } = (await manager.get(`/api/collecting/${month}/consolidation`).expect(200)).body as Consolidation;
  const open = flags.filter((flag) => flag.open);
  for (const { key } of open) await manager.post(`/api/collecting/${month}/flags`).send({ key, explanation: 'Looked at with the council' }).expect(200);
  return open.length;
}
