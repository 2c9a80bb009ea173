/** Thresholds and defaults: what is in force, what it rests on, and one setting's values over time with a form to change it. */
import { changeSetting, listSettings, type Setting } from '../../server/settings/contract.ts';
import { subjectTimeline } from '../../server/trail/contract.ts';
import type { z } from 'zod';
import { call } from '../api.ts';
import { createForm, type Field } from '../form.ts';
import { date } from '../format.ts';
import { details, frame, section } from '../frame.ts';
import { html, nothing, render, when, type Content } from '../html.ts';
import type { Page } from '../router.ts';
import { mayDo } from '../session.ts';
import { emptyView, load, loading, note, shown, type Loadable } from '../states.ts';
import { createTable, type Column } from '../table.ts';
import { addDays, today } from '../weeks.ts';
import { inWords, timeline } from './events.ts';

export const settingsPage: Page = (root) => {
  let state: Loadable<readonly Setting[]> = loading;

  const draw = (): void => render(frame({
    title: 'Settings', width: 'wide', lead: html`The numbers the service works with, each with its source. ${mayDo('changeSettings') ? 'A change counts from a date on; what was in force before stays in force for its dates.' : 'A grant manager can change them.'}`,
  }, shown(state, (all) => (all.length > 0 ? table.view(all.filter((one) => inForce(one, today()))) : emptyView('There are no settings', 'They are set up with the service.')), { what: 'settings', retry: () => void start() })), root);
  const table = createTable<Setting>({ caption: 'Settings in force', rowId: (one) => one.name, redraw: draw, period: date(today()), columns: [
    { key: 'name', label: 'Setting', value: (one) => inWords(one.name), show: (one) => html`<a href="/settings/${one.name}">${inWords(one.name)}</a>` },
    { key: 'describes', label: 'What it is', value: (one) => one.describes },
    ...valueColumns.map((column) => (column.key === 'value' ? { ...column, show: (one: Setting) => clipped(written(one.value)) } : column)),
  ] });
  const start = (): (() => void) => load(call(listSettings, {}).then((answer) => answer.settings), (next) => {
    state = next;
    draw();
  });
  return start();
};

function inForce(one: Setting, on: string): boolean {
  return one.validFrom <= on && (one.validTo === null || on < one.validTo);
}

const written = (value: Setting['value']): string => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value).replaceAll(';', '; '));

/** A list of many names would leave no room for the rest; it stands whole on the setting's own page. */
const clipped = (text: string): string => (text.length > 30 ? `${text.slice(0, 26).trimEnd()} …` : text);

const valueColumns: readonly Column<Setting>[] = [
  { key: 'value', label: 'Value', value: (one) => written(one.value) },
  { key: 'unit', label: 'Unit', value: (one) => one.unit },
  { key: 'source', label: 'Source', value: (one) => one.source },
  { key: 'from', label: 'First day', kind: 'date', value: (one) => one.validFrom },
  { key: 'to', label: 'Last day', kind: 'date', value: (one) => (one.validTo === null ? null : addDays(one.validTo, -1)), missing: 'no end set' },
];

type Events = z.output<typeof subjectTimeline.output>['events'];

interface Answer {
  values: readonly Setting[];
  events: Events;
}

async function ask(name: string): Promise<Answer> {
  const [{ settings }, { events }] = await Promise.all([call(listSettings, {}), mayDo('seeTimeline') ? call(subjectTimeline, { subjectKind: 'setting', subjectId: name }) : { events: [] }]);
  return { values: settings.filter((one) => one.name === name), events };
}

export const settingPage: Page = (root, params) => {
  const name = params['name'] ?? '';
  let state: Loadable<Answer> = loading;
  let said = '';

  const present = (): Setting | undefined => (state.at === 'ready' ? (state.value.values.find((one) => inForce(one, today())) ?? state.value.values.at(-1)) : undefined);
  const draw = (): void => render(frame({ title: inWords(name), caption: 'Setting', breadcrumbs: [{ label: 'Settings', href: '/settings' }] },
    html`${said ? note('good', said, { live: true }) : nothing}${shown(state, body, { what: 'the setting', retry: () => void start() })}`), root);
  const table = createTable<Setting>({ caption: 'Values over time', rowId: (one) => one.validFrom, redraw: draw, tools: false, sort: { key: 'from', down: true }, columns: valueColumns });
  const form = createForm({
    submit: 'Change the setting', redraw: draw, fields: () => changeFields(present()),
    action: async ({ value, validFrom, reason }) => {
      const one = await call(changeSetting, changeSetting.input.parse({ name, value: typeof present()?.value === 'boolean' ? value === 'yes' : value, validFrom, reason }));
      state = { at: 'ready', value: await ask(name) };
      said = `From ${date(one.validFrom)} on it is ${written(one.value)} ${one.unit}.`;
      form.reset();
      window.scrollTo(0, 0);
    },
  });
  const body = ({ values, events }: Answer): Content => {
    const now = present();
    if (!now) return emptyView('There is no such setting', html`<a href="/settings">See all settings</a>`);
    return html`${details([['What it is', now.describes], ['Value', html`<strong>${written(now.value)}</strong> ${now.unit}`], ['Source', now.source], ['Since', date(now.validFrom)]])}
      ${section('Values over time', table.view(values))}
      ${when(mayDo('changeSettings'), () => section('Change it', form.view(), { lead: 'Figures already reported are not worked out again. The reason becomes the source of the new value.' }))}
      ${when(mayDo('seeTimeline'), () => section('What happened', timeline(events)))}`;
  };
  const start = (): (() => void) => load(ask(name), (next) => {
    state = next;
    draw();
  });
  return start();
};

function changeFields(present: Setting | undefined): Field[] {
  if (!present) return [];
  return [
    valueField(present),
    { kind: 'date', name: 'validFrom', label: 'First day', value: today(), required: true },
    { kind: 'text', name: 'reason', label: 'Reason', hint: 'What the new value rests on: a study, a decision, a measurement', required: true },
  ];
}

function valueField({ value, unit }: Setting): Field {
  const base = { name: 'value', label: 'New value', required: true };
  if (typeof value === 'number') return { ...base, kind: 'number', value, unit, whole: false };
  if (typeof value === 'boolean') return { ...base, kind: 'radios', value: value ? 'yes' : 'no', inline: true, options: [{ value: 'yes', label: 'Yes' }, { value: 'no', label: 'No' }] };
  return { ...base, kind: 'text', value, hint: `${inWords(unit)}; parts are set apart by a semicolon` };
}
