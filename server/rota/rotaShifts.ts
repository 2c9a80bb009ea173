/** Dated shifts from kinds of shift: what the wall clock says on each day, as instants. */
import { addDays, localInstant, weekdayOf } from '../patrols/calendar.ts';
import type { RotaShift } from './rotaProblem.ts';

export interface ShiftType {
  readonly code: string;
  readonly name: string;
  /** Minutes of the local day; an end at or before the start is on the next day. */
  readonly startMinute: number;
  readonly endMinute: number;
  /** Crews wanted from Monday to Sunday, and on a bank holiday (null: as on its weekday). A day that wants none has no such shift. */
  readonly crews: readonly number[];
  readonly bankHolidayCrews: number | null;
  readonly crewSize: number;
  readonly breakMinutes: number;
}

/** The shifts of `days` days from `from`; the night on which the clocks go back lasts 9 hours, the one on which they go forward 7. Throws for a text that is not a date. */
export function datedShifts(types: readonly ShiftType[], from: string, days: number, bankHolidays: readonly string[] = []): RotaShift[] {
  return Array.from({ length: days }, (_, day) => addDays(from, day)).flatMap((date) =>
    types.flatMap((type) => {
      const usual = type.crews[weekdayOf(date)] ?? 0;
      const crews = bankHolidays.includes(date) ? (type.bankHolidayCrews ?? usual) : usual;
      return crews > 0 ? [shiftOf(type, date, crews)] : [];
    }),
  );
}

function shiftOf(type: ShiftType, date: string, crews: number): RotaShift {
  const overnight = type.endMinute <= type.startMinute;
  return {
    id: `${date}-${type.code}`, type: type.code, name: type.name, date,
    startsAt: localInstant(date, type.startMinute),
    endsAt: localInstant(overnight ? addDays(date, 1) : date, type.endMinute),
    cover: { crews, crewSize: type.crewSize }, breakMinutes: type.breakMinutes,
  };
}
