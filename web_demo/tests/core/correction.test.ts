import {describe, expect, it} from 'vitest';
import {
  amountOf,
  applyCorrection,
  ArrayPixels,
  Cancelled,
  CHANNELS,
  Corrector,
  ModelFailed,
  Tone,
} from '../../src/core/index.js';
import {shrink} from '../../src/core/shrinking.js';
import {FakeEngine, Golden, goldenFiles, largestDifference} from './golden.js';

const CASES = goldenFiles('correct_');

describe('against the Python package', () => {
  it('has golden files', () => expect(CASES.length).toBeGreaterThan(10));

  it.each(CASES)('%s', async (name) => {
    const golden = new Golden(name);
    const [width, height, frameWidth, frameHeight] = Array.from({length: 4}, () => golden.int());
    const strength = golden.float();
    const tone = new Tone(golden.float(), golden.float());
    const photo = golden.photo(width, height);
    const input = golden.values(frameWidth * frameHeight * CHANNELS, 255);
    const output = golden.values(input.length, 256);
    const expected = golden.photo(width, height);
    expect(golden.isAtEnd).toBe(true);

    const engine = new FakeEngine(frameWidth, frameHeight, output);
    const {model} = (await new Corrector(engine).read(photo)).analysisFor(amountOf(strength));
    const result = new ArrayPixels(width, height);
    await applyCorrection(model, photo, result, {strength, tone});

    expect(engine.image).toEqual(input);
    const difference = largestDifference(expected, result);
    console.log(`${name}: largest difference ${difference}/255`);
    expect(difference).toBeLessThanOrEqual(1);
    if (strength === 0) expect(result.bytes).toEqual(photo.bytes);
  });

  it.each(['rows', 'columns'])('%s shrink as Pillow shrinks them', async (direction) => {
    const golden = new Golden('shrunk.bin');
    const length = golden.int();
    const count = golden.int();
    const row = golden.photo(length, 1);
    const photo = direction === 'rows' ? row : new ArrayPixels(1, length, row.bytes);
    for (let index = 0; index < count; index++) {
      const small = golden.int();
      const expected = golden.values(small * CHANNELS, 255);
      const height = direction === 'rows' ? 1 : small;
      const shrunk = await shrink(photo, height, direction === 'rows' ? small : 1);
      expect(shrunk.values, `to ${small}`).toEqual(expected);
    }
    expect(golden.isAtEnd).toBe(true);
  });
});

describe('in use', () => {
  const photo = new ArrayPixels(
    300,
    400,
    Uint8ClampedArray.from({length: 300 * 400 * 4}, (_, index) => (index * 7919) % 251),
  );
  const image = Float32Array.from({length: 32 * 24 * CHANNELS}, (_, index) => (index % 97) / 97);
  const corrector = new Corrector(new FakeEngine(32, 24, image));

  it('leaves alpha as it is, and corrects in place', async () => {
    const {model} = (await corrector.read(photo)).analysisFor(1);
    const copy = new ArrayPixels(photo.width, photo.height, photo.bytes.slice());
    const apart = new ArrayPixels(photo.width, photo.height);
    await applyCorrection(model, photo, apart);
    await applyCorrection(model, copy, copy);
    expect(copy.bytes).toEqual(apart.bytes);
    expect(copy.bytes.some((value, index) => index % 4 < 3 && value !== photo.bytes[index])).toBe(true);
    expect(copy.bytes.every((value, index) => index % 4 < 3 || value === photo.bytes[index])).toBe(true);
  });

  it('tells how far it is, and stops when it is told to', async () => {
    const seen: number[] = [];
    const read = await corrector.read(photo, {
      progress: async (fraction) => void seen.push(fraction),
    });
    const {model} = read.analysisFor(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    const result = new ArrayPixels(photo.width, photo.height);
    const stopped = applyCorrection(model, photo, result, undefined, {
      progress: () => Promise.reject(new Cancelled()),
    });
    await expect(stopped).rejects.toThrow(Cancelled);
    expect(result.bytes.subarray(-4)).toEqual(new Uint8ClampedArray(4));
  });

  it('refuses what is out of range', async () => {
    expect(() => new Tone(3.1)).toThrow('brightness 3.1 is not between -3 and 3');
    expect(() => new Tone(0, NaN)).toThrow('warmth NaN');
    const {model} = (await corrector.read(photo)).analysisFor(1);
    for (const strength of [-0.1, 2.1, NaN]) {
      await expect(applyCorrection(model, photo, photo, {strength, tone: new Tone()})).rejects.toThrow(
        `strength ${strength} is not between 0 and 2`,
      );
    }
  });

  it.each([
    ['no numbers', new Float32Array(image.length).fill(NaN), 'NaN or infinite values'],
    ['too few values', new Float32Array(3), '3 values from 2304'],
  ])('refuses a network that returns %s', async (_, output, message) => {
    const failing = new Corrector(new FakeEngine(32, 24, output));
    await expect(failing.read(photo)).rejects.toThrow(ModelFailed);
    await expect(failing.read(photo)).rejects.toThrow(message);
  });
});
