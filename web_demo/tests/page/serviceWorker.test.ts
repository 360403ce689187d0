import {expect, it, vi} from 'vitest';

/** A request: its URL, and its cache mode. */
type RequestDetails = [url: string, cache: string];

class FakeRequest {
  readonly details: RequestDetails;

  constructor(url: string, {cache}: {cache: string}) {
    this.details = [url, cache];
  }
}

/**
 * Starts the worker of one build. Returns a function that fires its events, what it fetched, and its answers.
 */
async function startWorker() {
  vi.resetModules(); // The worker registers its listeners when it is imported.
  const listeners = new Map<string, (event: object) => void>();
  const fetched: RequestDetails[] = [];
  const cache = {
    add: async (request: FakeRequest) => void fetched.push(request.details),
    addAll: async (requests: FakeRequest[]) => void fetched.push(...requests.map(({details}) => details)),
    match: async (url: string) => fetched.some(([known]) => known === url) || undefined,
  };
  vi.stubGlobal('self', {
    addEventListener: (type: string, listener: () => void) => listeners.set(type, listener),
    registration: {scope: 'https://example.org/page/'},
    skipWaiting: async () => {},
  });
  vi.stubGlobal('caches', {open: async () => cache});
  vi.stubGlobal('BUILT_FILES', ['assets/a-1f2e.js']);
  vi.stubGlobal('BUILD', '1f2e');
  vi.stubGlobal('Request', FakeRequest);
  await import('../../src/serviceWorker.js');
  // Answers a request of the page from the cache or the network.
  const respond = (url: string) =>
    new Promise((done) => listeners.get('fetch')!({request: {method: 'GET', url}, respondWith: done}));
  const dispatch = (type: string, details: object = {}) =>
    new Promise((done) => listeners.get(type)!({...details, waitUntil: done}));
  return {fetched, dispatch, respond};
}

it('takes files from the server if the storage does not work', async () => {
  const {respond} = await startWorker();
  vi.stubGlobal('fetch', async (request: {url: string}) => `from the server: ${request.url}`);
  const url = 'https://example.org/page/model.tflite';
  expect(await respond(url)).toBe(`from the server: ${url}`);
  vi.stubGlobal('caches', {open: () => Promise.reject(new DOMException('', 'QuotaExceededError'))});
  expect(await respond(url)).toBe(`from the server: ${url}`);
});

it('keeps what lies on the server, and not what the browser had of an earlier build', async () => {
  const {fetched, dispatch} = await startWorker();
  await dispatch('install');
  expect(fetched).toEqual([
    ['./', 'no-cache'],
    ['assets/a-1f2e.js', 'no-cache'],
  ]);
  const answers: boolean[] = [];
  for (let time = 0; time < 2; time++) {
    const ports = [{postMessage: (isCached: boolean) => answers.push(isCached)}];
    await dispatch('message', {data: {keep: ['wasm/a.wasm']}, ports});
  }
  expect(fetched.slice(2)).toEqual([['wasm/a.wasm', 'no-cache']]);
  expect(answers).toEqual([true, true]);
});
