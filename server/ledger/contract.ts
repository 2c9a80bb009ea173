/** Where every penny of an agreement stands: accounts, journals with their entries, and the periods they fall in. */
import { z } from 'zod';
import { endpoint, id, isoDate, isoInstant, pence, wholeNumber } from '../endpoint.ts';
import { freeText, reasonText } from '../freeText.ts';

export const accountKinds = ['award', 'available', 'pending', 'approved', 'paid', 'accrued', 'at risk'] as const;
export type AccountKind = (typeof accountKinds)[number];
/** What a balance on an account of each kind is. */
export const accountKindNames: Record<AccountKind, string> = {
  award: 'Awarded', available: 'Available', pending: 'Claimed, not decided', approved: 'Approved, not paid', paid: 'Paid', accrued: 'Accrued', 'at risk': 'Spent at risk',
};

export const journalKinds = ['award', 'variation', 'virement', 'reallocation', 'claim', 'approval', 'payment', 'recovery', 'accrual', 'at risk', 'adjustment', 'reversal'] as const;
export type JournalKind = (typeof journalKinds)[number];
/** Kinds that are entered by hand; the others follow from an agreement, a claim or a payment. */
export const journalsByHand = ['accrual', 'at risk', 'adjustment'] as const;

export const periodStates = ['scheduled', 'open', 'submitted', 'locked'] as const;
export type PeriodState = (typeof periodStates)[number];

const head = freeText(60).describe('A budget head, or nothing for money under none');
const idempotencyKey = id.describe('Made where the change is entered: sent again, it changes nothing more');
const dates = { startsOn: isoDate, endsOn: isoDate };

export const account = z.object({
  id, kind: z.enum(accountKinds), head: z.string(), name: z.string(), tolerancePence: pence,
  /** The award is below zero by what was awarded; all accounts together are zero. */
  balancePence: pence,
});
export type Account = z.infer<typeof account>;

const unlock = z.object({ id, reason: z.string(), proposedBy: id, proposedAt: z.string() });

export const period = z.object({
  id, ...dates, state: z.enum(periodStates), journals: z.number().int(),
  /** An unlocking that waits for a second person. */
  unlock: unlock.nullable(),
});
export type Period = z.infer<typeof period>;

export const ledger = z.object({
  agreementId: id, reference: z.string(), council: z.string(), ...dates,
  /** False until the ledger is opened; then there are no accounts and periods. */
  opened: z.boolean(),
  ceilingPence: pence, awardedPence: pence,
  /** The number of the last journal the balances hold: made again from it, they are the same. */
  mark: z.number().int(),
  accounts: z.array(account), periods: z.array(period),
});
export type Ledger = z.infer<typeof ledger>;

const asAt = {
  asAt: isoInstant.optional().describe('What was recorded by then'),
  on: isoDate.optional().describe('What was effective on or before this day'),
};

export const getLedger = endpoint({
  method: 'GET', path: '/api/agreements/:id/ledger', allow: 'seeMoney',
  summary: 'An agreement’s accounts with their balances, now or as at a moment and a day, and its periods',
  input: z.strictObject({ id, ...asAt }),
  output: ledger,
});

const headInput = z.strictObject({ head: head.min(1, 'Name the budget head.'), budgetPence: pence, tolerancePence: pence.min(0).default(0) });

export const openLedger = endpoint({
  method: 'POST', path: '/api/agreements/:id/ledger', allow: 'keepLedger',
  summary: 'Open an agreement’s ledger: its accounts, its periods and the award, which its ceiling is. The budgets of the heads add up to the ceiling',
  input: z.strictObject({ id, idempotencyKey, cut: z.enum(['month', 'quarter']).default('quarter'), heads: z.array(headInput).max(30).default([]) }),
  output: ledger,
});

export const entry = z.object({ accountId: id, kind: z.enum(accountKinds), head: z.string(), version: z.number().int(), amountPence: pence, balancePence: pence });
export type Entry = z.infer<typeof entry>;

