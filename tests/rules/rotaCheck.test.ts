/** Each rule of a rota seen broken once, in the words people read; hours over both clock changes; cost as the sum of what is listed. */
import { describe, expect, test } from 'vitest';
import { checkRota, withoutBreaches } from '../../server/rota/rotaCheck.ts';
import { contractMinutes, shiftsFromContract } from '../../server/rota/rotaFacts.ts';
import { type RotaProblem, type RotaWarden, usualRotaCaps, usualRotaRules, usualRotaWeights } from '../../server/rota/rotaProblem.ts';
import { datedShifts, type ShiftType } from '../../server/rota/rotaShifts.ts';
import { solveRota } from '../../server/rota/rotaSolve.ts';

const always = { from: '2023-01-01', to: null };
const kind = (code: string, name: string, startHour: number, endHour: number): ShiftType => ({ code, name, startMinute: startHour * 60, endMinute: endHour * 60, crews: [1, 1, 1, 1, 1, 1, 1], bankHolidayCrews: null, crewSize: 2, breakMinutes: 20 });
const kinds = [kind('early', 'Early', 6, 14), kind('late', 'Late', 14, 22), kind('night', 'Night', 22, 6)];

function warden(id: string, changes: Partial<RotaWarden> = {}): RotaWarden {
  return {
    id, reference: id.toUpperCase(), employed: always, contracts: [{ ...always, minutesPerWeek: 2400 }], noNights: false, optedOut: [],
    clearances: ['vetting', 'training', 'accreditation'].map((held) => ({ ...always, kind: held })), away: [], unavailable: [], preferences: [], worked: [], history: [], ...changes,
  };
}

function rota(wardens: readonly RotaWarden[], changes: Partial<RotaProblem> = {}): RotaProblem {
  const from = changes.from ?? '2023-10-02';
  const days = changes.days ?? 14;
  return { from, days, usualShiftMinutes: 480, wardens, shifts: datedShifts(kinds, from, days), pairs: [], rules: usualRotaRules, weights: usualRotaWeights, seed: 1, caps: usualRotaCaps, ...changes };
}

/** `a 3 late` is warden a on the late shift of 3 October. */
const roster = (...said: string[]) => ({
  assignments: said.map((one) => {
    const [wardenId = '', day = '', code = ''] = one.split(' ');
    return { wardenId, shiftId: `2023-10-${day.padStart(2, '0')}-${code}` };
  }),
});
const sentences = (problem: RotaProblem, ...said: string[]): string[] => checkRota(problem, roster(...said)).breaches.map(({ sentence, regulation }) => `${sentence} [${regulation}]`);

