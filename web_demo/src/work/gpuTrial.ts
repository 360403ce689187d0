/**
 * How a graphics card has to show that it can be trusted with a model: it computes with fewer bits,
 * and drivers have errors. The Android app asks the same of a phone's.
 */

/** Whether two outputs, in [0, 1], are the same image but for what fewer bits may change. */
export function agree(expected: Float32Array, actual: Float32Array): boolean {
  if (expected.length !== actual.length) return false;
  let sum = 0;
  let largest = 0;
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(expected[index] - actual[index]);
    if (Number.isNaN(difference)) return false;
    sum += difference;
    largest = Math.max(largest, difference);
  }
  return sum / expected.length <= LARGEST_MEAN_DIFFERENCE && largest <= LARGEST_DIFFERENCE;
}

/** Smooth colours with edges, RGB in [0, 1]: something of all that a photograph has. */
export function testImage(height: number, width: number): Float32Array {
  const image = new Float32Array(height * width * 3);
  let index = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const tile = (Math.floor(row / 16) + Math.floor(column / 16)) % 2 === 0 ? 0.25 : 0;
      image[index++] = 0.75 * column / width + tile;
      image[index++] = 0.75 * row / height + tile;
      image[index++] = 0.75 * (1 - column / width) + tile;
    }
  }
  return image;
}

/** Milliseconds of the fastest of a few runs. */
export async function fastest(run: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let repeat = 0; repeat < 3; repeat++) {
    const start = performance.now();
    await run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

// 2.5 grey levels on average, and 38 at a single value, as at an edge of an int8 model.
const LARGEST_MEAN_DIFFERENCE = 0.01;
const LARGEST_DIFFERENCE = 0.15;
