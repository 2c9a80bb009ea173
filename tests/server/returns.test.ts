import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalHash, canonicalJson } from '../../server/canonical.ts';
import type { Area, Figure, FigureRows, MonthlyReturn, ReportedHotspot } from '../../server/returns/contract.ts';
import { openMonth } from '../../server/returns/returnWork.ts';
import { rowsOf, type RowsAsked } from '../../server/returns/rows.ts';
import { startTestService, type TestService } from '../support/database.ts';
import { fillMonth, ids } from '../support/monthFixture.ts';

let service: TestService;
let made: MonthlyReturn;
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2024-01-10T12:00:00Z') });
  await fillMonth(service.database.db);
  made = await getMonth('2023-10');
});
afterAll(() => service.close());

async function getMonth(month: string, email = 'manager@opcc.demo'): Promise<MonthlyReturn> {
  return (await (await service.client(email)).get(`/api/returns/${month}`).expect(200)).body as MonthlyReturn;
}

function hotspot(id: string, from = made): ReportedHotspot {
  return from.figures.hotspots.find((one) => one.id === id)!;
}

function figure(of: ReportedHotspot | Area, field: string, breakdown: string | null = null): Figure {
  const found = of.figures.find((one) => one.field === field && one.breakdown === breakdown);
  if (!found) throw new Error(`no figure ${field} ${breakdown}`);
  return found;
}

/** A figure's value, or its status where it has none. */
const says = (of: ReportedHotspot | Area, field: string, breakdown: string | null = null): number | string =>
  figure(of, field, breakdown).value ?? figure(of, field, breakdown).status;

const all = (from = made): Area => from.figures.areas[0]!;
const hotspotsInOrder = [ids.burnValley, ids.townCentre, ids.esplanade, ids.highStreet, ids.park];
const byHotspot = (field: string, breakdown: string | null = null): (number | string)[] => hotspotsInOrder.map((id) => says(hotspot(id), field, breakdown));

