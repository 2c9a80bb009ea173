/** Conditions and milestones of an agreement: what is owed by whom and when, what shows that it is met, and who accepted it. */
import { addCondition, conditionKinds, decideCondition, removeCondition, reportCondition, type Condition, type Terms } from '../../server/terms/contract.ts';
import { call } from '../api.ts';
import { documentsOf, type Documents } from '../documents.ts';
import { createForm } from '../form.ts';
import { date, instant } from '../format.ts';
import { button, details, section } from '../frame.ts';
import { html, nothing, when, type Content } from '../html.ts';
import { mayDo } from '../session.ts';
import { emptyView, note, tag } from '../states.ts';
import { createTable } from '../table.ts';
import { today } from '../weeks.ts';

const looks: Record<Condition['state'], 'plain' | 'good' | 'warning' | 'danger' | 'info'> = { open: 'plain', overdue: 'danger', reported: 'info', accepted: 'good', ended: 'plain' };
const says: Record<Condition['state'], string> = { open: 'open', overdue: 'overdue', reported: 'reported, to be accepted', accepted: 'met and accepted', ended: 'no longer asked for' };

export interface Conditions {
  readonly view: (terms: Terms, council: string) => Content;
  readonly stop: () => void;
}

/** `kept` gets the terms after a change, with words for it. */
export function conditionsPart({ id, redraw, kept, failed }: { id: string; redraw: () => void; kept: (terms: Terms, words: string) => void; failed: (error: unknown) => void }): Conditions {
  let terms: Terms | undefined;
  let council = 'the council';
  let chosen: string | null = null;
  let evidence: Documents | undefined;
  let stop = (): void => undefined;
  const owner = (one: Condition): string => (one.owedBy === 'council' ? council : 'Commissioner’s office');
  const choose = (next: string | null): void => {
    stop();
    chosen = next;
    evidence = next === null ? undefined : documentsOf({ agreementId: id, subjectKind: 'condition', subjectId: next, what: 'evidence', redraw });
    stop = evidence?.start() ?? (() => undefined);
    redraw();
  };
  const table = createTable<Condition>({ caption: 'Conditions and milestones', rowId: (one) => one.id, redraw, tools: false, onSelect: choose, columns: [
    { key: 'what', label: 'What', value: (one) => one.what },
    { key: 'kind', label: 'Kind', value: (one) => one.kind },
    { key: 'owner', label: 'Owed by', value: owner },
    { key: 'due', label: 'Due', kind: 'date', value: (one) => one.dueOn, missing: 'no day set' },
    { key: 'state', label: 'State', value: (one) => says[one.state], show: (one) => tag(says[one.state], looks[one.state]) },
    { key: 'done', label: 'Met on', kind: 'date', value: (one) => one.doneOn, missing: 'not yet' },
    { key: 'documents', label: 'Evidence', kind: 'count', value: (one) => one.documents },
  ] });
  const adding = createForm({
    layout: 'row', submit: 'Add condition', redraw,
    fields: [
      { kind: 'text', name: 'what', label: 'What it asks for', required: true },
      { kind: 'select', name: 'kind', label: 'Kind', options: conditionKinds.map((value) => ({ value, label: value })), value: 'condition', required: true },
      { kind: 'select', name: 'owedBy', label: 'Owed by', options: [{ value: 'council', label: 'the council' }, { value: 'office', label: 'the Commissioner’s office' }], value: 'council', required: true },
      { kind: 'date', name: 'dueOn', label: 'Due' },
    ],
    action: async (values) => {
      kept(await call(addCondition, addCondition.input.parse({ id, conditionId: crypto.randomUUID(), ...values, dueOn: values['dueOn'] ?? null })), 'Added the condition.');
      adding.reset();
    },
  });
  const reporting = createForm({
    layout: 'row', submit: 'Report as met', redraw,
    fields: [{ kind: 'date', name: 'doneOn', label: 'Met on', value: today(), required: true }, { kind: 'text', name: 'evidence', label: 'What shows it', hint: 'For example: signed register of 12 officers', required: true }],
    action: async (values) => kept(await call(reportCondition, reportCondition.input.parse({ id, conditionId: chosen, ...values })), 'Reported. A second person accepts it.'),
  });
  const deciding = createForm({
    layout: 'row', submit: 'Decide', redraw,
    fields: [{ kind: 'radios', name: 'accepted', label: 'Decision', inline: true, required: true, options: [{ value: 'yes', label: 'Accept' }, { value: 'no', label: 'Send back' }] }, { kind: 'text', name: 'reason', label: 'Why', required: true }],
    action: async ({ accepted, reason }) => kept(await call(decideCondition, decideCondition.input.parse({ id, conditionId: chosen, accepted: accepted === 'yes', reason })), accepted === 'yes' ? 'Accepted.' : 'Sent back.'),
  });
  const remove = (one: Condition): void => {
    choose(null);
    call(removeCondition, { id, conditionId: one.id }).then((next) => kept(next, 'Taken out.'), failed);
  };
  const opened = (one: Condition): Content => html`<section class="opened" aria-label="${one.what}">
    ${details([['What', one.what], ['State', tag(says[one.state], looks[one.state])], ['Owed by', `${owner(one)}${one.dueOn ? `, due ${date(one.dueOn)}` : ''}`],
      ['Met', one.doneOn ? `${date(one.doneOn)}${one.doneBy ? `, reported by ${one.doneBy}` : ''}: ${one.evidence ?? ''}` : 'not yet'],
      ['Accepted', one.acceptedAt ? `${instant(one.acceptedAt)}${one.acceptedBy ? ` by ${one.acceptedBy}` : ''}` : 'not yet']])}
    <h3 class="opened__title">Evidence</h3>${evidence?.view() ?? nothing}
    ${when(mayDo('reportConditions') && (one.state === 'open' || one.state === 'overdue'), () => reporting.view())}
    ${when(mayDo('acceptConditions') && one.state === 'reported', () => deciding.view())}
    ${when(mayDo('keepTerms') && one.fromVersion === null, () => button('Take out', () => remove(one)))}</section>`;
  const view = (now: Terms, of: string): Content => {
    [terms, council] = [now, of];
    const overdue = now.conditions.filter(({ state }) => state === 'overdue');
    const one = terms.conditions.find((each) => each.id === chosen);
    return section('Conditions and milestones', html`
      ${overdue.length > 0 ? note('warning', html`Overdue: <ul>${overdue.map((each) => html`<li>${each.what}: ${owner(each)}, due ${date(each.dueOn ?? '')}</li>`)}</ul>`) : nothing}
      ${now.conditions.length > 0 ? table.view(now.conditions) : emptyView('No condition is entered')}
      ${one ? opened(one) : nothing}
      ${when(mayDo('keepTerms') && now.versions.length === 0, () => adding.view())}`,
    { lead: 'What is in the agreement is not done yet: each stands here until it is met, with what shows it, and a second person has accepted it. Open a row for its evidence.' });
  };
  return { view, stop: () => stop() };
}
