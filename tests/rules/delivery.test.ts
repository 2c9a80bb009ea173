import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertsDue, alertsOver, type CouncilFacts, sayAlert } from '../../server/delivery/alerts.ts';
import { boardHotspot, boardMoney } from '../../server/delivery/board.ts';
import { costOf, pencePerHour } from '../../server/delivery/cost.ts';
import { gapsOf, type VisitedPlace } from '../../server/delivery/gaps.ts';
import { addDays } from '../../server/patrols/calendar.ts';

const place = (changes: Partial<VisitedPlace> = {}): VisitedPlace => ({ hotspotId: 'h1', hotspot: 'York Road', councilCode: 'E06000001', beginsOn: '2023-10-02', liveTo: null, visitedOn: [], ...changes });
const span = { from: '2023-10-02', on: '2023-10-29' };
const found = (one: VisitedPlace): [string, string | null, number][] => gapsOf([one], span, 4).map(({ afterOn, untilOn, days }) => [afterOn, untilOn, days]);

describe('gaps without a visit', () => {
  it('are over four days from one visit to the next: five are one, four are none', () => {
    expect(found(place({ visitedOn: ['2023-10-02', '2023-10-06', '2023-10-11', '2023-10-15', '2023-10-19', '2023-10-23', '2023-10-27'] }))).toEqual([['2023-10-06', '2023-10-11', 5]]);
  });

  it('count from the day before visits were to begin, and to the last day while none came', () => {
    expect(found(place({ visitedOn: ['2023-10-12', '2023-10-16', '2023-10-20', '2023-10-24'] }))).toEqual([['2023-10-01', '2023-10-12', 11], ['2023-10-24', null, 5]]);
    expect(found(place())).toEqual([['2023-10-01', null, 28]]);
  });

  it('end where a hotspot is retired, and are none where patrols have not begun', () => {
    expect(found(place({ liveTo: '2023-10-05' }))).toEqual([]);
    expect(found(place({ liveTo: '2023-10-10', visitedOn: ['2023-10-03'] }))).toEqual([['2023-10-03', null, 6]]);
    expect(found(place({ beginsOn: null }))).toEqual([]);
    expect(found(place({ beginsOn: '2023-12-04' }))).toEqual([]);
  });

  it('reach in from before the span and out of it', () => {
    expect(found(place({ beginsOn: '2023-07-03', visitedOn: ['2023-09-20', '2023-10-03', '2023-10-07', '2023-10-11', '2023-10-15', '2023-10-19', '2023-10-23', '2023-11-10'] }))).toEqual([['2023-09-20', '2023-10-03', 13], ['2023-10-23', null, 6]]);
  });

  it('leave no five days running outside every gap, whatever the visits', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 27 })), (days) => {
      const visitedOn = days.toSorted((a, b) => a - b).map((day) => addDays('2023-10-02', day));
      const gaps = gapsOf([place({ visitedOn })], span, 4);
      for (let day = 4; day <= 27; day++) {
        const run = [0, 1, 2, 3, 4].map((back) => addDays('2023-10-02', day - back));
        const empty = run.every((date) => !visitedOn.includes(date));
        const inside = gaps.some(({ afterOn, untilOn }) => afterOn < run[4]! && (untilOn === null || untilOn > run[0]!));
        expect(inside || !empty).toBe(true);
      }
      for (const { afterOn, untilOn } of gaps) expect(visitedOn.some((date) => date > afterOn && date < (untilOn ?? '9'))).toBe(false);
    }), { seed: 34 });
  });
});

const rules = { gapDays: 4, weekShare: 0.5, weekDay: 4, silentDays: 7 };
const council = (changes: Partial<CouncilFacts> = {}): CouncilFacts => ({
  councilCode: 'E06000001', startedOn: '2023-08-01', lastVisitOn: '2023-10-11', plannedMinutes: 600, deliveredMinutes: 400, hotspots: [{ id: 'h1', liveFrom: '2023-07-01', lastVisitOn: '2023-10-11' }], ...changes,
});

