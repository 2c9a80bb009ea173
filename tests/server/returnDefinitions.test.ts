/** Definitions as data: tried on a past month, changed from a day on, never edited; and the returns of money they make on the demonstration. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Area, MonthlyReturn } from '../../server/returns/contract.ts';
import type { DefinitionDraft, DefinitionVersion } from '../../server/returns/definitionContract.ts';
import { startDemonstrationService } from '../support/demonstration.ts';
import type { TestService } from '../support/database.ts';

let service: TestService;
let manager: Awaited<ReturnType<TestService['client']>>;
let definitions: DefinitionVersion[];
beforeAll(async () => {
  service = await startDemonstrationService({ now: () => new Date('2024-07-01T09:00:00Z') });
  manager = await service.client('manager@opcc.demo');
  definitions = (await manager.get('/api/return-definitions').expect(200)).body.definitions;
});
afterAll(() => service.close());

const of = (code: string): DefinitionVersion => definitions.find((each) => each.code === code)!;
function draftOf(code: string): DefinitionDraft {
  const { name, basis, frequency, deadline, fields, signatories, sources, template } = of(code);
  return { name, basis, frequency, deadline, fields, signatories, sources, template } as DefinitionDraft;
}
const says = (area: Area, field: string, part: string | null = null): number | string => {
  const found = area.figures.find((one) => one.field === field && one.breakdown === part);
  return found?.value ?? found?.status ?? 'no such figure';
};

test('the built-in definitions say that they are rebuilt, and from what', () => {
  expect(definitions.map(({ code, frequency }) => [code, frequency])).toEqual([
    ['cleveland_budget_return', 'half-yearly'], ['closure_pack', 'on event'], ['delivery_plan', 'yearly'], ['home_office_monthly', 'monthly'], ['quarterly_claim', 'quarterly'], ['underspend_notice', 'on event'], ['year_end_reconciliation', 'yearly'],
  ]);
  for (const { basis, sources, fields } of definitions) {
    expect(basis).toMatch(/^Rebuilt from public pages/);
    expect(sources.length).toBeGreaterThan(0);
    for (const { address } of sources) expect(address).toMatch(/^https:\/\//);
    for (const field of fields) expect(field.basis).toMatch(/^(Inferred|Published)/);
  }
  expect(of('quarterly_claim').signatories).toEqual([{ title: 'Chief Finance Officer (section 151)', role: 'finance_approver' }]);
});

describe('a quarter’s financial claim', () => {
  test('is the ledger’s figures, by head, each with its journals', async () => {
    const { body } = await manager.get('/api/returns/2023-10?definition=quarterly_claim').expect(200);
    const made = body as MonthlyReturn;
    expect([made.figures.month, made.figures.lastMonth, made.dueOn]).toEqual(['2023-10', '2023-12', '2024-01-30']);
    const [all, ...councils] = made.figures.areas;
    expect(councils).toHaveLength(4);
    const { rows } = await service.database.db.raw(`
      select a.council_code as code, coalesce(sum(e.amount_pence) filter (where acc.kind = 'pending' and j.kind = 'claim'), 0)::bigint as claimed, coalesce(sum(e.amount_pence) filter (where acc.kind = 'paid' and j.kind = 'payment'), 0)::bigint as paid
      from agreement a join journal j on j.agreement_id = a.id and j.effective_on between '2023-10-01' and '2023-12-31' join journal_entry e on e.journal_id = j.id join ledger_account acc on acc.id = e.account_id
      where not exists (select from journal r where r.reverses = j.id or r.corrects = j.id) group by 1`);
    for (const { code, claimed, paid } of rows as { code: string; claimed: number; paid: number }[]) {
      const council = councils.find(({ councilCode }) => councilCode === code)!;
      expect([code, says(council, 'claimed'), says(council, 'paid')]).toEqual([code, claimed, paid]);
    }
    for (const field of ['claimed', 'accrued', 'actual', 'paid', 'awarded']) expect([field, says(all!, field)]).toEqual([field, councils.reduce((sum, council) => sum + Number(says(council, field)), 0)]);
    expect(says(all!, 'actual')).toBe(Number(says(all!, 'claimed')) + Number(says(all!, 'accrued')));
    for (const figure of all!.figures) {
      const { body: found } = await manager.get(figure.rows).expect(200);
      expect([figure.rows, found.value]).toEqual([figure.rows, figure.value]);
      const known = figure.value === null || found.formula !== null ? found.total : figure.value;
      expect([figure.rows, found.total]).toEqual([figure.rows, known]);
      expect([figure.rows, found.formula === null || found.terms.length > 0]).toEqual([figure.rows, true]);
    }
  });

  test('asked for by its first month only; kept, it is certified by the finance officer’s role', async () => {
    expect((await manager.get('/api/returns/2023-11?definition=quarterly_claim').expect(422)).body.detail).toMatch(/November 2023 lies in October to December 2023. Ask for 2023-10/);
    await manager.post('/api/returns/2023-10/versions').send({ definition: 'quarterly_claim' }).expect(200);
    await manager.post('/api/returns/2023-10/sign-off').send({ definition: 'quarterly_claim', version: 1, step: 'signOffAsked' }).expect(200);
    const { db } = service.database;
    const other = await db('person').where({ email: 'analyst@opcc.demo' }).first('id');
    await db('role_grant').insert({ id: crypto.randomUUID(), person_id: other.id, role: 'grant_manager', valid_from: '2020-01-01' });
    const refused = await (await service.client('analyst@opcc.demo')).post('/api/returns/2023-10/certification').send({ definition: 'quarterly_claim', version: 1, step: 'certified' });
    expect(refused.body).toMatchObject({ status: 403, code: 'not_signatory', detail: expect.stringContaining('Chief Finance Officer') });
    const finance = await service.client('finance@opcc.demo');
    expect((await finance.post('/api/returns/2023-10/certification').send({ definition: 'quarterly_claim', version: 1, step: 'certified' }).expect(200)).body.state).toBe('submitted');
    const { body } = await manager.get('/api/returns/2023-10/versions/1/check?definition=quarterly_claim').expect(200);
    expect(body).toMatchObject({ same: true, madeAgain: body.sha256 });
    expect(Object.keys(body.ledgerMarks)).toHaveLength(4);
  });

  test.each(['underspend_notice', 'closure_pack', 'cleveland_budget_return', 'year_end_reconciliation', 'delivery_plan'])('%s is made, as workbook and CSV too', async (code) => {
    const month = code === 'year_end_reconciliation' || code === 'delivery_plan' ? '2023-04' : '2023-10';
    const { body } = await manager.get(`/api/returns/${month}?definition=${code}`).expect(200);
    expect(body.figures.areas[0].figures.length).toBeGreaterThan(3);
    for (const form of ['workbook', 'csv', 'json']) await manager.get(`/api/returns/${month}/${form}?definition=${code}`).expect(200);
  });

  test('a council sees its own agreement’s money', async () => {
    const { body } = await (await service.client('finance@hartlepool.demo')).get('/api/returns/2023-10?definition=quarterly_claim').expect(200);
    expect(body.figures.areas.map((area: Area) => area.councilCode)).toEqual([null, 'E06000001']);
    expect(JSON.stringify(body)).not.toMatch(/E0600000[234]|Middlesbrough/);
  });
});

describe('a definition changes', () => {
  const more = { code: 'minutes_a_visit', name: 'Minutes a visit', unit: 'person-minutes' as const, breakdown: 'none' as const, measure: null, formula: 'person_minutes / visits', definition: 'Person-minutes divided by visits.', basis: 'Inferred' };

  test('after a trial on a past month: figures, differences, and faults with their place', async () => {
    const draft = draftOf('home_office_monthly');
    const changed = { ...draft, fields: [...draft.fields.map((field) => (field.code === 'long_visits' ? { ...field, minimumMinutes: 20 } : field)), more] };
    const { body } = await manager.post('/api/return-definitions/home_office_monthly/trials').send({ month: '2023-10', draft: changed }).expect(200);
    expect([body.faults, body.against]).toEqual([[], 1]);
    expect(new Set(body.differences.map((one: { field: string }) => one.field))).toEqual(new Set(['long_visits', 'minutes_a_visit']));
    const all = body.differences.find((one: { field: string; area: string }) => one.field === 'long_visits' && one.area === 'All hotspots');
    expect(all.trial.value).toBeLessThan(all.inForce.value);
    expect(body.differences.find((one: { field: string }) => one.field === 'minutes_a_visit')).toMatchObject({ inForce: null, trial: { status: 'counted' } });
    const { body: faulty } = await manager.post('/api/return-definitions/home_office_monthly/trials').send({ month: '2023-10', draft: { ...changed, fields: [...draft.fields, { ...more, formula: 'person_minuts / visits' }] } }).expect(200);
    expect(faulty.faults).toEqual([{ place: `Field ${draft.fields.length + 1}, Minutes a visit: formula`, value: 'person_minuts', message: 'At character 1, “person_minuts”: there is no such field or measure. Did you mean person_minutes?' }]);
    expect(await service.database.db('return_definition').where({ code: 'home_office_monthly' }).count('* as n').first()).toEqual({ n: 1 });
  });

  test('from a day on, by a new version; the old one never, and past months stay as they were', async () => {
    const before = (await manager.get('/api/returns/2023-10').expect(200)).body.sha256;
    const draft = draftOf('home_office_monthly');
    const send = (given: object) => manager.post('/api/return-definitions/home_office_monthly/versions').send({ validFrom: '2024-01-01', reason: 'The funder asks for it', draft: { ...draft, fields: [...draft.fields, more] }, ...given });
    expect((await send({ draft: { ...draft, fields: [{ ...more, formula: '1 +' }] } }).expect(422)).body.detail).toMatch(/Field 1, Minutes a visit: formula .*At character 4/);
    expect((await send({ validFrom: '2023-04-01' }).expect(409)).body.code).toBe('return_definition_from_later_day');
    expect((await send({}).expect(200)).body).toMatchObject({ version: 2, validFrom: '2024-01-01', validTo: null, reason: 'The funder asks for it' });
    expect((await manager.get('/api/returns/2023-10').expect(200)).body.sha256).toBe(before);
    const { body } = await manager.get('/api/returns/2024-01').expect(200);
    expect(body.figures.definition.version).toBe(2);
    const all = body.figures.areas[0] as Area;
    expect(says(all, 'minutes_a_visit')).toBe(Math.round(Number(says(all, 'person_minutes')) / Number(says(all, 'visits'))));
    expect(says(body.figures.hotspots[0], 'minutes_a_visit')).not.toBe('no such figure');
    const { rows } = await service.database.db.raw(`select action, reason from audit_event where subject_kind = 'return definition' order by id desc limit 1`);
    expect(rows).toEqual([{ action: 'returnDefinitionMade', reason: 'The funder asks for it' }]);
    for (const statement of [`update return_definition set name = 'x' where version = 1`, `update return_definition set valid_to = '2030-01-01' where version = 1 and code = 'home_office_monthly'`]) {
      await expect(service.database.db.raw(statement)).rejects.toMatchObject({ constraint: 'return_definition_never_edited' });
    }
    await expect(service.database.db.raw('delete from return_definition')).rejects.toMatchObject({ constraint: 'return_definition_append_only' });
  });

  test('by a grant manager alone', async () => {
    for (const email of ['finance@opcc.demo', 'lead@hartlepool.demo', 'auditor@opcc.demo']) {
      await (await service.client(email)).post('/api/return-definitions/closure_pack/versions').send({ validFrom: '2025-01-01', reason: 'x', draft: draftOf('closure_pack') }).expect(403);
    }
  });
});
