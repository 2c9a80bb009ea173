/** Causes of an underspend as the data itself shows them, each with its money, beside those that people enter. Pure. */
import { addDays, daysBetween } from '../patrols/calendar.ts';
import { dayRate, type ForecastInput, minutesInPost, postsFilled, settled } from './known.ts';
import type { Outturn } from './outturn.ts';
import { poundsInWords, sayDay } from './outturnWords.ts';
import { plannedWeekPence } from './pace.ts';

export interface DataCause {
  readonly cause: 'late start' | 'vacancy' | 'vetting' | 'hours' | 'rest';
  readonly pence: number;
  readonly says: string;
}

/** What the data says of a central underspend in pence: the late start, posts short, wardens not yet cleared, hours not delivered by who is in post, and what is left unexplained (below zero when the causes come to more). */
export function causesInData(given: ForecastInput, outturn: Outturn): DataCause[] {
  const input = settled(given);
  const found = [lateStart(input, outturn), postsShort(input, outturn), notCleared(input, outturn), hoursShort(input, outturn)].filter(({ pence }) => pence > 0);
  const rest = outturn.underspend.central - found.reduce((sum, { pence }) => sum + pence, 0);
  return rest === 0 ? found : [...found, { cause: 'rest', pence: rest, says: rest > 0 ? 'Not explained by the above: the posts at these prices come to less than the ceiling, or the reason is not in the data.' : 'The causes above come to more than the underspend: other spending has taken some of it up.' }];
}

function lateStart(input: ForecastInput, { pace }: Outturn): DataCause {
  const planned = input.plan?.startsOn ?? input.startsOn;
  const end = addDays(input.endsOn, 1);
  const start = pace.start.central < end ? pace.start.central : end;
  const days = Math.max(0, daysBetween(planned, start));
  const pence = Math.round((days * plannedWeekPence(input)) / 7);
  const begins = input.patrolsStart === null ? 'are forecast to begin' : start <= input.knownOn ? 'began' : 'begin';
  return { cause: 'late start', pence, says: `Patrols ${begins} ${days} days after ${sayDay(planned)}, times the planned ${poundsInWords(plannedWeekPence(input))} a week.` };
}

function postsShort(input: ForecastInput, { pace }: Outturn): DataCause {
  const ratio = input.basis === 'hours' ? input.productiveRatio : 1;
  let minutes = 0;
  let postDays = 0;
  let pence = 0;
  if (!pace.postsFromMoney && !pace.withoutStaff) {
    for (let on = pace.start.central; on <= input.endsOn; on = addDays(on, 1)) {
      const filled = pace.filled.central;
      const empty = filled !== null && on >= filled && on > input.knownOn ? 0 : Math.max(0, pace.posts - postsFilled(input.wardens, on));
      postDays += empty;
      minutes += (empty * pace.minutesPerPost) / 7;
      pence += ((empty * pace.minutesPerPost) / 7 / 60) * ratio * dayRate(input.rates, on) * pace.mix;
    }
  }
  return { cause: 'vacancy', pence: Math.round(pence), says: `Posts short of ${pace.posts} since patrols began and until they are filled: ${Math.round(postDays / 7)} post-weeks, ${Math.round(minutes / 60)} contract hours${input.basis === 'hours' ? ` at ${ratio} hours in hotspots each` : ''}.` };
}

/** Days in post before a warden was vetted and trained: hours on them are not paid. Only where hours are what is paid, and both days are recorded. */
function notCleared(input: ForecastInput, { pace }: Outturn): DataCause {
  let [days, pence] = [0, 0];
  for (const { employedFrom, clearedOn, minutesPerWeek } of input.basis === 'hours' ? input.wardens : []) {
    const from = employedFrom > pace.start.central ? employedFrom : pace.start.central;
    for (let on = from; clearedOn !== null && on < clearedOn && on <= input.endsOn; on = addDays(on, 1)) {
      days += 1;
      pence += (minutesPerWeek / 7 / 60) * input.productiveRatio * dayRate(input.rates, on) * pace.mix;
    }
  }
  return { cause: 'vetting', pence: Math.round(pence), says: `Wardens in post were vetted and trained ${days} days after they could have been on patrol; hours on those days are not paid.` };
}

function hoursShort(input: ForecastInput, { pace }: Outturn): DataCause {
  const short = input.basis === 'hours' && pace.observed ? input.productiveRatio - pace.observed.ratio : 0;
  let pence = 0;
  if (short > 0) {
    for (let on = pace.start.central; on <= input.endsOn; on = addDays(on, 1)) pence += (minutesInPost(input.wardens, on) / 7 / 60) * short * dayRate(input.rates, on) * pace.mix;
  }
  return { cause: 'hours', pence: Math.round(pence), says: `Who is in post delivers ${pace.observed?.ratio.toFixed(3) ?? ''} hours in hotspots for each contract hour, and ${input.productiveRatio} were agreed.` };
}
