/**
 * Caches the page's own files, so that the page works offline after the first visit. It caches
 * nothing else. Photographs never pass through it.
 */
declare const BUILT_FILES: string[];
declare const BUILD: string;
export {}; // Builds as a script that shares no names with the page's.

// TypeScript's libraries for service workers and for pages are mutually exclusive.
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
      .then((cache) => cache.addAll(['./', ...BUILT_FILES].map(revalidatingRequest)))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(removeOldCaches().then(() => worker.clients.claim()));
});

/** The page sends the URLs of the runtime it has loaded, and is told when they are cached. */
worker.addEventListener('message', (event) => {
  const reply = (isCached: boolean) => event.ports[0].postMessage(isCached);
  event.waitUntil(
    cacheFiles(event.data.keep).then(
      () => reply(true),
      () => reply(false),
    ),
  );
});

worker.addEventListener('fetch', (event) => {
  const {request} = event;
  if (request.method !== 'GET' || !request.url.startsWith(worker.registration.scope)) return;
  event.respondWith(respond(request));
});

async function respond(request: Request): Promise<Response> {
  const cached = await findCached(request).catch(() => undefined); // The storage may be full or broken.
  return cached ?? fetch(request);
}

async function findCached(request: Request): Promise<Response | undefined> {
  const cache = await caches.open(CACHE);
  // Ignore `Vary`, because workers send other headers than the page for the same files.
  return cache.match(request, {ignoreSearch: true, ignoreVary: true});
}

async function cacheFiles(urls: string[]): Promise<void> {
  const cache = await caches.open(CACHE);
  for (const url of urls) {
    if (!(await cache.match(url))) await cache.add(revalidatingRequest(url));
  }
}

/** Revalidates with the server, because the browser's HTTP cache may hold another build's files. */
function revalidatingRequest(url: string): Request {
  return new Request(url, {cache: 'no-cache'});
}

async function removeOldCaches(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
}
