/** LibreOffice as a second reader of our workbooks: it opens the file and writes what it understood. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const limitMs = 150_000;

export type OfficeFormat = 'xlsx' | 'fods' | 'pdf';

/**
 * Opens a workbook in LibreOffice, which gets a profile of its own, and returns the file it saved.
 * Throws when it is not installed or could not open the file: without a window it cannot ask whether to repair, so it refuses.
 */
export async function openAndSave(workbook: Buffer, format: OfficeFormat): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'office-'));
  try {
    const source = join(folder, 'given.xlsx');
    writeFileSync(source, workbook);
    const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile')).href}`;
    const saved = join(folder, 'saved');
    const { stderr } = await soffice([profile, '--headless', '--norestore', '--convert-to', format, '--outdir', saved, source]);
    return readSaved(join(saved, `given.${format}`), stderr);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function soffice(args: readonly string[]): Promise<{ stderr: string }> {
  try {
    return await promisify(execFile)('soffice', [...args], { timeout: limitMs });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error('LibreOffice is not installed, so nothing says that workbooks open in it. Install the package libreoffice-calc-nogui.', { cause: error });
    throw error;
  }
}

function readSaved(path: string, complaints: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`LibreOffice did not open the workbook: ${complaints}`, { cause: error });
  }
}
