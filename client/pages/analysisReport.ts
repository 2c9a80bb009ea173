/** One analysis run as a report to print: what, where, how sure, method, limits, parameters, hash. */
import type { z } from 'zod';
import { type Candidate, getAnalysis, type HotCell, listCandidates, listHotCells } from '../../server/hotspots/contract.ts';
import { listBoundaries } from '../../server/places/contract.ts';
import { call } from '../api.ts';
import { count, decimal, instant, month, period } from '../format.ts';
import { button, details, facts, frame, section } from '../frame.ts';
import { html, nothing, ref, render, when, type Content } from '../html.ts';
import { drawPicture, type Picture } from '../picture.ts';
import type { Page } from '../router.ts';
import { load, note, shown } from '../states.ts';
import { createTable, type Column, type Table } from '../table.ts';
import { countsLine } from './analysis.ts';
import { stampOf } from './analysisRun.ts';
import type { Boundaries } from './map/layers.ts';
import { unit } from './map/layers.ts';
import { runPicture } from './map/runPicture.ts';
import { provenanceColumns, sourceWords } from './map/words.ts';

type Run = z.output<typeof getAnalysis.output>;

interface Found {
  readonly run: Run;
  readonly candidates: z.output<typeof listCandidates.output>;
  readonly cells: readonly HotCell[];
  readonly councils: Boundaries;
}

export const analysisReportPage: Page = (root, { id = '' }) => {
  const breadcrumbs = [{ label: 'Find hotspots', href: '/analysis' }, { label: 'Analysis', href: `/analysis/${id}` }];
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    const asked = Promise.all([call(getAnalysis, { id }), call(listCandidates, { id }), call(listHotCells, { id, limit: 5000 }), call(listBoundaries, { kind: 'council', metres: 60 })]);
    leave = load(asked, (next) => {
      if (next.at !== 'ready') return render(frame({ title: 'Report', breadcrumbs }, shown(next, () => nothing, { what: 'the report', retry: start })), root);
      const [run, candidates, { cells }, councils] = next.value;
      const found = { run, candidates, cells, councils };
      const table = createTable<Candidate>({
        caption: 'Candidates', rowId: (row) => row.cells[0] ?? '', redraw: () => draw(), columns: candidateColumns(found), sort: { key: 'rank', down: false }, limit: 40, tools: false,
        about: () => provenanceColumns(run.provenance, stampOf(run)),
      });
      const draw = (): void => render(view(found, table, breadcrumbs), root);
      draw();
    });
  };
  start();
  return () => leave();
};

function view(found: Found, table: Table<Candidate>, breadcrumbs: readonly { label: string; href: string }[]): Content {
  const { run, candidates } = found;
  const { figures, parameters } = run;
  const first = candidates.candidates[0];
  return frame({
    title: 'Where anti-social behaviour gathers', caption: period(parameters.from, parameters.to), breadcrumbs,
    lead: html`${countsLine(figures)}.`, actions: [button('Print', () => window.print(), { kind: 'main' })],
  }, html`
    ${section('What was found', html`<p>${first
      ? `Of ${count(figures.cells)} cells covering ${decimal(figures.areaKm2, 0)} km², ${count(figures.candidates)} have at least ${decimal(figures.minimumCount, 0)} incidents and lie above the area’s rate of ${decimal(figures.meanRate, 1)} ${unit} beyond reasonable doubt. They form ${count(candidates.candidates.length)} places, ${first.suggestedName} in ${first.council} first, with ${count(first.n)} incidents.`
      : 'No cell has enough incidents and lies above the area’s rate beyond reasonable doubt.'}</p>
      ${figures.missingMonths.length > 0 ? note('warning', `No data for ${figures.missingMonths.map(month).join(', ')}. Rates are over the ${figures.months} months held.`) : nothing}
      ${facts([
        { label: 'Incidents', value: count(figures.mapped), note: `in ${count(figures.cellsWithIncidents)} cells` }, { label: 'Candidates', value: count(candidates.candidates.length), note: `${count(figures.candidates)} cells` },
        { label: 'The area’s rate', value: decimal(figures.meanRate, 1), note: unit }, { label: 'Hot by Gi*', value: count(figures.hotCells), note: `${count(figures.neighbourOnly)} by neighbours only` },
      ])}`)}
    ${section('Where', html`<div class="report__map" role="img" aria-label="Map of the candidates; the table below lists them" ${ref((element) => drawInto(element, found))}></div>${table.view(candidates.candidates)}`)}
    ${section('How sure', surenessView(found))}
    ${section('How it was made', details([
      ['Sources', sourceWords(run.provenance)], ['Precision', run.provenance.precision], ['Method', run.provenance.method], ['Unit', run.provenance.unit],
    ]))}
    ${section('What it cannot tell', html`<ul class="govuk-list govuk-list--bullet">${limits(run).map((words) => html`<li>${words}</li>`)}</ul>`)}
    ${section('To make it again', html`${details([
      ['Parameters', JSON.stringify(parameters)], ['Seed', String(parameters.seed ?? 'none')], ['Method version', run.methodVersion], ['Data', dataWords(run)], ['Run', `${run.id}, ${instant(run.createdAt)}${run.scheduledFor ? `, by the calendar for ${month(run.scheduledFor)}` : ''}`],
      ['Hash', html`<span class="report__hash">${run.hash}</span>`],
    ])}<p>The same parameters on the same data give the same hash, whenever it is run.</p><p class="fact__note">${run.provenance.attribution.join(' · ')}</p>`)}`);
}

