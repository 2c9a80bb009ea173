/** The walls of the house as rules over one file's path and text; each returns a sentence for what is wrong, or nothing. */

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Rule {
  readonly says: string;
  readonly check: (file: SourceFile) => string[];
  /** A file that breaks the rule, so that the rule is known to bite. */
  readonly broken: SourceFile;
}

export const storyLine = ['settings', 'people', 'work', 'trail', 'places', 'incidents', 'hotspots', 'insight', 'changes', 'patrols', 'rota', 'rounds', 'recording', 'grants', 'documents', 'ledger', 'terms', 'claims', 'forecast', 'delivery', 'reallocations', 'closure', 'returns', 'evaluation', 'publication'];

/** Every module a file imports, relative ones as paths from the root. */
export function importsOf({ path, text }: SourceFile): string[] {
  const found = [...text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]/g), ...text.matchAll(/\bimport\s*\(?\s*['"]([^'"]+)['"]/g)];
  return [...new Set(found.map((match) => resolveFrom(path, match[1]!)))];
}

function resolveFrom(path: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const parts = path.split('/').slice(0, -1);
  for (const step of specifier.split('/')) {
    if (step === '..') parts.pop();
    else if (step !== '.') parts.push(step);
  }
  return parts.join('/');
}

const featureOf = (path: string): string | undefined => {
  const [top, folder] = path.split('/');
  return top === 'server' && storyLine.includes(folder ?? '') ? folder : undefined;
};
const nameOf = (path: string): string => path.split('/').at(-1) ?? '';
const isContract = (path: string): boolean => /^server\/[^/]+\/(contract|\w+Contract)\.ts$/.test(path);
const shared = ['server/endpoint.ts', 'server/permissions.ts', 'server/freeText.ts'];
/** Files of a feature that may speak to the database: its queries, its routes, and its long work. */
const touchesDatabase = (path: string): boolean => /^(queries|routes|work|\w+Queries|\w+Routes|\w+Work)\.ts$/.test(nameOf(path));

const onlyImports = (allowed: (imported: string, path: string) => boolean, sentence: string) => (file: SourceFile) =>
  importsOf(file).filter((imported) => !allowed(imported, file.path)).map((imported) => `${file.path} imports ${imported}: ${sentence}`);

const within = (folders: (path: string) => boolean, check: Rule['check']): Rule['check'] => (file) => (folders(file.path) ? check(file) : []);

