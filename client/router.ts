/**
 * The address bar as state: plain `<a href>` links work, every view can be linked, reloaded, printed and gone back to.
 *
 *   navigate('/hotspots/7');                          // another page
 *   const { from } = readAddress(filters);            // filters of this page, typed (see routes.ts)
 *   writeAddress({ from: '2023-05', councils: [] });  // changes the address, not the page
 *   const stop = onAddress(() => reload());           // back and forward within the page; call stop() in the clean-up
 */
import type { z } from 'zod';
import { changedQuery, readQuery, type Params, type QueryChange } from './routes.ts';

/** What must be undone when the reader leaves: timers, maps, listeners. */
export type CleanUp = () => void;
/** Renders its frame at once (so that the heading can take the focus), then loads. */
export type Page = (root: HTMLElement, params: Params) => void | CleanUp | Promise<void | CleanUp>;

export interface RouterOptions {
  outlet: HTMLElement;
  /** Chooses the page for a path; also decides what a person may not see gets instead. */
  open: (path: string) => Promise<{ page: Page; params: Params }>;
  /** Shows what went wrong when a page throws. */
  failed: (root: HTMLElement, error: unknown) => void;
  /** Called when the address changed, before the page renders: redraw the navigation here. */
  moved: (path: string) => void;
}

const addressListeners = new Set<() => void>();
let go: (first: boolean) => Promise<void> = async () => undefined;
let shownAddress = '';

const address = (): string => `${location.pathname}${location.search}`;

/** The filters of the page as its zod shape reads them from the address. */
export function readAddress<S extends z.ZodType>(shape: S): z.output<S> {
  return readQuery(shape, location.search);
}

/** Changes values in the query string; `replace` for a slider or typing, so that "back" leaves the page. */
export function writeAddress(changes: QueryChange, options: { replace?: boolean } = {}): void {
  const next = `${location.pathname}${changedQuery(location.search, changes)}`;
  if (next === address()) return;
  if (options.replace) history.replaceState(null, '', next);
  else history.pushState(null, '', next);
  shownAddress = address();
}

/** Calls back when back or forward changed this page's query; a page without a listener is opened anew. */
export function onAddress(listener: () => void): () => void {
  addressListeners.add(listener);
  return () => addressListeners.delete(listener);
}

/** Goes to a path of the service; also used after a form was kept. */
export async function navigate(to: string, options: { replace?: boolean } = {}): Promise<void> {
  if (options.replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  await go(false);
}

/** Opens the present address anew, for "Try again". */
export async function reload(): Promise<void> {
  await go(false);
}

/** The link of a click that the router should follow itself, if it is one. */
function followed(event: MouseEvent): HTMLAnchorElement | undefined {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return undefined;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download') || !link.href) return undefined;
  if (link.origin !== location.origin || /^\/(api|assets)\//.test(link.pathname)) return undefined;
  return link;
}

function followClick(event: MouseEvent): void {
  const link = followed(event);
  if (!link) return;
  const samePage = link.pathname === location.pathname && link.search === location.search;
  if (samePage && link.hash) return;
  event.preventDefault();
  void navigate(`${link.pathname}${link.search}${link.hash}`);
}

/** Moves the reader to the top of the new page and the focus to its heading, so that a screen reader says where it is; also for a step within a page. */
export function toHeading(root: HTMLElement): boolean {
  const heading = root.querySelector('h1');
  if (!heading) return false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  return true;
}

/** Renders a page in a root of its own, so that a slow page that was left cannot draw over the next one. */
async function show(options: RouterOptions, isFirst: boolean, current: () => boolean): Promise<CleanUp | undefined> {
  // Until the next page's code is there the last one stands, under the new address.
  options.outlet.ariaBusy = 'true';
  const { page, params } = await options.open(location.pathname);
  if (!current()) return undefined;
  options.outlet.ariaBusy = null;
  const root = document.createElement('div');
  root.className = 'page';
  options.outlet.replaceChildren(root);
  try {
    const running = page(root, params);
    const focused = isFirst || toHeading(root);
    const cleanUp = await running;
    if (!focused && current()) toHeading(root);
    return cleanUp ?? undefined;
  } catch (error) {
    if (current()) options.failed(root, error);
    return undefined;
  }
}

/** Starts following links and the address, and opens the page the address names. */
export async function startRouter(options: RouterOptions): Promise<void> {
  let turn = 0;
  let leave: CleanUp | undefined;
  go = async (first) => {
    turn += 1;
    const mine = turn;
    leave?.();
    leave = undefined;
    addressListeners.clear();
    shownAddress = address();
    options.moved(location.pathname);
    const cleanUp = await show(options, first, () => mine === turn);
    if (mine === turn) leave = cleanUp;
    else cleanUp?.();
  };
  document.addEventListener('click', followClick);
  window.addEventListener('popstate', () => {
    if (shownAddress === address()) return; // only the fragment changed
    const samePage = shownAddress.split('?')[0] === location.pathname;
    shownAddress = address();
    if (samePage && addressListeners.size > 0) for (const listener of addressListeners) listener();
    else void go(false);
  });
  await go(true);
}
