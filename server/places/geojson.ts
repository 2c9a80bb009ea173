/** Boundaries from GeoJSON: degrees of longitude and latitude (RFC 7946), one polygon or multipolygon a feature. */
import type { AreaShape } from '../../geo/shapes.ts';
import type { BoundaryKind } from './contract.ts';
import { type Fault, faultAt, faultOfFile } from './fault.ts';
import { gridReaches } from './spots.ts';
import { councilProperty, findCodeProperty, partnerName, yearOf } from './vintage.ts';

export interface BoundaryOptions {
  readonly kind?: BoundaryKind;
  readonly codeProperty?: string;
  readonly nameProperty?: string;
  /** Only areas of these councils are taken. */
  readonly councils?: readonly string[];
}

export interface ReadBoundaries {
  readonly kind: BoundaryKind;
  readonly year: number | null;
  readonly codeProperty: string;
  /** True when kind and properties follow the names of the Office for National Statistics. */
  readonly official: boolean;
  readonly shapes: readonly { readonly code: string; readonly name: string; readonly councilCode: string | null; readonly geometry: AreaShape }[];
  /** Features of other councils than those asked for. */
  readonly leftOut: number;
}

interface Feature {
  readonly properties?: Record<string, unknown> | null;
  readonly geometry?: { readonly type?: string; readonly coordinates?: unknown } | null;
}

type Properties = Record<string, unknown>;

/**
 * Reads a parsed GeoJSON file; faults name the feature (from 1) as row. `knownCouncils` are the codes of the grant's councils: an area of
 * any other is a fault unless `councils` says whose areas are wanted.
 */
export function readBoundaries(parsed: unknown, knownCouncils: readonly string[], options: BoundaryOptions = {}): ReadBoundaries | Fault[] {
  const collection = parsed as { type?: unknown; crs?: { properties?: { name?: unknown } }; features?: unknown };
  if (collection?.type !== 'FeatureCollection' || !Array.isArray(collection.features)) {
    return [faultOfFile('The JSON is not a GeoJSON FeatureCollection.', 'Save the boundaries as GeoJSON.', String(collection?.type ?? ''), 'type')];
  }
  const features = collection.features as Feature[];
  if (features.length === 0) return [faultOfFile('The file holds no features.', 'Save it again with its boundaries.')];
  const reference = faultOfReference(collection.crs?.properties?.name);
  if (reference) return [reference];
  const names = Object.keys(features[0]?.properties ?? {});
  const found = chooseProperties(names, options);
  return 'rule' in found ? [found] : readFeatures(features, found, names, knownCouncils, options);
}

function faultOfReference(name: unknown): Fault | undefined {
  if (name === undefined || /CRS84$|EPSG:{1,2}4326$|EPSG:[\d.]*:4326$/i.test(String(name))) return undefined;
  return faultOfFile('The coordinates are not in degrees of longitude and latitude.', 'Save it again in EPSG:4326 (ogr2ogr -t_srs EPSG:4326, or "WGS 84" in QGIS).', String(name), 'crs');
}

interface Chosen {
  readonly kind: BoundaryKind;
  readonly code: string;
  readonly name: string | null;
  readonly official: boolean;
}

function chooseProperties(names: readonly string[], options: BoundaryOptions): Chosen | Fault {
  const found = findCodeProperty(names);
  const kind = options.kind ?? found?.kind;
  const code = options.codeProperty ?? found?.code;
  for (const given of [options.codeProperty, options.nameProperty]) {
    if (given !== undefined && !names.includes(given)) return faultOfFile('No feature has this property.', `Name one of: ${names.join(', ')}.`, given, given);
  }
  if (kind && code) return { kind, code, name: options.nameProperty ?? partnerName(names, code), official: found !== undefined && options.codeProperty === undefined && options.kind === undefined };
  return faultOfFile('It does not say which boundaries these are.', 'Give --kind council, ward, lsoa or force, with --code-property and --name-property.', names.join(', '), 'properties');
}

