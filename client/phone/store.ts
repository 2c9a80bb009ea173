/** What the phone keeps when there is no connection: the queue, the visit under way, the crew, what it took along. In the browser's own database. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { type PhonePack, phonePack } from '../../server/recording/contract.ts';
import type { Crew } from './crew.ts';
import type { QueueItem } from './items.ts';
import type { Running } from './running.ts';

/** Who was signed in last; what waits is theirs. */
export interface KeptPerson {
  readonly id: string;
  readonly name: string;
  readonly council: string;
}

interface Schema extends DBSchema {
  items: { key: string; value: QueueItem; indexes: { person: string } };
  person: { key: 'last'; value: KeptPerson };
  pack: { key: string; value: PhonePack };
  crew: { key: string; value: Crew };
  running: { key: string; value: Running };
}

export interface Store {
  lastPerson(): Promise<KeptPerson | undefined>;
  keepPerson(person: KeptPerson): Promise<void>;
  /** After sign-out: forgets who was here and what was taken along; what waits stays for them. */
  forgetPerson(): Promise<void>;
  items(person: string): Promise<QueueItem[]>;
  putItem(item: QueueItem): Promise<void>;
  /** Keeps a logged visit and ends the one under way, both or neither. */
  logVisit(item: QueueItem): Promise<void>;
  dropItem(id: string): Promise<void>;
  pack(person: string): Promise<PhonePack | undefined>;
  keepPack(pack: PhonePack): Promise<void>;
  crew(person: string): Promise<Crew | undefined>;
  keepCrew(person: string, crew: Crew): Promise<void>;
  running(person: string): Promise<Running | undefined>;
  keepRunning(person: string, running: Running | undefined): Promise<void>;
  close(): void;
}

export async function openStore(): Promise<Store> {
  const db: IDBPDatabase<Schema> = await openDB<Schema>('hotspot-patrols', 1, {
    upgrade(fresh) {
      fresh.createObjectStore('items', { keyPath: 'id' }).createIndex('person', 'person');
      for (const name of ['person', 'pack', 'crew', 'running'] as const) fresh.createObjectStore(name);
    },
  });
  return {
    lastPerson: () => db.get('person', 'last'),
    keepPerson: async (person) => void (await db.put('person', person, 'last')),
    async forgetPerson() {
      await db.clear('person');
      await db.clear('pack');
    },
    items: (person) => db.getAllFromIndex('items', 'person', person),
    putItem: async (item) => void (await db.put('items', item)),
    async logVisit(item) {
      const both = db.transaction(['items', 'running'], 'readwrite');
      await Promise.all([both.objectStore('items').put(item), both.objectStore('running').delete(item.person), both.done]);
    },
    dropItem: (id) => db.delete('items', id),
    // One kept by an older page is read as far as it goes: what it lacks has a default, or it is fetched anew.
    pack: async (person) => phonePack.safeParse(await db.get('pack', person)).data,
    keepPack: async (pack) => void (await db.put('pack', pack, pack.personId)),
    crew: (person) => db.get('crew', person),
    keepCrew: async (person, crew) => void (await db.put('crew', crew, person)),
    running: (person) => db.get('running', person),
    keepRunning: async (person, running) => void (await (running ? db.put('running', running, person) : db.delete('running', person))),
    close: () => db.close(),
  };
}

/** What somebody has on this phone that was not sent; for pages that sign out. */
export async function unsent(person: string): Promise<QueueItem[]> {
  const store = await openStore();
  const items = await store.items(person);
  store.close();
  return items.filter(({ state }) => state !== 'sent');
}

/** Forgets who was signed in on the phone page; for pages that sign out. */
export async function forgetPerson(): Promise<void> {
  const store = await openStore();
  await store.forgetPerson();
  store.close();
}
