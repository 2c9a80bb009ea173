import { describe, expect, test } from 'vitest';
import type { Agreement } from '../../server/grants/contract.ts';
import { questionOf, type HotspotOfWeek, type WeekFacts } from '../../server/grants/weekPlan.ts';

const rates: Agreement['rates'] = [
  { band: 'day', pencePerHour: 2000, validFrom: '2023-07-01', validTo: null },
  { band: 'evening', pencePerHour: 2400, validFrom: '2023-07-01', validTo: null },
  { band: 'night', pencePerHour: 2800, validFrom: '2023-07-01', validTo: null },
  { band: 'saturday', pencePerHour: 2500, validFrom: '2023-07-01', validTo: null },
  { band: 'sunday', pencePerHour: 3000, validFrom: '2023-07-01', validTo: null },
  { band: 'bank_holiday', pencePerHour: 4000, validFrom: '2023-07-01', validTo: null },
];
const agreement = (given: Partial<Agreement> = {}): Agreement => ({
  id: 'a1', fundId: 'f', fund: 'Fund', councilCode: 'E06000001', council: 'Hartlepool', reference: 'H-1', ceilingPence: 20_000_000, committedPence: 0, availablePence: 18_200_000,
  startsOn: '2023-07-01', endsOn: '2024-03-31', state: 'live', productiveRatio: 0.5, rates, ...given,
});
const hotspot = (given: Partial<HotspotOfWeek> = {}): HotspotOfWeek => ({
  id: 'h1', name: 'York Road', councilCode: 'E06000001', liveFrom: '2023-07-01', liveTo: null, lastVisitOn: null, weekly: 4.2, timed: null, ...given,
});
const facts = (given: Partial<WeekFacts> = {}): WeekFacts => ({
  week: '2023-12-25', agreements: [agreement()], hotspots: [hotspot()], profiles: new Map(), timedWeeks: 52,
  bankHolidays: ['2023-12-25', '2023-12-26'], settings: new Map(), ...given,
});
const flat = Array.from({ length: 42 }, () => 1);
const fridays = Array.from({ length: 42 }, (_, index) => (index === 28 ? 1 : 0));

describe('what the allocation is asked about a week', () => {
  test('rates by band: the highest that applies, and bank holidays in Christmas week', () => {
    const paid = questionOf(facts()).input.agreements[0]?.ratesPencePerHour ?? [];
    expect(paid.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => 4000));
    expect(paid.slice(12, 18)).toEqual([2800, 2800, 2000, 2000, 2400, 2400]);
    expect(paid.slice(30, 36)).toEqual([2800, 2800, 2500, 2500, 2500, 2500]);
    expect(paid.slice(36)).toEqual(Array.from({ length: 6 }, () => 3000));
  });

  test('a rate holds until the day before the next begins', () => {
    const changing = agreement({ rates: [{ band: 'day', pencePerHour: 2000, validFrom: '2023-07-01', validTo: '2023-12-28' }, { band: 'day', pencePerHour: 2100, validFrom: '2023-12-28', validTo: null }] });
    const paid = questionOf(facts({ agreements: [changing] })).input.agreements[0]?.ratesPencePerHour;
    expect([paid?.[17], paid?.[18]]).toEqual([2000, 2100]);
  });

  test('the week’s money is what is left over the days left, rounded down; nothing for an agreement that is not signed', () => {
    // £182,000 over the 98 days from 25 December 2023 to 31 March 2024.
    expect(questionOf(facts()).input.agreements[0]?.moneyPence).toBe(1_300_000);
    for (const state of ['draft', 'in legal', 'sent', 'closed'] as const) {
      const question = questionOf(facts({ agreements: [agreement({ state })] }));
      expect(question.input.agreements[0]?.moneyPence).toBe(0);
      expect(question.refused.has('a1')).toBe(true);
    }
    for (const state of ['signed', 'live', 'live at risk', 'closing'] as const) expect(questionOf(facts({ agreements: [agreement({ state })] })).refused.size).toBe(0);
  });

  test('the last live day is the one before the day a hotspot ends', () => {
    expect(questionOf(facts({ hotspots: [hotspot({ liveTo: '2023-12-28' })] })).input.hotspots[0]?.liveTo).toBe('2023-12-27');
  });

  test('of two agreements the one of the week is chosen, a signed one before a draft, and the other is named', () => {
    const last = agreement({ id: 'a0', reference: 'H-0', startsOn: '2022-07-01', endsOn: '2023-06-30' });
    expect(questionOf(facts({ agreements: [last, agreement()] })).input.agreements.map(({ id }) => id)).toEqual(['a1']);
    const draft = agreement({ id: 'a2', reference: 'H-2', state: 'draft' });
    const both = questionOf(facts({ agreements: [draft, agreement()] }));
    expect(both.input.agreements.map(({ id }) => id)).toEqual(['a1']);
    expect(both.notes).toEqual(['Hartlepool has another agreement in this week, H-2: the hours are allocated against H-1.']);
  });

  test('hours come from the hotspot, else its council, else the whole area, else none, and each says so', () => {
    const says = (given: Partial<WeekFacts>, own: readonly number[] | null = null) => questionOf(facts({ ...given, hotspots: [hotspot({ timed: own })] })).expectations.get('h1')?.says;
    const council = new Map([['E06000001', flat], ['', flat]]);
    expect(says({ profiles: council }, fridays)).toBe("Hours from this hotspot's own 52 weeks (weight 0.60), drawn towards the council's.");
    expect(says({ profiles: council })).toBe("This hotspot's source gives no times: the hours are those of the council's sources that have them.");
    expect(says({ profiles: new Map([['', fridays]]) })).toMatch(/This council has no incidents with times, so the hours of the whole area stand in for its own\.$/);
    expect(says({})).toBe('No source gives times here: incidents are spread evenly over the week, so the hours are not evidence.');
    const spread = questionOf(facts({ profiles: new Map([['', fridays]]) })).input.hotspots[0]?.expected ?? [];
    expect(spread[28]).toBeCloseTo(4.2, 12);
    expect(spread.reduce((sum, value) => sum + value, 0)).toBeCloseTo(4.2, 12);
  });

  test('settings in force go into the rule', () => {
    const { settings } = questionOf(facts({ settings: new Map<string, number | string | boolean>([['allocation_residual_hours', 0], ['allocation_crew', 3], ['allocation_max_gap_days', 5]]) })).input;
    expect([settings.residualHours, settings.crew, settings.maxGapDays, settings.visitMinutes]).toEqual([0, 3, 5, 15]);
  });
});
