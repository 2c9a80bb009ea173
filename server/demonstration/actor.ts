import type { Actor } from '../audit.ts';

/** Who the audit trail says made the demonstration data. */
export const demonstrationActor: Actor = { personId: null, role: 'demonstration' };
