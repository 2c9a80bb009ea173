/** One person: roles with their dates, what waits for a decision, the account let in or kept out, and what happened. */
import { disablePerson, enablePerson, inviteAgain, listPeople, type ListedPerson } from '../../server/people/contract.ts';
import { subjectTimeline } from '../../server/trail/contract.ts';
import { call } from '../api.ts';
import { createForm, type Form } from '../form.ts';
import { action, button, details, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo, session } from '../session.ts';
import { emptyView, failureText, load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { timeline, type TimelineEvent } from './events.ts';
import { createLinkBox } from './oneTimeLink.ts';
import { stateTag } from './people.ts';
import { personRoles } from './personRoles.ts';
import { personReset } from './personReset.ts';

interface Answer {
  person: ListedPerson | undefined;
  people: readonly ListedPerson[];
  events: readonly TimelineEvent[];
}

async function ask(id: string): Promise<Answer> {
  const { people } = await call(listPeople, {});
  const person = people.find((one) => one.id === id);
  const { events } = person ? await call(subjectTimeline, { subjectKind: 'person', subjectId: id }) : { events: [] };
  return { person, people, events };
}

export const personPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<Answer> = loading;
  let said: { kind: 'good' | 'danger'; words: string } | undefined;

  const found = (): ListedPerson | undefined => (state.at === 'ready' ? state.value.person : undefined);
  const draw = (): void => {
    const person = found();
    render(frame({ title: person?.name ?? 'Person', breadcrumbs: [{ label: 'People', href: '/people' }], ...(person ? { caption: person.organisation } : {}) },
      html`${said ? note(said.kind, said.words, { live: true }) : nothing}${link.view()}${shown(state, body, { what: 'this person', retry: () => void start() })}`), root);
  };
  const done = async (words: string): Promise<void> => {
    said = { kind: 'good', words };
    state = { at: 'ready', value: await ask(id) };
    draw();
    window.scrollTo(0, 0);
  };
  const invite = async (name: string): Promise<void> => {
    try {
      const made = await call(inviteAgain, { id });
      said = undefined;
      link.show({ ...made, name });
    } catch (error) {
      said = { kind: 'danger', words: failureText(error) };
      draw();
    }
  };
  const link = createLinkBox(() => draw());
  const roles = personRoles({ id, redraw: () => draw(), done });
  const reset = personReset({ redraw: () => draw(), done });
  const access = accessForm({ person: found, redraw: () => draw(), done });
  const body = ({ person, people, events }: Answer): Content => (person ? html`
    ${details([['E-mail address', person.email], ['Organisation', person.organisation], ['State', stateTag(person)], ['Second factor', person.secondFactor ? tag('set up', 'good') : tag('not set up')]])}
    ${roles.view(person, people)}
    ${when(mayDo('managePeople'), () => manage(person, people))}
    ${section('What happened', timeline(events), { actions: [action('In the audit trail', `/audit?subjectKind=person&subjectId=${person.id}`)] })}`
    : emptyView('There is no such person', html`<a href="/people">See everybody with an account</a>`));
  const manage = (person: ListedPerson, people: readonly ListedPerson[]): Content => html`${reset.view(person, people)}
    ${section('Password', button('Make a new one-time link', () => void invite(person.name), { disabled: person.disabled }), { lead: person.disabled ? 'A disabled account gets no link. Let it in again first.' : 'For a first password, or one that was forgotten. Earlier links stop working.' })}
    ${section(person.disabled ? 'Let this account in again' : 'Disable this account', person.id === session().person?.id ? html`<p>Nobody disables their own account. Another administrator can.</p>` : access.view(),
      { lead: person.disabled ? 'Roles that have not ended count again at once.' : 'Every session of this person ends at once. Nothing they did is removed.' })}`;
  const start = (): (() => void) => load(ask(id), (next) => {
    state = next;
    draw();
  });
  return start();
};

/** Disables or lets in again, whichever the account's state asks for; always with a reason. */
function accessForm({ person, redraw, done }: { person: () => ListedPerson | undefined; redraw: () => void; done: (words: string) => Promise<void> }): { view: () => Content } {
  const make = (submit: string, change: typeof disablePerson | typeof enablePerson, words: string): Form => {
    const form = createForm({
      submit, redraw, fields: [{ kind: 'text', name: 'reason', label: 'Reason', hint: 'For the audit trail; nothing about private life', required: true }],
      action: async ({ reason }) => {
        await call(change, change.input.parse({ id: person()?.id, reason }));
        form.reset();
        await done(words);
      },
    });
    return form;
  };
  const off = make('Disable the account', disablePerson, 'The account is disabled and every session of it has ended.');
  const on = make('Let in again', enablePerson, 'The account may sign in again.');
  return { view: () => (person() ? (person()?.disabled ? on : off).view() : nothing) };
}
