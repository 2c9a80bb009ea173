import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { allocateWith } from '../../server/patrols/allocation.ts';
import { loadSolver } from '../../server/patrols/solver.ts';
import { madeUpWeek } from '../bench/allocation.ts';
import { brokenLimits, visitedBy } from './allocationWeeks.ts';

it('divides 39 weeks of a council of 25 hotspots within 1 % of the bound and 512 MB, no penny lost', () => {
  const file = fileURLToPath(new URL('../bench/allocationWeeks.ts', import.meta.url));
  const found = JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' })) as Record<'mb' | 'weeks' | 'gap' | 'betterBy' | 'moneyPence', number>;
  expect(found).toMatchObject({ weeks: 39, moneyPence: 19_500_000 });
  expect(found.gap).toBeLessThanOrEqual(0.01);
  expect(found.betterBy).toBeGreaterThan(0);
  expect(found.mb).toBeLessThanOrEqual(512);
}, 180_000);

it('plans forces of 100 hotspots within 0.5 % of the bound, every limit kept: 4 of the 43 that the bench plans', async () => {
  const made = madeUpWeek(3, { councils: 4, hotspots: 100 });
  const input = { ...made, settings: { ...made.settings, targetGap: 0.005 } };
  const { agreements } = allocateWith(input, await loadSolver());
  for (const [index, of] of input.agreements.entries()) {
    expect(agreements[index]!.gap).toBeLessThanOrEqual(0.005);
    expect(agreements[index]!.spentPence).toBeLessThanOrEqual(of.moneyPence);
    expect(brokenLimits(input, of, visitedBy(agreements[index]!))).toEqual([]);
    expect(agreements[index]!.shortfalls).toEqual([]);
  }
}, 180_000);
