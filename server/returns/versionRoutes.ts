/** Kept versions over HTTP: made again, and compared. */
import { canonicalHash } from '../canonical.ts';
import { notFound } from '../errors.ts';
import type { Mount } from '../mount.ts';
import { monthlyDefinition } from './contract.ts';
import { monthlyFigures } from './figures.ts';
import { findReturn, openVersion } from './returnWork.ts';
import { checkReturnVersion, compareReturnVersions } from './versionContract.ts';
import { differenceOf } from './versionDifference.ts';
import { findLedgerMarks } from './versionQueries.ts';

export function versionRoutes(mount: Mount): void {
  mount(compareReturnVersions, async ({ db, scope, now, input: { from, to, ...which } }) => {
    const asked = { ...which, councils: scope.councils, now };
    const one = await findReturn(db, { ...asked, version: from });
    const other = one && (await findReturn(db, { ...asked, version: to }));
    if (!one || !other) throw notFound('kept version of that month');
    return { from: { version: from, sha256: one.sha256 }, to: { version: to ?? null, sha256: other.sha256 }, ...differenceOf(one.figures, other.figures) };
  });

  mount(checkReturnVersion, async ({ db, scope, now, input: { month, version, definition = monthlyDefinition } }) => {
    const kept = await findReturn(db, { month, definition, version, councils: scope.councils, now });
    if (!kept) throw notFound('kept version of that month');
    const opened = await openVersion(db, { month, definition, version });
    const madeAgain = opened ? canonicalHash(monthlyFigures(opened.loaded, opened.definition)) : null;
    const ofKeptFigures = canonicalHash(kept.figures);
    const same = ofKeptFigures === kept.sha256 && (madeAgain === null || madeAgain === kept.sha256);
    return { version, sha256: kept.sha256, ofKeptFigures, madeAgain, same, ledgerMarks: await findLedgerMarks(db, { definition, month, version }), says: says(same, madeAgain, kept.sha256) };
  });
}

function says(same: boolean, madeAgain: string | null, sha256: string): string {
  if (same && madeAgain === null) return 'The kept figures have the hash they were kept with. This version was kept before its rows were, so it cannot be made again.';
  if (same) return 'Made again from the rows it was counted from, it has the same hash.';
  return madeAgain !== null && madeAgain !== sha256 ? 'Made again it has another hash: the rules of counting changed since, or what was kept is damaged. Tell the support address.' : 'The kept figures no longer have the hash they were kept with. Tell the support address.';
}
