/** Small counts hidden so that nobody works them out: attacked with an integer program. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSolver, type Solver } from '../../server/patrols/solver.ts';
import { disclose } from '../../server/evaluation/disclosure.ts';
import { cellKey, type CountTable, linkTables, plainDimension } from '../../server/evaluation/disclosureTables.ts';
import { attack } from '../support/attackTables.ts';

let solver: Solver;
beforeAll(async () => {
  solver = await loadSolver();
});

const codes = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, nth) => `${prefix}${nth + 1}`);

/** Wards × months × types with all totals, and the same incidents by ward and source beside it. */
const publication = fc.record({ wards: fc.integer({ min: 2, max: 5 }), months: fc.integer({ min: 2, max: 3 }), types: fc.integer({ min: 2, max: 3 }) }).chain(({ wards, months, types }) =>
  fc.record({
    wards: fc.constant(wards), months: fc.constant(months), types: fc.constant(types),
    cells: fc.array(fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.integer({ min: 1, max: 9 }) }, { weight: 4, arbitrary: fc.integer({ min: 10, max: 60 }) }), { minLength: wards * months * types, maxLength: wards * months * types }),
    shares: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: wards, maxLength: wards }),
  }));
type Publication = typeof publication extends fc.Arbitrary<infer P> ? P : never;

function tablesOf({ wards, months, types, cells, shares }: Publication): CountTable[] {
  const [ward, month, type] = [codes('W', wards), codes('M', months), codes('T', types)];
  const counts = ward.flatMap((w, i) => month.flatMap((m, j) => type.map((t, k) => ({ at: [w, m, t], n: cells[(i * months + j) * types + k] ?? 0 }))));
  const perWard = ward.map((w) => counts.filter(({ at }) => at[0] === w).reduce((sum, { n }) => sum + n, 0));
  const bySource = ward.flatMap((w, i) => {
    const police = Math.round(((perWard[i] ?? 0) * (shares[i] ?? 0)) / 100);
    return [{ at: [w, 'police'], n: police }, { at: [w, 'council'], n: (perWard[i] ?? 0) - police }];
  });
  return [
    { name: 'By ward, month and type', dimensions: [plainDimension('ward', ward), plainDimension('month', month), plainDimension('type', type)], counts },
    { name: 'By ward and source', dimensions: [plainDimension('ward', ward), plainDimension('source', ['police', 'council'])], counts: bySource },
  ];
}

function shownBy(tables: readonly CountTable[], threshold = 10): Map<string, string> {
  return new Map([...disclose(tables, threshold, solver).cells].map(([key, { text }]) => [key, text]));
}

/** 0 as 0, small counts never, others as they are or hidden. */
const mayShow = (value: number): string[] => (value === 0 ? ['0'] : value < 10 ? ['<10', '[c]'] : [String(value), '[c]']);

test('500 random publications: the attack pins no hidden count to fewer values than “<10” stands for', () => {
  let [hiddenCells, large, largeShown] = [0, 0, 0];
  fc.assert(fc.property(publication, (given) => {
    const tables = tablesOf(given);
    const linked = linkTables(tables);
    const shown = shownBy(tables);
    const wrong = linked.keys.filter((key, cell) => !mayShow(linked.values[cell] ?? 0).includes(shown.get(key) ?? ''));
    expect(wrong).toEqual([]);
    large += linked.values.filter((value) => value >= 10).length;
    largeShown += linked.keys.filter((key, cell) => (linked.values[cell] ?? 0) >= 10 && shown.get(key) !== '[c]').length;
    const pinned = attack(linked, shown, solver, 9);
    hiddenCells += pinned.length;
    expect(pinned.filter(({ low, high }) => high - low + 1 < 9)).toEqual([]);
  }), { numRuns: 500 });
  expect(hiddenCells).toBeGreaterThan(10_000);
  // Hiding everything would be safe and useless.
  expect(largeShown / large).toBeGreaterThan(0.6);
}, 900_000);

test('the attack does find what only small counts hidden would give away', () => {
  const table: CountTable = { name: 'x', dimensions: [plainDimension('ward', ['A', 'B', 'C'])], counts: [{ at: ['A'], n: 4 }, { at: ['B'], n: 20 }, { at: ['C'], n: 30 }] };
  const naive = new Map([['ward=A', '<10'], ['ward=B', '20'], ['ward=C', '30'], ['', '54']]);
  expect(attack(linkTables([table]), naive, solver, 9)).toEqual([{ key: 'ward=A', low: 4, high: 4 }]);
});

test('a thousand small counts take a few searches, not two each, and still no more is hidden than need be', () => {
  const [ward, month] = [codes('W', 36), codes('M', 36)];
  // Every third count is large; none of the totals is small.
  const counts = ward.flatMap((w, i) => month.map((m, j) => ({ at: [w, m], n: (i + j) % 3 === 0 ? 10 + ((i * 7 + j) % 50) : 1 + ((i * 5 + j * 3) % 9) })));
  const tables: CountTable[] = [{ name: 'By ward and month', dimensions: [plainDimension('ward', ward), plainDimension('month', month)], counts }];
  let solves = 0;
  const counting: Solver = {
    ...solver, withSession: (model, use) => solver.withSession(model, (session) => use({ ...session, solve: () => {
      solves += 1;
      return session.solve();
    } })),
  };
  const made = disclose(tables, 10, counting);
  expect([made.hiddenSmall, made.hiddenToProtect]).toEqual([864, 0]);
  expect(solves).toBeLessThan(30);
}, 60_000);

