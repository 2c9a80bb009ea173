/** Which screens a person's roles open, by section. Pure. */
import { may, type Role } from '../server/permissions.ts';
import { sections, type PageEntry, type Section } from './pages/index.ts';

export interface NavPage {
  path: string;
  label: string;
  about: string;
}

export interface NavSection {
  name: Section;
  /** At least one; the section's own link leads to the first. */
  pages: readonly NavPage[];
}

/** Sections with at least one page the roles may open, in the fixed order. */
export function navigationFor(pages: readonly PageEntry[], roles: readonly Role[]): readonly NavSection[] {
  return sections.flatMap((name) => {
    const own = pages.flatMap((page) => (page.nav?.section === name && may(roles, page.allow) ? [{ path: page.path, label: page.nav.label, about: page.nav.about }] : []));
    return own.length > 0 ? [{ name, pages: own }] : [];
  });
}

/** The page of the navigation that `path` belongs to: itself, or the one it lies under. */
export function currentPage(navigation: readonly NavSection[], path: string): { section: NavSection; page: NavPage } | undefined {
  let best: { section: NavSection; page: NavPage } | undefined;
  for (const section of navigation) {
    for (const page of section.pages) {
      const under = path === page.path || path.startsWith(`${page.path}/`);
      if (under && page.path.length > (best?.page.path.length ?? 0)) best = { section, page };
    }
  }
  return best;
}
