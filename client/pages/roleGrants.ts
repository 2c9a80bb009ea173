/** Roles with dates as tables show them: used by one's own account and by a person's page. */
import type { RoleGrant } from '../../server/people/contract.ts';
import { roleNames } from '../../server/permissions.ts';
import type { Content } from '../html.ts';
import { tag } from '../states.ts';
import type { Column } from '../table.ts';
import { addDays } from '../weeks.ts';

export type GrantState = 'waiting' | 'refused' | 'withdrawn' | 'coming' | 'in force' | 'ended';

/** What a grant is worth on a day: `validTo` is the first day without the role. */
export function grantState(grant: Pick<RoleGrant, 'state' | 'validFrom' | 'validTo'>, on: string): GrantState {
  if (grant.state === 'refused' || grant.state === 'withdrawn') return grant.state;
  if (grant.validTo !== null && grant.validTo <= on) return 'ended';
  if (grant.state === 'proposed') return 'waiting';
  return grant.validFrom > on ? 'coming' : 'in force';
}

/** The last day of a grant, or null when it has no end. */
export function lastDay(grant: Pick<RoleGrant, 'validTo'>): string | null {
  return grant.validTo === null ? null : addDays(grant.validTo, -1);
}

const looks: Record<GrantState, 'plain' | 'good' | 'warning' | 'info'> = { waiting: 'warning', refused: 'plain', withdrawn: 'plain', coming: 'info', 'in force': 'good', ended: 'plain' };

export function grantTag(state: GrantState): Content {
  return tag(state, looks[state]);
}

export function grantColumns<Grant extends RoleGrant>(on: string): readonly Column<Grant>[] {
  return [
    { key: 'role', label: 'Role', value: (grant) => roleNames[grant.role] },
    { key: 'state', label: 'State', value: (grant) => grantState(grant, on), show: (grant) => grantTag(grantState(grant, on)) },
    { key: 'from', label: 'First day', kind: 'date', value: (grant) => grant.validFrom },
    { key: 'to', label: 'Last day', kind: 'date', value: lastDay, missing: 'no end set' },
  ];
}
