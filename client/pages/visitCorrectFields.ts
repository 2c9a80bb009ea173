/** The form that corrects a visit: its fields from what is recorded, and what is typed as the endpoint takes it. */
import { listHotspots, type Hotspot } from '../../server/hotspots/contract.ts';
import { listActionKinds, listWardens, staffCategories, staffCategoryNames, type ActionKind, type Visit, type Warden } from '../../server/patrols/contract.ts';
import type { correctRecordedVisit } from '../../server/recording/changeContract.ts';
import { call } from '../api.ts';
import type { Field, Values } from '../form.ts';
import { clockTime } from '../format.ts';
import { session } from '../session.ts';

export interface CorrectionChoices {
  readonly hotspots: readonly Hotspot[];
  readonly wardens: readonly Warden[];
  readonly kinds: readonly ActionKind[];
}

export async function correctionChoices(): Promise<CorrectionChoices> {
  const own = session().person?.councilCode;
  const [{ hotspots }, { wardens }, { kinds }] = await Promise.all([call(listHotspots, own ? { council: own } : {}), call(listWardens, {}), call(listActionKinds, {})]);
  return { hotspots: hotspots.filter(({ state }) => state !== 'proposed'), wardens, kinds };
}

/** An instant as the clock in Britain showed it, told apart in the hour that comes twice: `2023-10-29 01:30 BST`. */
export function localWords(iso: string): string {
  const zone = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', timeZoneName: 'short' }).formatToParts(new Date(iso)).find(({ type }) => type === 'timeZoneName')?.value;
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(iso));
  return `${day} ${clockTime(iso)}${zone === 'BST' || zone === 'GMT' ? ` ${zone}` : ''}`;
}

export function correctionFields(visit: Visit, { hotspots, wardens, kinds }: CorrectionChoices): Field[] {
  const done = new Map(visit.actions.map(({ code, n }) => [code, n]));
  const offered = kinds.filter((kind) => kind.common || done.has(kind.code));
  const named = [...new Set([...visit.wardens, ...wardens.map(({ reference }) => reference)])];
  return [
    { kind: 'select', name: 'hotspotId', label: 'Hotspot', value: visit.hotspotId, required: true, options: hotspots.map(({ id, name }) => ({ value: id, label: name })) },
    { kind: 'text', name: 'startedAt', label: 'Arrived', value: localWords(visit.startedAt), required: true, hint: 'As 2023-10-02 18:05' },
    { kind: 'text', name: 'endedAt', label: 'Left', value: localWords(visit.endedAt), required: true },
    { kind: 'number', name: 'persons', label: 'Persons', value: visit.persons, min: 1, max: 20, required: true },
    { kind: 'select', name: 'staffCategory', label: 'Staff', value: visit.staffCategory, required: true, options: staffCategories.map((value) => ({ value, label: staffCategoryNames[value] })) },
    { kind: 'text', name: 'patrolReference', label: 'Patrol reference', value: visit.patrolReference, required: true },
    { kind: 'checkboxes', name: 'wardens', label: 'Who was there', value: visit.wardens, options: named.map((value) => ({ value, label: value })) },
    { kind: 'checkbox', name: 'jointWithPolice', label: 'Joint with the police', value: visit.jointWithPolice },
    { kind: 'checkbox', name: 'byVehicle', label: 'Not on foot', value: !visit.onFoot },
    { kind: 'checkbox', name: 'extended', label: 'Extended patrol', value: visit.extended },
    ...offered.map((kind): Field => ({ kind: 'number', name: `n_${kind.code}`, label: kind.name, value: done.get(kind.code) ?? 0, min: 0, max: 1000 })),
    { kind: 'text', name: 'note', label: 'Note', value: visit.note, hint: 'Nothing about a person' },
    { kind: 'textarea', name: 'reason', label: 'Why it is corrected', hint: 'Nothing about individuals', required: true },
  ];
}

/** What is typed, for the endpoint; a time that was not touched goes as it was, with its seconds. */
export function toCorrection(visit: Visit, values: Values, { kinds }: CorrectionChoices): typeof correctRecordedVisit.input['_zod']['input'] {
  const text = (name: string): string => String(values[name] ?? '');
  const time = (name: 'startedAt' | 'endedAt'): string => (text(name) === localWords(visit[name]) ? visit[name] : text(name));
  const joint = values['jointWithPolice'] === true;
  return {
    id: visit.id, hotspotId: text('hotspotId'), startedAt: time('startedAt'), endedAt: time('endedAt'), persons: Number(values['persons']),
    staffCategory: staffCategories.find((one) => one === values['staffCategory']) ?? visit.staffCategory, patrolReference: text('patrolReference'),
    wardens: Array.isArray(values['wardens']) ? values['wardens'].map(String) : [], jointWithPolice: joint, ...(joint && visit.jointForce ? { jointForce: visit.jointForce } : {}),
    onFoot: values['byVehicle'] !== true, extended: values['extended'] === true, note: text('note'), reason: text('reason'),
    actions: kinds.flatMap(({ code }) => (Number(values[`n_${code}`] ?? 0) > 0 ? [{ code, n: Number(values[`n_${code}`]) }] : [])),
  };
}
