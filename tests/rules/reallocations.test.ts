import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reallocation } from '../../server/reallocations/contract.ts';
import { draftNotice, unknownPlaces } from '../../server/reallocations/notice.ts';
import { type Candidate, suggest } from '../../server/reallocations/suggestion.ts';

const candidate = (agreementId: string, given: Partial<Candidate> = {}): Candidate => ({
  agreementId, name: agreementId.toUpperCase(), ceilingPence: 10_000_000, floorPence: 1_000_000, mayFallPence: 3_000_000, mayRisePence: 3_000_000, underspendPence: 0, perThousand: 1, ...given,
});
const moved = (candidates: readonly Candidate[]): Record<string, number> => Object.fromEntries([...suggest(candidates, 100_000).byAgreement].map(([id, { pence }]) => [id, pence]));

describe('a suggestion', () => {
  test('takes what is forecast to stay unspent to where the next £1,000 prevents most', () => {
    const given = [candidate('a', { underspendPence: 2_500_000, perThousand: 0.4 }), candidate('b', { perThousand: 0.9 }), candidate('c', { perThousand: 0.7 })];
    expect(moved(given)).toEqual({ a: -2_500_000, b: 2_500_000, c: 0 });
    expect(suggest(given, 100_000).says).toEqual([
      'A is forecast to leave £25,000.00 unspent and gives £25,000.00, all of it; the next £1,000 prevents 0.40 incidents there.',
      'B takes £25,000.00: the next £1,000 prevents 0.90 incidents there.',
    ]);
  });

  test('stops at the limit and at what is spent or committed, and leaves the rest where a pound prevents most', () => {
    expect(moved([candidate('a', { underspendPence: 5_000_000 }), candidate('b', { mayRisePence: 1_000_000 })])).toEqual({ a: -1_000_000, b: 1_000_000 });
    expect(moved([candidate('a', { underspendPence: 5_000_000, floorPence: 9_500_000 }), candidate('b')])).toEqual({ a: -500_000, b: 500_000 });
    expect(moved([candidate('a', { underspendPence: 1_000_000, perThousand: 0.9 }), candidate('b', { underspendPence: 1_000_000, perThousand: 0.1 }), candidate('c', { mayRisePence: 500_000 })])).toEqual({ a: 0, b: -500_000, c: 500_000 });
  });

  test('gives patrols whose value is not known what nobody with a known one can take', () => {
    expect(moved([candidate('a', { underspendPence: 3_000_000 }), candidate('b', { mayRisePence: 1_000_000 }), candidate('police', { ceilingPence: 0, floorPence: 0, mayFallPence: 0, mayRisePence: null, underspendPence: null, perThousand: null })])).toEqual({ a: -3_000_000, b: 1_000_000, police: 2_000_000 });
  });

  test('says so where nobody could spend more, or nothing is left over', () => {
    expect(suggest([candidate('a', { underspendPence: 900_000 }), candidate('b', { underspendPence: 900_000 })], 100_000).says[0]).toContain('none could spend more');
    expect(suggest([candidate('a')], 100_000).says).toEqual(['Nothing is suggested: no agreement is forecast to leave money unspent that another could spend.']);
    expect(moved([candidate('a', { underspendPence: 99_999 }), candidate('b')])).toEqual({ a: 0, b: 0 });
  });

  test('is zero in sum, within every limit, and the same in any order', () => {
    const pence = fc.integer({ min: 0, max: 20_000_000 });
    const arbitrary = fc.record({ ceilingPence: pence, floorPence: pence, mayFallPence: pence, mayRisePence: fc.option(pence), underspendPence: fc.option(fc.integer({ min: -5_000_000, max: 20_000_000 })), perThousand: fc.option(fc.double({ min: 0, max: 3, noNaN: true })) });
    fc.assert(fc.property(fc.array(arbitrary, { maxLength: 7 }), (rows) => {
      const candidates = rows.map((row, nth) => candidate(`a${nth}`, { ...row, floorPence: Math.min(row.floorPence, row.ceilingPence) }));
      const { byAgreement } = suggest(candidates, 100_000);
      expect([...byAgreement.values()].reduce((sum, each) => sum + each.pence, 0)).toBe(0);
      for (const { agreementId, ceilingPence, floorPence, mayFallPence, mayRisePence, underspendPence } of candidates) {
        const given = byAgreement.get(agreementId)?.pence ?? 0;
        expect(ceilingPence + given).toBeGreaterThanOrEqual(Math.min(floorPence, ceilingPence));
        expect(-given).toBeLessThanOrEqual(Math.max(0, Math.min(mayFallPence, underspendPence ?? 0)));
        expect(given).toBeLessThanOrEqual(mayRisePence ?? Number.MAX_SAFE_INTEGER);
      }
      expect(suggest(candidates.toReversed(), 100_000).says).toEqual(suggest(candidates, 100_000).says);
    }));
  });
});

