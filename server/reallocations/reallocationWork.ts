/** Proposing a reallocation with its figures, its steps, and bringing it into effect: every agreement's version and journal in one transaction, or none. */
import type { Knex } from 'knex';
import { recordEvent } from '../audit.ts';
import { canonicalHash } from '../canonical.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import { findAgreement } from '../grants/queries.ts';
import { type LedgerContext, open } from '../ledger/ledgerWork.ts';
import { ledgerExists } from '../ledger/queries.ts';
import { localTime } from '../patrols/calendar.ts';
import { pounds } from '../terms/terms.ts';
import { latestVersion, updateAgreement } from '../terms/versionQueries.ts';
import { firstVersion, lockForTerms, makeVersion, signAsItStands } from '../terms/versionWork.ts';
import type { Outlook, Party, Reallocation } from './contract.ts';
import * as queries from './queries.ts';

const everybody = ['*'];

export async function getReallocation(db: Knex, councils: readonly string[], id: string): Promise<Reallocation> {
  const found = await queries.findReallocation(db, councils, id);
  if (!found) throw notFound('reallocation');
  return found;
}

/** Enters a reallocation with the figures that stood beside it. The same id with the same content again changes nothing. */
export async function propose(context: LedgerContext, row: queries.ReallocationToEnter, outlook: Outlook): Promise<Reallocation> {
  const { db } = context;
  const net = row.lines.reduce((sum, { amountPence }) => sum + amountPence, 0);
  if (net !== 0) throw invalid([{ field: 'lines', message: `The lines add up to ${pounds(net)}, not to £0.00. What is given and what is taken must be the same.` }]);
  const foreign = row.lines.find(({ agreementId }) => !outlook.agreements.some((each) => each.agreementId === agreementId));
  if (foreign) throw notFound('running agreement of this fund');
  if (await queries.idIsUsed(db, row.id)) return sentAgain(await getReallocation(db, everybody, row.id), row);
  await queries.insertReallocation(db, row);
  for (const id of new Set(row.lines.map(({ agreementId }) => agreementId))) {
    const figures = outlook.agreements.find(({ agreementId }) => agreementId === id)?.figures;
    if (figures) await queries.insertFigures(db, row.id, id, figures);
  }
  const made = await getReallocation(db, everybody, row.id);
  await recordForEach(context, made, 'reallocationProposed', made.reason);
  return made;
}

function sentAgain(kept: Reallocation, row: queries.ReallocationToEnter): Reallocation {
  const lines = (of: readonly queries.LineToEnter[]): string => canonicalHash(of.map(({ agreementId, head, amountPence }) => `${agreementId} ${amountPence} ${head}`).sort());
  const keptLines = kept.parties.flatMap(({ agreementId, lines: own }) => own.map(({ head, amountPence }) => ({ agreementId, head, amountPence })));
  if (kept.fundId === row.fundId && kept.kind === row.kind && kept.effectiveFrom === row.effectiveFrom && kept.reason === row.reason && lines(keptLines) === lines(row.lines)) return kept;
  throw conflict('reallocation_pkey', 'Another reallocation was entered under this id. Enter this one anew.');
}

/** One event for each agreement, with its own lines alone, so that each council's trail holds what is its own. */
export async function recordForEach({ db, actor }: Pick<LedgerContext, 'db' | 'actor'>, made: Reallocation, action: string, reason?: string): Promise<void> {
  for (const { agreementId, councilCode, netPence, lines } of made.parties) {
    await recordEvent(db, actor, {
      action, subjectKind: 'agreement', subjectId: agreementId, councilCode, ...(reason ? { reason } : {}),
      after: { reallocationId: made.id, kind: made.kind, number: made.number, state: made.state, effectiveFrom: made.effectiveFrom, netPence, lines, decisionReference: made.decisionReference },
    });
  }
}

/**
 * Brings an approved reallocation into effect. Takes the fund, its agreements by id, their ledgers by id; then givers before takers, since the fund's cap
 * is looked at with each. Sent again it changes nothing more.
 */
