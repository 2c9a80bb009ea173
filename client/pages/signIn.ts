/** Sign-in: a local account, or one of the demonstration users while the data is made up. */
import { listDemonstrationUsers, signIn } from '../../server/people/contract.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { frame } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { navigate, type Page } from '../router.ts';
import { safeReturnPath } from '../routes.ts';
import { isDemonstration, session, setSession } from '../session.ts';

interface Demonstration {
  password: string;
  users: readonly { email: string; name: string }[];
}

async function enter(email: string, password: string): Promise<void> {
  setSession(await call(signIn, { email, password }));
  await navigate(safeReturnPath(new URLSearchParams(location.search).get('next')));
}

async function findDemonstration(): Promise<Demonstration | undefined> {
  if (!isDemonstration()) return undefined;
  const { password, users } = await call(listDemonstrationUsers, {});
  return password === null || users.length === 0 ? undefined : { password, users };
}

export const signInPage: Page = async (root) => {
  let demonstration: Demonstration | undefined;
  const draw = (): void => render(frame({ title: 'Sign in', width: 'narrow', lead: leadWords() }, html`${form.view()}${demonstrationUsers(demonstration, tryEnter)}`), root);
  const form = createForm({
    submit: 'Sign in',
    redraw: () => draw(),
    fields: [
      { kind: 'email', name: 'email', label: 'E-mail address', required: true, requiredMessage: 'Enter your e-mail address', autocomplete: 'username' },
      { kind: 'password', name: 'password', label: 'Password', required: true, requiredMessage: 'Enter your password', autocomplete: 'current-password' },
    ],
    action: ({ email, password }) => enter(String(email), String(password)),
  });
  const tryEnter = async (email: string, password: string): Promise<void> => {
    try {
      await enter(email, password);
    } catch (error) {
      form.refuseWith(error);
    }
  };
  draw();
  demonstration = await findDemonstration();
  draw();
};

function leadWords(): Content {
  const { person } = session();
  return person ? html`You are signed in as ${person.name}. Sign in below to change to another account.` : 'For people who plan, walk, pay for and report hotspot patrols.';
}

function demonstrationUsers(demonstration: Demonstration | undefined, enterAs: (email: string, password: string) => Promise<void>): Content {
  if (!demonstration) return nothing;
  return html`<section class="demo-users" aria-labelledby="demo-users-title">
    <h2 class="section__title" id="demo-users-title">Demonstration users</h2>
    <p>The data is made up, so you may sign in as anybody. Their password is <code>${demonstration.password}</code>.</p>
    <ul class="demo-users__list">${demonstration.users.map((user) => html`<li>
      <button type="button" class="demo-users__one" @click=${() => enterAs(user.email, demonstration.password)}>
        <strong>${user.name}</strong><span>${user.email}</span></button></li>`)}</ul></section>`;
}