describe('a breach', () => {
  test('of 11 hours’ rest names both shifts and the regulation', () => {
    expect(sentences(rota([warden('a')]), 'a 3 late', 'a 4 early')).toEqual(['A rests 8 h between Late on Tuesday 3 October and Early on Wednesday 4 October; 11 h is the least. [Working Time Regulations 1998, regulation 10(1)]']);
  });

  test('of rest counts the shift worked before the rota', () => {
    const worked = [{ date: '2023-10-01', startsAt: Date.parse('2023-10-01T21:00:00Z'), endsAt: Date.parse('2023-10-02T05:00:00Z') }];
    expect(sentences(rota([warden('a', { worked })]), 'a 2 late')).toEqual(['A rests 8 h between the shift on Sunday 1 October outside this rota and Late on Monday 2 October; 11 h is the least. [Working Time Regulations 1998, regulation 10(1)]']);
  });

  test('of one shift a day', () => {
    expect(sentences(rota([warden('a')]), 'a 3 early', 'a 3 night')[0]).toBe('A has Early and Night on Tuesday 3 October; one shift a day is the most. [Rota agreement: one shift a day]');
  });

  test('of five shifts and 40 hours in seven days, across any seven', () => {
    const said = sentences(rota([warden('a')]), 'a 4 early', 'a 5 early', 'a 6 early', 'a 8 early', 'a 9 early', 'a 10 early');
    expect(said).toEqual([
      'A works 6 shifts in the seven days to Tuesday 10 October; 5 is the most. [Rota agreement: shifts in seven days]',
      'A works 48 h in the seven days to Tuesday 10 October; 40 h is the most. [Rota agreement: hours in seven days]',
    ]);
  });

  test.each([
    ['employment', { employed: { from: '2023-01-01', to: '2023-10-04' } }, 'A cannot work Night on Tuesday 3 October: is not employed on Wednesday 4 October. [Contract of employment]'],
    ['a gap between two contracts', { contracts: [{ from: '2023-01-01', to: '2023-10-04', minutesPerWeek: 2400 }, { from: '2023-10-06', to: null, minutesPerWeek: 2400 }] }, 'A cannot work Night on Tuesday 3 October: has no contract on Wednesday 4 October. [Contract of employment]'],
    ['vetting', { clearances: [{ ...always, kind: 'training' }, { from: '2023-01-01', to: '2023-10-03', kind: 'vetting' }] }, 'A cannot work Night on Tuesday 3 October: holds no vetting on Tuesday 3 October. [Rota agreement: vetting]'],
    ['training', { clearances: [{ ...always, kind: 'vetting' }] }, 'A cannot work Night on Tuesday 3 October: holds no training on Tuesday 3 October. [Rota agreement: training]'],
    ['leave', { away: [{ from: '2023-10-04', to: '2023-10-05', reason: 'leave' as const, paid: true }] }, 'A cannot work Night on Tuesday 3 October: is away (leave) on Wednesday 4 October. [Rota agreement: leave]'],
    ['unavailability', { unavailable: [{ startsAt: Date.parse('2023-10-03T22:00:00Z'), endsAt: Date.parse('2023-10-03T23:00:00Z') }] }, 'A cannot work Night on Tuesday 3 October: is unavailable for a part of it. [Rota agreement: unavailable]'],
    ['no nights', { noNights: true }, 'A cannot work Night on Tuesday 3 October: works no nights. [Working Time Regulations 1998, regulation 2(1)]'],
  ])('of %s', (_, changes, sentence) => {
    expect(sentences(rota([warden('a', changes)]), 'a 3 night')).toEqual([sentence]);
  });

  test('of pairs, both ways', () => {
    const people = [warden('a'), warden('b')];
    expect(sentences(rota(people, { pairs: [{ kind: 'mustNot', first: 'a', second: 'b' }] }), 'a 3 late', 'b 3 late')).toEqual(['A and B must not work together: Late on Tuesday 3 October. [Rota agreement: who works together]']);
    expect(sentences(rota(people, { pairs: [{ kind: 'must', first: 'a', second: 'b' }] }), 'a 3 late', 'b 3 early')).toEqual(['A works only beside B, who is not on Late on Tuesday 3 October. [Rota agreement: who works together]']);
  });

  test('of two shifts above contract', () => {
    const partTime = warden('a', { contracts: [{ ...always, minutesPerWeek: 480 }] });
    expect(sentences(rota([partTime]), 'a 3 late', 'a 4 late', 'a 5 late', 'a 9 late')).toEqual([]);
    expect(sentences(rota([partTime]), 'a 3 late', 'a 4 late', 'a 5 late', 'a 9 late', 'a 10 late')).toEqual(['A is planned for 40 h and owes 16 h; 2 shifts above contract is the most. [Rota agreement: shifts above contract]']);
  });

  const overtime = Array.from({ length: 16 }, () => ({ minutes: 2940, excludedDays: 0 }));
  test('of 48 hours a week on average; a written agreement lifts it, but not for a night worker', () => {
    const days = ['a 3 early', 'a 4 early', 'a 5 early'];
    const problem = rota([warden('a', { history: overtime })], { days: 7 });
    expect(sentences(problem, ...days)).toEqual([]);
    const more = rota([warden('a', { history: overtime.map((week) => ({ ...week, minutes: 3060 })) })], { days: 7 });
    expect(sentences(more, ...days)).toEqual(['A works 49 h 25 min a week on average over the 17 weeks to Sunday 8 October; 48 h is the most without a written agreement. [Working Time Regulations 1998, regulation 4(1)]']);
    const agreed = rota([warden('a', { history: overtime.map((week) => ({ ...week, minutes: 3060 })), optedOut: [always] })], { days: 7 });
    expect(sentences(agreed, ...days)).toEqual([]);
    expect(sentences(agreed, 'a 3 night', 'a 4 night', 'a 5 night')).toEqual(['A works nights and 8 h 14 min in 24 hours on average over the 17 weeks to Sunday 8 October; 8 h is the most. [Working Time Regulations 1998, regulation 6(1)]']);
  });

  test('of 24 hours off in a week', () => {
    const everyDay = Array.from({ length: 14 }, (_, at) => `a ${at + 2} early`);
    const loose = { ...usualRotaRules, shiftsInSevenDays: { value: 7, regulation: '' }, minutesInSevenDays: { value: 4000, regulation: '' } };
    const said = sentences(rota([warden('a', { contracts: [{ ...always, minutesPerWeek: 3360 }] })], { rules: loose }), ...everyDay).filter((one) => one.includes('off together'));
    expect(said[0]).toBe('A has at most 16 h off together in the week from Monday 2 October; 24 h is the least. [Working Time Regulations 1998, regulation 11(1)]');
    expect(said).toHaveLength(2);
  });

  test('is mended by taking shifts out until none is left', () => {
    const problem = rota([warden('a'), warden('b')], { pairs: [{ kind: 'must', first: 'a', second: 'b' }] });
    const mended = withoutBreaches(problem, roster('a 3 late', 'a 4 early', 'b 3 late', 'b 3 early', 'b 9 night'));
    expect(checkRota(problem, mended).breaches).toEqual([]);
    expect(mended.assignments.length).toBeGreaterThanOrEqual(2);
  });

  test('of nobody known is refused in words', () => {
    expect(() => checkRota(rota([warden('a')]), roster('z 3 late'))).toThrow('The rota has no warden z. Name one of its wardens.');
    expect(() => checkRota(rota([warden('a')]), roster('a 30 late'))).toThrow('The rota has no shift 2023-10-30-late. Name one of its shifts.');
  });
});

