/** Days without a visit lead to the last ones that have some: an empty page helps nobody. */
import { getWeekBoard } from '../../server/delivery/contract.ts';
import { call } from '../api.ts';
import { date } from '../format.ts';
import { html, type Content } from '../html.ts';
import { addDays } from '../weeks.ts';

/** The day of the last visit to a hotspot that is live now; null where there is none. */
export async function lastVisitDay(council?: string): Promise<string | null> {
  const { hotspots } = await call(getWeekBoard, council ? { council } : {});
  return hotspots.flatMap(({ lastVisitOn }) => lastVisitOn ?? []).toSorted().at(-1) ?? null;
}

/** A link to a page of so many days up to the last visit, or nothing to offer. */
export function toLastVisits(path: string, last: string | null, days: number, council?: string): Content {
  if (last === null) return 'Choose other days.';
  return html`The last visit was on ${date(last)}. <a href="${path}?from=${addDays(last, 1 - days)}&to=${last}${council ? `&council=${council}` : ''}">Show the ${days / 7} weeks to then</a>.`;
}
