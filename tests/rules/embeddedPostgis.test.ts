import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { entriesOf, leanBundle } from '../../server/embeddedPostgis.ts';

const folder = mkdtempSync(join(tmpdir(), 'hotspots-engine-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the embedded PostGIS is packed once, whole in what is used and without raster, topology and geocoder', () => {
  const whole = new URL('./postgis.tar.gz', import.meta.resolve('@electric-sql/pglite-postgis'));
  // What a start cut short while packing leaves behind.
  writeFileSync(join(folder, 'postgis-0.2.8.tar.gz.part'), 'half');
  const kept = leanBundle(whole, folder);
  expect(readdirSync(folder)).toEqual(['postgis-0.2.8.tar.gz']);
  const entries = new Map([...entriesOf(gunzipSync(readFileSync(kept)))].map(({ name, content }) => [name, content.length]));
  const original = new Map([...entriesOf(gunzipSync(readFileSync(whole)))].map(({ name, content }) => [name, content.length]));
  for (const name of ['lib/postgresql/postgis-3.so', 'share/postgresql/extension/postgis.control', 'share/postgresql/extension/postgis--3.6.2.sql', 'share/proj/proj.db']) {
    expect(entries.get(name), name).toBe(original.get(name));
    expect(entries.get(name), name).toBeGreaterThan(100);
  }
  expect([...entries.keys()].filter((name) => name.endsWith('.so'))).toEqual(['lib/postgresql/postgis-3.so']);
  const made = statSync(kept).mtimeMs;
  leanBundle(whole, folder);
  expect(statSync(kept).mtimeMs).toBe(made);
});
