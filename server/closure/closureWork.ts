/** Reconciling an agreement and closing it: load, decide, give back what is unspent, and keep it with its events. */
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { canonicalHash } from '../canonical.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import { findAgreement } from '../grants/queries.ts';
import type { PeriodState } from '../ledger/contract.ts';
import { type LedgerContext, move, post } from '../ledger/ledgerWork.ts';
import { listPeriods } from '../ledger/queries.ts';
import { listAccounts, markAt } from '../ledger/reportQueries.ts';
import { lockForTerms } from '../terms/versionWork.ts';
import { updateState } from '../terms/termsQueries.ts';
import { closureFaults, headsOf, keepUntil, lengthOf, releaseLegs } from './closure.ts';
import type { CheckItem, ClosureDecision, ClosureView, Reconciliation } from './contract.ts';
import * as queries from './queries.ts';

export interface ClosureContext extends LedgerContext {
  /** The day it is in Britain. */
  readonly today: string;
}

const places: Record<queries.FoundItem['kind'], string> = {
  claim: 'claims', accrual: 'ledger', balance: 'ledger', unlock: 'ledger', variation: 'terms', condition: 'terms', reallocation: 'terms', evidence: 'claims', hours: 'hours', equipment: 'closure',
};

/** The checklist: what is not settled, with what somebody accepted as it is. */
export async function checklistOf(db: Knex, agreementId: string): Promise<CheckItem[]> {
  const exceptions = new Map((await queries.listExceptions(db, agreementId)).map(({ item, reason }) => [item, reason]));
  return (await queries.listItems(db, agreementId)).map(({ id, kind, what, amountPence, blocks }) => {
    const key = `${kind} ${id}`;
    return { key, kind, what, amountPence, blocks, at: `/agreements/${agreementId}/${places[kind]}`, exception: exceptions.get(key) ?? null };
  });
}

export async function reconciliationOf(db: Knex, agreementId: string): Promise<Reconciliation> {
  const accounts = await listAccounts(db, agreementId);
  const heads = headsOf(accounts);
  const sum = (pick: (head: (typeof heads)[number]) => number): number => heads.reduce((total, head) => total + pick(head), 0);
  return {
    heads, awardedPence: accounts.filter(({ kind }) => kind === 'award').reduce((total, { balancePence }) => total - balancePence, 0), ...(await queries.findTotals(db, agreementId)),
    paidPence: sum(({ paidPence }) => paidPence), openPence: sum(({ openPence }) => openPence), unspentPence: sum(({ unspentPence }) => unspentPence), mark: await markAt(db, agreementId),
  };
}

/** Everything the closure page shows. */
export async function closureOf(db: Knex, agreement: Agreement, { personId, today }: { readonly personId: string | null; readonly today: string }): Promise<ClosureView> {
  const { id, reference, council, state, startsOn, endsOn } = agreement;
  const rules = await queries.listRetentionRules(db, today);
  return {
    agreementId: id, reference, council, state, startsOn, endsOn, items: await checklistOf(db, id), reconciliation: await reconciliationOf(db, id), assets: await queries.listAssets(db, id),
    retention: rules.map((rule) => ({ kind: rule.kind, name: rule.name, base: rule.base, source: rule.source, length: lengthOf(rule), keepUntil: keepUntil(rule, endsOn) })),
    closures: (await queries.listClosures(db, id)).map(({ proposedBy, ...row }) => ({ ...row, own: proposedBy === personId })), variations: await queries.listCarrying(db, id),
  };
}

/** What a decision stands on: the figures and what was left open, with their hash. */
async function standing(db: Knex, agreement: Agreement): Promise<{ figures: { reconciliation: Reconciliation; items: CheckItem[]; state: string }; sha256: string }> {
  const figures = { reconciliation: await reconciliationOf(db, agreement.id), items: await checklistOf(db, agreement.id), state: agreement.state };
  return { figures, sha256: canonicalHash(figures) };
}

export interface Proposal {
  readonly closureId: string;
  readonly decision: ClosureDecision;
  readonly reason: string;
  readonly variationId: string | null;
  readonly carriedPence: number;
}

/** Proposes a decision on the figures as they stand; the same id again proposes nothing more. */
export async function propose(context: ClosureContext, given: Agreement, { closureId, decision, reason, variationId, carriedPence }: Proposal): Promise<void> {
  const { db, actor } = context;
  await lockForTerms(db, [given.id]);
  const agreement = await fresh(db, given);
  const known = (await queries.listClosures(db, agreement.id)).find(({ id }) => id === closureId);
  if (known && (known.decision !== decision || known.reason !== reason || known.carriedPence !== carriedPence)) throw conflict('closure_pkey', 'This id stands for another decision. Enter this one under a new id.');
  if (known) return;
  const { figures, sha256 } = await standing(db, agreement);
  const { unspentPence } = figures.reconciliation;
  const hasVariation = variationId !== null;
  if (hasVariation && !(await queries.listCarrying(db, agreement.id)).some(({ id }) => id === variationId)) throw invalid([{ field: 'variationId', message: 'There is no such approved variation of this agreement. Approve it first, or carry nothing.' }]);
  const faults = closureFaults({ decision, state: agreement.state, carriedPence, hasVariation, figures: figures.reconciliation, items: figures.items });
  if (faults.length > 0) throw invalid(faults.map((message) => ({ field: 'decision', message })));
  const row = { id: closureId, agreementId: agreement.id, decision, reason, variationId, carriedPence, releasedPence: unspentPence - carriedPence, figures, sha256, proposedBy: actor.personId ?? '' };
  await queries.insertClosure(db, row);
  await recordEvent(db, actor, { action: 'closureProposed', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: row, reason });
}

