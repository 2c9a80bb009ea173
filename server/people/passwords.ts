/** Passwords: argon2id at 19 MiB and two passes (OWASP's first choice), off the event loop. */
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { turnstile } from '../turnstile.ts';

/** At most two at once, and one processor left over: hashing is slow by design, and others must not wait for it. */
const inTurn = turnstile(Math.min(2, Math.max(1, availableParallelism() - 1)));
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, cost));
}

/** Verifies against the account's hash, or against a spent one so that an unknown address takes as long. */
export async function passwordFits(passwordHash: string | undefined, password: string): Promise<boolean> {
  const known = passwordHash ?? (await spentHash());
  const fits = await inTurn(() => verify(known, password));
  return passwordHash !== undefined && fits;
}

let spent: Promise<string> | undefined;

function spentHash(): Promise<string> {
  spent ??= hashPassword('nobody has this password');
  return spent;
}

/** What is wrong with a new password, or undefined. Length is what counts (NCSC: three random words); nothing else is asked. */
export function passwordFault(password: string, email?: string): string | undefined {
  const ownName = email?.split('@')[0]?.toLowerCase();
  if (password.length < 12) return 'Use at least 12 characters, for example three random words.';
  if (ownName && password.toLowerCase().includes(ownName)) return 'Do not use your own address in the password.';
  if (new Set(password).size < 5) return 'Use more than four different characters.';
  return undefined;
}
