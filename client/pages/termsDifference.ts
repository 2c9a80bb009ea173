/** Old -> new of a version or a variation, in words: by field, head, target, rate, hotspot and condition. */
import { rateBandNames, type RateBand } from '../../server/grants/contract.ts';
import { paymentBasisNames, type Difference, type PaymentBasis } from '../../server/terms/contract.ts';
import { date, hoursMinutes, money } from '../format.ts';
import { createTable, type Table } from '../table.ts';

export const fieldNames: Record<Difference['field'], string> = {
  ceiling: 'Amount, up to', endsOn: 'Last day', productiveRatio: 'Productive ratio', paymentBasis: 'Paid on', overheadsAgreed: 'Overheads agreed', overheadsPercent: 'Overheads, at most % of the other heads',
  budget: 'Budget', tolerance: 'Tolerance', target: 'Person-hours', hotspot: 'Hotspot', rate: 'Rate an hour', condition: 'Condition', purpose: 'Purpose', schedules: 'Schedule',
};

const pence = new Set<Difference['field']>(['ceiling', 'budget', 'tolerance', 'rate']);

/** One side in words; "none" where there is nothing. */
export function sideWords({ field }: Pick<Difference, 'field'>, value: Difference['from']): string {
  if (value === null) return 'none';
  if (typeof value === 'number') return pence.has(field) ? money(value) : field === 'target' ? hoursMinutes(value) : String(value);
  if (field === 'endsOn') return date(value);
  return field === 'paymentBasis' ? paymentBasisNames[value as PaymentBasis] : value;
}

/** What differs: "Budget: Wardens". */
export function whatWords({ field, of }: Difference, hotspots: readonly { id: string; name: string }[]): string {
  if (of === '') return field === 'budget' || field === 'tolerance' ? `${fieldNames[field]}: not under a head` : fieldNames[field];
  if (field === 'rate') return `${fieldNames[field]}: ${rateBandNames[of as RateBand]}`;
  if (field === 'target') return `${fieldNames[field]} from ${date(of)}`;
  return `${fieldNames[field]}: ${field === 'hotspot' ? (hotspots.find(({ id }) => id === of)?.name ?? 'of another council') : of}`;
}

/** By how much, for amounts. */
function changeOf({ field, from, to }: Difference): number | null {
  return pence.has(field) && field !== 'rate' ? Number(to ?? 0) - Number(from ?? 0) : null;
}

/** A table of differences; hotspots are named once they are known. */
export function differenceTable(caption: string, redraw: () => void, hotspots: () => readonly { id: string; name: string }[]): Table<Difference> {
  return createTable<Difference>({
    caption, rowId: (row) => `${row.field} ${row.of}`, redraw, tools: false, empty: 'Nothing differs.',
    columns: [
      { key: 'what', label: 'What', value: (row) => whatWords(row, hotspots()) },
      { key: 'from', label: 'Was', value: (row) => sideWords(row, row.from) },
      { key: 'to', label: 'Becomes', value: (row) => sideWords(row, row.to) },
      { key: 'change', label: 'Change', kind: 'money', value: changeOf, missing: '' },
    ],
  });
}
