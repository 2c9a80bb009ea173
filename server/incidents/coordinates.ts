/** Longitude and latitude as a file gives them. */
import { type Fault, faultAt } from '../places/fault.ts';
import { gridReaches } from '../places/spots.ts';

export interface CoordinateColumns {
  readonly lng: string;
  readonly lat: string;
}

export interface Point {
  readonly lng: number | null;
  readonly lat: number | null;
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** A WGS84 point in degrees from two texts, null and null when both are empty; a Fault for anything else that is no place in Great Britain (anywhere on Earth when `anywhere`). */
export function readPoint(lngText: string, latText: string, row: number, columns: CoordinateColumns, anywhere = false): Point | Fault {
  if (lngText === '' && latText === '') return { lng: null, lat: null };
  const lng = readDegrees(lngText, row, columns.lng, 180);
  if (typeof lng !== 'number') return lng;
  const lat = readDegrees(latText, row, columns.lat, 90);
  if (typeof lat !== 'number') return lat;
  if (anywhere || gridReaches(lng, lat)) return { lng, lat };
  const cure = gridReaches(lat, lng)
    ? `The two columns look swapped: name ${columns.lat} as the longitude, or swap them in the file.`
    : 'Correct the row, or leave both columns empty where the place is not known.';
  return faultAt(row, `${columns.lng}, ${columns.lat}`, `${lngText}, ${latText}`, 'The point is not in Great Britain.', cure);
}

function readDegrees(text: string, row: number, column: string, most: number): number | Fault {
  if (text === '') return faultAt(row, column, text, 'One coordinate is given without the other.', 'Give both, or leave both empty where the place is not known.');
  if (!decimal.test(text)) return faultAt(row, column, text, 'A coordinate is a number of degrees.', 'Write it with digits and a decimal point, for example 54.574227.');
  const value = Number(text);
  if (Math.abs(value) <= most) return value;
  return faultAt(row, column, text, `A ${most === 90 ? 'latitude lies between -90 and 90' : 'longitude lies between -180 and 180'} degrees.`, 'Check the decimal point, and that the column holds degrees and not metres.');
}
