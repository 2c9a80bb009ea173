/** A council's month: pre-filled, confirmed, corrected with a reason, explained, sent; and consolidated with every conflict flagged. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Consolidation, CouncilMonth, CouncilSection } from '../../server/returns/collectContract.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { fillMonth, ids } from '../support/monthFixture.ts';

type Client = Awaited<ReturnType<TestService['client']>>;

let service: TestService;
let lead: Client;
let manager: Client;
const now = new Date('2023-11-06T12:00:00Z');
beforeAll(async () => {
  service = await startTestService({ now: () => now });
  await fillMonth(service.database.db);
  lead = await service.client('lead@stockton.demo');
  manager = await service.client('manager@opcc.demo');
});
afterAll(() => service.close());

const stockton = '/api/collecting/2023-10/councils/E06000004';
const open = async (client: Client = lead): Promise<CouncilMonth> => (await client.get(stockton).expect(200)).body as CouncilMonth;
const sectionOf = (month: CouncilMonth, code: string): CouncilSection => month.sections.find((one) => one.code === code)!;
const figureOf = (section: CouncilSection, field: string, part = '') => section.figures.find((one) => one.field === field && one.part === part)!;

async function confirmAll(section: CouncilSection): Promise<void> {
  const figures = section.figures.filter((figure) => figure.state === 'to confirm').map(({ field, part }) => ({ field, part }));
  if (figures.length > 0) await lead.post(`${stockton}/sections/${section.code}/figures`).send({ seen: section.seen, figures }).expect(200);
}

describe('a council’s month', () => {
  test('is there before anybody wrote anything, with the days left', async () => {
    const month = await open();
    expect(month).toMatchObject({ council: 'Stockton-on-Tees', monthEnded: true, started: true, dueOn: '2023-11-07', daysLeft: 1, returnDueOn: '2023-11-14' });
    expect(month.sections.map(({ code, state }) => [code, state])).toEqual([['patrols', 'not started'], ['actions', 'not started'], ['incidents', 'not started'], ['money', 'not started'], ['words', 'not started']]);
    const patrols = sectionOf(month, 'patrols');
    // 3 persons for 60 and for 20 minutes, and one for 10.
    expect(figureOf(patrols, 'person_minutes')).toMatchObject({ counted: 250, status: 'counted', state: 'to confirm', given: null });
    expect(figureOf(patrols, 'person_minutes', 'warden')).toMatchObject({ counted: 240 });
    expect(figureOf(patrols, 'visits')).toMatchObject({ counted: 3, rows: '/returns/2023-10/rows?figure=visits&council=E06000004' });
    expect(patrols.missing).toEqual([`${patrols.figures.length} figures are not confirmed.`]);
  });

  test('a council that has not started says so, which is not 0', async () => {
    const month = (await (await service.client('lead@redcar.demo')).get('/api/collecting/2023-10/councils/E06000003').expect(200)).body as CouncilMonth;
    expect(month.started).toBe(false);
    expect(figureOf(sectionOf(month, 'patrols'), 'visits')).toMatchObject({ counted: null, status: 'not started' });
  });

  test('another council’s is not there', async () => {
    await lead.get('/api/collecting/2023-10/councils/E06000001').expect(404);
    await lead.get('/api/collecting/2023-12/councils/E06000004').expect(422);
    const board = (await lead.get('/api/collecting/2023-10').expect(200)).body;
    expect(board.councils.map((row: { council: string }) => row.council)).toEqual(['Stockton-on-Tees']);
  });

  test('a correction needs a reason, and a figure without rows cannot be given one', async () => {
    const section = sectionOf(await open(), 'patrols');
    const send = (figure: object) => lead.post(`${stockton}/sections/patrols/figures`).send({ seen: section.seen, figures: [figure] });
    expect((await send({ field: 'visits', value: 4 }).expect(422)).body.errors).toEqual([{ field: 'figures.0.reason', message: 'Say why Visits differs from what was counted.' }]);
    expect((await send({ field: 'visits', value: 3.5, reason: 'Half' }).expect(422)).body.errors[0].message).toBe('Visits is a whole number. Leave out the fraction.');
    expect((await send({ field: 'visits', value: -1, reason: 'Less' }).expect(422)).body.errors[0].message).toBe('Visits cannot be below 0.');
    expect((await send({ field: 'nothing' }).expect(422)).body.errors[0].message).toContain('There is no figure nothing/');
    await lead.post(`${stockton}/sections/patrols/figures`).send({ seen: '0'.repeat(64), figures: [{ field: 'visits' }] }).expect(409);
    const after = (await send({ field: 'visits', value: 4, reason: 'One visit was entered under another council' }).expect(200)).body as CouncilMonth;
    expect(figureOf(sectionOf(after, 'patrols'), 'visits')).toMatchObject({ counted: 3, state: 'corrected', given: { value: 4, counted: 3, reason: 'One visit was entered under another council', by: 'Council lead, Stockton-on-Tees' } });
    expect(sectionOf(after, 'patrols').state).toBe('in progress');
  });

  test('a section is ready once whole, submitted, answered, and taken in again', async () => {
    await lead.post(`${stockton}/sections/patrols/steps`).send({ step: 'readied' }).expect(409);
    await confirmAll(sectionOf(await open(), 'patrols'));
    const steps = `${stockton}/sections/patrols`;
    await lead.post(`${steps}/steps`).send({ step: 'submitted' }).expect(409);
    await lead.post(`${steps}/steps`).send({ step: 'readied' }).expect(200);
    const closed = sectionOf(await open(), 'patrols');
    expect(closed.state).toBe('ready');
    expect((await lead.post(`${steps}/figures`).send({ seen: closed.seen, figures: [{ field: 'visits' }] }).expect(409)).body.code).toBe('section_closed');
    await lead.post(`${steps}/steps`).send({ step: 'submitted' }).expect(200);
    await lead.post(`${steps}/answer`).send({ step: 'accepted' }).expect(403);
    await manager.post(`${steps}/answer`).send({ step: 'changesRequested' }).expect(422);
    const back = (await manager.post(`${steps}/answer`).send({ step: 'changesRequested', reason: 'Which council’s visit was it?' }).expect(200)).body as CouncilMonth;
    expect(sectionOf(back, 'patrols')).toMatchObject({ state: 'changes requested', steps: [{ step: 'readied' }, { step: 'submitted' }, { step: 'changesRequested', reason: 'Which council’s visit was it?', by: 'Grant manager, OPCC' }] });
    for (const step of ['readied', 'submitted']) await lead.post(`${steps}/steps`).send({ step }).expect(200);
    expect(sectionOf((await manager.post(`${steps}/answer`).send({ step: 'accepted' }).expect(200)).body as CouncilMonth, 'patrols').state).toBe('accepted');
    expect((await lead.post(`${steps}/steps`).send({ step: 'reopened', reason: 'Again' }).expect(409)).body.detail).toContain('not at that step');
  });

  test('a visit corrected after it was confirmed asks for the figure again', async () => {
    const before = figureOf(sectionOf(await open(), 'patrols'), 'person_minutes');
    expect(before.state).toBe('confirmed');
    await service.database.db.raw(`update visit set persons = 4 where patrol_reference = 'S1' and persons = 3 and minutes = 20`);
    const section = sectionOf(await open(), 'patrols');
    expect(figureOf(section, 'person_minutes')).toMatchObject({ counted: 270, state: 'changed since' });
    expect(section.missing).toContain('Person-hours was counted anew since it was confirmed: confirm it again.');
    await service.database.db.raw(`update visit set persons = 3 where patrol_reference = 'S1' and persons = 4`);
  });
});

describe('consolidating', () => {
  const get = async (): Promise<Consolidation> => (await manager.get('/api/collecting/2023-10/consolidation').expect(200)).body as Consolidation;

  test('shows every council beside the total and flags the correction without settling it', async () => {
    const made = await get();
    const visits = made.figures.find(({ field, part }) => field === 'visits' && part === '')!;
    expect(made.councils.map(({ name }) => name)).toEqual(['Hartlepool', 'Middlesbrough', 'Redcar and Cleveland', 'Stockton-on-Tees']);
    expect(visits).toMatchObject({ values: [4, 1, null, 4], corrected: [false, false, false, true], total: 9, counted: 8 });
    const flag = made.flags.find(({ key }) => key === 'council and counted|E06000004|visits/')!;
    expect(flag).toMatchObject({ kind: 'council and counted', one: 4, other: 3, councilSays: 'One visit was entered under another council', explanation: '' });
    expect(made.flags.filter(({ kind }) => kind === 'parts and total')).toEqual([]);
  });

  test('the board counts what nobody explained, and what the council gave its reason for is not among it', async () => {
    const of = async (): Promise<number> => (await manager.get('/api/collecting/2023-10').expect(200)).body.councils[3].conflicts;
    const own = (await get()).flags.filter(({ councilCode }) => councilCode === 'E06000004');
    expect([await of(), own.length > 0]).toEqual([own.filter(({ open: still }) => still).length, true]);
    const { db } = service.database;
    const moved = await db('visit').where({ patrol_reference: 'S1', hotspot_id: ids.park }).update({ hotspot_id: ids.burnValley });
    expect(await of()).toBeGreaterThan(own.filter(({ open: still }) => still).length);
    expect(await db('visit').where({ patrol_reference: 'S1', hotspot_id: ids.burnValley }).update({ hotspot_id: ids.park })).toBe(moved);
  });

  test('an explanation stands beside the conflict, which stays', async () => {
    await manager.post('/api/collecting/2023-10/flags').send({ key: 'no such', explanation: 'x' }).expect(404);
    const key = 'council and counted|E06000004|visits/';
    const after = (await manager.post('/api/collecting/2023-10/flags').send({ key, explanation: 'Moved by the council next month' }).expect(200)).body as Consolidation;
    expect(after.flags.find((flag) => flag.key === key)).toMatchObject({ one: 4, other: 3, explanation: 'Moved by the council next month', explainedBy: 'Grant manager, OPCC' });
  });

  test('an explanation holds for the two figures it was given for', async () => {
    const stands = async (): Promise<unknown> => { const { one, other, open } = (await get()).flags.find(({ key }) => key === 'council and counted|E06000004|visits/')!; return { one, other, open }; };
    expect(await stands()).toEqual({ one: 4, other: 3, open: false });
    // One visit stands under another council's hotspot for a moment: the rows counted say 2, and neither reason was given for that.
    const moveVisit = (from: string, to: string) => service.database.db('visit').where({ patrol_reference: 'S1', hotspot_id: from }).update({ hotspot_id: to });
    expect(await moveVisit(ids.park, ids.burnValley)).toBe(1);
    expect(await stands()).toEqual({ one: 4, other: 2, open: true });
    await moveVisit(ids.burnValley, ids.park);
    expect(await stands()).toEqual({ one: 4, other: 3, open: false });
  });

  test('what was said is in the version that is signed; a month nobody spoke of keeps its figures as they were', async () => {
    await manager.post('/api/collecting/2023-10/words').send({ kind: 'narrative', text: 'A quiet month.' }).expect(200);
    const { body } = await manager.post('/api/returns/2023-10/versions').send({}).expect(200);
    const kept = (await manager.get(`/api/returns/2023-10/versions/${body.version}`).expect(200)).body.figures.collected;
    expect(kept.figures).toEqual([{ councilCode: 'E06000004', field: 'visits', part: '', counted: 3, value: 4, hotspots: {}, reason: 'One visit was entered under another council', explanation: '' }]);
    expect(kept.texts).toEqual([{ councilCode: null, kind: 'narrative', text: 'A quiet month.' }]);
    expect(kept.flags).toEqual([{ flag: 'council and counted|E06000004|visits/', explanation: 'Moved by the council next month' }]);
    expect((await manager.get('/api/returns/2023-09').expect(200)).body.figures.collected).toBeUndefined();
  });

  test('the office’s board has every council with what is missing', async () => {
    const board = (await manager.get('/api/collecting/2023-10').expect(200)).body;
    expect(board).toMatchObject({ dueOn: '2023-11-07', daysLeft: 1, returnDueOn: '2023-11-14', returnDaysLeft: 8 });
    expect(board.councils[3]).toMatchObject({ council: 'Stockton-on-Tees', uploadErrors: 0, reminders: 0 });
    expect(board.councils[3].sections[0]).toMatchObject({ code: 'patrols', state: 'accepted' });
    expect(board.councils[0].sections[0]).toMatchObject({ state: 'not started', confirmed: 0 });
  });
});
