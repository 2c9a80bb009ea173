/** Starts the screens: asks who is signed in, then shows the page the address names. The client's only entry. */
import { getSession } from '../server/people/contract.ts';
import { may } from '../server/permissions.ts';
import { call, onSignedOut } from './api.ts';
import { frame } from './frame.ts';
import { render } from './html.ts';
import { pages } from './pages/index.ts';
import { notAllowed, notFound } from './pages/notFound.ts';
import { navigate, startRouter, type Page, type RouterOptions } from './router.ts';
import { findRoute, type Params } from './routes.ts';
import { session, setSession } from './session.ts';
import { movedTo } from './shell.ts';
import { failedView } from './states.ts';

/** The page for a path: what is not there, not open to this person, or needs a sign-in gets its own page instead. */
async function open(path: string): Promise<{ page: Page; params: Params }> {
  const found = findRoute(pages, path);
  if (!found) return { page: notFound, params: {} };
  const { person } = session();
  if (may(person?.roles ?? [], found.route.allow, person !== null)) return { page: await found.route.load(), params: found.params };
  if (person) return { page: notAllowed(found.route.allow), params: {} };
  return { page: goToSignIn, params: {} };
}

const signInAddress = (): string => `/sign-in?next=${encodeURIComponent(`${location.pathname}${location.search}`)}`;

const goToSignIn: Page = () => void navigate(signInAddress(), { replace: true });

const failed: RouterOptions['failed'] = (root, error) => {
  render(frame({ title: 'This page could not be shown' }, failedView(error, { what: 'this page', retry: () => location.reload() })), root);
};

/** A session that ended elsewhere leads to sign-in once, and back here afterwards. */
function sessionEnded(): void {
  if (!session().person) return;
  setSession({ ...session(), person: null });
  void navigate(signInAddress());
}

/** Paper has no "show": figures folded away under charts are opened for printing. */
function openForPrint(): void {
  for (const fold of document.querySelectorAll<HTMLDetailsElement>('details[data-print]')) fold.open = true;
}

async function start(outlet: HTMLElement): Promise<void> {
  try {
    setSession(await call(getSession, {}));
  } catch (error) {
    movedTo(location.pathname);
    return failed(outlet, error);
  }
  onSignedOut(sessionEnded);
  window.addEventListener('beforeprint', openForPrint);
  await startRouter({ outlet, open, failed, moved: movedTo });
}

const outlet = document.getElementById('main');
if (outlet) void start(outlet);
