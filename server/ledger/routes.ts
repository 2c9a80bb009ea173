/** An agreement's ledger over HTTP. A council sees its own; the Commissioner's office keeps it, with two people to unlock a period. */
import { randomUUID } from 'node:crypto';
import { invalid, notFound } from '../errors.ts';
import { recordEvent } from '../audit.ts';
import type { Agreement } from '../grants/contract.ts';
import { findAgreement } from '../grants/queries.ts';
import type { Call, Mount } from '../mount.ts';
import * as contract from './contract.ts';
import { move, post, reverse, unlock } from './ledgerWork.ts';
import * as queries from './queries.ts';
import * as reports from './reportQueries.ts';

export function ledgerRoutes(mount: Mount): void {
  reportRoutes(mount);
  journalRoutes(mount);
  periodRoutes(mount);
}

export type Asked = Pick<Call<{ readonly id: string }>, 'db' | 'scope' | 'input'>;

/** The agreement of the call's id, where it is the person's to see. */
export async function agreementOf({ db, scope, input }: Asked): Promise<Agreement> {
  const agreement = await findAgreement(db, scope.councils, input.id);
  if (!agreement) throw notFound('agreement');
  return agreement;
}

export async function ledgerOf(call: Asked, asAt: reports.AsAt = {}): Promise<contract.Ledger> {
  const { id, reference, council, startsOn, endsOn, ceilingPence } = await agreementOf(call);
  const accounts = await reports.listAccounts(call.db, id, asAt);
  return {
    agreementId: id, reference, council, startsOn, endsOn, ceilingPence, accounts, opened: accounts.length > 0,
    awardedPence: accounts.filter(({ kind }) => kind === 'award').reduce((sum, { balancePence }) => sum - balancePence, 0),
    mark: await reports.markAt(call.db, id, asAt), periods: await queries.listPeriods(call.db, id),
  };
}

async function journalOf(call: Asked, id: string): Promise<contract.Journal> {
  const [journal] = await reports.listJournals(call.db, call.input.id, { id });
  if (!journal) throw notFound('journal');
  return journal;
}

function reportRoutes(mount: Mount): void {
  mount(contract.getLedger, (call) => ledgerOf(call, call.input));

  mount(contract.listJournals, async (call) => {
    const { id, ...filter } = call.input;
    await agreementOf(call);
    return { journals: await reports.listJournals(call.db, id, filter) };
  });

  mount(contract.closeChecklist, async (call) => {
    const { id } = await agreementOf(call);
    const accruals = (await queries.listOpenAccruals(call.db, id)).filter(({ nextState }) => nextState === null || nextState === 'submitted' || nextState === 'locked');
    const balances = (await reports.listAccounts(call.db, id)).filter(({ kind, balancePence }) => balancePence !== 0 && kind !== 'award' && kind !== 'paid');
    return { accruals: accruals.map(({ journalId, number, reason, amountPence }) => ({ journalId, number, what: reason, amountPence })), balances };
  });

  mount(contract.checkLedger, async ({ db }) => ({ checks: await reports.countFaults(db), alerts: await reports.listAlerts(db) }));
}

function journalRoutes(mount: Mount): void {
  mount(contract.postJournal, async (call) => {
    const { id: _, idempotencyKey, ...journal } = call.input;
    const agreement = await agreementOf(call);
    const posted = await post(call, agreement, { ...journal, key: idempotencyKey, corrects: journal.corrects ?? null });
    return journalOf(call, posted.id);
  });

  mount(contract.reverseJournal, async (call) => {
    const { journalId, idempotencyKey, effectiveOn, reason } = call.input;
    const agreement = await agreementOf(call);
    await journalOf(call, journalId);
    const posted = await reverse(call, agreement, { journalId, key: idempotencyKey, effectiveOn, reason });
    return journalOf(call, posted.id);
  });
}

function periodRoutes(mount: Mount): void {
  mount(contract.movePeriod, async (call) => {
    const agreement = await agreementOf(call);
    if (!(await move(call, agreement, call.input.periodId, call.input.state))) throw notFound('period');
    return ledgerOf(call);
  });

  mount(contract.proposeUnlock, async (call) => {
    const { db, actor, person, input: { periodId, reason } } = call;
    const agreement = await agreementOf(call);
    if (!(await queries.findPeriod(db, agreement.id, periodId))) throw notFound('period');
    const row = { id: randomUUID(), agreementId: agreement.id, periodId, reason, proposedBy: person?.id ?? '' };
    await queries.insertUnlock(db, row);
    await recordEvent(db, actor, { action: 'unlockProposed', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: { periodId }, reason });
    return ledgerOf(call);
  });

  mount(contract.approveUnlock, async (call) => {
    const agreement = await agreementOf(call);
    const row = await queries.findUnlock(call.db, agreement.id, call.input.unlockId);
    if (!row) throw notFound('unlocking');
    if (!call.person) throw invalid([{ field: 'unlockId', message: 'Sign in to approve.' }]);
    await unlock(call, agreement, row, call.person.id);
    return ledgerOf(call);
  });
}
