/** A draw is worked out in a thread of its own, and its version stands for what it gives. */
import { describe, expect, test } from 'vitest';
import { createDrawPool } from '../../server/rounds/drawPool.ts';
import type { KeptInputs } from '../../server/rounds/drawInputs.ts';
import { drawShift, plannerVersion } from '../../server/rounds/drawShift.ts';
import { shiftOf } from '../support/shifts.ts';

const seed = 'a'.repeat(64);
const members = ['accreditation', '', 'driving', 'accreditation'].map((kind, index) => ({ id: `w${index}`, reference: `H-0${index + 1}`, holds: kind === '' ? [] : [kind] }));
const kept = (hotspots: number): KeptInputs => ({ inputs: shiftOf(5, { hotspots, crews: 2 }), keys: [], crews: { crewSize: 2, members, pairs: [{ rule: 'cannot', first: 'w0', second: 'w2' }], wants: ['accreditation'] } });

describe('a draw', () => {
  test('leaves the thread that answers requests free, and is the same as one worked out there', async () => {
    let turns = 0;
    let done = false;
    const count = (): void => {
      turns += 1;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    const drawn = await createDrawPool()(kept(14), seed);
    done = true;
    expect(drawn).toEqual(drawShift(kept(14), seed));
    // Worked out on this thread, the loop would turn once or twice in all.
    expect(turns).toBeGreaterThan(100);
  });

  // Whoever changes what a seed gives raises plannerVersion in server/rounds/drawShift.ts, and writes the new hashes here beside it.
  test('gives what its version says', () => {
    expect({ version: plannerVersion, small: drawShift(kept(4), seed).hash, large: drawShift(kept(14), seed).hash }).toEqual({ version: 1, small: '9d759a44a93bca6ae1f537cd7944f077bcbd37c184d4fd0f4310abf6078f4f55', large: '374fe8f068d9ea6c50727a68806bcf8ed8e33755bdfdc1e3a0a7d00c51414ea7' });
  });
});
