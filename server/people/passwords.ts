/** Passwords: argon2id at 19 MiB and two passes (OWASP's first choice), off the event loop. */
import { hash, verify } from '@node-rs/argon2';

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** Verifies against the account's hash, or against a spent one so that an unknown address takes as long. */
export async function passwordFits(passwordHash: string | undefined, password: string): Promise<boolean> {
  const fits = await verify(passwordHash ?? (await spentHash()), password);
  return passwordHash !== undefined && fits;
}

let spent: Promise<string> | undefined;

function spentHash(): Promise<string> {
  spent ??= hashPassword('nobody has this password');
  return spent;
}
