/** What one may do: every row of the permission table, and which role gives it. */
import { ownPermissions } from '../../server/people/contract.ts';
import { roleNames, type Role } from '../../server/permissions.ts';
import type { z } from 'zod';
import { call } from '../api.ts';
import { facts, frame } from '../frame.ts';
import { html, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { session } from '../session.ts';
import { load, loading, shown, tag, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';

type Permission = z.output<typeof ownPermissions.output>['permissions'][number];

export const permissionsPage: Page = (root) => {
  let state: Loadable<readonly Permission[]> = loading;
  const held = session().person?.roles ?? [];

  const draw = (): void => render(frame({
    title: 'What I may do', breadcrumbs: [{ label: 'Your account', href: '/account' }],
    lead: 'The one table the whole service follows: it decides what every page and every request allows. Roles are given by an administrator.',
  }, shown(state, body, { what: 'what you may do', retry: () => void start() })), root);
  const table = createTable<Permission>({
    caption: 'Permissions', rowId: (row) => row.name, redraw: draw, source: 'permission table of the service',
    columns: [
      { key: 'says', label: 'Permission', value: (row) => row.says },
      { key: 'may', label: 'You may', value: (row) => (row.may ? 'yes' : 'no'), show: (row) => (row.may ? tag('yes', 'good') : tag('no')) },
      { key: 'through', label: 'Through your role', value: (row) => through(row, held), missing: 'none of yours' },
      { key: 'roles', label: 'Roles that give it', value: (row) => everyRole(row) },
    ],
  });
  const body = (rows: readonly Permission[]): Content => html`
    ${facts([
      { label: 'You may', value: `${rows.filter((row) => row.may).length} of ${rows.length}`, note: 'permissions' },
      { label: held.length === 1 ? 'Your role today' : 'Your roles today', value: held.map((role) => roleNames[role]).join(', ') || 'none' },
    ])}${table.view(rows)}`;
  const start = (): (() => void) => load(call(ownPermissions, {}).then((answer) => answer.permissions), (next) => {
    state = next;
    draw();
  });
  return start();
};

function through(row: Permission, held: readonly Role[]): string | null {
  if (row.roles.includes('public')) return 'anybody may';
  const own = held.filter((role) => row.roles.includes(role));
  return own.length > 0 ? own.map((role) => roleNames[role]).join(', ') : row.may ? 'being signed in' : null;
}

function everyRole(row: Permission): string {
  return row.roles.includes('public') ? 'Anybody, signed in or not' : row.roles.map((role) => roleNames[role]).join(', ');
}
