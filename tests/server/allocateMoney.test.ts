import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runAllocation } from '../../server/grants/allocationWork.ts';
import { saveAgreement, saveCommitment, saveRates } from '../../server/grants/queries.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addCouncilBoundaries, addIncidents, addSource, yearBeforeOctober2023 } from '../support/incidents.ts';
import { addFund, addHotspot, hartlepool } from '../support/patrols.ts';

const actor = { personId: null, role: 'test' };
let service: TestService;

beforeAll(async () => {
  service = await startTestService();
  const { db } = service.database;
  await addCouncilBoundaries(db);
  await addSource(db, 'council', 'minute');
  for (const month of yearBeforeOctober2023) {
    const rows = Array.from({ length: 24 }, (_, index) => ({
      at: [-1.29 + (index % 6) * 0.02 + 0.002, 54.66 + 0.002] as const, n: 1 + (index % 5),
      time: `${month}-${String(1 + index).padStart(2, '0')}T${String((index * 5 + 11) % 24).padStart(2, '0')}:30:00+00:00`,
    }));
    await addIncidents(db, { source: 'council', month, rows });
  }
  for (let index = 0; index < 6; index++) await addHotspot(db, { name: `Place ${index}`, at: [-1.29 + index * 0.02, 54.66] });
});
afterAll(() => service.close());

const random = fc.record({
  ceilingPence: fc.integer({ min: 1, max: 40_000_000 }),
  committed: fc.double({ min: 0, max: 1, noNaN: true }),
  startsOn: fc.constantFrom('2023-07-03', '2023-10-02', '2023-10-05', '2023-10-09'),
  endsOn: fc.constantFrom('2023-10-01', '2023-10-04', '2023-10-08', '2024-03-31'),
  productiveRatio: fc.constantFrom(1, 0.5, 0.333),
  rate: fc.integer({ min: 900, max: 6000 }),
});

test('whatever the agreement, its plan costs at most the week’s money, that at most what is left, and no money gives nothing with a reason', async () => {
  const { db } = service.database;
  let planned = 0;
  await fc.assert(fc.asyncProperty(random.filter(({ startsOn, endsOn }) => startsOn < endsOn), async (given) => {
    // Commitments cannot be removed: the agreement of the try before is closed and moved out of the way.
    await db('agreement').whereNot({ state: 'closed' }).update({ state: 'closed', starts_on: '1999-01-01', ends_on: '1999-01-02' });
    const id = randomUUID();
    await saveAgreement(db, { id, fundId: await addFund(db, 100_000_000), councilCode: hartlepool, reference: id, state: 'live', ...pick(given) });
    await saveRates(db, id, '2023-07-01', { day: given.rate, evening: given.rate + 300, night: given.rate + 500, saturday: given.rate + 400, sunday: given.rate + 800, bank_holiday: given.rate * 2 });
    const committedPence = Math.floor(given.ceilingPence * given.committed);
    if (committedPence > 0) await saveCommitment(db, { id: randomUUID(), agreementId: id, amountPence: committedPence, effectiveOn: given.startsOn, what: 'Spent', madeBy: null });
    const [plan] = (await runAllocation({ db, actor, week: '2023-10-02', councils: [hartlepool] })).agreements;
    if (!plan) throw new Error('No plan.');
    const left = given.ceilingPence - committedPence;
    expect(plan.money.leftPence).toBe(left);
    expect(plan.money.weekPence).toBeLessThanOrEqual(left);
    expect(plan.money.spentPence).toBeLessThanOrEqual(plan.money.weekPence);
    expect(plan.cells.reduce((sum, cell) => sum + cell.costPence, 0)).toBe(plan.money.spentPence);
    expect(plan.visits === 0).toBe(plan.reason !== null);
    expect(plan.money.weekPence === 0 && plan.visits > 0).toBe(false);
    expect(plan.gap).toBeLessThanOrEqual(0.01);
    expect(plan.cells.filter((cell) => cell.date < given.startsOn || cell.date > given.endsOn)).toEqual([]);
    const { rows } = await db.raw(`select coalesce(sum(cost_pence), 0)::bigint as spent from planned_hours where agreement_id = ?`, [id]);
    expect(rows[0].spent).toBe(plan.money.spentPence);
    planned += plan.visits > 0 ? 1 : 0;
  }), { numRuns: 25, seed: 20231002 });
  expect(planned).toBeGreaterThan(5);
});

const pick = ({ ceilingPence, startsOn, endsOn, productiveRatio }: { ceilingPence: number; startsOn: string; endsOn: string; productiveRatio: number }) => ({ ceilingPence, startsOn, endsOn, productiveRatio });