describe('the cost', () => {
  const unpriced = { ...usualRotaWeights, shortOfContract: 0 };
  const listed = (problem: RotaProblem, ...said: string[]) => checkRota(problem, roster(...said)).penalties.map(({ kind: what, count, cost }) => [what, count, cost]);

  test('counts pairs short, persons beside a pair, and pairs without anybody accredited', () => {
    const plain = { clearances: ['vetting', 'training'].map((held) => ({ ...always, kind: held })) };
    const people = [warden('a', plain), warden('b', plain), warden('c', plain)];
    const problem = rota(people, { days: 1, weights: unpriced });
    expect(listed(problem, 'a 2 early', 'b 2 early', 'c 2 late')).toEqual([['noAccredited', 1, 40], ['underCover', 1, 100], ['overCover', 1, 1], ['underCover', 1, 100]]);
    expect(checkRota(problem, roster('a 2 early', 'b 2 early', 'c 2 late')).cost).toBe(241);
  });

  test('counts the third weekend of four, also when the first two lie before the rota', () => {
    const weekend = (date: string) => ({ date, startsAt: Date.parse(`${date}T05:00:00Z`), endsAt: Date.parse(`${date}T13:00:00Z`) });
    const worked = [weekend('2023-09-23'), weekend('2023-10-01')];
    const problem = rota([warden('a', { worked })], { weights: { ...unpriced, underCover: 0, overCover: 0, noAccredited: 0, isolatedDay: 0 } });
    expect(listed(problem, 'a 7 early', 'a 8 early')).toEqual([['thirdWeekend', 1, 10]]);
  });

  test('counts a day alone, but not on the last day, whose next day is not known', () => {
    const problem = rota([warden('a')], { weights: { ...unpriced, underCover: 0, overCover: 0, noAccredited: 0 } });
    expect(listed(problem, 'a 4 early', 'a 15 early')).toEqual([['isolatedDay', 1, 3]]);
  });

  test('counts shifts from the contract, wishes, and persons better apart', () => {
    const people = [warden('a', { contracts: [{ ...always, minutesPerWeek: 480 }], preferences: [{ date: '2023-10-03', type: 'late', wish: 'undesired' }, { date: '2023-10-05', type: null, wish: 'desired' }] }), warden('b')];
    const problem = rota(people, { days: 7, pairs: [{ kind: 'shouldNot', first: 'a', second: 'b' }], weights: { ...usualRotaWeights, underCover: 0, overCover: 0, noAccredited: 0 } });
    expect(listed(problem, 'a 2 late', 'a 3 late', 'b 2 late')).toEqual([['shouldNotTogether', 1, 2], ['overContract', 1, 10], ['undesired', 1, 2], ['desiredMissed', 1, 1], ['shortOfContract', 4, 20], ['isolatedDay', 1, 3]]);
  });

  test('of a contract takes leave off by weekdays, and half a shift either way is none', () => {
    const onLeave = warden('a', { contracts: [{ ...always, minutesPerWeek: 2220 }], away: [{ from: '2023-10-02', to: '2023-10-09', reason: 'leave', paid: true }] });
    expect(contractMinutes(rota([onLeave]), onLeave)).toBe(2220);
    const until = warden('b', { contracts: [{ from: '2023-01-01', to: '2023-10-09', minutesPerWeek: 2100 }] });
    expect(contractMinutes(rota([until]), until)).toBe(2100);
    expect([18, 17, 16, 19, 20].map((shifts) => shiftsFromContract(shifts * 480, 18.5 * 480, 480))).toEqual([0, -1, -2, 0, 1]);
  });
});

