import {describe, expect, it} from 'vitest';
import {
  amountOf,
  applyCorrection,
  ArrayPixels,
  CHANNELS,
  dotOf,
  flashShare,
  lightAt,
  LightCorrector,
  type LightEngine,
  ModelFailed,
  NAMED,
  RgbImage,
  Tone,
  UNWATCHED,
} from '../../src/core/index.js';
import {isLightName, DESCRIPTOR_LENGTH} from '../../src/core/describedLights.js';
import {parseLightMixture} from '../../src/core/lightMixtures.js';
import {RelightablePhoto} from '../../src/core/lights.js';
import {PlacedLight, applyTint} from '../../src/core/placedLight.js';
import {Plane} from '../../src/core/smoothing.js';
import {Golden, goldenFiles, largestDifference} from './golden.js';

/** Tolerance for values in [0, 1] that are stored in 16 bits. */
const HALF_A_STEP = 0.5 / 65535 + 1e-7;
/** Tolerance for 32-bit floats: rounding, plus the error of logarithms and powers. */
const FLOAT_TOLERANCE = 1e-6;

function maxDifference(first: ArrayLike<number>, second: ArrayLike<number>): number {
  return Array.from(first).reduce((most, value, index) => Math.max(most, Math.abs(value - second[index])), 0);
}

function interleave(planes: readonly Plane[]): Float64Array {
  return Float64Array.from(
    {length: planes[0].values.length * CHANNELS},
    (_, index) => planes[index % CHANNELS].values[Math.floor(index / CHANNELS)],
  );
}

function createPlane(values: Float32Array, width: number, height: number): Plane {
  return new Plane(height, width, Float64Array.from(values));
}

