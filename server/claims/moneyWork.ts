/** What is paid of an approved claim, recovered from a paid one, and corrected in either: each a journal that is the claim's own. */
import { conflict, invalid, notFound } from '../errors.ts';
import type { Leg } from '../ledger/contract.ts';
import { paymentLegs, recoveryLegs } from '../ledger/ledger.ts';
import { adjustmentFault, type AdjustedFigure, paymentFault, recoveryFault } from './claim.ts';
import { type HeadPence, splitOverHeads } from './lines.ts';
import * as queries from './queries.ts';
import * as steps from './stepQueries.ts';
import { type ClaimContext, postOwn, type Subject, takeStep, todayOf } from './stepWork.ts';
import { pounds } from './words.ts';

export interface Payment {
  readonly key: string;
  readonly pence: number;
  readonly paidOn: string;
  readonly reference: string;
}

/** Records a payment, whole or in part, split over the heads by what is left to pay under each. */
export async function pay(context: ClaimContext, subject: Subject, { key, pence, paidOn, reference }: Payment): Promise<void> {
  const { agreement, claim } = subject;
  await takeStep(context, subject, { kind: 'claimPaid', key, content: { pence, paidOn, reference } }, async ({ standing, number }) => {
    refuseFuture(context, 'paidOn', paidOn, claim.submittedOn);
    const fault = paymentFault(standing, pence, pounds);
    if (fault) throw invalid([{ field: 'amount', message: fault }]);
    const parts = await split(context, claim.id, 'approved', pence);
    await postOwn(context, subject, number, { kind: 'payment', happenedOn: paidOn, says: `paid, ${reference}`, legs: parts.flatMap((part) => paymentLegs(part.pence, part.head)) });
    await steps.insertPayment(context.db, { id: key, claimId: claim.id, agreementId: agreement.id, amountPence: pence, by: context.actor.personId, paidOn, reference });
    return { pence, data: { paidOn, reference, heads: parts } };
  });
}

export interface Recovery {
  readonly key: string;
  readonly pence: number;
  readonly recoveredOn: string;
  readonly how: 'invoice' | 'next payment';
  readonly reference: string;
  readonly reason: string;
}

/** Records that money paid too much came back, split over the heads by what was paid under each. */
export async function recover(context: ClaimContext, subject: Subject, { key, pence, recoveredOn, how, reference, reason }: Recovery): Promise<void> {
  const { agreement, claim } = subject;
  await takeStep(context, subject, { kind: 'claimRecovered', key, content: { pence, recoveredOn, how, reference, reason } }, async ({ standing, number }) => {
    refuseFuture(context, 'recoveredOn', recoveredOn, claim.submittedOn);
    const fault = recoveryFault(standing, pence, pounds);
    if (fault) throw invalid([{ field: 'amount', message: fault }]);
    const parts = await split(context, claim.id, 'paid', pence);
    await postOwn(context, subject, number, { kind: 'recovery', happenedOn: recoveredOn, says: `recovered by ${how}, ${reference}: ${reason}`, legs: parts.flatMap((part) => recoveryLegs(part.pence, part.head)) });
    await steps.insertRecovery(context.db, { id: key, claimId: claim.id, agreementId: agreement.id, amountPence: pence, by: context.actor.personId, recoveredOn, how, reference, reason });
    return { pence, reason, data: { recoveredOn, how, reference, heads: parts } };
  });
}

function refuseFuture(context: ClaimContext, field: string, day: string, submittedOn: string | null): void {
  if (day > todayOf(context)) throw invalid([{ field, message: `${day} is still to come. Record it on the day, or correct the date.` }]);
  if (submittedOn !== null && day < submittedOn) throw invalid([{ field, message: `${day} is before the claim was submitted, on ${submittedOn}. Correct the date.` }]);
}

async function split({ db }: ClaimContext, claimId: string, kind: 'approved' | 'paid', pence: number): Promise<HeadPence[]> {
  return splitOverHeads(pence, await steps.balanceByHead(db, claimId, kind));
}

export interface Adjustment {
  readonly key: string;
  /** The journal it corrects. */
  readonly corrects: string;
  /** The line, where an approval is corrected. */
  readonly lineId?: string | undefined;
  /** Signed: how much more, or less. */
  readonly pence: number;
  readonly reason: string;
}

const figureOf: Partial<Record<string, AdjustedFigure>> = { approval: 'approval', payment: 'payment', recovery: 'recovery' };

