/** A note for the next shift. */
import { freeTextFault } from '../../server/freeText.ts';
import { shortInstant } from '../format.ts';
import { html, type Content } from '../html.ts';
import type { App } from './app.ts';
import { mended, newItem, type QueueItem } from './items.ts';
import { bigButton, card, choices, icon, subHeading, textBox } from './parts.ts';
import { addItem } from './taps.ts';

type Draft = { hotspotId: string; note: string; hours: number };
let draft: Draft | undefined;
let of: string | undefined;

export function noteView(app: App, item?: QueueItem): Content {
  const { pack, person } = app.state;
  if (!pack || !person) return subHeading('Hand over');
  const body = item?.kind === 'note' ? item.body : undefined;
  if (!draft || of !== item?.id) [draft, of] = [{ hotspotId: body?.hotspotId ?? '', note: body?.note ?? '', hours: Number(body?.hours ?? pack.settings.handoverHours) }, item?.id];
  const current = draft;
  const set = (change: Partial<Draft>): void => {
    draft = { ...current, ...change };
    app.draw();
  };
  const fault = freeTextFault(current.note)?.message;
  const keep = async (): Promise<void> => {
    const title = pack.hotspots.find(({ id }) => id === current.hotspotId)?.name ?? 'All places';
    const id = item?.id ?? crypto.randomUUID();
    const sent = { id, hotspotId: current.hotspotId || null, note: current.note.trim(), hours: current.hours };
    draft = undefined;
    await addItem(app, item?.kind === 'note' ? mended(item, sent, title) : { ...newItem(person.id, id, title, new Date()), kind: 'note', body: sent });
    if (item) location.hash = '#sent';
  };
  const spans = [...new Set([12, 24, 72, 168, pack.settings.handoverHours])].sort((a, b) => a - b);
  return html`${subHeading('Hand over', item ? '#sent' : '#')}
    ${textBox('For the next shift', current.note, (note) => set({ note }), { id: 'handover', hint: 'What they should look at. Nothing about a person', longest: 280, fault })}
    ${choices('note-place', 'Where', [{ value: '', label: 'All places' }, ...pack.hotspots.map(({ id, name }) => ({ value: id, label: name }))], [current.hotspotId], (hotspotId) => set({ hotspotId }))}
    ${choices('hours', 'Shown for', spans.map((hours) => ({ value: String(hours), label: hours % 24 === 0 ? `${hours / 24} ${hours === 24 ? 'day' : 'days'}` : `${hours} hours` })), [String(current.hours)], (hours) => set({ hours: Number(hours) }))}
    ${bigButton(item ? 'Send again' : 'Leave the note', keep, 'main', current.note.trim() === '' || fault !== undefined)}
    ${item ? '' : html`<h2 class="group">Left by crews before you</h2>
      ${pack.notes.length === 0 ? html`<p class="small">Nothing just now.</p>` : pack.notes.map((note) => card(html`<p class="card__caption">${icon('note', 20)} ${note.hotspot ?? 'All places'}</p><p class="card__words">${note.note}</p><p class="small">Until ${shortInstant(note.expiresAt)}</p>`, 'note'))}`}`;
}
