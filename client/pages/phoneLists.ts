/** What the phone page offers, with dates: reasons for missed visits, prompts, lone-worker devices. */
import { addDevice, addMissedReason, addPrompt, changeMissedReason, endDevice, endPrompt, listDevices, listMissedReasons, listPrompts, type KeptPrompt, type LoneWorkerDevice } from '../../server/recording/listContract.ts';
import type { MissedReason } from '../../server/recording/contract.ts';
import { call } from '../api.ts';
import { createForm, type Field, type Form } from '../form.ts';
import { orMissing, shortDate } from '../format.ts';
import { action, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { today } from '../weeks.ts';

interface Lists { reasons: readonly MissedReason[]; prompts: readonly KeptPrompt[]; devices: readonly LoneWorkerDevice[] }

async function fetchLists(): Promise<Lists> {
  const [{ reasons }, { prompts }, { devices }] = await Promise.all([call(listMissedReasons, {}), call(listPrompts, {}), call(listDevices, {})]);
  return { reasons, prompts, devices };
}

export const phoneListsPage: Page = (root) => {
  let state: Loadable<Lists> = loading;
  let done = '';
  const lists = (): Lists => (state.at === 'ready' ? state.value : { reasons: [], prompts: [], devices: [] });
  const draw = (): void => render(frame({
    title: 'Phone lists', lead: 'What wardens are offered on their phones. Every row has its days; what ends stays in the record.',
    actions: mayDo('recordVisits') ? [action('Open the phone page', '/phone')] : [],
  }, html`${done ? note('good', done, { live: true }) : nothing}${shown(state, body, { what: 'the lists', retry: start })}`), root);
  const start = (): (() => void) => load(fetchLists(), (next) => {
    state = next;
    draw();
  });
  const form = (submit: string, fields: () => readonly Field[], send: (values: Record<string, unknown>) => Promise<unknown>, words: string): Form => {
    const made: Form = createForm({
      layout: 'grid', submit, redraw: draw, fields,
      action: async (values) => {
        await send(values);
        done = words;
        state = { at: 'ready', value: await fetchLists() };
        made.reset();
      },
    });
    return made;
  };
  const ends = (name: string, label: string, options: () => { value: string; label: string }[]): Field[] => [
    { kind: 'select', name, label, required: true, blank: 'Choose', options: options() }, { kind: 'date', name: 'validTo', label: 'First day without it', value: today(), required: true },
  ];
  const open = <R extends { validTo: string | null }>(rows: readonly R[]): R[] => rows.filter(({ validTo }) => validTo === null);
  const reason = form('Add the reason', () => reasonFields, (values) => call(addMissedReason, addMissedReason.input.parse(values)), 'The reason is offered from its first day.');
  const reasonEnd = form('End the reason', () => ends('reasonCode', 'Reason', () => open(lists().reasons).map(({ code, name }) => ({ value: code, label: name }))), (values) =>
    call(changeMissedReason, changeMissedReason.input.parse({ ...values, name: lists().reasons.find(({ code }) => code === values['reasonCode'])?.name })), 'The reason ends.');
  const prompt = form('Add the prompt', () => promptFields, (values) => call(addPrompt, addPrompt.input.parse({ ...values, id: crypto.randomUUID(), contact: values['contact'] ?? '' })), 'The prompt is shown from its first day.');
  const promptEnd = form('End the prompt', () => ends('id', 'Prompt', () => open(lists().prompts).filter(({ mayEnd }) => mayEnd).map(({ id, heading }) => ({ value: id, label: heading }))), (values) => call(endPrompt, endPrompt.input.parse(values)), 'The prompt ends.');
  const device = form('Add the device', () => deviceFields, (values) => call(addDevice, addDevice.input.parse({ ...values, id: crypto.randomUUID() })), 'Wardens see the device from its first day.');
  const deviceEnd = form('End the device', () => ends('id', 'Device', () => open(lists().devices).map(({ id, product, deviceId }) => ({ value: id, label: `${product}, ${deviceId}` }))), (values) => call(endDevice, endDevice.input.parse(values)), 'The device ends.');
  const table = <R>(caption: string, rowId: (row: R) => string, columns: readonly Column<R>[], empty: string) => createTable<R>({ caption, rowId, redraw: draw, tools: false, columns, empty });
  const [reasons, prompts, devices] = [table('Reasons for a missed visit', (row: MissedReason) => row.code, reasonColumns, 'None yet.'), table('Prompts', (row: KeptPrompt) => row.id, promptColumns, 'None yet.'), table('Devices', (row: LoneWorkerDevice) => row.id, deviceColumns, 'None yet.')];
  const body = (now: Lists): Content => html`
    ${section('Why a visit was missed', html`${reasons.view(now.reasons)}${when(mayDo('changeSettings'), () => html`${reason.view()}${reasonEnd.view()}`)}`)}
    ${section('Young people and translations', html`${prompts.view(now.prompts)}${when(mayDo('keepPhoneLists'), () => html`${prompt.view()}${now.prompts.some(({ mayEnd }) => mayEnd) ? promptEnd.view() : nothing}`)}`, { lead: 'Shown to the warden while a visit is under way. Have translations checked by a translator before they are used.' })}
    ${section('Lone-worker devices', html`${devices.view(now.devices)}${when(mayDo('manageWardens'), () => html`${device.view()}${now.devices.length > 0 ? deviceEnd.view() : nothing}`)}`, { lead: 'Certified products (BS 8484) that your council gives its wardens. The service shows the device and the number of its alarm centre; it raises no alarm itself.' })}`;
  return start();
};

const from: Field = { kind: 'date', name: 'validFrom', label: 'First day', value: today(), required: true };
const reasonFields: readonly Field[] = [{ kind: 'text', name: 'code', label: 'Code', hint: 'Small letters and _, for example road_closed', required: true }, { kind: 'text', name: 'name', label: 'Name', required: true }, from];
const promptFields: readonly Field[] = [
  { kind: 'select', name: 'kind', label: 'Kind', required: true, options: [{ value: 'youth', label: 'Young people' }, { value: 'translation', label: 'Translation' }] },
  { kind: 'text', name: 'language', label: 'Language', value: 'en', hint: 'A tag: en, pl, ro, ar', required: true }, { kind: 'text', name: 'heading', label: 'Heading', hint: 'The service, or the language', required: true },
  { kind: 'text', name: 'words', label: 'Words', required: true }, { kind: 'text', name: 'contact', label: 'Public number or address' }, { kind: 'text', name: 'source', label: 'Where the words come from', required: true }, from,
];
const deviceFields: readonly Field[] = [
  { kind: 'text', name: 'product', label: 'Product', required: true }, { kind: 'text', name: 'deviceId', label: 'Device id', required: true }, { kind: 'text', name: 'alarmNumber', label: 'Alarm centre’s number', required: true }, from,
];

const days = (row: { validFrom: string; validTo: string | null }): string => `from ${shortDate(row.validFrom)}${row.validTo ? ` until ${shortDate(row.validTo)}` : ''}`;
const reasonColumns: readonly Column<MissedReason>[] = [{ key: 'name', label: 'Reason', value: (row) => row.name }, { key: 'code', label: 'Code', value: (row) => row.code }, { key: 'days', label: 'Offered', value: days }];
const promptColumns: readonly Column<KeptPrompt>[] = [
  { key: 'kind', label: 'Kind', value: (row) => (row.kind === 'youth' ? 'Young people' : 'Translation') }, { key: 'heading', label: 'Heading', value: (row) => row.heading },
  { key: 'words', label: 'Words', value: (row) => row.words, show: (row) => html`<span lang=${row.language}>${row.words}</span>` }, { key: 'contact', label: 'Contact', value: (row) => orMissing(row.contact || null, String, 'none') },
  { key: 'whose', label: 'For', value: (row) => (row.councilCode === null ? 'every council' : 'own council') }, { key: 'source', label: 'Source', value: (row) => row.source }, { key: 'days', label: 'Shown', value: days },
];
const deviceColumns: readonly Column<LoneWorkerDevice>[] = [{ key: 'product', label: 'Product', value: (row) => row.product }, { key: 'deviceId', label: 'Device', value: (row) => row.deviceId }, { key: 'alarmNumber', label: 'Alarm centre', value: (row) => row.alarmNumber }, { key: 'days', label: 'In use', value: days }];
