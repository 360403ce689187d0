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
 * Starts the worker of one build. Returns a function that fires its events, and what it fetched.
 */
async function startWorker() {
  const listeners = new Map<string, (event: object) => void>();
  const fetched: RequestDetails[] = [];
  const cache = {
    add: async (request: FakeRequest) => void fetched.push(request.details),
    addAll: async (requests: FakeRequest[]) => void fetched.push(...requests.map(({details}) => details)),
    match: async (url: string) => fetched.some(([known]) => known === url) || undefined,
  };
  vi.stubGlobal('self', {
    addEventListener: (type: string, listener: () => void) => listeners.set(type, listener),
    skipWaiting: async () => {},
  });
  vi.stubGlobal('caches', {open: async () => cache});
  vi.stubGlobal('BUILT_FILES', ['assets/a-1f2e.js']);
  vi.stubGlobal('BUILD', '1f2e');
  vi.stubGlobal('Request', FakeRequest);
  await import('../../src/serviceWorker.js');
  const dispatch = (type: string, details: object = {}) =>
    new Promise((done) => listeners.get(type)!({...details, waitUntil: done}));
  return {fetched, dispatch};
}

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
