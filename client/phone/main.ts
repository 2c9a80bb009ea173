/** Starts the phone page: a page of its own, small enough to be kept on the phone and opened without a connection. */
import { html, nothing, render, when, type Content } from '../html.ts';
import { createApp, type App } from './app.ts';
import { crewView } from './crewView.ts';
import { helpView, sayView, translationsView, youthView } from './helpView.ts';
import { homeView } from './homeView.ts';
import { mendView } from './mendView.ts';
import { missedView } from './missedView.ts';
import { noteView } from './noteView.ts';
import { icon, type Shape } from './parts.ts';
import { queueView } from './queueView.ts';
import { openStore } from './store.ts';
import { start as startSending } from './sync.ts';
import { visitView } from './visitView.ts';

const tabs: readonly (readonly [string, string, Shape])[] = [['', 'Patrol', 'patrol'], ['handover', 'Hand over', 'note'], ['help', 'Help', 'help'], ['sent', 'Sent', 'queue']];

const place = (): readonly [string, string] => {
  const [screen = '', id = ''] = location.hash.replace(/^#/, '').split('/');
  return [screen, id];
};

function screen(app: App): Content {
  const { state } = app;
  const [name, id] = place();
  if (!state.person) return signInFirst(app);
  if (!state.mayRecord) return html`<h1 class="screen__title">Not for your role</h1><p class="lead">Visits are recorded by wardens and council leads.</p><a class="big big--main" href="/">Open the service</a>`;
  const item = state.items.find((one) => one.id === id);
  if (name === 'mend' && item) return item.kind === 'visit' ? mendView(app, item) : item.kind === 'missed' ? missedView(app, item) : noteView(app, item);
  if (name === 'handover') return noteView(app);
  if (name === 'help') return helpView(app);
  if (name === 'youth') return youthView(app);
  if (name === 'translations') return translationsView(app);
  if (name === 'say') return sayView(app, id);
  if (name === 'sent' || name === 'mend') return queueView(app);
  if (name === 'crew') return crewView(app);
  if (name === 'missed') return missedView(app);
  return state.running ? visitView(app, state.running) : homeView(app);
}

function signInFirst({ state: { signedIn, online } }: App): Content {
  if (signedIn === 'unknown' && online) return html`<h1 class="screen__title">One moment</h1>`;
  return html`<h1 class="screen__title">Sign in</h1><p class="lead">${online ? 'Visits are recorded in your own name. Sign in once; then this page works without a connection.' : 'There is no connection. Sign in once there is one; then this page works without.'}</p>
    <a class="big big--main" href="/sign-in?next=/phone">Sign in</a>`;
}

function bar({ state }: App): Content {
  const waiting = state.items.filter((item) => item.state === 'waiting').length;
  const refused = state.items.filter((item) => item.state === 'refused').length;
  const words = refused > 0 ? `${refused} refused` : waiting > 0 ? `${waiting} waiting` : state.online ? 'All sent' : 'Ready';
  return html`<header class="top"><a class="top__name" href="#">${state.pack?.council ?? state.person?.council ?? 'Hotspot Patrols'}</a>
      ${state.person ? html`<a class="top__state top__state--${refused > 0 ? 'danger' : waiting > 0 || !state.online ? 'warning' : 'good'}" href="#sent"><span role="status">${state.online ? '' : 'Offline · '}${words}</span></a>` : nothing}
      ${state.demonstration ? html`<p class="demo"><strong>Demonstration data.</strong> All made up.</p>` : nothing}</header>
    ${state.signedIn === 'no' && state.person ? html`<a class="ended" href="/sign-in?next=/phone">Your sign-in has ended. What you record stays here. <strong>Sign in to send it</strong></a>` : nothing}`;
}

function tabBar({ state }: App): Content {
  const [name] = place();
  const current = tabs.some(([tab]) => tab === name) ? name : name === 'mend' ? 'sent' : ['youth', 'translations', 'say'].includes(name) ? 'help' : '';
  const open = state.items.filter((item) => item.state !== 'sent').length;
  return html`<nav class="tabs" aria-label="Phone page"><ul class="tabs__list">${tabs.map(([tab, label, shape]) => html`<li><a class="tabs__tab" href=${`#${tab}`} aria-current=${tab === current ? 'page' : nothing}>
    ${icon(shape)}<span>${label}</span>${tab === 'sent' && open > 0 ? html`<span class="tabs__n" aria-label=${`${open} not sent`}>${open}</span>` : nothing}</a></li>`)}</ul></nav>`;
}

async function start(root: HTMLElement): Promise<void> {
  const store = await openStore();
  const draw = (): void => {
    document.title = `${tabs.find(([tab]) => tab === place()[0])?.[1] ?? 'Patrol'} – Hotspot Patrols`;
    render(html`${bar(app)}<main class="screen" id="screen" tabindex="-1">${when(app.state.told, () => html`<p class="told" role="status">${icon('tick', 24)} ${app.state.told}</p>`)}${screen(app)}</main>
      ${when(app.state.person && app.state.mayRecord, () => tabBar(app))}`, root);
  };
  const app = createApp(store, draw);
  window.addEventListener('hashchange', () => {
    // What was just done is told on the screen it leads to.
    if (Date.now() - app.state.toldAt > 1500) app.state.told = '';
    draw();
    window.scrollTo(0, 0);
    document.getElementById('screen')?.focus({ preventScroll: true });
  });
  // The clock of a visit under way.
  setInterval(() => app.state.running && app.state.running.endedAt === null && place()[0] === '' && draw(), 1000);
  draw();
  await keepOffline();
  await startSending(app);
}

/** Keeps the page itself on the phone, and asks the browser not to clear what waits. */
async function keepOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/phone-worker.js', { scope: '/phone' });
    void navigator.storage?.persist?.();
  } catch {
    // Without it the page works as long as it stays open; the queue is kept either way.
  }
}

const root = document.getElementById('phone');
if (root) void start(root);
