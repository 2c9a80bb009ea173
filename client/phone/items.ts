/** What waits on a phone to be sent, and what became of it. Pure. */
import type { z } from 'zod';
import type { recordMissedVisit, recordPhoneVisit, writeHandoverNote } from '../../server/recording/contract.ts';

export type VisitBody = z.input<typeof recordPhoneVisit.input>;
export type MissedBody = z.input<typeof recordMissedVisit.input>;
export type NoteBody = z.input<typeof writeHandoverNote.input>;

interface Item {
  /** Made on the phone: the same id sent again counts once. It is the id in the body. */
  readonly id: string;
  /** Whose it is: another warden on this phone neither sees nor sends it. */
  readonly person: string;
  /** The hotspot's name, for the list. */
  readonly title: string;
  readonly madeAt: string;
  readonly state: 'waiting' | 'sent' | 'refused';
  readonly tries: number;
  /** What the service said, or why it could not be asked. */
  readonly says: string;
  readonly problems: readonly { readonly field: string; readonly message: string }[];
  readonly sentAt: string | null;
}

export type VisitItem = Item & { readonly kind: 'visit'; readonly body: VisitBody };
export type MissedItem = Item & { readonly kind: 'missed'; readonly body: MissedBody };
export type NoteItem = Item & { readonly kind: 'note'; readonly body: NoteBody };
export type QueueItem = VisitItem | MissedItem | NoteItem;

export const kindNames: Readonly<Record<QueueItem['kind'], string>> = { visit: 'Visit', missed: 'Missed visit', note: 'Hand-over note' };
export const stateNames: Readonly<Record<QueueItem['state'], string>> = { waiting: 'Waiting', sent: 'Sent', refused: 'Refused' };

/** What every item starts with. */
export function newItem(person: string, id: string, title: string, now: Date): Item {
  return { id, person, title, madeAt: now.toISOString(), state: 'waiting', tries: 0, says: '', problems: [], sentAt: null };
}

/** The item mended, to be sent again under the same id: nothing was recorded under it. */
export function mended<I extends QueueItem>(item: I, body: I['body'], title: string): I {
  return { ...item, body, title, state: 'waiting', says: '', problems: [] };
}

/** How long sent items stay in the list, in milliseconds. */
export const sentStayMs = 48 * 3_600_000;

/** True for what was sent long enough ago to leave the phone. */
export function mayLeave(item: QueueItem, now: Date): boolean {
  return item.state === 'sent' && item.sentAt !== null && now.getTime() - Date.parse(item.sentAt) > sentStayMs;
}

/** Newest first, but what is refused stands on top: somebody must see to it. */
export function inOrder(items: readonly QueueItem[]): QueueItem[] {
  const rank = (item: QueueItem): number => (item.state === 'refused' ? 0 : 1);
  return items.toSorted((a, b) => rank(a) - rank(b) || (a.madeAt < b.madeAt ? 1 : -1));
}

/** "2 visits and 1 hand-over note", for warnings. */
export function sayItems(items: readonly QueueItem[]): string {
  const parts = (Object.keys(kindNames) as QueueItem['kind'][]).flatMap((kind) => {
    const n = items.filter((item) => item.kind === kind).length;
    return n === 0 ? [] : [`${n} ${kindNames[kind].toLowerCase()}${n === 1 ? '' : 's'}`];
  });
  return parts.length < 2 ? (parts[0] ?? 'nothing') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