/** A table by ward as the papers print it; hidden counts are any that give the printed total. */
const byWard = (counts: Record<string, number>, name = 'By ward'): CountTable => ({ name, dimensions: [plainDimension('ward', Object.keys(counts))], counts: Object.entries(counts).map(([ward, n]) => ({ at: [ward], n })) });
const hiddenOf = (shown: ReadonlyMap<string, string>): string[] => [...shown].filter(([, text]) => !/^\d+$/.test(text)).map(([key, text]) => `${key} ${text}`);

// Safer Hartlepool Partnership papers, December 2021.
const complaints = { 'Burn Valley': 10, 'De Bruce': 16, 'Fens & Greatham': 3, 'Foggy Furze': 14, Hart: 4, 'Headland & Harbour': 8, 'Manor House': 13, Rossmere: 6, 'Rural West': 2, Seaton: 5, Throston: 4, Victoria: 20 };
const noise = { 'Burn Valley': 11, 'De Bruce': 11, 'Fens & Greatham': 7, 'Foggy Furze': 18, Hart: 4, 'Headland & Harbour': 17, 'Manor House': 15, Rossmere: 17, 'Rural West': 6, Seaton: 7, Throston: 11, Victoria: 23 };

describe('the tables of the partnership’s papers', () => {
  test('complaints by ward: seven hidden counts that add up to 32 protect each other', () => {
    const shown = shownBy([byWard(complaints)]);
    expect(shown.get('')).toBe('105');
    expect(hiddenOf(shown)).toEqual(['Fens & Greatham', 'Hart', 'Headland & Harbour', 'Rossmere', 'Rural West', 'Seaton', 'Throston'].map((ward) => `ward=${ward} <10`));
    expect(attack(linkTables([byWard(complaints)]), shown, solver, 9).every(({ low, high }) => low === 1 && high === 9)).toBe(true);
  });

  test('noise by ward: the four hidden counts as printed are safe with the total, 147', () => {
    expect(hiddenOf(shownBy([byWard(noise)]))).toEqual(['ward=Fens & Greatham <10', 'ward=Hart <10', 'ward=Rural West <10', 'ward=Seaton <10']);
  });

  test('where one hidden count could be subtracted a second is hidden', () => {
    // Recorded incidents by ward with a threshold of 23: Rural West alone is under it.
    const incidents = { 'Burn Valley': 134, 'De Bruce': 93, 'Fens & Greatham': 29, 'Foggy Furze': 131, Hart: 31, 'Headland & Harbour': 140, 'Manor House': 93, Rossmere: 75, 'Rural West': 22, Seaton: 37, Throston: 64, Victoria: 134 };
    const table = byWard(incidents);
    const shown = shownBy([table], 23);
    expect(hiddenOf(shown)).toEqual(['ward=Fens & Greatham [c]', 'ward=Rural West <23']);
    expect(attack(linkTables([table]), shown, solver, 22).filter(({ low, high }) => high - low + 1 < 22)).toEqual([]);
  });

  test('complaints by ward and by kind beside each other: the kinds give no ward away', () => {
    const [first, ...others] = Object.keys(complaints);
    const wards = [first ?? '', ...others];
    const kinds = wards.flatMap((ward) => { const n = complaints[ward as keyof typeof complaints]; const low = ward === 'Hart' ? 1 : 0; return [{ at: [ward, 'nuisance'], n: n - low }, { at: [ward, 'drugs'], n: low }]; });
    const tables = [byWard(complaints), { name: 'By ward and kind', dimensions: [plainDimension('ward', wards), plainDimension('kind', ['nuisance', 'drugs'])], counts: kinds }];
    const shown = shownBy(tables);
    // One complaint about drugs in the whole town: its total is small too, and the total of the other kind would give it away.
    expect(shown.get('kind=nuisance')).toBe('[c]');
    expect(attack(linkTables(tables), shown, solver, 9).filter(({ low, high }) => high - low + 1 < 9)).toEqual([]);
  });
});

describe('cells and sums', () => {
  test('what two tables share has one key, whatever the order of their dimensions', () => {
    expect(cellKey([['ward', 'A'], ['month', '']])).toBe('ward=A');
    expect(cellKey([['month', '2023-10'], ['ward', 'A']])).toBe(cellKey([['ward', 'A'], ['month', '2023-10']]));
  });

  test('groups are totals of their parts: a lone small ward is hidden with another of its council', () => {
    const table: CountTable = {
      name: 'x', dimensions: [{ name: 'area', parts: { '': ['north', 'south'], north: ['A', 'B'], south: ['C', 'D'] } }],
      counts: [{ at: ['A'], n: 4 }, { at: ['B'], n: 40 }, { at: ['C'], n: 12 }, { at: ['D'], n: 50 }],
    };
    const shown = shownBy([table]);
    expect([...shown]).toEqual([['', '106'], ['area=north', '44'], ['area=south', '62'], ['area=A', '<10'], ['area=B', '[c]'], ['area=C', '12'], ['area=D', '50']]);
  });

  test('0 stays 0, and a total of hidden counts that are too few to protect each other goes too', () => {
    const shown = shownBy([byWard({ A: 0, B: 2, C: 3, D: 0 })]);
    expect([...shown.values()].filter((text) => text === '0')).toHaveLength(2);
    expect(shown.get('')).toBe('[c]');
  });

  test('tables that contradict each other, counts below 0 and unknown codes are named', () => {
    expect(() => linkTables([byWard({ A: 4, B: 5 }, 'One'), byWard({ A: 4, B: 6 }, 'Two')])).toThrow('“One” and “Two” give 9 and 10 for the same thing (the total)');
    expect(() => linkTables([byWard({ A: -1 })])).toThrow('“By ward” holds -1 for A. A count is a whole number from 0.');
    expect(() => linkTables([{ name: 'x', dimensions: [plainDimension('ward', ['A'])], counts: [{ at: ['Z'], n: 1 }] }])).toThrow('“x” has a count for “Z”');
  });
});
