/** The one way an agreement's terms change once they are signed: a version, with the journal that carries its difference in money. */
import { recordEvent } from '../audit.ts';
import { conflict, invalid } from '../errors.ts';
import type { Agreement, RateBand } from '../grants/contract.ts';
import { saveRate } from '../grants/queries.ts';
import { periodsAfter } from '../ledger/ledger.ts';
import { layPeriods, type LedgerContext, move, post } from '../ledger/ledgerWork.ts';
import { insertAccounts, ledgerExists, listPeriods } from '../ledger/queries.ts';
import type { Difference, HeadTerms, PaymentBasis, ProfileAmount, ScheduleTerms, TargetTerms, Version, VersionSource } from './contract.ts';
import { cutOf, differences, laidAgain, type Span, termsFaults, type TermsSaid, versionLegs } from './terms.ts';
import { settleDraft } from './termsQueries.ts';
import * as queries from './versionQueries.ts';

export { currentVersion, latestVersion, listVersions, lockForTerms } from './versionQueries.ts';

/** What is left out stays as the version before says; a head without a profile, or with an empty one, keeps its past and spreads the rest over the periods ahead. */
export interface VersionChange {
  /** The day has come: a version takes effect when it is made. */
  readonly effectiveFrom: string;
  readonly ceilingPence: number;
  readonly endsOn: string;
  readonly productiveRatio: number;
  readonly paymentBasis: PaymentBasis;
  /** All heads, adding up to the ceiling; none: the whole under no head. */
  readonly heads: readonly { readonly head: string; readonly budgetPence: number; readonly tolerancePence: number; readonly profile?: readonly ProfileAmount[] | undefined }[];
  readonly targets?: readonly TargetTerms[] | undefined;
  readonly hotspotIds?: readonly string[] | undefined;
  readonly overheadsAgreed?: boolean | undefined;
  readonly overheadsPercent?: number | null | undefined;
  readonly purpose?: string | undefined;
  readonly schedules?: readonly ScheduleTerms[] | undefined;
  readonly rates?: readonly { readonly band: RateBand; readonly pencePerHour: number }[] | undefined;
  /** Differences in what is kept elsewhere (rates, conditions): they are written into the version beside those worked out here. */
  readonly further?: readonly Difference[] | undefined;
  readonly source: { readonly kind: VersionSource; readonly id: string };
  readonly reason: string;
  /** The journal's idempotency key. */
  readonly key: string;
}

/** A version as it is read back. */
export type VersionRow = Version;

/**
 * Makes the next version of an agreement and brings the agreement, its ledger's periods, accounts and award to what it says, in the caller's
 * transaction, which has locked fund and agreements by `lockForTerms`. The same source again gives the version it made before.
 * Refused in words: budgets that do not add up, a value below what is spent or committed, a fund's award passed.
 */
export async function makeVersion(context: LedgerContext, agreement: Agreement, change: VersionChange): Promise<VersionRow> {
  const { db, actor } = context;
  const made = await queries.versionOf(db, agreement.id, change.source);
  if (made) return made;
  const before = (await queries.latestVersion(db, agreement.id)) ?? (change.source.kind === 'signed' ? undefined : await signAsItStands(context, agreement));
  const said = await wholeOf(context, agreement, change, before);
  const known = await queries.knownHeads(db, change.effectiveFrom, before?.heads.map(({ head }) => head));
  const faults = termsFaults(said, agreement.startsOn, known);
  if (faults.length > 0) throw invalid(faults);
  const difference = [...(before ? differences(before, said) : []), ...(change.further ?? [])];
  await queries.insertVersion(db, {
    ...said, agreementId: agreement.id, number: (before?.number ?? 0) + 1, effectiveFrom: change.effectiveFrom, difference, reason: change.reason, source: change.source,
    purpose: change.purpose ?? before?.purpose ?? '', schedules: change.schedules ?? before?.schedules ?? [], createdBy: actor.personId,
  });
  await carry(context, agreement, change, said);
  if (!before) await settleDraft(db, agreement.id);
  for (const rate of change.rates ?? []) await saveRate(db, agreement.id, { ...rate, validFrom: change.effectiveFrom });
  const version = await queries.versionOf(db, agreement.id, change.source);
  if (!version) throw new Error(`The version of ${change.source.kind} ${change.source.id} was written and cannot be read.`);
  await recordEvent(db, actor, {
    action: 'agreementVersionMade', subjectKind: 'agreement', subjectId: agreement.id, councilCode: agreement.councilCode, reason: change.reason,
    before: before ? { version: before.number } : undefined, after: { version: version.number, effectiveFrom: change.effectiveFrom, source: change.source, difference: before ? difference : said },
  });
  return version;
}

/** The whole of what the new version says. */
async function wholeOf({ db }: LedgerContext, agreement: Agreement, change: VersionChange, before: Version | undefined): Promise<TermsSaid> {
  const { ceilingPence, endsOn, productiveRatio, paymentBasis } = change;
  const periods = await periodsUntil(db, agreement, endsOn);
  const given = change.heads.length > 0 ? change.heads : [{ head: '', budgetPence: ceilingPence, tolerancePence: 0 }];
  const heads = given.map(({ head, budgetPence, tolerancePence, profile }): HeadTerms => {
    const had = before?.heads.find((each) => each.head === head);
    const same = had?.budgetPence === budgetPence && before?.endsOn === endsOn;
    return { head, budgetPence, tolerancePence, profile: [...(profile?.length ? profile : same ? had.profile : laidAgain(had?.profile ?? [], budgetPence, periods, change.effectiveFrom))] };
  });
  const overheadsAgreed = change.overheadsAgreed ?? before?.overheadsAgreed ?? false;
  return {
    ceilingPence, endsOn, productiveRatio, paymentBasis, heads, overheadsAgreed,
    overheadsPercent: overheadsAgreed ? (change.overheadsPercent === undefined ? (before?.overheadsPercent ?? null) : change.overheadsPercent) : null,
    targets: change.targets ?? before?.targets ?? [], hotspotIds: change.hotspotIds ?? before?.hotspotIds ?? [],
  };
}