describe('October 2023, counted by hand', () => {
  test('hotspots live in the month and no other, each with its live days', () => {
    const days = made.figures.hotspots.map(({ id, countedFrom, countedTo, patrolsFrom }) => [id, countedFrom, countedTo, patrolsFrom]);
    expect(days).toEqual([
      [ids.burnValley, '2023-10-01', '2023-10-31', '2023-10-05'],
      [ids.townCentre, '2023-10-01', '2023-10-15', '2023-10-01'],
      [ids.esplanade, '2023-10-01', '2023-10-31', null],
      [ids.highStreet, '2023-10-10', '2023-10-31', '2023-10-10'],
      [ids.park, '2023-10-01', '2023-10-31', '2023-10-01'],
    ]);
  });

  test.each<[string, string | null, (number | string)[], number | string]>([
    ['patrols', null, [3, 1, 'not started', 1, 1], 6],
    ['visits', null, [4, 1, 'not started', 2, 1], 8],
    ['long_visits', null, [3, 1, 'not started', 2, 0], 6],
    ['long_visits_share', null, [75, 100, 'not started', 100, 0], 75],
    ['person_minutes', null, [268, 15, 'not started', 240, 10], 533],
    ['person_minutes', 'warden', [208, 0, 'not started', 240, 0], 448],
    ['person_minutes', 'pcso', [0, 15, 'not started', 0, 0], 15],
    ['person_minutes', 'police_officer', [60, 0, 'not started', 0, 0], 60],
    ['person_minutes', 'other', [0, 0, 'not started', 0, 10], 10],
    ['person_minutes_without_extended', null, [148, 15, 'not started', 240, 10], 413],
    ['person_minutes_without_extended', 'warden', [88, 0, 'not started', 240, 0], 328],
    ['person_minutes_extended', null, [120, 0, 'not started', 0, 0], 120],
    ['actions', null, [4, 0, 'not started', 4, 0], 8],
    ['actions', 'informal_warning', [3, 0, 'not started', 0, 0], 3],
    ['actions', 'community_protection_warning', [0, 0, 'not started', 2, 0], 2],
    ['actions', 'dispersal', [0, 0, 'not started', 0, 0], 0],
    ['enforcement_actions', null, [1, 0, 'not started', 4, 0], 5],
    ['asb_powers', null, [0, 0, 'not started', 3, 0], 3],
    ['asb_incidents', null, [5, 3, 1, 1, 2], 12],
    ['asb_incidents', 'test-police', [3, 2, 1, 1, 2], 9],
    ['asb_incidents', 'test-street', [2, 1, 0, 0, 0], 3],
    ['asb_incidents_year_before', null, [7, 4, 'not available', 'not available', 'not available'], 'not available'],
    ['asb_incidents_year_before', 'test-police', [5, 1, 0, 0, 0], 6],
    ['asb_incidents_change', null, [-28.6, -25, 'not available', 'not available', 'not available'], 'not available'],
    ['asb_incidents_change', 'test-police', [-40, 100, 'not applicable', 'not applicable', 'not applicable'], 50],
    ['asb_incidents_change', 'test-street', [0, -66.7, 'not available', 'not available', 'not available'], 'not available'],
  ])('%s %s', (field, breakdown, each, total) => {
    expect(byHotspot(field, breakdown)).toEqual(each);
    expect(says(all(), field, breakdown)).toBe(total);
  });

  test('a patrol and an incident in two hotspots count in each, and once in "each counted once"', () => {
    expect([says(all(), 'patrols'), says(all(), 'patrols_once')]).toEqual([6, 5]);
    expect([says(all(), 'asb_incidents'), says(all(), 'asb_incidents_once')]).toEqual([12, 11]);
  });

  test('a council that has not started says so everywhere and keeps its incidents', () => {
    const redcar = made.figures.areas.find((area) => area.councilCode === 'E06000003')!;
    expect(says(redcar, 'person_minutes')).toBe('not started');
    expect(says(redcar, 'asb_incidents')).toBe(1);
    expect(all()).toMatchObject({ hotspots: 5, hotspotsNotStarted: 1 });
    expect(figure(hotspot(ids.esplanade), 'patrols').why).toMatch(/not started/);
  });

  test('a figure says whether the year before was frozen or counted, and over which days', () => {
    expect(figure(hotspot(ids.burnValley), 'asb_incidents_year_before').from).toBe('baseline frozen when the hotspot was agreed');
    expect(figure(hotspot(ids.townCentre), 'asb_incidents_year_before', 'test-police').from).toBe('counted now, live days');
    expect(figure(hotspot(ids.townCentre), 'asb_incidents_year_before').from)
      .toBe('baseline frozen when the hotspot was agreed (Street files); the rest counted now, live days');
    expect(figure(hotspot(ids.townCentre), 'asb_incidents', 'test-street').from).toBe('incidents in the outline, whole month (the source gives months only)');
  });

  test('what is not counted is listed by reason', () => {
    expect(made.figures.leftOut.map(({ code, n }) => [code, n])).toEqual([['left_out_not_live', 2], ['left_out_not_started', 1], ['left_out_without_police', 1]]);
  });
});

