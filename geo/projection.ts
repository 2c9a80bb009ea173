/*
 * WGS84 longitude and latitude to the British National Grid (EPSG:27700) and back.
 * Datum: the seven-parameter shift EPSG:1314, the one behind police.uk's whole-metre points; Ordnance Survey's own OSTN15 grid differs
 * from it by a median of 1.8 m and at most 4.9 m in Cleveland. Map: transverse Mercator by Krüger's series to n⁴ (Karney 2011, "Transverse
 * Mercator with an accuracy of a few nanometers", eqs 7-9, 35-36), good to 0.1 micrometre over Britain.
 */

/** A place on the British National Grid, in metres. */
export interface GridPlace {
  easting: number;
  northing: number;
}

const degree = Math.PI / 180;
const wgs84 = { axis: 6378137, eccentricity2: 0.0066943799901413165 };
const airy = { axis: 6377563.396, eccentricity2: 0.006670539999985363 };
const minorRatioWgs84 = Math.sqrt(1 - wgs84.eccentricity2);
const minorRatioAiry = Math.sqrt(1 - airy.eccentricity2);
const n = (1 - minorRatioAiry) / (1 + minorRatioAiry);

// EPSG:1314, OSGB36 to WGS84, position vector convention: metres, seconds of arc as radians, parts per million.
const shift = { x: 446.448, y: -125.157, z: 542.06, turnX: (0.15 * degree) / 3600, turnY: (0.247 * degree) / 3600, turnZ: (0.842 * degree) / 3600, scale: 1 - 20.489e-6 };

// National Grid: true origin 49°N 2°W, scale 0.9996012717, false origin 400 km west and 100 km north of it.
const originLng = -2 * degree;
const cosOrigin = Math.cos(originLng);
const sinOrigin = Math.sin(originLng);
const radius = (0.9996012717 * airy.axis * (1 + n ** 2 / 4 + n ** 4 / 64)) / (1 + n);
const falseEasting = 400000;
/** −100,000 less the distance along the meridian from the equator to 49°N, as given by the same series. */
const falseNorthing = -100000 - 5427063.814828845;

const forward1 = n / 2 - (2 / 3) * n ** 2 + (5 / 16) * n ** 3 + (41 / 180) * n ** 4;
const forward2 = (13 / 48) * n ** 2 - (3 / 5) * n ** 3 + (557 / 1440) * n ** 4;
const forward3 = (61 / 240) * n ** 3 - (103 / 140) * n ** 4;
const forward4 = (49561 / 161280) * n ** 4;
const inverse1 = n / 2 - (2 / 3) * n ** 2 + (37 / 96) * n ** 3 - (1 / 360) * n ** 4;
const inverse2 = (1 / 48) * n ** 2 + (1 / 15) * n ** 3 - (437 / 1440) * n ** 4;
const inverse3 = (17 / 480) * n ** 3 - (37 / 840) * n ** 4;
const inverse4 = (4397 / 161280) * n ** 4;

/** The National Grid easting and northing in metres of a WGS84 point in degrees; throws for a point out of the grid's reach. */
export function toGrid(lng: number, lat: number): GridPlace {
  const out = new Float64Array(2);
  projectInto(lng, lat, out, 0);
  return { easting: out[0] ?? NaN, northing: out[1] ?? NaN };
}

/** The same place with easting and northing rounded to whole metres, as police.uk makes its points. */
export function toWholeMetres(place: GridPlace): GridPlace {
  return { easting: Math.round(place.easting), northing: Math.round(place.northing) };
}

/** The WGS84 [lng, lat] in degrees of a National Grid place in metres (the reverse of `toGrid` to a tenth of a millimetre, the shift itself being a small-angle one). */
export function toLngLat(easting: number, northing: number): [lng: number, lat: number] {
  const out = new Float64Array(2);
  unprojectInto(easting, northing, out, 0);
  return [out[0] ?? NaN, out[1] ?? NaN];
}

/** Eastings and northings (metres) of many points given as longitudes and latitudes (degrees); arrays of one length. */
export function projectPoints(lngs: ArrayLike<number>, lats: ArrayLike<number>, wholeMetres = false): { x: Float64Array; y: Float64Array } {
  const x = new Float64Array(lngs.length);
  const y = new Float64Array(lngs.length);
  const out = new Float64Array(2);
  for (let i = 0; i < x.length; i++) {
    projectInto(lngs[i] ?? NaN, lats[i] ?? NaN, out, 0);
    x[i] = wholeMetres ? Math.round(out[0] ?? NaN) : (out[0] ?? NaN);
    y[i] = wholeMetres ? Math.round(out[1] ?? NaN) : (out[1] ?? NaN);
  }
  return { x, y };
}

