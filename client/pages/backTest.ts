/** How well each way of choosing places would have done: month after month, chosen beforehand, counted afterwards. */
import { z } from 'zod';
import { getBackTest, type BackTestMonth, type WayScore } from '../../server/insight/contract.ts';
import { call } from '../api.ts';
import { chart } from '../chart.ts';
import { change, count, decimal, month as monthWords, percent, period, shortMonth } from '../format.ts';
import { facts, section } from '../frame.ts';
import { html, when, type Content } from '../html.ts';
import { note } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { provenanceColumns } from './map/words.ts';
import { cellSizes, choice } from './insight/fields.ts';
import { insightPage } from './insight/page.ts';
import { askedOf, filterAddress } from './map/filters.ts';

type Answer = z.output<typeof getBackTest.output>;
type Mean = Answer['means'][number];
type Score = WayScore & { month: string; n: number };

const address = z.object({
  ...filterAddress, resolution: z.coerce.number().int().optional().catch(undefined), areaShare: z.coerce.number().optional().catch(undefined),
});

const areaShares = [{ value: 'any', label: 'As set (usually 1%)' }, { value: '0.005', label: '0.5%' }, { value: '0.01', label: '1%' }, { value: '0.02', label: '2%' }, { value: '0.05', label: '5%' }];

export const backTestPage = insightPage<z.output<typeof address>, Answer>({
  title: 'Back-test', what: 'the back-test', address,
  lead: 'Each month is tested on the months before it: places are marked from what was known then, and the month’s incidents are counted there. From and to are the months tested.',
  ask: (asked, signal) => call(getBackTest, { ...askedOf(asked), ...(asked.resolution ? { resolution: asked.resolution } : {}), ...(asked.areaShare ? { areaShare: asked.areaShare } : {}) }, { signal }),
  fields: ({ resolution, areaShare }, _choices, changed) => [
    choice('areaShare', 'Area marked', areaShare === undefined ? undefined : String(areaShare), areaShares, changed),
    choice('resolution', 'Size of cells', resolution === undefined ? undefined : String(resolution), cellSizes, changed),
  ],
  periodOf: ({ months }) => ({ from: months[0]?.month, to: months.at(-1)?.month }),
  body: (redraw) => {
    let span = '';
    let last: Answer | undefined;
    const about = () => provenanceColumns(last?.provenance, [['Area marked', String(last?.areaShare ?? '')], ['Months learnt from', String(last?.trainMonths ?? '')], ['Method version', last?.methodVersion ?? '']]);
    const means = createTable<Mean>({ caption: 'Averages over the months tested', rowId: (row) => row.way, redraw, columns: meanColumns, about, period: () => span });
    const months = createTable<Score>({ caption: 'Back-test by month', rowId: (row) => `${row.month} ${row.way}`, redraw, columns: monthColumns, narrow: 'scroll', about, period: () => span });
    return (answer) => {
      last = answer;
      span = period(answer.months[0]?.month ?? answer.provenance.from, answer.months.at(-1)?.month ?? answer.provenance.to);
      return html`${figures(answer)}${section('Which way catches most', means.view(answer.means))}${monthChart(answer)}
        ${when(answer.skipped.length > 0, () => note('info', `Not tested: ${answer.skipped.map((one) => `${monthWords(one.month)} (${one.why})`).join('; ')}.`))}
        ${section('Month by month', months.view(answer.months.flatMap(rowsOf)))}${meaning}`;
    };
  },
});

const rowsOf = ({ month, n, scores }: BackTestMonth): Score[] => scores.map((score) => ({ ...score, month, n }));

function figures({ means, months, areaShare, areaKm2, n, trainMonths }: Answer): Content {
  const mean = (way: Mean['way']): Mean | undefined => means.find((one) => one.way === way);
  return facts([
    { label: 'Hit rate, smoothed rate', value: percent(mean('smoothed')?.hitRate ?? 0), note: `${intervalWords(mean('smoothed'))}of the next month’s incidents, in ${percent(areaShare, 1)} of the area` },
    { label: 'PAI', value: decimal(mean('smoothed')?.pai ?? 0, 1), note: 'times what a blind choice catches' },
    { label: 'PEI', value: decimal(mean('smoothed')?.pei ?? 0, 2), note: 'of the best possible choice, known afterwards' },
    { label: 'Months tested', value: count(months.length), note: `${count(n)} incidents; learnt from ${trainMonths} months each` },
    { label: 'Area marked', value: `${decimal(areaKm2 * areaShare, 1)} km²`, note: `of ${decimal(areaKm2, 0)} km²` },
  ]);
}

