/** What the demonstration's office published: ward layers released by two people, the grants and items of a month with their reasons, and the public page. */
import type { Knex } from 'knex';
import { createRandom } from '../../geo/random.ts';
import type { Actor } from '../audit.ts';
import { type PublicationKind, publicationKinds } from '../publication/contract.ts';
import { listPaymentFacts } from '../publication/draftQueries.ts';
import { keepDraft } from '../publication/publicationWork.ts';
import * as queries from '../publication/queries.ts';
import { demonstrationPeople } from './fillClaims.ts';
import { demonstrationAgreements } from './grant.ts';
import { repeatableId } from './repeatableId.ts';

/** The last month of the grant. */
const shownMonth = '2024-03';
const madeAt = new Date('2024-04-05T09:00:00Z');
const levels = [['ward_patrols', 'public'], ['ward_incidents', 'public'], ['ward_actions', 'public'], ['hotspot_names', 'partners']] as const;
const because = { public: 'Demonstration: what is done in each ward may be told, small counts hidden', partners: 'Demonstration: partners plan their own work around the places' };

export async function fillPublication(trx: Knex.Transaction, seed: number): Promise<void> {
  const people = await demonstrationPeople(trx);
  const [manager, finance, analyst] = [people('grant_manager', null), people('finance_approver', null), people('analyst', null)];
  const id = (what: string): string => repeatableId(createRandom(`${seed} publication ${what}`));
  for (const [layer, level] of levels) {
    await queries.insertLevel(trx, { id: id(layer), layer, level, validFrom: '2023-09-15', reason: because[level], by: manager.personId });
    await queries.approveLevel(trx, layer, id(layer), finance.personId);
  }
  await enterReasons(trx, id, analyst);
  for (const kind of publicationKinds) {
    const month = kind === 'spending' ? await paidMonth(trx) : shownMonth;
    if (month) await publish({ trx, manager, finance }, id(kind), kind, month);
  }
}

async function publish({ trx, manager, finance }: { trx: Knex.Transaction; manager: Actor; finance: Actor }, id: string, kind: PublicationKind, month: string): Promise<void> {
  await keepDraft({ db: trx, actor: manager, now: madeAt }, { id, kind, month });
  const made = await queries.findLatest(trx, kind, month);
  if (made && made.faults.length === 0) await queries.insertRelease(trx, made.id, finance.personId, madeAt);
}

async function paidMonth(trx: Knex.Transaction): Promise<string | undefined> {
  const row: { month: string } | undefined = await trx('payment').select(trx.raw(`to_char(paid_on, 'YYYY-MM') as month`)).orderBy('paid_on', 'desc').first();
  return row?.month;
}

async function enterReasons(trx: Knex.Transaction, id: (what: string) => string, writer: Actor): Promise<void> {
  const agreements: { id: string; reference: string }[] = await trx('agreement').select('id', 'reference').whereIn('reference', demonstrationAgreements.map(({ reference }) => reference)).orderBy('reference');
  for (const agreement of agreements) {
    await queries.insertReason(trx, {
      id: id(`reason ${agreement.reference}`), agreementId: agreement.id, subjectKind: 'agreement', subjectId: agreement.id, enteredBy: writer.personId,
      purpose: 'Uniformed patrols by wardens in agreed anti-social behaviour hotspots', reason: 'The places were chosen by the number of incidents reported; the council employs wardens who know them (demonstration words).',
    });
  }
  const month = await paidMonth(trx);
  // One is left without its reason, so that the draft shows what holds a release up.
  for (const payment of month ? (await listPaymentFacts(trx, month)).slice(0, -1) : []) {
    await queries.insertReason(trx, {
      id: id(`reason ${payment.paymentId}`), agreementId: payment.agreementId, subjectKind: 'payment', subjectId: payment.paymentId, enteredBy: writer.personId,
      purpose: 'Costs of hotspot patrols in the period claimed for', reason: 'Paid in arrears against evidence, at the rates and budget heads agreed (demonstration words).',
    });
  }
}
