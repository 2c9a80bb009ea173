import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestService } from '../support/database.ts';
import { startDemonstrationService } from '../support/demonstration.ts';

/** The cost of a patrol-hour over the demonstration's claims, counted a second time from the bare rows. */
let service: TestService;
beforeAll(async () => {
  service = await startDemonstrationService();
}, 180_000);
afterAll(() => service.close());

interface Claim { readonly agreement: string; readonly council: string; readonly starts_on: string; readonly ends_on: string; readonly claimed_pence: number; readonly approved_pence: number }

/** Minutes covered by spans, overlaps counted once. */
function covered(spans: readonly (readonly [number, number])[]): number {
  let [minutes, end] = [0, Number.NEGATIVE_INFINITY];
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    minutes += Math.max(0, to - Math.max(from, end)) / 60_000;
    end = Math.max(end, to);
  }
  return minutes;
}

test('is the money of claims that lie wholly in the weeks over the hours of their days', async () => {
  const { db } = service.database;
  const [from, to] = ['2023-07-03', '2024-03-25'];
  const { body } = await (await service.client('manager@opcc.demo')).get(`/api/delivery?from=${from}&to=${to}`).expect(200);
  const { rows } = await db.raw(`select a.id as agreement, a.council_code as council, c.* from claim c join agreement a on a.id = c.agreement_id
    where c.state not in ('draft', 'withdrawn', 'refused') and c.claimed_pence > 0 and c.starts_on >= ? and c.ends_on <= '2024-03-31'`, [from]);
  const claims = rows as Claim[];
  expect(claims.length).toBeGreaterThan(0);
  expect(body.cost.agreements.map((one: { agreementId: string }) => one.agreementId).toSorted()).toEqual([...new Set(claims.map(({ agreement }) => agreement))].toSorted());
  for (const one of body.cost.agreements) {
    const own = claims.filter(({ agreement }) => agreement === one.agreementId);
    const visits: { id: string; hotspot_id: string; patrol_reference: string; started_at: Date; ended_at: Date; visited_on: string }[] = await db('visit').where({ council_code: own[0]!.council }).whereIn('staff_category', ['warden', 'other']);
    const inDays = visits.filter(({ visited_on }) => own.some(({ starts_on, ends_on }) => visited_on >= starts_on && visited_on <= ends_on));
    const patrols = new Map<string, (readonly [number, number])[]>();
    for (const { hotspot_id, patrol_reference, started_at, ended_at } of inDays) {
      const key = `${hotspot_id} ${patrol_reference}`;
      patrols.set(key, [...(patrols.get(key) ?? []), [started_at.getTime(), ended_at.getTime()]]);
    }
    const minutes = Math.floor([...patrols.values()].reduce((sum, spans) => sum + covered(spans), 0));
    const claimed = own.reduce((sum, { claimed_pence }) => sum + claimed_pence, 0);
    const verified = own.reduce((sum, { approved_pence }) => sum + approved_pence, 0);
    expect(one).toMatchObject({ claims: own.length, claimedPence: claimed, verifiedPence: verified, patrolMinutes: minutes, claimedPencePerHour: minutes > 0 ? Math.round((claimed * 60) / minutes) : null });
    expect(one.verifiedPencePerHour).toBe(verified > 0 && minutes > 0 ? Math.round((verified * 60) / minutes) : null);
  }
  expect(body.cost.definition).toContain('A patrol-hour is an hour in which any of a council’s crew was inside an agreed hotspot');
});
