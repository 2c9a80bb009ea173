/** Which enforcement actions a crew may take: those that one of its wardens is accredited for on the day. Pure. */
import type { ActionKind, StaffCategory } from '../patrols/contract.ts';

export interface PowersKept {
  readonly reference: string;
  readonly code: string;
}

export interface Enforcement {
  readonly actions: readonly { readonly code: string }[];
  readonly wardens: readonly string[];
  readonly staffCategory: StaffCategory;
  readonly jointWithPolice: boolean;
}

/**
 * The actions of a visit that nobody on it has the power for, each with a sentence. Asked only where wardens are named and their council keeps
 * powers at all (`held` of everybody, on the visit's day); the police's own powers and what needs none are left to the other rules.
 */
export function powerProblems(visit: Enforcement, kinds: readonly ActionKind[], held: readonly PowersKept[]): { readonly field: 'actions'; readonly message: string }[] {
  if (held.length === 0 || visit.wardens.length === 0 || visit.staffCategory !== 'warden') return [];
  const crew = new Set(visit.wardens.map((reference) => reference.toLowerCase()));
  const own = new Set(held.filter(({ reference }) => crew.has(reference.toLowerCase())).map(({ code }) => code));
  return visit.actions.flatMap(({ code }) => {
    const kind = kinds.find((each) => each.code === code);
    const asked = kind && kind.enforcement && !kind.policeOnly && !own.has(code) && !visit.jointWithPolice;
    return asked ? [{ field: 'actions' as const, message: `${kind.name}: no power is kept for ${visit.wardens.join(' or ')} on that day. Take it out, or ask the lead to enter the accreditation.` }] : [];
  });
}
