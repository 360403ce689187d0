/**
 * Keeps the page's own files, so that it works without a network once it was loaded. It keeps
 * nothing else: photographs never come by here.
 */
declare const BUILT_FILES: string[];
declare const BUILD: string;
export {}; // It is built as a script, which shares no names with the page's.

// TypeScript's library for service workers and that for pages exclude each other.
interface Worker {
  readonly registration: {readonly scope: string};
  readonly clients: {claim(): Promise<void>};
  skipWaiting(): Promise<void>;
  addEventListener(type: string, listener: (event: WorkerEvent) => void): void;
}
interface WorkerEvent {
  readonly request: Request;
  readonly data: {keep: string[]};
  readonly ports: readonly MessagePort[];
  waitUntil(work: Promise<unknown>): void;
  respondWith(response: Promise<Response>): void;
}
const worker = self as unknown as Worker;
const PREFIX = 'flash-to-ambient ';
const CACHE = `${PREFIX}${BUILD}`;

worker.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(['./', ...BUILT_FILES].map(asOnServer)))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(removeOlder().then(() => worker.clients.claim()));
});

/** The page names the runtime that it has loaded, and is told when that is kept. */
worker.addEventListener('message', (event) => {
  const answer = (kept: boolean) => event.ports[0].postMessage(kept);
  event.waitUntil(
    keep(event.data.keep).then(
      () => answer(true),
      () => answer(false),
    ),
  );
});

worker.addEventListener('fetch', (event) => {
  const {request} = event;
  if (request.method !== 'GET' || !request.url.startsWith(worker.registration.scope)) return;
  event.respondWith(respond(request));
});

async function respond(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  // Servers write headers that make workers' requests others than the page's; the files are the same.
  const kept = await cache.match(request, {ignoreSearch: true, ignoreVary: true});
  return kept ?? fetch(request);
}

async function keep(addresses: string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const address of addresses) {
    if (!(await cache.match(address))) await cache.add(asOnServer(address));
  }
}

/** A request for what lies on the server now: what the browser keeps of its own may be of another build. */
function asOnServer(address: string): Request {
  return new Request(address, {cache: 'no-cache'});
}

async function removeOlder(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
}
