/** The thread's entry: a GeoPackage written away from the thread that answers requests, since SQLite does not yield. */
import { geopackage, type GpkgContent } from './geopackage.ts';

export default function writeGeoPackage(content: GpkgContent): Uint8Array {
  return geopackage(content);
}
