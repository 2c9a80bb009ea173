/** The import of a file that was sent: the same work as from the command line, as a job. */
import { rm } from 'node:fs/promises';
import type { JobHandler } from '../jobs.ts';
import type { ImportOptions } from './contract.ts';
import { importFiles } from './importWork.ts';

export interface ImportInput {
  readonly runId: string;
  readonly folder: string;
  readonly path: string;
  /** The name the file was sent with. */
  readonly name: string;
  readonly options: ImportOptions;
}

const faultsInResult = 20;

export const importJob: JobHandler = async ({ db, input, actor, report }) => {
  const { runId, folder, path, name, options } = input as ImportInput;
  try {
    const { reportPath: _, faults, ...figures } = await importFiles({ db, actor, runId, folder, inputs: [{ path, name }], options, report });
    return { runId, ...figures, faults: faults.slice(0, faultsInResult) };
  } finally {
    await rm(path, { force: true });
  }
};
