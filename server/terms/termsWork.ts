/** Terms before and around their versions: drafted, signed, moved from state to state, their conditions met; each with its event. */
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import type { Agreement, AgreementState } from '../grants/contract.ts';
import { tilePeriods } from '../ledger/ledger.ts';
import type { LedgerContext } from '../ledger/ledgerWork.ts';
import { listPeriods } from '../ledger/queries.ts';
import type { BudgetHead, Condition, DraftTerms, Terms } from './contract.ts';
import { goesBack, isSigned, moveFaults, nextStates, type Readiness } from './lifeCycle.ts';
import { termsFaults } from './terms.ts';
import * as queries from './termsQueries.ts';
import { currentVersion, knownHeads, latestVersion, listVersions, lockForTerms } from './versionQueries.ts';
import { firstVersion, makeVersion } from './versionWork.ts';

const emptyDraft: DraftTerms = { paymentBasis: 'cost', overheadsAgreed: false, overheadsPercent: null, purpose: '', schedules: [], heads: [], targets: [], hotspotIds: [] };

/** Writes that something happened to an agreement's terms. */
export async function tell({ db, actor }: LedgerContext, agreement: Pick<Agreement, 'id' | 'councilCode'>, action: string, what: { before?: unknown; after?: unknown; reason?: string }): Promise<void> {
  await recordEvent(db, actor, { action, subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, ...what });
}

/** Writes that the list of budget heads changed. */
export async function tellHead({ db, actor }: LedgerContext, before: BudgetHead | null, after: BudgetHead): Promise<void> {
  await recordEvent(db, actor, { action: 'budgetHeadSaved', subjectKind: 'budgetHead', subjectId: after.name, before, after });
}

/** What keeps a draft from being signed, by field; nothing where it may be. */
async function draftFaults(db: Knex, agreement: Agreement, draft: DraftTerms): Promise<{ field: string; message: string }[]> {
  const { ceilingPence, endsOn, productiveRatio, startsOn } = agreement;
  const heads = draft.heads.length > 0 ? draft.heads : [{ head: '', budgetPence: ceilingPence, tolerancePence: 0, profile: [] }];
  return termsFaults({ ...draft, heads, ceilingPence, endsOn, productiveRatio }, startsOn, await knownHeads(db, startsOn));
}

async function readinessOf(db: Knex, agreement: Agreement): Promise<Readiness & { readonly draft: DraftTerms | null; readonly missing: Terms['missing'] }> {
  const hasVersion = (await latestVersion(db, agreement.id)) !== undefined;
  const draft = hasVersion ? null : ((await queries.findDraft(db, agreement.id)) ?? emptyDraft);
  const missing = draft ? await draftFaults(db, agreement, draft) : [];
  return {
    draft, missing, hasVersion, termsFaults: missing.map(({ message }) => message),
    signatories: await queries.listSignatories(db, agreement.id), variationUnderWay: await queries.variationUnderWay(db, agreement.id),
  };
}

/** Everything the terms' page shows, as it stands on a day. */
export async function termsOf(db: Knex, agreement: Agreement, today: string): Promise<Terms> {
  const ready = await readinessOf(db, agreement);
  const periods = await listPeriods(db, agreement.id);
  const on = today < agreement.startsOn ? agreement.startsOn : today;
  return {
    agreementId: agreement.id, state: agreement.state, versions: await listVersions(db, agreement.id), current: (await currentVersion(db, agreement.id, on))?.number ?? null,
    draft: ready.draft, missing: ready.missing, signatories: [...ready.signatories] as Terms['signatories'],
    periods: periods.length > 0 ? periods.map(({ startsOn, endsOn }) => ({ startsOn, endsOn })) : tilePeriods(agreement, 'quarter'),
    conditions: await queries.listConditions(db, agreement.id, today),
    // Closing an agreement for good is a reconciliation of its own.
    moves: nextStates(agreement.state).filter((state) => state !== 'closed').map((state) => ({ state, back: goesBack(agreement.state, state), faults: moveFaults(agreement.state, state, ready) })),
    atRiskPence: await queries.atRiskPence(db, agreement.id), hotspots: await queries.listHotspotNames(db, agreement.councilCode, agreement.startsOn),
  };
}

