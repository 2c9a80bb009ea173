/** Sign-in: a local account, an organisation's own sign-in, or one of the demonstration users while the data is made up. */
import { listDemonstrationUsers, listIssuers, showSecondFactor, signIn, signOut, startIssuerSignIn } from '../../server/people/contract.ts';
import { call, fileAddress } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { frame } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { navigate, toHeading, type Page } from '../router.ts';
import { safeReturnPath } from '../routes.ts';
import { isDemonstration, session, setSession } from '../session.ts';
import { note } from '../states.ts';
import { enrolment } from './secondFactor.ts';

interface Demonstration {
  password: string;
  users: readonly { email: string; name: string }[];
}

interface Issuer {
  name: string;
  organisation: string;
}

/** Where to go once inside: what was asked for; else a council's lead to the week, a grant manager to the month, everybody else to their first page. */
function wanted(): string {
  const next = safeReturnPath(new URLSearchParams(location.search).get('next'));
  const roles = session().person?.roles ?? [];
  if (next !== '/') return next;
  return roles.includes('council_lead') ? '/week-board' : roles.includes('grant_manager') ? '/month-board' : next;
}

/** What went wrong at an organisation's own sign-in, by the code it came back with. */
const problems: Record<string, string> = {
  issuer_flow_lost: 'The sign-in took too long, or was begun in another window. Start it again from this page.',
  issuer_answer_refused: 'The answer of your organisation’s sign-in could not be trusted, so nobody was let in. Start again; if it stays, tell an administrator the time it happened.',
  wrong_tenant: 'You signed in with an account of another organisation. Sign out there, then start again with the account of your own.',
  no_account: 'Your organisation let you in, but there is no account for you here. Ask an administrator to add you with the same e-mail address.',
};

/** Extras that must not keep anybody from signing in when they cannot be had. */
async function extras(): Promise<{ demonstration: Demonstration | undefined; issuers: readonly Issuer[] }> {
  const [people, own] = await Promise.allSettled([isDemonstration() ? call(listDemonstrationUsers, {}) : undefined, call(listIssuers, {})]);
  const found = people.status === 'fulfilled' ? people.value : undefined;
  return {
    demonstration: found && found.password !== null && found.users.length > 0 ? { password: found.password, users: found.users } : undefined,
    issuers: own.status === 'fulfilled' ? own.value.issuers : [],
  };
}

export const signInPage: Page = async (root) => {
  let more: Awaited<ReturnType<typeof extras>> = { demonstration: undefined, issuers: [] };
  /** A further step is a new screen at the same address: the reader is taken to its heading. */
  const nextStep = (): void => {
    draw();
    toHeading(root);
  };
  const arrived = async (): Promise<void> => (session().next === 'none' ? navigate(wanted()) : nextStep());
  const enter = async (email: string, password: string): Promise<void> => {
    setSession(await call(signIn, { email, password }));
    await arrived();
  };
  const passwordForm = passwordStep(() => draw(), enter);
  const startAgain = html`<button type="button" class="link-button" @click=${async () => {
    setSession(await call(signOut, {}));
    nextStep();
  }}>Sign in as somebody else</button>`;
  const codeForm = codeStep(() => draw(), arrived, startAgain);
  const enrol = enrolment({ redraw: () => draw(), confirmed: (now) => {
    setSession(now);
    queueMicrotask(nextStep);
  }, done: () => void navigate(wanted()) });
  const enterAs = (email: string, password: string): void => void enter(email, password).catch(passwordForm.refuseWith);
  const draw = (): void => {
    const { next } = session();
    if (enrol.showsCodes) return render(frame({ title: 'Keep your recovery codes', width: 'narrow' }, enrol.view()), root);
    if (next === 'enrol_second_factor') return render(frame({ title: 'Set up a second factor', width: 'narrow', lead: 'Your role approves money or people, so a password alone is not enough.' }, html`${enrol.view()}<p>${startAgain}</p>`), root);
    if (next === 'second_factor') return render(frame({ title: 'Enter your code', width: 'narrow', lead: 'Your password was right. Now the six figures your authenticator app shows.' }, codeForm.view()), root);
    render(frame({ title: 'Sign in', lead: leadWords() }, html`${problemWords()}<div class="entrance">
      <div>${passwordForm.view()}${issuerLinks(more.issuers)}</div>${demonstrationUsers(more.demonstration, enterAs)}</div>`), root);
  };
  draw();
  more = await extras();
  draw();
};

function passwordStep(redraw: () => void, enter: (email: string, password: string) => Promise<void>): Form {
  return createForm({
    submit: 'Sign in',
    redraw,
    fields: [
      { kind: 'email', name: 'email', label: 'E-mail address', required: true, requiredMessage: 'Enter your e-mail address', autocomplete: 'username' },
      { kind: 'password', name: 'password', label: 'Password', required: true, requiredMessage: 'Enter your password', autocomplete: 'current-password' },
    ],
    action: ({ email, password }) => enter(String(email), String(password)),
  });
}

function codeStep(redraw: () => void, arrived: () => Promise<void>, beside: Content): Form {
  return createForm({
    submit: 'Go on',
    redraw,
    beside,
    fields: [{ kind: 'text', name: 'code', label: 'Code', hint: 'Six figures from the app, or one of your recovery codes', required: true, requiredMessage: 'Enter the code', autocomplete: 'one-time-code', size: 'short' }],
    action: async ({ code }) => {
      setSession(await call(showSecondFactor, showSecondFactor.input.parse({ code })));
      await arrived();
    },
  });
}

function leadWords(): Content {
  const { person } = session();
  return person ? html`You are signed in as ${person.name}. Sign in below to change to another account.` : 'For people who plan, walk, pay for and report hotspot patrols.';
}

function problemWords(): Content {
  const code = new URLSearchParams(location.search).get('problem');
  return code ? note('danger', problems[code] ?? 'Your organisation’s sign-in was refused. Start again; if it stays, ask an administrator.', { live: true }) : nothing;
}

function issuerLinks(issuers: readonly Issuer[]): Content {
  if (issuers.length === 0) return nothing;
  return html`<section class="issuers"><h2 class="section__title">Or with your organisation’s account</h2>
    <ul class="issuers__list">${issuers.map((issuer) => html`<li>
      <a class="govuk-button govuk-button--secondary" href=${fileAddress(startIssuerSignIn, { name: issuer.name, next: wanted() })}>${issuer.organisation}</a></li>`)}</ul></section>`;
}

function demonstrationUsers(demonstration: Demonstration | undefined, enterAs: (email: string, password: string) => void): Content {
  if (!demonstration) return nothing;
  return html`<section class="demo-users" aria-labelledby="demo-users-title">
    <h2 class="section__title" id="demo-users-title">Demonstration users</h2>
    <p>The data is made up, so you may sign in as anybody. Their password is <code>${demonstration.password}</code>.</p>
    <ul class="demo-users__list">${demonstration.users.map((user) => html`<li>
      <button type="button" class="demo-users__one" @click=${() => enterAs(user.email, demonstration.password)}>
        <strong>${user.name}</strong><span>${user.email}</span></button></li>`)}</ul></section>`;
}
