/** What an address means, and what a contract asks for. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { buildRequest, problemFrom } from '../../client/api.ts';
import { currentPage, navigationFor } from '../../client/navigation.ts';
import { pages } from '../../client/pages/index.ts';
import { changedQuery, findRoute, matchPath, queryList, readQuery, safeReturnPath } from '../../client/routes.ts';
import { isoMonth } from '../../server/endpoint.ts';

describe('paths', () => {
  test('parameters are read and decoded', () => {
    expect(matchPath('/hotspots/:id', '/hotspots/7')).toEqual({ id: '7' });
    expect(matchPath('/hotspots/:id/visits/:week', '/hotspots/a%2Fb/visits/2023-10-02/')).toEqual({ id: 'a/b', week: '2023-10-02' });
    expect(matchPath('/', '/')).toEqual({});
  });

  test('what does not fit is refused', () => {
    expect(matchPath('/hotspots/:id', '/hotspots')).toBeUndefined();
    expect(matchPath('/hotspots/:id', '/hotspots/7/visits')).toBeUndefined();
    expect(matchPath('/hotspots/:id', '/Hotspots/7')).toBeUndefined();
    expect(matchPath('/hotspots/:id', '/hotspots/%E0%A4%A')).toBeUndefined();
  });

  test('the first route that fits is taken', () => {
    const routes = [{ path: '/returns/new' }, { path: '/returns/:id' }];
    expect(findRoute(routes, '/returns/new')).toEqual({ route: routes[0], params: {} });
    expect(findRoute(routes, '/returns/9')).toEqual({ route: routes[1], params: { id: '9' } });
    expect(findRoute(routes, '/claims')).toBeUndefined();
  });

  test('whatever stands in a path parameter comes back', () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), (value) => {
      const { url } = buildRequest({ method: 'GET', path: '/api/hotspots/:id' }, { id: value });
      expect(matchPath('/api/hotspots/:id', url)).toEqual({ id: value });
    }));
  });
});

describe('queries', () => {
  const filters = z.object({ from: isoMonth.catch('2023-04'), councils: queryList.catch([]) });

  test('a query is read by its shape, and what is wrong takes its default', () => {
    expect(readQuery(filters, '?from=2023-10&councils=a,b')).toEqual({ from: '2023-10', councils: ['a', 'b'] });
    expect(readQuery(filters, '?from=2023-13&other=1')).toEqual({ from: '2023-04', councils: [] });
  });

  test('changes keep the rest, and blanks go', () => {
    expect(changedQuery('?from=2023-04&zoom=9', { from: '2023-05', councils: ['a', 'b'] })).toBe('?from=2023-05&zoom=9&councils=a,b');
    expect(changedQuery('?from=2023-04&councils=a', { from: null, councils: [] })).toBe('');
    expect(changedQuery('', { on: false, n: 0 })).toBe('?on=false&n=0');
  });

  test('after sign-in nobody is sent to another site', () => {
    expect(safeReturnPath('/map?from=2023-04')).toBe('/map?from=2023-04');
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', null, undefined]) expect(safeReturnPath(next)).toBe('/');
  });
});

describe('calls', () => {
  test('path, query and body are filled from one flat input', () => {
    expect(buildRequest({ method: 'GET', path: '/api/cells' }, { from: '2023-04', councils: ['a', 'b'], none: undefined, blank: '' })).toEqual({ url: '/api/cells?from=2023-04&councils=a%2Cb' });
    expect(buildRequest({ method: 'POST', path: '/api/jobs/:id/cancel' }, { id: '7', reason: 'late' })).toEqual({ url: '/api/jobs/7/cancel', body: '{"reason":"late"}' });
    expect(buildRequest({ method: 'DELETE', path: '/api/session' }, {})).toEqual({ url: '/api/session' });
    expect(buildRequest({ method: 'POST', path: '/api/imports', receivesFile: true }, { fileName: 'a b.csv' })).toEqual({ url: '/api/imports?fileName=a+b.csv' });
  });

  test('a path without its parameter is never asked for', () => {
    expect(() => buildRequest({ method: 'GET', path: '/api/jobs/:id' }, {})).toThrow('/api/jobs/:id needs id');
  });

  test('a refusal keeps its code, fields and request', () => {
    const body = { type: 'about:blank', title: 'No', status: 422, code: 'invalid_input', detail: 'month: Give a month.', requestId: 'r1', errors: [{ field: 'month', message: 'Give a month.' }] };
    expect(problemFrom(422, JSON.stringify(body)).problem).toEqual(body);
  });

  test('a page of a proxy still becomes a sentence', () => {
    expect(problemFrom(502, '<html>Bad gateway</html>').problem).toMatchObject({ status: 502, code: 'unexpected_answer', detail: expect.stringContaining('502') });
    expect(problemFrom(500, '{"message":"x"}').message).toContain('500');
  });
});

describe('navigation', () => {
  const load = async () => () => undefined;
  const some = [
    { path: '/map', allow: 'seeMap', nav: { section: 'Map', label: 'Map', about: '' }, load },
    { path: '/returns', allow: 'seeReturns', nav: { section: 'Returns', label: 'Returns', about: '' }, load },
    { path: '/returns/calendar', allow: 'seeReturns', nav: { section: 'Returns', label: 'Calendar', about: '' }, load },
    { path: '/hidden', allow: 'anyone', load },
  ] as const;

  test('a role sees the sections it may open, and nobody signed out sees any', () => {
    expect(navigationFor(some, ['warden']).map((section) => section.name)).toEqual(['Map']);
    expect(navigationFor(some, ['grant_manager']).map((section) => section.name)).toEqual(['Map', 'Returns']);
    expect(navigationFor(some, [])).toEqual([]);
  });

  test('a page under another one belongs to the nearest', () => {
    const navigation = navigationFor(some, ['grant_manager']);
    expect(currentPage(navigation, '/returns/9')?.page.path).toBe('/returns');
    expect(currentPage(navigation, '/returns/calendar/2023')?.page.path).toBe('/returns/calendar');
    expect(currentPage(navigation, '/mapping')).toBeUndefined();
  });

  test('every page has a path of its own', () => {
    expect(new Set(pages.map((page) => page.path)).size).toBe(pages.length);
    for (const page of pages) expect(findRoute(pages, page.path.replaceAll(/:\w+/g, 'some-value-1'))?.route.path, page.path).toBe(page.path);
  });
});
