/**
 * Every screen, one line each: its path, who may open it, where it stands in the navigation, and its file.
 * Literal paths stand before those with parameters. A page without `nav` is reached from another page.
 */
import type { Permission } from '../../server/permissions.ts';
import type { Page } from '../router.ts';

/** The navigation's sections, in their order. */
export const sections = ['Map', 'Hotspots', 'Patrols', 'Money', 'Returns', 'Data', 'Administration'] as const;
export type Section = (typeof sections)[number];

export interface PageEntry {
  path: `/${string}`;
  allow: Permission;
  nav?: { section: Section; label: string; about: string };
  load: () => Promise<Page>;
}

export const pages: readonly PageEntry[] = [
  { path: '/', allow: 'anyone', load: async () => (await import('./home.ts')).home },
  { path: '/sign-in', allow: 'anyone', load: async () => (await import('./signIn.ts')).signInPage },
  { path: '/jobs', allow: 'seeJobs', nav: { section: 'Data', label: 'Long work', about: 'What runs in the background, how far it is, and how it ended' }, load: async () => (await import('./jobs.ts')).jobsPage },
  { path: '/styles', allow: 'anyone', load: async () => (await import('./styles.ts')).styles },
];
