/** A council's money of a month as figures by budget head, from the ledger. Pure; every amount in pence. */
import type { CountedFigure } from './collectSections.ts';

export interface HeadMoney {
  readonly head: string;
  readonly budgetPence: number;
  readonly beforePence: number;
  readonly monthPence: number;
  readonly lastMonthPence: number;
  readonly accruedPence: number;
  readonly atRiskPence: number;
}

interface MoneyField {
  readonly code: string;
  readonly name: string;
  readonly definition: string;
  readonly of: (row: HeadMoney) => number;
  readonly before?: (row: HeadMoney) => number;
}

export const moneyFields: readonly MoneyField[] = [
  { code: 'money_budget', name: 'Budget', definition: 'What the award gives the head, by the end of the month.', of: (row) => row.budgetPence },
  { code: 'money_before', name: 'Spent before the month', definition: 'Claimed, approved, paid or accrued, in effect before the month began.', of: (row) => row.beforePence },
  { code: 'money_month', name: 'Spent in the month', definition: 'Claimed, approved, paid or accrued, in effect in the month.', of: (row) => row.monthPence, before: (row) => row.lastMonthPence },
  { code: 'money_accrued', name: 'Of which accrued', definition: 'Accrued and not yet claimed at the end of the month.', of: (row) => row.accruedPence },
  { code: 'money_at_risk', name: 'At risk', definition: 'Spent before the agreement allows it to be claimed.', of: (row) => row.atRiskPence },
  { code: 'money_forecast', name: 'Forecast to the end', definition: 'What is left of the head; less where it will not be spent.', of: (row) => row.budgetPence - row.beforePence - row.monthPence },
];

export const headName = (head: string): string => (head === '' ? 'No head' : head);
/** How a head is written where an empty part stands for all of a figure. */
export const headPart = (head: string): string => (head === '' ? '-' : head);

/** Every amount of every head, and of all heads together. */
export function moneyFigures(rows: readonly HeadMoney[]): CountedFigure[] {
  return moneyFields.flatMap(({ code, name, definition, of, before }) => {
    const sum = (amount: (row: HeadMoney) => number): number => rows.reduce((total, row) => total + amount(row), 0);
    const base = { field: code, name, unit: 'pence' as const, status: 'counted' as const, why: null, definition, rows: null };
    if (rows.length === 0) return [];
    return [
      { ...base, part: '', partName: 'All', counted: sum(of), lastMonth: before ? sum(before) : null },
      ...rows.map((row) => ({ ...base, part: headPart(row.head), partName: headName(row.head), counted: of(row), lastMonth: before ? before(row) : null })),
    ];
  });
}
