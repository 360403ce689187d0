import {beforeEach, expect, it, vi} from 'vitest';
import {keepForOffline} from '../../src/page/offline.js';

/** A fake service worker that records what it was asked to keep and returns a fixed answer. */
class FakeWorker {
  readonly asked: string[][] = [];

  constructor(private readonly keeps: boolean) {}

  postMessage({keep}: {keep: string[]}, [port]: MessagePort[]): void {
    this.asked.push(keep);
    port.postMessage(this.keeps);
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
  await keepForOffline(['wasm/a.wasm'], (isKept) => said.push(isKept));
  expect(said).toEqual([false, true]);
  const {active} = await container.ready;
  await container.control(active); // The same worker again, as after a first visit.
  expect(active.asked).toEqual([['wasm/a.wasm']]);
  const [failing, working] = [new FakeWorker(false), new FakeWorker(true)];
  await container.control(failing);
  await vi.waitFor(() => expect(said).toEqual([false, true, false, false]));
  await container.control(working);
  await vi.waitFor(() => expect(said).toEqual([false, true, false, false, false, true]));
  for (const worker of [failing, working]) expect(worker.asked).toEqual([['wasm/a.wasm']]);
});

it('says so where nothing can be kept', async () => {
  const say = vi.fn();
  container.register = () => Promise.reject(new Error('a private window'));
  await keepForOffline([], say);
  vi.stubGlobal('navigator', {});
  await keepForOffline([], say);
  expect(say.mock.calls).toEqual([[false], [false]]);
});
