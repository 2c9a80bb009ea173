/** The tables of the data page: months, sources, places, imports. */
import { importFaults, type ImportRun, type QualityMonth, type SourceSummary } from '../../server/incidents/contract.ts';
import type { PlaceSet } from '../../server/places/contract.ts';
import { fileAddress } from '../api.ts';
import { count, period, shortMonth } from '../format.ts';
import { html, nothing, type Content } from '../html.ts';
import { tag } from '../states.ts';
import type { Column } from '../table.ts';
import { figuresOf } from './dataUpload.ts';

export const monthColumns: readonly Column<QualityMonth>[] = [
  { key: 'month', label: 'Month', kind: 'month', value: (row) => row.month },
  { key: 'source', label: 'Source', value: (row) => row.source },
  { key: 'rows', label: 'Rows', kind: 'count', value: (row) => row.rows, sum: true },
  { key: 'mapped', label: 'In councils', kind: 'count', value: (row) => row.mapped, sum: true },
  { key: 'outside', label: 'Outside', kind: 'count', value: (row) => row.outside, sum: true, hint: 'With a place, outside every council of the grant' },
  { key: 'nowhere', label: 'Without a place', kind: 'count', value: (row) => row.withoutPlace, sum: true },
  { key: 'excluded', label: 'Excluded', kind: 'count', value: (row) => row.excluded, sum: true, hint: 'At an excluded geocode: kept, and in no map or analysis' },
  { key: 'hidden', label: 'Not shown', kind: 'count', value: (row) => row.notShown, sum: true, hint: 'Rows you may not see' },
  { key: 'asb', label: 'ASB', kind: 'count', value: (row) => row.asb, sum: true, hint: 'Anti-social behaviour, of the rows you may see' },
  { key: 'replaced', label: 'Replaced', kind: 'count', value: (row) => row.timesReplaced, hint: 'How often the month has come again' },
  { key: 'at', label: 'Imported', kind: 'instant', value: (row) => row.importedAt },
];

const precision = { minute: 'to the minute', day: 'to the day', month: 'month only: no hour or weekday can be read from it' };
const exactness = { exact: 'exact points', snapped: 'snap points: the nearest of a fixed set, not the place itself', area: 'the middle of an area' };

export const sourceColumns: readonly Column<SourceSummary>[] = [
  { key: 'name', label: 'Source', value: (row) => row.name, show: (row) => html`<b>${row.name}</b> ${row.demonstration ? tag('Demonstration data', 'warning') : nothing}<br><code>${row.code}</code>` },
  { key: 'period', label: 'Months', value: (row) => monthsOf(row) },
  { key: 'gaps', label: 'Missing between', value: (row) => gapsOf(row) },
  { key: 'rows', label: 'Rows', kind: 'count', value: (row) => row.rows, sum: true },
  { key: 'time', label: 'Time', value: (row) => precision[row.timePrecision] },
  { key: 'place', label: 'Place', value: (row) => exactness[row.locationPrecision] },
  { key: 'publisher', label: 'Published by', value: (row) => `${row.publisher}; ${row.licence}. ${row.attribution}` },
];

function monthsOf(row: SourceSummary): string {
  return row.firstMonth && row.lastMonth ? `${period(row.firstMonth, row.lastMonth)} (${count(row.months)})` : 'none';
}

function gapsOf(row: SourceSummary): string {
  if (row.gaps.length === 0) return 'none';
  return row.gaps.length > 6 ? `${count(row.gaps.length)} months` : row.gaps.map(shortMonth).join(', ');
}

const whats = { boundaries: 'Boundaries', population: 'Population', deprivation: 'Deprivation', lookup: 'Lookup' };

export const placeColumns: readonly Column<PlaceSet>[] = [
  { key: 'what', label: 'What', value: (row) => whats[row.what] },
  { key: 'kind', label: 'Of', value: (row) => row.kind },
  { key: 'from', label: 'From', value: (row) => (row.from === '1900-01-01' ? 'the beginning' : row.from) },
  { key: 'to', label: 'Until', value: (row) => row.to ?? '' },
  { key: 'rows', label: 'Rows', kind: 'count', value: (row) => row.rows },
  { key: 'source', label: 'Source', value: (row) => `${row.source}. ${row.attribution}` },
];

export const importColumns: readonly Column<ImportRun>[] = [
  { key: 'at', label: 'Started', kind: 'instant', value: (row) => row.startedAt },
  { key: 'by', label: 'By', value: (row) => row.by ?? 'command line' },
  { key: 'files', label: 'Files', value: (row) => row.label },
  { key: 'state', label: 'Ended', value: stateOf, show: (row) => tag(stateOf(row), row.problem || row.figures?.filesRefused ? 'danger' : row.finishedAt ? 'good' : 'info') },
  { key: 'figures', label: 'What it brought', value: (row) => (row.figures ? figuresOf(row.figures) : (row.problem ?? '')), show: importView },
];

/** Long work is stopped after half an hour; an import without an end after that was killed. */
const longestRunMs = 60 * 60_000;

function stateOf(row: ImportRun): string {
  if (row.problem) return 'Failed';
  if (!row.finishedAt) return Date.now() - Date.parse(row.startedAt) > longestRunMs ? 'Stopped before its end' : 'Running';
  const refused = row.figures?.filesRefused ?? 0;
  return refused ? `${count(refused)} refused` : 'Done';
}

function importView(row: ImportRun): Content {
  if (!row.figures) return row.problem ?? '';
  const { notes, filesRefused, seconds, rowsPerSecond } = row.figures;
  return html`${figuresOf(row.figures)} ${row.figures.accepted ? `${seconds.toFixed(1)} s, ${count(rowsPerSecond)} rows a second.` : ''}
    ${filesRefused ? html`<a href=${fileAddress(importFaults, { id: row.id })} download>Everything refused, with its cure (CSV)</a>` : nothing}
    ${notes.length ? html`<details><summary>${count(notes.length)} ${notes.length === 1 ? 'note' : 'notes'}</summary><ul>${notes.map((text) => html`<li>${text}</li>`)}</ul></details>` : nothing}`;
}
