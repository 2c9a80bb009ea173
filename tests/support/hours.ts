/** Visits, wardens and rates to check hours with. Instants are UTC, days are local. */
import type { HoursInput, HoursRules, HoursVisit, HoursWarden } from '../../server/claims/hoursCheckInput.ts';

export const at = (instant: string): number => Date.parse(instant);
export const riverside = { id: 'riverside', name: 'Riverside', agreed: true, liveFrom: '2023-07-01', liveTo: null, pauses: [] };

export const rules: HoursRules = {
  validFrom: '2020-01-01', validTo: null, required: ['vetting', 'training'], unnamed: 'cover', paidStaff: ['warden', 'other'], dailyMinutes: 480, sharedReference: true,
};

/** Employed, vetted and trained for the whole time unless told. */
export function wardenOf(id: string, given: Partial<HoursWarden> = {}): HoursWarden {
  return {
    id, reference: id.toUpperCase(), staffCategory: 'warden', employedFrom: '2023-07-01', employedTo: null,
    clearances: [{ kind: 'vetting', validFrom: '2023-07-01', validTo: null }, { kind: 'training', validFrom: '2023-07-01', validTo: null }], ...given,
  };
}

/** A visit to Riverside from one instant to another by the wardens named. */
export function hoursVisit(id: string, from: string, to: string, wardens: readonly string[], given: Partial<HoursVisit> = {}): HoursVisit {
  return {
    id, hotspotId: 'riverside', startedAtMs: at(from), minutes: Math.floor((at(to) - at(from)) / 60_000), persons: Math.max(1, wardens.length), staffCategory: 'warden',
    patrolReference: `patrol of ${id}`, recordedAtMs: at(to), wardens, ...given,
  };
}

/** £20.30 by day, £22.33 in the evening, £27.00 at night, £25.38 on Saturdays, £30.45 on Sundays, £40.60 on bank holidays; 4 % more from 1 November 2023. */
export const rates: HoursInput['rates'] = (['day', 'evening', 'night', 'saturday', 'sunday', 'bank_holiday'] as const).flatMap((band, place) => [
  { band, pencePerHour: [2030, 2233, 2700, 2538, 3045, 4060][place]!, validFrom: '2023-07-01', validTo: '2023-11-01' },
  { band, pencePerHour: [2111, 2322, 2808, 2640, 3167, 4222][place]!, validFrom: '2023-11-01', validTo: null },
]);

export function hoursInput(given: Partial<HoursInput> = {}): HoursInput {
  return {
    agreement: { councilCode: 'E06000001', startsOn: '2023-07-03', endsOn: '2024-03-31', head: 'Wardens' }, rates, rules: [rules],
    bankHolidays: ['2023-08-28', '2023-12-25', '2023-12-26', '2024-01-01', '2024-03-29'], hotspots: [riverside], named: [], visits: [], wardens: [wardenOf('w1'), wardenOf('w2')],
    shifts: [], elsewhere: [], held: [], waivers: [], leftPence: null, ...given,
  };
}
