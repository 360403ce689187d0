import {expect, it, vi} from 'vitest';

/** A request: its URL, and its cache mode. */
type Asked = [address: string, cache: string];

/**
 * Starts the worker of one build. Returns a function that fires its events, and what it fetched.
 */
async function started() {
  const listeners = new Map<string, (event: object) => void>();
  const fetched: Asked[] = [];
  const cache = {
    add: async (asked: {asked: Asked}) => void fetched.push(asked.asked),
    addAll: async (all: {asked: Asked}[]) => void fetched.push(...all.map(({asked}) => asked)),
    match: async (address: string) => fetched.some(([known]) => known === address) || undefined,
  };
  vi.stubGlobal('self', {
    addEventListener: (type: string, listener: () => void) => listeners.set(type, listener),
    skipWaiting: async () => {},
  });
  vi.stubGlobal('caches', {open: async () => cache});
  vi.stubGlobal('BUILT_FILES', ['assets/a-1f2e.js']);
  vi.stubGlobal('BUILD', '1f2e');
  vi.stubGlobal(
    'Request',
    class {
      readonly asked: Asked;
      constructor(address: string, {cache}: {cache: string}) {
        this.asked = [address, cache];
      }
    },
  );
  await import('../../src/serviceWorker.js');
  const happens = (type: string, details: object = {}) =>
    new Promise((done) => listeners.get(type)!({...details, waitUntil: done}));
  return {fetched, happens};
}

it('keeps what lies on the server, and not what the browser had of an earlier build', async () => {
  const {fetched, happens} = await started();
  await happens('install');
  expect(fetched).toEqual([
    ['./', 'no-cache'],
    ['assets/a-1f2e.js', 'no-cache'],
  ]);
  const answers: boolean[] = [];
  for (let time = 0; time < 2; time++) {
    const ports = [{postMessage: (isKept: boolean) => answers.push(isKept)}];
    await happens('message', {data: {keep: ['wasm/a.wasm']}, ports});
  }
  expect(fetched.slice(2)).toEqual([['wasm/a.wasm', 'no-cache']]);
  expect(answers).toEqual([true, true]);
});
