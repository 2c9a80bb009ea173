/** Claims in words: states, what happened, who has the next step. */
import type { ClaimEventKind, ClaimHappened, ClaimState, ClaimSummary } from '../../server/claims/contract.ts';
import { roleNames, type Role } from '../../server/permissions.ts';
import { date, money } from '../format.ts';
import type { Content } from '../html.ts';
import { tag } from '../states.ts';

const looks: Record<ClaimState, 'plain' | 'good' | 'warning' | 'danger' | 'info'> = {
  draft: 'plain', submitted: 'info', query: 'warning', approved: 'info', paid: 'good', adjusted: 'warning', recovered: 'warning', refused: 'danger', withdrawn: 'plain',
};

export const stateTag = (state: ClaimState): Content => tag(state === 'query' ? 'queried' : state, looks[state]);

/** Who has the next step, and what it is. */
export function nextWords({ nextToAct, state }: Pick<ClaimSummary, 'nextToAct' | 'state'>): string {
  if (state === 'draft') return 'Council: submit';
  if (state === 'query') return 'Council: reply';
  if (state === 'submitted') return 'Commissioner’s office: decide';
  return nextToAct === 'office' ? 'Commissioner’s office: pay' : 'nobody';
}

export const daysWords = (lateDays: number): string => `${lateDays} day${lateDays === 1 ? '' : 's'} late`;

/** How late a claim is, or when it is due. */
export function dueWords({ state, dueOn, lateDays }: Pick<ClaimSummary, 'state' | 'dueOn' | 'lateDays'>): string {
  if (lateDays > 0) return `${daysWords(lateDays)}, due ${date(dueOn)}`;
  return state === 'draft' ? `due ${date(dueOn)}` : 'in time';
}

const happened: Record<ClaimEventKind, string> = {
  claimDrafted: 'Draft begun', claimSubmitted: 'Submitted', claimQueried: 'Query sent', claimReplied: 'Reply sent', claimApproved: 'Approved', claimRefused: 'Refused',
  claimWithdrawn: 'Withdrawn', claimPaid: 'Paid', claimAdjusted: 'Adjusted', claimRecovered: 'Recovered',
};

export const happenedWords = ({ kind, pence, reason }: ClaimHappened): string => [happened[kind], ...(pence === null ? [] : [money(pence)]), ...(reason ? [`“${reason}”`] : [])].join(', ');

/** Roles as they are kept with an event. */
export const roleWords = (roles: string): string => roles.split(',').map((role) => roleNames[role as Role] ?? role).join(', ');
