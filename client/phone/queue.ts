/** Sending what waits, in its order; what is refused stays to be mended, what could not be sent waits on. */
import { recordMissedVisit, recordPhoneVisit, writeHandoverNote } from '../../server/recording/contract.ts';
import { ApiError, call } from '../api.ts';
import { failureText } from '../states.ts';
import type { QueueItem } from './items.ts';
import type { Store } from './store.ts';

export type SendEnd = 'all sent' | 'no connection' | 'signed out' | 'trouble';

async function send(item: QueueItem): Promise<string> {
  if (item.kind === 'visit') return (await call(recordPhoneVisit, item.body)).says;
  if (item.kind === 'missed') return (await call(recordMissedVisit, item.body)).says;
  return (await call(writeHandoverNote, item.body)).says;
}

/** What a failure means for the queue: the item is refused, or everything waits. */
function endOf(error: unknown): 'refused' | Exclude<SendEnd, 'all sent'> {
  if (!(error instanceof ApiError)) return 'trouble';
  const { status, code } = error.problem;
  if (status === 0) return 'no connection';
  if (code === 'not_signed_in') return 'signed out';
  return status >= 400 && status < 500 && status !== 429 && status !== 408 ? 'refused' : 'trouble';
}

function afterFailure(item: QueueItem, error: unknown): QueueItem {
  const end = endOf(error);
  const says = end === 'signed out' ? 'Sign in to send this.' : failureText(error);
  const problems = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  return end === 'refused' ? { ...item, state: 'refused', tries: item.tries + 1, says, problems } : { ...item, tries: item.tries + 1, says: end === 'no connection' ? '' : says };
}

/** Sends a person's waiting items one after the other; `changed` is called after each. */
export async function sendWaiting(store: Store, person: string, changed: () => Promise<void>): Promise<SendEnd> {
  const waiting = (await store.items(person)).filter(({ state }) => state === 'waiting').sort((a, b) => (a.madeAt < b.madeAt ? -1 : 1));
  for (const item of waiting) {
    try {
      const says = await send(item);
      await store.putItem({ ...item, state: 'sent', tries: item.tries + 1, says, problems: [], sentAt: new Date().toISOString() });
    } catch (error) {
      await store.putItem(afterFailure(item, error));
      const end = endOf(error);
      if (end !== 'refused') {
        await changed();
        return end;
      }
    }
    await changed();
  }
  return 'all sent';
}

/** One sender at a time over all windows of this phone. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? (navigator.locks.request('phone-queue', work) as Promise<T>) : work();
}

/** Seconds to wait before the n-th try in a row after trouble: 5, 10, 20, 40, then a minute. */
export const waitSeconds = (troubles: number): number => Math.min(60, 5 * 2 ** Math.max(0, troubles - 1));
