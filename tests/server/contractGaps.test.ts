/** Between two contracts a warden is nobody's: named in the rota, at a visit, and not on the phone; what is paid is tested in hoursCheck.test.ts. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadRotaRows } from '../../server/rota/problemQueries.ts';
import { problemOf } from '../../server/rota/problemRows.ts';
import { checkRota } from '../../server/rota/rotaCheck.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, hartlepool, startPatrols, visitOf } from '../support/patrols.ts';
import { addCrew, shiftOf } from '../support/rotaCrew.ts';

let service: TestService;
let lead: Awaited<ReturnType<TestService['client']>>;
let hotspot: string;
let warden: string;
let now = '2023-10-09T12:00:00Z';

beforeAll(async () => {
  service = await startTestService({ now: () => new Date(now) });
  const { db } = service.database;
  hotspot = await addHotspot(db, { name: 'York Road' });
  warden = (await addCrew(db, ['H-01']))['H-01']!;
  await startPatrols(db, hartlepool);
  lead = await service.client('lead@hartlepool.demo');
  await lead.post('/api/shift-types').send(shiftOf()).expect(200);
  // The fixed term ends on Tuesday 3 October, the next begins on Friday 6 October.
  const { id } = await db('warden_contract').where({ warden_id: warden }).first();
  await lead.put(`/api/warden-terms/${id}`).send({ wardenId: warden, entry: { term: 'contract', contractKind: 'fixed_term', contractMinutesPerWeek: 2220, validFrom: '2023-07-01', validTo: '2023-10-04' }, reason: 'The fixed term ended' }).expect(200);
  await lead.post(`/api/wardens/${warden}/terms`).send({ termId: randomUUID(), entry: { term: 'contract', contractKind: 'permanent', contractMinutesPerWeek: 2220, validFrom: '2023-10-06' } }).expect(200);
});
afterAll(() => service.close());

const refused = (day: string) => [{ field: 'wardens', message: `H-01 has no contract on ${day}, which lies between two. Check the date, or the warden’s contracts.` }];
test.each([
  ['the last day of the first', '2023-10-03', undefined], ['the day after it', '2023-10-04', refused('2023-10-04')],
  ['the day before the second', '2023-10-05', refused('2023-10-05')], ['the first day of the second', '2023-10-06', undefined],
])('a visit on %s', async (_what, day, errors) => {
  const { body } = await lead.post('/api/visits').send(visitOf(hotspot, { startedAt: `${day} 18:00`, endedAt: `${day} 18:15`, wardens: ['H-01'] }));
  expect(body.errors).toEqual(errors);
});

test('a patrol log names the row', async () => {
  const { body } = await lead.post('/api/visits/file?fileName=october.csv').set('content-type', 'application/octet-stream').send(Buffer.from('hotspot,date,start,end,persons,wardens\nYork Road,2023-10-05,18:00,18:15,2,H-01')).expect(422);
  expect(body.errors[0].message).toBe('Row 2, column "wardens", "H-01": H-01 has no contract on 2023-10-05, which lies between two. Check the date, or the warden’s contracts.');
});

test('a rota names each shift in the gap, and one that is made has none there', async () => {
  const rota = { id: randomUUID(), councilCode: hartlepool, startsOn: '2023-10-02', endsOn: '2023-10-08', seed: '1' };
  const problem = problemOf(await loadRotaRows(service.database.db, rota));
  const { breaches } = checkRota(problem, { assignments: ['03', '04', '05', '06'].map((day) => ({ wardenId: warden, shiftId: `2023-10-${day}-late` })) });
  expect(breaches.map(({ sentence }) => sentence)).toEqual(['H-01 cannot work Late on Wednesday 4 October: has no contract on Wednesday 4 October.', 'H-01 cannot work Late on Thursday 5 October: has no contract on Thursday 5 October.']);
  const { body } = await lead.post('/api/rotas').send({ rotaId: rota.id, startsOn: rota.startsOn, endsOn: rota.endsOn }).expect(200);
  expect(body.id).toBe(rota.id);
  const { cells } = (await lead.get(`/api/rotas/${rota.id}/draft`).expect(200)).body;
  expect(cells.filter(({ shiftId }: { shiftId: string }) => shiftId.startsWith('2023-10-04') || shiftId.startsWith('2023-10-05'))).toEqual([]);
});

test('the phone offers nobody who is between contracts', async () => {
  const offered = async (day: string): Promise<string[]> => {
    now = `${day}T12:00:00Z`;
    return (await (await service.client('lead@hartlepool.demo')).get('/api/phone/pack').expect(200)).body.wardens.map(({ reference }: { reference: string }) => reference);
  };
  expect([await offered('2023-10-03'), await offered('2023-10-05'), await offered('2023-10-06')]).toEqual([['H-01'], [], ['H-01']]);
});
