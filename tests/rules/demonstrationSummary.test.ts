import { expect, test } from 'vitest';
import { summaryLines } from '../../server/demonstration/summary.ts';

test('the main job is told in five lines, each with its period', () => {
  expect(summaryLines({
    incidents: { from: '2021-07', to: '2024-06', in: 96_363, asb: 49_587, mapped: 95_811, outside: 84, withoutPlace: 419, excluded: 49 },
    hotspots: { from: '2022-07', to: '2023-06', cells: 5812, candidates: 420, agreed: 19, liveFrom: '2023-07-01' },
    hours: { week: '2023-10-02', visits: 369, personMinutes: 11_070, agreements: 4, spentPence: 3_289_200, weekPence: 3_291_400, gap: 0.00042 },
    patrols: { from: '2023-08-14', to: '2024-03-31', patrols: 1461, visits: 4216, personMinutes: 179_760 },
    return: { month: '2023-10', hotspots: 19, started: 15, file: 'data/returns/monitoring-return-2023-10.xlsx', sha256: '5b6237d1e5cd3c10ffff' },
  })).toEqual([
    'Incidents, 2021-07 to 2024-06: 96,363 in (49,587 anti-social behaviour) = 95,811 in the councils + 84 outside + 419 without a place + 49 at excluded geocodes.',
    'Hotspots, 2022-07 to 2023-06: 420 candidates among 5,812 cells; 19 agreed, live from 2023-07-01.',
    'Hours, week of 2023-10-02: 369 visits, 185 person-hours against 4 agreements, £32,892 of £32,914; gap to the bound 0.04 %.',
    'Patrols, 2023-08-14 to 2024-03-31: 1,461 patrols, 4,216 visits, 2,996 person-hours.',
    'Return, 2023-10: data/returns/monitoring-return-2023-10.xlsx, 15 of 19 hotspots patrolled, SHA-256 5b6237d1e5cd3c10…',
  ]);
});
