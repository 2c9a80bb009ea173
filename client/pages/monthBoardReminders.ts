/** Reminders of months that were not sent: when they go out, in which words, and which did. */
import { z } from 'zod';
import { isoMonth } from '../../server/endpoint.ts';
import { changeReminder, listReminders, type ReminderRule, type SentReminder } from '../../server/returns/collectContract.ts';
import { roleNames, type Role } from '../../server/permissions.ts';
import { call } from '../api.ts';
import { date, month as sayMonth } from '../format.ts';
import { createForm, type Form } from '../form.ts';
import { frame, section } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import { readAddress, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, tag, type Loadable } from '../states.ts';
import { createTable } from '../table.ts';
import { today } from '../weeks.ts';

const address = z.object({ month: isoMonth.optional().catch(undefined) });
type Found = { rules: readonly ReminderRule[]; reminders: readonly SentReminder[] };

const sayDays = (days: number): string => (days === 0 ? 'on the day' : `${Math.abs(days)} ${Math.abs(days) === 1 ? 'day' : 'days'} ${days < 0 ? 'before' : 'after'}`);
const stateKinds = { queued: 'info', sending: 'info', sent: 'good', failed: 'danger' } as const;

export const monthBoardRemindersPage: Page = (root) => {
  const { month } = readAddress(address);
  let found: Loadable<Found> = loading;
  let told = '';
  const forms = new Map<string, Form>();
  const sent = createTable<SentReminder>({
    caption: month ? `Reminders of ${sayMonth(month)}` : 'Newest reminders', rowId: (row) => row.id, redraw: () => draw(),
    columns: [
      { key: 'council', label: 'Council', value: (row) => row.council }, { key: 'month', label: 'Month', kind: 'month', value: (row) => row.month }, { key: 'due', label: 'Due on', kind: 'date', value: (row) => row.dueOn },
      { key: 'subject', label: 'Subject', value: (row) => row.subject }, { key: 'state', label: 'State', value: (row) => row.state, show: (row) => tag(row.state, stateKinds[row.state]) },
      { key: 'sent', label: 'Sent', kind: 'instant', value: (row) => row.sentAt, missing: 'not yet' },
    ],
  });
  const draw = (): void => render(frame({
    title: 'Reminders', breadcrumbs: [{ label: 'The month’s board', href: month ? `/month-board?month=${month}` : '/month-board' }],
    lead: 'Sent by e-mail to a council whose month is not submitted, once each, counted from the day the month is due.',
  }, html`${told ? note('good', told, { live: true }) : nothing}${shown(found, view, { what: 'the reminders', retry: () => void start() })}`), root);
  const view = ({ rules, reminders }: Found): Content => html`
    ${section('Sent', reminders.length === 0 ? emptyView('No reminder went out', 'One is made on the days below while a council’s month is not submitted.') : sent.view(reminders))}
    ${section('When and in which words', rules.filter(({ validTo }) => validTo === null).map((rule) => ruleView(rule)), { lead: 'To councils for their month, and to the office for its returns and for what it publishes. In braces: {council}, {what}, {month}, {due}, {days}, {sections} and {address} are filled in.' })}`;
  const ruleView = (rule: ReminderRule): Content => html`<h3 class="govuk-heading-s">${rule.name}: ${sayDays(rule.days)}</h3>
    <p>To: ${rule.roles.map((role) => roleNames[role as Role] ?? role).join(', ')}. In force from ${date(rule.validFrom)}. ${rule.source}</p><p><strong>${rule.subject}</strong></p><p class="section__words">${rule.body}</p>
    ${mayDo('changeSettings') ? html`<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Change “${rule.name}”</span></summary><div class="govuk-details__text">${formOf(rule).view()}</div></details>` : nothing}`;
  const formOf = (rule: ReminderRule): Form => {
    const known = forms.get(rule.code) ?? createForm({
      submit: 'Keep from that day', redraw: draw,
      fields: [
        { kind: 'number', name: 'days', label: 'Days from the due day', hint: 'Below 0 is before it', value: rule.days, min: -30, max: 90, whole: true, required: true },
        { kind: 'text', name: 'subject', label: 'Subject', value: rule.subject, required: true, size: 'long' }, { kind: 'textarea', name: 'body', label: 'Message', value: rule.body, required: true },
        { kind: 'date', name: 'validFrom', label: 'From', value: today(), required: true }, { kind: 'text', name: 'reason', label: 'Reason or source', required: true, size: 'long' },
      ],
      action: async (values) => {
        await call(changeReminder, changeReminder.input.parse({ code: rule.code, ...values }));
        told = `“${rule.name}” is changed.`;
        forms.delete(rule.code);
        start();
      },
    });
    forms.set(rule.code, known);
    return known;
  };
  let stop = (): void => undefined;
  const start = (): void => {
    stop();
    stop = load(call(listReminders, month ? { month } : {}), (next) => {
      found = next;
      draw();
    });
  };
  start();
  return () => stop();
};
