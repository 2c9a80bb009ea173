/** Preparing a claim, submitting it, asking about it, and deciding on it. */
import { conflict, invalid, notFound } from '../errors.ts';
import type { Agreement, AgreementState } from '../grants/contract.ts';
import { lockAgreement } from '../grants/queries.ts';
import { approvalLegs, claimLegs } from '../ledger/ledger.ts';
import { listAccounts } from '../ledger/reportQueries.ts';
import { numberSetting } from '../settings/queries.ts';
import { recordEvent } from '../audit.ts';
import type { ClaimBasis } from './contract.ts';
import { arrearsFault, basesOf, claimDueOn, lateDays, type Part, partsOf } from './days.ts';
import { byHead, costFault, decide, type Decision, hoursPence, largestPence } from './lines.ts';
import { refuseLost, refuseStale } from './hoursStaleWork.ts';
import * as queries from './queries.ts';
import { findMessage, insertMessage, listClaimJournals } from './stepQueries.ts';
import { type ClaimContext, claimWords, postOwn, reverseOwn, type Subject, takeStep, todayOf } from './stepWork.ts';
import { pounds } from './words.ts';

export interface PartOfPeriod extends Part {
  readonly periodId: string;
  readonly periodState: string;
  readonly periodEndsOn: string;
  readonly claims: number;
}

/** What can be claimed for: the periods that have opened, parted where the payment basis changed. */
export async function claimParts({ db }: Pick<ClaimContext, 'db'>, agreement: Agreement): Promise<PartOfPeriod[]> {
  const bases = basesOf(await queries.listBases(db, agreement.id), agreement.startsOn);
  const periods = (await queries.listPeriods(db, agreement.id)).filter(({ state }) => state !== 'scheduled');
  return periods.flatMap((period) => partsOf(period, bases).map((part) => ({ ...part, periodId: period.id, periodState: period.state, periodEndsOn: period.endsOn, claims: period.claims })));
}

export interface Beginning {
  readonly claimId: string;
  readonly periodId: string;
  /** First day of the part, where the period has several. */
  readonly startsOn?: string | undefined;
}

/** Begins a draft; the same id again begins nothing more. */
export async function prepare(context: ClaimContext, agreement: Agreement, { claimId, periodId, startsOn }: Beginning): Promise<void> {
  const { db, actor, now } = context;
  await lockAgreement(db, agreement.id);
  const known = await queries.findClaim(db, ['*'], claimId);
  if (known) {
    if (known.agreementId !== agreement.id || known.periodId !== periodId) throw conflict('claim_pkey', 'This id stands for another claim. Begin this one under a new id.');
    return;
  }
  const parts = (await claimParts(context, agreement)).filter((part) => part.periodId === periodId && part.periodState === 'open');
  if (parts.length === 0) throw invalid([{ field: 'periodId', message: 'This period is not open, or is not of this agreement. Choose an open period, or have this one opened.' }]);
  const part = startsOn === undefined && parts.length === 1 ? parts[0] : parts.find((each) => each.startsOn === startsOn);
  if (!part) throw invalid([{ field: 'startsOn', message: `The payment basis changed within this period, so it is claimed in parts: ${partWords(parts)}. Give the first day of one of them.` }]);
  const { basis, endsOn } = part;
  await queries.insertClaim(db, { id: claimId, agreementId: agreement.id, periodId, basis, startsOn: part.startsOn, endsOn, preparedBy: actor.personId, preparedAt: now });
  const claim = await queries.findClaim(db, ['*'], claimId);
  if (!claim) throw notFound('claim');
  await takeStep(context, { agreement, claim }, { kind: 'claimDrafted', key: null, content: { claimId } }, async () => ({ data: { number: claim.number, basis, startsOn: part.startsOn, endsOn } }));
}

const basisWords: Record<ClaimBasis, string> = { cost: 'on actual cost', hours: 'on verified hours' };
const partWords = (parts: readonly Part[]): string => parts.map(({ startsOn, endsOn, basis }) => `${startsOn} to ${endsOn} ${basisWords[basis]}`).join(', and ');

export interface LineGiven {
  readonly lineId: string;
  readonly head: string;
  readonly what: string;
  /** A cost: what was paid with VAT, and the VAT in it that can be recovered. Hours: minutes at a rate. */
  readonly amount: { readonly grossPence: number; readonly recoverableVatPence: number } | { readonly minutes: number; readonly pencePerHour: number };
}

/** Enters or changes a line of a draft. */
export async function keepLine(context: ClaimContext, { agreement, claim }: Subject, { lineId, head, what, amount }: LineGiven): Promise<void> {
  const { db, actor } = context;
  const heads = (await listAccounts(db, agreement.id)).filter(({ kind }) => kind === 'available').map((account) => account.head);
  if (!heads.includes(head)) throw invalid([{ field: 'head', message: `The agreement has no budget head “${head}”. Choose one of: ${heads.map((each) => each || 'no head').join(', ')}.` }]);
  const isHours = 'minutes' in amount;
  if (isHours !== (claim.basis === 'hours')) throw invalid([{ field: isHours ? 'minutes' : 'amount', message: `This claim is ${basisWords[claim.basis]}. ${isHours ? 'Enter an amount, not minutes.' : 'Enter minutes and an hourly rate, not an amount.'}` }]);
  const row = { id: lineId, claimId: claim.id, agreementId: agreement.id, head, what, ...(isHours ? hoursLine(agreement, claim, amount) : costLine(amount)) };
  if (!(await queries.saveLine(db, row))) throw conflict('claim_line_pkey', 'This id stands for a line of another claim. Enter this one under a new id.');
  await recordEvent(db, actor, { action: 'claimLineKept', subjectKind: 'claim', subjectId: claim.id, councilCode: agreement.councilCode, after: row });
}

