/** What the public sees: drafts made from rows, released by a second person, whole or not at all; read by anybody without signing in. */
import { createHash, randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../server/canonical.ts';
import { inScope } from '../../server/database.ts';
import { draftMonthly } from '../../server/publication/publicationWork.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';

let service: TestService;
let clock = new Date('2024-07-01T09:00:00Z');
beforeAll(async () => {
  service = await startDemonstrationService({ now: () => clock });
}, 600_000);
afterAll(() => service.close());

const manager = () => service.client('manager@opcc.demo');
const finance = () => service.client('finance@opcc.demo');
const make = async (kind: string, month: string) => (await (await manager()).post('/api/publications').send({ publicationId: randomUUID(), kind, month }).expect(200)).body;
const anybody = (path: string) => supertest(service.address).get(path);

describe('the £500 file', () => {
  const month = '2023-11';

  test('a payment without its reason blocks the release, and the row is named', async () => {
    const draft = await make('spending', month);
    expect(draft.isNew).toBe(false);
    expect(draft.faults.map(({ says }: { says: string }) => says)).toEqual([
      'Payment DEMO BACS 1004 of 2023-11-30 to Stockton-on-Tees: its purpose is missing. Enter it below, then make the draft again.',
      'Payment DEMO BACS 1004 of 2023-11-30 to Stockton-on-Tees: the reason it is good value for money is missing. Enter it below, then make the draft again.',
    ]);
    const refused = (await (await finance()).post(`/api/publications/${draft.id}/release`).send({}).expect(409)).body;
    expect(refused.code).toBe('publication_is_whole');
  });

  test('with reasons on every row it is released by another person, and every row has recipient, purpose and value for money', async () => {
    const [writer, releaser] = [await manager(), await finance()];
    const draft = await make('spending', month);
    expect(draft.version).toBe(1);
    for (const subjectId of new Set<string>(draft.faults.map(({ subjectId }: { subjectId: string }) => subjectId))) {
      await writer.post('/api/publication-reasons').send({ reasonId: randomUUID(), subjectKind: 'payment', subjectId, purpose: '=HYPERLINK("x")', reason: 'Rates agreed after three quotes' }).expect(200);
    }
    const whole = await make('spending', month);
    expect(whole).toMatchObject({ version: 2, faults: [], mayRelease: false, isNew: true });
    expect((await writer.post(`/api/publications/${whole.id}/release`).send({}).expect(409)).body.code).toBe('publication_preparer_is_not_approver');
    expect((await releaser.post(`/api/publications/${whole.id}/release`).send({}).expect(200)).body.state).toBe('released');
    const { text } = await anybody(`/public/files/${month}/spending-${month}.csv`).expect(200);
    const [head, ...rows] = text.replace('\uFEFF', '').trimEnd().split('\r\n');
    expect(head).toBe('Reference,Recipient,Paid on,Amount in pounds,Purpose,Value for money');
    // Formulas stand behind an apostrophe, so a spreadsheet shows them and runs nothing.
    expect(rows.at(-1)).toMatch(/^DEMO BACS 1004,Stockton-on-Tees,2023-11-30,\d+\.\d\d,"'=HYPERLINK\(""x""\)",Rates agreed after three quotes$/);
    expect(rows).toHaveLength(4);
    expect(rows.filter((row) => parse(row)[0]?.some((cell: string) => cell === ''))).toEqual([]);
    const { body: metadata } = await anybody(`/public/files/${month}/spending-${month}.csv-metadata.json`).buffer().parse((response, done) => { let all = ''; response.on('data', (part) => (all += part)); response.on('end', () => done(null, JSON.parse(all))); }).expect(200);
    expect(metadata['dc:license']).toContain('open-government-licence');
    expect(metadata.tableSchema.columns.map(({ titles }: { titles: string }) => titles).join(',')).toBe(head);
  });

  test('the same content is not kept twice, and its hash is that of its canonical JSON', async () => {
    const again = await make('spending', month);
    expect(again).toMatchObject({ version: 2, isNew: false, state: 'released' });
    const { body } = await (await finance()).get(`/api/publications/${again.id}`).expect(200);
    expect(createHash('sha256').update(canonicalJson(body.content)).digest('hex')).toBe(again.sha256);
    for (const statement of ['delete from publication', `update publication set faults = '[]'`, 'delete from publication_release']) await expect(service.database.db.raw(statement)).rejects.toMatchObject({ code: '23001' });
  });

  test('withdrawn with a reason it is gone for the public and stays in the record', async () => {
    const { id } = await make('spending', month);
    const body = (await (await finance()).post(`/api/publications/${id}/withdrawal`).send({ reason: 'A recipient was named wrongly' }).expect(200)).body;
    expect(body).toMatchObject({ state: 'withdrawn', withdrawnReason: 'A recipient was named wrongly' });
    expect((await anybody('/public/files')).text).not.toContain(`spending-${month}.csv<`);
  });
});

describe('the clock', () => {
  test('drafts the month before, once, and the list says what waits', async () => {
    const { db } = service.database;
    await draftMonthly(db, undefined, new Date('2024-02-04T04:00:00Z'));
    expect(await db('publication').where({ month: '2024-01-01', made_by: null })).toEqual([]);
    for (let run = 0; run < 2; run += 1) await draftMonthly(db, undefined, new Date('2024-02-05T04:00:00Z'));
    const drafts = await db('publication').where({ month: '2024-01-01', made_by: null }).orderBy('kind').pluck('kind');
    expect(drafts).toEqual(['grants', 'partners page', 'public page', 'spending']);
    clock = new Date('2024-02-06T09:00:00Z');
    const { body } = await (await manager()).get('/api/publications').expect(200);
    clock = new Date('2024-07-01T09:00:00Z');
    expect(body.due).toContainEqual({ kind: 'public page', month: '2024-01', says: 'Drafted, and waits for its release. Due on 10 February 2024.' });
  });
});

describe('the public page', () => {
  test('says what is done where by ward, hides small counts, and names no hotspot, time or person', async () => {
    const { text, headers } = await anybody('/public').expect(200);
    expect(text).toContain('What hotspot patrols are doing');
    expect(text).toContain('March 2024');
    expect(text).toContain('Open Government Licence');
    expect(text).not.toContain('<script');
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    const council = (await anybody('/public/E06000002').expect(200)).text;
    expect(council).toContain('Patrols by ward, March 2024');
    expect(council).toMatch(/&lt;10|\[c\]/);
    const names: string[] = await service.database.db('hotspot').pluck('name');
    const pages = [text, council, (await anybody('/public/easy-read').expect(200)).text, (await anybody('/public/files').expect(200)).text].join('');
    expect(names.filter((name) => pages.includes(name))).toEqual([]);
    expect(pages).not.toMatch(/\b\d{1,2}[:.]\d\d\b(?! h)/);
    const csv = (await anybody('/public/files/2024-03/wards-2024-03.csv').expect(200)).text;
    expect(names.filter((name) => csv.includes(name))).toEqual([]);
    const counts = csv.trimEnd().split('\r\n').slice(1).flatMap((row) => row.split(',').slice(6));
    expect(counts.filter((count) => !/^(0|<10|\[c\]|\d{2,})$/.test(count))).toEqual([]);
    expect(counts.filter((count) => count === '<10').length).toBeGreaterThan(10);
  });

  test('a later version shows nothing that an earlier one hid, and one that would is not released', async () => {
    const { db } = service.database;
    const before = (await db('publication').where({ kind: 'public page', month: '2024-03-01', version: 1 }).first('content')).content;
    await db('setting').where({ name: 'disclosure_threshold' }).update({ value: '5' });
    const made = await make('public page', '2024-03');
    await db('setting').where({ name: 'disclosure_threshold' }).update({ value: '10' });
    expect(made).toMatchObject({ version: 2, isNew: true });
    const { content } = (await (await manager()).get(`/api/publications/${made.id}`).expect(200)).body;
    const hidden = (text: string): boolean => !/^\d+$/.test(text);
    const cells = (of: 'incidents' | 'actions', wards: typeof before.wards): string[] => wards.flatMap((ward: Record<typeof of, Record<string, string>>) => Object.values(ward[of]));
    for (const of of ['incidents', 'actions'] as const) expect(cells(of, before.wards).filter((text, nth) => hidden(text) && !hidden(cells(of, content.wards)[nth] ?? ''))).toEqual([]);
    // A draft that shows a number hidden before, as one made by another way would.
    const ward = before.wards.find(({ actions }: { actions: Record<string, string> }) => actions['enforcement'] === '<10').code;
    const bare = { ...content, wards: content.wards.map((each: { code: string; actions: Record<string, string> }) => (each.code === ward ? { ...each, actions: { ...each.actions, enforcement: '7' } } : each)) };
    const [id] = [randomUUID()];
    await db('publication').insert({ id, kind: 'public page', month: '2024-03-01', version: 3, content: JSON.stringify(bare), sha256: '0'.repeat(64), made_at: clock });
    const refused = (await (await finance()).post(`/api/publications/${id}/release`).send({}).expect(409)).body;
    expect(refused).toMatchObject({ code: 'publication_reveals', detail: expect.stringMatching(/Enforcement actions, beside version 1, released on 5 April 2024: .+ Make the draft again/) });
    const again = await make('public page', '2024-03');
    expect(again).toMatchObject({ version: 4, isNew: true });
    expect((await (await finance()).post(`/api/publications/${again.id}/release`).send({}).expect(200)).body.state).toBe('released');
  }, 120_000);

  test('a layer taken back is gone from it, without a new version', async () => {
    const [writer, releaser] = [await manager(), await finance()];
    const levelId = randomUUID();
    await writer.post('/api/published-layers/ward_actions/levels').send({ levelId, level: 'partners', validFrom: '2024-01-01', reason: 'Under review' }).expect(200);
    expect((await anybody('/public/E06000003').expect(200)).text).toContain('What wardens did');
    expect((await writer.post(`/api/published-layers/ward_actions/levels/${levelId}/approval`).send({}).expect(409)).body.code).toBe('layer_release_preparer_is_not_approver');
    expect((await releaser.post(`/api/published-layers/ward_actions/levels/${levelId}/approval`).send({}).expect(200)).body.level).toBe('partners');
    expect((await anybody('/public/E06000001').expect(200)).text).not.toContain('What wardens did');
  });

  test('what is a draft is nobody’s outside, and there is no other address', async () => {
    const { id } = await make('public page', '2024-02');
    const lead = await service.client('lead@hartlepool.demo');
    await lead.get(`/api/publications/${id}`).expect(403);
    await supertest(service.address).get(`/api/publications/${id}`).expect(401);
    expect((await anybody('/public/files/2024-02/wards-2024-02.csv')).status).toBe(404);
    expect((await anybody('/public/E06000099')).text).toContain('There is no such page');
    expect((await anybody('/public/style.css').expect(200)).type).toBe('text/css');
  });
});

describe('what is for partners', () => {
  test('is read by their accounts behind the sign-in and by nobody without one; who released which layer to whom stays on record', async () => {
    const lead = await service.client('lead@hartlepool.demo');
    const { months, page } = (await lead.get('/api/partners-page').expect(200)).body;
    expect([months, page.levels]).toEqual([['2024-03'], expect.objectContaining({ hotspot_names: 'partners', ward_patrols: 'public' })]);
    const names: string[] = page.content.hotspots.map(({ name }: { name: string }) => name);
    expect(names.length).toBeGreaterThan(3);
    await supertest(service.address).get('/api/partners-page').expect(401);
    const open = (await anybody('/public').expect(200)).text + (await anybody('/public/files').expect(200)).text;
    expect([names.filter((name) => open.includes(name)), open.includes('partners-wards')]).toEqual([[], false]);
    expect((await anybody('/public/files/2024-03/partners-wards-2024-03.csv')).status).toBe(404);
    const { db } = service.database;
    expect(await inScope(db, { personId: null, roles: ['public'], councils: [] }, (trx) => trx('publication').where({ kind: 'partners page' }))).toEqual([]);
    const made = await make('partners page', '2023-12');
    expect((await (await manager()).post(`/api/publications/${made.id}/release`).send({})).body.code).toBe('publication_preparer_is_not_approver');
    await (await finance()).post(`/api/publications/${made.id}/release`).send({}).expect(200);
    const event = await db('audit_event').where({ action: 'publicationReleased', subject_id: made.id }).first('after');
    expect(event.after).toMatchObject({ audience: 'partners', layers: expect.arrayContaining([{ layer: 'hotspot_names', level: 'partners' }, { layer: 'ward_patrols', level: 'public' }]) });
    const { releases } = (await (await manager()).get('/api/published-layers').expect(200)).body;
    expect(releases.find(({ id }: { id: string }) => id === made.id)).toMatchObject({ audience: 'partners', layers: expect.arrayContaining(['hotspot_names']), releasedBy: 'Finance approver, OPCC' });
  });

  test('is gone for them at once when a layer is the office’s alone again', async () => {
    const levelId = randomUUID();
    await (await manager()).post('/api/published-layers/hotspot_names/levels').send({ levelId, level: 'internal', validFrom: '2024-01-01', reason: 'Under review' }).expect(200);
    await (await finance()).post(`/api/published-layers/hotspot_names/levels/${levelId}/approval`).send({}).expect(200);
    const { page } = (await (await service.client('lead@hartlepool.demo')).get('/api/partners-page').expect(200)).body;
    expect([page.content.hotspots, page.levels.hotspot_names]).toEqual([[], undefined]);
  });
});

describe('the press register', () => {
  const typed = { measure: 'Patrols', unit: 'patrols', periodFrom: '2024-04-01', periodTo: '2025-03-31', source: 'Published' };
  const add = async (given: object) => (await manager()).post('/api/press-figures').send({ figureId: randomUUID(), toldOn: '2025-06-01', toldTo: 'A newspaper', said: 'Over eight thousand patrols', ...given });

  test('two figures of one year that cannot both be one series are laid beside each other', async () => {
    // 8,670 and 12,402 patrols were both published for 2024-25.
    await add({ typed: { ...typed, value: 8670, definition: 'Anti-social behaviour patrols' } });
    const { body } = await add({ toldTo: 'Television', typed: { ...typed, value: 12402, definition: 'Patrols of the whole fund' } });
    expect(body.conflicts).toEqual(['8,670 patrols told to A newspaper on 2025-06-01 for the same period (3,732 apart), on another definition.']);
  });

  test('a figure is copied from a kept return with its definition, period and hash', async () => {
    const { body } = await add({ copied: { month: '2023-10', version: 1, field: 'visits' } });
    const { sha256 } = await service.database.db('return_version').first('sha256');
    expect(body).toMatchObject({ measure: 'Visits', unit: 'count', periodFrom: '2023-10-01', periodTo: '2023-10-31', snapshotSha256: sha256, source: expect.stringContaining('2023-10, version 1') });
    expect(body.value).toBeGreaterThan(0);
    expect(body.definition).toContain('Stays in the hotspot');
    expect((await add({ copied: { month: '2023-10', version: 1, field: 'narrative' } })).status).toBe(422);
    expect((await add({})).status).toBe(422);
  });
});

test('an information pack holds every version and the timeline, and names no officer', async () => {
  const { db } = service.database;
  const { id } = await db('agreement').orderBy('reference').first();
  const { body, headers } = await (await manager()).get(`/api/information-packs/agreement/${id}`).buffer().parse((response, done) => { const parts: Buffer[] = []; response.on('data', (part: Buffer) => parts.push(part)); response.on('end', () => done(null, Buffer.concat(parts))); }).expect(200);
  expect(headers['content-type']).toContain('application/zip');
  const names = (body as Buffer).toString('latin1');
  for (const file of ['README.txt', 'timeline.csv', 'versions.csv', 'claims.csv', 'payments.csv']) expect(names).toContain(file);
  await (await manager()).get(`/api/information-packs/hotspot/${randomUUID()}`).expect(404);
  await (await service.client('lead@hartlepool.demo')).get(`/api/information-packs/agreement/${id}`).expect(403);
});
