/** The phone page's state and everything a tap does to it. What is on screen is also in the phone's database, so that a closed page loses nothing. */
import { getSession, signOut } from '../../server/people/contract.ts';
import { getPhonePack, type PhonePack } from '../../server/recording/contract.ts';
import { may } from '../../server/permissions.ts';
import { call, onSignedOut } from '../api.ts';
import { setSession } from '../session.ts';
import { today } from '../weeks.ts';
import { type Crew, firstCrew, nextPatrol, patrolOver, patrolReference } from './crew.ts';
import { type QueueItem, mayLeave, newItem } from './items.ts';
import { findPlace } from './place.ts';
import { alone, sendWaiting, type SendEnd, waitSeconds } from './queue.ts';
import { begin, type Running, toBody } from './running.ts';
import type { KeptPerson, Store } from './store.ts';

export interface AppState {
  person: KeptPerson | undefined;
  /** 'no' once the service said so; unknown while offline. */
  signedIn: 'yes' | 'no' | 'unknown';
  mayRecord: boolean;
  demonstration: boolean;
  online: boolean;
  sending: boolean;
  pack: PhonePack | undefined;
  items: readonly QueueItem[];
  running: Running | undefined;
  crew: Crew;
  /** The last thing that was done, told once. */
  told: string;
  toldAt: number;
  lastEnd: SendEnd | undefined;
}

export interface App {
  readonly state: AppState;
  readonly store: Store;
  draw(): void;
  tell(words: string): void;
  arrive(hotspot: { id: string; name: string }): Promise<void>;
  change(running: Running | undefined): Promise<void>;
  leave(): Promise<void>;
  log(): Promise<void>;
  setCrew(crew: Crew): Promise<void>;
  startPatrol(): Promise<void>;
  add(item: QueueItem): Promise<void>;
  drop(id: string): Promise<void>;
  flush(): Promise<void>;
  leavePhone(): Promise<void>;
}

const dice = (): number[] => [...crypto.getRandomValues(new Uint8Array(4))];
export const newPatrolReference = (now: Date): string => patrolReference(today(now), dice());

/** The place of a fix that is still looked for; asked for again by nobody else. */
const looking = new Map<string, Promise<unknown>>();

