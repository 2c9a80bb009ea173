/**
 * Where demonstration incidents can happen: built-up areas, streets to which a police source snaps its points, exact addresses, and the few
 * hot places that gather much of it. Built-up areas lie roughly where towns are, so that a map with a background looks sensible; streets,
 * hot places and every count on them are drawn from the seed and belong to no real place.
 */
import { createRandom, type RandomStream } from '../../geo/random.ts';
import { boundsOf, isInside, type LngLat, type PolygonShape } from '../../geo/shapes.ts';
import { toGrid, toLngLat } from '../../geo/projection.ts';
import { demonstrationCouncils, makeOutlines } from './outlines.ts';

/** A point on the ground with its own weight in the lottery of incidents. */
export interface GroundPoint {
  readonly lng: number;
  readonly lat: number;
  readonly placeName: string;
  readonly weight: number;
  /** Index into `Ground.hotPlaces`, or -1 for ordinary streets. */
  readonly hotPlace: number;
}

export interface HotPlace {
  readonly councilCode: string;
  readonly lng: number;
  readonly lat: number;
}

export interface CouncilGround {
  readonly councilCode: string;
  /** The council's share of all incidents. */
  readonly share: number;
  /** Snap points of the month-only source. */
  readonly streets: readonly GroundPoint[];
  /** Exact places of the sources with times. */
  readonly addresses: readonly GroundPoint[];
}

export interface Ground {
  readonly councils: readonly CouncilGround[];
  readonly hotPlaces: readonly HotPlace[];
}

interface BuiltUpArea {
  readonly at: LngLat;
  /** Standard deviation in metres. */
  readonly spread: number;
  readonly share: number;
}

interface CouncilPlan {
  readonly letter: string;
  readonly share: number;
  readonly hotPlaces: number;
  readonly areas: readonly BuiltUpArea[];
}

/** Shares of a council follow the police.uk anti-social behaviour rows of July 2023 (264, 572, 385, 474); the rest is invented. */
const plans: readonly CouncilPlan[] = [
  { letter: 'H', share: 0.156, hotPlaces: 8, areas: [area(-1.212, 54.687, 1100, 0.55), area(-1.236, 54.676, 850, 0.25), area(-1.19, 54.665, 700, 0.2)] },
  { letter: 'M', share: 0.337, hotPlaces: 14, areas: [area(-1.236, 54.572, 1000, 0.45), area(-1.2, 54.565, 950, 0.2), area(-1.232, 54.533, 1150, 0.2), area(-1.2, 54.54, 850, 0.15)] },
  { letter: 'R', share: 0.227, hotPlaces: 10, areas: [area(-1.062, 54.612, 1000, 0.35), area(-1.135, 54.58, 1000, 0.3), area(-1.05, 54.536, 700, 0.15), area(-0.975, 54.578, 650, 0.1), area(-0.9, 54.548, 700, 0.1)] },
  { letter: 'S', share: 0.28, hotPlaces: 12, areas: [area(-1.315, 54.567, 1150, 0.4), area(-1.29, 54.605, 1000, 0.25), area(-1.285, 54.54, 1000, 0.25), area(-1.335, 54.515, 700, 0.1)] },
];

function area(lng: number, lat: number, spread: number, share: number): BuiltUpArea {
  return { at: [lng, lat], spread, share };
}

/** Streets a whole council has for each part of all incidents; police.uk shows about 6,000 occupied snap points in Cleveland. */
const streetsInAll = 5000;
const addressesInAll = 4000;
/** Metres around its middle over which a hot place's streets lie. */
const hotSpread = 75;
const streetsInHotPlace = 9;
/** How much of a council's incidents its hot places hold: about half of a year's then lies in 3 % of res-9 cells. */
const hotShare = 0.24;
/** One street in this many lies outside the built-up areas. */
const ruralEvery = 12;

