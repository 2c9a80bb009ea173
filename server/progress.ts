/** Progress of long work on a terminal: one bar that is drawn over, nothing where the output is not a terminal. */

export function drawProgress(progress: number, step: string): void {
  if (!process.stderr.isTTY) return;
  const full = Math.round(progress * 30);
  process.stderr.write(`\r\x1b[2K[${'█'.repeat(full)}${' '.repeat(30 - full)}] ${Math.floor(progress * 100)} % ${step}`);
  if (progress >= 1) process.stderr.write('\r\x1b[2K');
}
