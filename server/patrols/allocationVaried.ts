/** The same week with other money, wardens, minimum or hours: what a slider asks. Pure. */
import type { AllocationInput } from './allocation.ts';
import { bandsPerDay, bandsPerWeek, usualBandMinutes } from './bands.ts';

export interface Variation {
  /** Whole pence for the week; left out for the week's own money. */
  readonly moneyPence?: number | undefined;
  /** Wardens on duty in every band that is patrolled; left out for the rota's own, or no limit where there is none. */
  readonly wardens?: number | undefined;
  readonly minimumVisits?: number | undefined;
  /** Bands of the day (0 to 5) in which anybody patrols; left out for all. */
  readonly bands?: readonly number[] | undefined;
}

/** More person-minutes than any week could use: a band without a limit among bands that are shut. */
const unlimited = 10_000_000;

/** The input with a variation of every agreement in it; nothing else changes. Bands and hours are local; a band holds 240 minutes of each warden on duty. */
export function varied(input: AllocationInput, { moneyPence, wardens, minimumVisits, bands }: Variation): AllocationInput {
  const open = (index: number): boolean => bands === undefined || bands.includes(index % bandsPerDay);
  return {
    ...input,
    settings: { ...input.settings, ...(minimumVisits === undefined ? {} : { minimumVisitsPerWeek: minimumVisits }) },
    agreements: input.agreements.map((agreement) => {
      const own = agreement.personMinutesAvailable;
      const free = (index: number): number => (wardens === undefined ? (own?.[index] ?? unlimited) : wardens * usualBandMinutes);
      const limited = wardens !== undefined || bands !== undefined;
      return {
        ...agreement, moneyPence: moneyPence ?? agreement.moneyPence,
        personMinutesAvailable: limited ? Array.from({ length: bandsPerWeek }, (_, index) => (open(index) ? free(index) : 0)) : own,
      };
    }),
  };
}
