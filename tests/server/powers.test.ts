/** Enforcement by wardens stands on a power that is entered, wherever the visit is entered: desk, patrol log, correction. The phone's own tests stand in phone.test.ts. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { addHotspot, addWarden, hartlepool, middlesbrough, startPatrols, visitOf } from '../support/patrols.ts';

let service: TestService;
let lead: Awaited<ReturnType<TestService['client']>>;
let hotspot: string;
const litter = [{ code: 'fixed_penalty_litter', n: 1 }];

beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-06-01T12:00:00Z') });
  const { db } = service.database;
  hotspot = await addHotspot(db, { name: 'York Road' });
  await addHotspot(db, { name: 'Linthorpe Road', councilCode: middlesbrough, at: [-1.24, 54.57] });
  const [first, second, third] = [await addWarden(db, 'H-01'), await addWarden(db, 'H-02'), await addWarden(db, 'M-01', { councilCode: middlesbrough })];
  await startPatrols(db, hartlepool);
  const power = (warden: string, code: string, from: string, to: string | null = null) => db('warden_power').insert({ id: randomUUID(), warden_id: warden, action_code: code, valid_from: from, valid_to: to });
  await power(first, 'fixed_penalty_litter', '2023-09-01', '2023-12-01');
  await power(second, 'fixed_penalty_pspo', '2023-10-01');
  await power(third, 'community_protection_notice', '2023-07-01');
  lead = await service.client('lead@hartlepool.demo');
});
afterAll(() => service.close());
beforeEach(async () => {
  await service.database.db('visit').delete();
});

const cure = 'Take it out, name the warden who does, or ask the lead to enter the accreditation with its dates.';
const entered = async (given: Record<string, unknown>): Promise<string> => {
  const { status, body } = await lead.post('/api/visits').send(visitOf(hotspot, given));
  return status === 200 ? 'recorded' : `${body.errors[0].field}: ${body.errors[0].message}`;
};
const on = (day: string) => ({ startedAt: `${day} 18:00`, endedAt: `${day} 18:15` });

test.each([
  ['by the one who holds the power', { wardens: ['H-01'] }, 'recorded'],
  ['by a crew with one who holds it', { wardens: ['H-02', 'h-01'] }, 'recorded'],
  ['by one who holds another power', { wardens: ['H-02'] }, `actions: Fixed penalty notices: litter: H-02 does not hold the power on 2023-10-02. ${cure}`],
  ['on the last day of the power', { wardens: ['H-01'], ...on('2023-11-30') }, 'recorded'],
  ['on the day after it', { wardens: ['H-01', 'H-02'], ...on('2023-12-01') }, `actions: Fixed penalty notices: litter: H-01 and H-02 do not hold the power on 2023-12-01. ${cure}`],
  ['by nobody named, while the council has the power', {}, 'recorded'],
  ['by nobody named, after the council’s last power of the kind ran out', on('2023-12-01'), 'actions: Fixed penalty notices: litter: no warden of the council holds the power on 2023-12-01. Take it out, or ask the lead to enter the accreditation with its dates.'],
  ['before the council entered any power', { wardens: ['H-02'], ...on('2023-08-31') }, 'recorded'],
  ['with the police there', { wardens: ['H-02'], jointWithPolice: true }, 'recorded'],
  ['by support officers, whose powers are the police’s matter', { staffCategory: 'pcso' }, 'recorded'],
])('at the desk a penalty %s', async (_what, given, answer) => {
  expect(await entered({ actions: litter, ...given })).toBe(answer);
});

test('another council’s powers help nobody here', async () => {
  expect(await entered({ actions: [{ code: 'community_protection_notice', n: 1 }] })).toMatch(/^actions: Community protection notices: no warden of the council holds the power on 2023-10-02\./);
});

test('a patrol log is refused whole, each row named with what was given and the cure', async () => {
  const log = [
    'hotspot,date,start,end,persons,patrol reference,wardens,fixed_penalty_litter,community_protection_notice,public_engagement',
    'York Road,2023-10-02,18:00,18:15,2,P-1,H-01;H-02,1,,2', 'York Road,2023-10-02,19:00,19:15,2,P-2,H-02,1,,', 'York Road,2023-10-02,20:00,20:15,2,P-3,,2,,', 'York Road,2023-10-02,21:00,21:15,2,P-4,,,1,',
  ];
  const send = (lines: readonly string[]) => lead.post('/api/visits/file?fileName=october.csv').set('content-type', 'application/octet-stream').send(Buffer.from(lines.join('\n')));
  const { status, body } = await send(log);
  expect(status).toBe(422);
  expect(body.errors).toEqual([
    { field: 'row 3, actions', message: `Row 3, column "actions", "fixed_penalty_litter": Fixed penalty notices: litter: H-02 does not hold the power on 2023-10-02. ${cure}` },
    { field: 'row 5, actions', message: 'Row 5, column "actions", "community_protection_notice": Community protection notices: no warden of the council holds the power on 2023-10-02. Take it out, or ask the lead to enter the accreditation with its dates.' },
  ]);
  expect(await service.database.db('visit')).toEqual([]);
  expect((await send([log[0] ?? '', log[1] ?? '', log[3] ?? '']).expect(200)).body.recorded).toBe(2);
});

test('a correction is judged by the same powers', async () => {
  const visit = visitOf(hotspot, { wardens: ['H-02'] });
  await lead.post('/api/visits').send(visit).expect(200);
  const correct = (given: object) => lead.post(`/api/visits/${visit.id}/corrections`).send({ ...visit, actions: litter, reason: 'A penalty was left out', ...given });
  expect((await correct({}).expect(422)).body.errors[0].message).toBe(`Fixed penalty notices: litter: H-02 does not hold the power on 2023-10-02. ${cure}`);
  await correct({ wardens: ['H-01', 'H-02'] }).expect(200);
});
