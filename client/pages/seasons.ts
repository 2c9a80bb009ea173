/** How much of a year each calendar month holds, from whole years. */
import { z } from 'zod';
import { getSeasons } from '../../server/insight/patternsContract.ts';
import { call } from '../api.ts';
import { chart } from '../chart.ts';
import { count, decimal, period, shortMonth } from '../format.ts';
import { facts, section } from '../frame.ts';
import { html, nothing } from '../html.ts';
import { createTable, type Column } from '../table.ts';
import { insightPage } from './insight/page.ts';
import { askedOf, filterAddress } from './map/filters.ts';
import { provenanceColumns } from './map/words.ts';

type Answer = z.output<typeof getSeasons.output>;
type Row = Answer['index'][number];

const address = z.object(filterAddress);
const names = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

export const seasonsPage = insightPage<z.output<typeof address>, Answer>({
  title: 'Seasons', what: 'the seasonal index', address,
  lead: 'Each calendar month’s incidents against an average month of its own year. A summer is compared with the summer before, never with the winter.',
  ask: (asked, signal) => call(getSeasons, askedOf(asked), { signal }),
  periodOf: ({ months }) => ({ from: months[0]?.month, to: months.at(-1)?.month }),
  body: (redraw) => {
    let answer: Answer | undefined;
    const table = createTable<Row>({
      caption: 'Seasonal index', rowId: (row) => String(row.month), redraw, columns, narrow: 'scroll', about: () => provenanceColumns(answer?.provenance, [['Whole years', answer?.wholeYears.join(' ') ?? ''], ['Method version', answer?.methodVersion ?? '']]),
    });
    return (next) => {
      answer = next;
      const most = [...next.index].sort((a, b) => (b.index ?? 0) - (a.index ?? 0))[0];
      return html`${next.wholeYears.length === 0 ? nothing : html`${facts([
        { label: 'Whole years', value: count(next.wholeYears.length), note: next.wholeYears.join(', ') },
        { label: 'Highest month', value: names[(most?.month ?? 1) - 1] ?? '', note: `${decimal(most?.index ?? 1, 2)} times an average month` },
        { label: 'Incidents', value: count(next.n), note: period(next.months[0]?.month ?? '', next.months.at(-1)?.month ?? '') },
      ])}${chart({
        kind: 'bar', title: 'Seasonal index', about: `1 is an average month; years ${next.wholeYears.join(', ')}`, labels: names.map((name) => name.slice(0, 3)), write: (value) => decimal(value, 2),
        series: [{ name: 'Index', values: next.index.map((row) => row.index) }],
      })}${section('By calendar month', table.view(next.index))}`}
      ${chart({ kind: 'line', title: 'Incidents a month', about: `n = ${count(next.n)}`, labels: next.months.map((row) => shortMonth(row.month)), write: count, whole: true, series: [{ name: 'Incidents', values: next.months.map((row) => row.n) }] })}
      <p class="section__lead">With one or two whole years the index is as much chance as season: the lowest and highest year of each month show how far apart they were.</p>`;
    };
  },
});

const columns: readonly Column<Row>[] = [
  { key: 'month', label: 'Month', value: (row) => names[row.month - 1] ?? '' },
  { key: 'index', label: 'Index', hint: 'Times an average month of the same year', kind: 'decimal', digits: 2, value: (row) => row.index },
  { key: 'low', label: 'Lowest year', kind: 'decimal', digits: 2, value: (row) => row.low, missing: 'one year only' },
  { key: 'high', label: 'Highest year', kind: 'decimal', digits: 2, value: (row) => row.high, missing: 'one year only' },
];
