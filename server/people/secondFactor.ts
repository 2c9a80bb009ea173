/** The second factor: time-based one-time codes (RFC 6238), each good once. */
import { Secret, TOTP } from 'otpauth';

const seconds = 30;

/** Roles whose account must have a second factor: those who approve money and those who let people in. */
export const secondFactorRoles: readonly string[] = ['grant_manager', 'finance_approver', 'council_finance', 'administrator'];

export function newSecret(): string {
  return new Secret({ size: 20 }).base32;
}

function totp(secret: string, label: string): TOTP {
  return new TOTP({ issuer: 'Hotspot Patrols', label, algorithm: 'SHA1', digits: 6, period: seconds, secret: Secret.fromBase32(secret) });
}

/** What an authenticator app reads from the picture. */
export function enrolmentUri(secret: string, email: string): string {
  return totp(secret, email).toString();
}

/** The time step (30 s since 1970) the code is good for, one step either way, or undefined; at or before `lastStep` it was used already. */
export function acceptedStep(secret: string, code: string, now: Date, lastStep: number): number | undefined {
  const delta = totp(secret, '').validate({ token: code.replace(/\s/g, ''), timestamp: now.getTime(), window: 1 });
  if (delta === null) return undefined;
  const step = Math.floor(now.getTime() / 1000 / seconds) + delta;
  return step > lastStep ? step : undefined;
}
