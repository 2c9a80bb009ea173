/** The demonstration's ledgers, first terms and claims, each step taken by a demonstration person through the work functions of the service. */
import type { Knex } from 'knex';
import { createRandom } from '../../geo/random.ts';
import type { Actor } from '../audit.ts';
import * as work from '../claims/claimWork.ts';
import type { ClaimLine } from '../claims/contract.ts';
import { pay, recover } from '../claims/moneyWork.ts';
import { findClaim, listLines } from '../claims/queries.ts';
import type { ClaimContext, Subject } from '../claims/stepWork.ts';
import { saveDocument } from '../documents/documentWork.ts';
import type { Agreement } from '../grants/contract.ts';
import { listAgreements } from '../grants/queries.ts';
import { atRiskLegs } from '../ledger/ledger.ts';
import { move, open, post } from '../ledger/ledgerWork.ts';
import { listPeriods } from '../ledger/queries.ts';
import type { Role } from '../permissions.ts';
import { firstVersion, lockForTerms, makeVersion } from '../terms/versionWork.ts';
import { budgetOf, type DemonstrationClaim, demonstrationClaims, type DemonstrationLine, type DemonstrationStep, linesOf, spentAtRisk } from './claims.ts';
import { demonstrationAgreements, demonstrationFund } from './grant.ts';
import { repeatableId } from './repeatableId.ts';

const idOf = (seed: number, what: string): string => repeatableId(createRandom(`${seed} ${what}`));

/** Opens the four ledgers with their budget heads, and enters claims in every state. */
export async function fillClaims(trx: Knex.Transaction, seed: number): Promise<void> {
  const people = await demonstrationPeople(trx);
  const agreements = (await listAgreements(trx, ['*'])).filter(({ reference }) => demonstrationAgreements.some((each) => each.reference === reference));
  const manager = { db: trx, actor: people('grant_manager', null) };
  for (const agreement of agreements) await openLedger(manager, seed, agreement);
  for (const [nth, claim] of demonstrationClaims.entries()) {
    const agreement = agreements.find(({ councilCode }) => councilCode === claim.councilCode);
    if (agreement) await fillClaim({ trx, people, name: `${seed} claim ${nth}` }, agreement, claim);
  }
}

export type People = (role: Role, councilCode: string | null) => Actor;

/** Who holds a role in a council, or in the Commissioner's office, among the demonstration users. */
export async function demonstrationPeople(trx: Knex.Transaction): Promise<People> {
  const rows: { id: string; role: Role; councilCode: string | null }[] = await trx('person as p').join('organisation as o', 'o.id', 'p.organisation_id').join('role_grant as r', 'r.person_id', 'p.id')
    .select('p.id', 'r.role', 'o.council_code as councilCode').where({ 'p.demonstration': true });
  return (role, councilCode) => {
    const found = rows.find((row) => row.role === role && row.councilCode === councilCode);
    if (!found) throw new Error(`The demonstration has no ${role} of ${councilCode ?? 'the OPCC'}. Add the demonstration's people first.`);
    return { personId: found.id, role };
  };
}

async function openLedger(context: { readonly db: Knex.Transaction; readonly actor: Actor }, seed: number, agreement: Agreement): Promise<void> {
  const heads = budgetOf(agreement.ceilingPence);
  await open(context, agreement, { key: idOf(seed, `ledger ${agreement.councilCode}`), cut: 'quarter', heads });
  for (const { id } of (await listPeriods(context.db, agreement.id)).slice(1)) await move(context, agreement, id, 'open');
  await lockForTerms(context.db, [agreement.id]);
  await makeVersion(context, agreement, firstVersion(agreement, { paymentBasis: 'cost', heads, purpose: demonstrationFund.purpose }));
  if (agreement.councilCode !== spentAtRisk.councilCode) return;
  const { on, head, pence, reason } = spentAtRisk;
  await post(context, agreement, { kind: 'at risk', effectiveOn: on, reason, key: idOf(seed, 'at risk'), legs: atRiskLegs(pence, head) });
}

interface Scene {
  readonly trx: Knex.Transaction;
  readonly people: People;
  /** What its ids are made from. */
  readonly name: string;
}