function costLine(amount: { readonly grossPence: number; readonly recoverableVatPence: number }) {
  const fault = costFault(amount);
  if (fault) throw invalid([fault]);
  return { minutes: null, pencePerHour: null, ...amount, claimedPence: amount.grossPence - amount.recoverableVatPence };
}

function hoursLine({ rates }: Agreement, claim: Subject['claim'], { minutes, pencePerHour }: { readonly minutes: number; readonly pencePerHour: number }) {
  const agreed = rates.filter(({ validFrom, validTo }) => validFrom <= claim.endsOn && (validTo === null || validTo > claim.startsOn));
  if (!agreed.some((rate) => rate.pencePerHour === pencePerHour)) {
    const known = [...new Set(agreed.map((rate) => rate.pencePerHour))].sort((a, b) => a - b).map(pounds);
    throw invalid([{ field: 'perHour', message: `${pounds(pencePerHour)} is not an hourly rate agreed for days of this claim. Agreed: ${known.join(', ') || 'none'}.` }]);
  }
  const claimedPence = hoursPence(minutes, pencePerHour);
  if (claimedPence <= 0 || claimedPence > largestPence) throw invalid([{ field: 'minutes', message: 'A line comes to at least a penny and at most £9,999,999,999,999.99. Change the minutes.' }]);
  return { minutes, pencePerHour, grossPence: claimedPence, recoverableVatPence: 0, claimedPence };
}

export async function removeLine({ db, actor }: ClaimContext, { agreement, claim }: Subject, lineId: string): Promise<void> {
  if (!(await queries.removeLine(db, claim.id, lineId))) throw notFound('line');
  await recordEvent(db, actor, { action: 'claimLineRemoved', subjectKind: 'claim', subjectId: claim.id, councilCode: agreement.councilCode, before: { lineId } });
}

const notClaimable: Partial<Record<AgreementState, string>> = {
  'live at risk': 'The agreement is not signed yet: what is spent is recorded at risk and cannot be claimed. Submit the claim once the agreement is live.',
  closed: 'The agreement is closed. Nothing more is claimed under it.',
};

/** The day a claim is due, and how late it would be on a day. */
export async function lateness({ db }: Pick<ClaimContext, 'db'>, periodEndsOn: string, on: string): Promise<{ dueOn: string; lateDays: number }> {
  const dueOn = claimDueOn(periodEndsOn, await numberSetting(db, 'claim_deadline_days', periodEndsOn));
  return { dueOn, lateDays: lateDays(dueOn, on) };
}

/** Submits a draft: its money is held by one journal over its heads, where the ledger refuses what is past the budget. */
export async function submit(context: ClaimContext, subject: Subject, given: { readonly key: string; readonly lateReason?: string | undefined }): Promise<void> {
  const { agreement, claim } = subject;
  await takeStep(context, subject, { kind: 'claimSubmitted', key: given.key, content: { lateReason: given.lateReason } }, async ({ number }) => {
    const lines = await queries.listLines(context.db, claim.id);
    await refuseStale(context, subject);
    const late = await lateness(context, claim.periodEndsOn, todayOf(context));
    await refuseUnready(context, subject, { lines: lines.length, lateDays: late.lateDays, lateReason: given.lateReason });
    const heads = byHead(lines.map(({ head, claimedPence }) => ({ head, pence: claimedPence })));
    await postOwn(context, subject, number, { kind: 'claim', happenedOn: claim.endsOn, says: 'submitted', legs: heads.flatMap(({ head, pence }) => claimLegs(pence, head)) });
    const submitted = { by: context.actor.personId, at: context.now, ...late, lateReason: late.lateDays > 0 ? (given.lateReason ?? null) : null };
    const ineligible = await queries.listIneligible(context.db, claim.endsOn);
    return {
      pence: heads.reduce((sum, { pence }) => sum + pence, 0), reason: submitted.lateReason ?? undefined, move: { submitted },
      data: { ...late, declaredFreeOf: ineligible.map(({ code }) => code), lines: lines.map(({ id, head, claimedPence }) => ({ id, head, claimedPence })), agreement: agreement.reference },
    };
  });
}

