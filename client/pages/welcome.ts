/** The one-time link: the first password of somebody who was invited. Opens without a sign-in. */
import { acceptInvitation } from '../../server/people/contract.ts';
import { ApiError, call } from '../api.ts';
import { createForm } from '../form.ts';
import { action, frame } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { toHeading, type Page } from '../router.ts';
import { session } from '../session.ts';
import { note } from '../states.ts';
import { newPasswordFields, sameTwice } from './passwords.ts';

type Step = 'ask' | 'set' | 'spent' | 'no link';

/** Takes the token out of the address at once, so that it stays in no history, bookmark or screenshot. */
function takeToken(): string {
  const token = location.hash.slice(1);
  if (token !== '') history.replaceState(null, '', location.pathname + location.search);
  return token;
}

export const welcomePage: Page = (root) => {
  let token = takeToken();
  let step: Step = token === '' ? 'no link' : 'ask';

  const move = (next: Step): void => {
    step = next;
    draw();
    toHeading(root);
  };
  const form = createForm({
    submit: 'Set password', redraw: () => draw(), fields: newPasswordFields('password', 'Password'),
    action: async (values) => {
      const password = sameTwice(values, 'password');
      try {
        await call(acceptInvitation, { token, password });
        move('set');
      } catch (error) {
        if (!(error instanceof ApiError) || error.problem.code !== 'link_spent') throw error;
        move('spent');
      }
    },
  });
  const screens: Record<Step, () => Content> = {
    ask: () => frame({ title: 'Welcome: choose a password', width: 'narrow', lead: 'You were invited to Hotspot Patrols. The link that led you here works once, within 15 minutes of being made.' }, html`${otherPerson()}${form.view()}`),
    set: () => frame({ title: 'Your password is set', width: 'narrow' }, html`<p>Now sign in with your e-mail address and this password.</p>
      <p>If your role approves money or people, you are then asked to set up a second factor: have your phone with an authenticator app at hand.</p>${action('Sign in', '/sign-in', 'main')}`),
    spent: () => frame({ title: 'This link no longer works', width: 'narrow' }, html`<p>It was used already, is older than 15 minutes, or a newer one was made.</p>
      <p>If it was you who used it, sign in with the password you chose. Otherwise ask the administrator who invited you for a new link.</p>${action('Sign in', '/sign-in', 'main')}`),
    'no link': () => frame({ title: 'Open your link again', width: 'narrow' }, html`<p>This page needs the whole of the link you were given, and the address has lost its last part. That also happens when the page is reloaded.</p>
      <p>Open the link again, or copy all of it into the address bar. If it no longer works, ask the administrator who invited you for a new one.</p>${action('Sign in', '/sign-in')}`),
  };
  const draw = (): void => render(screens[step](), root);
  /** The same link, or a newer one, opened in a window that already shows this page. */
  const opened = (): void => {
    const next = takeToken();
    if (next === '') return;
    token = next;
    move('ask');
  };
  window.addEventListener('hashchange', opened);
  draw();
  return () => window.removeEventListener('hashchange', opened);
};

function otherPerson(): Content {
  const { person } = session();
  return person ? note('warning', html`You are signed in as ${person.name} in this browser. The password set here is that of the person who was invited.`) : nothing;
}
