/** Where no page is, and where one is that the reader's roles do not open. */
import { permissions, roleNames, type Permission } from '../../server/permissions.ts';
import { action, frame } from '../frame.ts';
import { html, render } from '../html.ts';
import type { Page } from '../router.ts';

export const notFound: Page = (root) => {
  render(frame({ title: 'Page not found', width: 'narrow', actions: [] }, html`
    <p>There is no page at <code>${location.pathname}</code>.</p>
    <p>If you typed the address, check it. If you followed a link, what it led to may have been replaced.</p>
    ${action('Go to the first page', '/', 'main')}`), root);
};

/** Says what the page needs and who can give it. */
export function notAllowed(permission: Permission): Page {
  return (root) => {
    const { says, roles } = permissions[permission];
    render(frame({ title: 'Your roles do not open this page', width: 'narrow' }, html`
      <p>This page is for people who may: <strong>${says.charAt(0).toLowerCase() + says.slice(1)}</strong>.</p>
      <p>These roles may: ${roles.map((role) => roleNames[role]).join(', ')}. An administrator can give you one.</p>
      ${action('Go to the first page', '/', 'main')}`), root);
  };
}
