/** Analysis runs beside one another, as files, and by the calendar, over HTTP. */
import type { Knex } from 'knex';
import { Piscina } from 'piscina';
import type { Mount } from '../mount.ts';
import { listRunCells } from './analysisQueries.ts';
import { getRun, loadCandidates, provenanceOfRun } from './analysisRoutes.ts';
import { exportName, runCsv, runGeoJson, runGeoPackage, type RunToExport } from './exports.ts';
import type { GpkgContent } from './geopackage.ts';
import type { Viewer } from './mapRoutes.ts';
import { compareRuns } from './runComparison.ts';
import { compareAnalyses, getAnalysisCsv, getAnalysisGeoJson, getAnalysisGeoPackage, getAnalysisSchedule } from './runsContract.ts';
import { crossingsOf } from './runCrossingQueries.ts';
import { scheduleWords } from './schedule.ts';
import { loadSchedule } from './scheduleWork.ts';

export function runsRoutes(mount: Mount): void {
  const pool = new Piscina({ filename: new URL('./geopackageWorker.ts', import.meta.url).href, minThreads: 0, maxThreads: 1, idleTimeout: 10_000 });
  const write = async (content: GpkgContent): Promise<Buffer> => Buffer.from((await pool.run(content)) as Uint8Array);

  mount(compareAnalyses, async ({ db, input, scope }) => {
    const first = await getRun(db, scope.councils, input.id);
    const second = await getRun(db, scope.councils, input.other);
    const crossings = await crossingsOf(db, [first, second]);
    return { first, second, crossings, ...compareRuns({ run: first, cells: await listRunCells(db, first) }, { run: second, cells: await listRunCells(db, second) }) };
  });

  mount(getAnalysisCsv, async ({ db, input, scope, now }) => {
    const found = await load(db, input.id, { scope: scope.councils, now });
    return { fileName: exportName(found.run, input.what, 'csv'), body: runCsv(found, input.what) };
  });
  mount(getAnalysisGeoJson, async ({ db, input, scope, now }) => {
    const found = await load(db, input.id, { scope: scope.councils, now });
    return { fileName: exportName(found.run, input.what, 'geojson'), body: runGeoJson(found, input.what) };
  });
  mount(getAnalysisGeoPackage, async ({ db, input, scope, now }) => {
    const found = await load(db, input.id, { scope: scope.councils, now });
    return { fileName: exportName(found.run, 'all', 'gpkg'), body: await write(runGeoPackage(found)) };
  });

  mount(getAnalysisSchedule, async ({ db, now }) => {
    const state = await loadSchedule(db, now);
    return { every: state.every, says: scheduleWords(state), asked: state.asked.slice(0, 24).map((one) => ({ ...one, state: one.state ?? 'gone' })) };
  });
}

async function load(db: Knex, id: string, viewer: Viewer): Promise<RunToExport> {
  const run = await getRun(db, viewer.scope, id);
  const { candidates } = await loadCandidates(db, run, viewer);
  return { run, provenance: await provenanceOfRun(db, run, viewer.scope), cells: await listRunCells(db, run), candidates: candidates as RunToExport['candidates'] };
}
