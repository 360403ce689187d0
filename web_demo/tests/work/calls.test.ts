import {afterEach, expect, it, vi} from 'vitest';
import {Cancelled, type Monitor} from '../../src/core/index.js';
import {Problem} from '../../src/files/problem.js';
import {Caller, serveCalls} from '../../src/work/calls.js';

type Listener = (event: {data: unknown}) => void;

/** The page's and the worker's side in one thread; messages arrive in a later turn. */
function connect(functions: Parameters<typeof serveCalls>[0]): {caller: Caller; sent: unknown[]} {
  const [page, worker]: Listener[][] = [[], []];
  const sent: unknown[] = [];
  const deliver = (listeners: Listener[], data: unknown) =>
    setTimeout(() => listeners.forEach((listener) => listener({data})));
  vi.stubGlobal('addEventListener', (_: string, listener: Listener) => worker.push(listener));
  vi.stubGlobal('postMessage', (data: unknown) => deliver(page, data));
  serveCalls(functions);
  const port = {
    addEventListener: (kind: string, listener: Listener) => kind === 'message' && page.push(listener),
    postMessage: (data: unknown) => {
      sent.push(data);
      deliver(worker, data);
    },
  };
  return {caller: new Caller(port as unknown as Worker), sent};
}

afterEach(() => vi.unstubAllGlobals());

const FUNCTIONS = {
  double: async (number: number) => ({result: 2 * number}),
  async count(to: number, monitor: Monitor) {
    for (let step = 1; step <= to; step++) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      await monitor.progress(step / to);
    }
    return {result: to};
  },
};

it('answers several calls, each with its own result', async () => {
  const {caller} = connect(FUNCTIONS);
  expect(await Promise.all([3, 4].map((number) => caller.call('double', number)))).toEqual([6, 8]);
});

it('stops a call whose signal is aborted while it runs', async () => {
  const {caller} = connect(FUNCTIONS);
  const control = new AbortController();
  const onProgress = () => control.abort();
  const call = caller.call('count', 1000, {signal: control.signal, onProgress});
  await expect(call).rejects.toBeInstanceOf(Cancelled);
  expect(await caller.call('double', 5)).toBe(10);
});

it('does not begin a call whose signal is aborted already', async () => {
  const {caller, sent} = connect(FUNCTIONS);
  await expect(caller.call('double', 1, {signal: AbortSignal.abort()})).rejects.toBeInstanceOf(Cancelled);
  expect(sent).toEqual([]);
});

it('fails at once if the worker could not be loaded', async () => {
  let fail: (event: {message: string}) => void = () => {};
  const worker = {
    addEventListener: (kind: string, listener: typeof fail) => kind === 'error' && (fail = listener),
    postMessage() {},
  };
  const caller = new Caller(worker as unknown as Worker);
  const waiting = caller.call('double', 1);
  fail({message: 'Uncaught NetworkError: failed to execute importScripts'});
  await expect(waiting).rejects.toEqual(new Problem('modelMissing'));
  await expect(caller.call('double', 2)).rejects.toEqual(new Problem('modelMissing'));
});

it('cancels nothing once a call has ended', async () => {
  const {caller, sent} = connect(FUNCTIONS);
  const control = new AbortController();
  await caller.call('double', 1, {signal: control.signal});
  control.abort();
  expect(sent).toHaveLength(1);
});
