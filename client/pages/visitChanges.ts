/** What was corrected and withdrawn of recorded visits: before and after side by side, with the reason. */
import { z } from 'zod';
import { listVisitChanges, type VisitChange } from '../../server/recording/changeContract.ts';
import { staffCategoryNames, type Visit } from '../../server/patrols/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { instant, period, shortInstant } from '../format.ts';
import { frame } from '../frame.ts';
import { html, render, type Content } from '../html.ts';
import { readAddress, writeAddress, type Page } from '../router.ts';
import { emptyView, load, loading, shown, tag, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, today } from '../weeks.ts';

const parts: readonly (readonly [string, (visit: Visit) => string])[] = [
  ['Hotspot', (visit) => visit.hotspot], ['Arrived', (visit) => instant(visit.startedAt)], ['Left', (visit) => instant(visit.endedAt)], ['Persons', (visit) => String(visit.persons)],
  ['Staff', (visit) => staffCategoryNames[visit.staffCategory]], ['Wardens', (visit) => visit.wardens.join(', ') || 'none named'], ['Police', (visit) => (visit.jointWithPolice ? (visit.jointForceName ?? 'joint') : 'not joint')],
  ['Actions', (visit) => visit.actions.map(({ code, n }) => `${code.replaceAll('_', ' ')} ${n}`).join(', ') || 'none'], ['Evidence', (visit) => `class ${visit.evidenceClass}`],
  ['Patrol', (visit) => (visit.patrolReference === visit.id ? 'its own' : visit.patrolReference)], ['On foot', (visit) => (visit.onFoot ? 'yes' : 'no')], ['Extended', (visit) => (visit.extended ? 'yes' : 'no')], ['Note', (visit) => visit.note || 'none'],
];

/** What differs between before and after, in words. */
export function differences({ before, after }: Pick<VisitChange, 'before' | 'after'>): { part: string; was: string; is: string }[] {
  if (!after) return [];
  return parts.flatMap(([part, say]) => (say(before) === say(after) ? [] : [{ part, was: say(before), is: say(after) }]));
}

/** The changes of one visit, first to last. */
export function changesList(changes: readonly VisitChange[]): Content {
  return html`<ol class="reasons">${changes.map((change) => html`<li><strong>${change.kind === 'withdrawn' ? 'Withdrawn' : 'Corrected'}</strong> ${shortInstant(change.changedAt)}${change.changedBy ? ` by ${change.changedBy}` : ''}: ${change.reason}
    ${differences(change).length > 0 ? html`<ul>${differences(change).map(({ part, was, is }) => html`<li>${part}: ${was} → ${is}</li>`)}</ul>` : ''}</li>`)}</ol>`;
}

const filters = z.object({ from: z.iso.date().optional().catch(undefined), to: z.iso.date().optional().catch(undefined) });

export const visitChangesPage: Page = (root) => {
  let state: Loadable<readonly VisitChange[]> = loading;
  let leave = (): void => undefined;
  const asked = (): { from: string; to: string } => {
    const { from, to = today() } = readAddress(filters);
    return { from: from ?? addDays(to, -90), to };
  };
  const draw = (): void => render(frame({ title: 'Corrected and withdrawn visits', width: 'wide', breadcrumbs: [{ label: 'Visits', href: '/visits' }], lead: 'Every change of a recorded visit, with its reason. What a visit was is kept for good.' },
    html`${form.view()}${shown(state, body, { what: 'the changes', retry: start })}`), root);
  const table = createTable<VisitChange>({ caption: 'Changes', rowId: ({ visitId, number }) => `${visitId} ${number}`, redraw: draw, columns, sort: { key: 'when', down: true }, period: () => period(asked().from, asked().to), source: 'recorded visits' });
  const form = createForm({
    layout: 'row', submit: 'Show', redraw: draw,
    fields: () => [{ kind: 'date', name: 'from', label: 'First day', value: asked().from, required: true }, { kind: 'date', name: 'to', label: 'Last day', value: asked().to, required: true }],
    action: async ({ from, to }) => {
      writeAddress({ from: String(from), to: String(to) });
      start();
    },
  });
  const body = (changes: readonly VisitChange[]): Content => (changes.length > 0 ? table.view(changes) : emptyView('Nothing was changed in these days', 'Choose other days.'));
  const start = (): void => {
    leave();
    leave = load(call(listVisitChanges, asked()).then(({ changes }) => changes), (next) => {
      state = next;
      draw();
    });
  };
  start();
  return () => leave();
};

const columns: readonly Column<VisitChange>[] = [
  { key: 'when', label: 'Changed', kind: 'instant', value: (row) => row.changedAt },
  { key: 'kind', label: 'What', value: (row) => row.kind, show: (row) => tag(row.kind === 'withdrawn' ? 'Withdrawn' : 'Corrected', row.kind === 'withdrawn' ? 'danger' : 'info') },
  { key: 'visit', label: 'Visit', value: (row) => `${row.before.hotspot}, ${shortInstant(row.before.startedAt)}`, show: (row) => html`<a href=${`/visits/${row.visitId}`}>${row.before.hotspot}, ${shortInstant(row.before.startedAt)}</a>` },
  { key: 'difference', label: 'Was → is', value: (row) => differences(row).map(({ part, was, is }) => `${part}: ${was} → ${is}`).join('; ') || `${row.before.minutes} minutes, ${row.before.persons} persons, taken out` },
  { key: 'reason', label: 'Why', value: (row) => row.reason },
  { key: 'by', label: 'By', value: (row) => row.changedBy ?? 'not shown' },
];
