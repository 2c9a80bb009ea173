/** Where a point stands: rounded to whole metres of the National Grid, as police.uk makes its points. */
import { cellOfPoint } from '../../geo/cells.ts';
import { toGrid, toLngLat, toWholeMetres } from '../../geo/projection.ts';

export interface Spot {
  /** Null beyond the National Grid, as is northing. */
  readonly easting: number | null;
  readonly northing: number | null;
  readonly lng: number;
  readonly lat: number;
}

/** What a spot is remembered by: one number on the grid, a text beyond it. */
export type SpotKey = number | string;

const rowOfKeys = 2 ** 21;

/** True in and around Great Britain (degrees), where the National Grid is used. */
export function gridReaches(lng: number, lat: number): boolean {
  return lng > -12 && lng < 6 && lat > 48 && lat < 63;
}

/** The key of the spot a WGS84 point in degrees is rounded to: one number for each whole metre, the point's text beyond the grid. */
export function keyOfPoint(lng: number, lat: number): SpotKey {
  if (!gridReaches(lng, lat)) return `${lng.toFixed(6)},${lat.toFixed(6)}`;
  const { easting, northing } = toWholeMetres(toGrid(lng, lat));
  return (easting + rowOfKeys / 2) * rowOfKeys + northing + rowOfKeys / 2;
}

/** The spot a key names; the reverse of `keyOfPoint`. */
export function spotOfKey(key: SpotKey): Spot {
  if (typeof key === 'string') {
    const [lng = NaN, lat = NaN] = key.split(',').map(Number);
    return { easting: null, northing: null, lng, lat };
  }
  const easting = Math.floor(key / rowOfKeys) - rowOfKeys / 2;
  const northing = (key % rowOfKeys) - rowOfKeys / 2;
  const [lng, lat] = toLngLat(easting, northing);
  return { easting, northing, lng, lat };
}

/** The H3 cells of a spot at resolutions 8, 9 and 10, each indexed on its own. */
export function cellsOfSpot(spot: Spot): { cell8: string; cell9: string; cell10: string } {
  return { cell8: cellOfPoint(spot.lng, spot.lat, 8), cell9: cellOfPoint(spot.lng, spot.lat, 9), cell10: cellOfPoint(spot.lng, spot.lat, 10) };
}
