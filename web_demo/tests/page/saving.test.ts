import {beforeEach, describe, expect, it, vi} from 'vitest';
import {Cancelled} from '../../src/core/index.js';
import {Problem} from '../../src/files/problem.js';
import {Photo} from '../../src/page/photo.js';
import {saveToFolder} from '../../src/page/saving.js';
import {Workshop} from '../../src/page/workshop.js';
import type {CallOptions} from '../../src/work/calls.js';
import type {AnalyzeResponse, SaveResponse, SaveRequest} from '../../src/work/correctionService.js';

/** A fake worker that records its requests and finishes when the test tells it to. */
const {FakeService, pick} = vi.hoisted(() => {
  class FakeService {
    static requests: SaveRequest[] = [];
    static finish: () => void;

    save(request: SaveRequest, {signal}: CallOptions): Promise<SaveResponse> {
      FakeService.requests.push(structuredClone(request)); // Cloned as by `postMessage`.
      return new Promise((resolve, reject) => {
        signal!.addEventListener('abort', () => reject(new Cancelled()));
        const blob = new Blob([request.light], {type: 'image/png'});
        FakeService.finish = () => resolve({blob, leftOut: [], totalTime: 1});
      });
    }
  }
  const pick = vi.fn();
  vi.stubGlobal('showDirectoryPicker', pick);
  vi.stubGlobal('window', {setTimeout: () => 0});
  return {FakeService, pick};
});
vi.mock('../../src/work/correctionService.js', () => ({CorrectionService: FakeService}));

let workshop: Workshop;
beforeEach(() => {
  FakeService.requests = [];
  workshop = new Workshop({changed() {}, analyzed() {}, progress() {}, runner() {}});
});

function addPhotos(...names: string[]): Photo[] {
  return names.map((name) => {
    const photo = new Photo(new File([], name));
    photo.state = 'ready';
    workshop.add(photo);
    return photo;
  });
}

/** Waits until the worker has received `count` requests in total, and finishes the last. */
async function finishRequest(count: number): Promise<void> {
  await vi.waitFor(() => expect(FakeService.requests).toHaveLength(count));
  FakeService.finish();
}

/** Mocks a folder of the system that contains these files and collects new ones. */
function mockFolder(...names: string[]) {
  const files = new Map<string, string>(names.map((name) => [name, 'of somebody']));
  pick.mockResolvedValue({
    async *keys() {
      yield* names;
    },
    getFileHandle: async (name: string) => {
      files.set(name, '');
      return {
        createWritable: async () => ({
          write: async (content: Blob) => {
            if (name.startsWith('too_large')) throw new DOMException('', 'QuotaExceededError');
            files.set(name, await content.text());
          },
          close: async () => {},
        }),
      };
    },
    removeEntry: async (name: string) => void files.delete(name),
  });
  return files;
}

it('saves a photograph by the settings of when that was asked', async () => {
  const [photo] = addPhotos('a.png');
  // A function, like a closed bitmap, cannot be cloned.
  photo.analysis = {light: 'auto', amount: 1, thumbnail: () => {}} as unknown as AnalyzeResponse;
  const saved: Promise<SaveResponse>[] = [];
  for (const [light, strength] of [
    ['window-left', 1],
    ['lamp-right', 0.5],
  ] as const) {
    photo.light = light;
    photo.look = {...photo.look, strength};
    saved.push(workshop.save(photo));
  }
  photo.light = 'room';
  for (const count of [1, 2]) await finishRequest(count);
  const contents = (await Promise.all(saved)).map(({blob}) => blob.text());
  expect(await Promise.all(contents)).toEqual(['window-left', 'lamp-right']);
  expect(FakeService.requests.map(({strength}) => strength)).toEqual([1, 0.5]);
});