const figures = { knownOn: '2023-10-30', underspend: { lowPence: 1, centralPence: 5_377_760, highPence: 9 }, nextThousand: null, says: '', suggestedPence: 0, suggestedBecause: '' };
const party = (council: string, netPence: number): Reallocation['parties'][number] => ({
  agreementId: council, reference: `R-${council}`, councilCode: council, council, ceilingPence: 10_000_000, netPence, movedPence: 0, lines: [{ head: 'Wardens', amountPence: netPence, budgetPence: 8_000_000 }],
  answer: 'agreed', answeredAt: '2023-11-15T10:00:00.000Z', refusedReason: null, figures: netPence < 0 ? figures : null,
});
const made: Reallocation = {
  id: 'r', fundId: 'f', fund: 'Hotspot response', number: 3, kind: 'reallocation', state: 'approved', effectiveFrom: '2023-11-20', reason: 'Recruiting was slow', proposedAt: '2023-11-13T09:00:00.000Z', proposedByMe: false,
  agreedAt: '2023-11-15T10:00:00.000Z', approvedAt: '2023-11-16T10:00:00.000Z', decisionReference: '2023/24-1', funderConsent: 'Home Office, by letter', funderConsentOn: '2023-11-14', effectiveAt: null, withdrawnAt: null, withdrawnReason: null,
  parties: [party('A', -1_000_000), party('B', 1_000_000)],
};
const facts = { reallocation: made, funder: 'Home Office', agreedPence: 100_000_000 };

describe('a decision notice', () => {
  test('holds what the rows say', () => {
    const { text, missing } = draftNotice('{title}\n{reference}\n{decision}\n{reason}\n{underspend}\n{figures}\n{total} {agreed} {consent}\n{agreed by}\n{proposed on} {approved on} {effective from}', facts);
    expect(missing).toEqual([]);
    expect(text).toBe(`Reallocation 3 of £10,000.00: Hotspot response
2023/24-1
To move £10,000.00 from A (£10,000.00) to B (£10,000.00), from 20 November 2023.
Recruiting was slow
Forecast on 30 October 2023 to stay unspent: A £53,777.60.
A, R-A: up to £100,000.00, −£10,000.00, then up to £90,000.00
  Wardens: £80,000.00, −£10,000.00, then £70,000.00
B, R-B: up to £100,000.00, +£10,000.00, then up to £110,000.00
  Wardens: £80,000.00, +£10,000.00, then £90,000.00
£10,000.00 £1,000,000.00 Home Office, by letter, 14 November 2023
A on 15 November 2023 and B on 15 November 2023
13 November 2023 16 November 2023 20 November 2023
`);
  });

  test('leaves open what is not there yet and names it; a place nobody knows is found', () => {
    const { text, missing } = draftNotice('Reference {reference}, consent {consent}', { ...facts, reallocation: { ...made, decisionReference: null, funderConsent: null } });
    expect(text).toBe('Reference [to be entered], consent [to be entered]\n');
    expect(missing).toEqual(['The decision’s reference', 'The funder’s consent with its day']);
    expect(unknownPlaces('{title} {Title} {x}')).toEqual(['Title', 'x']);
  });
});
