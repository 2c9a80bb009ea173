/** What a change of a hotspot must keep to. Pure: the hotspot as it is in, a refusal in words or nothing out. */
import { toGrid, toLngLat } from '../../geo/projection.ts';
import { mapShape } from '../../geo/shapes.ts';
import { AppError, conflict, invalid } from '../errors.ts';
import type { Hotspot, MultiPolygon } from '../hotspots/contract.ts';

type Known = Pick<Hotspot, 'name' | 'state' | 'agreed' | 'liveFrom' | 'liveTo'>;

/** Refuses a change of a hotspot that has ended or is only proposed, or on a day that is over or before it begins. */
export function checkChange(hotspot: Known, from: string, today: string): void {
  if (hotspot.liveTo !== null) throw conflict('already_retired', `${hotspot.name} is retired from ${hotspot.liveTo} on. Only its history is left.`);
  if (!hotspot.agreed) throw conflict('not_agreed', `${hotspot.name} is only proposed. Agree it first, or retire it and adopt another.`);
  if (from < today) throw invalid([{ field: 'from', message: `${from} is over, and its visits and counts stand. Give today (${today}) or a later day.` }]);
  if (from <= hotspot.liveFrom) throw invalid([{ field: 'from', message: `${hotspot.name} is live from ${hotspot.liveFrom}. Give a later day.` }]);
}

/** The outline so many metres further east and north. */
export function shiftShape(shape: MultiPolygon, eastMetres: number, northMetres: number): MultiPolygon {
  const moved = mapShape(shape, (lng, lat) => {
    const { easting, northing } = toGrid(lng, lat);
    return toLngLat(easting + eastMetres, northing + northMetres);
  });
  return asPolygons(moved);
}

/** An outline in metres on the National Grid, as [lng, lat]. */
export function fromMetres(shape: MultiPolygon): MultiPolygon {
  return asPolygons(mapShape(shape, (easting, northing) => toLngLat(easting, northing)));
}

function asPolygons(shape: { coordinates: number[][][][] }): MultiPolygon {
  return { type: 'MultiPolygon', coordinates: shape.coordinates.map((rings) => rings.map((ring) => ring.map(([lng = NaN, lat = NaN]): [number, number] => [lng, lat]))) };
}

/** Refuses a move of nothing. */
export function checkMove({ eastMetres, northMetres }: { eastMetres: number; northMetres: number }): void {
  if (Math.hypot(eastMetres, northMetres) < 1) throw invalid([{ field: 'eastMetres', message: 'The hotspot would stay where it is. Move it by at least one metre.' }]);
}

/** Refuses outlines that do not touch, or are wider than a patrol covers on foot. */
export function checkMerge(joined: { pieces: number; acrossMetres: number }, names: readonly string[], widestMetres: number): void {
  if (joined.pieces > 1) throw new AppError(422, 'hotspots_do_not_touch', `${names.join(', ')} lie in ${joined.pieces} places that do not touch. Merge only those that share an edge.`);
  if (joined.acrossMetres > widestMetres) {
    throw new AppError(422, 'too_wide', `Together they are ${Math.round(joined.acrossMetres)} m across; a hotspot is at most ${widestMetres} m, so that one patrol covers it on foot. Merge fewer, or keep them apart.`);
  }
}
