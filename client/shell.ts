/** What stands around every page: header, navigation by role, the demonstration banner, footer. */
import { roleNames } from '../server/permissions.ts';
import { signOut } from '../server/people/contract.ts';
import { call } from './api.ts';
import { html, ifDefined, nothing, render, svg, type Content, type TemplateResult } from './html.ts';
import { currentPage, navigationFor, type NavPage, type NavSection } from './navigation.ts';
import { pages } from './pages/index.ts';
import { navigate } from './router.ts';
import { mayDo, session, setSession } from './session.ts';

let menuOpen = false;
let sectionOpen = false;

/** Draws header and footer for the page at `path`; called at every move. */
export function drawShell(path: string): void {
  const top = document.getElementById('top');
  const bottom = document.getElementById('bottom');
  if (top) render(header(path), top);
  if (bottom) render(footer(), bottom);
}

/** Draws the shell for a new page, with the menus of a phone shut again. */
export function movedTo(path: string): void {
  menuOpen = false;
  sectionOpen = false;
  drawShell(path);
}

function toggleMenu(): void {
  menuOpen = !menuOpen;
  drawShell(location.pathname);
}

function toggleSection(): void {
  sectionOpen = !sectionOpen;
  drawShell(location.pathname);
}

function header(path: string): TemplateResult {
  const { person, demonstration } = session();
  const navigation = navigationFor(pages, person?.roles ?? []);
  const current = currentPage(navigation, path);
  return html`<header class="header">
      <div class="header__bar">
        <a class="header__name" href="/">${mark()}<span>Hotspot Patrols</span></a>
        ${person ? account() : signInLink(path)}
        ${navigation.length > 0 ? menuButton() : nothing}
      </div>
      ${navigation.length > 0 ? mainNavigation(navigation, current?.section, path) : nothing}
      ${current && current.section.pages.length > 1 ? sectionNavigation(current.section, current.page) : nothing}
      ${demonstration ? html`<div class="demonstration"><p class="demonstration__text"><strong>Demonstration data.</strong> Everything here is made up<span class="demonstration__what">: places, incidents, people and money</span>.</p></div>` : nothing}
    </header>`;
}

/** Our own mark: a cell with a point in it. */
function mark(): TemplateResult {
  return html`<svg class="header__mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">${svg`
    <path d="M16 2 28 9v14l-12 7L4 23V9z" fill="#0b5d57"></path><circle cx="16" cy="16" r="5" fill="#ffffff"></circle>`}</svg>`;
}

function account(): Content {
  const { person } = session();
  if (!person) return nothing;
  const held = person.roles.length > 0 ? person.roles.map((role) => roleNames[role]).join(', ') : 'No role yet';
  const leave = async (): Promise<void> => {
    if (mayDo('recordVisits') && !(await leavesPhone(person.id))) return;
    setSession(await call(signOut, {}));
    await navigate('/sign-in');
  };
  return html`<div class="header__account">
    <span class="header__person">${mayDo('useOwnAccount') ? html`<a class="header__own" href="/account">${person.name}</a>` : html`<strong>${person.name}</strong>`}<span class="header__role">${held}, ${person.organisation}</span></span>
    <button type="button" class="link-button" @click=${leave}>Sign out</button></div>`;
}

/** What waits on this phone stays there for the person; whoever signs out is told so first. */
async function leavesPhone(personId: string): Promise<boolean> {
  const { forgetPerson, unsent } = await import('./phone/store.ts');
  const { sayItems } = await import('./phone/items.ts');
  const waiting = await unsent(personId).catch(() => []);
  if (waiting.length > 0 && !window.confirm(`Not sent from this device: ${sayItems(waiting)}. It stays here until you sign in again, and the phone page sends it then. Sign out?`)) return false;
  await forgetPerson().catch(() => undefined);
  return true;
}

function signInLink(path: string): Content {
  return path === '/sign-in' ? nothing : html`<div class="header__account"><a href="/sign-in">Sign in</a></div>`;
}

function menuButton(): TemplateResult {
  return html`<button type="button" class="header__menu" aria-expanded=${menuOpen ? 'true' : 'false'} aria-controls="navigation" @click=${toggleMenu}>Menu</button>`;
}

function mainNavigation(navigation: readonly NavSection[], current: NavSection | undefined, path: string): TemplateResult {
  return html`<nav class="nav ${menuOpen ? 'is-open' : ''}" id="navigation" aria-label="Main"><ul class="nav__list">
    <li class="nav__item ${path === '/' ? 'is-current' : ''}"><a href="/" aria-current=${ifDefined(path === '/' ? 'page' : undefined)}>Your work</a></li>
    ${navigation.map((section) => {
      const active = section === current;
      return html`<li class="nav__item ${active ? 'is-current' : ''}">
        <a href=${section.pages[0]?.path ?? '/'} aria-current=${ifDefined(active ? (section.pages[0]?.path === path ? 'page' : 'true') : undefined)}>${section.name}</a></li>`;
    })}</ul></nav>`;
}

/** On a phone one line that says where one is and opens the rest; at a desk all of them. */
function sectionNavigation(section: NavSection, current: NavPage): TemplateResult {
  return html`<nav class="subnav ${sectionOpen ? 'is-open' : ''}" aria-label=${section.name}>
    <button type="button" class="subnav__toggle" aria-expanded=${sectionOpen ? 'true' : 'false'} aria-controls="section-pages" @click=${toggleSection}>${section.name}: <strong>${current.label}</strong></button>
    <ul class="subnav__list" id="section-pages">
    ${section.pages.map((page) => html`<li><a href=${page.path} aria-current=${ifDefined(page.path === current.path ? 'page' : undefined)}>${page.label}</a></li>`)}
  </ul></nav>`;
}

function footer(): TemplateResult {
  return html`<footer class="footer"><ul class="footer__list">
    <li>Hotspot Patrols</li><li><a href="/styles">Components and states</a></li><li><a href="/api/openapi.json">API description</a></li>
  </ul></footer>`;
}
