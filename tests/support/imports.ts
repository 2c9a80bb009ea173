/** What import tests share: made street files, a council to stand in, and an import into a test's own database. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { importFiles } from '../../server/incidents/importWork.ts';
import type { ImportOptions, ImportReport } from '../../server/incidents/contract.ts';
import type { NamedMapping } from '../../server/incidents/recognise.ts';
import type { TestDatabase } from './database.ts';

export const streetHeader = 'Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context';

/** One street row; what is left out is an ASB row in the middle of the test's Hartlepool. */
export function streetRow(over: { month?: string; lng?: string; lat?: string; type?: string; place?: string; id?: string } = {}): string {
  const { month = '2023-07', lng = '-1.250000', lat = '54.650000', type = 'Anti-social behaviour', place = 'On or near Example Street', id = '' } = over;
  return `${id},${month},Cleveland Police,Cleveland Police,${lng},${lat},${place},E01011949,Hartlepool 009A,${type},,`;
}

export const streetFile = (rows: readonly string[], end = '\n'): string => [streetHeader, ...rows, ''].join(end);

/** A square council from 1.3 to 1.2 degrees west and 54.6 to 54.7 north, with Hartlepool's code. */
export const squareCouncil = JSON.stringify({
  type: 'FeatureCollection',
  features: [{
    type: 'Feature', properties: { LADCD: 'E06000001', LADNM: 'Hartlepool' },
    geometry: { type: 'Polygon', coordinates: [[[-1.3, 54.6], [-1.2, 54.6], [-1.2, 54.7], [-1.3, 54.7], [-1.3, 54.6]]] },
  }],
});

/** Writes files into a folder of their own, gone when the tests' process ends; returns the folder. */
export function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'import-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.setMaxListeners(0);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export interface Extra {
  readonly options?: ImportOptions;
  readonly mapping?: NamedMapping;
}

/** Imports paths as the command line does; names are shown below the folder given as `from`. */
export function importInto(database: TestDatabase, paths: readonly string[], extra: Extra = {}): Promise<ImportReport> {
  const runId = randomUUID();
  return importFiles({
    db: database.db,
    actor: { personId: null, role: 'test' },
    runId,
    folder: join(database.config.dataDir, 'imports', runId),
    inputs: paths.map((path) => ({ path, name: path.split('/').at(-1) ?? path })),
    options: extra.options ?? {},
    ...(extra.mapping ? { mapping: extra.mapping } : {}),
    report: () => undefined,
  });
}