const intervalWords = (mean: Mean | undefined): string => (mean && mean.hitRateLow !== null && mean.hitRateHigh !== null ? `95% interval ${percent(mean.hitRateLow)} to ${percent(mean.hitRateHigh)}; ` : '');

function monthChart({ months, means, areaShare }: Answer): Content {
  return chart({
    kind: 'line', title: 'Hit rate by month', about: `Share of each month’s incidents in the ${percent(areaShare, 1)} of the area marked beforehand`,
    labels: months.map((one) => shortMonth(one.month)), write: (value) => percent(value, 0),
    series: means.map(({ way, name }) => ({ name, values: months.map((one) => one.scores.find((score) => score.way === way)?.hitRate ?? null) })),
  });
}

const scoreColumns: readonly Column<Pick<Score, 'hitRate' | 'pai' | 'pei' | 'ser'>>[] = [
  { key: 'hitRate', label: 'Hit rate', hint: 'Share of the month’s incidents in the area marked', kind: 'percent', value: (row) => row.hitRate },
  { key: 'pai', label: 'PAI', hint: 'Predictive accuracy index: hit rate over the share of the area', kind: 'decimal', value: (row) => row.pai },
  { key: 'pei', label: 'PEI', hint: 'Prediction efficiency index: PAI over the best PAI possible, 0 to 1', kind: 'decimal', digits: 2, value: (row) => row.pei },
  { key: 'ser', label: 'Per km²', hint: 'Incidents caught per km² marked', kind: 'decimal', value: (row) => row.ser },
];

const meanColumns: readonly Column<Mean>[] = [
  { key: 'name', label: 'Way of choosing', value: (row) => row.name },
  ...scoreColumns,
  { key: 'low', label: 'Hit rate from', hint: 'Lower end of the mean’s 95% interval, by how much months differ', kind: 'percent', value: (row) => row.hitRateLow, missing: 'one month only' },
  { key: 'high', label: 'Hit rate to', hint: 'Upper end of the mean’s 95% interval', kind: 'percent', value: (row) => row.hitRateHigh, missing: 'one month only' },
  { key: 'less', label: 'Against smoothed', hint: 'Hit rate less the smoothed rate’s, month by month, with its 95% interval', value: (row) => differenceWords(row) },
  { key: 'about', label: 'What it is', value: (row) => row.about },
];

function differenceWords({ way, less, lessLow, lessHigh }: Mean): string {
  if (way === 'smoothed') return '–';
  if (lessLow === null || lessHigh === null) return change(less);
  return `${change(less)} (${change(lessLow)} to ${change(lessHigh)})${lessLow <= 0 && lessHigh >= 0 ? ', not told apart' : ''}`;
}

const monthColumns: readonly Column<Score>[] = [
  { key: 'month', label: 'Month', kind: 'month', value: (row) => row.month },
  { key: 'name', label: 'Way of choosing', value: (row) => row.name },
  { key: 'n', label: 'Incidents', kind: 'count', value: (row) => row.n },
  { key: 'cells', label: 'Cells marked', kind: 'count', value: (row) => row.cells },
  { key: 'areaShare', label: 'Area', kind: 'percent', digits: 2, value: (row) => row.areaShare },
  { key: 'hits', label: 'Caught', kind: 'decimal', value: (row) => row.hits },
  ...scoreColumns,
  { key: 'low', label: 'Hit rate from', hint: 'Wilson’s 95% interval', kind: 'percent', value: (row) => row.hitRateLow },
  { key: 'high', label: 'Hit rate to', hint: 'Wilson’s 95% interval', kind: 'percent', value: (row) => row.hitRateHigh },
];

const meaning = html`<p class="section__lead">These figures compare ways of choosing on the same cells and the same area. Never choose a size of cell by them: points moved to a fixed list make small cells look better than they are. Of equally ranked cells those with fewest incidents are taken first, so a tie never flatters.</p>`;
