/** What a phone's two fixes let a visit's record stand on. Pure. */
import type { Fix } from './contract.ts';

export interface Evidence {
  readonly recordedHow: 'gps' | 'self_report';
  /** One sentence for the warden. */
  readonly says: string;
}

/**
 * GPS only where both fixes, on arriving and on leaving, lie in the hotspot or beside it and are sure to `accuracyMetres`; else the warden's
 * own word, with the first reason why.
 */
export function judgeFixes(fixes: { readonly arrived: Fix; readonly left: Fix }, accuracyMetres: number): Evidence {
  const why = doubtOf(fixes.arrived, 'on arriving', accuracyMetres) ?? doubtOf(fixes.left, 'on leaving', accuracyMetres);
  return why ? { recordedHow: 'self_report', says: `Recorded on your word: ${why}.` } : { recordedHow: 'gps', says: 'Recorded by GPS: both fixes lie in the hotspot.' };
}

function doubtOf({ found, accuracyMetres }: Fix, when: string, limit: number): string | undefined {
  if (found === 'none' || accuracyMetres === null) return `there was no fix ${when}`;
  if (accuracyMetres > limit) return `the fix ${when} is sure to ${accuracyMetres} m only, and ${limit} m is needed`;
  return found === 'outside' ? `the fix ${when} lies outside the hotspot` : undefined;
}