/** Approves a decision as a second person: gives back what is not carried over, and closes what is discontinued. The same approval again changes nothing. */
export async function approve(context: ClosureContext, given: Agreement, closureId: string, decisionReference: string): Promise<void> {
  const { db, actor } = context;
  await lockForTerms(db, [given.id]);
  const agreement = await fresh(db, given);
  const closure = (await queries.listClosures(db, agreement.id)).find(({ id }) => id === closureId);
  if (!closure) throw notFound('decision');
  if (closure.state === 'approved' && closure.decisionReference === decisionReference) return;
  const { figures, sha256 } = await standing(db, agreement);
  if (closure.state === 'proposed' && closure.sha256 !== sha256) throw conflict('closure_moved_on', 'The figures or the checklist have changed since this was proposed. Withdraw it and propose it again on what is so now.');
  await queries.updateApproved(db, closureId, actor.personId ?? '', decisionReference);
  const legs = releaseLegs(figures.reconciliation.heads, closure.carriedPence);
  const reason = closure.decision === 'discontinue' ? `Unspent at closure, given back to the fund (${decisionReference})` : `Unspent and not carried over, given back to the fund (${decisionReference})`;
  const kind = closure.releasedPence === 0 ? 'virement' : 'variation';
  if (legs.length > 0) await post(context, agreement, { kind, effectiveOn: await closingDay(context, agreement), reason, key: `closure ${closureId}`, legs });
  if (closure.decision === 'discontinue') await close(context, agreement);
  await recordEvent(db, actor, {
    action: 'closureApproved', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, before: { state: agreement.state, unspentPence: figures.reconciliation.unspentPence },
    after: { closureId, decision: closure.decision, carriedPence: closure.carriedPence, releasedPence: closure.releasedPence, legs, decisionReference }, reason: closure.reason,
  });
}

/** Closes the agreement and locks every period, so that two persons are needed for anything that is found later. */
async function close(context: ClosureContext, agreement: Agreement): Promise<void> {
  for (const period of await listPeriods(context.db, agreement.id)) {
    for (const next of steps.slice(steps.indexOf(period.state) + 1)) await move(context, agreement, period.id, next);
  }
  await updateState(context.db, agreement.id, 'closed');
}

const steps: readonly PeriodState[] = ['scheduled', 'open', 'submitted', 'locked'];

export async function withdraw({ db, actor }: ClosureContext, agreement: Agreement, closureId: string, reason: string): Promise<void> {
  const closure = (await queries.listClosures(db, agreement.id)).find(({ id }) => id === closureId);
  if (!closure) throw notFound('decision');
  if (closure.state === 'withdrawn' && closure.withdrawnReason === reason) return;
  await queries.updateWithdrawn(db, closureId, reason);
  await recordEvent(db, actor, { action: 'closureWithdrawn', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, before: { closureId, state: closure.state }, after: { state: 'withdrawn' }, reason });
}

/** Leaves an item of the checklist as it is. */
export async function except({ db, actor }: ClosureContext, agreement: Agreement, { exceptionId, item, reason }: { readonly exceptionId: string; readonly item: string; readonly reason: string }): Promise<void> {
  const kept = (await queries.listExceptions(db, agreement.id)).find(({ id }) => id === exceptionId);
  if (kept?.item === item && kept.reason === reason) return;
  const open = (await checklistOf(db, agreement.id)).find(({ key }) => key === item);
  if (!open) throw invalid([{ field: 'item', message: 'This is not on the checklist any more. Look at it again.' }]);
  if (open.blocks) throw conflict('closure_item_blocks', `“${open.what}” has money on it and must be settled. It cannot be left as it is.`);
  const row = { id: exceptionId, agreementId: agreement.id, item, reason, by: actor.personId };
  await queries.insertException(db, row);
  await recordEvent(db, actor, { action: 'closureItemAccepted', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, after: { ...row, what: open.what }, reason });
}

async function fresh(db: Knex, { id }: Agreement): Promise<Agreement> {
  const agreement = await findAgreement(db, ['*'], id);
  if (!agreement) throw notFound('agreement');
  return agreement;
}

/** Today where its period is open, else the last day of the latest open one. */
async function closingDay({ db, today }: ClosureContext, { id }: Agreement): Promise<string> {
  const open = (await listPeriods(db, id)).filter(({ state, startsOn }) => state === 'open' && startsOn <= today).at(-1);
  if (!open) throw conflict('closure_no_open_period', 'No period of the ledger is open, so nothing can be given back. Open the last period, or have it unlocked by two persons.');
  return today < open.endsOn ? today : open.endsOn;
}
