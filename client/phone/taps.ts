/** What each tap does. Every one is kept on the phone before it is shown. */
import { signOut } from '../../server/people/contract.ts';
import { call } from '../api.ts';
import { setSession } from '../session.ts';
import { type App, newPatrolReference, tell } from './app.ts';
import { type Crew, nextPatrol, patrolOver } from './crew.ts';
import { newItem, type QueueItem } from './items.ts';
import { findPlace } from './place.ts';
import { begin, type Running, toBody } from './running.ts';
import { flush, reread } from './sync.ts';

/** Fixes that are being looked for, by visit and moment. */
const looking = new Map<string, Promise<void>>();
/** How long logging waits for a fix that is still looked for. */
const fixWaitMs = 4000;

export async function change({ state, store, draw }: App, running: Running | undefined): Promise<void> {
  state.running = running;
  if (state.person) await store.keepRunning(state.person.id, running);
  draw();
}

export async function arrive(app: App, hotspot: { readonly id: string; readonly name: string }): Promise<void> {
  const { state } = app;
  const now = new Date();
  if (patrolOver(state.crew, state.pack?.settings.patrolHours ?? 12, now)) await startPatrol(app);
  state.told = '';
  await change(app, begin(crypto.randomUUID(), hotspot, now));
  window.scrollTo(0, 0);
  look(app, 'arrived');
}

export async function leave(app: App): Promise<void> {
  const { running } = app.state;
  if (!running) return;
  await change(app, { ...running, endedAt: new Date().toISOString() });
  window.scrollTo(0, 0);
  look(app, 'left');
}

/** One fix of the phone for one of the two taps, put where it belongs when it comes. A page opened again later looks for none: it would say nothing about then. */
function look(app: App, moment: 'arrived' | 'left'): void {
  const { running: asked, pack } = app.state;
  const hotspot = pack?.hotspots.find(({ id }) => id === asked?.hotspotId);
  if (!asked || !hotspot) return;
  const found = findPlace(hotspot.polygons, pack?.settings.outsideMetres ?? 0).then(async (fix) => {
    const { running } = app.state;
    if (running?.id === asked.id && running.endedAt === (moment === 'left' ? asked.endedAt : running.endedAt)) await change(app, { ...running, [moment]: fix });
  });
  looking.set(`${asked.id} ${moment}`, found);
}

/** The third tap: the visit leaves the clock and joins the queue, both or neither. */
export async function logVisit(app: App): Promise<void> {
  const { state, store } = app;
  const { running: asked, person, crew } = state;
  if (!asked || !person) return;
  const fixes = Promise.all([looking.get(`${asked.id} arrived`), looking.get(`${asked.id} left`)]);
  await Promise.race([fixes, new Promise((resolve) => setTimeout(resolve, fixWaitMs))]);
  const running = state.running?.id === asked.id ? state.running : asked;
  const body = toBody(running, crew, running.endedAt ?? new Date().toISOString());
  const item: QueueItem = { ...newItem(person.id, body.id, running.hotspot, new Date()), kind: 'visit', body };
  await store.logVisit(item);
  state.running = undefined;
  added(app, item, `${running.hotspot}: visit logged.`);
  window.scrollTo(0, 0);
}

const keptWords = (item: QueueItem): string => (item.kind === 'missed' ? `${item.title}: missed visit kept.` : item.kind === 'note' ? 'Hand-over note kept.' : `${item.title}: to be sent again.`);

/** Keeps an item to be sent, new or mended. */
export async function addItem(app: App, item: QueueItem): Promise<void> {
  await app.store.putItem(item);
  added(app, item, keptWords(item));
}

function added(app: App, item: QueueItem, words: string): void {
  app.state.items = [...app.state.items.filter(({ id }) => id !== item.id), item];
  tell(app, words);
  void flush(app);
}

export async function dropItem(app: App, id: string): Promise<void> {
  await app.store.dropItem(id);
  await reread(app);
}

export async function setCrew({ state, store, draw }: App, crew: Crew): Promise<void> {
  state.crew = crew;
  if (state.person) await store.keepCrew(state.person.id, crew);
  draw();
}

export const startPatrol = (app: App): Promise<void> => setCrew(app, nextPatrol(app.state.crew, newPatrolReference(new Date()), new Date()));

/** Signs out and forgets who was here; what waits stays on the phone for them. */
export async function leavePhone(app: App): Promise<void> {
  try {
    setSession(await call(signOut, {}));
  } catch {
    return tell(app, 'There is no connection. Sign out once there is one.');
  }
  await app.store.forgetPerson();
  location.assign('/sign-in?next=/phone');
}
