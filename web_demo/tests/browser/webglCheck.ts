/**
 * Runs in the page. Draws with WebGL2 and with the plain path, and returns the largest differences.
 */
import {
  applyCorrection,
  ArrayPixels,
  LocalAffine,
  RgbImage,
  Tone,
  WebGlCorrection,
} from '../../src/core/index.js';

async function compare(): Promise<string[]> {
  const [width, height] = [611, 407];
  const photo = new ArrayPixels(width, height, noise(width * height * 4, 256));
  for (let at = 3; at < photo.bytes.length; at += 4) photo.bytes[at] = 255;
  const model = new LocalAffine(
    image((value) => value * 2.5),
    image((value) => value - 0.6),
  );
  const canvas = new OffscreenCanvas(width, height);
  const gl = canvas.getContext('webgl2', {preserveDrawingBuffer: true, antialias: false});
  if (!gl) return ['no WebGL2'];
  const webgl = new WebGlCorrection(gl);
  const repaired = new ArrayPixels(
    width,
    height,
    photo.bytes.map((byte, index) => (index % 4 < 3 ? 255 - byte : byte)),
  );
  const [before, after] = [photo, repaired].map(
    ({bytes}) => new ImageData(bytes as Uint8ClampedArray<ArrayBuffer>, width),
  );
  webgl.setPhoto(before, after);
  webgl.setModel(model);
  const lines: string[] = [];
  const compareWith = (expected: ArrayPixels, label: string) => {
    const pixels = new Uint8Array(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    let largest = 0;
    for (let row = 0; row < height; row++) {
      for (let index = 0; index < width * 4; index++) {
        const value = pixels[(height - 1 - row) * width * 4 + index];
        largest = Math.max(largest, Math.abs(value - expected.bytes[row * width * 4 + index]));
      }
    }
    lines.push(`${label}: ${largest}/255`);
  };
  for (const [strength, brightness, warmth] of [
    [1, 0, 0],
    [1.5, 0, 0],
    [0.4, 0, 0],
    [1, 1.2, -0.5],
    [0.7, -2, 1],
    [0, 0, 0],
  ]) {
    const settings = {strength, tone: new Tone(brightness, warmth)};
    const plain = new ArrayPixels(width, height);
    await applyCorrection(model, strength > 0 ? repaired : photo, plain, settings);
    webgl.setSettings(settings);
    webgl.draw(0);
    compareWith(plain, `strength ${strength}, brightness ${brightness}, warmth ${warmth}`);
  }
  webgl.draw(1);
  compareWith(photo, 'before');
  return lines;
}

function image(value: (random: number) => number): RgbImage {
  const values = Float32Array.from(noise(33 * 47 * 3, 1000), (random) => value(random / 255));
  return new RgbImage(33, 47, values);
}

function noise(length: number, seed: number): Uint8ClampedArray {
  let state = seed;
  return Uint8ClampedArray.from({length}, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

Object.assign(globalThis, {compareWebGl: compare});