describe('the nights on which the clocks change', () => {
  test.each([['2023-10-28', 540], ['2024-03-30', 420], ['2023-10-27', 480]])('%s lasts %i minutes, in the shift, against the contract and in seven days', (date, minutes) => {
    const problem = rota([warden('a', { contracts: [] })], { from: date, days: 7 });
    const shiftId = `${date}-night`;
    const night = problem.shifts.find(({ id }) => id === shiftId)!;
    expect((night.endsAt - night.startsAt) / 60_000).toBe(minutes);
    const tight = { ...problem, rules: { ...usualRotaRules, minutesInSevenDays: { value: minutes - 1, regulation: 'limit' } } };
    expect(checkRota(tight, { assignments: [{ wardenId: 'a', shiftId }] }).breaches.map(({ rule }) => rule)).toEqual(['minutesInSevenDays']);
    expect(checkRota(problem, { assignments: [{ wardenId: 'a', shiftId }] }).breaches).toEqual([]);
    expect(checkRota(problem, { assignments: [{ wardenId: 'a', shiftId }] }).penalties.find(({ kind: what }) => what === 'overContract')?.sentence).toBe(`A is planned for ${minutes / 60} h and owes 0 h: 1 shift over.`);
  });

  test('with the night of nine hours five shifts are 41 hours: the search plans four', () => {
    const only = datedShifts([kinds[2]!], '2023-10-24', 5);
    const problem = rota([warden('a'), warden('b')], { from: '2023-10-24', days: 5, shifts: only, caps: { ...usualRotaCaps, iterations: 20_000 } });
    const plan = solveRota(problem, null, () => 0);
    expect(plan.check.breaches).toEqual([]);
    expect(plan.roster.assignments.filter(({ wardenId }) => wardenId === 'a')).toHaveLength(4);
  });
});

test('a shift over six hours with too short a break is noted with its regulation, and is no breach', () => {
  const problem = rota([warden('a')], { shifts: datedShifts([{ ...kinds[0]!, breakMinutes: 10 }], '2023-10-02', 14) });
  const { notes, breaches } = checkRota(problem, roster('a 3 early', 'a 4 early'));
  expect(breaches).toEqual([]);
  expect(notes).toEqual([{ rule: 'break', regulation: 'Working Time Regulations 1998, regulation 12(1)', sentence: 'Early lasts 8 h with a break of 10 min; over 6 h a break of 20 min is due. Enter the break with the shift.' }]);
});

test('no shift is made on a day that wants none, and a bank holiday has its own cover', () => {
  const types = [{ ...kinds[0]!, crews: [2, 2, 2, 2, 2, 0, 0], bankHolidayCrews: 1 }];
  expect(datedShifts(types, '2023-12-22', 5, ['2023-12-25', '2023-12-26']).map(({ date, cover }) => [date, cover.crews])).toEqual([['2023-12-22', 2], ['2023-12-25', 1], ['2023-12-26', 1]]);
});
