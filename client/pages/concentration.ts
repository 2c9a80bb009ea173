/** How unevenly incidents fall on cells: the 80-20 curve, Gini and G′. */
import { z } from 'zod';
import { getConcentration } from '../../server/insight/contract.ts';
import { call } from '../api.ts';
import { chart } from '../chart.ts';
import { count, decimal, percent, period } from '../format.ts';
import { facts, section } from '../frame.ts';
import { html, nothing, type Content } from '../html.ts';
import { createTable, type Column } from '../table.ts';
import { cellSizes, choice } from './insight/fields.ts';
import { insightPage } from './insight/page.ts';
import { provenanceColumns } from './map/words.ts';
import { askedOf, filterAddress } from './map/filters.ts';

type Answer = z.output<typeof getConcentration.output>;
type Row = Answer['busiest'][number];

const address = z.object({ ...filterAddress, resolution: z.coerce.number().int().optional().catch(undefined) });

export const concentrationPage = insightPage<z.output<typeof address>, Answer>({
  title: 'Concentration', what: 'concentration', address,
  lead: 'How much of what happens happens in few places. Every cell of the area counts, the empty ones too.',
  ask: (asked, signal) => call(getConcentration, { ...askedOf(asked), ...(asked.resolution ? { resolution: asked.resolution } : {}) }, { signal }),
  fields: ({ resolution }, _choices, changed) => [choice('resolution', 'Size of cells', resolution === undefined ? undefined : String(resolution), cellSizes, changed)],
  body: (redraw) => {
    let span = '';
    let last: Answer | undefined;
    const table = createTable<Row>({ caption: 'What the busiest cells hold', rowId: (row) => String(row.cells), redraw, columns, narrow: 'scroll', period: () => span, about: () => provenanceColumns(last?.provenance, [['Method version', last?.methodVersion ?? '']]) });
    return (answer) => {
      last = answer;
      span = period(answer.provenance.from, answer.provenance.to);
      return answer.n === 0 ? nothing : html`${figures(answer)}${curve(answer)}${section('The busiest cells', table.view(answer.busiest))}${meaning}`;
    };
  },
});

function figures(answer: Answer): Content {
  const held = (wanted: number) => answer.holding.find((row) => row.incidentShare === wanted);
  const holding = (wanted: number, label: string) => ({ label, value: percent(held(wanted)?.cellShare ?? 0, 2), note: `${count(held(wanted)?.cells ?? 0)} of ${count(answer.cells)} cells` });
  return facts([
    holding(0.5, 'Cells that hold half'), holding(0.8, 'Cells that hold four fifths'),
    { label: 'Gini coefficient', value: decimal(answer.gini, 3), note: '0 even, 1 all in one cell' },
    { label: 'G′, for sparse data', value: decimal(answer.giniSparse, 3), note: 'against the most even spread so few incidents allow' },
    { label: 'Incidents', value: count(answer.n), note: `in ${count(answer.cellsWithIncidents)} cells of resolution ${answer.resolution}, ${decimal(answer.meanCellKm2, 3)} km² each on average` },
  ]);
}

/** Every second per cent of the cells up to 40 %: beyond it the curve is all but flat. */
const steps = Array.from({ length: 21 }, (_, index) => index * 0.02);

function curve(answer: Answer): Content {
  return chart({
    kind: 'line', title: 'Share of incidents held by the busiest cells',
    about: `80-20 curve to 40% of cells, ${period(answer.provenance.from, answer.provenance.to)}, n = ${count(answer.n)}, source: ${answer.provenance.sources.map((source) => source.name).join(', ')}`,
    labelsAre: 'Share of cells, busiest first', labels: steps.map((step) => percent(step, 0)), write: (value) => percent(value, 0),
    series: [{ name: 'Incidents', values: steps.map((step) => shareAt(answer, step)) }, { name: 'If spread evenly', values: steps }],
  });
}

/** The curve at a share of cells, straight between its points. */
function shareAt({ curve: points }: Answer, placeShare: number): number {
  const after = points.findIndex((point) => point.placeShare >= placeShare);
  const [a, b] = [points[Math.max(0, after - 1)], points[after]];
  if (!a || !b || b.placeShare === a.placeShare) return b?.incidentShare ?? 1;
  return a.incidentShare + ((b.incidentShare - a.incidentShare) * (placeShare - a.placeShare)) / (b.placeShare - a.placeShare);
}

const columns: readonly Column<Row>[] = [
  { key: 'share', label: 'Busiest cells', kind: 'percent', digits: 2, value: (row) => row.cellShare },
  { key: 'cells', label: 'Cells', kind: 'count', value: (row) => row.cells },
  { key: 'incidents', label: 'Incidents', kind: 'count', value: (row) => row.incidents },
  { key: 'held', label: 'Share of incidents', kind: 'percent', value: (row) => row.incidentShare },
];

const meaning = html`<p class="section__lead">Fewer incidents than cells look concentrated by chance alone: compare G′, not Gini, between periods, categories or councils of different size. Cells of another size give another figure.</p>`;
