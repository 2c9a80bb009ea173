/** Why a minute is not paid, in words a council understands, each with what cures it. Pure. */
import type { ClearanceKind } from '../patrols/contract.ts';
import { clearanceNames, staffCategoryNames } from '../patrols/contract.ts';
import { addDays } from '../patrols/calendar.ts';
import type { HoursHotspot, HoursInput, HoursVisit, HoursWarden } from './hoursCheckInput.ts';
import type { HoursReason } from './hoursContract.ts';

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const sayDay = (day: string): string => `${Number(day.slice(8))} ${months[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`;
/** Minutes as hours and minutes. */
export const hoursMinutes = (minutes: number): string => `${Math.floor(minutes / 60)} h ${minutes % 60} min`;

export const says = {
  outside: ({ startsOn, endsOn }: HoursInput['agreement'], day: string): string => `The agreement runs from ${sayDay(startsOn)} to ${sayDay(endsOn)}; these minutes are on ${sayDay(day)}.`,
  hotspot: (hotspot: HoursHotspot | undefined, day: string): string => {
    if (!hotspot) return `The hotspot is not known on ${sayDay(day)}.`;
    if (!hotspot.agreed) return `${hotspot.name} is proposed, not agreed.`;
    const pause = hotspot.pauses.find(({ from, to }) => day >= from && (to === null || day < to));
    if (pause) return `${hotspot.name} is paused from ${sayDay(pause.from)}${pause.to === null ? '' : ` to ${sayDay(addDays(pause.to, -1))}`}.`;
    const until = hotspot.liveTo === null ? '' : ` to ${sayDay(addDays(hotspot.liveTo, -1))}`;
    return `${hotspot.name} is live from ${sayDay(hotspot.liveFrom)}${until}, not on ${sayDay(day)}.`;
  },
  notNamed: (hotspot: HoursHotspot, day: string): string => `The agreement does not name ${hotspot.name} on ${sayDay(day)}.`,
  police: ({ staffCategory }: HoursVisit): string => `${staffCategoryNames[staffCategory]}: the police pay for their own time, on joint patrols too.`,
  notPaid: ({ staffCategory }: HoursVisit): string => `${staffCategoryNames[staffCategory]}: the agreement does not pay for such staff.`,
  elsewhere: (council: string, claim: string | null): string => `${council} ${claim === null ? 'recorded' : `claimed in ${claim}`} the same patrol at the same time, before this. One body is paid for it.`,
  unnamed: (day: string): string => `The visit of ${sayDay(day)} does not name this person, and unnamed persons are not paid.`,
  uncovered: (day: string, cleared: number): string => `Not named, and no more wardens were there to be: ${cleared} ${cleared === 1 ? 'was' : 'were'} employed and cleared on ${sayDay(day)}, and all of them were out at this time already.`,
  employed: ({ reference, employedFrom, employedTo }: HoursWarden, day: string): string => (day >= employedFrom && (employedTo === null || day < employedTo)
    ? `${reference} has no contract on ${sayDay(day)}, which lies between two.`
    : `${reference} is employed from ${sayDay(employedFrom)}${employedTo === null ? '' : ` to ${sayDay(addDays(employedTo, -1))}`}, not on ${sayDay(day)}.`),
  cleared: ({ reference, clearances }: HoursWarden, kind: ClearanceKind, day: string): string => {
    const dates = clearances.filter((each) => each.kind === kind).map(({ validFrom, validTo }) => `from ${sayDay(validFrom)}${validTo === null ? '' : ` to ${sayDay(addDays(validTo, -1))}`}`);
    return `${reference}: no ${clearanceNames[kind].toLowerCase()} on ${sayDay(day)} (${dates.length === 0 ? 'none is entered' : `entered ${dates.join(' and ')}`}).`;
  },
  rate: (day: string): string => `No rate of the agreement holds on ${sayDay(day)} at this hour.`,
  held: (claim: string): string => `These minutes of this person stand in ${claim} already.`,
  overlap: (who: string): string => `${who} is in another visit at the same time. Nobody is paid twice for a minute.`,
  shift: (who: string, day: string, most: number): string => `${who} has ${hoursMinutes(most)} on ${sayDay(day)} already, all that the shift of the day holds.`,
};

/** What puts it right. */
export const cures: Record<HoursReason, string> = {
  'outside agreement': 'Vary the agreement’s dates, or leave the minutes unpaid.',
  'hotspot not live': 'Correct the visit’s hotspot or time, or explain it for a second person to accept.',
  'hotspot not named': 'Vary the agreement’s hotspots, or correct the visit’s hotspot.',
  'police time': 'Correct the staff category if it is wrong.',
  'staff not paid': 'Correct the staff category if it is wrong.',
  'joint patrol': 'If these are two patrols that share a reference, correct the reference of one.',
  'not named': 'Correct the visit: name who was there; or explain it for a second person to accept.',
  'not employed': 'Correct the warden’s dates or the visit, or explain it for a second person to accept.',
  'not vetted': 'Enter the vetting with its dates, or explain it for a second person to accept.',
  'not trained': 'Enter the training with its dates, or explain it for a second person to accept.',
  'not accredited': 'Enter the accreditation with its dates, or explain it for a second person to accept.',
  'no rate': 'Agree a rate for this day and hour.',
  'claimed before': 'Nothing to do: a minute is paid once.',
  overlap: 'Correct the times or the wardens of one of the two visits.',
  'over the shift': 'Correct the visit, or explain it for a second person to accept.',
};
