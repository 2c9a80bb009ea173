/** Lending one's own role to a colleague between two dates, and what was lent. Part of the account page. */
import { delegateRole, endDelegation, type OwnAccount } from '../../server/people/contract.ts';
import { roleNames, type Role } from '../../server/permissions.ts';
import { call } from '../api.ts';
import { createForm } from '../form.ts';
import { date } from '../format.ts';
import { html, nothing, type Content } from '../html.ts';
import { emptyView, failureText } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, today } from '../weeks.ts';
import { grantColumns, grantState } from './roleGrants.ts';

type Lent = OwnAccount['lent'][number];

interface Options {
  redraw: () => void;
  account: () => OwnAccount | undefined;
  done: (words: string) => Promise<void>;
  failed: (words: string) => Promise<void>;
}

/** Roles held in one's own right, now or later; a borrowed one is not lent on. */
function lendable(account: OwnAccount | undefined): readonly Role[] {
  const own = (account?.grants ?? []).filter((grant) => grant.delegatedFrom === null && ['in force', 'coming'].includes(grantState(grant, today())));
  return [...new Set(own.map((grant) => grant.role))];
}

export function lending({ redraw, account, done, failed }: Options): { view: () => Content } {
  const form = createForm({
    submit: 'Lend the role', redraw, layout: 'grid',
    fields: () => [
      { kind: 'select', name: 'role', label: 'Role', required: true, options: lendable(account()).map((role) => ({ value: role, label: roleNames[role] })) },
      { kind: 'email', name: 'toEmail', label: 'Colleague’s e-mail address', required: true, requiredMessage: 'Enter your colleague’s e-mail address' },
      { kind: 'date', name: 'validFrom', label: 'First day', value: today(), min: today(), required: true },
      { kind: 'date', name: 'validTo', label: 'Last day', min: today(), required: true },
      { kind: 'text', name: 'reason', label: 'Reason', hint: 'For example: annual leave', required: true },
    ],
    action: async ({ validTo, ...values }) => {
      const grant = await call(delegateRole, delegateRole.input.parse({ ...values, validTo: addDays(String(validTo), 1) }));
      form.reset();
      await done(`Lent your role ${roleNames[grant.role].toLowerCase()} to ${String(values['toEmail'])} from ${date(grant.validFrom)} to ${date(String(validTo))}.`);
    },
  });
  const takeBack = async (grant: Lent): Promise<void> => {
    try {
      await call(endDelegation, { id: grant.id });
      await done(`Took back your role ${roleNames[grant.role].toLowerCase()} from ${grant.to}.`);
    } catch (error) {
      await failed(failureText(error));
    }
  };
  const table = createTable<Lent>({ caption: 'Roles you lent', rowId: (grant) => grant.id, redraw, tools: false, columns: lentColumns((grant) => void takeBack(grant)) });
  return {
    view: () => {
      const lent = account()?.lent ?? [];
      return html`${lent.length > 0 ? table.view(lent) : nothing}
        ${lendable(account()).length > 0 ? form.view() : emptyView('You have no role of your own to lend', 'A role that was lent to you cannot be lent on.')}`;
    },
  };
}

function lentColumns(takeBack: (grant: Lent) => void): readonly Column<Lent>[] {
  return [
    { key: 'person', label: 'Lent to', value: (grant) => grant.to },
    ...grantColumns<Lent>(today()),
    { key: 'end', label: 'Take back', bare: true, value: () => '', show: (grant) => (['in force', 'coming'].includes(grantState(grant, today()))
      ? html`<button type="button" class="govuk-button govuk-button--secondary" @click=${() => takeBack(grant)}>Take back<span class="visually-hidden"> the role ${roleNames[grant.role].toLowerCase()} from ${grant.to}</span></button>` : nothing) },
  ];
}
