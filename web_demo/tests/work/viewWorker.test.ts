import {expect, it, vi} from 'vitest';
import type {ViewMessages} from '../../src/work/viewService.js';

const draw = vi.hoisted(() => vi.fn<() => Promise<void>>());
vi.mock('../../src/work/plainView.js', () => ({
  PlainView: class {
    setPhoto(): void {}
    setModel(): void {}
    setSettings(): void {}
    draw = draw;
  },
}));

/**
 * Starts the worker with a photograph. Returns functions to send messages and to run frames, its
 * events and its errors.
 */
async function startWorker() {
  const frames: (() => void)[] = [];
  const [events, errors]: unknown[][] = [[], []];
  let listener: (message: object) => void;
  vi.stubGlobal('addEventListener', (_: string, given: typeof listener) => (listener = given));
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  vi.stubGlobal('postMessage', ({event}: {event: string}) => events.push(event));
  vi.stubGlobal('reportError', (error: unknown) => errors.push(error));
  await import('../../src/work/viewWorker.js');
  const send = <Name extends keyof ViewMessages>(name: Name, argument: object | number) =>
    listener({data: {name, argument}});
  const plane = {height: 1, width: 1, gain: new Float32Array(3), offset: new Float32Array(3)};
  send('start', {canvas: {addEventListener() {}}, withGpu: false});
  send('show', {
    preview: {photo: {close() {}}, repaired: null},
    model: plane,
    look: {strength: 1, brightness: 0, warmth: 0},
  });
  /** Runs the next frame, and returns whether one was requested. */
  const runFrame = async () => {
    const next = frames.shift();
    next?.();
    await new Promise((done) => setTimeout(done));
    return next !== undefined;
  };
  return {send, runFrame, events, errors};
}

it('draws again after a drawing that failed, and asks for no frame meanwhile', async () => {
  const lost = new Error('out of memory');
  draw.mockRejectedValueOnce(lost).mockResolvedValue();
  const {send, runFrame, events, errors} = await startWorker();
  expect(await runFrame()).toBe(true);
  expect([events, errors]).toEqual([['started'], [lost]]);
  expect(await runFrame()).toBe(false);
  send('divider', 0.3);
  expect(await runFrame()).toBe(true);
  expect(await runFrame()).toBe(false);
  expect([events, errors]).toEqual([['started', 'drawn'], [lost]]);
});