/** The ground for a seed; the same for the same seed. */
export function makeGround(seed: number): Ground {
  const outlines = makeOutlines(seed).filter((outline) => outline.kind === 'council');
  const hotPlaces: HotPlace[] = [];
  const councils = plans.map((plan): CouncilGround => {
    const council = demonstrationCouncils.find(({ letter }) => letter === plan.letter);
    const ring = outlines.find(({ code }) => code === council?.code)?.ring ?? [];
    const site: Site = { plan, shape: { type: 'Polygon', coordinates: [ring.map(([lng, lat]) => [lng, lat])] }, random: createRandom(`${seed} ground ${plan.letter}`) };
    const middles = hotMiddles(site);
    const first = hotPlaces.length;
    const councilCode = council?.code ?? '';
    hotPlaces.push(...middles.map(([lng, lat]) => ({ councilCode, lng, lat })));
    return {
      councilCode,
      share: plan.share,
      streets: groundPoints(site, middles, first, Math.round(streetsInAll * plan.share), 'On or near Demonstration Street'),
      addresses: groundPoints(site, middles, first, Math.round(addressesInAll * plan.share), 'Demonstration Street'),
    };
  });
  return { councils, hotPlaces };
}

interface Site {
  readonly plan: CouncilPlan;
  readonly shape: PolygonShape;
  readonly random: RandomStream;
}

/** Middles of hot places, at least 700 m apart so that each can become a hotspot of its own. */
function hotMiddles(site: Site): LngLat[] {
  const middles: LngLat[] = [];
  for (let tries = 0; middles.length < site.plan.hotPlaces && tries < 10_000; tries++) {
    const candidate = nearArea(site);
    if (middles.every((middle) => metresBetween(middle, candidate) >= 700)) middles.push(candidate);
  }
  return middles;
}

function groundPoints(site: Site, middles: readonly LngLat[], first: number, count: number, street: string): GroundPoint[] {
  const { random } = site;
  const hot = middles.flatMap((middle, index) => {
    // Few places hold most: the third has half of the first's (a power law).
    const weight = (index + 1) ** -0.6;
    return Array.from({ length: streetsInHotPlace }, () => ({ place: inside(site, () => scatter(random, middle, hotSpread)), weight: weight * random.uniform(), hotPlace: first + index }));
  });
  const ordinary = Array.from({ length: Math.max(0, count - hot.length) }, (_, index) => ({
    place: index % ruralEvery === 0 ? anywhere(site) : nearArea(site),
    weight: (index % ruralEvery === 0 ? 0.2 : 1) * Math.exp(random.normal(0, 1.2)),
    hotPlace: -1,
  }));
  const scale = { hot: hotShare / sumOf(hot), ordinary: (1 - hotShare) / sumOf(ordinary) };
  return [...hot, ...ordinary].map(({ place: [lng, lat], weight, hotPlace }, index) => ({
    lng, lat, hotPlace, weight: weight * (hotPlace < 0 ? scale.ordinary : scale.hot), placeName: `${street} ${site.plan.letter}${index + 1}`,
  }));
}

const sumOf = (points: readonly { weight: number }[]): number => points.reduce((sum, { weight }) => sum + weight, 0);

function nearArea(site: Site): LngLat {
  const { plan, random } = site;
  return inside(site, () => {
    const chosen = plan.areas[random.pick(plan.areas.map(({ share }) => share))];
    return chosen ? scatter(random, chosen.at, chosen.spread) : [0, 0];
  });
}

function anywhere(site: Site): LngLat {
  const [west, south, east, north] = boundsOf(site.shape);
  return inside(site, () => [west + site.random.uniform() * (east - west), south + site.random.uniform() * (north - south)]);
}

/** Draws until the place lies in the council; the places drawn are whole metres of the National Grid, as police.uk's are. */
function inside(site: Site, draw: () => LngLat): LngLat {
  for (let tries = 0; tries < 10_000; tries++) {
    const place = wholeMetres(draw());
    if (isInside(site.shape, ...place)) return place;
  }
  throw new Error(`No place of council ${site.plan.letter} could be drawn inside its outline: move its built-up areas.`);
}

function scatter(random: RandomStream, [lng, lat]: LngLat, spread: number): LngLat {
  const { easting, northing } = toGrid(lng, lat);
  return toLngLat(easting + random.normal(0, spread), northing + random.normal(0, spread));
}

function wholeMetres([lng, lat]: LngLat): LngLat {
  const { easting, northing } = toGrid(lng, lat);
  const [roundLng, roundLat] = toLngLat(Math.round(easting), Math.round(northing));
  return [Number(roundLng.toFixed(6)), Number(roundLat.toFixed(6))];
}

function metresBetween(a: LngLat, b: LngLat): number {
  const [first, second] = [toGrid(...a), toGrid(...b)];
  return Math.hypot(first.easting - second.easting, first.northing - second.northing);
}
