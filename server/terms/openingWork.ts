/** Opening an agreement's ledger on its terms: what is opened is what is signed, by heads, from its first version. */
import { invalid } from '../errors.ts';
import type { Agreement } from '../grants/contract.ts';
import { budgetFault } from '../ledger/ledger.ts';
import { type LedgerContext, open, type Opening } from '../ledger/ledgerWork.ts';
import { keyIsUsed, ledgerExists } from '../ledger/queries.ts';
import { findDraft } from './termsQueries.ts';
import { sign } from './termsWork.ts';
import { firstVersion, makeVersion } from './versionWork.ts';
import { latestVersion, lockForTerms } from './versionQueries.ts';

/**
 * Opens the ledger with the heads of the agreement's terms. A draft is signed with it. Without terms the heads given (or none) become version 1, on actual cost; with terms the
 * heads given must be theirs, or none. Sent again with the same key it changes nothing.
 */
export async function openOnTerms(context: LedgerContext, agreement: Agreement, opening: Opening): Promise<void> {
  const { db } = context;
  await lockForTerms(db, [agreement.id]);
  const fault = budgetFault(agreement.ceilingPence, opening.heads);
  if (fault) throw invalid([{ field: 'heads', message: fault }]);
  if (await ledgerExists(db, agreement.id)) {
    // Sent again without heads, it was opened on the terms of then.
    if (opening.heads.length > 0 || !(await keyIsUsed(db, agreement.id, opening.key))) await open(context, agreement, opening);
    return;
  }
  const heads = await headsToOpenWith(context, agreement, opening);
  await open(context, agreement, { ...opening, heads });
  if (!(await latestVersion(db, agreement.id))) await makeVersion(context, agreement, firstVersion(agreement, { paymentBasis: 'cost', heads }));
}

async function headsToOpenWith(context: LedgerContext, agreement: Agreement, { heads: given }: Opening): Promise<Opening['heads']> {
  const { db } = context;
  if (given.length === 0 && (await findDraft(db, agreement.id)) && !(await latestVersion(db, agreement.id))) await sign(context, agreement, `Terms of agreement ${agreement.reference}`);
  const version = await latestVersion(db, agreement.id);
  if (!version) return given;
  const heads = version.heads.map(({ head, budgetPence, tolerancePence }) => ({ head, budgetPence, tolerancePence }));
  const same = given.length === heads.length && given.every((each) => heads.some(({ head, budgetPence }) => head === each.head && budgetPence === each.budgetPence));
  if (given.length > 0 && !same) {
    throw invalid([{ field: 'heads', message: `The heads are not those of the agreement’s version ${version.number}. Leave them out to open the ledger on the agreement’s own terms.` }]);
  }
  return heads.length === 1 && heads[0]?.head === '' ? [] : heads;
}
