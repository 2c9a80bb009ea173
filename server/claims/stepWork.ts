/** One step of a claim: locked, checked against what happened so far, posted, and kept with its event, all or nothing. */
import { recordEvent } from '../audit.ts';
import { canonicalHash } from '../canonical.ts';
import { conflict } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import type { Leg } from '../ledger/contract.ts';
import { type LedgerContext, post, reverse } from '../ledger/ledgerWork.ts';
import type { JournalToPost } from '../ledger/queries.ts';
import { localDay } from '../patrols/visits.ts';
import { apply, type AdjustedFigure, fold, type Standing, stepFault } from './claim.ts';
import type { ClaimEventKind } from './contract.ts';
import { ledgerDay } from './days.ts';
import { type ClaimMove, type ClaimRow, listPeriods, lockClaim, updateClaim } from './queries.ts';
import { insertClaimJournal, insertEvent, listClaimEvents } from './stepQueries.ts';

export interface ClaimContext extends LedgerContext {
  readonly now: Date;
}

/** A claim and the agreement it is under, as somebody who may see both found them. */
export interface Subject {
  readonly agreement: Agreement;
  readonly claim: ClaimRow;
}

export interface Step {
  readonly kind: ClaimEventKind;
  /** The key it was sent under; null for what moves no money and has an id of its own. */
  readonly key: string | null;
  /** What was sent, to tell the same step sent again from another one under its key. */
  readonly content: unknown;
}

/** What a step came to. */
export interface Outcome {
  readonly pence?: number;
  readonly what?: AdjustedFigure;
  readonly reason?: string | undefined;
  /** What else the event keeps. */
  readonly data?: object;
  readonly move?: Omit<ClaimMove, 'state'>;
}

export interface StepNow {
  readonly standing: Standing;
  /** The number the event will have. */
  readonly number: number;
}

/** Takes a step once: the same key with the same content again changes nothing; with another content it is refused. */
export async function takeStep(context: ClaimContext, { agreement, claim }: Subject, step: Step, work: (now: StepNow) => Promise<Outcome>): Promise<void> {
  const { db, actor, now } = context;
  await lockClaim(db, agreement.id, claim.id);
  const events = await listClaimEvents(db, claim.id);
  const sha256 = canonicalHash({ kind: step.kind, content: step.content });
  const sent = step.key === null ? undefined : events.find(({ key }) => key === step.key);
  if (sent && sent.sha256 !== sha256) throw conflict('claim_event_key_once', 'This key stands for another step of the claim. Take this one under a new key.');
  if (sent) return;
  const standing = fold(events);
  const fault = events.length === 0 ? undefined : stepFault(standing.state, step.kind);
  if (fault) throw conflict('claim_steps_in_order', fault);
  const number = events.length + 1;
  const { pence, what, reason, data, move } = await work({ standing, number });
  const event = { kind: step.kind, pence: pence ?? null, what };
  await insertEvent(db, {
    claimId: claim.id, agreementId: agreement.id, number, kind: step.kind, at: now, personId: actor.personId, role: actor.role, key: step.key, sha256,
    pence: pence ?? null, data: { ...data, ...(what && { what }), ...(reason && { reason }) },
  });
  const after = apply(standing, event);
  if (after.state !== standing.state) await updateClaim(db, claim.id, { state: after.state, ...move });
  await recordEvent(db, actor, {
    action: step.kind, subjectKind: 'claim', subjectId: claim.id, councilCode: agreement.councilCode,
    before: standing, after: { ...after, ...data, ...(what && { what }), ...(pence !== undefined && { pence }) }, ...(reason && { reason }),
  });
}

/** A claim in a sentence, for a journal's reason. */
export const claimWords = ({ number, startsOn, endsOn }: Pick<ClaimRow, 'number' | 'startsOn' | 'endsOn'>): string => `Claim ${number} for ${startsOn} to ${endsOn}`;

export interface ClaimJournal {
  readonly kind: JournalToPost['kind'];
  /** The day it happened; it counts on that day, or on the last one of the latest open period. */
  readonly happenedOn: string;
  readonly says: string;
  readonly legs: readonly Leg[];
  readonly corrects?: string;
}

/** Posts a journal that is this claim's own. */
export async function postOwn(context: ClaimContext, { agreement, claim }: Subject, number: number, journal: ClaimJournal): Promise<void> {
  const effectiveOn = journal.kind === 'claim' ? claim.endsOn : await countsOn(context, { agreement, claim }, journal.happenedOn);
  const posted = await post(context, agreement, {
    kind: journal.kind, effectiveOn, reason: `${claimWords(claim)} ${journal.says}`, key: `claim ${claim.id} ${number}`, legs: journal.legs, corrects: journal.corrects ?? null,
  });
  await insertClaimJournal(context.db, { journalId: posted.id, claimId: claim.id, agreementId: agreement.id, event: number });
}

/** Reverses a journal that is this claim's own. */
export async function reverseOwn(context: ClaimContext, { agreement, claim }: Subject, number: number, journalId: string, says: string): Promise<void> {
  const effectiveOn = await countsOn(context, { agreement, claim }, todayOf(context));
  const posted = await reverse(context, agreement, { journalId, effectiveOn, key: `claim ${claim.id} ${number}`, reason: `${claimWords(claim)} ${says}` });
  await insertClaimJournal(context.db, { journalId: posted.id, claimId: claim.id, agreementId: agreement.id, event: number });
}

export const todayOf = ({ now }: Pick<ClaimContext, 'now'>): string => localDay(now.toISOString());

async function countsOn({ db }: ClaimContext, { agreement, claim }: Subject, happenedOn: string): Promise<string> {
  const day = ledgerDay(happenedOn, claim.endsOn, await listPeriods(db, agreement.id));
  if (day === undefined) {
    throw conflict('claim_no_open_period', `No period of the agreement from ${claim.endsOn} to ${happenedOn} is open, so the ledger takes nothing. Open the period of ${happenedOn}, or have the claim’s period unlocked by two persons.`);
  }
  return day;
}
