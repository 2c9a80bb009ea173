/** The embedded database speaks the protocol as a server does; the same statements run on a server when there is one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import pg from 'pg';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await openTestDatabase();
  pool = new pg.Pool({ ...database.connection, max: 5 });
  await pool.query('create table counted (n int constraint counted_positive check (n > 0))');
});
afterAll(async () => {
  await pool.end();
  await database.close();
});

test.runIf(process.env['DATABASE_URL'])('a server compiles no statement to machine code for the service', async () => {
  expect((await database.db.raw('show jit')).rows).toEqual([{ jit: 'off' }]);
});

test('after a refused statement the next answers are its own, on the same connection', async () => {
  const client = await pool.connect();
  for (let round = 0; round < 5; round += 1) {
    await client.query('begin');
    await expect(client.query('insert into counted values ($1)', [-1])).rejects.toMatchObject({ constraint: 'counted_positive' });
    await expect(client.query('select $1::int', [1])).rejects.toMatchObject({ code: '25P02' });
    expect((await client.query('rollback')).command).toBe('ROLLBACK');
    expect((await client.query('select $1::int as n', [round])).rows).toEqual([{ n: round }]);
  }
  client.release();
});

test('refused statements outside a transaction leave nothing behind', async () => {
  await expect(pool.query('select $1::int / 0', [1])).rejects.toMatchObject({ code: '22012' });
  await expect(pool.query('select no_such_column')).rejects.toMatchObject({ code: '42703' });
  expect((await pool.query('select $1::text as word', ['here'])).rows).toEqual([{ word: 'here' }]);
});

test('however many statements were refused, the next one is run', async () => {
  const client = await pool.connect();
  await client.query('begin');
  for (let round = 0; round < 4000; round += 1) {
    await client.query('savepoint before');
    await expect(client.query('insert into counted values (-1)')).rejects.toMatchObject({ constraint: 'counted_positive' });
    await client.query('rollback to before');
  }
  expect((await client.query('select count(*)::int as n from counted')).rows).toEqual([{ n: 0 }]);
  await client.query('rollback');
  client.release();
});

test('statements of many connections at once each get their own answer', async () => {
  const asked = Array.from({ length: 300 }, (_, index) => index);
  const answers = await Promise.all(asked.map(async (n) => (await pool.query(n % 2 ? 'select $1::int as n' : 'select $1::int + 0 as n', [n])).rows[0].n));
  expect(answers).toEqual(asked);
});

test('a connection that dies in a transaction is rolled back and the others go on', async () => {
  const client = new pg.Client(database.connection);
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query('insert into counted values ($1)', [7]);
  const other = pool.query('select count(*)::int as n from counted where n = $1', [7]);
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  expect((await other).rows).toEqual([{ n: 0 }]);
  await expect.poll(async () => (await pool.query('select count(*)::int as n from counted where n = 7')).rows[0].n).toBe(0);
});

describe('transactions', () => {
  test('of two connections do not see each other’s unfinished work', async () => {
    const [one, two] = [await pool.connect(), await pool.connect()];
    await one.query('begin');
    await one.query('insert into counted values (100)');
    const seen = two.query('select count(*)::int as n from counted where n = 100');
    await one.query('rollback');
    expect((await seen).rows).toEqual([{ n: 0 }]);
    one.release();
    two.release();
  });

  test('carry answers larger than one read', async () => {
    const { rows } = await pool.query(`select repeat('x', 10000) as word from generate_series(1, $1)`, [500]);
    expect(rows).toHaveLength(500);
    expect(rows.every((row) => row.word.length === 10_000)).toBe(true);
  });
});
