/** What a forecast assumes, in sentences that name every number it stands on. Pure. */
import { daysBetween, sayDate } from '../patrols/calendar.ts';
import { dayRate, type ForecastInput, minutesInPost, postsFilled } from './known.ts';
import type { Pace } from './pace.ts';

const number = (value: number, digits = 0): string => value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const hours = (minutes: number): string => `${number(minutes / 60, minutes % 60 === 0 ? 0 : 1)} hours`;
const percent = (share: number): string => `${number(share * 100)} %`;
export const poundsInWords = (pence: number): string => `£${number(Math.round(pence) / 100, 2)}`;
export const sayDay = (day: string): string => `${sayDate(day).replace(/^\w+ /, '')} ${day.slice(0, 4)}`;
const sayMonth = (month: string): string => sayDay(`${month}-01`).slice(2);
export const posts = (n: number): string => `${number(n)} ${n === 1 ? 'post' : 'posts'}`;

/** The assumptions of a forecast, one sentence each, in the order in which they matter. */
export function assumptionsInWords(input: ForecastInput, pace: Pace): string[] {
  return [staff(input), start(input, pace), filling(input, pace), rateOfWork(input, pace), price(input, pace), spent(input, pace), `Nothing is paid past the ceiling of ${poundsInWords(input.ceilingPence)} or after ${sayDay(input.endsOn)}.`];
}

function staff({ wardens, knownOn }: ForecastInput): string {
  const n = postsFilled(wardens, knownOn);
  const coming = wardens.filter(({ employedFrom }) => employedFrom > knownOn).length;
  if (n === 0 && coming === 0) return `No warden is known to be in post on ${sayDay(knownOn)}.`;
  return `${n} ${n === 1 ? 'warden is' : 'wardens are'} in post on ${sayDay(knownOn)} with ${hours(minutesInPost(wardens, knownOn))} a week under contract${coming > 0 ? `, and ${coming} more with a first day are counted from that day` : ''}. Who has a last day is counted until then.`;
}

function start({ patrolsStart, knownOn, endsOn }: ForecastInput, pace: Pace): string {
  if (patrolsStart !== null && patrolsStart <= knownOn) return `Patrols began on ${sayDay(patrolsStart)}.`;
  const say = (day: string): string => (day > endsOn ? 'not within the agreement' : sayDay(day));
  if (patrolsStart !== null) return `Patrols are to begin on ${sayDay(patrolsStart)}; in the low case ${Math.round(daysBetween(patrolsStart, pace.start.low) / 7)} weeks later.`;
  return `Nobody has said when patrols begin: central takes ${say(pace.start.central)}, low ${say(pace.start.low)}, high ${say(pace.start.high)}, from how late starts of this grant were.`;
}

function filling(input: ForecastInput, pace: Pace): string {
  if (pace.withoutStaff) return 'No list of wardens is kept, so what is left is taken to be delivered as in the latest full weeks.';
  const empty = Math.max(0, pace.posts - postsFilled(input.wardens, input.knownOn));
  const planned = pace.postsFromMoney ? `No number of posts is entered; the ceiling over the agreement’s weeks would pay for ${posts(pace.posts)} of ${hours(pace.minutesPerPost)}.` : `The agreement pays for ${posts(pace.posts)} of ${hours(pace.minutesPerPost)}.`;
  if (empty === 0) return `${planned} All are filled.`;
  const say = (day: string | null): string => (day === null || day > input.endsOn ? 'not within the agreement' : sayDay(day));
  const { low, central, high } = pace.filled;
  return `${planned} ${empty} ${empty === 1 ? 'is' : 'are'} empty and taken to be filled: central ${say(central)}${central !== null && central === input.plan?.filledOn ? ' (as the council expects)' : ''}, low ${say(low)}, high ${say(high)}.`;
}

function rateOfWork({ basis, assumed, productiveRatio }: ForecastInput, { observed, observedCost, ratio }: Pace): string {
  if (observedCost) {
    return `Paid on cost: commitments are taken as the record of what hours cost. In ${observedCost.months.map(sayMonth).join(' and ')} they came to ${percent(observedCost.ratio)} of what contract hours would cost, and the run rate goes by that; low and high are ${percent(assumed.spreadShare)} either side.`;
  }
  if (basis === 'cost') return `Paid on cost: every contract hour of who is in post is paid; low and high are ${percent(assumed.spreadShare)} either side.`;
  if (observed) {
    return `Paid on hours: ${number(observed.ratio, 3)} hours in hotspots for each contract hour, as delivered in the latest ${observed.weeks} full weeks (agreed: ${number(productiveRatio, 3)}); low ${number(ratio.low, 3)} and high ${number(ratio.high, 3)} hold the middle half of those weeks.`;
  }
  return `Paid on hours: the agreed ${number(productiveRatio, 3)} hours in hotspots for each contract hour, since fewer than ${assumed.leastWeeks} full weeks show what is delivered; low and high are ${percent(assumed.spreadShare)} either side.`;
}

function price(input: ForecastInput, { mix }: Pace): string {
  const day = dayRate(input.rates, input.knownOn);
  if (day === 0) return 'No hourly rate is agreed, so hours cost nothing in this forecast. Agree a rate first.';
  const later = input.rates.filter(({ band, validFrom }) => band === 'day' && validFrom > input.knownOn && validFrom <= input.endsOn).sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  const rises = later.map(({ pencePerHour, validFrom }) => `, ${poundsInWords(pencePerHour)} from ${sayDay(validFrom)}`).join('');
  const over = mix === 1 ? 'no hours yet show a mix of evenings and weekends' : `evenings, nights and weekends as they were worked add ${number((mix - 1) * 100, 1)} %`;
  return `An hour costs the day rate of ${poundsInWords(day)}${rises}; ${over}.`;
}

function spent({ ledger, basis }: ForecastInput, { observedCost }: Pace): string {
  const covered = ledger.coveredTo === null ? 'Nothing is claimed or accrued yet' : `Claims and accruals cover the days to ${sayDay(ledger.coveredTo)}`;
  const days = basis === 'hours' ? 'the hours delivered' : 'the cost of who was in post';
  return observedCost === null ? `${covered}; the days after count their commitments and ${days}.` : `${covered}; a full month counts its commitments where it has any, another ${days} where that is more.`;
}