describe('lights, against the Python package', () => {
  it('are what texts stand for', () => {
    const golden = new Golden('light_texts.bin');
    for (let left = golden.int(); left > 0; left--) {
      const text = golden.text();
      const {isAuto, lights, descriptors: numbers, rightward} = parseLightMixture(text);
      expect(isAuto ? 1 : 0, text).toBe(golden.int());
      expect(Math.abs(rightward - golden.float()), text).toBeLessThanOrEqual(FLOAT_TOLERANCE);
      expect(lights.length, text).toBe(golden.int());
      lights.forEach(({share, temperature}, index) => {
        expect(Math.abs(share - golden.float()), text).toBeLessThanOrEqual(FLOAT_TOLERANCE);
        expect(temperature ?? 0, text).toBe(golden.float());
        expect(maxDifference(numbers[index], golden.floats(DESCRIPTOR_LENGTH)), text).toBeLessThanOrEqual(
          FLOAT_TOLERANCE,
        );
      });
    }
    expect(golden.isAtEnd).toBe(true);
  });

  it('are not what other texts stand for', () => {
    const golden = new Golden('light_texts_refused.bin');
    for (let left = golden.int(); left > 0; left--) {
      const text = golden.text();
      expect(() => parseLightMixture(text), text).toThrow(RangeError);
    }
    expect(golden.isAtEnd).toBe(true);
  });

  it('are where their dots are', () => {
    const golden = new Golden('light_dots.bin');
    for (let left = golden.int(); left > 0; left--) {
      const dot = {across: golden.float(), down: golden.float()};
      expect(lightAt(dot)).toBe(golden.text());
    }
    let names = golden.int();
    expect(names).toBe(Object.keys(NAMED).length);
    for (; names > 0; names--) {
      const name = golden.text();
      if (!isLightName(name)) throw new Error(name);
      const {across, down} = dotOf(NAMED[name]);
      expect(maxDifference([across, down], golden.floats(2)), name).toBeLessThanOrEqual(FLOAT_TOLERANCE);
    }
    expect(golden.isAtEnd).toBe(true);
  });

  it('have the share of a flash that the file’s word makes of the network’s', () => {
    const golden = new Golden('flash_shares.bin');
    for (let left = golden.int(); left > 0; left--) {
      const [seen, fired] = [golden.float(), golden.flashFired()];
      expect(flashShare(seen, fired), `${seen}, ${fired}`).toBe(golden.double());
    }
    expect(golden.isAtEnd).toBe(true);
  });

  it.each(goldenFiles('mixed_'))('%s', (name) => {
    const golden = new Golden(name);
    const [width, height, text] = [golden.int(), golden.int(), golden.text()];
    const count = width * height;
    const flash = new RgbImage(height, width, golden.values(count * CHANNELS, 255));
    const gains = Array.from({length: golden.int()}, () => createPlane(golden.floats(count), width, height));
    const {logGain, tint} = new PlacedLight(flash).mix(gains, parseLightMixture(text));
    const difference = maxDifference(logGain.values, golden.floats(count));
    console.log(`${name}: largest difference ${difference}`);
    expect(difference).toBeLessThanOrEqual(FLOAT_TOLERANCE);
    expect(tint ? 1 : 0).toBe(golden.int());
    if (tint)
      expect(maxDifference(interleave(tint), golden.floats(count * CHANNELS))).toBeLessThanOrEqual(
        FLOAT_TOLERANCE,
      );
    expect(golden.isAtEnd).toBe(true);
  });

  it.each(goldenFiles('lit_'))('%s', (name) => {
    const golden = new Golden(name);
    const [width, height] = [golden.int(), golden.int()];
    const [rightward, amount, flashShare] = [golden.float(), golden.float(), golden.float()];
    const count = width * height;
    const faces = golden.faces();
    const flash = new RgbImage(height, width, golden.values(count * CHANNELS, 255));
    const gain = createPlane(golden.floats(count), width, height);
    const color = golden.floats(count * CHANNELS);
    const tint = [0, 1, 2].map((channel) =>
      createPlane(
        color.filter((_, index) => index % CHANNELS === channel),
        width,
        height,
      ),
    );
    const {image, factor} = new RelightablePhoto(flash, faces).relight(gain, rightward, amount, flashShare);
    const difference = maxDifference(image.values, golden.wideValues(count * CHANNELS));
    console.log(`${name}: largest difference ${difference}`);
    expect(difference).toBeLessThanOrEqual(HALF_A_STEP);
    expect(maxDifference(factor.values, golden.floats(count))).toBeLessThanOrEqual(FLOAT_TOLERANCE);
    const colored = applyTint(image, factor, tint);
    expect(maxDifference(colored.values, golden.wideValues(count * CHANNELS))).toBeLessThanOrEqual(
      HALF_A_STEP,
    );
    const {image: plain} = new PlacedLight(flash).applyGain(gain, amount);
    expect(maxDifference(plain.values, golden.wideValues(count * CHANNELS))).toBeLessThanOrEqual(HALF_A_STEP);
    expect(golden.isAtEnd).toBe(true);
  });

  it.each(goldenFiles('placed_'))('%s, the whole correction', async (name) => {
    const golden = new Golden(name);
    const [width, height, frameWidth, frameHeight] = Array.from({length: 4}, () => golden.int());
    const strength = golden.float();
    const tone = new Tone(golden.float(), golden.float());
    const light = golden.text();
    const isRuled = golden.int() === 1;
    const faces = golden.faces();
    const photo = golden.photo(width, height);
    const input = golden.values(frameWidth * frameHeight * CHANNELS, 255);
    const [share, fired] = [golden.float(), golden.flashFired()];
    const [gainWidth, gainHeight] = [golden.int(), golden.int()];
    const outputs = Array.from({length: golden.int()}, () => ({
      width: gainWidth,
      height: gainHeight,
      values: golden.floats(gainWidth * gainHeight),
    }));
    const expected = golden.photo(width, height);
    const expectedAlmostUnchanged = golden.int() === 1;
    expect(golden.isAtEnd).toBe(true);

    const engine = new FakeLightEngine(frameWidth, frameHeight, outputs, share);
    const corrector = new LightCorrector(engine, isRuled ? {find: async () => faces} : null);
    const read = await corrector.read(photo, UNWATCHED, fired);
    const {model, isAlmostUnchanged: isLeft} = await read.under(light, amountOf(strength));
    expect(isLeft).toBe(expectedAlmostUnchanged);
    const result = new ArrayPixels(width, height);
    await applyCorrection(model, photo, result, {strength, tone});
    expect(engine.image).toEqual(input);
    expect(engine.lights.map((numbers) => numbers.length)).toEqual(outputs.map(() => DESCRIPTOR_LENGTH));
    const difference = largestDifference(expected, result);
    console.log(`${name}: largest difference ${difference}/255`);
    expect(difference).toBeLessThanOrEqual(1);
  });
});

