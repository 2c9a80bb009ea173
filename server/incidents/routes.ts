/** Imports, sources and quality over HTTP. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { recordEvent } from '../audit.ts';
import { invalid, notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { listOrganisations } from '../people/queries.ts';
import { getQuality, importFaults, type ImportOptions, listImports, listMappings, listSources, type QualityMonth, saveMapping, startImport } from './contract.ts';
import { listQuality, listSourcesHeld } from './queries.ts';
import { faultsCsv } from './report.ts';
import { findFaults, listColumnMappings, listRuns, saveColumnMapping } from './runQueries.ts';
import type { ImportInput } from './uploadWork.ts';

export function incidentRoutes(mount: Mount): void {
  mount(startImport, async ({ db, input, file, config, jobs, actor }) => {
    const { fileName, ...options } = input;
    if (!file || file.size === 0) throw invalid([{ field: 'file', message: 'The file is empty. Get it again, then send it.' }]);
    await refuseUnknown(db, options);
    const runId = randomUUID();
    const folder = join(config.dataDir, 'imports', runId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, 'upload');
    await rename(file.path, path);
    const task: ImportInput = { runId, folder, path, name: shownName(fileName), options };
    const jobId = await jobs.enqueue(db, 'import', task, actor);
    await recordEvent(db, actor, { action: 'importStarted', subjectKind: 'import_run', subjectId: runId, after: { file: task.name, bytes: file.size } });
    return { jobId };
  });

  mount(listImports, async ({ db }) => {
    const imports = await listRuns(db);
    // Where the service keeps its files is nobody's business but the operator's.
    return { imports: imports.map((run) => ({ ...run, figures: run.figures && { ...run.figures, reportPath: null } })) };
  });

  mount(importFaults, async ({ db, input }) => {
    const faults = await findFaults(db, input.id);
    if (!faults) throw notFound('import');
    return { fileName: `refused-${input.id.slice(0, 8)}.csv`, body: Buffer.from(faultsCsv(faults)) };
  });

  mount(saveMapping, async ({ db, input, actor }) => {
    await saveColumnMapping(db, input.name, input.mapping);
    await recordEvent(db, actor, { action: 'columnMappingSaved', subjectKind: 'column_mapping', subjectId: input.name, after: input.mapping });
    return input;
  });

  mount(listMappings, async ({ db }) => ({ mappings: await listColumnMappings(db) }));

  mount(listSources, async ({ db }) => ({ sources: await listSourcesHeld(db) }));

  mount(getQuality, async ({ db, input, scope }) => {
    const months = await listQuality(db, {
      councils: scope.councils, ...(input.from ? { from: input.from } : {}), ...(input.to ? { to: input.to } : {}), ...(input.source ? { source: input.source } : {}),
    });
    return { months, total: totalOf(months) };
  });
}

/** What the page can be told at once, before the file waits its turn. */
async function refuseUnknown(db: Parameters<typeof listOrganisations>[0], options: ImportOptions): Promise<void> {
  const known = (await listOrganisations(db)).flatMap(({ kind, councilCode }) => (kind !== 'council' || councilCode === null ? [] : [councilCode]));
  const unknown = options.council?.find((code) => !known.includes(code));
  if (unknown !== undefined) throw invalid([{ field: 'council', message: `The service knows no council "${unknown}". Use one of: ${known.join(', ')}.` }]);
  if (options.mapping === undefined) return;
  const names = (await listColumnMappings(db)).map(({ name }) => name);
  if (!names.includes(options.mapping)) throw invalid([{ field: 'mapping', message: `There is no column mapping "${options.mapping}".${names.length ? ` Use one of: ${names.join(', ')}.` : ' Save one first.'}` }]);
}

/** The name alone: whatever folders a browser or a script put before it are not ours to know. */
function shownName(fileName: string): string {
  return fileName.replace(/^.*[/\\]/, '').replace(/\p{Cc}/gu, '') || 'upload';
}

function totalOf(months: readonly QualityMonth[]): Record<'rows' | 'mapped' | 'outside' | 'withoutPlace' | 'excluded' | 'notShown' | 'asb', number> {
  const total = { rows: 0, mapped: 0, outside: 0, withoutPlace: 0, excluded: 0, notShown: 0, asb: 0 };
  for (const month of months) for (const what of Object.keys(total) as (keyof typeof total)[]) total[what] += month[what];
  return total;
}