/** The ledger's periods as they will be with another last day, or quarters where no ledger is open. */
async function periodsUntil(db: LedgerContext['db'], agreement: Agreement, endsOn: string): Promise<Span[]> {
  const periods = await listPeriods(db, agreement.id);
  return periodsAfter(periods, { startsOn: agreement.startsOn, endsOn }, cutOf(periods));
}

/** Brings the agreement and its ledger to the version: dates first, then money, in the order in which no cap is passed on the way. */
async function carry(context: LedgerContext, agreement: Agreement, change: VersionChange, said: TermsSaid): Promise<void> {
  const { db } = context;
  const opened = await ledgerExists(db, agreement.id);
  const rises = said.ceilingPence >= agreement.ceilingPence;
  await queries.updateAgreement(db, agreement.id, { ends_on: said.endsOn, productive_ratio: said.productiveRatio, ...(rises ? { ceiling_pence: said.ceilingPence } : {}) });
  if (opened) {
    if (said.endsOn !== agreement.endsOn) await relay(context, { ...agreement, endsOn: said.endsOn });
    await postDifference(context, agreement, change, said);
  }
  if (!rises) await queries.updateAgreement(db, agreement.id, { ceiling_pence: said.ceilingPence });
}

/** Lays the periods that have not opened again, up to the new last day; one that opened keeps its days. */
async function relay(context: LedgerContext, agreement: Agreement): Promise<void> {
  const periods = await listPeriods(context.db, agreement.id);
  const opened = periods.findLast(({ state }) => state !== 'scheduled');
  if (opened && opened.endsOn > agreement.endsOn) {
    throw invalid([{ field: 'endsOn', message: `The period from ${opened.startsOn} to ${opened.endsOn} is ${opened.state} in the ledger and keeps its days. End the agreement on ${opened.endsOn} or later.` }]);
  }
  await layPeriods(context, agreement, cutOf(periods));
}

async function postDifference(context: LedgerContext, agreement: Agreement, change: VersionChange, { heads }: TermsSaid): Promise<void> {
  const { db } = context;
  for (const { head, tolerancePence } of heads) {
    await insertAccounts(db, agreement.id, head, tolerancePence);
    await queries.updateTolerance(db, agreement.id, head, tolerancePence);
  }
  const legs = versionLegs(await queries.givenByHead(db, agreement.id), heads);
  if (legs.length === 0) return;
  const effectiveOn = await postingDay(context, agreement, change.effectiveFrom);
  const kind = change.source.kind === 'signed' ? 'variation' : change.source.kind;
  await post(context, agreement, { kind, effectiveOn, reason: change.reason, key: change.key, legs });
}

/** The effective day where its period takes postings; a period that has not opened opens; after a closed one, the first day of the next that is not. */
async function postingDay(context: LedgerContext, agreement: Agreement, effectiveFrom: string): Promise<string> {
  const periods = await listPeriods(context.db, agreement.id);
  const own = periods.find(({ endsOn, state }) => endsOn >= effectiveFrom && (state === 'open' || state === 'scheduled'));
  if (!own) return effectiveFrom;
  if (own.state === 'scheduled') await move(context, agreement, own.id, 'open');
  return own.startsOn > effectiveFrom ? own.startsOn : effectiveFrom;
}

/** Version 1 of an agreement that has none: what its ledger, or else the agreement itself, says. */
export async function signAsItStands(context: LedgerContext, agreement: Agreement): Promise<VersionRow> {
  const { db } = context;
  const given = await queries.givenByHead(db, agreement.id);
  const tolerances = await queries.tolerancesByHead(db, agreement.id);
  const rest = agreement.ceilingPence - [...given.values()].reduce((sum, pence) => sum + pence, 0);
  if (rest !== 0) given.set('', (given.get('') ?? 0) + rest);
  const heads = [...given].filter(([, pence]) => pence > 0).map(([head, budgetPence]) => ({ head, budgetPence, tolerancePence: tolerances.get(head) ?? 0 }));
  return makeVersion(context, agreement, firstVersion(agreement, { paymentBasis: 'cost', heads }));
}

/** The change that makes version 1: from the agreement's first day, with its own amount, end and ratio. */
export function firstVersion(agreement: Agreement, terms: Pick<VersionChange, 'paymentBasis' | 'heads'> & Partial<VersionChange>): VersionChange {
  const { id, startsOn, ceilingPence, endsOn, productiveRatio, reference } = agreement;
  return { effectiveFrom: startsOn, ceilingPence, endsOn, productiveRatio, source: { kind: 'signed', id }, reason: `Terms of agreement ${reference}`, key: `terms of ${id}`, ...terms };
}

/** Refuses a change worked out on a version that is no longer the last one. */
export async function refuseMovedBase(context: LedgerContext, agreementId: string, baseVersionId: string): Promise<Version> {
  const last = await queries.latestVersion(context.db, agreementId);
  if (last?.id !== baseVersionId) throw conflict('variation_base_moved', `Version ${last?.number ?? 1} came in between, effective from ${last?.effectiveFrom ?? 'its first day'}. Withdraw this variation and propose it again on the terms as they are now.`);
  return last;
}
