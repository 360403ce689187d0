import {describe, expect, it} from 'vitest';
import type {PhotoFile} from '../../src/files/photoFile.js';
import {Problem} from '../../src/files/problem.js';
import {canvasProblem} from '../../src/work/canvasLimits.js';

describe('a canvas', () => {
  const file = (width: number, height: number) => ({width, height}) as PhotoFile;
  const upTo = (side: number, area: number) => (width: number, height: number) =>
    Math.max(width, height) <= side && width * height <= area;

  it.each([
    [20, 80_000, upTo(65_535, 268e6), 'tooLongForBrowser', {side: 80_000, most: 65_535}],
    [40_000, 40, upTo(32_767, 268e6), 'tooLongForBrowser', {side: 40_000, most: 32_767}],
    [5000, 4000, upTo(4096, 17e6), 'tooLongForBrowser', {side: 5000, most: 4096}],
    [5000, 4000, upTo(8192, 17e6), 'tooLargeForBrowser', {megapixels: 20, most: 16}],
    [4097, 4097, upTo(8192, 4096 ** 2), 'tooLargeForBrowser', {megapixels: 16.8, most: 16}],
    [1000, 1000, () => false, 'outOfMemory', {}],
  ] as const)('that %s × %s does not fit into says by how much', (width, height, works, kind, details) => {
    expect(canvasProblem(file(width, height), works)).toEqual(new Problem(kind, details));
  });

  it('that works refuses nothing', () => {
    expect(canvasProblem(file(4000, 3000), () => true)).toBeNull();
  });
});
