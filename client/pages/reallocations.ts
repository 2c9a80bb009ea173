/** Reallocations between agreements and virements between heads: where each stands and who is next. */
import { listReallocations, reallocationKindNames, type Reallocation, type ReallocationState } from '../../server/reallocations/contract.ts';
import { call } from '../api.ts';
import { action, frame } from '../frame.ts';
import { html, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, shown, tag, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';

const looks: Record<ReallocationState, 'plain' | 'info' | 'good' | 'danger'> = { proposed: 'info', agreed: 'info', approved: 'info', effective: 'good', refused: 'danger', withdrawn: 'plain' };
export const reallocationTag = (state: ReallocationState): Content => tag(state === 'effective' ? 'in effect' : state, looks[state]);

/** What is given in all, of the parties a person sees; a council that only takes sees what it takes. */
export function movedPence({ parties }: Pick<Reallocation, 'parties'>): number {
  const lines = parties.flatMap((party) => party.lines);
  const sum = (sign: 1 | -1): number => lines.reduce((total, { amountPence }) => total + Math.max(0, amountPence * sign), 0);
  return Math.max(sum(1), sum(-1));
}

/** Who has to do what next, in words. */
export function nextStep({ state, parties, effectiveFrom, proposedByMe }: Reallocation): string {
  const waiting = parties.filter(({ answer }) => answer === 'waiting').map(({ council }) => council);
  if (state === 'proposed') return waiting.length > 0 ? `${waiting.join(', ')}: agree` : 'Others: agree';
  if (state === 'agreed') return proposedByMe ? 'A second person of the office: approve' : 'Finance approver: approve';
  return state === 'approved' ? `In effect on ${effectiveFrom}` : '';
}

export const reallocationsPage: Page = (root) => {
  let state: Loadable<readonly Reallocation[]> = loading;
  const proposes = mayDo('proposeReallocations');
  const draw = (): void => render(frame({
    title: 'Reallocations', width: 'wide', lead: 'Money moved between the agreements of a fund, or between the heads of one: proposed, agreed by everybody whose money changes, approved by a second person on a decision, then in effect. What is agreed under the fund stays the same.',
    actions: [...(proposes ? [action('Move money between agreements', '/reallocations/new', 'main')] : []), ...(mayDo('seeNotices') ? [action('Words of decision notices', '/reallocations/notices')] : [])],
  }, shown(state, (rows) => (rows.length > 0 ? table.view(rows) : emptyView('Nothing was moved yet', proposes ? 'Propose it between agreements here, or between heads on the agreement’s page.' : 'The grant manager proposes it.')), { what: 'reallocations', retry: () => void start() })), root);
  const table = createTable<Reallocation>({
    caption: 'Reallocations and virements', rowId: (row) => row.id, redraw: draw, source: 'reallocations entered by the OPCC',
    columns: [
      { key: 'number', label: 'Number', kind: 'count', value: (row) => row.number, show: (row) => html`<a href="/reallocations/${row.id}">${row.number}<span class="govuk-visually-hidden"> of ${row.fund}</span></a>` },
      { key: 'fund', label: 'Fund', value: (row) => row.fund },
      { key: 'kind', label: 'Kind', value: (row) => reallocationKindNames[row.kind] },
      { key: 'moved', label: 'Moved', kind: 'money', value: movedPence },
      { key: 'with', label: 'Agreements with', value: (row) => row.parties.map(({ council }) => council).join(', ') },
      { key: 'state', label: 'State', value: (row) => row.state, show: (row) => reallocationTag(row.state) },
      { key: 'from', label: 'In effect from', kind: 'date', value: (row) => row.effectiveFrom },
      { key: 'next', label: 'Next', value: nextStep },
    ],
  });
  const start = (): (() => void) => load(call(listReallocations, {}).then(({ reallocations }) => reallocations), (next) => {
    state = next;
    draw();
  });
  return start();
};