/** The picture's map, drawn once the place for it stands on the page; its words stand in the report itself. */
function drawInto(element: Element | undefined, found: Found): void {
  if (!element || element.childElementCount > 0) return;
  const picture: Picture = { ...runPicture({ ...found, cells: found.cells }), notes: [] };
  element.append(drawPicture(picture));
}

function surenessView({ cells, run }: Found): Content {
  const sure = cells.filter((cell) => cell.rankLow !== null && cell.rankHigh !== null).slice(0, 10);
  return html`<p>A count could have come out otherwise with nothing different on the ground. The interval of a rate is the range that the count is compatible with 95% of the time (Garwood); the interval of a rank holds it in 90 of 100 worlds the counts could have come from${when(run.parameters.rankDraws, () => ` (${run.parameters.rankDraws} draws, seed ${run.parameters.seed ?? 0})`)}. Ranks whose intervals overlap are not told apart.</p>
    ${when(sure.length > 0, () => html`<div class="table__scroll" role="region" tabindex="0" aria-label="How sure the first ten ranks are"><table class="table__grid table__grid--plain">
      <thead><tr><th scope="col">Cell</th><th scope="col" class="is-number">Rank</th><th scope="col" class="is-number">Rank, 90%</th><th scope="col" class="is-number">Incidents</th><th scope="col" class="is-number">Rate</th><th scope="col" class="is-number">Rate, 95%</th></tr></thead>
      <tbody>${sure.map((cell) => html`<tr><th scope="row">${cell.place || cell.cell}, ${cell.council}</th><td class="is-number">${count(cell.rank)}</td><td class="is-number">${count(cell.rankLow ?? 0)} to ${count(cell.rankHigh ?? 0)}</td>
        <td class="is-number">${count(cell.n)}</td><td class="is-number">${count(cell.rate)}</td><td class="is-number">${count(cell.rateLow)} to ${count(cell.rateHigh)}</td></tr>`)}</tbody></table></div>`)}`;
}

function candidateColumns({ cells }: Found): readonly Column<Candidate>[] {
  const byCell = new Map(cells.map((cell) => [cell.cell, cell]));
  const strongest = (row: Candidate): HotCell | undefined => byCell.get(row.cells[0] ?? '');
  return [
    { key: 'rank', label: 'Rank', kind: 'count', value: (row) => row.rank },
    { key: 'name', label: 'Place', value: (row) => row.suggestedName },
    { key: 'council', label: 'Council', value: (row) => row.council },
    { key: 'ward', label: 'Ward', value: (row) => row.ward, missing: '–' },
    { key: 'n', label: 'Incidents', kind: 'count', value: (row) => row.n, sum: true },
    { key: 'rate', label: 'Rate', hint: `Incidents ${unit}`, kind: 'decimal', digits: 0, value: (row) => row.rate },
    { key: 'interval', label: 'Strongest cell, 95%', hint: 'Garwood’s interval of its strongest cell, as a rate', value: (row) => { const cell = strongest(row); return cell ? `${count(cell.rateLow)} to ${count(cell.rateHigh)}` : null; } },
    { key: 'notes', label: 'Notes', value: (row) => [...(row.hotspotName ? [`hotspot ${row.hotspotName}`] : []), ...row.tags].join(', '), missing: '' },
  ];
}

/** What a reader must not take it for. */
function limits({ provenance }: Run): string[] {
  return [
    'Incidents are what somebody reported and somebody recorded: more reporting looks like more disorder.',
    ...(provenance.sources.some((source) => source.locationPrecision === 'snapped') ? ['Published police points are moved to the nearest of a fixed list, about 76 m apart: no address can be told from them, and small cells would show the list.'] : []),
    ...(provenance.sources.some((source) => source.timePrecision === 'month') ? ['A source that gives only the month says nothing of days or hours.'] : []),
    'A rank is not a measure of harm, and rates are per km², not per resident: town centres are full of people who do not live there.',
    'The highest places of one year tend to fall back in the next by themselves: a later fall is no evidence that anything worked.',
    'Another size of cell, or another period, would give somewhat different places.',
  ];
}

function dataWords({ dataVintage }: Run): string {
  const imports = new Set(dataVintage.months.map((row) => row.importId)).size;
  return `${count(dataVintage.months.length)} months of sources from ${count(imports)} imports; boundaries ${dataVintage.boundaries.map((one) => `${one.name} (from ${one.validFrom})`).join(', ')}`;
}
