/**
 * Demonstration incidents, month by month: one police source that tells only the month and snaps its points, as police.uk does, and four
 * with real times and exact places. Volumes of the others follow Hartlepool's published quarter (domain figures, July to September 2021).
 */
import { createRandom, type RandomStream } from '../../geo/random.ts';
import type { Ground, GroundPoint } from './ground.ts';
import { drawerOfMoments, seasonOf, weekProfiles, type WeekProfile } from './times.ts';

/** Months with incidents, first days, both included. */
export const incidentMonths = { first: '2021-07-01', last: '2024-06-01' } as const;

export interface DemonstrationSource {
  readonly code: string;
  readonly name: string;
  readonly timePrecision: 'minute' | 'month';
  readonly locationPrecision: 'exact' | 'snapped';
}

/** One incident; instants are milliseconds of UTC, null where the source does not tell. */
export interface DemonstrationIncident {
  readonly category: string;
  readonly lng: number | null;
  readonly lat: number | null;
  readonly placeName: string;
  readonly occurredFrom: number | null;
  readonly occurredTo: number | null;
  readonly reference: string | null;
}

/** One kind of incident in a source. `monthly` is the mean of a month of average season over the four councils. */
interface Kind {
  readonly category: string;
  readonly monthly: number;
  readonly profile: WeekProfile;
  /** How strongly the kind follows the seasons: 1 as anti-social behaviour does, 0 not at all. */
  readonly seasonal: number;
  /** Hours between the two moments a reporter gives, for kinds nobody sees happen. */
  readonly unseenHours?: number;
}

interface SourcePlan extends DemonstrationSource {
  readonly kinds: readonly Kind[];
  /** Rows a month with no place and with a place outside the four councils, so that counts have something to reconcile. */
  readonly withoutPlace: number;
  readonly outside: number;
}

const { evening, vehicles, night, dusk, morning } = weekProfiles;

export const sourcePlans: readonly SourcePlan[] = [
  {
    code: 'demonstration-police', name: 'Demonstration police incidents (month only, points snapped to streets)', timePrecision: 'month', locationPrecision: 'snapped',
    withoutPlace: 4, outside: 1,
    kinds: [
      { category: 'anti-social-behaviour', monthly: 1230, profile: evening, seasonal: 1 },
      { category: 'criminal-damage-arson', monthly: 380, profile: evening, seasonal: 0.4 },
      { category: 'public-order', monthly: 300, profile: evening, seasonal: 0.3 },
    ],
  },
  {
    code: 'demonstration-complaints', name: 'Demonstration council complaints of anti-social behaviour', timePrecision: 'minute', locationPrecision: 'exact',
    withoutPlace: 2, outside: 0,
    kinds: [
      { category: 'council-asb-complaint', monthly: 130, profile: evening, seasonal: 1 },
      { category: 'nuisance-vehicle', monthly: 45, profile: vehicles, seasonal: 1 },
    ],
  },
  {
    code: 'demonstration-noise', name: 'Demonstration noise complaints', timePrecision: 'minute', locationPrecision: 'exact', withoutPlace: 0, outside: 0,
    kinds: [{ category: 'noise', monthly: 200, profile: night, seasonal: 0.8 }],
  },
  {
    code: 'demonstration-fly-tipping', name: 'Demonstration fly-tipping reports', timePrecision: 'minute', locationPrecision: 'exact', withoutPlace: 5, outside: 0,
    kinds: [{ category: 'fly-tipping', monthly: 280, profile: morning, seasonal: 0.2, unseenHours: 60 }],
  },
  {
    code: 'demonstration-fires', name: 'Demonstration fire service incidents', timePrecision: 'minute', locationPrecision: 'exact', withoutPlace: 0, outside: 1,
    kinds: [
      { category: 'deliberate-fire', monthly: 160, profile: dusk, seasonal: 1.2 },
      { category: 'deliberate-vehicle-fire', monthly: 12, profile: night, seasonal: 0.3 },
    ],
  },
];

/** Incidents in hot places once patrols have begun, against what they would have been: an invented effect, small enough to need a comparison to be seen. */
const patrolledShare = 0.84;

/** First days of patrols by council, which thin out incidents in hot places from then on. */
export type PatrolStarts = Readonly<Record<string, string>>;