export const journal = z.object({
  id, number: z.number().int(), kind: z.enum(journalKinds), reason: z.string(),
  effectiveOn: isoDate, recordedAt: z.string(), periodId: id, madeBy: id.nullable(),
  reverses: id.nullable(), reversedBy: id.nullable(), corrects: id.nullable(),
  entries: z.array(entry),
});
export type Journal = z.infer<typeof journal>;

export const listJournals = endpoint({
  method: 'GET', path: '/api/agreements/:id/journals', allow: 'seeMoney',
  summary: 'Journals with their entries, newest first, 200 at a time; `before` is the last number of the page before',
  input: z.strictObject({ id, ...asAt, account: id.optional(), period: id.optional(), before: wholeNumber.optional(), limit: wholeNumber.min(1).max(500).default(200) }),
  output: z.object({ journals: z.array(journal) }),
});

const leg = z.strictObject({ kind: z.enum(accountKinds), head: head.default(''), pence });
export type Leg = z.infer<typeof leg>;

export const postJournal = endpoint({
  method: 'POST', path: '/api/agreements/:id/journals', allow: 'keepLedger',
  summary: 'Post an accrual, spending at risk or an adjustment. An accrual reverses itself in the next period; a virement is a reallocation between heads, which makes a version',
  input: z.strictObject({
    id, idempotencyKey, kind: z.enum(journalsByHand), effectiveOn: isoDate, reason: reasonText(), legs: z.array(leg).max(60),
    corrects: id.optional().describe('The journal an adjustment corrects'),
  }),
  output: journal,
});

export const reverseJournal = endpoint({
  method: 'POST', path: '/api/agreements/:id/journals/:journalId/reversal', allow: 'keepLedger',
  summary: 'Reverse a journal, once, with a reason',
  input: z.strictObject({ id, journalId: id, idempotencyKey, effectiveOn: isoDate, reason: reasonText() }),
  output: journal,
});

export const movePeriod = endpoint({
  method: 'POST', path: '/api/agreements/:id/periods/:periodId/state', allow: 'keepLedger',
  summary: 'Open, submit or lock a period. Opening one reverses what was accrued in the period before',
  input: z.strictObject({ id, periodId: id, state: z.enum(['open', 'submitted', 'locked']) }),
  output: ledger,
});

export const proposeUnlock = endpoint({
  method: 'POST', path: '/api/agreements/:id/periods/:periodId/unlocks', allow: 'keepLedger',
  summary: 'Ask for a submitted or locked period to be opened again, with a reason',
  input: z.strictObject({ id, periodId: id, reason: reasonText() }),
  output: ledger,
});

export const approveUnlock = endpoint({
  method: 'POST', path: '/api/agreements/:id/unlocks/:unlockId/approval', allow: 'keepLedger',
  summary: 'Open a period again as a second person',
  input: z.strictObject({ id, unlockId: id }),
  output: ledger,
});

export const closeItem = z.object({ journalId: id, number: z.number().int(), what: z.string(), amountPence: pence });
export type CloseItem = z.infer<typeof closeItem>;

export const closeChecklist = endpoint({
  method: 'GET', path: '/api/agreements/:id/close-checklist', allow: 'seeMoney',
  summary: 'What must be settled before an agreement closes: accruals with no period to reverse in, and accounts not at zero',
  input: z.strictObject({ id }),
  output: z.object({ accruals: z.array(closeItem), balances: z.array(account) }),
});

export const ledgerCheck = z.object({ fault: z.string(), found: z.number().int() });
export type LedgerCheck = z.infer<typeof ledgerCheck>;

export const checkLedger = endpoint({
  method: 'GET', path: '/api/ledger/checks', allow: 'seeMoney',
  summary: 'What must never be, counted over the ledgers a person sees: every count is 0. And the alerts raised by the nightly check',
  input: z.strictObject({}),
  output: z.object({ checks: z.array(ledgerCheck), alerts: z.array(ledgerCheck.extend({ raisedAt: z.string() })) }),
});
