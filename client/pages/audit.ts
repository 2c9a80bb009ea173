/** The audit trail for those who check: filters in the address, newest first, before and after of each event, an export. */
import { exportAuditEvents, listAuditEvents, type AuditEvent } from '../../server/trail/contract.ts';
import { id, isoDate, wholeNumber } from '../../server/endpoint.ts';
import { roleNames, roles } from '../../server/permissions.ts';
import { z } from 'zod';
import { call, fileAddress } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { count, instant, period, date } from '../format.ts';
import { action, frame } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { onAddress, readAddress, writeAddress, type Page } from '../router.ts';
import { changedQuery } from '../routes.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { changes, fieldList, inWords, subjectPage } from './events.ts';

type Answer = z.output<typeof listAuditEvents.output>;

const optional = <S extends z.ZodType>(shape: S): z.ZodCatch<z.ZodOptional<S>> => shape.optional().catch(undefined);
const word = z.string().max(80);
const filters = z.object({
  from: optional(isoDate), to: optional(isoDate), action: optional(word), subjectKind: optional(word), subjectId: optional(word), personId: optional(id), before: optional(wholeNumber),
});
const atOnce = 200;

export const auditPage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  let words: Pick<Answer, 'actions' | 'subjectKinds'> = { actions: [], subjectKinds: [] };

  const draw = (): void => render(frame({
    title: 'Audit trail', width: 'wide', lead: 'Who did what, to what, when and why. Events are never changed or removed, and reading this page is one.',
    actions: [...(mayDo('checkAudit') ? [action('Daily digests', '/audit/digests')] : []), exportLink()],
  }, html`${form.view()}${onePerson(state)}${shown(state, body, { what: 'the audit trail', retry: () => void start() })}`), root);
  const form = createForm({
    layout: 'row', allOptional: true, submit: 'Show', redraw: () => draw(), fields: () => filterFields(words), beside: html`<a href="/audit">Take all filters out</a>`,
    action: async ({ from, to, action, subjectKind, subjectId }) => {
      if (from !== undefined && to !== undefined && String(from) > String(to)) return form.refuse([{ field: 'to', message: 'The last day is before the first. Change one of them' }]);
      writeAddress({ from: text(from), to: text(to), action: text(action), subjectKind: text(subjectKind), subjectId: text(subjectId), before: null });
      start();
    },
  });
  const table = createTable<AuditEvent>({
    caption: 'Events', rowId: (event) => String(event.id), redraw: () => draw(), columns, tools: false, sort: { key: 'when', down: true }, period: () => periodWords(), source: 'audit trail of the service', empty: 'No event fits these filters.',
  });
  const body = ({ events }: Answer): Content => (events.length > 0 ? html`${table.view(events)}${paging(events)}` : emptyView('No event fits these filters', html`<a href="/audit">Take all filters out</a>`));
  let leave = (): void => undefined;
  const start = (): void => {
    leave();
    leave = load(call(listAuditEvents, readAddress(filters)), (next) => {
      state = next;
      if (next.at === 'ready') words = next.value;
      draw();
    });
  };
  start();
  const stopListening = onAddress(() => {
    start();
    form.reset();
  });
  return () => {
    leave();
    stopListening();
  };
};

const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

function exportLink(): Content {
  const { before: _, ...chosen } = readAddress(filters);
  return html`<a class="govuk-button govuk-button--secondary" href=${fileAddress(exportAuditEvents, chosen)} download="audit-trail.csv">Export as CSV</a>`;
}

function filterFields(words: Pick<Answer, 'actions' | 'subjectKinds'>): Field[] {
  const now = readAddress(filters);
  // What the address asks for stands in the list even before, or without, an event of that name.
  const choices = (known: readonly string[], chosen: string | undefined) => [...new Set([...known, ...(chosen === undefined ? [] : [chosen])])].map((value) => ({ value, label: inWords(value) }));
  return [
    { kind: 'date', name: 'from', label: 'First day', value: now.from },
    { kind: 'date', name: 'to', label: 'Last day', value: now.to },
    { kind: 'select', name: 'action', label: 'What', value: now.action, blank: 'Anything', options: choices(words.actions, now.action) },
    { kind: 'select', name: 'subjectKind', label: 'About', value: now.subjectKind, blank: 'Anything', options: choices(words.subjectKinds, now.subjectKind) },
    { kind: 'text', name: 'subjectId', label: 'Its id', value: now.subjectId, size: 'medium' },
  ];
}