function readFeatures(features: readonly Feature[], chosen: Chosen, names: readonly string[], knownCouncils: readonly string[], options: BoundaryOptions): ReadBoundaries | Fault[] {
  const council = chosen.kind === 'council' ? chosen.code : councilProperty(names, chosen.kind);
  const shapes: ReadBoundaries['shapes'][number][] = [];
  const faults: Fault[] = [];
  const seen = new Set<string>();
  let leftOut = 0;
  for (const [at, feature] of features.entries()) {
    const properties: Properties = feature.properties ?? {};
    const code = textOf(properties[chosen.code]);
    const councilCode = council ? textOf(properties[council]) : null;
    if (options.councils && councilCode !== null && !options.councils.includes(councilCode)) {
      leftOut += 1;
      continue;
    }
    const fault = faultOfCode(at + 1, chosen.code, code, seen) ?? faultOfCouncil(at + 1, council, councilCode, knownCouncils) ?? faultOfGeometry(at + 1, feature.geometry);
    seen.add(code);
    if (fault) faults.push(fault);
    else shapes.push({ code, name: chosen.name ? textOf(properties[chosen.name]) : code, councilCode, geometry: feature.geometry as AreaShape });
  }
  if (shapes.length === 0 && faults.length === 0) faults.push(faultOfFile('None of its areas belongs to the councils asked for.', 'Check --council.', options.councils?.join(', ') ?? '', council));
  return faults.length ? faults : { kind: chosen.kind, year: yearOf(chosen.code), codeProperty: chosen.code, official: chosen.official, shapes, leftOut };
}

const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '');

function faultOfCode(row: number, column: string, code: string, seen: ReadonlySet<string>): Fault | undefined {
  if (code === '') return faultAt(row, column, code, 'The area has no code.', 'Give every area its code.');
  return seen.has(code) ? faultAt(row, column, code, 'Two areas have the same code.', 'Merge them into one multipolygon, or correct the code.') : undefined;
}

function faultOfCouncil(row: number, column: string | null, code: string | null, known: readonly string[]): Fault | undefined {
  if (column === null || code === null || known.includes(code)) return undefined;
  return faultAt(row, column, code, 'The service knows no council with this code.', `Its councils are ${known.join(', ')}. Correct the code, or take only the areas of known councils with --council ${known.join(',')}.`);
}

function faultOfGeometry(row: number, geometry: Feature['geometry']): Fault | undefined {
  const type = geometry?.type ?? '';
  if (type !== 'Polygon' && type !== 'MultiPolygon') return faultAt(row, 'geometry', type, 'A boundary is a Polygon or a MultiPolygon.', 'Save the areas as polygons.');
  const polygons = (type === 'Polygon' ? [geometry?.coordinates] : geometry?.coordinates) as unknown;
  if (!Array.isArray(polygons) || polygons.length === 0) return faultAt(row, 'coordinates', JSON.stringify(polygons ?? null), 'The boundary has no coordinates.', 'Save the area with its outline.');
  for (const rings of polygons as unknown[]) {
    for (const ring of Array.isArray(rings) && rings.length ? (rings as unknown[]) : [null]) {
      const fault = faultOfRing(row, ring);
      if (fault) return fault;
    }
  }
  return undefined;
}

function faultOfRing(row: number, ring: unknown): Fault | undefined {
  if (!Array.isArray(ring) || ring.length < 4) return faultAt(row, 'coordinates', JSON.stringify(ring ?? null), 'An outline has at least four corners, the last equal to the first.', 'Save the area again.');
  for (const corner of ring as unknown[]) {
    const [lng, lat] = Array.isArray(corner) ? (corner as unknown[]) : [];
    if (typeof lng !== 'number' || typeof lat !== 'number') return faultAt(row, 'coordinates', JSON.stringify(corner), 'A corner is two numbers.', 'Save the area again.');
    if (Math.abs(lng) > 180 || Math.abs(lat) > 90) {
      const cure = 'Save it again in EPSG:4326 (ogr2ogr -t_srs EPSG:4326, or "WGS 84" in QGIS).';
      return faultAt(row, 'coordinates', `${lng}, ${lat}`, 'The coordinates are metres (EPSG:27700 or alike), not degrees of longitude and latitude.', cure);
    }
    if (!gridReaches(lng, lat)) {
      const cure = gridReaches(lat, lng) ? 'Longitude comes first in GeoJSON: swap the two numbers of every corner.' : 'Leave areas of other countries out.';
      return faultAt(row, 'coordinates', `${lng}, ${lat}`, 'The corner is not in Great Britain.', cure);
    }
  }
  return undefined;
}
