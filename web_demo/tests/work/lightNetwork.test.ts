import type {CompiledModel} from '@litertjs/core';
import {describe, expect, it, vi} from 'vitest';
import {ArrayPixels, LightCorrector, ModelFailed, UNWATCHED} from '../../src/core/index.js';
import {LightNetwork} from '../../src/work/lightNetwork.js';

const [WIDTH, HEIGHT] = [32, 24];

/** A fake for LiteRT.js's tensors, which live in the runtime's memory. */
const {FakeTensor} = vi.hoisted(() => {
  class FakeTensor {
    static alive = 0;
    readonly type: {layout: {dimensions: readonly number[]}};

    constructor(
      private readonly values: Float32Array,
      dimensions: readonly number[],
    ) {
      this.type = {layout: {dimensions}};
      FakeTensor.alive++;
    }

    data = async () => this.values;

    delete(): void {
      FakeTensor.alive--;
    }
  }
  return {FakeTensor};
});
vi.mock('@litertjs/core', () => ({Tensor: FakeTensor}));

/** Mocks a file for placed light that returns `share`, or one of the older files if it is null. */
function createModel(share: readonly number[] | null): CompiledModel {
  const plane = Float32Array.from({length: HEIGHT * WIDTH}, (_, index) => 0.5 - index / (HEIGHT * WIDTH));
  const encodeOutputs = () => ({
    features2: new FakeTensor(plane, [1, HEIGHT, WIDTH, 1]),
    ...(share && {flash_share: new FakeTensor(Float32Array.from(share), [1, share.length])}),
    features1: new FakeTensor(plane, [1, HEIGHT, WIDTH, 1]),
  });
  const details = (...names: string[]) => names.map((name) => ({name, shape: [1, HEIGHT, WIDTH, 3]}));
  const encode = {
    getInputDetails: () => details('flash'),
    getOutputDetails: () => details('features2', ...(share ? ['flash_share'] : []), 'features1'),
    run: async () => encodeOutputs(),
  };
  const light = {
    getInputDetails: () => details('light', 'features1', 'features2'),
    getOutputDetails: () => details('log_gain'),
    run: async (given: Record<string, unknown>) => {
      expect(Object.keys(given).sort()).toEqual(['features1', 'features2', 'light']);
      return {log_gain: new FakeTensor(plane, [1, HEIGHT, WIDTH, 1])};
    },
  };
  return {signatures: {encode, light}} as unknown as CompiledModel;
}

/** Returns what a light makes of a photograph, with the rules. */
async function relight(
  share: readonly number[] | null,
  light = 'auto',
  fired: boolean | null = null,
): Promise<Float32Array> {
  const photo = new ArrayPixels(WIDTH, HEIGHT, new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(90));
  const network = LightNetwork.of(createModel(share), 1)!;
  const read = await new LightCorrector(network, {find: async () => []}).read(photo, UNWATCHED, fired);
  const {corrected} = await read.under(light);
  read.forget();
  expect(FakeTensor.alive, 'nothing stays in memory').toBe(0);
  return corrected.values;
}

describe('a file for placed light', () => {
  it('tells auto how much of the light is a flash’s', async () => {
    const without = await relight([0]);
    expect(without.every((value) => Math.abs(value - 90 / 255) < 1e-4)).toBe(true);
    const [little, much] = [await relight([0.25]), await relight([0.4])];
    expect(little).not.toEqual(without);
    expect(little).not.toEqual(much);
    expect(await relight([1])).toEqual(much);
    expect(await relight([7]), 'outside: the nearer limit').toEqual(much);
    expect(await relight([-7])).toEqual(without);
  });

  it('that is older tells nothing, and shows auto whole', async () => {
    expect(await relight(null)).toEqual(await relight([1]));
  });

  it.each(['room', 'lamp-left', 'auto*0.5+room'])('is not asked if %s was', async (light) => {
    expect(await relight([0], light)).toEqual(await relight([1], light));
  });

  it('is believed less where the photograph’s file disagrees', async () => {
    const [none, whole] = [await relight([0]), await relight([1])];
    expect(await relight([0.6], 'auto', false)).toEqual(none);
    expect(await relight([0.25], 'auto', true)).toEqual(whole);
    for (const fired of [true, false]) {
      expect(await relight([7], 'auto', fired), 'outside: the nearer limit').toEqual(whole);
      expect(await relight([-7], 'auto', fired)).toEqual(none);
      expect(await relight([0.6], 'room', fired)).toEqual(await relight([0.6], 'room'));
    }
  });

  it.each([
    ['no number', [NaN]],
    ['no finite number', [Infinity]],
    ['two numbers', [0.5, 0.5]],
    ['nothing', []],
  ])('that tells %s is damaged', async (_, share) => {
    const photo = new ArrayPixels(WIDTH, HEIGHT);
    const network = LightNetwork.of(createModel(share), 1)!;
    await expect(new LightCorrector(network).read(photo)).rejects.toThrow(ModelFailed);
    expect(FakeTensor.alive, 'nothing stays in memory').toBe(0);
  });
});
