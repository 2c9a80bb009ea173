/** Published nurse-rostering instances as rotas: their costs and limits entered as data of the same problem. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { addDays, localInstant } from '../../server/patrols/calendar.ts';
import { type Preference, type RotaProblem, type RotaRules, type RotaShift, type RotaWarden, usualRotaCaps, usualRotaRules } from '../../server/rota/rotaProblem.ts';

const request = z.object({ day: z.number(), shift: z.string(), weight: z.number() });
const instance = z.object({
  nDays: z.number(),
  shifts: z.array(z.object({ id: z.string(), length: z.number(), forbiddenFollowingShifts: z.array(z.string()).nullable() })),
  staffs: z.array(z.object({
    id: z.string(), maxShifts: z.array(z.number()), minTotalMinutes: z.number(), maxTotalMinutes: z.number(), minConsecutiveShifts: z.number(), maxConsecutiveShifts: z.number(),
    minConsecutiveDaysOff: z.number(), maxWeekends: z.number(), daysOff: z.array(z.number()).nullable(), onRequests: z.array(request).nullable(), offRequests: z.array(request).nullable(),
  })),
  covers: z.array(z.array(z.object({ requirement: z.number(), weightIfUnder: z.number(), weightIfOver: z.number() }))),
});
type Instance = z.infer<typeof instance>;

/** A Monday in winter, when no clock changes. */
const from = '2024-01-08';
const always = { from: '2023-01-01', to: null };
const off = { value: 0, regulation: 'not in this instance' };
const unlimited = { value: 1_000_000, regulation: 'not in this instance' };

/** Which rest keeps a shift from the one before it: a shift forbidden after another starts earlier in the day than it, and rest is set between. */
const rules: RotaRules = {
  ...usualRotaRules, restMinutes: { value: 960, regulation: 'forbidden following shifts' }, shiftsInSevenDays: unlimited, minutesInSevenDays: unlimited, shiftsAboveContract: unlimited,
  averageMinutesPerWeek: unlimited, weeklyRestMinutes: off, fortnightRestMinutes: off, nightMinutesPerDay: unlimited, clearances: [],
};

export function rosterInstance(folder: string, number: 1 | 2 | 3): RotaProblem {
  const given = instance.parse(JSON.parse(readFileSync(join(folder, 'rosters', `NurseRostering-0${number}.json`), 'utf8')));
  return {
    from, days: given.nDays, usualShiftMinutes: given.shifts[0]!.length, wardens: given.staffs.map((staff) => wardenOf(given, staff)), shifts: shiftsOf(given), pairs: [], rules,
    weights: { underCover: 0, noAccredited: 0, thirdWeekend: 0, shortOfContract: 0, overContract: 0, isolatedDay: 0, undesired: 0, desiredMissed: 0, shouldNotTogether: 0, overCover: 0 },
    seed: 1, caps: usualRotaCaps,
  };
}

/** Shifts start so that the later in the list may not be followed by the earlier: each an hour after the one before, all equally long, with 16 hours of rest. */
function shiftsOf(given: Instance): RotaShift[] {
  return given.covers.flatMap((ofDay, day) => given.shifts.map(({ id, length, forbiddenFollowingShifts }, at): RotaShift => {
    const earlier = given.shifts.slice(0, at).map((shift) => shift.id).toSorted();
    if (earlier.join() !== (forbiddenFollowingShifts ?? []).toSorted().join()) throw new Error(`Shift ${id} is not followed as its place in the list says.`);
    const startsAt = localInstant(addDays(from, day), at * 60);
    const { requirement, weightIfUnder, weightIfOver } = ofDay[at]!;
    return { id: `${day}-${id}`, type: id, name: id, date: addDays(from, day), startsAt, endsAt: startsAt + length * 60_000, breakMinutes: 30, cover: { crews: requirement, crewSize: 1, underWeight: weightIfUnder, overWeight: weightIfOver } };
  }));
}

function wardenOf(given: Instance, staff: Instance['staffs'][number]): RotaWarden {
  const wishes = (wish: Preference['wish'], requests: Instance['staffs'][number]['onRequests']): Preference[] => (requests ?? []).map(({ day, shift, weight }) => ({ date: addDays(from, day), type: shift, wish, weight }));
  return {
    id: staff.id, reference: staff.id, employed: always, contracts: [], noNights: false, optedOut: [], clearances: [], unavailable: [], worked: [], history: [],
    away: (staff.daysOff ?? []).map((day) => ({ from: addDays(from, day), to: addDays(from, day + 1), reason: 'leave', paid: false })),
    preferences: [...wishes('desired', staff.onRequests), ...wishes('undesired', staff.offRequests)],
    pattern: {
      shortestRun: staff.minConsecutiveShifts, longestRun: staff.maxConsecutiveShifts, shortestBreak: staff.minConsecutiveDaysOff, mostWeekends: staff.maxWeekends,
      mostOfType: Object.fromEntries(given.shifts.map(({ id }, at) => [id, staff.maxShifts[at]!])), leastMinutes: staff.minTotalMinutes, mostMinutes: staff.maxTotalMinutes,
    },
  };
}