it.each([
  ['+20,10,0.3', '20,10,0.3'],
  ['room++20,+10,+3e-1', 'room+20,10,0.3'],
  ['room*1e+1+lamp-left', 'room*10+lamp-left'],
  ['+20,10,0.3  room', '20,10,0.3+room'],
])('a plus may be a sign: %s', (signed, plain) => {
  expect(parseLightMixture(signed)).toEqual(parseLightMixture(plain));
});

it.each([
  ['auto', true],
  [' auto * 2 @ 2700 ', true],
  ['auto@2700', true],
  ['auto+auto', false],
  ['auto*0.5+room', false],
  ['room', false],
  ['-20,10,0.1', false],
])('nobody named a light: "%s", %s', (text, isAuto) => {
  expect(parseLightMixture(text).isAuto).toBe(isAuto);
});

describe('in use', () => {
  const photo = new ArrayPixels(40, 30, new Uint8ClampedArray(40 * 30 * 4).fill(90));
  const output = {width: 32, height: 24, values: new Float32Array(32 * 24)};

  it('a photograph is read once for all lights', async () => {
    const engine = new FakeLightEngine(32, 24, [output, output, output, output]);
    const read = await new LightCorrector(engine).read(photo);
    for (const light of ['lamp-left', '-20,10,0.1', 'room@3000']) await read.under(light);
    expect([engine.reads, engine.lights.length]).toEqual([1, 3]);
    for (const amount of [1, 1.5, 2]) await read.under('room@3000', amount);
    expect(engine.lights.length, 'asked for a light, not for how much of it').toBe(3);
    await expect(read.under('sun')).rejects.toThrow(RangeError);
    read.forget();
    expect(engine.isForgotten).toBe(true);
  });

  it.each([
    ['too few values', {...output, values: new Float32Array(32 * 23)}],
    ['too few rows', {width: 32, height: 20, values: new Float32Array(32 * 20)}],
    ['no numbers', {...output, values: new Float32Array(32 * 24).fill(NaN)}],
  ])('an answer of %s is refused', async (_, wrong) => {
    const read = await new LightCorrector(new FakeLightEngine(32, 24, [wrong])).read(photo);
    await expect(read.under('room')).rejects.toThrow(ModelFailed);
  });

  it('a share of the flash that is no number is refused, and what was read is let go of', async () => {
    const engine = new FakeLightEngine(32, 24, [], NaN);
    await expect(new LightCorrector(engine).read(photo)).rejects.toThrow(ModelFailed);
    expect(engine.isForgotten).toBe(true);
  });
});

type LightOutput = {width: number; height: number; values: Float32Array};

/** Returns fixed outputs in turn, and records the image and the lights. */
class FakeLightEngine implements LightEngine {
  image = new Float32Array();
  readonly lights: Float32Array[] = [];
  reads = 0;
  isForgotten = false;

  constructor(
    readonly width: number,
    readonly height: number,
    private readonly outputs: readonly LightOutput[],
    private readonly flashShare = 1,
  ) {}

  async read(image: Float32Array) {
    this.image = image.slice();
    this.reads++;
    return {
      flashShare: this.flashShare,
      logGain: async (light: Float32Array): Promise<LightOutput> => this.outputs[this.lights.push(light) - 1],
      forget: () => {
        this.isForgotten = true;
      },
    };
  }
}
