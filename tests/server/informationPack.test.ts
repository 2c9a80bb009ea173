/** An information pack of a return: every version, every step, the timeline, and no small count. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';
import { fillMonth } from '../support/monthFixture.ts';
import { explainAll } from '../support/collecting.ts';
import { unzipText } from '../support/workbook.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2023-11-20T12:00:00Z') });
  await fillMonth(service.database.db);
});
afterAll(() => service.close());

test('a return’s pack has its versions with their hashes, its steps, its timeline and its figures without a small count', async () => {
  const [manager, finance] = [await service.client('manager@opcc.demo'), await service.client('finance@opcc.demo')];
  await manager.post('/api/collecting/2023-10/words').send({ kind: 'narrative', text: 'A quiet month.' }).expect(200);
  const { sha256 } = (await manager.post('/api/returns/2023-10/versions').send({}).expect(200)).body;
  await manager.post('/api/returns/2023-10/sign-off').send({ version: 1, step: 'signOffAsked' }).expect(200);
  await explainAll(manager, '2023-10');
  await finance.post('/api/returns/2023-10/certification').send({ version: 1, step: 'certified' }).expect(200);
  await manager.post('/api/returns/2023-10/answer').send({ version: 1, step: 'changesRequested', reason: 'Count each patrol once', sections: ['Patrols', 'Actions'] }).expect(200);
  const { returns } = (await manager.get('/api/publications').expect(200)).body;
  expect(returns).toEqual([{ code: expect.any(String), name: expect.stringContaining('2023-10') }]);
  const path = `/api/information-packs/return/${returns[0].code}`;
  await (await service.client('lead@hartlepool.demo')).get(path).expect(403);
  const { body } = await manager.get(path).buffer(true).parse((response, done) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(null, Buffer.concat(parts)));
  }).expect(200);
  const files = await unzipText(body);
  const rows = (name: string): string[] => (files.get(name) ?? '').replace('\uFEFF', '').trimEnd().split('\r\n');
  expect(rows('versions.csv')[1]).toContain(sha256);
  expect(rows('steps.csv').slice(1).map((row) => row.split(',')[1])).toEqual(['signOffAsked', 'certified', 'changesRequested']);
  expect(rows('steps.csv').at(-1)).toContain('Count each patrol once,Patrols; Actions');
  for (const action of ['returnVersionKept', 'returnWordsWritten', 'returnCertified', 'returnChangesRequested']) expect(files.get('timeline.csv')).toContain(action);
  const visits = rows('figures.csv').find((row) => row.startsWith('1,visits,'));
  expect(visits).toBe('1,visits,<10,counted');
  expect(rows('figures.csv').find((row) => row.startsWith('1,person_minutes,'))).toMatch(/^1,person_minutes,\d{3},counted$/);
  expect([...files.values()].join('')).not.toContain('Grant manager, OPCC');
  await manager.get('/api/information-packs/return/00000000-0000-4000-8000-0000000000ff').expect(404);
});