describe('alerts', () => {
  it('are raised for a gap of more than four days, from the last visit', () => {
    const hotspots = [{ id: 'h1', liveFrom: '2023-07-01', lastVisitOn: '2023-10-08' }, { id: 'h2', liveFrom: '2023-07-01', lastVisitOn: '2023-10-07' }, { id: 'h3', liveFrom: '2023-10-10', lastVisitOn: null }];
    expect(alertsDue([council({ hotspots })], rules, '2023-10-12')).toEqual([{ councilCode: 'E06000001', hotspotId: 'h2', kind: 'gap', sinceOn: '2023-10-07', found: 5, threshold: 4 }]);
  });

  it('are raised for a week under half of its plan from Thursday on, never before, never without a plan', () => {
    const behind = council({ deliveredMinutes: 299 });
    expect(alertsDue([behind], rules, '2023-10-11')).toEqual([]);
    expect(alertsDue([behind], rules, '2023-10-12')).toEqual([{ councilCode: 'E06000001', hotspotId: null, kind: 'week', sinceOn: '2023-10-09', found: 0.498, threshold: 0.5 }]);
    expect(alertsDue([council({ deliveredMinutes: 300 })], rules, '2023-10-12')).toEqual([]);
    expect(alertsDue([council({ plannedMinutes: null })], rules, '2023-10-12')).toEqual([]);
  });

  it('say once that a council records nothing instead of naming each hotspot', () => {
    const silent = council({ lastVisitOn: '2023-10-04', plannedMinutes: null, hotspots: [{ id: 'h1', liveFrom: '2023-07-01', lastVisitOn: '2023-10-04' }] });
    expect(alertsDue([silent], rules, '2023-10-12')).toEqual([{ councilCode: 'E06000001', hotspotId: null, kind: 'silent', sinceOn: '2023-10-04', found: 8, threshold: 7 }]);
    expect(alertsDue([council({ startedOn: null }), council({ startedOn: '2023-12-01' })], rules, '2023-10-12')).toEqual([]);
  });

  it('end by themselves, and say why', () => {
    const on = '2023-10-16';
    const standing = [
      { id: 'a', councilCode: 'E06000001', hotspotId: 'h1', kind: 'gap', sinceOn: '2023-10-07' }, { id: 'b', councilCode: 'E06000001', hotspotId: 'gone', kind: 'gap', sinceOn: '2023-10-07' },
      { id: 'c', councilCode: 'E06000001', hotspotId: null, kind: 'week', sinceOn: '2023-10-09' }, { id: 'd', councilCode: 'E06000009', hotspotId: null, kind: 'silent', sinceOn: '2023-10-01' },
    ] as const;
    expect(alertsOver(standing, [], [council()], on)).toEqual([{ id: 'a', endedBy: 'visit' }, { id: 'b', endedBy: 'not live' }, { id: 'c', endedBy: 'week over' }, { id: 'd', endedBy: 'not live' }]);
    expect(alertsOver([{ ...standing[2], sinceOn: '2023-10-16' }], [], [council()], on)).toEqual([{ id: 'c', endedBy: 'caught up' }]);
    const due = alertsDue([council({ lastVisitOn: '2023-10-15', plannedMinutes: null, hotspots: [{ id: 'h1', liveFrom: '2023-07-01', lastVisitOn: '2023-10-07' }] })], rules, on);
    expect(alertsOver([standing[0]], due, [council()], on)).toEqual([]);
  });

  it('are sentences', () => {
    expect(sayAlert({ kind: 'gap', council: 'Hartlepool', hotspot: 'York Road', sinceOn: '2023-10-07', found: 5, threshold: 4 })).toBe('York Road had no visit for 5 days, since Saturday 7 October; more than 4 are too many.');
    expect(sayAlert({ kind: 'week', council: 'Hartlepool', hotspot: null, sinceOn: '2023-10-09', found: 0.498, threshold: 0.5 })).toBe('Hartlepool had delivered 49% of the hours planned for the week of Monday 9 October, less than 50%.');
  });
});

describe('the cost of a patrol-hour', () => {
  const row = { agreementId: 'A', reference: 'R', council: 'Hartlepool', from: '2023-10-01', to: '2023-12-31', claims: 1, claimedPence: 1_000_000, verifiedPence: 900_000, patrolMinutes: 6_000, personMinutes: 12_000 };

  it('is claimed and verified money over hours, to the penny: £10,000.00 over 100 hours is £100.00', () => {
    expect(costOf(row)).toMatchObject({ claimedPencePerHour: 10_000, verifiedPencePerHour: 9_000, says: 'Part of Hartlepool’s claims was not approved, or not yet.' });
    expect(pencePerHour(1_000, 7 * 60)).toBe(143);
    expect(pencePerHour(1, 120)).toBe(1);
    expect(pencePerHour(1, 121)).toBe(0);
  });

  it('is not known without hours, or before anything is approved', () => {
    expect(costOf({ ...row, patrolMinutes: 0 })).toMatchObject({ claimedPencePerHour: null, verifiedPencePerHour: null });
    expect(costOf({ ...row, verifiedPence: 0 })).toMatchObject({ claimedPencePerHour: 10_000, verifiedPencePerHour: null, says: 'Nothing of Hartlepool’s claims is approved yet, so only the claimed figure is known.' });
  });
});

describe('the week board', () => {
  const fact = { hotspotId: 'h1', hotspot: 'York Road', councilCode: 'E06000001', planned: true, plannedMinutes: 300, plannedVisits: 10, plannedByNowMinutes: 120, beginsOn: '2023-08-01', deliveredMinutes: 90, deliveredVisits: 3, lastVisitOn: '2023-10-03', missedVisits: 1 };

  it('owes what is planned and not delivered; no plan and not begun are null', () => {
    expect(boardHotspot(fact, '2023-10-05')).toMatchObject({ plannedMinutes: 300, deliveredMinutes: 90, owedMinutes: 210, gapDays: 2 });
    expect(boardHotspot({ ...fact, deliveredMinutes: 400 }, '2023-10-05')).toMatchObject({ owedMinutes: 0 });
    expect(boardHotspot({ ...fact, planned: false, plannedMinutes: 0 }, '2023-10-05')).toMatchObject({ plannedMinutes: null, owedMinutes: null, deliveredMinutes: 90 });
    expect(boardHotspot({ ...fact, beginsOn: '2023-12-01', lastVisitOn: null }, '2023-10-05')).toMatchObject({ deliveredMinutes: null, owedMinutes: null, gapDays: null });
    expect(boardHotspot({ ...fact, beginsOn: '2023-10-02', lastVisitOn: null }, '2023-10-05')).toMatchObject({ gapDays: 4 });
  });

  it('counts money at the plan’s own cost: 90 of 300 minutes of £96.00 are £28.80', () => {
    const money = { agreementId: 'A', reference: 'R', council: 'Hartlepool', weekPence: 10_000, plannedPence: 9_600, plannedMinutes: 300, deliveredMinutes: 90, agreementLeftPence: 1_000_000 };
    expect(boardMoney(money)).toMatchObject({ deliveredPence: 2_880, leftPence: 7_120 });
    expect(boardMoney({ ...money, plannedMinutes: 0, plannedPence: 0 })).toMatchObject({ deliveredPence: 0, leftPence: 10_000 });
  });
});
