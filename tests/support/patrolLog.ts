/** Patrol logs of any length as councils keep them, sound or with faults at known cells. Pure. */
import { createRandom } from '../../geo/random.ts';

export interface LogFault {
  /** As a spreadsheet names it: "D12". */
  readonly cell: string;
  readonly given: string;
}

const headings = ['hotspot', 'date', 'start', 'end', 'persons', 'staff category', 'patrol reference', 'on foot', 'informal_warning'];
const wrong: readonly (readonly [column: number, value: string])[] = [[0, 'Nowhere Street'], [1, '31/11/2023'], [2, '7 pm'], [3, 'late'], [4, 'two'], [5, 'wizard'], [7, 'perhaps'], [8, '1.5']];

/** Rows of October 2023: each its own quarter of an hour of a crew, so that nothing overlaps. One row in `every` has one wrong cell. */
export function patrolLog(hotspots: readonly string[], { rows, every, seed }: { rows: number; every: number; seed: number }): { csv: string; faults: LogFault[] } {
  const random = createRandom(seed);
  const faults: LogFault[] = [];
  const lines = Array.from({ length: rows }, (_, index) => {
    const [day, crew] = [10 + (index % 20), Math.floor(index / (20 * 48))];
    const slot = Math.floor(index / 20) % 48;
    const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    const from = 480 + slot * 20 - (slot >= 46 ? 46 * 20 : 0) - (slot >= 46 ? 60 : 0);
    const cells = [hotspots[index % hotspots.length] ?? '', `2023-10-${day}`, clock(from), clock(from + 15), '2', 'warden', `C${crew}-${day}-${slot}`, 'yes', String(index % 3)];
    if (every > 0 && index % every === every - 1) {
      const [column, value] = wrong[Math.floor(random.uniform() * wrong.length)] ?? [0, ''];
      cells[column] = value;
      faults.push({ cell: `${String.fromCharCode(65 + column)}${index + 2}`, given: value });
    }
    return cells.join(',');
  });
  return { csv: `\uFEFF${headings.join(',')}\r\n${lines.join('\r\n')}\r\n`, faults };
}
