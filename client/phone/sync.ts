/** The phone and the service: who is signed in, what is taken along, and sending what waits whenever there is a connection. */
import { getSession } from '../../server/people/contract.ts';
import { getPhonePack } from '../../server/recording/contract.ts';
import { may } from '../../server/permissions.ts';
import { call, onSignedOut } from '../api.ts';
import { setSession } from '../session.ts';
import { type App, newPatrolReference } from './app.ts';
import { firstCrew } from './crew.ts';
import { mayLeave } from './items.ts';
import { alone, sendWaiting, type SendEnd, waitSeconds } from './queue.ts';
import type { KeptPerson } from './store.ts';

/** Reads the queue anew; what was sent long ago leaves. */
export async function reread({ state, store, draw }: App): Promise<void> {
  if (!state.person) return;
  const items = await store.items(state.person.id);
  const old = items.filter((item) => mayLeave(item, new Date()));
  for (const item of old) await store.dropItem(item.id);
  state.items = items.filter((item) => !old.includes(item));
  draw();
}

let again: ReturnType<typeof setTimeout> | undefined;

/** Sends what waits; after trouble it is tried again by itself, ever more slowly. */
export async function flush(app: App): Promise<void> {
  const { state } = app;
  if (state.sending || !state.person) return;
  clearTimeout(again);
  state.sending = true;
  app.draw();
  try {
    state.lastEnd = await alone(() => sendAll(app));
    state.troubles = state.lastEnd === 'trouble' || state.lastEnd === 'no connection' ? state.troubles + 1 : 0;
  } finally {
    state.sending = false;
    await reread(app);
  }
  if (state.troubles > 0 && state.items.some((item) => item.state === 'waiting')) again = setTimeout(() => void flush(app), waitSeconds(state.troubles) * 1000);
}

/** Asks first who is signed in: what waits is sent in nobody else's name. */
async function sendAll(app: App): Promise<SendEnd> {
  const { state, store } = app;
  await enter(app);
  if (!state.online) return 'no connection';
  if (state.signedIn !== 'yes' || !state.person) return 'signed out';
  const waited = state.items.some((item) => item.state === 'waiting');
  const end = await sendWaiting(store, state.person.id, () => reread(app));
  if (waited && end === 'all sent') void refresh(app);
  return end;
}

/** Who is signed in, where the service can be asked; the last one known otherwise. */
async function enter(app: App): Promise<void> {
  const { state, store } = app;
  try {
    const session = await call(getSession, {});
    setSession(session);
    [state.online, state.demonstration, state.signedIn] = [true, session.demonstration, session.person ? 'yes' : 'no'];
    if (!session.person) return;
    const { id, name, organisation: council, roles } = session.person;
    state.mayRecord = may(roles, 'recordVisits');
    if (state.mayRecord) await store.keepPerson({ id, name, council });
    await become(app, { id, name, council });
  } catch {
    state.online = false;
  }
}

/** Shows a person's own queue, crew and visit under way. */
async function become(app: App, person: KeptPerson): Promise<void> {
  const { state, store } = app;
  if (state.person?.id === person.id) return;
  const at = new Date();
  state.person = person;
  state.pack = await store.pack(person.id);
  state.running = await store.running(person.id);
  state.crew = (await store.crew(person.id)) ?? firstCrew(state.pack, newPatrolReference(at), at);
  await reread(app);
}

/** Takes along anew what the phone needs without a connection; where it cannot, the last pack stands and the page says since when. */
async function refresh({ state, store, draw }: App): Promise<void> {
  try {
    const pack = await call(getPhonePack, {});
    await store.keepPack(pack);
    if (pack.personId !== state.person?.id) return;
    if (!(await store.crew(pack.personId))) state.crew = firstCrew(pack, state.crew.patrol, new Date(state.crew.since));
    state.pack = pack;
  } catch {
    // No connection, or trouble: the next waking asks again.
  }
  draw();
}

/** When the page opens, comes to the front, or a connection comes back. */
async function wake(app: App): Promise<void> {
  const { state } = app;
  await flush(app);
  if (!state.person) await enter(app);
  if (state.online && state.signedIn === 'yes' && state.mayRecord) {
    await refresh(app);
    await flush(app);
  }
  app.draw();
}

/** Shows at once what the phone knows, then asks the service, and again whenever it may answer. */
export async function start(app: App): Promise<void> {
  const { state, store, draw } = app;
  const last = await store.lastPerson();
  if (last) await become(app, last);
  draw();
  onSignedOut(() => void (state.signedIn = 'no'));
  window.addEventListener('online', () => void wake(app));
  window.addEventListener('offline', () => {
    state.online = false;
    draw();
  });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void wake(app));
  await wake(app);
}
