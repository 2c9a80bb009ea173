/** The closure pack as a workbook: every table of the agreement's end with the hash of its rows. Pure. */
import { canonicalHash } from '../canonical.ts';
import type { Book, Cell, Column, TableSheet } from '../spreadsheet.ts';
import { closureDecisionNames, type ClosureView } from './contract.ts';

/** A table before it is written: values in the order of its columns, money in pence, null where there is none. */
export interface PackTable {
  readonly name: string;
  readonly title: string;
  readonly about: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

const none = '[z]';

/** Tables made from what the closure page shows. */
export function closingTables({ items, assets, retention, reconciliation, closures }: ClosureView): PackTable[] {
  const text = (label: string): Column => ({ label, kind: 'text' });
  const money = (label: string): Column => ({ label, kind: 'money' });
  return [
    {
      name: 'Reconciliation', title: 'Reconciliation by budget head', about: ['Budget = paid + open + unspent: every penny of a head is on one of its accounts.'],
      columns: [text('Budget head'), money('Budget'), money('Paid'), money('Open'), money('Unspent')],
      rows: [...reconciliation.heads, { head: 'All heads', budgetPence: reconciliation.awardedPence, paidPence: reconciliation.paidPence, openPence: reconciliation.openPence, unspentPence: reconciliation.unspentPence }]
        .map(({ head, budgetPence, paidPence, openPence, unspentPence }) => [head || 'no head', budgetPence, paidPence, openPence, unspentPence]),
    },
    {
      name: 'Decisions', title: 'What was decided, by two persons', about: ['The hash is of the figures and the checklist that the decision was made on.'],
      columns: [text('Decision'), text('State'), text('Reason'), money('Given back'), money('Carried over'), text('Reference'), text('SHA-256 of the figures')],
      rows: closures.map((each) => [closureDecisionNames[each.decision], each.state, each.reason, each.releasedPence, each.carriedPence, each.decisionReference, each.sha256]),
    },
    {
      name: 'Checklist', title: 'What is not settled', about: ['Empty when everything is. What was accepted as it is says why.'],
      columns: [text('Kind'), text('What'), money('Amount'), text('Left as it is because')],
      rows: items.map(({ kind, what, amountPence, exception }) => [kind, what, amountPence, exception]),
    },
    {
      name: 'Assets', title: 'Asset register', about: ['What was bought with the grant and lasts, and what became of it.'],
      columns: [text('What'), text('Budget head'), { label: 'Bought on', kind: 'date' }, { label: 'Quantity', kind: 'count' }, money('Cost'), text('What became of it'), { label: 'On', kind: 'date' }, money('Brought'), text('Why')],
      rows: assets.map((each) => [each.what, each.head || 'no head', each.boughtOn, each.quantity, each.costPence, each.disposal, each.disposedOn, each.proceedsPence, each.disposalReason]),
    },
    {
      name: 'Retention', title: 'How long records are kept', about: ['Kinds, lengths and sources are rows of the service, with dates.'],
      columns: [text('Records'), text('Kept for'), text('From'), { label: 'Until', kind: 'date' }, text('Source')],
      rows: retention.map(({ name, length, base, keepUntil, source }) => [name, length, base, keepUntil, source]),
    },
  ];
}

/** The workbook, with a last sheet that says the SHA-256 of the canonical JSON of each table's rows, and the hash over those. */
export function packBook(view: ClosureView, tables: readonly PackTable[], made: Date): { readonly book: Book; readonly sha256: string } {
  const hashes = tables.map(({ name, columns, rows }) => [name, rows.length, canonicalHash({ columns: columns.map(({ label }) => label), rows })] as const);
  const sha256 = canonicalHash(Object.fromEntries(hashes.map(([name, , hash]) => [name, hash])));
  const hashSheet: PackTable = {
    name: 'Hashes', title: 'What tells whether a table was changed', about: ['SHA-256 of the canonical JSON of each table: its headings and its rows, money in pence. The last row is over the others.'],
    columns: [{ label: 'Sheet', kind: 'text' }, { label: 'Rows', kind: 'count' }, { label: 'SHA-256', kind: 'text' }], rows: [...hashes, ['All sheets', tables.reduce((sum, { rows }) => sum + rows.length, 0), sha256]],
  };
  const decided = view.closures.find(({ state }) => state === 'approved');
  return {
    sha256,
    book: {
      title: `Closure pack of ${view.reference}`, subject: `Grant agreement with ${view.council}`, author: 'Hotspot Patrols', made,
      cover: [
        `Agreement ${view.reference} with ${view.council}, ${view.startsOn} to ${view.endsOn}: ${view.state}.`,
        decided ? `Decision: ${closureDecisionNames[decided.decision]}, ${decided.decisionReference ?? ''}.` : 'No decision is approved yet: this pack shows how things stand.',
        `Ledger up to journal ${view.reconciliation.mark}. SHA-256 over all tables: ${sha256}.`, `${none} stands where there is nothing to say.`,
      ],
      sheets: [...tables, hashSheet].map(sheetOf),
    },
  };
}

/** A table without rows says so in one. */
function sheetOf({ name, title, about, columns, rows }: PackTable): TableSheet {
  const filled = rows.length > 0 ? rows : [columns.map((_, index) => (index === 0 ? 'none' : null))];
  return { name, title, about, columns, rows: filled.map((row) => row.map((value): Cell => (value === null || value === '' ? none : value))) };
}
