import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeFixes } from '../../server/recording/evidence.ts';
import { outingKey, repeatOf, sameOuting } from '../../server/patrols/visitRepeats.ts';
import type { NewVisit } from '../../server/patrols/visits.ts';

const visit = (given: Partial<NewVisit> = {}): NewVisit => ({
  id: 'v1', hotspotId: 'h1', startedAt: '2024-06-03T12:00:40Z', endedAt: '2024-06-03T12:15:10Z', staffCategory: 'warden', persons: 2, onFoot: true, extended: false,
  jointWithPolice: false, recordedHow: 'gps', patrolReference: 'P1', note: '', wardens: ['H-01', 'H-02'], actions: [], ...given,
});

describe('a visit sent again', () => {
  test.each([
    ['never seen', [], 'new'],
    ['as it is kept', [{ visit: visit(), withdrawn: false }], 'recorded'],
    ['as it was before it was corrected', [{ visit: visit(), withdrawn: false }, { visit: visit({ persons: 1 }), withdrawn: false }], 'recorded'],
    ['and withdrawn since', [{ visit: visit(), withdrawn: true }], 'withdrawn'],
    ['with something else under its id', [{ visit: visit({ persons: 3 }), withdrawn: false }], 'other'],
  ] as const)('%s', (_what, known, is) => {
    expect(repeatOf(visit(), known)).toBe(is);
  });

  test('is the same when its fixes were judged otherwise then, where that is asked for', () => {
    const known = [{ visit: visit({ recordedHow: 'self_report' }), withdrawn: false }];
    expect([repeatOf(visit(), known), repeatOf(visit(), known, { anyEvidence: true })]).toEqual(['other', 'recorded']);
  });
});

describe('a row that tells of a visit kept under another id', () => {
  const row = (given: Partial<NewVisit> = {}): NewVisit => visit({ id: 'r1', startedAt: '2024-06-03T12:00:00Z', endedAt: '2024-06-03T12:15:00Z', patrolReference: 'r1', recordedHow: 'self_report', ...given });

  test.each<[string, Partial<NewVisit>, boolean]>([
    ['the same to the minute', {}, true],
    ['with its wardens in another order and case', { wardens: ['h-02', 'H-01'] }, true],
    ['naming nobody', { wardens: [] }, true],
    ['under the same patrol', { patrolReference: 'P1' }, true],
    ['under another patrol', { patrolReference: 'P2' }, false],
    ['by other wardens', { wardens: ['H-01', 'H-03'] }, false],
    ['by one person', { persons: 1 }, false],
    ['a minute later', { startedAt: '2024-06-03T12:01:00Z' }, false],
    ['a minute longer', { endedAt: '2024-06-03T12:16:00Z' }, false],
    ['elsewhere', { hotspotId: 'h2' }, false],
    ['by other staff', { staffCategory: 'pcso' }, false],
  ])('%s', (_what, given, same) => {
    expect(sameOuting(row(given), visit())).toBe(same);
  });

  test('is one of those looked up by hotspot and minute', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 59 }), (a, b) => {
      const at = (second: number): NewVisit => visit({ startedAt: `2024-06-03T12:00:${String(second).padStart(2, '0')}Z` });
      expect(outingKey(at(a))).toBe(outingKey(at(b)));
    }));
  });
});

test('a record is GPS only with two sure fixes in or beside the hotspot', () => {
  const fixes = fc.record({ found: fc.constantFrom('inside', 'near', 'outside', 'none'), accuracyMetres: fc.option(fc.integer({ min: 0, max: 200 })) });
  fc.assert(fc.property(fixes, fixes, (arrived, left) => {
    const good = [arrived, left].every(({ found, accuracyMetres }) => (found === 'inside' || found === 'near') && accuracyMetres !== null && accuracyMetres <= 50);
    expect(judgeFixes({ arrived, left } as Parameters<typeof judgeFixes>[0], 50).recordedHow).toBe(good ? 'gps' : 'self_report');
  }));
});