/** Keeps a draft; refused once there is a version. */
export async function keepDraft(context: LedgerContext, agreement: Agreement, draft: DraftTerms): Promise<void> {
  await lockForTerms(context.db, [agreement.id]);
  await refuseSigned(context.db, agreement);
  const before = (await queries.findDraft(context.db, agreement.id)) ?? null;
  await queries.saveDraft(context.db, agreement.id, draft, context.actor.personId);
  await tell(context, agreement, 'termsDrafted', { before, after: draft });
}

/** Refuses what a variation is for. */
export async function refuseSigned(db: Knex, { id, reference }: Agreement): Promise<void> {
  const version = await latestVersion(db, id);
  if (version) throw conflict('terms_are_signed', `The terms of ${reference} are signed as version ${version.number}. Propose a variation.`);
}

/** Makes version 1 of what was drafted. */
export async function sign(context: LedgerContext, agreement: Agreement, reason: string): Promise<void> {
  await lockForTerms(context.db, [agreement.id]);
  await refuseSigned(context.db, agreement);
  const { overheadsPercent, ...draft } = (await queries.findDraft(context.db, agreement.id)) ?? emptyDraft;
  await makeVersion(context, agreement, firstVersion(agreement, { ...draft, overheadsPercent: draft.overheadsAgreed ? overheadsPercent : null, reason }));
}

/** Signs the terms of an agreement that was signed on paper before it was entered here. */
export async function signOnPaper(context: LedgerContext, agreement: Agreement, reason: string): Promise<void> {
  if (!isSigned(agreement.state)) throw conflict('agreement_not_signed', `${agreement.reference} is ${agreement.state}. Move it to “signed”: that makes its version 1.`);
  await sign(context, agreement, reason);
}

/** Moves an agreement's state, where the rule lets it; signing makes version 1. */
export async function moveState(context: LedgerContext, given: Agreement, to: AgreementState, reason: string, agreementNow: () => Promise<Agreement>): Promise<void> {
  const { db } = context;
  await lockForTerms(db, [given.id]);
  const agreement = await agreementNow();
  const ready = await readinessOf(db, agreement);
  const faults = moveFaults(agreement.state, to, ready);
  if (faults.length > 0) throw invalid(faults.map((message) => ({ field: 'state', message })));
  if (to === 'signed' && !ready.hasVersion) await sign(context, agreement, reason);
  await queries.updateState(db, agreement.id, to);
  await tell(context, agreement, 'agreementMoved', { before: { state: agreement.state }, after: { state: to, ...(to === 'live at risk' ? { atRiskPence: await queries.atRiskPence(db, agreement.id) } : {}) }, reason });
}

/** One of an agreement's conditions. */
export async function conditionOf(db: Knex, agreement: Agreement, id: string, today: string): Promise<Condition> {
  const found = (await queries.listConditions(db, agreement.id, today)).find((each) => each.id === id);
  if (!found) throw notFound('condition');
  return found;
}

/** Says that a condition is met. */
export async function report(context: LedgerContext, agreement: Agreement, condition: Condition, done: { on: string; evidence: string }): Promise<void> {
  if (condition.state === 'ended') throw conflict('condition_ended', `Version ${condition.untilVersion ?? ''} took this condition out. There is nothing to report.`);
  await queries.updateConditionDone(context.db, condition.id, { ...done, by: context.actor.personId ?? '' });
  await tell(context, agreement, 'conditionReported', { after: { condition: condition.id, what: condition.what, ...done } });
}

/** Accepts as a second person that a condition is met, or sends it back. */
export async function decide(context: LedgerContext, agreement: Agreement, condition: Condition, { accepted, reason }: { accepted: boolean; reason: string }): Promise<void> {
  if (condition.doneOn === null) throw conflict('condition_not_reported', 'Nobody has said that this condition is met. Have it reported first.');
  if (accepted) await queries.acceptCondition(context.db, condition.id, context.actor.personId ?? '');
  else await queries.updateConditionDone(context.db, condition.id, null);
  await tell(context, agreement, accepted ? 'conditionAccepted' : 'conditionSentBack', { before: { doneOn: condition.doneOn, evidence: condition.evidence }, after: { condition: condition.id, what: condition.what }, reason });
}
