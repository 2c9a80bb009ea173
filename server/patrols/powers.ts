/** Which enforcement actions a crew may take: those that one of its wardens holds the power for on the day. Pure. */
import type { ActionKind, StaffCategory } from './contract.ts';

/** A power of a warden, with its days. */
export interface PowerFact {
  readonly councilCode: string;
  readonly reference: string;
  readonly code: string;
  readonly validFrom: string;
  /** The first day it no longer holds. */
  readonly validTo: string | null;
}

export interface Enforcement {
  readonly actions: readonly { readonly code: string }[];
  readonly wardens: readonly string[];
  readonly staffCategory: StaffCategory;
  readonly jointWithPolice: boolean;
}

/** True from the first day for which a council has entered any power on: from then on its list binds, also when all of it has run out. */
export const keepsPowers = (powers: readonly Pick<PowerFact, 'validFrom'>[], day: string): boolean => powers.some(({ validFrom }) => validFrom <= day);

/** True for enforcement that is not the police's alone: what a warden needs a power for. */
export const needsPower = (kind: Pick<ActionKind, 'enforcement' | 'policeOnly'>): boolean => kind.enforcement && !kind.policeOnly;

/**
 * The actions of a visit that nobody on it has the power for, each with a sentence; `powers` are all of its council. One warden of the crew who
 * holds the power on the day is enough; where none is named anybody of the council is. The police's own powers and what needs none are left to the
 * other rules, and so is a visit joint with the police, who may have done it.
 */
export function powerProblems(visit: Enforcement, day: string, kindOf: (code: string) => ActionKind | undefined, powers: readonly PowerFact[]): { readonly code: string; readonly message: string }[] {
  if (visit.staffCategory !== 'warden' || visit.jointWithPolice || !keepsPowers(powers, day)) return [];
  const crew = new Set(visit.wardens.map((reference) => reference.toLowerCase()));
  const holds = (code: string): boolean => powers.some((power) =>
    power.code === code && power.validFrom <= day && (power.validTo === null || day < power.validTo) && (crew.size === 0 || crew.has(power.reference.toLowerCase())));
  return visit.actions.flatMap(({ code }) => {
    const kind = kindOf(code);
    return kind && needsPower(kind) && !holds(code) ? [{ code, message: `${kind.name}: ${sayNobody(visit.wardens, day)}` }] : [];
  });
}

function sayNobody(wardens: readonly string[], day: string): string {
  if (wardens.length === 0) return `no warden of the council holds the power on ${day}. Take it out, or ask the lead to enter the accreditation with its dates.`;
  return `${wardens.join(' and ')} ${wardens.length === 1 ? 'does' : 'do'} not hold the power on ${day}. Take it out, name the warden who does, or ask the lead to enter the accreditation with its dates.`;
}
