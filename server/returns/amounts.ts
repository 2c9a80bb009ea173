/** Measures of money, targets and assets: an agreement's, so given for areas and never for a hotspot. Pure. */
import type { Gap } from './measures.ts';
import type { LoadedAgreement, LoadedAmount } from './month.ts';

export interface AmountMeasure {
  readonly unit: 'pence' | 'count' | 'person-minutes';
  readonly says: string;
  /** Why there is none where no row was found; without it, none is 0. */
  readonly missing?: string;
}

/** By the name a definition or a formula gives it. */
export const amountMeasures: Readonly<Record<string, AmountMeasure>> = {
  claimed: { unit: 'pence', says: 'Claimed in the period, less what was reversed' },
  approved: { unit: 'pence', says: 'Approved in the period' },
  paid: { unit: 'pence', says: 'Paid in the period' },
  recovered: { unit: 'pence', says: 'Recovered in the period' },
  accrued: { unit: 'pence', says: 'Accrued in the period, less accruals of before that came to an end' },
  atRisk: { unit: 'pence', says: 'Spent at risk in the period' },
  awardedToDate: { unit: 'pence', says: 'Awarded up to the end of the period' },
  claimedToDate: { unit: 'pence', says: 'Claimed up to the end of the period' },
  paidToDate: { unit: 'pence', says: 'Paid up to the end of the period, less what was recovered' },
  availableToDate: { unit: 'pence', says: 'Available at the end of the period' },
  budget: { unit: 'pence', says: 'Budget of the agreement’s version in force at the end of the period' },
  planned: { unit: 'pence', says: 'What the budget’s profile plans for the period' },
  target: { unit: 'person-minutes', says: 'Person-minutes agreed as targets that begin in the period' },
  forecastOutturn: { unit: 'pence', says: 'Central forecast of the agreement’s outturn, the latest made', missing: 'No forecast has been made.' },
  councilActual: { unit: 'pence', says: 'Actual to the end of the quarter, as the council’s chief finance officer signed it', missing: 'The council has not sent its actual and forecast.' },
  councilOutturn: { unit: 'pence', says: 'Forecast outturn, as the council’s chief finance officer signed it', missing: 'The council has not sent its actual and forecast.' },
  assets: { unit: 'count', says: 'Things bought with the grant by the end of the period' },
  assetCost: { unit: 'pence', says: 'Cost of things bought with the grant by the end of the period' },
};

export const isAmount = (measure: string | null): measure is string => measure !== null && Object.hasOwn(amountMeasures, measure);

export interface AmountsAsked {
  readonly measure: string;
  /** A budget head; null for all. */
  readonly part: string | null;
  /** Null for every council. */
  readonly council: string | null;
  readonly agreements: readonly LoadedAgreement[];
  readonly amounts: readonly LoadedAmount[];
}

/** The rows of a measure for an area, or why it has none: no agreement runs, or one of them lacks what is asked. */
export function amountsOf({ measure, part, council, agreements, amounts }: AmountsAsked): { rows: LoadedAmount[]; gap: Gap | undefined } {
  const asked = agreements.filter(({ councilCode }) => council === null || councilCode === council);
  const rows = amounts.filter((row) => row.measure === measure && (council === null || row.councilCode === council) && (part === null || row.head === part));
  const { missing } = amountMeasures[measure] ?? {};
  const without = missing === undefined ? [] : asked.filter(({ id }) => !rows.some(({ agreementId }) => agreementId === id));
  if (asked.length === 0) return { rows: [], gap: { status: 'not applicable', why: 'No agreement runs in the period.' } };
  if (without.length > 0) return { rows: [], gap: { status: 'not available', why: `${missing} ${without.map(({ reference }) => reference).join(', ')}.` } };
  return { rows, gap: undefined };
}
