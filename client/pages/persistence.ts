/** Which places are hot month after month, on a map and in a table, with what each word means. */
import { z } from 'zod';
import { getPersistence, type PersistentCell } from '../../server/insight/patternsContract.ts';
import { call } from '../api.ts';
import { count, decimal, month, period, shortMonth } from '../format.ts';
import { facts, section } from '../frame.ts';
import { html, nothing, svg, type Content } from '../html.ts';
import { createTable, type Column } from '../table.ts';
import { cellSizes, choice } from './insight/fields.ts';
import { classMap as persistenceMap, looks } from './insight/persistenceMap.ts';
import { insightPage } from './insight/page.ts';
import { askedOf, filterAddress } from './map/filters.ts';
import { unit } from './map/layers.ts';
import { provenanceColumns } from './map/words.ts';
import { areaSwatch } from '../map/frame.ts';

type Answer = z.output<typeof getPersistence.output>;

const address = z.object({ ...filterAddress, resolution: z.coerce.number().int().optional().catch(undefined) });

export const persistencePage = insightPage<z.output<typeof address>, Answer>({
  title: 'Persistence', what: 'persistence', address,
  lead: 'Whether a place is hot month after month, newly, or no longer. Each month is tested by itself (Gi* under false-discovery control), and each place’s trend by Mann-Kendall.',
  ask: (asked, signal) => call(getPersistence, { ...askedOf(asked), ...(asked.resolution ? { resolution: asked.resolution } : {}) }, { signal }),
  fields: ({ resolution }, _choices, changed) => [choice('resolution', 'Size of cells', resolution === undefined ? undefined : String(resolution), cellSizes, changed)],
  periodOf: ({ months }) => ({ from: months[0], to: months.at(-1) }),
  body: (redraw) => {
    let answer: Answer | undefined;
    const map = persistenceMap((id) => table.select(id));
    const names = (): Map<string, string> => new Map(answer?.classes.map((one) => [one.class, one.name]));
    const table = createTable<PersistentCell>({
      caption: 'Cells hot in at least one month', rowId: (row) => row.cell, redraw, columns: columns(() => answer, names), sort: { key: 'hot', down: true }, limit: 40, narrow: 'scroll',
      onSelect: (id) => map.select(id), period: () => (answer ? period(answer.months[0] ?? '', answer.months.at(-1) ?? '') : ''),
      about: () => provenanceColumns(answer?.provenance, [['Method version', answer?.methodVersion ?? '']]),
    });
    return (next) => {
      answer = next;
      return next.n === 0 ? nothing : html`${figures(next)}${map.view(next, table.view(next.hot))}${definitions(next)}`;
    };
  },
});

function figures({ classes, cells, hot, months }: Answer): Content {
  const of = (...wanted: string[]): number => classes.filter((one) => wanted.includes(one.class)).reduce((sum, one) => sum + one.cells, 0);
  return facts([
    { label: 'Hot nine months of ten', value: count(of('intensifying', 'persistent', 'diminishing')), note: `up to ${month(months.at(-1) ?? '')}; ${count(of('intensifying'))} growing, ${count(of('diminishing'))} fading` },
    { label: 'New', value: count(of('new')), note: 'hot in the last month for the first time' },
    { label: 'On and off', value: count(of('sporadic', 'oscillating')), note: 'hot in the last month, and in some before' },
    { label: 'Ever hot', value: count(hot.length), note: `of ${count(cells)} cells, in ${months.length} months` },
  ]);
}

/** What every class means, and how many cells are of it. */
function definitions({ classes, falseDiscoveryRate }: Answer): Content {
  return section('What the words mean', html`<div class="table__scroll" role="region" tabindex="0" aria-label="Classes of persistence"><table class="table__grid table__grid--plain">
    <thead><tr><th scope="col">Class</th><th scope="col" class="is-number">Cells</th><th scope="col">Meaning</th></tr></thead>
    <tbody>${classes.map((one) => html`<tr><th scope="row"><span class="classed">${one.name}${areaSwatch(looks[one.class])}</span></th><td class="is-number">${count(one.cells)}</td><td>${one.about}</td></tr>`)}</tbody></table></div>
    <p class="section__lead">Hot: Gi* above 0 and kept under a false-discovery rate of ${falseDiscoveryRate} within the month. A cell just over the line and one just under it may be much the same: read the months, not the word alone.</p>`);
}

function columns(answer: () => Answer | undefined, names: () => Map<string, string>): readonly Column<PersistentCell>[] {
  return [
    { key: 'place', label: 'Place', value: (row) => row.place || `Cell ${row.cell.slice(3, 11)}` },
    { key: 'council', label: 'Council', value: (row) => row.council, missing: '–' },
    { key: 'class', label: 'Class', value: (row) => names().get(row.class) ?? row.class, show: (row) => html`<span class="classed">${names().get(row.class) ?? row.class}${areaSwatch(looks[row.class])}</span>` },
    { key: 'hot', label: 'Months hot', kind: 'count', value: (row) => row.hotMonths },
    { key: 'n', label: 'Incidents', kind: 'count', value: (row) => row.n, sum: true },
    { key: 'rate', label: 'Per km² a year', hint: `Incidents ${unit}`, kind: 'decimal', digits: 0, value: (row) => row.rate },
    { key: 'z', label: 'Trend z', hint: 'Mann-Kendall on the monthly Gi*: above 0 hotter, below 0 less hot', kind: 'decimal', digits: 2, value: (row) => row.trendZ },
    { key: 'p', label: 'p', kind: 'decimal', digits: 3, value: (row) => row.trendP, show: (row) => (row.trendP < 0.001 ? '<0.001' : decimal(row.trendP, 3)) },
    { key: 'months', label: 'Incidents by month', value: (row) => row.counts.join(' '), show: (row) => bars(row.counts, answer()?.months ?? []) },
    { key: 'cell', label: 'Cell', hint: 'H3 index', value: (row) => row.cell },
  ];
}

/** A bar a month, with the counts in words for who does not see them. */
function bars(counts: readonly number[], months: readonly string[]): Content {
  const most = Math.max(1, ...counts);
  const words = counts.map((n, at) => `${shortMonth(months[at] ?? '')} ${n}`).join(', ');
  return html`<svg class="months" width=${counts.length * 6} height="22" role="img" aria-label=${words}>${svg`<title>${words}</title>`}${counts.map((n, at) => svg`<rect x=${at * 6} y=${21 - (n / most) * 20} width="5" height=${Math.max(1, (n / most) * 20)} fill="#0b5d57"></rect>`)}</svg>`;
}
