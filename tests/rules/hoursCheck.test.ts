/** The hours check on examples small enough for paper: each rule seen to refuse, and what is paid checked by hand. */
import { describe, expect, test } from 'vitest';
import { checkHours, type HoursResult } from '../../server/claims/hoursCheck.ts';
import { fingerprintOf, type HoursInput } from '../../server/claims/hoursCheckInput.ts';
import { penceOfMinutes, splitPence } from '../../server/claims/hoursCheckSplit.ts';
import { at, hoursInput, hoursVisit, riverside, rules, wardenOf } from '../support/hours.ts';

const refusals = ({ refused }: HoursResult): [string, string, number][] => refused.map(({ visitId, reason, minutes }) => [visitId, reason, minutes]);
const lines = (result: HoursResult): [string, number, number, number][] => result.lines.map(({ band, pencePerHour, minutes, amountPence }) => [band, pencePerHour, minutes, amountPence]);
const check = (given: Partial<HoursInput>): HoursResult => checkHours(hoursInput(given));
/** Ten o'clock to twenty to eleven on Monday 2 October 2023, by W1. */
const plain = hoursVisit('plain', '2023-10-02T09:00Z', '2023-10-02T09:40Z', ['w1']);

describe('a quarter by hand, with a rate change, a joint patrol, an overlap and an unvetted warden', () => {
  const result = check({
    wardens: [wardenOf('w1'), wardenOf('w2'), wardenOf('w3', { clearances: [{ kind: 'vetting', validFrom: '2023-07-01', validTo: '2023-11-10' }, { kind: 'training', validFrom: '2023-07-01', validTo: null }] })],
    visits: [
      // Saturday 28 October, 22:00 to 22:45: evening £22.33 or Saturday £25.38, and the higher is paid. 45 minutes.
      hoursVisit('saturday', '2023-10-28T21:00Z', '2023-10-28T21:45Z', ['w1']),
      // Sunday 29 October, 00:30 to 02:30 while the clocks go back: three hours. Sunday £30.45 is over night £27.00. 180 minutes.
      hoursVisit('clocks', '2023-10-28T23:30Z', '2023-10-29T02:30Z', ['w1']),
      // Tuesday 31 October 23:30 to Wednesday 00:30, by two: 60 at evening £22.33, and 60 at the new night rate £28.08.
      hoursVisit('midnight', '2023-10-31T23:30Z', '2023-11-01T00:30Z', ['w1', 'w2']),
      // Thursday 2 November, 14:00 to 14:50, two wardens with an officer: 100 at £21.11; the officer's 50 are the police's.
      hoursVisit('joint', '2023-11-02T14:00Z', '2023-11-02T14:50Z', ['w1', 'w2'], { patrolReference: 'P-7' }),
      hoursVisit('joint, police', '2023-11-02T14:00Z', '2023-11-02T14:50Z', [], { patrolReference: 'P-7', staffCategory: 'police_officer' }),
      // W2 is written down for a second visit from 14:40 to 15:10: 10 minutes overlap, 20 are paid.
      hoursVisit('overlap', '2023-11-02T14:40Z', '2023-11-02T15:10Z', ['w2']),
      // W3 was vetted until 9 November: 40 minutes are paid that day, 40 the day after are not.
      hoursVisit('vetted', '2023-11-09T10:00Z', '2023-11-09T10:40Z', ['w3']),
      hoursVisit('unvetted', '2023-11-10T10:00Z', '2023-11-10T10:40Z', ['w3']),
    ],
  });

  test('pays £217.09 in five lines', () => {
    expect(lines(result)).toEqual([
      ['day', 2111, 160, 5629], // 160 × 2111 ÷ 60 = 5629.33
      ['evening', 2233, 60, 2233],
      ['night', 2808, 60, 2808],
      ['saturday', 2538, 45, 1904], // 45 × 2538 ÷ 60 = 1903.5, half up
      ['sunday', 3045, 180, 9135],
    ]);
    expect(result.totals.amountPence).toBe(21_709);
  });

  test('lists every refused minute with its rows', () => {
    expect(refusals(result)).toEqual([['joint, police', 'police time', 50], ['overlap', 'overlap', 10], ['unvetted', 'not vetted', 40]]);
    expect(result.refused.map(({ says }) => says)).toEqual([
      'Police officer: the police pay for their own time, on joint patrols too.',
      'W2 is in another visit at the same time. Nobody is paid twice for a minute.',
      'W3: no vetting on 10 November 2023 (entered from 1 July 2023 to 9 November 2023).',
    ]);
    expect(result.refused[1]?.rows).toEqual(['joint']);
  });

  test('counts person-minutes and patrol-minutes apart', () => {
    expect(result.totals).toMatchObject({ recordedPersonMinutes: 605, payablePersonMinutes: 505, refusedPersonMinutes: 100, acceptedPersonMinutes: 0, recordedPatrolMinutes: 495, payablePatrolMinutes: 395 });
  });

  test('shares a line over its visits to the penny', () => {
    expect(result.lines[0]?.visits).toEqual([{ visitId: 'joint', minutes: 100, amountPence: 3518 }, { visitId: 'overlap', minutes: 20, amountPence: 704 }, { visitId: 'vetted', minutes: 40, amountPence: 1407 }]);
  });
});

