/** The rules of claims: a life as the fold of its events, amounts of lines, splits, and the days that count. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adjustmentFault, apply, type ClaimEvent, fold, nextToAct, paymentFault, recoveryFault, type Standing, stepFault } from '../../server/claims/claim.ts';
import { claimEventKinds, claimStates } from '../../server/claims/contract.ts';
import { arrearsFault, basesOf, claimDueOn, lateDays, ledgerDay, partsOf, workingDaysAfter } from '../../server/claims/days.ts';
import { byHead, costFault, decide, hoursPence, splitOverHeads } from '../../server/claims/lines.ts';
import { pounds } from '../../server/claims/words.ts';

const standing = (given: Partial<Standing> = {}): Standing => ({ state: 'approved', claimedPence: 1000, approvedPence: 900, paidPence: 0, recoveredPence: 0, ...given });

describe('a claim’s life', () => {
  test('is the fold of what happened', () => {
    const events: ClaimEvent[] = [
      { kind: 'claimDrafted' }, { kind: 'claimSubmitted', pence: 1000 }, { kind: 'claimQueried' }, { kind: 'claimReplied' }, { kind: 'claimApproved', pence: 900 },
      { kind: 'claimPaid', pence: 400 }, { kind: 'claimPaid', pence: 500 }, { kind: 'claimRecovered', pence: 100 }, { kind: 'claimAdjusted', what: 'recovery', pence: -30 },
    ];
    expect(events.map((_, nth) => fold(events.slice(0, nth + 1)).state)).toEqual(['draft', 'submitted', 'query', 'submitted', 'approved', 'approved', 'paid', 'recovered', 'adjusted']);
    expect(fold(events)).toEqual({ state: 'adjusted', claimedPence: 1000, approvedPence: 900, paidPence: 900, recoveredPence: 70 });
    expect(fold([])).toMatchObject({ state: 'draft', claimedPence: 0 });
  });

  test('goes only where the table of states says', () => {
    const may = Object.fromEntries(claimStates.map((state) => [state, claimEventKinds.filter((kind) => stepFault(state, kind) === undefined)]));
    expect(may).toEqual({
      draft: ['claimSubmitted', 'claimWithdrawn'],
      submitted: ['claimQueried', 'claimApproved', 'claimRefused', 'claimWithdrawn'],
      query: ['claimReplied', 'claimRefused', 'claimWithdrawn'],
      approved: ['claimPaid', 'claimAdjusted', 'claimRecovered'],
      paid: ['claimAdjusted', 'claimRecovered'],
      adjusted: ['claimPaid', 'claimAdjusted', 'claimRecovered'],
      recovered: ['claimPaid', 'claimAdjusted', 'claimRecovered'],
      refused: [], withdrawn: [],
    });
    expect(stepFault('paid', 'claimWithdrawn')).toBe('This claim is paid, so it cannot be withdrawn. Adjust it, or recover what was paid too much.');
  });

  test('says who has the next step', () => {
    expect(claimStates.map((state) => nextToAct(standing({ state })))).toEqual(['council', 'office', 'council', 'office', 'office', 'office', 'office', null, null]);
    expect(nextToAct(standing({ state: 'paid', paidPence: 900 }))).toBeNull();
  });

  test('is never paid above what is approved, nor recovered above what was paid', () => {
    expect(paymentFault(standing(), 900, pounds)).toBeUndefined();
    expect(paymentFault(standing({ paidPence: 400 }), 501, pounds)).toBe('£5.01 is more than is left to pay: £9.00 is approved and £4.00 paid, which leaves £5.00.');
    expect(paymentFault(standing(), 0, pounds)).toBe('A payment is over £0.00. To take money back, recover it.');
    expect(recoveryFault(standing({ paidPence: 400 }), 400, pounds)).toBeUndefined();
    expect(recoveryFault(standing({ paidPence: 400, recoveredPence: 100 }), 301, pounds)).toBe('£3.01 is more than can be recovered: £4.00 was paid and £1.00 recovered, which leaves £3.00.');
  });

  test('is adjusted within recovered ≤ paid ≤ approved ≤ claimed', () => {
    const now = standing({ paidPence: 500, recoveredPence: 100 });
    expect([['approval', 100], ['approval', -400], ['payment', 400], ['payment', -400], ['recovery', 400], ['recovery', -100]].map(([what, pence]) => adjustmentFault(now, what as 'approval', Number(pence), pounds))).toEqual(Array.from({ length: 6 }));
    for (const [what, pence] of [['approval', 101], ['approval', -401], ['payment', 401], ['payment', -401], ['recovery', 401], ['recovery', -101], ['approval', 0]] as const) expect(adjustmentFault(now, what, pence, pounds), `${what} ${pence}`).toBeTypeOf('string');
  });

  test('keeps recovered ≤ paid ≤ approved ≤ claimed whatever is asked of it', () => {
    const asked = fc.record({ kind: fc.constantFrom(...claimEventKinds), pence: fc.integer({ min: -200, max: 1200 }), what: fc.constantFrom('approval' as const, 'payment' as const, 'recovery' as const) });
    fc.assert(fc.property(fc.array(asked, { maxLength: 40, size: 'max' }), (events) => {
      let now = fold([{ kind: 'claimDrafted' }]);
      for (const event of events) {
        const { pence } = event;
        const money = { claimPaid: paymentFault(now, pence, pounds), claimRecovered: recoveryFault(now, pence, pounds), claimAdjusted: adjustmentFault(now, event.what, pence, pounds) };
        const amounts = event.kind === 'claimSubmitted' ? pence > 0 : event.kind === 'claimApproved' ? pence > 0 && pence <= now.claimedPence : !money[event.kind as 'claimPaid'];
        if (stepFault(now.state, event.kind) === undefined && amounts) now = apply(now, event);
        expect(0 <= now.recoveredPence && now.recoveredPence <= now.paidPence && now.paidPence <= now.approvedPence && now.approvedPence <= now.claimedPence).toBe(true);
        expect(now.state === 'paid' && now.paidPence !== now.approvedPence).toBe(false);
      }
    }), { numRuns: 500 });
  });
});

describe('a line', () => {
  test.each([[60, 2000, 2000], [91, 2000, 3033], [1, 2030, 34], [1, 30, 1], [1, 29, 0], [90, 2111, 3167], [100_000_000, 9_999_999, 16_666_665_000_000], [0, 2000, 0]])('%i minutes at %i pence an hour come to %i pence, half up', (minutes, rate, pence) => {
    expect(hoursPence(minutes, rate)).toBe(pence);
  });
  test('of hours is within half a penny, and refuses what is not whole', () => {
    fc.assert(fc.property(fc.nat({ max: 1_000_000 }), fc.nat({ max: 100_000 }), (minutes, rate) => {
      const off = hoursPence(minutes, rate) * 60 - minutes * rate;
      expect(off > -30 && off <= 30).toBe(true);
    }));
    for (const [minutes, rate] of [[-1, 1], [1, -1], [0.5, 1], [1, Number.MAX_VALUE]] as const) expect(() => hoursPence(minutes, rate)).toThrow(RangeError);
  });
  test('of cost is over nothing, and claims no VAT that can be recovered', () => {
    expect(costFault({ grossPence: 12_000, recoverableVatPence: 2000 })).toBeUndefined();
    expect([[0, 0], [-1, 0], [100, -1], [100, 100], [1_000_000_000_000_000, 0]].map(([grossPence = 0, recoverableVatPence = 0]) => costFault({ grossPence, recoverableVatPence })?.field)).toEqual(['amount', 'amount', 'recoverableVat', 'recoverableVat', 'amount']);
  });
});

describe('a decision', () => {
  const lines = [{ id: 'a', head: 'Wardens', claimedPence: 500 }, { id: 'b', head: 'Vehicles', claimedPence: 300 }];
  test('approves in full what it does not cut, and says why it cuts', () => {
    expect(decide(lines, [{ lineId: 'b', approvedPence: 250, cutReason: 'Two days for others' }])).toEqual({
      decided: [{ ...lines[0], approvedPence: 500, cutReason: null }, { ...lines[1], approvedPence: 250, cutReason: 'Two days for others' }], faults: [],
    });
    expect(decide(lines, [{ lineId: 'b', approvedPence: 300, cutReason: 'Nothing is cut' }]).decided[1]?.cutReason).toBeNull();
  });
  test.each([
    ['cuts without a reason', [{ lineId: 'a', approvedPence: 1 }], 'lines.0'], ['approves more than is claimed', [{ lineId: 'a', approvedPence: 501 }], 'lines.0'],
    ['approves less than nothing', [{ lineId: 'a', approvedPence: -1, cutReason: 'x' }], 'lines.0'], ['names a line of another claim', [{ lineId: 'c', approvedPence: 1 }], 'lines.0'],
    ['decides twice', [{ lineId: 'a', approvedPence: 500 }, { lineId: 'a', approvedPence: 500 }], 'lines.0'],
    ['leaves nothing', [{ lineId: 'a', approvedPence: 0, cutReason: 'x' }, { lineId: 'b', approvedPence: 0, cutReason: 'x' }], 'lines'],
  ])('is refused when it %s', (_, decisions, field) => {
    expect(decide(lines, decisions).faults[0]?.field).toBe(field);
  });
});

describe('a split over heads', () => {
  test('goes by the largest remainder', () => {
    expect(splitOverHeads(100_000, [{ head: 'Vehicles', pence: 45_000 }, { head: 'Wardens', pence: 120_000 }])).toEqual([{ head: 'Vehicles', pence: 27_273 }, { head: 'Wardens', pence: 72_727 }]);
    expect(splitOverHeads(2, [{ head: 'a', pence: 1 }, { head: 'b', pence: 1 }, { head: 'c', pence: 1 }])).toEqual([{ head: 'a', pence: 1 }, { head: 'b', pence: 1 }]);
    expect(() => splitOverHeads(4, [{ head: 'a', pence: 3 }])).toThrow(RangeError);
    expect(byHead([{ head: 'b', pence: 2 }, { head: 'a', pence: 1 }, { head: 'b', pence: 3 }, { head: 'c', pence: 0 }])).toEqual([{ head: 'a', pence: 1 }, { head: 'b', pence: 5 }]);
  });
  test('adds up to the whole, none past its room, however large', () => {
    const room = fc.array(fc.integer({ min: 1, max: 999_999_999_999_999 }), { minLength: 1, maxLength: 8 });
    fc.assert(fc.property(room, fc.double({ min: 0, max: 1, noNaN: true }), (pences, share) => {
      const heads = pences.map((pence, nth) => ({ head: `head ${nth}`, pence }));
      const whole = pences.reduce((sum, pence) => sum + pence, 0);
      const pence = Math.floor(whole * share);
      const parts = splitOverHeads(pence, heads);
      expect(parts.reduce((sum, part) => sum + part.pence, 0)).toBe(pence);
      for (const part of parts) expect(part.pence).toBeLessThanOrEqual(heads.find(({ head }) => head === part.head)?.pence ?? 0);
    }));
  });
});

describe('the days', () => {
  const quarter = { startsOn: '2023-07-01', endsOn: '2023-09-30' };
  test('of a period are claimed in parts where the basis changed', () => {
    const bases = basesOf([{ number: 1, effectiveFrom: '2023-07-01', basis: 'cost' }, { number: 2, effectiveFrom: '2023-08-15', basis: 'hours' }, { number: 3, effectiveFrom: '2023-09-01', basis: 'hours' }], '2023-07-01');
    expect(partsOf(quarter, bases)).toEqual([{ startsOn: '2023-07-01', endsOn: '2023-08-14', basis: 'cost' }, { startsOn: '2023-08-15', endsOn: '2023-09-30', basis: 'hours' }]);
    expect(partsOf({ startsOn: '2023-10-01', endsOn: '2023-12-31' }, bases)).toEqual([{ startsOn: '2023-10-01', endsOn: '2023-12-31', basis: 'hours' }]);
    expect(partsOf(quarter, basesOf([], '2023-07-01'))).toEqual([{ ...quarter, basis: 'cost' }]);
    // A change on the period's first day parts nothing; one on its last day parts a day.
    expect(partsOf(quarter, [{ from: '2023-04-01', basis: 'cost' }, { from: '2023-07-01', basis: 'hours' }])).toEqual([{ ...quarter, basis: 'hours' }]);
    expect(partsOf(quarter, [{ from: '2023-04-01', basis: 'cost' }, { from: '2023-09-30', basis: 'hours' }])[1]).toEqual({ startsOn: '2023-09-30', endsOn: '2023-09-30', basis: 'hours' });
    // A later version that reaches further back holds from there.
    expect(basesOf([{ number: 2, effectiveFrom: '2023-09-01', basis: 'hours' }, { number: 3, effectiveFrom: '2023-08-01', basis: 'cost' }], '2023-07-01')).toEqual([{ from: '2023-08-01', basis: 'cost' }, { from: '2023-09-01', basis: 'cost' }]);
  });
  test('to the deadline are counted from the period’s end', () => {
    expect(claimDueOn('2023-09-30', 31)).toBe('2023-10-31');
    expect([lateDays('2023-10-31', '2023-10-31'), lateDays('2023-10-31', '2023-11-01'), lateDays('2023-10-31', '2024-01-31')]).toEqual([0, 1, 92]);
    expect([arrearsFault('2023-09-30', '2023-10-01'), typeof arrearsFault('2023-09-30', '2023-09-30')]).toEqual([undefined, 'string']);
  });
  test('to payment are working days: 21 after 31 October are 21 November only without week-ends', () => {
    expect(workingDaysAfter('2023-10-20', 21, new Set())).toBe('2023-11-20');
    expect(workingDaysAfter('2023-12-22', 2, new Set(['2023-12-25', '2023-12-26']))).toBe('2023-12-28');
    expect(workingDaysAfter('2023-10-20', 0, new Set())).toBe('2023-10-20');
  });
  test('on which a step counts are in an open period, the latest that is', () => {
    const period = (startsOn: string, endsOn: string, state: 'open' | 'scheduled' | 'locked') => ({ startsOn, endsOn, state });
    const [second, third] = [['2023-07-01', '2023-09-30'], ['2023-10-01', '2023-12-31']] as const;
    expect(ledgerDay('2023-11-09', '2023-09-30', [period(...second, 'open'), period(...third, 'open')])).toBe('2023-11-09');
    expect(ledgerDay('2023-11-09', '2023-09-30', [period(...second, 'open'), period(...third, 'scheduled')])).toBe('2023-09-30');
    expect(ledgerDay('2024-05-01', '2023-09-30', [period(...second, 'locked'), period(...third, 'open')])).toBe('2023-12-31');
    expect(ledgerDay('2023-11-09', '2023-09-30', [period(...second, 'locked'), period(...third, 'scheduled')])).toBeUndefined();
    // Never in a period before the claim's own.
    expect(ledgerDay('2024-01-09', '2023-12-31', [period(...second, 'open'), period(...third, 'locked')])).toBeUndefined();
  });
});

test('amounts in sentences are exact', () => {
  expect([0, 5, 123_456, -435, 999_999_999_999_999].map(pounds)).toEqual(['£0.00', '£0.05', '£1,234.56', '−£4.35', '£9,999,999,999,999.99']);
});