describe('the rows behind figures', () => {
  /** A figure's value worked from its rows alone. */
  const workedOut = ({ rows, of }: FigureRows): number => {
    const sum = rows.reduce((added, row) => added + row.amount, 0);
    return of === null ? sum : Number(((100 * sum) / of).toFixed(1));
  };
  const everyFigure = (): Figure[] => [...made.figures.hotspots, ...made.figures.areas].flatMap((one) => one.figures);

  test('every figure of the month is the sum of the rows it names', async () => {
    const { loaded, definition } = await openMonth(service.database.db, { month: '2023-10', councils: ['*'], now: new Date('2024-01-10T12:00:00Z') });
    expect(everyFigure().length).toBeGreaterThan(400);
    for (const one of everyFigure()) {
      const asked = Object.fromEntries(new URL(one.rows, 'http://x').searchParams) as unknown as RowsAsked;
      const found = rowsOf(loaded, definition, asked) as FigureRows;
      expect([one.rows, found.value, found.status]).toEqual([one.rows, one.value, one.status]);
      expect([one.rows, one.value]).toEqual([one.rows, one.value === null ? null : workedOut(found)]);
      const unknown = one.status === 'not started' || one.status === 'not available';
      expect(unknown ? found.rows : []).toEqual([]);
    }
  });

  test('the API serves them: one address of each field, for a hotspot and for all', async () => {
    const client = await service.client('manager@opcc.demo');
    const sample = [hotspot(ids.burnValley), hotspot(ids.townCentre), all()].flatMap((one) => made.figures.fields.flatMap((field) => one.figures.filter((each) => each.field === field.code).slice(0, 2)));
    expect(new Set(sample.map((one) => one.field)).size).toBe(15);
    for (const one of sample) {
      const found = (await client.get(one.rows).expect(200)).body as FigureRows;
      expect([one.rows, found.value, found.total]).toEqual([one.rows, one.value, found.rows.reduce((sum, row) => sum + row.amount, 0)]);
      expect([one.rows, one.value]).toEqual([one.rows, one.value === null ? null : workedOut(found)]);
    }
  });

  test('rows say when and how much, and hold no note and nobody', async () => {
    const { body } = await (await service.client('auditor@opcc.demo')).get(figure(hotspot(ids.townCentre), 'person_minutes').rows).expect(200);
    expect(body.rows).toEqual([expect.objectContaining({
      kind: 'visit', hotspot: 'Town Centre', on: '2023-10-15', startedAt: '2023-10-15T22:00:00.000Z', minutes: 15, persons: 1, staffCategory: 'pcso', patrolReference: 'P1', amount: 15,
    })]);
    expect(JSON.stringify(body)).not.toContain('note that must not leave');
  });

  test('the rows left out are served too', async () => {
    const client = await service.client('manager@opcc.demo');
    const rows = await Promise.all(made.figures.leftOut.map(async (reason) => (await client.get(reason.rows).expect(200)).body as FigureRows));
    expect(rows.map((one) => one.rows.map((row) => [row.hotspot, row.on]))).toEqual([
      [['=High <Street> & "Lane"', '2023-10-09'], ['Town Centre', '2023-10-16']], [['Burn Valley', '2023-10-01']], [['=High <Street> & "Lane"', '2023-10-20']],
    ]);
  });

  test.each([
    ['figure=nonsense', 'figure nonsense'],
    ['figure=person_minutes&breakdown=cavalry', 'breakdown cavalry'],
    [`figure=patrols&hotspot=${ids.oldPlace}`, 'hotspot'],
    [`figure=patrols_once&hotspot=${ids.park}`, 'areas only'],
    ['figure=selection', 'figure selection'],
  ])('asked for what is not there: %s', async (query, word) => {
    const { body } = await (await service.client('manager@opcc.demo')).get(`/api/returns/2023-10/rows?${query}`).expect(404);
    expect(body.detail).toContain(word);
  });
});

describe('the hash', () => {
  test('made twice it is the same, and it is the SHA-256 of the canonical JSON that was sent', async () => {
    const again = await getMonth('2023-10', 'auditor@opcc.demo');
    expect(again.sha256).toBe(made.sha256);
    expect(createHash('sha256').update(canonicalJson(made.figures)).digest('hex')).toBe(made.sha256);
  });

  test('a version is kept once for the same figures, with its audit event, and is never changed', async () => {
    const client = await service.client('manager@opcc.demo');
    const first = (await client.post('/api/returns/2023-10/versions').send({}).expect(200)).body;
    expect(first).toMatchObject({ version: 1, isNew: true, sha256: made.sha256, definitionVersion: 1 });
    expect((await client.post('/api/returns/2023-10/versions').send({}).expect(200)).body).toMatchObject({ version: 1, isNew: false });
    const { db } = service.database;
    expect(await db('audit_event').where({ action: 'returnVersionKept' })).toHaveLength(1);
    await expect(db('return_version').update({ sha256: '0'.repeat(64) })).rejects.toMatchObject({ constraint: 'return_version_append_only' });
    await expect(db('return_version').delete()).rejects.toMatchObject({ constraint: 'return_version_append_only' });
  });

  test('a late correction makes a second version; the first keeps its figures and its hash', async () => {
    const client = await service.client('manager@opcc.demo');
    const { db } = service.database;
    await db('visit').where({ patrol_reference: 'P3' }).update({ persons: 3 });
    const second = (await client.post('/api/returns/2023-10/versions').send({}).expect(200)).body;
    expect(second).toMatchObject({ version: 2, isNew: true });
    const kept = (await client.get('/api/returns/2023-10/versions/1').expect(200)).body;
    expect(canonicalHash(kept.figures)).toBe(made.sha256);
    expect(second.sha256).not.toBe(made.sha256);
    await db('visit').where({ patrol_reference: 'P3' }).update({ persons: 2 });
    expect((await getMonth('2023-10')).sha256).toBe(made.sha256);
  });
});

