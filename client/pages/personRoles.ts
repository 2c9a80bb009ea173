/** The roles of one person: the table, a decision on each proposal, a new role, an end. Part of a person's page. */
import { listAgreements, type Agreement } from '../../server/grants/contract.ts';
import { decideRole, endRole, proposeRole, type ListedPerson, type RoleGrant } from '../../server/people/contract.ts';
import { roleNames, roles } from '../../server/permissions.ts';
import { call } from '../api.ts';
import { createForm, type Field, type Form } from '../form.ts';
import { date } from '../format.ts';
import { button, section } from '../frame.ts';
import { html, nothing, when, type Content } from '../html.ts';
import { mayDo, session } from '../session.ts';
import { emptyView, note } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, today } from '../weeks.ts';
import { grantColumns, grantState } from './roleGrants.ts';

interface Options {
  id: string;
  redraw: () => void;
  /** Says what was done and asks for everything anew. */
  done: (words: string) => Promise<void>;
}

const reason: Field = { kind: 'text', name: 'reason', label: 'Reason', required: true };

export function personRoles(options: Options): { view: (person: ListedPerson, people: readonly ListedPerson[]) => Content } {
  let ending: { grant: RoleGrant; form: Form } | undefined;
  let agreements: readonly Agreement[] = [];
  let people: readonly ListedPerson[] = [];
  const decisions = new Map<string, Form>();
  const manages = mayDo('managePeople');

  const decisionOf = (grant: RoleGrant): Form => {
    const form = decisions.get(grant.id) ?? decisionForm(grant, options);
    decisions.set(grant.id, form);
    return form;
  };
  const end = (grant: RoleGrant): void => {
    const close = (): void => {
      ending = undefined;
      options.redraw();
    };
    ending = { grant, form: endForm(grant, { ...options, done: async (words) => {
      ending = undefined;
      await options.done(words);
    } }, close) };
    options.redraw();
    document.querySelector<HTMLInputElement>('#end-role input')?.focus();
  };
  const nameOf = (id: string | null): string | null => people.find((one) => one.id === id)?.name ?? null;
  const table = createTable<RoleGrant>({
    caption: 'Roles', rowId: (grant) => grant.id, redraw: options.redraw, tools: false, columns: columns({ nameOf, end, agreement: (id) => agreements.find((one) => one.id === id)?.reference ?? 'one agreement' }),
  });
  const proposal = proposalForm(options, () => agreements);
  // Who may not see money gives roles for all agreements of an organisation.
  if (mayDo('seeMoney')) void call(listAgreements, {}).then((answer) => (agreements = answer.agreements)).then(options.redraw, () => undefined);
  return {
    view: (person, everybody) => {
      people = everybody;
      const owed = person.grants.filter((grant) => grantState(grant, today()) === 'waiting');
      return html`
        ${section('Roles', person.grants.length > 0 ? table.view(person.grants) : emptyView('No role yet', 'Without a role this person can sign in and see only their own account.'))}
        ${when(ending, () => html`<div id="end-role">${section(`End the role ${ending ? roleNames[ending.grant.role].toLowerCase() : ''}`, ending?.form.view() ?? nothing)}</div>`)}
        ${when(manages, () => owed.map((grant) => section(`To decide: ${roleNames[grant.role].toLowerCase()}`, mayDecide(grant, person) ?? decisionOf(grant).view(),
          { lead: `Proposed${nameOf(grant.grantedBy) ? ` by ${nameOf(grant.grantedBy)}` : ''}, from ${date(grant.validFrom)}${grant.validTo ? ` to ${date(addDays(grant.validTo, -1))}` : ' without an end'}.` })))}
        ${when(manages, () => section('Give a role', person.id === session().person?.id ? html`<p>Nobody gives themselves a role. Another administrator can.</p>` : proposal.view(),
          { lead: 'A role that approves money or people waits until a second administrator approves it. Without a last day a role has no end. Reasons stand in the audit trail.' }))}`;
    },
  };
}

/** Why the person signed in may not decide, or undefined. */
function mayDecide(grant: RoleGrant, person: ListedPerson): Content | undefined {
  const own = session().person?.id;
  if (grant.grantedBy === own) return note('info', 'You proposed this role, so you cannot decide on it. Another administrator must.');
  if (person.id === own) return note('info', 'This role would be your own, so you cannot decide on it. Another administrator must.');
  return undefined;
}

