/** The nights on which the clocks change last 9 and 7 hours everywhere: in the rota, in the check before pay, in the claim and in the return. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lockForTerms, makeVersion } from '../../server/terms/versionWork.ts';
import { claimPeople, type ClaimPeople, threeHeads } from '../support/claims.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addLedger, asOffice, type OpenLedger } from '../support/ledger.ts';
import { addHotspot, hartlepool, startPatrols, visitOf } from '../support/patrols.ts';
import { addCrew, beginRota, draftOf, linkAccount, nightShift, publish } from '../support/rotaCrew.ts';

const nights = [
  { says: 'back, 28 to 29 October 2023', rota: ['2023-10-28', '2023-10-29'], day: '2023-10-28', startsAt: '2023-10-28T21:00:00.000Z', endsAt: '2023-10-29T06:00:00.000Z', minutes: 540, month: '2023-10', period: 1, pence: 18_000 },
  { says: 'forward, 30 to 31 March 2024', rota: ['2024-03-30', '2024-03-31'], day: '2024-03-30', startsAt: '2024-03-30T22:00:00.000Z', endsAt: '2024-03-31T05:00:00.000Z', minutes: 420, month: '2024-03', period: 2, pence: 14_000 },
] as const;

let service: TestService;
let db: Knex;
let people: ClaimPeople;
let ledger: OpenLedger;
let crew: Record<string, string>;
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-04-05T10:00:00Z') });
  ({ db } = service.database);
  people = await claimPeople(service);
  ledger = await addLedger(db, { rate: 2000, ceilingPence: 1_000_000 }, { heads: threeHeads });
  await asOffice(db, async (context) => {
    await lockForTerms(context.db, [ledger.agreement.id]);
    await makeVersion(context, ledger.agreement, {
      effectiveFrom: ledger.agreement.startsOn, ceilingPence: 1_000_000, endsOn: ledger.agreement.endsOn, productiveRatio: 0.5, paymentBasis: 'hours', heads: threeHeads, key: randomUUID(),
      source: { kind: 'virement', id: randomUUID() }, reason: 'Paid by verified hours',
    });
  });
  await db('ledger_period').whereIn('id', ledger.periods.slice(1, 3).map(({ id }) => id)).update({ state: 'open' });
  await startPatrols(db, hartlepool);
  crew = await addCrew(db, ['W1', 'W2']);
  await linkAccount(db, crew['W1']!, 'warden@hartlepool.demo');
  await people.lead.post('/api/shift-types').send(nightShift).expect(200);
  const hotspotId = await addHotspot(db, { name: 'Riverside' });
  for (const { rota: [from, to], day, startsAt, endsAt } of nights) {
    const id = await beginRota(people.lead, db, from, to);
    const { draftNumber, cells } = await draftOf(people.lead, id);
    const wanted = ['W1', 'W2'].map((reference) => ({ wardenId: crew[reference]!, shiftId: `${day}-night`, on: true }));
    const others = (cells as { wardenId: string; shiftId: string }[]).filter(({ shiftId }) => shiftId !== `${day}-night`).map((cell) => ({ ...cell, on: false }));
    await people.lead.put(`/api/rotas/${id}/draft`).send({ draftNumber, changes: [...wanted, ...others] }).expect(200);
    const { breaches } = await draftOf(people.lead, id);
    for (const { key } of breaches) await people.lead.put(`/api/rotas/${id}/exceptions`).send({ breach: key, reason: 'The night is worked by these two' }).expect(200);
    await publish(people.lead, id);
    await people.lead.post('/api/visits').send(visitOf(hotspotId, { startedAt: startsAt, endedAt: endsAt, persons: 1, wardens: ['W1'] })).expect(200);
    // Half an hour on after the shift: more than the rota's shift, so not paid.
    await people.lead.post('/api/visits').send(visitOf(hotspotId, { startedAt: endsAt, endedAt: new Date(Date.parse(endsAt) + 30 * 60_000).toISOString(), persons: 1, wardens: ['W1'] })).expect(200);
  }
});
afterAll(() => service.close());

describe.each(nights)('the night the clocks go $says', ({ day, startsAt, endsAt, minutes, month, period, pence }) => {
  test('in the rota: on the draft, published, and on the warden’s own list and calendar', async () => {
    const published = (await people.lead.get('/api/rota-shifts').query({ from: day, to: day }).expect(200)).body.shifts;
    expect(published).toMatchObject([{ startsAt, endsAt, minutes, wardens: ['W1', 'W2'] }]);
    expect((await draftOf(people.lead, published[0].rotaId)).shifts.find((shift: { day: string }) => shift.day === day).minutes).toBe(minutes);
    expect((await draftOf(people.lead, published[0].rotaId)).wardens.map(({ plannedMinutes }: { plannedMinutes: number }) => plannedMinutes)).toEqual([minutes, minutes]);
    const own = await service.client('warden@hartlepool.demo');
    expect((await own.get('/api/own-shifts').expect(200)).body.shifts.find((shift: { day: string }) => shift.day === day).minutes).toBe(minutes);
    const { body: { path } } = await own.post('/api/own-shifts/calendars').send({}).expect(200);
    expect((await own.get(path).expect(200)).text).toContain(`DTSTART:${startsAt.replaceAll(/[-:]|\.000/g, '')}\r\nDTEND:${endsAt.replaceAll(/[-:]|\.000/g, '')}\r\n`);
  });

  test('in the check before pay: the shift is the most that is paid, and what is over it is not', async () => {
    const { startsOn, endsOn } = ledger.periods[period]!;
    const { body } = await people.officer.get(`/api/agreements/${ledger.agreement.id}/hours-check`).query({ from: startsOn, to: endsOn }).expect(200);
    expect(body.lines.reduce((sum: number, line: { minutes: number }) => sum + line.minutes, 0)).toBe(minutes);
    expect(body.refused.map(({ reason, minutes: refused }: { reason: string; minutes: number }) => [reason, refused])).toEqual([['over the shift', 30]]);
  });

  test('in the claim', async () => {
    const claim = (await people.lead.post(`/api/agreements/${ledger.agreement.id}/claims`).send({ claimId: randomUUID(), periodId: ledger.periods[period]!.id }).expect(200)).body;
    expect((await people.officer.post(`/api/claims/${claim.id}/hours-lines`).send({}).expect(200)).body).toMatchObject({ minutes, claimedPence: pence, refusedPersonMinutes: 30 });
  });

  test('in the return: the visit’s person-minutes, with the half hour after it', async () => {
    const { figures } = (await people.manager.get(`/api/returns/${month}`).expect(200)).body;
    const [hotspot] = figures.hotspots;
    expect(hotspot.figures.find(({ field, breakdown }: { field: string; breakdown: string | null }) => field === 'person_minutes' && breakdown === null).value).toBe(minutes + 30);
  });
});
