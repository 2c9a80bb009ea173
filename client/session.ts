/** Who is signed in, as the whole client sees it. Set by main.ts; pages only read it. */
import { may, type Permission } from '../server/permissions.ts';
import type { SessionState } from '../server/people/contract.ts';

let current: SessionState = { person: null, next: 'none', demonstration: false };

/** The session as the server last told it. */
export function session(): SessionState {
  return current;
}

export function setSession(next: SessionState): void {
  current = next;
}

/** True when the person signed in (or anybody, for public rows) may do it: `when(mayDo('makeReturns'), () => …)`. */
export function mayDo(permission: Permission): boolean {
  return may(current.person?.roles ?? ['public'], permission, current.person !== null);
}

/** True while made-up data is shown; every screen and export says so. */
export function isDemonstration(): boolean {
  return current.demonstration;
}
