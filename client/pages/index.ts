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
  { path: '/returns', allow: 'seeReturns', nav: { section: 'Returns', label: 'Monthly returns', about: 'What is reported to the Home Office each month, and what was kept' }, load: async () => (await import('./returns.ts')).returnsPage },
  { path: '/returns/:month', allow: 'seeReturns', load: async () => (await import('./monthlyReturn.ts')).monthlyReturnPage },
  { path: '/returns/:month/rows', allow: 'seeReturns', load: async () => (await import('./returnRows.ts')).returnRowsPage },
  { path: '/jobs', allow: 'seeJobs', nav: { section: 'Data', label: 'Long work', about: 'What runs in the background, how far it is, and how it ended' }, load: async () => (await import('./jobs.ts')).jobsPage },
  { path: '/styles', allow: 'anyone', load: async () => (await import('./styles.ts')).styles },
];