describe('the price of a minute', () => {
  test('a bank holiday, and the hour that spring leaves out', () => {
    const result = check({ visits: [hoursVisit('good friday', '2024-03-29T12:00Z', '2024-03-29T13:00Z', ['w1']), hoursVisit('spring', '2024-03-31T00:30Z', '2024-03-31T02:30Z', ['w1'])] });
    // 00:30 to 03:30 on the clock is two hours, on a Sunday.
    expect(lines(result)).toEqual([['sunday', 3167, 120, 6334], ['bank_holiday', 4222, 60, 4222]]);
  });

  test('no rate on the day: refused, not paid at nothing', () => {
    expect(refusals(check({ visits: [plain], rates: hoursInput().rates.filter(({ validFrom }) => validFrom > '2023-10-02') }))).toEqual([['plain', 'no rate', 40]]);
  });

  test('rounds half up once, not once a visit', () => {
    const visits = [0, 1, 2].map((day) => hoursVisit(`v${day}`, `2023-10-0${day + 3}T09:00Z`, `2023-10-0${day + 3}T09:01Z`, ['w1']));
    // 1 × 2030 ÷ 60 = 33.83 and would round to 34 three times; 3 minutes are 101.5, so £1.02.
    expect(lines(check({ visits }))).toEqual([['day', 2030, 3, 102]]);
    expect([penceOfMinutes(1, 30), penceOfMinutes(1, 29), penceOfMinutes(61, 2000)]).toEqual([1, 0, 2033]);
  });

  test('is capped at what is left, each line by the largest remainder', () => {
    const visits = [plain, hoursVisit('night', '2023-10-04T23:00Z', '2023-10-04T23:40Z', ['w1'])];
    const result = check({ visits, leftPence: 1000 });
    // £13.53 and £18.00 were due: 1000 × 1353 ÷ 3153 = 429.11 and 570.88.
    expect(result.lines.map(({ amountPence, payablePence }) => [amountPence, payablePence])).toEqual([[1353, 429], [1800, 571]]);
    expect(result.totals).toMatchObject({ amountPence: 3153, payablePence: 1000 });
    expect(check({ visits, leftPence: 0 }).totals.payablePence).toBe(0);
  });

  test('splits leave nothing over', () => {
    expect(splitPence(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(splitPence(5, [0, 0])).toEqual([0, 0]);
    expect(() => splitPence(-1, [1])).toThrow('-1 pence cannot be split');
  });
});

describe('a minute is refused', () => {
  test('before and after the agreement, by the minute at midnight', () => {
    const result = check({ visits: [hoursVisit('eve', '2023-07-02T22:30Z', '2023-07-02T23:30Z', ['w1']), hoursVisit('end', '2024-03-31T22:30Z', '2024-03-31T23:30Z', ['w1'])] });
    expect(refusals(result)).toEqual([['eve', 'outside agreement', 30], ['end', 'outside agreement', 30]]);
    expect(result.totals.payablePersonMinutes).toBe(60);
  });

  test('in a hotspot that was not live, proposed, or unknown', () => {
    const place = (given: object) => refusals(check({ visits: [plain], hotspots: [{ ...riverside, ...given }] }));
    expect(place({ liveTo: '2023-10-02' })).toEqual([['plain', 'hotspot not live', 40]]);
    expect(place({ liveFrom: '2023-10-03' })).toEqual([['plain', 'hotspot not live', 40]]);
    expect(place({ agreed: false })).toEqual([['plain', 'hotspot not live', 40]]);
    expect(place({ pauses: [{ from: '2023-10-01', to: null }] })).toEqual([['plain', 'hotspot not live', 40]]);
    expect(place({ liveTo: '2023-10-03', pauses: [{ from: '2023-09-01', to: '2023-10-02' }] })).toEqual([]);
    expect(refusals(check({ visits: [plain], hotspots: [] }))).toEqual([['plain', 'hotspot not live', 40]]);
  });

  test('in a hotspot that the version in force does not name', () => {
    const named = (...versions: [string, string[]][]) => refusals(check({ visits: [plain], named: versions.map(([effectiveFrom, hotspots]) => ({ effectiveFrom, hotspots })) }));
    expect(named(['2023-07-03', ['market']])).toEqual([['plain', 'hotspot not named', 40]]);
    expect(named(['2023-07-03', ['market']], ['2023-10-02', ['market', 'riverside']])).toEqual([]);
    expect(named(['2023-07-03', []], ['2023-10-03', ['market']])).toEqual([]);
  });

  test('of a warden not employed, not trained, not accredited where that is asked', () => {
    const of = (given: object, asked = {}) => refusals(check({ visits: [plain], wardens: [wardenOf('w1', given)], rules: [{ ...rules, ...asked }] }));
    expect(of({ employedTo: '2023-10-02' })).toEqual([['plain', 'not employed', 40]]);
    expect(of({ contracts: [{ validFrom: '2023-07-01', validTo: '2023-10-03' }] })).toEqual([]);
    const between = { contracts: [{ validFrom: '2023-07-01', validTo: '2023-10-02' }, { validFrom: '2023-10-03', validTo: null }] };
    expect(of(between)).toEqual([['plain', 'not employed', 40]]);
    expect(check({ visits: [plain], wardens: [wardenOf('w1', between)], rules: [rules] }).refused.map(({ says }) => says)).toEqual(['W1 has no contract on 2 October 2023, which lies between two.']);
    expect(of({ clearances: [{ kind: 'vetting', validFrom: '2023-10-02', validTo: null }] })).toEqual([['plain', 'not trained', 40]]);
    expect(of({}, { required: ['accreditation'] })).toEqual([['plain', 'not accredited', 40]]);
    expect(of({ clearances: [] }, { required: [] })).toEqual([]);
  });

  test('of a patrol that another council recorded first or claimed, and only while both were there', () => {
    const other = { visitId: 'plain', otherVisitId: 'theirs', council: 'Stockton-on-Tees', fromMs: at('2023-10-02T09:10Z'), toMs: at('2023-10-02T09:30Z'), first: true, claim: null };
    expect(refusals(check({ visits: [plain], elsewhere: [other] }))).toEqual([['plain', 'joint patrol', 20]]);
    expect(refusals(check({ visits: [plain], elsewhere: [{ ...other, first: false }] }))).toEqual([]);
    const claimed = check({ visits: [plain], elsewhere: [{ ...other, first: false, claim: 'claim 2 of S-23' }] });
    expect(claimed.refused[0]).toMatchObject({ reason: 'joint patrol', says: 'Stockton-on-Tees claimed in claim 2 of S-23 the same patrol at the same time, before this. One body is paid for it.', rows: ['theirs'] });
    expect(refusals(check({ visits: [plain], elsewhere: [other], rules: [{ ...rules, sharedReference: false }] }))).toEqual([]);
  });

  test('that a claim holds already, and what it held counts for the shift', () => {
    const held = [{ person: 'warden w1', fromMs: at('2023-10-02T09:20Z'), toMs: at('2023-10-02T09:50Z'), day: '2023-10-02', claim: 'claim 1 of H-23' }];
    const result = check({ visits: [plain], held });
    expect(result.refused).toMatchObject([{ reason: 'claimed before', minutes: 20, says: 'These minutes of this person stand in claim 1 of H-23 already.' }]);
    expect(refusals(check({ visits: [plain], held, rules: [{ ...rules, dailyMinutes: 40 }] }))).toEqual([['plain', 'over the shift', 10], ['plain', 'claimed before', 20]]);
  });

  test('over the day’s shift, the rota’s before the setting', () => {
    const visits = [plain, hoursVisit('later', '2023-10-02T12:00Z', '2023-10-02T12:40Z', ['w1'])];
    const short = { rules: [{ ...rules, dailyMinutes: 60 }] };
    expect(refusals(check({ visits, ...short }))).toEqual([['later', 'over the shift', 20]]);
    expect(refusals(check({ visits, ...short, shifts: [{ wardenId: 'w1', day: '2023-10-02', minutes: 75 }] }))).toEqual([['later', 'over the shift', 5]]);
  });

  test('by the rules of its own day', () => {
    const dated = [{ ...rules, validTo: '2023-10-02', paidStaff: [] }, { ...rules, validFrom: '2023-10-02' }];
    expect(refusals(check({ visits: [plain], rules: dated }))).toEqual([]);
    expect(refusals(check({ visits: [plain], rules: [{ ...rules, paidStaff: [] }] }))).toEqual([['plain', 'staff not paid', 40]]);
    expect(() => check({ visits: [plain], rules: [{ ...rules, validFrom: '2024-01-01' }] })).toThrow('No rules of the hours check hold on 2023-10-02.');
  });
});

describe('persons who are not named', () => {
  const crew = { ...plain, id: 'crew', persons: 2, wardens: [] };
  test('are paid while cleared wardens are free, counted each minute', () => {
    expect(refusals(check({ visits: [crew] }))).toEqual([]);
    const elsewhere = hoursVisit('elsewhere', '2023-10-02T09:30Z', '2023-10-02T10:00Z', ['w2']);
    expect(check({ visits: [crew, elsewhere] }).refused).toMatchObject([
      { visitId: 'crew', reason: 'not named', minutes: 10, says: 'Not named, and no more wardens were there to be: 2 were employed and cleared on 2 October 2023, and all of them were out at this time already.' },
    ]);
    expect(refusals(check({ visits: [{ ...crew, wardens: ['w1'], persons: 3 }] }))).toEqual([['crew', 'not named', 40]]);
  });

  test('always or never, as the setting says', () => {
    expect(refusals(check({ visits: [crew], wardens: [], rules: [{ ...rules, unnamed: 'pay' }] }))).toEqual([]);
    expect(refusals(check({ visits: [crew], rules: [{ ...rules, unnamed: 'refuse' }] }))).toEqual([['crew', 'not named', 40], ['crew', 'not named', 40]]);
  });

  test('are the same persons on every visit of their patrol', () => {
    const second = { ...crew, id: 'second', startedAtMs: at('2023-10-02T09:30Z') };
    const pay = [{ ...rules, unnamed: 'pay' as const }];
    const same = check({ visits: [{ ...crew, patrolReference: 'P-1' }, { ...second, patrolReference: 'p-1' }], rules: pay });
    expect(refusals(same)).toEqual([['second', 'overlap', 10], ['second', 'overlap', 10]]);
    expect(refusals(check({ visits: [crew, { ...second, patrolReference: 'another' }], rules: pay }))).toEqual([]);
  });
});

describe('what a second person accepted', () => {
  const untrained = [wardenOf('w1', { clearances: [] })];
  const waiver = { visitId: 'plain', person: 'warden w1', reason: 'not vetted' as const, fromMs: plain.startedAtMs, toMs: plain.startedAtMs + 40 * 60_000, fingerprint: fingerprintOf(plain) };
  test('is paid once nothing else stands against it', () => {
    expect(refusals(check({ visits: [plain], wardens: untrained, waivers: [waiver] }))).toEqual([['plain', 'not trained', 40]]);
    const both = check({ visits: [plain], wardens: untrained, waivers: [waiver, { ...waiver, reason: 'not trained' }] });
    expect(both.totals).toMatchObject({ payablePersonMinutes: 40, acceptedPersonMinutes: 40, refusedPersonMinutes: 0 });
  });

  test('holds for those minutes, that person and the visit as it was', () => {
    const refused = (given: object) => check({ visits: [plain], wardens: untrained, rules: [{ ...rules, required: ['vetting'] }], waivers: [{ ...waiver, ...given }] }).totals.refusedPersonMinutes;
    expect([refused({}), refused({ toMs: waiver.fromMs + 600_000 }), refused({ person: 'warden w2' }), refused({ fingerprint: fingerprintOf({ ...plain, minutes: 41 }) })]).toEqual([0, 30, 40, 40]);
  });

  test('never pays one person’s minute twice', () => {
    const second = hoursVisit('second', '2023-10-02T09:30Z', '2023-10-02T09:50Z', ['w1']);
    const waivers = [{ ...waiver, visitId: 'second', reason: 'overlap' as const, fingerprint: fingerprintOf(second), toMs: waiver.toMs + 3_600_000 }];
    expect(refusals(check({ visits: [plain, second], waivers }))).toEqual([['second', 'overlap', 10]]);
  });
});
