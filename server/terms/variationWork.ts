/** A variation's way: drafted on the latest version, proposed, agreed, approved by a second person, and in effect on its day, once. */
import type { Knex } from 'knex';
import { setScope } from '../database.ts';
import { conflict, invalid, knownFailure } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import { findAgreement } from '../grants/queries.ts';
import type { LedgerContext } from '../ledger/ledgerWork.ts';
import { localTime, londonZone } from '../patrols/calendar.ts';
import type { Version } from './contract.ts';
import { isSigned } from './lifeCycle.ts';
import { termsFaults } from './terms.ts';
import { conditionsInForce, endConditions, insertCondition } from './termsQueries.ts';
import { tell } from './termsWork.ts';
import { furtherDifferences, varied, variationDifferences } from './variation.ts';
import type { VariationChanges } from './variationContract.ts';
import * as queries from './variationQueries.ts';
import { knownHeads, latestVersion, lockForTerms } from './versionQueries.ts';
import { makeVersion, refuseMovedBase, signAsItStands } from './versionWork.ts';

/** The day it is in Britain. */
export const dayOf = (now: Date): string => localTime(now.getTime(), londonZone).date;

export interface VariationGiven {
  readonly id: string;
  readonly effectiveFrom: string;
  readonly changes: VariationChanges;
  readonly reason: string;
}

/** Drafts a variation on the agreement's latest version, or changes the draft. The same id again drafts nothing more. */
export async function draft(context: LedgerContext, agreement: Agreement, given: VariationGiven, known: queries.VariationRow | undefined): Promise<void> {
  const { db, actor } = context;
  await lockForTerms(db, [agreement.id]);
  if (!isSigned(agreement.state)) throw conflict('agreement_not_signed', `${agreement.reference} is ${agreement.state}. Change its terms themselves; a variation is for what is signed.`);
  if (agreement.state === 'closing' || agreement.state === 'closed') throw conflict('agreement_is_closing', `${agreement.reference} is ${agreement.state} and is not varied any more.`);
  const base = (await latestVersion(db, agreement.id)) ?? (await signAsItStands(context, agreement));
  const difference = await checked(db, agreement, base, given);
  const row = { ...given, agreementId: agreement.id, baseVersionId: base.id, difference, proposedBy: actor.personId ?? '' };
  await (known ? queries.updateVariation(db, row) : queries.insertVariation(db, row));
  await tell(context, agreement, known ? 'variationChanged' : 'variationDrafted', { ...(known ? { before: { difference: known.difference } } : {}), after: { variation: given.id, effectiveFrom: given.effectiveFrom, difference }, reason: given.reason });
}

/** The differences, once nothing is wrong with what the version would say. */
async function checked(db: Knex, agreement: Agreement, base: Version, { effectiveFrom, changes }: VariationGiven): Promise<Version['difference']> {
  const said = varied(base, changes);
  const faults = termsFaults(said, agreement.startsOn, await knownHeads(db, effectiveFrom, base.heads.map(({ head }) => head)));
  if (effectiveFrom < base.effectiveFrom) faults.push({ field: 'effectiveFrom', message: `Version ${base.number} is effective from ${base.effectiveFrom}. Give that day or a later one.` });
  if (effectiveFrom > said.endsOn) faults.push({ field: 'effectiveFrom', message: `The agreement ends on ${said.endsOn}. Give a day by then.` });
  const difference = variationDifferences(base, changes, await now(db, agreement, effectiveFrom));
  if (difference.length === 0) faults.push({ field: 'changes', message: 'Nothing would change. Change something, or leave it.' });
  if (faults.length > 0) throw invalid(faults);
  return difference;
}

async function now(db: Knex, agreement: Agreement, on: string): Promise<Parameters<typeof furtherDifferences>[2]> {
  return { rates: agreement.rates, conditions: await conditionsInForce(db, agreement.id), on };
}

/** Takes the next step short of approval. */
export async function step(context: LedgerContext, agreement: Agreement, variation: queries.VariationRow, state: 'proposed' | 'council agreed'): Promise<void> {
  await lockForTerms(context.db, [agreement.id]);
  await queries.stepVariation(context.db, variation.id, state);
  await refuseMovedBase(context, agreement.id, variation.baseVersionId);
  await tell(context, agreement, state === 'proposed' ? 'variationProposed' : 'variationAgreed', { after: { variation: variation.id, number: variation.number, effectiveFrom: variation.effectiveFrom, difference: variation.difference }, reason: variation.reason });
}

