import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inScope } from '../../server/database.ts';
import { scopeOf } from '../../server/mount.ts';
import { makeDigests } from '../../server/trail/digestWork.ts';
import { startTestService, type TestService } from '../support/database.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

test('the trail is read by filters, and the reading is written down', async () => {
  await service.client('manager@opcc.demo');
  const auditor = await service.client('auditor@opcc.demo');
  const { body } = await auditor.get('/api/audit?action=signedIn&subjectKind=person').expect(200);
  expect(body.events.length).toBeGreaterThanOrEqual(2);
  expect(new Set(body.events.map((event: { action: string }) => event.action))).toEqual(new Set(['signedIn']));
  expect(body.events[0].person).toBe('Auditor, OPCC');
  const again = await auditor.get('/api/audit?action=auditRead').expect(200);
  expect(again.body.events[0]).toMatchObject({ after: { action: 'signedIn', subjectKind: 'person' } });
});

test('an administrator reads what happened to people, and nothing of money or places', async () => {
  const { db } = service.database;
  await db('audit_event').insert([
    { role: 'test', action: 'journalPosted', subject_kind: 'agreement', subject_id: 'a', council_code: 'E06000001' },
    { role: 'test', action: 'roleProposed', subject_kind: 'person', subject_id: 'p' }, { role: 'test', action: 'fundAdded', subject_kind: 'fund', subject_id: 'f' },
  ]);
  const administrator = await service.client('admin@opcc.demo');
  const { body } = await administrator.get('/api/audit').expect(200);
  const kinds = new Set(body.events.map((event: { subjectKind: string }) => event.subjectKind));
  expect(kinds).toEqual(new Set(['person', 'audit']));
  expect(body.subjectKinds).toEqual(['audit', 'person']);
  expect((await administrator.get('/api/audit/export').expect(200)).text).not.toContain('journalPosted');
  await administrator.get('/api/audit/digests').expect(403);
  expect((await administrator.get('/api/timeline/agreement/a').expect(200)).body.events).toEqual([]);
});

test('who only administers people sees no row of money, places or patrols, even past the endpoints', async () => {
  const { db } = service.database;
  const { id } = await db('person').where({ email: 'admin@opcc.demo' }).first();
  await db.raw(`
    insert into fund (id, name, funder, award_pence, starts_on, ends_on, purpose) values (gen_random_uuid(), 'F', 'Home Office', 100000000, '2023-07-01', '2024-03-31', 'x');
    insert into agreement (id, fund_id, council_code, reference, ceiling_pence, starts_on, ends_on, state, productive_ratio)
      select gen_random_uuid(), id, 'E06000001', 'A', 25000000, '2023-07-01', '2024-03-31', 'live', 0.8 from fund`);
  const scope = scopeOf({ id, name: 'x', organisation: 'x', councilCode: null, roles: ['administrator'] } as Parameters<typeof scopeOf>[0], 'x');
  expect(scope.councils).toEqual([]);
  await inScope(db, { ...scope, agreements: ['*'] }, async (trx) => {
    for (const table of ['agreement', 'visit', 'incident', 'hotspot', 'import_run', 'return_version']) expect((await trx(table).select(1)).length, table).toBe(0);
    expect((await trx('organisation').where({ kind: 'council' })).length).toBe(4);
  });
});

test('others may not read it', async () => {
  await (await service.client('manager@opcc.demo')).get('/api/audit').expect(403);
  await (await service.client('lead@hartlepool.demo')).get('/api/audit/export').expect(403);
});

test('the export is CSV whose formulas are inert', async () => {
  const { db } = service.database;
  await db('audit_event').insert({ role: 'test', action: '=1+1', subject_kind: 'test', subject_id: 'x' });
  const auditor = await service.client('auditor@opcc.demo');
  const { text, headers } = await auditor.get('/api/audit/export?subjectKind=test').expect(200);
  expect(headers['content-disposition']).toBe('attachment; filename=audit-trail.csv');
  expect(text).toContain(",'=1+1,");
});

test('each day’s digest is chained, written out, and shows what was tampered with', async () => {
  const { db, config } = service.database;
  await db.raw(`insert into audit_event (happened_at, role, action, subject_kind, subject_id) values ('2025-01-01 10:00Z', 'test', 'a', 't', '1'), ('2025-01-02 10:00Z', 'test', 'b', 't', '2')`);
  const folder = join(config.dataDir, 'outbox');
  expect(await makeDigests(db, new Date('2025-01-03T03:00:00Z'), folder)).toEqual(['2025-01-01', '2025-01-02']);
  expect(await makeDigests(db, new Date('2025-01-03T03:00:00Z'), folder)).toEqual([]);
  expect(existsSync(join(folder, 'audit-digest-2025-01-02.json'))).toBe(true);
  const auditor = await service.client('auditor@opcc.demo');
  const before = (await auditor.get('/api/audit/digests').expect(200)).body.digests;
  expect(before.map((digest: { day: string; holds: boolean }) => [digest.day, digest.holds])).toEqual([['2025-01-02', true], ['2025-01-01', true]]);
  expect(before[0].previousSha256).toBe(before[1].sha256);
  // Only who owns the database can do this; the digest is there for that day.
  await db.raw(`alter table audit_event disable trigger audit_event_append_only; update audit_event set role = 'nobody' where action = 'a'; alter table audit_event enable trigger audit_event_append_only`);
  const after = (await auditor.get('/api/audit/digests').expect(200)).body.digests;
  expect(after.map((digest: { holds: boolean }) => digest.holds)).toEqual([true, false]);
});

test('a thing’s timeline tells what happened to it', async () => {
  const { db } = service.database;
  await db('setting').insert({ name: 'test_limit', value: '1', unit: 'x', describes: 'x', source: 'x', valid_from: '2023-01-01' });
  const manager = await service.client('manager@opcc.demo');
  await manager.post('/api/settings/test_limit').send({ value: 2, validFrom: '2024-01-01', reason: 'Asked' }).expect(200);
  const { body } = await manager.get('/api/timeline/setting/test_limit').expect(200);
  expect(body.events).toMatchObject([{ action: 'settingChanged', reason: 'Asked', person: 'Grant manager, OPCC' }]);
});