function decisionForm(grant: RoleGrant, { redraw, done }: Options): Form {
  return createForm({
    submit: 'Decide', redraw,
    fields: [{ kind: 'radios', name: 'approve', label: 'Decision', required: true, requiredMessage: 'Choose: approve or refuse', inline: true, options: [{ value: 'yes', label: 'Approve' }, { value: 'no', label: 'Refuse' }] }, reason],
    action: async (values) => {
      const decided = await call(decideRole, decideRole.input.parse({ id: grant.id, approve: values['approve'] === 'yes', reason: values['reason'] }));
      await done(`${decided.state === 'approved' ? 'Approved' : 'Refused'} the role ${roleNames[decided.role].toLowerCase()}.`);
    },
  });
}

function endForm(grant: RoleGrant, { redraw, done }: Options, close: () => void): Form {
  const earliest = grant.validFrom < today() ? today() : grant.validFrom;
  return createForm({
    submit: 'End the role', redraw, layout: 'grid', beside: button('Keep it as it is', close),
    fields: [{ kind: 'date', name: 'validTo', label: 'First day without the role', ...(grant.validFrom < today() ? {} : { hint: 'Its own first day, or earlier, withdraws the role' }), value: earliest, required: true }, reason],
    action: async (values) => {
      const ended = await call(endRole, endRole.input.parse({ id: grant.id, ...values }));
      const role = roleNames[ended.role].toLowerCase();
      await done(ended.state === 'withdrawn' ? `The role ${role} is withdrawn: it no longer counts.` : `The role ${role} ends: the first day without it is ${date(ended.validTo ?? '')}.`);
    },
  });
}

function proposalForm({ id, redraw, done }: Options, agreements: () => readonly Agreement[]): Form {
  const form: Form = createForm({
    submit: 'Give the role', redraw, layout: 'grid',
    fields: () => [
      { kind: 'select', name: 'role', label: 'Role', required: true, blank: 'Choose a role', options: roles.filter((role) => role !== 'public').map((role) => ({ value: role, label: roleNames[role] })) },
      { kind: 'date', name: 'validFrom', label: 'First day', value: today(), required: true },
      { kind: 'date', name: 'lastDay', label: 'Last day' },
      ...(agreements().length > 0 ? [{ kind: 'select' as const, name: 'agreementId', label: 'Only for the agreement', blank: 'All agreements', options: agreements().map((one) => ({ value: one.id, label: `${one.reference}, ${one.council}` })) }] : []),
      reason,
    ],
    action: async ({ lastDay, ...values }) => {
      const validTo = lastDay === undefined ? null : addDays(String(lastDay), 1);
      const grant = await call(proposeRole, proposeRole.input.parse({ id, ...values, validTo }));
      form.reset();
      await done(grant.state === 'proposed' ? `Proposed the role ${roleNames[grant.role].toLowerCase()}. It waits for another administrator.` : `Gave the role ${roleNames[grant.role].toLowerCase()} from ${date(grant.validFrom)} on.`);
    },
  });
  return form;
}

interface ColumnParts {
  nameOf: (id: string | null) => string | null;
  agreement: (id: string) => string;
  end: (grant: RoleGrant) => void;
}

function columns({ nameOf, agreement, end }: ColumnParts): readonly Column<RoleGrant>[] {
  return [
    ...grantColumns<RoleGrant>(today()),
    { key: 'agreement', label: 'For', value: (grant) => (grant.agreementId === null ? 'all agreements' : agreement(grant.agreementId)) },
    { key: 'by', label: 'Given by', value: (grant) => (grant.delegatedFrom ? `lent by ${grant.delegatedFrom}` : nameOf(grant.grantedBy)), missing: 'set up with the service' },
    ...(mayDo('managePeople') ? [{ key: 'end', label: 'End', bare: true, value: () => '', show: (grant: RoleGrant) => (['in force', 'coming'].includes(grantState(grant, today()))
      ? html`<button type="button" class="govuk-button govuk-button--secondary" @click=${() => end(grant)}>End<span class="visually-hidden"> the role ${roleNames[grant.role].toLowerCase()}</span></button>` : nothing) }] : []),
  ];
}