export const rules: readonly Rule[] = [
  {
    says: 'geo is pure: it imports only geo, h3-js and single @turf modules',
    check: within((path) => path.startsWith('geo/'), onlyImports((name) => name.startsWith('geo/') || name === 'h3-js' || name.startsWith('@turf/') || name === 'geojson', 'geo takes numbers in and gives numbers out.')),
    broken: { path: 'geo/cells.ts', text: `import { readFileSync } from 'node:fs';` },
  },
  {
    says: 'geo reads no clock and throws no dice',
    check: within((path) => path.startsWith('geo/'), ({ path, text }) => [...text.matchAll(/\b(Date\.now|Math\.random|new Date\(\)|performance\.now)/g)].map((match) => `${path} uses ${match[1]}: pass the time or a seed in.`)),
    broken: { path: 'geo/random.ts', text: `export const roll = () => Math.random();` },
  },
  {
    says: 'endpoint.ts and freeText.ts import zod and the permission table, permissions.ts nothing',
    check: within((path) => shared.includes(path), onlyImports((name, path) => path !== 'server/permissions.ts' && (name === 'zod' || name === 'server/permissions.ts'), 'it is shared with the client.')),
    broken: { path: 'server/permissions.ts', text: `import { z } from 'zod';` },
  },
  {
    says: 'a contract imports zod, endpoint, permissions and contracts of features before it',
    check: within(isContract, onlyImports((name) => name === 'zod' || shared.includes(name) || isContract(name), 'a contract is shared with the client.')),
    broken: { path: 'server/hotspots/contract.ts', text: `import type { Knex } from 'knex';` },
  },
  {
    says: 'features stand in a line and import only from features before them',
    check: (file) => {
      const own = featureOf(file.path);
      if (!own) return [];
      const later = storyLine.slice(storyLine.indexOf(own) + 1);
      return importsOf(file).filter((name) => later.includes(featureOf(name) ?? '')).map((name) => `${file.path} imports ${name}: ${own} comes before it.`);
    },
    broken: { path: 'server/places/queries.ts', text: `import { listHotspots } from '../hotspots/queries.ts';` },
  },
  {
    says: 'a rule decides: no queries, no knex, no Express; only queries, routes and long work touch the database',
    check: (file) => {
      if (!featureOf(file.path) || touchesDatabase(file.path) || isContract(file.path)) return [];
      const forbidden = (name: string): boolean => ['knex', 'pg', 'express', 'server/database.ts', 'server/mount.ts'].includes(name) || (featureOf(name) !== undefined && touchesDatabase(name));
      return importsOf(file).filter(forbidden).map((name) => `${file.path} imports ${name}: a rule gets its data handed in.`);
    },
    broken: { path: 'server/patrols/allocation.ts', text: `import type { Knex } from 'knex';` },
  },
  {
    says: 'queries know nothing of HTTP',
    check: within((path) => /(^queries|Queries)\.ts$/.test(nameOf(path)), (file) => importsOf(file).filter((name) => ['express', 'server/mount.ts'].includes(name)).map((name) => `${file.path} imports ${name}: queries know nothing of HTTP.`)),
    broken: { path: 'server/people/queries.ts', text: `import type { Request } from 'express';` },
  },
  {
    says: 'Express is known to the app, the mount, the sessions and the client’s files only',
    check: within((path) => path.startsWith('server/') && !['app', 'mount', 'auth', 'client', 'service'].includes(nameOf(path).replace('.ts', '')), (file) => importsOf(file).filter((name) => name === 'express').map(() => `${file.path} imports express: mount an endpoint instead.`)),
    broken: { path: 'server/people/routes.ts', text: `import express from 'express';` },
  },
  {
    says: 'exceljs stands behind spreadsheet.ts',
    check: within((path) => path.startsWith('server/') && !/^server\/spreadsheet\w*\.ts$/.test(path), (file) => importsOf(file).filter((name) => name === 'exceljs').map(() => `${file.path} imports exceljs: use spreadsheet.ts.`)),
    broken: { path: 'server/returns/workbook.ts', text: `import ExcelJS from 'exceljs';` },
  },
  {
    says: 'config.ts is the only reader of the environment',
    check: within((path) => path.startsWith('server/') && path !== 'server/config.ts', ({ path, text }) => (text.includes('process.env') ? [`${path} reads process.env: take it from config.`] : [])),
    broken: { path: 'server/app.ts', text: `const port = process.env.PORT;` },
  },
  {
    says: 'the client imports itself, contracts and the permission table',
    check: within((path) => path.startsWith('client/'), onlyImports((name) => (name.startsWith('client/') || isContract(name) || shared.includes(name) || !name.includes('/') || /^(lit-html|leaflet|govuk-frontend)\b/.test(name)) && name !== 'server', 'the client knows the server by its contracts.')),
    broken: { path: 'client/pages/map.ts', text: `import { listCells } from '../../server/hotspots/queries.ts';` },
  },
  {
    says: 'only client/map knows Leaflet',
    check: within((path) => path.startsWith('client/') && !path.startsWith('client/map/'), (file) => importsOf(file).filter((name) => name.startsWith('leaflet')).map(() => `${file.path} imports leaflet: only client/map does.`)),
    broken: { path: 'client/pages/map.ts', text: `import L from 'leaflet';` },
  },
  {
    says: 'only client/api.ts fetches, and the service worker for the phone page’s own files',
    check: within((path) => path.startsWith('client/') && path !== 'client/api.ts' && path !== 'client/phone/worker.ts', ({ path, text }) => (/\bfetch\(/.test(text) ? [`${path} fetches: use call() of client/api.ts.`] : [])),
    broken: { path: 'client/pages/map.ts', text: `await fetch('/api/hotspots');` },
  },
  {
    says: 'a migration imports nothing of ours',
    check: within((path) => path.startsWith('migrations/'), onlyImports((name) => name === 'knex', 'a migration is frozen; what it imports is not.')),
    broken: { path: 'migrations/0009_more.ts', text: `import { roles } from '../server/permissions.ts';` },
  },
  {
    says: 'a file has at most 300 lines',
    check: ({ path, text }) => (text.split('\n').length > 301 ? [`${path} has ${text.split('\n').length - 1} lines: split it by noun.`] : []),
    broken: { path: 'server/app.ts', text: 'line\n'.repeat(301) },
  },
  {
    says: 'no enum, no namespace, no cast to any, no silenced check',
    check: ({ path, text }) => [...text.matchAll(/^\s*(?:export )?(?:const )?enum \w|^\s*(?:export )?namespace \w|\bas any\b|@ts-(?:ignore|nocheck)|oxlint-disable|eslint-disable/gm)].map((match) => `${path}: ${match[0].trim()}`),
    broken: { path: 'server/app.ts', text: `const x = y ${'as'} any;` },
  },
];
