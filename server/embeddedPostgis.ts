/**
 * PostGIS for the embedded database without what the service never calls: raster, topology and the geocoder are two thirds of the
 * package, and the engine would unpack and compile them at every start. The rest is kept packed beside the data.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { postgis } from '@electric-sql/pglite-postgis';

const unused = /raster|topology|tiger|unpackaged|--ANY|\/contrib\//;
const block = 512;

/** The extension, its files taken from `folder`, where the first call puts them. */
export function leanPostgis(folder: string): typeof postgis {
  return {
    ...postgis,
    async setup(engine, options) {
      const whole = await postgis.setup(engine, options);
      return whole.bundlePath ? { ...whole, bundlePath: leanBundle(whole.bundlePath, folder) } : whole;
    },
  };
}

/** Where the packed extension is, made from the whole one at the first call. */
export function leanBundle(whole: URL, folder: string): URL {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', whole), 'utf8')) as { version: string };
  const kept = join(folder, `postgis-${version}.tar.gz`);
  if (!existsSync(kept)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${kept}.part`, gzipSync(withoutUnused(gunzipSync(readFileSync(whole))), { level: 1 }));
    renameSync(`${kept}.part`, kept);
  }
  return pathToFileURL(kept);
}

/** A tar file without the entries nobody calls. */
function withoutUnused(tar: Buffer): Buffer {
  const kept = [...entriesOf(tar)].filter(({ name }) => !unused.test(name));
  return Buffer.concat([...kept.map(({ whole }) => whole), Buffer.alloc(2 * block)]);
}

/** Each entry of a tar file: one block with name and size, then the content in whole blocks. */
export function* entriesOf(tar: Buffer): Generator<{ name: string; content: Buffer; whole: Buffer }> {
  for (let at = 0; at + block <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
    const end = at + block + Math.ceil(size / block) * block;
    const name = tar.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    yield { name, content: tar.subarray(at + block, at + block + size), whole: tar.subarray(at, end) };
    at = end;
  }
}
