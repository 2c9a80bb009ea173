/** The first page, by role: the screens that role opens, and what it may do. */
import { may, permissions, roleNames, type Permission, type Role } from '../../server/permissions.ts';
import { action, frame } from '../frame.ts';
import { html, render, type Content } from '../html.ts';
import { navigationFor, type NavSection } from '../navigation.ts';
import type { Page } from '../router.ts';
import { session } from '../session.ts';
import { emptyView } from '../states.ts';
import { pages } from './index.ts';

export const home: Page = (root) => {
  const { person } = session();
  if (!person) return render(welcome(), root);
  const navigation = navigationFor(pages, person.roles);
  render(frame({ title: 'Your work', caption: person.organisation, lead: roleWords(person.roles) }, html`
    ${navigation.length > 0 ? html`<div class="doors">${navigation.map(door)}</div>` : emptyView('No screens are open to your roles yet', 'Ask an administrator which role you need.')}
    ${rights(person.roles)}`), root);
};

function welcome(): Content {
  return frame({ title: 'Hotspot Patrols', width: 'narrow', lead: 'Where anti-social behaviour gathers, who patrols there, what it costs and what is reported to the Home Office.' },
    html`${action('Sign in', '/sign-in', 'main')}`);
}

function roleWords(roles: readonly Role[]): string {
  if (roles.length === 0) return 'You have no role yet.';
  return `You are here as ${roles.map((role) => roleNames[role].toLowerCase()).join(' and ')}.`;
}

function door(section: NavSection): Content {
  return html`<section class="door"><h2 class="door__title">${section.name}</h2><ul class="door__list">
    ${section.pages.map((page) => html`<li><a href=${page.path}>${page.label}</a><span class="door__about">${page.about}</span></li>`)}
  </ul></section>`;
}

function rights(roles: readonly Role[]): Content {
  const keys: readonly Permission[] = Object.keys(permissions).filter((key): key is Permission => key in permissions);
  const held = keys.filter((key) => key !== 'anyone' && may(roles, key, true));
  return html`<details class="govuk-details rights"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">What your roles let you do</span></summary>
    <div class="govuk-details__text"><ul class="rights__list">${held.map((key) => html`<li>${permissions[key].says}</li>`)}</ul></div></details>`;
}