/** Every incident of a source in a month (its first day), in random order; the same for the same seed whatever else is asked. */
export function incidentsOfMonth(seed: number, ground: Ground, source: SourcePlan, month: string, starts: PatrolStarts): DemonstrationIncident[] {
  const random = createRandom(`${seed} ${source.code} ${month}`);
  const rows = source.kinds.flatMap((kind) => {
    const moment = source.timePrecision === 'month' ? () => null : drawerOfMoments(month, kind.profile, random);
    return ground.councils.flatMap((council) => {
      const points = source.locationPrecision === 'snapped' ? council.streets : council.addresses;
      const weights = weightsOfMonth(seed, points, month, starts[council.councilCode]);
      const draw = lottery(points, weights, random);
      const count = random.poisson(kind.monthly * council.share * seasonOf(month) ** kind.seasonal * totalOf(weights));
      return Array.from({ length: count }, () => incident(kind, draw(), moment(), random));
    });
  });
  return withReferences(random.shuffle(loosen(source, rows, random)), source, month);
}

function incident(kind: Kind, point: GroundPoint, moment: number | null, random: RandomStream): DemonstrationIncident {
  const unseen = kind.unseenHours && moment !== null ? Math.round(-Math.log(1 - random.uniform()) * kind.unseenHours * 12) * 5 : 0;
  return {
    category: kind.category,
    lng: point.lng, lat: point.lat, placeName: point.placeName,
    occurredFrom: moment === null ? null : moment - unseen * 60_000,
    occurredTo: unseen && moment !== null ? moment : null,
    reference: null,
  };
}

/** Takes the place from a few rows and puts a few others beyond the four councils. */
function loosen(source: SourcePlan, rows: DemonstrationIncident[], random: RandomStream): DemonstrationIncident[] {
  random.shuffle(rows);
  const without = Math.min(rows.length, random.poisson(source.withoutPlace));
  const outside = Math.min(rows.length - without, random.poisson(source.outside));
  return rows.map((row, index) => {
    if (index < without) return { ...row, lng: null, lat: null, placeName: '' };
    if (index < without + outside) return { ...row, lng: -1.55, lat: 54.6 + index / 1e4, placeName: 'Demonstration Street outside the area' };
    return row;
  });
}

/** Sources with times give a reference; police.uk gives none for anti-social behaviour. */
function withReferences(rows: readonly DemonstrationIncident[], source: SourcePlan, month: string): DemonstrationIncident[] {
  if (source.timePrecision === 'month') return [...rows];
  const prefix = source.code.replace('demonstration-', '').slice(0, 3).toUpperCase();
  return rows.map((row, index) => ({ ...row, reference: `DEMO-${prefix}-${month.slice(0, 7)}-${String(index + 1).padStart(4, '0')}` }));
}

/**
 * Weights of a month. A hot place has better and worse years and months of its own, so that the worst of one year is not always the worst of the
 * next (13 of Cleveland's top 20 cells persist) and monthly counts vary more than chance (overdispersion about 2).
 */
function weightsOfMonth(seed: number, points: readonly GroundPoint[], month: string, startedOn: string | undefined): Float64Array {
  const factors = new Map<number, number>();
  const started = startedOn !== undefined && startedOn.slice(0, 7) <= month.slice(0, 7);
  return Float64Array.from(points, ({ weight, hotPlace }) => {
    if (hotPlace < 0) return weight;
    const factor = factors.get(hotPlace) ?? hotFactor(seed, hotPlace, month) * (started ? patrolledShare : 1);
    factors.set(hotPlace, factor);
    return weight * factor;
  });
}

function hotFactor(seed: number, hotPlace: number, month: string): number {
  const ofYear = createRandom(`${seed} year ${yearFromJuly(month)} hot place ${hotPlace}`).normal(0, 0.3);
  const ofMonth = createRandom(`${seed} month ${month} hot place ${hotPlace}`).normal(0, 0.2);
  // Less half the variance, so that the mean stays 1.
  return Math.exp(ofYear - 0.3 ** 2 / 2 + ofMonth - 0.2 ** 2 / 2);
}

function yearFromJuly(month: string): number {
  return Number(month.slice(0, 4)) - (month.slice(5, 7) < '07' ? 1 : 0);
}

const totalOf = (weights: Float64Array): number => weights.reduce((sum, weight) => sum + weight, 0);

/** Draws points in proportion to their weights, each draw in the logarithm of their number. */
function lottery(points: readonly GroundPoint[], weights: Float64Array, random: RandomStream): () => GroundPoint {
  const upTo = new Float64Array(weights.length);
  weights.forEach((weight, index) => (upTo[index] = weight + (upTo[index - 1] ?? 0)));
  const total = upTo[upTo.length - 1] ?? 0;
  return () => {
    const sought = random.uniform() * total;
    let [low, high] = [0, upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? 0) > sought) high = middle;
      else low = middle + 1;
    }
    const point = points[low];
    if (!point) throw new Error('There is no place to draw incidents from.');
    return point;
  };
}
