import {describe, expect, it} from 'vitest';
import {
  amountOf,
  applyCorrection,
  ArrayPixels,
  CHANNELS,
  Corrector,
  type Face,
  RepairedPixels,
  RgbImage,
  Tone,
} from '../../src/core/index.js';
import {BlazeFace, decodeFaces, padAndResize} from '../../src/core/faces.js';
import {logGainOf, RelightablePhoto} from '../../src/core/lights.js';
import {repairRedEyes} from '../../src/core/redEyes.js';
import {FakeEngine, Golden, goldenFiles, largestDifference} from './golden.js';

/** Outputs of the detector, and numbers per output. */
const [OUTPUTS, VALUES_PER_CANDIDATE] = [896, 16];
const BLANK_SCORE = -20;
/** Tolerance for values in [0, 1] that are stored in 16 bits. */
const HALF_A_STEP = 0.5 / 65535 + 1e-7;

function image(values: Float32Array, width: number, height: number): RgbImage {
  return new RgbImage(height, width, values);
}

function maxDifference(first: Float32Array, second: Float32Array): number {
  return first.reduce((most, value, index) => Math.max(most, Math.abs(value - second[index])), 0);
}

describe('the rules of light, against the Python package', () => {
  const cases = goldenFiles('rules_');
  it('have golden files', () => expect(cases.length).toBeGreaterThan(10));

  it.each(cases)('%s', (name) => {
    const golden = new Golden(name);
    const [width, height] = [golden.int(), golden.int()];
    const faces = golden.faces();
    const count = width * height * CHANNELS;
    const flash = image(golden.values(count, 255), width, height);
    const output = image(golden.values(count, 256), width, height);
    const relit = new RelightablePhoto(flash, faces).relight(logGainOf(flash, output)).image;
    const difference = maxDifference(relit.values, golden.wideValues(count));
    console.log(`${name}: largest difference ${difference}`);
    expect(difference).toBeLessThanOrEqual(HALF_A_STEP);
    expect(golden.isAtEnd).toBe(true);
  });

  it.each(goldenFiles('ruled_'))('%s, the whole correction', async (name) => {
    const golden = new Golden(name);
    const [width, height, frameWidth, frameHeight] = Array.from({length: 4}, () => golden.int());
    const strength = golden.float();
    const tone = new Tone(golden.float(), golden.float());
    const faces = golden.faces();
    const photo = golden.photo(width, height);
    const input = golden.values(frameWidth * frameHeight * CHANNELS, 255);
    const engine = new FakeEngine(frameWidth, frameHeight, golden.values(input.length, 256));
    const expected = golden.photo(width, height);
    expect(golden.isAtEnd).toBe(true);

    const read = await new Corrector(engine, {find: async () => faces}).read(photo);
    const found = read.analysisFor(amountOf(strength));
    const result = new ArrayPixels(width, height);
    const source = strength > 0 ? new RepairedPixels(photo, found.repairs) : photo;
    await applyCorrection(found.model, source, result, {strength, tone});
    expect(engine.image).toEqual(input);
    const difference = largestDifference(expected, result);
    console.log(`${name}: largest difference ${difference}/255`);
    expect(difference).toBeLessThanOrEqual(1);
  });
});

describe('faces, against the Python package', () => {
  it.each(goldenFiles('face_frame_'))('%s', (name) => {
    const golden = new Golden(name);
    const [width, height] = [golden.int(), golden.int()];
    const seen = padAndResize(image(golden.values(width * height * CHANNELS, 255), width, height));
    const expected = golden.wideValues(seen.length);
    expect(
      maxDifference(
        seen.map((value) => (value + 1) / 2),
        expected,
      ),
    ).toBeLessThanOrEqual(HALF_A_STEP);
    expect(golden.isAtEnd).toBe(true);
  });

  it.each(goldenFiles('faces_'))('%s', async (name) => {
    const golden = new Golden(name);
    const [width, height] = [golden.int(), golden.int()];
    const points = new Float32Array(OUTPUTS * VALUES_PER_CANDIDATE);
    const scores = new Float32Array(OUTPUTS).fill(BLANK_SCORE);
    for (let left = golden.int(); left > 0; left--) {
      const index = golden.int();
      scores[index] = golden.float();
      points.set(
        Array.from({length: VALUES_PER_CANDIDATE}, () => golden.float()),
        index * VALUES_PER_CANDIDATE,
      );
    }
    const expected = golden.faces();
    expect(golden.isAtEnd).toBe(true);
    expect(expected.length).toBeGreaterThan(1);
    expect(decodeFaces(points, scores, height, width)).toEqual(expected);
    const finder = new BlazeFace({run: async () => ({points, scores})});
    expect(await finder.find(new RgbImage(height, width))).toEqual(expected);
  });
});

describe('red eyes', () => {
  it.each(goldenFiles('red_eyes_'))('%s, as the Python package repairs them', (name) => {
    const golden = new Golden(name);
    const [width, height, scale] = [golden.int(), golden.int(), golden.float()];
    const faces = golden.faces();
    const photo = golden.photo(width, height);
    const before = photo.bytes.slice();
    const count = golden.int();
    const expected = golden.photo(width, height);
    expect(golden.isAtEnd).toBe(true);
    const repairs = repairRedEyes(photo, faces, scale);
    expect(repairs).toHaveLength(count);
    expect(readStrips(new RepairedPixels(photo, repairs)).bytes).toEqual(expected.bytes);
    expect(photo.bytes, 'the photograph itself').toEqual(before);
  });

  it('are repaired in a window that is higher than a strip', () => {
    const photo = new ArrayPixels(700, 900, new Uint8ClampedArray(700 * 900 * 4).fill(180));
    for (const [x, y] of [
      [300, 250],
      [330, 640],
    ]) {
      for (let row = y - 20; row < y + 20; row++) {
        for (let column = x - 20; column < x + 20; column++) {
          photo.bytes.set([190, 40, 45], (row * photo.width + column) * 4);
        }
      }
    }
    const face: Face = {
      centerX: 35,
      centerY: 45,
      width: 50,
      height: 60,
      eyes: [
        [30, 25],
        [33, 64],
      ],
    };
    const repairs = repairRedEyes(photo, [face], 10);
    expect(repairs.map(({height}) => height)).toEqual([170, 170]);
    const repaired = readStrips(new RepairedPixels(photo, repairs));
    for (const [x, y] of [
      [300, 250],
      [330, 640],
    ]) {
      const at = (y * photo.width + x) * 4;
      expect([...repaired.bytes.subarray(at, at + 4)]).toEqual([36, 36, 36, 180]);
    }
  });
});

/** Reads a photograph strip by strip, as the correction does. */
function readStrips(photo: RepairedPixels): ArrayPixels {
  const copy = new ArrayPixels(photo.width, photo.height);
  for (let top = 0; top < photo.height; top += 100) {
    copy.write(top, photo.read(top, Math.min(100, photo.height - top)));
  }
  return copy;
}
