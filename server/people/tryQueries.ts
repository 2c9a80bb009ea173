/** Tries at a password or a code, counted by account and by network, kept although they are refused. */
import type { Knex } from 'knex';
import { AppError, keeping } from '../errors.ts';
import { networkOf } from '../requestLimits.ts';
import { numberSetting } from '../settings/queries.ts';
import { countTry, forgetTries } from './accountQueries.ts';
import { hashToken } from './secrets.ts';

const windowSeconds = 15 * 60;

const accountKey = (email: string): string => `account ${hashToken(email.toLowerCase())}`;

/** Counts one more try; throws 429, keeping the count, when the account or the network has had its share of 15 minutes. */
export async function refuseTooMany(db: Knex, email: string, from: { address: string | undefined; now: Date }): Promise<void> {
  const day = from.now.toISOString().slice(0, 10);
  const byAccount = await countTry(db, accountKey(email));
  const byAddress = await countTry(db, `address ${networkOf(from.address ?? 'unknown')}`);
  const tooMany = byAccount > (await numberSetting(db, 'sign_in_tries_per_account', day)) || byAddress > (await numberSetting(db, 'sign_in_tries_per_address', day));
  if (tooMany) throw keeping(new AppError(429, 'too_many_tries', 'There were too many tries. Wait 15 minutes, then try again; an administrator can send a new link.').after(windowSeconds));
}

/** Once somebody is in, their earlier slips are forgotten. */
export function forgetTriesOf(db: Knex, email: string): Promise<void> {
  return forgetTries(db, accountKey(email));
}
