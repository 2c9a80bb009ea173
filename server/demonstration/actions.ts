/**
 * What is done on demonstration visits. Rates lie near Cleveland's first full year (532 enforcement actions and 109 intelligence reports in 7,685
 * hours); how they divide over kinds is invented.
 */
import type { RandomStream } from '../../geo/random.ts';
import type { StaffCategory } from '../patrols/contract.ts';

interface Rate {
  readonly code: string;
  /** Mean number an hour of a visit. */
  readonly perHour: number;
  readonly who: 'anyone' | 'police only' | 'police and support officers';
}

const rates: readonly Rate[] = [
  { code: 'public_engagement', perHour: 2.6, who: 'anyone' },
  { code: 'informal_warning', perHour: 0.22, who: 'anyone' },
  { code: 'premises_visit', perHour: 0.18, who: 'anyone' },
  { code: 'fixed_penalty_litter', perHour: 0.05, who: 'anyone' },
  { code: 'pspo_enforcement', perHour: 0.035, who: 'anyone' },
  { code: 'fixed_penalty_pspo', perHour: 0.02, who: 'anyone' },
  { code: 'alcohol_seized', perHour: 0.03, who: 'anyone' },
  { code: 'community_protection_warning', perHour: 0.02, who: 'anyone' },
  { code: 'community_protection_notice', perHour: 0.006, who: 'anyone' },
  { code: 'intelligence_report', perHour: 0.015, who: 'anyone' },
  { code: 'safeguarding_referral', perHour: 0.012, who: 'anyone' },
  { code: 'dispersal', perHour: 0.15, who: 'police and support officers' },
  { code: 'stop_and_search', perHour: 0.12, who: 'police only' },
  { code: 'arrest', perHour: 0.05, who: 'police only' },
];

/** What wardens on demonstration visits need a power for. */
export const wardensPowers = ['fixed_penalty_litter', 'pspo_enforcement', 'fixed_penalty_pspo', 'community_protection_warning', 'community_protection_notice'] as const;

/** The actions of one visit: codes of `action_kind` with counts over 0; kinds that need the police only where the police were. */
export function actionsOfVisit(random: RandomStream, visit: { minutes: number; jointWithPolice: boolean; staffCategory: StaffCategory }): { code: string; n: number }[] {
  return rates
    .filter(({ who }) => who === 'anyone' || visit.jointWithPolice || (who === 'police and support officers' && visit.staffCategory === 'pcso'))
    .map(({ code, perHour }) => ({ code, n: random.poisson((perHour * visit.minutes) / 60) }))
    .filter(({ n }) => n > 0);
}
