import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/database.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const text = 'Type\t2020\t2021\t% change\nPersonal\t63\t16\t−75%\nNuisance\t954\t878\t−8%\nEnvironmental\t148\t95\t−36%\nTotal\t1187\t983\t−17%';
const table = { title: 'Types of incident, July to September', source: 'Safer Hartlepool Partnership papers, December 2021', text };

test('a table is read, kept as printed with its source, and shown with what does not agree', async () => {
  const client = await service.client('analyst@opcc.demo');
  const { body: read } = await client.post('/api/published-tables/checks').send({ text }).expect(200);
  expect(read.columns).toEqual([{ name: '2020', meaning: 'before' }, { name: '2021', meaning: 'after' }, { name: '% change', meaning: 'percent change' }]);
  expect(read).toMatchObject({ checks: 6, flags: [{ gap: '−22' }, { gap: '+6' }] });
  const tableId = randomUUID();
  const { body: kept } = await client.post('/api/published-tables').send({ tableId, ...table }).expect(200);
  expect(kept).toMatchObject({ id: tableId, source: table.source, disagreements: 2, rows: [{ cells: ['63', '16', '−75%'] }, {}, {}, { label: 'Total', cells: ['1187', '983', '−17%'] }] });
  await client.post('/api/published-tables').send({ tableId, ...table }).expect(200);
  expect((await client.post('/api/published-tables').send({ tableId, ...table, title: 'Another' }).expect(409)).body.code).toBe('published_table_id_taken');
  const council = await service.client('lead@hartlepool.demo');
  expect((await council.get('/api/published-tables').expect(200)).body.tables).toHaveLength(1);
  expect((await council.get(`/api/published-tables/${tableId}`).expect(200)).body.flags[0].says).toBe('2020: the parts add up to 1,165 and “Total” says 1187 (−22).');
  await council.post('/api/published-tables').send({ tableId: randomUUID(), ...table }).expect(403);
});

test('without a source, with a person’s name or as something else than a table it is refused', async () => {
  const client = await service.client('analyst@opcc.demo');
  const send = (given: object) => client.post('/api/published-tables').send({ tableId: randomUUID(), ...table, ...given });
  expect((await send({ source: '' }).expect(422)).body.errors).toEqual([{ field: 'source', message: 'Say where it was published.' }]);
  expect((await send({ text: 'Who\t2021\nMr Smith\t3' }).expect(422)).body.errors[0].message).toContain('a name with a title');
  expect((await send({ text: 'nothing' }).expect(422)).body.errors[0].message).toContain('not a table yet');
  for (const statement of [`delete from published_table`, `update published_table set flags = '[]'`]) await expect(service.database.db.raw(statement)).rejects.toMatchObject({ constraint: 'published_table_append_only' });
});