describe('all photographs in a folder', () => {
  it('are saved by the settings of when that was asked', async () => {
    const files = mockFolder();
    const photos = addPhotos('a.png', 'b.png');
    for (const photo of photos) photo.light = 'ceiling';
    const outcome = saveToFolder(workshop, photos);
    await vi.waitFor(() => expect(FakeService.requests).toHaveLength(1));
    for (const photo of photos) photo.light = 'room';
    for (const count of [1, 2]) await finishRequest(count);
    expect(await outcome).toEqual({saved: 2, failed: []});
    expect([...files.values()]).toEqual(['ceiling', 'ceiling']);
  });

  it('take the place of no file', async () => {
    const there = ['a_ambient.png', 'B_AMBIENT.png', 'B_ambient_2.png', 'cafe\u0301_ambient.png'];
    const files = mockFolder(...there);
    const outcome = saveToFolder(workshop, addPhotos('a.png', 'b.png', 'caf\u00e9.png', 'd.png'));
    for (const count of [1, 2, 3, 4]) await finishRequest(count);
    expect((await outcome).saved).toBe(4);
    expect(Object.fromEntries(files)).toEqual({
      ...Object.fromEntries(there.map((name) => [name, 'of somebody'])),
      'a_ambient_2.png': 'auto',
      'b_ambient_3.png': 'auto',
      'caf\u00e9_ambient_2.png': 'auto',
      'd_ambient.png': 'auto',
    });
  });

  it.each([
    ['is at work', [0], ['b_ambient.png', 'c_ambient.png']],
    ['waits', [2], ['a_ambient.png', 'b_ambient.png']],
    ['is at work, and one that waits', [0, 2], ['b_ambient.png']],
  ])('lack only one that is removed while it %s', async (_, removed, names) => {
    const files = mockFolder();
    const photos = addPhotos('a.png', 'b.png', 'c.png');
    const outcome = saveToFolder(workshop, photos);
    await vi.waitFor(() => expect(FakeService.requests).toHaveLength(1));
    for (const index of removed) workshop.remove(photos[index]);
    const requestCount = removed.includes(0) ? names.length + 1 : names.length;
    for (let count = removed.includes(0) ? 2 : 1; count <= requestCount; count++) await finishRequest(count);
    expect(await outcome).toEqual({saved: names.length, failed: []});
    expect([...files.keys()]).toEqual(names);
  });

  it('leave no empty file where the disk is full', async () => {
    const files = mockFolder('a.png');
    const photos = addPhotos('too_large.png', 'b.png');
    const outcome = saveToFolder(workshop, photos);
    for (const count of [1, 2]) await finishRequest(count);
    expect(await outcome).toEqual({saved: 1, failed: [[photos[0], new Problem('unwritable')]]});
    expect([...files.keys()]).toEqual(['a.png', 'b_ambient.png']);
  });

  it('stop where somebody cancels after a removal', async () => {
    const files = mockFolder();
    const photos = addPhotos('a.png', 'b.png');
    const outcome = saveToFolder(workshop, photos);
    await vi.waitFor(() => expect(FakeService.requests).toHaveLength(1));
    workshop.remove(photos[0]);
    workshop.cancel();
    await expect(outcome).rejects.toThrow(Cancelled);
    expect(files.size).toBe(0);
  });

  it('stop where somebody cancels', async () => {
    const files = mockFolder();
    const outcome = saveToFolder(workshop, addPhotos('a.png', 'b.png'));
    await finishRequest(1);
    await vi.waitFor(() => expect(FakeService.requests).toHaveLength(2));
    workshop.cancel();
    await expect(outcome).rejects.toThrow(Cancelled);
    expect([...files.keys()]).toEqual(['a_ambient.png']);
  });
});

it('does not save a photograph that was removed while it waited', async () => {
  const photos = addPhotos('a.png', 'b.png');
  const [first, second] = photos.map((photo) => workshop.save(photo));
  workshop.remove(photos[1]);
  await finishRequest(1);
  expect((await first).leftOut).toEqual([]);
  await expect(second).rejects.toThrow(Cancelled);
});
