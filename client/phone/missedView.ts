/** A visit that was not made: where, when and why. */
import { freeTextFault } from '../../server/freeText.ts';
import { html, when, type Content } from '../html.ts';
import { addDays, bandNames, today } from '../weeks.ts';
import { date } from '../format.ts';
import type { App } from './app.ts';
import { mended, newItem, type MissedBody, type QueueItem } from './items.ts';
import { bigButton, choices, stepper, subHeading, textBox } from './parts.ts';
import { addItem } from './taps.ts';

type Draft = { hotspotId: string; missedOn: string; band: number; visits: number; reasonCode: string; note: string };
let draft: Draft | undefined;
let of: string | undefined;

const bandNow = (): number => Math.floor(Number(new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', hourCycle: 'h23' }).format(new Date())) / 4);

function fresh(item: QueueItem | undefined): Draft {
  const body: Partial<MissedBody> = item?.kind === 'missed' ? item.body : {};
  return {
    hotspotId: body.hotspotId ?? '', missedOn: body.missedOn ?? today(), band: Number(body.band ?? bandNow()), visits: Number(body.visits ?? 1), reasonCode: body.reasonCode ?? '', note: body.note ?? '',
  };
}

export function missedView(app: App, item?: QueueItem): Content {
  const { pack, person } = app.state;
  if (!pack || !person) return subHeading('A visit was missed');
  if (!draft || of !== item?.id) [draft, of] = [fresh(item), item?.id];
  const current = draft;
  const set = (change: Partial<Draft>): void => {
    draft = { ...current, ...change };
    app.draw();
  };
  const days = [today(), addDays(today(), -1), ...(current.missedOn < addDays(today(), -1) ? [current.missedOn] : [])];
  const fault = freeTextFault(current.note)?.message;
  const missing = current.hotspotId === '' ? 'Choose the place' : current.reasonCode === '' ? 'Choose why' : '';
  const keep = async (): Promise<void> => {
    const title = pack.hotspots.find(({ id }) => id === current.hotspotId)?.name ?? 'Missed visit';
    const id = item?.id ?? crypto.randomUUID();
    const body: MissedBody = { ...current, id, note: current.note.trim() };
    draft = undefined;
    await addItem(app, item?.kind === 'missed' ? mended(item, body, title) : { ...newItem(person.id, id, title, new Date()), kind: 'missed', body });
    location.hash = item ? '#sent' : '';
  };
  return html`${subHeading('A visit was missed', item ? '#sent' : '#')}
    ${choices('place', 'Where', pack.hotspots.map(({ id, name }) => ({ value: id, label: name })), [current.hotspotId], (hotspotId) => set({ hotspotId }))}
    ${choices('why', 'Why', pack.reasons.map(({ code, name }) => ({ value: code, label: name })), [current.reasonCode], (reasonCode) => set({ reasonCode }))}
    ${choices('day', 'Day', days.map((day, index) => ({ value: day, label: ['Today', 'Yesterday'][index] ?? date(day) })), [current.missedOn], (missedOn) => set({ missedOn }))}
    ${choices('band', 'Time', bandNames.map((name, band) => ({ value: String(band), label: name })).filter(({ value }) => current.missedOn !== today() || Number(value) <= bandNow()), [String(current.band)], (band) => set({ band: Number(band) }))}
    ${stepper('Visits missed', current.visits, (by) => set({ visits: Math.min(20, Math.max(1, current.visits + by)) }), { least: 1 })}
    ${textBox('Note', current.note, (note) => set({ note }), { id: 'missed-note', hint: 'Nothing about a person', longest: 300, fault })}
    ${when(missing, () => html`<p class="small" role="status">${missing} first.</p>`)}
    ${bigButton(item ? 'Send again' : 'Record as missed', keep, 'main', missing !== '' || fault !== undefined)}`;
}
