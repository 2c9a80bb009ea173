/** Posting with its audit event in one transaction, periods that take their accruals with them, and the nightly check. */
import type { Knex } from 'knex';
import { type Actor, eventRow, recordEvent } from '../audit.ts';
import { conflict, invalid } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import type { PeriodState } from './contract.ts';
import { awardLegs, budgetFault, legsFault, periodsAfter, type Span, tilePeriods } from './ledger.ts';
import * as queries from './queries.ts';
import { countFaults, insertAlerts } from './reportQueries.ts';

/** Whose ledger, and where it is: what an event names. */
export type Subject = Pick<Agreement, 'id' | 'councilCode'>;

export interface LedgerContext {
  /** A transaction: the journal and its event are kept together or not at all. */
  readonly db: Knex.Transaction;
  readonly actor: Actor;
}

/**
 * Posts one journal, the only way money moves. The same key again gives the same journal. An accrual whose next period is open is
 * reversed there at once; else that happens when the period opens.
 */
export async function post({ db, actor }: LedgerContext, agreement: Subject, journal: Omit<queries.JournalToPost, 'agreementId'>): Promise<queries.Posted> {
  const fault = legsFault(journal.kind, journal.legs);
  if (fault) throw invalid([{ field: 'legs', message: fault }]);
  const event = { action: 'journalPosted', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: journal, reason: journal.reason };
  const posted = await queries.insertJournal(db, { madeBy: actor.personId, ...journal, agreementId: agreement.id }, eventRow(actor, event));
  if (posted.fresh && journal.kind === 'accrual') await reverseDueAccruals({ db, actor }, agreement);
  return posted;
}

/** Posts journals of several agreements in one transaction, agreements by id, so that two such transactions never wait for each other in a ring. */
export async function postAll(context: LedgerContext, journals: readonly { readonly agreement: Subject; readonly journal: Omit<queries.JournalToPost, 'agreementId'> }[]): Promise<queries.Posted[]> {
  const order = journals.map((_, index) => index).sort((a, b) => compare(journals[a]?.agreement.id ?? '', journals[b]?.agreement.id ?? '') || a - b);
  const posted: queries.Posted[] = [];
  for (const index of order) {
    const each = journals[index];
    if (each) posted[index] = await post(context, each.agreement, each.journal);
  }
  return posted;
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Reverses a journal once. */
export async function reverse({ db, actor }: LedgerContext, agreement: Subject, reversal: Omit<queries.ReversalToPost, 'agreementId'>): Promise<queries.Posted> {
  const posted = await queries.insertReversal(db, { madeBy: actor.personId, ...reversal, agreementId: agreement.id });
  if (posted.fresh) {
    await recordEvent(db, actor, { action: 'journalReversed', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: { ...reversal, reversalId: posted.id }, reason: reversal.reason });
  }
  return posted;
}

async function reverseDueAccruals(context: LedgerContext, agreement: Subject): Promise<void> {
  for (const accrual of await queries.listOpenAccruals(context.db, agreement.id)) {
    if (accrual.nextState !== 'open' || accrual.nextStartsOn === null) continue;
    await reverse(context, agreement, { journalId: accrual.journalId, effectiveOn: accrual.nextStartsOn, key: `reversal of ${accrual.journalId}`, reason: `Accrual of journal ${accrual.number} reversed in the next period` });
  }
}

/** Moves a period one step; opening it reverses the accruals of the one before. */
export async function move(context: LedgerContext, agreement: Subject, periodId: string, state: PeriodState): Promise<boolean> {
  const was = await queries.updatePeriodState(context.db, agreement.id, periodId, state);
  if (was === null) return false;
  if (was === state) return true;
  await recordEvent(context.db, context.actor, { action: `period${state === 'open' ? 'Opened' : state === 'submitted' ? 'Submitted' : 'Locked'}`, subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, before: { periodId, state: was }, after: { periodId, state } });
  if (state === 'open') await reverseDueAccruals(context, agreement);
  return true;
}

/** Opens a period again as a second person; what was accrued in the period before and could not be reversed here is reversed now. */
export async function unlock(context: LedgerContext, agreement: Subject, row: queries.UnlockRow, approvedBy: string): Promise<void> {
  await queries.approveUnlock(context.db, row.id, approvedBy);
  await recordEvent(context.db, context.actor, { action: 'periodUnlocked', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: { periodId: row.periodId, proposedBy: row.proposedBy, approvedBy }, reason: row.reason });
  await reverseDueAccruals(context, agreement);
}

export interface Opening {
  readonly key: string;
  readonly cut: 'month' | 'quarter';
  readonly heads: readonly { readonly head: string; readonly budgetPence: number; readonly tolerancePence: number }[];
}

type Opened = Subject & Pick<Agreement, 'startsOn' | 'endsOn' | 'ceilingPence' | 'reference'>;

/** Opens an agreement's ledger: periods, accounts, and the award on its first day. */
export async function open(context: LedgerContext, agreement: Opened, { key, cut, heads }: Opening): Promise<void> {
  const { db } = context;
  const fault = budgetFault(agreement.ceilingPence, heads);
  if (fault) throw invalid([{ field: 'heads', message: fault }]);
  const award = { kind: 'award' as const, effectiveOn: agreement.startsOn, reason: `Award of agreement ${agreement.reference}`, key, legs: awardLegs(agreement.ceilingPence, heads) };
  if (await queries.ledgerExists(db, agreement.id)) {
    // The same opening sent again is answered; another one is not.
    if (!(await queries.keyIsUsed(db, agreement.id, key))) throw conflict('ledger_is_open', 'The ledger of this agreement is open already. Post a variation or a virement in it.');
    await post(context, agreement, award);
    return;
  }
  await queries.insertLedger(db, agreement.id, tilePeriods(agreement, cut));
  for (const { head, tolerancePence } of heads.length > 0 ? heads : [{ head: '', tolerancePence: 0 }]) await queries.insertAccounts(db, agreement.id, head, tolerancePence);
  await recordEvent(db, context.actor, { action: 'ledgerOpened', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: { cut, heads } });
  const [first] = await queries.listPeriods(db, agreement.id);
  if (first) await move(context, agreement, first.id, 'open');
  await post(context, agreement, award);
}

/** Lays the periods that have not opened yet again, after the agreement's dates changed in the same transaction. */
export async function layPeriods({ db }: LedgerContext, agreement: Opened, cut: 'month' | 'quarter'): Promise<void> {
  const before = await queries.listPeriods(db, agreement.id);
  const after = periodsAfter(before, agreement, cut);
  const same = (a: Span, b: Span): boolean => a.startsOn === b.startsOn && a.endsOn === b.endsOn;
  await queries.deletePeriods(db, before.filter((period) => !after.some((each) => same(each, period))).map(({ id }) => id));
  const added = after.filter((period) => !before.some((each) => same(each, period)));
  if (added.length > 0) await queries.insertPeriods(db, agreement.id, added);
}

/** Counts what must never be in all ledgers; where something is, it is kept as an alert and thrown, so that the log says it too. */
export async function checkNightly(db: Knex): Promise<void> {
  const broken = await db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(7204533)');
    const found = (await countFaults(trx)).filter((check) => check.found > 0);
    if (found.length > 0) await insertAlerts(trx, found);
    return found;
  });
  if (broken.length > 0) throw new Error(`The ledger is not as it must be. ${broken.map(({ fault, found }) => `${fault}: ${found}.`).join(' ')} Stop posting, and compare with the last backup.`);
}