describe('who sees what', () => {
  test('a council sees its own hotspots, in figures and in rows', async () => {
    const own = await getMonth('2023-10', 'lead@hartlepool.demo');
    expect(own.figures.hotspots.map((one) => one.name)).toEqual(['Burn Valley']);
    expect(own.figures.councils.map((one) => one.code)).toEqual(['E06000001']);
    expect([says(all(own), 'visits'), own.figures.leftOut.map((one) => one.n)]).toEqual([4, [0, 1, 0]]);
    const client = await service.client('lead@hartlepool.demo');
    await client.get(figure(hotspot(ids.townCentre), 'visits').rows).expect(404);
    await client.get('/api/returns/2023-10/versions/1').expect(404);
  });

  test('making a version takes a grant manager, seeing one a role', async () => {
    await (await service.client('lead@hartlepool.demo')).post('/api/returns/2023-10/versions').send({}).expect(403);
    await (await service.client('warden@hartlepool.demo')).get('/api/returns/2023-10').expect(403);
    await (await service.client()).get('/api/returns/2023-10').expect(401);
  });
});

describe('blank is not zero', () => {
  test('0, not started and not available stand beside each other in November', async () => {
    const november = await getMonth('2023-11');
    expect(says(hotspot(ids.burnValley, november), 'visits')).toBe(0);
    expect(says(hotspot(ids.burnValley, november), 'long_visits_share')).toBe('not applicable');
    expect(says(hotspot(ids.esplanade, november), 'visits')).toBe('not started');
    expect(says(hotspot(ids.burnValley, november), 'asb_incidents')).toBe('not available');
    expect(figure(hotspot(ids.burnValley, november), 'asb_incidents').why).toBe('Police log, Street files: this month has not been imported.');
  });

  test('the board shows each month with what it has and when it is due', async () => {
    const { body } = await (await service.client('manager@opcc.demo')).get('/api/returns').expect(200);
    expect(body.months.map((one: { month: string }) => one.month)).toEqual(['2024-01', '2023-12', '2023-11', '2023-10', '2023-09', '2023-08', '2023-07', '2023-06', '2023-05']);
    const one = (await (await service.client('manager@opcc.demo')).get('/api/returns?month=2023-10').expect(200)).body.months[0];
    expect(one).toMatchObject({ month: '2023-10', monthEnded: true, dueOn: '2023-11-14', hotspots: 5, councilsStarted: 3, councilsNotStarted: 1, visits: 11, incidentsImported: true });
    expect(body.months[0]).toMatchObject({ month: '2024-01', monthEnded: false, councilsNotStarted: 0, incidentsImported: false, versions: 0, lastSha256: null });
  });
});

describe('months that cannot be reported', () => {
  test.each([
    ['2023-13', 422, 'invalid_input', /YYYY-MM/],
    ['2024-02', 422, 'month_in_future', /February 2024 has not begun.*January 2024/],
    ['2023-04', 404, 'no_live_hotspots', /No hotspot was live in April 2023.*from May 2023/],
    ['2019-10', 404, 'no_definition', /October 2019/],
  ])('%s', async (month, status, code, words) => {
    const { body } = await (await service.client('manager@opcc.demo')).get(`/api/returns/${month}`).expect(status);
    expect(body.code).toBe(code);
    expect(body.detail).toMatch(words);
  });
});
