/** A refused visit put right and sent again under its id. What the fixes showed goes with the place and the times they were for. */
import { freeTextFault } from '../../server/freeText.ts';
import { html, nothing, type Content } from '../html.ts';
import type { App } from './app.ts';
import { offeredKinds } from './crew.ts';
import { mended, type VisitBody, type VisitItem } from './items.ts';
import { bigButton, card, choices, icon, stepper, subHeading, textBox } from './parts.ts';
import { actionsOf, counted } from './running.ts';
import { addItem } from './taps.ts';

interface Draft {
  body: VisitBody;
  counts: Readonly<Record<string, number>>;
}
let draft: Draft | undefined;

const noFix = { found: 'none', accuracyMetres: null } as const;
const two = (value: number): string => String(value).padStart(2, '0');
/** An instant as a box of the phone's own clock takes it, and back. */
const toLocal = (iso: string): string => {
  const at = new Date(iso);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
};

export function mendView(app: App, item: VisitItem): Content {
  const { pack } = app.state;
  if (!pack) return subHeading('Correct a visit', '#sent');
  if (draft?.body.id !== item.id) draft = { body: item.body, counts: Object.fromEntries((item.body.actions ?? []).map(({ code, n }) => [code, Number(n)])) };
  const { body, counts } = draft;
  const set = (change: Partial<Draft>): void => {
    draft = { body, counts, ...change };
    app.draw();
  };
  const change = (part: Partial<VisitBody>): void => set({ body: { ...body, ...part } });
  const moved = (part: Partial<VisitBody>): void => change({ ...part, arrived: noFix, left: noFix });
  const fault = freeTextFault(body.note ?? '')?.message;
  const again = async (): Promise<void> => {
    const title = pack.hotspots.find(({ id }) => id === body.hotspotId)?.name ?? item.title;
    const sent = { ...body, actions: actionsOf(counts) };
    draft = undefined;
    await addItem(app, mended(item, sent, title));
    location.hash = '#sent';
  };
  return html`${subHeading('Correct a visit', '#sent')}
    ${item.state === 'refused' ? card(html`<p role="alert">${icon('stop', 22)} <strong>Refused.</strong> ${item.problems.length > 0 ? item.problems.map(({ message }) => html`<span class="item__problem">${message}</span>`) : item.says}</p>`, 'danger') : nothing}
    ${time('arrived', 'Arrived', body.startedAt, (startedAt) => moved({ startedAt }))}
    ${time('left', 'Left', body.endedAt, (endedAt) => moved({ endedAt }))}
    ${choices('mend-place', 'Where', pack.hotspots.map(({ id, name }) => ({ value: id, label: name })), [body.hotspotId], (hotspotId) => moved({ hotspotId }))}
    ${stepper('Persons', Number(body.persons), (by) => change({ persons: Math.min(20, Math.max(1, Number(body.persons) + by)) }), { least: 1 })}
    ${choices('mend-wardens', 'Who was out', [...new Set([...(item.body.wardens ?? []), ...pack.wardens.map(({ reference }) => reference)])].map((reference) => ({ value: reference, label: reference })), body.wardens ?? [],
      (reference, on) => change({ wardens: on ? [...(body.wardens ?? []), reference] : (body.wardens ?? []).filter((one) => one !== reference) }), 'checkbox')}
    ${choices('mend-police', 'Joint with the police', [{ value: 'yes', label: 'The police were with us' }], body.jointWithPolice ? ['yes'] : [], (_value, on) => {
      const { jointForce, ...rest } = body;
      const force = on ? (jointForce ?? pack.forces[0]?.code) : undefined;
      set({ body: { ...rest, jointWithPolice: on, ...(force ? { jointForce: force } : {}) } });
    }, 'checkbox')}
    <h2 class="group">What was done</h2>
    ${kindsOf(app, body, counts).map((kind) => stepper(kind.name, counts[kind.code] ?? 0, (by) => set({ counts: counted({ counts }, kind.code, by).counts })))}
    <div class="box"><label class="box__label" for="mend-patrol">Patrol reference</label>
      <input class="box__line" id="mend-patrol" maxlength="40" .value=${body.patrolReference ?? ''} @change=${(event: Event) => event.target instanceof HTMLInputElement && change({ patrolReference: event.target.value.trim() || item.id })}></div>
    ${textBox('Note', body.note ?? '', (note) => change({ note }), { id: 'mend-note', hint: 'Nothing about a person', fault })}
    ${bigButton('Send again', again, 'main', fault !== undefined)}`;
}

/** What this crew may do, and what is counted already, so that it can be taken out. */
function kindsOf(app: App, body: VisitBody, counts: Draft['counts']): { code: string; name: string }[] {
  const { pack } = app.state;
  if (!pack) return [];
  const offered = offeredKinds(pack, { wardens: body.wardens ?? [], staffCategory: body.staffCategory ?? 'warden', joint: body.jointWithPolice ?? false });
  const taken = pack.kinds.filter(({ code }) => (counts[code] ?? 0) > 0);
  return [...taken, ...offered.filter((kind) => kind.common && !taken.includes(kind))];
}

function time(id: string, label: string, iso: string, change: (iso: string) => void): Content {
  const typed = (event: Event): void => {
    const at = event.target instanceof HTMLInputElement ? new Date(event.target.value) : undefined;
    if (at && !Number.isNaN(at.getTime()) && toLocal(at.toISOString()) !== toLocal(iso)) change(at.toISOString());
  };
  return html`<div class="box"><label class="box__label" for=${`mend-${id}`}>${label}</label>
    <input class="box__line" id=${`mend-${id}`} type="datetime-local" .value=${toLocal(iso)} @change=${typed}></div>`;
}
