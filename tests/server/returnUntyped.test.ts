/** A month from visits and ledger to the certified return: nobody types a figure of money, patrols or hours. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CollectingBoard, Consolidation, CouncilMonth } from '../../server/returns/collectContract.ts';
import { explainAll, fillStockton } from '../support/collecting.ts';
import { startTestService, type TestService } from '../support/database.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ now: () => new Date('2023-11-06T12:00:00Z') });
  await fillStockton(service.database.db);
});
afterAll(() => service.close());

const leads: Record<string, string> = { E06000001: 'lead@hartlepool.demo', E06000002: 'lead@middlesbrough.demo', E06000003: 'lead@redcar.demo', E06000004: 'lead@stockton.demo' };

/** Every number in what was sent, with the name it stood under. */
function numbersIn(value: unknown, name = ''): string[] {
  if (typeof value === 'number') return [`${name}: ${value}`];
  if (Array.isArray(value)) return value.flatMap((one) => numbersIn(one, name));
  return value !== null && typeof value === 'object' ? Object.entries(value).flatMap(([key, one]) => numbersIn(one, key)) : [];
}

test('four councils confirm, the office accepts and puts together, two people sign; no request held a figure', async () => {
  const sent: object[] = [];
  const post = async (email: string, path: string, body: object): Promise<unknown> => {
    sent.push(body);
    return (await (await service.client(email)).post(path).send(body).expect(200)).body;
  };
  const manager = await service.client('manager@opcc.demo');
  const councils = ((await manager.get('/api/collecting/2023-10').expect(200)).body as CollectingBoard).councils.map(({ councilCode }) => councilCode);
  expect(councils).toEqual(Object.keys(leads));
  for (const code of councils) {
    const lead = leads[code] ?? '';
    const path = `/api/collecting/2023-10/councils/${code}`;
    const month = (await (await service.client(lead)).get(path).expect(200)).body as CouncilMonth;
    for (const section of month.sections) {
      const figures = section.figures.map(({ field, part, mustExplain }) => ({ field, part, ...(mustExplain ? { explanation: 'Patrols began this month' } : {}) }));
      if (figures.length > 0) await post(lead, `${path}/sections/${section.code}/figures`, { seen: section.seen, figures });
      if (section.kind === 'words') await post(lead, `${path}/words`, { kind: 'narrative', text: 'A quiet month.' });
      for (const step of ['readied', 'submitted']) await post(lead, `${path}/sections/${section.code}/steps`, { step });
      await post('manager@opcc.demo', `${path}/sections/${section.code}/answer`, { step: 'accepted' });
    }
  }
  const together = (await manager.get('/api/collecting/2023-10/consolidation').expect(200)).body as Consolidation;
  expect(together.flags.filter(({ kind }) => kind === 'council and counted')).toEqual([]);
  // What stands on the ledger as claimed has no claim behind it here, so the office says why.
  expect(together.flags.filter(({ open }) => open).map(({ key, one, other }) => [key, one, other])).toEqual([['ledger|E06000004|money_month/|claims', 0, 1_000_000]]);
  await explainAll(manager, '2023-10');
  await post('manager@opcc.demo', '/api/collecting/2023-10/words', { kind: 'narrative', text: 'Four councils, one month.' });
  await post('manager@opcc.demo', '/api/returns/2023-10/versions', {});
  await post('manager@opcc.demo', '/api/returns/2023-10/sign-off', { version: 1, step: 'signOffAsked' });
  await post('finance@opcc.demo', '/api/returns/2023-10/certification', { version: 1, step: 'certified' });

  expect(sent.flatMap((body) => numbersIn(body))).toEqual(['version: 1', 'version: 1']);
  expect((await manager.get('/api/returns/2023-10').expect(200)).body.state).toBe('submitted');
  const { figures } = (await manager.get('/api/returns/2023-10/versions/1').expect(200)).body;
  const stockton = figures.areas.find((area: { councilCode: string | null }) => area.councilCode === 'E06000004').figures;
  const valueOf = (field: string): number => stockton.find((figure: { field: string; breakdown: string | null }) => figure.field === field && figure.breakdown === null).value;
  expect([valueOf('person_minutes'), valueOf('visits'), valueOf('patrols')]).toEqual([250, 3, 2]);
  const spent = together.figures.find(({ field, part }) => field === 'money_month' && part === '');
  // A tenth of £100,000 was claimed in October.
  expect(spent).toMatchObject({ unit: 'pence', values: [null, null, null, 1_000_000], total: 1_000_000 });
});
