/** One's own account: who one is here, password, second factor, where one is signed in, and a role lent to a colleague. */
import { changePassword, endOwnSession, listOwnSessions, ownAccount, type OwnAccount, type RoleGrant } from '../../server/people/contract.ts';
import type { z } from 'zod';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { action, button, details, frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { toHeading, type Page } from '../router.ts';
import { session, setSession } from '../session.ts';
import { emptyView, failureText, load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { today } from '../weeks.ts';
import { lending } from './lending.ts';
import { newPasswordFields, sameTwice } from './passwords.ts';
import { grantColumns } from './roleGrants.ts';
import { enrolment } from './secondFactor.ts';

type OwnSession = z.output<typeof listOwnSessions.output>['sessions'][number];

interface Answer {
  account: OwnAccount;
  sessions: readonly OwnSession[];
}

async function ask(): Promise<Answer> {
  const [account, { sessions }] = await Promise.all([call(ownAccount, {}), call(listOwnSessions, {})]);
  return { account, sessions };
}

export const accountPage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  let said: { kind: 'good' | 'danger'; words: string } | undefined;
  let enrols = false;

  const draw = (): void => (enrols ? drawEnrolment() : drawAccount());
  /** On a screen of its own, so that the recovery codes are printed without the rest. */
  const drawEnrolment = (): void => render(frame({ title: enrol.showsCodes ? 'Keep your recovery codes' : 'Set up a second factor', width: 'narrow', breadcrumbs: [{ label: 'Your account', href: '/account' }] }, enrol.view()), root);
  const drawAccount = (): void => render(frame({ title: 'Your account', actions: [action('What I may do', '/account/permissions')] },
    html`${said ? note(said.kind, said.words, { live: true }) : nothing}${shown(state, body, { what: 'your account', retry: () => void start() })}`), root);
  const say = async (kind: 'good' | 'danger', words: string): Promise<void> => {
    said = { kind, words };
    state = { at: 'ready', value: await ask() };
    draw();
    window.scrollTo(0, 0);
  };
  const end = async (one: OwnSession): Promise<void> => {
    try {
      await call(endOwnSession, { key: one.key });
      await say('good', `Ended the session in ${browserName(one.browser)}. Whoever uses it must sign in again.`);
    } catch (error) {
      await say('danger', failureText(error));
    }
  };
  const sessions = createTable<OwnSession>({ caption: 'Sessions', rowId: (one) => one.key, redraw: () => draw(), tools: false, columns: sessionColumns((one) => void end(one)) });
  const grants = createTable<RoleGrant>({ caption: 'Roles with their dates', rowId: (grant) => grant.id, redraw: () => draw(), tools: false,
    columns: [...grantColumns<RoleGrant>(today()), { key: 'lender', label: 'Lent by', value: (grant) => grant.delegatedFrom, missing: 'your own' }] });
  const password = passwordForm(() => draw(), () => say('good', 'Your password is changed. Every other session of yours has ended.'));
  const lend = lending({ redraw: () => draw(), account: () => (state.at === 'ready' ? state.value.account : undefined), done: (words) => say('good', words), failed: (words) => say('danger', words) });
  const enrol = enrolment({ redraw: () => draw(), confirmed: (now) => {
    setSession(now);
    queueMicrotask(() => toHeading(root));
  }, done: () => {
    enrols = false;
    void say('good', 'The second factor is set up. From now on a code is asked for after your password.');
  } });
  const begin = (): void => {
    enrols = true;
    said = undefined;
    draw();
    toHeading(root);
  };
  const body = ({ account, sessions: list }: Answer): Content => html`
    ${identity(account)}
    ${section('Your roles', html`${account.grants.length > 0 ? grants.view(account.grants) : emptyView('You have no role', 'An administrator gives roles.')}`)}
    ${section('Lend a role to a colleague', lend.view(), { lead: 'While you are away, somebody of your own organisation can act in your role between two dates. What they do is recorded under their own name.' })}
    ${section('Second factor', factorWords(account, begin))}
    ${section('Password', password.view(), account.linked ? { lead: 'You sign in with your organisation’s own account. This is about the password of this service, if you were given one.' } : {})}
    ${section('Where you are signed in', sessions.view(list), { lead: 'A session ends by itself after an hour without use, and after twelve hours in any case.' })}`;
  const start = (): (() => void) => load(ask(), (next) => {
    state = next;
    draw();
  });
  return start();
};

function identity(account: OwnAccount): Content {
  const { person } = session();
  return details([
    ['Name', person?.name ?? ''],
    ['E-mail address', person?.email ?? ''],
    ['Organisation', person?.organisation ?? ''],
    ['Signs in', account.linked ? 'with the organisation’s own account' : 'with a password of this service'],
  ]);
}

/** The rules, briefly: the server's own words stand at the field when it refuses. */
function passwordForm(redraw: () => void, changed: () => Promise<void>): { view: () => Content } {
  const form = createForm({
    submit: 'Change password', redraw,
    fields: [{ kind: 'password', name: 'current', label: 'Present password', required: true, autocomplete: 'current-password', size: 'medium' }, ...newPasswordFields('next', 'New password')],
    action: async (values) => {
      await call(changePassword, { current: String(values['current']), next: sameTwice(values, 'next') });
      form.reset();
      await changed();
    },
  });
  return form;
}

function factorWords({ secondFactor, recoveryCodesLeft }: OwnAccount, begin: () => void): Content {
  if (!secondFactor) {
    return html`<p>${tag('not set up')} With it, a stolen password alone lets nobody in. You need a phone with an authenticator app.</p>${button('Set up a second factor', begin)}`;
  }
  const left = `${recoveryCodesLeft} of your recovery codes ${recoveryCodesLeft === 1 ? 'is' : 'are'} unused`;
  return html`<p>${tag('set up', 'good')} After your password you are asked for six figures from your authenticator app. ${left}.</p>
    ${recoveryCodesLeft < 3 ? note('warning', 'Few recovery codes are left. Take care of the phone with the authenticator app.') : nothing}
    <p>If the phone is lost, two administrators can reset the second factor.</p>`;
}

function sessionColumns(end: (one: OwnSession) => void): readonly Column<OwnSession>[] {
  return [
    { key: 'browser', label: 'Browser', value: (one) => browserName(one.browser), show: (one) => html`${browserName(one.browser)}${one.current ? html` ${tag('this one', 'info')}` : nothing}` },
    { key: 'started', label: 'Signed in', kind: 'instant', value: (one) => one.startedAt },
    { key: 'address', label: 'Network address', value: (one) => one.address || null },
    { key: 'end', label: 'End', bare: true, value: () => '', show: (one) => (one.current ? 'Use “Sign out” above' : html`<button type="button" class="govuk-button govuk-button--secondary" @click=${() => end(one)}>End<span class="visually-hidden"> the session in ${browserName(one.browser)}</span></button>`) },
  ];
}

const browsers: readonly (readonly [RegExp, string])[] = [[/Edg\//, 'Edge'], [/OPR\//, 'Opera'], [/Firefox\//, 'Firefox'], [/Chrome\//, 'Chrome'], [/Safari\//, 'Safari']];
const systems: readonly (readonly [RegExp, string])[] = [[/Android/, 'Android'], [/iPhone|iPad/, 'iPhone or iPad'], [/Windows/, 'Windows'], [/Mac OS X/, 'Mac'], [/Linux/, 'Linux']];

/** What a browser calls itself, in two words: "Firefox on Windows". */
export function browserName(agent: string): string {
  const find = (list: readonly (readonly [RegExp, string])[]): string | undefined => list.find(([pattern]) => pattern.test(agent))?.[1];
  const [browser, system] = [find(browsers), find(systems)];
  return browser && system ? `${browser} on ${system}` : (browser ?? system ?? (agent.slice(0, 40) || 'an unnamed browser'));
}
