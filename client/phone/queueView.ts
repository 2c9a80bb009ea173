/** What this phone recorded: waiting, sent, or refused with the sentence and the cure. */
import { clockTime, shortInstant } from '../format.ts';
import { html, nothing, repeat, when, type Content } from '../html.ts';
import type { App } from './app.ts';
import { inOrder, kindNames, type QueueItem, stateNames } from './items.ts';
import { bigButton, card, icon, type Shape } from './parts.ts';
import { flush } from './sync.ts';
import { dropItem } from './taps.ts';

let dropping: string | undefined;

export function queueView(app: App): Content {
  const { items, online, signedIn, sending } = app.state;
  const waiting = items.filter(({ state }) => state === 'waiting').length;
  return html`<h1 class="screen__title">Sent and waiting</h1>
    ${when(waiting > 0, () => card(html`<p><strong>${waiting} waiting.</strong> ${whyWaiting(app)}</p>
      ${signedIn === 'no' && online ? html`<a class="big big--main" href="/sign-in?next=/phone">Sign in to send</a>` : bigButton(sending ? 'Sending…' : 'Send now', () => flush(app), 'main', sending)}`, 'warning'))}
    ${items.length === 0 ? html`<p class="lead">Nothing recorded on this phone yet. Each visit shows here until two days after it was sent.</p>` : nothing}
    <ul class="items">${repeat(inOrder(items), ({ id }) => id, (item) => html`<li>${itemCard(app, item)}</li>`)}</ul>`;
}

function whyWaiting({ state: { online, signedIn, lastEnd } }: App): string {
  if (!online) return 'It is sent by itself once there is a connection. Nothing is lost if you close this page.';
  if (signedIn === 'no') return 'Your sign-in has ended. Sign in again; everything here stays.';
  return lastEnd === 'trouble' ? 'The service is in trouble; it is tried again by itself.' : 'It is being sent.';
}

const marks: Readonly<Record<QueueItem['state'], readonly [Shape, string]>> = { waiting: ['wait', 'warning'], sent: ['tick', 'good'], refused: ['stop', 'danger'] };

function itemCard(app: App, item: QueueItem): Content {
  const [shape, kind] = marks[item.state];
  return html`<article class=${`item item--${kind}`} aria-label=${`${kindNames[item.kind]}, ${item.title}: ${stateNames[item.state]}`}>
    <p class="item__state">${icon(shape, 24)} ${stateNames[item.state]}</p>
    <h2 class="item__title">${item.title}</h2>
    <p class="item__what">${sayWhat(item)}</p>
    ${item.says ? html`<p class="item__says">${item.problems.length > 0 ? item.problems.map(({ message }) => html`<span class="item__problem">${message}</span>`) : item.says}</p>` : nothing}
    ${item.state === 'sent' ? nothing : cures(app, item)}</article>`;
}

function sayWhat(item: QueueItem): string {
  if (item.kind === 'visit') return `Visit ${shortInstant(item.body.startedAt)} to ${clockTime(item.body.endedAt)}, ${String(item.body.persons)} persons`;
  return item.kind === 'missed' ? `Missed visit, ${item.body.missedOn}` : item.body.note;
}

/** A refused item is mended or thrown away; one that may be on its way already stays as it is. */
function cures(app: App, item: QueueItem): Content {
  const mayMend = item.state === 'refused' || item.tries === 0;
  if (!mayMend) return nothing;
  const ask = (id: string | undefined) => (): void => {
    dropping = id;
    app.draw();
  };
  if (dropping === item.id) {
    return html`<div class="ask" role="alertdialog" aria-label="Delete this?"><p>Delete it from this phone? It was never recorded.</p>
      ${bigButton('Keep it', ask(undefined))}${bigButton('Delete', () => dropItem(app, item.id), 'danger')}</div>`;
  }
  return html`<div class="pair"><a class="big big--main" href=${`#mend/${item.id}`}>${item.state === 'refused' ? 'Correct it' : 'Change'}</a>${bigButton('Delete', ask(item.id))}</div>`;
}
