/** What a place may be called on a list: a street, a park, a kind of place, never a house. */
import type { LocationPrecision } from './repeats.ts';
import { placeLabel } from '../hotspots/placeNames.ts';

const postcode = /\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b/gi;
/** A number that stands for a house, flat or plot, with what stands before it. */
const houseNumber = /\b(?:flat|apartment|apt|unit|room|plot|no\.?|number|house)\s*[\d]*\w{0,2}\b|(?:^|\s)\d+\s*[a-z]?(?:\s*[-/–]\s*\d+\s*[a-z]?)?(?=\s|$)/gi;
const street = /\b(?:street|road|lane|avenue|close|drive|way|terrace|place|square|gardens?|grove|crescent|court|walk|row|green|parade|hill|mews|park|view|rise|quay|wharf|bank|side|gate|st|rd|ave|ln|dr|cl|cres|tce)$/i;
const dwelling = /\b(?:cottage|villa|bungalow|farm|farmhouse|lodge|house|hall of residence|flats?)\b/i;

/**
 * The place's name with nothing that points to a house, or '' when nothing is left that is surely not one. Names of published snap points
 * are kept as they are; a free address keeps its street alone; a name on the general list ("Parking Area") says no address.
 */
export function safePlaceName(placeName: string, precision: LocationPrecision, general: ReadonlySet<string>): string {
  const label = placeLabel(placeName);
  if (precision === 'snapped' || general.has(label)) return label;
  const parts = label.replace(postcode, '').split(/[,;\n]/).map((part) => part.replace(houseNumber, ' ').replace(/\s+/g, ' ').trim());
  const streetPart = parts.find((part) => street.test(part) && !/\d/.test(part) && !dwelling.test(part));
  if (streetPart) return streetPart;
  // A single name without a number or a word for a home, such as a shop's or a beach's, is a place people meet at.
  return parts.length === 1 && !/\d/.test(label) && !dwelling.test(label) ? (parts[0] ?? '') : '';
}
