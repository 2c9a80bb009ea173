/** What a hotspot's page tells of its past: every change, and every outline with its days and its baseline. */
import type { HistoryEntry } from '../../server/changes/contract.ts';
import type { HotspotDetail } from '../../server/hotspots/hotspotContract.ts';
import { date } from '../format.ts';
import { html, type Content } from '../html.ts';
import { createTable, type Column, type Table } from '../table.ts';

const historyColumns: readonly Column<HistoryEntry>[] = [
  { key: 'what', label: 'What', value: (row) => row.what },
  { key: 'from', label: 'Holds from', kind: 'date', value: (row) => row.effectiveOn, missing: 'at once' },
  { key: 'says', label: 'Details', value: (row) => row.says },
  { key: 'reason', label: 'Reason', value: (row) => row.reason, missing: '–' },
  { key: 'at', label: 'Recorded', kind: 'instant', value: (row) => row.happenedAt },
];

export function historyTable(redraw: () => void): Table<HistoryEntry> {
  return createTable<HistoryEntry>({ caption: 'Changes', rowId: (row) => `${row.happenedAt} ${row.what}`, redraw, columns: historyColumns, tools: false, empty: 'No change is recorded.' });
}

type Outline = HotspotDetail['outlines'][number];

const outlineColumns: readonly Column<Outline>[] = [
  { key: 'from', label: 'From', kind: 'date', value: (row) => row.validFrom },
  { key: 'to', label: 'Until', kind: 'date', value: (row) => row.validTo, missing: '–' },
  { key: 'across', label: 'Metres across', kind: 'count', value: (row) => row.acrossMetres },
  { key: 'baseline', label: 'Baseline', hint: 'Incidents in the months frozen for this outline', kind: 'count', value: (row) => (row.frozen.length > 0 ? row.frozen.reduce((sum, one) => sum + one.n, 0) : null) },
  { key: 'months', label: 'Frozen for', value: (row) => (row.baselineFrom && row.baselineTo ? `${row.baselineFrom} to ${row.baselineTo}` : null), missing: '–' },
];

export function outlineTable(redraw: () => void): Table<Outline> {
  return createTable<Outline>({ caption: 'Outlines', rowId: (row) => row.id, redraw, columns: outlineColumns, tools: false });
}

const kinds = { replaced: 'replaced by', split: 'split into', merged: 'merged into' } as const;

/** Links to what took its place and what it took the place of. */
export function lineage({ successors, predecessors }: HotspotDetail): Content {
  const link = (one: { id: string; name: string }): Content => html`<a href="/hotspots/${one.id}">${one.name}</a> `;
  return html`${successors.length > 0 ? html`<p>It was ${kinds[successors[0]?.kind ?? 'replaced']} ${successors.map(link)}</p>` : ''}
    ${predecessors.length > 0 ? html`<p>It took the place of ${predecessors.map(link)}</p>` : ''}`;
}

/** Stretches it was not patrolled. */
export function pauseWords({ pauses }: HotspotDetail): Content {
  return pauses.map((pause) => html`<p>Paused from ${date(pause.from)}${pause.to ? html` to ${date(pause.to)}` : ' until further notice'}: ${pause.reason}</p>`);
}