async function refuseUnready(context: ClaimContext, { agreement, claim }: Subject, given: { lines: number; lateDays: number; lateReason: string | undefined }): Promise<void> {
  const state = agreement.state === 'live' || agreement.state === 'closing' ? undefined : (notClaimable[agreement.state] ?? `The agreement is in the state “${agreement.state}”. A claim is submitted once it is live.`);
  if (state) throw conflict('claim_agreement_not_live', state);
  if (given.lines === 0) throw conflict('claim_has_lines', 'The claim has no line yet. Enter what is claimed first.');
  const early = arrearsFault(claim.endsOn, todayOf(context));
  if (early) throw conflict('claim_in_arrears', early);
  const parts = (await claimParts(context, agreement)).filter(({ periodId }) => periodId === claim.periodId);
  if (!parts.some((part) => part.startsOn <= claim.startsOn && part.endsOn >= claim.endsOn && part.basis === claim.basis)) {
    throw conflict('claim_has_basis_of_agreement', `The payment basis of these days changed since the draft was begun: ${partWords(parts)}. Withdraw the draft and prepare the claim anew.`);
  }
  if (given.lateDays > 0 && !given.lateReason) throw invalid([{ field: 'lateReason', message: `The claim is ${given.lateDays} day${given.lateDays === 1 ? '' : 's'} late. Say why.` }]);
}

export interface Message {
  readonly messageId: string;
  readonly lineId?: string | undefined;
  readonly words: string;
}

/** Writes a query or a reply, which hands the next step to the other side; the same id again writes nothing more. */
export async function write(context: ClaimContext, subject: Subject, kind: 'query' | 'reply', { messageId, lineId, words }: Message): Promise<void> {
  const { agreement, claim } = subject;
  const known = await findMessage(context.db, messageId);
  if (known) {
    if (known.claimId !== claim.id || known.words !== words || known.kind !== kind) throw conflict('claim_message_pkey', 'This id stands for another message. Write this one under a new id.');
    return;
  }
  if (lineId !== undefined && !(await queries.listLines(context.db, claim.id)).some(({ id }) => id === lineId)) throw notFound('line');
  await takeStep(context, subject, { kind: kind === 'query' ? 'claimQueried' : 'claimReplied', key: messageId, content: { words } }, async () => {
    await insertMessage(context.db, { id: messageId, claimId: claim.id, agreementId: agreement.id, kind, lineId: lineId ?? null, words, writtenBy: context.actor.personId, role: context.actor.role, at: context.now });
    return { reason: words, data: { messageId } };
  });
}

/** Approves a claim as a second person; what is cut is available again. */
export async function approve(context: ClaimContext, subject: Subject, given: { readonly key: string; readonly decisions: readonly Decision[] }): Promise<void> {
  const { claim } = subject;
  await takeStep(context, subject, { kind: 'claimApproved', key: given.key, content: given.decisions }, async ({ number }) => {
    const lines = await queries.listLines(context.db, claim.id);
    const { decided, faults } = decide(lines, given.decisions);
    if (faults.length > 0) throw invalid(faults);
    await refuseLost(context, subject, decided.map((line) => ({ ...line, pencePerHour: lines.find(({ id }) => id === line.id)?.pencePerHour ?? null })));
    await queries.saveDecisions(context.db, claim.id, decided);
    const approved = new Map(byHead(decided.map(({ head, approvedPence }) => ({ head, pence: approvedPence }))).map(({ head, pence }) => [head, pence]));
    const legs = byHead(decided.map(({ head, claimedPence }) => ({ head, pence: claimedPence }))).flatMap(({ head, pence }) => approvalLegs(approved.get(head) ?? 0, pence - (approved.get(head) ?? 0), head));
    await postOwn(context, subject, number, { kind: 'approval', happenedOn: todayOf(context), says: 'approved', legs });
    return {
      pence: decided.reduce((sum, { approvedPence }) => sum + approvedPence, 0), move: { approved: { by: context.actor.personId, at: context.now } },
      data: { lines: decided.map(({ id, approvedPence, cutReason }) => ({ id, approvedPence, cutReason })) },
    };
  });
}

/** Refuses a submitted claim: what it held is available again. */
export async function refuse(context: ClaimContext, subject: Subject, given: { readonly key: string; readonly reason: string }): Promise<void> {
  await takeStep(context, subject, { kind: 'claimRefused', key: given.key, content: { reason: given.reason } }, async ({ number }) => {
    const heads = byHead((await queries.listLines(context.db, subject.claim.id)).map(({ head, claimedPence }) => ({ head, pence: claimedPence })));
    await postOwn(context, subject, number, { kind: 'approval', happenedOn: todayOf(context), says: `refused: ${given.reason}`, legs: heads.flatMap(({ head, pence }) => approvalLegs(0, pence, head)) });
    return { reason: given.reason };
  });
}

/** Withdraws a draft, or a submitted claim with its journal reversed. */
export async function withdraw(context: ClaimContext, subject: Subject, given: { readonly key: string; readonly reason: string }): Promise<void> {
  await takeStep(context, subject, { kind: 'claimWithdrawn', key: given.key, content: { reason: given.reason } }, async ({ number, standing }) => {
    const [held] = await listClaimJournals(context.db, subject.agreement.id, subject.claim.id);
    if (standing.state !== 'draft' && held) await reverseOwn(context, subject, number, held.id, `withdrawn: ${given.reason}`);
    return { reason: given.reason };
  });
}

export { claimWords };
