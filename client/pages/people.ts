/** Everybody with an account: roles, state, second factor, organisation; and a way to invite somebody. */
import { invitePerson, listPeople, type ListedPerson } from '../../server/people/contract.ts';
import { roleNames } from '../../server/permissions.ts';
import type { z } from 'zod';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { action, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { today } from '../weeks.ts';
import { createLinkBox } from './oneTimeLink.ts';
import { grantState } from './roleGrants.ts';

type Answer = z.output<typeof listPeople.output>;

export const peoplePage: Page = (root) => {
  let state: Loadable<Answer> = loading;

  const draw = (): void => render(frame({
    title: 'People', width: 'wide', lead: 'Who may sign in, and in which roles.', actions: mayDo('managePeople') ? [action('Invite somebody', '#invite', 'main')] : [],
  }, html`${link.view()}${shown(state, body, { what: 'people', retry: () => void start() })}`), root);
  const link = createLinkBox(() => draw());
  const table = createTable<ListedPerson>({ caption: 'People', rowId: (person) => person.id, redraw: () => draw(), columns: columns(today()) });
  const form = createForm({
    submit: 'Make the link', redraw: () => draw(), fields: () => [
      { kind: 'text', name: 'name', label: 'Name', required: true, autocomplete: 'off', size: 'medium' },
      { kind: 'email', name: 'email', label: 'Work e-mail address', hint: 'Nothing is sent to it: you hand over the link yourself', required: true, size: 'medium' },
      { kind: 'select', name: 'organisationId', label: 'Organisation', required: true, blank: 'Choose an organisation', options: state.at === 'ready' ? state.value.organisations.map((one) => ({ value: one.id, label: one.name })) : [] },
    ],
    action: async (values) => {
      const made = await call(invitePerson, invitePerson.input.parse(values));
      const answer = await call(listPeople, {});
      state = { at: 'ready', value: answer };
      form.reset();
      link.show({ ...made, name: String(values['name']) });
    },
  });
  const body = (answer: Answer): Content => html`${waiting(answer.people)}${table.view(answer.people)}
    ${when(mayDo('managePeople'), () => html`<div id="invite">${section('Invite somebody', form.view(), { lead: 'You get a link that works once within 15 minutes: with it the person chooses a password. Give the roles on the person’s page.' })}</div>`)}`;
  const start = (): (() => void) => load(call(listPeople, {}), (next) => {
    state = next;
    draw();
  });
  return start();
};

function waiting(people: readonly ListedPerson[]): Content {
  const roles = people.filter((person) => person.grants.some((grant) => grantState(grant, today()) === 'waiting'));
  const resets = people.filter((person) => person.reset !== null);
  return html`${waitingNote('A role waits', roles)}${waitingNote('The reset of a second factor waits', resets)}`;
}

function waitingNote(what: string, owed: readonly ListedPerson[]): Content {
  if (owed.length === 0) return nothing;
  return note('info', html`${what} for a second administrator: ${owed.map((person, index) => html`${index > 0 ? ', ' : ''}<a href="/people/${person.id}">${person.name}</a>`)}.`);
}

function roleWords(person: ListedPerson, on: string): string {
  const words = person.grants.flatMap((grant) => {
    const state = grantState(grant, on);
    if (state === 'ended' || state === 'refused' || state === 'withdrawn') return [];
    return [`${roleNames[grant.role]}${grant.delegatedFrom ? ` (lent by ${grant.delegatedFrom})` : ''}${state === 'in force' ? '' : ` (${state})`}`];
  });
  return words.join(', ');
}

function columns(on: string): readonly Column<ListedPerson>[] {
  return [
    { key: 'name', label: 'Name', value: (person) => person.name, show: (person) => html`<a href="/people/${person.id}">${person.name}</a>` },
    { key: 'email', label: 'E-mail', value: (person) => person.email },
    { key: 'organisation', label: 'Organisation', value: (person) => person.organisation },
    { key: 'roles', label: 'Roles', value: (person) => roleWords(person, on) || null, missing: 'none' },
    { key: 'state', label: 'State', value: stateWords, show: stateTag },
    { key: 'factor', label: 'Second factor', value: (person) => (person.secondFactor ? 'set up' : 'not set up'), show: (person) => (person.secondFactor ? tag('set up', 'good') : tag('not set up')) },
  ];
}

function stateWords(person: Pick<ListedPerson, 'disabled'>): string {
  return person.disabled ? 'disabled' : 'may sign in';
}

export function stateTag(person: Pick<ListedPerson, 'disabled'>): Content {
  return tag(stateWords(person), person.disabled ? 'danger' : 'good');
}
