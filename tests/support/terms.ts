/** Agreements with terms and a ledger on them, made in the way the service makes them. */
import type { Knex } from 'knex';
import type { Agreement } from '../../server/grants/contract.ts';
import { findAgreement } from '../../server/grants/queries.ts';
import { listPeriods } from '../../server/ledger/queries.ts';
import { openOnTerms } from '../../server/terms/openingWork.ts';
import { firstVersion, makeVersion, type VersionChange } from '../../server/terms/versionWork.ts';
import { lockForTerms } from '../../server/terms/versionQueries.ts';
import { asOffice, type OpenLedger } from './ledger.ts';
import { type AgreementGiven, addAgreement, addFund } from './patrols.ts';

/** The agreement as it is now. */
export async function agreementNow(db: Knex, id: string): Promise<Agreement> {
  const agreement = await findAgreement(db, ['*'], id);
  if (!agreement) throw new Error(`There is no agreement ${id}.`);
  return agreement;
}

/** An agreement (£10,000.00 unless told) with version 1 and its ledger in quarters on it, the first one open; on cost and under no head unless told. */
export async function addSigned(db: Knex, given: AgreementGiven & { readonly fundId?: string } = {}, terms: Partial<VersionChange> = {}): Promise<OpenLedger> {
  const { fundId, ...rest } = given;
  const id = await addAgreement(db, fundId ?? (await addFund(db)), { rate: null, ceilingPence: 1_000_000, ...rest });
  const agreement = await agreementNow(db, id);
  await asOffice(db, async (context) => {
    await lockForTerms(context.db, [id]);
    await makeVersion(context, agreement, firstVersion(agreement, { paymentBasis: 'cost', heads: [], ...terms }));
    await openOnTerms(context, agreement, { key: 'opening', cut: 'quarter', heads: [] });
  });
  return { agreement, periods: await listPeriods(db, id) };
}