export function createApp(store: Store, draw: () => void): App & { start(): Promise<void> } {
  const now = new Date();
  const state: AppState = {
    person: undefined, signedIn: 'unknown', mayRecord: true, demonstration: false, online: navigator.onLine, sending: false, pack: undefined, items: [], running: undefined,
    crew: firstCrew(undefined, newPatrolReference(now), now), told: '', toldAt: 0, lastEnd: undefined,
  };
  let troubles = 0;
  let again: ReturnType<typeof setTimeout> | undefined;

  const app: App & { start(): Promise<void> } = {
    state, store, draw,
    tell(words) {
      [state.told, state.toldAt] = [words, Date.now()];
      draw();
    },
    async arrive(hotspot) {
      const started = new Date();
      if (patrolOver(state.crew, state.pack?.settings.patrolHours ?? 12, started)) await app.startPatrol();
      state.told = '';
      await app.change(begin(crypto.randomUUID(), hotspot, started));
      look('arrived');
    },
    async change(running) {
      state.running = running;
      if (state.person) await store.keepRunning(state.person.id, running);
      draw();
    },
    async leave() {
      if (!state.running) return;
      await app.change({ ...state.running, endedAt: new Date().toISOString() });
      look('left');
    },
    async log() {
      const { running, person, crew } = state;
      if (!running || !person) return;
      // A fix still looked for is worth a short wait, no more.
      await Promise.race([Promise.all([looking.get(`${running.id} arrived`), looking.get(`${running.id} left`)]), new Promise((resolve) => setTimeout(resolve, 4000))]);
      const final = state.running?.id === running.id ? state.running : running;
      const body = toBody(final, crew, final.endedAt ?? new Date().toISOString());
      const item: QueueItem = { ...newItem(person.id, body.id, final.hotspot, new Date()), kind: 'visit', body };
      await store.logVisit(item);
      state.running = undefined;
      await added(item, `${final.hotspot}: visit logged.`);
    },
    async setCrew(crew) {
      state.crew = crew;
      if (state.person) await store.keepCrew(state.person.id, crew);
      draw();
    },
    startPatrol: () => app.setCrew(nextPatrol(state.crew, newPatrolReference(new Date()), new Date())),
    async add(item) {
      await store.putItem(item);
      await added(item, item.kind === 'missed' ? `${item.title}: missed visit kept.` : item.kind === 'note' ? 'Hand-over note kept.' : `${item.title}: to be sent again.`);
    },
    async drop(id) {
      await store.dropItem(id);
      await reread();
    },
    flush,
    async leavePhone() {
      try {
        setSession(await call(signOut, {}));
      } catch {
        return app.tell('There is no connection. Sign out once there is one.');
      }
      await store.forgetPerson();
      location.assign('/sign-in?next=/phone');
    },
    start,
  };

  const reread = async (): Promise<void> => {
    if (!state.person) return;
    const items = await store.items(state.person.id);
    for (const item of items.filter((each) => mayLeave(each, new Date()))) await store.dropItem(item.id);
    state.items = items.filter((each) => !mayLeave(each, new Date()));
    draw();
  };

  const added = async (item: QueueItem, words: string): Promise<void> => {
    state.items = [...state.items.filter(({ id }) => id !== item.id), item];
    app.tell(words);
    void flush();
  };

  /** One fix of the phone for one of the two taps, put where it belongs when it comes. */
  function look(moment: 'arrived' | 'left'): void {
    const asked = state.running;
    const hotspot = state.pack?.hotspots.find(({ id }) => id === asked?.hotspotId);
    if (!asked || !hotspot) return;
    const found = findPlace(hotspot.polygons, state.pack?.settings.outsideMetres ?? 0).then(async (fix) => {
      if (state.running?.id === asked.id) await app.change({ ...state.running, [moment]: fix });
    });
    looking.set(`${asked.id} ${moment}`, found);
  }

  async function flush(): Promise<void> {
    if (state.sending || !state.person) return;
    clearTimeout(again);
    state.sending = true;
    draw();
    try {
      const end = await alone(sendAll);
      state.lastEnd = end;
      troubles = end === 'trouble' || end === 'no connection' ? troubles + 1 : 0;
    } finally {
      state.sending = false;
      await reread();
    }
    if (troubles > 0 && state.items.some((item) => item.state === 'waiting')) again = setTimeout(() => void flush(), waitSeconds(troubles) * 1000);
  }

  /** Asks first who is signed in: what waits is sent in nobody else's name. */
  async function sendAll(): Promise<SendEnd> {
    const before = state.person?.id;
    await enter();
    if (!state.online) return 'no connection';
    if (state.signedIn !== 'yes' || !state.person) return 'signed out';
    if (before !== state.person.id) await reread();
    const waited = state.items.some((item) => item.state === 'waiting');
    const end = await sendWaiting(store, state.person.id, reread);
    if (waited && end === 'all sent') void refresh();
    return end;
  }

  /** Who is signed in, where the service can be asked; the last one known otherwise. */
  async function enter(): Promise<void> {
    try {
      const session = await call(getSession, {});
      [state.online, state.demonstration] = [true, session.demonstration];
      setSession(session);
      state.signedIn = session.person ? 'yes' : 'no';
      if (!session.person) return;
      state.mayRecord = may(session.person.roles, 'recordVisits');
      const { id, name, organisation: council } = session.person;
      if (!state.mayRecord) return void (state.person = { id, name, council });
      await store.keepPerson({ id, name, council });
      await become({ id, name, council });
    } catch {
      state.online = false;
    }
  }

  async function become(person: KeptPerson): Promise<void> {
    if (state.person?.id === person.id) return;
    state.person = person;
    const at = new Date();
    state.pack = await store.pack(person.id);
    state.running = await store.running(person.id);
    state.crew = (await store.crew(person.id)) ?? firstCrew(state.pack, newPatrolReference(at), at);
    await reread();
  }

  async function refresh(): Promise<void> {
    try {
      const pack = await call(getPhonePack, {});
      await store.keepPack(pack);
      if (pack.personId !== state.person?.id) return;
      const first = !state.pack;
      state.pack = pack;
      if (first && !(await store.crew(pack.personId))) state.crew = firstCrew(pack, state.crew.patrol, new Date());
    } catch {
      // The last pack stands; the page says since when.
    }
    draw();
  }

  async function start(): Promise<void> {
    const last = await store.lastPerson();
    if (last) await become(last);
    draw();
    // A fix much later says nothing about arriving.
    if (state.running && !state.running.arrived && Date.now() - Date.parse(state.running.startedAt) < 60_000) look('arrived');
    onSignedOut(() => void (state.signedIn = 'no'));
    window.addEventListener('online', () => void wake());
    window.addEventListener('offline', () => {
      state.online = false;
      draw();
    });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && void wake());
    await wake();
  }

  async function wake(): Promise<void> {
    await flush();
    if (!state.person) await enter();
    if (state.online && state.signedIn === 'yes' && state.mayRecord) {
      await refresh();
      await flush();
    }
    draw();
  }

  return app;
}
