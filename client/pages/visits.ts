/** Visits recorded between two days: totals, and every row. */
import { z } from 'zod';
import { listPatrolStarts, listVisits, visitTemplate, wayRecordedNames, staffCategoryNames, type PatrolStart, type Visit } from '../../server/patrols/contract.ts';
import { call, fileAddress } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { clockTime, count, hoursMinutes, percent, period } from '../format.ts';
import { action, facts, frame } from '../frame.ts';
import { html, render, when, type Content } from '../html.ts';
import { onAddress, readAddress, writeAddress, type Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, today } from '../weeks.ts';
import { lastVisitDay, toLastVisits } from './lastVisits.ts';

const changesLink = action('Corrected and withdrawn', '/visits/changes');
const filters = z.object({ from: z.iso.date().optional().catch(undefined), to: z.iso.date().optional().catch(undefined), council: z.string().optional().catch(undefined) });
type Answer = z.infer<typeof listVisits.output> & { councils: readonly PatrolStart[]; last: string | null };

export const visitsPage: Page = (root) => {
  let state: Loadable<Answer> = loading;
  let leave = (): void => undefined;

  const asked = (): { from: string; to: string; council?: string } => {
    const { from, to, council } = readAddress(filters);
    const last = to ?? today();
    return { from: from ?? addDays(last, -27), to: last, ...(council ? { council } : {}) };
  };
  const draw = (): void => render(frame({
    title: 'Visits', width: 'wide',
    lead: 'Every visit recorded in an agreed hotspot. A visit belongs to the day it starts on, on the clock in Britain.',
    actions: mayDo('recordVisits') ? [action('Record a visit', '/visits/record', 'main'), action('Send a patrol log', '/visits/file'), changesLink] : [changesLink],
  }, html`${form.view()}${shown(state, body, { what: 'visits', retry: start })}`), root);
  const table = createTable<Visit>({ caption: 'Visits', rowId: (visit) => visit.id, redraw: draw, columns, sort: { key: 'start', down: true }, period: () => period(asked().from, asked().to), source: 'recorded visits' });
  const form = createForm({
    layout: 'row', submit: 'Show', redraw: draw,
    fields: () => filterFields(asked(), state.at === 'ready' ? state.value.councils : []),
    action: async ({ from, to, council }) => {
      writeAddress({ from: String(from), to: String(to), council: council === undefined ? null : String(council) });
      start();
    },
  });
  const start = (): void => {
    leave();
    const question = Promise.all([call(listVisits, { ...asked(), limit: 5000 }), call(listPatrolStarts, {})]).then(async ([answer, { councils }]) => ({ ...answer, councils, last: answer.visits.length > 0 ? null : await lastVisitDay(asked().council) }));
    leave = load(question, (next) => {
      state = next;
      draw();
    });
  };
  const body = (answer: Answer): Content => html`${totals(answer)}
    ${answer.visits.length > 0 ? table.view(answer.visits) : emptyView('No visits in these days', html`${notStartedWords(answer.councils)}${toLastVisits('/visits', answer.last, 28, asked().council)}`)}
    ${when(answer.visits.length < answer.totals.visits, () => html`<p>The newest ${count(answer.visits.length)} of ${count(answer.totals.visits)} visits are listed; the totals are over all. Choose fewer days to see the rest.</p>`)}`;
  const stop = onAddress(start);
  start();
  return () => {
    leave();
    stop();
  };
};

function filterFields(asked: { from: string; to: string; council?: string }, councils: readonly PatrolStart[]): Field[] {
  const days: Field[] = [
    { kind: 'date', name: 'from', label: 'First day', value: asked.from, required: true },
    { kind: 'date', name: 'to', label: 'Last day', value: asked.to, required: true },
  ];
  if (councils.length < 2) return days;
  return [...days, { kind: 'select', name: 'council', label: 'Council', value: asked.council, blank: 'All councils', options: councils.map((one) => ({ value: one.councilCode, label: one.council })) }];
}

function totals({ totals: sum }: Answer): Content {
  const share = sum.visits > 0 ? `${percent(sum.qualifyingVisits / sum.visits, 0)} of visits` : 'no visits yet';
  return facts([
    { label: 'Person-hours', value: hoursMinutes(sum.personMinutes), note: 'minutes there times persons' },
    { label: 'Patrol-hours', value: hoursMinutes(sum.patrolMinutes), note: 'minutes with anybody there' },
    { label: 'Patrols', value: count(sum.patrols), note: 'distinct patrol references' },
    { label: 'Visits', value: count(sum.visits) },
    { label: `Visits of ${sum.qualifyingMinutes} minutes or more`, value: count(sum.qualifyingVisits), note: share },
  ]);
}

function notStartedWords(councils: readonly PatrolStart[]): string {
  const waiting = councils.filter((one) => one.startedOn === null).map((one) => one.council);
  return waiting.length > 0 ? `Not started: ${waiting.join(', ')}. ` : '';
}

const columns: readonly Column<Visit>[] = [
  { key: 'hotspot', label: 'Hotspot', value: (visit) => visit.hotspot, show: (visit) => html`<a href=${`/visits/${visit.id}`}>${visit.hotspot}</a>` },
  { key: 'start', label: 'Started', kind: 'instant', value: (visit) => visit.startedAt },
  { key: 'end', label: 'Ended', value: (visit) => clockTime(visit.endedAt) },
  { key: 'minutes', label: 'Minutes', kind: 'count', value: (visit) => visit.minutes, sum: true },
  { key: 'persons', label: 'Persons', kind: 'count', value: (visit) => visit.persons },
  { key: 'personMinutes', label: 'Person-hours', kind: 'minutes', value: (visit) => visit.personMinutes, sum: true },
  { key: 'staff', label: 'Staff', value: (visit) => `${staffCategoryNames[visit.staffCategory]}${visit.jointWithPolice ? `, with ${visit.jointForceName ?? 'police'}` : ''}` },
  { key: 'evidence', label: 'Evidence', hint: 'A GPS or GPX, B NFC, C QR, D the warden’s word', value: (visit) => visit.evidenceClass, show: (visit) => html`<span title=${wayRecordedNames[visit.recordedHow]}>${visit.evidenceClass}</span>` },
  { key: 'actions', label: 'Actions', value: (visit) => visit.actions.map((one) => `${one.code.replaceAll('_', ' ')} ${one.n}`).join(', ') || 'none' },
  { key: 'patrol', label: 'Patrol', value: (visit) => (visit.patrolReference === visit.id ? 'its own' : visit.patrolReference) },
];

/** The empty patrol log to fill in. */
export const templateAddress = fileAddress(visitTemplate, {});