/** Corrects an approval (by line), a payment or a recovery by a signed amount, naming the journal it corrects. */
export async function adjust(context: ClaimContext, subject: Subject, given: Adjustment): Promise<void> {
  const { agreement, claim } = subject;
  const { key, corrects, lineId, pence, reason } = given;
  await takeStep(context, subject, { kind: 'claimAdjusted', key, content: { corrects, lineId, pence, reason } }, async ({ standing, number }) => {
    const journal = await steps.findClaimJournal(context.db, claim.id, corrects);
    if (!journal) throw notFound('journal of this claim');
    const what = figureOf[journal.kind];
    if (!what) throw invalid([{ field: 'corrects', message: `A journal of the kind “${journal.kind}” is not adjusted. Name the approval, the payment or the recovery that is wrong.` }]);
    const fault = adjustmentFault(standing, what, pence, pounds);
    if (fault) throw invalid([{ field: 'amount', message: fault }]);
    const legs = what === 'approval' ? await adjustLine(context, subject, given) : await adjustMoney(context, subject, given, what);
    await postOwn(context, subject, number, { kind: 'adjustment', happenedOn: todayOf(context), says: `adjusted: ${reason}`, legs, corrects });
    await steps.insertAdjustment(context.db, { id: key, claimId: claim.id, agreementId: agreement.id, amountPence: pence, by: context.actor.personId, corrects, what, lineId: what === 'approval' ? (lineId ?? null) : null, reason });
    return { pence, what, reason, data: { corrects, ...(lineId && { lineId }) } };
  });
}

async function adjustLine(context: ClaimContext, { claim }: Subject, { lineId, pence, reason }: Adjustment): Promise<Leg[]> {
  const line = (await queries.listLines(context.db, claim.id)).find(({ id }) => id === lineId);
  if (!line) throw invalid([{ field: 'lineId', message: 'Choose the line whose approval is corrected.' }]);
  const approvedPence = (line.approvedPence ?? 0) + pence;
  if (approvedPence < 0 || approvedPence > line.claimedPence) {
    throw invalid([{ field: 'amount', message: `${pounds(line.approvedPence ?? 0)} is approved of the ${pounds(line.claimedPence)} claimed on this line; that would make it ${pounds(approvedPence)}. A line is approved between £0.00 and what is claimed.` }]);
  }
  const unpaid = (await steps.balanceByHead(context.db, claim.id, 'approved')).find(({ head }) => head === line.head)?.pence ?? 0;
  if (unpaid + pence < 0) throw invalid([{ field: 'amount', message: `Only ${pounds(unpaid)} under this head is approved and not paid. Recover what was paid too much instead.` }]);
  await queries.saveDecisions(context.db, claim.id, [{ id: line.id, approvedPence, cutReason: approvedPence < line.claimedPence ? reason : null }]);
  return moved(pence, [{ head: line.head, pence: Math.abs(pence) }], 'available', 'approved');
}

async function adjustMoney(context: ClaimContext, { agreement, claim }: Subject, { corrects, pence }: Adjustment, what: 'payment' | 'recovery'): Promise<Leg[]> {
  const [from, to] = what === 'payment' ? (['approved', 'paid'] as const) : (['paid', 'available'] as const);
  // More is taken from where it lies now; less is put back under the heads the journal took it from.
  const lies = pence > 0 ? await steps.balanceByHead(context.db, claim.id, from) : (await takenBy(context, agreement.id, claim.id, corrects, from));
  const room = pence < 0 && what === 'payment' ? capped(lies, await steps.balanceByHead(context.db, claim.id, 'paid')) : lies;
  if (Math.abs(pence) > room.reduce((sum, each) => sum + each.pence, 0)) throw conflict('claim_adjustment_within_journal', 'The adjustment is larger than what is left of the journal it corrects. Name another journal, or adjust by less.');
  return moved(pence, splitOverHeads(Math.abs(pence), room), from, to);
}

async function takenBy({ db }: ClaimContext, agreementId: string, claimId: string, journalId: string, from: 'approved' | 'paid'): Promise<HeadPence[]> {
  const journal = (await steps.listClaimJournals(db, agreementId, claimId)).find(({ id }) => id === journalId);
  return (journal?.entries ?? []).filter(({ kind }) => kind === from).map(({ head, amountPence }) => ({ head, pence: -amountPence }));
}

const capped = (lies: readonly HeadPence[], most: readonly HeadPence[]): HeadPence[] =>
  lies.map(({ head, pence }) => ({ head, pence: Math.min(pence, most.find((each) => each.head === head)?.pence ?? 0) })).filter(({ pence }) => pence > 0);

function moved(pence: number, parts: readonly HeadPence[], from: Leg['kind'], to: Leg['kind']): Leg[] {
  const sign = Math.sign(pence);
  return parts.flatMap((part) => [{ kind: from, head: part.head, pence: -sign * part.pence }, { kind: to, head: part.head, pence: sign * part.pence }]);
}
