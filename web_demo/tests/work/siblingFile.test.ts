import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {Problem} from '../../src/files/problem.js';
import {packSibling, unpackSibling} from '../../src/work/siblingFile.js';

const WEIGHTS = new URL('../../../keras_f2a/weights/', import.meta.url);
const LANDSCAPE = readFileSync(new URL('light_v2_320x240_int8.tflite', WEIGHTS));
const PORTRAIT = readFileSync(new URL('light_v2_240x320_int8.tflite', WEIGHTS));

describe('a sibling', () => {
  it('comes out as it was packed, in a hundredth of its size', async () => {
    const packed = await packSibling(LANDSCAPE, PORTRAIT);
    expect(packed.length).toBeLessThan(PORTRAIT.length / 50);
    expect(PORTRAIT.equals(await unpackSibling(LANDSCAPE, packed))).toBe(true);
  });

  it.each([
    [3, 7],
    [7, 3],
  ])('of %i bytes is packed beside a model of %i', async (length, other) => {
    const sibling = Uint8Array.from({length}, (_, index) => index + 1);
    const packed = await packSibling(new Uint8Array(other).fill(9), sibling);
    expect(await unpackSibling(new Uint8Array(other).fill(9), packed)).toEqual(sibling);
  });

  it('is refused beside another model, and if it is damaged', async () => {
    const model = new Uint8Array(50).fill(1);
    const packed = await packSibling(model, new Uint8Array(50).fill(2));
    await expect(
      unpackSibling(
        model.map((byte) => byte + 1),
        packed,
      ),
    ).rejects.toThrow(Problem);
    await expect(unpackSibling(model, packed.subarray(0, 9))).rejects.toThrow(Problem);
    await expect(unpackSibling(model, new Uint8Array())).rejects.toThrow(Problem);
  });
});
