/** What the phone page knows at a moment. What a tap changes is also in the phone's database, so that a closed page loses nothing. */
import type { PhonePack } from '../../server/recording/contract.ts';
import { today } from '../weeks.ts';
import { type Crew, firstCrew, patrolReference } from './crew.ts';
import type { QueueItem } from './items.ts';
import type { SendEnd } from './queue.ts';
import type { Running } from './running.ts';
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
  /** Sendings in a row that came to nothing. */
  troubles: number;
}

export interface App {
  readonly state: AppState;
  readonly store: Store;
  readonly draw: () => void;
}

/** A new reference for an outing that begins now. */
export const newPatrolReference = (now: Date): string => patrolReference(today(now), [...crypto.getRandomValues(new Uint8Array(4))]);

export function createApp(store: Store, draw: () => void): App {
  const now = new Date();
  return {
    store, draw,
    state: {
      person: undefined, signedIn: 'unknown', mayRecord: true, demonstration: false, online: navigator.onLine, sending: false, pack: undefined, items: [], running: undefined,
      crew: firstCrew(undefined, newPatrolReference(now), now), told: '', toldAt: 0, lastEnd: undefined, troubles: 0,
    },
  };
}

/** Tells what was just done, once. */
export function tell({ state, draw }: App, words: string): void {
  [state.told, state.toldAt] = [words, Date.now()];
  draw();
}