/** Longitudes (x) and latitudes (y) in degrees of many places given in metres; arrays of one length. */
export function unprojectPoints(eastings: ArrayLike<number>, northings: ArrayLike<number>): { x: Float64Array; y: Float64Array } {
  const x = new Float64Array(eastings.length);
  const y = new Float64Array(eastings.length);
  const out = new Float64Array(2);
  for (let i = 0; i < x.length; i++) {
    unprojectInto(eastings[i] ?? NaN, northings[i] ?? NaN, out, 0);
    x[i] = out[0] ?? NaN;
    y[i] = out[1] ?? NaN;
  }
  return { x, y };
}

/** Writes easting and northing of one point at `out[at]` and `out[at + 1]`, without making an object. */
export function projectInto(lng: number, lat: number, out: Float64Array, at: number): void {
  if (!(lat >= -90 && lat <= 90 && lng >= -62 && lng <= 58)) throw outOfReach(lng, lat);
  const sinLat = Math.sin(lat * degree);
  const cosLat = Math.cos(lat * degree);
  const vertical = wgs84.axis / Math.sqrt(1 - wgs84.eccentricity2 * sinLat * sinLat);
  const x = (vertical * cosLat * Math.cos(lng * degree) - shift.x) / shift.scale;
  const y = (vertical * cosLat * Math.sin(lng * degree) - shift.y) / shift.scale;
  const z = (vertical * (1 - wgs84.eccentricity2) * sinLat - shift.z) / shift.scale;
  mapInto(x + shift.turnZ * y - shift.turnY * z, y - shift.turnZ * x + shift.turnX * z, z + shift.turnY * x - shift.turnX * y, out, at);
}

function outOfReach(lng: number, lat: number): RangeError {
  return new RangeError(`The point ${lng}, ${lat} (longitude, latitude) is out of reach of the British National Grid: check that the two columns are degrees and not swapped.`);
}

/** Transverse Mercator of a point given in earth-centred metres on the Airy ellipsoid: only one arctangent and one logarithm. */
function mapInto(x: number, y: number, z: number, out: Float64Array, at: number): void {
  const east = Math.sqrt(x * x + y * y);
  const tan = tanLatitude(east, z, airy.axis, airy.eccentricity2, minorRatioAiry);
  const conformal = conformalTan(tan);
  const cos = (x * cosOrigin + y * sinOrigin) / east;
  const sin = (y * cosOrigin - x * sinOrigin) / east;
  const length2 = conformal * conformal + cos * cos;
  const t = sin / Math.sqrt(length2);
  const sin2 = (2 * conformal * cos) / length2;
  const cos2 = (cos * cos - conformal * conformal) / length2;
  const sinh2 = 2 * t * Math.sqrt(1 + t * t);
  const cosh2 = 1 + 2 * t * t;
  // The complex series Σ a_k sin 2k(ξ + iη) by Clenshaw's rule; (p, q) is 2 cos 2(ξ + iη).
  const p = 2 * cos2 * cosh2;
  const q = -2 * sin2 * sinh2;
  const r3 = forward3 + p * forward4;
  const i3 = q * forward4;
  const r2 = forward2 + p * r3 - q * i3 - forward4;
  const i2 = p * i3 + q * r3;
  const r1 = forward1 + p * r2 - q * i2 - r3;
  const i1 = p * i2 + q * r2 - i3;
  out[at] = falseEasting + radius * (Math.log(t + Math.sqrt(1 + t * t)) + sin2 * cosh2 * i1 + cos2 * sinh2 * r1);
  out[at + 1] = falseNorthing + radius * (Math.atan2(conformal, cos) + sin2 * cosh2 * r1 - cos2 * sinh2 * i1);
}

/** Writes longitude and latitude in degrees of one National Grid place at `out[at]` and `out[at + 1]`. */
export function unprojectInto(easting: number, northing: number, out: Float64Array, at: number): void {
  const xi = (northing - falseNorthing) / radius;
  const eta = (easting - falseEasting) / radius;
  if (!(Math.abs(eta) < 1 && Math.abs(xi) < 1.6)) throw new RangeError(`The place ${easting} east, ${northing} north is out of reach of the British National Grid: give metres.`);
  const sin2 = Math.sin(2 * xi);
  const cos2 = Math.cos(2 * xi);
  const grown = Math.exp(2 * eta);
  const sinh2 = (grown - 1 / grown) / 2;
  const cosh2 = (grown + 1 / grown) / 2;
  const p = 2 * cos2 * cosh2;
  const q = -2 * sin2 * sinh2;
  const r3 = inverse3 + p * inverse4;
  const i3 = q * inverse4;
  const r2 = inverse2 + p * r3 - q * i3 - inverse4;
  const i2 = p * i3 + q * r3;
  const r1 = inverse1 + p * r2 - q * i2 - r3;
  const i1 = p * i2 + q * r2 - i3;
  const xiSphere = xi - (sin2 * cosh2 * r1 - cos2 * sinh2 * i1);
  const etaSphere = eta - (sin2 * cosh2 * i1 + cos2 * sinh2 * r1);
  const grownSphere = Math.exp(etaSphere);
  const sinh = (grownSphere - 1 / grownSphere) / 2;
  const cos = Math.cos(xiSphere);
  const across = Math.sqrt(sinh * sinh + cos * cos);
  unmapInto(geodeticTan(Math.sin(xiSphere) / across), cos / across, sinh / across, out, at);
}

