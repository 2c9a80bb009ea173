import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../geo/random.ts';
import { actionsOfVisit } from '../../server/demonstration/actions.ts';
import { demonstrationAgreements, demonstrationFund, payAwardOn, ratesOf, wardensOf } from '../../server/demonstration/grant.ts';
import { costOf, mondaysOf, patrolMonths, planWeekOf } from '../../server/demonstration/patrolWeeks.ts';
import { visitsOfWeek, type CouncilWeek, type DemonstrationVisit, type PlannedBand } from '../../server/demonstration/visits.ts';
import { addDays, localInstant, localTime, mondayOf } from '../../server/patrols/calendar.ts';

describe('the demonstration grant', () => {
  test('shares out one million pounds over four agreements, and says the split is invented', () => {
    expect(demonstrationFund.awardPence).toBe(100_000_000);
    expect(demonstrationAgreements.map(({ ceilingPence }) => ceilingPence).reduce((sum, pence) => sum + pence, 0)).toBe(100_000_000);
    expect(demonstrationFund.purpose).toContain('demonstration split, not a published figure');
    expect(demonstrationAgreements.map(({ hotspots }) => hotspots).reduce((sum, n) => sum + n, 0)).toBe(19);
  });

  test('starts patrols in August, August, October and December 2023 with 4 to 10 wardens a council', () => {
    const byCouncil = demonstrationAgreements.map(({ councilCode, patrolsFrom, wardens }) => [councilCode, patrolsFrom.slice(0, 7), wardens]);
    expect(byCouncil).toEqual([['E06000001', '2023-10', 4], ['E06000002', '2023-08', 10], ['E06000003', '2023-12', 5], ['E06000004', '2023-08', 8]]);
    for (const agreement of demonstrationAgreements) {
      const wardens = wardensOf(agreement);
      expect(wardens).toHaveLength(agreement.wardens);
      expect(wardens.filter(({ employedFrom }) => employedFrom < agreement.patrolsFrom).length).toBeGreaterThanOrEqual(4);
      expect(wardens.every(({ reference }) => /^DEMO-[HMRS]\d\d$/.test(reference))).toBe(true);
    }
  });

  test('has one rate a band on every day of the fund', () => {
    for (const agreement of demonstrationAgreements) {
      for (const date of ['2023-07-01', addDays(payAwardOn, -1), payAwardOn, '2024-03-31']) {
        const held = ratesOf(agreement).filter(({ validFrom, validTo }) => validFrom <= date && (validTo === null || date < validTo));
        expect(held.map(({ band }) => band).sort()).toEqual(['bank_holiday', 'day', 'evening', 'night', 'saturday', 'sunday']);
        expect(held.every(({ pencePerHour }) => Number.isInteger(pencePerHour))).toBe(true);
      }
    }
  });
});

describe('patrols month by month', () => {
  test('run from August 2023 to March 2024, each week in the month it begins in', () => {
    expect(patrolMonths()).toEqual(['2023-08-01', '2023-09-01', '2023-10-01', '2023-11-01', '2023-12-01', '2024-01-01', '2024-02-01', '2024-03-01']);
    expect(mondaysOf('2023-10-01')).toEqual(['2023-10-02', '2023-10-09', '2023-10-16', '2023-10-23', '2023-10-30']);
    expect(mondaysOf('2024-01-01')).toEqual(['2024-01-01', '2024-01-08', '2024-01-15', '2024-01-22', '2024-01-29']);
  });

  test('go by the latest plan there is', () => {
    expect(['2023-08-07', '2023-09-18', '2023-10-09', '2023-11-13', '2024-03-25'].map(planWeekOf)).toEqual(['2023-08-14', '2023-09-11', '2023-10-09', '2023-10-30', '2024-03-04']);
  });

  test('cost the wardens’ paid hours at the rate of the hour', () => {
    const [hartlepool] = demonstrationAgreements;
    if (!hartlepool) throw new Error('there is no agreement');
    const visit = (date: string, hour: number, staffCategory: 'warden' | 'pcso' = 'warden'): DemonstrationVisit => {
      const startedAt = localInstant(date, hour * 60);
      return {
        id: '', hotspotId: '', startedAt, endedAt: startedAt + 21 * 60_000, staffCategory, persons: 2, onFoot: true, extended: false, jointWithPolice: false,
        recordedHow: 'nfc', patrolReference: '', wardens: [], actions: [],
      };
    };
    // Two persons for 21 minutes and 9 of travel are 1 hour; at a ratio of 0.23 that is 4.348 paid hours, at £20.30, £22.33 in the evening, £21.11 after the award.
    expect(costOf(hartlepool, [visit('2023-10-04', 12)])).toBe(8_826);
    expect(costOf(hartlepool, [visit('2023-10-04', 18)])).toBe(9_709);
    expect(costOf(hartlepool, [visit('2023-11-08', 12)])).toBe(9_178);
    expect(costOf(hartlepool, [visit('2023-10-08', 12)])).toBe(13_239);
    expect(costOf(hartlepool, [visit('2023-10-04', 12, 'pcso')])).toBe(0);
  });
});

