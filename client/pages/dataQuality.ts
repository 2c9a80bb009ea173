/** Data quality: rows in and out with reasons, precision, repeats, what is left out, vintages, recording changes and gaps. */
import { z } from 'zod';
import { isoMonth } from '../../server/endpoint.ts';
import { getQualityPanel, type LsoaMonth, type SourceQuality } from '../../server/incidents/qualityContract.ts';
import { call } from '../api.ts';
import { fieldView } from '../fieldView.ts';
import { count, month, percent, period } from '../format.ts';
import { facts, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { onAddress, type Page, readAddress, writeAddress } from '../router.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { createExclusions, type Exclusions } from './dataExclusions.ts';
import { createNotes, type Notes } from './dataNotes.ts';
import { crossingBanners } from './map/words.ts';

type Panel = z.output<typeof getQualityPanel.output>;
type Refused = Panel['refused'][number];
type BoundarySet = Panel['boundarySets'][number];

const address = z.object({ from: isoMonth.optional().catch(undefined), to: isoMonth.optional().catch(undefined) });

export const dataQualityPage: Page = (root) => {
  let state: Loadable<Panel> = loading;
  let leave = (): void => undefined;
  const draw = (): void => render(frame({
    title: 'Data quality', width: 'wide', breadcrumbs: [{ label: 'Data', href: '/data' }],
    lead: 'What the figures rest on, and what they cannot bear: every row accounted for, how exact it is, and where counts on two sides of a date are not alike.',
  }, html`${periodFields(state, changed)}${shown(state, (panel) => view(panel, tables, exclusions, notes), { what: 'the quality of the data', retry: () => start() })}`), root);
  const tables = makeTables(draw);
  const again = (): void => start();
  const exclusions = createExclusions({ redraw: draw, changed: again });
  const notes = createNotes({ redraw: draw, changed: again });
  const changed = (name: string, value: string): void => {
    writeAddress({ [name]: value || null });
    start();
  };
  const start = (): void => {
    leave();
    const asked = readAddress(address);
    leave = load(call(getQualityPanel, { ...(asked.from ? { from: asked.from } : {}), ...(asked.to ? { to: asked.to } : {}) }), (next) => {
      if (next.at !== 'loading' || state.at !== 'ready') state = next;
      draw();
    });
  };
  start();
  const stopListening = onAddress(start);
  return () => {
    leave();
    stopListening();
    exclusions.leave();
  };
};

function periodFields(state: Loadable<Panel>, changed: (name: string, value: string) => void): Content {
  const asked = readAddress(address);
  const panel = state.at === 'ready' ? state.value : undefined;
  return html`<div class="mapframe__filters"><div class="form form--row" role="search" aria-label="Period">
    ${fieldView({ kind: 'month', name: 'from', label: 'From', required: true, value: asked.from ?? panel?.from }, { formId: 'quality', onChange: (value) => changed('from', value) })}
    ${fieldView({ kind: 'month', name: 'to', label: 'To', required: true, value: asked.to ?? panel?.to }, { formId: 'quality', onChange: (value) => changed('to', value) })}
  </div></div>`;
}

function makeTables(redraw: () => void) {
  return {
    sources: createTable<SourceQuality>({ caption: 'Precision and repeats by source', rowId: (row) => row.code, redraw, columns: sourceColumns, tools: false }),
    refused: createTable<Refused>({ caption: 'Why rows were refused, all imports', rowId: (row) => row.rule, redraw, columns: refusedColumns, tools: false, limit: 10, empty: 'No row has been refused.' }),
    lsoas: createTable<LsoaMonth>({ caption: 'LSOA codes by census', rowId: (row) => row.month, redraw, columns: lsoaColumns, tools: false, limit: 12 }),
    sets: createTable<BoundarySet>({ caption: 'Boundaries by the dates they are in force', rowId: (row) => `${row.kind} ${row.validFrom} ${row.validTo ?? ''}`, redraw, columns: setColumns, tools: false }),
  };
}

function view(panel: Panel, tables: ReturnType<typeof makeTables>, exclusions: Exclusions, notes: Notes): Content {
  const { total } = panel;
  const parts = [`${count(total.mapped)} in councils`, `${count(total.outside)} outside`, `${count(total.withoutPlace)} without a place`, `${count(total.excluded)} at excluded geocodes`, ...(total.notShown ? [`${count(total.notShown)} not shown to you`] : [])];
  return html`
    ${crossingBanners(panel.crossings)}
    ${panel.missingMonths.length ? note('warning', `No data at all for ${panel.missingMonths.map(month).join(', ')}.`) : nothing}
    ${panel.recountsDue ? note('info', `${count(panel.recountsDue)} months are being counted again, since boundaries or excluded geocodes changed. Maps and analyses show the counts from before until then.`) : nothing}
    ${section('Rows in and out', html`${facts([
      { label: 'Rows imported', value: count(total.rows), note: `${period(panel.from, panel.to)}: = ${parts.join(' + ')}` },
      { label: 'Used by maps and analyses', value: total.rows === 0 ? '0' : percent(total.mapped / total.rows), note: `${count(total.mapped)} rows` },
    ])}${tables.refused.view(panel.refused)}`, { lead: 'A file with a fault is refused whole; its rows are not among those imported.' })}
    ${section('Precision and repeats', tables.sources.view(panel.sources), { lead: 'Identical rows are separate incidents and are never removed. Where most cells hold one point, a map of such cells shows the list of points, not the disorder.' })}
    ${section('Recording changes and gaps', notes.view(panel.notes), { lead: 'Every comparison that crosses one of these says so: analyses, back-tests, baselines, trends and returns.' })}
    ${section('Excluded geocodes', exclusions.view(panel.exclusions), { lead: 'Places where incidents are put when nobody knows where they happened. Their rows are kept and counted as excluded; maps and analyses leave them out.' })}
    ${section('Vintages of areas', html`${lsoaWords(panel)}${when(panel.lsoaLookup, () => tables.lsoas.view(panel.lsoas))}${tables.sets.view(panel.boundarySets)}`)}`;
}

function lsoaWords({ lsoas, lsoaLookup, boundarySets, from, to }: Panel): Content {
  const sum = (pick: (one: LsoaMonth) => number): number => lsoas.reduce((total, one) => total + pick(one), 0);
  const wards = boundarySets.filter(({ kind, inPeriod, validFrom }) => kind === 'ward' && inPeriod && validFrom.slice(0, 7) > from && validFrom.slice(0, 7) <= to);
  return html`
    ${lsoaLookup ? html`<p>${count(sum((one) => one.both))} rows carry LSOA codes of both censuses, ${count(sum((one) => one.only2011))} of 2011 only, ${count(sum((one) => one.only2021))} of 2021 only, ${count(sum((one) => one.unknown))} of neither; ${count(sum((one) => one.none))} carry none.</p>`
      : note('info', 'Import the lookup of 2011 to 2021 LSOAs to see which census the codes of the rows are of.')}
    ${wards.length ? note('warning', `Ward boundaries change within the period, on ${[...new Set(wards.map(({ validFrom }) => validFrom))].join(', ')}: counts by ward before and after are not of the same areas.`) : nothing}`;
}

const exactness: Record<string, string> = { exact: 'exact points', snapped: 'snap points', area: 'middles of areas' };
const timing: Record<string, string> = { minute: 'to the minute', day: 'to the day', month: 'month only' };
const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const sourceColumns: readonly Column<SourceQuality>[] = [
  { key: 'name', label: 'Source', value: (row) => row.name },
  { key: 'rows', label: 'Rows', kind: 'count', value: (row) => row.rows, sum: true },
  { key: 'place', label: 'Place', value: (row) => exactness[row.locationPrecision] ?? row.locationPrecision },
  { key: 'placed', label: 'With a place', kind: 'percent', value: (row) => shareOf(row.withPlace, row.rows), missing: '–' },
  { key: 'time', label: 'Time', value: (row) => timing[row.timePrecision] ?? row.timePrecision },
  { key: 'timed', label: 'With a time', kind: 'percent', value: (row) => shareOf(row.withTime, row.rows), missing: '–' },
  { key: 'weight', label: 'Weight', hint: 'In force in the last month; see Sources', kind: 'decimal', digits: 2, value: (row) => row.weight },
  { key: 'points', label: 'Points', hint: 'Different points on the ground', kind: 'count', value: (row) => row.points },
  { key: 'most', label: 'Most at one', kind: 'count', value: (row) => row.mostAtOnePoint },
  { key: 'identical', label: 'Identical rows', hint: 'Alike in point, kind, month and time', kind: 'percent', value: (row) => shareOf(row.identicalRows, row.rows), missing: '–' },
  { key: 'one9', label: 'One-point cells, 9', hint: 'Occupied cells of resolution 9 that hold a single point', kind: 'percent', value: (row) => shareOf(row.cells9OfOnePoint, row.cells9), missing: '–' },
  { key: 'one10', label: 'One-point cells, 10', hint: 'Occupied cells of resolution 10 that hold a single point', kind: 'percent', value: (row) => shareOf(row.cells10OfOnePoint, row.cells10), missing: '–' },
  { key: 'missing', label: 'Months missing', value: (row) => (row.missingMonths.length > 6 ? `${row.missingMonths.length} months` : row.missingMonths.map(month).join(', ') || 'none') },
];

const refusedColumns: readonly Column<Refused>[] = [
  { key: 'rule', label: 'Rule', value: (row) => row.rule },
  { key: 'cure', label: 'Cure', value: (row) => row.cure },
  { key: 'rows', label: 'Rows', hint: 'At most a thousand faults a file are kept', kind: 'count', value: (row) => row.rows, sum: true },
  { key: 'files', label: 'Files', kind: 'count', value: (row) => row.files },
];

const lsoaColumns: readonly Column<LsoaMonth>[] = [
  { key: 'month', label: 'Month', kind: 'month', value: (row) => row.month },
  { key: 'both', label: 'Both', hint: 'Codes that did not change', kind: 'count', value: (row) => row.both, sum: true },
  { key: 'only2011', label: '2011 only', kind: 'count', value: (row) => row.only2011, sum: true },
  { key: 'only2021', label: '2021 only', kind: 'count', value: (row) => row.only2021, sum: true },
  { key: 'unknown', label: 'Unknown', kind: 'count', value: (row) => row.unknown, sum: true },
  { key: 'none', label: 'No code', kind: 'count', value: (row) => row.none, sum: true },
];

const kinds: Record<string, string> = { council: 'Councils', ward: 'Wards', lsoa: 'LSOAs' };

const setColumns: readonly Column<BoundarySet>[] = [
  { key: 'kind', label: 'Areas', value: (row) => kinds[row.kind] ?? row.kind },
  { key: 'from', label: 'From', value: (row) => (row.validFrom === '1900-01-01' ? 'the beginning' : row.validFrom) },
  { key: 'to', label: 'Until before', value: (row) => row.validTo, missing: 'no end set' },
  { key: 'areas', label: 'Areas', kind: 'count', value: (row) => row.areas },
  { key: 'used', label: 'In the period', value: (row) => (row.inPeriod ? 'yes' : 'no') },
];
