import {beforeEach, expect, it, vi} from 'vitest';
import {cacheForOffline} from '../../src/page/offline.js';

/** A fake service worker that records what it was asked to keep and returns a fixed answer. */
class FakeWorker {
  readonly requests: string[][] = [];

  constructor(private readonly succeeds: boolean) {}

  postMessage({keep}: {keep: string[]}, [port]: MessagePort[]): void {
    this.requests.push(keep);
    port.postMessage(this.succeeds);
  }
}

class FakeContainer extends EventTarget {
  controller: FakeWorker | null = null;
  ready = Promise.resolve({active: new FakeWorker(true)});
  register = async () => {};

  async control(worker: FakeWorker): Promise<void> {
    this.controller = worker;
    this.dispatchEvent(new Event('controllerchange'));
  }
}

let container: FakeContainer;
beforeEach(() => {
  container = new FakeContainer();
  vi.stubGlobal('navigator', {serviceWorker: container});
});

it('asks the worker of an update to keep the runtime too, and says what became of it', async () => {
  const said: boolean[] = [];
  await cacheForOffline(['wasm/a.wasm'], (isKept) => said.push(isKept));
  expect(said).toEqual([false, true]);
  const {active} = await container.ready;
  await container.control(active); // The same worker again, as after a first visit.
  expect(active.requests).toEqual([['wasm/a.wasm']]);
  const [failing, working] = [new FakeWorker(false), new FakeWorker(true)];
  await container.control(failing);
  await vi.waitFor(() => expect(said).toEqual([false, true, false, false]));
  await container.control(working);
  await vi.waitFor(() => expect(said).toEqual([false, true, false, false, false, true]));
  for (const worker of [failing, working]) expect(worker.requests).toEqual([['wasm/a.wasm']]);
});

it('says so where nothing can be kept', async () => {
  const say = vi.fn();
  container.register = () => Promise.reject(new Error('a private window'));
  await cacheForOffline([], say);
  vi.stubGlobal('navigator', {});
  await cacheForOffline([], say);
  expect(say.mock.calls).toEqual([[false], [false]]);
});