const hotspots = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003'];
const plannedBand = fc.record({ hotspotId: fc.constantFrom(...hotspots), day: fc.integer({ min: 1, max: 7 }), band: fc.integer({ min: 0, max: 5 }), visits: fc.integer({ min: 1, max: 4 }) });
const week = fc.constantFrom('2023-08-14', '2023-10-23', '2024-03-25').chain((monday) =>
  fc.uniqueArray(plannedBand, { maxLength: 40, selector: ({ hotspotId, day, band }) => `${hotspotId} ${day} ${band}` }).map((planned): CouncilWeek => ({
    councilCode: 'E06000002', letter: 'M', week: monday, planned, patrolsFrom: '2023-08-16', patrolsTo: '2024-03-31', delivered: 0.9,
    wardens: [1, 2, 3, 4].map((n) => ({ reference: `DEMO-M0${n}`, employedFrom: n < 4 ? '2023-08-01' : '2023-10-26' })),
  })));
const local = (instant: number) => localTime(instant).date;

describe('visits of a week', () => {
  test('stay in the week, between the first and the last day of patrols, and are never more than planned', () => {
    fc.assert(fc.property(fc.integer(), week, (seed, plan) => {
      const visits = visitsOfWeek(seed, plan);
      expect(new Set(visits.map(({ id }) => id)).size).toBe(visits.length);
      for (const { startedAt, endedAt } of visits) {
        expect(mondayOf(local(startedAt))).toBe(plan.week);
        expect(endedAt).toBeGreaterThan(startedAt);
        expect(local(startedAt) >= plan.patrolsFrom && local(startedAt) <= plan.patrolsTo).toBe(true);
      }
      for (const hotspot of hotspots) {
        const planned = plan.planned.filter(({ hotspotId }) => hotspotId === hotspot).reduce((sum, band: PlannedBand) => sum + band.visits, 0);
        expect(visits.filter(({ hotspotId }) => hotspotId === hotspot).length).toBeLessThanOrEqual(planned);
      }
    }));
  });

  test('put nobody in two places at once, nor on a visit before being employed', () => {
    fc.assert(fc.property(fc.integer(), week, (seed, plan) => {
      const visits = visitsOfWeek(seed, plan);
      for (const { reference, employedFrom } of plan.wardens) {
        const own = visits.filter(({ wardens }) => wardens.includes(reference));
        own.forEach((visit, at) => {
          expect(local(visit.startedAt) >= employedFrom).toBe(true);
          expect(visit.startedAt).toBeGreaterThanOrEqual(own[at - 1]?.endedAt ?? 0);
        });
      }
    }));
  });

  test('leave to the police what only the police may do', () => {
    const reserved = (visit: { jointWithPolice: boolean; staffCategory: 'warden' | 'pcso' }): string[] => {
      const codes = Array.from({ length: 2000 }, (_, seed) => actionsOfVisit(createRandom(seed), { minutes: 60, ...visit }).map(({ code }) => code)).flat();
      return ['arrest', 'stop_and_search', 'dispersal'].filter((code) => codes.includes(code));
    };
    expect(reserved({ jointWithPolice: false, staffCategory: 'warden' })).toEqual([]);
    expect(reserved({ jointWithPolice: false, staffCategory: 'pcso' })).toEqual(['dispersal']);
    expect(reserved({ jointWithPolice: true, staffCategory: 'warden' })).toEqual(['arrest', 'stop_and_search', 'dispersal']);
  });

  test('a full plan gives patrols of about 62 minutes, nine stays of ten at least 15 minutes', () => {
    const planned = hotspots.flatMap((hotspotId) => [1, 2, 3, 4, 5, 6, 7].flatMap((day) => [3, 4, 5].map((band): PlannedBand => ({ hotspotId, day, band, visits: 2 }))));
    const wardens = Array.from({ length: 10 }, (_, index) => ({ reference: `DEMO-M1${index}`, employedFrom: '2023-08-01' }));
    const visits = ['2023-09-04', '2023-09-11', '2023-09-18', '2023-09-25'].flatMap((monday) =>
      visitsOfWeek(2023, { councilCode: 'E06000002', letter: 'M', week: monday, planned, patrolsFrom: '2023-08-14', patrolsTo: '2024-03-31', delivered: 0.95, wardens }));
    const patrols = new Set(visits.map(({ patrolReference }) => patrolReference));
    const minutes = visits.map(({ startedAt, endedAt }) => (endedAt - startedAt) / 60_000);
    const mean = minutes.reduce((sum, each) => sum + each, 0) / patrols.size;
    expect(mean).toBeGreaterThan(50);
    expect(mean).toBeLessThan(75);
    expect(minutes.filter((each) => each >= 15).length / minutes.length).toBeGreaterThan(0.85);
  });
});