export async function effect(context: LedgerContext, id: string, now: Date): Promise<Reallocation> {
  const { db } = context;
  await queries.lockReallocation(db, id);
  const made = await getReallocation(db, everybody, id);
  if (made.state === 'effective') return made;
  if (made.state !== 'approved') throw conflict('reallocation_not_approved', 'The reallocation is not approved. Have a second person approve it first.');
  if (made.effectiveFrom > localTime(now.getTime()).date) throw conflict('reallocation_not_due', `The reallocation takes effect on ${made.effectiveFrom}. It will by itself on that day.`);
  const ids = made.parties.map(({ agreementId }) => agreementId).sort();
  await lockForTerms(db, ids);
  await queries.lockLedgers(db, ids);
  for (const party of made.parties.toSorted((a, b) => Number(a.netPence > 0) - Number(b.netPence > 0) || (a.agreementId < b.agreementId ? -1 : 1))) await effectParty(context, made, party);
  await queries.updateEffective(db, id);
  const effective = await getReallocation(db, everybody, id);
  await recordForEach(context, effective, 'reallocationEffective', effective.reason);
  return effective;
}

async function effectParty(context: LedgerContext, made: Reallocation, party: Party): Promise<void> {
  const agreement = await agreementOf(context, party.agreementId);
  const version = await latestVersion(context.db, agreement.id);
  if (!version && agreement.ceilingPence === 0) return firstMoney(context, made, party, agreement);
  const before = version ?? (await signAsItStands(context, agreement));
  const heads = [...new Set([...before.heads.map(({ head }) => head), ...party.lines.map(({ head }) => head)])].map((head) => {
    const had = before.heads.find((each) => each.head === head);
    return { head, budgetPence: (had?.budgetPence ?? 0) + sumOf(party.lines.filter((line) => line.head === head)), tolerancePence: had?.tolerancePence ?? 0 };
  });
  await makeVersion(context, agreement, {
    effectiveFrom: made.effectiveFrom, ceilingPence: agreement.ceilingPence + party.netPence, endsOn: before.endsOn, productiveRatio: before.productiveRatio, paymentBasis: before.paymentBasis,
    heads: heads.filter(({ budgetPence }) => budgetPence !== 0), source: { kind: made.kind, id: made.id }, reason: made.reason, key: `${made.kind} ${made.id}`,
  });
}

const sumOf = (lines: readonly { readonly amountPence: number }[]): number => lines.reduce((sum, { amountPence }) => sum + amountPence, 0);

/** An agreement that waited for money gets its first: its amount, its ledger, and version 1. */
async function firstMoney(context: LedgerContext, made: Reallocation, party: Party, waiting: Agreement): Promise<void> {
  const { db } = context;
  const heads = party.lines.map(({ head, amountPence }) => ({ head, budgetPence: amountPence, tolerancePence: 0 }));
  await updateAgreement(db, waiting.id, { ceiling_pence: party.netPence });
  const agreement = await agreementOf(context, waiting.id);
  if (!(await ledgerExists(db, agreement.id))) {
    await open(context, agreement, { key: `${made.kind} ${made.id}`, cut: 'quarter', heads: heads.length === 1 && heads[0]?.head === '' ? [] : heads });
  }
  await makeVersion(context, agreement, { ...firstVersion(agreement, { paymentBasis: 'cost', heads }), reason: made.reason });
}

async function agreementOf({ db }: LedgerContext, id: string): Promise<Agreement> {
  const agreement = await findAgreement(db, everybody, id);
  if (!agreement) throw notFound('agreement');
  return agreement;
}

/** Each approved reallocation whose day has come, in a transaction of its own; one that cannot take effect is said and stays approved. */
export async function effectDue(db: Knex, _config: unknown, now: Date): Promise<void> {
  const refused: string[] = [];
  for (const id of await queries.listDue(db, localTime(now.getTime()).date)) {
    await db.transaction((trx) => effect({ db: trx, actor: { personId: null, role: 'timetable' } }, id, now)).catch((error: unknown) => void refused.push(`${id}: ${error instanceof Error ? error.message : String(error)}`));
  }
  if (refused.length > 0) throw new Error(`Approved reallocations could not take effect. ${refused.join(' ')}`);
}