function periodWords(): string {
  const { from, to } = readAddress(filters);
  if (from !== undefined && to !== undefined) return period(from, to);
  if (from !== undefined) return `from ${date(from)}`;
  return to === undefined ? 'all time' : `up to ${date(to)}`;
}

/** One person's events are reached from a name in the table, so the way back stands beside. */
function onePerson(state: Loadable<Answer>): Content {
  const { personId } = readAddress(filters);
  if (personId === undefined) return nothing;
  const name = state.at === 'ready' ? state.value.events.find((event) => event.personId === personId)?.person : undefined;
  return note('info', html`Only what ${name ?? 'one person'} did. <a href="/audit${changedQuery(location.search, { personId: null, before: null })}">Show everybody</a>`);
}

function paging(events: readonly AuditEvent[]): Content {
  const { before } = readAddress(filters);
  const [newest, oldest] = [events[0], events.at(-1)];
  const address = (to: number | null): string => `/audit${changedQuery(location.search, { before: to })}`;
  return html`<nav class="paging" aria-label="Pages of the audit trail">
    <span>${count(events.length)} ${events.length === 1 ? 'event' : 'events'}${newest && oldest ? `, ${instant(oldest.happenedAt)} to ${instant(newest.happenedAt)}` : ''}</span>
    ${when(before !== undefined, () => html`<a href=${address(null)}>Newest events</a>`)}
    ${when(events.length === atOnce && oldest, () => html`<a href=${address(oldest?.id ?? null)}>Older events</a>`)}</nav>`;
}

function actorWords(event: AuditEvent): string {
  return event.person ?? (event.personId === null ? 'nobody signed in' : 'a person not shown');
}

function roleWords(held: string): string {
  return held.split(',').map((name) => {
    const role = roles.find((one) => one === name);
    return role ? roleNames[role] : inWords(name);
  }).join(', ');
}

const shortId = (subjectId: string): string => (/^[0-9a-f]{8}-/.test(subjectId) ? `${subjectId.slice(0, 8)}…` : subjectId);

const columns: readonly Column<AuditEvent>[] = [
  { key: 'when', label: 'When', kind: 'instant', value: (event) => event.happenedAt },
  { key: 'what', label: 'What', value: (event) => inWords(event.action) },
  { key: 'person', label: 'Who', value: actorWords, show: (event) => (event.personId === null ? actorWords(event) : html`<a href="/audit?personId=${event.personId}">${actorWords(event)}</a>`) },
  { key: 'role', label: 'As', value: (event) => roleWords(event.role) },
  { key: 'subject', label: 'About', value: (event) => `${inWords(event.subjectKind)} ${event.subjectId}`, show: subject },
  { key: 'council', label: 'Council', value: (event) => event.councilCode, missing: 'none' },
  { key: 'reason', label: 'Reason', value: (event) => event.reason, missing: 'none given' },
  { key: 'kept', label: 'Before and after', bare: true, value: () => '', show: kept },
];

function subject(event: AuditEvent): Content {
  const query = new URLSearchParams({ subjectKind: event.subjectKind, subjectId: event.subjectId });
  return html`<a href="/audit?${query.toString()}">${inWords(event.subjectKind)} ${shortId(event.subjectId)}</a>`;
}

function kept(event: AuditEvent): Content {
  const page = subjectPage(event.subjectKind, event.subjectId);
  return html`<details class="fold"><summary>Show<span class="visually-hidden"> before and after of event ${event.id}</span></summary>
    ${changes(event.before, event.after)}
    ${fieldList([['Event', String(event.id)], ['At', event.happenedAt], ['About', html`<code>${event.subjectId}</code>${page ? html` <a href=${page}>Open it</a>` : nothing}`],
      ['Request', html`<code>${event.requestId ?? 'none'}</code>`], ['Network address', event.address ?? 'none']])}</details>`;
}
