/** The rows of the closure page: what is not settled, heads, decisions and retention. */
import { closureDecisionNames, type CheckItem, type ClosureRow, type ClosureView } from '../../server/closure/contract.ts';
import { html } from '../html.ts';
import { tag } from '../states.ts';
import type { Column } from '../table.ts';

export type HeadRow = ClosureView['reconciliation']['heads'][number];
export type RetentionRow = ClosureView['retention'][number];

export const itemColumns: readonly Column<CheckItem>[] = [
  { key: 'kind', label: 'Kind', value: (row) => row.kind },
  { key: 'what', label: 'What', value: (row) => row.what, show: (row) => html`<a href=${row.at}>${row.what}</a>` },
  { key: 'amount', label: 'Amount', kind: 'money', value: (row) => row.amountPence, missing: 'none' },
  { key: 'state', label: 'State', value: (row) => stateOf(row), show: (row) => tag(stateOf(row), row.exception === null ? (row.blocks ? 'danger' : 'warning') : 'plain') },
  { key: 'why', label: 'Left as it is because', value: (row) => row.exception, missing: (row) => (row.blocks ? 'it must be settled' : 'not decided') },
];

const stateOf = ({ blocks, exception }: CheckItem): string => (exception !== null ? 'left' : blocks ? 'to settle' : 'open');

export const headColumns: readonly Column<HeadRow>[] = [
  { key: 'head', label: 'Budget head', value: (row) => row.head || 'no head' },
  { key: 'budget', label: 'Budget', kind: 'money', value: (row) => row.budgetPence, sum: true },
  { key: 'paid', label: 'Paid', kind: 'money', value: (row) => row.paidPence, sum: true },
  { key: 'open', label: 'Open', kind: 'money', value: (row) => row.openPence, sum: true },
  { key: 'unspent', label: 'Unspent', kind: 'money', value: (row) => row.unspentPence, sum: true },
];

const kinds = { proposed: 'info', approved: 'good', withdrawn: 'plain' } as const;

export const closureColumns: readonly Column<ClosureRow>[] = [
  { key: 'decision', label: 'Decision', value: (row) => closureDecisionNames[row.decision] },
  { key: 'state', label: 'State', value: (row) => row.state, show: (row) => tag(row.state, kinds[row.state]) },
  { key: 'reason', label: 'Why', value: (row) => row.withdrawnReason ? `${row.reason} (withdrawn: ${row.withdrawnReason})` : row.reason },
  { key: 'released', label: 'Given back', kind: 'money', value: (row) => row.releasedPence },
  { key: 'carried', label: 'Carried over', kind: 'money', value: (row) => row.carriedPence },
  { key: 'proposed', label: 'Proposed', kind: 'instant', value: (row) => row.proposedAt },
  { key: 'approved', label: 'Approved', kind: 'instant', value: (row) => row.approvedAt, missing: 'not approved' },
  { key: 'reference', label: 'Reference', value: (row) => row.decisionReference, missing: 'none' },
];

export const retentionColumns: readonly Column<RetentionRow>[] = [
  { key: 'name', label: 'Records', value: (row) => row.name },
  { key: 'length', label: 'Kept for', value: (row) => row.length },
  { key: 'base', label: 'From', value: (row) => row.base },
  { key: 'until', label: 'Until', kind: 'date', value: (row) => row.keepUntil, missing: 'each by its own day' },
  { key: 'source', label: 'Source', value: (row) => row.source },
];