/** From latitude (as a tangent) and longitude (cosine and sine, from the origin) on the Airy ellipsoid to WGS84 degrees. */
function unmapInto(tan: number, cos: number, sin: number, out: Float64Array, at: number): void {
  const secant = Math.sqrt(1 + tan * tan);
  const vertical = airy.axis / Math.sqrt(1 - airy.eccentricity2 * (tan / secant) * (tan / secant));
  const upX = (cos * cosOrigin - sin * sinOrigin) / secant;
  const upY = (sin * cosOrigin + cos * sinOrigin) / secant;
  const upZ = tan / secant;
  let height = 0;
  // The forward way starts at WGS84 height 0, which lies some 50 m off the Airy ellipsoid: find that height first, so both ways agree.
  for (let round = 0; ; round++) {
    const x = (vertical + height) * upX;
    const y = (vertical + height) * upY;
    const z = (vertical * (1 - airy.eccentricity2) + height) * upZ;
    const atX = shift.scale * (x - shift.turnZ * y + shift.turnY * z) + shift.x;
    const atY = shift.scale * (y + shift.turnZ * x - shift.turnX * z) + shift.y;
    const atZ = shift.scale * (z - shift.turnY * x + shift.turnX * y) + shift.z;
    const east = Math.sqrt(atX * atX + atY * atY);
    const tanWgs84 = tanLatitude(east, atZ, wgs84.axis, wgs84.eccentricity2, minorRatioWgs84);
    if (round === 1) {
      out[at] = Math.atan2(atY, atX) / degree;
      out[at + 1] = Math.atan(tanWgs84) / degree;
      return;
    }
    const secantWgs84 = Math.sqrt(1 + tanWgs84 * tanWgs84);
    const sinWgs84 = tanWgs84 / secantWgs84;
    height -= east / secantWgs84 + atZ * sinWgs84 - wgs84.axis * Math.sqrt(1 - wgs84.eccentricity2 * sinWgs84 * sinWgs84);
  }
}

/** Tangent of the geodetic latitude from the distance to the axis and z (Bowring 1976, one step: 10⁻¹¹ near the ground). */
function tanLatitude(east: number, z: number, axis: number, eccentricity2: number, minorRatio: number): number {
  const tanReduced = z / (east * minorRatio);
  const cosReduced = 1 / Math.sqrt(1 + tanReduced * tanReduced);
  const sinReduced = tanReduced * cosReduced;
  const second = ((axis * eccentricity2) / minorRatio) * sinReduced * sinReduced * sinReduced;
  return (z + second) / (east - axis * eccentricity2 * cosReduced * cosReduced * cosReduced);
}

/** Tangent of the conformal latitude (Karney 2011, eqs 7-9), the small hyperbolic terms written out as series. */
function conformalTan(tan: number): number {
  const secant = Math.sqrt(1 + tan * tan);
  const e2 = airy.eccentricity2;
  const sin = tan / secant;
  const f = e2 * sin * sin;
  const psi = e2 * sin * (1 + f * (1 / 3 + f * (1 / 5 + f * (1 / 7 + f / 9))));
  const sigma = psi * (1 + psi * psi * (1 / 6 + (psi * psi) / 120));
  return tan * Math.sqrt(1 + sigma * sigma) - sigma * secant;
}

/** The reverse of `conformalTan` by Newton's rule (Karney 2011, eqs 19-21); two steps reach the last bit. */
function geodeticTan(conformal: number): number {
  const e2 = airy.eccentricity2;
  let tan = conformal / (1 - e2);
  for (let step = 0; step < 3; step++) {
    const now = conformalTan(tan);
    tan += ((conformal - now) / Math.sqrt(1 + now * now)) * ((1 + (1 - e2) * tan * tan) / ((1 - e2) * Math.sqrt(1 + tan * tan)));
  }
  return tan;
}
