/** A visit entered at a desk; wardens have the phone page. Its id is made here, so that sending it again after a lost connection counts it once. */
import { listHotspots, type Hotspot } from '../../server/hotspots/contract.ts';
import { listActionKinds, listWardens, recordVisit, staffCategories, staffCategoryNames, wayRecordedNames, waysRecorded, type ActionKind, type Visit, type Warden } from '../../server/patrols/contract.ts';
import { ApiError, call } from '../api.ts';
import { createForm, type Field, type Values } from '../form.ts';
import { hoursMinutes, instant } from '../format.ts';
import { frame } from '../frame.ts';
import { html, nothing, render, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { session } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { addDays, today } from '../weeks.ts';

interface Choices {
  hotspots: readonly Hotspot[];
  wardens: readonly Warden[];
  kinds: readonly ActionKind[];
}

export const recordVisitPage: Page = (root) => {
  let state: Loadable<Choices> = loading;
  let visitId = crypto.randomUUID();
  let chosen: Values = {};
  let asksWhich = false;
  let kept: Visit | undefined;

  const draw = (): void => render(frame({ title: 'Record a visit', width: 'narrow', breadcrumbs: [{ label: 'Visits', href: '/visits' }], lead: 'Times are those of the clock in Britain. Nothing about a person.' },
    html`${kept ? note('good', keptWords(kept), { live: true }) : nothing}${shown(state, body, { what: 'the form', retry: start })}`), root);
  const body = ({ hotspots }: Choices): Content => (hotspots.length > 0 ? form.view() : emptyView('No hotspot is live', 'Visits are recorded in agreed hotspots. Ask the analyst when yours are adopted.'));
  const form = createForm({
    submit: 'Record visit', redraw: draw, beside: html`<a href="/visits">Cancel</a>`,
    fields: () => (state.at === 'ready' ? fieldsFor(state.value, chosen, asksWhich) : []),
    changed: (values) => {
      chosen = values;
      draw();
    },
    action: async (values) => {
      kept = undefined;
      try {
        const answer = await call(recordVisit, toVisit(visitId, values));
        kept = answer.visit;
      } catch (error) {
        asksWhich ||= error instanceof ApiError && error.problem.detail.includes('happens twice');
        throw error;
      }
      visitId = crypto.randomUUID();
      [chosen, asksWhich] = [{}, false];
      form.reset();
    },
  });
  const start = (): (() => void) => load(loadChoices(), (next) => {
    state = next;
    draw();
  });
  return start();
};

async function loadChoices(): Promise<Choices> {
  const own = session().person?.councilCode;
  const [{ hotspots }, { wardens }, { kinds }] = await Promise.all([
    call(listHotspots, own ? { council: own } : {}), call(listWardens, {}), call(listActionKinds, {}),
  ]);
  return { hotspots: hotspots.filter((hotspot) => hotspot.state !== 'proposed'), wardens, kinds };
}

function keptWords(visit: Visit): Content {
  return html`Recorded: ${visit.hotspot}, ${instant(visit.startedAt)}, ${visit.minutes} minutes, ${hoursMinutes(visit.personMinutes)} person-hours. <a href="/visits">See the visits</a>`;
}

function fieldsFor({ hotspots, wardens, kinds }: Choices, chosen: Values, asksWhich: boolean): Field[] {
  const done = Array.isArray(chosen['done']) ? chosen['done'].map(String) : [];
  // What is ticked stays, so that hiding the rest takes nothing away.
  const offered = kinds.filter((kind) => kind.common || chosen['everyKind'] === true || done.includes(kind.code));
  return [
    { kind: 'select', name: 'hotspotId', label: 'Hotspot', required: true, blank: 'Choose a hotspot', options: hotspots.map((hotspot) => ({ value: hotspot.id, label: hotspot.name })) },
    { kind: 'date', name: 'date', label: 'Day', value: today(), required: true },
    { kind: 'time', name: 'startedAt', label: 'Arrived', required: true },
    { kind: 'time', name: 'endedAt', label: 'Left', required: true, hint: 'Earlier than the arrival is the next day' },
    ...(asksWhich ? [which('startZone', 'The clocks went back: arrived'), which('endZone', 'The clocks went back: left')] : []),
    { kind: 'number', name: 'persons', label: 'Persons', value: 2, min: 1, max: 20, required: true },
    ...(wardens.length > 0 ? [{ kind: 'checkboxes' as const, name: 'wardens', label: 'Who was there', options: wardens.map((warden) => ({ value: warden.reference, label: warden.reference })) }] : []),
    { kind: 'checkbox', name: 'jointWithPolice', label: 'Joint with the police' },
    { kind: 'checkboxes', name: 'done', label: 'What was done', options: offered.map((kind) => ({ value: kind.code, label: kind.name, ...(kind.policeOnly ? { hint: 'Only with the police' } : {}) })) },
    ...kinds.filter((kind) => done.includes(kind.code)).map((kind): Field => ({ kind: 'number', name: `n_${kind.code}`, label: `${kind.name}: how many`, value: 1, min: 1, max: 1000, required: true })),
    { kind: 'checkbox', name: 'everyKind', label: 'Show every kind of action' },
    { kind: 'checkbox', name: 'extended', label: 'Extended patrol' },
    { kind: 'checkbox', name: 'byVehicle', label: 'Not on foot' },
    { kind: 'select', name: 'staffCategory', label: 'Staff', value: 'warden', required: true, options: staffCategories.map((value) => ({ value, label: staffCategoryNames[value] })) },
    { kind: 'select', name: 'recordedHow', label: 'What the record stands on', value: 'self_report', required: true, options: waysRecorded.map((value) => ({ value, label: wayRecordedNames[value] })) },
    { kind: 'text', name: 'patrolReference', label: 'Patrol reference', hint: 'The same for all visits of one outing', size: 'medium' },
    { kind: 'text', name: 'note', label: 'Note', hint: 'Nothing about a person' },
  ];
}

function which(name: string, label: string): Field {
  return { kind: 'radios', name, label, inline: true, options: [{ value: 'BST', label: 'the first time round' }, { value: 'GMT', label: 'the second time round' }] };
}

/** The form's values as the endpoint takes them; times stay local words, so that the server alone reads the clock. */
function toVisit(id: string, values: Values): typeof recordVisit.input['_zod']['input'] {
  const text = (name: string): string => String(values[name] ?? '');
  const list = (name: string): string[] => (Array.isArray(values[name]) ? values[name].map(String) : []);
  const nextDay = text('endedAt') < text('startedAt') && !values['endZone'];
  const endDay = nextDay ? addDays(text('date'), 1) : text('date');
  return {
    id, hotspotId: text('hotspotId'),
    startedAt: `${text('date')} ${text('startedAt')} ${text('startZone')}`.trim(),
    endedAt: `${endDay} ${text('endedAt')} ${text('endZone')}`.trim(),
    persons: Number(values['persons']), wardens: list('wardens'),
    actions: list('done').map((code) => ({ code, n: Number(values[`n_${code}`] ?? 1) })),
    jointWithPolice: values['jointWithPolice'] === true, extended: values['extended'] === true, onFoot: values['byVehicle'] !== true,
    staffCategory: staffCategories.find((one) => one === values['staffCategory']) ?? 'warden',
    recordedHow: waysRecorded.find((one) => one === values['recordedHow']) ?? 'self_report',
    note: text('note'),
    ...(text('patrolReference') ? { patrolReference: text('patrolReference') } : {}),
  };
}