const at = (day: string): Date => new Date(`${day}T10:00:00Z`);

async function fillClaim({ trx, people, name }: Scene, agreement: Agreement, claim: DemonstrationClaim): Promise<void> {
  const id = (what: string): string => repeatableId(createRandom(`${name} ${what}`));
  const context = (role: Role, councilCode: string | null, day: string): ClaimContext => ({ db: trx, actor: people(role, councilCode), now: at(day) });
  const subject = async (): Promise<Subject> => {
    const row = await findClaim(trx, ['*'], id('claim'));
    if (!row) throw new Error(`${name} was begun and cannot be found.`);
    return { agreement, claim: row };
  };
  const lead = context('council_lead', claim.councilCode, claim.preparedOn);
  const period = (await listPeriods(trx, agreement.id))[claim.quarter];
  if (!period) throw new Error(`${agreement.reference} has no quarter ${claim.quarter + 1}.`);
  await work.prepare(lead, agreement, { claimId: id('claim'), periodId: period.id });
  for (const [nth, line] of (claim.lines ?? linesOf(await committedIn(trx, agreement, period))).entries()) await keep(lead, await subject(), id(`line ${nth}`), line);
  if (claim.evidence) {
    const { title, says } = claim.evidence;
    await saveDocument(lead, agreement, { id: id('evidence'), subjectKind: 'claim line', subjectId: id('line 0'), title, fileName: 'demonstration.txt', content: Buffer.from(`${says}\n`) });
  }
  for (const [nth, step] of claim.steps.entries()) {
    const role = step.do === 'submit' ? 'council_finance' : step.do === 'reply' ? 'council_lead' : step.do === 'query' ? 'grant_manager' : 'finance_approver';
    await take(context(role, role.startsWith('council') ? claim.councilCode : null, step.on), await subject(), id(`step ${nth}`), step);
  }
}

const keep = (context: ClaimContext, subject: Subject, lineId: string, { head, what, grossPence, recoverableVatPence }: DemonstrationLine): Promise<void> =>
  work.keepLine(context, subject, { lineId, head, what, amount: { grossPence, recoverableVatPence } });

/** What was committed in a period: on the agreement's first day, and for patrol hours. */
async function committedIn(trx: Knex.Transaction, agreement: Agreement, { startsOn, endsOn }: { startsOn: string; endsOn: string }): Promise<{ startPence: number; patrolPence: number }> {
  const rows: { on: string; pence: number }[] = await trx('commitment').select('effective_on as on', 'amount_pence as pence').where({ agreement_id: agreement.id }).whereBetween('effective_on', [startsOn, endsOn]);
  const sum = (first: boolean): number => rows.filter(({ on }) => (on === agreement.startsOn) === first).reduce((total, { pence }) => total + pence, 0);
  return { startPence: sum(true), patrolPence: sum(false) };
}

async function take(context: ClaimContext, subject: Subject, key: string, step: DemonstrationStep): Promise<void> {
  const { approvedPence, paidPence } = subject.claim;
  switch (step.do) {
    case 'submit': return work.submit(context, subject, { key, lateReason: step.lateReason });
    case 'query': case 'reply': return work.write(context, subject, step.do, { messageId: key, words: step.words });
    case 'approve': return work.approve(context, subject, { key, decisions: cutsOf(await listLines(context.db, subject.claim.id), step.cut) });
    case 'refuse': return work.refuse(context, subject, { key, reason: step.reason });
    case 'pay': return pay(context, subject, { key, pence: step.share === 1 ? approvedPence - paidPence : Math.round(approvedPence * step.share), paidOn: step.on, reference: step.reference });
    case 'recover': return recover(context, subject, { key, pence: step.pence, recoveredOn: step.on, how: 'next payment', reference: step.reference, reason: step.reason });
  }
}

function cutsOf(lines: readonly ClaimLine[], cut: { readonly head: string; readonly share: number; readonly reason: string } | undefined) {
  return lines.filter(({ head }) => head === cut?.head).map(({ id, claimedPence }) => ({ lineId: id, approvedPence: claimedPence - Math.round(claimedPence * (cut?.share ?? 0)), cutReason: cut?.reason }));
}
