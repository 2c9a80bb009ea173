/** Figures from incidents themselves: their times and their points. */
import type { Knex } from 'knex';
import type { z } from 'zod';
import { AppError } from '../errors.ts';
import { firstDay } from '../hotspots/months.ts';
import { listedNames } from '../hotspots/placeNames.ts';
import type { SourceTotal } from '../hotspots/provenance.ts';
import { incidentTotals } from '../hotspots/queries.ts';
import { numberOf, textOf } from '../hotspots/settings.ts';
import type { getProfile, getRepeats } from './contract.ts';
import { loadAsked, loadStated, type Viewer } from './loadQueries.ts';
import { decideProfile, fewestShown, profileVersion, sourcesByTime } from './profile.ts';
import { incidentTimes, pointPlaces, repeatCounts } from './queries.ts';
import { decideRepeats, repeatsVersion } from './repeats.ts';
import { profileWords, repeatsWords } from './words.ts';

export async function viewProfile(db: Knex, asked: z.output<typeof getProfile.input>, viewer: Viewer): Promise<z.input<typeof getProfile.output>> {
  const all = await loadAsked(db, asked, viewer);
  const { timed, leftOut } = sourcesByTime(all.filter.sources);
  const perSource = nBySource(await incidentTotals(db, all.filter));
  const sourcesLeftOut = leftOut.map((source) => ({ ...source, incidents: perSource.get(source.code) ?? 0 })).filter((source) => source.incidents > 0 || timed.length === 0);
  if (timed.length === 0) throw new AppError(422, 'no_hours', `No profile by hour can be drawn. ${sourcesLeftOut.map((source) => source.why).join(' ')} Choose a source that records the time of day, such as a force’s own export or a council’s complaints.`);
  const loaded = await loadAsked(db, { ...asked, from: all.filter.from, to: all.filter.to, source: timed.map((source) => source.code) }, viewer);
  const { filter } = loaded;
  const { stated } = await loadStated(db, loaded, {
    version: profileVersion, unit: 'incidents an hour, for each hour of the week',
    method: 'Day of the week and hour by the clock in Europe/London, divided by the hours of that kind there were (days of 23 and 25 hours as long as they were); '
      + 'an incident known by a span of time is shared out over it (aoristic weights, Ratcliffe 2000), spans over 24 hours left out',
  });
  const figures = decideProfile(await incidentTimes(db, filter), filter.months);
  return { ...stated, ...figures, fewest: fewestShown, sourcesLeftOut, says: profileWords(figures, filter) };
}

function nBySource(totals: readonly SourceTotal[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { source, n } of totals) sums.set(source, (sums.get(source) ?? 0) + n);
  return sums;
}

export async function viewRepeats(db: Knex, asked: z.output<typeof getRepeats.input>, viewer: Viewer): Promise<z.input<typeof getRepeats.output>> {
  const loaded = await loadAsked(db, asked, viewer);
  const { filter, settings, held } = loaded;
  const fewest = asked.fewest ?? numberOf(settings, 'repeat_location_fewest');
  const defaultNames = listedNames(textOf(settings, 'geocode_default_names'));
  const { stated } = await loadStated(db, loaded, {
    version: repeatsVersion, unit: 'incidents at one point',
    method: `Incidents at exactly the same point, at least ${fewest} in the period; identical rows are different incidents; places are named by street or kind, never by address`,
  });
  const { points, mapped, counts } = await repeatCounts(db, filter, fewest);
  const places = await pointPlaces(db, [...new Set(counts.map((row) => row.locationId))], firstDay(filter.to));
  const figures = decideRepeats({
    counts, places, mapped, limit: asked.limit, leaveOutDefaults: asked.leaveOutDefaults,
    precisionOf: new Map(held.sources.map((source) => [source.code, source.locationPrecision])),
    categoryNames: new Map(held.categories.map(({ code, name }) => [code, name])), councilNames: new Map(held.councils.map(({ code, name }) => [code, name])),
    generalNames: listedNames(textOf(settings, 'place_names_general')), defaultNames,
  });
  return { ...stated, ...figures, n: mapped, fewest, limit: asked.limit, points, defaultNames: [...defaultNames], says: repeatsWords(figures, { points, mapped, fewest }, filter) };
}
