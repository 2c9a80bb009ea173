/** What a patrol-hour costs, beside what that is. Pure. */
import type { PatrolHourCost } from './contract.ts';

export const costDefinition = 'Money divided by patrol-hours of the same days: claimed is what councils asked for in claims sent, refused and withdrawn ones left out; verified is what of it was approved. A patrol-hour is an hour in which any of a council’s crew was inside an agreed hotspot, however many they were; visits by the police alone are not counted. Only claims whose whole period lies in the weeks shown count, and only the hours of their days.';
export const costSource = 'claims and recorded visits';

export interface ClaimedAndPatrolled {
  readonly agreementId: string;
  readonly reference: string;
  readonly council: string;
  readonly from: string;
  readonly to: string;
  readonly claims: number;
  readonly claimedPence: number;
  readonly verifiedPence: number;
  readonly patrolMinutes: number;
  readonly personMinutes: number;
}

/** Whole pence a patrol-hour, rounded half up, from whole pence and whole minutes; null where there is nothing to divide or to divide by. */
export function pencePerHour(pence: number, minutes: number): number | null {
  return pence > 0 && minutes > 0 ? Math.floor((pence * 120 + minutes) / (2 * minutes)) : null;
}

export function costOf(row: ClaimedAndPatrolled): PatrolHourCost {
  const { claimedPence, verifiedPence, patrolMinutes, council } = row;
  const says = patrolMinutes === 0 ? `${council} claimed for days without a recorded patrol, so an hour has no cost.`
    : verifiedPence === 0 ? `Nothing of ${council}’s claims is approved yet, so only the claimed figure is known.`
    : verifiedPence < claimedPence ? `Part of ${council}’s claims was not approved, or not yet.` : `All of ${council}’s claims were approved.`;
  return { ...row, claimedPencePerHour: pencePerHour(claimedPence, patrolMinutes), verifiedPencePerHour: pencePerHour(verifiedPence, patrolMinutes), says };
}
