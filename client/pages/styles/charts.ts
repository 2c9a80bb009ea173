/** Charts: lines, bars and stacks, with a gap and a mark. */
import { chart } from '../../chart.ts';
import { count, decimal, shortMonth, wholePounds } from '../../format.ts';
import { section } from '../../frame.ts';
import { html, type Content } from '../../html.ts';
import { sampleMonths } from './samples.ts';

const labels = sampleMonths.map(shortMonth);

export function chartSamples(): Content {
  return section('Charts', html`<div class="samples">
    ${chart({ kind: 'line', title: 'Incidents a month', about: 'All agreed hotspots · n = 2,106 · made-up figures', labels, write: count, whole: true, marks: [{ at: 'Aug 2023', label: 'Patrols start' }],
      series: [{ name: 'This year', values: [182, 201, 214, 246, 231, 190, 158, 141, null, 139, 128, 150] }, { name: 'Year before', values: [171, 188, 205, 229, 240, 214, 197, 176, 160, 158, 149, 163] }] })}
    ${chart({ kind: 'bar', title: 'Patrol-hours by council', about: 'October 2023 · made-up figures', labelsAre: 'Council', labels: ['Hartlepool', 'Middlesbrough', 'Redcar', 'Stockton'], write: (value) => decimal(value, 0), missing: 'not started',
      series: [{ name: 'Planned', values: [310, 420, null, 365] }, { name: 'Delivered', values: [284, 431, null, 301] }] })}
    ${chart({ kind: 'stacked', title: 'Spend against the award', about: 'Made-up figures', labels: labels.slice(3), write: (pence) => wholePounds(pence),
      series: [{ name: 'Actual', values: [0, 1_900_000, 4_100_000, 7_300_000, 11_200_000, 15_000_000, 15_000_000, 15_000_000, 15_000_000] }, { name: 'Committed', values: [3_000_000, 4_200_000, 5_000_000, 5_100_000, 6_000_000, 6_400_000, 9_800_000, 13_900_000, 18_000_000] }, { name: 'Forecast', values: [0, 0, 0, 0, 0, 0, 4_000_000, 8_200_000, 13_000_000] }] })}
  </div>`);
}
