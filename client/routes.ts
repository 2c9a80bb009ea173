/** Paths and query strings as data: pure, so that what an address means can be tested. */
import { z } from 'zod';

export type Params = Readonly<Record<string, string>>;

/** `matchPath('/hotspots/:id', '/hotspots/7')` -> `{ id: '7' }`; undefined when it does not fit. A last slash is ignored. */
export function matchPath(pattern: string, path: string): Params | undefined {
  const want = pattern.split('/').filter(Boolean);
  const have = path.split('/').filter(Boolean);
  if (want.length !== have.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of want.entries()) {
    const given = have[index] ?? '';
    if (part.startsWith(':')) {
      const value = decoded(given);
      if (value === undefined) return undefined;
      params[part.slice(1)] = value;
    } else if (part !== given) return undefined;
  }
  return params;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The first route whose pattern fits; literal patterns should stand before those with parameters. */
export function findRoute<R extends { path: string }>(routes: readonly R[], path: string): { route: R; params: Params } | undefined {
  for (const route of routes) {
    const params = matchPath(route.path, path);
    if (params) return { route, params };
  }
  return undefined;
}

/**
 * Reads a query string through a zod object whose fields fall back by `.catch`, so that a mistyped address still opens:
 *
 *   const filters = z.object({ from: isoMonth.catch('2023-04'), councils: queryList.catch([]) });
 *   const { from, councils } = readQuery(filters, location.search);
 */
export function readQuery<S extends z.ZodType>(shape: S, search: string): z.output<S> {
  return shape.parse(Object.fromEntries(new URLSearchParams(search)));
}

/** A list kept in the address as `a,b,c`. */
export const queryList = z.string().transform((text) => text.split(',').filter(Boolean));

export type QueryChange = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

/** The query string with some values changed; null, undefined, '' and empty lists take a value out. */
export function changedQuery(search: string, changes: QueryChange): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
    if (text === '') query.delete(name);
    else query.set(name, text);
  }
  const text = query.toString().replaceAll('%2C', ',');
  return text === '' ? '' : `?${text}`;
}

/** Where to go after sign-in: a path of this service only, never another site. */
export function safeReturnPath(next: string | null | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/';
}
