/** The service worker of the phone page: answers the page's own few files from the phone, and nothing else. What is sent and asked goes past it. */

interface Waits extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asks extends Waits {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  addEventListener(kind: 'install' | 'activate', work: (event: Waits) => void): void;
  addEventListener(kind: 'fetch', work: (event: Asks) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  readonly location: Location;
}

/** Put in when the page is bundled: its files, and a name that changes when any of them does. */
declare const phoneFiles: readonly string[];
declare const phoneVersion: string;

const worker = globalThis as unknown as Worker;
const page = '/phone';
const cacheName = `phone-${phoneVersion}`;

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([page, ...phoneFiles])).then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith('phone-') && name !== cacheName).map((name) => caches.delete(name)))).then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== worker.location.origin) return;
  const kept = mode === 'navigate' ? (pathname === page ? page : undefined) : phoneFiles.find((file) => file === pathname);
  // What the browser cleared is asked for again.
  if (kept) event.respondWith(caches.match(kept).then((answer) => answer ?? fetch(event.request)));
});
