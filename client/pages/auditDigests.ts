/** The daily digests of the audit trail: whether the events of each day are still those that were sealed. */
import { listAuditDigests } from '../../server/trail/contract.ts';
import type { z } from 'zod';
import { call } from '../api.ts';
import { count, date } from '../format.ts';
import { frame } from '../frame.ts';
import { html, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { emptyView, load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';

type Digest = z.output<typeof listAuditDigests.output>['digests'][number];

export const auditDigestsPage: Page = (root) => {
  let state: Loadable<readonly Digest[]> = loading;

  const draw = (): void => render(frame({
    title: 'Daily digests', width: 'wide', breadcrumbs: [{ label: 'Audit trail', href: '/audit' }],
    lead: 'Each night the events of the day before (UTC) are sealed with a SHA-256 that includes the seal of the day before that. This page works every seal out again from the events and compares.',
  }, shown(state, body, { what: 'the digests', retry: () => void start() })), root);
  const table = createTable<Digest>({
    caption: 'Digests', rowId: (row) => row.day, redraw: draw, sort: { key: 'day', down: true }, source: 'audit trail, worked out again just now',
    columns: [
      { key: 'day', label: 'Day', kind: 'date', value: (row) => row.day },
      { key: 'holds', label: 'Seal', value: (row) => holdsWords(row), show: (row) => tag(holdsWords(row), row.holds ? 'good' : 'danger') },
      { key: 'events', label: 'Events', kind: 'count', value: (row) => row.events, sum: true },
      { key: 'sha', label: 'SHA-256', value: (row) => row.sha256, show: (row) => html`<code>${row.sha256}</code>` },
      { key: 'previous', label: 'Of the day before', value: (row) => row.previousSha256, missing: 'none: the first', show: (row) => (row.previousSha256 === null ? 'none: the first' : html`<code>${row.previousSha256}</code>`) },
    ],
  });
  const body = (rows: readonly Digest[]): Content => (rows.length > 0
    ? html`${verdict(rows)}${table.view(rows)}`
    : emptyView('No day is sealed yet', 'The first digest is made the night after the first event.'));
  const start = (): (() => void) => load(call(listAuditDigests, {}).then((answer) => answer.digests), (next) => {
    state = next;
    draw();
  });
  return start();
};

const holdsWords = (row: Digest): string => (row.holds ? 'holds' : 'does not hold');

function verdict(rows: readonly Digest[]): Content {
  const broken = rows.filter((row) => !row.holds);
  if (broken.length === 0) return note('good', `All ${count(rows.length)} seals hold: no sealed event was changed, added or removed since.`);
  return note('danger', `The seal of ${broken.map((row) => date(row.day)).join(', ')} does not hold: events of that day were changed, added or removed after it was sealed, or the seal was. Compare with the digest files kept outside the database.`);
}