/** Approves as a second person; takes effect at once when the day has come. The same key again changes nothing. */
export async function approve(context: LedgerContext, agreement: Agreement, variation: queries.VariationRow, { key, decisionReference, today }: { key: string; decisionReference: string; today: string }): Promise<void> {
  const { db } = context;
  if (variation.approvalKey === key) return;
  await lockForTerms(db, [agreement.id]);
  await queries.stepVariation(db, variation.id, 'approved', { decision_reference: decisionReference, approval_key: key });
  await refuseMovedBase(context, agreement.id, variation.baseVersionId);
  await tell(context, agreement, 'variationApproved', { after: { variation: variation.id, number: variation.number, decisionReference, effectiveFrom: variation.effectiveFrom, difference: variation.difference }, reason: variation.reason });
  if (variation.effectiveFrom <= today) await takeEffect(context, agreement, variation);
}

/** Withdraws or turns down what is not in effect. */
export async function withdraw(context: LedgerContext, agreement: Agreement, variation: queries.VariationRow, reason: string): Promise<void> {
  await queries.stepVariation(context.db, variation.id, 'withdrawn', { withdrawn_reason: reason });
  await tell(context, agreement, 'variationWithdrawn', { before: { state: variation.state }, after: { variation: variation.id, number: variation.number }, reason });
}

/** Makes the version of an approved variation, with its rates and conditions. */
async function takeEffect(context: LedgerContext, agreement: Agreement, variation: queries.VariationRow): Promise<void> {
  const { db } = context;
  const { id, effectiveFrom, changes, reason, number } = variation;
  const base = await refuseMovedBase(context, agreement.id, variation.baseVersionId);
  const said = varied(base, changes);
  const version = await makeVersion(context, agreement, {
    ...said, effectiveFrom, rates: changes.rates, source: { kind: 'variation', id }, reason: `Variation ${number}: ${reason}`, key: `variation ${id}`,
    further: furtherDifferences(base, changes, await now(db, agreement, effectiveFrom)),
  });
  for (const condition of changes.conditions?.add ?? []) await insertCondition(db, agreement.id, condition, version.number);
  await endConditions(db, agreement.id, changes.conditions?.end ?? [], version.number);
  await queries.stepVariation(db, id, 'effective');
  await tell(context, agreement, 'variationEffective', { after: { variation: id, number, version: version.number, effectiveFrom, difference: version.difference }, reason });
}

const timetable = { personId: null, role: 'timetable' };

/**
 * Brings approved variations whose day has come into effect, each in its own transaction under the service's role. What cannot take effect says
 * why on its page, and is tried again the next day.
 */
export async function bringIntoEffect(db: Knex, at: Date): Promise<void> {
  const due = await queries.listDue(db, dayOf(at));
  const heldUp: string[] = [];
  const causes: unknown[] = [];
  for (const id of due) {
    const why = await inService(db, (context) => effectOnce(context, id)).then(() => undefined, (error: unknown) => error);
    if (why === undefined) continue;
    const says = knownFailure(why)?.message ?? 'Something failed in the service.';
    await inService(db, (context) => queries.updateHeldUp(context.db, id, says));
    heldUp.push(`${id}: ${says}`);
    causes.push(why);
  }
  if (heldUp.length > 0) throw new Error(`Approved variations could not take effect. ${heldUp.join(' ')}`, { cause: causes[0] });
}

async function effectOnce(context: LedgerContext, id: string): Promise<void> {
  const found = await queries.findVariation(context.db, ['*'], id, { names: false });
  if (!found) return;
  await lockForTerms(context.db, [found.agreementId]);
  // Another process may have been faster.
  const [variation, agreement] = [await queries.findVariation(context.db, ['*'], id, { names: false }), await findAgreement(context.db, ['*'], found.agreementId)];
  if (variation?.state === 'approved' && agreement) await takeEffect(context, agreement, variation);
}

function inService(db: Knex, work: (context: LedgerContext) => Promise<void>): Promise<void> {
  return db.transaction(async (trx) => {
    await setScope(trx, { personId: null, roles: [], councils: ['*'] }, 'hotspots_service');
    await work({ db: trx, actor: timetable });
  });
}
