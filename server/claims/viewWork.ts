/** Claims as they are shown: with when they are due, how late they are, when they are to be paid, and who has the next step. */
import type { Knex } from 'knex';
import { listBankHolidays } from '../grants/queries.ts';
import type { Agreement } from '../grants/contract.ts';
import { listAccounts } from '../ledger/reportQueries.ts';
import { numberSetting } from '../settings/queries.ts';
import { nextToAct } from './claim.ts';
import { lateness } from './claimWork.ts';
import type { Claim, ClaimSummary } from './contract.ts';
import { workingDaysAfter } from './days.ts';
import * as queries from './queries.ts';
import { listClaimEvents, listClaimJournals, listMoney } from './stepQueries.ts';

/** Summaries of claims as at a day. */
export async function summaries(db: Knex.Transaction, rows: readonly queries.ClaimRow[], today: string): Promise<ClaimSummary[]> {
  const holidays = new Set((await listBankHolidays(db)).map(({ heldOn }) => heldOn));
  const due = new Map<string, { dueOn: string; lateDays: number }>();
  const payDays = new Map<string, number>();
  const shown: ClaimSummary[] = [];
  for (const { periodEndsOn, preparers: _, ...row } of rows) {
    if (!due.has(periodEndsOn)) due.set(periodEndsOn, await lateness({ db }, periodEndsOn, today));
    const { submittedOn } = row;
    if (submittedOn !== null && !payDays.has(submittedOn)) payDays.set(submittedOn, await numberSetting(db, 'claim_payment_working_days', submittedOn));
    const coming = due.get(periodEndsOn) ?? { dueOn: periodEndsOn, lateDays: 0 };
    shown.push({
      ...row, dueOn: row.dueOn ?? coming.dueOn, lateDays: row.lateDays ?? (row.state === 'draft' ? coming.lateDays : 0), nextToAct: nextToAct(row),
      payBy: submittedOn === null ? null : workingDaysAfter(submittedOn, payDays.get(submittedOn) ?? 0, holidays),
    });
  }
  return shown;
}

/** One claim with everything its page shows. */
export async function claimView(db: Knex.Transaction, agreement: Agreement, row: queries.ClaimRow, today: string): Promise<Claim> {
  const [summary] = await summaries(db, [row], today);
  if (!summary) throw new Error(`Claim ${row.id} was found and cannot be shown.`);
  const accounts = await listAccounts(db, agreement.id);
  return {
    ...summary, lines: await queries.listLines(db, row.id), ...(await listMoney(db, row.id)),
    events: (await listClaimEvents(db, row.id)).map(({ number, kind, at, role, pence, reason }) => ({ number, kind, at: at.toISOString(), role, pence: pence ?? null, reason })),
    journals: await listClaimJournals(db, agreement.id, row.id),
    heads: accounts.filter(({ kind }) => kind === 'available').map(({ head, balancePence }) => ({ head, availablePence: balancePence })),
    rates: agreement.rates.filter(({ validFrom, validTo }) => validFrom <= row.endsOn && (validTo === null || validTo > row.startsOn)).map(({ band, pencePerHour, validFrom }) => ({ band, pencePerHour, validFrom })),
    ineligible: await queries.listIneligible(db, row.endsOn),
  };
}
