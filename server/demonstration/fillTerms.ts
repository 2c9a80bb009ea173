/** Who signed the demonstration's agreements, what they ask for, and one variation, each step by a demonstration person. */
import type { Knex } from 'knex';
import { createRandom } from '../../geo/random.ts';
import type { Actor } from '../audit.ts';
import { setScope } from '../database.ts';
import type { Agreement } from '../grants/contract.ts';
import { findAgreement, listAgreements } from '../grants/queries.ts';
import type { LedgerContext } from '../ledger/ledgerWork.ts';
import { acceptCondition, insertCondition, insertSignatory, updateConditionDone, updateSignatory } from '../terms/termsQueries.ts';
import { tell } from '../terms/termsWork.ts';
import { findVariation, type VariationRow } from '../terms/variationQueries.ts';
import { approve, draft, step } from '../terms/variationWork.ts';
import { demonstrationPeople, type People } from './fillClaims.ts';
import { demonstrationAgreements } from './grant.ts';
import { repeatableId } from './repeatableId.ts';

const idOf = (seed: number, what: string): string => repeatableId(createRandom(`${seed} ${what}`));

/** What each agreement asks for beside patrols; the equality impact assessment of the grant asked for both. */
const conditions = [
  { kind: 'condition', what: 'Every patrol officer is trained: health conditions, harassment and hate crime, translation services', dueOn: '2023-12-31', doneOn: '2023-12-18', evidence: 'Training register by warden reference' },
  { kind: 'milestone', what: 'Briefing pack is issued: engaging with young people, signposting to youth diversion', dueOn: '2023-10-31', doneOn: '2023-10-27', evidence: 'Pack, first version, and who has read it' },
] as const;

/** The council whose start was latest has its targets agreed by a variation. */
const varied = { councilCode: 'E06000001', effectiveFrom: '2023-10-02', reason: 'Patrols began in October; targets from then on', decisionReference: 'DEMO-DN-01', targets: [{ startsOn: '2023-10-02', endsOn: '2023-12-31', personMinutes: 72_000 }, { startsOn: '2024-01-01', endsOn: '2024-03-31', personMinutes: 84_000 }] };

export async function fillTerms(trx: Knex.Transaction, seed: number): Promise<void> {
  const people = await demonstrationPeople(trx);
  for (const agreement of await listAgreements(trx, ['*'])) {
    if (!demonstrationAgreements.some(({ reference }) => reference === agreement.reference)) continue;
    await fillAround(trx, people, seed, agreement);
    if (agreement.councilCode === varied.councilCode) await fillVariation(trx, people, seed, agreement);
  }
}

async function fillAround(trx: Knex.Transaction, people: People, seed: number, agreement: Agreement): Promise<void> {
  const [manager, finance] = [people('grant_manager', null), people('finance_approver', null)];
  for (const [party, title] of [['council', 'Section 151 officer'], ['office', 'Chief Finance Officer']] as const) {
    const id = idOf(seed, `signatory ${agreement.councilCode} ${party}`);
    await insertSignatory(trx, agreement.id, { id, party, title });
    await updateSignatory(trx, id, '2023-07-20');
    await tell({ db: trx, actor: manager }, agreement, 'agreementSigned', { after: { party, title, signedOn: '2023-07-20' } });
  }
  for (const { kind, what, dueOn, doneOn, evidence } of conditions) {
    const id = idOf(seed, `condition ${agreement.councilCode} ${kind}`);
    await insertCondition(trx, agreement.id, { id, kind, what, owedBy: 'council', dueOn }, 1);
    await updateConditionDone(trx, id, { on: doneOn, by: manager.personId ?? '', evidence });
    await tell({ db: trx, actor: manager }, agreement, 'conditionReported', { after: { condition: id, what, on: doneOn, evidence } });
    await acceptCondition(trx, id, finance.personId ?? '');
    await tell({ db: trx, actor: finance }, agreement, 'conditionAccepted', { after: { condition: id, what }, reason: 'Evidence seen' });
  }
}

async function fillVariation(trx: Knex.Transaction, people: People, seed: number, given: Agreement): Promise<void> {
  const id = idOf(seed, 'variation');
  const now = async (): Promise<readonly [Agreement, VariationRow]> => {
    const [agreement, variation] = [await findAgreement(trx, ['*'], given.id), await findVariation(trx, ['*'], id)];
    if (!agreement || !variation) throw new Error(`The variation of ${given.reference} was drafted and cannot be found.`);
    return [agreement, variation];
  };
  const { effectiveFrom, reason, decisionReference, targets } = varied;
  const [manager, council, finance] = [people('grant_manager', null), people('council_finance', varied.councilCode), people('finance_approver', null)];
  await asPerson(trx, manager, (context) => draft(context, given, { id, effectiveFrom, reason, changes: { targets } }, undefined));
  await asPerson(trx, manager, async (context) => step(context, ...(await now()), 'proposed'));
  await asPerson(trx, council, async (context) => step(context, ...(await now()), 'council agreed'));
  await asPerson(trx, finance, async (context) => approve(context, ...(await now()), { key: idOf(seed, 'variation approval'), decisionReference, today: effectiveFrom }));
}

/** As a request of that person has it: the database writes down who is signed in. */
async function asPerson(trx: Knex.Transaction, actor: Actor, work: (context: LedgerContext) => Promise<void>): Promise<void> {
  await setScope(trx, { personId: actor.personId, roles: [actor.role], councils: ['*'] });
  await work({ db: trx, actor });
  await trx.raw(`select set_config('role', 'none', true), set_config('app.person', '', true)`);
}
