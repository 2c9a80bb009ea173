/** Agreements with a ledger in them, opened in the way the service opens them. */
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Actor } from '../../server/audit.ts';
import { inScope } from '../../server/database.ts';
import { findAgreement } from '../../server/grants/queries.ts';
import type { Agreement } from '../../server/grants/contract.ts';
import type { Period } from '../../server/ledger/contract.ts';
import { type LedgerContext, open, post, type Opening } from '../../server/ledger/ledgerWork.ts';
import { type JournalToPost, listPeriods, type Posted } from '../../server/ledger/queries.ts';
import { countFaults, listAccounts } from '../../server/ledger/reportQueries.ts';
import { type AgreementGiven, addAgreement, addFund } from './patrols.ts';

export const bursar: Actor = { personId: '00000000-0000-4000-8000-000000000001', role: 'grant_manager' };
/** The Commissioner's office: sees every council. */
const office = { personId: bursar.personId, roles: ['grant_manager'], councils: ['*'] };

/** Work in one transaction under the application's role, as a request has it. */
export const asOffice = <T>(db: Knex, work: (context: LedgerContext) => Promise<T>, actor = bursar): Promise<T> => inScope(db, { ...office, personId: actor.personId }, (trx) => work({ db: trx, actor }));

export interface OpenLedger {
  readonly agreement: Agreement;
  readonly periods: readonly Period[];
}

/** An agreement from 3 July 2023 to 31 March 2024 with its ledger in quarters, the first one open. */
export async function addLedger(db: Knex, given: AgreementGiven = {}, opening: Partial<Opening> = {}): Promise<OpenLedger> {
  const id = await addAgreement(db, await addFund(db), { rate: null, ...given });
  const agreement = await findAgreement(db, ['*'], id);
  if (!agreement) throw new Error(`The agreement ${id} was added and cannot be read.`);
  await asOffice(db, (context) => open(context, agreement, { key: 'opening', cut: 'quarter', heads: [], ...opening }));
  return { agreement, periods: await listPeriods(db, id) };
}

export type JournalGiven = Partial<Omit<JournalToPost, 'agreementId'>> & Pick<JournalToPost, 'kind' | 'legs'>;

/** Posts one journal in a transaction of its own, in August 2023 unless told. */
export const postOne = (db: Knex, { agreement }: OpenLedger, journal: JournalGiven): Promise<Posted> =>
  asOffice(db, (context) => post(context, agreement, { effectiveOn: '2023-08-15', reason: 'As agreed', key: randomUUID(), ...journal }));

/** Balances by kind and head, those at zero left out. */
export async function balancesOf(db: Knex, agreementId: string, asAt: { asAt?: string; on?: string } = {}): Promise<Record<string, number>> {
  const accounts = await listAccounts(db, agreementId, asAt);
  return Object.fromEntries(accounts.filter(({ balancePence }) => balancePence !== 0).map(({ kind, head, balancePence }) => [`${kind} ${head}`.trim(), balancePence]));
}

/** Every fault the invariant query finds. */
export const faultsIn = async (db: Knex): Promise<string[]> => (await countFaults(db)).filter(({ found }) => found > 0).map(({ fault, found }) => `${fault}: ${found}`);
