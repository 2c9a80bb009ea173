/** One version: what it lacks, what is in it, and its release by another person. */
import { z } from 'zod';
import {
  enterReason, getPublication, getPublicationFiles, makePublication, prefixFault, publicationKindNames, releasePublication, withdrawPublication, type PublicationContent, type PublicationFault,
} from '../../server/publication/contract.ts';
import { call, download } from '../api.ts';
import { createForm } from '../form.ts';
import { date, hoursMinutes, money, month, shortInstant } from '../format.ts';
import { button, details, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import { navigate, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';
import { plainTable } from './plainTable.ts';
import { stateTag } from './publications.ts';

type Shown = z.infer<typeof getPublication.output>;

export const publicationPage: Page = (root, params) => {
  const id = params['id'] ?? '';
  let state: Loadable<Shown> = loading;
  let said = '';
  const title = (): string => (state.at === 'ready' ? `${publicationKindNames[state.value.kind]}, ${month(state.value.month)}` : 'Publication');
  const draw = (): void => render(frame({ title: title(), width: 'wide', breadcrumbs: [{ label: 'Publication', href: '/publications' }] }, shown(state, body, { what: 'the version', retry: () => void start() })), root);
  const again = async (words: string): Promise<void> => {
    said = words;
    state = { at: 'ready', value: await call(getPublication, { id }) };
    draw();
  };
  const redo = async (): Promise<void> => {
    if (state.at !== 'ready') return;
    const made = await call(makePublication, { publicationId: crypto.randomUUID(), kind: state.value.kind, month: state.value.month });
    if (made.id === id) return again('Nothing has changed since this version.');
    await navigate(`/publications/${made.id}`);
  };
  const faulty = (): PublicationFault[] => (state.at === 'ready' ? [...new Map(state.value.faults.map((fault) => [fault.subjectId, fault])).values()] : []);
  const reason = createForm({
    submit: 'Enter', redraw: draw,
    fields: () => [
      { kind: 'select', name: 'subject', label: 'Row', required: true, options: faulty().map((fault) => ({ value: `${fault.subjectKind} ${fault.subjectId}`, label: fault.row })) },
      { kind: 'textarea', name: 'purpose', label: 'Purpose', required: true },
      { kind: 'textarea', name: 'reason', label: faulty()[0]?.subjectKind === 'payment' ? 'Why it is good value for money' : 'Reasons the grant was made', required: true },
    ],
    action: async ({ subject, ...words }) => {
      const [subjectKind, subjectId] = String(subject).split(' ');
      await call(enterReason, enterReason.input.parse({ reasonId: crypto.randomUUID(), subjectKind, subjectId, ...words }));
      reason.reset();
      await redo();
    },
  });
  const releasing = createForm({
    submit: 'Release', redraw: draw, fields: [{ kind: 'checkbox', name: 'sure', label: 'I have looked at every row below, and it may go out', required: true }],
    action: async () => {
      await call(releasePublication, { id });
      await again(state.at === 'ready' && state.value.kind === 'partners page' ? 'Released. Partners see it when they are signed in.' : 'Released. It stands on the public page from now on.');
    },
  });
  const withdrawing = createForm({
    submit: 'Withdraw', redraw: draw, fields: [{ kind: 'text', name: 'reason', label: 'Why it is taken back', required: true }],
    action: async (values) => {
      await call(withdrawPublication, withdrawPublication.input.parse({ id, ...values }));
      await again('Withdrawn. It stays in the record.');
    },
  });
  const body = (it: Shown): Content => html`
    ${said ? note('good', said, { live: true }) : nothing}
    ${details([['State', stateTag(it)], ['Version', String(it.version)], ['Made', `${shortInstant(it.madeAt)} by ${it.madeBy ?? 'the monthly job'}`], ['SHA-256', html`<code class="hash">${it.sha256}</code>`],
      ...(it.releasedAt ? [['Released', `${shortInstant(it.releasedAt)} by ${it.releasedBy ?? 'somebody'}`] as const] : []), ...(it.withdrawnReason ? [['Withdrawn', it.withdrawnReason] as const] : []),
      ['Files', html`${it.files.join(', ')}`]])}
    <div class="govuk-button-group">${button('Download the files', () => void download(getPublicationFiles, { id }, 'publication.zip'), { kind: 'plain' })}${when(mayDo('preparePublications') && it.state !== 'replaced', () => button('Make it again from the rows', () => void redo(), { kind: 'plain' }))}</div>
    ${when(it.faults.length > 0, () => section('What is missing', html`<ul class="reasons">${it.faults.map(({ says }) => html`<li>${says}</li>`)}</ul>${when(mayDo('preparePublications') && it.state === 'draft', () => reason.view())}`))}
    ${when(it.state === 'draft' && it.faults.length === 0 && mayDo('releasePublications'), () => (it.mayRelease ? section('Release', releasing.view()) : note('info', 'You made this draft or wrote a reason in it, or there is a later one: another person must release it.')))}
    ${section('Content', contentView(it.content))}
    ${when(it.state === 'released' && mayDo('releasePublications'), () => section('Withdraw', withdrawing.view()))}`;
  const start = (): (() => void) => load(call(getPublication, { id }), (next) => {
    state = next;
    draw();
  });
  return start();
};

export function contentView(content: PublicationContent): Content {
  if (content.kind === 'grants') {
    const fault = prefixFault(content.prefix);
    return html`${fault === null ? nothing : note('danger', html`<p>360Giving file. ${fault}</p><p><a class="govuk-link" href="/settings">Settings</a></p>`)}${plainTable('Grants in force', ['Reference', 'Recipient', 'Amount', 'Awarded', 'Purpose', 'Conditions', 'Reasons'], content.rows.map((row) => [row.reference, row.recipient, money(row.amountPence), date(row.awardDate), row.purpose, row.conditions.join('; '), row.reasons]))}`;
  }
  if (content.kind === 'spending') {
    return plainTable(`Items over ${money(content.overPence)}`, ['Reference', 'Recipient', 'Paid on', 'Amount', 'Purpose', 'Value for money'], content.rows.map((row) => [row.reference, row.recipient, date(row.paidOn), money(row.amountPence), row.purpose, row.valueForMoney]));
  }
  const names = new Map(content.councils.map(({ code, name }) => [code, name]));
  return html`<p>Counts from 1 to ${content.threshold - 1} are hidden as &lt;${content.threshold}, and as many more as [c] as it takes that none can be worked out. Layers that were ${content.kind === 'partners page' ? 'open to partners' : 'public'} when it was made: ${content.layers.join(', ') || 'none'}.</p>
    ${content.withheld ? note('warning', html`<ul class="reasons">${content.withheld.map(({ says }) => html`<li>${says}</li>`)}</ul>`) : nothing}
    ${plainTable('By ward', ['Ward', 'Council', 'Hotspots', 'Visits', 'Person-hours', ...content.sources.map(({ name }) => name), ...content.actions.map(({ name }) => name)],
      content.wards.map((row) => [row.name, names.get(row.councilCode) ?? '', String(row.hotspots), String(row.visits), hoursMinutes(row.personMinutes), ...content.sources.map(({ code }) => row.incidents[code] ?? '0'), ...content.actions.map(({ code }) => row.actions[code] ?? '0')]))}
    ${content.hotspots.length > 0 ? plainTable('Hotspots', ['Name', 'Ward', 'Council', 'Since'], content.hotspots.map((each) => [each.name, each.ward, names.get(each.councilCode) ?? '', date(each.liveFrom)])) : nothing}`;
}
