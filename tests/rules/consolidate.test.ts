/** Every figure with two sources is laid beside the other; what differs is named with both, and nothing is settled. */
import { describe, expect, test } from 'vitest';
import type { CouncilMonth, SectionFigure } from '../../server/returns/collectContract.ts';
import type { MonthlyFigures } from '../../server/returns/contract.ts';
import { flagsOf, type ToConsolidate } from '../../server/returns/consolidate.ts';

const codes = { visits: 'visits', patrols: 'patrols', long_visits: 'longVisits', person_minutes: 'personMinutes', without: 'personMinutesWithoutExtended', extended: 'personMinutesExtended', actions: 'actions', enforcement: 'enforcementActions', powers: 'asbPowers' };
const council = 'E06000001';

const figure = (field: string, counted: number, changes: Partial<SectionFigure> = {}): SectionFigure => ({
  field, part: '', name: field, partName: 'All', unit: field.startsWith('money') ? 'pence' : 'count', counted, status: 'counted', why: null, definition: '', rows: null, lastMonth: null, change: null, mustExplain: false, given: null, state: 'to confirm', ...changes,
});
const said = (counted: number, value: number, more: object = {}) => ({ value, counted, hotspots: {}, reason: 'A log came late', explanation: '', origin: 'page' as const, by: 'A lead', at: '2023-11-06T12:00:00Z', ...more });

function given(sections: readonly { code: string; kind: 'figures' | 'money'; figures: SectionFigure[] }[], claims: Partial<Pick<ToConsolidate, 'claimedMinutes' | 'claimedMoney'>> = {}): ToConsolidate {
  const fields = Object.entries(codes).map(([code, measure]) => ({ code, measure, name: code, unit: 'count', breakdown: 'none', definition: '', basis: '', parts: [] }));
  const hotspots = [{ id: 'h1', name: 'Station Square', councilCode: council, figures: fields.map(({ code }) => ({ field: code, breakdown: null, value: 3 })) }];
  const month = { month: '2023-10', councilCode: council, council: 'Hartlepool', sections: sections.map((each) => ({ ...each, name: each.code, about: '', state: 'submitted', texts: [], steps: [], missing: [], seen: '' })) };
  return { figures: { fields, hotspots, areas: [] } as unknown as MonthlyFigures, months: [month as unknown as CouncilMonth], claimedMinutes: new Map(), claimedMoney: new Map(), ...claims };
}
const found = (it: ToConsolidate) => flagsOf(it).map(({ key, one, other, councilSays }) => [key, one, other, councilSays]);
const patrols = (...figures: SectionFigure[]) => ({ code: 'patrols', kind: 'figures' as const, figures });
const money = (...figures: SectionFigure[]) => ({ code: 'money', kind: 'money' as const, figures });

test('a month whose figures agree has no conflict', () => {
  const agrees = given([patrols(figure('visits', 8), figure('patrols', 8), figure('long_visits', 8), figure('person_minutes', 90), figure('without', 60), figure('extended', 30)), money(figure('money_month', 1000))],
    { claimedMinutes: new Map([[council, 90]]), claimedMoney: new Map([[council, { claimsPence: 1000, ledgerPence: 1000, monthPence: 1000 }]]) });
  expect(found(agrees)).toEqual([]);
});

describe('named with both figures', () => {
  test('what a council typed beside visits, actions and incidents counted, in all and by hotspot', () => {
    const typed = given([patrols(figure('visits', 3, { given: said(3, 5, { hotspots: { h1: 5 } }) }), figure('actions', 7, { given: said(7, 6) }))]);
    expect(found(typed)).toEqual([
      ['council and counted|E06000001|visits/', 5, 3, 'A log came late'], ['council and counted|E06000001|visits/|hotspots', 5, 3, 'A log came late'], ['council and counted|E06000001|actions/', 6, 7, 'A log came late'],
    ]);
  });

  test('a reason given for another count does not hold for this one', () => {
    expect(found(given([patrols(figure('visits', 4, { given: said(3, 5) }))]))).toEqual([['council and counted|E06000001|visits/', 5, 4, '']]);
  });

  test('parts larger than what they are part of, and two parts that do not add up', () => {
    const parts = given([patrols(figure('visits', 3), figure('long_visits', 4), figure('person_minutes', 100), figure('without', 60), figure('extended', 30)), { code: 'actions', kind: 'figures', figures: [figure('actions', 5), figure('enforcement', 6), figure('powers', 7)] }]);
    expect(found(parts)).toEqual([
      ['parts and total|E06000001|long_visits/|visits', 4, 3, ''], ['parts and total|E06000001|person_minutes/|personMinutesWithoutExtended+personMinutesExtended', 90, 100, ''],
      ['parts and total|E06000001|enforcement/|actions', 6, 5, ''], ['parts and total|E06000001|powers/|enforcementActions', 7, 6, ''],
    ]);
  });

  test('claims beside the ledger, beside what the council says it spent, and beside what was delivered', () => {
    const claims = given([patrols(figure('person_minutes', 60, { given: said(60, 90) })), money(figure('money_month', 1000))],
      { claimedMinutes: new Map([[council, 80]]), claimedMoney: new Map([[council, { claimsPence: 1200, ledgerPence: 1000, monthPence: 1200 }]]) });
    expect(found(claims)).toEqual([
      ['council and counted|E06000001|person_minutes/', 90, 60, 'A log came late'], ['between sources|E06000001|person_minutes/|counted', 80, 60, ''],
      ['ledger|E06000001|money_month/|claims', 1200, 1000, ''], ['between sources|E06000001|money_month/|claims', 1200, 1000, ''],
    ]);
  });

  test('the month before', () => {
    expect(found(given([patrols(figure('visits', 30, { lastMonth: 10, mustExplain: true }))]))).toEqual([['last month|E06000001|visits/', 30, 10, '']]);
  });
});
